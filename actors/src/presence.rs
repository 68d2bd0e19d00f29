//! Who is here. The board itself is shared, so that anyone can look and note without waiting; the
//! actor beside it counts down the grace of those who went and tells others, once a second.
//!
//! Each node tells its own people, and says to the other nodes how they are here: what changed with
//! the next tick, and all of it again every few seconds. Who is on several nodes is here while one of
//! them says so; what they choose on one is taken over by the others.
//!
//! **Invariant:** a change is told at most once a second to each person, and only to people who
//! share a small channel with whom it is about. What is noted outlives the actor. Who has a socket is
//! never shown as offline: what is shown changes only under the lock of who is in their grace.

mod elsewhere;
mod state;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

use self::elsewhere::{Elsewhere, REFRESH};
use self::state::BoardState;
use crate::domain::{NodeId, Presence, UserId};
use crate::ports::{Bus, BusEvent, BusSink, Directory, Subscription, Topic};

/// How often changes are told.
const TICK: Duration = Duration::from_secs(1);
/// Members of a channel in which presence is told; in larger ones people look when they need it.
const MEMBERS_MAX: usize = 200;
/// Changes told in one tick: each is a read of the directory, and a herd must not hold it up.
const CHANGES_MAX: usize = 256;
/// People in one word to other nodes: about 30 KiB.
const PEOPLE_AT_ONCE_MAX: usize = 1_000;

/// The board: how everyone is who is not offline. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Board {
    /// Tells this board's words from others'; nothing else knows it.
    me: NodeId,
    elsewhere: Arc<RwLock<Elsewhere>>,
    shown: Arc<RwLock<HashMap<UserId, Presence>>>,
    /// Shared with the actor, so that nothing is lost when that is started again.
    state: Arc<Mutex<BoardState>>,
    actor: Arc<RwLock<Option<ActorRef<BoardMessage>>>>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            me: NodeId::from_u128(RandomState::new().hash_one("board").into()),
            elsewhere: Arc::default(),
            shown: Arc::default(),
            state: Arc::default(),
            actor: Arc::default(),
        }
    }
}

impl Board {
    /// How someone is now, on whichever node.
    pub(crate) fn presence(&self, user: UserId) -> Presence {
        let here = self.here(user);
        if here == Presence::Offline { self.elsewhere.read().presence(user) } else { here }
    }

    /// How someone is on this node.
    fn here(&self, user: UserId) -> Presence {
        self.shown.read().get(&user).copied().unwrap_or_default()
    }

    /// Someone's first socket came.
    pub(crate) fn came(&self, user: UserId) {
        let mut state = self.state.lock();
        state.came(user);
        // Who says to be busy and reconnects within the grace stays busy.
        // So does who is busy on another node.
        if self.here(user) == Presence::Offline {
            let elsewhere = self.presence(user);
            let is_elsewhere = elsewhere != Presence::Offline;
            self.set(&mut state, user, if is_elsewhere { elsewhere } else { Presence::Online });
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
        if self.here(user) == Presence::Offline || state.is_leaving(user) {
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

    /// What is new on this board since this was asked last.
    fn news(&self) -> Vec<(UserId, Presence)> {
        let news = self.state.lock().news(PEOPLE_AT_ONCE_MAX);
        news.into_iter().map(|user| (user, self.here(user))).collect()
    }

    /// Everyone on this board.
    fn everyone(&self) -> Vec<(UserId, Presence)> {
        self.shown.read().iter().map(|(user, presence)| (*user, *presence)).collect()
    }

    /// Another node says how people are there.
    fn hear(&self, node: NodeId, people: &[(UserId, Presence)], is_news: bool) {
        if node == self.me {
            return;
        }
        let now = Instant::now();
        let mut state = self.state.lock();
        for &(user, presence) in people {
            if self.elsewhere.write().hear(node, (user, presence), now) {
                state.change(user);
            }
            let is_choice = is_news && presence != Presence::Offline;
            if is_choice && self.here(user) != Presence::Offline {
                self.shown.write().insert(user, presence);
            }
        }
        self.wake(&mut state);
    }

    /// Forgets what nodes that are gone have said.
    fn expire(&self, now: Instant) {
        let mut state = self.state.lock();
        let expired = self.elsewhere.write().expire(now);
        expired.into_iter().for_each(|user| state.change(user));
        self.wake(&mut state);
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
            state.note_news(user);
        }
    }
}

/// What the board can be told.
pub(crate) enum BoardMessage {
    /// Time to tell.
    Tick,
    /// Time to say to other nodes who is here.
    Refresh,
}

/// The board's ear on what other nodes say. Takes it in at once, so nothing queues.
struct BoardEar(Board);

impl BusSink for BoardEar {
    fn deliver(&self, event: BusEvent) {
        if let BusEvent::Board { node, people, is_news } = event {
            self.0.hear(node, &people, is_news);
        }
    }
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
    type State = Subscription;
    type Arguments = ();

    /// Goes on from where an actor before it failed.
    async fn pre_start(
        &self,
        myself: ActorRef<BoardMessage>,
        (): (),
    ) -> Result<Subscription, ActorProcessingErr> {
        myself.send_interval(REFRESH, || BoardMessage::Refresh);
        *self.board.actor.write() = Some(myself);
        let mut state = self.board.state.lock();
        state.is_ticking = false;
        self.board.wake(&mut state);
        drop(state);
        Ok(self.bus.subscribe(Topic::Nodes, Arc::new(BoardEar(self.board.clone()))))
    }

    async fn handle(
        &self,
        _myself: ActorRef<BoardMessage>,
        message: BoardMessage,
        _subscription: &mut Subscription,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            BoardMessage::Tick => {
                let changed = self.board.tick(Instant::now());
                // On a task: a directory or a bus that panics costs these changes, not the board.
                let teller = self.clone();
                let telling = tokio::spawn(async move {
                    teller.say(teller.board.news(), true).await;
                    teller.tell(changed).await;
                });
                if let Err(error) = telling.await {
                    tracing::error!(%error, "presence was not told");
                }
                self.board.wake(&mut self.board.state.lock());
            }
            BoardMessage::Refresh => {
                self.board.expire(Instant::now());
                let teller = self.clone();
                let saying =
                    tokio::spawn(async move { teller.say(teller.board.everyone(), false).await });
                if let Err(error) = saying.await {
                    tracing::error!(%error, "other nodes were not told who is here");
                }
            }
        }
        Ok(())
    }
}

impl BoardActor {
    /// Says to other nodes how people are here.
    async fn say(&self, people: Vec<(UserId, Presence)>, is_news: bool) {
        for people in people.chunks(PEOPLE_AT_ONCE_MAX) {
            let event = BusEvent::Board { node: self.board.me, people: people.into(), is_news };
            if self.bus.publish(Topic::Nodes, event).await.is_err() {
                tracing::debug!("other nodes were not told who is here: the bus is unavailable");
            }
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
                // Whoever is not here has no socket to be told on; other nodes tell theirs.
                if self.board.here(companion) != Presence::Offline {
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
