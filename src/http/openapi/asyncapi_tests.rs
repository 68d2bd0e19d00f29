//! Real encoded frames against the schemas that the document shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use starling_actors::domain::{
    Answer, Attachment, Byline, Channel, ChannelId, ChannelKind, ClientMessageId, CustomStatus,
    Entry, Event, FileId, Generation, GroupFace, GroupId, JobId, JobState, LinkPreview, Message,
    MessageId, MessageKind, OrgId, Posted, Presence, Seq, Timestamp, UserId,
};
use starling_actors::frame::FrameBody;
use starling_actors::ports::{Aside, OwnNews, Progress};

use super::*;
use crate::wire::frame::{Ack, ErrorFrame, Hello, HelloLimits, RequestId};
use crate::wire::message::LeanMessage;
use crate::wire::ready_answers::ReadyAnswers;

fn ann() -> Byline {
    Byline {
        user: UserId::from_u128(0xa),
        username: "ann".into(),
        full_name: "Ann".into(),
        avatar_url: "/a.png".into(),
    }
}

fn entry(event: Event) -> Entry {
    Entry {
        channel: ChannelId::from_u128(0xc),
        seq: Seq(7),
        ordinal: 3,
        by: ann(),
        at: Timestamp(0),
        event,
    }
}

fn posted() -> Posted {
    Posted {
        id: MessageId::from_u128(0xe),
        kind: MessageKind::Text,
        content: "hi".into(),
        thread: None,
        parent: Some(MessageId::from_u128(0xd)),
        mentions: vec![UserId::from_u128(0xb)],
        attachments: vec![Attachment {
            id: FileId::from_u128(0xf),
            name: "bird.png".into(),
            mime_type: "image/png".into(),
            bytes: 7,
            pixels: Some((4, 3)),
        }],
        client_message_id: ClientMessageId::new("c1".into()).ok(),
    }
}

/// The message of an answer: it refers to its job.
fn answer_message() -> Posted {
    let job = JobId::from_u128(0xb).to_string();
    Posted {
        kind: MessageKind::Answer,
        client_message_id: ClientMessageId::new(job).ok(),
        ..posted()
    }
}

/// What lies ready: that job's answer.
fn ready() -> ReadyAnswers {
    let table = crate::wire::ask::testing::table();
    let answer = Answer { job: JobId::from_u128(0xb), ..crate::wire::ask::testing::answer(table) };
    let ready = ReadyAnswers::default();
    ready.put(&answer);
    ready
}

fn events() -> Vec<Event> {
    let (message, target) = (MessageId::from_u128(0xe), Seq(5));
    vec![
        Event::Posted(posted()),
        Event::Posted(answer_message()),
        Event::Edited { message, target, content: "ho".into(), mentions: vec![] },
        Event::Deleted { message, target },
        Event::Reacted { message, target, emoji: "+1".into(), added: true },
        Event::Joined { member: ann() },
        Event::Left { member: ann() },
    ]
}

fn channel() -> Arc<Channel> {
    Arc::new(Channel {
        id: ChannelId::from_u128(0xc),
        org: OrgId::from_u128(1),
        name: "birds".into(),
        description: String::new(),
        topic: String::new(),
        kind: ChannelKind::Public,
        owner: ann().user,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        member_count: 1,
    })
}

/// A question on its way.
fn progress() -> Progress {
    Progress {
        job: JobId::from_u128(0xb),
        channel: ChannelId::from_u128(0xc),
        thread: None,
        state: JobState::Running,
        detail: Some("soon".into()),
    }
}

/// What stands beside messages and people.
fn asides() -> [Aside; 7] {
    let (channel, message) = (ChannelId::from_u128(0xc), MessageId::from_u128(0xe));
    let user = ann().user;
    let link = LinkPreview {
        url: "https://birds.example/".into(),
        title: "Birds".into(),
        description: String::new(),
        site: "birds.example".into(),
    };
    let status = CustomStatus::new("🌴", "away", Some(Timestamp(0))).ok();
    let (org, id) = (OrgId::from_u128(1), GroupId::from_u128(2));
    let group = GroupFace {
        id,
        handle: "ops".into(),
        name: "Operations".into(),
        description: String::new(),
        members: vec![user],
        created_at: Timestamp(0),
    };
    [
        Aside::Pin { channel, message, by: user, pinned: true },
        Aside::Links { channel, message, links: vec![link] },
        Aside::Status { user, status },
        Aside::Status { user, status: None },
        Aside::Group { org, id, group: Some(group) },
        Aside::Group { org, id, group: None },
        Aside::Renamed { channel, by: ann() },
    ]
}

/// What the core sends to many.
fn bodies() -> Vec<FrameBody> {
    let (channel_id, user) = (ChannelId::from_u128(0xc), UserId::from_u128(0xa));
    let generation = Generation(2);
    let logged = events()
        .into_iter()
        .map(|event| FrameBody::Logged { entry: Arc::new(entry(event)), generation });
    let others = [
        FrameBody::Typing { channel: channel_id, user, username: "ann".into(), is_typing: true },
        FrameBody::Status { user, presence: Presence::Away },
        FrameBody::Read { channel: channel_id, user, seq: Seq(3) },
        FrameBody::Progress(Arc::new(progress())),
        FrameBody::Own(Arc::new(OwnNews::Draft {
            channel: channel_id,
            thread: None,
            content: "not yet".into(),
            at: Timestamp(0),
        })),
        FrameBody::Own(Arc::new(OwnNews::Plans { are_reminders: false })),
        FrameBody::ChannelCreated(channel()),
        FrameBody::ChannelUpdated(channel()),
        FrameBody::Resumed { channel: channel_id, head: Seq(7), generation },
        FrameBody::Resync { channel: channel_id, head: Seq(7), generation },
    ];
    let asides = asides().map(|aside| FrameBody::Aside(Arc::new(aside)));
    logged.chain(others).chain(asides).collect()
}

/// What the gateway answers to one.
fn answers() -> Vec<ServerFrame> {
    let word = |word: &str| Some(word.to_owned());
    let message = Message::posted(&entry(Event::Posted(posted())), &posted());
    vec![
        ServerFrame::Hello(Hello {
            session_id: "s".into(),
            user: json!({ "id": "a" }),
            heartbeat_ms: 25_000,
            limits: HelloLimits {
                frame_bytes: 1,
                content_chars: 1,
                messages_per_second: 3,
                cooldown_ms: 2_000,
            },
            server_time: "1970-01-01T00:00:00.000Z".into(),
        }),
        ServerFrame::Ack(Ack::default()),
        ServerFrame::Ack(Ack {
            id: Some(RequestId::Number(4.into())),
            channel_id: word("c"),
            head_seq: Some(7),
            generation: Some(2),
            message_id: word("m"),
            seq: Some(7),
            client_message_id: word("c1"),
            created_at: word("1970-01-01T00:00:00.000Z"),
            job_id: word("j"),
            cancelled: Some(2),
            command: Some("topic"),
            text: word("done"),
            duplicate: Some(false),
        }),
        ServerFrame::Error(ErrorFrame {
            id: Some(RequestId::Text("r1".into())),
            code: "rate_limited",
            message: "slow down".into(),
            retry: true,
            retry_after_ms: Some(2_000),
        }),
        ServerFrame::Pong(Map::from_iter([("n".to_owned(), json!(1))])),
        ServerFrame::History {
            channel_id: "c".into(),
            messages: vec![LeanMessage::new(&message)],
            has_more: false,
        },
    ]
}

/// The schema of one frame, closed: a field that is not described is an error.
fn validator(document: &Value, kind: &str) -> jsonschema::Validator {
    let mut schema = document["channels"]["socket"]["messages"][kind]["payload"].clone();
    assert!(schema.is_object(), "{kind} is not described");
    // What `pong` carries is the client's; its schema is open.
    if kind != "pong" {
        schema["unevaluatedProperties"] = json!(false);
    }
    schema["components"] = document["components"].clone();
    let mut options = jsonschema::options();
    options = options.with_draft(jsonschema::Draft::Draft202012);
    options.build(&schema).unwrap()
}

#[test]
fn every_frame_that_the_server_encodes_is_what_its_schema_says() {
    let document = document();
    let from_core =
        bodies().iter().map(|body| ServerFrame::from_body(body, &ready())).collect::<Vec<_>>();
    let mut seen = BTreeSet::new();
    for frame in from_core.into_iter().chain(answers()) {
        let encoded: Value = serde_json::from_slice(&frame.to_json()).unwrap();
        let kind = encoded["type"].as_str().unwrap().to_owned();
        let validator = validator(&document, &kind);
        let errors: Vec<_> = validator.iter_errors(&encoded).map(|one| one.to_string()).collect();
        assert!(errors.is_empty(), "{encoded}: {errors:#?}");
        let mut broken = encoded.clone();
        broken["undescribed"] = json!(1);
        assert!(kind == "pong" || !validator.is_valid(&broken), "{kind} lets anything pass");
        seen.insert(kind);
    }
    let references = document["operations"]["fromServer"]["messages"].as_array().unwrap();
    let described: BTreeSet<String> = references
        .iter()
        .map(|one| one["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(seen, described, "every frame that is described was encoded, and the reverse");
}

#[test]
fn frames_of_clients_are_held_to_their_schemas() {
    let document = document();
    let id = "01890000-0000-7000-8000-000000000001";
    let good = json!({ "type": "send_message", "id": 4, "channel_id": id, "content": "hi" });
    let bad = json!({ "type": "send_message", "id": 4, "content": "hi" });
    let validator = validator(&document, "send_message");
    assert!(validator.is_valid(&good), "{:?}", validator.iter_errors(&good).next());
    assert!(!validator.is_valid(&bad));
}

#[test]
fn all_references_of_the_document_lead_somewhere() {
    let document = document();
    let text = document.to_string();
    for place in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(place).is_some(), "{place}");
    }
}
