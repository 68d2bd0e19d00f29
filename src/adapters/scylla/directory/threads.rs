//! Threads: rows of one partition for each channel, found by their id over `threads_by_id`. Their
//! counts are not stored: history counts messages.
//!
//! A thread and the claim on its root message are made by one conditional batch, so a root has one.
//! The pointer by id is written first: one that leads nowhere is as good as none. A thread counts only
//! while its channel is there: what a removed channel leaves behind is not found.

use starling_actors::domain::{ChannelId, MessageId, OrgId, Thread, ThreadId, Timestamp};
use starling_actors::ports::DirectoryError;
use uuid::Uuid;

use super::{ROWS_MAX, ScyllaDirectory, header};
use crate::adapters::scylla::cells::{Cell, bytes, held, id, number, text, time};
use crate::adapters::scylla::session::unreadable;
use crate::adapters::scylla::settle::{Freshness, Outcome, Question, Write, change as settle};
use crate::adapters::scylla::{Session, Statement, StoreError};
use crate::adapters::stored::{self, StoredThread, ThreadColumns};

const POINT: Statement = Statement::write(
    "thread_by_id_put",
    "INSERT INTO threads_by_id (id, org, channel) VALUES (?, ?, ?)",
);
const UNPOINT: Statement =
    Statement::write("thread_by_id_delete", "DELETE FROM threads_by_id WHERE id = ?");
const POINTER: Statement =
    Statement::read("thread_by_id", "SELECT org, channel FROM threads_by_id WHERE id = ?");
const MAKE: Statement = Statement::conditional(
    "thread_make",
    "INSERT INTO threads (channel, slot, id, org, created_at, updated_at, body) \
     VALUES (?, 'thread', ?, ?, ?, ?, ?) IF NOT EXISTS",
);
const TAKE_ROOT: Statement = Statement::conditional(
    "thread_take_root",
    "INSERT INTO threads (channel, slot, id, thread) VALUES (?, 'root', ?, ?) IF NOT EXISTS",
);
const ROOT: Statement = Statement::serial_read(
    "thread_of_root",
    "SELECT thread FROM threads WHERE channel = ? AND slot = 'root' AND id = ?",
);
const THREAD: Question = Question::new(
    "thread_get",
    "SELECT id, org, created_at, updated_at, body FROM threads \
     WHERE channel = ? AND slot = 'thread' AND id = ?",
);
const THREADS: Statement = Statement::read(
    "thread_list",
    "SELECT id, org, created_at, updated_at, body FROM threads \
     WHERE channel = ? AND slot = 'thread'",
);
const CHANGE: Statement = Statement::conditional(
    "thread_change",
    "UPDATE threads SET updated_at = ?, body = ? \
     WHERE channel = ? AND slot = 'thread' AND id = ? IF EXISTS",
);
const SLOTS: Statement =
    Statement::read("thread_slots", "SELECT slot, id FROM threads WHERE channel = ? LIMIT ?");
const DELETE: Statement = Statement::conditional(
    "thread_delete",
    "DELETE FROM threads WHERE channel = ? AND slot = ? AND id = ? IF EXISTS",
);

#[derive(scylla::DeserializeRow)]
struct ThreadRow {
    id: Option<Uuid>,
    org: Option<Uuid>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
    body: Option<Vec<u8>>,
}

impl ThreadRow {
    fn into_thread(self, channel: ChannelId) -> Result<Thread, StoreError> {
        let columns = ThreadColumns {
            id: ThreadId::from_u128(held(self.id, "threads.id")?.as_u128()),
            org: OrgId::from_u128(held(self.org, "threads.org")?.as_u128()),
            channel,
            created_at: Timestamp(held(self.created_at, "threads.created_at")?),
            updated_at: Timestamp(held(self.updated_at, "threads.updated_at")?),
        };
        let body = held(self.body, "threads.body")?;
        let thread: StoredThread =
            stored::decode(&body).map_err(|error| unreadable("threads.body", &error))?;
        Ok(thread.into_thread(&columns))
    }
}

fn body(thread: &Thread) -> Result<Cell, StoreError> {
    let body = stored::encode(&StoredThread::from(thread));
    Ok(bytes(&body.map_err(|error| unreadable("threads.body", &error))?))
}

/// Whether a channel is there.
async fn is_live(session: &Session, channel: ChannelId) -> Result<bool, StoreError> {
    let header = header::read(session, channel, Freshness::Answered).await?;
    Ok(header.is_some_and(|header| header.live().is_some()))
}

/// Makes a thread, or gives the one that its root has, with `false`.
pub(super) async fn create(
    directory: &ScyllaDirectory,
    thread: Thread,
) -> Result<(Thread, bool), DirectoryError> {
    let session = &*directory.session;
    if !is_live(session, thread.channel).await? {
        return Err(DirectoryError::NoChannel);
    }
    let (channel, own) = (id(thread.channel.as_u128()), id(thread.id.as_u128()));
    let org = id(thread.org.as_u128());
    session.write(&POINT, vec![own.clone(), org.clone(), channel.clone()]).await?;
    let (created_at, updated_at) = (time(thread.created_at), time(thread.updated_at));
    let cells = [channel.clone(), own.clone(), org, created_at, updated_at, body(&thread)?];
    let mut writes = vec![Write::new(&MAKE, cells)];
    if let Some(root) = thread.root {
        writes.push(Write::new(&TAKE_ROOT, [channel, id(root.as_u128()), own]));
    }
    // Its id is its mark: nobody else makes a thread with it.
    let landed = async {
        let found = get_at(session, thread.channel, thread.id, Freshness::Settled).await?;
        Ok(Some(found.is_some()))
    };
    if settle(session, "thread_make", &writes, landed).await? == Outcome::Applied {
        return Ok((Thread { participant_count: 0, message_count: 0, ..thread }, true));
    }
    let first = match thread.root {
        Some(root) => of_root(session, thread.channel, root).await?,
        None => None,
    };
    // The pointer to a thread that was not made is of no more use; should it stay, it leads nowhere.
    if first.as_ref().is_some_and(|first| first.id != thread.id) {
        session.write(&UNPOINT, vec![id(thread.id.as_u128())]).await.ok();
    }
    first.map(|first| (first, false)).ok_or(DirectoryError::Unavailable)
}

async fn of_root(
    session: &Session,
    channel: ChannelId,
    root: MessageId,
) -> Result<Option<Thread>, StoreError> {
    let cells = vec![id(channel.as_u128()), id(root.as_u128())];
    let row: Option<(Option<Uuid>,)> = session.row(&ROOT, cells).await?;
    let Some((thread,)) = row else { return Ok(None) };
    let thread = ThreadId::from_u128(held(thread, "threads.thread")?.as_u128());
    get_at(session, channel, thread, Freshness::Settled).await
}

async fn get_at(
    session: &Session,
    channel: ChannelId,
    thread: ThreadId,
    freshness: Freshness,
) -> Result<Option<Thread>, StoreError> {
    let cells = vec![id(channel.as_u128()), id(thread.as_u128())];
    let row: Option<ThreadRow> = session.row(THREAD.at(freshness), cells).await?;
    row.map(|row| row.into_thread(channel)).transpose()
}

/// Stores a thread as it is after a change.
pub(super) async fn change(
    directory: &ScyllaDirectory,
    thread: &Thread,
) -> Result<(), DirectoryError> {
    let session = &*directory.session;
    if !is_live(session, thread.channel).await? {
        return Err(DirectoryError::NoChannel);
    }
    let place = [id(thread.channel.as_u128()), id(thread.id.as_u128())];
    let cells = [vec![time(thread.updated_at), body(thread)?], place.to_vec()].concat();
    let write = Write::new(&CHANGE, cells);
    // Once it is gone, an earlier time of this change is of no consequence.
    let changed = settle(session, "thread_change", &[write], async { Ok(Some(false)) }).await?;
    if changed == Outcome::Applied { Ok(()) } else { Err(DirectoryError::NoChannel) }
}

/// One thread of an organization.
pub(super) async fn get(
    directory: &ScyllaDirectory,
    org: OrgId,
    thread: ThreadId,
) -> Result<Option<Thread>, StoreError> {
    let session = &*directory.session;
    let row: Option<(Option<Uuid>, Option<Uuid>)> =
        session.row(&POINTER, vec![id(thread.as_u128())]).await?;
    let Some((Some(owner), Some(channel))) = row else { return Ok(None) };
    if OrgId::from_u128(owner.as_u128()) != org {
        return Ok(None);
    }
    let channel = ChannelId::from_u128(channel.as_u128());
    let (is_live, thread) = tokio::try_join!(
        is_live(session, channel),
        get_at(session, channel, thread, Freshness::Answered)
    )?;
    Ok(thread.filter(|_| is_live))
}

/// The threads of a channel, newest first.
pub(super) async fn of(
    directory: &ScyllaDirectory,
    channel: ChannelId,
) -> Result<Vec<Thread>, StoreError> {
    let session = &*directory.session;
    if !is_live(session, channel).await? {
        return Ok(Vec::new());
    }
    let rows: Vec<ThreadRow> = session.rows(&THREADS, vec![id(channel.as_u128())]).await?;
    let threads: Result<Vec<_>, _> = rows.into_iter().map(|row| row.into_thread(channel)).collect();
    let mut threads = threads?;
    threads.sort_unstable_by_key(|thread| std::cmp::Reverse((thread.created_at, thread.id)));
    Ok(threads)
}

/// Deletes the threads of a removed channel.
pub(super) async fn clean(
    directory: &ScyllaDirectory,
    channel: ChannelId,
) -> Result<(), StoreError> {
    let session = &*directory.session;
    let rows_max = number(i32::try_from(ROWS_MAX).unwrap_or(i32::MAX));
    loop {
        let cells = vec![id(channel.as_u128()), rows_max.clone()];
        let slots: Vec<(String, Uuid)> = session.rows(&SLOTS, cells).await?;
        if slots.is_empty() {
            return Ok(());
        }
        let mut writes = Vec::new();
        for (slot, own) in slots {
            if slot == "thread" {
                session.write(&UNPOINT, vec![id(own.as_u128())]).await?;
            }
            let cells = vec![id(channel.as_u128()), text(&slot), id(own.as_u128())];
            writes.push(Write::new(&DELETE, cells));
        }
        // Refused: another one deletes the same, and the next look shows what is left.
        settle(session, "thread_delete", &writes, async { Ok(Some(true)) }).await?;
    }
}
