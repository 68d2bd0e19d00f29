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
use redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult, TlsCertificates};

pub use self::bus::RedisBus;
pub use self::limits::RedisLimits;
pub use self::membership::RedisMembership;
pub use self::spread::SpreadBus;

/// How an address begins where TLS is spoken.
const TLS_SCHEME: &str = "rediss://";
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
    /// Takes `redis://` and `rediss://` (TLS) with user and password. Certificates are those of the
    /// system's authorities, or of `authority` (PEM) when it is not empty. Nothing is connected yet.
    pub fn open(url: &str, authority: &str, cluster: &str) -> Result<Self, RedisError> {
        if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
            tracing::trace!("a provider of cryptography was installed before");
        }
        let client = if authority.is_empty() || !url.starts_with(TLS_SCHEME) {
            Client::open(url)?
        } else {
            let root_cert = Some(authority.as_bytes().to_vec());
            Client::build_with_tls(url, TlsCertificates { client_tls: None, root_cert })?
        };
        Ok(Self { client, cluster: cluster.into() })
    }

    /// Why Redis will never be of use as it is set: it takes another password, or shows a certificate
    /// that nobody here trusts. `None` when it answers, and also when it does not: it may come back.
    pub async fn refusal(&self) -> Option<RedisError> {
        let asking = async {
            let mut connection = self.connect().await?;
            // Who gives no password is only refused when asking for something.
            redis::cmd("PING").exec_async(&mut connection).await
        };
        asking.await.err().filter(is_refusal)
    }

    /// The time of day there, since 1970.
    pub async fn time(&self) -> Result<Duration, RedisError> {
        let mut connection = self.connect().await?;
        let (seconds, micros): (u64, u32) = redis::cmd("TIME").query_async(&mut connection).await?;
        Ok(Duration::new(seconds, micros.saturating_mul(1_000)))
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

/// Whether an error will be the same the next time.
fn is_refusal(error: &RedisError) -> bool {
    let refuses = ["NOAUTH", "WRONGPASS"];
    error.kind() == ErrorKind::AuthenticationFailed
        || error.code().is_some_and(|code| refuses.contains(&code))
        || is_distrusted(error)
}

/// Whether the other side's certificate was refused. The driver keeps what it failed by in an `Arc`.
fn is_distrusted(error: &RedisError) -> bool {
    type Cause = Arc<dyn std::error::Error + Send + Sync>;
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<Cause>());
    let io = cause.and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let cause = io.and_then(std::io::Error::get_ref).and_then(|cause| cause.downcast_ref());
    matches!(cause, Some(rustls::Error::InvalidCertificate(_)))
}

/// Bounds all steps of a connection together: the driver bounds only some of them.
async fn within<T>(connecting: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    match tokio::time::timeout(CONNECT_DEADLINE, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}
