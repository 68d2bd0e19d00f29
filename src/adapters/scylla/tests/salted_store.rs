//! Ports over a keyspace that tests share, although the suites' ids are always the same: each test's
//! ids get a random upper half, which keeps their order.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::{
    Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, OrgId, Seq, Thread,
    ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{
    AuditFilter, AuditLog, AuditLogError, AuditRow, ChannelChange, Directory, DirectoryError,
    NewChannel, Precondition, Record, RecordKey, Records, RecordsError,
};

/// The upper half of one test's ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Salt(u128);

impl Salt {
    pub(super) fn fresh() -> Self {
        Self(u128::from(rand::random::<u64>()) << 64)
    }

    pub(super) fn on(self, id: u128) -> u128 {
        id | self.0
    }

    fn off(self, id: u128) -> u128 {
        id & u128::from(u64::MAX)
    }

    fn is_on(self, id: u128) -> bool {
        id >> 64 == self.0 >> 64
    }

    fn org(self, org: OrgId) -> OrgId {
        OrgId::from_u128(self.on(org.as_u128()))
    }

    fn id(self, channel: ChannelId) -> ChannelId {
        ChannelId::from_u128(self.on(channel.as_u128()))
    }

    fn user(self, user: UserId) -> UserId {
        UserId::from_u128(self.on(user.as_u128()))
    }

    fn channel(self, channel: Channel, change: impl Fn(u128) -> u128) -> Channel {
        Channel {
            id: ChannelId::from_u128(change(channel.id.as_u128())),
            org: OrgId::from_u128(change(channel.org.as_u128())),
            owner: UserId::from_u128(change(channel.owner.as_u128())),
            ..channel
        }
    }

    fn channel_off(self, channel: Channel) -> Channel {
        self.channel(channel, |id| self.off(id))
    }

    fn member_off(self, member: &Membership) -> Membership {
        Membership {
            channel: ChannelId::from_u128(self.off(member.channel.as_u128())),
            user: UserId::from_u128(self.off(member.user.as_u128())),
            ..*member
        }
    }

    fn thread(self, thread: Thread, change: impl Fn(u128) -> u128) -> Thread {
        Thread {
            id: ThreadId::from_u128(change(thread.id.as_u128())),
            org: OrgId::from_u128(change(thread.org.as_u128())),
            channel: ChannelId::from_u128(change(thread.channel.as_u128())),
            created_by: UserId::from_u128(change(thread.created_by.as_u128())),
            ..thread
        }
    }

    fn thread_on(self, thread: Thread) -> Thread {
        self.thread(thread, |id| self.on(id))
    }

    fn thread_off(self, thread: Thread) -> Thread {
        self.thread(thread, |id| self.off(id))
    }

    fn key(self, key: &RecordKey) -> RecordKey {
        RecordKey { org: self.org(key.org), ..key.clone() }
    }

    fn kind(self, kind: &str) -> String {
        format!("{kind}/{:x}", self.0)
    }

    fn row(self, row: AuditRow) -> AuditRow {
        AuditRow { org: OrgId::from_u128(self.off(row.org.as_u128())), ..row }
    }
}

/// A port whose callers' ids are salted on the way.
pub(super) struct Salted<T> {
    pub(super) salt: Salt,
    pub(super) inner: T,
}

impl<T> Salted<T> {
    pub(super) fn new(inner: T) -> Arc<Self> {
        Arc::new(Self { salt: Salt::fresh(), inner })
    }
}

#[async_trait]
impl<T: Directory> Directory for Salted<T> {
    async fn create(&self, new: NewChannel) -> Result<(Channel, bool), DirectoryError> {
        let Self { salt, inner } = self;
        let members = new.members.into_iter().map(|(user, role)| (salt.user(user), role));
        let channel = salt.channel(new.channel, |id| salt.on(id));
        let made = inner.create(NewChannel { channel, members: members.collect() }).await?;
        Ok((salt.channel_off(made.0), made.1))
    }

    async fn channel(&self, org: OrgId, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        let Self { salt, inner } = self;
        let found = inner.channel(salt.org(org), salt.id(id)).await?;
        Ok(found.map(|channel| salt.channel_off(channel)))
    }

    async fn find(&self, id: ChannelId) -> Result<Option<Channel>, DirectoryError> {
        let found = self.inner.find(self.salt.id(id)).await?;
        Ok(found.map(|channel| self.salt.channel_off(channel)))
    }

    async fn named(&self, org: OrgId, name: &str) -> Result<Option<Channel>, DirectoryError> {
        let found = self.inner.named(self.salt.org(org), name).await?;
        Ok(found.map(|channel| self.salt.channel_off(channel)))
    }

    async fn change(
        &self,
        org: OrgId,
        id: ChannelId,
        change: ChannelChange,
        at: Timestamp,
    ) -> Result<Option<Channel>, DirectoryError> {
        let Self { salt, inner } = self;
        let owner = change.owner.map(|owner| salt.user(owner));
        let change = ChannelChange { owner, ..change };
        let changed = inner.change(salt.org(org), salt.id(id), change, at).await?;
        Ok(changed.map(|channel| salt.channel_off(channel)))
    }

    async fn remove(&self, org: OrgId, id: ChannelId) -> Result<bool, DirectoryError> {
        self.inner.remove(self.salt.org(org), self.salt.id(id)).await
    }

    async fn channels_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<(Channel, Membership)>, DirectoryError> {
        let Self { salt, inner } = self;
        let found = inner.channels_of(salt.org(org), salt.user(user)).await?;
        let off = |(channel, member)| (salt.channel_off(channel), salt.member_off(&member));
        Ok(found.into_iter().map(off).collect())
    }

    async fn public_channels(&self, org: OrgId) -> Result<Vec<Channel>, DirectoryError> {
        let found = self.inner.public_channels(self.salt.org(org)).await?;
        Ok(found.into_iter().map(|channel| self.salt.channel_off(channel)).collect())
    }

    async fn members(&self, channel: ChannelId) -> Result<Vec<Membership>, DirectoryError> {
        let found = self.inner.members(self.salt.id(channel)).await?;
        Ok(found.into_iter().map(|member| self.salt.member_off(&member)).collect())
    }

    async fn membership(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Option<Membership>, DirectoryError> {
        let Self { salt, inner } = self;
        let found = inner.membership(salt.id(channel), salt.user(user)).await?;
        Ok(found.map(|member| salt.member_off(&member)))
    }

    async fn add_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: ChannelRole,
        at: Timestamp,
    ) -> Result<(Membership, bool), DirectoryError> {
        let Self { salt, inner } = self;
        let added = inner.add_member(salt.id(channel), salt.user(user), role, at).await?;
        Ok((salt.member_off(&added.0), added.1))
    }

    async fn remove_member(
        &self,
        channel: ChannelId,
        user: UserId,
    ) -> Result<bool, DirectoryError> {
        self.inner.remove_member(self.salt.id(channel), self.salt.user(user)).await
    }

    async fn change_member(
        &self,
        channel: ChannelId,
        user: UserId,
        role: Option<ChannelRole>,
        level: Option<NotificationLevel>,
    ) -> Result<Option<Membership>, DirectoryError> {
        let Self { salt, inner } = self;
        let changed = inner.change_member(salt.id(channel), salt.user(user), role, level).await?;
        Ok(changed.map(|member| salt.member_off(&member)))
    }

    async fn mark_read(
        &self,
        channel: ChannelId,
        user: UserId,
        seq: Seq,
        message: Option<MessageId>,
    ) -> Result<Option<Membership>, DirectoryError> {
        let Self { salt, inner } = self;
        let read = inner.mark_read(salt.id(channel), salt.user(user), seq, message).await?;
        Ok(read.map(|member| salt.member_off(&member)))
    }

    async fn companions(
        &self,
        user: UserId,
        members_max: usize,
    ) -> Result<Vec<UserId>, DirectoryError> {
        let found = self.inner.companions(self.salt.user(user), members_max).await?;
        let off = |user: UserId| UserId::from_u128(self.salt.off(user.as_u128()));
        Ok(found.into_iter().map(off).collect())
    }

    async fn create_thread(&self, thread: Thread) -> Result<(Thread, bool), DirectoryError> {
        let made = self.inner.create_thread(self.salt.thread_on(thread)).await?;
        Ok((self.salt.thread_off(made.0), made.1))
    }

    async fn put_thread(&self, thread: Thread) -> Result<(), DirectoryError> {
        self.inner.put_thread(self.salt.thread_on(thread)).await
    }

    async fn thread(&self, org: OrgId, id: ThreadId) -> Result<Option<Thread>, DirectoryError> {
        let Self { salt, inner } = self;
        let id = ThreadId::from_u128(salt.on(id.as_u128()));
        let found = inner.thread(salt.org(org), id).await?;
        Ok(found.map(|thread| salt.thread_off(thread)))
    }

    async fn threads(&self, channel: ChannelId) -> Result<Vec<Thread>, DirectoryError> {
        let found = self.inner.threads(self.salt.id(channel)).await?;
        Ok(found.into_iter().map(|thread| self.salt.thread_off(thread)).collect())
    }
}

#[async_trait]
impl<T: Records> Records for Salted<T> {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, RecordsError> {
        let found = self.inner.get(&self.salt.key(key)).await?;
        Ok(found.map(|record| Record { key: key.clone(), ..record }))
    }

    async fn get_all(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, RecordsError> {
        let salted: Vec<_> = keys.iter().map(|key| self.salt.key(key)).collect();
        self.inner.get_all(&salted).await
    }

    async fn list(
        &self,
        org: OrgId,
        kind: &str,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, RecordsError> {
        self.inner.list(self.salt.org(org), kind, parent, after, limit).await
    }

    async fn put(
        &self,
        key: &RecordKey,
        body: Vec<u8>,
        precondition: Precondition,
    ) -> Result<u64, RecordsError> {
        self.inner.put(&self.salt.key(key), body, precondition).await
    }

    async fn delete(&self, key: &RecordKey) -> Result<bool, RecordsError> {
        self.inner.delete(&self.salt.key(key)).await
    }

    async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        record: &RecordKey,
    ) -> Result<(), RecordsError> {
        let record = self.salt.key(record);
        self.inner.claim(&self.salt.kind(kind), key, owner, &record).await
    }

    async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, RecordsError> {
        self.inner.claimed_by(&self.salt.kind(kind), key).await
    }

    async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), RecordsError> {
        self.inner.release(&self.salt.kind(kind), key, owner).await
    }
}

#[async_trait]
impl<T: AuditLog> AuditLog for Salted<T> {
    async fn append(&self, row: AuditRow) -> Result<(), AuditLogError> {
        let row = AuditRow { org: self.salt.org(row.org), ..row };
        self.inner.append(row).await
    }

    async fn newest(&self, org: OrgId) -> Result<Option<AuditRow>, AuditLogError> {
        let found = self.inner.newest(self.salt.org(org)).await?;
        Ok(found.map(|row| self.salt.row(row)))
    }

    async fn page(
        &self,
        org: OrgId,
        filter: &AuditFilter,
        offset: u64,
        limit: usize,
    ) -> Result<(u64, Vec<AuditRow>), AuditLogError> {
        let (total, rows) = self.inner.page(self.salt.org(org), filter, offset, limit).await?;
        Ok((total, rows.into_iter().map(|row| self.salt.row(row)).collect()))
    }

    async fn after(
        &self,
        org: OrgId,
        place: u64,
        limit: usize,
    ) -> Result<Vec<AuditRow>, AuditLogError> {
        let rows = self.inner.after(self.salt.org(org), place, limit).await?;
        Ok(rows.into_iter().map(|row| self.salt.row(row)).collect())
    }

    async fn organizations(&self) -> Result<Vec<OrgId>, AuditLogError> {
        let salt = self.salt;
        let found = self.inner.organizations().await?.into_iter();
        let ours = found.filter(|org| salt.is_on(org.as_u128()));
        Ok(ours.map(|org| OrgId::from_u128(salt.off(org.as_u128()))).collect())
    }
}
