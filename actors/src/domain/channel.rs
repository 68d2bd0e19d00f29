//! Channels and who is in them.

use super::{ChannelId, MessageId, OrgId, Seq, Timestamp, UserId};

/// A conversation's public part: what every member sees alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Never reused.
    pub id: ChannelId,
    /// The tenant; every look-up names it.
    pub org: OrgId,
    /// Fixed when the channel is made.
    pub kind: ChannelKind,
    /// Empty for direct conversations.
    pub name: String,
    /// What the channel is for.
    pub description: String,
    /// What it is about right now.
    pub topic: String,
    /// Who made it; may change hands.
    pub owner: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When name, description, topic or owner last changed.
    pub updated_at: Timestamp,
    /// Members at the time of reading.
    pub member_count: u32,
}

/// Who can find and enter a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelKind {
    /// Anyone of the organization.
    Public,
    /// Those who were added.
    Private,
    /// Exactly two people (or one, with themselves); one per pair.
    Direct,
    /// Several people without a name.
    Group,
}

impl ChannelKind {
    /// Whether someone of the organization may see it without being a member.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Public)
    }

    /// Whether people may be added or leave after it was made.
    pub const fn has_changing_members(self) -> bool {
        !matches!(self, Self::Direct)
    }
}

/// What a member may do in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChannelRole {
    /// Made it, or got it handed over.
    Owner,
    /// Helps the owner.
    Admin,
    /// Reads and writes.
    Member,
    /// Reads and writes, invites nobody.
    Guest,
}

impl ChannelRole {
    /// May change name, topic, members and others' messages.
    pub const fn may_moderate(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    /// May add people.
    pub const fn may_invite(self) -> bool {
        !matches!(self, Self::Guest)
    }

    /// May delete the channel and hand it over.
    pub const fn may_delete(self) -> bool {
        matches!(self, Self::Owner)
    }
}

/// What makes a badge or a sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NotificationLevel {
    /// Every message.
    #[default]
    All,
    /// Only when mentioned.
    Mentions,
    /// Nothing.
    None,
}

/// One person's place in one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The channel.
    pub channel: ChannelId,
    /// The person.
    pub user: UserId,
    /// What they may do there.
    pub role: ChannelRole,
    /// Everything up to here was read on some device. Never moves backwards.
    pub last_read_seq: Seq,
    /// The message at or right before `last_read_seq`, if one was named.
    pub last_read_message: Option<MessageId>,
    /// Chosen by the person.
    pub notification_level: NotificationLevel,
    /// When they came in.
    pub joined_at: Timestamp,
}

/// A channel as one member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The public part.
    pub channel: Channel,
    /// Absent for a public channel that the person has not joined.
    pub membership: Option<Membership>,
    /// Newest entry of the log when this was read.
    pub head: Seq,
    /// Messages of others after the read position; 0 without membership.
    pub unread_count: u64,
    /// Those of them that name the person.
    pub mention_count: u64,
}
