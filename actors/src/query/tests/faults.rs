//! What fails ends where its asker sees it, within its deadline, and nothing is forgotten.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use super::world::{Does, ORG, World, caller};
use crate::domain::{Job, JobId, JobState, MessageKind, OrgId, Timestamp};
use crate::memory::{FaultPlan, MemoryQuestions};
use crate::ports::{AnalystError, Jobs, QuestionsError, WarehouseError};
use crate::query::hub::HubMessage;
use crate::query::{Ask, AskError, QuerySettings};

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

#[tokio::test(start_paused = true)]
async fn an_answer_that_may_be_posted_leaves_its_job_open_for_the_next_look() {
    let world = World::new().await;
    world.script.does(Does::Waits);
    let id = world.ask("sales by city").await;
    world.script.begun.notified().await;
    world.writes.set_plan(FaultPlan { unknown_lost: 100, ..FaultPlan::default() });
    world.script.go_on.notify_one();
    tokio::time::sleep(Duration::from_secs(90)).await;

    let (job, version) = Jobs::get(&*world.stores, ORG, id).await.expect("is read").expect("is");
    assert!(!job.state.is_final(), "{:?}", job.state);
    world.writes.set_plan(FaultPlan::default());
    let older = Job { updated_at: Timestamp(job.updated_at.0 - 60_000), ..job };
    Jobs::put(&*world.stores, &older, version).await.expect("is stored");
    tell(&world, HubMessage::Sweep);

    assert_eq!(world.ended(id).await.state, JobState::Done);
    let messages = world.messages().await;
    assert_eq!(messages.iter().filter(|message| message.kind == MessageKind::Answer).count(), 1);
}

/// Jobs of which the first is stored, and nobody learns of it.
struct Unheard {
    stores: Arc<MemoryQuestions>,
    is_armed: AtomicBool,
}

#[async_trait]
impl Jobs for Unheard {
    async fn put(&self, job: &Job, over: u64) -> Result<u64, QuestionsError> {
        let stored = Jobs::put(&*self.stores, job, over).await;
        if self.is_armed.swap(false, Ordering::SeqCst) {
            return Err(QuestionsError::Unavailable);
        }
        stored
    }

    async fn get(&self, org: OrgId, id: JobId) -> Result<Option<(Job, u64)>, QuestionsError> {
        Jobs::get(&*self.stores, org, id).await
    }

    async fn unfinished(&self) -> Result<Vec<(Job, u64)>, QuestionsError> {
        self.stores.unfinished().await
    }

    async fn dead(&self, org: OrgId, limit: usize) -> Result<Vec<Job>, QuestionsError> {
        self.stores.dead(org, limit).await
    }
}

#[tokio::test]
async fn a_question_whose_job_may_be_stored_is_open_and_the_same_again_settles_it() {
    let stores = Arc::<MemoryQuestions>::default();
    let jobs = Arc::new(Unheard { stores: stores.clone(), is_armed: AtomicBool::new(true) });
    let world = World::over(QuerySettings::default(), stores, jobs).await;
    let ask = || Ask {
        channel: Some(world.channel),
        question: "sales by city".to_owned(),
        client_message_id: Some("once".to_owned()),
        ..Ask::default()
    };

    let open = world.questions.ask(&caller(1), ask()).await.expect_err("is not known");
    assert_eq!((open.code(), open.is_retryable()), ("outcome_unknown", true));

    let asked = world.questions.ask(&caller(1), ask()).await.expect("is there");
    assert_eq!(asked.job.state, JobState::Queued);
    assert_eq!(world.messages().await.len(), 1);
}

pub(super) fn tell(world: &World, message: HubMessage) {
    let hub = world.core.pool.counter.hub.read().clone().expect("lives");
    hub.cast(message).expect("is heard");
}

#[tokio::test]
async fn a_job_that_nobody_has_is_found_by_the_next_look() {
    let world = World::new().await;
    let id = world.ask("sales by city").await;
    world.ended(id).await;
    let (job, version) = Jobs::get(&*world.stores, ORG, id).await.expect("is read").expect("is");
    let updated_at = Timestamp(job.updated_at.0 - 60_000);
    let lost = Job { state: JobState::Queued, finished_at: None, updated_at, ..job };
    Jobs::put(&*world.stores, &lost, version).await.expect("is stored");

    tell(&world, HubMessage::Sweep);

    assert_eq!(world.ended(id).await.state, JobState::Done);
}

#[tokio::test]
async fn a_job_that_ended_while_it_waited_is_not_begun() {
    let world = World::new().await;
    let done = world.ask("sales by city").await;
    let job = world.ended(done).await;
    let id = crate::domain::JobId::from_u128(4_711);
    let ended = Job { id, state: JobState::Cancelled, ..job };
    let version = Jobs::put(&*world.stores, &ended, 0).await.expect("is stored");
    let stale = Box::new(Job { state: JobState::Queued, ..ended });

    tell(&world, HubMessage::Resume { job: stale, version, concurrent_max: 1 });
    // One after the other: when the next one has ended, that one has, too.
    let next = world.ask("and then?").await;
    world.ended(next).await;

    assert_eq!(world.told(id), []);
    assert_eq!(world.script.tasks.lock().len(), 2);
}

#[tokio::test]
async fn a_pool_that_is_told_to_stop_takes_nothing_more_in_and_does_not_come_back() {
    let world = World::new().await;
    world.ended(world.ask("sales by city").await).await;

    world.core.pool.drain().await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }

    let refused = world.try_asking("and then?").await;
    assert_eq!(refused.map(|asked| asked.job.id), Err(AskError::Overloaded));
    let hubs = world.core.counts().into_iter().find(|count| count.actor == "hub");
    assert_eq!(hubs.map(|count| count.restarts), Some(0));
}
