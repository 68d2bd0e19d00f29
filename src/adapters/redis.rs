//! Redis: what nodes of a cluster tell each other, who of them is alive, what is counted over all.
//!
//! It holds nothing that cannot be lost. While it is gone, sends, reads and local delivery go on; what
//! other nodes stored meanwhile is found in the log as soon as it is back.
//!
//! [`RedisBus`] carries events, [`SpreadBus`] spreads them over several servers, [`RedisMembership`] says who
//! is alive. Each has a `run` that is driven
//! for the life of the process: it connects, and connects again with growing, jittered pauses.
//! [`RedisLimits`] counts over all nodes; it connects when it is asked.

mod backoff;
mod bus;
mod limits;
mod membership;
mod spread;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSub};
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult};

pub use self::bus::RedisBus;
pub use self::limits::RedisLimits;
pub use self::membership::RedisMembership;
pub use self::spread::SpreadBus;

/// How long a connection may take to be made, its handshake with it.
const CONNECT_DEADLINE: Duration = Duration::from_secs(2);
/// How long Redis may take to answer. A host that stalls for a second is no reason to connect anew.
const ANSWER_DEADLINE: Duration = Duration::from_secs(3);

/// Where Redis is, and under which names this cluster keeps its things there. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Redis {
    client: Client,
    /// Distinguishes clusters that share a Redis.
    cluster: Arc<str>,
}

impl Redis {
    /// Takes `redis://` and `rediss://` (TLS by the system's authorities) with user and password.
    /// Nothing is connected yet.
    pub fn open(url: &str, cluster: &str) -> Result<Self, RedisError> {
        if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
            tracing::trace!("a provider of cryptography was installed before");
        }
        Ok(Self { client: Client::open(url)?, cluster: cluster.into() })
    }

    /// A name in Redis.
    fn name(&self, of: &str) -> String {
        format!("starling:{}:{of}", self.cluster)
    }

    /// A connection for commands.
    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_DEADLINE))
            .set_response_timeout(Some(ANSWER_DEADLINE));
        within(self.client.get_multiplexed_async_connection_with_config(&config)).await
    }

    /// A connection for subscriptions.
    async fn listen(&self) -> RedisResult<PubSub> {
        within(self.client.get_async_pubsub()).await
    }
}

/// Bounds all steps of a connection together: the driver bounds only some of them.
async fn within<T>(connecting: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    match tokio::time::timeout(CONNECT_DEADLINE, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}
