//! A message as it stands now, after all its edits, reactions and its deletion.

use super::{
    Byline, ChannelId, ClientMessageId, FileId, MessageId, Seq, ThreadId, Timestamp, UserId,
};

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Written by a person or a bot.
    Text,
    /// Written by the asking part, with data.
    Answer,
    /// Written by Starling about the channel.
    System,
    /// Carries files and maybe no words.
    File,
}

/// The current state of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Never reused.
    pub id: MessageId,
    /// Where it was written.
    pub channel: ChannelId,
    /// Its place in the channel's log.
    pub seq: Seq,
    /// How many messages the channel's log holds up to and with this one.
    pub ordinal: u64,
    /// Who wrote it.
    pub author: Byline,
    /// What kind it is.
    pub kind: MessageKind,
    /// The words as of the newest edit; empty once deleted.
    pub content: String,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The message it answers.
    pub parent: Option<MessageId>,
    /// Whom it names, as of the newest edit.
    pub mentions: Vec<UserId>,
    /// Files that hang on it.
    pub attachments: Vec<FileId>,
    /// What the client called it.
    pub client_message_id: Option<ClientMessageId>,
    /// In the order of their first use.
    pub reactions: Vec<Reaction>,
    /// Whether an edit changed it.
    pub is_edited: bool,
    /// Whether its words are gone.
    pub is_deleted: bool,
    /// When the log took it.
    pub created_at: Timestamp,
    /// When it was last edited or deleted.
    pub updated_at: Timestamp,
}

/// One emoji on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji as sent.
    pub emoji: String,
    /// Who reacted with it, in order.
    pub users: Vec<UserId>,
}

/// An earlier text of an edited message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The words that this version had.
    pub content: String,
    /// Who wrote this version.
    pub by: UserId,
    /// Since when it stood.
    pub at: Timestamp,
}
