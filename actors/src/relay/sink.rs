//! The relay's ear on the bus. What is heard while the relay fans out waits here, and is the next
//! fan-out together: under load each lane gets more in one write, instead of writes queueing.
//!
//! **Invariant:** while something waits, exactly one `Heard` is on its way to the relay.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ractor::ActorRef;

use super::Shared;
use super::message::RelayMessage;
use crate::domain::{Entry, Generation};
use crate::ports::{BusEvent, BusSink};

/// Events that may wait for a relay: at 64 entries each this is more than it can fan out in a
/// second. What comes above is dropped and read from the log.
const RELAY_BACKLOG_MAX: usize = 256;
/// Entries handed out in one pass: with more, the last lane would wait for the first one's megabyte.
const ENTRIES_AT_ONCE_MAX: usize = 256;

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

    /// Everything that waits, in order, with entries that follow each other joined.
    pub(super) fn take(&self) -> Vec<BusEvent> {
        joined(std::mem::take(&mut *self.shared.heard.lock()))
    }

    /// The relay is about to look at the log; what is dropped from now on counts anew.
    pub(super) fn caught_up(&self) {
        self.behind.store(false, Ordering::Release);
    }

    /// Something was lost: the relay has to look at the log.
    fn fall_behind(&self) {
        // Said once: the mailbox stays bounded however much is dropped.
        if !self.behind.swap(true, Ordering::AcqRel) {
            self.send(RelayMessage::Behind);
        }
    }

    fn send(&self, message: RelayMessage) {
        if self.relay.cast(message).is_err() {
            tracing::trace!("the relay has stopped; its subscription ends with it");
        }
    }
}

impl BusSink for RelaySink {
    fn deliver(&self, event: BusEvent) {
        if matches!(event, BusEvent::Interrupted) {
            self.fall_behind();
            return;
        }
        let waiting = {
            let mut heard = self.shared.heard.lock();
            let waiting = heard.len();
            if waiting < RELAY_BACKLOG_MAX {
                heard.push_back(event);
            }
            waiting
        };
        if waiting == 0 {
            self.send(RelayMessage::Heard);
        } else if waiting >= RELAY_BACKLOG_MAX {
            self.fall_behind();
        }
    }
}

/// Joins neighbouring batches of one life of the log, as long as they follow each other.
fn joined(heard: VecDeque<BusEvent>) -> Vec<BusEvent> {
    let mut events = Vec::with_capacity(heard.len());
    let mut run = Run::default();
    for event in heard {
        match event {
            BusEvent::Stored { entries, generation } => {
                if !run.is_followed_by(&entries, generation) {
                    events.extend(run.end());
                }
                run.batches.push(entries);
                run.generation = generation;
            }
            other @ (BusEvent::Head { .. }
            | BusEvent::Typing { .. }
            | BusEvent::Read { .. }
            | BusEvent::Progress(_)
            | BusEvent::ChannelUpdated(_)
            | BusEvent::Added(_)
            | BusEvent::Removed(_)
            | BusEvent::Presence(_)
            | BusEvent::Board { .. }
            | BusEvent::Revoked(_)
            | BusEvent::RightsChanged
            | BusEvent::CalledOff(_)
            | BusEvent::Own(_)
            | BusEvent::Aside(_)
            | BusEvent::Interrupted) => {
                events.extend(run.end());
                events.push(other);
            }
        }
    }
    events.extend(run.end());
    events
}

/// Batches that follow each other.
#[derive(Default)]
struct Run {
    batches: Vec<Arc<[Arc<Entry>]>>,
    generation: Generation,
}

impl Run {
    fn is_followed_by(&self, entries: &[Arc<Entry>], generation: Generation) -> bool {
        let last = self.batches.last().and_then(|batch| batch.last());
        let length: usize = self.batches.iter().map(|batch| batch.len()).sum();
        self.generation == generation
            && length + entries.len() <= ENTRIES_AT_ONCE_MAX
            && last.zip(entries.first()).is_some_and(|(last, next)| last.seq.next() == next.seq)
    }

    /// The run as one batch, if there is one; the next begins empty.
    fn end(&mut self) -> Option<BusEvent> {
        let batches = std::mem::take(&mut self.batches);
        let entries = match batches.as_slice() {
            [] => return None,
            [one] => Arc::clone(one),
            many => many.iter().flat_map(|batch| batch.iter().cloned()).collect(),
        };
        Some(BusEvent::Stored { entries, generation: self.generation })
    }
}

#[cfg(test)]
#[path = "sink_tests.rs"]
mod tests;
