//! Which sockets have to be looked at again, and when.
//!
//! ```text
//!   a socket that has just come ─┐
//!   its session missed something ─┴▶ doubts ─▶ a second later
//!   the bus hears no other node ────────────▶ all sockets, at once and every four seconds
//!   otherwise ──────────────────────────────▶ each of them once a minute
//! ```
//!
//! **Invariant:** an end of a sign-in or another role is noticed within five seconds on every node,
//! whether the bus works or not, while the store answers.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use starling_actors::domain::SocketId;
use tokio::sync::watch;
use tokio::time::Instant;

/// How often all sockets are looked at while nothing is heard from other nodes. With the second that a
/// look may wait for its turn it is five.
const DEAF_EVERY: Duration = Duration::from_secs(4);

/// Sockets that have to be looked at again. Cheap to clone; at most as many as are open.
#[derive(Clone, Debug, Default)]
pub struct Doubts(Arc<Mutex<HashSet<SocketId>>>);

impl Doubts {
    /// A socket's opener may not be welcome any more.
    pub(super) fn add(&self, socket: SocketId) {
        self.0.lock().insert(socket);
    }

    pub(super) fn remove(&self, socket: SocketId) {
        self.0.lock().remove(&socket);
    }

    pub(super) fn take(&self) -> HashSet<SocketId> {
        std::mem::take(&mut self.0.lock())
    }
}

/// Whether other nodes are heard.
#[derive(Clone, Debug, Default)]
pub struct Hearing {
    /// `None` where there are no others.
    pub(super) line: Option<watch::Receiver<bool>>,
}

impl Hearing {
    /// Other nodes are heard while `line` says so.
    pub fn over(line: watch::Receiver<bool>) -> Self {
        Self { line: Some(line) }
    }

    /// Whether what happens on other nodes concerns this one.
    pub(super) fn has_others(&self) -> bool {
        self.line.is_some()
    }

    fn is_deaf(&self) -> bool {
        self.line.as_ref().is_some_and(|line| !*line.borrow())
    }
}

/// When all sockets have to be looked at.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    /// When the last round began in this time of deafness.
    last: Option<Instant>,
}

impl Rounds {
    /// Whether a round begins now.
    pub(super) fn is_due(&mut self, hearing: &Hearing, now: Instant) -> bool {
        if !hearing.is_deaf() {
            self.last = None;
            return false;
        }
        let is_due = self.last.is_none_or(|last| now - last >= DEAF_EVERY);
        if is_due {
            self.last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_node_that_hears_nobody_looks_at_once_and_every_four_seconds() {
        let (line, seen) = watch::channel(true);
        let (hearing, mut rounds) = (Hearing::over(seen), Rounds::default());
        let start = Instant::now();
        let mut due = |second: u64| rounds.is_due(&hearing, start + Duration::from_secs(second));
        assert!(!due(0));
        line.send_replace(false);
        let begun: Vec<u64> = (1..12).filter(|second| due(*second)).collect();
        assert_eq!(begun, [1, 5, 9]);
        line.send_replace(true);
        assert!(!due(12));
        line.send_replace(false);
        assert!(due(13), "the next time begins anew");
        assert!(!Rounds::default().is_due(&Hearing::default(), start), "one machine hears all");
    }
}
