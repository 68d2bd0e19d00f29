//! Storms: everyone connects, and in the avalanche everyone comes back at once.

use std::sync::atomic::Ordering;

use anyhow::Result;

use super::{ASSEMBLE_TIMEOUT, PERSISTENT, kib_each, micros_each, settle};
use crate::board::{Board, Phase};
use crate::crew::Crew;
use crate::options::{Common, Connect, Flow};
use crate::process;
use crate::publisher::publish;
use crate::report::{Cell, Row};
use crate::seat::Target;
use crate::world::World;

/// Messages that flow while everyone is away, so that coming back includes a replay.
const MISSED: Flow = Flow { rate: 50.0, seconds: 1, window: 1, bytes: 128, publishers: 1 };

/// A connect storm.
pub(crate) async fn storm(options: &Connect) -> Result<Row> {
    let world = World::open(&options.common, 1, options.connections).await?;
    let row = measure_storm(options, &world).await;
    world.close().await?;
    row
}

async fn measure_storm(options: &Connect, world: &World) -> Result<Row> {
    let (memory_before, cpu_before) = (world.memory(), world.cpu());
    let overflows_before = process::listen_overflows();
    let board = Board::new(options.common.concurrency, None)?;
    let crew = Crew::gather(world, options.connections, board, PERSISTENT, |_, seat| seat);
    let took = crew.assembled(ASSEMBLE_TIMEOUT).await?.as_secs_f64();

    let connections = options.connections;
    let mut row = Row::new(world.target.name());
    row.put("connections", connections);
    row.put("connect_s", took);
    row.put("per_second", connections as f64 / took);
    row.put("cpu_us_per_connect", micros_each(cpu_before, world.cpu(), connections as u64));
    row.put("kib_per_connection", kib_each(memory_before, world.memory(), connections));
    row.put("refused", crew.board.refused.load(Ordering::Relaxed));
    row.put("lost", crew.board.lost.load(Ordering::Relaxed));
    row.put("listen_overflows", process::listen_overflows() - overflows_before);
    Ok(row)
}

/// Everyone connects, is dropped, misses messages, and comes back at once.
pub(crate) async fn avalanche(options: &Connect) -> Result<Row> {
    // At once means at once, for the cold start too: the two times are compared.
    let common = Common { concurrency: options.connections, ..options.common.clone() };
    let options = Connect { common, connections: options.connections };
    let world = World::open(&options.common, 1, options.connections).await?;
    let row = measure_avalanche(&options, &world).await;
    world.close().await?;
    row
}

async fn measure_avalanche(options: &Connect, world: &World) -> Result<Row> {
    let overflows_before = process::listen_overflows();
    let board = Board::new(options.common.concurrency, None)?;
    let crew = Crew::gather(world, options.connections, board, PERSISTENT, |_, seat| seat);
    let cold = crew.assembled(ASSEMBLE_TIMEOUT).await?.as_secs_f64();
    let cold_overflows = process::listen_overflows() - overflows_before;

    crew.phase.send_replace(Phase::Hold);
    crew.dispersed(ASSEMBLE_TIMEOUT).await?;
    // A target without replay only shows how fast it takes everyone in again.
    let replays = world.target == Target::Starling;
    let accepted = if replays {
        publish(world, &MISSED, settle(&options.common)).await?.accepted
    } else {
        vec![0]
    };
    crew.phase.send_replace(Phase::Run);
    let back = crew.assembled(ASSEMBLE_TIMEOUT).await?.as_secs_f64();
    crew.delivered(crew.expected(&accepted), settle(&options.common)).await;

    let mut row = Row::new(world.target.name());
    row.put("connections", options.connections);
    row.put("cold_s", cold);
    row.put("back_s", back);
    row.put("back_over_cold", back / cold);
    row.put("missed_messages", accepted[0]);
    row.put("replay_p50_ms", crew.board.replay.quantile_ms(0.5));
    row.put("replay_p99_ms", crew.board.replay.quantile_ms(0.99));
    row.put("refused", crew.board.refused.load(Ordering::Relaxed));
    row.put("listen_overflows_cold", cold_overflows);
    row.put(
        "listen_overflows_back",
        process::listen_overflows() - overflows_before - cold_overflows,
    );
    row.put("resyncs", crew.resyncs());
    row.faults = crew.faults(&accepted);
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}
