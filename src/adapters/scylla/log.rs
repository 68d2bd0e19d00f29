//! The message log in a cluster: buckets with a fence, as conditional batches on one partition.
//!
//! A bucket of a channel is one partition of the table `messages`, and an append one conditional
//! batch on it: the fence moves from the expected epoch and position, and with it come the entries,
//! their idempotency keys and all indexes over them. What is in other tables is either stored before
//! the batch and may name too much (`spans.rs`), or after it and is finished by the next read of the
//! fence (`fence.rs`, `deletions.rs`). docs/decisions/0017-log-in-scylla.md has the proof.
//!
//! **Invariant:** entries are immutable except for the emptying of deleted words; the state of a
//! message is its entry with its changes laid over, whoever reads it.

mod append;
mod changes;
mod deletions;
mod fence;
mod keys;
mod read_back;
mod rename;
mod rows;
mod spans;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::{Bucket, Byline, ChannelId, Entry, Event, Generation, Seq};
use starling_actors::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, LogError, MessageLog, SoughtKey,
    StoredKey,
};

use super::facts::Facts;
use super::failure::StoreError;
use super::session::{Session, Statement};
use super::uuid;
use changes::Targets;
use fence::{ANSWERED, DECIDED, Fence};
use spans::KnownSpans;

pub(super) use changes::{Current, IN_MAX};
pub(super) use rows::{AUTHOR, INSIDE, MESSAGE, NAMED, OUTSIDE, THREAD, THREAD_DELETION, name_of};

const ENTRIES: Statement = Statement::read(
    "entries",
    "SELECT seq, ordinal, at, event, message, thread, client_id, body FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq > ? LIMIT ?",
);

/// Log and history in one keyspace.
#[derive(Clone)]
pub struct ScyllaLog {
    pub(super) session: Arc<Session>,
    generation: Generation,
    bucket_entries: u64,
    known: KnownSpans,
}

impl fmt::Debug for ScyllaLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScyllaLog").field("session", &self.session).finish_non_exhaustive()
    }
}

impl ScyllaLog {
    pub(super) fn new(session: Arc<Session>, facts: Facts) -> Self {
        let known = spans::known_spans();
        let Facts { generation, bucket_entries } = facts;
        Self { session, generation, bucket_entries, known }
    }

    /// The same log with small buckets, so that tests get over their ends. A keyspace keeps the
    /// size with which it began.
    #[cfg(test)]
    #[must_use]
    pub(super) fn with_buckets(self, bucket_entries: u64) -> Self {
        Self { bucket_entries, ..self }
    }

    /// The bucket of a position, which is not 0.
    pub(super) fn bucket_of(&self, seq: Seq) -> Bucket {
        Bucket(seq.0.saturating_sub(1) / self.bucket_entries)
    }

    /// The last position of a bucket.
    fn end_of(&self, bucket: Bucket) -> Seq {
        Seq(bucket.0.saturating_add(1).saturating_mul(self.bucket_entries))
    }

    /// The fence, after everything that appends below it left to do is done.
    async fn settled(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<Fence>, StoreError> {
        let fence = self.fence(&DECIDED, channel, bucket).await?;
        if let Some(Fence { state, ordinal }) = fence {
            if let Some(ordinal) = ordinal {
                self.store_head(channel, state.last_seq, ordinal).await?;
            }
            self.finish_erasures(channel, state.last_seq).await?;
        }
        Ok(fence)
    }

    /// Entries of one bucket above a position, messages with their current words.
    async fn entries_within(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let most = i32::try_from(limit).unwrap_or(i32::MAX);
        let place = (uuid(channel.as_u128()), bucket.0.cast_signed(), after.0.cast_signed(), most);
        let last = after.0.saturating_add(limit as u64).min(self.end_of(bucket).0);
        let targets = Targets::Between(after.next(), Seq(last));
        let (mut entries, changes) = futures_util::future::try_join(
            self.entry_rows(channel, &ENTRIES, place),
            self.changes(channel, bucket, targets),
        )
        .await?;
        let mut deleted = HashSet::new();
        for entry in &mut entries {
            let Some(changes) = changes.get(&entry.seq) else { continue };
            let Event::Posted(posted) = &mut entry.event else { continue };
            for change in changes {
                match &change.event {
                    Event::Edited { message, content, mentions, .. }
                        if *message == posted.id && !deleted.contains(message) =>
                    {
                        posted.content.clone_from(content);
                        posted.mentions.clone_from(mentions);
                    }
                    Event::Deleted { message, .. } if *message == posted.id => {
                        posted.content.clear();
                        posted.mentions.clear();
                        posted.attachments.clear();
                        deleted.insert(*message);
                    }
                    Event::Edited { .. }
                    | Event::Deleted { .. }
                    | Event::Reacted { .. }
                    | Event::Posted(_)
                    | Event::Joined { .. }
                    | Event::Left { .. } => {}
                }
            }
        }
        for entry in &mut entries {
            if let Event::Edited { message, content, mentions, .. } = &mut entry.event
                && deleted.contains(message)
            {
                content.clear();
                mentions.clear();
            }
        }
        Ok(entries)
    }

    async fn entries_above(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        let mut after = after;
        let mut bucket = self.bucket_of(after.next());
        while entries.len() < limit {
            let more = limit - entries.len();
            let found = self.entries_within(channel, bucket, after, more).await?;
            let reached = found.last().map(|entry| entry.seq);
            entries.extend(found);
            let end = self.end_of(bucket);
            let is_over = match reached {
                Some(seq) => seq < end,
                // Nothing there: the newest bucket, or one whose rows are all past keeping.
                None => {
                    let fence = self.fence(&ANSWERED, channel, bucket).await?;
                    fence.is_none_or(|fence| fence.state.last_seq < end)
                }
            };
            if is_over {
                break;
            }
            (after, bucket) = (end, bucket.next());
        }
        Ok(entries)
    }
}

#[async_trait]
impl MessageLog for ScyllaLog {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        // A read changes nothing, whatever became of what it finished.
        let fence = self.settled(channel, bucket).await.map_err(|_| LogError::Unavailable)?;
        Ok(fence.map(|fence| fence.state))
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        let head = self.stored_heads(&[channel]).await?;
        Ok(self.bucket_of(head[0].seq))
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        Ok(self.take(&claim).await?)
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        Ok(self.append_all(&append).await?)
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        Ok(self.sought(channel, keys).await?)
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        Ok(self.rename_all(channel, by, after, limit).await?)
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        if i64::try_from(after.0).is_err() {
            return Ok(Vec::new());
        }
        Ok(self.entries_above(channel, after, limit).await?)
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        Ok(self.true_head(channel).await?)
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        Ok(self.stored_heads(channels).await?)
    }
}
