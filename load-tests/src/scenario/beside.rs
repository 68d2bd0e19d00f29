//! Two nodes beside one: the same channels, readers and messages on a cluster of one node and on one of
//! two, one after the other. What does the second node cost, and what do its readers notice?
//!
//! Half of the readers sit on each node, and all authors on the first, so half of the deliveries cross
//! the bus, and about half of the sends cross from node to node.

use std::time::Duration;

use anyhow::{Context, Result};

use super::{ASSEMBLE_TIMEOUT, PLAIN, micros_each};
use crate::board::Board;
use crate::crew::Crew;
use crate::fleet::{self, Fleet};
use crate::options::{Beside, check_connections};
use crate::process;
use crate::publisher::{Sent, publish};
use crate::report::{Cell, Row};
use crate::world::World;

/// Accounts that all readers share in turn.
const USERS: usize = 32;
/// Sockets opening at the same time.
const OPENERS: usize = 256;
/// How long is waited for the last delivery.
const SETTLE: Duration = Duration::from_secs(15);

/// A row for one node, one for two, and one of what two are beside one; for each repeat.
pub(crate) async fn run(options: &Beside) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for _ in 0..options.repeat {
        let one = on(options, 1).await?;
        let two = on(options, 2).await?;
        let compared = compare(&one, &two);
        rows.extend([one, two, compared]);
    }
    Ok(rows)
}

async fn on(options: &Beside, nodes: usize) -> Result<Row> {
    let mut fleet = Fleet::start(fleet::Options::new(&options.server, nodes)).await?;
    let row = measure(options, &mut fleet).await;
    let stopped = fleet.stop().await;
    let row = row.with_context(|| format!("{nodes} nodes"))?;
    stopped.context("stopping the fleet")?;
    Ok(row)
}

async fn measure(options: &Beside, fleet: &mut Fleet) -> Result<Row> {
    let nodes = fleet.addresses();
    let mut world = World::among(&nodes, USERS, USERS, usize::from(options.channels)).await?;
    let sockets = usize::from(options.channels) * usize::from(options.subscribers);
    check_connections(sockets)?;
    process::raise_descriptors(sockets)?;
    // Who loses a connection shall not come back on another node: the run is void instead.
    world.nodes = [].into();
    let crews = gather(options, &world, fleet)?;
    for crew in &crews {
        crew.assembled(ASSEMBLE_TIMEOUT).await?;
    }

    let published_before = published(fleet).await?;
    let (cpu_before, redis_before) = (cpu(fleet), redis_cpu(fleet));
    let sent = publish(&world, &options.flow, SETTLE).await?;
    for crew in &crews {
        crew.delivered(crew.expected(&sent.accepted), SETTLE).await;
    }
    let delivered = crews.iter().map(|crew| crew.board.delivered()).sum();
    let cpu_each = micros_each(cpu_before, cpu(fleet), delivered);
    let redis_each = micros_each(redis_before, redis_cpu(fleet), sent.total());
    let published = published(fleet).await?.saturating_sub(published_before);

    let mut row = Row::new(if nodes.len() == 1 { "one node" } else { "two nodes" });
    row.put("messages", sent.total());
    row.put("deliveries", delivered);
    row.put("cpu_us_per_delivery", cpu_each);
    row.put("redis_cpu_us_per_message", redis_each);
    row.put("publish_per_message", published as f64 / sent.total() as f64);
    put_latencies(&mut row, &crews, &sent);
    row.faults = crews.iter().flat_map(|crew| crew.faults(&sent.accepted)).collect();
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}

/// The readers of each node.
fn gather(options: &Beside, world: &World, fleet: &Fleet) -> Result<Vec<Crew>> {
    let nodes = fleet.addresses();
    let share = usize::from(options.subscribers).div_ceil(nodes.len());
    let crew = |address| {
        let board = Board::new(OPENERS, None)?;
        Ok(Crew::gather(world, share, board, PLAIN, move |_, mut seat| {
            seat.dial.address = address;
            seat
        }))
    };
    nodes.into_iter().map(crew).collect()
}

fn put_latencies(row: &mut Row, crews: &[Crew], sent: &Sent) {
    let worst = |share| {
        let each = crews.iter().filter_map(|crew| crew.board.live.quantile_ms(share));
        each.max_by(f64::total_cmp)
    };
    row.put("p50_ms", worst(0.5));
    row.put("p99_ms", worst(0.99));
    row.put("ack_p50_ms", sent.answered.quantile_ms(0.5));
    row.put("ack_p99_ms", sent.answered.quantile_ms(0.99));
}

/// CPU time of all nodes so far.
fn cpu(fleet: &Fleet) -> Option<Duration> {
    let of = |node: &fleet::Node| process::cpu_time(node.pid()?).ok();
    fleet.nodes().iter().map(of).sum()
}

fn redis_cpu(fleet: &mut Fleet) -> Option<Duration> {
    fleet.redis().pid().and_then(|pid| process::cpu_time(pid).ok())
}

/// `PUBLISH` commands that Redis has carried out, signs of life with them.
async fn published(fleet: &mut Fleet) -> Result<u64> {
    let told = fleet.redis().command("INFO commandstats").await?;
    Ok(calls(&told, "publish"))
}

/// `cmdstat_publish:calls=12,usec=…`, a line a command that was used.
fn calls(told: &str, command: &str) -> u64 {
    let start = format!("cmdstat_{command}:calls=");
    let rest = told.lines().find_map(|line| line.strip_prefix(&start));
    rest.and_then(|rest| rest.split(',').next()?.parse().ok()).unwrap_or(0)
}

/// What two nodes are beside one.
fn compare(one: &Row, two: &Row) -> Row {
    let real = |row: &Row, name| row.get(name).and_then(Cell::real);
    let of = |name, join: fn(f64, f64) -> f64| Some(join(real(two, name)?, real(one, name)?));
    let mut row = Row::new("two beside one");
    row.put("cpu_ratio", of("cpu_us_per_delivery", |two, one| two / one));
    row.put("publish_per_message", real(two, "publish_per_message"));
    row.put("added_p50_ms", of("p50_ms", |two, one| two - one));
    row.put("added_p99_ms", of("p99_ms", |two, one| two - one));
    row.put("added_ack_p50_ms", of("ack_p50_ms", |two, one| two - one));
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_a_command_are_found_among_others() {
        let told =
            "# Commandstats\r\ncmdstat_ping:calls=1,usec=2\r\ncmdstat_publish:calls=42,usec=7\r\n";
        assert_eq!(calls(told, "publish"), 42);
        assert_eq!(calls(told, "subscribe"), 0);
    }

    #[test]
    fn two_nodes_are_compared_with_one() {
        let row = |cpu: f64, p50: f64| {
            let mut row = Row::new("some");
            row.put("cpu_us_per_delivery", cpu);
            row.put("p50_ms", p50);
            row
        };
        let compared = compare(&row(4.0, 2.0), &row(5.0, 2.5));
        assert_eq!(compared.get("cpu_ratio"), Some(&Cell::Real(1.25)));
        assert_eq!(compared.get("added_p50_ms"), Some(&Cell::Real(0.5)));
        assert_eq!(compared.get("added_p99_ms"), Some(&Cell::Absent));
    }
}
