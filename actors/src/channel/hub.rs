//! The hub: opens channels when someone writes in them, hands them over when they become another
//! node's, and forgets them when they are gone.
//!
//! **Invariant:** a channel is open once on this node; one that failed is not opened again before its
//! back-off has passed, and every failure is counted.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;
use ractor::{
    Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent,
};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::afterword::Afterwords;
use super::message::ChannelMessage;
use super::routes::Routes;
use super::settings::ChannelPorts;
use super::state::places_max;
use super::{ChannelActor, ChannelArgs, IDLE};
use crate::ask::answer;
use crate::domain::ChannelId;
use crate::ports::PostError;
use crate::supervision::{Children, Ended, Tally};

/// The actor that opens and watches the channels of this node.
pub(crate) struct Hub;

/// What the hub is started with, again after it failed.
#[derive(Clone)]
pub(crate) struct HubArgs {
    pub(super) ports: Arc<ChannelPorts>,
    pub(super) roster: Arc<Roster>,
    /// Tells which channels are another node's; absent where there is none.
    pub(super) routes: Option<Arc<Routes>>,
}

/// What the hub can be told.
pub(crate) enum HubMessage {
    /// Someone needs a channel; it is opened if it is not open yet.
    Open {
        /// Which one.
        channel: ChannelId,
        /// Answers with the way into it.
        reply: RpcReplyPort<Result<Door, PostError>>,
    },
    /// Other nodes are there: let every channel finish that is not this node's any more.
    Moved,
    /// Open nothing more, and let every channel finish.
    Drain {
        /// Answers with those that are open.
        reply: RpcReplyPort<Vec<ActorCell>>,
    },
}

/// The way into one channel.
#[derive(Clone)]
pub(crate) struct Door {
    pub(super) channel: ActorRef<ChannelMessage>,
    /// Taken before an order is sent, so that the mailbox is bounded. Closed with the channel.
    pub(super) places: Arc<Semaphore>,
    /// How many there were in the beginning.
    places_max: usize,
    /// Fires when the actor is gone: the channel may be opened anew, here or elsewhere.
    pub(super) closed: CancellationToken,
}

impl Door {
    /// Lets no further order in, and has the channel stop once what waits is stored; `false` when it
    /// was closing already.
    pub(super) fn drain(&self) -> bool {
        let is_first = !self.places.is_closed();
        self.places.close();
        // An actor that is gone has nothing left to store.
        self.channel.cast(ChannelMessage::Drain).ok();
        is_first
    }

    /// The actor is gone.
    fn shut(&self) {
        self.places.close();
        self.closed.cancel();
    }
}

/// The channels that are open, readable without asking the hub.
#[derive(Default)]
pub(super) struct Roster {
    doors: RwLock<HashMap<ChannelId, Door>>,
    pub(super) hub: RwLock<Option<ActorRef<HubMessage>>>,
    pub(super) tally: Arc<Tally>,
    /// Nothing is opened any more, by no hub.
    is_draining: AtomicBool,
}

impl Roster {
    /// Places that are taken in the queues of open channels.
    pub(super) fn waiting(&self) -> u64 {
        let doors = self.doors.read();
        let taken = |door: &Door| door.places_max.saturating_sub(door.places.available_permits());
        doors.values().map(|door| taken(door) as u64).sum()
    }

    /// The way into a channel that is open, or still closing.
    pub(super) fn door(&self, channel: ChannelId) -> Option<Door> {
        self.doors.read().get(&channel).cloned()
    }

    /// Channels that are open.
    pub(super) fn live(&self) -> usize {
        self.doors.read().len()
    }

    /// Closes the door of an actor that is gone; one that was opened meanwhile stays.
    fn forget(&self, gone: ActorId, channel: ChannelId) {
        let mut doors = self.doors.write();
        if doors.get(&channel).is_some_and(|door| door.channel.get_id() == gone)
            && let Some(door) = doors.remove(&channel)
        {
            door.shut();
        }
    }
}

/// What the hub remembers.
pub(crate) struct HubState {
    args: HubArgs,
    children: Children<ChannelId>,
    afterwords: Afterwords,
}

impl Actor for Hub {
    type Msg = HubMessage;
    type State = HubState;
    type Arguments = HubArgs;

    /// Takes over from a hub that failed: its channels went with it, and are opened from the log
    /// when the next one writes in them.
    async fn pre_start(
        &self,
        myself: ActorRef<HubMessage>,
        args: HubArgs,
    ) -> Result<HubState, ActorProcessingErr> {
        for (_, door) in std::mem::take(&mut *args.roster.doors.write()) {
            door.shut();
        }
        if let Some(routes) = &args.routes {
            tell_of_moves(routes, myself.clone());
        }
        *args.roster.hub.write() = Some(myself);
        let children = Children::new("channel", Arc::clone(&args.roster.tally));
        Ok(HubState { args, children, afterwords: Afterwords::default() })
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
                answer(reply, opened);
            }
            HubMessage::Moved => state.hand_over(),
            HubMessage::Drain { reply } => answer(reply, state.drain()),
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
        if let Some(Ended { child, key, .. }) = state.children.hear(&event, Instant::now()) {
            let HubArgs { ports, roster, .. } = &state.args;
            roster.forget(child, key);
            let is_silent = is_idle(&event);
            #[cfg(test)]
            let is_silent = is_silent || ports.planted == super::Planted::NoAfterword;
            if !is_silent {
                state.afterwords.say(ports, roster, key);
            }
        }
        Ok(())
    }
}

impl HubState {
    async fn open(&mut self, hub: ActorCell, channel: ChannelId) -> Result<Door, PostError> {
        let HubArgs { ports, roster, .. } = &self.args;
        if roster.is_draining.load(Ordering::Acquire) {
            return Err(PostError::NotOwner);
        }
        if let Some(door) = roster.door(channel) {
            return Ok(door);
        }
        if self.children.are_held(channel, Instant::now()) {
            return Err(PostError::Unavailable);
        }
        if roster.live() >= ports.settings.channels_max {
            return Err(PostError::Overloaded);
        }
        let count = places_max(&ports.settings) as usize;
        let places = Arc::new(Semaphore::new(count));
        let actor = ChannelActor { ports: Arc::clone(ports) };
        let args = ChannelArgs { channel, places: Arc::clone(&places) };
        let spawned = Actor::spawn_linked(None, actor, args, hub).await;
        let (actor, _) = spawned.map_err(|error| {
            tracing::error!(%channel, %error, "could not open the channel");
            PostError::Unavailable
        })?;
        self.children.started(actor.get_id(), channel);
        let closed = CancellationToken::new();
        let door = Door { channel: actor, places, places_max: count, closed };
        roster.doors.write().insert(channel, door.clone());
        Ok(door)
    }

    /// Each channel that is not ours lets its flight land and stops. None begins anything that it
    /// would not have begun anyway, so all may do so at once.
    fn hand_over(&self) {
        let HubArgs { roster, routes: Some(routes), .. } = &self.args else { return };
        routes.forget_detours();
        let doors: Vec<(ChannelId, Door)> =
            roster.doors.read().iter().map(|(channel, door)| (*channel, door.clone())).collect();
        let mut moved = 0_usize;
        for (_, door) in doors.iter().filter(|(channel, _)| !routes.is_here(*channel)) {
            if door.drain() {
                routes.counts.handed_over();
                moved += 1;
            }
        }
        if moved > 0 {
            tracing::info!(moved, kept = doors.len() - moved, "channels are handed over");
        }
    }

    fn drain(&mut self) -> Vec<ActorCell> {
        let roster = &self.args.roster;
        roster.is_draining.store(true, Ordering::Release);
        let doors = roster.doors.read();
        for door in doors.values() {
            door.drain();
        }
        doors.values().map(|door| door.channel.get_cell()).collect()
    }
}

fn is_idle(event: &SupervisionEvent) -> bool {
    matches!(event, SupervisionEvent::ActorTerminated(_, _, Some(why)) if why == IDLE)
}

/// Tells the hub of each other view, until it is gone.
fn tell_of_moves(routes: &Routes, hub: ActorRef<HubMessage>) {
    let Some(mut views) = routes.placement.views() else { return };
    tokio::spawn(async move {
        while views.changed().await.is_ok() && hub.cast(HubMessage::Moved).is_ok() {}
    });
}
