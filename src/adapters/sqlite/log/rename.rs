//! Another name for what somebody did: bylines are stored with it.
//!
//! **Invariant:** nothing but names changes in a row.

use rusqlite::{Connection, params};
use starling_actors::domain::{Byline, ChannelId, Seq, UserId};

use super::rows::body;
use crate::adapters::sqlite::columns::{count, encoded, id, limit as rows_max};
use crate::adapters::stored::{StoredEntry, StoredMessage};

/// Renames among at most `limit` entries above `after`; gives where to go on.
pub(super) fn rename(
    connection: &Connection,
    channel: ChannelId,
    by: &Byline,
    (after, limit): (Seq, usize),
) -> rusqlite::Result<Option<Seq>> {
    let place = channel.as_u128().to_be_bytes();
    let range = params![place, after.0.cast_signed(), rows_max(limit)];
    let mut seqs = connection.prepare_cached(
        "SELECT COUNT(*), MAX(seq) FROM
             (SELECT seq FROM entries WHERE channel = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3)",
    )?;
    let (looked_at, last) =
        seqs.query_row(range, |row| Ok((count(row, 0)?, row.get::<_, Option<i64>>(1)?)))?;
    let Some(last) = last else { return Ok(None) };
    let range = params![place, after.0.cast_signed(), last];
    rename_messages(connection, range, by)?;
    rename_entries(connection, range, by)?;
    Ok((looked_at == limit as u64).then_some(Seq(last.cast_unsigned())))
}

fn rename_messages(
    connection: &Connection,
    range: &[&dyn rusqlite::ToSql],
    by: &Byline,
) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "SELECT place, author, body FROM messages WHERE channel = ?1 AND seq > ?2 AND seq <= ?3",
    )?;
    let mut rows = query.query(range)?;
    let mut renamed: Vec<(i64, Vec<u8>)> = Vec::new();
    while let Some(row) = rows.next()? {
        if UserId::from_u128(id(row, 1)?) == by.user {
            let mut message = body::<StoredMessage>(row, 2)?;
            if message.rename(by) {
                renamed.push((row.get(0)?, encoded(&message)?));
            }
        }
    }
    let mut update = connection.prepare_cached("UPDATE messages SET body = ?2 WHERE place = ?1")?;
    for (place, body) in renamed {
        update.execute(params![place, body])?;
    }
    Ok(())
}

fn rename_entries(
    connection: &Connection,
    range: &[&dyn rusqlite::ToSql],
    by: &Byline,
) -> rusqlite::Result<()> {
    let mut query = connection.prepare_cached(
        "SELECT seq, body FROM entries
         WHERE channel = ?1 AND seq > ?2 AND seq <= ?3 AND body IS NOT NULL",
    )?;
    let mut rows = query.query(range)?;
    let mut renamed: Vec<(i64, Vec<u8>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let mut entry = body::<StoredEntry>(row, 1)?;
        if entry.rename(by) {
            renamed.push((row.get(0)?, encoded(&entry)?));
        }
    }
    let mut update = connection
        .prepare_cached("UPDATE entries SET body = ?3 WHERE channel = ?1 AND seq = ?2")?;
    for (seq, body) in renamed {
        update.execute(params![range[0], seq, body])?;
    }
    Ok(())
}
