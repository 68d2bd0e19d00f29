//! Channels as rows.

use rusqlite::{Connection, OptionalExtension, Row, params};
use starling_actors::domain::{Channel, ChannelId, ChannelKind, OrgId, Timestamp, UserId};
use starling_actors::ports::{ChannelChange, DirectoryError, NewChannel};

use super::members;
use crate::adapters::sqlite::columns::{id as id_at, time, unreadable};

/// What [`channel_at`] reads.
pub(super) const COLUMNS: &str = "c.id, c.org, c.kind, c.name, c.description, c.topic, c.owner, \
     c.created_at, c.updated_at, c.member_count";

/// Columns in [`COLUMNS`].
pub(super) const COLUMNS_COUNT: usize = 10;

/// The channel in a row of [`COLUMNS`].
pub(super) fn channel_at(row: &Row<'_>) -> rusqlite::Result<Channel> {
    let kind: String = row.get(2)?;
    Ok(Channel {
        id: ChannelId::from_u128(id_at(row, 0)?),
        org: OrgId::from_u128(id_at(row, 1)?),
        kind: kind.parse().map_err(|cause| unreadable(2, cause))?,
        name: row.get(3)?,
        description: row.get(4)?,
        topic: row.get(5)?,
        owner: UserId::from_u128(id_at(row, 6)?),
        created_at: time(row, 7)?,
        updated_at: time(row, 8)?,
        member_count: row.get(9)?,
    })
}

/// The name as it is compared, for channels that are told apart by it. SQLite itself folds the
/// letters of ASCII only.
fn folded(kind: ChannelKind, name: &str) -> Option<String> {
    match kind {
        ChannelKind::Public | ChannelKind::Private => Some(name.to_lowercase()),
        ChannelKind::Direct | ChannelKind::Group => None,
    }
}

/// The pair of a direct channel: its people's ids in order, once each.
fn pair(new: &NewChannel) -> Option<Vec<u8>> {
    (new.channel.kind == ChannelKind::Direct).then(|| {
        let mut users: Vec<_> = new.members.iter().map(|(user, _)| *user).collect();
        users.sort_unstable();
        users.dedup();
        users.into_iter().flat_map(|user| user.as_u128().to_be_bytes()).collect()
    })
}

/// Makes a channel with its members, or finds the one that a direct pair has.
pub(super) fn create(
    connection: &Connection,
    new: &NewChannel,
) -> rusqlite::Result<Result<(Channel, bool), DirectoryError>> {
    let channel = &new.channel;
    if let Some(folded) = folded(channel.kind, &channel.name)
        && holder(connection, channel.org, &folded)?.is_some()
    {
        return Ok(Err(DirectoryError::NameTaken));
    }
    let pair = pair(new);
    if let Some(pair) = &pair
        && let Some(first) = of_pair(connection, channel.org, pair)?
    {
        return Ok(Ok((first, false)));
    }
    connection
        .prepare_cached(
            "INSERT INTO channels (id, org, kind, name, name_folded, pair, description, topic,
                                   owner, created_at, updated_at, member_count)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)",
        )?
        .execute(params![
            channel.id.as_u128().to_be_bytes(),
            channel.org.as_u128().to_be_bytes(),
            channel.kind.as_str(),
            channel.name,
            folded(channel.kind, &channel.name),
            pair,
            channel.description,
            channel.topic,
            channel.owner.as_u128().to_be_bytes(),
            channel.created_at.0,
            channel.updated_at.0,
        ])?;
    for (user, role) in &new.members {
        let member = members::newcomer(channel.id, *user, *role, channel.created_at);
        members::add(connection, member)?;
    }
    let made = get(connection, channel.org, channel.id)?;
    Ok(made.map(|channel| (channel, true)).ok_or(DirectoryError::Unavailable))
}

/// One channel of an organization.
pub(super) fn get(
    connection: &Connection,
    org: OrgId,
    id: ChannelId,
) -> rusqlite::Result<Option<Channel>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM channels c WHERE c.id = ?1 AND c.org = ?2"
        ))?
        .query_row([id.as_u128().to_be_bytes(), org.as_u128().to_be_bytes()], channel_at)
        .optional()
}

/// One channel, whichever organization's it is.
pub(super) fn find(connection: &Connection, id: ChannelId) -> rusqlite::Result<Option<Channel>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM channels c WHERE c.id = ?1"))?
        .query_row([id.as_u128().to_be_bytes()], channel_at)
        .optional()
}

/// The channel with a name, whatever its case.
pub(super) fn named(
    connection: &Connection,
    org: OrgId,
    name: &str,
) -> rusqlite::Result<Option<Channel>> {
    let id = holder(connection, org, &name.to_lowercase())?;
    id.map(|id| get(connection, org, id)).transpose().map(Option::flatten)
}

/// The public channels of an organization by name.
pub(super) fn public(connection: &Connection, org: OrgId) -> rusqlite::Result<Vec<Channel>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM channels c
             WHERE c.org = ?1 AND c.name_folded IS NOT NULL AND c.kind = 'public' ORDER BY c.name"
        ))?
        .query_map([org.as_u128().to_be_bytes()], channel_at)?
        .collect()
}

/// Changes the named parts of a channel.
pub(super) fn change(
    connection: &Connection,
    org: OrgId,
    id: ChannelId,
    change: ChannelChange,
    at: Timestamp,
) -> rusqlite::Result<Result<Option<Channel>, DirectoryError>> {
    let Some(mut channel) = get(connection, org, id)? else { return Ok(Ok(None)) };
    channel.name = change.name.unwrap_or(channel.name);
    channel.description = change.description.unwrap_or(channel.description);
    channel.topic = change.topic.unwrap_or(channel.topic);
    channel.owner = change.owner.unwrap_or(channel.owner);
    channel.kind = change.kind.unwrap_or(channel.kind);
    channel.updated_at = at;
    let folded = folded(channel.kind, &channel.name);
    if let Some(folded) = &folded
        && holder(connection, org, folded)?.is_some_and(|holder| holder != id)
    {
        return Ok(Err(DirectoryError::NameTaken));
    }
    connection
        .prepare_cached(
            "UPDATE channels SET kind = ?2, name = ?3, name_folded = ?4, description = ?5,
                                 topic = ?6, owner = ?7, updated_at = ?8 WHERE id = ?1",
        )?
        .execute(params![
            id.as_u128().to_be_bytes(),
            channel.kind.as_str(),
            channel.name,
            folded,
            channel.description,
            channel.topic,
            channel.owner.as_u128().to_be_bytes(),
            at.0,
        ])?;
    Ok(Ok(Some(channel)))
}

/// Removes a channel; its members and threads go with it.
pub(super) fn remove(connection: &Connection, org: OrgId, id: ChannelId) -> rusqlite::Result<bool> {
    let place = [id.as_u128().to_be_bytes(), org.as_u128().to_be_bytes()];
    let mut delete =
        connection.prepare_cached("DELETE FROM channels WHERE id = ?1 AND org = ?2")?;
    Ok(delete.execute(place)? > 0)
}

/// Who has a folded name.
fn holder(
    connection: &Connection,
    org: OrgId,
    folded: &str,
) -> rusqlite::Result<Option<ChannelId>> {
    connection
        .prepare_cached("SELECT id FROM channels WHERE org = ?1 AND name_folded = ?2")?
        .query_row(params![org.as_u128().to_be_bytes(), folded], |row| id_at(row, 0))
        .optional()
        .map(|id| id.map(ChannelId::from_u128))
}

fn of_pair(connection: &Connection, org: OrgId, pair: &[u8]) -> rusqlite::Result<Option<Channel>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM channels c WHERE c.org = ?1 AND c.pair = ?2"
        ))?
        .query_row(params![org.as_u128().to_be_bytes(), pair], channel_at)
        .optional()
}
