//! The sockets of one session, and what each follows.
//!
//! Shared with the supervisor, which tells them when the actor fails, and with the tasks that
//! follow a channel, so that a slow log holds up nobody but the socket that waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::{Follow, FollowError};
use crate::domain::{ChannelId, LoginId, SocketId};
use crate::frame::{Farewell, Frame, Lane};
use crate::relay::Relay;

/// Channels one socket may follow: more than a person can be in, few enough to bound its memory
/// (40 bytes each).
const CHANNELS_MAX: usize = 4_096;

/// What is shared of one session.
#[derive(Default)]
pub(super) struct Sockets {
    attached: Mutex<Vec<Attached>>,
    /// Counts up when the person loses a channel: who checked their rights before must do it again.
    removals: AtomicU64,
    /// Events of the bus that wait for the actor.
    pub(super) pending: AtomicUsize,
}

/// One socket.
struct Attached {
    lane: Arc<dyn Lane>,
    follow: Follow,
    /// Whether it follows all that it wanted from the start.
    is_settled: bool,
    followed: Vec<Relay>,
    /// Channels that its client let go of by itself.
    left: Vec<ChannelId>,
}

/// What one socket follows at a moment.
pub(super) struct Following {
    pub(super) socket: SocketId,
    pub(super) follow: Follow,
    pub(super) is_settled: bool,
    pub(super) channels: Vec<ChannelId>,
    left: Vec<ChannelId>,
}

impl Following {
    /// Whether it follows a channel, or does not want to.
    pub(super) fn knows(&self, channel: ChannelId) -> bool {
        self.channels.contains(&channel) || self.left.contains(&channel)
    }
}

impl Sockets {
    pub(super) fn attach(&self, lane: Arc<dyn Lane>, follow: Follow) {
        let mut attached = self.attached.lock();
        // Most people have one socket; a vector that grows by itself begins with room for four.
        attached.reserve_exact(1);
        let (followed, left) = (Vec::with_capacity(1), Vec::new());
        attached.push(Attached { lane, follow, is_settled: false, followed, left });
    }

    /// Takes a socket out, and out of all relays.
    pub(super) fn detach(&self, socket: SocketId) {
        let mut attached = self.attached.lock();
        let Some(place) = attached.iter().position(|one| one.lane.socket() == socket) else {
            return;
        };
        for relay in attached.swap_remove(place).followed {
            relay.leave(socket);
        }
    }

    /// A socket follows all that it wanted from the start.
    pub(super) fn settle(&self, socket: SocketId) {
        let mut attached = self.attached.lock();
        if let Some(one) = attached.iter_mut().find(|one| one.lane.socket() == socket) {
            one.is_settled = true;
        }
    }

    /// What each socket follows now.
    pub(super) fn followed(&self) -> Vec<Following> {
        let attached = self.attached.lock();
        let following = |one: &Attached| Following {
            socket: one.lane.socket(),
            follow: one.follow,
            is_settled: one.is_settled,
            channels: one.followed.iter().map(Relay::channel).collect(),
            left: one.left.clone(),
        };
        attached.iter().map(following).collect()
    }

    /// The lane of a socket that is still here.
    pub(super) fn lane(&self, socket: SocketId) -> Option<Arc<dyn Lane>> {
        let attached = self.attached.lock();
        let one = attached.iter().find(|one| one.lane.socket() == socket)?;
        Some(Arc::clone(&one.lane))
    }

    /// Has what opened the sockets looked at again.
    pub(super) fn doubt(&self) {
        for lane in self.lanes(None) {
            lane.doubt();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.attached.lock().is_empty()
    }

    /// The lanes of sockets that follow all, or of every socket.
    pub(super) fn lanes(&self, of: Option<Follow>) -> Vec<Arc<dyn Lane>> {
        let attached = self.attached.lock();
        let wanted = attached.iter().filter(|one| of.is_none_or(|follow| one.follow == follow));
        wanted.map(|one| Arc::clone(&one.lane)).collect()
    }

    /// Notes that a socket follows a channel; gives its lane and the relay to ask, which is the
    /// one it is in already if there is one.
    pub(super) fn follow(
        &self,
        socket: SocketId,
        relay: Relay,
    ) -> Result<(Arc<dyn Lane>, Relay), FollowError> {
        let mut attached = self.attached.lock();
        let one = attached.iter_mut().find(|one| one.lane.socket() == socket);
        // The session failed meanwhile, or the socket ended: whoever is there comes back.
        let one = one.ok_or(FollowError::Unavailable)?;
        one.followed.retain(|old| old.channel() != relay.channel() || old.is_alive());
        one.left.retain(|left| *left != relay.channel());
        let known = one.followed.iter().find(|old| old.channel() == relay.channel()).cloned();
        if known.is_none() && one.followed.len() >= CHANNELS_MAX {
            return Err(FollowError::TooMany);
        }
        let relay = known.unwrap_or_else(|| {
            one.followed.push(relay.clone());
            relay
        });
        Ok((Arc::clone(&one.lane), relay))
    }

    /// Notes that a socket follows a channel no longer; gives the relay to tell.
    pub(super) fn unfollow(&self, socket: SocketId, channel: ChannelId) -> Option<Relay> {
        let mut attached = self.attached.lock();
        let one = attached.iter_mut().find(|one| one.lane.socket() == socket)?;
        let place = one.followed.iter().position(|relay| relay.channel() == channel)?;
        Some(one.followed.swap_remove(place))
    }

    /// Notes that a client wants to hear no more of a channel.
    pub(super) fn let_go(&self, socket: SocketId, channel: ChannelId) {
        let mut attached = self.attached.lock();
        if let Some(one) = attached.iter_mut().find(|one| one.lane.socket() == socket)
            && one.follow == Follow::All
            && one.left.len() < CHANNELS_MAX
            && !one.left.contains(&channel)
        {
            one.left.push(channel);
        }
    }

    /// Whether a socket is still here.
    pub(super) fn has(&self, socket: SocketId) -> bool {
        self.attached.lock().iter().any(|one| one.lane.socket() == socket)
    }

    /// Whether one of the sockets follows a channel.
    pub(super) fn follows(&self, channel: ChannelId) -> bool {
        let attached = self.attached.lock();
        attached.iter().flat_map(|one| &one.followed).any(|relay| relay.channel() == channel)
    }

    /// The person lost a channel; their lanes in its relays are sent away.
    pub(super) fn lose(&self, channel: ChannelId) {
        self.removals.fetch_add(1, Ordering::AcqRel);
        for one in self.attached.lock().iter_mut() {
            let user = one.lane.user();
            for relay in one.followed.extract_if(.., |relay| relay.channel() == channel) {
                relay.dismiss(user);
            }
        }
    }

    pub(super) fn removals(&self) -> u64 {
        self.removals.load(Ordering::Acquire)
    }

    /// Pushes frames to every socket.
    pub(super) fn push(&self, frames: &[Arc<Frame>]) {
        for lane in self.lanes(None) {
            lane.push(frames);
        }
    }

    /// Closes the sockets of one sign-in, or all. A lane that panics costs the others nothing, nor
    /// the supervisor that tells them.
    pub(super) fn close(&self, login: Option<LoginId>, why: Farewell) {
        for lane in self.lanes(None) {
            let close = || {
                if login.is_none() || lane.login() == login {
                    lane.close(why);
                }
            };
            if catch_unwind(AssertUnwindSafe(close)).is_err() {
                tracing::error!(socket = %lane.socket(), "a lane panicked when told to close");
            }
        }
    }
}
