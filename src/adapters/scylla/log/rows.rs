//! Rows of the table `messages`: what each kind is called, and an entry as the rows of a batch.

use scylla::value::{CqlValue, MaybeUnset};
use starling_actors::domain::{
    Bucket, ChannelId, Entry, Event, Message, MessageId, Posted, Seq, ThreadId, Timestamp, UserId,
};
use starling_actors::ports::IdempotencyKey;
use uuid::Uuid;

use crate::adapters::scylla::session::{Line, Statement};
use crate::adapters::stored::{self, BodyError, StoredEntry, StoredEvent, StoredMessage};

/// A message, under [`OUTSIDE`] or [`INSIDE`].
pub(in crate::adapters::scylla) const MESSAGE: i8 = 2;
/// A message of a thread.
pub(in crate::adapters::scylla) const THREAD: i8 = 3;
/// Someone is named by a message or by an edit.
pub(in crate::adapters::scylla) const NAMED: i8 = 4;
/// A message of an author.
pub(in crate::adapters::scylla) const AUTHOR: i8 = 5;
/// An edit or a deletion of a message.
pub(in crate::adapters::scylla) const CHANGE: i8 = 6;
/// A reaction on a message.
pub(in crate::adapters::scylla) const REACTION: i8 = 7;
/// A deletion in a thread.
pub(in crate::adapters::scylla) const THREAD_DELETION: i8 = 8;

/// Messages outside threads.
pub(in crate::adapters::scylla) const OUTSIDE: &str = "";
/// Messages of threads.
pub(in crate::adapters::scylla) const INSIDE: &str = "t";

/// Numbers of the kinds of events, as stored.
pub(in crate::adapters::scylla) const EDITED: i8 = 2;
pub(in crate::adapters::scylla) const DELETED: i8 = 3;
pub(super) const REACTION_TAKEN: i8 = 7;
pub(super) const REACTION_PUT: i8 = 8;
pub(super) const POSTED: i8 = 1;

const INSERT_ENTRY: Statement = Statement::conditional(
    "append",
    "INSERT INTO messages (channel, bucket, kind, cmid, seq, ordinal, at, event, message, thread,
                           client_id, body)
     VALUES (?, ?, 0, '', ?, ?, ?, ?, ?, ?, ?, ?)",
);
const INSERT_KEY: Statement = Statement::conditional(
    "append",
    "INSERT INTO messages (channel, bucket, kind, cmid, seq, target, message, at)
     VALUES (?, ?, 1, ?, 0, ?, ?, ?)",
);
const INSERT_INDEX: Statement = Statement::conditional(
    "append",
    "INSERT INTO messages (channel, bucket, kind, cmid, seq, event, at, message, author, target,
                           word)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
);
const SET_BODY: Statement = Statement::conditional(
    "append",
    "UPDATE messages SET body = ?
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq = ?",
);

/// A value of a line; what is unset leaves no cell, where a null would leave a tombstone.
pub(in crate::adapters::scylla) type Value = MaybeUnset<CqlValue>;

pub(in crate::adapters::scylla) fn big(number: u64) -> Value {
    Value::Set(CqlValue::BigInt(number.cast_signed()))
}

pub(in crate::adapters::scylla) fn id(number: u128) -> Value {
    Value::Set(CqlValue::Uuid(Uuid::from_u128(number)))
}

pub(in crate::adapters::scylla) fn text(words: &str) -> Value {
    Value::Set(CqlValue::Text(words.to_owned()))
}

pub(in crate::adapters::scylla) fn tiny(number: i8) -> Value {
    Value::Set(CqlValue::TinyInt(number))
}

fn time(at: Timestamp) -> Value {
    Value::Set(CqlValue::BigInt(at.0))
}

fn blob(bytes: Vec<u8>) -> Value {
    Value::Set(CqlValue::Blob(bytes))
}

/// The name under which rows about a thread or a person stand.
pub(in crate::adapters::scylla) fn name_of(number: u128) -> String {
    format!("{number:032x}")
}

/// The name under which changes of a message stand, in the order of positions.
pub(in crate::adapters::scylla) fn name_of_target(target: Seq) -> String {
    format!("{:016x}", target.0)
}

/// The position in such a name.
pub(in crate::adapters::scylla) fn target_of(name: &str) -> Option<Seq> {
    u64::from_str_radix(name, 16).ok().map(Seq)
}

/// The name of an idempotency key.
pub(in crate::adapters::scylla) fn name_of_key(key: &IdempotencyKey) -> String {
    format!("{:032x}{}", key.author.as_u128(), key.client_message_id.as_str())
}

/// The partition that lines are of.
#[derive(Clone, Copy)]
pub(super) struct Partition {
    pub(super) channel: ChannelId,
    pub(super) bucket: Bucket,
}

impl Partition {
    /// All rows of an entry. `has_words` is false for what a deletion in the same batch empties.
    pub(super) fn lines(self, entry: &Entry, has_words: bool) -> Result<Vec<Line>, BodyError> {
        let mut lines = vec![self.entry(entry, has_words)?];
        match &entry.event {
            Event::Posted(posted) => self.posted(entry, posted, &mut lines),
            Event::Edited { message, target, mentions, .. } => {
                lines.push(self.change(entry, *message, *target, EDITED));
                for user in mentions {
                    lines.push(self.named(*user, entry.seq, *target));
                }
            }
            Event::Deleted { message, target } => {
                lines.push(self.change(entry, *message, *target, DELETED));
            }
            Event::Reacted { message, target, emoji, added } => {
                let event = if *added { REACTION_PUT } else { REACTION_TAKEN };
                let mut index = Index::new(REACTION, name_of_target(*target), entry.seq);
                index.event = tiny(event);
                index.message = id(message.as_u128());
                index.author = id(entry.by.user.as_u128());
                index.word = text(emoji);
                lines.push(self.index(index));
            }
            Event::Joined { .. } | Event::Left { .. } => {}
        }
        Ok(lines)
    }

    fn posted(self, entry: &Entry, posted: &Posted, lines: &mut Vec<Line>) {
        let author = entry.by.user;
        if let Some(key) = &posted.client_message_id {
            let key = IdempotencyKey { author, client_message_id: key.clone() };
            lines.push(Line {
                statement: &INSERT_KEY,
                values: vec![
                    id(self.channel.as_u128()),
                    big(self.bucket.0),
                    text(&name_of_key(&key)),
                    big(entry.seq.0),
                    id(posted.id.as_u128()),
                    time(entry.at),
                ],
            });
        }
        let place = if posted.thread.is_some() { INSIDE } else { OUTSIDE };
        lines.push(self.index(Index::new(MESSAGE, place.to_owned(), entry.seq)));
        lines.push(self.index(Index::new(AUTHOR, name_of(author.as_u128()), entry.seq)));
        if let Some(thread) = posted.thread {
            let mut index = Index::new(THREAD, name_of(thread.as_u128()), entry.seq);
            index.author = id(author.as_u128());
            lines.push(self.index(index));
        }
        // Naming oneself calls nobody.
        for user in posted.mentions.iter().filter(|user| **user != author) {
            lines.push(self.named(*user, entry.seq, entry.seq));
        }
    }

    fn change(self, entry: &Entry, message: MessageId, target: Seq, event: i8) -> Line {
        let mut index = Index::new(CHANGE, name_of_target(target), entry.seq);
        index.event = tiny(event);
        index.at = time(entry.at);
        index.message = id(message.as_u128());
        index.author = id(entry.by.user.as_u128());
        self.index(index)
    }

    fn named(self, user: UserId, seq: Seq, target: Seq) -> Line {
        let mut index = Index::new(NAMED, name_of(user.as_u128()), seq);
        index.target = big(target.0);
        self.index(index)
    }

    /// The row that says that a message of a thread is deleted.
    pub(super) fn thread_deletion(self, thread: ThreadId, target: Seq) -> Line {
        self.index(Index::new(THREAD_DELETION, name_of(thread.as_u128()), target))
    }

    /// Takes the words out of a row of this partition.
    pub(super) fn without_words(self, entry: &Entry) -> Result<Line, BodyError> {
        Ok(Line {
            statement: &SET_BODY,
            values: vec![
                blob(body(entry, false)?),
                id(self.channel.as_u128()),
                big(self.bucket.0),
                big(entry.seq.0),
            ],
        })
    }

    fn entry(self, entry: &Entry, has_words: bool) -> Result<Line, BodyError> {
        let posted = entry.posted();
        let optional = |number: Option<u128>| number.map_or(Value::Unset, id);
        let key = posted.and_then(|posted| posted.client_message_id.as_ref());
        let thread = posted.and_then(|posted| posted.thread);
        Ok(Line {
            statement: &INSERT_ENTRY,
            values: vec![
                id(self.channel.as_u128()),
                big(self.bucket.0),
                big(entry.seq.0),
                big(entry.ordinal),
                time(entry.at),
                tiny(event_number(&entry.event)),
                optional(message_of(&entry.event).map(MessageId::as_u128)),
                optional(thread.map(ThreadId::as_u128)),
                key.map_or(Value::Unset, |key| text(key.as_str())),
                blob(body(entry, has_words)?),
            ],
        })
    }

    fn index(self, index: Index) -> Line {
        Line {
            statement: &INSERT_INDEX,
            values: vec![
                id(self.channel.as_u128()),
                big(self.bucket.0),
                tiny(index.kind),
                text(&index.name),
                big(index.seq.0),
                index.event,
                index.at,
                index.message,
                index.author,
                index.target,
                index.word,
            ],
        }
    }
}

/// A row of an index.
struct Index {
    kind: i8,
    name: String,
    seq: Seq,
    event: Value,
    at: Value,
    message: Value,
    author: Value,
    target: Value,
    word: Value,
}

impl Index {
    fn new(kind: i8, name: String, seq: Seq) -> Self {
        let [event, at, message, author, target, word] = [const { Value::Unset }; 6];
        Self { kind, name, seq, event, at, message, author, target, word }
    }
}

const fn event_number(event: &Event) -> i8 {
    match event {
        Event::Posted(_) => POSTED,
        Event::Edited { .. } => EDITED,
        Event::Deleted { .. } => DELETED,
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

/// What is stored in the row's `body`.
pub(super) fn body(entry: &Entry, has_words: bool) -> Result<Vec<u8>, BodyError> {
    if let Some(posted) = entry.posted() {
        let mut message = Message::posted(entry, posted);
        if !has_words {
            message.content.clear();
            message.mentions.clear();
            message.attachments.clear();
        }
        return stored::encode(&StoredMessage::from(&message));
    }
    let event = StoredEvent::of(&entry.event).ok_or(BodyError::Word)?;
    let mut stored_entry = StoredEntry { by: (&entry.by).into(), event };
    if !has_words {
        stored_entry.clear_words();
    }
    stored::encode(&stored_entry)
}
