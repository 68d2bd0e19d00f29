//! The channel actor: puts a channel's messages in order, stores them, hands them out.
//!
//! ```text
//!  Channels.post ─▶ waiting ─▶ flight: compose ─▶ append ─▶ receipt ─▶ bus ─▶ back with the tail
//! ```
//!
//! Reading order: [`Channels`] (all that others see), this shell, its `state` (what waits, what
//! flies), `flight` (one batch from order to receipt), `tail` (what an owner knows of the log's end)
//! and `owner` (how a channel is taken, kept and given up). Where there are several nodes: `routes`
//! (which way an order goes), `courier` (the order on its way) and `arrival` (what others send).
//!
//! **Invariant:** a receipt is given, and an entry handed out, only after the log has stored it:
//! durable, then acknowledged, then handed out. One batch of a channel is in flight at a time.

mod afterword;
mod amend;
mod arrival;
mod boarding;
mod counts;
mod courier;
mod flight;
mod handle;
mod hub;
mod message;
mod order;
mod owner;
mod routes;
mod settings;
mod state;
mod tail;

#[cfg(test)]
mod cluster_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod simulation;
#[cfg(test)]
pub(crate) use simulation::Planted;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::Semaphore;
use tokio::time::Instant;

pub use crate::ports::{
    Amend, AmendError, Amended, Change, MemberChange, Post, PostError, Receipt,
};
pub use counts::ClusterCounts;
pub use handle::{Channels, Pending};
pub(crate) use hub::{Hub as ChannelHub, HubArgs};
pub(crate) use routes::Routes;
pub(crate) use settings::ChannelPorts;
pub use settings::ChannelSettings;

use self::flight::Flight;
use self::message::ChannelMessage;
use self::state::{ChannelState, Rest};
use crate::domain::{ChannelId, Seq};
use crate::ports::{BusEvent, Topic};

/// How often an owner says its newest position again, so that relays find a lost last message.
const BEACON_EVERY: Duration = Duration::from_secs(1);
/// How long a beacon may take; the next one says the same.
const BEACON_MAX: Duration = Duration::from_secs(1);

/// Why an actor stops in whose channel nothing happened: there is nothing to say of it any more.
const IDLE: &str = "idle";

/// The actor of one channel. It holds only what never changes; see [`ChannelState`] for the rest.
struct ChannelActor {
    ports: Arc<ChannelPorts>,
}

/// What a channel is started with.
struct ChannelArgs {
    channel: ChannelId,
    /// Places for orders that wait; taken by the handle before it sends one.
    places: Arc<Semaphore>,
}

impl Actor for ChannelActor {
    type Msg = ChannelMessage;
    type State = ChannelState;
    type Arguments = ChannelArgs;

    /// Builds the empty state. No I/O here: the hub waits for this. The log is read by the first
    /// flight.
    async fn pre_start(
        &self,
        myself: ActorRef<ChannelMessage>,
        ChannelArgs { channel, places }: ChannelArgs,
    ) -> Result<ChannelState, ActorProcessingErr> {
        let now = Instant::now();
        let mut state = ChannelState::new(channel, places, &self.ports.settings, now);
        wake(&myself, &mut state, BEACON_EVERY, now);
        Ok(state)
    }

    async fn handle(
        &self,
        myself: ActorRef<ChannelMessage>,
        message: ChannelMessage,
        state: &mut ChannelState,
    ) -> Result<(), ActorProcessingErr> {
        let now = Instant::now();
        match message {
            ChannelMessage::Order(waiting) => {
                state.wait(*waiting, now);
                let sleeps = state.sleeps_beyond(now + BEACON_EVERY);
                #[cfg(test)]
                let sleeps = sleeps && self.ports.planted != Planted::BeaconsStopped;
                if sleeps {
                    wake(&myself, state, BEACON_EVERY, now);
                }
            }
            ChannelMessage::Depart => self.take_off(&myself, state),
            ChannelMessage::Landed(landing) => state.land(landing, now),
            ChannelMessage::FlightLost => return Err("a flight was lost".into()),
            #[cfg(test)]
            ChannelMessage::Panic => std::panic::resume_unwind(Box::new("planted")),
            ChannelMessage::Tick { number } if state.is_awaited(number) => {
                self.tick(&myself, state, now);
            }
            ChannelMessage::Tick { .. } => {}
            ChannelMessage::Drain => state.drain(),
        }
        if state.is_over() {
            myself.stop(state.is_idle().then(|| IDLE.to_owned()));
        } else if state.begins_boarding() && myself.cast(ChannelMessage::Depart).is_err() {
            tracing::trace!(channel = %state.channel(), "stopped before the departure");
        }
        Ok(())
    }

    /// Lets the next send open the channel anew instead of knocking at a closed door.
    async fn post_stop(
        &self,
        _myself: ActorRef<ChannelMessage>,
        state: &mut ChannelState,
    ) -> Result<(), ActorProcessingErr> {
        state.close();
        Ok(())
    }
}

impl ChannelActor {
    /// The departure is called through the mailbox, behind the orders that are in it: messages that
    /// were sent together fly together.
    fn take_off(&self, myself: &ActorRef<ChannelMessage>, state: &mut ChannelState) {
        if let Some((owner, waiting)) = state.take_off() {
            Flight::new(&self.ports, state.channel(), owner).start(waiting, myself.clone());
        }
    }

    fn tick(&self, myself: &ActorRef<ChannelMessage>, state: &mut ChannelState, now: Instant) {
        let next = match state.rest(now) {
            Rest::Beacon(head) => {
                if let Some(seq) = head {
                    self.beacon(state.channel(), seq);
                }
                BEACON_EVERY
            }
            Rest::Until(then) => then.saturating_duration_since(now),
            Rest::Over => return,
        };
        wake(myself, state, next, now);
    }

    /// On a task of its own: a slow bus must not hold up the channel.
    fn beacon(&self, channel: ChannelId, seq: Seq) {
        let bus = Arc::clone(&self.ports.bus);
        tokio::spawn(async move {
            let event = BusEvent::Head { channel, seq };
            let published = bus.publish(Topic::Channel(channel), event);
            if !matches!(tokio::time::timeout(BEACON_MAX, published).await, Ok(Ok(()))) {
                tracing::debug!(%channel, "the bus did not take the channel's head");
            }
        });
    }
}

/// Has time tell of itself after a pause. A tick that was called before is void.
fn wake(
    myself: &ActorRef<ChannelMessage>,
    state: &mut ChannelState,
    pause: Duration,
    now: Instant,
) {
    let number = state.call_tick(now + pause);
    myself.send_after(pause, move || ChannelMessage::Tick { number });
}
