//! What is inside the `body` columns of every store: MessagePack behind one byte that says which
//! version it is.
//!
//! These types are the storage's promise and no one else's: the domain and the wire may change
//! without them. Fields are stored by place, so new ones are added at the end, with a default;
//! anything else takes a new version byte.

use std::fmt;

use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use starling_actors::domain::{
    Attachment, Byline, ChannelId, ClientMessageId, Event, FileId, Message, MessageId, OrgId, Seq,
    Thread, ThreadId, Timestamp, UserId,
};

/// The version that is written.
const VERSION: u8 = 1;

/// A body that this version cannot read, or write.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    /// Written by another version.
    #[error("the stored body has version {0:?}, this program reads version {VERSION}")]
    Version(Option<u8>),
    /// Damaged.
    #[error("the stored body cannot be read: {0}")]
    Damaged(#[from] rmp_serde::decode::Error),
    /// Not to be written.
    #[error("the body cannot be written: {0}")]
    Unwritten(#[from] rmp_serde::encode::Error),
    /// A word in it is not known.
    #[error("the stored body has an unknown word")]
    Word,
}

/// Encodes a body.
pub(super) fn encode<T: Serialize>(body: &T) -> Result<Vec<u8>, BodyError> {
    let mut bytes = vec![VERSION];
    rmp_serde::encode::write(&mut bytes, body)?;
    Ok(bytes)
}

/// Decodes a body.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    match bytes.split_first() {
        Some((&VERSION, body)) => Ok(rmp_serde::from_slice(body)?),
        other => Err(BodyError::Version(other.map(|(version, _)| *version))),
    }
}

/// An id as its 16 bytes, big-endian. An array of numbers would take almost twice the space.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredId(u128);

impl Serialize for StoredId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0.to_be_bytes())
    }
}

impl<'de> Deserialize<'de> for StoredId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = StoredId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("16 bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<StoredId, E> {
                let bytes = bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))?;
                Ok(StoredId(u128::from_be_bytes(bytes)))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

fn ids<T: Copy>(ids: &[T], number: impl Fn(T) -> u128) -> Vec<StoredId> {
    ids.iter().map(|id| StoredId(number(*id))).collect()
}

fn from_ids<T>(ids: Vec<StoredId>, make: impl Fn(u128) -> T) -> Vec<T> {
    ids.into_iter().map(|id| make(id.0)).collect()
}

/// The part of a message that no query looks at; the rest are columns.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredMessage {
    kind: String,
    author: StoredByline,
    content: String,
    parent: Option<StoredId>,
    mentions: Vec<StoredId>,
    attachments: Vec<StoredAttachment>,
}

impl From<&Message> for StoredMessage {
    fn from(message: &Message) -> Self {
        Self {
            kind: message.kind.as_str().to_owned(),
            author: (&message.author).into(),
            content: message.content.clone(),
            parent: message.parent.map(|id| StoredId(id.as_u128())),
            mentions: ids(&message.mentions, UserId::as_u128),
            attachments: message.attachments.iter().map(StoredAttachment::from).collect(),
        }
    }
}

/// The columns of a message.
pub(super) struct MessageColumns {
    pub(super) id: MessageId,
    pub(super) channel: ChannelId,
    pub(super) seq: Seq,
    pub(super) ordinal: u64,
    pub(super) thread: Option<ThreadId>,
    pub(super) client_message_id: Option<ClientMessageId>,
    pub(super) is_edited: bool,
    pub(super) is_deleted: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl StoredMessage {
    /// Puts the message together again; its reactions are rows of their own.
    pub(super) fn into_message(self, columns: MessageColumns) -> Result<Message, BodyError> {
        Ok(Message {
            id: columns.id,
            channel: columns.channel,
            seq: columns.seq,
            ordinal: columns.ordinal,
            author: self.author.into(),
            kind: self.kind.parse().map_err(|_| BodyError::Word)?,
            content: self.content,
            thread: columns.thread,
            parent: self.parent.map(|id| MessageId::from_u128(id.0)),
            mentions: from_ids(self.mentions, UserId::from_u128),
            attachments: self.attachments.into_iter().map(Attachment::from).collect(),
            client_message_id: columns.client_message_id,
            reactions: Vec::new(),
            is_edited: columns.is_edited,
            is_deleted: columns.is_deleted,
            created_at: columns.created_at,
            updated_at: columns.updated_at,
        })
    }
}

/// A file of a message, by place as everything here.
#[derive(Debug, Serialize, Deserialize)]
struct StoredAttachment(StoredId, String, String, u64, Option<(u32, u32)>);

impl From<&Attachment> for StoredAttachment {
    fn from(file: &Attachment) -> Self {
        let (name, mime_type) = (file.name.clone(), file.mime_type.clone());
        Self(StoredId(file.id.as_u128()), name, mime_type, file.bytes, file.pixels)
    }
}

impl From<StoredAttachment> for Attachment {
    fn from(StoredAttachment(id, name, mime_type, bytes, pixels): StoredAttachment) -> Self {
        Self { id: FileId::from_u128(id.0), name, mime_type, bytes, pixels }
    }
}

/// Who caused an entry.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredByline(StoredId, String, String, String);

impl From<&Byline> for StoredByline {
    fn from(by: &Byline) -> Self {
        let (username, full_name) = (by.username.clone(), by.full_name.clone());
        Self(StoredId(by.user.as_u128()), username, full_name, by.avatar_url.clone())
    }
}

impl From<StoredByline> for Byline {
    fn from(by: StoredByline) -> Self {
        let user = UserId::from_u128(by.0.0);
        Self { user, username: by.1, full_name: by.2, avatar_url: by.3 }
    }
}

/// An entry other than a posted message. The message it concerns is a column.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredEntry {
    pub(super) by: StoredByline,
    pub(super) event: StoredEvent,
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum StoredEvent {
    #[serde(rename = "e")]
    Edited { target: u64, content: String, mentions: Vec<StoredId> },
    #[serde(rename = "d")]
    Deleted { target: u64 },
    #[serde(rename = "r")]
    Reacted { target: u64, emoji: String, added: bool },
    #[serde(rename = "j")]
    Joined { member: StoredByline },
    #[serde(rename = "l")]
    Left { member: StoredByline },
}

impl StoredEvent {
    /// What is stored of an event in its own row; a posted message has a row of another table.
    pub(super) fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Posted(_) => return None,
            Event::Edited { target, content, mentions, .. } => Self::Edited {
                target: target.0,
                content: content.clone(),
                mentions: ids(mentions, UserId::as_u128),
            },
            Event::Deleted { target, .. } => Self::Deleted { target: target.0 },
            Event::Reacted { target, emoji, added, .. } => {
                Self::Reacted { target: target.0, emoji: emoji.clone(), added: *added }
            }
            Event::Joined { member } => Self::Joined { member: member.into() },
            Event::Left { member } => Self::Left { member: member.into() },
        })
    }

    /// The domain's event; `message` is the column beside it.
    pub(super) fn into_event(self, message: Option<MessageId>) -> Option<Event> {
        Some(match self {
            Self::Edited { target, content, mentions } => Event::Edited {
                message: message?,
                target: Seq(target),
                content,
                mentions: from_ids(mentions, UserId::from_u128),
            },
            Self::Deleted { target } => Event::Deleted { message: message?, target: Seq(target) },
            Self::Reacted { target, emoji, added } => {
                Event::Reacted { message: message?, target: Seq(target), emoji, added }
            }
            Self::Joined { member } => Event::Joined { member: member.into() },
            Self::Left { member } => Event::Left { member: member.into() },
        })
    }
}

/// The part of a thread that no query looks at; the rest are columns.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredThread {
    root: Option<StoredId>,
    title: String,
    is_llm_enabled: bool,
    allowed_databases: Vec<String>,
    allowed_tables: Vec<String>,
    created_by: StoredId,
}

/// The columns of a thread.
pub(super) struct ThreadColumns {
    pub(super) id: ThreadId,
    pub(super) org: OrgId,
    pub(super) channel: ChannelId,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl From<&Thread> for StoredThread {
    fn from(thread: &Thread) -> Self {
        Self {
            root: thread.root.map(|id| StoredId(id.as_u128())),
            title: thread.title.clone(),
            is_llm_enabled: thread.is_llm_enabled,
            allowed_databases: thread.allowed_databases.clone(),
            allowed_tables: thread.allowed_tables.clone(),
            created_by: StoredId(thread.created_by.as_u128()),
        }
    }
}

impl StoredThread {
    /// Puts the thread together again, its counts zero.
    pub(super) fn into_thread(self, columns: &ThreadColumns) -> Thread {
        Thread {
            id: columns.id,
            org: columns.org,
            channel: columns.channel,
            root: self.root.map(|id| MessageId::from_u128(id.0)),
            title: self.title,
            is_llm_enabled: self.is_llm_enabled,
            allowed_databases: self.allowed_databases,
            allowed_tables: self.allowed_tables,
            created_by: UserId::from_u128(self.created_by.0),
            created_at: columns.created_at,
            updated_at: columns.updated_at,
            participant_count: 0,
            message_count: 0,
            recent_participants: Vec::new(),
        }
    }
}

impl StoredByline {
    /// Another name for the same person; `false` when it is somebody else, or shown so already.
    fn rename(&mut self, by: &Byline) -> bool {
        let is_theirs = self.0.0 == by.user.as_u128()
            && (self.1 != by.username || self.2 != by.full_name || self.3 != by.avatar_url);
        if is_theirs {
            *self = by.into();
        }
        is_theirs
    }
}

impl StoredMessage {
    /// Another name for its author; `false` when it has another one, or is shown so already.
    pub(super) fn rename(&mut self, by: &Byline) -> bool {
        self.author.rename(by)
    }
}

impl StoredEntry {
    /// Another name for who did it, and who came or left; `false` when nothing is theirs.
    pub(super) fn rename(&mut self, by: &Byline) -> bool {
        let is_theirs = self.by.rename(by);
        match &mut self.event {
            StoredEvent::Joined { member } | StoredEvent::Left { member } => {
                member.rename(by) || is_theirs
            }
            StoredEvent::Edited { .. }
            | StoredEvent::Deleted { .. }
            | StoredEvent::Reacted { .. } => is_theirs,
        }
    }

    /// Takes the words out of an edit, once its message is deleted.
    pub(super) fn clear_words(&mut self) {
        if let StoredEvent::Edited { content, mentions, .. } = &mut self.event {
            content.clear();
            mentions.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_another_version_is_refused_by_its_number() {
        let refusal = decode::<StoredId>(&[9, 1, 2]).unwrap_err();

        assert!(refusal.to_string().contains("version Some(9)"));
    }

    #[test]
    fn an_id_takes_eighteen_bytes_and_reads_back() {
        let bytes = encode(&StoredId(u128::MAX - 5)).unwrap();

        assert_eq!(bytes.len(), 1 + 2 + 16);
        assert_eq!(decode::<StoredId>(&bytes).unwrap().0, u128::MAX - 5);
    }
}
