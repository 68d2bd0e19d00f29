//! Members: rows of the channel's own partition.
//!
//! Joining and leaving move the channel's revision in the same conditional batch, so the count is
//! exact and nobody joins a channel that is removed. A join writes the person's pointer (`pointers.rs`)
//! first, a leave deletes it last.

use starling_actors::domain::{
    Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, Seq, Timestamp,
    UserId,
};
use starling_actors::ports::DirectoryError;
use uuid::Uuid;

use super::header::{self, Header, State, Step};
use super::pointers::{self, Pointer};
use super::{ATTEMPTS_MAX, ROWS_MAX, ScyllaDirectory, contend};
use crate::adapters::scylla::cells::{count, held, id, number, text, time, word};
use crate::adapters::scylla::settle::{Freshness, Outcome, Write, change as settle};
use crate::adapters::scylla::{Session, Statement, StoreError};

const MEMBER: Statement = Statement::read(
    "member_get",
    "SELECT state, member, place, role, level, joined_at, read_seq, read_message FROM channels \
     WHERE id = ? AND member = ?",
);
const MEMBERS: Statement = Statement::read(
    "member_page",
    "SELECT state, member, place, role, level, joined_at, read_seq, read_message FROM channels \
     WHERE id = ? AND member > ? LIMIT ?",
);
/// The nil id belongs to nobody and sorts first; this is the page that starts there.
const FIRST_MEMBERS: Statement = Statement::read(
    "member_page",
    "SELECT state, member, place, role, level, joined_at, read_seq, read_message FROM channels \
     WHERE id = ? LIMIT ?",
);
const JOIN: Statement = Statement::conditional(
    "member_join",
    "INSERT INTO channels (id, member, place, role, level, joined_at) VALUES (?, ?, ?, ?, ?, ?)",
);
const LEAVE: Statement = Statement::conditional(
    "member_leave",
    "DELETE FROM channels WHERE id = ? AND member = ? AND place = ?",
);
const ROLE: Statement = Statement::conditional(
    "member_role",
    "UPDATE channels SET role = ? WHERE id = ? AND member = ? AND place = ? IF EXISTS",
);
const LEVEL: Statement = Statement::conditional(
    "member_level",
    "UPDATE channels SET level = ? WHERE id = ? AND member = ? AND place = ? IF EXISTS",
);

/// Members that one question asks for.
const PAGE_ROWS: i32 = 1_000;

/// A member and where they stand in the order of joining.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) place: u64,
    pub(super) membership: Membership,
}

#[derive(Debug, scylla::DeserializeRow)]
pub(super) struct MemberRow {
    pub(super) state: Option<String>,
    pub(super) member: Option<Uuid>,
    pub(super) place: Option<i64>,
    pub(super) role: Option<String>,
    pub(super) level: Option<String>,
    pub(super) joined_at: Option<i64>,
    pub(super) read_seq: Option<i64>,
    pub(super) read_message: Option<Uuid>,
}

impl MemberRow {
    /// The member in a row; none where a channel is not live, or has no members but itself.
    pub(super) fn into_member(self, channel: ChannelId) -> Result<Option<Member>, StoreError> {
        let (Some(member), Some(place)) = (self.member, self.place) else { return Ok(None) };
        if State::of(self.state.as_deref())? != State::Live || self.role.is_none() {
            return Ok(None);
        }
        let read_message = self.read_message.filter(|message| !message.is_nil());
        let membership = Membership {
            channel,
            user: UserId::from_u128(member.as_u128()),
            role: word(self.role, "channels.role")?,
            last_read_seq: Seq(self.read_seq.unwrap_or_default().cast_unsigned()),
            last_read_message: read_message.map(|id| MessageId::from_u128(id.as_u128())),
            notification_level: word(self.level, "channels.level")?,
            joined_at: Timestamp(held(self.joined_at, "channels.joined_at")?),
        };
        Ok(Some(Member { place: place.cast_unsigned(), membership }))
    }
}

/// The rows of a new channel's members.
pub(super) fn rows(channel: &Channel, members: &[(u64, UserId, ChannelRole)]) -> Vec<Write> {
    let row = |(place, user, role): &(u64, UserId, ChannelRole)| {
        join(&newcomer(channel.id, *user, *role, channel.created_at), *place)
    };
    members.iter().map(row).collect()
}

fn join(member: &Membership, place: u64) -> Write {
    let cells = [
        id(member.channel.as_u128()),
        id(member.user.as_u128()),
        count(place),
        text(member.role.as_str()),
        text(member.notification_level.as_str()),
        time(member.joined_at),
    ];
    Write::new(&JOIN, cells)
}

/// The membership of someone who has read nothing yet.
const fn newcomer(
    channel: ChannelId,
    user: UserId,
    role: ChannelRole,
    joined_at: Timestamp,
) -> Membership {
    Membership {
        channel,
        user,
        role,
        last_read_seq: Seq(0),
        last_read_message: None,
        notification_level: NotificationLevel::All,
        joined_at,
    }
}

pub(super) async fn member(
    session: &Session,
    channel: ChannelId,
    user: UserId,
) -> Result<Option<Member>, StoreError> {
    let cells = vec![id(channel.as_u128()), id(user.as_u128())];
    let rows: Vec<MemberRow> = session.rows(&MEMBER, cells).await?;
    for row in rows {
        if let Some(member) = row.into_member(channel)? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// Whether a pointer's member is there.
pub(super) async fn is_at(session: &Session, pointer: Pointer) -> Result<bool, StoreError> {
    let member = member(session, pointer.channel, pointer.user).await?;
    Ok(member.is_some_and(|member| member.place == pointer.place))
}

/// One person's place in a channel.
pub(super) async fn get(
    directory: &ScyllaDirectory,
    channel: ChannelId,
    user: UserId,
) -> Result<Option<Membership>, StoreError> {
    Ok(member(&directory.session, channel, user).await?.map(|member| member.membership))
}

/// Everyone in a channel, whatever its state, as pages of rows.
async fn page(
    session: &Session,
    channel: ChannelId,
    after: Option<Uuid>,
) -> Result<Vec<MemberRow>, StoreError> {
    let channel = id(channel.as_u128());
    match after {
        None => session.rows(&FIRST_MEMBERS, vec![channel, number(PAGE_ROWS)]).await,
        Some(after) => {
            let cells = vec![channel, id(after.as_u128()), number(PAGE_ROWS)];
            session.rows(&MEMBERS, cells).await
        }
    }
}

/// Everyone in a channel, in the order of joining.
pub(super) async fn of(
    directory: &ScyllaDirectory,
    channel: ChannelId,
) -> Result<Vec<Membership>, StoreError> {
    let mut members = Vec::new();
    let mut after = None;
    loop {
        let rows = page(&directory.session, channel, after).await?;
        after = rows.last().and_then(|row| row.member);
        let is_last = rows.len() < PAGE_ROWS as usize;
        for row in rows {
            members.extend(row.into_member(channel)?);
        }
        if is_last {
            break;
        }
    }
    members.sort_unstable_by_key(|member: &Member| member.place);
    Ok(members.into_iter().map(|member| member.membership).collect())
}

/// Adds someone, or gives the membership that is there with `false`.
pub(super) async fn add(
    directory: &ScyllaDirectory,
    newcomer_to: ChannelId,
    user: UserId,
    role: ChannelRole,
    at: Timestamp,
) -> Result<(Membership, bool), DirectoryError> {
    let (session, channel) = (&*directory.session, newcomer_to);
    let _turn = directory.turn(channel).await;
    for attempt in 0..ATTEMPTS_MAX {
        // The header first: whoever joins after it was read moves its revision.
        let header = header::read(session, channel, freshness(attempt)).await?;
        let Some((header, live)) = live(header.as_ref()) else {
            return Err(DirectoryError::NoChannel);
        };
        if let Some(member) = member(session, channel, user).await? {
            return Ok((member.membership, false));
        }
        let place = header.next_place;
        let pointer = Pointer { user, org: live.org, channel, place };
        pointers::write(session, &[pointer]).await?;
        let membership = newcomer(channel, user, role, at);
        let members = u64::from(live.member_count) + 1;
        let step = Step::Count { members, next_place: place + 1 };
        let rows = vec![join(&membership, place)];
        match header::apply(session, channel, header.revision, step, rows).await? {
            Outcome::Applied => return Ok((membership, true)),
            // Read again: they are in if it applied.
            Outcome::Refused | Outcome::Overtaken => contend(attempt).await,
        }
    }
    Err(DirectoryError::Unavailable)
}

fn live(header: Option<&Header>) -> Option<(&Header, &Channel)> {
    header.and_then(|header| Some((header, header.live()?)))
}

/// What was answered is enough to begin with; who was refused reads what is settled.
const fn freshness(attempt: usize) -> Freshness {
    if attempt == 0 { Freshness::Answered } else { Freshness::Settled }
}

/// Takes someone out.
pub(super) async fn remove(
    directory: &ScyllaDirectory,
    channel: ChannelId,
    user: UserId,
) -> Result<bool, DirectoryError> {
    let session = &*directory.session;
    let _turn = directory.turn(channel).await;
    let mut was_overtaken = false;
    for attempt in 0..ATTEMPTS_MAX {
        let header = header::read(session, channel, freshness(attempt)).await?;
        let Some((header, live)) = live(header.as_ref()) else { return Ok(false) };
        let Some(Member { place, .. }) = member(session, channel, user).await? else {
            return Ok(was_overtaken);
        };
        let members = u64::from(live.member_count).saturating_sub(1);
        let step = Step::Count { members, next_place: header.next_place };
        let rows = vec![leave(channel, user, place)];
        let applied = header::apply(session, channel, header.revision, step, rows).await;
        match applied
            .map_err(|error| if was_overtaken { DirectoryError::Unknown } else { error.into() })?
        {
            Outcome::Applied => {
                // They are out; a pointer that stays is passed over.
                let pointer = Pointer { user, org: live.org, channel, place };
                pointers::delete(session, &[pointer]).await.ok();
                return Ok(true);
            }
            Outcome::Refused => {}
            Outcome::Overtaken => was_overtaken = true,
        }
        contend(attempt).await;
    }
    Err(if was_overtaken { DirectoryError::Unknown } else { DirectoryError::Unavailable })
}

fn leave(channel: ChannelId, user: UserId, place: u64) -> Write {
    Write::new(&LEAVE, [id(channel.as_u128()), id(user.as_u128()), count(place)])
}

/// Changes role or notification level.
pub(super) async fn change(
    directory: &ScyllaDirectory,
    channel: ChannelId,
    user: UserId,
    role: Option<ChannelRole>,
    level: Option<NotificationLevel>,
) -> Result<Option<Membership>, StoreError> {
    let session = &*directory.session;
    let Some(Member { place, mut membership }) = member(session, channel, user).await? else {
        return Ok(None);
    };
    let row = [id(channel.as_u128()), id(user.as_u128()), count(place)];
    let mut writes = Vec::new();
    if let Some(role) = role {
        writes.push(Write::new(&ROLE, [&[text(role.as_str())], &row[..]].concat()));
        membership.role = role;
    }
    if let Some(level) = level {
        writes.push(Write::new(&LEVEL, [&[text(level.as_str())], &row[..]].concat()));
        membership.notification_level = level;
    }
    if writes.is_empty() {
        return Ok(Some(membership));
    }
    // Once they left, an earlier time of this change is of no consequence.
    let changed = settle(session, "member_change", &writes, async { Ok(Some(false)) }).await?;
    Ok((changed == Outcome::Applied).then_some(membership))
}

/// Deletes the members of a removed channel and what points to it.
pub(super) async fn clean(
    directory: &ScyllaDirectory,
    channel: &Channel,
) -> Result<(), StoreError> {
    let session = &*directory.session;
    loop {
        let rows = page(session, channel.id, None).await?;
        let members: Vec<Pointer> = rows
            .into_iter()
            .filter_map(|row| {
                let (user, place) = (row.member?.as_u128(), row.place?.cast_unsigned());
                let user = UserId::from_u128(user);
                Some(Pointer { user, org: channel.org, channel: channel.id, place })
            })
            .collect();
        if members.is_empty() {
            return Ok(());
        }
        for chunk in members.chunks(ROWS_MAX) {
            pointers::delete(session, chunk).await?;
            let rows = chunk.iter().map(|member| leave(channel.id, member.user, member.place));
            header::clean(session, channel.id, rows.collect()).await?;
        }
    }
}
