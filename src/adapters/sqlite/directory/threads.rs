//! Threads as rows. Their counts are not stored: history counts messages.

use rusqlite::{Connection, OptionalExtension, Row, params};
use starling_actors::domain::{ChannelId, OrgId, Thread, ThreadId};

use crate::adapters::sqlite::columns::{encoded, id as id_at, time, unreadable};
use crate::adapters::stored::{self, StoredThread, ThreadColumns};

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

/// Makes a thread; `false` with the one that its root has, `None` without the channel.
pub(super) fn create(
    connection: &Connection,
    thread: Thread,
) -> rusqlite::Result<Option<(Thread, bool)>> {
    let channel = thread.channel.as_u128().to_be_bytes();
    let root = thread.root.map(|root| root.as_u128().to_be_bytes());
    let first = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM threads WHERE channel = ?1 AND root = ?2"))?
        .query_row(params![channel, root], thread_at)
        .optional()?;
    if let Some(first) = first {
        return Ok(Some((first, false)));
    }
    let made = connection
        .prepare_cached(
            "INSERT INTO threads (id, org, channel, root, created_at, updated_at, body)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM channels WHERE id = ?3)",
        )?
        .execute(params![
            thread.id.as_u128().to_be_bytes(),
            thread.org.as_u128().to_be_bytes(),
            channel,
            root,
            thread.created_at.0,
            thread.updated_at.0,
            encoded(&StoredThread::from(&thread))?,
        ])?;
    let thread = Thread { participant_count: 0, message_count: 0, ..thread };
    Ok((made > 0).then_some((thread, true)))
}

/// Stores a thread as it is after a change; `false` when it is not there.
pub(super) fn change(connection: &Connection, thread: &Thread) -> rusqlite::Result<bool> {
    let changed = connection
        .prepare_cached("UPDATE threads SET updated_at = ?2, body = ?3 WHERE id = ?1")?
        .execute(params![
            thread.id.as_u128().to_be_bytes(),
            thread.updated_at.0,
            encoded(&StoredThread::from(thread))?,
        ])?;
    Ok(changed > 0)
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
