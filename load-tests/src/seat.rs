//! Where a follower or a publisher sits: which server, which channel, as whom.

use std::sync::{Arc, Mutex};

use clap::ValueEnum;
use serde_json::Value;

use crate::link::Dial;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// The server of this project, storage and sequence numbers on.
    Starling,
    /// One thread, one `send()` per delivery, nothing else.
    Floor,
    /// nats-server over its WebSocket.
    Nats,
}

impl Target {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Starling => "starling",
            Self::Floor => "floor",
            Self::Nats => "nats",
        }
    }
}

/// One place at one channel.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) target: Target,
    pub(crate) dial: Dial,
    /// For REST; empty where there is none.
    pub(crate) token: String,
    /// The channel's id, path or subject.
    pub(crate) channel: String,
    /// The generation of the channel's log, as last told.
    pub(crate) generation: Arc<Mutex<Value>>,
}
