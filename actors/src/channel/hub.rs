//! The hub: opens channels when someone writes in them, and forgets them when they are gone.
//!
//! **Invariant:** a channel that failed is not opened again before its back-off has passed, and
//! every failure is counted.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;
use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::message::ChannelMessage;
use super::order::PostError;
use super::settings::ChannelPorts;
use super::state::places_max;
use super::{ChannelActor, ChannelArgs};
use crate::domain::ChannelId;

/// The actor that opens and watches the channels of this node.
pub(super) struct Hub;

/// What the hub is started with.
pub(super) struct HubArgs {
    pub(super) ports: Arc<ChannelPorts>,
    pub(super) roster: Arc<Roster>,
}

/// What the hub can be told.
pub(super) enum HubMessage {
    /// Someone needs a channel; it is opened if it is not open yet.
    Open { channel: ChannelId, reply: RpcReplyPort<Result<Door, PostError>> },
    /// Open nothing more, and let every channel finish; answers with those that are open.
    Drain { reply: RpcReplyPort<Vec<ActorCell>> },
}

/// The way into one channel.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) channel: ActorRef<ChannelMessage>,
    /// Taken before an order is sent, so that the mailbox is bounded. Closed with the channel.
    pub(super) places: Arc<Semaphore>,
}

/// The channels that are open, readable without asking the hub.
#[derive(Default)]
pub(super) struct Roster {
    doors: RwLock<HashMap<ChannelId, Door>>,
    restarts: AtomicU64,
}

impl Roster {
    /// The way into a channel that is open.
    pub(super) fn door(&self, channel: ChannelId) -> Option<Door> {
        self.doors.read().get(&channel).filter(|door| !door.places.is_closed()).cloned()
    }

    /// Channels that are open.
    pub(super) fn live(&self) -> usize {
        self.doors.read().len()
    }

    /// Channels that failed since the start.
    pub(super) fn restarts(&self) -> u64 {
        self.restarts.load(Ordering::Relaxed)
    }

    fn forget(&self, gone: &ActorCell) -> Option<ChannelId> {
        let mut doors = self.doors.write();
        let mut open = doors.iter().filter(|(_, door)| door.channel.get_id() == gone.get_id());
        let channel = open.next().map(|(channel, _)| *channel)?;
        doors.remove(&channel).map(|_| channel)
    }
}

/// What the hub remembers.
pub(super) struct HubState {
    ports: Arc<ChannelPorts>,
    roster: Arc<Roster>,
    /// Channels that failed lately.
    failed: HashMap<ChannelId, Backoff>,
    is_draining: bool,
}

impl Actor for Hub {
    type Msg = HubMessage;
    type State = HubState;
    type Arguments = HubArgs;

    async fn pre_start(
        &self,
        _myself: ActorRef<HubMessage>,
        HubArgs { ports, roster }: HubArgs,
    ) -> Result<HubState, ActorProcessingErr> {
        Ok(HubState { ports, roster, failed: HashMap::new(), is_draining: false })
    }

    async fn handle(
        &self,
        myself: ActorRef<HubMessage>,
        message: HubMessage,
        state: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            HubMessage::Open { channel, reply } => {
                let opened = state.open(myself.get_cell(), channel).await;
                if reply.send(opened).is_err() {
                    tracing::debug!(%channel, "caller stopped waiting for the channel");
                }
            }
            HubMessage::Drain { reply } => {
                if reply.send(state.drain()).is_err() {
                    tracing::debug!("nobody waits for the channels to drain");
                }
            }
        }
        Ok(())
    }

    /// A failed channel is forgotten; the next send opens it afresh from the log.
    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<HubMessage>,
        event: SupervisionEvent,
        state: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(gone, error) => state.failed(&gone, &error),
            SupervisionEvent::ActorTerminated(gone, _, _) => {
                state.roster.forget(&gone);
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl HubState {
    async fn open(&mut self, hub: ActorCell, channel: ChannelId) -> Result<Door, PostError> {
        if self.is_draining {
            return Err(PostError::NotOwner);
        }
        if let Some(door) = self.roster.door(channel) {
            return Ok(door);
        }
        if self.failed.get(&channel).is_some_and(|failed| failed.holds(Instant::now())) {
            return Err(PostError::Unavailable);
        }
        if self.roster.live() >= self.ports.settings.channels_max {
            return Err(PostError::Overloaded);
        }
        let places = Arc::new(Semaphore::new(places_max(&self.ports.settings) as usize));
        let actor = ChannelActor { ports: Arc::clone(&self.ports) };
        let args = ChannelArgs { channel, places: Arc::clone(&places) };
        let spawned = Actor::spawn_linked(None, actor, args, hub).await;
        let (actor, _) = spawned.map_err(|error| {
            tracing::error!(%channel, %error, "could not open the channel");
            PostError::Unavailable
        })?;
        let door = Door { channel: actor, places };
        self.roster.doors.write().insert(channel, door.clone());
        Ok(door)
    }

    fn failed(&mut self, gone: &ActorCell, error: &ActorProcessingErr) {
        self.roster.restarts.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        self.failed.retain(|_, failed| !failed.is_forgotten(now));
        let Some(channel) = self.roster.forget(gone) else { return };
        tracing::error!(%channel, %error, "a channel failed and will be opened afresh");
        self.failed.entry(channel).or_default().fail(now);
    }

    fn drain(&mut self) -> Vec<ActorCell> {
        self.is_draining = true;
        let doors = self.roster.doors.read();
        for door in doors.values() {
            door.places.close();
            door.channel.cast(ChannelMessage::Drain).ok();
        }
        doors.values().map(|door| door.channel.get_cell()).collect()
    }
}
