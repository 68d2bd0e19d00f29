//! One line to Redis, from connecting to its end: a connection on which is spoken and one on which is
//! listened. When either fails, both end, and another line begins.
//!
//! What is heard goes at once from the driver, whose queue has no bound, into the inbox, which has one.
//! When that is full, the line ends: the next one makes every relay compare heads with the log.
//!
//! Its own signs of life come back to it: a line that has been silent for a while is dead, whatever
//! the operating system thinks.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use redis::aio::{MultiplexedConnection, PubSubSink, PubSubStream};
use redis::{Msg, RedisError};
use starling_actors::domain::{ChannelId, UserId};
use starling_actors::ports::{Bus, Topic};
use tokio::task::JoinSet;

use super::inbox::Inbox;
use super::interest::Change;
use super::{Redis, Shared};
use crate::internode;

/// How often a node says that it is there.
const BEAT: Duration = Duration::from_secs(1);
/// A line on which not even our own signs of life came for so long is dead.
const SILENCE_MAX: Duration = Duration::from_secs(4);
/// Topics in one `SUBSCRIBE`: few enough that their relays do not all ask the log at once.
const TOPICS_AT_ONCE_MAX: usize = 256;

/// Why a line ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("{0}")]
    Redis(#[from] RedisError),
    #[error("it says nothing")]
    Silent,
    #[error("it closed the connection")]
    Closed,
    #[error("it says more than this node can hand on")]
    Behind,
}

/// A line.
pub(super) struct Line<'a> {
    shared: &'a Shared,
    names: Names,
    commands: MultiplexedConnection,
    ears: PubSubSink,
    heard: PubSubStream,
}

impl<'a> Line<'a> {
    /// Connects, and hears signs of life from here on.
    pub(super) async fn open(shared: &'a Shared) -> Result<Self, Broken> {
        let names = Names::new(&shared.redis);
        let mut commands = shared.redis.connect().await?;
        let (mut ears, heard) = shared.redis.listen().await?.split();
        super::super::within(ears.subscribe(&names.life)).await?;
        shared.company.assume();
        // Before topics are followed: a node that thought it was alone speaks from now on.
        sign(shared, &names, &mut commands).await?;
        shared.interest.begin();
        Ok(Self { shared, names, commands, ears, heard })
    }

    /// Works until the line breaks.
    pub(super) async fn serve(self) -> Broken {
        let Self { shared, names, commands, ears, heard } = self;
        let inbox = Arc::<Inbox<Msg>>::default();
        let mut gathering = JoinSet::new();
        gathering.spawn(gather(heard, Arc::clone(&inbox)));
        let Err(broken) = tokio::select! {
            broken = beat(shared, &names, commands.clone()) => broken,
            broken = speak(shared, &names, commands) => broken,
            broken = follow(shared, &names, ears) => broken,
            broken = gathered(gathering) => broken,
            broken = listen(shared, &names, &inbox) => broken,
        };
        shared.meters.dropped_unheard.increment(inbox.count());
        broken
    }
}

type Endless = Result<std::convert::Infallible, Broken>;

/// Says that this node is there, and learns whether another one is.
async fn beat(shared: &Shared, names: &Names, mut commands: MultiplexedConnection) -> Endless {
    loop {
        tokio::time::sleep(BEAT).await;
        sign(shared, names, &mut commands).await?;
    }
}

async fn sign(
    shared: &Shared,
    names: &Names,
    commands: &mut MultiplexedConnection,
) -> Result<(), Broken> {
    let mut publish = redis::cmd("PUBLISH");
    publish.arg(&names.life).arg(internode::encode_sign_of_life(shared.me));
    let listeners: u64 = publish.query_async(commands).await?;
    shared.company.counted(listeners);
    Ok(())
}

/// Sends what waits in the outbox, as much at once as has queued during the last flush.
async fn speak(shared: &Shared, names: &Names, mut commands: MultiplexedConnection) -> Endless {
    loop {
        let parcels = shared.outbox.take().await;
        let flight = Flight { shared, count: parcels.len() as u64 };
        let mut flush = redis::Pipeline::with_capacity(parcels.len());
        for parcel in &parcels {
            flush.cmd("PUBLISH").arg(names.of(parcel.topic)).arg(&parcel.bytes).ignore();
        }
        let () = flush.query_async(&mut commands).await?;
        flight.land();
    }
}

/// Events that are on their way. Whether they got there is not known when the line breaks; they are
/// not sent again, for nobody may hear one twice.
struct Flight<'a> {
    shared: &'a Shared,
    count: u64,
}

impl Flight<'_> {
    fn land(mut self) {
        self.shared.meters.published.increment(std::mem::take(&mut self.count));
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.shared.meters.dropped_unsent.increment(self.count);
        self.shared.outbox.land();
    }
}

/// Tells Redis which topics are followed here. A topic's sinks hear `Interrupted` once that is in
/// effect: what was published elsewhere before went by.
async fn follow(shared: &Shared, names: &Names, mut ears: PubSubSink) -> Endless {
    loop {
        let Change { follow, leave } = shared.interest.take(TOPICS_AT_ONCE_MAX);
        if !leave.is_empty() {
            let leave: Vec<String> = leave.into_iter().map(|topic| names.of(topic)).collect();
            answered(ears.unsubscribe(&leave)).await?;
        }
        if !follow.is_empty() {
            let wanted: Vec<String> = follow.iter().map(|topic| names.of(*topic)).collect();
            answered(ears.subscribe(&wanted)).await?;
            for topic in follow {
                shared.interrupt(topic).await;
            }
        }
        if !shared.interest.is_changed() {
            shared.show_connected(true);
            shared.interest.changed().await;
        }
    }
}

/// The driver bounds no question on a connection for subscriptions.
async fn answered(asked: impl Future<Output = redis::RedisResult<()>>) -> Result<(), Broken> {
    match tokio::time::timeout(super::super::ANSWER_DEADLINE, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Broken::Silent),
    }
}

/// Moves what is heard into the inbox, on a task of its own: decoding and sinks hold it up in nothing.
async fn gather(mut heard: impl Stream<Item = Msg> + Unpin, inbox: Arc<Inbox<Msg>>) -> Broken {
    loop {
        match tokio::time::timeout(SILENCE_MAX, heard.next()).await {
            Ok(Some(message)) => {
                let bytes = message.get_payload_bytes().len();
                if !inbox.put(message, bytes) {
                    return Broken::Behind;
                }
            }
            Ok(None) => return Broken::Closed,
            Err(_) => return Broken::Silent,
        }
    }
}

async fn gathered(mut gathering: JoinSet<Broken>) -> Endless {
    match gathering.join_next().await {
        Some(Ok(broken)) => Err(broken),
        Some(Err(_)) | None => Err(Broken::Closed),
    }
}

/// Hands what other nodes say to the sinks of this one.
async fn listen(shared: &Shared, names: &Names, inbox: &Inbox<Msg>) -> Endless {
    loop {
        hear(shared, names, &inbox.take().await).await;
    }
}

async fn hear(shared: &Shared, names: &Names, message: &Msg) {
    let (name, bytes) = (message.get_channel_name(), message.get_payload_bytes());
    if internode::origin(bytes).is_ok_and(|origin| origin == shared.me) {
        return;
    }
    shared.company.assume();
    let Some(topic) = names.topic(name) else { return };
    match internode::decode_event(bytes) {
        Ok(heard) => {
            shared.meters.received.increment(1);
            if shared.local.publish(topic, heard.event).await.is_err() {
                tracing::debug!("the local bus did not take an event");
            }
        }
        Err(error) => {
            shared.meters.refused.increment(1);
            tracing::debug!(%error, "another node said something that this one does not understand");
            shared.interrupt(topic).await;
        }
    }
}

/// What topics are called at Redis.
struct Names {
    life: String,
    channel: String,
    user: String,
    nodes: String,
}

impl Names {
    fn new(redis: &Redis) -> Self {
        let (life, nodes) = (redis.name("life"), redis.name("all"));
        Self { life, channel: redis.name("c:"), user: redis.name("u:"), nodes }
    }

    fn of(&self, topic: Topic) -> String {
        match topic {
            Topic::Channel(channel) => format!("{}{channel}", self.channel),
            Topic::User(user) => format!("{}{user}", self.user),
            Topic::Nodes => self.nodes.clone(),
        }
    }

    fn topic(&self, name: &str) -> Option<Topic> {
        if name == self.nodes {
            return Some(Topic::Nodes);
        }
        if let Some(id) = name.strip_prefix(&self.channel) {
            return id.parse::<ChannelId>().ok().map(Topic::Channel);
        }
        name.strip_prefix(&self.user)?.parse::<UserId>().ok().map(Topic::User)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_on_which_more_comes_than_is_handed_on_ends() {
        let said = redis::Value::Array(vec![
            redis::Value::BulkString(b"message".to_vec()),
            redis::Value::BulkString(b"starling:c:7".to_vec()),
            redis::Value::BulkString(vec![0; 64 * 1024]),
        ]);
        let message = Msg::from_owned_value(said).unwrap();
        let flood = futures_util::stream::repeat(message);
        let inbox = Arc::<Inbox<Msg>>::default();

        let broken = gather(flood, Arc::clone(&inbox)).await;

        assert!(matches!(broken, Broken::Behind), "{broken}");
        assert!(inbox.count() < 128, "no more waits than may");
    }

    #[test]
    fn a_topic_is_found_by_its_name_and_others_names_are_none() {
        let redis = Redis::open("redis://127.0.0.1", "", "blue").unwrap();
        let names = Names::new(&redis);
        let user = UserId::from_u128(u128::MAX);
        for topic in [Topic::Channel(ChannelId::from_u128(7)), Topic::User(user), Topic::Nodes] {
            assert_eq!(names.topic(&names.of(topic)), Some(topic));
        }
        let green = Names::new(&Redis::open("redis://127.0.0.1", "", "green").unwrap());
        assert_eq!(names.topic(&green.of(Topic::User(UserId::from_u128(1)))), None);
        assert_eq!(names.topic(&names.life), None);
    }
}
