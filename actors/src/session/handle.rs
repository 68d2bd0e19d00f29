//! How the gateway and the API speak to a user's session.

use std::sync::Arc;

use crate::domain::{Byline, ChannelId, Generation, OrgId, OrgRole, Presence, Seq, SocketId};
use crate::frame::Lane;
use crate::ports::Head;

/// The way to every user's session on this node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sessions {}

/// One user's session, kept alive by its sockets. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Session {}

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

/// How far a client has got in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The highest contiguous position it has.
    pub after: Seq,
    /// The log's life it knows; absent when it never learnt one.
    pub generation: Option<Generation>,
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

impl Sessions {
    /// Attaches a socket to its user's session, which is started if there is none.
    pub async fn attach(
        &self,
        _viewer: Viewer,
        _lane: Arc<dyn Lane>,
        _follow: Follow,
    ) -> Result<Session, FollowError> {
        Err(FollowError::Unavailable)
    }

    /// Takes one message from the user's allowance, over all ways in (REST and sockets).
    pub async fn admit(&self, _viewer: &Viewer) -> Result<(), Refused> {
        Ok(())
    }

    /// How someone is now, as far as this server knows.
    pub fn presence(&self, _user: crate::domain::UserId) -> Presence {
        Presence::Offline
    }
}

impl Session {
    /// Follows a channel on one socket. With a position: first `missing` is pushed into the lane
    /// in order, then `resumed` or `resync`, and then what is new. `acknowledge` is called with the
    /// head right before the first frame is pushed, so that the caller's `ack` comes first.
    pub async fn follow(
        &self,
        _socket: SocketId,
        _channel: ChannelId,
        _position: Option<Position>,
        _acknowledge: Box<dyn FnOnce(Head) + Send>,
    ) -> Result<Head, FollowError> {
        Err(FollowError::Unavailable)
    }

    /// Ends following a channel on one socket; nothing happens when it does not follow it.
    pub async fn unfollow(&self, _socket: SocketId, _channel: ChannelId) {}

    /// Takes one message from the user's allowance, over all ways in.
    pub async fn admit(&self) -> Result<(), Refused> {
        Ok(())
    }

    /// Tells a channel that the user types, or stopped; debounced, ends by itself after 5 s.
    pub fn typing(&self, _channel: ChannelId, _is_typing: bool) {}

    /// Says how the user wants to be shown; counts for all their sockets.
    pub fn show(&self, _presence: Presence) {}

    /// A sign of life of a socket: it keeps presence from decaying.
    pub fn detach(&self, _socket: SocketId) {}
}
