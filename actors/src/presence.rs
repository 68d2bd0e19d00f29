//! Who is here. The board itself is a shared map, so that anyone can look without waiting; the
//! actor beside it counts down the grace of those who went and tells others, once a second.
//!
//! **Invariant:** a change is told at most once a second to each person, and only to people who
//! share a small channel with whom it is about.

mod state;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};
use tokio::time::Instant;

use self::state::BoardState;
use crate::ask::{answer, ask};
use crate::domain::{Presence, UserId};
use crate::ports::{Bus, BusEvent, Directory, Topic};

/// How long a caller waits until the board shows what they asked for. No I/O but the telling of
/// one tick can be before it.
const DEADLINE: Duration = Duration::from_secs(2);
/// How often changes are told.
const TICK: Duration = Duration::from_secs(1);
/// Members of a channel in which presence is told; in larger ones people look when they need it.
const MEMBERS_MAX: usize = 200;
/// Changes told in one tick: each is a read of the directory, and a herd must not hold it up.
const CHANGES_MAX: usize = 256;

/// The board: how everyone is who is not offline. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Board {
    shown: Arc<RwLock<HashMap<UserId, Presence>>>,
    actor: Arc<RwLock<Option<ActorRef<BoardMessage>>>>,
}

impl Board {
    /// How someone is now.
    pub(crate) fn presence(&self, user: UserId) -> Presence {
        self.shown.read().get(&user).copied().unwrap_or_default()
    }

    /// Someone's first socket came.
    pub(crate) fn came(&self, user: UserId) {
        self.tell(BoardMessage::Came { user });
    }

    /// Someone's last socket went.
    pub(crate) fn gone(&self, user: UserId) {
        self.tell(BoardMessage::Gone { user });
    }

    /// Someone wants to be shown like this.
    pub(crate) fn show(&self, user: UserId, presence: Presence) {
        self.tell(BoardMessage::Show { user, presence });
    }

    /// Someone says over the API how they want to be shown, maybe without a socket; answers once
    /// it is shown.
    pub(crate) async fn visit(&self, user: UserId, presence: Presence, is_here: bool) {
        let Some(actor) = self.actor.read().clone() else { return };
        let question = |reply| BoardMessage::Visit { user, presence, is_here, reply };
        if let Err(error) = ask(&actor, DEADLINE, question).await {
            tracing::debug!(%error, "presence was not noted");
        }
    }

    fn tell(&self, message: BoardMessage) {
        let actor = self.actor.read().clone();
        if actor.is_none_or(|actor| actor.cast(message).is_err()) {
            tracing::debug!("presence was not noted: its actor is being started again");
        }
    }

    /// Sets what is shown; `true` when it was something else.
    fn set(&self, user: UserId, presence: Presence) -> bool {
        let mut shown = self.shown.write();
        let before = match presence {
            Presence::Offline => shown.remove(&user),
            Presence::Online | Presence::Away | Presence::DoNotDisturb => {
                shown.insert(user, presence)
            }
        };
        before.unwrap_or_default() != presence
    }
}

/// What the board can be told.
pub(crate) enum BoardMessage {
    /// Someone's first socket came.
    Came {
        /// Who.
        user: UserId,
    },
    /// Someone's last socket went.
    Gone {
        /// Who.
        user: UserId,
    },
    /// Someone wants to be shown like this.
    Show {
        /// Who.
        user: UserId,
        /// How.
        presence: Presence,
    },
    /// Someone says over the API how they want to be shown.
    Visit {
        /// Who.
        user: UserId,
        /// How.
        presence: Presence,
        /// Whether they have a socket; without one they are here for the grace only.
        is_here: bool,
        /// Answered once it is shown.
        reply: RpcReplyPort<()>,
    },
    /// Time to tell.
    Tick,
}

/// The actor.
pub(crate) struct BoardActor {
    pub(crate) board: Board,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) bus: Arc<dyn Bus>,
}

impl Actor for BoardActor {
    type Msg = BoardMessage;
    type State = BoardState;
    type Arguments = ();

    async fn pre_start(
        &self,
        myself: ActorRef<BoardMessage>,
        (): (),
    ) -> Result<BoardState, ActorProcessingErr> {
        *self.board.actor.write() = Some(myself);
        Ok(BoardState::default())
    }

    async fn handle(
        &self,
        myself: ActorRef<BoardMessage>,
        message: BoardMessage,
        state: &mut BoardState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            BoardMessage::Came { user } => {
                state.came(user);
                // Who says to be busy and reconnects within the grace stays busy.
                if self.board.presence(user) == Presence::Offline {
                    self.show(state, user, Presence::Online);
                }
            }
            BoardMessage::Gone { user } => state.gone(user, Instant::now()),
            BoardMessage::Show { user, presence } => self.show(state, user, presence),
            BoardMessage::Visit { user, presence, is_here, reply } => {
                if !is_here {
                    state.gone(user, Instant::now());
                }
                self.show(state, user, presence);
                answer(reply, ());
            }
            BoardMessage::Tick => {
                state.is_ticking = false;
                for user in state.expired(Instant::now()) {
                    self.show(state, user, Presence::Offline);
                }
                Box::pin(self.tell(state.changed(CHANGES_MAX))).await;
            }
        }
        if state.has_work() && !state.is_ticking {
            state.is_ticking = true;
            myself.send_after(TICK, || BoardMessage::Tick);
        }
        Ok(())
    }
}

impl BoardActor {
    fn show(&self, state: &mut BoardState, user: UserId, presence: Presence) {
        if self.board.set(user, presence) {
            state.change(user);
        }
    }

    /// Tells everyone who shares a small channel with those who changed, in one batch each.
    async fn tell(&self, changed: Vec<UserId>) {
        let mut batches: HashMap<UserId, Vec<(UserId, Presence)>> = HashMap::new();
        for user in changed {
            let Ok(companions) = self.directory.companions(user, MEMBERS_MAX).await else {
                tracing::debug!("presence was not told: the directory is unavailable");
                return;
            };
            let presence = self.board.presence(user);
            for companion in companions.into_iter().filter(|companion| *companion != user) {
                // Whoever is not here has no socket to be told on.
                if self.board.presence(companion) != Presence::Offline {
                    batches.entry(companion).or_default().push((user, presence));
                }
            }
        }
        for (reader, batch) in batches {
            let event = BusEvent::Presence(batch.into());
            if self.bus.publish(Topic::User(reader), event).await.is_err() {
                tracing::debug!("presence was not told: the bus is unavailable");
                return;
            }
        }
    }
}
