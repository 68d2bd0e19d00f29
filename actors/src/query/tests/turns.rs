//! Who starts when, who waits, and who is called off.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::world::{Does, SHOP, SQL, World, caller};
use crate::domain::JobState;
use crate::ports::{OrgQueryLimits, WarehouseError};
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
