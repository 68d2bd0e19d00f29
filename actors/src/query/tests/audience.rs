//! Who may see an answer, now and later.

use super::world::{SHOP, World, caller, sales, shop};
use crate::chat::ThreadDraft;
use crate::domain::{Access, JobState, UserId};
use crate::query::{Ask, AskError, Sight};

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
