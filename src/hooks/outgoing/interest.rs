//! Which webhooks want to hear of what.

use starling_actors::domain::{
    Channel, ChannelId, Entry, Event, MessageId, OrgId, Timestamp, assistant_byline,
};

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
    SWEPT,
];

/// That Starling itself has deleted messages, many in one.
pub const SWEPT: &str = "messages.deleted";

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

/// The message that an entry deletes because the server itself decided so: it is too old. There may be a
/// million of these in an hour, so they are told together and never one by one.
pub(super) fn swept(org: OrgId, entry: &Entry) -> Option<MessageId> {
    match &entry.event {
        Event::Deleted { message, .. } if entry.by.user == assistant_byline(org).user => {
            Some(*message)
        }
        Event::Posted(_)
        | Event::Edited { .. }
        | Event::Deleted { .. }
        | Event::Reacted { .. }
        | Event::Joined { .. }
        | Event::Left { .. } => None,
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

    /// Whether it wants to be told what the server deletes.
    pub(super) fn wants_swept(&self) -> bool {
        self.trigger_words.is_empty() && self.events.iter().any(|wanted| wanted == SWEPT)
    }

    /// Whether it wants to be told of an entry by itself.
    pub(super) fn wants(&self, entry: &Entry) -> bool {
        let event = event_of(entry);
        let is_news = !entry.is_brought() && swept(self.org, entry).is_none();
        if !is_news || !self.events.iter().any(|wanted| wanted == event) {
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
    fn what_another_program_kept_is_no_news_nor_are_its_reactions() {
        const HOUR_MS: i64 = 3_600_000;
        let all = listener(&["message.created", "reaction.added"], &[]);
        // Ids begin with the milliseconds at which they were made.
        let made_at = |at: i64| MessageId::from_u128(u128::try_from(at).unwrap() << 80);
        let person = UserId::from_u128(7);
        let at = |at: i64, event: Event| Entry { at: Timestamp(at), event, ..entry(person, "") };
        let reacted = |message| Event::Reacted {
            message,
            target: Seq(1),
            emoji: "🎉".to_owned(),
            added: true,
        };
        let Event::Posted(posted) = entry(person, "hello").event else { panic!("a message") };
        let posted = |id| Event::Posted(Posted { id, ..posted.clone() });
        let kinds: [&dyn Fn(MessageId) -> Event; 2] = [&posted, &reacted];
        for event in kinds {
            assert!(!all.wants(&at(0, event(made_at(HOUR_MS)))), "of an hour before it was made");
            assert!(all.wants(&at(HOUR_MS, event(made_at(HOUR_MS)))));
        }
        assert!(all.wants(&at(2 * HOUR_MS, reacted(made_at(HOUR_MS)))), "a person's, later");
    }

    #[test]
    fn what_the_server_deletes_is_told_together_to_who_asks_for_it() {
        let (person, org) = (UserId::from_u128(7), OrgId::from_u128(1));
        let deleted = |by| Entry {
            event: Event::Deleted { message: MessageId::from_u128(9), target: Seq(1) },
            ..entry(by, "")
        };
        let (own, sweep) = (deleted(person), deleted(assistant_byline(org).user));
        assert_eq!((swept(org, &own), swept(org, &sweep)), (None, Some(MessageId::from_u128(9))));
        let both = listener(&["message.deleted", SWEPT], &[]);
        assert!(both.wants(&own) && !both.wants(&sweep) && both.wants_swept());
        assert!(!listener(&["message.deleted"], &[]).wants_swept());
        assert!(!listener(&[SWEPT], &["deploy"]).wants_swept(), "no words begin with it");
    }

    #[test]
    fn a_trigger_word_is_the_first_of_a_persons_message() {
        let (person, program) = (UserId::from_u128(7), UserId::of_program(7));
        let triggered = listener(&["message.created"], &["deploy"]);
        assert!(triggered.wants(&entry(person, "Deploy: now")));
        assert!(!triggered.wants(&entry(person, "do not deploy")));
        assert!(!triggered.wants(&entry(program, "deploy now")), "it would go round and round");
    }

    #[test]
    fn messages_that_another_program_kept_call_nobody() {
        let mut brought = entry(UserId::from_u128(7), "hello");
        let Event::Posted(posted) = &mut brought.event else { unreachable!("it is a message") };
        // An id of 2023 at a message of 1970.
        posted.id = MessageId::from_u128(1_700_000_000_000 << 80);
        let all = listener(&["message.created"], &[]);
        assert!(!all.wants(&brought));
        brought.at = Timestamp(1_700_000_000_000);
        assert!(all.wants(&brought), "one that was written when its id was made");
    }
}
