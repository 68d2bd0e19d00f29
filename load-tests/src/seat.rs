//! Where a follower or a publisher sits: which server, which channel, as whom.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use clap::ValueEnum;
use rand::RngExt;
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
    /// axum and a broadcast channel as people write it: one task and one write per delivery.
    Axum,
    /// The same, with everything that waits in one write.
    AxumJoined,
}

impl Target {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Starling => "starling",
            Self::Floor => "floor",
            Self::Nats => "nats",
            Self::Axum => "axum",
            Self::AxumJoined => "axum-joined",
        }
    }

    /// Whether it speaks the floor's protocol: a path for each channel, bare contents, and no
    /// positions, accounts or answers.
    pub(crate) fn is_bare(self) -> bool {
        matches!(self, Self::Floor | Self::Axum | Self::AxumJoined)
    }
}

/// One place at one channel.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) target: Target,
    pub(crate) dial: Dial,
    /// Nodes of a cluster, any of which will do; empty where there is one server.
    pub(crate) nodes: Arc<[SocketAddr]>,
    /// For REST; empty where there is none.
    pub(crate) token: String,
    /// The channel's id, path or subject.
    pub(crate) channel: String,
    /// The generation of the channel's log, as last told.
    pub(crate) generation: Arc<Mutex<Value>>,
}

impl Seat {
    /// The way to the server, or to one of the nodes.
    pub(crate) fn dial_anywhere(&self) -> Dial {
        let address = match self.nodes.len() {
            0 => self.dial.address,
            count => self.nodes[rand::rng().random_range(0..count)],
        };
        Dial { address, ..self.dial.clone() }
    }
}
