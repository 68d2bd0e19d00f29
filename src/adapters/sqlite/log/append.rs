//! An append: the fence, the rows, and messages as they stand after it, in one transaction.
//!
//! **Invariant:** words are in one place (`messages`), in its earlier versions and in its edits;
//! deleting a message empties all three.

use rusqlite::{Connection, OptionalExtension, params};
use starling_actors::domain::{BUCKET_ENTRIES, Entry, Event, Message, MessageId, Seq, Version};
use starling_actors::ports::{Append, AppendOutcome};

use super::rows::{MESSAGE_COLUMNS, body, message_at};
use crate::adapters::sqlite::columns::{count, encoded};
use crate::adapters::stored::{StoredEntry, StoredEvent, StoredMessage};

/// Stores entries if the fence is the expected one.
pub(super) fn append(connection: &Connection, append: &Append) -> rusqlite::Result<AppendOutcome> {
    let entries = append.entries.len() as u64;
    let changed = if is_contiguous(append) {
        connection
            .prepare_cached(
                "UPDATE buckets SET last_seq = ?5
                 WHERE channel = ?1 AND bucket = ?2 AND epoch = ?3 AND last_seq = ?4",
            )?
            .execute(params![
                append.channel.as_u128().to_be_bytes(),
                append.bucket.0.cast_signed(),
                append.epoch.0.cast_signed(),
                append.last_seq.0.cast_signed(),
                append.last_seq.plus(entries).0.cast_signed(),
            ])?
    } else {
        0
    };
    if changed == 0 {
        let stored = super::fence(connection, append.channel, append.bucket)?;
        return Ok(AppendOutcome::Refused(stored));
    }
    for entry in &append.entries {
        insert_entry(connection, entry)?;
        project(connection, entry)?;
    }
    Ok(AppendOutcome::Applied)
}

/// Whether the entries are the channel's next ones and stay within the bucket.
fn is_contiguous(append: &Append) -> bool {
    let places = (append.last_seq.0 + 1..).map(Seq);
    !append.entries.is_empty()
        && append.entries.iter().zip(places).all(|(entry, seq)| {
            entry.channel == append.channel
                && entry.seq == seq
                && (seq.0 - 1) / BUCKET_ENTRIES == append.bucket.0
        })
}

/// Numbers of the kinds of entries, as stored.
const fn kind(event: &Event) -> u8 {
    match event {
        Event::Posted(_) => 1,
        Event::Edited { .. } => 2,
        Event::Deleted { .. } => 3,
        Event::Reacted { .. } => 4,
        Event::Joined { .. } => 5,
        Event::Left { .. } => 6,
    }
}

const fn message_of(event: &Event) -> Option<MessageId> {
    match event {
        Event::Posted(posted) => Some(posted.id),
        Event::Edited { message, .. }
        | Event::Deleted { message, .. }
        | Event::Reacted { message, .. } => Some(*message),
        Event::Joined { .. } | Event::Left { .. } => None,
    }
}

fn insert_entry(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let body = StoredEvent::of(&entry.event)
        .map(|event| encoded(&StoredEntry { by: (&entry.by).into(), event }))
        .transpose()?;
    connection
        .prepare_cached(
            "INSERT INTO entries (channel, seq, ordinal, at, kind, message, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            entry.channel.as_u128().to_be_bytes(),
            entry.seq.0.cast_signed(),
            entry.ordinal.cast_signed(),
            entry.at.0,
            kind(&entry.event),
            message_of(&entry.event).map(|id| id.as_u128().to_be_bytes()),
            body,
        ])?;
    Ok(())
}

/// Brings the current state of messages up to an entry.
fn project(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    match &entry.event {
        Event::Posted(posted) => {
            let message = Message::posted(entry, posted);
            insert_message(connection, &message)?;
            insert_mentions(connection, &message)
        }
        Event::Edited { message, .. } => {
            let Some(mut message) = load(connection, entry, *message)? else { return Ok(()) };
            let before = message.clone();
            if let Some(version) = message.amend(entry) {
                insert_version(connection, message.id, &version)?;
                delete_mentions(connection, &before)?;
                insert_mentions(connection, &message)?;
                update_message(connection, &message)?;
            }
            Ok(())
        }
        Event::Deleted { message, .. } => {
            let Some(mut message) = load(connection, entry, *message)? else { return Ok(()) };
            delete_mentions(connection, &message)?;
            message.amend(entry);
            update_message(connection, &message)?;
            forget_words(connection, message.id)
        }
        Event::Reacted { message, emoji, added, .. } => match load(connection, entry, *message)? {
            Some(message) if !message.is_deleted => {
                react(connection, entry, &message, emoji, *added)
            }
            _ => Ok(()),
        },
        Event::Joined { .. } | Event::Left { .. } => Ok(()),
    }
}

/// The message that an entry changes, if it is one of the entry's channel.
fn load(
    connection: &Connection,
    entry: &Entry,
    message: MessageId,
) -> rusqlite::Result<Option<Message>> {
    connection
        .prepare_cached(&format!(
            "SELECT {MESSAGE_COLUMNS} FROM messages WHERE id = ?1 AND channel = ?2"
        ))?
        .query_row(
            [message.as_u128().to_be_bytes(), entry.channel.as_u128().to_be_bytes()],
            message_at,
        )
        .optional()
}

fn insert_message(connection: &Connection, message: &Message) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO messages (id, channel, seq, ordinal, author, thread, client_message_id,
                                   created_at, updated_at, is_edited, is_deleted, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            message.id.as_u128().to_be_bytes(),
            message.channel.as_u128().to_be_bytes(),
            message.seq.0.cast_signed(),
            message.ordinal.cast_signed(),
            message.author.user.as_u128().to_be_bytes(),
            message.thread.map(|id| id.as_u128().to_be_bytes()),
            message.client_message_id.as_ref().map(|id| id.as_str()),
            message.created_at.0,
            message.updated_at.0,
            message.is_edited,
            message.is_deleted,
            encoded(&StoredMessage::from(message))?,
        ])?;
    Ok(())
}

fn update_message(connection: &Connection, message: &Message) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE messages SET updated_at = ?2, is_edited = ?3, is_deleted = ?4, body = ?5
             WHERE id = ?1",
        )?
        .execute(params![
            message.id.as_u128().to_be_bytes(),
            message.updated_at.0,
            message.is_edited,
            message.is_deleted,
            encoded(&StoredMessage::from(message))?,
        ])?;
    Ok(())
}

/// Notes whom a message names; naming oneself calls nobody.
fn insert_mentions(connection: &Connection, message: &Message) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO mentions (channel, user, seq) VALUES (?1, ?2, ?3)",
    )?;
    for user in message.mentions.iter().filter(|user| **user != message.author.user) {
        insert.execute(params![
            message.channel.as_u128().to_be_bytes(),
            user.as_u128().to_be_bytes(),
            message.seq.0.cast_signed(),
        ])?;
    }
    Ok(())
}

fn delete_mentions(connection: &Connection, message: &Message) -> rusqlite::Result<()> {
    let mut delete = connection
        .prepare_cached("DELETE FROM mentions WHERE channel = ?1 AND user = ?2 AND seq = ?3")?;
    for user in &message.mentions {
        delete.execute(params![
            message.channel.as_u128().to_be_bytes(),
            user.as_u128().to_be_bytes(),
            message.seq.0.cast_signed(),
        ])?;
    }
    Ok(())
}

fn insert_version(
    connection: &Connection,
    message: MessageId,
    version: &Version,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO versions (message, number, content, by, at)
             SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4 FROM versions WHERE message = ?1",
        )?
        .execute(params![
            message.as_u128().to_be_bytes(),
            version.content,
            version.by.as_u128().to_be_bytes(),
            version.at.0,
        ])?;
    Ok(())
}

/// Removes what a deleted message leaves outside its own row.
fn forget_words(connection: &Connection, message: MessageId) -> rusqlite::Result<()> {
    let id = message.as_u128().to_be_bytes();
    connection.prepare_cached("DELETE FROM versions WHERE message = ?1")?.execute([id])?;
    connection.prepare_cached("DELETE FROM reactions WHERE message = ?1")?.execute([id])?;
    let edits = connection
        .prepare_cached("SELECT channel, seq, body FROM entries WHERE message = ?1 AND kind = 2")?
        .query_map([id], |row| Ok((row.get(0)?, count(row, 1)?, body::<StoredEntry>(row, 2)?)))?
        .collect::<rusqlite::Result<Vec<([u8; 16], u64, StoredEntry)>>>()?;
    let mut update = connection
        .prepare_cached("UPDATE entries SET body = ?3 WHERE channel = ?1 AND seq = ?2")?;
    for (channel, seq, mut edit) in edits {
        edit.clear_words();
        update.execute(params![channel, seq.cast_signed(), encoded(&edit)?])?;
    }
    Ok(())
}

fn react(
    connection: &Connection,
    entry: &Entry,
    message: &Message,
    emoji: &str,
    added: bool,
) -> rusqlite::Result<()> {
    // An emoji that is on the message keeps its rank; a new one comes after all others.
    let sql = if added {
        "INSERT OR IGNORE INTO reactions (message, emoji, user, rank) VALUES (?1, ?2, ?3, coalesce(
             (SELECT rank FROM reactions WHERE message = ?1 AND emoji = ?2 LIMIT 1),
             (SELECT coalesce(max(rank), 0) + 1 FROM reactions WHERE message = ?1)))"
    } else {
        "DELETE FROM reactions WHERE message = ?1 AND emoji = ?2 AND user = ?3"
    };
    let user = entry.by.user.as_u128().to_be_bytes();
    connection.prepare_cached(sql)?.execute(params![
        message.id.as_u128().to_be_bytes(),
        emoji,
        user
    ])?;
    Ok(())
}
