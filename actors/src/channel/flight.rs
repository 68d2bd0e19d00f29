//! One batch from the queue to its receipts.
//!
//! ```text
//!   recall, look up ─▶ compose ─▶ append ─▶ acknowledge ─▶ hand out ─▶ the rest, again
//! ```
//!
//! A flight runs beside its actor, which takes orders in meanwhile. It goes in rounds: what does
//! not fit into the bucket or the batch, and a second change to one message, wait for the next.
//!
//! **Invariant:** an order is answered once: with a receipt when it is stored, with a refusal only
//! when it is not and will not be, else with "unknown" or "send it again".

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ractor::ActorRef;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::boarding::{Boarded, board, look_up};
use super::message::{ChannelMessage, Order, Waiting};
use super::owner::{NotTaken, Owner, Verdict};
use super::settings::ChannelPorts;
#[cfg(test)]
use super::simulation::Planted;
use crate::domain::{ChannelId, Entry};
use crate::ports::{Amended, PostError, Receipt};
use crate::ports::{BusEvent, Topic};

/// How long the bus may take. What it does not take, relays find in the log.
const HAND_OUT_MAX: Duration = Duration::from_secs(1);

/// What comes back to the actor.
pub(super) struct Landing {
    /// The owner, when it goes on.
    pub(super) owner: Option<Box<Owner>>,
    pub(super) outcome: Outcome,
}

/// How a flight ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The channel is still ours.
    Kept,
    /// The channel could not be taken; nothing was appended.
    NotTaken,
    /// The channel is another's, or nobody knows: the actor must stop.
    SteppedDown,
}

/// A flight about to start.
pub(super) struct Flight {
    ports: Arc<ChannelPorts>,
    channel: ChannelId,
    owner: Option<Box<Owner>>,
}

/// Why no further round is flown.
struct Halt {
    /// What the orders left are answered.
    answer: PostError,
    is_deposed: bool,
}

impl Halt {
    const UNAVAILABLE: Self = Self { answer: PostError::Unavailable, is_deposed: false };
}

/// Tells the actor when a flight's task ends without landing.
struct Beacon {
    actor: ActorRef<ChannelMessage>,
    has_landed: bool,
}

impl Drop for Beacon {
    fn drop(&mut self) {
        if !self.has_landed {
            self.actor.cast(ChannelMessage::FlightLost).ok();
        }
    }
}

impl Flight {
    pub(super) fn new(
        ports: &Arc<ChannelPorts>,
        channel: ChannelId,
        owner: Option<Box<Owner>>,
    ) -> Self {
        Self { ports: Arc::clone(ports), channel, owner }
    }

    /// Flies on a task of its own, and lands at `actor`.
    pub(super) fn start(self, waiting: Vec<Waiting>, actor: ActorRef<ChannelMessage>) {
        tokio::spawn(async move {
            let mut beacon = Beacon { actor, has_landed: false };
            let landing = self.fly(waiting).await;
            beacon.has_landed = beacon.actor.cast(ChannelMessage::Landed(landing)).is_ok();
        });
    }

    async fn fly(mut self, waiting: Vec<Waiting>) -> Landing {
        let (mut orders, places): (VecDeque<Order>, Vec<OwnedSemaphorePermit>) =
            waiting.into_iter().map(|waiting| (waiting.order, waiting.place)).unzip();
        let mut owner = match self.owner.take() {
            Some(owner) => owner,
            None => match Owner::activate(&self.ports, self.channel).await {
                Ok(owner) => Box::new(owner),
                Err(why) => return self.not_taken(orders, why),
            },
        };
        orders.iter_mut().for_each(Order::fly);
        let halt = loop {
            if orders.is_empty() {
                break None;
            }
            if let Err(halt) = self.round(&mut owner, &mut orders).await {
                break Some(halt);
            }
        };
        drop(places);
        let Some(halt) = halt else {
            return Landing { owner: Some(owner), outcome: Outcome::Kept };
        };
        orders.into_iter().for_each(|order| order.refuse(halt.answer));
        if halt.is_deposed {
            tracing::info!(channel = %self.channel, answer = %halt.answer, "stepped down");
            return Landing { owner: None, outcome: Outcome::SteppedDown };
        }
        Landing { owner: Some(owner), outcome: Outcome::Kept }
    }

    fn not_taken(&self, orders: VecDeque<Order>, why: NotTaken) -> Landing {
        let (answer, outcome) = match why {
            NotTaken::Unavailable => (PostError::Unavailable, Outcome::NotTaken),
            NotTaken::Deposed => (PostError::NotOwner, Outcome::SteppedDown),
        };
        tracing::warn!(channel = %self.channel, %answer, "could not take the channel");
        orders.into_iter().for_each(|order| order.refuse(answer));
        Landing { owner: None, outcome }
    }

    /// One append. Orders that it does not settle stay in `orders`.
    async fn round(&self, owner: &mut Owner, orders: &mut VecDeque<Order>) -> Result<(), Halt> {
        if owner.room(&self.ports) == 0 {
            match owner.roll_over(&self.ports).await {
                Verdict::Stored => {}
                Verdict::Refused => return Err(Halt::UNAVAILABLE),
                Verdict::Outrun(_) | Verdict::Deposed { .. } | Verdict::Undecided => {
                    return Err(Halt { answer: PostError::NotOwner, is_deposed: true });
                }
            }
        }
        let found = look_up(&self.ports, self.channel, owner, orders).await;
        let mut boarded = board(&self.ports, self.channel, owner, orders, &found);
        if boarded.is_empty() {
            return Ok(());
        }
        let entries: Vec<Entry> = boarded.iter().map(|boarded| boarded.entry.clone()).collect();
        #[cfg(test)]
        if self.ports.planted == Planted::AcknowledgedBeforeAppend {
            acknowledge(std::mem::take(&mut boarded));
        }
        match owner.append(&self.ports, &entries).await {
            Verdict::Stored => self.settle(owner, orders, boarded, entries).await,
            Verdict::Outrun(rows) => self.settle(owner, orders, boarded, rows).await,
            Verdict::Refused => self.halt(orders, boarded, PostError::Unavailable, false),
            Verdict::Deposed { is_open: false } => {
                self.halt(orders, boarded, PostError::NotOwner, true)
            }
            Verdict::Deposed { is_open: true } | Verdict::Undecided => {
                boarded.drain(..).for_each(|boarded| boarded.order.refuse(PostError::Unknown));
                Err(Halt { answer: PostError::NotOwner, is_deposed: true })
            }
        }
    }

    fn halt(
        &self,
        orders: &mut VecDeque<Order>,
        boarded: Vec<Boarded>,
        answer: PostError,
        is_deposed: bool,
    ) -> Result<(), Halt> {
        tracing::warn!(channel = %self.channel, %answer, "the log did not take a batch");
        boarded.into_iter().rev().for_each(|boarded| orders.push_front(boarded.order));
        Err(Halt { answer, is_deposed })
    }

    /// Moves past what is stored, acknowledges what matches, and hands it out. What does not match
    /// is looked up again in the next round.
    async fn settle(
        &self,
        owner: &mut Owner,
        orders: &mut VecDeque<Order>,
        boarded: Vec<Boarded>,
        stored: Vec<Entry>,
    ) -> Result<(), Halt> {
        if stored.iter().any(|entry| owner.tail_mut().accept(entry).is_err()) {
            boarded.into_iter().for_each(|boarded| boarded.order.refuse(PostError::Unknown));
            return Err(Halt { answer: PostError::NotOwner, is_deposed: true });
        }
        let is_stored =
            |boarded: &Boarded| stored.iter().any(|entry| is_same(entry, &boarded.entry));
        let (landed, left): (Vec<_>, Vec<_>) = boarded.into_iter().partition(is_stored);
        left.into_iter().rev().for_each(|boarded| orders.push_front(boarded.order));
        acknowledge(landed);
        self.hand_out(owner, stored).await;
        Ok(())
    }

    /// Tells the bus. What is lost on the way, relays find in the log.
    async fn hand_out(&self, owner: &Owner, stored: Vec<Entry>) {
        let entries = stored.into_iter().map(Arc::new).collect();
        let event = BusEvent::Stored { entries, generation: owner.generation() };
        let published = self.ports.bus.publish(Topic::Channel(self.channel), event);
        if !matches!(timeout(HAND_OUT_MAX, published).await, Ok(Ok(()))) {
            tracing::warn!(channel = %self.channel, "the bus did not take stored entries");
        }
    }
}

/// Answers orders whose entries are stored.
fn acknowledge(landed: Vec<Boarded>) {
    for Boarded { order, entry } in landed {
        match order {
            Order::Post { reply, .. } => {
                let Some(posted) = entry.posted() else { continue };
                let (message, seq, at) = (posted.id, entry.seq, entry.at);
                reply.answer(Ok(Receipt { message, seq, at, duplicate: false }));
            }
            Order::Amend { amend, reply } => {
                reply.answer(Ok(Amended { message: amend.message, seq: entry.seq }));
            }
            Order::Member { reply, .. } => reply.answer(Ok(entry.seq)),
        }
    }
}

/// Whether a stored entry is the one that was composed. Messages are told apart by their id, for
/// their words may read otherwise by now.
fn is_same(stored: &Entry, composed: &Entry) -> bool {
    stored.seq == composed.seq
        && stored.by.user == composed.by.user
        && match (stored.posted(), composed.posted()) {
            (Some(stored), Some(composed)) => stored.id == composed.id,
            (None, None) => stored.event == composed.event,
            (Some(_), None) | (None, Some(_)) => false,
        }
}
