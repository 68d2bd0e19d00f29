//! What every session of this node works with.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::RwLock;
use ractor::ActorRef;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::allowance::Allowances;
use super::hub::{HubMessage, Open};
use super::shared::{Sharing, count};
use super::{FollowError, Refused, Viewer};
use crate::domain::{ChannelId, OrgRole, UserId};
use crate::ports::{Bus, Directory};
use crate::presence::Board;
use crate::relay::Relays;

/// What every session of this node works with.
pub(crate) struct Parts {
    pub(super) directory: Arc<dyn Directory>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) relays: Relays,
    pub(super) presence: Board,
    pub(super) allowances: Allowances,
    /// For what people change in messages.
    pub(super) changes: Allowances,
    /// Where there are other nodes.
    pub(super) sharing: Option<Sharing>,
    /// Turns of those who look at what they missed.
    pub(super) looks: Semaphore,
    pub(super) open: Open,
    pub(super) hub: RwLock<Option<ActorRef<HubMessage>>>,
}

impl Parts {
    /// Takes one message from a person's allowance.
    pub(super) fn admit(self: &Arc<Self>, user: UserId) -> Result<(), Refused> {
        self.allowances.take(user, Instant::now())?;
        count(self, user);
        Ok(())
    }

    /// Takes one change of a message from a person's allowance.
    pub(super) fn admit_change(&self, user: UserId) -> Result<(), Refused> {
        self.changes.take(user, Instant::now())
    }

    /// Events of the bus that wait for sessions.
    pub(super) fn waiting(&self) -> u64 {
        let open = self.open.read();
        open.values().map(|one| one.sockets.pending.load(Ordering::Relaxed) as u64).sum()
    }

    /// Whether a person may read a channel: as its member, or because it is open to their
    /// organization.
    pub(super) async fn may_read(
        &self,
        viewer: &Viewer,
        channel: ChannelId,
    ) -> Result<bool, FollowError> {
        let unavailable = |_| FollowError::Unavailable;
        let user = viewer.byline.user;
        if self.directory.membership(channel, user).await.map_err(unavailable)?.is_some() {
            return Ok(true);
        }
        if viewer.role == OrgRole::Guest {
            return Ok(false);
        }
        let found = self.directory.channel(viewer.org, channel).await.map_err(unavailable)?;
        Ok(found.is_some_and(|channel| channel.kind.is_open()))
    }
}
