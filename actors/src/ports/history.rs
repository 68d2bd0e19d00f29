//! Messages as they stand now: what people read back.

use async_trait::async_trait;

use super::LogError;
use crate::domain::{ChannelId, Message, MessageId, Seq, ThreadId, UserId, Version};

/// The current state of messages. An adapter of [`super::MessageLog`] keeps it beside its log.
///
/// Contract:
/// - Every applied append is visible in all of it before the append returns.
/// - A page is in the order of the log, oldest first, and holds messages only.
/// - A deleted message keeps its place without words, files, reactions or earlier versions, and
///   nothing changes it any more.
/// - An entry changes messages of its own channel only.
/// - Unread are messages of others, deleted ones too: they are differences of ordinals.
#[async_trait]
pub trait History: Send + Sync + 'static {
    /// One page of a channel, or of one thread of it. Without `thread`, messages of threads are
    /// left out unless `include_threads`.
    async fn page(
        &self,
        channel: ChannelId,
        thread: Option<ThreadId>,
        around: Around,
        include_threads: bool,
        limit: usize,
    ) -> Result<Page, LogError>;

    /// One message, wherever it is; the caller checks the channel.
    async fn message(&self, id: MessageId) -> Result<Option<Message>, LogError>;

    /// Earlier texts of a message, oldest first.
    async fn versions(&self, id: MessageId) -> Result<Vec<Version>, LogError>;

    /// What is unread in several channels above a position each, in the order asked for.
    async fn unread(
        &self,
        reader: UserId,
        places: &[(ChannelId, Seq)],
    ) -> Result<Vec<Unread>, LogError>;

    /// How many people wrote in a thread and how many messages it holds.
    async fn thread_counts(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<(u32, u32), LogError>;
}

/// What a person has not read in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Messages of others.
    pub messages: u64,
    /// Those of them that name the person.
    pub mentions: u64,
}

/// Which page of a conversation is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// The newest messages.
    Newest,
    /// Those right below a position.
    Before(Seq),
    /// Those right above a position.
    After(Seq),
    /// Half below, the rest from a position on.
    Around(Seq),
}

/// A page of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether there are more in the direction asked for (older ones, unless `After`).
    pub has_more: bool,
}
