//! Entries and changes of messages, read back from their rows.

use scylla::DeserializeRow;
use starling_actors::domain::{
    Byline, ChannelId, ClientMessageId, Entry, Event, Message, MessageId, Posted, Seq, ThreadId,
    Timestamp, UserId,
};
use uuid::Uuid;

use super::rows::{DELETED, EDITED, POSTED, REACTION_PUT, REACTION_TAKEN, target_of};
use crate::adapters::stored::{self, BodyError, MessageColumns, StoredEntry, StoredMessage};

/// A row of an entry.
#[derive(Debug, DeserializeRow)]
pub(super) struct EntryRow {
    seq: i64,
    ordinal: i64,
    at: i64,
    message: Option<Uuid>,
    thread: Option<Uuid>,
    client_id: Option<String>,
    event: i8,
    body: Vec<u8>,
}

impl EntryRow {
    /// The entry, with the words that its row has.
    pub(super) fn into_entry(self, channel: ChannelId) -> Result<Entry, BodyError> {
        let (seq, ordinal) = (Seq(self.seq.cast_unsigned()), self.ordinal.cast_unsigned());
        let at = Timestamp(self.at);
        let message = self.message.map(|id| MessageId::from_u128(id.as_u128()));
        if self.event != POSTED {
            let stored: StoredEntry = stored::decode(&self.body)?;
            let event = stored.event.into_event(message).ok_or(BodyError::Word)?;
            return Ok(Entry { channel, seq, ordinal, by: stored.by.into(), at, event });
        }
        let columns = MessageColumns {
            id: message.ok_or(BodyError::Word)?,
            channel,
            seq,
            ordinal,
            thread: self.thread.map(|id| ThreadId::from_u128(id.as_u128())),
            client_message_id: self
                .client_id
                .map(ClientMessageId::new)
                .transpose()
                .map_err(|_| BodyError::Word)?,
            is_edited: false,
            is_deleted: false,
            created_at: at,
            updated_at: at,
        };
        let message = stored::decode::<StoredMessage>(&self.body)?.into_message(columns)?;
        let by = message.author.clone();
        Ok(Entry { channel, seq, ordinal, by, at, event: Event::Posted(posted(message)) })
    }
}

fn posted(message: Message) -> Posted {
    Posted {
        id: message.id,
        kind: message.kind,
        content: message.content,
        thread: message.thread,
        parent: message.parent,
        mentions: message.mentions,
        attachments: message.attachments,
        client_message_id: message.client_message_id,
    }
}

/// A row of kind [`CHANGE`](super::rows::CHANGE) or [`REACTION`](super::rows::REACTION).
#[derive(Debug, DeserializeRow)]
pub(super) struct ChangeRow {
    cmid: String,
    seq: i64,
    event: i8,
    at: Option<i64>,
    message: Uuid,
    author: Uuid,
    word: Option<String>,
}

/// What a row says that happened to a message.
pub(super) enum Change {
    /// An edit, whose words are in its entry's row.
    Edit(Seq),
    /// A deletion or a reaction, with all that [`Message::amend`] looks at.
    Whole(Box<Entry>),
}

impl ChangeRow {
    /// The position of the message, and what happened to it.
    pub(super) fn into_change(self, channel: ChannelId) -> Result<(Seq, Change), BodyError> {
        let target = target_of(&self.cmid).ok_or(BodyError::Word)?;
        let seq = Seq(self.seq.cast_unsigned());
        let message = MessageId::from_u128(self.message.as_u128());
        let event = match self.event {
            EDITED => return Ok((target, Change::Edit(seq))),
            DELETED => Event::Deleted { message, target },
            REACTION_PUT | REACTION_TAKEN => Event::Reacted {
                message,
                target,
                emoji: self.word.ok_or(BodyError::Word)?,
                added: self.event == REACTION_PUT,
            },
            _ => return Err(BodyError::Word),
        };
        let by = Byline {
            user: UserId::from_u128(self.author.as_u128()),
            username: String::new(),
            full_name: String::new(),
            avatar_url: String::new(),
        };
        let at = Timestamp(self.at.unwrap_or_default());
        let entry = Entry { channel, seq, ordinal: 0, by, at, event };
        Ok((target, Change::Whole(Box::new(entry))))
    }
}
