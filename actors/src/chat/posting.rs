//! Writing: sends, edits, deletions and reactions, checked before the channel puts them in order.

use super::files::{distinct, key_of};
use super::{Caller, Chat, ChatError, SentFiles};
use crate::channel::{Amend, Amended, Change, Pending, Post};
use crate::domain::{
    Attachment, ChannelId, ChannelRole, ClientMessageId, Content, Emoji, FileId, Message,
    MessageId, MessageKind, Seq, ThreadId, UserId,
};
use crate::ports::{IdempotencyKey, SoughtKey};

/// A message as its author sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The words.
    pub content: String,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The message it answers.
    pub parent: Option<MessageId>,
    /// Whom it names beside the names in its words.
    pub mentions: Vec<UserId>,
    /// Files that hang on it.
    pub attachments: Vec<FileId>,
    /// The idempotency key.
    pub client_message_id: Option<String>,
    /// The author's contiguous position when composing it.
    pub after_seq: Option<Seq>,
}

impl Chat {
    /// Puts a message into its channel's queue. Messages whose `Pending` were got one after the
    /// other keep that order.
    pub async fn post(
        &self,
        caller: &Caller,
        channel: ChannelId,
        draft: Draft,
    ) -> Result<Pending, ChatError> {
        self.member_role(caller, channel).await?;
        let files = distinct(&draft.attachments)?;
        let key = draft.client_message_id.map(ClientMessageId::new);
        let key = key.transpose().map_err(ChatError::text("client_message_id"))?;
        let key = match files.first() {
            Some(first) if key.is_none() => Some(key_of(*first)?),
            Some(_) | None => key,
        };
        let content = self.words(draft.content, !files.is_empty())?;
        self.admit(caller, channel, key.as_ref(), draft.after_seq).await?;
        self.check_place(caller, channel, draft.thread, draft.parent).await?;
        let mentions = self.mentioned(caller, channel, &content, &draft.mentions).await?;
        let kind = if files.is_empty() { MessageKind::Text } else { MessageKind::File };
        // Last: a message that is refused above leaves its files free.
        let attachments = self.take_files(caller, channel, key.as_ref(), files).await?;
        let post = Post {
            by: caller.byline.clone(),
            kind,
            content,
            thread: draft.thread,
            parent: draft.parent,
            mentions,
            attachments,
            client_message_id: key,
            after_seq: draft.after_seq,
            written: None,
        };
        Ok(self.inner.channels.post(channel, post).await?)
    }

    /// Gives a message other words. Only its author may.
    pub async fn edit(
        &self,
        caller: &Caller,
        id: MessageId,
        content: String,
    ) -> Result<Amended, ChatError> {
        let (message, role) = self.own_ground(caller, id).await?;
        let content = self.words(content, !message.attachments.is_empty())?;
        let mentions = self.edited_mentions(caller, &message, &content).await?;
        self.amend(caller, &message, role, Change::Edit { content, mentions }).await
    }

    /// Takes a message's words and files away for ever. Its author and the channel's moderators may.
    pub async fn delete(&self, caller: &Caller, id: MessageId) -> Result<Amended, ChatError> {
        let (message, role) = self.own_ground(caller, id).await?;
        let files: Vec<FileId> = message.attachments.iter().map(|file| file.id).collect();
        if !files.is_empty() {
            self.inner.ports.files.loosen(caller.org, &files).await?;
        }
        let amended = self.amend(caller, &message, role, Change::Delete).await?;
        self.drop_files(caller.org, &files).await;
        Ok(amended)
    }

    /// Puts an emoji on a message or takes it away.
    pub async fn react(
        &self,
        caller: &Caller,
        id: MessageId,
        emoji: String,
        added: bool,
    ) -> Result<Amended, ChatError> {
        let emoji = Emoji::new(emoji).map_err(ChatError::text("emoji"))?.into_string();
        let (message, role) = self.own_ground(caller, id).await?;
        self.amend(caller, &message, role, Change::React { emoji, added }).await
    }

    async fn amend(
        &self,
        caller: &Caller,
        message: &Message,
        role: ChannelRole,
        change: Change,
    ) -> Result<Amended, ChatError> {
        let amend = Amend {
            by: caller.byline.clone(),
            message: message.id,
            may_moderate: role.may_moderate(),
            change,
            written: None,
        };
        Ok(self.inner.channels.amend(message.channel, amend).await?)
    }

    /// A message's words, checked; there may be none beside files.
    fn words(&self, content: String, has_files: bool) -> Result<String, ChatError> {
        let chars_max = self.inner.limits.content_chars;
        let make = if has_files { Content::beside_files } else { Content::new };
        Ok(make(content, chars_max).map_err(ChatError::text("content"))?.into_string())
    }

    async fn take_files(
        &self,
        caller: &Caller,
        channel: ChannelId,
        key: Option<&ClientMessageId>,
        files: Vec<FileId>,
    ) -> Result<Vec<Attachment>, ChatError> {
        let Some(key) = key.filter(|_| !files.is_empty()) else { return Ok(Vec::new()) };
        let (org, by, key) = (caller.org, caller.user(), key.clone());
        let sent = SentFiles { org, by, channel, key, files };
        Ok(self.inner.ports.files.take(&sent).await?)
    }

    /// A message that the caller is about to change, of a channel that they are a member of, and their role
    /// there.
    async fn own_ground(
        &self,
        caller: &Caller,
        id: MessageId,
    ) -> Result<(Message, ChannelRole), ChatError> {
        self.inner.gate.admit_change(&caller.viewer())?;
        let message = self.message(caller, id).await?;
        let role = self.member_role(caller, message.channel).await?;
        Ok((message, role))
    }

    /// Takes one message from the caller's allowance. A repeat of what is stored already is let
    /// through beyond it: it adds nothing, and its author must be able to learn that.
    async fn admit(
        &self,
        caller: &Caller,
        channel: ChannelId,
        key: Option<&ClientMessageId>,
        after_seq: Option<Seq>,
    ) -> Result<(), ChatError> {
        let Err(refused) = self.inner.gate.admit(&caller.viewer()) else {
            return Ok(());
        };
        let Some(key) = key else { return Err(refused.into()) };
        let key = IdempotencyKey { author: caller.user(), client_message_id: key.clone() };
        let sought = SoughtKey { key, after: after_seq };
        let stored = self.inner.ports.log.stored_keys(channel, &[sought]).await?;
        if stored.is_empty() { Err(refused.into()) } else { Ok(()) }
    }

    /// Thread and answered message must be where the new message goes.
    pub(super) async fn check_place(
        &self,
        caller: &Caller,
        channel: ChannelId,
        thread: Option<ThreadId>,
        parent: Option<MessageId>,
    ) -> Result<(), ChatError> {
        if let Some(id) = thread {
            let thread = self.inner.ports.directory.thread(caller.org, id).await?;
            if thread.is_none_or(|thread| thread.channel != channel) {
                return Err(ChatError::NotFound("thread"));
            }
        }
        if let Some(id) = parent {
            let parent = self.inner.ports.history.message(id).await?;
            if parent.is_none_or(|parent| parent.channel != channel) {
                return Err(ChatError::NotFound("parent message"));
            }
        }
        Ok(())
    }

    /// Whom a message names after an edit: the names in the new words, and those that its author
    /// had listed without naming them in the old ones.
    async fn edited_mentions(
        &self,
        caller: &Caller,
        message: &Message,
        content: &str,
    ) -> Result<Vec<UserId>, ChatError> {
        let mut mentions = message.mentions.clone();
        if !mentions.is_empty() {
            let before = self.named_in(caller, message.channel, &message.content).await?;
            mentions.retain(|user| !before.contains(user));
        }
        for user in self.named_in(caller, message.channel, content).await? {
            if !mentions.contains(&user) {
                mentions.push(user);
            }
        }
        mentions.truncate(super::mentions::REACHED_MAX);
        Ok(mentions)
    }
}
