//! Threads as rows. Their counts are not stored: history counts messages.

use rusqlite::{Connection, OptionalExtension, Row, params};
use starling_actors::domain::{ChannelId, OrgId, Thread, ThreadId};

use crate::adapters::sqlite::columns::{id as id_at, time, unreadable};
use crate::adapters::sqlite::stored::{self, StoredThread, ThreadColumns};

/// What [`thread_at`] reads.
const COLUMNS: &str = "id, org, channel, created_at, updated_at, body";

fn thread_at(row: &Row<'_>) -> rusqlite::Result<Thread> {
    let columns = ThreadColumns {
        id: ThreadId::from_u128(id_at(row, 0)?),
        org: OrgId::from_u128(id_at(row, 1)?),
        channel: ChannelId::from_u128(id_at(row, 2)?),
        created_at: time(row, 3)?,
        updated_at: time(row, 4)?,
    };
    let body: Vec<u8> = row.get(5)?;
    let thread: StoredThread = stored::decode(&body).map_err(|cause| unreadable(5, cause))?;
    Ok(thread.into_thread(&columns))
}

/// Stores a thread, new or changed.
pub(super) fn put(connection: &Connection, thread: &Thread) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO threads (id, org, channel, created_at, updated_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, body = excluded.body",
        )?
        .execute(params![
            thread.id.as_u128().to_be_bytes(),
            thread.org.as_u128().to_be_bytes(),
            thread.channel.as_u128().to_be_bytes(),
            thread.created_at.0,
            thread.updated_at.0,
            stored::encode(&StoredThread::from(thread))?,
        ])?;
    Ok(())
}

/// One thread of an organization.
pub(super) fn get(
    connection: &Connection,
    org: OrgId,
    id: ThreadId,
) -> rusqlite::Result<Option<Thread>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM threads WHERE id = ?1 AND org = ?2"))?
        .query_row([id.as_u128().to_be_bytes(), org.as_u128().to_be_bytes()], thread_at)
        .optional()
}

/// The threads of a channel, newest first.
pub(super) fn of(connection: &Connection, channel: ChannelId) -> rusqlite::Result<Vec<Thread>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM threads WHERE channel = ?1 ORDER BY created_at DESC, id DESC"
        ))?
        .query_map([channel.as_u128().to_be_bytes()], thread_at)?
        .collect()
}
