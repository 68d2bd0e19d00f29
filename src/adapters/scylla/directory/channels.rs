//! Channels: made, found and changed.
//!
//! The order of writes, and what a crash after each leaves:
//! - *create*: the key; what points to the channel (`channels_by_user`, `public_channels`); the
//!   channel. Until the last one nobody sees anything of it. What points to it is passed over by
//!   every reader, and the key goes to the next one who asks (`keys.rs`). More first members than one
//!   batch takes are written while the channel is *making*, which nobody sees either.
//! - *change*: the new key; the pointer; the channel; the old key is freed. In between the old name
//!   holds, or both names are taken, one of them until someone asks for it.

use futures_util::{StreamExt, TryStreamExt, stream};
use starling_actors::domain::{
    Channel, ChannelId, ChannelKind, ChannelRole, OrgId, Timestamp, UserId,
};
use starling_actors::ports::{ChannelChange, DirectoryError, NewChannel};
use uuid::Uuid;

use super::header::{self, State, Step, folded};
use super::keys::{self, Claimed, Key};
use super::pointers::{self, Pointer};
use super::{ATTEMPTS_MAX, QUESTIONS_MAX, ROWS_MAX, ScyllaDirectory, contend, members};
use crate::adapters::scylla::cells::id;
use crate::adapters::scylla::settle::{Freshness, Outcome};
use crate::adapters::scylla::{Statement, StoreError};

const PUBLISH: Statement = Statement::write(
    "public_channel_put",
    "INSERT INTO public_channels (org, channel) VALUES (?, ?)",
);
const PUBLIC: Statement =
    Statement::read("public_channels", "SELECT channel FROM public_channels WHERE org = ?");

/// Makes a channel with its members, or finds the one that a direct pair has.
pub(super) async fn create(
    directory: &ScyllaDirectory,
    new: NewChannel,
) -> Result<(Channel, bool), DirectoryError> {
    let NewChannel { mut channel, members } = new;
    let members = once_each(members);
    channel.member_count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let key = key_of(&channel, &members);
    if let Some(key) = &key
        && let Some(first) = take(directory, &channel, key).await?
    {
        return Ok((first, false));
    }
    if make(directory, &channel, key.as_ref(), &members).await? {
        return Ok((channel, true));
    }
    // Somebody took the key, because this order was held up for longer than a claim lasts.
    Err(DirectoryError::Unavailable)
}

/// Takes a new channel's key; gives the channel that a pair has already.
async fn take(
    directory: &ScyllaDirectory,
    channel: &Channel,
    key: &Key,
) -> Result<Option<Channel>, DirectoryError> {
    for attempt in 0..ATTEMPTS_MAX {
        let claimed = directory.claim(channel.org, key, channel.id).await?;
        match (claimed, key) {
            (Claimed::Ours, _) => return Ok(None),
            (Claimed::Held(_) | Claimed::Undecided, Key::Name(_)) => {
                return Err(DirectoryError::NameTaken);
            }
            (Claimed::Held(first), Key::Pair(_)) => {
                let first = header::read_live(&directory.session, channel.org, first).await?;
                if first.is_some() {
                    return Ok(first);
                }
            }
            // Another node is making the channel of this pair.
            (Claimed::Undecided, Key::Pair(_)) => {}
        }
        contend(attempt).await;
    }
    Err(DirectoryError::Unavailable)
}

/// Writes a channel behind its key; `false` when it was barred meanwhile.
async fn make(
    directory: &ScyllaDirectory,
    channel: &Channel,
    key: Option<&Key>,
    members: &[(UserId, ChannelRole)],
) -> Result<bool, StoreError> {
    let session = &*directory.session;
    point_to(directory, channel).await?;
    let places: Vec<_> =
        (0..).zip(members).map(|(place, (user, role))| (place, *user, *role)).collect();
    let pointer = |(place, user, _): &(u64, UserId, ChannelRole)| Pointer {
        user: *user,
        org: channel.org,
        channel: channel.id,
        place: *place,
    };
    let pointers: Vec<_> = places.iter().map(pointer).collect();
    pointers::write(session, &pointers).await?;
    let pair = match key {
        Some(Key::Pair(pair)) => Some(&pair[..]),
        Some(Key::Name(_)) | None => None,
    };
    let mut chunks = places.chunks(ROWS_MAX);
    let first = chunks.next().unwrap_or_default();
    let state = |is_last| if is_last { State::Live } else { State::Making };
    let next_place = members.len() as u64;
    let step = Step::Make { channel, pair, state: state(chunks.len() == 0), next_place };
    let rows = members::rows(channel, first);
    if header::apply(session, channel.id, 0, step, rows).await? == Outcome::Refused {
        return Ok(false);
    }
    let mut revision = 1;
    while let Some(chunk) = chunks.next() {
        let state = state(chunks.len() == 0);
        let step = Step::Finish { state, members: next_place, next_place };
        let rows = members::rows(channel, chunk);
        if header::apply(session, channel.id, revision, step, rows).await? == Outcome::Refused {
            return Ok(false);
        }
        revision += 1;
    }
    Ok(true)
}

/// Lists a channel as public if it is.
async fn point_to(directory: &ScyllaDirectory, channel: &Channel) -> Result<(), StoreError> {
    if channel.kind != ChannelKind::Public {
        return Ok(());
    }
    let cells = vec![id(channel.org.as_u128()), id(channel.id.as_u128())];
    directory.session.write(&PUBLISH, cells).await
}

/// The first of each person's roles.
fn once_each(members: Vec<(UserId, ChannelRole)>) -> Vec<(UserId, ChannelRole)> {
    let mut seen = std::collections::HashSet::new();
    members.into_iter().filter(|(user, _)| seen.insert(*user)).collect()
}

fn key_of(channel: &Channel, members: &[(UserId, ChannelRole)]) -> Option<Key> {
    if channel.kind == ChannelKind::Direct {
        let mut users: Vec<_> = members.iter().map(|(user, _)| *user).collect();
        users.sort_unstable();
        let pair = users.into_iter().flat_map(|user| user.as_u128().to_be_bytes());
        return Some(Key::Pair(pair.collect()));
    }
    name_of(channel)
}

/// The name that a channel is told apart by.
pub(super) fn name_of(channel: &Channel) -> Option<Key> {
    folded(channel.kind, &channel.name).map(Key::Name)
}

/// The channel with a name, whatever its case.
pub(super) async fn named(
    directory: &ScyllaDirectory,
    org: OrgId,
    name: &str,
) -> Result<Option<Channel>, StoreError> {
    let key = Key::Name(name.to_lowercase());
    let Some(id) = keys::claimant(&directory.session, org, &key).await? else { return Ok(None) };
    let channel = header::read_live(&directory.session, org, id).await?;
    // A claim may be of a channel that is only about to have the name.
    Ok(channel.filter(|channel| name_of(channel).as_ref() == Some(&key)))
}

/// The public channels of an organization by name.
pub(super) async fn public(
    directory: &ScyllaDirectory,
    org: OrgId,
) -> Result<Vec<Channel>, StoreError> {
    let session = &*directory.session;
    let pointers: Vec<(Uuid,)> = session.rows(&PUBLIC, vec![id(org.as_u128())]).await?;
    let channels: Vec<_> = pointers
        .into_iter()
        .map(|(channel,)| header::read_live(session, org, ChannelId::from_u128(channel.as_u128())))
        .collect();
    let mut public: Vec<Channel> = stream::iter(channels)
        .buffer_unordered(QUESTIONS_MAX)
        .try_filter_map(async |channel| {
            Ok(channel.filter(|channel| channel.kind == ChannelKind::Public))
        })
        .try_collect()
        .await?;
    public.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(public)
}

/// Changes the named parts of a channel.
pub(super) async fn change(
    directory: &ScyllaDirectory,
    org: OrgId,
    id: ChannelId,
    change: ChannelChange,
    at: Timestamp,
) -> Result<Option<Channel>, DirectoryError> {
    let session = &*directory.session;
    let _turn = directory.turn(id).await;
    for attempt in 0..ATTEMPTS_MAX {
        // The revision is read before the new key is claimed; see `keys.rs`.
        let header = header::read(session, id, Freshness::Settled).await?;
        let Some((header, before)) =
            header.as_ref().and_then(|header| Some((header, header.live_in(org)?)))
        else {
            return Ok(None);
        };
        let after = applied(before.clone(), change.clone(), at);
        let (old, new) = (name_of(before), name_of(&after));
        let is_renamed = old != new;
        let freed = old.filter(|_| is_renamed);
        let old_claim = match &freed {
            Some(key) => keys::claim_of(session, org, key, id).await?,
            None => None,
        };
        if let Some(key) = new.filter(|_| is_renamed)
            && directory.claim(org, &key, id).await? != Claimed::Ours
        {
            return Err(DirectoryError::NameTaken);
        }
        point_to(directory, &after).await?;
        let step = Step::Change { channel: &after };
        let outcome = header::apply(session, id, header.revision, step, Vec::new()).await?;
        if outcome == Outcome::Applied {
            if let Some((key, claim)) = freed.zip(old_claim) {
                // It is renamed; a claim that stays goes to the next one who wants the name.
                keys::release(session, org, &key, claim).await.ok();
            }
            return Ok(Some(after));
        }
        contend(attempt).await;
    }
    Err(DirectoryError::Unavailable)
}

fn applied(channel: Channel, change: ChannelChange, at: Timestamp) -> Channel {
    Channel {
        name: change.name.unwrap_or(channel.name),
        description: change.description.unwrap_or(channel.description),
        topic: change.topic.unwrap_or(channel.topic),
        owner: change.owner.unwrap_or(channel.owner),
        kind: change.kind.unwrap_or(channel.kind),
        updated_at: at,
        ..channel
    }
}
