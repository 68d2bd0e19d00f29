//! Everything a relay can be told.

use std::sync::Arc;

use ractor::RpcReplyPort;
use tokio::sync::OwnedSemaphorePermit;

use crate::domain::{Entry, Position, Seq, SocketId, UserId};
use crate::frame::Lane;
use crate::ports::{Head, LogError};

/// The relay, or the log behind it, does not answer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRelay;

/// Called with the head right before the first frame is pushed.
pub(crate) type Acknowledge = Box<dyn FnOnce(Head) + Send>;

/// What a relay can be told.
pub(crate) enum RelayMessage {
    /// The bus carried something about the channel: it waits in the sink.
    Heard,
    /// The bus carried more than the relay could take, and some was dropped: look at the log.
    Behind,
    /// An owner may have died before it said what it had stored: look at the log.
    Compare {
        /// A turn to read the log's head; dropped when it was read.
        turn: OwnedSemaphorePermit,
    },
    /// A lane wants to read along.
    Follow(Box<Follower>),
    /// A lane reads along no longer; unknown ones are ignored.
    Unfollow {
        /// Its socket.
        socket: SocketId,
        /// Answers once nothing more is pushed.
        reply: RpcReplyPort<()>,
    },
    /// A person may read no longer: all their lanes go once everything stored until now was
    /// handed out, for it may concern their leaving.
    Dismiss {
        /// Who.
        user: UserId,
    },
    /// The log answered.
    Found {
        /// What was asked.
        job: Job,
        /// What it said.
        found: Result<Found, LogError>,
    },
    /// A second has passed since the relay asked to be woken.
    Tick,
}

/// A lane that wants to read along.
pub(crate) struct Follower {
    /// Where its frames go.
    pub(crate) lane: Arc<dyn Lane>,
    /// From where on.
    pub(crate) start: Start,
    /// Called with the head right before the first frame.
    pub(crate) acknowledge: Acknowledge,
    /// Answers once the lane is among the receivers.
    pub(crate) reply: RpcReplyPort<Result<Head, NoRelay>>,
}

/// From where on a lane reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// From what comes next.
    Next,
    /// From a client's position on, ending with `resumed` or `resync`.
    After(Position),
    /// From the beginning if the log is still short, else from what comes next: for people who are
    /// added to a channel at the moment in which it is made.
    Young,
}

/// A question to the log. One is in flight at a time; everyone who waits shares its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// How far the log goes.
    Head,
    /// Entries that the bus lost.
    CatchUp {
        /// The newest position that was handed out.
        after: Seq,
        /// The newest position needed.
        until: Seq,
    },
    /// Entries that the ring holds no longer.
    Replay {
        /// The position before the first one needed.
        after: Seq,
        /// The newest position needed.
        until: Seq,
    },
}

/// The log's answer to a [`Job`].
#[derive(Debug)]
pub(crate) enum Found {
    /// How far the log goes.
    Head(Head),
    /// Entries, in order.
    Entries(Vec<Entry>),
}
