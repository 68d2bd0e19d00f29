//! Which way an order goes: into a queue of this node, or to another node.
//!
//! Orders of one channel that are on their way to a node keep that way open: while there are any, an
//! order that would go another way waits. So does one that would leave this node while the channel
//! is still open here. Two orders given one after the other thus arrive so, also while the channel
//! moves. Only a way on which nothing moved for as long as an owner is looked for is gone around.
//!
//! **Invariant:** the orders of one channel that are on their way to other nodes are all on their
//! way to the same one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::counts::Counts;
#[cfg(test)]
use super::simulation::Planted;
use crate::cluster::{Home, Placement};
use crate::domain::{ChannelId, NodeId};
use crate::ports::{Member, Peers};

/// How long a channel that no owner takes is written from here: about what two nodes' views need to
/// agree. Then its owner is tried again.
const DETOUR_MAX: Duration = Duration::from_secs(2);
/// Channels that are written from here although another node should; beyond this, they are refused.
const DETOURS_MAX: usize = 4_096;

/// Orders of one channel that this node's people may have under way at once, wherever they are: as many
/// as may wait in the queue of a channel that is open here. The next one is refused as overloaded.
const SEATS_MAX: usize = 512;

/// The ways of all channels' orders. There is one only in a cluster.
pub(crate) struct Routes {
    pub(super) placement: Placement,
    pub(super) peers: Arc<dyn Peers>,
    pub(super) counts: Counts,
    ways: Mutex<HashMap<ChannelId, Way>>,
    /// How many orders of a channel are under way; never 0.
    seats: Mutex<HashMap<ChannelId, usize>>,
    /// Channels that are written here until then, for nobody else could be given their orders.
    detours: Mutex<HashMap<ChannelId, Instant>>,
    /// A bug to be found by the simulation's checker.
    #[cfg(test)]
    pub(super) planted: Planted,
}

/// Orders of a channel that another node has.
struct Way {
    to: NodeId,
    orders: usize,
    clear: CancellationToken,
}

/// An order on its way to another node. Dropped when it is answered, or given up.
pub(super) struct OnTheWay {
    routes: Arc<Routes>,
    channel: ChannelId,
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        let mut ways = self.routes.ways.lock();
        let Some(way) = ways.get_mut(&self.channel) else { return };
        way.orders -= 1;
        if way.orders == 0
            && let Some(way) = ways.remove(&self.channel)
        {
            way.clear.cancel();
        }
    }
}

/// One of the orders of a channel that are under way. Dropped when it is settled.
pub(super) struct Seat {
    routes: Arc<Routes>,
    channel: ChannelId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.routes.seats.lock();
        let Some(taken) = seats.get_mut(&self.channel) else { return };
        *taken -= 1;
        if *taken == 0 {
            seats.remove(&self.channel);
        }
    }
}

impl Routes {
    pub(crate) fn new(placement: Placement, peers: Arc<dyn Peers>) -> Self {
        let (ways, seats, detours) = Default::default();
        Self {
            placement,
            peers,
            counts: Counts::default(),
            ways,
            seats,
            detours,
            #[cfg(test)]
            planted: Planted::Nothing,
        }
    }

    /// The same with a bug.
    #[cfg(test)]
    pub(super) fn with(mut self, planted: Planted) -> Self {
        self.planted = planted;
        self
    }

    /// Where a channel is to be written, as far as is known here.
    pub(super) fn home(&self, channel: ChannelId) -> Home {
        match self.placement.home(channel.as_u128()) {
            Home::At(_) if self.is_detour(channel) => Home::Here,
            home @ (Home::Here | Home::At(_) | Home::Nowhere) => home,
        }
    }

    /// Whether a channel that is open here may stay so.
    pub(super) fn is_here(&self, channel: ChannelId) -> bool {
        self.home(channel) == Home::Here
    }

    /// Writes a channel here for a while, for its owner cannot be given its orders. The log decides
    /// should there be two.
    pub(super) fn detour(&self, channel: ChannelId) -> bool {
        let now = Instant::now();
        let mut detours = self.detours.lock();
        if detours.len() >= DETOURS_MAX {
            detours.retain(|_, until| now < *until);
        }
        let has_room = detours.len() < DETOURS_MAX;
        if has_room {
            tracing::warn!(%channel, "no owner takes this channel's orders: it is written here");
            detours.insert(channel, now + DETOUR_MAX);
        }
        has_room
    }

    /// The view is another one: owners are tried again.
    pub(super) fn forget_detours(&self) {
        self.detours.lock().clear();
    }

    fn is_detour(&self, channel: ChannelId) -> bool {
        let mut detours = self.detours.lock();
        let Some(until) = detours.get(&channel) else { return false };
        let is_open = Instant::now() < *until;
        if !is_open {
            detours.remove(&channel);
        }
        is_open
    }

    /// Takes a seat for an order; `None` when too many of its channel are under way.
    pub(super) fn seat(routes: &Arc<Self>, channel: ChannelId) -> Option<Seat> {
        let mut seats = routes.seats.lock();
        let taken = seats.entry(channel).or_default();
        if *taken == SEATS_MAX {
            return None;
        }
        *taken += 1;
        drop(seats);
        Some(Seat { routes: Arc::clone(routes), channel })
    }

    /// What has to be awaited before an order may go into a queue of this node. A channel that was taken
    /// here waits for no answer of whoever does not answer.
    pub(super) fn blocked(&self, channel: ChannelId) -> Option<CancellationToken> {
        if self.is_detour(channel) {
            return None;
        }
        self.ways.lock().get(&channel).map(|way| way.clear.clone())
    }

    /// Enters the way to a node, or tells what has to be awaited first.
    pub(super) fn enter(
        self: &Arc<Self>,
        channel: ChannelId,
        node: &Member,
    ) -> Result<OnTheWay, CancellationToken> {
        let mut ways = self.ways.lock();
        let fresh = || Way { to: node.id, orders: 0, clear: CancellationToken::new() };
        let way = ways.entry(channel).or_insert_with(fresh);
        if way.to != node.id {
            return Err(way.clear.clone());
        }
        way.orders += 1;
        drop(ways);
        Ok(OnTheWay { routes: Arc::clone(self), channel })
    }

    /// What has to be awaited until one more channel has no order on its way.
    pub(super) fn any_way(&self) -> Option<CancellationToken> {
        self.ways.lock().values().next().map(|way| way.clear.clone())
    }
}
