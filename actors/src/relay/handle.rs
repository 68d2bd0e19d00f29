//! How sessions reach relays.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parking_lot::RwLock;
use ractor::{ActorRef, ActorStatus};
use tokio::sync::Semaphore;

use super::Shared;
use super::hub::HubMessage;
use super::message::{Acknowledge, Follower, NoRelay, RelayMessage, Start};
use crate::ask::ask;
use crate::domain::{ChannelId, SocketId, UserId};
use crate::frame::{Farewell, Lane};
use crate::ports::Head;

/// How long a lane may wait to become a receiver: the log's deadline, twice.
const FOLLOW_DEADLINE: Duration = Duration::from_secs(10);
/// How long anything else may take.
const DEADLINE: Duration = Duration::from_secs(2);
/// Receivers of one relay; further ones get a second relay, on another core.
const RECEIVERS_MAX: usize = 15_000;

/// Relays that compare heads at the same time because a node has gone. At 5 ms a read, 10,000 relays
/// take less than a second, and the log keeps room for everything else.
const COMPARING_MAX: usize = 64;

/// The way to one relay. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Relay {
    channel: ChannelId,
    actor: ActorRef<RelayMessage>,
    shared: Arc<Shared>,
}

impl Relay {
    pub(super) fn new(
        channel: ChannelId,
        actor: ActorRef<RelayMessage>,
        shared: Arc<Shared>,
    ) -> Self {
        Self { channel, actor, shared }
    }

    pub(super) fn actor(&self) -> &ActorRef<RelayMessage> {
        &self.actor
    }

    /// The channel it serves.
    pub(crate) fn channel(&self) -> ChannelId {
        self.channel
    }

    /// Whether it still works.
    pub(crate) fn is_alive(&self) -> bool {
        self.actor.get_status() < ActorStatus::Draining
    }

    /// Reads along; answers once the lane is among the receivers and got what it missed.
    pub(crate) async fn follow(
        &self,
        lane: Arc<dyn Lane>,
        start: Start,
        acknowledge: Acknowledge,
    ) -> Result<Head, NoRelay> {
        let question =
            |reply| RelayMessage::Follow(Box::new(Follower { lane, start, acknowledge, reply }));
        ask(&self.actor, FOLLOW_DEADLINE, question).await.unwrap_or(Err(NoRelay))
    }

    /// Reads along no longer; nothing is pushed after this returned.
    pub(crate) async fn unfollow(&self, socket: SocketId) {
        let question = |reply| RelayMessage::Unfollow { socket, reply };
        if let Err(error) = ask(&self.actor, DEADLINE, question).await {
            tracing::debug!(channel = %self.channel, %error, "a relay was gone before its reader");
        }
    }

    /// The socket has ended; nobody waits for that.
    pub(crate) fn leave(&self, socket: SocketId) {
        let (reply, _nobody) = ractor::concurrency::oneshot();
        let message = RelayMessage::Unfollow { socket, reply: reply.into() };
        if self.actor.cast(message).is_err() {
            tracing::debug!(channel = %self.channel, "a relay was gone before its reader");
        }
    }

    /// Ends delivery to a person once everything stored until now was handed out.
    pub(crate) fn dismiss(&self, user: UserId) {
        if self.actor.cast(RelayMessage::Dismiss { user }).is_err() {
            tracing::debug!(channel = %self.channel, "a relay was gone before its reader");
        }
    }

    /// Tells all lanes to close.
    pub(super) fn close(&self, why: Farewell) {
        self.shared.receivers.lock().close(why);
    }

    fn has_room(&self) -> bool {
        self.is_alive() && self.shared.count.load(Ordering::Relaxed) < RECEIVERS_MAX
    }
}

/// The way to all relays of this node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Relays {
    open: Arc<Open>,
}

/// The relays that are open, to be found without asking their supervisor.
#[derive(Default)]
pub(super) struct Open {
    relays: RwLock<HashMap<ChannelId, Vec<Relay>>>,
    hub: RwLock<Option<ActorRef<HubMessage>>>,
}

impl Relays {
    /// No relay yet; a hub takes its place with [`Self::set_hub`].
    pub(crate) fn new() -> Self {
        Self { open: Arc::default() }
    }

    pub(super) fn set_hub(&self, hub: ActorRef<HubMessage>) {
        *self.open.hub.write() = Some(hub);
    }

    /// A relay of the channel with room for another lane, started if there is none.
    pub(crate) async fn relay(&self, channel: ChannelId) -> Result<Relay, NoRelay> {
        if let Some(relay) = self.find(channel) {
            return Ok(relay);
        }
        let hub = self.open.hub.read().clone().ok_or(NoRelay)?;
        ask(&hub, DEADLINE, |reply| HubMessage::Open { channel, reply })
            .await
            .unwrap_or(Err(NoRelay))
    }

    /// Has every relay compare heads with the log, [`COMPARING_MAX`] at a time; returns when each has
    /// its turn.
    pub(super) async fn compare(&self) {
        let turns = Arc::new(Semaphore::new(COMPARING_MAX));
        let relays: Vec<Relay> = self.open.relays.read().values().flatten().cloned().collect();
        for relay in relays {
            let Ok(turn) = Arc::clone(&turns).acquire_owned().await else { return };
            if relay.actor.cast(RelayMessage::Compare { turn }).is_err() {
                tracing::trace!(channel = %relay.channel, "the relay stopped before its turn");
            }
        }
    }

    /// Ends delivery of a channel to a person.
    pub(crate) fn dismiss(&self, channel: ChannelId, user: UserId) {
        for relay in self.open.relays.read().get(&channel).into_iter().flatten() {
            relay.dismiss(user);
        }
    }

    pub(super) fn find(&self, channel: ChannelId) -> Option<Relay> {
        self.open.relays.read().get(&channel)?.iter().find(|relay| relay.has_room()).cloned()
    }

    /// Events that wait for relays.
    pub(crate) fn waiting(&self) -> u64 {
        let open = self.open.relays.read();
        let waiting = |relay: &Relay| relay.shared.heard.lock().len() as u64;
        open.values().flatten().map(waiting).sum()
    }

    pub(super) fn insert(&self, relay: Relay) {
        self.open.relays.write().entry(relay.channel).or_default().push(relay);
    }

    pub(super) fn remove(&self, id: ractor::ActorId, channel: ChannelId) -> Option<Relay> {
        let mut open = self.open.relays.write();
        let relays = open.get_mut(&channel)?;
        let place = relays.iter().position(|relay| relay.actor.get_id() == id)?;
        let relay = relays.swap_remove(place);
        if relays.is_empty() {
            open.remove(&channel);
        }
        Some(relay)
    }

    /// Takes all of them out: their supervisor has failed.
    pub(super) fn clear(&self) -> Vec<Relay> {
        std::mem::take(&mut *self.open.relays.write()).into_values().flatten().collect()
    }
}
