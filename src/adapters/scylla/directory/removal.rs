//! Removing a channel.
//!
//! The channel is marked first: from there it, its members and its threads are not found by anyone, and
//! nobody joins. Then what is left is deleted, in any order; whoever meets something that a crash left
//! passes over it, and takes it away if it is a pointer or a claim.

use starling_actors::domain::{Channel, ChannelId, OrgId};
use starling_actors::ports::DirectoryError;

use super::channels::name_of;
use super::header::{self, State, Step};
use super::keys::{self, Key};
use super::{ATTEMPTS_MAX, ScyllaDirectory, contend, members, threads};
use crate::adapters::scylla::cells::id;
use crate::adapters::scylla::settle::{Freshness, Outcome};
use crate::adapters::scylla::{Statement, StoreError};

const UNPUBLISH: Statement = Statement::write(
    "public_channel_delete",
    "DELETE FROM public_channels WHERE org = ? AND channel = ?",
);

/// Removes a channel; its members and threads go with it.
pub(super) async fn remove(
    directory: &ScyllaDirectory,
    org: OrgId,
    channel: ChannelId,
) -> Result<bool, DirectoryError> {
    let session = &*directory.session;
    let _turn = directory.turn(channel).await;
    let mut was_overtaken = false;
    for attempt in 0..ATTEMPTS_MAX {
        let header = header::read(session, channel, Freshness::Settled).await?;
        let Some(header) = header else { return Ok(false) };
        if header.state == State::Removed {
            return Ok(was_overtaken);
        }
        let Some(live) = header.live_in(org) else { return Ok(false) };
        let removed =
            header::apply(session, channel, header.revision, Step::Remove, Vec::new()).await?;
        match removed {
            Outcome::Applied => {
                let key = header.pair.clone().map(Key::Pair);
                let key = key.or_else(|| name_of(live));
                // It is removed, whether or not all that it leaves can be deleted now.
                if let Err(error) = clean(directory, live, key).await {
                    tracing::warn!(%error, %channel, "a removed channel left rows behind");
                }
                return Ok(true);
            }
            Outcome::Refused => {}
            Outcome::Overtaken => was_overtaken = true,
        }
        contend(attempt).await;
    }
    Err(DirectoryError::Unavailable)
}

/// Deletes what a removed channel leaves.
async fn clean(
    directory: &ScyllaDirectory,
    channel: &Channel,
    key: Option<Key>,
) -> Result<(), StoreError> {
    let session = &*directory.session;
    if let Some(key) = key
        && let Some(claim) = keys::claim_of(session, channel.org, &key, channel.id).await?
    {
        keys::release(session, channel.org, &key, claim).await?;
    }
    // It may have been public at some time.
    let cells = vec![id(channel.org.as_u128()), id(channel.id.as_u128())];
    session.write(&UNPUBLISH, cells).await?;
    members::clean(directory, channel).await?;
    threads::clean(directory, channel.id).await
}
