//! The contract of [`Directory`], line by line.

use std::sync::Arc;

use crate::domain::{
    Channel, ChannelId, ChannelKind, ChannelRole, MessageId, NotificationLevel, OrgId, Seq, Thread,
    ThreadId, Timestamp, UserId,
};
use crate::ports::{ChannelChange, Directory, DirectoryError, NewChannel};

const ORG: OrgId = OrgId::from_u128(5);
const OTHER_ORG: OrgId = OrgId::from_u128(6);
const ADA: UserId = UserId::from_u128(1);
const BEN: UserId = UserId::from_u128(2);
const CARL: UserId = UserId::from_u128(3);
const ONE: ChannelId = ChannelId::from_u128(1);

fn new(id: u128, kind: ChannelKind, name: &str, users: &[UserId]) -> NewChannel {
    let channel = Channel {
        id: ChannelId::from_u128(id),
        org: ORG,
        kind,
        name: name.to_owned(),
        description: "what for".to_owned(),
        topic: "what now".to_owned(),
        owner: ADA,
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
        member_count: 0,
    };
    let members = users.iter().map(|user| (*user, ChannelRole::Member)).collect();
    NewChannel { channel, members }
}

/// Makes a channel that was not there.
async fn made(directory: &Arc<dyn Directory>, new: NewChannel) -> Channel {
    let (channel, is_new) = directory.create(new).await.unwrap();
    assert!(is_new);
    channel
}

async fn public(directory: &Arc<dyn Directory>, id: u128, name: &str, users: &[UserId]) -> Channel {
    made(directory, new(id, ChannelKind::Public, name, users)).await
}

fn rename(name: &str) -> ChannelChange {
    ChannelChange { name: Some(name.to_owned()), ..ChannelChange::default() }
}

fn thread(id: u128, created_at: i64) -> Thread {
    Thread {
        id: ThreadId::from_u128(id),
        org: ORG,
        channel: ONE,
        root: Some(MessageId::from_u128(id)),
        title: "title".to_owned(),
        is_llm_enabled: true,
        allowed_databases: vec!["sales".to_owned()],
        allowed_tables: vec!["orders".to_owned()],
        created_by: ADA,
        created_at: Timestamp(created_at),
        updated_at: Timestamp(created_at),
        participant_count: 0,
        message_count: 0,
        recent_participants: Vec::new(),
    }
}

fn users(members: &[crate::domain::Membership]) -> Vec<UserId> {
    members.iter().map(|member| member.user).collect()
}

/// A channel reads back as it was made, its members counted once each.
pub async fn a_channel_reads_back_as_it_was_made(directory: Arc<dyn Directory>) {
    let order = new(1, ChannelKind::Public, "one", &[ADA, BEN, ADA]);
    let channel = made(&directory, order.clone()).await;
    assert_eq!(channel, Channel { member_count: 2, ..order.channel });
    assert_eq!(directory.channel(ORG, ONE).await, Ok(Some(channel.clone())));
    assert_eq!(directory.named(ORG, "one").await, Ok(Some(channel.clone())));
    assert_eq!(directory.find(ONE).await, Ok(Some(channel)));
    assert_eq!(directory.find(ChannelId::from_u128(9)).await, Ok(None));
    assert_eq!(users(&directory.members(ONE).await.unwrap()), [ADA, BEN]);
}

/// Making a direct channel twice for one pair gives the first one.
pub async fn a_pair_has_one_direct_channel(directory: Arc<dyn Directory>) {
    let first = made(&directory, new(1, ChannelKind::Direct, "", &[ADA, BEN])).await;
    let again = directory.create(new(2, ChannelKind::Direct, "", &[BEN, ADA])).await;
    assert_eq!(again, Ok((first, false)));
    made(&directory, new(3, ChannelKind::Direct, "", &[ADA])).await;
    let other = new(4, ChannelKind::Direct, "", &[ADA, BEN]);
    let other = NewChannel { channel: Channel { org: OTHER_ORG, ..other.channel }, ..other };
    made(&directory, other).await;
}

/// The pair of a direct channel is who it was made for, whoever is in it now.
pub async fn a_direct_channel_stays_its_pairs(directory: Arc<dyn Directory>) {
    made(&directory, new(1, ChannelKind::Direct, "", &[ADA, BEN])).await;
    assert_eq!(directory.remove_member(ONE, BEN).await, Ok(true));
    let again = directory.create(new(2, ChannelKind::Direct, "", &[ADA, BEN])).await;
    assert_eq!(again.map(|(channel, is_new)| (channel.id, is_new)), Ok((ONE, false)));
}

/// A public or private name is unique within its organization, whatever its case.
pub async fn a_name_is_unique_whatever_its_case(directory: Arc<dyn Directory>) {
    public(&directory, 1, "Büro", &[ADA]).await;
    let second = directory.create(new(2, ChannelKind::Private, "bÜRO", &[BEN])).await;
    assert_eq!(second, Err(DirectoryError::NameTaken));
    assert_eq!(directory.named(ORG, "BÜRO").await.map(|found| found.is_some()), Ok(true));
    let other = new(3, ChannelKind::Public, "büro", &[ADA]);
    let other = NewChannel { channel: Channel { org: OTHER_ORG, ..other.channel }, ..other };
    made(&directory, other).await;
    for (id, kind) in [(4, ChannelKind::Group), (5, ChannelKind::Group)] {
        made(&directory, new(id, kind, "büro", &[ADA])).await;
    }
}

/// A channel may change the case of its own name but not take another's.
pub async fn a_change_takes_no_other_channels_name(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    public(&directory, 2, "two", &[ADA]).await;
    let renamed = directory.change(ORG, ONE, rename("ONE"), Timestamp(2)).await.unwrap().unwrap();
    assert_eq!((renamed.name.as_str(), renamed.updated_at), ("ONE", Timestamp(2)));
    let taken = directory.change(ORG, ONE, rename("Two"), Timestamp(3)).await;
    assert_eq!(taken, Err(DirectoryError::NameTaken));
    assert_eq!(directory.channel(ORG, ONE).await, Ok(Some(renamed)));
    assert!(directory.change(ORG, ONE, rename("three"), Timestamp(4)).await.is_ok());
    public(&directory, 3, "one", &[ADA]).await;
}

/// What a change does not name stays.
pub async fn a_change_leaves_what_it_does_not_name(directory: Arc<dyn Directory>) {
    let before = public(&directory, 1, "one", &[ADA, BEN]).await;
    let change = ChannelChange { topic: Some("new".to_owned()), ..ChannelChange::default() };
    let after = directory.change(ORG, ONE, change, Timestamp(2)).await.unwrap().unwrap();
    let expected = Channel { topic: "new".to_owned(), updated_at: Timestamp(2), ..before };
    assert_eq!(after, expected);
    let change = ChannelChange {
        description: Some(String::new()),
        owner: Some(BEN),
        kind: Some(ChannelKind::Private),
        ..ChannelChange::default()
    };
    let after = directory.change(ORG, ONE, change, Timestamp(3)).await.unwrap().unwrap();
    assert_eq!((after.owner, after.kind, after.topic.as_str()), (BEN, ChannelKind::Private, "new"));
}

/// What belongs to another organization is not found.
pub async fn what_belongs_to_another_organization_is_not_found(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    directory.create_thread(thread(7, 1)).await.unwrap();
    assert_eq!(directory.channel(OTHER_ORG, ONE).await, Ok(None));
    assert_eq!(directory.named(OTHER_ORG, "one").await, Ok(None));
    assert_eq!(directory.change(OTHER_ORG, ONE, rename("two"), Timestamp(2)).await, Ok(None));
    assert_eq!(directory.remove(OTHER_ORG, ONE).await, Ok(false));
    assert_eq!(directory.channels_of(OTHER_ORG, ADA).await, Ok(Vec::new()));
    assert_eq!(directory.public_channels(OTHER_ORG).await, Ok(Vec::new()));
    assert_eq!(directory.thread(OTHER_ORG, ThreadId::from_u128(7)).await, Ok(None));
    assert!(directory.channel(ORG, ONE).await.unwrap().is_some());
}

/// A removed channel is not found any more, its members have left it, its threads are gone, and
/// its name is free.
pub async fn a_removed_channel_leaves_nothing_behind(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    directory.create_thread(thread(7, 1)).await.unwrap();
    assert_eq!(directory.remove(ORG, ONE).await, Ok(true));
    assert_eq!(directory.remove(ORG, ONE).await, Ok(false));
    assert_eq!(directory.channel(ORG, ONE).await, Ok(None));
    assert_eq!(directory.membership(ONE, ADA).await, Ok(None));
    assert_eq!(directory.members(ONE).await, Ok(Vec::new()));
    assert_eq!(directory.channels_of(ORG, ADA).await, Ok(Vec::new()));
    assert_eq!(directory.threads(ONE).await, Ok(Vec::new()));
    assert_eq!(directory.thread(ORG, ThreadId::from_u128(7)).await, Ok(None));
    public(&directory, 2, "one", &[ADA]).await;
    made(&directory, new(3, ChannelKind::Direct, "", &[ADA, BEN])).await;
    assert_eq!(directory.remove(ORG, ChannelId::from_u128(3)).await, Ok(true));
    made(&directory, new(4, ChannelKind::Direct, "", &[ADA, BEN])).await;
}

/// Nobody joins, and nothing hangs on, a channel that is not there.
pub async fn nothing_is_added_to_a_channel_that_is_not_there(directory: Arc<dyn Directory>) {
    let added = directory.add_member(ONE, ADA, ChannelRole::Member, Timestamp(1)).await;
    assert_eq!(added, Err(DirectoryError::NoChannel));
    assert_eq!(directory.create_thread(thread(7, 1)).await, Err(DirectoryError::NoChannel));
    assert_eq!(directory.put_thread(thread(7, 1)).await, Err(DirectoryError::NoChannel));
    assert_eq!(directory.members(ONE).await, Ok(Vec::new()));
    assert_eq!(directory.thread(ORG, ThreadId::from_u128(7)).await, Ok(None));
    assert_eq!(directory.remove_member(ONE, ADA).await, Ok(false));
    assert_eq!(directory.mark_read(ONE, ADA, Seq(1), None).await, Ok(None));
}

/// Members are listed in the order of joining; adding one again gives the first membership.
pub async fn members_come_and_go_in_the_order_of_joining(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[CARL]).await;
    let (role, at) = (ChannelRole::Guest, Timestamp(9));
    let (first, is_new) = directory.add_member(ONE, BEN, role, at).await.unwrap();
    assert!(is_new);
    assert_eq!((first.role, first.joined_at, first.last_read_seq), (role, at, Seq(0)));
    assert_eq!(first.notification_level, NotificationLevel::All);
    let again = directory.add_member(ONE, BEN, ChannelRole::Admin, Timestamp(10)).await;
    assert_eq!(again, Ok((first.clone(), false)));
    assert_eq!(directory.membership(ONE, BEN).await, Ok(Some(first)));
    directory.add_member(ONE, ADA, role, at).await.unwrap();
    assert_eq!(users(&directory.members(ONE).await.unwrap()), [CARL, BEN, ADA]);
    assert_eq!(directory.remove_member(ONE, BEN).await, Ok(true));
    assert_eq!(directory.remove_member(ONE, BEN).await, Ok(false));
    assert_eq!(directory.membership(ONE, BEN).await, Ok(None));
    assert_eq!(directory.channel(ORG, ONE).await.unwrap().unwrap().member_count, 2);
}

/// Role and notification level change apart from each other.
pub async fn a_members_role_and_level_change_apart(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    let level = Some(NotificationLevel::Mentions);
    let changed = directory.change_member(ONE, ADA, None, level).await.unwrap().unwrap();
    assert_eq!((changed.role, Some(changed.notification_level)), (ChannelRole::Member, level));
    let role = Some(ChannelRole::Admin);
    let changed = directory.change_member(ONE, ADA, role, None).await.unwrap().unwrap();
    assert_eq!((Some(changed.role), Some(changed.notification_level)), (role, level));
    assert_eq!(directory.membership(ONE, ADA).await, Ok(Some(changed)));
    assert_eq!(directory.change_member(ONE, BEN, role, None).await, Ok(None));
}

/// `mark_read` never moves a position backwards.
pub async fn a_read_position_never_moves_backwards(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    let message = |seq| Some(MessageId::from_u128(seq));
    for (seq, expected) in [(5, 5), (3, 5), (5, 5), (6, 6)] {
        let named = message(u128::from(seq));
        let read = directory.mark_read(ONE, ADA, Seq(seq), named).await.unwrap().unwrap();
        let expected = (Seq(expected), message(u128::from(expected)));
        assert_eq!((read.last_read_seq, read.last_read_message), expected);
    }
    assert_eq!(directory.mark_read(ONE, BEN, Seq(5), None).await, Ok(None));
}

/// Channels of a person come with their place in each, in the order of the channels' ids.
pub async fn channels_of_a_person_come_with_their_place(directory: Arc<dyn Directory>) {
    let two = public(&directory, 2, "two", &[BEN, ADA]).await;
    let one = public(&directory, 1, "one", &[ADA]).await;
    public(&directory, 3, "three", &[BEN]).await;
    directory.mark_read(ONE, ADA, Seq(4), None).await.unwrap();
    let channels = directory.channels_of(ORG, ADA).await.unwrap();
    let seen: Vec<_> = channels.iter().map(|(channel, _)| channel.clone()).collect();
    assert_eq!(seen, [one, two]);
    let places: Vec<_> =
        channels.iter().map(|(_, place)| (place.user, place.last_read_seq)).collect();
    assert_eq!(places, [(ADA, Seq(4)), (ADA, Seq(0))]);
}

/// Public channels are listed by name, and no others.
pub async fn public_channels_are_listed_by_name(directory: Arc<dyn Directory>) {
    public(&directory, 1, "b", &[ADA]).await;
    public(&directory, 2, "a", &[BEN]).await;
    made(&directory, new(3, ChannelKind::Private, "c", &[ADA])).await;
    made(&directory, new(4, ChannelKind::Group, "d", &[ADA])).await;
    let listed = directory.public_channels(ORG).await.unwrap();
    let names: Vec<_> = listed.iter().map(|channel| channel.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}

/// Companions are the people of a person's small channels, each once, without the person.
pub async fn companions_share_a_small_channel(directory: Arc<dyn Directory>) {
    public(&directory, 1, "small", &[ADA, BEN]).await;
    public(&directory, 2, "also small", &[BEN, ADA]).await;
    public(&directory, 3, "large", &[ADA, BEN, CARL]).await;
    public(&directory, 4, "not theirs", &[CARL]).await;
    assert_eq!(directory.companions(ADA, 2).await, Ok(vec![BEN]));
    assert_eq!(directory.companions(ADA, 3).await, Ok(vec![BEN, CARL]));
    assert_eq!(directory.companions(ADA, 1).await, Ok(Vec::new()));
}

/// A thread reads back as it was stored, its counts zero, and may be changed.
pub async fn a_thread_reads_back_as_it_was_stored(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    let first = thread(7, 1);
    let counted = Thread { participant_count: 3, message_count: 9, ..first.clone() };
    assert_eq!(directory.create_thread(counted).await, Ok((first.clone(), true)));
    assert_eq!(directory.thread(ORG, first.id).await, Ok(Some(first.clone())));
    let changed = Thread { title: "new".to_owned(), updated_at: Timestamp(5), ..first };
    directory.put_thread(changed.clone()).await.unwrap();
    assert_eq!(directory.thread(ORG, changed.id).await, Ok(Some(changed.clone())));
    assert_eq!(directory.threads(ONE).await, Ok(vec![changed]));
}

/// Threads of a channel are listed newest first.
pub async fn threads_are_listed_newest_first(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    for (id, created_at) in [(8, 1), (9, 3), (6, 3), (7, 2)] {
        directory.create_thread(thread(id, created_at)).await.unwrap();
    }
    let threads = directory.threads(ONE).await.unwrap();
    let ids: Vec<_> = threads.iter().map(|thread| thread.id.as_u128()).collect();
    assert_eq!(ids, [9, 6, 7, 8]);
}

/// Making a thread twice for one root message gives the first one; threads without a root are as
/// many as were made.
pub async fn a_root_message_has_one_thread(directory: Arc<dyn Directory>) {
    public(&directory, 1, "one", &[ADA]).await;
    let first = thread(7, 1);
    let second = Thread { id: ThreadId::from_u128(8), ..first.clone() };
    let (one, other) = tokio::join!(
        directory.create_thread(first.clone()),
        directory.create_thread(second.clone())
    );
    let ((one, is_first), (other, is_second)) = (one.unwrap(), other.unwrap());
    assert!(is_first != is_second && one == other, "{one:?} {other:?}");
    for id in [9, 10] {
        let rootless = Thread { root: None, ..thread(id, 2) };
        assert_eq!(directory.create_thread(rootless.clone()).await, Ok((rootless, true)));
    }
    assert_eq!(directory.threads(ONE).await.map(|threads| threads.len()), Ok(3));
}
