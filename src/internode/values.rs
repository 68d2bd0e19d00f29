//! The values inside what nodes say: ids, bylines, channels, entries of a log.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use starling_actors::domain::{
    Attachment, Byline, Channel, ChannelId, ClientMessageId, Entry, Event, FileId, MessageId,
    OrgId, Posted, Seq, ThreadId, Timestamp, UserId,
};

use super::SpeechError;

/// An id as its 16 bytes, big-endian.
#[derive(Clone, Copy, Debug)]
pub(super) struct SaidId(pub(super) u128);

impl Serialize for SaidId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0.to_be_bytes())
    }
}

impl<'de> Deserialize<'de> for SaidId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = SaidId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("16 bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<SaidId, E> {
                let bytes = bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))?;
                Ok(SaidId(u128::from_be_bytes(bytes)))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

pub(super) fn ids<T: Copy>(ids: &[T], number: impl Fn(T) -> u128) -> Vec<SaidId> {
    ids.iter().map(|id| SaidId(number(*id))).collect()
}

pub(super) fn from_ids<T>(ids: Vec<SaidId>, make: impl Fn(u128) -> T) -> Vec<T> {
    ids.into_iter().map(|id| make(id.0)).collect()
}

/// The idempotency key; it was checked where it came in, and is checked again.
pub(super) fn key(text: Option<String>) -> Result<Option<ClientMessageId>, SpeechError> {
    text.map(ClientMessageId::new).transpose().map_err(|_| SpeechError::Word)
}

/// A person, as they write.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidByline(SaidId, String, String, String);

impl From<&Byline> for SaidByline {
    fn from(by: &Byline) -> Self {
        let (username, full_name) = (by.username.clone(), by.full_name.clone());
        Self(SaidId(by.user.as_u128()), username, full_name, by.avatar_url.clone())
    }
}

impl From<SaidByline> for Byline {
    fn from(by: SaidByline) -> Self {
        let user = UserId::from_u128(by.0.0);
        Self { user, username: by.1, full_name: by.2, avatar_url: by.3 }
    }
}

/// A channel's public part.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidChannel {
    id: SaidId,
    org: SaidId,
    kind: String,
    name: String,
    description: String,
    topic: String,
    owner: SaidId,
    created_at: i64,
    updated_at: i64,
    member_count: u32,
}

impl From<&Channel> for SaidChannel {
    fn from(channel: &Channel) -> Self {
        Self {
            id: SaidId(channel.id.as_u128()),
            org: SaidId(channel.org.as_u128()),
            kind: channel.kind.as_str().to_owned(),
            name: channel.name.clone(),
            description: channel.description.clone(),
            topic: channel.topic.clone(),
            owner: SaidId(channel.owner.as_u128()),
            created_at: channel.created_at.0,
            updated_at: channel.updated_at.0,
            member_count: channel.member_count,
        }
    }
}

impl TryFrom<SaidChannel> for Channel {
    type Error = SpeechError;

    fn try_from(channel: SaidChannel) -> Result<Self, SpeechError> {
        Ok(Self {
            id: ChannelId::from_u128(channel.id.0),
            org: OrgId::from_u128(channel.org.0),
            kind: channel.kind.parse().map_err(|_| SpeechError::Word)?,
            name: channel.name,
            description: channel.description,
            topic: channel.topic,
            owner: UserId::from_u128(channel.owner.0),
            created_at: Timestamp(channel.created_at),
            updated_at: Timestamp(channel.updated_at),
            member_count: channel.member_count,
        })
    }
}

/// One entry of a channel's log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidEntry {
    channel: SaidId,
    seq: u64,
    ordinal: u64,
    by: SaidByline,
    at: i64,
    event: SaidLogEvent,
}

impl From<&Entry> for SaidEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            channel: SaidId(entry.channel.as_u128()),
            seq: entry.seq.0,
            ordinal: entry.ordinal,
            by: (&entry.by).into(),
            at: entry.at.0,
            event: (&entry.event).into(),
        }
    }
}

impl TryFrom<SaidEntry> for Entry {
    type Error = SpeechError;

    fn try_from(entry: SaidEntry) -> Result<Self, SpeechError> {
        Ok(Self {
            channel: ChannelId::from_u128(entry.channel.0),
            seq: Seq(entry.seq),
            ordinal: entry.ordinal,
            by: entry.by.into(),
            at: Timestamp(entry.at),
            event: entry.event.try_into()?,
        })
    }
}

/// What happened in a channel.
#[derive(Debug, Serialize, Deserialize)]
enum SaidLogEvent {
    #[serde(rename = "p")]
    Posted(SaidPosted),
    #[serde(rename = "e")]
    Edited { message: SaidId, target: u64, content: String, mentions: Vec<SaidId> },
    #[serde(rename = "d")]
    Deleted { message: SaidId, target: u64 },
    #[serde(rename = "r")]
    Reacted { message: SaidId, target: u64, emoji: String, added: bool },
    #[serde(rename = "j")]
    Joined { member: SaidByline },
    #[serde(rename = "l")]
    Left { member: SaidByline },
}

impl From<&Event> for SaidLogEvent {
    fn from(event: &Event) -> Self {
        match event {
            Event::Posted(posted) => Self::Posted(posted.into()),
            Event::Edited { message, target, content, mentions } => Self::Edited {
                message: SaidId(message.as_u128()),
                target: target.0,
                content: content.clone(),
                mentions: ids(mentions, UserId::as_u128),
            },
            Event::Deleted { message, target } => {
                Self::Deleted { message: SaidId(message.as_u128()), target: target.0 }
            }
            Event::Reacted { message, target, emoji, added } => Self::Reacted {
                message: SaidId(message.as_u128()),
                target: target.0,
                emoji: emoji.clone(),
                added: *added,
            },
            Event::Joined { member } => Self::Joined { member: member.into() },
            Event::Left { member } => Self::Left { member: member.into() },
        }
    }
}

impl TryFrom<SaidLogEvent> for Event {
    type Error = SpeechError;

    fn try_from(event: SaidLogEvent) -> Result<Self, SpeechError> {
        Ok(match event {
            SaidLogEvent::Posted(posted) => Self::Posted(posted.try_into()?),
            SaidLogEvent::Edited { message, target, content, mentions } => Self::Edited {
                message: MessageId::from_u128(message.0),
                target: Seq(target),
                content,
                mentions: from_ids(mentions, UserId::from_u128),
            },
            SaidLogEvent::Deleted { message, target } => {
                Self::Deleted { message: MessageId::from_u128(message.0), target: Seq(target) }
            }
            SaidLogEvent::Reacted { message, target, emoji, added } => Self::Reacted {
                message: MessageId::from_u128(message.0),
                target: Seq(target),
                emoji,
                added,
            },
            SaidLogEvent::Joined { member } => Self::Joined { member: member.into() },
            SaidLogEvent::Left { member } => Self::Left { member: member.into() },
        })
    }
}

/// A message as it was written.
#[derive(Debug, Serialize, Deserialize)]
struct SaidPosted {
    id: SaidId,
    kind: String,
    content: String,
    thread: Option<SaidId>,
    parent: Option<SaidId>,
    mentions: Vec<SaidId>,
    attachments: Vec<SaidAttachment>,
    client_message_id: Option<String>,
}

impl From<&Posted> for SaidPosted {
    fn from(posted: &Posted) -> Self {
        Self {
            id: SaidId(posted.id.as_u128()),
            kind: posted.kind.as_str().to_owned(),
            content: posted.content.clone(),
            thread: posted.thread.map(|id| SaidId(id.as_u128())),
            parent: posted.parent.map(|id| SaidId(id.as_u128())),
            mentions: ids(&posted.mentions, UserId::as_u128),
            attachments: posted.attachments.iter().map(SaidAttachment::from).collect(),
            client_message_id: posted.client_message_id.as_ref().map(|id| id.as_str().to_owned()),
        }
    }
}

impl TryFrom<SaidPosted> for Posted {
    type Error = SpeechError;

    fn try_from(posted: SaidPosted) -> Result<Self, SpeechError> {
        Ok(Self {
            id: MessageId::from_u128(posted.id.0),
            kind: posted.kind.parse().map_err(|_| SpeechError::Word)?,
            content: posted.content,
            thread: posted.thread.map(|id| ThreadId::from_u128(id.0)),
            parent: posted.parent.map(|id| MessageId::from_u128(id.0)),
            mentions: from_ids(posted.mentions, UserId::from_u128),
            attachments: posted.attachments.into_iter().map(Attachment::from).collect(),
            client_message_id: key(posted.client_message_id)?,
        })
    }
}

/// A file of a message. Its fields travel by place, so new ones come at the end.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidAttachment(SaidId, String, String, u64, Option<(u32, u32)>);

impl From<&Attachment> for SaidAttachment {
    fn from(file: &Attachment) -> Self {
        let (name, mime_type) = (file.name.clone(), file.mime_type.clone());
        Self(SaidId(file.id.as_u128()), name, mime_type, file.bytes, file.pixels)
    }
}

impl From<SaidAttachment> for Attachment {
    fn from(SaidAttachment(id, name, mime_type, bytes, pixels): SaidAttachment) -> Self {
        Self { id: FileId::from_u128(id.0), name, mime_type, bytes, pixels }
    }
}
