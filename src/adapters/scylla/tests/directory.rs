//! The directory: the suite, what crashes leave behind, and nodes at once.

use std::sync::Arc;

use futures_util::future::join_all;
use starling_actors::domain::{
    Channel, ChannelId, ChannelKind, ChannelRole, MessageId, OrgId, Seq, Timestamp, UserId,
};
use starling_actors::ports::{ChannelChange, Directory, DirectoryError, NewChannel};

use super::records::until;
use super::salted_store::{Salt, Salted};
use super::shared_store;
use crate::adapters::scylla::{ScyllaDirectory, Statement, uuid};

fn fresh() -> (Arc<dyn Directory>, ()) {
    (Salted::new(shared_store().directory()), ())
}

mod suite {
    use super::fresh;
    starling_actors::directory_suite!(fresh);
}

const ORG: OrgId = OrgId::from_u128(5);
const ADA: UserId = UserId::from_u128(1);
const BEN: UserId = UserId::from_u128(2);
const ONE: ChannelId = ChannelId::from_u128(1);

fn new(id: u128, name: &str, users: &[UserId]) -> NewChannel {
    let channel = Channel {
        id: ChannelId::from_u128(id),
        org: ORG,
        kind: ChannelKind::Public,
        name: name.to_owned(),
        description: String::new(),
        topic: String::new(),
        owner: ADA,
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
        member_count: 0,
    };
    NewChannel { channel, members: users.iter().map(|user| (*user, ChannelRole::Member)).collect() }
}

/// The same directory as two nodes see it.
fn two_nodes() -> [Arc<Salted<ScyllaDirectory>>; 2] {
    let salt = Salt::fresh();
    [(); 2].map(|()| Arc::new(Salted { salt, inner: shared_store().directory() }))
}

#[tokio::test]
async fn of_two_nodes_that_make_one_name_at_once_one_has_it() {
    let [one, other] = two_nodes();
    let (first, second) =
        tokio::join!(one.create(new(1, "one", &[ADA])), other.create(new(2, "ONE", &[BEN])));
    assert_ne!(first.is_ok(), second.is_ok());
    let winner = first.or(second).unwrap().0;
    assert_eq!(one.named(ORG, "one").await, Ok(Some(winner.clone())));
    assert_eq!(one.public_channels(ORG).await, Ok(vec![winner]));
}

#[tokio::test]
async fn of_two_nodes_that_make_one_pair_at_once_both_get_the_same_channel() {
    let [one, other] = two_nodes();
    let pair = |id| {
        let new = new(id, "", &[ADA, BEN]);
        NewChannel { channel: Channel { kind: ChannelKind::Direct, ..new.channel }, ..new }
    };
    let (first, second) = tokio::join!(one.create(pair(1)), other.create(pair(2)));
    let ((first, first_made), (second, second_made)) = (first.unwrap(), second.unwrap());
    assert_ne!(first_made, second_made);
    assert_eq!(first, second);
}

#[tokio::test]
async fn joins_and_leaves_on_two_nodes_at_once_keep_the_count() {
    let [one, other] = two_nodes();
    one.create(new(1, "one", &[ADA])).await.unwrap();
    let join = |node: &Arc<Salted<ScyllaDirectory>>, user: u128| {
        let node = Arc::clone(node);
        async move {
            let user = UserId::from_u128(user);
            node.add_member(ONE, user, ChannelRole::Member, Timestamp(2)).await.unwrap();
            if user.as_u128().is_multiple_of(2) {
                assert_eq!(node.remove_member(ONE, user).await, Ok(true));
            }
        }
    };
    let joins = (10..20).flat_map(|user| [join(&one, user), join(&other, user + 10)]);
    join_all(joins).await;

    let members = one.members(ONE).await.unwrap();
    assert_eq!(members.len(), 11);
    assert_eq!(one.channel(ORG, ONE).await.unwrap().unwrap().member_count, 11);
    for user in 10..30 {
        let channels = other.channels_of(ORG, UserId::from_u128(user)).await.unwrap();
        assert_eq!(channels.len(), usize::from(user % 2 == 1), "{user}");
    }
}

#[tokio::test]
async fn positions_that_come_in_any_order_leave_the_highest() {
    let [one, other] = two_nodes();
    one.create(new(1, "one", &[ADA])).await.unwrap();
    let message = |seq: u64| Some(MessageId::from_u128(u128::from(seq)));
    let marks = (1..=20).flat_map(|seq| {
        let node = if seq % 2 == 0 { &one } else { &other };
        [node.mark_read(ONE, ADA, Seq(21 - seq), message(21 - seq))]
    });
    join_all(marks).await;
    let member = one.membership(ONE, ADA).await.unwrap().unwrap();
    assert_eq!((member.last_read_seq, member.last_read_message), (Seq(20), message(20)));
}

#[tokio::test]
async fn who_left_is_not_brought_back_by_a_position_and_begins_anew() {
    let [one, _] = two_nodes();
    one.create(new(1, "one", &[ADA, BEN])).await.unwrap();
    one.mark_read(ONE, BEN, Seq(9), None).await.unwrap();
    assert_eq!(one.remove_member(ONE, BEN).await, Ok(true));
    assert_eq!(one.mark_read(ONE, BEN, Seq(10), None).await, Ok(None));

    // What another node had read before the leave, and writes after it.
    const LATE: Statement = Statement::write(
        "test",
        "UPDATE channels USING TIMESTAMP 11 SET read_seq = 11 \
         WHERE id = ? AND member = ? AND place = 1",
    );
    let (channel, user) = (one.salt.on(ONE.as_u128()), one.salt.on(BEN.as_u128()));
    shared_store().session.write(&LATE, (uuid(channel), uuid(user))).await.unwrap();

    assert_eq!(one.membership(ONE, BEN).await, Ok(None));
    assert_eq!(one.members(ONE).await.map(|members| members.len()), Ok(1));
    let role = ChannelRole::Member;
    let (member, is_new) = one.add_member(ONE, BEN, role, Timestamp(3)).await.unwrap();
    assert!(is_new && member.last_read_seq == Seq(0));
    one.mark_read(ONE, BEN, Seq(9), None).await.unwrap();
    let member = one.membership(ONE, BEN).await.unwrap().unwrap();
    assert_eq!(member.last_read_seq, Seq(9));
}

#[tokio::test]
async fn a_channel_of_more_members_than_a_batch_is_made_and_removed_whole() {
    let [one, other] = two_nodes();
    let users: Vec<UserId> = (1..=150).map(UserId::from_u128).collect();
    let (channel, _) = one.create(new(1, "one", &users)).await.unwrap();
    assert_eq!(channel.member_count, 150);
    let members = other.members(ONE).await.unwrap();
    assert_eq!(members.iter().map(|member| member.user).collect::<Vec<_>>(), users);
    assert_eq!(other.companions(ADA, 150).await.map(|users| users.len()), Ok(149));

    assert_eq!(other.remove(ORG, ONE).await, Ok(true));

    assert_eq!(one.members(ONE).await, Ok(Vec::new()));
    assert_eq!(one.channels_of(ORG, UserId::from_u128(150)).await, Ok(Vec::new()));
    let late = one.add_member(ONE, ADA, ChannelRole::Member, Timestamp(3)).await;
    assert_eq!(late, Err(DirectoryError::NoChannel));
    one.create(new(2, "one", &[ADA])).await.unwrap();
}

/// What a node leaves that dies while it makes a channel: its name and a pointer to it.
async fn half_made(directory: &Salted<ScyllaDirectory>, seconds: i32) {
    const KEY: Statement = Statement::conditional(
        "test",
        "INSERT INTO channel_keys (org, kind, key, channel, attempt) \
         VALUES (?, 'name', ?, ?, ?) IF NOT EXISTS",
    );
    const PENDING: Statement = Statement::conditional(
        "test",
        "UPDATE channel_keys USING TTL ? SET pending = true \
         WHERE org = ? AND kind = 'name' AND key = ? IF channel = ?",
    );
    const POINTER: Statement = Statement::write(
        "test",
        "INSERT INTO channels_by_user (member, org, channel, place) VALUES (?, ?, ?, 0)",
    );
    let [org, channel, user] =
        [ORG.as_u128(), ONE.as_u128(), ADA.as_u128()].map(|id| uuid(directory.salt.on(id)));
    let (session, name) = (shared_store().session, b"one".to_vec());
    assert_eq!(session.apply(&KEY, (org, &name, channel, uuid(7))).await, Ok(true));
    assert_eq!(session.apply(&PENDING, (seconds, org, &name, channel)).await, Ok(true));
    session.write(&POINTER, (user, org, channel)).await.unwrap();
}

#[tokio::test]
async fn a_name_whose_channel_never_came_goes_to_the_next_who_asks() {
    let [one, _] = two_nodes();
    half_made(&one, 1).await;
    assert_eq!(one.named(ORG, "one").await, Ok(None));
    assert_eq!(one.channels_of(ORG, ADA).await, Ok(Vec::new()));

    until(true, || async { one.create(new(2, "one", &[ADA])).await.is_ok() }).await;

    let named = one.named(ORG, "one").await.unwrap().unwrap();
    assert_eq!(named.id, ChannelId::from_u128(2));
    let channels = one.channels_of(ORG, ADA).await.unwrap();
    assert_eq!(channels.len(), 1);
    // Its maker was only slow: it can no longer make the channel under another name either.
    let late = one.create(new(1, "late", &[ADA])).await;
    assert_eq!(late, Err(DirectoryError::Unavailable));
    assert_eq!(one.channel(ORG, ONE).await, Ok(None));
}

#[tokio::test]
async fn a_name_that_a_crashed_rename_left_taken_is_found_free() {
    let [one, _] = two_nodes();
    one.create(new(1, "old", &[ADA])).await.unwrap();
    // The new name was claimed, and the channel never changed.
    half_made(&one, 1).await;
    assert_eq!(one.named(ORG, "one").await, Ok(None));

    until(true, || async { one.create(new(2, "one", &[ADA])).await.is_ok() }).await;

    assert_eq!(one.named(ORG, "old").await.unwrap().unwrap().id, ONE);
    let rename = ChannelChange { name: Some("One".to_owned()), ..ChannelChange::default() };
    assert_eq!(one.change(ORG, ONE, rename, Timestamp(2)).await, Err(DirectoryError::NameTaken));
    let rename = ChannelChange { name: Some("new".to_owned()), ..ChannelChange::default() };
    assert!(one.change(ORG, ONE, rename, Timestamp(2)).await.unwrap().is_some());
    one.create(new(3, "old", &[ADA])).await.unwrap();
}

#[tokio::test]
async fn changes_on_two_nodes_at_once_are_all_made() {
    let [one, other] = two_nodes();
    one.create(new(1, "one", &[ADA])).await.unwrap();
    let topic = ChannelChange { topic: Some("topic".to_owned()), ..ChannelChange::default() };
    let name = ChannelChange { name: Some("two".to_owned()), ..ChannelChange::default() };
    let role = ChannelRole::Member;
    let (first, second, third) = tokio::join!(
        one.change(ORG, ONE, topic, Timestamp(2)),
        other.change(ORG, ONE, name, Timestamp(3)),
        other.add_member(ONE, BEN, role, Timestamp(4)),
    );
    assert!(first.is_ok() && second.is_ok() && third.is_ok());
    let channel = other.named(ORG, "two").await.unwrap().unwrap();
    assert_eq!((channel.topic.as_str(), channel.member_count), ("topic", 2));
    assert_eq!(one.named(ORG, "one").await, Ok(None));
}
