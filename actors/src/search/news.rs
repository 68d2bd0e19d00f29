//! Which channels of the index have new entries: told by whoever appends, at no cost to them.
//!
//! **Invariant:** whoever appends never waits here. What is not told (another node's appends, a channel
//! nobody has searched yet) is found when somebody searches.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::domain::{ChannelId, OrgId};
use crate::ports::{Append, AppendOutcome, LogError, LogTap, MessageLog};

/// Channels whose news are listened to, about 100 bytes each. When there are more, all are forgotten,
/// and come back as they are searched.
pub(super) const KNOWN_MAX: usize = 65_536;

/// Hears of appends. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SearchNews {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    heard: Mutex<Heard>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Heard {
    /// Channels that the index follows.
    known: HashMap<ChannelId, OrgId>,
    /// Those of them with something new.
    behind: HashSet<ChannelId>,
}

impl SearchNews {
    /// Listens to what comes in a channel from now on.
    pub(super) fn follow(&self, org: OrgId, channels: &[ChannelId]) {
        let mut heard = self.inner.heard.lock();
        if heard.known.len() + channels.len() > KNOWN_MAX {
            *heard = Heard::default();
        }
        heard.known.extend(channels.iter().take(KNOWN_MAX).map(|channel| (*channel, org)));
    }

    /// Says that a channel is behind, if it is followed.
    pub(super) fn mark(&self, channel: ChannelId) {
        let mut heard = self.inner.heard.lock();
        if heard.known.contains_key(&channel) && heard.behind.insert(channel) {
            self.inner.wake.notify_one();
        }
    }

    /// Channels that are behind, once there are some.
    pub(super) async fn behind(&self) -> Vec<(OrgId, ChannelId)> {
        loop {
            let taken = self.take();
            if !taken.is_empty() {
                return taken;
            }
            self.inner.wake.notified().await;
        }
    }

    fn take(&self) -> Vec<(OrgId, ChannelId)> {
        let mut heard = self.inner.heard.lock();
        let behind = std::mem::take(&mut heard.behind);
        behind
            .into_iter()
            .filter_map(|channel| Some((*heard.known.get(&channel)?, channel)))
            .collect()
    }
}

#[async_trait]
impl LogTap for SearchNews {
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        let channel = append.channel;
        let outcome = log.append(append).await;
        if outcome == Ok(AppendOutcome::Applied) {
            self.mark(channel);
        }
        outcome
    }
}
