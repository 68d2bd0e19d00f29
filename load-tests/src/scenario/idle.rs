//! Idle: what a connection costs that only waits.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::{ASSEMBLE_TIMEOUT, PLAIN, kib_each, micros_each};
use crate::board::Board;
use crate::crew::Crew;
use crate::follower::Habits;
use crate::options::Idle;
use crate::report::Row;
use crate::seat::Target;
use crate::world::World;

/// Buffers of the handshake are given back before memory is read.
const REST: Duration = Duration::from_secs(3);
/// A server may tell of so many newcomers a second; the rest waits longer where there are more.
const NEWCOMERS_PER_SECOND: usize = 250;

/// One measured run. The number of connections is rounded down to a multiple of the channels.
pub(crate) async fn run(options: &Idle) -> Result<Row> {
    let channels = options.channels.clamp(1, options.connections.max(1));
    let subscribers = (options.connections / channels).max(1);
    let common = &options.common;
    // Targets without accounts are measured beside, with the same connections.
    let world = if options.own_accounts && common.target == Target::Starling {
        World::open_apart(common, channels, subscribers, options.accounts.as_deref()).await?
    } else {
        World::open(common, channels, subscribers).await?
    };
    let row = measure(options, &world, subscribers).await;
    world.close().await?;
    row
}

async fn measure(options: &Idle, world: &World, subscribers: usize) -> Result<Row> {
    let memory_before = world.memory();
    let ping_every = Duration::from_secs(u64::from(options.ping_seconds));
    let habits = Habits { ping_every, ..PLAIN };
    let board = Board::new(options.common.concurrency, None)?;
    let crew = Crew::gather(world, subscribers, board, habits, |_, seat| seat);
    let took = crew.assembled(ASSEMBLE_TIMEOUT).await?;
    sleep(rest(options, world.users.len())).await;

    let memory = world.memory();
    let cpu_before = world.cpu();
    sleep(Duration::from_secs(u64::from(options.seconds))).await;
    let connections = crew.slots.len();
    let pieces = connections as u64 * u64::from(options.seconds);
    let cpu = micros_each(cpu_before, world.cpu(), pieces);

    let mut row = Row::new(world.target.name());
    row.put("connections", connections);
    row.put("users", world.users.len());
    row.put("connect_s", took.as_secs_f64());
    row.put("before_mib", memory_before.map(|bytes| bytes as f64 / 1024.0 / 1024.0));
    row.put("kib_per_connection", kib_each(memory_before, memory, connections));
    row.put("resident_mib", memory.map(|bytes| bytes as f64 / 1024.0 / 1024.0));
    row.put("cpu_us_per_s_and_connection", cpu);
    row.put("still_connected", crew.board.connected());
    if crew.board.connected() < connections {
        row.faults.push(format!(
            "{} of {connections} were lost: {}",
            connections - crew.board.connected(),
            crew.board.reasons().join("; ")
        ));
    }
    Ok(row)
}

/// Who shares few accounts comes as few people, so there is little to tell.
fn rest(options: &Idle, people: usize) -> Duration {
    options.rest_seconds.map_or_else(
        || REST + Duration::from_secs((people / NEWCOMERS_PER_SECOND) as u64),
        |seconds| Duration::from_secs(seconds.into()),
    )
}
