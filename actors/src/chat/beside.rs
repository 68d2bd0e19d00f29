//! What stands beside messages and people: who may change it, and who is told.
//!
//! It is in no log. Whoever follows a channel hears of it live, and reads it again after a break.

use std::sync::Arc;

use super::{Caller, Chat, ChatError};
use crate::domain::{
    ChannelId, ChannelRole, GroupFace, GroupId, Message, MessageId, OrgId, UserId,
};
use crate::ports::{Aside, BusEvent, Topic};

/// Members of a channel through which people are told what somebody says of themselves, as for presence: in
/// larger ones people look when they need it.
const MEMBERS_MAX: usize = 200;
/// People who are told at once. Each is one event, and whoever says something of themselves waits for it.
const COMPANIONS_MAX: usize = 2_000;

impl Chat {
    /// A message that the caller may pin to its channel or take off: they are a member there, and no guest.
    /// Takes one change from their allowance.
    pub async fn pinnable(&self, caller: &Caller, id: MessageId) -> Result<Message, ChatError> {
        self.inner.gate.admit_change(&caller.viewer())?;
        let message = self.message(caller, id).await?;
        let role = self.member_role(caller, message.channel).await?;
        if role == ChannelRole::Guest || !caller.role.may_open_channels() {
            return Err(ChatError::Forbidden("guests do not pin messages"));
        }
        Ok(message)
    }

    /// A message that is the caller's own, or of a channel that they look after. Takes one change from their
    /// allowance.
    pub async fn own_message(&self, caller: &Caller, id: MessageId) -> Result<Message, ChatError> {
        self.inner.gate.admit_change(&caller.viewer())?;
        let message = self.message(caller, id).await?;
        let role = self.member_role(caller, message.channel).await?;
        if message.author.user == caller.user() || role.may_moderate() {
            return Ok(message);
        }
        Err(ChatError::Forbidden("only its author may change this message"))
    }

    /// A message of an organization's channel as it stands, whoever may see it.
    pub async fn message_of(
        &self,
        org: OrgId,
        channel: ChannelId,
        id: MessageId,
    ) -> Result<Option<Message>, ChatError> {
        if self.inner.ports.directory.channel(org, channel).await?.is_none() {
            return Ok(None);
        }
        let found = self.inner.ports.history.message(id).await?;
        Ok(found.filter(|message| message.channel == channel))
    }

    /// Messages of a channel that the caller may read, as they stand; those that are deleted are left out.
    pub async fn standing_messages(
        &self,
        caller: &Caller,
        channel: ChannelId,
        ids: &[MessageId],
    ) -> Result<Vec<Message>, ChatError> {
        self.access(caller, channel).await?;
        let mut messages = Vec::with_capacity(ids.len());
        for id in ids {
            let found = self.inner.ports.history.message(*id).await?;
            messages.extend(found.filter(|it| it.channel == channel && !it.is_deleted));
        }
        Ok(messages)
    }

    /// Tells who follows a channel.
    pub async fn tell_beside(&self, channel: ChannelId, aside: Aside) {
        self.tell(Topic::Channel(channel), BusEvent::Aside(Arc::new(aside))).await;
    }

    /// Tells everybody of an organization who is here, on all nodes, of one of its groups; guests see none.
    pub async fn tell_group(&self, org: OrgId, id: GroupId, group: Option<GroupFace>) {
        let aside = Aside::Group { org, id, group };
        self.tell(Topic::Nodes, BusEvent::Aside(Arc::new(aside))).await;
    }

    /// Tells a person's own devices, and people who share a small channel with them.
    pub async fn tell_companions(&self, user: UserId, aside: Aside) {
        let aside = Arc::new(aside);
        self.tell(Topic::User(user), BusEvent::Aside(Arc::clone(&aside))).await;
        let found = self.inner.ports.directory.companions(user, MEMBERS_MAX).await;
        let Ok(companions) = found else {
            tracing::debug!("nobody was told: the directory is unavailable");
            return;
        };
        let others = companions.into_iter().filter(|companion| *companion != user);
        for companion in others.take(COMPANIONS_MAX) {
            self.tell(Topic::User(companion), BusEvent::Aside(Arc::clone(&aside))).await;
        }
    }
}
