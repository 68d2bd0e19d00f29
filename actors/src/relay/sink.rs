//! The relay's ear on the bus: it bounds the relay's mailbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ractor::ActorRef;

use super::Shared;
use super::message::RelayMessage;
use crate::ports::{BusEvent, BusSink};

/// Events that may wait for a relay: at 64 entries each this is more than it can fan out in a
/// second. What comes above is dropped and read from the log.
const RELAY_BACKLOG_MAX: usize = 256;

/// The relay's ear on the bus.
pub(super) struct RelaySink {
    relay: ActorRef<RelayMessage>,
    shared: Arc<Shared>,
    behind: AtomicBool,
}

impl RelaySink {
    pub(super) fn new(relay: ActorRef<RelayMessage>, shared: Arc<Shared>) -> Self {
        Self { relay, shared, behind: AtomicBool::new(false) }
    }

    /// The relay took one event out of its mailbox.
    pub(super) fn taken(&self) {
        self.shared.pending.fetch_sub(1, Ordering::AcqRel);
    }

    /// The relay is about to look at the log; what is dropped from now on counts anew.
    pub(super) fn caught_up(&self) {
        self.behind.store(false, Ordering::Release);
    }

    fn send(&self, message: RelayMessage) {
        if self.relay.cast(message).is_err() {
            tracing::trace!("the relay has stopped; its subscription ends with it");
        }
    }
}

impl BusSink for RelaySink {
    fn deliver(&self, event: BusEvent) {
        if self.shared.pending.fetch_add(1, Ordering::AcqRel) < RELAY_BACKLOG_MAX {
            self.send(RelayMessage::Heard(event));
            return;
        }
        self.taken();
        // Said once: the mailbox stays bounded however much is dropped.
        if !self.behind.swap(true, Ordering::AcqRel) {
            self.send(RelayMessage::Behind);
        }
    }
}
