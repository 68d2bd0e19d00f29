//! Channels: the public part, and the same with one reader's place in it.

use serde::Serialize;
use starling_actors::domain::{Channel, Generation, Membership, Standing};

use super::time::rfc3339;

/// A channel's public part: what frames carry, because they are encoded once for all.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PublicChannelView {
    /// The channel's id.
    pub id: String,
    /// Empty for direct conversations.
    pub name: String,
    /// What the channel is for.
    pub description: String,
    /// What it is about right now.
    pub topic: String,
    /// `public`, `private`, `direct` or `group`.
    pub kind: &'static str,
    /// Whether only members can find it.
    pub is_private: bool,
    /// Whether it is a pair's conversation.
    pub is_direct_message: bool,
    /// Who made it, or got it handed over.
    pub owner_id: String,
    /// When it was made.
    pub created_at: String,
    /// When its public part last changed.
    pub updated_at: String,
    /// How many people are in it.
    pub member_count: u32,
}

/// A channel as one person sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ChannelView {
    /// What everyone sees alike.
    #[serde(flatten)]
    pub public: PublicChannelView,
    /// Newest entry of its log.
    pub last_seq: u64,
    /// Which life of the log positions belong to.
    #[serde(rename = "gen")]
    pub generation: u32,
    /// Messages of others after the read position.
    pub unread_count: u64,
    /// Those of them that name the person.
    pub mention_count: u64,
    /// Absent for a public channel that the person has not joined.
    pub membership: Option<MembershipView>,
}

/// One person's place in one channel.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MembershipView {
    /// The channel.
    pub channel_id: String,
    /// The person.
    pub user_id: String,
    /// `owner`, `admin`, `member` or `guest`.
    pub role: &'static str,
    /// Everything up to here was read on some device.
    pub last_read_seq: u64,
    /// The message at or right before it, if one was named.
    pub last_read_message_id: Option<String>,
    /// `all`, `mentions` or `none`.
    pub notification_level: &'static str,
    /// When the person came in.
    pub joined_at: String,
}

impl PublicChannelView {
    /// What every member sees alike.
    pub fn new(channel: &Channel) -> Self {
        let kind = channel.kind;
        Self {
            id: channel.id.to_string(),
            name: channel.name.clone(),
            description: channel.description.clone(),
            topic: channel.topic.clone(),
            kind: kind.as_str(),
            is_private: !kind.is_open(),
            is_direct_message: !kind.has_changing_members(),
            owner_id: channel.owner.to_string(),
            created_at: rfc3339(channel.created_at),
            updated_at: rfc3339(channel.updated_at),
            member_count: channel.member_count,
        }
    }
}

impl ChannelView {
    /// A channel with its reader's place in it.
    pub fn new(standing: &Standing, generation: Generation) -> Self {
        Self {
            public: PublicChannelView::new(&standing.channel),
            last_seq: standing.head.0,
            generation: generation.0,
            unread_count: standing.unread_count,
            mention_count: standing.mention_count,
            membership: standing.membership.as_ref().map(MembershipView::new),
        }
    }
}

impl MembershipView {
    /// A person's place in a channel.
    pub fn new(membership: &Membership) -> Self {
        Self {
            channel_id: membership.channel.to_string(),
            user_id: membership.user.to_string(),
            role: membership.role.as_str(),
            last_read_seq: membership.last_read_seq.0,
            last_read_message_id: membership.last_read_message.map(|id| id.to_string()),
            notification_level: membership.notification_level.as_str(),
            joined_at: rfc3339(membership.joined_at),
        }
    }
}
