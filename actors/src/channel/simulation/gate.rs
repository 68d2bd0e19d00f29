//! The way from one node to the log, which closes while the node stands still.
//!
//! **Invariant:** nothing passes a closed gate; what came before it closed passes when it opens, and
//! then in any order.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::domain::{Bucket, Byline, ChannelId, Entry, Seq};
use crate::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, LogError, MessageLog, SoughtKey,
    StoredKey,
};

/// A log behind a gate.
pub(super) struct GatedLog {
    log: Arc<dyn MessageLog>,
    is_open: watch::Sender<bool>,
}

impl GatedLog {
    pub(super) fn new(log: Arc<dyn MessageLog>) -> Self {
        Self { log, is_open: watch::Sender::new(true) }
    }

    pub(super) fn set_open(&self, is_open: bool) {
        self.is_open.send_replace(is_open);
    }

    async fn pass(&self) {
        // The sender lives as long as `self`, so this ends with an open gate only.
        self.is_open.subscribe().wait_for(|is_open| *is_open).await.ok();
    }
}

#[async_trait]
impl MessageLog for GatedLog {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        self.pass().await;
        self.log.bucket(channel, bucket).await
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        self.pass().await;
        self.log.bucket_hint(channel).await
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        self.pass().await;
        self.log.claim(claim).await
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        self.pass().await;
        self.log.append(append).await
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        self.pass().await;
        self.log.stored_keys(channel, keys).await
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        self.pass().await;
        self.log.entries(channel, after, limit).await
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        self.pass().await;
        self.log.rename(channel, by, after, limit).await
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        self.pass().await;
        self.log.head(channel).await
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        self.pass().await;
        self.log.heads(channels).await
    }
}
