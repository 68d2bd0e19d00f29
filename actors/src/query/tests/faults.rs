//! What fails ends where its asker sees it, within its deadline, and nothing is forgotten.

use std::sync::Arc;
use std::time::Duration;

use super::world::{Does, ORG, World, caller};
use crate::domain::{Job, JobState, MessageKind};
use crate::memory::MemoryQuestions;
use crate::ports::{AnalystError, Jobs, WarehouseError};
use crate::query::QuerySettings;

#[tokio::test]
async fn a_model_that_is_down_says_so_in_the_conversation() {
    let world = World::new().await;
    world.script.drafts(Err(AnalystError::Unavailable("503".to_owned())));

    let job = world.ended(world.ask("sales by city").await).await;

    assert_eq!(job.error.expect("says why").code, "model_unavailable");
    assert!(world.messages().await.pop().expect("is there").content.contains("Ask again"));
}

#[tokio::test]
async fn a_model_that_never_answers_ends_at_its_deadline() {
    let settings =
        QuerySettings { draft_max: Duration::from_millis(20), ..QuerySettings::default() };
    let world = World::with(settings, Arc::default()).await;
    *world.script.is_mute.lock() = true;

    let job = world.ended(world.ask("sales by city").await).await;

    assert_eq!(job.error.expect("says why").code, "model_timeout");
}

#[tokio::test]
async fn a_database_that_is_too_slow_is_not_asked_again() {
    let world = World::new().await;
    world.script.does(Does::Fails(WarehouseError::Timeout(Duration::from_secs(30))));

    let job = world.ended(world.ask("sales by city").await).await;

    assert_eq!(job.error.expect("says why").code, "query_timeout");
    assert_eq!(world.script.ran.lock().len(), 1);
}

#[tokio::test]
async fn a_job_whose_worker_panics_is_done_by_the_next_one() {
    let world = World::new().await;
    world.script.does(Does::Panics);

    let id = world.ask("sales by city").await;
    let job = world.ended(id).await;

    assert_eq!((job.state, job.attempts), (JobState::Done, 2));
    let count = world.core.counts().into_iter().find(|count| count.actor == "query");
    assert_eq!(count.map(|count| count.restarts), Some(1));
}

#[tokio::test]
async fn a_job_that_ends_every_worker_is_given_up_in_words_and_listed_as_dead() {
    let world = World::new().await;
    for _ in 0..3 {
        world.script.does(Does::Panics);
    }

    let id = world.ask("sales by city").await;
    let job = world.ended(id).await;

    assert_eq!(job.error.expect("says why").code, "given_up");
    let mut admin = caller(1);
    admin.role = crate::domain::OrgRole::Admin;
    let dead = world.questions.dead(&admin, 10).await.expect("is read");
    assert_eq!(dead.iter().map(|job| job.id).collect::<Vec<_>>(), [id]);
    let again = world.questions.retry(&admin, id).await.expect("is tried again");
    assert_eq!(world.ended(again.id).await.state, JobState::Done);
}

#[tokio::test]
async fn a_job_of_before_a_restart_is_done_after_it() {
    let stores = Arc::<MemoryQuestions>::default();
    let job = {
        let before = World::with(QuerySettings::default(), Arc::clone(&stores)).await;
        before.script.does(Does::Hangs);
        let id = before.ask("sales by city").await;
        before.reached(id, JobState::Running).await;
        before.core.stop(Duration::from_millis(500)).await;
        Jobs::get(&*stores, ORG, id).await.expect("is read").expect("is stored").0
    };
    assert_eq!(job.state, JobState::Running);

    let after = World::with(QuerySettings::default(), Arc::clone(&stores)).await;

    let job: Job = after.ended(job.id).await;
    assert_eq!((job.state, job.attempts), (JobState::Done, 2));
}

#[tokio::test]
async fn an_answer_that_was_found_before_a_crash_is_posted_once() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    let done = world.ended(id).await;
    let (job, version) = Jobs::get(&*world.stores, ORG, id).await.expect("is read").expect("is");
    let undone = Job { state: JobState::Explaining, finished_at: None, answer: None, ..job };
    Jobs::put(&*world.stores, &undone, version).await.expect("is stored");

    world.core.kill_queries();

    let again = world.ended(id).await;
    assert_eq!(again.answer, done.answer);
    let messages = world.messages().await;
    let answers = messages.iter().filter(|message| message.kind == MessageKind::Answer);
    assert_eq!(answers.count(), 1);
    assert_eq!(world.script.tasks.lock().len(), 1, "nothing was asked again");
}
