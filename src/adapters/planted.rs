//! Faults that tests plant in the real server from outside. Compiled only with the feature
//! `testing`, which no build that serves people has.
//!
//! - A message with the content [`BEFORE_APPEND`] or [`AFTER_APPEND`] makes its channel panic, once
//!   in the life of the process: right before it is stored, or right after it, unacknowledged.
//! - A person with the name [`FRAGILE_PERSON`] who types makes their session panic, every time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use starling_actors::domain::Entry;
use starling_actors::ports::{
    Append, AppendOutcome, Bus, BusError, BusEvent, BusSink, LogError, LogTap, MessageLog,
    Subscription, Topic,
};

/// Content of a message that is never stored at the first attempt.
const BEFORE_APPEND: &str = "panic before the append";
/// Content of a message that is stored at the first attempt, which nobody is told.
const AFTER_APPEND: &str = "panic after the append";
/// Whose session panics.
const FRAGILE_PERSON: &str = "fragile";

/// Appends that panic when a message asks for it.
#[derive(Default)]
pub struct PlantedAppends {
    was_before: AtomicBool,
    was_after: AtomicBool,
}

fn says(entries: &[Entry], words: &str) -> bool {
    entries.iter().any(|entry| entry.posted().is_some_and(|posted| posted.content == words))
}

#[async_trait]
impl LogTap for PlantedAppends {
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        let is_before = says(&append.entries, BEFORE_APPEND);
        let is_after = says(&append.entries, AFTER_APPEND);
        assert!(!is_before || self.was_before.swap(true, Ordering::Relaxed), "planted: before");
        let outcome = log.append(append).await;
        assert!(!is_after || self.was_after.swap(true, Ordering::Relaxed), "planted: after");
        outcome
    }
}

/// A bus that panics in the session of whoever is fragile. Typing is published by the session's
/// actor itself, so the panic is the actor's.
pub struct PlantedBus(pub Arc<dyn Bus>);

#[async_trait]
impl Bus for PlantedBus {
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError> {
        if let BusEvent::Typing { username, .. } = &event {
            assert!(username != FRAGILE_PERSON, "planted: typing");
        }
        self.0.publish(topic, event).await
    }

    fn subscribe(&self, topic: Topic, sink: Arc<dyn BusSink>) -> Subscription {
        self.0.subscribe(topic, sink)
    }
}
