//! Questions that are answered, and those that the data cannot answer.

use super::world::{SHOP, SQL, World, caller, shop, two_cities};
use crate::domain::{Access, ChartKind, JobState, MessageKind, Schema};
use crate::ports::{AuditEvent, Draft, WarehouseError};
use crate::query::tests::world::Does;
use crate::query::{Background, ExecuteError, Sight};

fn refused(meaning: &str) -> Does {
    Does::Fails(WarehouseError::Query {
        code: "42703".to_owned(),
        meaning: meaning.to_owned(),
        position: Some(8),
        names: vec!["total".to_owned()],
    })
}

#[tokio::test]
async fn a_question_becomes_an_answer_in_its_conversation() {
    let world = World::new().await;

    let id = world.ask("sales by city").await;
    let job = world.ended(id).await;

    assert_eq!(job.state, JobState::Done);
    assert_eq!(job.connection, Some(SHOP));
    let messages = world.messages().await;
    let [question, answer] = &messages[messages.len() - 2..] else { panic!("{messages:?}") };
    assert_eq!(question.content, "sales by city");
    assert_eq!((answer.kind, answer.parent), (MessageKind::Answer, Some(question.id)));
    assert_eq!(job.answer, Some(answer.id));
    assert!(answer.mentions.contains(&caller(1).user()), "the asker is told");
    let Sight::Full(sight) = world.questions.answer(&caller(1), id).await.expect("is there") else {
        panic!("is restricted");
    };
    assert_eq!(sight.preview, two_cities());
    assert_eq!((sight.usage.input, sight.usage.output), (15, 3));
    assert_eq!(sight.chart.expect("has one").kind, ChartKind::Bar);
    assert_eq!(sight.unchecked_numbers, ["999"], "Oslo is not in the result");
}

#[tokio::test]
async fn every_state_is_told_in_its_order() {
    let world = World::new().await;

    let id = world.ask("sales by city").await;
    let job = world.ended(id).await;

    let states = [
        JobState::ReadingSchema,
        JobState::WritingSql,
        JobState::Checking,
        JobState::Running,
        JobState::Explaining,
        JobState::Done,
    ];
    assert_eq!(world.told(id), states);
    let left: Vec<_> = job.timings.iter().map(|(state, _)| *state).collect();
    assert_eq!(left, [&[JobState::Queued], &states[..5]].concat());
}

#[tokio::test]
async fn sql_that_fails_is_written_once_more_with_the_reason() {
    let world = World::new().await;
    world.script.writes("SELECT city FROM sales");
    world.script.writes(SQL);
    world.script.does(refused("no such column"));

    let job = world.ended(world.ask("sales by city").await).await;

    assert_eq!(job.state, JobState::Done);
    let tasks = world.script.tasks.lock().clone();
    let failed = tasks[1].failed.clone().expect("is told");
    assert!(failed.reason.contains("42703") && failed.reason.contains("total"), "{failed:?}");
    assert!(world.told(job.id).contains(&JobState::Retrying));
}

#[tokio::test]
async fn sql_that_fails_twice_ends_in_words_that_everybody_sees() {
    let world = World::new().await;
    world.script.does(refused("no such column"));
    world.script.does(refused("no such column"));

    let job = world.ended(world.ask("sales by city").await).await;

    assert_eq!(job.state, JobState::Failed);
    assert_eq!(job.error.expect("says why").code, "query_failed");
    let last = world.messages().await.pop().expect("is there");
    assert!(last.content.contains("no such column"), "{}", last.content);
    assert_eq!(world.script.ran.lock().len(), 2, "never a third time");
}

#[tokio::test]
async fn what_the_guard_refuses_never_reaches_the_database() {
    let world = World::new().await;
    world.script.writes("DELETE FROM sales");
    world.script.writes("SELECT * FROM forbidden");

    let job = world.ended(world.ask("delete all sales").await).await;

    assert_eq!(job.state, JobState::Rejected);
    assert!(world.script.ran.lock().is_empty());
    assert_eq!(world.actions(), ["query.rejected", "query.rejected"]);
}

#[tokio::test]
async fn a_query_is_in_the_trail_before_it_runs_and_after() {
    let world = World::new().await;
    world.script.does(Does::Waits);

    let id = world.ask("sales by city").await;
    world.script.begun.notified().await;
    let before = world.stores.audited();
    world.script.go_on.notify_one();
    world.ended(id).await;

    let [start] = &before[..] else { panic!("{before:?}") };
    assert_eq!((start.action, &start.resource_id), ("query.start", &id.to_string()));
    let [_, run] = &world.stores.audited()[..] else { panic!("not two entries") };
    let told = |event: &AuditEvent, name: &str| {
        event.details.iter().find(|(of, _)| *of == name).map(|(_, text)| text.clone())
    };
    assert_eq!(run.action, "query.run");
    for name in ["run_id", "sql", "question"] {
        assert!(told(start, name).is_some() && told(start, name) == told(run, name), "{name}");
    }
    assert_eq!(told(start, "status").as_deref(), Some("started"));
    assert_eq!(told(run, "status").as_deref(), Some("done"));
    // What comes from the cache is run by nobody.
    world.ended(world.ask("sales by city, once more").await).await;
    assert_eq!(world.actions(), ["query.start", "query.run", "query.run"]);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_run() {
    let world = World::new().await;
    world.stores.refuse_audit();

    let job = world.ended(world.ask("sales by city").await).await;
    let sql = SQL.to_owned();
    let ran = world.questions.execute(&caller(1), SHOP, sql, (None, None), false).await;

    assert_eq!(job.error.expect("says why").code, "unavailable");
    assert_eq!(ran, Err(ExecuteError::Unavailable));
    assert!(world.script.ran.lock().is_empty());
}

#[tokio::test]
async fn what_is_not_about_data_is_answered_without_any() {
    let world = World::new().await;
    let reply = "Hello!".to_owned();
    world.script.drafts(Ok(Draft::NotData { reply, intent: Some("greeting".to_owned()) }));

    let job = world.ended(world.ask("hi").await).await;

    assert_eq!(job.state, JobState::Done);
    assert_eq!(world.messages().await.pop().expect("is there").content, "Hello!");
    assert!(world.script.ran.lock().is_empty());
}

#[tokio::test]
async fn a_connection_that_was_never_read_is_what_is_blamed() {
    let world = World::new().await;
    world.stores.connect(shop(Access::Organization), Schema::default());
    let reason = "I do not know the word city.".to_owned();
    world.script.drafts(Ok(Draft::CannotAnswer { reason }));

    let job = world.ended(world.ask("sales by city").await).await;

    assert_eq!(job.state, JobState::Done);
    let last = world.messages().await.pop().expect("is there");
    assert!(last.content.contains("could not be read yet"), "{}", last.content);
}

#[tokio::test]
async fn the_same_query_again_comes_from_the_cache_and_says_so() {
    let world = World::new().await;
    world.ended(world.ask("sales by city").await).await;

    let id = world.ask("once more: sales by city").await;
    world.ended(id).await;

    assert_eq!(world.script.ran.lock().len(), 1);
    let Sight::Full(answer) = world.questions.answer(&caller(1), id).await.expect("is there")
    else {
        panic!("is restricted");
    };
    assert!(answer.cached_at.is_some());
}

#[tokio::test]
async fn a_follow_up_is_told_what_was_asked_before() {
    let world = World::new().await;
    world.ended(world.ask("sales by city").await).await;

    world.ended(world.ask("and only Bergen?").await).await;

    let tasks = world.script.tasks.lock().clone();
    let [before] = &tasks[1].history[..] else { panic!("{:?}", tasks[1].history) };
    assert_eq!(before.question, "sales by city");
    assert_eq!(before.summary, "Bergen leads.");
    assert!(before.sql.is_some());
}

#[tokio::test]
async fn a_verified_answer_is_an_example_for_the_next_question() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    world.ended(id).await;

    world.questions.verify(&caller(1), id, true).await.expect("is verified");
    world.ended(world.ask("and now?").await).await;

    let tasks = world.script.tasks.lock().clone();
    assert_eq!(tasks[1].examples[0].question, "sales by city");
}

#[tokio::test]
async fn a_question_is_worked_on_by_the_pools_own_threads() {
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("aside")
        .enable_all()
        .build()
        .expect("starts");
    let background = Background { runtime: threads.handle().clone(), stand_back: || {} };
    let world = World::beside(background).await;

    let id = world.ask("sales by city").await;

    assert_eq!(world.ended(id).await.state, JobState::Done);
    assert_eq!(world.script.thread.lock().as_deref(), Some("aside"));
    drop(world);
    threads.shutdown_background();
}
