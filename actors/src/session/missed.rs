//! What a session may have missed while its bus was interrupted: channels that its person lost, and
//! channels that they are in since.
//!
//! A removal is also an entry of its channel's log and ends delivery there by itself; this finds the
//! ones whose entry could not be written, and every channel that somebody was added to unheard.
//!
//! **Invariant:** nothing is concluded from what was read before the session itself heard of a change:
//! then it is looked at once more.

use std::sync::Arc;
use std::time::Duration;

use super::parts::Parts;
use super::sockets::Sockets;
use super::{Follow, FollowError, Viewer};
use crate::domain::{Channel, ChannelId, SocketId, UserId};

/// People whose channels are read at the same time on one node: all of them are interrupted at once.
pub(super) const LOOKS_AT_ONCE: usize = 16;
/// How long a look waits at least, so that what interrupted the bus once more counts as one.
const WAIT_MIN_MS: u64 = 200;
/// Over how long the looks of all people are spread. With the wait and the reads it stays within the
/// five seconds after which a change is effective everywhere.
const SPREAD_MS: u64 = 2_000;

/// What the directory knows better.
#[derive(Debug, Default)]
pub(super) struct Missed {
    /// Channels that are followed and may not be read any more.
    pub(super) lost: Vec<ChannelId>,
    /// Channels that sockets do not follow though they follow all.
    pub(super) came: Vec<(SocketId, Arc<Channel>)>,
    /// How many channels the person had lost when this was begun. If they have lost more since, what
    /// came may have gone again.
    pub(super) removals: u64,
    /// Whether a socket had not followed all yet, so that nothing is known of it.
    pub(super) is_early: bool,
}

/// When a person's look begins. Their ids are random in their low bits, and spread them.
pub(super) fn wait(user: UserId) -> Duration {
    let spread = u64::try_from(user.as_u128() % u128::from(SPREAD_MS)).unwrap_or_default();
    Duration::from_millis(WAIT_MIN_MS + spread)
}

/// Compares what the sockets follow with the directory.
pub(super) async fn missed(
    parts: &Parts,
    viewer: &Viewer,
    sockets: &Sockets,
) -> Result<Missed, FollowError> {
    let Ok(_turn) = parts.looks.acquire().await else { return Err(FollowError::Unavailable) };
    // Before the directory is read: what is followed from here on, the session has just heard of.
    let removals = sockets.removals();
    let followed = sockets.followed();
    let mine = parts.directory.channels_of(viewer.org, viewer.byline.user).await;
    let mine: Vec<Arc<Channel>> = mine
        .map_err(|_| FollowError::Unavailable)?
        .into_iter()
        .map(|(channel, _)| Arc::new(channel))
        .collect();
    let is_mine = |id: ChannelId| mine.iter().any(|channel| channel.id == id);
    let mut missed = Missed { removals, ..Missed::default() };
    let mut others: Vec<ChannelId> =
        followed.iter().flat_map(|one| &one.channels).copied().filter(|id| !is_mine(*id)).collect();
    others.sort_unstable();
    others.dedup();
    for id in others {
        // It may be open to everyone.
        if !parts.may_read(viewer, id).await? {
            missed.lost.push(id);
        }
    }
    for one in followed.iter().filter(|one| one.follow == Follow::All) {
        missed.is_early |= !one.is_settled;
        if one.is_settled {
            let new = mine.iter().filter(|channel| !one.knows(channel.id));
            missed.came.extend(new.map(|channel| (one.socket, Arc::clone(channel))));
        }
    }
    Ok(missed)
}
