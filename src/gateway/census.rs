//! All open sockets: their heartbeat, their limits, and the way to end them all.
//!
//! Sockets are spread over as many slots as the heartbeat has seconds; each second one slot is
//! pinged. One task does that for all, so that a socket needs no timer of its own. The same task
//! looks at the sign-ins: of the sockets that [`vigil`](super::vigil) names, and of all once a minute,
//! however long a heartbeat is.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use starling_actors::chat::Caller;
use starling_actors::domain::{SocketId, Timestamp, UserId};
use starling_actors::frame::{Farewell, Lane};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::backend::{Backend, Standing};
use super::close;
use super::lane::SocketLane;
use super::vigil::{Doubts, Hearing, Rounds};

/// The wheel's step.
const STEP: Duration = Duration::from_secs(1);
/// Sign-ins that are read in one question: some milliseconds of one reader.
const RECHECK_BATCH: usize = 256;
/// Pings without an answer before a socket counts as dead.
const SILENT_BEATS_MAX: u8 = 2;
/// Steps in which the sign-in behind every socket is looked at again: a minute, as the design says.
const RECHECK_STEPS: usize = 60;
/// Sockets told to come back between two pauses of a drain, so that they do not return as one herd.
const DRAIN_BATCH: usize = 500;
/// Pause between them.
const DRAIN_PAUSE: Duration = Duration::from_millis(50);

/// An open socket.
#[derive(Clone)]
struct Present {
    lane: Arc<SocketLane>,
    caller: Arc<Caller>,
}

/// Sockets that must end at a time, the next one first.
type Ending = BTreeMap<(Timestamp, SocketId), Arc<SocketLane>>;

/// All open sockets.
pub(super) struct Census {
    slots: Vec<Mutex<HashMap<SocketId, Present>>>,
    ending: Mutex<Ending>,
    doubts: Doubts,
    hearing: Hearing,
    users: Counts<UserId>,
    addresses: Counts<IpAddr>,
}

impl Census {
    pub(super) fn new(
        heartbeat: Duration,
        (per_user, per_address): (u32, u32),
        hearing: Hearing,
    ) -> Self {
        let count = heartbeat.as_secs().clamp(1, 600);
        Self {
            slots: (0..count).map(|_| Mutex::default()).collect(),
            ending: Mutex::default(),
            doubts: Doubts::default(),
            hearing,
            users: Counts::new(per_user),
            addresses: Counts::new(per_address),
        }
    }

    /// The sockets that are looked at again next.
    pub(super) fn doubts(&self) -> Doubts {
        self.doubts.clone()
    }

    /// A place among the user's sockets, if there is one left.
    pub(super) fn place_for_user(self: &Arc<Self>, user: UserId) -> Option<Place> {
        let census = Arc::clone(self);
        self.users.take(user).then(|| Place::new(move || census.users.give_back(&user)))
    }

    /// A place among the address's sockets, if there is one left.
    pub(super) fn place_for_address(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let census = Arc::clone(self);
        self.addresses
            .take(address)
            .then(|| Place::new(move || census.addresses.give_back(&address)))
    }

    /// Counts a socket in until the returned place is dropped.
    pub(super) fn enter(
        self: &Arc<Self>,
        lane: &Arc<SocketLane>,
        caller: Arc<Caller>,
        expires_at: Option<Timestamp>,
    ) -> Place {
        let socket = lane.socket();
        let present = Present { lane: Arc::clone(lane), caller };
        self.slot(socket).lock().insert(socket, present);
        if let Some(end) = expires_at {
            self.ending.lock().insert((end, socket), Arc::clone(lane));
        }
        // Who opened it may have been known from a few seconds ago, when another node said nothing yet.
        if self.hearing.has_others() {
            self.doubts.add(socket);
        }
        let census = Arc::clone(self);
        Place::new(move || {
            drop(census.slot(socket).lock().remove(&socket));
            census.doubts.remove(socket);
            if let Some(end) = expires_at {
                drop(census.ending.lock().remove(&(end, socket)));
            }
        })
    }

    /// Bytes that wait in all lanes.
    pub(super) fn waiting_bytes(&self) -> u64 {
        let of_slot = |slot: &Mutex<HashMap<SocketId, Present>>| {
            let slot = slot.lock();
            slot.values().map(|present| present.lane.pipe.waiting_bytes() as u64).sum::<u64>()
        };
        self.slots.iter().map(of_slot).sum()
    }

    fn slot(&self, socket: SocketId) -> &Mutex<HashMap<SocketId, Present>> {
        // The low bits of an id are random, so the slots fill evenly.
        let slot = socket.as_u128() % self.slots.len() as u128;
        &self.slots[usize::try_from(slot).unwrap_or_default()]
    }

    /// Turns both wheels for ever. They share a task but not their pace: a store that is slow to
    /// say who may stay holds up no heartbeat.
    pub(super) async fn turn(
        self: Arc<Self>,
        backend: Arc<dyn Backend>,
        now: impl Fn() -> Timestamp,
    ) {
        tokio::join!(self.beat(now), self.look_again(&*backend));
    }

    /// Each second ends the sockets whose time is over and pings one slot.
    async fn beat(&self, now: impl Fn() -> Timestamp) {
        let mut steps = steps();
        for slot in (0..self.slots.len()).cycle() {
            steps.tick().await;
            self.end_what_is_over(now());
            let lanes: Vec<_> = {
                let slot = self.slots[slot].lock();
                slot.values().map(|present| Arc::clone(&present.lane)).collect()
            };
            lanes.iter().for_each(|lane| lane.beat(SILENT_BEATS_MAX));
        }
    }

    /// Each second looks at the sign-ins of those in doubt and of a sixtieth of the slots, or of all.
    async fn look_again(&self, backend: &dyn Backend) {
        let mut steps = steps();
        let mut rounds = Rounds::default();
        let slots = self.slots.len();
        for step in (0..RECHECK_STEPS).cycle() {
            steps.tick().await;
            if rounds.is_due(&self.hearing, Instant::now()) {
                drop(self.doubts.take());
                for slot in &self.slots {
                    self.recheck(in_slot(slot), backend).await;
                }
                continue;
            }
            let doubted = self.doubts.take();
            let doubted = doubted.iter().filter_map(|socket| self.find(*socket)).collect();
            self.recheck(doubted, backend).await;
            for slot in step * slots / RECHECK_STEPS..(step + 1) * slots / RECHECK_STEPS {
                self.recheck(in_slot(&self.slots[slot]), backend).await;
            }
        }
    }

    fn end_what_is_over(&self, now: Timestamp) {
        let over = {
            let mut ending = self.ending.lock();
            // Ids start above 0, so this splits off what ends after now.
            let later = ending.split_off(&(Timestamp(now.0 + 1), SocketId::from_u128(0)));
            std::mem::replace(&mut *ending, later)
        };
        over.values().for_each(|lane| lane.pipe.end(close::UNAUTHENTICATED));
    }

    fn find(&self, socket: SocketId) -> Option<Present> {
        self.slot(socket).lock().get(&socket).cloned()
    }

    /// Looks at the sign-ins of some sockets: one question to the store after the other, so that many
    /// sockets take longer rather than more of the store.
    async fn recheck(&self, sockets: Vec<Present>, backend: &dyn Backend) {
        for some in sockets.chunks(RECHECK_BATCH) {
            let callers: Vec<_> = some.iter().map(|present| &*present.caller).collect();
            let standings = backend.look_again(&callers).await;
            for (present, standing) in some.iter().zip(standings) {
                match standing {
                    Standing::Same => {}
                    Standing::Changed => present.lane.close(Farewell::Changed),
                    Standing::Over => present.lane.close(Farewell::Revoked),
                }
            }
        }
    }

    /// Tells all sockets to come back, in batches.
    pub(super) async fn drain(&self) {
        for slot in &self.slots {
            let lanes: Vec<_> = slot.lock().values().map(|p| Arc::clone(&p.lane)).collect();
            for batch in lanes.chunks(DRAIN_BATCH) {
                batch.iter().for_each(|lane| lane.close(Farewell::Restarting));
                if batch.len() == DRAIN_BATCH {
                    tokio::time::sleep(DRAIN_PAUSE).await;
                }
            }
        }
    }
}

fn in_slot(slot: &Mutex<HashMap<SocketId, Present>>) -> Vec<Present> {
    slot.lock().values().cloned().collect()
}

/// The wheels' pace. What was held up is not made up for.
fn steps() -> Interval {
    let mut steps = tokio::time::interval(STEP);
    steps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    steps
}

/// Gives back what was taken when dropped.
pub(super) struct Place(Option<Box<dyn FnOnce() + Send + Sync>>);

impl Place {
    fn new(give_back: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self(Some(Box::new(give_back)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(give_back) = self.0.take() {
            give_back();
        }
    }
}

/// How many of each there are; counts nothing when there is no limit.
struct Counts<K> {
    max: u32,
    counts: Mutex<HashMap<K, u32>>,
}

impl<K: Eq + Hash> Counts<K> {
    fn new(max: u32) -> Self {
        Self { max, counts: Mutex::default() }
    }

    fn take(&self, key: K) -> bool {
        if self.max == 0 {
            return true;
        }
        let mut counts = self.counts.lock();
        let count = counts.entry(key).or_insert(0);
        let is_free = *count < self.max;
        *count += u32::from(is_free);
        is_free
    }

    fn give_back(&self, key: &K) {
        if self.max == 0 {
            return;
        }
        let mut counts = self.counts.lock();
        if let Some(count) = counts.get_mut(key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(key);
            }
        }
    }
}

#[cfg(test)]
#[path = "census_tests.rs"]
mod tests;
