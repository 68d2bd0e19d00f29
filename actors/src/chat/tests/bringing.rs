//! What another program kept, brought here.

use super::world::{ABROAD, HOME, World, caller, code, words};
use crate::chat::{Brought, BroughtChannel};
use crate::domain::{ChannelId, ChannelKind, Timestamp};
use crate::ports::MessageLog;

const BOATS: ChannelId = ChannelId::from_u128(77);

fn boats(name: &str) -> BroughtChannel {
    BroughtChannel {
        id: BOATS,
        kind: ChannelKind::Public,
        name: name.to_owned(),
        description: String::new(),
        topic: String::new(),
        members: vec![caller(HOME, 1).user(), caller(HOME, 2).user()],
        created_at: Timestamp(5),
    }
}

fn brought(key: &str, at: i64) -> Brought {
    Brought {
        by: caller(HOME, 1).byline,
        at: Timestamp(at),
        content: format!("@user2 {key}"),
        thread: None,
        files: Vec::new(),
        key: key.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_brought_keeps_its_time_and_is_there_once() {
    let world = World::new().await;
    let channel = world.chat.bring_channel(HOME, boats("boats")).await.unwrap();
    let again = world.chat.bring_channel(HOME, boats("other")).await.unwrap();
    assert_eq!((channel.id, again.name), (BOATS, "boats".to_owned()));
    let bring = async |key, at| {
        world.chat.bring(HOME, BOATS, brought(key, at)).await.unwrap().receipt().await.unwrap()
    };
    let (one, two) = (bring("a", -3).await, bring("b", 4).await);
    assert_eq!((one.at, two.at), (Timestamp(-3), Timestamp(4)));
    assert_eq!(bring("a", -3).await.message, one.message);
    let found = world.chat.brought(BOATS, caller(HOME, 1).user(), "b").await.unwrap();
    assert_eq!(found.map(|stored| (stored.message, stored.seq)), Some((two.message, two.seq)));

    let now = world.post(&caller(HOME, 2), BOATS, words("and now")).await.unwrap();
    assert!(now.at > two.at && now.seq > two.seq);
    let future = bring("c", i64::MAX).await;
    assert!(future.at >= now.at && future.at < Timestamp(i64::MAX), "nothing is of tomorrow");
}

#[tokio::test(start_paused = true)]
async fn what_was_written_before_anybody_was_here_is_read() {
    let world = World::new().await;
    world.chat.bring_channel(HOME, boats("boats")).await.unwrap();
    let before = world.chat.last_words(BOATS).await.unwrap();
    let sent = world.chat.bring(HOME, BOATS, brought("a", 1)).await.unwrap();
    let sent = sent.receipt().await.unwrap();
    let reader = caller(HOME, 2);
    let seen = world.chat.get_channel(&reader, BOATS).await.unwrap().standing;
    assert_eq!((seen.unread_count, seen.mention_count), (1, 1));
    world.chat.bring_to_rest(BOATS, (before, sent.seq)).await.unwrap();
    let seen = world.chat.get_channel(&reader, BOATS).await.unwrap().standing;
    assert_eq!((seen.unread_count, seen.mention_count), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn who_had_something_unread_before_keeps_it() {
    let world = World::new().await;
    world.chat.bring_channel(HOME, boats("boats")).await.unwrap();
    let unread = world.post(&caller(HOME, 1), BOATS, words("look")).await.unwrap();
    let before = world.chat.last_words(BOATS).await.unwrap();
    assert_eq!(before, unread.seq);
    let sent = world.chat.bring(HOME, BOATS, brought("a", 1)).await.unwrap();
    let sent = sent.receipt().await.unwrap();
    world.chat.bring_to_rest(BOATS, (before, sent.seq)).await.unwrap();
    let seen = world.chat.get_channel(&caller(HOME, 2), BOATS).await.unwrap().standing;
    assert_eq!(seen.unread_count, 2);
}

#[tokio::test(start_paused = true)]
async fn who_came_there_since_comes_here_too_but_nobody_who_left_here() {
    let world = World::new().await;
    let members = |numbers: &[u128]| BroughtChannel {
        members: numbers.iter().map(|number| caller(HOME, *number).user()).collect(),
        ..boats("boats")
    };
    let standing = async |number: u128| {
        let caller = caller(HOME, number);
        world.chat.get_channel(&caller, BOATS).await.unwrap().standing
    };
    world.chat.bring_channel(HOME, members(&[1, 2])).await.unwrap();
    let sent = world.chat.bring(HOME, BOATS, brought("a", 1)).await.unwrap();
    sent.receipt().await.unwrap();
    world.chat.leave(&caller(HOME, 2), BOATS).await.unwrap();

    let channel = world.chat.bring_channel(HOME, members(&[1, 2, 3])).await.unwrap();
    assert_eq!(channel.id, BOATS);
    assert_eq!(standing(3).await.unread_count, 0, "it was written before they were here");
    let (members_here, _) = world.chat.members(&caller(HOME, 1), BOATS, None, 10).await.unwrap();
    let mut users: Vec<_> = members_here.iter().map(|member| member.membership.user).collect();
    users.sort_unstable();
    assert_eq!(users, [caller(HOME, 1).user(), caller(HOME, 3).user()]);
}

#[tokio::test(start_paused = true)]
async fn a_reaction_is_as_old_as_its_message_and_no_news() {
    let world = World::new().await;
    world.chat.bring_channel(HOME, boats("boats")).await.unwrap();
    let sent = world.chat.bring(HOME, BOATS, brought("a", -3)).await.unwrap();
    let sent = sent.receipt().await.unwrap();
    let (message, by) = ((sent.message, sent.at), caller(HOME, 2).byline);
    world.chat.bring_reaction(BOATS, message, by, "🎉".to_owned()).await.unwrap();
    let entries = world.writes.entries(BOATS, sent.seq, 10).await.unwrap();
    let times: Vec<Timestamp> = entries.iter().map(|entry| entry.at).collect();
    assert_eq!(times, [Timestamp(-3)]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_brought_into_the_channel_of_another_organization() {
    let world = World::new().await;
    world.chat.bring_channel(HOME, boats("boats")).await.unwrap();
    assert_eq!(code(world.chat.bring(ABROAD, BOATS, brought("a", 1)).await), "not_found");
}

#[tokio::test(start_paused = true)]
async fn a_thread_of_a_brought_message_is_one_however_often_it_is_asked_for() {
    let world = World::new().await;
    world.chat.bring_channel(HOME, boats("boats")).await.unwrap();
    let root = world.chat.bring(HOME, BOATS, brought("a", 1)).await.unwrap();
    let root = root.receipt().await.unwrap().message;
    let thread = world.chat.bring_thread(HOME, BOATS, root).await.unwrap();
    assert_eq!(world.chat.bring_thread(HOME, BOATS, root).await.unwrap(), thread);
    let reply = Brought { thread: Some(thread), ..brought("b", 2) };
    world.chat.bring(HOME, BOATS, reply).await.unwrap().receipt().await.unwrap();
    let found = world.chat.get_thread(&caller(HOME, 2), thread).await.unwrap();
    assert_eq!((found.message_count, found.created_at), (1, Timestamp(1)));
}
