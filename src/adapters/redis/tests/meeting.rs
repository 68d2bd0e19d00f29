//! The contract of the membership, on the Redis that tests share.

use std::collections::HashMap;

use async_trait::async_trait;
use parking_lot::Mutex;
use starling_actors::contract::cluster::Meeting;

use super::*;

/// Nodes that find each other in one Redis.
struct Lobby {
    redis: Redis,
    nodes: Mutex<HashMap<NodeId, Running>>,
}

#[async_trait]
impl Meeting for Lobby {
    async fn join(&self) -> Arc<dyn Membership> {
        let mut running = Running(Vec::new());
        let node = running.member(&self.redis, rand::random());
        self.nodes.lock().insert(node.me().id, running);
        Arc::new(node)
    }

    async fn kill(&self, node: Arc<dyn Membership>) {
        drop(self.nodes.lock().remove(&node.me().id));
    }
}

fn fresh() -> (Lobby, ()) {
    (Lobby { redis: shared(), nodes: Mutex::default() }, ())
}
starling_actors::membership_suite!(fresh);
