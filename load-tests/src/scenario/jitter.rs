//! Jitter: clients drop and return while messages flow. Replay decides whether anything is lost.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Result, ensure};
use rand::RngExt;
use tokio::time::interval;

use super::{ASSEMBLE_TIMEOUT, PERSISTENT, settle};
use crate::board::Board;
use crate::crew::Crew;
use crate::options::Jitter;
use crate::publisher::publish;
use crate::report::{Cell, Row};
use crate::world::World;

/// Drops are spread over each second in this many parts.
const PARTS_PER_SECOND: u32 = 20;

/// One measured run.
pub(crate) async fn run(options: &Jitter) -> Result<Row> {
    ensure!((0.0..=1.0).contains(&options.drop_share), "a share is between 0 and 1");
    let fanout = &options.fanout;
    let world = World::open(&fanout.common, fanout.channels, fanout.subscribers).await?;
    let row = measure(options, &world).await;
    world.close().await?;
    row
}

async fn measure(options: &Jitter, world: &World) -> Result<Row> {
    let fanout = &options.fanout;
    let limit = settle(&fanout.common);
    let board = Board::new(fanout.common.concurrency, None)?;
    let crew = Crew::gather(world, fanout.subscribers, board, PERSISTENT, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;

    let mut drops = 0_u64;
    let sent = tokio::select! {
        sent = publish(world, &fanout.flow, limit) => sent?,
        () = shake(&crew, options.drop_share, &mut drops) => anyhow::bail!("shaking ended"),
    };
    let expected = crew.expected(&sent.accepted);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    crew.delivered(expected, limit).await;

    let mut row = Row::new(world.target.name());
    row.put("clients", crew.slots.len());
    row.put("drops", drops);
    row.put("messages", sent.total());
    row.put("delivered_percent", 100.0 * crew.board.delivered() as f64 / expected.max(1) as f64);
    row.put("replay_p50_ms", crew.board.replay.quantile_ms(0.5));
    row.put("replay_p99_ms", crew.board.replay.quantile_ms(0.99));
    row.put("live_p50_ms", crew.board.live.quantile_ms(0.5));
    row.put("live_p99_ms", crew.board.live.quantile_ms(0.99));
    row.put("resyncs", crew.resyncs());
    row.put("lost_connections", crew.board.lost.load(Ordering::Relaxed));
    row.faults = crew.faults(&sent.accepted);
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}

/// Drops random clients for as long as it is polled.
async fn shake(crew: &Crew, share: f64, drops: &mut u64) {
    let mut parts = interval(Duration::from_secs(1) / PARTS_PER_SECOND);
    let each = crew.slots.len() as f64 * share / f64::from(PARTS_PER_SECOND);
    let mut owed = 0.0;
    loop {
        parts.tick().await;
        owed += each;
        while owed >= 1.0 {
            owed -= 1.0;
            let victim = rand::rng().random_range(0..crew.slots.len());
            crew.slots[victim].drop_now.notify_one();
            *drops += 1;
        }
    }
}
