//! Members as rows; a channel's count moves with them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use starling_actors::domain::{
    Channel, ChannelId, ChannelRole, Membership, MessageId, NotificationLevel, OrgId, Seq,
    Timestamp, UserId,
};

use super::channels;
use crate::adapters::sqlite::columns::{
    count, id as id_at, limit as rows_max, optional_id, time, unreadable,
};

/// What [`membership_at`] reads.
const COLUMNS: &str = "m.channel, m.user, m.role, m.last_read_seq, m.last_read_message, \
     m.notification_level, m.joined_at";

/// The membership in a row of [`COLUMNS`] that begin at column `first`.
fn membership_at(row: &Row<'_>, first: usize) -> rusqlite::Result<Membership> {
    let role: String = row.get(first + 2)?;
    let level: String = row.get(first + 5)?;
    Ok(Membership {
        channel: ChannelId::from_u128(id_at(row, first)?),
        user: UserId::from_u128(id_at(row, first + 1)?),
        role: role.parse().map_err(|cause| unreadable(first + 2, cause))?,
        last_read_seq: Seq(count(row, first + 3)?),
        last_read_message: optional_id(row, first + 4)?.map(MessageId::from_u128),
        notification_level: level.parse().map_err(|cause| unreadable(first + 5, cause))?,
        joined_at: time(row, first + 6)?,
    })
}

/// The membership of someone who has read nothing yet.
pub(super) const fn newcomer(
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

/// One person's place in a channel.
pub(super) fn get(
    connection: &Connection,
    channel: ChannelId,
    user: UserId,
) -> rusqlite::Result<Option<Membership>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM members m WHERE m.channel = ?1 AND m.user = ?2"
        ))?
        .query_row([channel.as_u128().to_be_bytes(), user.as_u128().to_be_bytes()], |row| {
            membership_at(row, 0)
        })
        .optional()
}

/// Everyone in a channel, in the order of joining.
pub(super) fn of(connection: &Connection, channel: ChannelId) -> rusqlite::Result<Vec<Membership>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM members m WHERE m.channel = ?1 ORDER BY m.place"
        ))?
        .query_map([channel.as_u128().to_be_bytes()], |row| membership_at(row, 0))?
        .collect()
}

/// The channels a person is in, oldest first.
pub(super) fn channels_of(
    connection: &Connection,
    org: OrgId,
    user: UserId,
) -> rusqlite::Result<Vec<(Channel, Membership)>> {
    let sql = format!(
        "SELECT {}, {COLUMNS} FROM members m JOIN channels c ON c.id = m.channel
         WHERE m.user = ?1 AND c.org = ?2 ORDER BY c.id",
        channels::COLUMNS
    );
    connection
        .prepare_cached(&sql)?
        .query_map([user.as_u128().to_be_bytes(), org.as_u128().to_be_bytes()], |row| {
            Ok((channels::channel_at(row)?, membership_at(row, channels::COLUMNS_COUNT)?))
        })?
        .collect()
}

/// Adds someone; `false` with the membership that was there before, `None` without the channel.
pub(super) fn add(
    connection: &Connection,
    member: Membership,
) -> rusqlite::Result<Option<(Membership, bool)>> {
    if let Some(first) = get(connection, member.channel, member.user)? {
        return Ok(Some((first, false)));
    }
    let counted = connection
        .prepare_cached("UPDATE channels SET member_count = member_count + 1 WHERE id = ?1")?
        .execute([member.channel.as_u128().to_be_bytes()])?;
    if counted == 0 {
        return Ok(None);
    }
    connection
        .prepare_cached(
            "INSERT INTO members (channel, user, role, last_read_seq, last_read_message,
                                  notification_level, joined_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            member.channel.as_u128().to_be_bytes(),
            member.user.as_u128().to_be_bytes(),
            member.role.as_str(),
            member.last_read_seq.0.cast_signed(),
            member.last_read_message.map(|id| id.as_u128().to_be_bytes()),
            member.notification_level.as_str(),
            member.joined_at.0,
        ])?;
    Ok(Some((member, true)))
}

/// Takes someone out.
pub(super) fn remove(
    connection: &Connection,
    channel: ChannelId,
    user: UserId,
) -> rusqlite::Result<bool> {
    let removed = connection
        .prepare_cached("DELETE FROM members WHERE channel = ?1 AND user = ?2")?
        .execute([channel.as_u128().to_be_bytes(), user.as_u128().to_be_bytes()])?;
    if removed > 0 {
        connection
            .prepare_cached("UPDATE channels SET member_count = member_count - 1 WHERE id = ?1")?
            .execute([channel.as_u128().to_be_bytes()])?;
    }
    Ok(removed > 0)
}

/// Changes role or notification level.
pub(super) fn change(
    connection: &Connection,
    channel: ChannelId,
    user: UserId,
    role: Option<ChannelRole>,
    level: Option<NotificationLevel>,
) -> rusqlite::Result<Option<Membership>> {
    connection
        .prepare_cached(
            "UPDATE members SET role = coalesce(?3, role),
                                notification_level = coalesce(?4, notification_level)
             WHERE channel = ?1 AND user = ?2",
        )?
        .execute(params![
            channel.as_u128().to_be_bytes(),
            user.as_u128().to_be_bytes(),
            role.map(ChannelRole::as_str),
            level.map(NotificationLevel::as_str),
        ])?;
    get(connection, channel, user)
}

/// Moves a read position forward, never back.
pub(super) fn mark_read(
    connection: &Connection,
    channel: ChannelId,
    user: UserId,
    seq: Seq,
    message: Option<MessageId>,
) -> rusqlite::Result<Option<Membership>> {
    connection
        .prepare_cached(
            "UPDATE members SET last_read_seq = ?3, last_read_message = ?4
             WHERE channel = ?1 AND user = ?2 AND last_read_seq < ?3",
        )?
        .execute(params![
            channel.as_u128().to_be_bytes(),
            user.as_u128().to_be_bytes(),
            seq.0.cast_signed(),
            message.map(|id| id.as_u128().to_be_bytes()),
        ])?;
    get(connection, channel, user)
}

/// People of the person's channels that have at most `members_max` members.
pub(super) fn companions(
    connection: &Connection,
    user: UserId,
    members_max: usize,
) -> rusqlite::Result<Vec<UserId>> {
    connection
        .prepare_cached(
            "SELECT DISTINCT other.user FROM members m
             JOIN channels c ON c.id = m.channel AND c.member_count <= ?2
             JOIN members other ON other.channel = c.id
             WHERE m.user = ?1 AND other.user <> ?1 ORDER BY other.user",
        )?
        .query_map(params![user.as_u128().to_be_bytes(), rows_max(members_max)], |row| {
            id_at(row, 0).map(UserId::from_u128)
        })?
        .collect()
}
