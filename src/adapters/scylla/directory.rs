//! Channels, members, read positions and threads in ScyllaDB.
//!
//! Each channel is one partition: what it is, in static cells under a revision (`header.rs`), and a
//! row for each member (`members.rs`, `positions.rs`). That partition alone decides; everything else leads to it and
//! is checked against it: names and pairs (`keys.rs`), the channels of a person (`pointers.rs`), the
//! public channels of an organization (`channels.rs`), and threads (`threads.rs`).
//!
//! **Invariant:** what leads to a channel is written before it and deleted after it, and is believed
//! only as far as the channel's partition says the same. So whatever a crash leaves between two
//! writes is invisible, and is deleted or taken over by the next one who meets it.

mod channels;
mod header;
mod keys;
mod members;
mod pointers;
mod positions;
mod removal;
mod threads;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::{
    Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, OrgId, Seq, Thread,
    ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{ChannelChange, Directory, DirectoryError, NewChannel};
use tokio::sync::{Mutex, MutexGuard};

use self::keys::{Claimed, Key};
use super::{Session, StoreError};

/// Times that an order meets others at one channel before it gives up.
const ATTEMPTS_MAX: usize = 16;
/// The pause after the first meeting; it grows with each, and is varied by as much again.
const PAUSE: Duration = Duration::from_millis(10);
/// Questions that one order has on the way at once.
const QUESTIONS_MAX: usize = 32;
/// Rows in one conditional batch: about 8 KiB, far below what the databases refuse (50 KiB).
const ROWS_MAX: usize = 64;
/// Queues in which the orders of one node to one channel wait for each other. Channels share them, so
/// this is how many such orders are on the way at once.
const TURNS: usize = 64;

/// The directory in one keyspace.
#[derive(Clone, Debug)]
pub struct ScyllaDirectory {
    session: Arc<Session>,
    /// Orders that meet at the database cost each other time-outs; those of one node take turns.
    turns: Arc<[Mutex<()>; TURNS]>,
}

impl ScyllaDirectory {
    pub(super) fn new(session: Arc<Session>) -> Self {
        let turns = Arc::new(std::array::from_fn(|_| Mutex::default()));
        Self { session, turns }
    }

    /// Waits until no other order of this node changes the channel.
    async fn turn(&self, channel: ChannelId) -> MutexGuard<'_, ()> {
        let number = usize::try_from(channel.as_u128() % TURNS as u128).unwrap_or_default();
        self.turns[number].lock().await
    }

    async fn claim(
        &self,
        org: OrgId,
        key: &Key,
        channel: ChannelId,
    ) -> Result<Claimed, StoreError> {
        keys::claim(&self.session, org, key, channel).await
    }
}

/// Waits before an order is tried again that met another.
async fn contend(attempt: usize) {
    let steps = u32::try_from(attempt + 1).unwrap_or(u32::MAX);
    tokio::time::sleep((PAUSE * steps).mul_f64(1.0 + rand::random::<f64>())).await;
}

impl From<StoreError> for DirectoryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::Unavailable,
            StoreError::Unknown => Self::Unknown,
        }
    }
}

#[async_trait]
impl Directory for ScyllaDirectory {
    async fn create(&self, new: NewChannel) -> Result<(Channel, bool), DirectoryError> {
        channels::create(self, new).await
    }

    async fn channel(&self, org: OrgId, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        Ok(header::read_live(&self.session, org, id).await?)
    }

    async fn find(&self, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        Ok(header::find_live(&self.session, id).await?)
    }

    async fn named(&self, org: OrgId, name: &str) -> Result<Option<Channel>, DirectoryError> {
        Ok(channels::named(self, org, name).await?)
    }

    async fn change(
        &self,
        org: OrgId,
        id: ChannelId,
        change: ChannelChange,
        at: Timestamp,
    ) -> Result<Option<Channel>, DirectoryError> {
        channels::change(self, org, id, change, at).await
    }

    async fn remove(&self, org: OrgId, id: ChannelId) -> Result<bool, DirectoryError> {
        removal::remove(self, org, id).await
    }

    async fn channels_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<(Channel, Membership)>, DirectoryError> {
        Ok(pointers::channels_of(self, Some(org), user).await?)
    }

    async fn public_channels(&self, org: OrgId) -> Result<Vec<Channel>, DirectoryError> {
        Ok(channels::public(self, org).await?)
    }

    async fn members(&self, channel: ChannelId) -> Result<Vec<Membership>, DirectoryError> {
        Ok(members::of(self, channel).await?)
    }

    async fn membership(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Option<Membership>, DirectoryError> {
        Ok(members::get(self, channel, user).await?)
    }

    async fn add_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: ChannelRole,
        at: Timestamp,
    ) -> Result<(Membership, bool), DirectoryError> {
        members::add(self, channel, user, role, at).await
    }

    async fn remove_member(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<bool, DirectoryError> {
        members::remove(self, channel, user).await
    }

    async fn change_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
        level: Option<NotificationLevel>,
    ) -> Result<Option<Membership>, DirectoryError> {
        Ok(members::change(self, channel, user, role, level).await?)
    }

    async fn mark_read(
        &self,
        channel: ChannelId,
        user: UserId,
        seq: Seq,
        message: Option<MessageId>,
    ) -> Result<Option<Membership>, DirectoryError> {
        Ok(positions::mark_read(self, channel, user, seq, message).await?)
    }

    async fn companions(
        &self,
        user: UserId,
        members_max: usize,
    ) -> Result<Vec<UserId>, DirectoryError> {
        Ok(pointers::companions(self, user, members_max).await?)
    }

    async fn create_thread(&self, thread: Thread) -> Result<(Thread, bool), DirectoryError> {
        threads::create(self, thread).await
    }

    async fn put_thread(&self, thread: Thread) -> Result<(), DirectoryError> {
        threads::change(self, &thread).await
    }

    async fn thread(&self, org: OrgId, id: ThreadId) -> Result<Option<Thread>, DirectoryError> {
        Ok(threads::get(self, org, id).await?)
    }

    async fn threads(&self, channel: ChannelId) -> Result<Vec<Thread>, DirectoryError> {
        Ok(threads::of(self, channel).await?)
    }
}
