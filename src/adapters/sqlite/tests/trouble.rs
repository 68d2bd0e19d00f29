//! Many writers at once, a second process, and disks that do not take what they are given.

use super::*;
use crate::adapters::sqlite::OpenError;

/// Makes every later write fail as on a full disk (`Some`) or lets them pass again.
async fn fill_disk(world: &World, is_full: bool) {
    let pages = if is_full { 1 } else { 1 << 30 };
    let set = move |connection: &rusqlite::Connection| {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
    };
    world.store.write(set).await.unwrap();
}

async fn set_read_only(world: &World, is_read_only: bool) {
    let set = move |connection: &rusqlite::Connection| {
        connection.pragma_update(None, "query_only", is_read_only)
    };
    world.store.write(set).await.unwrap();
}

/// More words than the free space inside the file can take.
fn long(seq: u64) -> Entry {
    posted(seq, ANN, &"x".repeat(200_000), &[])
}

#[tokio::test]
async fn a_second_process_is_refused_with_a_clear_message() {
    let world = World::new();

    let refusal = Store::open(world.dir.path(), &ManualClock::default()).unwrap_err();

    assert!(matches!(refusal, OpenError::InUse(_)));
    assert!(refusal.to_string().contains("in use by another Starling process"));
}

#[tokio::test]
async fn everyone_in_a_group_gets_an_answer_and_one_refusal_undoes_nobody_else() {
    let world = World::new();
    let log = world.claimed().await;
    let channels: Vec<_> = (1..=100).map(|n| ChannelId::from_u128(1_000 + n)).collect();

    let claims: Vec<_> = channels
        .iter()
        .map(|channel| {
            let (log, channel) = (log.clone(), *channel);
            tokio::spawn(async move { log.claim(claim(channel, None, 1)).await })
        })
        .collect();
    let broken = world.store.write(|connection| connection.execute("nonsense", [])).await;

    assert!(broken.is_err());
    for claim in claims {
        assert_eq!(claim.await.unwrap(), Ok(ClaimOutcome::Applied));
    }
}

#[tokio::test]
async fn a_request_that_panics_costs_only_itself() {
    let world = World::new();
    let log = world.claimed().await;

    let panicked = world.store.write(|_| -> rusqlite::Result<()> { panic!("on purpose") }).await;

    assert!(panicked.is_err());
    let outcome = append(&log, 0, vec![posted(1, ANN, "one", &[])]).await;
    assert_eq!(outcome, Ok(AppendOutcome::Applied));
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_passes_once_there_is_room() {
    let world = World::new();
    let log = world.claimed().await;
    fill_disk(&world, true).await;

    assert_eq!(append(&log, 0, vec![long(1)]).await, Err(LogError::Unavailable));
    assert_eq!(log.head(CHANNEL).await.unwrap().seq, Seq(0));
    let trouble = world.store.shared.writer.health().trouble();
    assert_eq!(trouble.as_deref(), Some("the disk is full"));

    fill_disk(&world, false).await;
    assert_eq!(append(&log, 0, vec![long(1)]).await, Ok(AppendOutcome::Applied));
    assert_eq!(world.store.check().await, Ok(()));
}

#[tokio::test]
async fn a_read_only_database_is_unavailable_and_still_reads() {
    let world = World::new();
    let log = world.claimed().await;
    append(&log, 0, vec![posted(1, ANN, "one", &[])]).await.unwrap();
    set_read_only(&world, true).await;

    let refused = append(&log, 1, vec![posted(2, ANN, "two", &[])]).await;

    assert_eq!(refused, Err(LogError::Unavailable));
    assert_eq!(world.store.check().await.err().as_deref(), Some("the database is read-only"));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await.unwrap().len(), 1);
    set_read_only(&world, false).await;
    assert_eq!(world.store.check().await, Ok(()));
}
