//! Messages as they stand now, read from the same shelves as the log.

use async_trait::async_trait;

use super::MemoryLog;
use super::log::Shelves;
use crate::domain::{ChannelId, Message, MessageId, Seq, ThreadId, UserId, Version};
use crate::ports::{Around, History, LogError, Page, ThreadCounts, Unread};

impl Shelves {
    /// Every message of a channel, oldest first.
    fn messages_of(&self, channel: ChannelId) -> impl DoubleEndedIterator<Item = &Message> {
        let places = self.channels.get(&channel).map(|shelf| shelf.places.values());
        places.into_iter().flatten().filter_map(|id| self.messages.get(id))
    }
}

#[async_trait]
impl History for MemoryLog {
    async fn page(
        &self,
        channel: ChannelId,
        thread: Option<ThreadId>,
        around: Around,
        include_threads: bool,
        limit: usize,
    ) -> Result<Page, LogError> {
        let shelves = self.shelves.lock();
        let wanted = |message: &&Message| match thread {
            Some(_) => message.thread == thread,
            None => include_threads || message.thread.is_none(),
        };
        let all: Vec<&Message> = shelves.messages_of(channel).filter(wanted).collect();
        let first_above = |seq: Seq| all.partition_point(|message| message.seq <= seq);
        let first_from = |seq: Seq| all.partition_point(|message| message.seq < seq);
        let (start, end) = match around {
            Around::Newest => (all.len().saturating_sub(limit), all.len()),
            Around::Before(seq) => (first_from(seq).saturating_sub(limit), first_from(seq)),
            Around::After(seq) => (first_above(seq), first_above(seq).saturating_add(limit)),
            Around::Around(seq) => {
                let (half, middle) = (limit / 2, first_from(seq));
                (middle.saturating_sub(half), middle.saturating_add(limit - half))
            }
        };
        let end = end.min(all.len());
        let has_more = match around {
            Around::After(_) => end < all.len(),
            Around::Newest | Around::Before(_) | Around::Around(_) => start > 0,
        };
        let messages = all[start..end].iter().map(|message| (*message).clone()).collect();
        Ok(Page { messages, has_more })
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, LogError> {
        Ok(self.shelves.lock().messages.get(&id).cloned())
    }

    async fn versions(&self, id: MessageId) -> Result<Vec<Version>, LogError> {
        Ok(self.shelves.lock().versions.get(&id).cloned().unwrap_or_default())
    }

    async fn unread(
        &self,
        reader: UserId,
        places: &[(ChannelId, Seq)],
    ) -> Result<Vec<Unread>, LogError> {
        let shelves = self.shelves.lock();
        let counted = places.iter().map(|(channel, after)| {
            let above = shelves.messages_of(*channel).filter(|message| message.seq > *after);
            let mut unread = Unread::default();
            for message in above.filter(|message| message.author.user != reader) {
                unread.messages += 1;
                unread.mentions += u64::from(message.mentions.contains(&reader));
            }
            unread
        });
        Ok(counted.collect())
    }

    async fn thread_counts(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<ThreadCounts, LogError> {
        let shelves = self.shelves.lock();
        let is_in = |message: &&Message| message.thread == Some(thread) && !message.is_deleted;
        let messages = shelves.messages_of(channel).filter(is_in);
        Ok(ThreadCounts::of(messages.map(|message| (message.author.user, message.seq))))
    }
}
