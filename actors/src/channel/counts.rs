//! What is counted of channels that move between nodes.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ports::RemoteReply;

/// What came of an order that was given to another node, in the order in which it is told.
const OUTCOMES: [&str; 5] = ["carried_out", "refused", "elsewhere", "unreachable", "unanswered"];

/// Counters of this node, since its start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    handovers: AtomicU64,
    forwarded: [AtomicU64; OUTCOMES.len()],
}

/// What a node counts of its part in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterCounts {
    /// Channels that are open here.
    pub channels_owned: u64,
    /// Channels that were open here and were given up for another node.
    pub handovers: u64,
    /// Orders given to other nodes, by what came of them: `carried_out`, `refused`, `elsewhere`,
    /// `unreachable`, `unanswered`.
    pub forwarded_orders: [(&'static str, u64); OUTCOMES.len()],
}

impl Counts {
    pub(super) fn handed_over(&self) {
        self.handovers.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an order that another node had; `None`: it did not answer.
    pub(super) fn forwarded(&self, reply: Option<&RemoteReply>) {
        let outcome = match reply {
            None => 4,
            Some(RemoteReply::Unreachable) => 3,
            Some(RemoteReply::Elsewhere(_)) => 2,
            Some(reply) if reply.refusal().is_some() => 1,
            Some(_) => 0,
        };
        self.forwarded[outcome].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self, channels_owned: usize) -> ClusterCounts {
        let count = |outcome: usize| self.forwarded[outcome].load(Ordering::Relaxed);
        ClusterCounts {
            channels_owned: channels_owned as u64,
            handovers: self.handovers.load(Ordering::Relaxed),
            forwarded_orders: std::array::from_fn(|outcome| (OUTCOMES[outcome], count(outcome))),
        }
    }
}
