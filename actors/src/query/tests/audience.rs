//! Who may see an answer, now and later.

use super::world::{Does, SHOP, SQL, World, caller, sales, shop};
use crate::chat::ThreadDraft;
use crate::domain::{Access, Connection, ConnectionId, JobState, UserId};
use crate::ports::{Draft, WarehouseError};
use crate::query::{Ask, AskError, ExecuteError, Sight};

/// A connection that the first person alone may use.
fn listed() -> crate::domain::Connection {
    shop(Access::Users(vec![UserId::from_u128(1)]))
}

#[tokio::test]
async fn data_that_not_everyone_may_see_goes_to_its_asker_alone() {
    let world = World::new().await;
    world.join(2).await;
    world.stores.connect(shop(Access::Users(vec![UserId::from_u128(1)])), sales());

    let id = world.ask("sales by city").await;
    world.ended(id).await;

    let last = world.messages().await.pop().expect("is there");
    assert!(last.content.contains("not everyone"), "{}", last.content);
    assert!(!last.content.contains("Bergen"));
    assert_eq!(world.questions.answer(&caller(2), id).await, Ok(Sight::Restricted(id)));
    let sight = world.questions.answer(&caller(1), id).await.expect("is read");
    assert!(matches!(sight, Sight::Full(_)));
}

#[tokio::test]
async fn who_loses_access_does_not_see_what_was_answered_before() {
    let world = World::new().await;
    world.join(2).await;
    let id = world.ask("sales by city").await;
    world.ended(id).await;
    assert!(matches!(world.questions.answer(&caller(2), id).await, Ok(Sight::Full(_))));

    world.stores.connect(shop(Access::Users(vec![UserId::from_u128(1)])), sales());

    assert_eq!(world.questions.answer(&caller(2), id).await, Ok(Sight::Restricted(id)));
}

#[tokio::test]
async fn who_does_not_read_the_channel_does_not_know_of_the_question() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    world.ended(id).await;

    assert_eq!(world.questions.answer(&caller(3), id).await, Err(AskError::NoJob));
    assert_eq!(world.questions.job(&caller(3), id).await.map(|job| job.id), Err(AskError::NoJob));
}

#[tokio::test]
async fn a_thread_says_which_data_may_be_asked() {
    let world = World::new().await;
    let thread = |is_llm_enabled, databases: &[&str], tables: &[&str]| ThreadDraft {
        channel: world.channel,
        root: None,
        title: "about".to_owned(),
        is_llm_enabled,
        allowed_databases: databases.iter().map(ToString::to_string).collect(),
        allowed_tables: tables.iter().map(ToString::to_string).collect(),
    };
    let ask = |draft| async {
        let (thread, _) = world.chat.create_thread(&caller(1), draft).await.expect("is made");
        let ask = Ask {
            thread: Some(thread.id),
            question: "sales by city".to_owned(),
            connection: Some(SHOP),
            ..Ask::default()
        };
        world.questions.ask(&caller(1), ask).await.map(|asked| asked.job.id)
    };

    assert_eq!(ask(thread(false, &[], &[])).await, Err(AskError::Disabled));
    assert_eq!(ask(thread(true, &["other"], &[])).await, Err(AskError::ConnectionNotAllowed));
    let without_table = ask(thread(true, &["Shop"], &["orders"])).await.expect("is taken in");
    assert_eq!(world.ended(without_table).await.state, JobState::Rejected);
    let with_table = ask(thread(true, &["Shop"], &["SALES"])).await.expect("is taken in");
    assert_eq!(world.ended(with_table).await.state, JobState::Done);
}

#[tokio::test]
async fn words_about_listed_data_are_not_in_the_log_that_later_joiners_read() {
    let world = World::new().await;
    world.stores.connect(listed(), sales());

    let id = world.ask("sales by city").await;
    world.ended(id).await;

    let last = world.messages().await.pop().expect("is there");
    assert!(!last.content.contains("Bergen"), "{}", last.content);
    world.join(2).await;
    assert_eq!(world.questions.answer(&caller(2), id).await, Ok(Sight::Restricted(id)));
    let Ok(Sight::Full(answer)) = world.questions.answer(&caller(1), id).await else {
        panic!("is restricted");
    };
    assert!(answer.content.contains("Bergen"));
}

#[tokio::test]
async fn what_an_analyst_says_who_saw_the_tables_is_data_too() {
    let world = World::new().await;
    world.join(2).await;
    world.stores.connect(listed(), sales());
    world.script.drafts(Ok(Draft::NotData { reply: "Bergen, Turku.".to_owned(), intent: None }));

    let id = world.ask("which cities are there?").await;
    world.ended(id).await;

    let last = world.messages().await.pop().expect("is there");
    assert!(!last.content.contains("Bergen"), "{}", last.content);
    assert_eq!(world.questions.answer(&caller(2), id).await, Ok(Sight::Restricted(id)));
}

#[tokio::test]
async fn a_failure_tells_others_neither_sql_nor_names() {
    let world = World::new().await;
    world.join(2).await;
    world.stores.connect(listed(), sales());
    let refused = || {
        Does::Fails(WarehouseError::Query {
            code: "42703".to_owned(),
            meaning: "no such column".to_owned(),
            position: None,
            names: vec!["total".to_owned()],
        })
    };
    world.script.does(refused());
    world.script.does(refused());

    let id = world.ask("sales by city").await;
    world.ended(id).await;

    let last = world.messages().await.pop().expect("is there");
    assert!(!last.content.contains("total"), "{}", last.content);
    assert!(world.details(id).iter().all(|words| !words.contains("total")));
    let seen = world.questions.job(&caller(2), id).await.expect("is seen");
    assert_eq!(seen.sql, None);
    assert!(!seen.error.expect("failed").message.contains("total"));
    let own = world.questions.job(&caller(1), id).await.expect("is seen");
    assert!(own.sql.is_some() && own.error.expect("failed").message.contains("total"));
}

#[tokio::test]
async fn who_asks_back_names_no_connection_that_a_reader_may_not_know() {
    let world = World::new().await;
    world.join(2).await;
    let other = |id: u128, name: &str, access| Connection {
        id: ConnectionId::from_u128(id),
        name: name.to_owned(),
        ..shop(access)
    };
    world.stores.connect(other(78, "clinic", Access::Organization), sales());
    let mine = Access::Users(vec![UserId::from_u128(1)]);
    world.stores.connect(other(79, "payroll", mine), sales());

    world.ended(world.ask("how are we doing?").await).await;

    let last = world.messages().await.pop().expect("is there");
    assert!(last.content.contains("clinic, shop, or another one"), "{}", last.content);
    assert!(!last.content.contains("payroll"), "{}", last.content);
    assert!(world.script.ran.lock().is_empty());
}

#[tokio::test]
async fn rows_that_ran_while_the_connection_was_narrowed_are_not_given() {
    let world = World::new().await;
    world.script.does(Does::Waits);
    let me = caller(1);
    let run = world.questions.execute(&me, SHOP, SQL.to_owned(), (None, None), false);
    let narrowed = async {
        world.script.begun.notified().await;
        let others = Access::Users(vec![UserId::from_u128(2)]);
        world.stores.connect(shop(others), sales());
        world.script.go_on.notify_one();
    };

    let (ran, ()) = tokio::join!(run, narrowed);

    assert_eq!(ran, Err(ExecuteError::NoConnection));
    let again = world.questions.execute(&me, SHOP, SQL.to_owned(), (None, None), false).await;
    assert_eq!(again, Err(ExecuteError::NoConnection), "not from the cache either");
}

#[tokio::test]
async fn the_analyst_is_not_told_what_its_asker_may_not_see() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    world.ended(id).await;
    world.join(2).await;
    world.stores.connect(listed(), sales());

    let id = world.ask_as(2, "repeat the last answer").await;
    world.ended(id).await;

    let tasks = world.script.tasks.lock().clone();
    assert_eq!(tasks[1].history, []);
}

#[tokio::test]
async fn an_example_of_other_tables_is_not_shown_in_a_thread() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    world.ended(id).await;
    world.questions.verify(&caller(1), id, true).await.expect("is verified");
    let draft = ThreadDraft {
        channel: world.channel,
        root: None,
        title: "about".to_owned(),
        is_llm_enabled: true,
        allowed_databases: Vec::new(),
        allowed_tables: vec!["orders".to_owned()],
    };
    let (thread, _) = world.chat.create_thread(&caller(1), draft).await.expect("is made");

    let question = "and here?".to_owned();
    let ask = Ask { thread: Some(thread.id), question, ..Ask::default() };
    let asked = world.questions.ask(&caller(1), ask).await.expect("is taken in");
    world.ended(asked.job.id).await;

    let tasks = world.script.tasks.lock().clone();
    assert_eq!(tasks[1].examples, []);
}

#[tokio::test]
async fn an_answer_whose_message_is_deleted_is_gone_with_it() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    let message = world.ended(id).await.answer.expect("is posted");

    world.chat.delete(&caller(1), message).await.expect("is deleted");

    assert_eq!(world.questions.answer(&caller(1), id).await, Err(AskError::NoJob));
}
