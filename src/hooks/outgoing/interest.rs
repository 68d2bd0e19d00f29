//! Which webhooks want to hear of what.

use starling_actors::domain::{Channel, ChannelId, Entry, Event, OrgId, Timestamp};

use super::stored::StoredOutgoing;
use crate::records::Versioned;

/// What can be told.
pub const EVENTS: &[&str] = &[
    "message.created",
    "message.updated",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "member.joined",
    "member.left",
];

/// The name of what an entry says.
pub const fn event_of(entry: &Entry) -> &'static str {
    match &entry.event {
        Event::Posted(_) => "message.created",
        Event::Edited { .. } => "message.updated",
        Event::Deleted { .. } => "message.deleted",
        Event::Reacted { added: true, .. } => "reaction.added",
        Event::Reacted { added: false, .. } => "reaction.removed",
        Event::Joined { .. } => "member.joined",
        Event::Left { .. } => "member.left",
    }
}

/// A webhook as the one who reads channels sees it.
#[derive(Clone, Debug)]
pub(super) struct Listener {
    pub(super) org: OrgId,
    pub(super) id: String,
    pub(super) channel: Option<ChannelId>,
    pub(super) created_at: Timestamp,
    events: Vec<String>,
    trigger_words: Vec<String>,
}

impl Listener {
    pub(super) fn of(org: OrgId, read: &Versioned<StoredOutgoing>) -> Self {
        let hook = &read.value;
        Self {
            org,
            id: read.id.clone(),
            channel: hook.channel,
            created_at: Timestamp(hook.created_at),
            events: hook.events.clone(),
            trigger_words: hook.trigger_words.iter().map(|word| word.to_lowercase()).collect(),
        }
    }

    /// Whether it listens to a channel of its organization.
    pub(super) fn hears(&self, channel: &Channel) -> bool {
        match self.channel {
            Some(id) => id == channel.id,
            // What is said behind a closed door is told only to who was asked to listen there.
            None => channel.kind.is_open(),
        }
    }

    /// Whether it wants to be told of an entry.
    pub(super) fn wants(&self, entry: &Entry) -> bool {
        let event = event_of(entry);
        if entry.is_brought() || !self.events.iter().any(|wanted| wanted == event) {
            return false;
        }
        if self.trigger_words.is_empty() {
            return true;
        }
        // A program that answers in the channel must not call itself again.
        let Some(posted) = entry.posted().filter(|_| !entry.by.user.is_program()) else {
            return false;
        };
        let first = posted.content.split_whitespace().next().unwrap_or_default().to_lowercase();
        let first = first.trim_end_matches([':', ',', '!', '?', '.']);
        self.trigger_words.iter().any(|word| word == first)
    }
}

#[cfg(test)]
mod tests {
    use starling_actors::domain::{Byline, MessageId, MessageKind, Posted, Seq, UserId};

    use super::*;

    fn entry(author: UserId, content: &str) -> Entry {
        let posted = Posted {
            id: MessageId::from_u128(1),
            kind: MessageKind::Text,
            content: content.to_owned(),
            thread: None,
            parent: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            client_message_id: None,
        };
        let name = String::new;
        Entry {
            channel: ChannelId::from_u128(2),
            seq: Seq(1),
            ordinal: 1,
            by: Byline { user: author, username: name(), full_name: name(), avatar_url: name() },
            at: Timestamp(0),
            event: Event::Posted(posted),
        }
    }

    fn listener(events: &[&str], words: &[&str]) -> Listener {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Listener {
            org: OrgId::from_u128(1),
            id: "hook".to_owned(),
            channel: None,
            created_at: Timestamp(0),
            events: owned(events),
            trigger_words: owned(words),
        }
    }

    #[test]
    fn a_webhook_is_told_only_what_it_asked_for() {
        let person = UserId::from_u128(7);
        let all = listener(&["message.created"], &[]);
        assert!(all.wants(&entry(person, "hello")));
        assert!(!listener(&["member.joined"], &[]).wants(&entry(person, "hello")));
    }

    #[test]
    fn a_trigger_word_is_the_first_of_a_persons_message() {
        let (person, program) = (UserId::from_u128(7), UserId::of_program(7));
        let triggered = listener(&["message.created"], &["deploy"]);
        assert!(triggered.wants(&entry(person, "Deploy: now")));
        assert!(!triggered.wants(&entry(person, "do not deploy")));
        assert!(!triggered.wants(&entry(program, "deploy now")), "it would go round and round");
    }
}
