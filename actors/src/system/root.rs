//! The root: starts the hubs, and starts again the one that fails.
//!
//! **Invariant:** a hub that ended without having been told to is started again, until that happened
//! too often; then the root gives up, and the whole tree goes with it.

use std::collections::HashMap;
use std::sync::Arc;

use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::time::Instant;

use crate::channel::{self, ChannelHub};
use crate::ports::{Bus, Directory};
use crate::presence::{Board, BoardActor};
use crate::query::QueryHubArgs;
use crate::relay::{self, RelayHub};
use crate::session::{self, SessionHub};
use crate::supervision::{Budget, Tally};

/// The actor above all others.
pub(super) struct Root;

/// What the root starts its children with, again after each failure.
pub(super) struct RootArgs {
    pub(super) channels: channel::HubArgs,
    pub(super) relays: relay::HubArgs,
    pub(super) sessions: session::HubArgs,
    pub(super) queries: QueryHubArgs,
    pub(super) board: Board,
    pub(super) directory: Arc<dyn Directory>,
    pub(super) bus: Arc<dyn Bus>,
    /// Counts the hubs themselves.
    pub(super) tally: Arc<Tally>,
}

/// Which child an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Child {
    Board,
    Channels,
    Relays,
    Sessions,
    Queries,
}

/// The children that live.
pub(super) struct RootState {
    args: RootArgs,
    children: HashMap<ActorId, (Child, ActorCell)>,
    budget: Budget,
    is_stopping: bool,
}

/// What the root can be told.
pub(super) enum RootMessage {
    /// Stop the children, those first on which no other relies.
    Stop {
        /// Answers when they have stopped.
        reply: ractor::RpcReplyPort<()>,
    },
    /// Kill every hub.
    #[cfg(test)]
    KillHubs,
    /// Give up, as when the hubs fail again and again.
    #[cfg(any(test, feature = "testing"))]
    GiveUp,
}

impl Actor for Root {
    type Msg = RootMessage;
    type State = RootState;
    type Arguments = RootArgs;

    async fn pre_start(
        &self,
        myself: ActorRef<RootMessage>,
        args: RootArgs,
    ) -> Result<RootState, ActorProcessingErr> {
        let (children, budget) = Default::default();
        let mut state = RootState { args, children, budget, is_stopping: false };
        let all = [Child::Board, Child::Channels, Child::Relays, Child::Sessions, Child::Queries];
        for child in all {
            state.start(myself.get_cell(), child).await?;
        }
        Ok(state)
    }

    async fn handle(
        &self,
        _myself: ActorRef<RootMessage>,
        message: RootMessage,
        state: &mut RootState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            RootMessage::Stop { reply } => {
                state.stop().await;
                crate::ask::answer(reply, ());
            }
            #[cfg(test)]
            RootMessage::KillHubs => {
                let hubs = state.children.values().filter(|(kind, _)| *kind != Child::Board);
                hubs.for_each(|(_, hub)| hub.kill());
            }
            #[cfg(any(test, feature = "testing"))]
            RootMessage::GiveUp => return Err("told to give up".into()),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<RootMessage>,
        event: SupervisionEvent,
        state: &mut RootState,
    ) -> Result<(), ActorProcessingErr> {
        let (child, why) = match event {
            SupervisionEvent::ActorFailed(child, error) => (child, error.to_string()),
            SupervisionEvent::ActorTerminated(child, _, why) => (child, why.unwrap_or_default()),
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {
                return Ok(());
            }
        };
        let Some((kind, _)) = state.children.remove(&child.get_id()) else { return Ok(()) };
        state.args.tally.ended();
        if state.is_stopping {
            return Ok(());
        }
        tracing::error!(?kind, why, "a hub failed and is started again");
        state.args.tally.failed();
        if !state.budget.spend(Instant::now()) {
            return Err("the hubs fail again and again".into());
        }
        state.start(myself.get_cell(), kind).await
    }
}

impl RootState {
    async fn start(&mut self, root: ActorCell, child: Child) -> Result<(), ActorProcessingErr> {
        let args = &self.args;
        let cell = match child {
            Child::Board => {
                let actor = BoardActor {
                    board: args.board.clone(),
                    directory: Arc::clone(&args.directory),
                    bus: Arc::clone(&args.bus),
                };
                Actor::spawn_linked(None, actor, (), root).await?.0.get_cell()
            }
            Child::Channels => {
                let channels = args.channels.clone();
                Actor::spawn_linked(None, ChannelHub, channels, root).await?.0.get_cell()
            }
            Child::Relays => {
                let relays = args.relays.clone();
                Actor::spawn_linked(None, RelayHub, relays, root).await?.0.get_cell()
            }
            Child::Sessions => {
                let sessions = args.sessions.clone();
                Actor::spawn_linked(None, SessionHub, sessions, root).await?.0.get_cell()
            }
            Child::Queries => args.queries.clone().spawn(root).await?,
        };
        self.args.tally.started();
        self.children.insert(cell.get_id(), (child, cell));
        Ok(())
    }

    /// Questions lean on channels, sessions on relays and presence, so those go first.
    async fn stop(&mut self) {
        self.is_stopping = true;
        let all = [Child::Queries, Child::Sessions, Child::Relays, Child::Channels, Child::Board];
        for kind in all {
            let found = self.children.values().find(|(of, _)| *of == kind).map(|(_, cell)| cell);
            if let Some(cell) = found
                && let Err(error) = cell.stop_and_wait(None, None).await
            {
                tracing::debug!(?kind, %error, "a hub had stopped by itself");
            }
        }
    }
}
