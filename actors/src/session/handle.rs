//! How the gateway and the API speak to a user's session.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::hub::{HubMessage, Opened};
use super::message::SessionMessage;
use super::parts::Parts;
use crate::ask::{NoAnswer, ask};
use crate::domain::{Byline, ChannelId, OrgId, OrgRole, Position, Presence, SocketId, UserId};
use crate::frame::{Farewell, Lane};
use crate::ports::Head;
use crate::relay::{Acknowledge, NoRelay, Start};

/// How long a session may take to answer. No I/O is in it.
const DEADLINE: Duration = Duration::from_secs(2);
/// How often a socket knocks when the session closes under its hand.
const KNOCKS_MAX: usize = 3;
/// Channels joined at once when a socket follows all: a herd of sockets must not be a herd of
/// reads each.
const JOINING_MAX: usize = 16;

/// The way to every user's session on this node. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    pub(super) parts: Arc<Parts>,
}

/// One user's session, kept alive by its sockets. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    parts: Arc<Parts>,
    viewer: Arc<Viewer>,
    opened: Opened,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("user", &self.viewer.byline.user).finish()
    }
}

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Their organization.
    pub org: OrgId,
    /// How they are shown.
    pub byline: Byline,
    /// What they may do.
    pub role: OrgRole,
}

/// What a new socket follows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Every channel of the user, those that come later too.
    All,
    /// Nothing until asked.
    Nothing,
}

/// A send that came too fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many messages; wait {retry_after_ms} ms")]
pub struct Refused {
    /// When the next one will be taken.
    pub retry_after_ms: u64,
}

/// Why a channel cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// No such channel, or not for this person.
    #[error("no such channel")]
    NotFound,
    /// The log or directory does not answer now.
    #[error("the channel cannot be read right now")]
    Unavailable,
    /// The socket follows as many channels as it may.
    #[error("too many channels followed")]
    TooMany,
}

impl From<NoRelay> for FollowError {
    fn from(NoRelay: NoRelay) -> Self {
        Self::Unavailable
    }
}

impl Sessions {
    /// Events of the bus that wait for sessions.
    pub(crate) fn waiting(&self) -> u64 {
        self.parts.waiting()
    }

    /// Attaches a socket to its user's session, which is started if there is none. With
    /// [`Follow::All`] the socket follows every channel of the user once this has returned.
    pub async fn attach(
        &self,
        viewer: Viewer,
        lane: Arc<dyn Lane>,
        follow: Follow,
    ) -> Result<Session, FollowError> {
        let socket = lane.socket();
        let opened = self.open(&viewer, lane, follow).await?;
        let session = Session { parts: Arc::clone(&self.parts), viewer: Arc::new(viewer), opened };
        if follow == Follow::All {
            if let Err(error) = session.follow_all(socket).await {
                session.detach(socket);
                return Err(error);
            }
            session.opened.sockets.settle(socket);
        }
        Ok(session)
    }

    /// Takes one message from the user's allowance, over all ways in (REST and sockets).
    pub fn admit(&self, viewer: &Viewer) -> Result<(), Refused> {
        self.parts.admit(viewer.byline.user)
    }

    /// Takes one edit, deletion or reaction from the user's allowance of them on this node.
    pub fn admit_change(&self, viewer: &Viewer) -> Result<(), Refused> {
        self.parts.admit_change(viewer.byline.user)
    }

    /// How someone is now, as far as this server knows.
    pub fn presence(&self, user: UserId) -> Presence {
        self.parts.presence.presence(user)
    }

    /// Shows someone as they ask to be shown. Without a socket they count as here for the grace,
    /// as someone does whose last socket has just gone.
    pub fn show(&self, user: UserId, presence: Presence) {
        let open = self.parts.open.read();
        if open.get(&user).is_some_and(|opened| !opened.sockets.is_empty()) {
            self.parts.presence.show(user, presence);
        } else {
            self.parts.presence.visit(user, presence);
        }
    }

    /// Tells every socket of this node to close.
    pub(crate) fn close(&self, why: Farewell) {
        for opened in self.parts.open.read().values() {
            opened.sockets.close(None, why);
        }
    }

    async fn open(
        &self,
        viewer: &Viewer,
        lane: Arc<dyn Lane>,
        follow: Follow,
    ) -> Result<Opened, FollowError> {
        for _ in 0..KNOCKS_MAX {
            let found = self.parts.open.read().get(&viewer.byline.user).cloned();
            let opened = match found {
                Some(opened) if opened.is_alive() => opened,
                Some(_) | None => self.ask_hub(viewer).await?,
            };
            let lane = Arc::clone(&lane);
            let question = |reply| SessionMessage::Attach { lane, follow, reply };
            match ask(&opened.actor, DEADLINE, question).await {
                Ok(()) => return Ok(opened),
                Err(NoAnswer::Gone) => {}
                Err(NoAnswer::Late) => return Err(FollowError::Unavailable),
            }
        }
        Err(FollowError::Unavailable)
    }

    async fn ask_hub(&self, viewer: &Viewer) -> Result<Opened, FollowError> {
        let hub = self.parts.hub.read().clone().ok_or(FollowError::Unavailable)?;
        let viewer = viewer.clone();
        ask(&hub, DEADLINE, |reply| HubMessage::Open { viewer, reply })
            .await
            .unwrap_or(Err(FollowError::Unavailable))
    }
}

impl Session {
    /// Follows a channel on one socket. With a position: first `missing` is pushed into the lane
    /// in order, then `resumed` or `resync`, and then what is new. `acknowledge` is called with the
    /// head right before the first frame is pushed, so that the caller's `ack` comes first.
    pub async fn follow(
        &self,
        socket: SocketId,
        channel: ChannelId,
        position: Option<Position>,
        acknowledge: Box<dyn FnOnce(Head) + Send>,
    ) -> Result<Head, FollowError> {
        let removals = self.opened.sockets.removals();
        if !self.parts.may_read(&self.viewer, channel).await? {
            return Err(FollowError::NotFound);
        }
        let start = position.map_or(Start::Next, Start::After);
        let head = self.join(socket, channel, start, acknowledge).await?;
        // Who lost a channel while they were joining it must not stay.
        if self.opened.sockets.removals() != removals
            && !self.parts.may_read(&self.viewer, channel).await?
        {
            self.withdraw(socket, channel).await;
            return Err(FollowError::NotFound);
        }
        Ok(head)
    }

    /// Ends following a channel on one socket; nothing happens when it does not follow it.
    pub async fn unfollow(&self, socket: SocketId, channel: ChannelId) {
        self.opened.sockets.let_go(socket, channel);
        self.withdraw(socket, channel).await;
    }

    async fn withdraw(&self, socket: SocketId, channel: ChannelId) {
        if let Some(relay) = self.opened.sockets.unfollow(socket, channel) {
            relay.unfollow(socket).await;
        }
    }

    /// Takes one message from the user's allowance, over all ways in.
    pub fn admit(&self) -> Result<(), Refused> {
        self.parts.admit(self.viewer.byline.user)
    }

    /// Tells a channel that the user types, or stopped; debounced, ends by itself after 5 s.
    pub fn typing(&self, channel: ChannelId, is_typing: bool) {
        self.tell(SessionMessage::Typing { channel, is_typing });
    }

    /// Says how the user wants to be shown; counts for all their sockets.
    pub fn show(&self, presence: Presence) {
        self.tell(SessionMessage::Show(presence));
    }

    /// A socket has ended: it follows nothing any more, and the session may end with it.
    pub fn detach(&self, socket: SocketId) {
        self.tell(SessionMessage::Detach { socket });
    }

    fn tell(&self, message: SessionMessage) {
        if self.opened.actor.cast(message).is_err() {
            tracing::debug!("a session was gone before its socket");
        }
    }

    async fn follow_all(&self, socket: SocketId) -> Result<(), FollowError> {
        let Viewer { org, byline, .. } = &*self.viewer;
        let channels = self.parts.directory.channels_of(*org, byline.user).await;
        let channels = channels.map_err(|_| FollowError::Unavailable)?;
        let mut joining = JoinSet::new();
        for (channel, _) in channels {
            if joining.len() >= JOINING_MAX {
                joined(joining.join_next().await.as_ref())?;
            }
            let session = self.clone();
            joining.spawn(async move {
                session.join(socket, channel.id, Start::Next, Box::new(|_| {})).await
            });
        }
        while let Some(one) = joining.join_next().await {
            joined(Some(&one))?;
        }
        Ok(())
    }

    async fn join(
        &self,
        socket: SocketId,
        channel: ChannelId,
        start: Start,
        acknowledge: Acknowledge,
    ) -> Result<Head, FollowError> {
        let relay = self.parts.relays.relay(channel).await?;
        let (lane, relay) = self.opened.sockets.follow(socket, relay)?;
        let followed = relay.follow(lane, start, acknowledge).await;
        if followed.is_err() || !self.opened.sockets.has(socket) {
            self.opened.sockets.unfollow(socket, channel);
            relay.leave(socket);
        }
        Ok(followed?)
    }
}

fn joined(
    one: Option<&Result<Result<Head, FollowError>, tokio::task::JoinError>>,
) -> Result<(), FollowError> {
    match one {
        None | Some(Ok(Ok(_))) => Ok(()),
        Some(Ok(Err(error))) => Err(*error),
        Some(Err(_)) => Err(FollowError::Unavailable),
    }
}
