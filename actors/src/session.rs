//! The session actor: one user's live session on a node; sockets attach to it.
//!
//! ```text
//!   gateway ──▶ Sessions.attach ──▶ actor (one a person) ◀── bus topic of the person
//!           ──▶ Session.follow  ──▶ rights ──▶ relay of the channel ──▶ the socket's lane
//! ```
//!
//! Following runs on the task of the socket that asks, so that a slow store holds up nobody else.
//!
//! After each gap in what the bus carried, the session has its sockets' sign-ins looked at again, and
//! looks itself at which channels its person is in.
//!
//! **Invariant:** a socket follows a channel only while its person may read it, and the relays let
//! go of a socket that has ended.

mod actor;
mod allowance;
mod debounce;
mod handle;
mod hub;
mod message;
mod missed;
mod parts;
mod shared;
mod sockets;

use std::sync::Arc;
use std::time::Duration;

use self::allowance::{Allowances, Rate};
pub use handle::{Follow, FollowError, Refused, Session, Sessions, Viewer};
pub(crate) use hub::{HubArgs, SessionHub};
use parts::Parts;

use self::shared::Sharing;
use crate::ports::{Bus, Directory, SharedLimits};
use crate::presence::Board;
use crate::relay::Relays;

/// Edits, deletions and reactions that a person may make for each message that they may send: reacting to
/// a page of messages is quicker than writing one, but each is an entry of the log all the same.
const CHANGES_PER_MESSAGE: u32 = 4;

/// Puts together what sessions work with; a [`SessionHub`] gives them life.
pub(crate) fn prepare(
    directory: Arc<dyn Directory>,
    bus: Arc<dyn Bus>,
    relays: Relays,
    presence: Board,
    (per_second, cooldown): (u32, Duration),
    limits: Option<Arc<dyn SharedLimits>>,
) -> (Sessions, Arc<Parts>) {
    let allowances = Allowances::new(Rate { per_second, cooldown });
    let per_second = per_second.saturating_mul(CHANGES_PER_MESSAGE);
    let changes = Allowances::new(Rate { per_second, cooldown });
    let (open, hub) = Default::default();
    let looks = tokio::sync::Semaphore::new(missed::LOOKS_AT_ONCE);
    let sharing = limits.map(Sharing::new);
    let parts = Arc::new(Parts {
        directory,
        bus,
        relays,
        presence,
        allowances,
        changes,
        sharing,
        looks,
        open,
        hub,
    });
    (Sessions { parts: Arc::clone(&parts) }, parts)
}
