//! Making, changing and removing channels, and the one that everyone starts in.
//!
//! The first members of a channel are part of its making; only who comes or goes later is an entry
//! of its log.

use std::sync::Arc;

use super::{Caller, Chat, ChatError, Seen};
use crate::domain::{Channel, ChannelId, ChannelKind, ChannelRole, OrgId, UserId};
use crate::ports::{BusEvent, ChannelChange, NewChannel, Topic};

/// The name of the channel that everyone of an organization starts in.
pub const DEFAULT_CHANNEL: &str = "default";
/// Longest channel name, in characters: it must fit a side bar and a sentence.
const NAME_CHARS_MAX: usize = 80;
/// Longest description, in characters: a paragraph.
const DESCRIPTION_CHARS_MAX: usize = 1_000;
/// Longest topic, in characters: a line.
const TOPIC_CHARS_MAX: usize = 250;
/// People named when a channel is made: each one is told, while the maker waits.
const FIRST_MEMBERS_MAX: usize = 1_000;
/// People of a conversation without a name: with more, nobody knows who reads.
const GROUP_MEMBERS_MAX: usize = 50;

/// A channel as its maker wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDraft {
    /// What kind it will be.
    pub kind: ChannelKind,
    /// Required for public and private ones.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it is about at first.
    pub topic: String,
    /// Who is in it beside its maker.
    pub members: Vec<UserId>,
}

/// What of a channel shall change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelEdit {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New topic.
    pub topic: Option<String>,
    /// Whether only members shall find it.
    pub is_private: Option<bool>,
    /// Who shall own it; a member.
    pub owner: Option<UserId>,
}

impl Chat {
    /// Makes a channel; `false` when the pair of a direct one had it already.
    pub async fn create_channel(
        &self,
        caller: &Caller,
        draft: ChannelDraft,
    ) -> Result<(Seen, bool), ChatError> {
        if !caller.role.may_open_channels() {
            return Err(ChatError::Forbidden("guests cannot open channels"));
        }
        let members = self.first_members(caller, &draft).await?;
        let name = match draft.kind {
            ChannelKind::Public | ChannelKind::Private => checked_name(&draft.name)?,
            ChannelKind::Direct => String::new(),
            ChannelKind::Group => checked_line("name", draft.name, NAME_CHARS_MAX)?,
        };
        let description = checked_text("description", draft.description, DESCRIPTION_CHARS_MAX)?;
        let topic = checked_line("topic", draft.topic, TOPIC_CHARS_MAX)?;
        let now = self.inner.ports.clock.now();
        let channel = Channel {
            id: ChannelId::from_u128(self.inner.ports.clock.fresh_id()),
            org: caller.org,
            kind: draft.kind,
            name,
            description,
            topic,
            owner: caller.user(),
            created_at: now,
            updated_at: now,
            member_count: 0,
        };
        let (channel, is_new) = self.make(channel, members).await?;
        Ok((self.seen(caller, channel.id).await?, is_new))
    }

    /// Changes a channel's public part.
    pub async fn change_channel(
        &self,
        caller: &Caller,
        id: ChannelId,
        edit: ChannelEdit,
    ) -> Result<Seen, ChatError> {
        let access = self.access(caller, id).await?;
        let channel = self.channel(caller, id).await?;
        if !self.may_edit(access, caller, &channel) {
            return Err(ChatError::Forbidden("only owner and admins may change a channel"));
        }
        let change = self.checked_edit(&channel, edit)?;
        if let Some(owner) = change.owner.filter(|owner| *owner != channel.owner) {
            if !access.may_delete(caller.role) {
                return Err(ChatError::Forbidden("only the owner may hand a channel over"));
            }
            self.hand_over(&channel, owner).await?;
        }
        let now = self.inner.ports.clock.now();
        let changed = self.inner.ports.directory.change(caller.org, id, change, now).await?;
        let changed = changed.ok_or(ChatError::NotFound("channel"))?;
        self.inner.access.forget_channel(id);
        self.tell(Topic::Channel(id), BusEvent::ChannelUpdated(Arc::new(changed))).await;
        self.seen(caller, id).await
    }

    /// Removes a channel for everyone.
    pub async fn remove_channel(&self, caller: &Caller, id: ChannelId) -> Result<(), ChatError> {
        let access = self.access(caller, id).await?;
        let channel = self.channel(caller, id).await?;
        if !access.may_delete(caller.role) || !channel.kind.has_changing_members() {
            return Err(ChatError::Forbidden("only the owner may remove a channel"));
        }
        keep_default(&channel)?;
        let members = self.inner.ports.directory.members(id).await?;
        self.inner.ports.directory.remove(caller.org, id).await?;
        self.inner.access.forget_channel(id);
        for member in members {
            self.tell(Topic::User(member.user), BusEvent::Removed(id)).await;
        }
        Ok(())
    }

    /// The channel that everyone of an organization starts in, made if it is missing.
    pub async fn ensure_default_channel(
        &self,
        org: OrgId,
        owner: UserId,
    ) -> Result<Channel, ChatError> {
        let directory = &self.inner.ports.directory;
        if let Some(channel) = directory.named(org, DEFAULT_CHANNEL).await? {
            return Ok(channel);
        }
        let now = self.inner.ports.clock.now();
        let channel = Channel {
            id: ChannelId::from_u128(self.inner.ports.clock.fresh_id()),
            org,
            kind: ChannelKind::Public,
            name: DEFAULT_CHANNEL.to_owned(),
            description: "Where everyone meets".to_owned(),
            topic: String::new(),
            owner,
            created_at: now,
            updated_at: now,
            member_count: 0,
        };
        match self.make(channel, vec![(owner, ChannelRole::Owner)]).await {
            Ok((channel, _)) => Ok(channel),
            // Someone else made it at the same moment.
            Err(ChatError::NameTaken) => {
                directory.named(org, DEFAULT_CHANNEL).await?.ok_or(ChatError::Unavailable)
            }
            Err(error) => Err(error),
        }
    }

    /// The public part of a channel of the caller's organization.
    pub(super) async fn channel(
        &self,
        caller: &Caller,
        id: ChannelId,
    ) -> Result<Channel, ChatError> {
        let found = self.inner.ports.directory.channel(caller.org, id).await?;
        found.ok_or(ChatError::NotFound("channel"))
    }

    async fn make(
        &self,
        channel: Channel,
        members: Vec<(UserId, ChannelRole)>,
    ) -> Result<(Channel, bool), ChatError> {
        let users = members.iter().map(|(user, _)| *user).collect::<Vec<_>>();
        let new = NewChannel { channel, members };
        let (channel, is_new) = self.inner.ports.directory.create(new).await?;
        if is_new {
            let told = Arc::new(channel.clone());
            for user in users {
                self.tell(Topic::User(user), BusEvent::Added(told.clone())).await;
            }
        }
        Ok((channel, is_new))
    }

    /// Who is in a new channel: its maker first, then the others, each once.
    async fn first_members(
        &self,
        caller: &Caller,
        draft: &ChannelDraft,
    ) -> Result<Vec<(UserId, ChannelRole)>, ChatError> {
        let mut others: Vec<UserId> = draft.members.clone();
        others.sort_unstable();
        others.dedup();
        let asked_for_self = others.contains(&caller.user());
        others.retain(|user| *user != caller.user());
        let max = match draft.kind {
            ChannelKind::Public | ChannelKind::Private => FIRST_MEMBERS_MAX,
            ChannelKind::Group => GROUP_MEMBERS_MAX,
            ChannelKind::Direct => 1,
        };
        if others.len() > max {
            return Err(ChatError::invalid(
                "member_ids",
                format!("must have at most {max} people"),
            ));
        }
        let is_alone = others.is_empty();
        let needs_other = match draft.kind {
            // A group may be opened before anyone is asked into it.
            ChannelKind::Public | ChannelKind::Private | ChannelKind::Group => false,
            // A conversation with oneself is asked for by one's own id.
            ChannelKind::Direct => is_alone && !asked_for_self,
        };
        if needs_other {
            return Err(ChatError::invalid("member_ids", "must name whom it is with"));
        }
        if !is_alone {
            let known = self.inner.ports.people.bylines(caller.org, &others).await?;
            if known.len() < others.len() {
                return Err(ChatError::NotFound("user"));
            }
        }
        let role = match draft.kind {
            ChannelKind::Direct => ChannelRole::Owner,
            ChannelKind::Public | ChannelKind::Private | ChannelKind::Group => ChannelRole::Member,
        };
        let mut members = vec![(caller.user(), ChannelRole::Owner)];
        members.extend(others.into_iter().map(|user| (user, role)));
        Ok(members)
    }

    fn may_edit(&self, access: super::access::Access, caller: &Caller, channel: &Channel) -> bool {
        // In conversations without a name, all are alike.
        let are_alike = matches!(channel.kind, ChannelKind::Direct | ChannelKind::Group);
        access.may_moderate(caller.role) || (are_alike && access.role.is_some())
    }

    fn checked_edit(
        &self,
        channel: &Channel,
        edit: ChannelEdit,
    ) -> Result<ChannelChange, ChatError> {
        let has_name = matches!(channel.kind, ChannelKind::Public | ChannelKind::Private);
        let name = match edit.name {
            Some(name) if has_name => Some(checked_name(&name)?),
            Some(name) => Some(checked_line("name", name, NAME_CHARS_MAX)?),
            None => None,
        };
        let kind = match edit.is_private {
            Some(true) if has_name => Some(ChannelKind::Private),
            Some(false) if has_name => Some(ChannelKind::Public),
            Some(false) => {
                let message = "a conversation without a name cannot be public";
                return Err(ChatError::invalid("is_private", message));
            }
            Some(true) | None => None,
        };
        let renamed = name.as_ref().is_some_and(|name| *name != channel.name);
        if renamed || kind.is_some_and(|kind| kind != channel.kind) {
            keep_default(channel)?;
        }
        let description = edit
            .description
            .map(|text| checked_text("description", text, DESCRIPTION_CHARS_MAX))
            .transpose()?;
        let topic =
            edit.topic.map(|text| checked_line("topic", text, TOPIC_CHARS_MAX)).transpose()?;
        Ok(ChannelChange { name, description, topic, owner: edit.owner, kind })
    }

    /// Makes a member the owner where the one before cannot hand the channel over any more. Who may ask
    /// was looked at before.
    pub async fn pass_on(&self, channel: &Channel, owner: UserId) -> Result<(), ChatError> {
        self.hand_over(channel, owner).await?;
        let (id, now) = (channel.id, self.inner.ports.clock.now());
        let change = ChannelChange { owner: Some(owner), ..ChannelChange::default() };
        let changed = self.inner.ports.directory.change(channel.org, id, change, now).await?;
        let changed = changed.ok_or(ChatError::NotFound("channel"))?;
        self.inner.access.forget_channel(id);
        self.tell(Topic::Channel(id), BusEvent::ChannelUpdated(Arc::new(changed))).await;
        Ok(())
    }

    /// Makes a member the owner; the one before helps on as an admin.
    pub(super) async fn hand_over(
        &self,
        channel: &Channel,
        owner: UserId,
    ) -> Result<(), ChatError> {
        let directory = &self.inner.ports.directory;
        let role = Some(ChannelRole::Owner);
        if directory.change_member(channel.id, owner, role, None).await?.is_none() {
            return Err(ChatError::invalid("owner_id", "must be a member of the channel"));
        }
        let role = Some(ChannelRole::Admin);
        directory.change_member(channel.id, channel.owner, role, None).await?;
        Ok(())
    }
}

/// The channel where everyone starts keeps its name and stays open.
fn keep_default(channel: &Channel) -> Result<(), ChatError> {
    if channel.kind == ChannelKind::Public && channel.name == DEFAULT_CHANNEL {
        let detail = "everyone starts in this channel; it keeps its name and stays open";
        return Err(ChatError::Conflict { code: "default_channel", detail });
    }
    Ok(())
}

fn checked_name(name: &str) -> Result<String, ChatError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(ChatError::invalid("name", "is required"));
    }
    checked_line("name", name.to_owned(), NAME_CHARS_MAX)
}

/// One line: nothing that would break it.
fn checked_line(field: &'static str, text: String, max: usize) -> Result<String, ChatError> {
    if text.chars().any(char::is_control) {
        return Err(ChatError::invalid(field, "has a character that is not allowed"));
    }
    checked_text(field, text, max)
}

pub(super) fn checked_text(
    field: &'static str,
    text: String,
    max: usize,
) -> Result<String, ChatError> {
    if text.chars().nth(max).is_some() {
        return Err(ChatError::invalid(field, format!("must have at most {max} characters")));
    }
    if text.contains('\0') {
        return Err(ChatError::invalid(field, "has a character that is not allowed"));
    }
    Ok(text)
}
