//! What a channel's actor keeps: who waits, what flies, and when to rest. Nothing here waits for
//! anything, sends, or reads a clock.
//!
//! **Invariant:** the owner is either here or in the one flight, never in both.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::flight::{Landing, Outcome};
use super::message::Waiting;
use super::owner::Owner;
use super::settings::ChannelSettings;
use crate::domain::{ChannelId, Seq};
use crate::ports::PostError;
use crate::supervision::Backoff;

/// Orders that one flight takes along: the store's batch limit (ordering.md).
pub(super) const BATCH_MAX: usize = 64;
/// An owner that was active within this time beacons its head.
const ACTIVE_MAX: Duration = Duration::from_secs(60);

/// The state of one channel's actor.
pub(super) struct ChannelState {
    channel: ChannelId,
    /// Free places; none is taken when nobody waits.
    places: Arc<Semaphore>,
    places_max: u32,
    idle_max: Duration,
    waiting: VecDeque<Waiting>,
    /// A departure is called: those who come before it take the same flight.
    is_boarding: bool,
    phase: Phase,
    /// Newest stored position, once a flight has landed.
    head: Option<Seq>,
    /// When the last order came.
    active_at: Instant,
    /// Failed tries to take the channel.
    activation: Backoff,
    is_draining: bool,
    /// Over because nothing happened for long.
    is_idle: bool,
    /// The tick to come: its number, and when.
    tick: (u64, Instant),
}

enum Phase {
    /// Nothing in flight; the owner, if the channel was taken.
    Grounded(Option<Box<Owner>>),
    /// A flight has the owner.
    Flying,
    /// Deposed, idle or drained: the actor stops.
    Over,
}

/// What to do when time has passed.
pub(super) enum Rest {
    /// Say the head, if there is one, and look again in a second.
    Beacon(Option<Seq>),
    /// Look again then.
    Until(Instant),
    /// Nothing more: the actor stops.
    Over,
}

impl ChannelState {
    pub(super) fn new(
        channel: ChannelId,
        places: Arc<Semaphore>,
        settings: &ChannelSettings,
        now: Instant,
    ) -> Self {
        Self {
            channel,
            places,
            places_max: places_max(settings),
            idle_max: settings.idle_max,
            waiting: VecDeque::new(),
            is_boarding: false,
            phase: Phase::Grounded(None),
            head: None,
            active_at: now,
            activation: Backoff::default(),
            is_draining: false,
            is_idle: false,
            tick: (0, now),
        }
    }

    pub(super) fn channel(&self) -> ChannelId {
        self.channel
    }

    /// Takes an order in, unless the log has just refused to give the channel away.
    pub(super) fn wait(&mut self, waiting: Waiting, now: Instant) {
        self.active_at = now;
        if self.activation.holds(now) {
            waiting.order.refuse(PostError::Unavailable);
        } else {
            self.waiting.push_back(waiting);
        }
    }

    /// Calls a tick; gives its number. The one before it is void.
    pub(super) fn call_tick(&mut self, at: Instant) -> u64 {
        self.tick = (self.tick.0 + 1, at);
        self.tick.0
    }

    /// Whether a tick is the one that was called last.
    pub(super) fn is_awaited(&self, number: u64) -> bool {
        self.tick.0 == number
    }

    /// Whether nothing happens by itself before a moment: a channel that was quiet looks up again only
    /// when it may be closed.
    pub(super) fn sleeps_beyond(&self, then: Instant) -> bool {
        self.tick.1 > then
    }

    /// Takes back what the flight brings.
    pub(super) fn land(&mut self, landing: Landing, now: Instant) {
        let Landing { owner, outcome } = landing;
        self.head = owner.as_ref().map(|owner| owner.tail().newest()).or(self.head);
        match outcome {
            Outcome::Kept => {
                self.activation.succeed();
                self.phase = Phase::Grounded(owner);
            }
            Outcome::NotTaken => {
                self.activation.fail(now);
                self.phase = Phase::Grounded(None);
                for waiting in self.waiting.drain(..) {
                    waiting.order.refuse(PostError::Unavailable);
                }
            }
            Outcome::SteppedDown => {
                self.phase = Phase::Over;
                self.waiting.clear();
            }
        }
    }

    /// Whether a departure has to be called now: orders wait on the ground, and none is called yet.
    pub(super) fn begins_boarding(&mut self) -> bool {
        let begins = !self.is_boarding
            && !self.waiting.is_empty()
            && matches!(self.phase, Phase::Grounded(_));
        self.is_boarding |= begins;
        begins
    }

    /// The departure that was called: the owner and the orders that the flight takes along, if it
    /// may start.
    pub(super) fn take_off(&mut self) -> Option<(Option<Box<Owner>>, Vec<Waiting>)> {
        self.is_boarding = false;
        if self.waiting.is_empty() {
            return None;
        }
        match std::mem::replace(&mut self.phase, Phase::Flying) {
            Phase::Grounded(owner) => {
                let count = self.waiting.len().min(BATCH_MAX);
                Some((owner, self.waiting.drain(..count).collect()))
            }
            phase @ (Phase::Flying | Phase::Over) => {
                self.phase = phase;
                None
            }
        }
    }

    /// No order comes any more.
    pub(super) fn drain(&mut self) {
        self.is_draining = true;
        self.places.close();
    }

    /// Whether the actor has nothing left to do.
    pub(super) fn is_over(&self) -> bool {
        match &self.phase {
            Phase::Over => true,
            Phase::Flying => false,
            Phase::Grounded(_) => self.is_draining && self.waiting.is_empty(),
        }
    }

    /// Whether it is over because nothing happened for long.
    pub(super) fn is_idle(&self) -> bool {
        self.is_idle
    }

    /// What to do now that time has passed. An idle channel is over once it holds every place, so
    /// that no order can be on its way to it.
    pub(super) fn rest(&mut self, now: Instant) -> Rest {
        let idle = now.saturating_duration_since(self.active_at);
        if idle < ACTIVE_MAX.min(self.idle_max) {
            return Rest::Beacon(self.head);
        }
        if idle < self.idle_max {
            return Rest::Until(self.active_at + self.idle_max);
        }
        match self.places.try_acquire_many(self.places_max) {
            Ok(_all) => {
                self.places.close();
                self.phase = Phase::Over;
                self.is_idle = true;
                Rest::Over
            }
            Err(_) => Rest::Beacon(self.head),
        }
    }

    /// Closes the door.
    pub(super) fn close(&self) {
        self.places.close();
    }
}

/// Places for waiting orders, as the semaphore counts them.
pub(super) fn places_max(settings: &ChannelSettings) -> u32 {
    u32::try_from(settings.waiting_max).unwrap_or(u32::MAX)
}
