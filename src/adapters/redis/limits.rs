//! Counts over all nodes: one counter a key, which expires with its window.
//!
//! All keys of a call are looked at and counted in one step, so calls at once on several nodes get no
//! more through than one after the other. While Redis is gone the answer is `Unavailable` at once.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Script};
use starling_actors::ports::{LimitsUnavailable, SharedLimit, SharedLimits};
use tokio::time::Instant;

use super::Redis;

/// How long a question may take: it stands in the way of a request.
const DEADLINE: Duration = Duration::from_millis(500);
/// After a failure Redis is left alone for so long, and requests go on without it.
const PAUSE: Duration = Duration::from_millis(500);

/// `KEYS` with their `max` and milliseconds in `ARGV`, in pairs. Gives -1 when all were counted, else
/// for how many milliseconds the first that is full stays so.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "for place, key in ipairs(KEYS) do
             local count = tonumber(redis.call('GET', key) or '0')
             if count >= tonumber(ARGV[2 * place - 1]) then
                 return math.max(redis.call('PTTL', key), 1)
             end
         end
         for place, key in ipairs(KEYS) do
             if redis.call('INCR', key) == 1 then
                 redis.call('PEXPIRE', key, ARGV[2 * place])
             end
         end
         return -1",
    )
});

/// Takes one back from each of `KEYS` that still counts.
static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "for _, key in ipairs(KEYS) do
             if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
         end
         return 0",
    )
});

/// The counts of all nodes. It connects when it is first asked.
pub struct RedisLimits {
    redis: Redis,
    line: Mutex<Line>,
    /// Held while a connection is made: one attempt at a time, the others go on without.
    connecting: tokio::sync::Mutex<()>,
}

/// What is known of the connection.
#[derive(Default)]
struct Line {
    connection: Option<MultiplexedConnection>,
    failed_at: Option<Instant>,
}

impl std::fmt::Debug for RedisLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisLimits")
    }
}

impl RedisLimits {
    /// Nothing is connected yet.
    pub fn new(redis: Redis) -> Self {
        Self { redis, line: Mutex::default(), connecting: tokio::sync::Mutex::default() }
    }

    fn key(&self, key: &str) -> String {
        self.redis.name(&format!("limit:{key}"))
    }

    async fn connection(&self) -> RedisResult<Option<MultiplexedConnection>> {
        {
            let line = self.line.lock();
            if line.failed_at.is_some_and(|at| at.elapsed() < PAUSE) {
                return Ok(None);
            }
            if let Some(connection) = &line.connection {
                return Ok(Some(connection.clone()));
            }
        }
        let Ok(_alone) = self.connecting.try_lock() else { return Ok(None) };
        let connection = self.redis.connect().await?;
        self.line.lock().connection = Some(connection.clone());
        Ok(Some(connection))
    }

    /// Asks Redis, or says at once that it is not there.
    async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(MultiplexedConnection) -> RedisResult<T>,
    ) -> Result<T, LimitsUnavailable> {
        let asking = async {
            let Some(connection) = self.connection().await? else { return Ok(None) };
            question(connection).await.map(Some)
        };
        let error = match tokio::time::timeout(DEADLINE, asking).await {
            Ok(Ok(answer)) => return answer.ok_or(LimitsUnavailable),
            Ok(Err(error)) => error.to_string(),
            Err(late) => late.to_string(),
        };
        tracing::debug!(error, "limits are counted on this node alone");
        *self.line.lock() = Line { connection: None, failed_at: Some(Instant::now()) };
        Err(LimitsUnavailable)
    }
}

#[async_trait]
impl SharedLimits for RedisLimits {
    async fn take(&self, limits: &[SharedLimit]) -> Result<Option<Duration>, LimitsUnavailable> {
        if limits.is_empty() {
            return Ok(None);
        }
        let mut take = TAKE.prepare_invoke();
        for limit in limits {
            let window_ms = u64::try_from(limit.window.as_millis()).unwrap_or(u64::MAX);
            take.key(self.key(&limit.key)).arg(limit.max).arg(window_ms);
        }
        let wait_ms: i64 =
            self.ask(async |mut connection| take.invoke_async(&mut connection).await).await?;
        Ok(u64::try_from(wait_ms).ok().map(Duration::from_millis))
    }

    async fn give_back(&self, keys: &[String]) -> Result<(), LimitsUnavailable> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut give_back = GIVE_BACK.prepare_invoke();
        for key in keys {
            give_back.key(self.key(key));
        }
        self.ask(async |mut connection| give_back.invoke_async(&mut connection).await).await
    }

    async fn forget(&self, key: &str) -> Result<(), LimitsUnavailable> {
        let mut delete = redis::cmd("DEL");
        delete.arg(self.key(key));
        self.ask(async |mut connection| delete.query_async(&mut connection).await).await
    }
}
