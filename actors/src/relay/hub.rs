//! Opens relays when someone asks for them, and tells their lanes when they fail.

use std::collections::HashMap;
use std::sync::Arc;

use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, RpcReplyPort};
use ractor::{ActorStatus, SupervisionEvent};
use tokio::time::Instant;

use super::handle::{Relay, Relays};
use super::{RelayActor, RelayPorts, Shared};
use crate::ask::answer;
use crate::domain::ChannelId;
use crate::frame::Farewell;
use crate::session::FollowError;
use crate::system::{Budget, Tally};

/// Channels whose failures are remembered; more failing at once is no channel's own fault.
const FAILING_MAX: usize = 1_024;

/// The supervisor of all relays of this node.
pub(crate) struct RelayHub;

/// What the hub is started with.
#[derive(Clone)]
pub(crate) struct HubArgs {
    pub(crate) relays: Relays,
    pub(crate) ports: Arc<RelayPorts>,
    pub(crate) tally: Arc<Tally>,
}

/// What the hub can be told.
pub(crate) enum HubMessage {
    /// Someone needs a relay.
    Open {
        /// The channel.
        channel: ChannelId,
        /// Answers with a relay that has room.
        reply: RpcReplyPort<Result<Relay, FollowError>>,
    },
}

/// What the hub knows beside the open relays.
pub(crate) struct HubState {
    args: HubArgs,
    channels: HashMap<ActorId, ChannelId>,
    failures: HashMap<ChannelId, Budget>,
}

impl Actor for RelayHub {
    type Msg = HubMessage;
    type State = HubState;
    type Arguments = HubArgs;

    /// Takes over from a hub that failed: its relays went with it, so their readers come back.
    async fn pre_start(
        &self,
        myself: ActorRef<HubMessage>,
        args: HubArgs,
    ) -> Result<HubState, ActorProcessingErr> {
        for relay in args.relays.clear() {
            args.tally.ended();
            relay.close(Farewell::Lost);
        }
        args.relays.set_hub(myself);
        Ok(HubState { args, channels: HashMap::new(), failures: HashMap::new() })
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
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<HubMessage>,
        event: SupervisionEvent,
        state: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(relay, error) => state.failed(&relay, &error),
            SupervisionEvent::ActorTerminated(relay, _, _) => {
                state.forget(&relay, Farewell::Restarting);
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl HubState {
    async fn open(&mut self, hub: ActorCell, channel: ChannelId) -> Result<Relay, FollowError> {
        if let Some(relay) = self.args.relays.find(channel) {
            return Ok(relay);
        }
        if self.failures.get(&channel).is_some_and(|budget| budget.is_spent(Instant::now())) {
            return Err(FollowError::Unavailable);
        }
        let shared = Arc::new(Shared::default());
        let actor = RelayActor {
            channel,
            ports: Arc::clone(&self.args.ports),
            shared: Arc::clone(&shared),
        };
        let (actor, _) = Actor::spawn_linked(None, actor, (), hub).await.map_err(|error| {
            tracing::error!(%channel, %error, "a relay could not be started");
            FollowError::Unavailable
        })?;
        debug_assert!(actor.get_status() <= ActorStatus::Stopped);
        let relay = Relay::new(channel, actor, shared);
        self.channels.insert(relay.actor().get_id(), channel);
        self.args.relays.insert(relay.clone());
        self.args.tally.started();
        Ok(relay)
    }

    fn failed(&mut self, relay: &ActorCell, error: &ActorProcessingErr) {
        let channel = self.channels.get(&relay.get_id()).copied();
        tracing::error!(channel = ?channel, %error, "a relay failed; its readers come back");
        self.args.tally.failed();
        if let Some(channel) = channel {
            if self.failures.len() >= FAILING_MAX {
                self.failures.clear();
            }
            self.failures.entry(channel).or_default().spend(Instant::now());
        }
        self.forget(relay, Farewell::Lost);
    }

    fn forget(&mut self, relay: &ActorCell, why: Farewell) {
        let Some(channel) = self.channels.remove(&relay.get_id()) else { return };
        self.args.tally.ended();
        if let Some(relay) = self.args.relays.remove(relay.get_id(), channel) {
            relay.close(why);
        }
    }
}
