//! Which topics this node follows, and what of that Redis does not know yet.
//!
//! **Invariant:** a topic is asked for once, however many sinks it has; a topic whose last sink went
//! and came back before Redis was told needs no word.

use std::collections::{HashMap, HashSet};

use parking_lot::Mutex;
use starling_actors::ports::Topic;
use tokio::sync::Notify;

/// The topics of this node.
#[derive(Debug, Default)]
pub(super) struct Interest {
    topics: Mutex<Topics>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Topics {
    /// How many sinks each topic has here; never 0.
    sinks: HashMap<Topic, usize>,
    /// What Redis was asked for on this line.
    asked: HashSet<Topic>,
    /// Topics for which the two may differ.
    changed: HashSet<Topic>,
}

/// What Redis has to be told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Topics to follow.
    pub(super) follow: Vec<Topic>,
    /// Topics to follow no longer.
    pub(super) leave: Vec<Topic>,
}

impl Interest {
    /// A topic got a sink.
    pub(super) fn add(&self, topic: Topic) {
        let mut topics = self.topics.lock();
        let sinks = topics.sinks.entry(topic).or_default();
        *sinks += 1;
        if *sinks == 1 {
            topics.changed.insert(topic);
            self.changed.notify_one();
        }
    }

    /// A topic lost a sink.
    pub(super) fn remove(&self, topic: Topic) {
        let mut topics = self.topics.lock();
        let Some(sinks) = topics.sinks.get_mut(&topic) else { return };
        *sinks -= 1;
        if *sinks == 0 {
            topics.sinks.remove(&topic);
            topics.changed.insert(topic);
            self.changed.notify_one();
        }
    }

    /// A new line begins: Redis knows of nothing.
    pub(super) fn begin(&self) {
        let topics = &mut *self.topics.lock();
        topics.asked.clear();
        topics.changed = topics.sinks.keys().copied().collect();
    }

    /// Up to `limit` topics that Redis has to be told of; they count as told.
    pub(super) fn take(&self, limit: usize) -> Change {
        let topics = &mut *self.topics.lock();
        let some: Vec<Topic> = topics.changed.iter().take(limit).copied().collect();
        let mut change = Change::default();
        for topic in some {
            topics.changed.remove(&topic);
            let is_wanted = topics.sinks.contains_key(&topic);
            if is_wanted && topics.asked.insert(topic) {
                change.follow.push(topic);
            } else if !is_wanted && topics.asked.remove(&topic) {
                change.leave.push(topic);
            }
        }
        change
    }

    /// Whether there is something to tell.
    pub(super) fn is_changed(&self) -> bool {
        !self.topics.lock().changed.is_empty()
    }

    /// Waits until there may be something to tell.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use starling_actors::domain::ChannelId;

    use super::*;

    fn topic(number: u8) -> Topic {
        Topic::Channel(ChannelId::from_u128(number.into()))
    }

    #[test]
    fn a_topic_is_asked_for_once_and_left_with_its_last_sink() {
        let interest = Interest::default();
        interest.add(topic(1));
        interest.add(topic(1));
        assert_eq!(interest.take(10).follow, [topic(1)]);

        interest.remove(topic(1));
        assert_eq!(interest.take(10), Change::default());
        interest.remove(topic(1));
        assert_eq!(interest.take(10).leave, [topic(1)]);
        assert!(interest.topics.lock().asked.is_empty());
    }

    proptest! {
        #[test]
        fn what_redis_was_told_adds_up_to_what_is_followed(
            steps in proptest::collection::vec((0..6_u8, 0..4_u8), 0..200)
        ) {
            let interest = Interest::default();
            let mut followed: HashSet<Topic> = HashSet::new();
            let mut sinks: HashMap<Topic, usize> = HashMap::new();
            for (what, number) in steps {
                let topic = topic(number);
                match what {
                    0 | 1 => {
                        interest.add(topic);
                        *sinks.entry(topic).or_default() += 1;
                    }
                    2 | 3 => {
                        interest.remove(topic);
                        sinks.entry(topic).and_modify(|count| *count = count.saturating_sub(1));
                    }
                    4 => {
                        let Change { follow, leave } = interest.take(2);
                        followed.extend(follow);
                        followed.retain(|topic| !leave.contains(topic));
                    }
                    _ => {
                        interest.begin();
                        followed.clear();
                    }
                }
            }
            while interest.is_changed() {
                let Change { follow, leave } = interest.take(3);
                followed.extend(follow);
                followed.retain(|topic| !leave.contains(topic));
            }
            sinks.retain(|_, count| *count > 0);
            prop_assert_eq!(followed, sinks.into_keys().collect());
        }
    }
}
