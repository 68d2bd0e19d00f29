//! The bus of one process: topic → sinks, delivered on the publisher's task.
//!
//! **Invariant:** a sink gets the events of one publisher in their order, and none after its
//! subscription was dropped (but for one that is being delivered at that moment).

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use parking_lot::RwLock;

use crate::ports::{Bus, BusError, BusEvent, BusSink, Subscription, Topic};

/// Locks over which topics are spread, so that busy channels do not wait for each other. A power
/// of two, well above the cores of one machine.
const SHARDS: usize = 64;

/// The sinks of a topic, shared with whoever delivers at the moment: a publisher holds no lock
/// while sinks work.
type Sinks = Arc<[(u64, Arc<dyn BusSink>)]>;

/// A bus without a network.
#[derive(Clone)]
pub struct LocalBus {
    shared: Arc<Shared>,
}

struct Shared {
    hasher: RandomState,
    shards: [RwLock<HashMap<Topic, Sinks>>; SHARDS],
    /// Numbers subscriptions, so that one can be found again to be ended.
    subscriptions: AtomicU64,
}

impl Default for LocalBus {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for LocalBus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalBus")
    }
}

impl LocalBus {
    /// A bus that nobody listens to yet.
    pub fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                hasher: RandomState::new(),
                shards: std::array::from_fn(|_| RwLock::default()),
                subscriptions: AtomicU64::new(0),
            }),
        }
    }
}

#[async_trait]
impl Bus for LocalBus {
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError> {
        let sinks = self.shared.shard(topic).read().get(&topic).cloned();
        let Some(sinks) = sinks else { return Ok(()) };
        if let Some(((_, last), others)) = sinks.split_last() {
            for (_, sink) in others {
                sink.deliver(event.clone());
            }
            last.deliver(event);
        }
        Ok(())
    }

    fn subscribe(&self, topic: Topic, sink: Arc<dyn BusSink>) -> Subscription {
        let number = self.shared.subscriptions.fetch_add(1, Ordering::Relaxed);
        self.shared.add(topic, number, sink);
        let shared = Arc::clone(&self.shared);
        Subscription::new(move || shared.remove(topic, number))
    }
}

impl Shared {
    fn shard(&self, topic: Topic) -> &RwLock<HashMap<Topic, Sinks>> {
        let hash = self.hasher.hash_one(topic);
        &self.shards[usize::try_from(hash % SHARDS as u64).unwrap_or_default()]
    }

    fn add(&self, topic: Topic, number: u64, sink: Arc<dyn BusSink>) {
        let mut shard = self.shard(topic).write();
        let sinks = shard.entry(topic).or_insert_with(|| Arc::new([]));
        *sinks = sinks.iter().cloned().chain([(number, sink)]).collect();
    }

    fn remove(&self, topic: Topic, number: u64) {
        let mut shard = self.shard(topic).write();
        let Slot::Occupied(mut slot) = shard.entry(topic) else { return };
        let rest: Sinks = slot.get().iter().filter(|(of, _)| *of != number).cloned().collect();
        // A topic without listeners must not stay: topics come and go with people.
        if rest.is_empty() {
            slot.remove();
        } else {
            slot.insert(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;

    use super::*;
    use crate::domain::{ChannelId, Seq};

    const CHANNEL: ChannelId = ChannelId::from_u128(1);

    #[derive(Default)]
    struct Ear {
        heard: Mutex<Vec<u64>>,
    }

    impl BusSink for Ear {
        fn deliver(&self, event: BusEvent) {
            if let BusEvent::Head { seq, .. } = event {
                self.heard.lock().push(seq.0);
            }
        }
    }

    async fn say(bus: &LocalBus, channel: ChannelId, seq: u64) {
        let event = BusEvent::Head { channel, seq: Seq(seq) };
        bus.publish(Topic::Channel(channel), event).await.unwrap();
    }

    #[tokio::test]
    async fn every_sink_of_a_topic_hears_its_events_once_and_in_order() {
        let bus = LocalBus::new();
        let (one, two) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
        let _first = bus.subscribe(Topic::Channel(CHANNEL), Arc::clone(&one) as Arc<dyn BusSink>);
        let _second = bus.subscribe(Topic::Channel(CHANNEL), Arc::clone(&two) as Arc<dyn BusSink>);

        say(&bus, CHANNEL, 1).await;
        say(&bus, ChannelId::from_u128(2), 9).await;
        say(&bus, CHANNEL, 2).await;

        assert_eq!(*one.heard.lock(), [1, 2]);
        assert_eq!(*two.heard.lock(), [1, 2]);
    }

    #[tokio::test]
    async fn a_dropped_subscription_hears_nothing_and_leaves_nothing_behind() {
        let bus = LocalBus::new();
        let ear = Arc::new(Ear::default());
        drop(bus.subscribe(Topic::Channel(CHANNEL), Arc::clone(&ear) as Arc<dyn BusSink>));

        say(&bus, CHANNEL, 1).await;

        assert!(ear.heard.lock().is_empty());
        assert!(bus.shared.shards.iter().all(|shard| shard.read().is_empty()));
    }
}
