//! Opens relays when someone asks for them, tells their lanes when they fail, and has all of them look
//! at the log when a node has gone.

use std::sync::Arc;
use std::time::Duration;

use ractor::{
    Actor, ActorCell, ActorProcessingErr, ActorRef, ActorStatus, RpcReplyPort, SupervisionEvent,
};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::handle::{Relay, Relays};
use super::message::NoRelay;
use super::{RelayActor, RelayPorts, Shared};
use crate::ask::answer;
use crate::cluster::{Placement, View};
use crate::domain::ChannelId;
use crate::frame::Farewell;
use crate::supervision::{Children, Ended, Tally};

/// How long after a node was missed an append of it may still land: as long as an owner looks after
/// one without an answer.
const LATE_MAX: Duration = Duration::from_secs(5);

/// The supervisor of all relays of this node.
pub(crate) struct RelayHub;

/// What the hub is started with.
#[derive(Clone)]
pub(crate) struct HubArgs {
    pub(crate) relays: Relays,
    pub(crate) ports: Arc<RelayPorts>,
    pub(crate) tally: Arc<Tally>,
    /// Tells which nodes are there.
    pub(crate) placement: Placement,
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
        if let Some(views) = args.placement.views() {
            tokio::spawn(compare_when_nodes_go(args.relays.clone(), views, myself.clone()));
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

/// A node that is gone may have stored what it did not say, and nobody else would: the next owner says
/// something only when somebody writes. What such a node had sent may still land after it was missed,
/// so the log is looked at again. Ends with the hub.
async fn compare_when_nodes_go(
    relays: Relays,
    mut views: watch::Receiver<View>,
    hub: ActorRef<HubMessage>,
) {
    let mut before = views.borrow_and_update().clone();
    let mut again_at = None;
    while hub.get_status() < ActorStatus::Draining {
        let again = async {
            match again_at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = views.changed() => {
                if changed.is_err() {
                    return;
                }
                let now = views.borrow_and_update().clone();
                let is_one_gone = !now.has_all_of(&before);
                before = now;
                if !is_one_gone {
                    continue;
                }
                again_at = Some(Instant::now() + LATE_MAX);
            }
            () = again => again_at = None,
        }
        relays.compare().await;
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
