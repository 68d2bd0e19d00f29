//! A message as it stands now, after all its edits, reactions and its deletion.

use super::{
    Attachment, Byline, ChannelId, ClientMessageId, Entry, Event, MessageId, Posted, Seq, ThreadId,
    Timestamp, UserId,
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
    pub attachments: Vec<Attachment>,
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

impl Message {
    /// The message that an entry brings, as it stands before any change.
    pub fn posted(entry: &Entry, posted: &Posted) -> Self {
        Self {
            id: posted.id,
            channel: entry.channel,
            seq: entry.seq,
            ordinal: entry.ordinal,
            author: entry.by.clone(),
            kind: posted.kind,
            content: posted.content.clone(),
            thread: posted.thread,
            parent: posted.parent,
            mentions: posted.mentions.clone(),
            attachments: posted.attachments.clone(),
            client_message_id: posted.client_message_id.clone(),
            reactions: Vec::new(),
            is_edited: false,
            is_deleted: false,
            created_at: entry.at,
            updated_at: entry.at,
        }
    }

    /// Changes the message by an entry of its channel's log; gives the text that an edit replaced.
    /// Nothing changes a deleted message, and entries about something else change nothing.
    pub fn amend(&mut self, entry: &Entry) -> Option<Version> {
        if self.is_deleted {
            return None;
        }
        match &entry.event {
            Event::Edited { message, content, mentions, .. } if *message == self.id => {
                let content = std::mem::replace(&mut self.content, content.clone());
                let version = Version { content, by: self.author.user, at: self.updated_at };
                self.mentions.clone_from(mentions);
                self.is_edited = true;
                self.updated_at = entry.at;
                Some(version)
            }
            Event::Deleted { message, .. } if *message == self.id => {
                self.content.clear();
                self.mentions.clear();
                self.attachments.clear();
                self.reactions.clear();
                self.is_deleted = true;
                self.updated_at = entry.at;
                None
            }
            Event::Reacted { message, emoji, added, .. } if *message == self.id => {
                self.react(entry.by.user, emoji, *added);
                None
            }
            Event::Edited { .. }
            | Event::Deleted { .. }
            | Event::Reacted { .. }
            | Event::Posted(_)
            | Event::Joined { .. }
            | Event::Left { .. } => None,
        }
    }

    /// Whether `user` has put `emoji` on it.
    pub fn has_reaction(&self, user: UserId, emoji: &str) -> bool {
        self.reactions
            .iter()
            .any(|reaction| reaction.emoji == emoji && reaction.users.contains(&user))
    }

    fn react(&mut self, user: UserId, emoji: &str, added: bool) {
        let known = self.reactions.iter().position(|reaction| reaction.emoji == emoji);
        match (known, added) {
            (Some(place), true) => {
                let users = &mut self.reactions[place].users;
                if !users.contains(&user) {
                    users.push(user);
                }
            }
            (Some(place), false) => {
                self.reactions[place].users.retain(|other| *other != user);
                if self.reactions[place].users.is_empty() {
                    self.reactions.remove(place);
                }
            }
            (None, true) => {
                self.reactions.push(Reaction { emoji: emoji.to_owned(), users: vec![user] });
            }
            (None, false) => {}
        }
    }
}
