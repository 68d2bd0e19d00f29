//! What a channel works with: its limits and its ports.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::BUCKET_ENTRIES;
use crate::ports::{Bus, Clock, History, MessageLog};

#[cfg(test)]
use super::simulation::Planted;

/// Orders that may wait for one channel. At 64 a batch and 10 ms an append this is a wait of 80 ms;
/// more would only be answered later, not sooner.
const WAITING_MAX: usize = 512;
/// Channels that may be open at once on this node: at about 10 KiB each, 200 MiB.
const CHANNELS_MAX: usize = 20_000;
/// A channel in which nothing was written for so long is closed; its memory is given back.
const IDLE_MAX: Duration = Duration::from_secs(5 * 60);
/// Entries whose keys an owner remembers: at 20 messages a second the last 50 seconds, in which
/// nearly every resend comes.
const REMEMBERED_MAX: usize = 1_000;

/// Limits of the channels of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelSettings {
    /// Entries in a bucket of the log; must be the log's own number.
    pub bucket_entries: u64,
    /// Orders that may wait for one channel; the next is refused as overloaded.
    pub waiting_max: usize,
    /// Channels that may be open at once; sends to further ones are refused as overloaded.
    pub channels_max: usize,
    /// How long a channel stays open without an order.
    pub idle_max: Duration,
    /// Newest entries whose idempotency keys are remembered; older ones are looked up in the log.
    pub remembered_max: usize,
}

impl Default for ChannelSettings {
    fn default() -> Self {
        Self {
            bucket_entries: BUCKET_ENTRIES,
            waiting_max: WAITING_MAX,
            channels_max: CHANNELS_MAX,
            idle_max: IDLE_MAX,
            remembered_max: REMEMBERED_MAX,
        }
    }
}

/// What every channel of this node writes to and asks.
pub(crate) struct ChannelPorts {
    pub(crate) log: Arc<dyn MessageLog>,
    pub(crate) history: Arc<dyn History>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: ChannelSettings,
    /// A bug to be found by the simulation's checker.
    #[cfg(test)]
    pub(crate) planted: Planted,
}
