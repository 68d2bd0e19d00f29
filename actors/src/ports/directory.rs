//! Which channels there are, who is in them, and how far each has read.

use async_trait::async_trait;

use crate::domain::{
    Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, OrgId, Seq, Thread,
    ThreadId, Timestamp, UserId,
};

/// Channels, members, read positions and threads. Every look-up names the organization where the
/// key alone does not bind it; what belongs to another organization is not found. Only `find` names
/// none, and tells whose a channel is.
///
/// Contract:
/// - Making a direct channel twice for one pair gives the first one.
/// - Making a thread twice for one root message gives the first one.
/// - A public or private name is unique within its organization, whatever its case.
/// - `mark_read` never moves a position backwards.
/// - A removed channel is not found any more, its members have left it, its threads are gone, and
///   its name and pair are free.
/// - Nobody joins, and no thread hangs on, a channel that is not there.
/// - Members are in the order of joining; adding one again changes nothing.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Makes a channel with its first members; `true` when it was made now, `false` when the pair
    /// of a direct channel already had one.
    async fn create(&self, new: NewChannel) -> Result<(Channel, bool), DirectoryError>;

    /// One channel.
    async fn channel(&self, org: OrgId, id: ChannelId) -> Result<Option<Channel>, DirectoryError>;

    /// One channel, whichever organization's it is: for work that the server does by itself. What
    /// people ask for names their organization.
    async fn find(&self, id: ChannelId) -> Result<Option<Channel>, DirectoryError>;

    /// The channel of an organization with this name (public or private).
    async fn named(&self, org: OrgId, name: &str) -> Result<Option<Channel>, DirectoryError>;

    /// Changes name, description, topic or owner.
    async fn change(
        &self,
        org: OrgId,
        id: ChannelId,
        change: ChannelChange,
        at: Timestamp,
    ) -> Result<Option<Channel>, DirectoryError>;

    /// Removes a channel and its memberships; its log stays until retention takes it.
    async fn remove(&self, org: OrgId, id: ChannelId) -> Result<bool, DirectoryError>;

    /// Channels a person is in, with their place in each.
    async fn channels_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<(Channel, Membership)>, DirectoryError>;

    /// Public channels of an organization, by name.
    async fn public_channels(&self, org: OrgId) -> Result<Vec<Channel>, DirectoryError>;

    /// Everyone in a channel, in the order of joining.
    async fn members(&self, channel: ChannelId) -> Result<Vec<Membership>, DirectoryError>;

    /// One person's place in a channel.
    async fn membership(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Option<Membership>, DirectoryError>;

    /// Adds someone, or gives the membership that is there with `false`.
    async fn add_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: ChannelRole,
        at: Timestamp,
    ) -> Result<(Membership, bool), DirectoryError>;

    /// Takes someone out; `false` when they were not in.
    async fn remove_member(&self, channel: ChannelId, user: UserId)
    -> Result<bool, DirectoryError>;

    /// Changes role or notification level of a member.
    async fn change_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
        level: Option<NotificationLevel>,
    ) -> Result<Option<Membership>, DirectoryError>;

    /// Moves a read position forward and gives where it stands; absent when not a member.
    async fn mark_read(
        &self,
        channel: ChannelId,
        user: UserId,
        seq: Seq,
        message: Option<MessageId>,
    ) -> Result<Option<Membership>, DirectoryError>;

    /// People of channels with at most `members_max` members that the person is in.
    async fn companions(
        &self,
        user: UserId,
        members_max: usize,
    ) -> Result<Vec<UserId>, DirectoryError>;

    /// Makes a thread (counts are not stored), or gives the one that its root has, with `false`.
    async fn create_thread(&self, thread: Thread) -> Result<(Thread, bool), DirectoryError>;

    /// Stores a thread as it is after a change; its channel and root stay.
    async fn put_thread(&self, thread: Thread) -> Result<(), DirectoryError>;

    /// One thread, its counts zero.
    async fn thread(&self, org: OrgId, id: ThreadId) -> Result<Option<Thread>, DirectoryError>;

    /// Threads of a channel, newest first, their counts zero.
    async fn threads(&self, channel: ChannelId) -> Result<Vec<Thread>, DirectoryError>;
}

/// A channel to be made. Its name was checked by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChannel {
    /// Everything but the count, which follows from `members`.
    pub channel: Channel,
    /// Who is in it from the start; one or two people for a direct channel.
    pub members: Vec<(UserId, ChannelRole)>,
}

/// What of a channel changes; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelChange {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New topic.
    pub topic: Option<String>,
    /// New owner.
    pub owner: Option<UserId>,
    /// Public ↔ private.
    pub kind: Option<crate::domain::ChannelKind>,
}

/// Why the directory did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// Another channel of the organization has this name.
    #[error("the name is taken")]
    NameTaken,
    /// There is no such channel, or not any more.
    #[error("no such channel")]
    NoChannel,
    /// The store cannot do it now; nothing was changed; asking again may help.
    #[error("the directory is unavailable")]
    Unavailable,
    /// Whether it was done is not known.
    #[error("the directory did not say whether it stored the change")]
    Unknown,
}
