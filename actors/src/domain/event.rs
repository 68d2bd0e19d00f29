//! What a channel's log holds: one entry a position, each with one event.

use super::{
    Attachment, Byline, ChannelId, ClientMessageId, MessageId, MessageKind, Seq, ThreadId,
    Timestamp, UserId,
};

/// One entry of a channel's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The channel whose log this is.
    pub channel: ChannelId,
    /// The place in it.
    pub seq: Seq,
    /// How many messages the log holds up to and with this entry; unread counts are differences.
    pub ordinal: u64,
    /// Who caused it.
    pub by: Byline,
    /// When the owner put it in order. Given by one clock, so it does not go back in a channel
    /// while one owner writes; except for what another program kept before, which has the time at
    /// which it was written there.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What can happen in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message was written.
    Posted(Posted),
    /// A message got other words.
    Edited {
        /// Which one.
        message: MessageId,
        /// Where it stands in the log.
        target: Seq,
        /// The new words.
        content: String,
        /// Whom the new words name.
        mentions: Vec<UserId>,
    },
    /// A message lost its words for ever.
    Deleted {
        /// Which one.
        message: MessageId,
        /// Where it stands in the log.
        target: Seq,
    },
    /// Someone put an emoji on a message or took it away.
    Reacted {
        /// Which one.
        message: MessageId,
        /// Where it stands in the log.
        target: Seq,
        /// The emoji.
        emoji: String,
        /// Put on (`true`) or taken away.
        added: bool,
    },
    /// Someone became a member.
    Joined {
        /// Who.
        member: Byline,
    },
    /// Someone is no member any more; delivery to them ends here.
    Left {
        /// Who.
        member: Byline,
    },
}

/// A message as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Made by the server for the first attempt; repeats keep it.
    pub id: MessageId,
    /// What kind it is.
    pub kind: MessageKind,
    /// The words.
    pub content: String,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The message it answers.
    pub parent: Option<MessageId>,
    /// Whom it names.
    pub mentions: Vec<UserId>,
    /// Files that hang on it.
    pub attachments: Vec<Attachment>,
    /// The idempotency key, which counts per author and channel.
    pub client_message_id: Option<ClientMessageId>,
}

impl Posted {
    /// Whether nothing is left of it, which is so once it was deleted: nobody writes less than a word or a file.
    /// Of what the server wrote it is not known: an answer may be data alone.
    pub const fn is_emptied(&self) -> bool {
        let is_written = matches!(self.kind, MessageKind::Text | MessageKind::File);
        is_written && self.content.is_empty() && self.attachments.is_empty()
    }
}

/// A message whose id is younger than itself by more than this was kept by another program before; a reaction
/// that is older than its message was brought with it.
const BROUGHT_MS: i64 = 10 * 60_000;

impl Entry {
    /// Whether it is a message that another program kept until it was brought here, or a reaction that was
    /// brought with one: it is nothing new. Ids tell when they were made (`uuid_v7`), which for other
    /// messages is when they were written, and before anybody put a reaction on them.
    pub fn is_brought(&self) -> bool {
        let message = match &self.event {
            Event::Posted(posted) => posted.id,
            Event::Reacted { message, .. } => *message,
            Event::Edited { .. }
            | Event::Deleted { .. }
            | Event::Joined { .. }
            | Event::Left { .. } => return false,
        };
        let made = i64::try_from(message.as_u128() >> 80).unwrap_or(i64::MAX);
        made - self.at.0 > BROUGHT_MS
    }

    /// The message this entry brings, if it brings one.
    pub const fn posted(&self) -> Option<&Posted> {
        match &self.event {
            Event::Posted(posted) => Some(posted),
            Event::Edited { .. }
            | Event::Deleted { .. }
            | Event::Reacted { .. }
            | Event::Joined { .. }
            | Event::Left { .. } => None,
        }
    }

    /// Shows what somebody did, came or left by under another name; `false` when nothing is theirs.
    pub fn rename(&mut self, by: &Byline) -> bool {
        let named = |byline: &mut Byline| {
            let is_theirs = byline.user == by.user && *byline != *by;
            if is_theirs {
                byline.clone_from(by);
            }
            is_theirs
        };
        let is_theirs = named(&mut self.by);
        match &mut self.event {
            Event::Joined { member } | Event::Left { member } => named(member) || is_theirs,
            Event::Posted(_)
            | Event::Edited { .. }
            | Event::Deleted { .. }
            | Event::Reacted { .. } => is_theirs,
        }
    }

    /// Bytes of text in the entry: what counts toward a batch's size.
    pub fn text_bytes(&self) -> usize {
        self.event.text_bytes()
    }
}

impl Event {
    /// Bytes of text in the event.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Posted(posted) => {
                let files = posted.attachments.iter().map(Attachment::text_bytes);
                posted.content.len() + files.sum::<usize>()
            }
            Self::Edited { content, .. } => content.len(),
            Self::Deleted { .. } | Self::Reacted { .. } => 0,
            Self::Joined { .. } | Self::Left { .. } => 0,
        }
    }
}
