//! How many actors of a kind live, and how many have failed.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts one kind of actor.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    live: AtomicU64,
    restarts: AtomicU64,
}

/// What was counted of one kind of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// `relay`, `session` …
    pub actor: &'static str,
    /// How many there are now.
    pub live: u64,
    /// How many have failed since the start, and were or will be started again.
    pub restarts: u64,
}

impl Tally {
    pub(crate) fn started(&self) {
        self.live.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn ended(&self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
    }

    /// All have ended at once, with their supervisor.
    pub(crate) fn none_left(&self) {
        self.live.store(0, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.restarts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count(&self, actor: &'static str) -> Count {
        Count {
            actor,
            live: self.live.load(Ordering::Relaxed),
            restarts: self.restarts.load(Ordering::Relaxed),
        }
    }
}
