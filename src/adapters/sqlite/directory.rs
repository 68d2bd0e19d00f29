//! Channels, members, read positions and threads in SQLite.
//!
//! Each order to the port is one request to the writer, so its look and its change are one. The
//! SQL is in `channels.rs`, `members.rs` and `threads.rs`.

mod channels;
mod members;
mod threads;

use async_trait::async_trait;
use starling_actors::domain::{
    Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, OrgId, Seq, Thread,
    ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{ChannelChange, Directory, DirectoryError, NewChannel};

use super::{ReadError, Store, WriteError};

/// The directory in one database.
#[derive(Clone, Debug)]
pub struct SqliteDirectory {
    store: Store,
}

impl SqliteDirectory {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }
}

impl From<WriteError> for DirectoryError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Unavailable => Self::Unavailable,
            WriteError::Unknown => Self::Unknown,
        }
    }
}

impl From<ReadError> for DirectoryError {
    fn from(_: ReadError) -> Self {
        Self::Unavailable
    }
}

#[async_trait]
impl Directory for SqliteDirectory {
    async fn create(&self, new: NewChannel) -> Result<(Channel, bool), DirectoryError> {
        self.store.write(move |connection| channels::create(connection, &new)).await?
    }

    async fn channel(&self, org: OrgId, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        Ok(self.store.read(move |connection| channels::get(connection, org, id)).await?)
    }

    async fn find(&self, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        Ok(self.store.read(move |connection| channels::find(connection, id)).await?)
    }

    async fn named(&self, org: OrgId, name: &str) -> Result<Option<Channel>, DirectoryError> {
        let name = name.to_owned();
        Ok(self.store.read(move |connection| channels::named(connection, org, &name)).await?)
    }

    async fn change(
        &self,
        org: OrgId,
        id: ChannelId,
        change: ChannelChange,
        at: Timestamp,
    ) -> Result<Option<Channel>, DirectoryError> {
        self.store
            .write(move |connection| channels::change(connection, org, id, change, at))
            .await?
    }

    async fn remove(&self, org: OrgId, id: ChannelId) -> Result<bool, DirectoryError> {
        Ok(self.store.write(move |connection| channels::remove(connection, org, id)).await?)
    }

    async fn channels_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<(Channel, Membership)>, DirectoryError> {
        Ok(self.store.read(move |connection| members::channels_of(connection, org, user)).await?)
    }

    async fn public_channels(&self, org: OrgId) -> Result<Vec<Channel>, DirectoryError> {
        Ok(self.store.read(move |connection| channels::public(connection, org)).await?)
    }

    async fn members(&self, channel: ChannelId) -> Result<Vec<Membership>, DirectoryError> {
        Ok(self.store.read(move |connection| members::of(connection, channel)).await?)
    }

    async fn membership(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Option<Membership>, DirectoryError> {
        Ok(self.store.read(move |connection| members::get(connection, channel, user)).await?)
    }

    async fn add_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: ChannelRole,
        at: Timestamp,
    ) -> Result<(Membership, bool), DirectoryError> {
        let added = self.store.write(move |connection| {
            let member = members::newcomer(channel, user, role, at);
            members::add(connection, member)
        });
        added.await?.ok_or(DirectoryError::NoChannel)
    }

    async fn remove_member(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<bool, DirectoryError> {
        Ok(self.store.write(move |connection| members::remove(connection, channel, user)).await?)
    }

    async fn change_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
        level: Option<NotificationLevel>,
    ) -> Result<Option<Membership>, DirectoryError> {
        let changed = self
            .store
            .write(move |connection| members::change(connection, channel, user, role, level));
        Ok(changed.await?)
    }

    async fn mark_read(
        &self,
        channel: ChannelId,
        user: UserId,
        seq: Seq,
        message: Option<MessageId>,
    ) -> Result<Option<Membership>, DirectoryError> {
        let marked = self
            .store
            .write(move |connection| members::mark_read(connection, channel, user, seq, message));
        Ok(marked.await?)
    }

    async fn companions(
        &self,
        user: UserId,
        members_max: usize,
    ) -> Result<Vec<UserId>, DirectoryError> {
        let companions =
            self.store.read(move |connection| members::companions(connection, user, members_max));
        Ok(companions.await?)
    }

    async fn create_thread(&self, thread: Thread) -> Result<(Thread, bool), DirectoryError> {
        let made = self.store.write(move |connection| threads::create(connection, thread));
        made.await?.ok_or(DirectoryError::NoChannel)
    }

    async fn put_thread(&self, thread: Thread) -> Result<(), DirectoryError> {
        let changed = self.store.write(move |connection| threads::change(connection, &thread));
        if changed.await? { Ok(()) } else { Err(DirectoryError::NoChannel) }
    }

    async fn thread(&self, org: OrgId, id: ThreadId) -> Result<Option<Thread>, DirectoryError> {
        Ok(self.store.read(move |connection| threads::get(connection, org, id)).await?)
    }

    async fn threads(&self, channel: ChannelId) -> Result<Vec<Thread>, DirectoryError> {
        Ok(self.store.read(move |connection| threads::of(connection, channel)).await?)
    }
}
