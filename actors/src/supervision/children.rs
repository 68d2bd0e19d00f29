//! What every supervisor keeps of its children: whose they are, how many live, and which failed too
//! lately to be started again.
//!
//! **Invariant:** every end of a child is counted once, and a child that failed is not started
//! again before its back-off has passed.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use ractor::{ActorId, SupervisionEvent};
use tokio::time::Instant;

use super::{Backoff, Tally};

/// The children of one supervisor, by what they were started for.
pub(crate) struct Children<K> {
    /// Says in the log what kind they are.
    kind: &'static str,
    keys: HashMap<ActorId, K>,
    /// Those that failed lately.
    failed: HashMap<K, Backoff>,
    tally: Arc<Tally>,
}

/// The end of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended<K> {
    /// Which actor.
    pub(crate) child: ActorId,
    /// What it was started for.
    pub(crate) key: K,
    /// Whether it panicked or gave up; it stopped in order otherwise.
    pub(crate) has_failed: bool,
}

impl<K: Copy + Debug + Eq + Hash> Children<K> {
    /// No children: those of a supervisor before this one went with it.
    pub(crate) fn new(kind: &'static str, tally: Arc<Tally>) -> Self {
        tally.none_left();
        Self { kind, keys: HashMap::new(), failed: HashMap::new(), tally }
    }

    /// Notes a child.
    pub(crate) fn started(&mut self, child: ActorId, key: K) {
        self.keys.insert(child, key);
        self.tally.started();
    }

    /// Whether the last child of `key` failed too lately for another one.
    pub(crate) fn are_held(&self, key: K, now: Instant) -> bool {
        self.failed.get(&key).is_some_and(|failed| failed.holds(now))
    }

    /// Takes in what the runtime says; gives the child that has ended, if one has.
    pub(crate) fn hear(&mut self, event: &SupervisionEvent, now: Instant) -> Option<Ended<K>> {
        let (child, error) = match event {
            SupervisionEvent::ActorFailed(child, error) => (child.get_id(), Some(error)),
            SupervisionEvent::ActorTerminated(child, ..) => (child.get_id(), None),
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {
                return None;
            }
        };
        let key = self.keys.remove(&child)?;
        self.tally.ended();
        if let Some(error) = error {
            tracing::error!(kind = self.kind, ?key, %error, "an actor failed and will be built anew");
            self.tally.failed();
            self.failed.retain(|_, failed| !failed.is_forgotten(now));
            self.failed.entry(key).or_default().fail(now);
        }
        Some(Ended { child, key, has_failed: error.is_some() })
    }
}
