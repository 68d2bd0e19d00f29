//! Somebody's name and words, taken out of a channel.

use super::world::{ABROAD, HOME, World, caller, code, words};
use crate::chat::retiring::still_there;
use crate::chat::{Caller, PageWish};
use crate::domain::{Byline, ChannelId, ChannelKind, ChannelRole, Message, Seq};

fn nobody(person: &Caller) -> Byline {
    Byline {
        username: "deleted-1".to_owned(),
        full_name: "Deleted person".to_owned(),
        ..person.byline.clone()
    }
}

/// A channel of two people who both have said something; the first ends with an edit.
async fn talk(world: &World, one: &Caller, other: &Caller) -> ChannelId {
    let channel = world.channel(one, ChannelKind::Public, "boats").await;
    world.chat.join(other, channel).await.unwrap();
    let first = world.post(one, channel, words("ahoy")).await.unwrap();
    world.post(other, channel, words("hello")).await.unwrap();
    world.chat.edit(one, first.message, "ahoy!".to_owned()).await.unwrap();
    channel
}

async fn page(world: &World, reader: &Caller, channel: ChannelId) -> Vec<Message> {
    world.chat.page(reader, channel, PageWish::Newest, true, 50).await.unwrap().messages
}

async fn erase(world: &World, channel: ChannelId, by: &Byline, deletes: bool) {
    let mut after = Seq(0);
    loop {
        let step = world.chat.erase_own((HOME, channel), (by, deletes), after, 2).await.unwrap();
        let Some(next) = step.next else { return };
        after = next;
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_erased_loses_the_name_and_readers_notice_nothing_else() {
    let world = World::new().await;
    let (one, other) = (caller(HOME, 1), caller(HOME, 2));
    let channel = talk(&world, &one, &other).await;
    let before = page(&world, &other, channel).await;
    let standing = world.chat.get_channel(&other, channel).await.unwrap().standing;
    let (log, _) = world.chat.events(&other, channel, Seq(0), 100).await.unwrap();
    for _ in 0..2 {
        erase(&world, channel, &nobody(&one), false).await;
        let after = page(&world, &other, channel).await;
        let named = |message: &Message| {
            let author = if message.author.user == one.user() {
                nobody(&one)
            } else {
                message.author.clone()
            };
            Message { author, ..message.clone() }
        };
        assert_eq!(after, before.iter().map(named).collect::<Vec<_>>());
        assert_eq!(world.chat.get_channel(&other, channel).await.unwrap().standing, standing);
        let (renamed, _) = world.chat.events(&other, channel, Seq(0), 100).await.unwrap();
        let seqs = |entries: &[crate::domain::Entry]| -> Vec<(Seq, u64)> {
            entries.iter().map(|entry| (entry.seq, entry.ordinal)).collect()
        };
        assert_eq!(seqs(&renamed), seqs(&log), "who resumes finds no gap");
        assert!(!format!("{renamed:?}").contains("user1"), "{renamed:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_they_wrote_is_deleted_where_that_is_wanted_and_nothing_of_others() {
    let world = World::new().await;
    let (one, other) = (caller(HOME, 1), caller(HOME, 2));
    let channel = talk(&world, &one, &other).await;
    erase(&world, channel, &nobody(&one), true).await;
    let left: Vec<String> =
        page(&world, &other, channel).await.into_iter().map(|message| message.content).collect();
    assert_eq!(left, ["", "hello"]);
    let (entries, _) = world.chat.events(&other, channel, Seq(0), 100).await.unwrap();
    let told = format!("{entries:?}");
    assert!(!told.contains("ahoy") && !told.contains("user1"), "{told}");
    let head = entries.last().map(|entry| entry.seq);
    erase(&world, channel, &nobody(&one), true).await;
    let (again, _) = world.chat.events(&other, channel, Seq(0), 100).await.unwrap();
    assert_eq!(again.last().map(|entry| entry.seq), head, "twice deletes nothing twice");
}

#[tokio::test(start_paused = true)]
async fn what_nobody_else_reads_is_found_and_emptied() {
    let world = World::new().await;
    let (one, other) = (caller(HOME, 1), caller(HOME, 2));
    talk(&world, &one, &other).await;
    let notes = world.chat.own_channel(&one).await.unwrap();
    world.post(&one, notes, words("mine alone")).await.unwrap();
    let closed = world.chat.closed_channels(HOME, one.user()).await.unwrap();
    let found: Vec<_> = closed.iter().map(|one| (one.channel.id, one.others.len())).collect();
    assert_eq!(found, [(notes, 0)], "the open channel is others' too");
    world.chat.empty_channel((HOME, notes), 1).await.unwrap();
    assert!(page(&world, &one, notes).await.iter().all(|message| message.is_deleted));
    let foreign = world.chat.own_words((ABROAD, notes), one.user(), Seq(0), 9).await;
    assert_eq!(code(foreign), "not_found");
}

#[tokio::test(start_paused = true)]
async fn who_looks_after_a_closed_channel_next_is_known_and_has_all_rights_at_once() {
    let world = World::new().await;
    let [one, two, three, four] = [1, 2, 3, 4].map(|number| caller(HOME, number));
    let channel = world.channel(&one, ChannelKind::Private, "boats").await;
    for (person, role) in
        [(&two, ChannelRole::Guest), (&three, ChannelRole::Member), (&four, ChannelRole::Member)]
    {
        world.chat.add_member(&one, channel, person.user(), Some(role)).await.unwrap();
    }
    let closed = world.chat.closed_channels(HOME, one.user()).await.unwrap().remove(0);
    let others: Vec<_> = closed.others.iter().map(|member| member.user).collect();
    assert_eq!(others, [three.user(), four.user(), two.user()], "by role, then by time");

    let refused = world.chat.remove_member(&three, channel, four.user()).await;
    assert_eq!(code(refused), "forbidden");
    world.chat.pass_on(&closed.channel, three.user()).await.unwrap();
    world.chat.remove_member(&three, channel, four.user()).await.unwrap();
    let seen = world.chat.get_channel(&three, channel).await.unwrap();
    assert_eq!(seen.standing.channel.owner, three.user());
    assert_eq!(code(world.chat.remove_channel(&one, channel).await), "forbidden");
}

#[tokio::test(start_paused = true)]
async fn of_what_is_deleted_nothing_is_asked_for_again() {
    let world = World::new().await;
    let (one, other) = (caller(HOME, 1), caller(HOME, 2));
    let channel = talk(&world, &one, &other).await;
    let left = async || {
        let (entries, _) = world.chat.events(&other, channel, Seq(0), 100).await.unwrap();
        still_there(&entries).len()
    };
    assert_eq!(left().await, 2);
    erase(&world, channel, &nobody(&one), true).await;
    assert_eq!(left().await, 1, "what the other one said");
    let emptied = world.chat.empty_channel((HOME, channel), 1).await.unwrap();
    assert_eq!((emptied.len(), left().await), (2, 0), "previews of both may be kept");
}
