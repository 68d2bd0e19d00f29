//! A rolling restart of a cluster under a steady load: every node is drained and started again, one
//! after the other, and the checker judges what became of the messages.
//!
//! An error is *shown* when a client that retries would have to bother its user: the message was refused
//! for good, or was not there after ten seconds.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::{ASSEMBLE_TIMEOUT, PERSISTENT, crash, read_back};
use crate::authors::{Author, Desk, Pace, Pen, Way, Written};
use crate::board::Board;
use crate::clock;
use crate::crew::Crew;
use crate::fleet::{self, Fleet};
use crate::history::History;
use crate::options::Rolling;
use crate::report::{Cell, Row};
use crate::timeline::Timeline;
use crate::world::World;

/// Messages per second of one author.
const AUTHOR_RATE: u32 = 5;
const USERS: usize = 8;
/// Before the first drain, and after everything is whole again.
const CALM: Duration = Duration::from_secs(2);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(60);

/// One run.
pub(crate) async fn run(options: &Rolling) -> Result<Row> {
    let name = format!("starling-rolling-{:08x}.jsonl", rand::random::<u32>());
    let path = options.history.clone().unwrap_or_else(|| std::env::temp_dir().join(name));
    let wanted = fleet::Options::new(&options.server, usize::from(options.nodes));
    let mut fleet = Fleet::start(wanted).await?;
    let row = measure(options, &mut fleet, &path).await;
    let stopped = fleet.stop().await;
    let row = row.with_context(|| format!("history in {}", path.display()))?;
    stopped.context("stopping the fleet")?;
    if row.faults.is_empty() && options.history.is_none() {
        std::fs::remove_file(&path)?;
    }
    Ok(row)
}

async fn measure(options: &Rolling, fleet: &mut Fleet, path: &Path) -> Result<Row> {
    let channels = usize::from(options.channels);
    let world = World::among(&fleet.addresses(), USERS, USERS, channels).await?;
    let history = History::create(path)?;
    let desk = Arc::new(Desk {
        nodes: Arc::clone(&world.nodes),
        history: history.clone(),
        timeline: Timeline::new(channels),
    });
    let board = Board::new(channels, Some(history))?;
    let crew = Crew::gather(&world, 1, board, PERSISTENT, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let (stop, stopped) = watch::channel(false);
    let mut authors = authors(options, &world, &desk, &stopped);
    let begin = Instant::now();
    sleep(CALM).await;

    let drained_from = clock::nanos();
    let mut drain_max = Duration::ZERO;
    let mut restarts = 0_u64;
    while restarts < u64::from(options.nodes)
        || begin.elapsed() + CALM < Duration::from_secs(u64::from(options.seconds))
    {
        let index = usize::try_from(restarts % u64::from(options.nodes))?;
        drain_max = drain_max.max(fleet.node(index).drain().await?);
        fleet.node(index).restart().await?;
        fleet.until_whole(WHOLE_TIMEOUT).await?;
        restarts += 1;
    }
    let silence = desk.timeline.silence(drained_from, clock::nanos());
    sleep(CALM).await;
    stop.send_replace(true);
    let span = begin.elapsed();
    let mut written = Written::default();
    while let Some(done) = authors.join_next().await {
        written.add(&done??);
    }
    let entries = read_back::level(&crew, &world).await?;

    let mut row = Row::new("rolling");
    row.put("nodes", u64::from(options.nodes));
    row.put("restarts", restarts);
    row.put("acknowledged", written.acknowledged);
    row.put("per_second", written.acknowledged as f64 / span.as_secs_f64());
    row.put("log_entries", entries);
    row.put("resent", written.resent);
    row.put("errors_shown", written.shown);
    row.put("slowest_s", written.slowest.as_secs_f64());
    row.put("silence_max_s", silence);
    row.put("drain_max_s", drain_max.as_secs_f64());
    row.put("resumes", crew.board.replay.count());
    row.put("resyncs", crew.resyncs());
    row.faults = crash::judge(path)?;
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}

/// As many authors as the rate needs, over all channels and nodes, half of them on sockets.
fn authors(
    options: &Rolling,
    world: &World,
    desk: &Arc<Desk>,
    stopped: &watch::Receiver<bool>,
) -> JoinSet<Result<Written>> {
    let mut authors = JoinSet::new();
    let count = options.rate.div_ceil(AUTHOR_RATE);
    let span = Duration::from_secs(1) * count / options.rate;
    for index in 0..count as usize {
        let place = index % world.channels.len();
        let author = Author {
            user: world.users[index % world.users.len()].clone(),
            channel: world.channels[place].clone(),
            place,
            way: if index.is_multiple_of(2) { Way::Socket } else { Way::Rest },
            pace: Pace::Every(span),
            tells_position: (index / 2).is_multiple_of(2),
            strays: false,
            seed: rand::random(),
        };
        authors.spawn(Pen::new(author, desk).run(stopped.clone()));
    }
    authors
}
