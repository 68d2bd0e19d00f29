//! The ordered, durable log of every channel, in buckets with a fence.

use async_trait::async_trait;

use crate::domain::{
    Bucket, Byline, ChannelId, ClientMessageId, Entry, Epoch, Generation, MessageId, Seq,
    Timestamp, UserId,
};

/// The log of every channel.
///
/// Contract, checked against each adapter by the same suite:
/// - `claim` and `append` are conditional: they change all or nothing, and only when what they
///   expect is what is stored.
/// - An applied `append` survives a crash of the process right after it returned.
/// - Positions of a channel are contiguous from 1; a bucket never holds another bucket's positions.
/// - An idempotency key is stored with its entry, in the same change, and found by `stored_keys`.
/// - `Unknown` may mean applied or not; every other error means not applied.
/// - `bucket` and `stored_keys` see every change that was applied before they were called.
/// - `entries` returns contiguous entries in order, a message with its *current* words and files
///   (none once deleted, and so are its edits' words), everything else as it was stored.
#[async_trait]
pub trait MessageLog: Send + Sync + 'static {
    /// Reads the fence of a bucket, ordered after every conditional write before it.
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError>;

    /// A bucket in which the newest entry may be; a hint that may be wrong in either direction.
    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError>;

    /// Takes an epoch of a bucket, or opens the bucket, if it is in the expected state.
    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError>;

    /// Appends entries to one bucket if epoch and last position are the expected ones.
    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError>;

    /// Looks up idempotency keys, each above the position that its sender knew: none that is stored
    /// there is missed, in however many buckets. Without a position, a key is looked for in the
    /// newest bucket and the one before it at least. What one key asks for limits no other.
    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError>;

    /// Shows what somebody did, came or left by under another name from now on, wherever it is stored,
    /// among at most `limit` entries above `after`; gives where to go on, `None` at the end. Nothing
    /// else of an entry changes. Doing it again is harmless.
    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError>;

    /// Reads at most `limit` entries above `after`, in order.
    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError>;

    /// The newest position, message count and generation of a channel; zeros when it is empty.
    async fn head(&self, channel: ChannelId) -> Result<Head, LogError>;

    /// The heads of several channels, in the order asked for: a person's list of channels is one
    /// question, not hundreds.
    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError>;
}

/// The fence of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketState {
    /// The newest owner's epoch.
    pub epoch: Epoch,
    /// The newest position in this bucket, or the end of the one before it.
    pub last_seq: Seq,
}

/// An order to take a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The channel.
    pub channel: ChannelId,
    /// The bucket to take.
    pub bucket: Bucket,
    /// What must be stored for the claim to apply: another owner's epoch, or no bucket at all.
    pub expected: Option<Epoch>,
    /// The epoch to store.
    pub epoch: Epoch,
    /// The position to store when the bucket is opened (`expected` is `None`): the end of the
    /// previous bucket. Ignored otherwise.
    pub opening_seq: Seq,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The epoch is stored.
    Applied,
    /// Something else was stored; nothing changed. Read again.
    Refused,
}

/// An order to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The channel.
    pub channel: ChannelId,
    /// The bucket that all of `entries` belong to.
    pub bucket: Bucket,
    /// The owner's epoch.
    pub epoch: Epoch,
    /// The newest position before this append.
    pub last_seq: Seq,
    /// At least one, with positions `last_seq + 1 …`.
    pub entries: Vec<Entry>,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// Stored, durably.
    Applied,
    /// Not stored: the fence was another. Holds what is stored now, if a bucket is there.
    Refused(Option<BucketState>),
}

/// What makes a send recognizable when it comes again: author and their client's id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey {
    /// Who sent it.
    pub author: UserId,
    /// What their client called it.
    pub client_message_id: ClientMessageId,
}

/// A key to look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtKey {
    /// The key.
    pub key: IdempotencyKey,
    /// What its sender had of the log when composing the message, if that was told: the message is
    /// above it if it is stored at all. Position 0 is told, and asks for the whole channel.
    pub after: Option<Seq>,
}

/// A key that the log knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// The key.
    pub key: IdempotencyKey,
    /// Where its message is.
    pub seq: Seq,
    /// Its message.
    pub message: MessageId,
    /// When it was stored.
    pub at: Timestamp,
}

/// The end of a channel's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The newest position.
    pub seq: Seq,
    /// Messages up to it.
    pub ordinal: u64,
    /// The log's life.
    pub generation: Generation,
}

/// Why the log did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Nothing was changed; asking again may help (full disk, lost connection).
    #[error("the message log is unavailable")]
    Unavailable,
    /// Whether it was done is not known.
    #[error("the message log did not say whether it stored the change")]
    Unknown,
}
