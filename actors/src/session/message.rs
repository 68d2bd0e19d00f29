//! Everything a session can be told.

use std::sync::Arc;

use ractor::RpcReplyPort;

use super::Follow;
use super::missed::Missed;
use crate::domain::{ChannelId, Presence, SocketId};
use crate::frame::Lane;
use crate::ports::BusEvent;

/// What a session can be told.
pub(super) enum SessionMessage {
    /// Another socket of the person opened.
    Attach {
        /// Where its frames go.
        lane: Arc<dyn Lane>,
        /// What it follows by itself.
        follow: Follow,
        /// Answers once the socket counts.
        reply: RpcReplyPort<()>,
    },
    /// A socket has ended; unknown ones are ignored.
    Detach {
        /// Which one.
        socket: SocketId,
    },
    /// The bus carried something for the person.
    Heard(BusEvent),
    /// The person types, or stopped.
    Typing {
        /// Where.
        channel: ChannelId,
        /// Whether they type.
        is_typing: bool,
    },
    /// The person says how they want to be shown.
    Show(Presence),
    /// Time to look at what was missed while the bus was interrupted.
    Look,
    /// That was done; `None` when the directory did not answer.
    Looked(Option<Missed>),
    /// The grace after the last socket is over.
    Expire,
}
