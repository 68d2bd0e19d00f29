//! Reading: messages as they stand, their earlier texts, and the whole log.

use super::{Caller, Chat, ChatError};
use crate::domain::{ChannelId, Entry, Message, MessageId, Seq, ThreadId, Version};
use crate::ports::{Around, Head, Page};

/// A place in a channel, as clients name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By its position.
    Seq(Seq),
    /// By the message that is there.
    Message(MessageId),
}

/// Which page of a conversation is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageWish {
    /// The newest messages.
    Newest,
    /// Those right below a place.
    Before(Place),
    /// Those right above it.
    After(Place),
    /// Those on both sides of it, with itself.
    Around(Place),
}

impl PageWish {
    /// Whether more of it is towards the newest.
    pub const fn is_forward(self) -> bool {
        matches!(self, Self::After(_))
    }
}

impl Chat {
    /// One message as it stands.
    pub async fn message(&self, caller: &Caller, id: MessageId) -> Result<Message, ChatError> {
        let missing = || ChatError::NotFound("message");
        let message = self.inner.ports.history.message(id).await?.ok_or_else(missing)?;
        match self.access(caller, message.channel).await {
            Ok(_) => Ok(message),
            Err(ChatError::NotFound(_)) => Err(missing()),
            Err(error) => Err(error),
        }
    }

    /// Earlier texts of a message, oldest first.
    pub async fn versions(
        &self,
        caller: &Caller,
        id: MessageId,
    ) -> Result<Vec<Version>, ChatError> {
        self.message(caller, id).await?;
        Ok(self.inner.ports.history.versions(id).await?)
    }

    /// A page of a channel, oldest first.
    pub async fn page(
        &self,
        caller: &Caller,
        channel: ChannelId,
        wish: PageWish,
        include_threads: bool,
        limit: usize,
    ) -> Result<Page, ChatError> {
        self.access(caller, channel).await?;
        let around = self.resolve(channel, wish).await?;
        let history = &self.inner.ports.history;
        Ok(history.page(channel, None, around, include_threads, limit).await?)
    }

    /// A page of a thread, oldest first.
    pub async fn thread_page(
        &self,
        caller: &Caller,
        thread: ThreadId,
        wish: PageWish,
        limit: usize,
    ) -> Result<Page, ChatError> {
        let thread = self.readable_thread(caller, thread).await?;
        let around = self.resolve(thread.channel, wish).await?;
        let history = &self.inner.ports.history;
        Ok(history.page(thread.channel, Some(thread.id), around, true, limit).await?)
    }

    /// Where a channel's log ends. A page that is read after this shows all up to there.
    pub async fn head(&self, caller: &Caller, channel: ChannelId) -> Result<Head, ChatError> {
        self.access(caller, channel).await?;
        Ok(self.inner.ports.log.head(channel).await?)
    }

    /// At most `limit` entries of a channel's log above a position, and where the log ends.
    pub async fn events(
        &self,
        caller: &Caller,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<(Vec<Entry>, Head), ChatError> {
        self.access(caller, channel).await?;
        let entries = self.inner.ports.log.entries(channel, after, limit).await?;
        // Read after the entries, so that it is never below the last of them.
        let head = self.inner.ports.log.head(channel).await?;
        Ok((entries, head))
    }

    async fn resolve(&self, channel: ChannelId, wish: PageWish) -> Result<Around, ChatError> {
        Ok(match wish {
            PageWish::Newest => Around::Newest,
            PageWish::Before(place) => Around::Before(self.seq_of(channel, place).await?),
            PageWish::After(place) => Around::After(self.seq_of(channel, place).await?),
            PageWish::Around(place) => Around::Around(self.seq_of(channel, place).await?),
        })
    }

    async fn seq_of(&self, channel: ChannelId, place: Place) -> Result<Seq, ChatError> {
        match place {
            Place::Seq(seq) => Ok(seq),
            Place::Message(id) => {
                let message = self.inner.ports.history.message(id).await?;
                let message = message.filter(|message| message.channel == channel);
                Ok(message.ok_or(ChatError::NotFound("message"))?.seq)
            }
        }
    }
}
