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
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use self::writer::{Writer, Written};
use super::{ASSEMBLE_TIMEOUT, PERSISTENT, read_back};
use crate::board::Board;
use crate::checker;
use crate::crew::Crew;
use crate::history::{self, History};
use crate::options::Crash;
use crate::report::{Cell, Row};
use crate::seat::Target;
use crate::world::{Server, World};

/// From a restart to the next kill. Short enough to hit clients in the middle of resuming.
const ALIVE_MS: std::ops::Range<u64> = 100..1_500;
/// How long the server stays away.
const DEAD_MS: std::ops::Range<u64> = 0..300;
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
    let entries = read_back::level(&crew, world).await?;

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

/// What the checker found in a file.
pub(crate) struct Findings {
    /// How many.
    pub(crate) count: usize,
    /// The first of them in words.
    pub(crate) told: Vec<String>,
}

/// The checker's findings in a file, as faults.
pub(crate) fn judge(path: &Path) -> Result<Vec<String>> {
    Ok(findings(path)?.told)
}

/// The checker's findings in a file.
pub(crate) fn findings(path: &Path) -> Result<Findings> {
    let findings = checker::check(&history::read(path)?);
    let mut told: Vec<String> =
        findings.iter().take(FINDINGS_SHOWN).map(ToString::to_string).collect();
    if findings.len() > FINDINGS_SHOWN {
        told.push(format!("and {} findings more", findings.len() - FINDINGS_SHOWN));
    }
    Ok(Findings { count: findings.len(), told })
}
