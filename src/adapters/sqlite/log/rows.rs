//! Rows of the log's tables as domain values.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use starling_actors::domain::{
    ChannelId, ClientMessageId, Entry, Event, Message, MessageId, Posted, Reaction, Seq, ThreadId,
    UserId,
};

use crate::adapters::sqlite::columns::{count, id, optional_id, time, unreadable};
use crate::adapters::stored::{self, BodyError, MessageColumns, StoredEntry, StoredMessage};

/// What [`message_at`] reads.
pub(in crate::adapters::sqlite) const MESSAGE_COLUMNS: &str = "id, channel, seq, ordinal, thread, \
     client_message_id, is_edited, is_deleted, created_at, updated_at, body";

/// The message in a row of [`MESSAGE_COLUMNS`], without its reactions.
pub(in crate::adapters::sqlite) fn message_at(row: &Row<'_>) -> rusqlite::Result<Message> {
    let columns = MessageColumns {
        id: MessageId::from_u128(id(row, 0)?),
        channel: ChannelId::from_u128(id(row, 1)?),
        seq: Seq(count(row, 2)?),
        ordinal: count(row, 3)?,
        thread: optional_id(row, 4)?.map(ThreadId::from_u128),
        client_message_id: client_message_id(row, 5)?,
        is_edited: row.get(6)?,
        is_deleted: row.get(7)?,
        created_at: time(row, 8)?,
        updated_at: time(row, 9)?,
    };
    body::<StoredMessage>(row, 10)?.into_message(columns).map_err(|cause| unreadable(10, cause))
}

/// The reactions on a message: emoji in the order of their first use, people in that of theirs.
pub(in crate::adapters::sqlite) fn reactions(
    connection: &Connection,
    message: MessageId,
) -> rusqlite::Result<Vec<Reaction>> {
    let mut query = connection.prepare_cached(
        "SELECT emoji, user FROM reactions WHERE message = ?1 ORDER BY rank, place",
    )?;
    let mut rows = query.query([message.as_u128().to_be_bytes()])?;
    let mut reactions: Vec<Reaction> = Vec::new();
    while let Some(row) = rows.next()? {
        let (emoji, user) = (row.get::<_, String>(0)?, UserId::from_u128(id(row, 1)?));
        match reactions.last_mut().filter(|last| last.emoji == emoji) {
            Some(last) => last.users.push(user),
            None => reactions.push(Reaction { emoji, users: vec![user] }),
        }
    }
    Ok(reactions)
}

/// The entry in a row of the query in `entries`, which joins messages to the posted ones.
pub(super) fn entry_at(row: &Row<'_>, channel: ChannelId) -> rusqlite::Result<Entry> {
    let (seq, ordinal, at) = (Seq(count(row, 0)?), count(row, 1)?, time(row, 2)?);
    let message = optional_id(row, 3)?.map(MessageId::from_u128);
    let (by, event) = if row.get_ref(4)? != ValueRef::Null {
        let entry = body::<StoredEntry>(row, 4)?;
        let event = entry.event.into_event(message);
        (entry.by.into(), event.ok_or_else(|| unreadable(3, BodyError::Word))?)
    } else {
        let columns = MessageColumns {
            id: message.ok_or_else(|| unreadable(3, BodyError::Word))?,
            channel,
            seq,
            ordinal,
            thread: optional_id(row, 6)?.map(ThreadId::from_u128),
            client_message_id: client_message_id(row, 7)?,
            is_edited: false,
            is_deleted: false,
            created_at: at,
            updated_at: at,
        };
        let message = body::<StoredMessage>(row, 5)?
            .into_message(columns)
            .map_err(|cause| unreadable(5, cause))?;
        posted(message)
    };
    Ok(Entry { channel, seq, ordinal, by, at, event })
}

fn posted(message: Message) -> (starling_actors::domain::Byline, Event) {
    let event = Event::Posted(Posted {
        id: message.id,
        kind: message.kind,
        content: message.content,
        thread: message.thread,
        parent: message.parent,
        mentions: message.mentions,
        attachments: message.attachments,
        client_message_id: message.client_message_id,
    });
    (message.author, event)
}

fn client_message_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ClientMessageId>> {
    let text: Option<String> = row.get(column)?;
    text.map(ClientMessageId::new).transpose().map_err(|cause| unreadable(column, cause))
}

/// Decodes a body in a column.
pub(super) fn body<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let bytes = row.get_ref(column)?.as_blob().map_err(|cause| unreadable(column, cause))?;
    stored::decode(bytes).map_err(|cause| unreadable(column, cause))
}
