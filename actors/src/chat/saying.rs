//! What is said by no person: reminders, what webhooks bring; and what those who bring it ask first.
//!
//! **Invariant:** nothing is said in a channel that is not of the organization for which it is said.

use super::{Caller, ChannelDraft, Chat, ChatError};
use crate::channel::{Pending, Post};
use crate::domain::{
    Byline, Channel, ChannelId, ChannelKind, ClientMessageId, Content, MessageId, MessageKind,
    OrgId, OrgRole, ThreadId, UserId,
};
use crate::ports::{BusEvent, OwnNews, Topic};

/// A message of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// As whom it is shown.
    pub by: Byline,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The words.
    pub content: String,
    /// The message of the channel that it is about.
    pub parent: Option<MessageId>,
    /// Whom it names beside the names in its words; members.
    pub mentions: Vec<UserId>,
    /// The idempotency key.
    pub key: Option<String>,
}

impl Chat {
    /// Says something in a channel. Whoever calls this has seen to it that it may be said there.
    pub async fn say(
        &self,
        org: OrgId,
        channel: ChannelId,
        said: Said,
    ) -> Result<Pending, ChatError> {
        let found = self.inner.ports.directory.channel(org, channel).await?;
        found.ok_or(ChatError::NotFound("channel"))?;
        let key = said.key.map(ClientMessageId::new).transpose();
        let key = key.map_err(ChatError::text("client_message_id"))?;
        let content = Content::new(said.content, self.inner.limits.content_chars)
            .map_err(ChatError::text("content"))?
            .into_string();
        // Names are looked up in the organization, whoever names them.
        let caller = Caller {
            org,
            byline: said.by.clone(),
            role: OrgRole::Viewer,
            is_superuser: false,
            login: None,
            token: None,
        };
        let mentions = self.mentioned(&caller, channel, &content, &said.mentions).await?;
        let post = Post {
            by: said.by,
            kind: said.kind,
            content,
            thread: None,
            parent: said.parent,
            mentions,
            attachments: Vec::new(),
            client_message_id: key,
            after_seq: None,
            written: None,
        };
        Ok(self.inner.channels.post(channel, post).await?)
    }

    /// The channel, for a caller who may write there, and in this thread of it.
    pub async fn writable(
        &self,
        caller: &Caller,
        channel: ChannelId,
        thread: Option<ThreadId>,
    ) -> Result<Channel, ChatError> {
        self.member_role(caller, channel).await?;
        self.check_place(caller, channel, thread, None).await?;
        self.channel(caller, channel).await
    }

    /// The channel, for a caller who may bring programs into it: who looks after it, and whoever the
    /// organization trusts with its data and who is in it.
    pub async fn equippable(
        &self,
        caller: &Caller,
        channel: ChannelId,
    ) -> Result<Channel, ChatError> {
        let access = self.access(caller, channel).await?;
        let found = self.channel(caller, channel).await?;
        if !found.kind.has_changing_members() {
            return Err(ChatError::Forbidden("programs do not write into direct conversations"));
        }
        let is_trusted = caller.role.may_curate_data() && access.role.is_some();
        if is_trusted || access.may_moderate(caller.role) {
            return Ok(found);
        }
        Err(ChatError::Forbidden("only its moderators, and analysts and admins in it, may do this"))
    }

    /// A channel of an organization, whoever may see it.
    pub async fn channel_of(
        &self,
        org: OrgId,
        channel: ChannelId,
    ) -> Result<Option<Channel>, ChatError> {
        Ok(self.inner.ports.directory.channel(org, channel).await?)
    }

    /// The channel of an organization with this name that the caller may write in.
    pub async fn writable_by_name(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<Channel, ChatError> {
        let found = self.inner.ports.directory.named(caller.org, name).await?;
        let found = found.ok_or(ChatError::NotFound("channel"))?;
        self.writable(caller, found.id, None).await
    }

    /// Where a person is alone with what they want to remember, made when it is missing.
    pub async fn own_channel(&self, caller: &Caller) -> Result<ChannelId, ChatError> {
        let draft = ChannelDraft {
            kind: ChannelKind::Direct,
            name: String::new(),
            description: String::new(),
            topic: String::new(),
            members: vec![caller.user()],
        };
        Ok(self.create_channel(caller, draft).await?.0.standing.channel.id)
    }

    /// Tells all devices of a person what of their own has changed.
    pub async fn tell_own(&self, user: UserId, news: OwnNews) {
        self.tell(Topic::User(user), BusEvent::Own(news.into())).await;
    }
}
