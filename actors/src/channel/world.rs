//! What the tests of this folder share: a bus that remembers, people, and their messages.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use super::{ChannelSettings, Post};
use crate::domain::{
    Byline, ChannelId, ClientMessageId, Entry, Message, MessageId, MessageKind, Seq, ThreadId,
    Timestamp, UserId, Version,
};
use crate::ports::{Around, History, LogError, Page, ThreadCounts, Unread};
use crate::ports::{Bus, BusError, BusEvent, BusSink, Subscription, Topic};

pub(super) const CHANNEL: ChannelId = ChannelId::from_u128(7);

/// Remembers what was published.
#[derive(Default)]
pub(super) struct RecordingBus {
    events: Mutex<Vec<BusEvent>>,
}

impl RecordingBus {
    /// The entries handed out, in the order of their publication.
    pub(super) fn entries(&self) -> Vec<Arc<Entry>> {
        let events = self.events.lock();
        let stored = events.iter().filter_map(|event| {
            let BusEvent::Stored { entries, .. } = event else { return None };
            Some(entries.iter().cloned())
        });
        stored.flatten().collect()
    }

    /// The heads said, in order.
    pub(super) fn heads(&self) -> Vec<Seq> {
        let events = self.events.lock();
        let heads = events.iter().filter_map(|event| {
            let BusEvent::Head { seq, .. } = event else { return None };
            Some(*seq)
        });
        heads.collect()
    }

    /// How many events of entries there were.
    pub(super) fn batches(&self) -> usize {
        let events = self.events.lock();
        events.iter().filter(|event| matches!(event, BusEvent::Stored { .. })).count()
    }
}

#[async_trait]
impl Bus for RecordingBus {
    async fn publish(&self, _topic: Topic, event: BusEvent) -> Result<(), BusError> {
        self.events.lock().push(event);
        Ok(())
    }

    fn subscribe(&self, _topic: Topic, _sink: Arc<dyn BusSink>) -> Subscription {
        Subscription::new(|| {})
    }
}

/// Person number `number`.
pub(super) fn person(number: u128) -> Byline {
    Byline {
        user: UserId::from_u128(number),
        username: format!("user{number}"),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

/// A message of a person, with an idempotency key unless `key` is empty.
pub(super) fn message(by: u128, key: &str, content: &str) -> Post {
    Post {
        by: person(by),
        kind: MessageKind::Text,
        content: content.to_owned(),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: ClientMessageId::new(key.to_owned()).ok(),
        after_seq: None,
        written: None,
    }
}

/// The product's settings with buckets of `bucket_entries`.
pub(super) fn settings(bucket_entries: u64) -> ChannelSettings {
    ChannelSettings { bucket_entries, ..ChannelSettings::default() }
}

/// Some moment.
pub(super) const NOW: Timestamp = Timestamp(1_735_689_600_000);

/// A history of which nothing can be read but that one message is not there.
pub(super) struct Mute {
    pub(super) speaks_of: MessageId,
}

#[async_trait]
impl History for Mute {
    async fn page(
        &self,
        _: ChannelId,
        _: Option<ThreadId>,
        _: Around,
        _: bool,
        _: usize,
    ) -> Result<Page, LogError> {
        Err(LogError::Unavailable)
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, LogError> {
        if id == self.speaks_of { Ok(None) } else { Err(LogError::Unavailable) }
    }

    async fn versions(&self, _: MessageId) -> Result<Vec<Version>, LogError> {
        Err(LogError::Unavailable)
    }

    async fn unread(&self, _: UserId, _: &[(ChannelId, Seq)]) -> Result<Vec<Unread>, LogError> {
        Err(LogError::Unavailable)
    }

    async fn thread_counts(&self, _: ChannelId, _: ThreadId) -> Result<ThreadCounts, LogError> {
        Err(LogError::Unavailable)
    }
}
