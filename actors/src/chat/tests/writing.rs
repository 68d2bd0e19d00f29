//! Who may write, and what.

use super::world::{HOME, World, caller, code, words};
use crate::chat::{Draft, PageWish, Place, ThreadDraft};
use crate::domain::{ChannelId, ChannelKind, FileId, ThreadId};

#[tokio::test]
async fn a_message_is_checked_before_it_is_stored() {
    let world = World::new().await;
    let ada = caller(HOME, 1);
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    let hi = || words("hi");
    let elsewhere = ThreadId::from_u128(77);
    let cases = [
        (words("x"), "ok"),
        (words(" \n"), "validation_failed"),
        (words(&"x".repeat(101)), "validation_failed"),
        (Draft { thread: Some(elsewhere), ..hi() }, "not_found"),
        (Draft { mentions: vec![caller(HOME, 2).user()], ..hi() }, "validation_failed"),
        (Draft { attachments: vec![FileId::from_u128(100)], ..hi() }, "validation_failed"),
        (Draft { client_message_id: Some(String::new()), ..hi() }, "validation_failed"),
    ];
    for (draft, expected) in cases {
        let outcome = world.post(&ada, id, draft.clone()).await;
        assert_eq!(code(outcome), expected, "{draft:?}");
    }
    assert_eq!(world.chat.get_channel(&ada, id).await.expect("is there").standing.head.0, 1);
}

#[tokio::test]
async fn who_reads_an_open_channel_has_to_join_before_writing() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;

    assert_eq!(code(world.post(&bob, id, words("hi")).await), "not_a_member");
    world.chat.join(&bob, id).await.expect("joins");
    assert_eq!(code(world.post(&bob, id, words("hi")).await), "ok");
    world.chat.remove_member(&ada, id, bob.user()).await.expect("is taken out");
    assert_eq!(code(world.post(&bob, id, words("hi")).await), "not_a_member");
}

#[tokio::test]
async fn a_repeat_of_a_stored_message_passes_a_shut_gate() {
    let world = World::new().await;
    let ada = caller(HOME, 1);
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    let draft = |key: &str| Draft { client_message_id: Some(key.to_owned()), ..words("hi") };
    let first = world.post(&ada, id, draft("a")).await.expect("is stored");

    *world.gate.is_shut.lock() = true;
    let again = world.post(&ada, id, draft("a")).await.expect("is known");

    assert_eq!((again.message, again.duplicate), (first.message, true));
    assert_eq!(code(world.post(&ada, id, draft("b")).await), "rate_limited");
    assert_eq!(code(world.post(&ada, id, words("hi")).await), "rate_limited");
    let edited = world.chat.edit(&ada, first.message, "ho".to_owned()).await;
    assert_eq!(code(edited), "rate_limited", "changes are counted too");
}

#[tokio::test]
async fn names_in_the_words_are_mentions_and_follow_an_edit() {
    let world = World::new().await;
    let (ada, bob, eve) = (caller(HOME, 1), caller(HOME, 2), caller(HOME, 3));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    world.chat.join(&bob, id).await.expect("joins");
    let receipt = world.post(&ada, id, words("@user2 and @user3")).await.expect("is stored");

    let message = world.chat.message(&bob, receipt.message).await.expect("is there");
    assert_eq!(message.mentions, [bob.user()]);
    let seen = world.chat.get_channel(&bob, id).await.expect("is there").standing;
    assert_eq!((seen.unread_count, seen.mention_count), (1, 1));
    world.chat.edit(&ada, receipt.message, "never mind".to_owned()).await.expect("edits");
    let message = world.chat.message(&eve, receipt.message).await.expect("is there");
    assert!(message.mentions.is_empty() && message.is_edited);
}

#[tokio::test]
async fn only_authors_edit_and_moderators_may_delete() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    world.chat.join(&bob, id).await.expect("joins");
    let of_ada = world.post(&ada, id, words("one")).await.expect("is stored").message;
    let of_bob = world.post(&bob, id, words("two")).await.expect("is stored").message;

    assert_eq!(code(world.chat.edit(&ada, of_bob, "x".to_owned()).await), "forbidden");
    assert_eq!(code(world.chat.delete(&bob, of_ada).await), "forbidden");
    assert_eq!(code(world.chat.delete(&ada, of_bob).await), "ok");
    assert_eq!(code(world.chat.edit(&bob, of_bob, "x".to_owned()).await), "message_deleted");
    assert_eq!(
        code(world.chat.react(&bob, of_ada, "a b".to_owned(), true).await),
        "validation_failed"
    );
    assert_eq!(code(world.chat.react(&bob, of_ada, "👍".to_owned(), true).await), "ok");
}

#[tokio::test]
async fn a_message_has_one_thread_and_its_replies_stay_there() {
    let world = World::new().await;
    let ada = caller(HOME, 1);
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    let other = world.channel(&ada, ChannelKind::Public, "bees").await;
    let root = world.post(&ada, id, words("root")).await.expect("is stored").message;
    let draft = |channel: ChannelId| ThreadDraft {
        channel,
        root: Some(root),
        title: String::new(),
        is_llm_enabled: true,
        allowed_databases: Vec::new(),
        allowed_tables: Vec::new(),
    };

    let (thread, is_new) = world.chat.create_thread(&ada, draft(id)).await.expect("is made");
    let (again, is_new_again) = world.chat.create_thread(&ada, draft(id)).await.expect("is found");
    assert_eq!((thread.id, is_new, is_new_again), (again.id, true, false));
    assert_eq!(code(world.chat.create_thread(&ada, draft(other)).await), "not_found");
    let reply = || Draft { thread: Some(thread.id), ..words("reply") };
    world.post(&ada, id, reply()).await.expect("is stored");
    assert_eq!(code(world.post(&ada, other, reply()).await), "not_found");

    let counted = world.chat.get_thread(&ada, thread.id).await.expect("is there");
    assert_eq!((counted.participant_count, counted.message_count), (1, 1));
    let page = world.chat.page(&ada, id, PageWish::Newest, false, 10).await.expect("reads");
    assert_eq!(page.messages.len(), 1);
    let replies = world.chat.thread_page(&ada, thread.id, PageWish::Newest, 10).await;
    assert_eq!(replies.expect("reads").messages.len(), 1);
    let foreign = PageWish::Before(Place::Message(root));
    assert_eq!(code(world.chat.page(&ada, other, foreign, false, 10).await), "not_found");
}

#[tokio::test]
async fn a_group_that_is_named_reaches_its_people_who_are_there() {
    let world = World::new().await;
    let (ada, bob, far) = (caller(HOME, 1), caller(HOME, 2), caller(HOME, 5));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    for member in [&bob, &far] {
        world.chat.join(member, id).await.expect("joins");
    }
    let mentions = async |content: &str| {
        let sent = world.post(&far, id, words(content)).await.expect("is stored");
        world.chat.message(&ada, sent.message).await.expect("is there").mentions
    };

    assert_eq!(mentions("hey @Flock, @user1!").await, [ada.user(), bob.user()]);
    assert_eq!(mentions("@user5 and @flock").await, [far.user(), ada.user(), bob.user()]);
    assert_eq!(mentions("@flocks").await, []);
}
