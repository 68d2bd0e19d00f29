//! What is too old, taken away.

use super::world::{ABROAD, HOME, World, caller, code, words};
use crate::chat::{Brought, BroughtChannel, PageWish};
use crate::domain::{ChannelId, ChannelKind, FileId, Seq, Timestamp};

const BOATS: ChannelId = ChannelId::from_u128(77);

/// A channel with messages of these times, which end with what is said now.
async fn old_boats(world: &World, times: &[i64]) {
    let brought = BroughtChannel {
        id: BOATS,
        kind: ChannelKind::Public,
        name: "boats".to_owned(),
        description: String::new(),
        topic: String::new(),
        members: vec![caller(HOME, 1).user(), caller(HOME, 2).user()],
        created_at: Timestamp(0),
    };
    world.chat.bring_channel(HOME, brought).await.unwrap();
    for at in times {
        let brought = Brought {
            by: caller(HOME, 1).byline,
            at: Timestamp(*at),
            content: format!("at {at}"),
            thread: None,
            files: if *at == 10 { vec![FileId::from_u128(7)] } else { Vec::new() },
            key: format!("key {at}"),
        };
        world.chat.bring(HOME, BOATS, brought).await.unwrap().receipt().await.unwrap();
    }
}

async fn contents(world: &World) -> Vec<String> {
    let page = world.chat.page(&caller(HOME, 2), BOATS, PageWish::Newest, true, 50).await.unwrap();
    page.messages.into_iter().map(|message| message.content).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_loses_its_words_and_files_and_keeps_its_place() {
    let world = World::new().await;
    old_boats(&world, &[10, 20, 30]).await;
    let reader = caller(HOME, 2);
    let before = world.chat.get_channel(&reader, BOATS).await.unwrap().standing;
    let done = world.chat.retire(HOME, BOATS, (Seq(0), Timestamp(25)), 100).await.unwrap();
    assert_eq!((done.upto, done.messages.len(), done.is_over), (Seq(2), 2, true));
    assert_eq!(contents(&world).await, ["", "", "at 30"]);
    assert_eq!(*world.files.removed.lock(), [FileId::from_u128(7)]);
    let after = world.chat.get_channel(&reader, BOATS).await.unwrap().standing;
    assert_eq!(after.unread_count, before.unread_count, "they are differences of ordinals");
    assert_eq!(after.head, Seq(5), "each deletion is an entry of its own");
    let (entries, _) = world.chat.events(&reader, BOATS, Seq(0), 100).await.unwrap();
    let places: Vec<u64> = entries.iter().map(|entry| entry.seq.0).collect();
    assert_eq!(places, [1, 2, 3, 4, 5], "a reader who resumes finds no gap");
}

#[tokio::test(start_paused = true)]
async fn a_step_goes_on_where_the_one_before_it_ended_and_doubles_nothing() {
    let world = World::new().await;
    old_boats(&world, &[10, 20, 30, 40]).await;
    let retire = async |after, limit| {
        world.chat.retire(HOME, BOATS, (Seq(after), Timestamp(35)), limit).await.unwrap()
    };
    let first = retire(0, 2).await;
    assert_eq!((first.upto, first.is_over), (Seq(2), false));
    let again = retire(0, 2).await;
    assert_eq!(again.upto, Seq(2), "as after a crash before the mark was stored");
    let last = retire(2, 2).await;
    assert_eq!((last.upto, last.messages.len(), last.is_over), (Seq(3), 1, true));
    assert_eq!(contents(&world).await, ["", "", "", "at 40"]);
    let head = world.chat.get_channel(&caller(HOME, 1), BOATS).await.unwrap().standing.head;
    assert_eq!(head, Seq(7), "four messages and three deletions");
    world.post(&caller(HOME, 1), BOATS, words("new")).await.unwrap();
    assert_eq!(retire(3, 100).await.messages, [], "what is young stays");
}

#[tokio::test(start_paused = true)]
async fn nobody_retires_messages_of_another_organization() {
    let world = World::new().await;
    old_boats(&world, &[10]).await;
    let refused = world.chat.retire(ABROAD, BOATS, (Seq(0), Timestamp(25)), 100).await;
    assert_eq!(code(refused), "not_found");
    assert_eq!(contents(&world).await, ["at 10"]);
}

#[tokio::test(start_paused = true)]
async fn who_looks_after_a_channel_says_how_long_it_keeps_and_neither_of_two_people_does() {
    let world = World::new().await;
    let owner = caller(HOME, 1);
    let channel = world.channel(&owner, ChannelKind::Public, "open").await;
    assert!(world.chat.keeper(&owner, channel).await.unwrap().may_change);
    assert!(!world.chat.keeper(&caller(HOME, 2), channel).await.unwrap().may_change);
    let direct = crate::chat::ChannelDraft {
        members: vec![caller(HOME, 2).user()],
        ..super::world::named(ChannelKind::Direct, "")
    };
    let direct = world.chat.create_channel(&owner, direct).await.unwrap().0.standing.channel.id;
    assert!(!world.chat.keeper(&owner, direct).await.unwrap().may_change);
}
