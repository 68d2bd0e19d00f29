//! A log whose ids of channels and messages are others than the caller's, so that every test has
//! channels of its own in the keyspace that all share.

use async_trait::async_trait;
use starling_actors::domain::{
    Bucket, Byline, ChannelId, Entry, Event, Message, MessageId, Seq, ThreadId, UserId, Version,
};
use starling_actors::ports::{
    Append, AppendOutcome, Around, BucketState, Claim, ClaimOutcome, Head, History, LogError,
    MessageLog, Page, SoughtKey, StoredKey, ThreadCounts, Unread,
};

use crate::adapters::scylla::ScyllaLog;

/// Lays random bits over ids, on the way in and on the way out.
pub(super) struct Salted {
    log: ScyllaLog,
    salt: u128,
}

impl Salted {
    pub(super) fn new(log: ScyllaLog) -> Self {
        Self { log, salt: rand::random() }
    }

    fn channel(&self, id: ChannelId) -> ChannelId {
        ChannelId::from_u128(id.as_u128() ^ self.salt)
    }

    fn id(&self, id: MessageId) -> MessageId {
        MessageId::from_u128(id.as_u128() ^ self.salt)
    }

    fn entry(&self, mut entry: Entry) -> Entry {
        entry.channel = self.channel(entry.channel);
        match &mut entry.event {
            Event::Posted(posted) => {
                posted.id = self.id(posted.id);
                posted.parent = posted.parent.map(|parent| self.id(parent));
            }
            Event::Edited { message, .. }
            | Event::Deleted { message, .. }
            | Event::Reacted { message, .. } => *message = self.id(*message),
            Event::Joined { .. } | Event::Left { .. } => {}
        }
        entry
    }

    fn message(&self, mut message: Message) -> Message {
        message.channel = self.channel(message.channel);
        message.id = self.id(message.id);
        message.parent = message.parent.map(|parent| self.id(parent));
        message
    }
}

#[async_trait]
impl MessageLog for Salted {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        self.log.bucket(self.channel(channel), bucket).await
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        self.log.bucket_hint(self.channel(channel)).await
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        self.log.claim(Claim { channel: self.channel(claim.channel), ..claim }).await
    }

    async fn append(&self, mut append: Append) -> Result<AppendOutcome, LogError> {
        append.channel = self.channel(append.channel);
        append.entries = append.entries.into_iter().map(|entry| self.entry(entry)).collect();
        self.log.append(append).await
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        let mut stored = self.log.stored_keys(self.channel(channel), keys).await?;
        for key in &mut stored {
            key.message = self.id(key.message);
        }
        Ok(stored)
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        let entries = self.log.entries(self.channel(channel), after, limit).await?;
        Ok(entries.into_iter().map(|entry| self.entry(entry)).collect())
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        self.log.rename(self.channel(channel), by, after, limit).await
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        self.log.head(self.channel(channel)).await
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        let channels: Vec<_> = channels.iter().map(|id| self.channel(*id)).collect();
        self.log.heads(&channels).await
    }
}

#[async_trait]
impl History for Salted {
    async fn page(
        &self,
        channel: ChannelId,
        thread: Option<ThreadId>,
        around: Around,
        include_threads: bool,
        limit: usize,
    ) -> Result<Page, LogError> {
        let channel = self.channel(channel);
        let page = self.log.page(channel, thread, around, include_threads, limit).await?;
        let messages = page.messages.into_iter().map(|message| self.message(message)).collect();
        Ok(Page { messages, ..page })
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, LogError> {
        let message = History::message(&self.log, self.id(id)).await?;
        Ok(message.map(|message| Self::message(self, message)))
    }

    async fn versions(&self, id: MessageId) -> Result<Vec<Version>, LogError> {
        self.log.versions(self.id(id)).await
    }

    async fn unread(
        &self,
        reader: UserId,
        places: &[(ChannelId, Seq)],
    ) -> Result<Vec<Unread>, LogError> {
        let places: Vec<_> =
            places.iter().map(|(channel, seq)| (self.channel(*channel), *seq)).collect();
        self.log.unread(reader, &places).await
    }

    async fn thread_counts(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<ThreadCounts, LogError> {
        self.log.thread_counts(self.channel(channel), thread).await
    }
}
