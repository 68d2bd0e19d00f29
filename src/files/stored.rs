//! What is kept of a file beside its bytes.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use starling_actors::chat::Caller;
use starling_actors::domain::{
    Attachment, ChannelId, ClientMessageId, FileId, MessageId, OrgId, Seq, Timestamp, UserId,
};

use crate::records::Shelf;

/// Files, below their organization.
pub(super) const FILES: Shelf<StoredFile> = Shelf::new("file");
/// Files that may have to go: who sweeps looks here.
pub(super) const NOTES: Shelf<Note> = Shelf::new("file_note");
/// How much an organization has.
pub(super) const ROOM: Shelf<Room> = Shelf::new("file_room");

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredFile {
    pub(super) name: String,
    pub(super) mime_type: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// Who gave it.
    #[serde(with = "written")]
    pub(super) by: UserId,
    /// When, in milliseconds since 1970.
    pub(super) at: i64,
    /// Of a picture that could be read.
    #[serde(default)]
    pub(super) picture: Option<StoredPicture>,
    /// The message that has it.
    #[serde(default)]
    pub(super) used: Option<Used>,
    /// Of a file that the server itself made for its giver: no message takes it.
    #[serde(default)]
    pub(super) made: Option<Made>,
    /// Whether it is just being removed.
    #[serde(default)]
    pub(super) is_going: bool,
}

/// What is known of a file that the server made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    /// Whether its giver reads it only as long as they govern: it tells of somebody else.
    pub(super) is_for_admins: bool,
}

/// What is known of a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredPicture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) thumbnail_type: String,
    pub(super) thumbnail_bytes: u64,
}

/// The message that a file was given to, as it is known before it is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Used {
    #[serde(with = "written")]
    pub(super) channel: ChannelId,
    /// What its sender, who gave the file, called it.
    pub(super) key: String,
    /// Where the channel's log ended then: the message is above it.
    pub(super) after: u64,
    /// When, in milliseconds since 1970.
    pub(super) at: i64,
    /// Its id, once it was found in the log.
    #[serde(default)]
    pub(super) message: Option<String>,
}

/// A note that a file may have to go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    #[serde(with = "written")]
    pub(super) org: OrgId,
    /// When to look at it, in milliseconds since 1970.
    pub(super) due: i64,
}

/// How much an organization has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Room {
    pub(super) bytes: u64,
    /// When all files were counted, in milliseconds since 1970.
    pub(super) counted_at: i64,
}

impl StoredFile {
    /// The file as its message shows it.
    pub(super) fn attachment(&self, id: FileId) -> Attachment {
        Attachment {
            id,
            name: self.name.clone(),
            mime_type: self.mime_type.clone(),
            bytes: self.bytes,
            pixels: self.picture.as_ref().map(|picture| (picture.width, picture.height)),
        }
    }

    /// Whether it is somebody's who gave it, as long as it hangs on no message.
    pub(super) fn is_shown_to(&self, caller: &Caller) -> bool {
        let is_for_admins = self.made.is_some_and(|made| made.is_for_admins);
        self.by == caller.user() && (!is_for_admins || caller.role.may_administer())
    }

    /// What of it takes room.
    pub(super) fn room(&self) -> u64 {
        let thumbnail = self.picture.as_ref().map_or(0, |picture| picture.thumbnail_bytes);
        self.bytes.saturating_add(thumbnail)
    }
}

impl Used {
    /// That a file is a message's from now on.
    pub(super) fn by(
        channel: ChannelId,
        key: &ClientMessageId,
        after: Seq,
        now: Timestamp,
    ) -> Self {
        let key = key.as_str().to_owned();
        Self { channel, key, after: after.0, at: now.0, message: None }
    }

    /// Whether it is this message.
    pub(super) fn is(&self, channel: ChannelId, key: &ClientMessageId) -> bool {
        self.channel == channel && self.key == key.as_str()
    }

    /// Its id, if it was found before.
    pub(super) fn message(&self) -> Option<MessageId> {
        self.message.as_deref()?.parse().ok()
    }
}

/// Ids as their text.
mod written {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
