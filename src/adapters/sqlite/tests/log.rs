//! What the log adds to its contract on SQLite: it outlives the process.

use super::*;

#[tokio::test]
async fn what_was_appended_is_there_after_a_restart() {
    let world = World::new();
    let log = world.claimed().await;
    let joined = entry(2, BOB, Event::Joined { member: byline(BOB) });
    let entries = vec![posted(1, ANN, "one", &[BOB]), joined];
    append(&log, 0, entries.clone()).await.unwrap();
    let head = log.head(CHANNEL).await.unwrap();
    drop(log);

    let world = world.reopen();
    let log = world.store.log();

    assert_eq!(log.head(CHANNEL).await, Ok(head));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(entries));
}
