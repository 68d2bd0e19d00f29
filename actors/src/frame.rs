//! What a socket is sent, and where it is put.
//!
//! A frame is shared by all who get it. The core does not know its bytes: whoever first needs an
//! encoding makes it, and the frame keeps it for the rest.
//!
//! **Invariant:** a broadcast is encoded once per encoding, never once per receiver.

use std::sync::{Arc, OnceLock};

use crate::domain::{
    Channel, ChannelId, Entry, Generation, LoginId, Presence, Seq, SocketId, UserId,
};
use crate::ports::{Aside, OwnNews, Progress};

/// Encodings a frame can be kept in: JSON and MessagePack.
pub const ENCODINGS: usize = 2;

/// One frame for one or many sockets.
#[derive(Debug)]
pub struct Frame {
    /// What it says.
    pub body: FrameBody,
    encoded: [OnceLock<Arc<[u8]>>; ENCODINGS],
}

impl Frame {
    /// A frame that nobody has encoded yet.
    pub fn new(body: FrameBody) -> Arc<Self> {
        Arc::new(Self { body, encoded: Default::default() })
    }

    /// The frame's bytes in encoding number `slot`, made by `encode` the first time.
    pub fn encoded(&self, slot: usize, encode: impl FnOnce(&FrameBody) -> Vec<u8>) -> &Arc<[u8]> {
        self.encoded[slot].get_or_init(|| encode(&self.body).into())
    }
}

/// What a frame says.
#[derive(Clone, Debug)]
pub enum FrameBody {
    /// An entry of the log: `new_message`, `message_edited`, `member_joined` …
    Logged {
        /// The entry.
        entry: Arc<Entry>,
        /// The log's life.
        generation: Generation,
    },
    /// Someone types, or stopped.
    Typing {
        /// Where.
        channel: ChannelId,
        /// Who.
        user: UserId,
        /// Their name.
        username: String,
        /// Whether they type.
        is_typing: bool,
    },
    /// Someone came, went, or says they are busy.
    Status {
        /// Who.
        user: UserId,
        /// How they are now.
        presence: Presence,
    },
    /// Someone has read up to a position.
    Read {
        /// Where.
        channel: ChannelId,
        /// Who.
        user: UserId,
        /// How far.
        seq: Seq,
    },
    /// A question came a step further.
    Progress(Arc<Progress>),
    /// What the person has of their own has changed.
    Own(Arc<OwnNews>),
    /// What stands beside messages or people has changed.
    Aside(Arc<Aside>),
    /// The person is in this channel from now on.
    ChannelCreated(Arc<Channel>),
    /// A channel's public part changed.
    ChannelUpdated(Arc<Channel>),
    /// All that was missed has been sent.
    Resumed {
        /// Where.
        channel: ChannelId,
        /// The newest position sent.
        head: Seq,
        /// The log's life.
        generation: Generation,
    },
    /// Too much was missed to be sent: load a page, and follow from `head + 1`.
    Resync {
        /// Where.
        channel: ChannelId,
        /// The newest position that will not be sent.
        head: Seq,
        /// The log's life.
        generation: Generation,
    },
}

/// Why a lane is told to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// The sign-in behind it was revoked.
    Revoked,
    /// The server restarts; come back.
    Restarting,
    /// The actor behind it failed; come back and resume.
    Lost,
    /// The person may do other things now; come back as who they are.
    Changed,
}

/// Where one socket's frames go: a queue bounded in bytes that tries the socket at once.
///
/// A lane that is full closes itself ("come back and resume") and takes nothing more.
pub trait Lane: Send + Sync + 'static {
    /// The socket behind it.
    fn socket(&self) -> SocketId;

    /// Whose socket it is.
    fn user(&self) -> UserId;

    /// The sign-in that opened it; absent for guests.
    fn login(&self) -> Option<LoginId>;

    /// Hands over frames in order, joined into one write. `false`: the lane is closed, forget it.
    fn push(&self, frames: &[Arc<Frame>]) -> bool;

    /// Hands over what a client asked to be replayed. It may be more than the lane's bound, for
    /// the client waits for it and its length is limited by the relay; else like `push`.
    fn replay(&self, frames: &[Arc<Frame>]) -> bool {
        self.push(frames)
    }

    /// What the socket was opened with may not count any more, or mean something else: whoever let it
    /// in looks again.
    fn doubt(&self) {}

    /// Ends the socket with a close code.
    fn close(&self, why: Farewell);
}
