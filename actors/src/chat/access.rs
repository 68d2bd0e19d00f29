//! Who may see a channel, remembered for a short while: every send asks.
//!
//! **Invariant:** a change made through this node is seen by the next question on this node. A
//! change elsewhere is seen after [`REMEMBERED`] at the latest.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::{Caller, Chat, ChatError};
use crate::domain::{ChannelId, ChannelKind, ChannelRole, OrgId, OrgRole, UserId};

/// How long an answer is believed: with the time of a read less than the five seconds after which a
/// removal on another node is effective here, long enough to take the directory out of a burst of sends.
const REMEMBERED: Duration = Duration::from_secs(4);
/// Answers kept, about 100 bytes each: more pairs than send within those seconds on one node. When
/// it is full, all is forgotten and asked again.
const REMEMBERED_MAX: usize = 65_536;

/// A person's place in a channel of their organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) kind: ChannelKind,
    /// Absent when they are not a member.
    pub(super) role: Option<ChannelRole>,
}

impl Access {
    /// Whether the person may read here. Guests see only what they are in.
    fn may_read(self, org_role: OrgRole) -> bool {
        self.role.is_some() || (self.kind.is_open() && org_role.may_open_channels())
    }

    /// Whether the person may change the channel and its members. Those who run the organization
    /// look after its open channels, so that none is orphaned.
    pub(super) fn may_moderate(self, org_role: OrgRole) -> bool {
        self.role.is_some_and(ChannelRole::may_moderate)
            || (self.kind.is_open() && org_role.may_administer())
    }

    /// Whether the person may remove the channel or hand it over.
    pub(super) fn may_delete(self, org_role: OrgRole) -> bool {
        self.role.is_some_and(ChannelRole::may_delete)
            || (self.kind.is_open() && org_role.may_administer())
    }
}

#[derive(Debug, Default)]
pub(super) struct AccessMemory {
    inner: Mutex<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    /// Counts changes; an answer that was asked for before a change is not kept.
    version: u64,
    places: HashMap<(OrgId, ChannelId, UserId), (Access, Instant)>,
}

impl AccessMemory {
    fn get(&self, key: (OrgId, ChannelId, UserId)) -> Result<Access, u64> {
        let inner = self.inner.lock();
        match inner.places.get(&key) {
            Some((access, until)) if *until > Instant::now() => Ok(*access),
            Some(_) | None => Err(inner.version),
        }
    }

    fn keep(&self, key: (OrgId, ChannelId, UserId), access: Access, version: u64) {
        let mut inner = self.inner.lock();
        if inner.version != version {
            return;
        }
        if inner.places.len() >= REMEMBERED_MAX {
            inner.places.clear();
        }
        inner.places.insert(key, (access, Instant::now() + REMEMBERED));
    }

    /// Forgets one person's place in a channel.
    pub(super) fn forget(&self, org: OrgId, channel: ChannelId, user: UserId) {
        let mut inner = self.inner.lock();
        inner.version += 1;
        inner.places.remove(&(org, channel, user));
    }

    /// Forgets all about a channel.
    pub(super) fn forget_channel(&self, channel: ChannelId) {
        let mut inner = self.inner.lock();
        inner.version += 1;
        inner.places.retain(|(_, other, _), _| *other != channel);
    }
}

impl Chat {
    /// A person's place in a channel that they may at least read; anything else is not found.
    pub(super) async fn access(
        &self,
        caller: &Caller,
        channel: ChannelId,
    ) -> Result<Access, ChatError> {
        let access = self.place(caller.org, channel, caller.user()).await?;
        match access {
            Some(access) if access.may_read(caller.role) => Ok(access),
            Some(_) | None => Err(ChatError::NotFound("channel")),
        }
    }

    /// A member's role; a reader who is no member has to join first.
    pub(super) async fn member_role(
        &self,
        caller: &Caller,
        channel: ChannelId,
    ) -> Result<ChannelRole, ChatError> {
        self.access(caller, channel).await?.role.ok_or(ChatError::NotAMember)
    }

    /// Anyone's place in a channel of an organization; `None` when there is no such channel there.
    pub(super) async fn place(
        &self,
        org: OrgId,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Option<Access>, ChatError> {
        let key = (org, channel, user);
        let version = match self.inner.access.get(key) {
            Ok(access) => return Ok(Some(access)),
            Err(version) => version,
        };
        let Some(found) = self.inner.ports.directory.channel(org, channel).await? else {
            return Ok(None);
        };
        let membership = self.inner.ports.directory.membership(channel, user).await?;
        let access = Access { kind: found.kind, role: membership.map(|place| place.role) };
        self.inner.access.keep(key, access, version);
        Ok(Some(access))
    }
}
