//! Messages as they stand now: what people read back.

use std::collections::BTreeMap;

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

    /// Who wrote in a thread and how many messages it holds.
    async fn thread_counts(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<ThreadCounts, LogError>;
}

/// What a thread holds, as far as a line below its root says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadCounts {
    /// People who wrote in it.
    pub participants: u32,
    /// Messages in it that are not deleted.
    pub messages: u32,
    /// Who wrote last, at most [`ThreadCounts::RECENT_MAX`] people, whose newest message is the newest first.
    pub recent: Vec<UserId>,
}

impl ThreadCounts {
    /// People whose faces a line has room for.
    pub const RECENT_MAX: usize = 3;

    /// From who wrote the messages that are not deleted, in any order, each with its place.
    pub fn of(written: impl IntoIterator<Item = (UserId, Seq)>) -> Self {
        let mut messages: u32 = 0;
        let mut newest: BTreeMap<UserId, Seq> = BTreeMap::new();
        for (author, seq) in written {
            messages = messages.saturating_add(1);
            let last = newest.entry(author).or_insert(seq);
            *last = seq.max(*last);
        }
        let participants = u32::try_from(newest.len()).unwrap_or(u32::MAX);
        let mut recent: Vec<(Seq, UserId)> =
            newest.into_iter().map(|(author, seq)| (seq, author)).collect();
        recent.sort_unstable_by(|one, other| other.cmp(one));
        recent.truncate(Self::RECENT_MAX);
        Self {
            participants,
            messages,
            recent: recent.into_iter().map(|(_, author)| author).collect(),
        }
    }
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
