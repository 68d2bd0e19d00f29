//! Where a person's channels are: one row for each channel that they may be in.
//!
//! A pointer is written before its member and deleted after it, so no member is without one. Each
//! names the member's `place`, which never comes twice: a late deletion takes no later pointer along.
//! The channel's own partition decides whether somebody is in it.

use futures_util::{StreamExt, TryStreamExt, stream};
use starling_actors::domain::{Channel, ChannelId, Membership, OrgId, UserId};
use uuid::Uuid;

use super::header::{self, Header, HeaderRow, State};
use super::members::{self, Member, MemberRow};
use super::{QUESTIONS_MAX, ScyllaDirectory};
use crate::adapters::scylla::cells::{Cell, count, id};
use crate::adapters::scylla::settle::Freshness;
use crate::adapters::scylla::{Session, Statement, StoreError};

const POINT: Statement = Statement::write(
    "channel_by_user_put",
    "INSERT INTO channels_by_user (member, org, channel, place) VALUES (?, ?, ?, ?)",
);
const UNPOINT: Statement = Statement::write(
    "channel_by_user_delete",
    "DELETE FROM channels_by_user WHERE member = ? AND org = ? AND channel = ? AND place = ?",
);
const POINTERS: Statement = Statement::read(
    "channels_by_user",
    "SELECT org, channel, place FROM channels_by_user WHERE member = ?",
);
const POINTERS_IN: Statement = Statement::read(
    "channels_by_user",
    "SELECT org, channel, place FROM channels_by_user WHERE member = ? AND org = ?",
);
/// A channel and one member of it; nothing when the member is not there.
const FOLLOW: Statement = Statement::read(
    "channel_follow",
    "SELECT org, state, revision, mark, kind, name, description, topic, owner, pair, created_at, \
     updated_at, member_count, next_place, member, place, role, level, joined_at, read_seq, \
     read_message FROM channels WHERE id = ? AND member = ? AND place = ?",
);

/// Where a person may be in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointer {
    pub(super) user: UserId,
    pub(super) org: OrgId,
    pub(super) channel: ChannelId,
    pub(super) place: u64,
}

impl Pointer {
    fn cells(&self) -> Vec<Cell> {
        let Self { user, org, channel, place } = self;
        vec![id(user.as_u128()), id(org.as_u128()), id(channel.as_u128()), count(*place)]
    }
}

#[derive(scylla::DeserializeRow)]
struct FollowedRow {
    org: Option<Uuid>,
    state: Option<String>,
    revision: Option<i64>,
    mark: Option<Uuid>,
    kind: Option<String>,
    name: Option<String>,
    description: Option<String>,
    topic: Option<String>,
    owner: Option<Uuid>,
    pair: Option<Vec<u8>>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    member_count: Option<i64>,
    next_place: Option<i64>,
    member: Option<Uuid>,
    place: Option<i64>,
    role: Option<String>,
    level: Option<String>,
    joined_at: Option<i64>,
    read_seq: Option<i64>,
    read_message: Option<Uuid>,
}

impl FollowedRow {
    fn parts(self) -> (HeaderRow, MemberRow) {
        let header = HeaderRow {
            org: self.org,
            state: self.state.clone(),
            revision: self.revision,
            mark: self.mark,
            kind: self.kind,
            name: self.name,
            description: self.description,
            topic: self.topic,
            owner: self.owner,
            pair: self.pair,
            created_at: self.created_at,
            updated_at: self.updated_at,
            member_count: self.member_count,
            next_place: self.next_place,
        };
        let member = MemberRow {
            state: self.state,
            member: self.member,
            place: self.place,
            role: self.role,
            level: self.level,
            joined_at: self.joined_at,
            read_seq: self.read_seq,
            read_message: self.read_message,
        };
        (header, member)
    }
}

/// Writes pointers of people who are about to be in a channel.
pub(super) async fn write(session: &Session, pointers: &[Pointer]) -> Result<(), StoreError> {
    let written = pointers.iter().map(|pointer| session.write(&POINT, pointer.cells()));
    let written: Vec<_> = written.collect();
    stream::iter(written).buffer_unordered(QUESTIONS_MAX).try_collect().await
}

/// Deletes pointers of people who are not in a channel any more.
pub(super) async fn delete(session: &Session, pointers: &[Pointer]) -> Result<(), StoreError> {
    let deleted = pointers.iter().map(|pointer| session.write(&UNPOINT, pointer.cells()));
    let deleted: Vec<_> = deleted.collect();
    stream::iter(deleted).buffer_unordered(QUESTIONS_MAX).try_collect().await
}

async fn of(
    session: &Session,
    user: UserId,
    org: Option<OrgId>,
) -> Result<Vec<Pointer>, StoreError> {
    let member = id(user.as_u128());
    let rows: Vec<(Uuid, Uuid, i64)> = match org {
        None => session.rows(&POINTERS, vec![member]).await?,
        Some(org) => session.rows(&POINTERS_IN, vec![member, id(org.as_u128())]).await?,
    };
    let pointer = |(org, channel, place): (Uuid, Uuid, i64)| Pointer {
        user,
        org: OrgId::from_u128(org.as_u128()),
        channel: ChannelId::from_u128(channel.as_u128()),
        place: place.cast_unsigned(),
    };
    Ok(rows.into_iter().map(pointer).collect())
}

/// The channel and the membership that a pointer leads to.
async fn follow(
    session: &Session,
    pointer: Pointer,
) -> Result<Option<(Channel, Membership)>, StoreError> {
    let Pointer { user, org, channel, place } = pointer;
    let cells = vec![id(channel.as_u128()), id(user.as_u128()), count(place)];
    let row: Option<FollowedRow> = session.row(&FOLLOW, cells).await?;
    let Some(row) = row else {
        forget(session, pointer).await?;
        return Ok(None);
    };
    let (header, member) = row.parts();
    let header = Header::of(channel, header)?;
    let live = header.as_ref().and_then(|header| header.live_in(org).cloned());
    let member = member.into_member(channel)?.map(|Member { membership, .. }| membership);
    Ok(live.zip(member))
}

/// Deletes a pointer that leads nowhere for good.
async fn forget(session: &Session, pointer: Pointer) -> Result<(), StoreError> {
    // Settled: a join that is half done looks like one that is over.
    let header = header::read(session, pointer.channel, Freshness::Settled).await?;
    let is_over = header.is_some_and(|header| match header.state {
        State::Removed => true,
        // Its first members come in several steps.
        State::Making => false,
        State::Live => header.next_place > pointer.place,
    });
    // A channel that is not there yet may come: its pointers are written first.
    if is_over && !members::is_at(session, pointer).await? {
        delete(session, &[pointer]).await?;
    }
    Ok(())
}

/// The channels a person is in, in the order of their ids.
pub(super) async fn channels_of(
    directory: &ScyllaDirectory,
    org: Option<OrgId>,
    user: UserId,
) -> Result<Vec<(Channel, Membership)>, StoreError> {
    let session = &*directory.session;
    let pointers = of(session, user, org).await?;
    let followed: Vec<_> = pointers.into_iter().map(|pointer| follow(session, pointer)).collect();
    let found: Vec<Option<(Channel, Membership)>> =
        stream::iter(followed).buffer_unordered(QUESTIONS_MAX).try_collect().await?;
    let mut channels: Vec<_> = found.into_iter().flatten().collect();
    channels.sort_unstable_by_key(|(channel, _)| channel.id);
    Ok(channels)
}

/// People of the person's channels that have at most `members_max` members.
pub(super) async fn companions(
    directory: &ScyllaDirectory,
    user: UserId,
    members_max: usize,
) -> Result<Vec<UserId>, StoreError> {
    let channels = channels_of(directory, None, user).await?;
    let small: Vec<_> = channels
        .iter()
        .filter(|(channel, _)| channel.member_count as usize <= members_max)
        .map(|(channel, _)| members::of(directory, channel.id))
        .collect();
    let members: Vec<Vec<Membership>> =
        stream::iter(small).buffer_unordered(QUESTIONS_MAX).try_collect().await?;
    let mut companions: Vec<_> = members.into_iter().flatten().map(|member| member.user).collect();
    companions.retain(|companion| *companion != user);
    companions.sort_unstable();
    companions.dedup();
    Ok(companions)
}
