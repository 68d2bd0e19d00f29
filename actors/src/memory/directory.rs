//! Channels, members and threads in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::{
    Channel, ChannelId, ChannelKind, ChannelRole, Membership, MessageId, NotificationLevel, OrgId,
    Seq, Thread, ThreadId, Timestamp, UserId,
};
use crate::ports::{ChannelChange, Directory, DirectoryError, NewChannel};

/// Channels, members and threads behind one lock.
#[derive(Debug, Default)]
pub struct MemoryDirectory {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    channels: BTreeMap<ChannelId, Channel>,
    /// Members of each channel in the order of joining.
    members: HashMap<ChannelId, Vec<Membership>>,
    threads: BTreeMap<ThreadId, Thread>,
    /// Direct channels by whom they were made for.
    pairs: BTreeMap<(OrgId, BTreeSet<UserId>), ChannelId>,
}

impl Shelf {
    /// The channel as it reads now, its count included.
    fn counted(&self, channel: &Channel) -> Channel {
        let members = self.members.get(&channel.id).map_or(0, Vec::len);
        let member_count = u32::try_from(members).unwrap_or(u32::MAX);
        Channel { member_count, ..channel.clone() }
    }

    fn of(&self, org: OrgId, id: ChannelId) -> Option<&Channel> {
        self.channels.get(&id).filter(|channel| channel.org == org)
    }

    fn named(&self, org: OrgId, name: &str) -> Option<&Channel> {
        let name = name.to_lowercase();
        self.channels
            .values()
            .filter(|channel| channel.org == org && has_name(channel.kind))
            .find(|channel| channel.name.to_lowercase() == name)
    }

    fn member(&mut self, channel: ChannelId, user: UserId) -> Option<&mut Membership> {
        self.members.get_mut(&channel)?.iter_mut().find(|member| member.user == user)
    }
}

/// Whether channels of a kind are told apart by name.
const fn has_name(kind: ChannelKind) -> bool {
    matches!(kind, ChannelKind::Public | ChannelKind::Private)
}

const fn new_member(
    channel: ChannelId,
    user: UserId,
    role: ChannelRole,
    joined_at: Timestamp,
) -> Membership {
    Membership {
        channel,
        user,
        role,
        last_read_seq: Seq(0),
        last_read_message: None,
        notification_level: NotificationLevel::All,
        joined_at,
    }
}

#[async_trait]
impl Directory for MemoryDirectory {
    async fn create(&self, new: NewChannel) -> Result<(Channel, bool), DirectoryError> {
        let mut shelf = self.shelf.lock();
        let NewChannel { channel, members } = new;
        if has_name(channel.kind) && shelf.named(channel.org, &channel.name).is_some() {
            return Err(DirectoryError::NameTaken);
        }
        let (id, at) = (channel.id, channel.created_at);
        if channel.kind == ChannelKind::Direct {
            let pair = (channel.org, members.iter().map(|(user, _)| *user).collect());
            let first = *shelf.pairs.entry(pair).or_insert(id);
            if let Some(first) = shelf.channels.get(&first) {
                return Ok((shelf.counted(first), false));
            }
        }
        let mut known = BTreeSet::new();
        let members = members.into_iter().filter(|(user, _)| known.insert(*user));
        let members = members.map(|(user, role)| new_member(id, user, role, at)).collect();
        shelf.members.insert(id, members);
        shelf.channels.insert(id, channel.clone());
        Ok((shelf.counted(&channel), true))
    }

    async fn channel(&self, org: OrgId, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        let shelf = self.shelf.lock();
        Ok(shelf.of(org, id).map(|channel| shelf.counted(channel)))
    }

    async fn find(&self, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        let shelf = self.shelf.lock();
        Ok(shelf.channels.get(&id).map(|channel| shelf.counted(channel)))
    }

    async fn named(&self, org: OrgId, name: &str) -> Result<Option<Channel>, DirectoryError> {
        let shelf = self.shelf.lock();
        Ok(shelf.named(org, name).map(|channel| shelf.counted(channel)))
    }

    async fn change(
        &self,
        org: OrgId,
        id: ChannelId,
        change: ChannelChange,
        at: Timestamp,
    ) -> Result<Option<Channel>, DirectoryError> {
        let mut shelf = self.shelf.lock();
        let Some(mut channel) = shelf.of(org, id).cloned() else { return Ok(None) };
        channel.name = change.name.unwrap_or(channel.name);
        channel.description = change.description.unwrap_or(channel.description);
        channel.topic = change.topic.unwrap_or(channel.topic);
        channel.owner = change.owner.unwrap_or(channel.owner);
        channel.kind = change.kind.unwrap_or(channel.kind);
        channel.updated_at = at;
        if has_name(channel.kind)
            && shelf.named(org, &channel.name).is_some_and(|other| other.id != id)
        {
            return Err(DirectoryError::NameTaken);
        }
        shelf.channels.insert(id, channel.clone());
        Ok(Some(shelf.counted(&channel)))
    }

    async fn remove(&self, org: OrgId, id: ChannelId) -> Result<bool, DirectoryError> {
        let mut shelf = self.shelf.lock();
        if shelf.of(org, id).is_none() {
            return Ok(false);
        }
        shelf.members.remove(&id);
        shelf.pairs.retain(|_, channel| *channel != id);
        shelf.threads.retain(|_, thread| thread.channel != id);
        Ok(shelf.channels.remove(&id).is_some())
    }

    async fn channels_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<(Channel, Membership)>, DirectoryError> {
        let shelf = self.shelf.lock();
        let mine = shelf.channels.values().filter(|channel| channel.org == org);
        let mine = mine.filter_map(|channel| {
            let members = shelf.members.get(&channel.id)?;
            let membership = members.iter().find(|member| member.user == user)?;
            Some((shelf.counted(channel), membership.clone()))
        });
        Ok(mine.collect())
    }

    async fn public_channels(&self, org: OrgId) -> Result<Vec<Channel>, DirectoryError> {
        let shelf = self.shelf.lock();
        let open = |channel: &&Channel| channel.org == org && channel.kind.is_open();
        let channels = shelf.channels.values().filter(open);
        let mut channels: Vec<_> = channels.map(|channel| shelf.counted(channel)).collect();
        channels.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(channels)
    }

    async fn members(&self, channel: ChannelId) -> Result<Vec<Membership>, DirectoryError> {
        Ok(self.shelf.lock().members.get(&channel).cloned().unwrap_or_default())
    }

    async fn membership(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Option<Membership>, DirectoryError> {
        Ok(self.shelf.lock().member(channel, user).cloned())
    }

    async fn add_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: ChannelRole,
        at: Timestamp,
    ) -> Result<(Membership, bool), DirectoryError> {
        let mut shelf = self.shelf.lock();
        if let Some(member) = shelf.member(channel, user) {
            return Ok((member.clone(), false));
        }
        let member = new_member(channel, user, role, at);
        let members = shelf.members.get_mut(&channel).ok_or(DirectoryError::NoChannel)?;
        members.push(member.clone());
        Ok((member, true))
    }

    async fn remove_member(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<bool, DirectoryError> {
        let mut shelf = self.shelf.lock();
        let Some(members) = shelf.members.get_mut(&channel) else { return Ok(false) };
        let before = members.len();
        members.retain(|member| member.user != user);
        Ok(members.len() < before)
    }

    async fn change_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
        level: Option<NotificationLevel>,
    ) -> Result<Option<Membership>, DirectoryError> {
        let mut shelf = self.shelf.lock();
        let Some(member) = shelf.member(channel, user) else { return Ok(None) };
        member.role = role.unwrap_or(member.role);
        member.notification_level = level.unwrap_or(member.notification_level);
        Ok(Some(member.clone()))
    }

    async fn mark_read(
        &self,
        channel: ChannelId,
        user: UserId,
        seq: Seq,
        message: Option<MessageId>,
    ) -> Result<Option<Membership>, DirectoryError> {
        let mut shelf = self.shelf.lock();
        let Some(member) = shelf.member(channel, user) else { return Ok(None) };
        if seq > member.last_read_seq {
            member.last_read_seq = seq;
            member.last_read_message = message;
        }
        Ok(Some(member.clone()))
    }

    async fn companions(
        &self,
        user: UserId,
        members_max: usize,
    ) -> Result<Vec<UserId>, DirectoryError> {
        let shelf = self.shelf.lock();
        let mut companions = BTreeSet::new();
        for members in shelf.members.values().filter(|members| members.len() <= members_max) {
            if members.iter().any(|member| member.user == user) {
                companions.extend(members.iter().map(|member| member.user));
            }
        }
        companions.remove(&user);
        Ok(companions.into_iter().collect())
    }

    async fn create_thread(&self, thread: Thread) -> Result<(Thread, bool), DirectoryError> {
        let thread = Thread { participant_count: 0, message_count: 0, ..thread };
        let mut shelf = self.shelf.lock();
        if !shelf.channels.contains_key(&thread.channel) {
            return Err(DirectoryError::NoChannel);
        }
        let is_first = |other: &&Thread| {
            other.channel == thread.channel && other.root.is_some() && other.root == thread.root
        };
        if let Some(first) = shelf.threads.values().find(is_first) {
            return Ok((first.clone(), false));
        }
        shelf.threads.insert(thread.id, thread.clone());
        Ok((thread, true))
    }

    async fn put_thread(&self, thread: Thread) -> Result<(), DirectoryError> {
        let mut shelf = self.shelf.lock();
        let stored = shelf.threads.get_mut(&thread.id).ok_or(DirectoryError::NoChannel)?;
        let (channel, root) = (stored.channel, stored.root);
        *stored = Thread { channel, root, participant_count: 0, message_count: 0, ..thread };
        Ok(())
    }

    async fn thread(&self, org: OrgId, id: ThreadId) -> Result<Option<Thread>, DirectoryError> {
        let shelf = self.shelf.lock();
        Ok(shelf.threads.get(&id).filter(|thread| thread.org == org).cloned())
    }

    async fn threads(&self, channel: ChannelId) -> Result<Vec<Thread>, DirectoryError> {
        let shelf = self.shelf.lock();
        let mut threads: Vec<_> =
            shelf.threads.values().filter(|thread| thread.channel == channel).cloned().collect();
        threads.sort_by_key(|thread| std::cmp::Reverse((thread.created_at, thread.id)));
        Ok(threads)
    }
}
