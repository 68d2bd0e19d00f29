//! Brings the index up to the log: when somebody searches, within a deadline; and in the background,
//! slowly, so that a search finds little left to do.
//!
//! **Invariant:** a channel is read from where the index stands, one batch after the other, and a batch
//! is taken in only if the index still stands there. So it does not matter who else does the same.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::SearchPorts;
use super::feed;
use super::news::{KNOWN_MAX, SearchNews};
use crate::domain::{ChannelId, OrgId, Seq};
use crate::ports::{Head, IndexBatch, IndexPosition, LogError, QuestionsError, SearchIndexError};

/// Entries of one batch: some milliseconds of writing, so that a search in between does not wait for
/// longer.
const BATCH_ENTRIES: usize = 500;
/// How long news are gathered before they are taken in: a burst becomes one batch.
const GATHERING: Duration = Duration::from_millis(300);
/// How long the background rests after the stores refused.
const REST: Duration = Duration::from_secs(5);
/// Organizations whose catching up does not get in each other's way, mostly.
const LINES: usize = 16;
/// Heads that are read at once: a larger read would hold up others.
const HEADS_AT_ONCE: usize = 200;

/// Why the index does not stand where the log does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Behind;

impl From<LogError> for Behind {
    fn from(_: LogError) -> Self {
        Self
    }
}

impl From<SearchIndexError> for Behind {
    fn from(_: SearchIndexError) -> Self {
        Self
    }
}

impl From<QuestionsError> for Behind {
    fn from(_: QuestionsError) -> Self {
        Self
    }
}

/// Keeps the index behind the log as short as it can.
pub(super) struct Follower {
    ports: SearchPorts,
    news: SearchNews,
    /// Two who catch up on one channel would do the same work twice.
    lines: [Mutex<()>; LINES],
}

impl Follower {
    pub(super) fn new(ports: SearchPorts, news: SearchNews) -> Self {
        Self { ports, news, lines: Default::default() }
    }

    /// Brings channels up to where their logs end now, within a time. `false`: some are behind, and the
    /// background goes on with them.
    pub(super) async fn catch_up(
        &self,
        org: OrgId,
        channels: &[ChannelId],
        time: Duration,
    ) -> Result<bool, Behind> {
        let deadline = Instant::now() + time;
        self.news.follow(org, channels);
        let behind = self.lagging(org, channels).await?;
        for (place, (channel, head)) in behind.iter().enumerate() {
            let caught =
                tokio::time::timeout_at(deadline, self.follow(org, *channel, *head, false));
            if !matches!(caught.await, Ok(Ok(()))) {
                for (channel, _) in &behind[place..] {
                    self.news.mark(*channel);
                }
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Follows what is told, for ever.
    pub(super) async fn run(self: Arc<Self>) -> std::convert::Infallible {
        self.resume().await;
        loop {
            let behind = self.news.behind().await;
            tokio::time::sleep(GATHERING).await;
            for (org, channel) in behind {
                if let Err(Behind) = self.follow_to_end(org, channel).await {
                    tracing::debug!(%channel, "the search index stays behind for now");
                    self.news.mark(channel);
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    /// Goes on with what an earlier process has indexed.
    async fn resume(&self) {
        let Ok(indexed) = self.ports.index.indexed(KNOWN_MAX).await else {
            return tracing::warn!("the search index cannot be listed; it fills as people search");
        };
        for (org, channel) in indexed {
            self.news.follow(org, &[channel]);
            self.news.mark(channel);
        }
    }

    async fn follow_to_end(&self, org: OrgId, channel: ChannelId) -> Result<(), Behind> {
        let head = self.ports.log.head(channel).await?;
        self.follow(org, channel, head, true).await
    }

    /// Channels that are behind their logs, with where these end.
    async fn lagging(
        &self,
        org: OrgId,
        channels: &[ChannelId],
    ) -> Result<Vec<(ChannelId, Head)>, Behind> {
        let positions = self.ports.index.positions(org, channels).await?;
        let mut behind = Vec::new();
        let chunks = channels.chunks(HEADS_AT_ONCE).zip(positions.chunks(HEADS_AT_ONCE));
        for (channels, positions) in chunks {
            let heads = self.ports.log.heads(channels).await?;
            for ((channel, position), head) in channels.iter().zip(positions).zip(heads) {
                if !stands_at(*position, head) {
                    behind.push((*channel, head));
                }
            }
        }
        Ok(behind)
    }

    /// Takes a channel in up to `head`. In the background it rests as long as it works.
    async fn follow(
        &self,
        org: OrgId,
        channel: ChannelId,
        head: Head,
        is_background: bool,
    ) -> Result<(), Behind> {
        loop {
            let begun = Instant::now();
            if self.one_batch(org, channel, head).await? {
                return Ok(());
            }
            if is_background {
                tokio::time::sleep(begun.elapsed()).await;
            }
        }
    }

    /// One batch; gives whether the channel is there.
    async fn one_batch(&self, org: OrgId, channel: ChannelId, head: Head) -> Result<bool, Behind> {
        let SearchPorts { index, log, answers, .. } = &self.ports;
        let _line = self.lines[line_of(org)].lock().await;
        let position = index.positions(org, &[channel]).await?.into_iter().next().flatten();
        if stands_at(position, head) {
            return Ok(true);
        }
        // Another life of the log is read from its beginning.
        let known = position.filter(|position| position.generation == head.generation);
        let after = known.map_or(Seq(0), |position| position.seq);
        let entries = log.entries(channel, after, BATCH_ENTRIES).await?;
        let Some(last) = entries.last() else { return Err(Behind) };
        let (generation, up_to) = (head.generation, last.seq);
        let changes = feed::changes(&**answers, org, &entries).await?;
        index.apply(org, IndexBatch { channel, generation, after, up_to, changes }).await?;
        Ok(up_to >= head.seq)
    }
}

/// Whether nothing is missing. A channel without entries needs no place in the index.
fn stands_at(position: Option<IndexPosition>, head: Head) -> bool {
    match position {
        Some(position) => position.generation == head.generation && position.seq >= head.seq,
        None => head.seq == Seq(0),
    }
}

fn line_of(org: OrgId) -> usize {
    usize::try_from(org.as_u128() % LINES as u128).unwrap_or_default()
}
