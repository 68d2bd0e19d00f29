//! Opens relays when someone asks for them, and tells their lanes when they fail.

use std::sync::Arc;

use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};
use tokio::time::Instant;

use super::handle::{Relay, Relays};
use super::message::NoRelay;
use super::{RelayActor, RelayPorts, Shared};
use crate::ask::answer;
use crate::domain::ChannelId;
use crate::frame::Farewell;
use crate::supervision::{Children, Ended, Tally};

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
        reply: RpcReplyPort<Result<Relay, NoRelay>>,
    },
}

/// What the hub knows beside the open relays.
pub(crate) struct HubState {
    args: HubArgs,
    children: Children<ChannelId>,
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
            relay.close(Farewell::Lost);
        }
        args.relays.set_hub(myself);
        let children = Children::new("relay", Arc::clone(&args.tally));
        Ok(HubState { args, children })
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
        if let Some(Ended { child, key, has_failed }) = state.children.hear(&event, Instant::now())
            && let Some(relay) = state.args.relays.remove(child, key)
        {
            relay.close(if has_failed { Farewell::Lost } else { Farewell::Restarting });
        }
        Ok(())
    }
}

impl HubState {
    async fn open(&mut self, hub: ActorCell, channel: ChannelId) -> Result<Relay, NoRelay> {
        if let Some(relay) = self.args.relays.find(channel) {
            return Ok(relay);
        }
        if self.children.are_held(channel, Instant::now()) {
            return Err(NoRelay);
        }
        let shared = Arc::new(Shared::default());
        let actor = RelayActor {
            channel,
            ports: Arc::clone(&self.args.ports),
            shared: Arc::clone(&shared),
        };
        let (actor, _) = Actor::spawn_linked(None, actor, (), hub).await.map_err(|error| {
            tracing::error!(%channel, %error, "a relay could not be started");
            NoRelay
        })?;
        let relay = Relay::new(channel, actor, shared);
        self.children.started(relay.actor().get_id(), channel);
        self.args.relays.insert(relay.clone());
        Ok(relay)
    }
}
