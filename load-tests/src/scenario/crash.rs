//! kill -9 at random moments under load, restart, and in the end the checker over everything that
//! writers were told and readers saw.
//!
//! A writer sends one message after another and repeats each under the same client message id until
//! it is acknowledged; now and then it repeats an acknowledged one, whose receipt must not change.

mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use self::writer::{Writer, Written};
use super::{ASSEMBLE_TIMEOUT, PERSISTENT};
use crate::board::{Board, locked};
use crate::checker;
use crate::crew::Crew;
use crate::history::{self, History, Record};
use crate::options::Crash;
use crate::report::{Cell, Row};
use crate::seat::Target;
use crate::wire::http;
use crate::wire::json::Incoming;
use crate::world::{Server, World};

/// From a restart to the next kill. Short enough to hit clients in the middle of resuming.
const ALIVE_MS: std::ops::Range<u64> = 100..1_500;
/// How long the server stays away.
const DEAD_MS: std::ops::Range<u64> = 0..300;
/// After the last restart everybody must be back and level with the log within this.
const LEVEL_TIMEOUT: Duration = Duration::from_secs(60);
const EVENTS_PER_PAGE: u64 = 500;
/// Findings told one by one.
const FINDINGS_SHOWN: usize = 10;

/// One run of all rounds.
pub(crate) async fn run(options: &Crash) -> Result<Row> {
    ensure!(options.common.target == Target::Starling, "only starling survives a crash");
    ensure!(options.common.server.is_some(), "a crash run starts the server itself: --server");
    let seed = options.seed.unwrap_or_else(rand::random);
    let path = options.history.clone().unwrap_or_else(|| default_path(seed));
    let seats = usize::from(options.readers.max(options.writers));
    let mut world = World::open(&options.common, usize::from(options.channels), seats).await?;
    let row = measure(options, &mut world, seed, &path).await;
    world.close().await?;
    let row = row.with_context(|| format!("seed {seed}, history in {}", path.display()))?;
    if row.faults.is_empty() && options.history.is_none() {
        std::fs::remove_file(&path)?;
    }
    Ok(row)
}

fn default_path(seed: u64) -> PathBuf {
    std::env::temp_dir().join(format!("starling-history-{seed}.jsonl"))
}

async fn measure(options: &Crash, world: &mut World, seed: u64, path: &Path) -> Result<Row> {
    let board = Board::new(options.common.concurrency, Some(History::create(path)?))?;
    let crew = Crew::gather(world, usize::from(options.readers), board, PERSISTENT, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let (stop, stopped) = watch::channel(false);
    let mut writers = JoinSet::new();
    for index in 0..usize::from(options.writers) {
        let writer = Writer::new(world, index, &crew.board, seed);
        writers.spawn(writer.run(stopped.clone()));
    }
    let server = world.server.as_mut().context("no server of our own")?;
    let slowest = rounds(server, options.rounds, seed).await?;
    stop.send_replace(true);
    let mut written = Written::default();
    while let Some(done) = writers.join_next().await {
        written.add(&done??);
    }
    let entries = level(&crew, world).await?;

    let mut row = Row::new("crash");
    row.put("rounds", u64::from(options.rounds));
    row.put("seed", Cell::Text(seed.to_string()));
    row.put("acknowledged", written.acknowledged);
    row.put("resent", written.resent);
    row.put("log_entries", entries);
    row.put("resumes", crew.board.replay.count());
    row.put("resyncs", crew.resyncs());
    row.put("replay_p99_ms", crew.board.replay.quantile_ms(0.99));
    row.put("restart_max_s", slowest.as_secs_f64());
    row.faults = judge(path)?;
    if written.acknowledged == 0 {
        row.faults.push("nothing was acknowledged".to_owned());
    }
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}

/// Kills and restarts; the longest time until the server was ready again.
async fn rounds(server: &mut Server, rounds: u16, seed: u64) -> Result<Duration> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut slowest = Duration::ZERO;
    for round in 1..=rounds {
        sleep(Duration::from_millis(random.random_range(ALIVE_MS))).await;
        server.kill().await?;
        sleep(Duration::from_millis(random.random_range(DEAD_MS))).await;
        let begin = Instant::now();
        server.restart().await.with_context(|| format!("restart of round {round}"))?;
        slowest = slowest.max(begin.elapsed());
    }
    Ok(slowest)
}

/// Writes down the whole log, and waits until every reader has seen the end of it.
async fn level(crew: &Crew, world: &World) -> Result<u64> {
    crew.assembled(LEVEL_TIMEOUT).await?;
    let history = crew.board.history.as_ref().context("no history")?;
    let mut heads = Vec::new();
    for channel in &world.channels {
        heads.push((channel, write_log(world, channel, history).await?));
    }
    let deadline = Instant::now() + LEVEL_TIMEOUT;
    for slot in &crew.slots {
        let channel = &slot.seat.channel;
        let head = heads.iter().find(|(known, _)| *known == channel).map_or(0, |(_, head)| *head);
        while locked(&slot.ledger).position() < Some(head) && Instant::now() < deadline {
            sleep(Duration::from_millis(5)).await;
        }
        let (follower, channel) = (slot.name.clone(), channel.clone());
        history.write(&history::line(&Record::Finished { follower, channel }));
    }
    history.flush()?;
    Ok(heads.iter().map(|(_, head)| head).sum())
}

async fn write_log(world: &World, channel: &str, history: &History) -> Result<u64> {
    let token = world.users.first().map(|user| user.token.as_str());
    let mut after = 0;
    loop {
        let path =
            format!("/api/v1/channels/{channel}/events?after={after}&limit={EVENTS_PER_PAGE}");
        let page = http::request(world.address, "GET", &path, token, None)
            .await?
            .success("reading the log")?;
        let events = page["events"].as_array().context("no events")?;
        for event in events {
            let entry = Incoming::deserialize(event)?;
            after = entry.seq.context("an entry without seq")?;
            history.write(&history::logged(channel, &entry));
        }
        if events.is_empty() {
            return Ok(after);
        }
    }
}

/// The checker's findings in a file, as faults.
pub(crate) fn judge(path: &Path) -> Result<Vec<String>> {
    let findings = checker::check(&history::read(path)?);
    let mut faults: Vec<String> =
        findings.iter().take(FINDINGS_SHOWN).map(ToString::to_string).collect();
    if findings.len() > FINDINGS_SHOWN {
        faults.push(format!("and {} findings more", findings.len() - FINDINGS_SHOWN));
    }
    Ok(faults)
}
