//! Fan-out: channels × subscribers × rate, for each target.

use anyhow::Result;

use super::{ASSEMBLE_TIMEOUT, PLAIN, kib_each, micros_each, settle};
use crate::board::Board;
use crate::crew::Crew;
use crate::options::Fanout;
use crate::publisher::publish;
use crate::report::{Cell, Row};
use crate::world::World;

/// One measured run.
pub(crate) async fn run(options: &Fanout) -> Result<Row> {
    let world = World::open(&options.common, options.channels, options.subscribers).await?;
    let row = measure(options, &world).await;
    world.close().await?;
    row
}

async fn measure(options: &Fanout, world: &World) -> Result<Row> {
    let common = &options.common;
    let memory_before = world.memory();
    let board = Board::new(common.concurrency, None)?;
    let crew = Crew::gather(world, options.subscribers, board, PLAIN, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let memory = kib_each(memory_before, world.memory(), crew.slots.len());

    let cpu_before = world.cpu();
    let sent = publish(world, &options.flow, settle(common)).await?;
    crew.delivered(crew.expected(&sent.accepted), settle(common)).await;
    let cpu = micros_each(cpu_before, world.cpu(), crew.board.delivered());

    let mut row = Row::new(world.target.name());
    row.put("channels", options.channels);
    row.put("subscribers", options.subscribers);
    row.put("rate", options.flow.rate);
    row.put("window", u64::from(options.flow.window));
    row.put("deliveries", crew.board.delivered());
    row.put("cpu_us_per_delivery", cpu);
    row.put("p50_ms", crew.board.live.quantile_ms(0.5));
    row.put("p99_ms", crew.board.live.quantile_ms(0.99));
    row.put("max_ms", crew.board.live.max_ms());
    row.put("ack_p50_ms", sent.answered.quantile_ms(0.5));
    row.put("ack_p99_ms", sent.answered.quantile_ms(0.99));
    row.put("kib_per_connection", memory);
    row.put("repeated_sends", sent.repeated);
    row.faults = crew.faults(&sent.accepted);
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}
