//! Who is here. The board itself is shared, so that anyone can look and note without waiting; the
//! actor beside it counts down the grace of those who went and tells others, once a second.
//!
//! **Invariant:** a change is told at most once a second to each person, and only to people who
//! share a small channel with whom it is about. What is noted outlives the actor. Who has a socket is
//! never shown as offline: what is shown changes only under the lock of who is in their grace.

mod state;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

use self::state::BoardState;
use crate::domain::{Presence, UserId};
use crate::ports::{Bus, BusEvent, Directory, Topic};

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
    /// Shared with the actor, so that nothing is lost when that is started again.
    state: Arc<Mutex<BoardState>>,
    actor: Arc<RwLock<Option<ActorRef<BoardMessage>>>>,
}

impl Board {
    /// How someone is now.
    pub(crate) fn presence(&self, user: UserId) -> Presence {
        self.shown.read().get(&user).copied().unwrap_or_default()
    }

    /// Someone's first socket came.
    pub(crate) fn came(&self, user: UserId) {
        let mut state = self.state.lock();
        state.came(user);
        // Who says to be busy and reconnects within the grace stays busy.
        if self.presence(user) == Presence::Offline {
            self.set(&mut state, user, Presence::Online);
        }
        self.wake(&mut state);
    }

    /// Someone's last socket went.
    pub(crate) fn gone(&self, user: UserId) {
        let mut state = self.state.lock();
        state.gone(user, Instant::now());
        self.wake(&mut state);
    }

    /// Someone says, without one of their sockets, how they want to be shown. If they have none they
    /// are here for the grace from now on.
    pub(crate) fn visit(&self, user: UserId, presence: Presence) {
        let mut state = self.state.lock();
        // A socket may have come since the caller looked: its grace must not begin.
        if self.presence(user) == Presence::Offline || state.is_leaving(user) {
            state.gone(user, Instant::now());
        }
        self.set(&mut state, user, presence);
        self.wake(&mut state);
    }

    /// Someone wants to be shown like this.
    pub(crate) fn show(&self, user: UserId, presence: Presence) {
        let mut state = self.state.lock();
        self.set(&mut state, user, presence);
        self.wake(&mut state);
    }

    /// A tick has come: shows those whose grace is over as offline, and gives whose change is to be
    /// told. In one step: who comes meanwhile comes before it or after it.
    fn tick(&self, now: Instant) -> Vec<UserId> {
        let mut state = self.state.lock();
        state.is_ticking = false;
        for user in state.expired(now) {
            self.set(&mut state, user, Presence::Offline);
        }
        state.changed(CHANGES_MAX)
    }

    /// Sees to it that a tick comes, if one is needed and none is on its way.
    fn wake(&self, state: &mut BoardState) {
        if state.is_ticking || !state.has_work() {
            return;
        }
        // Without an actor: the next one looks when it starts.
        if let Some(actor) = &*self.actor.read() {
            state.is_ticking = true;
            actor.send_after(TICK, || BoardMessage::Tick);
        }
    }

    /// Sets what is shown, and notes it when it was something else.
    fn set(&self, state: &mut BoardState, user: UserId, presence: Presence) {
        let mut shown = self.shown.write();
        let before = match presence {
            Presence::Offline => shown.remove(&user),
            Presence::Online | Presence::Away | Presence::DoNotDisturb => {
                shown.insert(user, presence)
            }
        };
        drop(shown);
        if before.unwrap_or_default() != presence {
            state.change(user);
        }
    }
}

/// What the board can be told.
pub(crate) enum BoardMessage {
    /// Time to tell.
    Tick,
}

/// The actor.
#[derive(Clone)]
pub(crate) struct BoardActor {
    pub(crate) board: Board,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) bus: Arc<dyn Bus>,
}

impl Actor for BoardActor {
    type Msg = BoardMessage;
    type State = ();
    type Arguments = ();

    /// Goes on from where an actor before it failed.
    async fn pre_start(
        &self,
        myself: ActorRef<BoardMessage>,
        (): (),
    ) -> Result<(), ActorProcessingErr> {
        *self.board.actor.write() = Some(myself);
        let mut state = self.board.state.lock();
        state.is_ticking = false;
        self.board.wake(&mut state);
        Ok(())
    }

    async fn handle(
        &self,
        _myself: ActorRef<BoardMessage>,
        message: BoardMessage,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        match message {
            BoardMessage::Tick => {
                let changed = self.board.tick(Instant::now());
                // On a task: a directory or a bus that panics costs these changes, not the board.
                let teller = self.clone();
                let telling = tokio::spawn(async move { teller.tell(changed).await });
                if let Err(error) = telling.await {
                    tracing::error!(%error, "presence was not told");
                }
                self.board.wake(&mut self.board.state.lock());
            }
        }
        Ok(())
    }
}

impl BoardActor {
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

#[cfg(test)]
mod tests;
