//! Opening, migrating, and what an answer says.

use super::{fresh_keyspace, settings, shared_store};
use crate::adapters::scylla::{OpenError, Settings, Statement, Store, StoreError};
use starling_actors::domain::{BUCKET_ENTRIES, Timestamp};
use starling_actors::memory::ManualClock;

const TAKE: Statement =
    Statement::conditional("test", "INSERT INTO facts (name, value) VALUES (?, ?) IF NOT EXISTS");
const FORGET: Statement =
    Statement::conditional("test", "DELETE FROM facts WHERE name = ? IF EXISTS");

#[tokio::test]
async fn two_nodes_that_start_at_once_apply_each_step_once() {
    let settings = settings(&fresh_keyspace());
    // The keyspace is there, as in every update; the steps are not.
    let opened = Store::open_migrated(&settings, &ManualClock::default()).await;
    let (first, steps) = opened.unwrap();
    assert!(!steps.is_empty());
    first.session.driver().query_unpaged("TRUNCATE schema_steps", ()).await.unwrap();

    let (one_clock, other_clock) = (ManualClock::default(), ManualClock::new(Timestamp(1), 7));
    let (one, other) = tokio::join!(
        Store::open_migrated(&settings, &one_clock),
        Store::open_migrated(&settings, &other_clock),
    );
    let ((one, first_steps), (other, other_steps)) = (one.unwrap(), other.unwrap());

    assert_eq!([first_steps, other_steps].concat(), steps);
    assert_eq!(one.generation(), other.generation());
    assert_eq!(one.generation(), first.generation());
}

#[tokio::test]
async fn a_keyspace_keeps_the_bucket_size_with_which_it_was_made() {
    let small = Settings { bucket_entries: 16, ..settings(&fresh_keyspace()) };
    let clock = ManualClock::default();
    assert_eq!(Store::open(&small, &clock).await.unwrap().bucket_entries(), 16);

    let silent = Settings { bucket_entries: 0, ..small.clone() };
    assert_eq!(Store::open(&silent, &clock).await.unwrap().bucket_entries(), 16);
    let other = Settings { bucket_entries: 17, ..small.clone() };
    let refused = Store::open(&other, &clock).await.unwrap_err();
    assert!(matches!(refused, OpenError::BucketEntries { stored: 16, wanted: 17 }), "{refused}");
}

#[tokio::test]
async fn a_keyspace_of_before_the_size_was_stored_keeps_the_one_size_of_then() {
    let small = Settings { bucket_entries: 16, ..settings(&fresh_keyspace()) };
    let clock = ManualClock::default();
    let session = Store::open(&small, &clock).await.unwrap().session;
    assert_eq!(session.apply(&FORGET, ("bucket_entries",)).await, Ok(true));

    let refused = Store::open(&small, &clock).await.unwrap_err();

    let stored = BUCKET_ENTRIES;
    assert!(
        matches!(refused, OpenError::BucketEntries { stored: found, .. } if found == stored),
        "{refused}"
    );
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_read_from_the_answer() {
    let session = shared_store().session;
    let name = fresh_keyspace();

    assert_eq!(session.apply(&TAKE, (&name, 1_i64)).await, Ok(true));
    assert_eq!(session.apply(&TAKE, (&name, 2_i64)).await, Ok(false));
}

#[tokio::test]
async fn a_statement_that_the_database_refuses_changed_nothing() {
    const WRONG: Statement = Statement::write("test", "INSERT INTO nowhere (a) VALUES (1)");

    let refused = shared_store().session.write(&WRONG, ()).await;

    assert_eq!(refused, Err(StoreError::Unavailable));
}

#[tokio::test]
async fn a_node_that_is_not_there_gives_no_session() {
    let nodes = vec!["127.0.0.1:1".to_owned()];
    let settings = Settings { nodes, keyspace: "a".to_owned(), ..Settings::default() };

    let opened = Store::open(&settings, &ManualClock::default()).await;

    assert!(matches!(opened, Err(OpenError::Connect(_))));
}
