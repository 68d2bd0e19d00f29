//! A log with something on its line: what goes in and out can be measured, watched or disturbed,
//! and everything else passes through.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, LogError, MessageLog, SoughtKey,
    StoredKey,
};
use crate::domain::{Bucket, Byline, ChannelId, Entry, Seq};

/// What is done with questions on their way to a log. Each one passes through unless it is
/// overridden.
#[async_trait]
pub trait LogTap: Send + Sync + 'static {
    /// An append on its way.
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        log.append(append).await
    }

    /// A reading of entries on its way.
    async fn entries(
        &self,
        log: &dyn MessageLog,
        (channel, after): (ChannelId, Seq),
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        log.entries(channel, after, limit).await
    }
}

/// A log behind a tap. It keeps the contract as far as the tap does.
pub struct TappedLog<T> {
    log: Arc<dyn MessageLog>,
    tap: T,
}

impl<T: LogTap> TappedLog<T> {
    /// Puts a tap before a log.
    pub fn new(log: Arc<dyn MessageLog>, tap: T) -> Self {
        Self { log, tap }
    }
}

#[async_trait]
impl<T: LogTap> MessageLog for TappedLog<T> {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        self.log.bucket(channel, bucket).await
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        self.log.bucket_hint(channel).await
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        self.log.claim(claim).await
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        self.tap.append(&*self.log, append).await
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        self.log.stored_keys(channel, keys).await
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        self.tap.entries(&*self.log, (channel, after), limit).await
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        self.log.rename(channel, by, after, limit).await
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        self.log.head(channel).await
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        self.log.heads(channels).await
    }
}
