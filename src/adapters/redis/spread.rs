//! The bus over several Redis servers, for when one is not enough: each topic has its server.
//!
//! ```text
//!   topic ─▶ the last bits of its id ─▶ one of the buses, the same on every node
//! ```
//!
//! A Redis server uses one core for publishing, and its work is one write for each node that follows a
//! topic; nothing is shared between topics, so servers add up. Order is promised within a topic only, so
//! nothing is lost by it. One server that is gone interrupts its own topics; the others' go on.
//!
//! **Invariant:** the choice depends on the topic and on the number of servers alone. Nodes that have
//! different lists do not hear each other.

use std::convert::Infallible;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use starling_actors::domain::NodeId;
use starling_actors::ports::{Bus, BusError, BusEvent, BusSink, Subscription, Topic};
use tokio::sync::watch;

use super::{Redis, RedisBus};

/// One bus over one or more servers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SpreadBus {
    /// Never empty; in the order of the settings.
    buses: Arc<[RedisBus]>,
    is_connected: watch::Sender<bool>,
}

impl SpreadBus {
    /// A bus over `first` and `further`. Delivers on this node at once, and to others once
    /// [`Self::run`] is driven.
    pub fn new(first: Redis, further: impl IntoIterator<Item = Redis>, me: NodeId) -> Self {
        let servers = std::iter::once(first).chain(further);
        let bus = |(place, redis): (usize, Redis)| RedisBus::at(redis, me, place);
        let buses = servers.enumerate().map(bus).collect();
        Self { buses, is_connected: watch::Sender::new(false) }
    }

    /// Keeps the lines to all servers for ever.
    pub async fn run(&self) -> Infallible {
        let mut lines: Vec<_> = self.buses.iter().map(RedisBus::connected).collect();
        let running = join_all(self.buses.iter().map(RedisBus::run));
        let watching = async {
            loop {
                let are_all = lines.iter_mut().all(|line| *line.borrow_and_update());
                self.is_connected
                    .send_if_modified(|was| std::mem::replace(was, are_all) != are_all);
                let changes = lines.iter_mut().map(|line| Box::pin(line.changed()));
                futures_util::future::select_all(changes).await.0.ok();
            }
        };
        tokio::select! {
            never = watching => never,
            mut ended = running => match ended.pop() {
                Some(never) => never,
                None => std::future::pending().await,
            },
        }
    }

    /// Bytes that wait for the servers, 8 MiB for each at most.
    pub fn waiting_bytes(&self) -> u64 {
        self.buses.iter().map(RedisBus::waiting_bytes).sum()
    }

    /// Waits until everything that was published here has gone to the servers that are there.
    pub async fn flush(&self) {
        join_all(self.buses.iter().map(RedisBus::flush)).await;
    }

    /// Whether events of every topic come from and go to other nodes now.
    pub fn connected(&self) -> watch::Receiver<bool> {
        self.is_connected.subscribe()
    }

    fn of(&self, topic: Topic) -> &RedisBus {
        &self.buses[place(topic, self.buses.len())]
    }
}

/// Which of so many servers carries a topic. The last 62 bits of an id are random (UUID version 7), so
/// no server gets more topics than others.
fn place(topic: Topic, servers: usize) -> usize {
    let id = match topic {
        Topic::Channel(channel) => channel.as_u128(),
        Topic::User(user) => user.as_u128(),
        Topic::Nodes => 0,
    };
    usize::try_from(id % servers as u128).unwrap_or_default()
}

#[async_trait]
impl Bus for SpreadBus {
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError> {
        self.of(topic).publish(topic, event).await
    }

    fn subscribe(&self, topic: Topic, sink: Arc<dyn BusSink>) -> Subscription {
        self.of(topic).subscribe(topic, sink)
    }
}

#[cfg(test)]
mod tests {
    use starling_actors::domain::{ChannelId, UserId, uuid_v7};

    use super::*;

    #[test]
    fn every_server_gets_its_share_of_topics() {
        let mut topics = [0_u32; 3];
        for number in 0..3_000_u128 {
            // Scattered as the random part of an id is, and the same in each run.
            let id =
                uuid_v7(1_700_000_000_000, number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060));
            topics[place(Topic::Channel(ChannelId::from_u128(id)), 3)] += 1;
        }
        assert!(topics.iter().all(|topics| (800..1_200).contains(topics)), "{topics:?}");
    }

    #[test]
    fn a_topic_has_one_server_on_all_nodes() {
        let user = Topic::User(UserId::from_u128(7));
        assert_eq!(place(user, 4), 3, "this never changes: nodes of two versions must agree");
        assert_eq!(place(Topic::Nodes, 4), 0);
        assert_eq!(place(user, 1), 0);
    }
}
