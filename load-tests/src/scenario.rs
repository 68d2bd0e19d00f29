//! The runs, one file each. Every one opens a world, measures, closes the world, and returns rows.

pub(crate) mod asking;
pub(crate) mod beside;
pub(crate) mod chaos;
pub(crate) mod connect;
pub(crate) mod crash;
pub(crate) mod fanout;
pub(crate) mod goals;
pub(crate) mod growth;
pub(crate) mod idle;
pub(crate) mod jitter;
pub(crate) mod pace;
mod read_back;
pub(crate) mod rolling;
pub(crate) mod send;
pub(crate) mod short;
pub(crate) mod stalled;
pub(crate) mod storage;

use std::time::Duration;

use crate::follower::Habits;
use crate::options::Common;
use crate::seat::Target;

/// Opening 15,000 sockets on two shared cores takes a few seconds; a minute more is a failure.
pub(crate) const ASSEMBLE_TIMEOUT: Duration = Duration::from_secs(90);

/// Opening includes a queue behind thousands of others.
const JOIN_TIMEOUT: Duration = Duration::from_secs(60);

/// Readers of a plain run: a lost connection makes them miss messages, and the run void.
pub(crate) const PLAIN: Habits =
    Habits { comes_back: false, join_timeout: JOIN_TIMEOUT, ping_every: Duration::from_secs(25) };
/// Readers that come back and resume.
pub(crate) const PERSISTENT: Habits = Habits { comes_back: true, ..PLAIN };

pub(crate) fn settle(common: &Common) -> Duration {
    Duration::from_secs(u64::from(common.settle))
}

/// Those of the targets that can run here: nats-server has to be built first.
pub(crate) fn targets(common: &Common, wanted: &[Target]) -> Vec<Target> {
    let can_run = |target: &Target| *target != Target::Nats || common.nats.exists();
    wanted.iter().copied().filter(can_run).collect()
}

/// KiB per connection between two readings of memory.
pub(crate) fn kib_each(before: Option<u64>, after: Option<u64>, connections: usize) -> Option<f64> {
    let (before, after) = (before? as f64, after? as f64);
    Some((after - before) / 1024.0 / connections as f64)
}

/// Microseconds of CPU per piece between two readings.
pub(crate) fn micros_each(
    before: Option<Duration>,
    after: Option<Duration>,
    pieces: u64,
) -> Option<f64> {
    let spent = after?.checked_sub(before?)?;
    (pieces > 0).then(|| spent.as_secs_f64() * 1e6 / pieces as f64)
}
