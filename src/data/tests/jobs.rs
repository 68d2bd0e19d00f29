//! Jobs, answers and examples as the query pool keeps them.

use starling_actors::domain::{
    Answer, Audience, Cell, ChannelId, ColumnType, Job, JobError, JobId, JobState, MessageId,
    NodeId, Priority, ResultColumn, ResultTable, Timestamp, TokenUsage,
};
use starling_actors::memory::{FaultyRecords, Mishap};
use starling_actors::ports::{Answers, Catalog, Example, Jobs, QuestionsError, Records};

use super::*;
use crate::data::jobs::STRAY_MAX;
use crate::records::SERVER;

pub(super) fn job(number: u128, state: JobState) -> Job {
    Job {
        id: JobId::from_u128(number),
        org: ORG,
        channel: ChannelId::from_u128(3),
        thread: None,
        message: MessageId::from_u128(4),
        asked_by: analyst().caller.byline,
        role: OrgRole::Analyst,
        question: "how many".to_owned(),
        context: None,
        connection: Some(ConnectionId::from_u128(5)),
        priority: Priority::Schedule,
        state,
        sql: Some("SELECT 1".to_owned()),
        is_approved: true,
        node: Some(NodeId::from_u128(9)),
        attempts: 2,
        answer: None,
        error: Some(JobError { code: "query_timeout", message: "too long".to_owned() }),
        timings: vec![(JobState::Queued, 3)],
        created_at: Timestamp(1),
        updated_at: Timestamp(2),
        finished_at: None,
    }
}

#[tokio::test]
async fn a_job_reads_back_and_is_stored_only_over_the_version_that_was_read() {
    let data = World::new().data().await;
    let mut asked = job(1, JobState::Queued);
    assert_eq!(Jobs::put(&data, &asked, 0).await, Ok(1));
    assert_eq!(Jobs::put(&data, &asked, 0).await, Err(QuestionsError::Conflict));
    asked.state = JobState::Running;
    assert_eq!(Jobs::put(&data, &asked, 1).await, Ok(2));
    assert_eq!(Jobs::put(&data, &asked, 1).await, Err(QuestionsError::Conflict));
    assert_eq!(Jobs::get(&data, ORG, asked.id).await, Ok(Some((asked.clone(), 2))));
    assert_eq!(Jobs::get(&data, OTHER, asked.id).await, Ok(None));
}

#[tokio::test]
async fn open_jobs_are_found_again_and_failed_ones_are_kept_newest_first() {
    let data = World::new().data().await;
    for number in 1..=4 {
        Jobs::put(&data, &job(number, JobState::Running), 0).await.unwrap();
    }
    for (number, state) in [(1, JobState::Failed), (2, JobState::Done), (3, JobState::Failed)] {
        Jobs::put(&data, &job(number, state), 1).await.unwrap();
    }
    let open = data.unfinished().await.unwrap();
    assert_eq!(open, [(job(4, JobState::Running), 1)]);
    let ids = |jobs: Vec<Job>| jobs.iter().map(|job| job.id.as_u128()).collect::<Vec<_>>();
    assert_eq!(data.dead(ORG, 10).await.map(ids), Ok(vec![3, 1]));
    assert_eq!(data.dead(ORG, 1).await.map(ids), Ok(vec![3]));
    assert_eq!(data.dead(OTHER, 10).await.map(ids), Ok(vec![]));
}

/// A node on the world's records, on which `other` happens before its first change of a `kind`.
async fn interrupted(
    world: &World,
    kind: &'static str,
    other: impl Future<Output = ()> + Send + 'static,
) -> Data {
    let records = FaultyRecords::new(Arc::clone(&world.records) as _);
    records.at_next(kind, Mishap::Interrupted(Box::pin(other)));
    world.over(Arc::new(records)).await
}

#[tokio::test]
async fn a_look_at_open_jobs_leaves_one_that_is_just_being_made() {
    let world = World::new();
    let elsewhere = world.data().await;
    let look = elsewhere.clone();
    let data = interrupted(&world, "job", async move {
        assert_eq!(look.unfinished().await, Ok(Vec::new()), "it is not there yet");
    });

    Jobs::put(&data.await, &job(1, JobState::Queued), 0).await.unwrap();

    let open = elsewhere.unfinished().await.unwrap();
    assert_eq!(open, [(job(1, JobState::Queued), 1)]);
}

#[tokio::test]
async fn a_job_that_is_started_again_while_its_end_is_stored_stays_open() {
    let world = World::new();
    let elsewhere = world.data().await;
    Jobs::put(&elsewhere, &job(1, JobState::Running), 0).await.unwrap();
    let retry = elsewhere.clone();
    let data = interrupted(&world, "job_open", async move {
        Jobs::put(&retry, &job(1, JobState::Queued), 2).await.unwrap();
    });

    Jobs::put(&data.await, &job(1, JobState::Cancelled), 1).await.unwrap();

    let open = elsewhere.unfinished().await.unwrap();
    assert_eq!(open, [(job(1, JobState::Queued), 3)]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_started_again_while_its_old_entry_is_taken_away_stays_open() {
    let world = World::new();
    let elsewhere = world.data().await;
    Jobs::put(&elsewhere, &job(1, JobState::Failed), 0).await.unwrap();
    elsewhere.open_entry(ORG, &JobId::from_u128(1).to_string()).await.unwrap();
    assert_eq!(elsewhere.unfinished().await, Ok(Vec::new()));
    tokio::time::advance(STRAY_MAX).await;
    let look = elsewhere.clone();
    let data = interrupted(&world, "job", async move {
        assert_eq!(look.unfinished().await, Ok(Vec::new()));
    });

    Jobs::put(&data.await, &job(1, JobState::Queued), 1).await.unwrap();

    let open = elsewhere.unfinished().await.unwrap();
    assert_eq!(open, [(job(1, JobState::Queued), 2)]);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_a_crash_left_is_taken_away_after_a_while() {
    let world = World::new();
    let data = world.data().await;
    data.open_entry(ORG, &JobId::from_u128(1).to_string()).await.unwrap();
    let entries = async || {
        assert_eq!(data.unfinished().await, Ok(Vec::new()));
        world.records.list(SERVER, "job_open", "", None, 10).await.unwrap().len()
    };

    assert_eq!(entries().await, 1);
    tokio::time::advance(STRAY_MAX / 2).await;
    data.open_entry(ORG, &JobId::from_u128(1).to_string()).await.unwrap();
    assert_eq!(entries().await, 1);
    tokio::time::advance(STRAY_MAX / 2).await;
    assert_eq!(entries().await, 1, "it was renewed");
    tokio::time::advance(STRAY_MAX / 2).await;
    assert_eq!(entries().await, 0);
}

#[tokio::test]
async fn an_answer_reads_back_and_another_one_replaces_it() {
    let data = World::new().data().await;
    let column = ResultColumn { name: "n".to_owned(), kind: ColumnType::Integer };
    let preview =
        ResultTable { columns: vec![column], rows: vec![vec![Cell::Int(3)]], is_truncated: false };
    let mut answer = Answer {
        job: JobId::from_u128(1),
        org: ORG,
        channel: ChannelId::from_u128(3),
        question: "how many".to_owned(),
        connection: Some(ConnectionId::from_u128(5)),
        sql: "SELECT 3".to_owned(),
        reasoning: "counting".to_owned(),
        preview,
        row_count: 1,
        chart: None,
        content: "Three.".to_owned(),
        summary: "Three.".to_owned(),
        unchecked_numbers: vec!["4".to_owned()],
        execution_ms: 12,
        usage: TokenUsage { input: 1, output: 2 },
        model: "built-in".to_owned(),
        cached_at: Some(Timestamp(9)),
        follow_ups: vec!["and by country?".to_owned()],
        intent: None,
        verified_by: Some(analyst().caller.byline),
        audience: Audience::Restricted,
        error: Some(JobError { code: "query_failed", message: "no".to_owned() }),
        created_at: Timestamp(10),
    };
    Answers::put(&data, &answer).await.unwrap();
    assert_eq!(Answers::get(&data, ORG, answer.job).await, Ok(Some(answer.clone())));
    answer.content = "Four.".to_owned();
    Answers::put(&data, &answer).await.unwrap();
    assert_eq!(Answers::get(&data, ORG, answer.job).await, Ok(Some(answer.clone())));
    assert_eq!(Answers::get(&data, OTHER, answer.job).await, Ok(None));
}

#[tokio::test]
async fn examples_come_newest_first_and_go_with_their_connection() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let example = |text: &str| Example { question: text.to_owned(), sql: "SELECT 1".to_owned() };
    for (job, text) in [(1, "first"), (2, "second"), (3, "third")] {
        data.put_example(ORG, id, JobId::from_u128(job), Some(example(text))).await.unwrap();
    }
    data.put_example(ORG, id, JobId::from_u128(2), None).await.unwrap();
    assert_eq!(data.examples(ORG, id).await, Ok(vec![example("third"), example("first")]));
    data.delete_connection(&admin(), id).await.unwrap();
    assert_eq!(data.examples(ORG, id).await, Ok(vec![]));
}

#[tokio::test]
async fn a_job_that_is_started_once_more_is_open_again() {
    let data = World::new().data().await;
    let mut asked = job(1, JobState::Failed);
    Jobs::put(&data, &asked, 0).await.unwrap();
    assert_eq!(data.unfinished().await, Ok(Vec::new()));
    asked.state = JobState::Queued;

    Jobs::put(&data, &asked, 1).await.unwrap();

    assert_eq!(data.unfinished().await, Ok(vec![(asked, 2)]));
}
