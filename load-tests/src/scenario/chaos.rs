//! A cluster under faults, and in the end the checker over everything that authors were told, readers
//! saw, and every node's log holds (`docs/protocol.md`, "Never lose, never double").
//!
//! Authors write to all nodes and do not give up; readers follow from the first entry on, and come back
//! to any node; guests join and leave. A storm breaks one or two things at a time and mends them.
//!
//! **Invariant:** the run is judged when everything is whole again, so what is missing then is lost.

mod fault;
mod guest;
mod plan;
mod storm;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub(crate) use self::fault::Kind;
use self::guest::Guest;
use self::plan::Plan;
use self::storm::Storm;
use super::{ASSEMBLE_TIMEOUT, PERSISTENT, read_back};
use crate::authors::{Author, Desk, Pace, Pen, Way, Written};
use crate::board::Board;
use crate::crew::Crew;
use crate::fleet::{self, Fleet};
use crate::follower::Habits;
use crate::history::History;
use crate::options::Chaos;
use crate::report::{Cell, Row};
use crate::scenario::crash;
use crate::timeline::Timeline;
use crate::world::World;

/// So few that a channel gets over the end of one every second or so, and batches are cut there.
const BUCKET_ENTRIES: u64 = 37;
/// Between two messages of one author.
const AUTHOR_PAUSE_MS: std::ops::Range<u64> = 5..60;
/// Readers come back: soon, since a node that stands still lets one wait for ever.
const HABITS: Habits = Habits {
    join_timeout: Duration::from_secs(5),
    ping_every: Duration::from_secs(5),
    ..PERSISTENT
};
/// Between two readers that drop their connection for another node.
const DROP_MS: std::ops::Range<u64> = 100..1_500;

/// One run: a row for each kind of fault, and one of all together.
pub(crate) async fn run(options: &Chaos) -> Result<Vec<Row>> {
    let kinds = kinds(&options.faults)?;
    let seed = options.seed.unwrap_or_else(rand::random);
    let path = options.history.clone().unwrap_or_else(|| default_path(seed));
    let mut wanted = fleet::Options::new(&options.server, usize::from(options.nodes));
    wanted.bucket_entries = BUCKET_ENTRIES;
    let mut fleet = Fleet::start(wanted).await?;
    if let Some(kind) = kinds.iter().find(|kind| kind.needs_namespaces() && !fleet.is_apart()) {
        bail!(
            "{} takes nodes in network namespaces, as tests/cassandra.sh --apart makes them; \
             leave it out with --faults processes",
            kind.name()
        );
    }
    let outcome = measure(options, &kinds, &mut fleet, seed, &path).await;
    let is_good = outcome.as_ref().is_ok_and(|rows| rows.iter().all(|row| row.faults.is_empty()));
    if !is_good {
        keep_logs(&fleet, &path)?;
    } else if options.history.is_none() {
        std::fs::remove_file(&path)?;
    }
    let stopped = fleet.stop().await;
    let rows = outcome.with_context(|| format!("seed {seed}, history in {}", path.display()))?;
    stopped.context("stopping the fleet")?;
    Ok(rows)
}

fn default_path(seed: u64) -> PathBuf {
    std::env::temp_dir().join(format!("starling-chaos-{seed}.jsonl"))
}

/// `all`, `processes` (what needs no namespaces), or names.
fn kinds(words: &[String]) -> Result<Vec<Kind>> {
    let mut kinds = Vec::new();
    for word in words {
        match word.as_str() {
            "all" => kinds.extend(Kind::ALL),
            "processes" => {
                kinds.extend(Kind::ALL.into_iter().filter(|kind| !kind.needs_namespaces()));
            }
            name => kinds.push(Kind::named(name).with_context(|| {
                let known = Kind::ALL.map(Kind::name).join(", ");
                format!("no fault is called {name}: all, processes, {known}")
            })?),
        }
    }
    ensure!(!kinds.is_empty(), "name a fault");
    kinds.sort_unstable();
    kinds.dedup();
    Ok(kinds)
}

/// What nodes and the database said, beside the history.
fn keep_logs(fleet: &Fleet, history: &Path) -> Result<()> {
    for (name, log) in fleet.logs() {
        let kept = history.with_extension(format!("{name}.log"));
        std::fs::copy(log, &kept).with_context(|| format!("keeping {}", kept.display()))?;
    }
    Ok(())
}

async fn measure(
    options: &Chaos,
    kinds: &[Kind],
    fleet: &mut Fleet,
    seed: u64,
    path: &Path,
) -> Result<Vec<Row>> {
    let channels = usize::from(options.channels);
    let seats = usize::from(options.writers.max(options.readers));
    // The last accounts are guests: they are in no channel yet.
    let members = seats.min(usize::from(options.users));
    let world = World::among(&fleet.addresses(), members + channels, members, channels).await?;
    let history = History::create(path)?;
    let desk = Arc::new(Desk {
        nodes: Arc::clone(&world.nodes),
        history: history.clone(),
        timeline: Timeline::new(channels),
    });
    let board = Board::new(seats * channels, Some(history))?;
    let crew = Crew::gather(&world, usize::from(options.readers), board, HABITS, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let (stop, stopped) = watch::channel(false);
    let mut people = people(options, &world, &desk, seed, &stopped);

    let mut storm = Storm::new(Plan::new(seed, kinds, fleet.nodes().len(), fleet.scylla().count()));
    let span = Duration::from_secs(u64::from(options.seconds));
    let written = tokio::select! {
        raged = storm.rage(fleet, &desk, span) => { raged?; None }
        never = shake(&crew, seed) => match never {},
        ended = first_failure(&mut people) => Some(ended?),
    };
    stop.send_replace(true);
    let mut written = written.unwrap_or_default();
    while let Some(done) = people.join_next().await {
        written.add(&done??);
    }
    fleet.until_whole(ASSEMBLE_TIMEOUT).await?;
    let entries = read_back::level(&crew, &world).await?;

    let mut total = Row::new("all");
    total.put("faults", storm.faults());
    total.put("seed", Cell::Text(seed.to_string()));
    total.put("seconds", u64::from(options.seconds));
    total.put("acknowledged", written.acknowledged);
    total.put("resent", written.resent);
    total.put("refused", written.refused);
    total.put("slowest_s", written.slowest.as_secs_f64());
    total.put("log_entries", entries);
    total.put("resumes", crew.board.replay.count());
    total.put("resyncs", crew.resyncs());
    total.put("nodes_died", storm.deaths);
    let findings = crash::findings(path)?;
    total.put("violations", findings.count);
    total.faults = findings.told;
    if written.acknowledged == 0 {
        total.faults.push("nothing was acknowledged".to_owned());
    }
    let mut rows = storm.rows();
    rows.push(total);
    Ok(rows)
}

/// Authors of every channel, half over sockets, half of each telling their position; and a guest each.
fn people(
    options: &Chaos,
    world: &World,
    desk: &Arc<Desk>,
    seed: u64,
    stopped: &watch::Receiver<bool>,
) -> JoinSet<Result<Written>> {
    let mut people = JoinSet::new();
    let members = world.users.len() - world.channels.len();
    for place in 0..world.channels.len() {
        let author = |user: usize, index: usize| Author {
            user: world.users[user].clone(),
            channel: world.channels[place].clone(),
            place,
            way: if (index / 2).is_multiple_of(2) { Way::Socket } else { Way::Rest },
            pace: Pace::Pause(AUTHOR_PAUSE_MS),
            tells_position: index.is_multiple_of(2),
            strays: true,
            seed: seed.wrapping_add((place * 1_000 + index) as u64),
        };
        for index in 0..usize::from(options.writers) {
            let pen = Pen::new(author(index % members, index), desk);
            people.spawn(pen.run(stopped.clone()));
        }
        // It has a way and a number of its own.
        let index = usize::from(options.writers) + place;
        let guest = Guest::new(Pen::new(author(members + place, index), desk), seed, place);
        people.spawn(guest.run(stopped.clone()));
    }
    people
}

/// Ends when somebody fails; nobody ends otherwise before they are told to.
async fn first_failure(people: &mut JoinSet<Result<Written>>) -> Result<Written> {
    let mut written = Written::default();
    while let Some(done) = people.join_next().await {
        written.add(&done??);
    }
    Ok(written)
}

/// Readers go to another node now and then.
async fn shake(crew: &Crew, seed: u64) -> std::convert::Infallible {
    let mut random = StdRng::seed_from_u64(seed);
    loop {
        sleep(Duration::from_millis(random.random_range(DROP_MS))).await;
        crew.slots[random.random_range(0..crew.slots.len())].drop_now.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds_of(words: &[&str]) -> Result<Vec<Kind>> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        kinds(&words)
    }

    #[test]
    fn faults_are_named_one_by_one_or_as_groups_and_a_wrong_name_is_told() {
        assert_eq!(kinds_of(&["all"]).unwrap(), Kind::ALL);
        let processes = kinds_of(&["processes"]).unwrap();
        assert!(processes.len() >= 9 && !processes.iter().any(|kind| kind.needs_namespaces()));
        let twice = kinds_of(&["redis-killed", "node-killed", "redis-killed"]).unwrap();
        assert_eq!(twice, [Kind::NodeKilled, Kind::RedisKilled]);
        assert!(kinds_of(&["reddis-killed"]).unwrap_err().to_string().contains("redis-killed"));
    }
}
