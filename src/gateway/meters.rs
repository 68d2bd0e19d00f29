//! What the gateway counts. Handles are kept: looking one up costs ten times as much as a count.

use metrics::{Counter, Gauge, counter, gauge};

use super::close::{self, Close};
use super::vigil::Doubts;
use crate::wire::ready_answers::ReadyAnswers;

/// Ends that are counted by themselves; others are the peer's own codes.
const COUNTED: [Close; 12] = [
    close::BYE,
    close::GONE,
    close::PROTOCOL,
    close::WRONG_KIND,
    close::NOT_UTF8,
    close::FLOODING,
    close::TOO_LARGE,
    close::RESTARTING,
    close::UNAUTHENTICATED,
    close::REVOKED,
    close::TOO_SLOW,
    close::TOO_MANY,
];

/// The gateway's counters.
#[derive(Debug)]
pub struct Meters {
    /// Sockets that were opened.
    pub opened: Counter,
    /// Sockets that are open.
    pub active: Gauge,
    /// Frames handed to sockets.
    pub deliveries: Counter,
    closes: Vec<(u16, Counter)>,
}

/// What all lanes share.
#[derive(Debug)]
pub struct Common {
    /// What is counted.
    pub meters: Meters,
    /// Answers that frames may carry.
    pub ready: ReadyAnswers,
    /// Sockets that are to be looked at again.
    pub doubts: Doubts,
}

impl Meters {
    /// Finds the counters. The recorder must be there before.
    pub fn new() -> Self {
        let closes = COUNTED.iter().map(|end| {
            (end.code, counter!("starling_ws_closes_total", "code" => end.code.to_string()))
        });
        Self {
            opened: counter!("starling_websocket_connections_total"),
            active: gauge!("starling_websocket_connections_active"),
            deliveries: counter!("starling_deliveries_total"),
            closes: closes.collect(),
        }
    }

    /// Counts an open socket out.
    pub fn left(&self, code: u16) {
        self.closed(code);
        self.active.decrement(1.0);
    }

    /// Counts an end.
    pub fn closed(&self, code: u16) {
        if let Some((_, counter)) = self.closes.iter().find(|(counted, _)| *counted == code) {
            counter.increment(1);
        }
    }
}

impl Default for Meters {
    fn default() -> Self {
        Self::new()
    }
}
