//! A message log that is timed and counted on its way through.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use metrics::{Counter, Histogram, counter, histogram};
use starling_actors::domain::{Bucket, ChannelId, Entry, Seq};
use starling_actors::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, IdempotencyKey, LogError,
    MessageLog, StoredKey,
};
use tokio::time::Instant;

/// Measures appends; everything else passes through.
pub struct MeteredLog {
    inner: Arc<dyn MessageLog>,
    seconds: Histogram,
    messages: Counter,
    /// Messages since the rate was last read.
    recent: Arc<AtomicU64>,
}

impl MeteredLog {
    /// Around a log; the recorder of metrics is installed by then.
    pub fn new(inner: Arc<dyn MessageLog>, recent: Arc<AtomicU64>) -> Self {
        Self {
            inner,
            seconds: histogram!("starling_append_seconds"),
            messages: counter!("starling_messages_sent_total"),
            recent,
        }
    }
}

#[async_trait]
impl MessageLog for MeteredLog {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        self.inner.bucket(channel, bucket).await
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        self.inner.bucket_hint(channel).await
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        self.inner.claim(claim).await
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        let messages = append.entries.iter().filter(|entry| entry.posted().is_some()).count();
        let started = Instant::now();
        let outcome = self.inner.append(append).await;
        self.seconds.record(started.elapsed().as_secs_f64());
        if outcome == Ok(AppendOutcome::Applied) {
            self.messages.increment(messages as u64);
            self.recent.fetch_add(messages as u64, Ordering::Relaxed);
        }
        outcome
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        after: Seq,
        keys: &[IdempotencyKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        self.inner.stored_keys(channel, after, keys).await
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        self.inner.entries(channel, after, limit).await
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        self.inner.head(channel).await
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        self.inner.heads(channels).await
    }
}
