//! What directory and records promise, on SQLite.

use starling_actors::domain::{Channel, ChannelKind, ChannelRole, OrgId, Thread, ThreadId};
use starling_actors::ports::{
    ChannelChange, Directory, DirectoryError, NewChannel, Precondition, RecordKey, Records,
    RecordsError,
};

use super::*;

const ORG: OrgId = OrgId::from_u128(5);

fn new_channel(id: u128, kind: ChannelKind, name: &str, users: &[UserId]) -> NewChannel {
    let channel = Channel {
        id: ChannelId::from_u128(id),
        org: ORG,
        kind,
        name: name.to_owned(),
        description: String::new(),
        topic: String::new(),
        owner: ANN,
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
        member_count: 0,
    };
    let members = users.iter().map(|user| (*user, ChannelRole::Member)).collect();
    NewChannel { channel, members }
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case() {
    let world = World::new();
    let directory = world.store.directory();
    directory.create(new_channel(1, ChannelKind::Public, "Büro", &[ANN])).await.unwrap();

    let second = directory.create(new_channel(2, ChannelKind::Private, "bÜRO", &[BOB])).await;

    assert_eq!(second, Err(DirectoryError::NameTaken));
    assert_eq!(directory.named(ORG, "BÜRO").await.unwrap().unwrap().member_count, 1);
    assert_eq!(directory.named(OrgId::from_u128(6), "Büro").await, Ok(None));
}

#[tokio::test]
async fn a_channel_may_change_the_case_of_its_own_name_but_not_take_another() {
    let world = World::new();
    let directory = world.store.directory();
    directory.create(new_channel(1, ChannelKind::Public, "one", &[ANN])).await.unwrap();
    directory.create(new_channel(2, ChannelKind::Public, "two", &[ANN])).await.unwrap();
    let rename = |name: &str| ChannelChange { name: Some(name.to_owned()), ..Default::default() };
    let id = ChannelId::from_u128(1);

    let renamed = directory.change(ORG, id, rename("ONE"), Timestamp(2)).await.unwrap().unwrap();

    assert_eq!((renamed.name.as_str(), renamed.updated_at), ("ONE", Timestamp(2)));
    let taken = directory.change(ORG, id, rename("Two"), Timestamp(3)).await;
    assert_eq!(taken, Err(DirectoryError::NameTaken));
}

#[tokio::test]
async fn a_pair_has_one_direct_channel() {
    let world = World::new();
    let directory = world.store.directory();
    let (first, is_new) =
        directory.create(new_channel(1, ChannelKind::Direct, "", &[ANN, BOB])).await.unwrap();

    let again = directory.create(new_channel(2, ChannelKind::Direct, "", &[BOB, ANN])).await;
    let alone = directory.create(new_channel(3, ChannelKind::Direct, "", &[ANN])).await;

    assert!(is_new);
    assert_eq!(again, Ok((first, false)));
    assert!(alone.unwrap().1);
}

#[tokio::test]
async fn members_come_and_go_and_their_read_position_only_moves_forward() {
    let world = World::new();
    let directory = world.store.directory();
    directory.create(new_channel(1, ChannelKind::Public, "one", &[BOB])).await.unwrap();
    let id = ChannelId::from_u128(1);
    let (role, at) = (ChannelRole::Guest, Timestamp(9));
    assert!(directory.add_member(id, ANN, role, at).await.unwrap().1);
    assert!(!directory.add_member(id, ANN, ChannelRole::Admin, at).await.unwrap().1);

    let read = directory.mark_read(id, ANN, Seq(5), Some(message(5))).await.unwrap().unwrap();
    let back = directory.mark_read(id, ANN, Seq(3), Some(message(3))).await.unwrap().unwrap();

    assert_eq!((read.last_read_seq, read.last_read_message), (Seq(5), Some(message(5))));
    assert_eq!((back.last_read_seq, back.role), (Seq(5), role));
    let users: Vec<_> = directory.members(id).await.unwrap().iter().map(|m| m.user).collect();
    assert_eq!(users, [BOB, ANN]);
    assert_eq!(directory.companions(ANN, 2).await, Ok(vec![BOB]));
    assert_eq!(directory.companions(ANN, 1).await, Ok(vec![]));
    assert_eq!(directory.remove_member(id, ANN).await, Ok(true));
    assert_eq!(directory.remove_member(id, ANN).await, Ok(false));
    assert_eq!(directory.channel(ORG, id).await.unwrap().unwrap().member_count, 1);
}

#[tokio::test]
async fn a_removed_channel_takes_its_members_and_threads_along() {
    let world = World::new();
    let directory = world.store.directory();
    directory.create(new_channel(1, ChannelKind::Public, "one", &[ANN])).await.unwrap();
    let thread = Thread {
        id: ThreadId::from_u128(3),
        org: ORG,
        channel: ChannelId::from_u128(1),
        root: Some(message(1)),
        title: "t".to_owned(),
        is_llm_enabled: true,
        allowed_databases: vec!["sales".to_owned()],
        allowed_tables: Vec::new(),
        created_by: ANN,
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        participant_count: 0,
        message_count: 0,
    };
    directory.put_thread(thread.clone()).await.unwrap();
    assert_eq!(directory.thread(ORG, thread.id).await, Ok(Some(thread.clone())));

    assert_eq!(directory.remove(ORG, thread.channel).await, Ok(true));

    assert_eq!(directory.channels_of(ORG, ANN).await, Ok(vec![]));
    assert_eq!(directory.threads(thread.channel).await, Ok(vec![]));
    let again = directory.create(new_channel(2, ChannelKind::Public, "one", &[ANN])).await;
    assert!(again.unwrap().1);
}

#[tokio::test]
async fn a_record_is_stored_only_when_its_precondition_holds() {
    let world = World::new();
    let records = world.store.records();
    let key =
        RecordKey { org: ORG, kind: "user".to_owned(), parent: String::new(), id: "a".to_owned() };
    let put = async |body: &[u8], when| records.put(&key, body.to_vec(), when).await;

    assert_eq!(put(b"1", Precondition::Version(1)).await, Err(RecordsError::Conflict));
    assert_eq!(put(b"1", Precondition::Absent).await, Ok(1));
    assert_eq!(put(b"2", Precondition::Absent).await, Err(RecordsError::Conflict));
    assert_eq!(put(b"2", Precondition::Version(1)).await, Ok(2));
    assert_eq!(put(b"3", Precondition::Any).await, Ok(3));
    assert_eq!(records.get(&key).await.unwrap().unwrap().body, b"3");
    let other = RecordKey { org: OrgId::from_u128(6), ..key.clone() };
    assert_eq!(records.get(&other).await, Ok(None));
    assert_eq!(records.list(ORG, "user", "", None, 5).await.unwrap().len(), 1);
    assert_eq!(records.list(ORG, "user", "", Some("a"), 5).await, Ok(vec![]));
    assert_eq!(records.delete(&key).await, Ok(true));
    assert_eq!(records.delete(&key).await, Ok(false));
}

#[tokio::test]
async fn a_key_has_one_owner_who_alone_can_free_it() {
    let world = World::new();
    let records = world.store.records();

    assert_eq!(records.claim("email", "x", "ann").await, Ok(()));
    assert_eq!(records.claim("email", "x", "ann").await, Ok(()));
    assert_eq!(records.claim("email", "x", "bob").await, Err(RecordsError::Conflict));
    records.release("email", "x", "bob").await.unwrap();
    assert_eq!(records.claimed_by("email", "x").await, Ok(Some("ann".to_owned())));
    records.release("email", "x", "ann").await.unwrap();
    assert_eq!(records.claim("email", "x", "bob").await, Ok(()));
}
