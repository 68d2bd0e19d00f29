//! Who leaves says so, and everyone looks at the members at once instead of at the next beat: until they
//! do, they send orders to a node that wants none.
//!
//! What is not heard is seen a second later. So a line that has been silent is not examined: it is opened
//! anew now and then.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::StreamExt;
use redis::RedisResult;
use redis::aio::MultiplexedConnection;
use starling_actors::domain::NodeId;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::super::backoff::Backoff;
use super::super::{Redis, within};

/// A line on which nobody left for so long is opened anew: nobody knows whether it is dead.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// A line that held so long was a good one: when it breaks, the pauses begin anew.
const GOOD_LINE: Duration = Duration::from_secs(1);

fn topic(redis: &Redis) -> String {
    redis.name("farewell")
}

/// Tells everyone that a node has left; gives how many heard it, this node among them.
pub(super) async fn say(
    redis: &Redis,
    me: NodeId,
    connection: &mut MultiplexedConnection,
) -> RedisResult<u64> {
    redis::cmd("PUBLISH").arg(topic(redis)).arg(me.to_string()).query_async(connection).await
}

/// Tells of everyone who leaves, for ever.
pub(super) async fn listen(redis: &Redis, news: &Notify) -> Infallible {
    let mut backoff = Backoff::new();
    loop {
        let since = Instant::now();
        if let Err(error) = hear(redis, news).await {
            tracing::debug!(%error, "who leaves is not heard of");
        }
        if since.elapsed() > GOOD_LINE {
            backoff.reset();
        }
        tokio::time::sleep(backoff.pause(rand::random())).await;
    }
}

/// Hears until the line breaks or was silent for long.
async fn hear(redis: &Redis, news: &Notify) -> RedisResult<()> {
    let mut line = redis.listen().await?;
    within(line.subscribe(topic(redis))).await?;
    let mut heard = line.into_on_message();
    while let Ok(Some(_)) = timeout(SILENCE_MAX, heard.next()).await {
        news.notify_one();
    }
    Ok(())
}
