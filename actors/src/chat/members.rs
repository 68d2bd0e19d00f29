//! Who is in a channel, who may change that, and how far each has read.
//!
//! **Invariant:** a channel keeps its owner: the owner's role changes only by handing it over, and
//! nobody gives a role above their own or touches someone who is not below them.

use std::sync::Arc;

use super::access::Access;
use super::{Caller, Chat, ChatError};
use crate::channel::MemberChange;
use crate::domain::{
    Byline, Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, OrgRole,
    Seq, UserId,
};
use crate::ports::{BusEvent, DirectoryError, PostError, Topic};

/// Members up to which others see how far one has read, and are told of a new count: with more, one
/// person's every step would be a frame to a crowd.
const NEWS_MEMBERS_MAX: u32 = 50;

/// How often a removal is asked for whose outcome is open.
const REMOVALS_MAX: usize = 3;

/// A member and how they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their place.
    pub membership: Membership,
    /// Absent when the account is gone.
    pub byline: Option<Byline>,
}

/// Up to where someone has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadTo {
    /// A position.
    Seq(Seq),
    /// A message of the channel.
    Message(MessageId),
}

pub(super) const fn rank(role: ChannelRole) -> u8 {
    match role {
        ChannelRole::Guest => 0,
        ChannelRole::Member => 1,
        ChannelRole::Admin => 2,
        ChannelRole::Owner => 3,
    }
}

/// What a person counts as among the members; those who run the organization are above admins in
/// open channels, but not in closed ones.
fn standing_rank(access: Access, org_role: OrgRole) -> u8 {
    let own = access.role.map_or(0, rank);
    if access.may_delete(org_role) { rank(ChannelRole::Owner) } else { own }
}

const MODERATORS_ONLY: ChatError =
    ChatError::Forbidden("only owner and admins may change who is in a channel");

impl Chat {
    /// Enters a public channel.
    pub async fn join(&self, caller: &Caller, channel: ChannelId) -> Result<Membership, ChatError> {
        let access = self.access(caller, channel).await?;
        if access.role.is_none() && !caller.role.may_open_channels() {
            return Err(ChatError::Forbidden("guests cannot join channels"));
        }
        let (membership, _) =
            self.enter(caller, channel, &caller.byline, ChannelRole::Member).await?;
        Ok(membership)
    }

    /// Puts the caller into the channel where everyone starts; called for each new account.
    pub async fn welcome(&self, caller: &Caller) -> Result<Membership, ChatError> {
        let channel = self.ensure_default_channel(caller.org, caller.user()).await?;
        let role = match caller.role {
            OrgRole::Guest => ChannelRole::Guest,
            OrgRole::Admin | OrgRole::Analyst | OrgRole::Viewer => ChannelRole::Member,
        };
        Ok(self.enter(caller, channel.id, &caller.byline, role).await?.0)
    }

    /// Leaves a channel. Leaving one that is open and was never joined changes nothing.
    pub async fn leave(&self, caller: &Caller, channel: ChannelId) -> Result<(), ChatError> {
        let access = self.access(caller, channel).await?;
        let Some(role) = access.role else { return Ok(()) };
        if !access.kind.has_changing_members() {
            return Err(fixed_members());
        }
        if role == ChannelRole::Owner {
            return Err(owner_stays());
        }
        self.take_out(caller, channel, caller.byline.clone()).await
    }

    /// Members after `after`, by id, at most `limit`; whether there are more.
    pub async fn members(
        &self,
        caller: &Caller,
        channel: ChannelId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<(Vec<Member>, bool), ChatError> {
        self.access(caller, channel).await?;
        let mut members = self.inner.ports.directory.members(channel).await?;
        members.sort_unstable_by_key(|member| member.user);
        members.retain(|member| after.is_none_or(|after| member.user > after));
        let has_more = members.len() > limit;
        members.truncate(limit);
        let users = members.iter().map(|member| member.user).collect::<Vec<_>>();
        let bylines = self.inner.ports.people.bylines(caller.org, &users).await?;
        let shown = members.into_iter().map(|membership| {
            let byline = bylines.iter().find(|byline| byline.user == membership.user).cloned();
            Member { membership, byline }
        });
        Ok((shown.collect(), has_more))
    }

    /// Adds someone; `false` when they were in already.
    pub async fn add_member(
        &self,
        caller: &Caller,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
    ) -> Result<(Membership, bool), ChatError> {
        let access = self.access(caller, channel).await?;
        if !access.kind.has_changing_members() {
            return Err(fixed_members());
        }
        let may_invite = access.role.is_some_and(ChannelRole::may_invite);
        if !may_invite && !access.may_moderate(caller.role) {
            return Err(access.role.map_or(ChatError::NotAMember, |_| MODERATORS_ONLY));
        }
        let role = role.unwrap_or(ChannelRole::Member);
        if role == ChannelRole::Owner || rank(role) > standing_rank(access, caller.role) {
            return Err(ChatError::Forbidden("nobody may give a role above their own"));
        }
        let byline = self.byline(caller, user).await?;
        self.enter(caller, channel, &byline, role).await
    }

    /// Takes someone out; oneself is leaving.
    pub async fn remove_member(
        &self,
        caller: &Caller,
        channel: ChannelId,
        user: UserId,
    ) -> Result<(), ChatError> {
        if user == caller.user() {
            return self.leave(caller, channel).await;
        }
        let access = self.access(caller, channel).await?;
        if !access.kind.has_changing_members() {
            return Err(fixed_members());
        }
        let target = self.membership_of(channel, user).await?;
        if !access.may_moderate(caller.role) {
            return Err(MODERATORS_ONLY);
        }
        if target.role == ChannelRole::Owner {
            return Err(owner_stays());
        }
        if rank(target.role) >= standing_rank(access, caller.role) {
            return Err(ChatError::Forbidden("only someone above them may take a member out"));
        }
        // Who has no account any more is taken out under the id alone.
        let byline = self.byline(caller, user).await.unwrap_or_else(|_| Byline {
            user,
            username: String::new(),
            full_name: String::new(),
            avatar_url: String::new(),
        });
        self.take_out(caller, channel, byline).await
    }

    /// Changes a member's role, or one's own notification level.
    pub async fn change_member(
        &self,
        caller: &Caller,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
        level: Option<NotificationLevel>,
    ) -> Result<Membership, ChatError> {
        let access = self.access(caller, channel).await?;
        let target = self.membership_of(channel, user).await?;
        if level.is_some() && user != caller.user() {
            return Err(ChatError::Forbidden("a notification level is its person's own"));
        }
        let role = role.filter(|role| *role != target.role);
        if let Some(role) = role {
            self.check_role_change(caller, access, &target, role)?;
            if role == ChannelRole::Owner {
                let channel = self.channel(caller, channel).await?;
                self.hand_over(&channel, user).await?;
                let now = self.inner.ports.clock.now();
                let change =
                    crate::ports::ChannelChange { owner: Some(user), ..Default::default() };
                self.inner.ports.directory.change(caller.org, channel.id, change, now).await?;
            }
        }
        let directory = &self.inner.ports.directory;
        let changed = directory.change_member(channel, user, role, level).await?;
        self.inner.access.forget_channel(channel);
        if role.is_some() {
            self.tell_updated(caller, channel).await;
        }
        changed.ok_or(ChatError::NotFound("member"))
    }

    fn check_role_change(
        &self,
        caller: &Caller,
        access: Access,
        target: &Membership,
        role: ChannelRole,
    ) -> Result<(), ChatError> {
        if !access.kind.has_changing_members() {
            return Err(fixed_members());
        }
        let own = standing_rank(access, caller.role);
        let is_self = target.user == caller.user();
        if target.role == ChannelRole::Owner {
            return Err(owner_stays());
        }
        if !access.may_moderate(caller.role) {
            return Err(ChatError::Forbidden("only owner and admins may change roles"));
        }
        if rank(role) > own || (!is_self && rank(target.role) >= own) {
            return Err(ChatError::Forbidden("nobody may give a role above their own"));
        }
        Ok(())
    }

    /// Moves the caller's read position forward, for all their devices.
    pub async fn mark_read(
        &self,
        caller: &Caller,
        channel: ChannelId,
        to: ReadTo,
    ) -> Result<Membership, ChatError> {
        self.member_role(caller, channel).await?;
        let (seq, message) = match to {
            // Nobody has read what is not there yet; it would hide what comes.
            ReadTo::Seq(seq) => (seq.min(self.inner.ports.log.head(channel).await?.seq), None),
            ReadTo::Message(id) => {
                let message = self.inner.ports.history.message(id).await?;
                let message = message.filter(|message| message.channel == channel);
                (message.ok_or(ChatError::NotFound("message"))?.seq, Some(id))
            }
        };
        let user = caller.user();
        let directory = &self.inner.ports.directory;
        let membership = directory.mark_read(channel, user, seq, message).await?;
        let membership = membership.ok_or(ChatError::NotAMember)?;
        if membership.last_read_seq == seq {
            self.tell(Topic::User(user), BusEvent::Read { channel, user, seq }).await;
            if self.channel(caller, channel).await?.member_count <= NEWS_MEMBERS_MAX {
                self.tell(Topic::Channel(channel), BusEvent::Read { channel, user, seq }).await;
            }
        }
        Ok(membership)
    }

    /// Directory, then log, then the news. What is in the log before someone came counts as read.
    async fn enter(
        &self,
        caller: &Caller,
        id: ChannelId,
        who: &Byline,
        role: ChannelRole,
    ) -> Result<(Membership, bool), ChatError> {
        let directory = &self.inner.ports.directory;
        let now = self.inner.ports.clock.now();
        let before = self.channel(caller, id).await?;
        let (membership, is_new) = directory.add_member(id, who.user, role, now).await?;
        self.inner.access.forget(caller.org, id, who.user);
        if !is_new {
            return Ok((membership, false));
        }
        let joined = MemberChange::Joined(who.clone());
        let seq = match self.inner.channels.member(id, caller.byline.clone(), joined).await {
            Ok(seq) => Some(seq),
            // The entry may be there, or come late, and says that they are in: so they stay.
            Err(PostError::Unknown) => {
                tracing::warn!(channel = %id, "whether someone's joining is in the log is not known");
                self.inner.ports.log.head(id).await.ok().map(|head| head.seq)
            }
            Err(error @ (PostError::Overloaded | PostError::Unavailable | PostError::NotOwner)) => {
                // Without its entry nobody would learn of it: as if it had not been asked for.
                directory.remove_member(id, who.user).await?;
                self.inner.access.forget(caller.org, id, who.user);
                return Err(error.into());
            }
        };
        // They are in: what fails from here on does not keep the news from them.
        let read = match seq {
            Some(seq) => directory.mark_read(id, who.user, seq, None).await.unwrap_or_default(),
            None => None,
        };
        let channel = match self.channel(caller, id).await {
            Ok(channel) => channel,
            Err(ChatError::Unavailable | ChatError::OutcomeUnknown) => {
                Channel { member_count: before.member_count.saturating_add(1), ..before }
            }
            Err(error) => return Err(error),
        };
        let channel = Arc::new(channel);
        self.tell(Topic::User(who.user), BusEvent::Added(channel.clone())).await;
        self.tell_count(&channel).await;
        Ok((read.unwrap_or(membership), true))
    }

    async fn take_out(&self, caller: &Caller, id: ChannelId, who: Byline) -> Result<(), ChatError> {
        let user = who.user;
        let was_in = self.remove(id, user).await;
        self.inner.access.forget(caller.org, id, user);
        if !was_in? {
            return Ok(());
        }
        // Who is out stays out, whether or not the log can say so now.
        self.tell(Topic::User(user), BusEvent::Removed(id)).await;
        let left = MemberChange::Left(who);
        if let Err(error) = self.inner.channels.member(id, caller.byline.clone(), left).await {
            tracing::warn!(%error, channel = %id, "a removal is missing from its channel's log");
        }
        if let Some(channel) = self.inner.ports.directory.channel(caller.org, id).await? {
            self.tell_count(&Arc::new(channel)).await;
        }
        Ok(())
    }

    /// Whether someone was in until now. An open outcome is asked about again: who was removed without
    /// knowing it would go on hearing the channel.
    async fn remove(&self, id: ChannelId, user: UserId) -> Result<bool, DirectoryError> {
        let mut may_be_out = false;
        for _ in 0..REMOVALS_MAX {
            match self.inner.ports.directory.remove_member(id, user).await {
                Err(DirectoryError::Unknown) => may_be_out = true,
                Ok(was_in) => return Ok(was_in || may_be_out),
                Err(_) if may_be_out => {}
                Err(error) => return Err(error),
            }
        }
        Err(DirectoryError::Unknown)
    }

    async fn tell_count(&self, channel: &Arc<Channel>) {
        if channel.member_count <= NEWS_MEMBERS_MAX {
            let news = BusEvent::ChannelUpdated(channel.clone());
            self.tell(Topic::Channel(channel.id), news).await;
        }
    }

    async fn tell_updated(&self, caller: &Caller, channel: ChannelId) {
        if let Ok(channel) = self.channel(caller, channel).await {
            self.tell_count(&Arc::new(channel)).await;
        }
    }

    async fn membership_of(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Membership, ChatError> {
        let found = self.inner.ports.directory.membership(channel, user).await?;
        found.ok_or(ChatError::NotFound("member"))
    }

    async fn byline(&self, caller: &Caller, user: UserId) -> Result<Byline, ChatError> {
        let found = self.inner.ports.people.bylines(caller.org, &[user]).await?;
        found.into_iter().next().ok_or(ChatError::NotFound("user"))
    }
}

const fn owner_stays() -> ChatError {
    ChatError::Conflict {
        code: "owner_stays",
        detail: "the owner hands the channel over before leaving or changing role",
    }
}

const fn fixed_members() -> ChatError {
    ChatError::Conflict {
        code: "fixed_members",
        detail: "a direct conversation keeps its people and their roles",
    }
}
