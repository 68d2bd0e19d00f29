//! The way to other nodes: orders for the channels that they own, and their answers.
//!
//! ```text
//!   HttpPeers ─▶ a queue a node ─▶ one HTTP/2 stream (POST /orders) ─▶ PeerListener ─▶ Orders
//!        ◀────── answers by number, as they are ready ◀─────────────────────┘
//! ```
//!
//! One stream goes from a node to each other one, made when there is an order for it. Its request is a
//! row of frames without an end (`frame`), each a number and an order of [`crate::internode`]; the
//! response is a row of frames with answers under the same numbers. Before that, both sides prove that
//! they know the cluster's secret (`proof`), and that each is the node that the other one means.
//!
//! **Invariants:** orders of one stream are handed over in the order in which they came. `Unreachable`
//! is said only of an order that was never put on a stream; one that was, and was not answered, is
//! dropped. Nothing is read from or written to whoever has not proved to know the secret.

mod client;
mod flow;
mod frame;
mod greeting;
mod line;
mod listener;
mod proof;
mod visit;

#[cfg(test)]
mod tests;

pub use client::HttpPeers;
pub use listener::PeerListener;
pub use proof::ClusterSecret;

/// How the two ends talk. Another number refuses the stream, and then nothing is forwarded between two
/// versions; what is inside the frames has a version of its own.
const PROTOCOL: &str = "1";
/// Orders of one stream that wait for their answers. Each channel has a shorter queue of its own, so
/// this many are under way only while the log stalls; about 4 KiB each.
const UNANSWERED_MAX: usize = 4_096;
/// Frames that may wait to be written to one stream.
const FRAMES_WAITING_MAX: usize = 64;
/// How often a silent stream is probed, and how long that may take: a node that stands still is
/// noticed before its line in Redis expires.
const PROBE_EVERY: std::time::Duration = std::time::Duration::from_secs(1);
const PROBE_MAX: std::time::Duration = std::time::Duration::from_secs(2);
/// Bytes that may be on their way without being read: HTTP/2's own 64 KiB are a message or two.
const WINDOW_BYTES: u32 = 1024 * 1024;
