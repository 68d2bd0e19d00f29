//! Nothing of one organization is visible to another, by any function.

use super::world::{ABROAD, HOME, World, caller, code, named, words};
use crate::chat::{ChannelDraft, ChannelEdit, Draft, PageWish, ReadTo, ThreadDraft, ThreadEdit};
use crate::domain::{ChannelKind, OrgRole, Seq};

#[tokio::test]
async fn ids_of_another_organization_are_not_found_by_any_function() {
    let world = World::new().await;
    let chat = &world.chat;
    let ada = caller(HOME, 1);
    let spy = crate::chat::Caller { role: OrgRole::Admin, ..caller(ABROAD, 1) };
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    let message = world.post(&ada, id, words("hello")).await.expect("is stored").message;
    let thread = ThreadDraft {
        channel: id,
        root: Some(message),
        title: String::new(),
        is_llm_enabled: true,
        allowed_databases: Vec::new(),
        allowed_tables: Vec::new(),
    };
    let at = chat.create_thread(&ada, thread.clone()).await.expect("is made").0.id;
    let user = ada.user();
    let newest = PageWish::Newest;
    let direct = ChannelDraft { members: vec![user], ..named(ChannelKind::Direct, "") };

    let outcomes = [
        ("get_channel", code(chat.get_channel(&spy, id).await)),
        ("change_channel", code(chat.change_channel(&spy, id, ChannelEdit::default()).await)),
        ("remove_channel", code(chat.remove_channel(&spy, id).await)),
        ("create_channel", code(chat.create_channel(&spy, direct).await)),
        ("join", code(chat.join(&spy, id).await)),
        ("leave", code(chat.leave(&spy, id).await)),
        ("members", code(chat.members(&spy, id, None, 10).await)),
        ("add_member", code(chat.add_member(&spy, id, spy.user(), None).await)),
        ("add a foreigner", code(chat.add_member(&ada, id, spy.user(), None).await)),
        ("remove_member", code(chat.remove_member(&spy, id, user).await)),
        ("change_member", code(chat.change_member(&spy, id, user, None, None).await)),
        ("mark_read", code(chat.mark_read(&spy, id, ReadTo::Seq(Seq(1))).await)),
        ("post", code(world.post(&spy, id, words("hi")).await)),
        ("edit", code(chat.edit(&spy, message, "hi".to_owned()).await)),
        ("delete", code(chat.delete(&spy, message).await)),
        ("react", code(chat.react(&spy, message, "x".to_owned(), true).await)),
        ("message", code(chat.message(&spy, message).await)),
        ("versions", code(chat.versions(&spy, message).await)),
        ("page", code(chat.page(&spy, id, newest, true, 10).await)),
        ("events", code(chat.events(&spy, id, Seq(0), 10).await)),
        ("create_thread", code(chat.create_thread(&spy, thread).await)),
        ("get_thread", code(chat.get_thread(&spy, at).await)),
        ("change_thread", code(chat.change_thread(&spy, at, ThreadEdit::default()).await)),
        ("list_threads", code(chat.list_threads(&spy, id, None, 10).await)),
        ("thread_page", code(chat.thread_page(&spy, at, newest, 10).await)),
    ];

    for (function, outcome) in outcomes {
        assert_eq!(outcome, "not_found", "{function}");
    }
    assert!(chat.overview(&spy).await.expect("reads").channels.is_empty());
}

#[tokio::test]
async fn a_message_cannot_answer_or_mention_across_organizations() {
    let world = World::new().await;
    let (ada, spy) = (caller(HOME, 1), caller(ABROAD, 1));
    let home = world.channel(&ada, ChannelKind::Public, "birds").await;
    let abroad = world.channel(&spy, ChannelKind::Public, "birds").await;
    let message = world.post(&ada, home, words("hello")).await.expect("is stored").message;

    let answer = Draft { parent: Some(message), ..words("hi") };
    let call = Draft { mentions: vec![ada.user()], ..words("hi") };

    assert_eq!(code(world.post(&spy, abroad, answer).await), "not_found");
    assert_eq!(code(world.post(&spy, abroad, call).await), "validation_failed");
}
