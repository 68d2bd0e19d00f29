//! What all followers of a run share: counters, latencies, and the word of command.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::sync::Semaphore;

use crate::history::History;

/// Nanoseconds in the unit that the histograms count in.
const NANOS_PER_UNIT: u64 = 1_000;
/// Ten minutes: no run waits longer, and what did would be counted as this.
const LATENCY_UNITS_MAX: u64 = 600_000_000;
/// Two digits: 1 % of a latency is less than a shared machine's noise.
const DIGITS: u8 = 2;

/// What every follower is to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Be connected; after a loss come back.
    Run,
    /// Drop the connection and wait.
    Hold,
}

/// Shared counters of a run.
pub(crate) struct Board {
    /// Load messages seen for the first time, over all followers.
    pub(crate) delivered: AtomicU64,
    /// Followers that are joined at this moment.
    pub(crate) connected: AtomicUsize,
    /// Connections that ended although nobody asked for it.
    pub(crate) lost: AtomicU64,
    /// Attempts to open that did not end in a joined channel.
    pub(crate) refused: AtomicU64,
    pub(crate) live: Latency,
    /// From the first try to come back until `resumed`.
    pub(crate) replay: Latency,
    /// How many may be opening a connection at once.
    pub(crate) openers: Semaphore,
    /// Where a run with a checker writes down what was seen.
    pub(crate) history: Option<History>,
    /// The first few reasons of losses and refusals.
    reasons: Mutex<Vec<String>>,
}

/// Reasons kept: enough to see a pattern, few enough to print.
const REASONS_MAX: usize = 5;

impl Board {
    pub(crate) fn new(openers: usize, history: Option<History>) -> Result<Self> {
        Ok(Self {
            delivered: AtomicU64::new(0),
            connected: AtomicUsize::new(0),
            lost: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            live: Latency::new()?,
            replay: Latency::new()?,
            openers: Semaphore::new(openers.clamp(1, Semaphore::MAX_PERMITS)),
            history,
            reasons: Mutex::new(Vec::new()),
        })
    }

    pub(crate) fn note(&self, reason: String) {
        let mut reasons = locked(&self.reasons);
        if reasons.len() < REASONS_MAX && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    pub(crate) fn reasons(&self) -> Vec<String> {
        locked(&self.reasons).clone()
    }

    pub(crate) fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    pub(crate) fn connected(&self) -> usize {
        self.connected.load(Ordering::Relaxed)
    }
}

/// A histogram that many tasks record into.
pub(crate) struct Latency(Mutex<Histogram<u64>>);

impl Latency {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Mutex::new(Histogram::new_with_bounds(1, LATENCY_UNITS_MAX, DIGITS)?)))
    }

    pub(crate) fn record_nanos(&self, nanos: u64) {
        locked(&self.0).saturating_record((nanos / NANOS_PER_UNIT).max(1));
    }

    /// Milliseconds below which `share` (0 to 1) of the values are; nothing without values.
    pub(crate) fn quantile_ms(&self, share: f64) -> Option<f64> {
        let histogram = locked(&self.0);
        (!histogram.is_empty()).then(|| histogram.value_at_quantile(share) as f64 / 1_000.0)
    }

    pub(crate) fn max_ms(&self) -> Option<f64> {
        let histogram = locked(&self.0);
        (!histogram.is_empty()).then(|| histogram.max() as f64 / 1_000.0)
    }

    pub(crate) fn count(&self) -> u64 {
        locked(&self.0).len()
    }

    /// Forgets everything, for the next span of a run.
    pub(crate) fn clear(&self) {
        locked(&self.0).reset();
    }
}

/// A lock whose holder cannot panic half-way: the value is good even if poisoned.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_comes_back_within_its_two_digits() {
        let latency = Latency::new().unwrap();
        for _ in 0..99 {
            latency.record_nanos(2_000_000);
        }
        latency.record_nanos(5_000_000_000);

        let close = |value: Option<f64>, wanted: f64| (value.unwrap() / wanted - 1.0).abs() < 0.01;
        assert!(close(latency.quantile_ms(0.5), 2.0));
        assert!(close(latency.max_ms(), 5_000.0));
        assert_eq!(latency.count(), 100);
    }
}
