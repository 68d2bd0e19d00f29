//! Stalled readers: the same fan-out without and with a share of readers that never read.

use anyhow::{Result, ensure};

use super::{ASSEMBLE_TIMEOUT, PLAIN, settle};
use crate::board::Board;
use crate::crew::Crew;
use crate::follower::stalling;
use crate::options::Stalled;
use crate::publisher::publish;
use crate::report::{Cell, Row};
use crate::world::World;

/// Two rows, without and with, and the ratio of their p99 in the second.
pub(crate) async fn run(options: &Stalled) -> Result<Vec<Row>> {
    ensure!((0.0..1.0).contains(&options.stalled_share), "a share is below 1");
    let without = half(options, 0.0, "all read").await?;
    let mut with = half(options, options.stalled_share, "some stalled").await?;
    let p99 = |row: &Row| row.get("p99_ms").and_then(Cell::real);
    let ratio = p99(&with).zip(p99(&without)).map(|(with, without)| with / without);
    with.put("p99_ratio", ratio);
    Ok(vec![without, with])
}

async fn half(options: &Stalled, share: f64, label: &str) -> Result<Row> {
    let fanout = &options.fanout;
    let world = World::open(&fanout.common, fanout.channels, fanout.subscribers).await?;
    let row = measure(options, &world, share, label).await;
    world.close().await?;
    row
}

async fn measure(options: &Stalled, world: &World, share: f64, label: &str) -> Result<Row> {
    let fanout = &options.fanout;
    let board = Board::new(fanout.common.concurrency, None)?;
    let crew = Crew::gather(world, fanout.subscribers, board, PLAIN, |serial, seat| {
        if stalls(serial, share) { stalling(seat) } else { seat }
    });
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let memory_before = world.memory();

    let sent = publish(world, &fanout.flow, settle(&fanout.common)).await?;
    crew.delivered(crew.expected(&sent.accepted), settle(&fanout.common)).await;

    let grown = memory_before
        .zip(world.memory())
        .map(|(before, after)| (after as f64 - before as f64) / 1024.0 / 1024.0);
    let mut row = Row::new(&format!("{}: {label}", world.target.name()));
    row.put("readers", crew.slots.iter().filter(|slot| !slot.seat.dial.stalls).count());
    row.put("stalled", crew.slots.iter().filter(|slot| slot.seat.dial.stalls).count());
    row.put("deliveries", crew.board.delivered());
    row.put("p50_ms", crew.board.live.quantile_ms(0.5));
    row.put("p99_ms", crew.board.live.quantile_ms(0.99));
    row.put("memory_growth_mib", grown);
    row.faults = crew.faults(&sent.accepted);
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}

/// Spreads the stalled readers evenly: of any first n, n × share stall.
fn stalls(serial: usize, share: f64) -> bool {
    (serial as f64 * share).floor() < ((serial + 1) as f64 * share).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_that_stalls_is_the_share_asked_for() {
        let count = |share| (0..1_000).filter(|serial| stalls(*serial, share)).count();
        assert_eq!([count(0.0), count(0.01), count(0.25)], [0, 10, 250]);
    }
}
