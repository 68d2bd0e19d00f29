//! Messages as they stand now, read from the log's own rows.
//!
//! Nothing here is stored for reading alone: indexes came with the appends, and a message is its
//! entry with its changes laid over. So what is read is what was appended, after a crash too.

mod pages;
mod unread;

use std::collections::BTreeSet;

use async_trait::async_trait;
use futures_util::future::{try_join, try_join_all};
use starling_actors::domain::{
    Bucket, ChannelId, Message, MessageId, Seq, ThreadId, UserId, Version,
};
use starling_actors::ports::{Around, History, LogError, Page, ThreadCounts, Unread};

use super::failure::StoreError;
use super::log::{Current, ScyllaLog, THREAD, THREAD_DELETION, name_of};
use super::session::Statement;
use super::uuid;
use pages::Conversation;

const WRITERS: Statement = Statement::read(
    "thread_counts",
    "SELECT seq, author FROM messages WHERE channel = ? AND bucket = ? AND kind = 3 AND cmid = ?",
);
const DELETIONS: Statement = Statement::read(
    "thread_counts",
    "SELECT seq FROM messages WHERE channel = ? AND bucket = ? AND kind = 8 AND cmid = ?",
);

// The kinds stand as numbers in the statements above.
const _: () = assert!(THREAD == 3 && THREAD_DELETION == 8);

impl ScyllaLog {
    /// A message and its earlier texts. Of the places where it may be, one holds it.
    async fn current(&self, id: MessageId) -> Result<Option<Current>, StoreError> {
        for (channel, seq) in self.places(id).await? {
            let found = self.messages_at(channel, &[seq]).await?;
            if let Some(current) = found.into_iter().find(|current| current.message.id == id) {
                return Ok(Some(current));
            }
        }
        Ok(None)
    }

    async fn counts_of(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<ThreadCounts, StoreError> {
        let name = name_of(thread.as_u128());
        let buckets = self.spans(channel, THREAD, &name, Bucket(0)).await?;
        let parts = buckets.iter().map(|bucket| {
            let place = (uuid(channel.as_u128()), bucket.0.cast_signed(), name.as_str());
            try_join(
                self.session.rows::<(i64, ::uuid::Uuid)>(&WRITERS, place),
                self.session.rows::<(i64,)>(&DELETIONS, place),
            )
        });
        let parts = try_join_all(parts).await?;
        let deleted: BTreeSet<i64> =
            parts.iter().flat_map(|(_, deleted)| deleted).map(|(seq,)| *seq).collect();
        let kept = parts.iter().flat_map(|(written, _)| written);
        let kept = kept.filter(|(seq, _)| !deleted.contains(seq));
        Ok(ThreadCounts::of(
            kept.map(|(seq, author)| {
                (UserId::from_u128(author.as_u128()), Seq(seq.cast_unsigned()))
            }),
        ))
    }
}

#[async_trait]
impl History for ScyllaLog {
    async fn page(
        &self,
        channel: ChannelId,
        thread: Option<ThreadId>,
        around: Around,
        include_threads: bool,
        limit: usize,
    ) -> Result<Page, LogError> {
        let conversation = Conversation::of(self, channel, thread, include_threads).await?;
        let (seqs, has_more) = conversation.page(around, limit).await?;
        let messages = self.messages_at(channel, &seqs).await?;
        let messages = messages.into_iter().map(|current| current.message).collect();
        Ok(Page { messages, has_more })
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, LogError> {
        Ok(self.current(id).await?.map(|current| current.message))
    }

    async fn versions(&self, id: MessageId) -> Result<Vec<Version>, LogError> {
        Ok(self.current(id).await?.map(|current| current.versions).unwrap_or_default())
    }

    async fn unread(
        &self,
        reader: UserId,
        places: &[(ChannelId, Seq)],
    ) -> Result<Vec<Unread>, LogError> {
        Ok(self.unread_in(reader, places).await?)
    }

    async fn thread_counts(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<ThreadCounts, LogError> {
        Ok(self.counts_of(channel, thread).await?)
    }
}
