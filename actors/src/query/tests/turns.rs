//! Who starts when, who waits, and who is called off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;

use super::world::{Does, SHOP, SQL, World, caller};
use crate::domain::{Job, JobId, JobState, OrgId};
use crate::memory::MemoryQuestions;
use crate::ports::{Jobs, OrgQueryLimits, QuestionsError, WarehouseError};
use crate::query::{AskError, ExecuteError, QuerySettings};

#[tokio::test]
async fn an_organization_has_no_more_queries_at_work_than_it_may() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { concurrent_max: 2, ..OrgQueryLimits::default() });

    let mut jobs = Vec::new();
    for number in 0..8 {
        jobs.push(world.ask(&format!("sales by city {number}")).await);
    }
    for job in jobs {
        assert_eq!(world.ended(job).await.state, JobState::Done);
    }

    assert!(world.script.busiest.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn too_many_questions_are_refused_and_those_before_them_answered() {
    let settings = QuerySettings { waiting_max: 2, org_waiting_max: 2, ..QuerySettings::default() };
    let world = World::with(settings, Arc::default()).await;
    let limits =
        OrgQueryLimits { concurrent_max: 1, cache_seconds: 0, ..OrgQueryLimits::default() };
    world.stores.limit(limits);
    world.script.does(Does::Hangs);
    let first = world.ask("one").await;
    world.reached(first, JobState::Running).await;
    let (second, third) = (world.ask("two").await, world.ask("three").await);

    let refused = world.try_asking("four").await;

    assert_eq!(refused.map(|asked| asked.job.id), Err(AskError::Overloaded));
    world.questions.cancel(&caller(1), first).await.expect("is called off");
    for (job, state) in
        [(first, JobState::Cancelled), (second, JobState::Done), (third, JobState::Done)]
    {
        assert_eq!(world.ended(job).await.state, state);
    }
}

#[tokio::test]
async fn a_query_that_is_called_off_is_called_off_in_the_database_too() {
    let world = World::new().await;
    world.script.does(Does::Hangs);
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::Running).await;

    world.questions.cancel(&caller(1), id).await.expect("is called off");

    assert_eq!(world.ended(id).await.state, JobState::Cancelled);
    assert_eq!(world.script.called_off.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_query_that_waits_is_called_off_at_once() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { concurrent_max: 1, ..OrgQueryLimits::default() });
    world.script.does(Does::Hangs);
    let first = world.ask("one").await;
    world.reached(first, JobState::Running).await;
    let second = world.ask("two").await;

    let job = world.questions.cancel(&caller(1), second).await.expect("is called off");

    assert_eq!(job.state, JobState::Cancelled);
    assert_eq!(world.questions.cancel_all(&caller(1)).await, 1);
    assert_eq!(world.ended(first).await.state, JobState::Cancelled);
    assert_eq!(world.script.tasks.lock().len(), 1, "the second never began");
}

#[tokio::test]
async fn a_costly_query_waits_for_its_asker_and_is_not_written_again() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { approval_cost: Some(100.0), ..OrgQueryLimits::default() });
    *world.script.cost.lock() = Some(5_000.0);
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::AwaitingApproval).await;
    assert!(world.script.ran.lock().is_empty());

    let denied = world.questions.approve(&caller(2), id).await;
    world.questions.approve(&caller(1), id).await.expect("is approved");

    assert_eq!(denied, Err(AskError::NoJob), "who does not read along knows of nothing");
    assert_eq!(world.ended(id).await.state, JobState::Done);
    assert_eq!(world.script.tasks.lock().len(), 1);
}

#[tokio::test]
async fn others_may_not_call_off_what_they_can_see() {
    let world = World::new().await;
    world.join(2).await;
    world.script.does(Does::Hangs);
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::Running).await;

    let denied = world.questions.cancel(&caller(2), id).await;

    assert!(matches!(denied, Err(AskError::Forbidden(_))), "{denied:?}");
    world.questions.cancel(&caller(1), id).await.expect("is called off");
    world.ended(id).await;
}

#[tokio::test]
async fn sql_of_a_person_goes_through_the_same_guard_and_cost() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { approval_cost: Some(100.0), ..OrgQueryLimits::default() });
    let run = |sql: &str, is_approved| {
        let sql = sql.to_owned();
        let world = &world;
        async move { world.questions.execute(&caller(1), SHOP, sql, (None, None), is_approved).await }
    };

    assert!(matches!(run("DROP TABLE sales", false).await, Err(ExecuteError::Rejected(_))));
    *world.script.cost.lock() = Some(5_000.0);
    assert_eq!(run(SQL, false).await, Err(ExecuteError::ApprovalNeeded(5_000.0)));
    let rows = run(SQL, true).await.expect("runs");

    assert_eq!(rows.table.rows.len(), 2);
    assert_eq!(world.script.ran.lock().len(), 1);
}

#[tokio::test]
async fn an_approval_is_of_one_query_and_not_of_the_next() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { approval_cost: Some(100.0), ..OrgQueryLimits::default() });
    *world.script.cost.lock() = Some(5_000.0);
    world.script.does(Does::Fails(WarehouseError::Query {
        code: "42703".to_owned(),
        meaning: "no such column".to_owned(),
        position: None,
        names: Vec::new(),
    }));
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::AwaitingApproval).await;
    world.script.writes("SELECT city FROM sales");

    world.questions.approve(&caller(1), id).await.expect("is approved");
    let job = world.reached(id, JobState::AwaitingApproval).await;

    assert_eq!(world.script.ran.lock().len(), 1, "the second is another query");
    assert!(!job.is_approved && job.sql.expect("is shown").contains("city"));
}

#[tokio::test]
async fn an_approval_that_has_no_room_can_be_given_again_and_the_query_called_off() {
    let settings = QuerySettings { waiting_max: 0, org_waiting_max: 0, ..QuerySettings::default() };
    let world = World::with(settings, Arc::default()).await;
    let limit = |concurrent_max| OrgQueryLimits {
        concurrent_max,
        approval_cost: Some(100.0),
        ..OrgQueryLimits::default()
    };
    world.stores.limit(limit(2));
    world.script.does(Does::Hangs);
    let busy = world.ask("one").await;
    world.reached(busy, JobState::Running).await;
    *world.script.cost.lock() = Some(5_000.0);
    let id = world.ask("two").await;
    world.reached(id, JobState::AwaitingApproval).await;
    world.stores.limit(limit(1));

    let refused = world.questions.approve(&caller(1), id).await;

    assert_eq!(refused, Err(AskError::Overloaded));
    world.reached(id, JobState::AwaitingApproval).await;
    let job = world.questions.cancel(&caller(1), id).await.expect("is called off");
    assert_eq!(job.state, JobState::Cancelled);
}

#[tokio::test]
async fn an_organization_leaves_workers_for_others_whatever_its_limit() {
    let settings = QuerySettings { workers: 4, ..QuerySettings::default() };
    let world = World::with(settings, Arc::default()).await;
    let limits =
        OrgQueryLimits { concurrent_max: 64, cache_seconds: 0, ..OrgQueryLimits::default() };
    world.stores.limit(limits);
    let mut jobs = Vec::new();
    for number in 0..4 {
        world.script.does(Does::Hangs);
        jobs.push(world.ask(&format!("sales by city {number}")).await);
    }
    for job in &jobs[..3] {
        world.reached(*job, JobState::Running).await;
    }

    // The last one waits: it is called off without having been at work.
    let last = world.questions.cancel(&caller(1), jobs[3]).await.expect("is called off");

    assert_eq!(last.state, JobState::Cancelled);
    assert_eq!(world.told(jobs[3]), [JobState::Cancelled]);
    world.questions.cancel_all(&caller(1)).await;
    for job in &jobs[..3] {
        world.ended(*job).await;
    }
    assert_eq!(world.script.busiest.load(Ordering::SeqCst), 3);
}

/// Calls a job off between a worker's look at it and its first step.
#[derive(Default)]
struct CalledOffBetween {
    stores: Arc<MemoryQuestions>,
    is_armed: AtomicBool,
}

#[async_trait]
impl Jobs for CalledOffBetween {
    async fn put(&self, job: &Job, over: u64) -> Result<u64, QuestionsError> {
        self.stores.put(job, over).await
    }

    async fn get(&self, org: OrgId, id: JobId) -> Result<Option<(Job, u64)>, QuestionsError> {
        let found = Jobs::get(&*self.stores, org, id).await?;
        if let Some((job, version)) = &found
            && job.state == JobState::Queued
            && self.is_armed.swap(false, Ordering::SeqCst)
        {
            let called_off = Job { state: JobState::Cancelled, ..job.clone() };
            Jobs::put(&*self.stores, &called_off, *version).await?;
        }
        Ok(found)
    }

    async fn unfinished(&self) -> Result<Vec<(Job, u64)>, QuestionsError> {
        self.stores.unfinished().await
    }

    async fn dead(&self, org: OrgId, limit: usize) -> Result<Vec<Job>, QuestionsError> {
        self.stores.dead(org, limit).await
    }
}

#[tokio::test]
async fn a_job_that_is_called_off_as_it_begins_never_runs() {
    let jobs = Arc::<CalledOffBetween>::default();
    let stores = Arc::clone(&jobs.stores);
    let world = World::over(QuerySettings::default(), stores, jobs.clone()).await;
    world.stores.limit(OrgQueryLimits { approval_cost: Some(100.0), ..OrgQueryLimits::default() });
    *world.script.cost.lock() = Some(5_000.0);
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::AwaitingApproval).await;
    jobs.is_armed.store(true, Ordering::SeqCst);

    world.questions.approve(&caller(1), id).await.expect("is approved");
    // One after the other: when the next one has ended, that one has left its worker.
    *world.script.cost.lock() = None;
    world.stores.limit(OrgQueryLimits { concurrent_max: 1, ..OrgQueryLimits::default() });
    let next = world.ask("and then?").await;
    world.ended(next).await;

    assert_eq!(world.ended(id).await.state, JobState::Cancelled);
    assert_eq!(world.script.ran.lock().len(), 1, "only the next one");
    assert!(world.questions.cancel(&caller(1), id).await.is_ok(), "once more changes nothing");
}

#[tokio::test]
async fn a_query_that_is_called_off_while_it_is_agreed_to_is_called_off() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { approval_cost: Some(100.0), ..OrgQueryLimits::default() });
    *world.script.cost.lock() = Some(5_000.0);
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::AwaitingApproval).await;

    world.script.does(Does::Hangs);
    let me = caller(1);
    let (approved, cancelled) =
        tokio::join!(world.questions.approve(&me, id), world.questions.cancel(&me, id));

    assert_eq!(cancelled.expect("is called off").id, id);
    assert_eq!(world.ended(id).await.state, JobState::Cancelled);
    assert!(approved.is_ok() || world.script.ran.lock().is_empty());
}

#[tokio::test]
async fn what_an_asker_may_is_looked_up_when_the_question_runs() {
    let world = World::new().await;
    world.stores.limit(OrgQueryLimits { approval_cost: Some(100.0), ..OrgQueryLimits::default() });
    *world.script.cost.lock() = Some(5_000.0);
    let (demoted, dismissed) = (world.ask("sales by city").await, world.ask("and sales?").await);
    for id in [demoted, dismissed] {
        world.reached(id, JobState::AwaitingApproval).await;
    }

    world.stores.appoint(caller(1).user(), Some(crate::domain::OrgRole::Guest));
    world.questions.approve(&caller(1), demoted).await.expect("is approved");
    let ended = world.ended(demoted).await;
    assert_eq!(ended.state, JobState::Failed);
    assert_eq!(ended.error.expect("says why").code, "connection_not_allowed");

    world.stores.appoint(caller(1).user(), None);
    world.questions.approve(&caller(1), dismissed).await.expect("is approved");
    assert_eq!(world.ended(dismissed).await.state, JobState::Cancelled);
    let sql = SQL.to_owned();
    let refused = world.questions.execute(&caller(1), SHOP, sql, (None, None), true).await;
    assert_eq!(refused, Err(ExecuteError::NoConnection));
    assert!(world.script.ran.lock().is_empty());
}
