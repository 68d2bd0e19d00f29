//! Notes where something was stored, on the way to the log: webhooks are told soon, not at the next look.
//!
//! It only hints. What it loses is found by comparing positions, so a full list drops what comes.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use parking_lot::Mutex;
use starling_actors::domain::ChannelId;
use starling_actors::ports::{Append, AppendOutcome, LogError, LogTap, MessageLog};
use tokio::sync::Notify;

/// Channels that wait to be read. More than a node writes in the second between two readings.
const CHANNELS_MAX: usize = 10_000;

/// Where something was stored since it was last asked. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hints {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Whether anybody reads this. Without webhooks, sends pay nothing for them.
    is_wanted: AtomicBool,
    channels: Mutex<HashSet<ChannelId>>,
    came: Notify,
}

impl Hints {
    pub(super) fn want(&self, is_wanted: bool) {
        self.inner.is_wanted.store(is_wanted, Ordering::Relaxed);
    }

    pub(super) fn note(&self, channel: ChannelId) {
        let mut channels = self.inner.channels.lock();
        if channels.len() < CHANNELS_MAX {
            channels.insert(channel);
            drop(channels);
            self.inner.came.notify_one();
        }
    }

    pub(super) fn take(&self) -> HashSet<ChannelId> {
        std::mem::take(&mut self.inner.channels.lock())
    }

    pub(super) async fn come(&self) {
        self.inner.came.notified().await;
    }
}

#[async_trait]
impl LogTap for Hints {
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        let channel = append.channel;
        let outcome = log.append(append).await;
        if outcome == Ok(AppendOutcome::Applied) && self.inner.is_wanted.load(Ordering::Relaxed) {
            self.note(channel);
        }
        outcome
    }
}
