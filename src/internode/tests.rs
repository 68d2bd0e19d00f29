//! Whatever nodes say reads back as it was said.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use starling_actors::domain::{
    Attachment, Byline, Channel, ChannelId, ChannelKind, ClientMessageId, CustomStatus, Entry,
    Event, FileId, Generation, GroupFace, GroupId, JobId, JobState, LinkPreview, LoginId,
    MessageId, MessageKind, NodeId, OrgId, Posted, Presence, Seq, ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{
    Amend, AmendError, Amended, Aside, BusEvent, Change, MemberChange, OwnNews, Post, PostError,
    Progress, Receipt, RemoteOrder, RemoteReply,
};

use super::*;

const NODE: NodeId = NodeId::from_u128(77);

fn words() -> impl Strategy<Value = String> {
    ".{0,40}"
}

fn user() -> impl Strategy<Value = UserId> {
    any::<u128>().prop_map(UserId::from_u128)
}

fn channel_id() -> impl Strategy<Value = ChannelId> {
    any::<u128>().prop_map(ChannelId::from_u128)
}

fn message_id() -> impl Strategy<Value = MessageId> {
    any::<u128>().prop_map(MessageId::from_u128)
}

fn thread_id() -> impl Strategy<Value = ThreadId> {
    any::<u128>().prop_map(ThreadId::from_u128)
}

fn files() -> impl Strategy<Value = Vec<Attachment>> {
    let file = (any::<u128>(), words(), words(), any::<u64>(), any::<Option<(u32, u32)>>());
    let file = file.prop_map(|(id, name, mime_type, bytes, pixels)| Attachment {
        id: FileId::from_u128(id),
        name,
        mime_type,
        bytes,
        pixels,
    });
    vec(file, 0..3)
}

fn seq() -> impl Strategy<Value = Seq> {
    any::<u64>().prop_map(Seq)
}

fn moment() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp)
}

fn key() -> impl Strategy<Value = Option<ClientMessageId>> {
    option::of("[a-zü0-9-]{1,128}".prop_map(|text| ClientMessageId::new(text).unwrap()))
}

fn kind() -> impl Strategy<Value = MessageKind> {
    let kinds = [MessageKind::Text, MessageKind::Answer, MessageKind::System, MessageKind::File];
    proptest::sample::select(kinds.to_vec())
}

fn byline() -> impl Strategy<Value = Byline> {
    (user(), words(), words(), words()).prop_map(|(user, username, full_name, avatar_url)| Byline {
        user,
        username,
        full_name,
        avatar_url,
    })
}

fn posted() -> impl Strategy<Value = Posted> {
    let head = (message_id(), kind(), words(), option::of(thread_id()), option::of(message_id()));
    (head, vec(user(), 0..3), files(), key()).prop_map(
        |((id, kind, content, thread, parent), mentions, attachments, client_message_id)| Posted {
            id,
            kind,
            content,
            thread,
            parent,
            mentions,
            attachments,
            client_message_id,
        },
    )
}

fn log_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        posted().prop_map(Event::Posted),
        (message_id(), seq(), words(), vec(user(), 0..3)).prop_map(
            |(message, target, content, mentions)| Event::Edited {
                message,
                target,
                content,
                mentions
            }
        ),
        (message_id(), seq()).prop_map(|(message, target)| Event::Deleted { message, target }),
        (message_id(), seq(), words(), any::<bool>()).prop_map(
            |(message, target, emoji, added)| Event::Reacted { message, target, emoji, added }
        ),
        byline().prop_map(|member| Event::Joined { member }),
        byline().prop_map(|member| Event::Left { member }),
    ]
}

fn entry() -> impl Strategy<Value = Arc<Entry>> {
    (channel_id(), seq(), any::<u64>(), byline(), moment(), log_event()).prop_map(
        |(channel, seq, ordinal, by, at, event)| {
            Arc::new(Entry { channel, seq, ordinal, by, at, event })
        },
    )
}

fn channel() -> impl Strategy<Value = Arc<Channel>> {
    let kinds =
        [ChannelKind::Public, ChannelKind::Private, ChannelKind::Direct, ChannelKind::Group];
    let kind = proptest::sample::select(kinds.to_vec());
    let head = (channel_id(), any::<u128>(), kind, words(), words(), words());
    (head, user(), moment(), moment(), any::<u32>()).prop_map(
        |((id, org, kind, name, description, topic), owner, created_at, updated_at, count)| {
            Arc::new(Channel {
                id,
                org: OrgId::from_u128(org),
                kind,
                name,
                description,
                topic,
                owner,
                created_at,
                updated_at,
                member_count: count,
            })
        },
    )
}

fn own_news() -> impl Strategy<Value = OwnNews> {
    prop_oneof![
        (channel_id(), option::of(thread_id()), words(), moment()).prop_map(
            |(channel, thread, content, at)| OwnNews::Draft { channel, thread, content, at }
        ),
        any::<bool>().prop_map(|are_reminders| OwnNews::Plans { are_reminders }),
    ]
}

fn aside() -> impl Strategy<Value = Aside> {
    let link = (words(), words(), words(), words());
    let link = link.prop_map(|(url, title, description, site)| LinkPreview {
        url,
        title,
        description,
        site,
    });
    let status = (words(), words(), option::of(moment()));
    let status = status.prop_map(|(emoji, text, until)| CustomStatus { emoji, text, until });
    let group = (words(), words(), words(), vec(user(), 0..3), moment());
    let group = group.prop_map(|(handle, name, description, members, created_at)| GroupFace {
        id: GroupId::from_u128(0),
        handle,
        name,
        description,
        members,
        created_at,
    });
    prop_oneof![
        (channel_id(), message_id(), user(), any::<bool>())
            .prop_map(|(channel, message, by, pinned)| Aside::Pin { channel, message, by, pinned }),
        (channel_id(), message_id(), vec(link, 0..3))
            .prop_map(|(channel, message, links)| Aside::Links { channel, message, links }),
        (user(), option::of(status)).prop_map(|(user, status)| Aside::Status { user, status }),
        (any::<u128>(), any::<u128>(), option::of(group)).prop_map(|(org, id, group)| {
            let id = GroupId::from_u128(id);
            let group = group.map(|group| GroupFace { id, ..group });
            Aside::Group { org: OrgId::from_u128(org), id, group }
        }),
        (channel_id(), byline()).prop_map(|(channel, by)| Aside::Renamed { channel, by }),
    ]
}

fn progress() -> impl Strategy<Value = Progress> {
    let states = [
        JobState::Queued,
        JobState::AwaitingApproval,
        JobState::ReadingSchema,
        JobState::WritingSql,
        JobState::Checking,
        JobState::Running,
        JobState::Retrying,
        JobState::Explaining,
        JobState::Done,
        JobState::Failed,
        JobState::Rejected,
        JobState::Cancelled,
    ];
    let state = proptest::sample::select(states.to_vec());
    (any::<u128>(), channel_id(), option::of(thread_id()), state, option::of(words())).prop_map(
        |(job, channel, thread, state, detail)| Progress {
            job: JobId::from_u128(job),
            channel,
            thread,
            state,
            detail,
        },
    )
}

fn bus_event() -> impl Strategy<Value = BusEvent> {
    let presence = proptest::sample::select(vec![
        Presence::Online,
        Presence::Away,
        Presence::DoNotDisturb,
        Presence::Offline,
    ]);
    prop_oneof![
        (vec(entry(), 0..4), any::<u32>()).prop_map(|(entries, generation)| BusEvent::Stored {
            entries: entries.into(),
            generation: Generation(generation),
        }),
        (channel_id(), seq()).prop_map(|(channel, seq)| BusEvent::Head { channel, seq }),
        (channel_id(), user(), words(), any::<bool>()).prop_map(
            |(channel, user, username, is_typing)| BusEvent::Typing {
                channel,
                user,
                username,
                is_typing
            }
        ),
        (channel_id(), user(), seq()).prop_map(|(channel, user, seq)| BusEvent::Read {
            channel,
            user,
            seq
        }),
        progress().prop_map(|progress| BusEvent::Progress(Arc::new(progress))),
        channel().prop_map(BusEvent::ChannelUpdated),
        channel().prop_map(BusEvent::Added),
        channel_id().prop_map(BusEvent::Removed),
        (any::<u128>(), vec((user(), presence), 0..4), any::<bool>()).prop_map(
            |(node, people, is_news)| BusEvent::Board {
                node: NodeId::from_u128(node),
                people: people.into(),
                is_news
            }
        ),
        option::of(any::<u128>().prop_map(LoginId::from_u128)).prop_map(BusEvent::Revoked),
        Just(BusEvent::RightsChanged),
        any::<u128>().prop_map(JobId::from_u128).prop_map(BusEvent::CalledOff),
        own_news().prop_map(|news| BusEvent::Own(Arc::new(news))),
        aside().prop_map(|aside| BusEvent::Aside(Arc::new(aside))),
    ]
}

fn post() -> impl Strategy<Value = Post> {
    let numbers = (option::of(seq()), option::of(any::<i64>().prop_map(Timestamp)));
    (byline(), posted(), numbers).prop_map(|(by, posted, (after_seq, written))| Post {
        by,
        kind: posted.kind,
        content: posted.content,
        thread: posted.thread,
        parent: posted.parent,
        mentions: posted.mentions,
        attachments: posted.attachments,
        client_message_id: posted.client_message_id,
        after_seq,
        written,
    })
}

fn order() -> impl Strategy<Value = RemoteOrder> {
    let change = prop_oneof![
        (words(), vec(user(), 0..3))
            .prop_map(|(content, mentions)| Change::Edit { content, mentions }),
        Just(Change::Delete),
        (words(), any::<bool>()).prop_map(|(emoji, added)| Change::React { emoji, added }),
    ];
    let member = prop_oneof![
        byline().prop_map(MemberChange::Joined),
        byline().prop_map(MemberChange::Left),
    ];
    prop_oneof![
        post().prop_map(RemoteOrder::Post),
        (byline(), message_id(), any::<bool>(), change, proptest::option::of(moment())).prop_map(
            |(by, message, may_moderate, change, written)| RemoteOrder::Amend(Amend {
                by,
                message,
                may_moderate,
                change,
                written
            })
        ),
        (byline(), member).prop_map(|(by, change)| RemoteOrder::Member { by, change }),
    ]
}

fn post_error() -> impl Strategy<Value = PostError> {
    let errors =
        [PostError::Overloaded, PostError::Unavailable, PostError::NotOwner, PostError::Unknown];
    proptest::sample::select(errors.to_vec())
}

fn reply() -> impl Strategy<Value = RemoteReply> {
    let receipt = (message_id(), seq(), moment(), any::<bool>())
        .prop_map(|(message, seq, at, duplicate)| Receipt { message, seq, at, duplicate });
    let amended = (message_id(), seq()).prop_map(|(message, seq)| Amended { message, seq });
    let amend_error = prop_oneof![
        Just(AmendError::NotFound),
        Just(AmendError::Forbidden),
        Just(AmendError::Deleted),
        Just(AmendError::TooManyReactions),
        post_error().prop_map(AmendError::Post),
    ];
    prop_oneof![
        proptest::result::maybe_ok(receipt, post_error()).prop_map(RemoteReply::Posted),
        proptest::result::maybe_ok(amended, amend_error).prop_map(RemoteReply::Amended),
        proptest::result::maybe_ok(seq(), post_error()).prop_map(RemoteReply::Member),
        option::of(any::<u128>().prop_map(NodeId::from_u128)).prop_map(RemoteReply::Elsewhere),
        Just(RemoteReply::Unreachable),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_event_reads_back_as_it_was_said_and_by_whom(event in bus_event()) {
        let bytes = encode_event(NODE, &event).unwrap().unwrap();
        let heard = decode_event(&bytes).unwrap();

        prop_assert_eq!(origin(&bytes).unwrap(), NODE);
        prop_assert_eq!(heard.origin, NODE);
        // Events have no equality; what they print holds every field.
        prop_assert_eq!(format!("{:?}", heard.event), format!("{event:?}"));
    }

    #[test]
    fn an_order_reads_back_as_it_was_given(channel in channel_id(), order in order()) {
        let bytes = encode_order(channel, &order).unwrap();

        prop_assert_eq!(decode_order(&bytes).unwrap(), (channel, order));
    }

    #[test]
    fn a_reply_reads_back_as_it_was_given(reply in reply()) {
        let bytes = encode_reply(&reply).unwrap();

        prop_assert_eq!(decode_reply(&bytes).unwrap(), reply);
    }

    #[test]
    fn no_bytes_bring_a_reader_down(bytes in vec(any::<u8>(), 0..200), cut in any::<usize>()) {
        let mut spoken = vec![VERSION];
        spoken.extend_from_slice(&bytes);
        for bytes in [bytes.as_slice(), spoken.as_slice()] {
            drop((decode_event(bytes), decode_order(bytes), decode_reply(bytes)));
        }
        let whole = encode_reply(&RemoteReply::Elsewhere(Some(NODE))).unwrap();
        prop_assert!(decode_reply(&whole[..cut % whole.len()]).is_err(), "a part is no reply");
    }
}

#[test]
fn what_another_version_says_is_refused_by_its_number() {
    let event = BusEvent::Removed(ChannelId::from_u128(1));
    let mut bytes = encode_event(NODE, &event).unwrap().unwrap();
    bytes[0] = VERSION + 1;

    assert!(matches!(decode_event(&bytes), Err(SpeechError::Version(Some(2)))));
    assert!(matches!(origin(&bytes), Err(SpeechError::Version(Some(2)))));
    assert!(matches!(decode_order(&[9]), Err(SpeechError::Version(Some(9)))));
    assert!(matches!(decode_reply(&[]), Err(SpeechError::Version(None))));
}

#[test]
fn a_field_that_an_older_node_does_not_know_is_refused_and_not_misread() {
    let order = (values::SaidId(1), "p", "a newer field");
    let bytes = write(&[], &order).unwrap();

    assert!(matches!(decode_order(&bytes), Err(SpeechError::Damaged(_))));
}

/// The very bytes of version 1: a change to them breaks clusters that are renewed node by node.
#[test]
fn what_version_1_said_is_understood_for_ever() {
    let event = BusEvent::Head { channel: ChannelId::from_u128(5), seq: Seq(7) };
    let bytes = encode_event(NodeId::from_u128(1), &event).unwrap().unwrap();

    let mut expected = vec![1];
    expected.extend_from_slice(&1_u128.to_be_bytes());
    expected.extend_from_slice(&[0x81, 0xa1, b'h', 0x92, 0xc4, 16]);
    expected.extend_from_slice(&5_u128.to_be_bytes());
    expected.push(7);
    assert_eq!(bytes, expected);
}
