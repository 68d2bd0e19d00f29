//! How the rest of the program speaks to channels.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ractor::concurrency::JoinHandle;
use ractor::rpc::CallResult;
use ractor::{Actor, ActorRef};
use tokio::sync::{TryAcquireError, oneshot};
use tokio::time::{Instant, timeout_at};

use super::hub::{Door, Hub, HubArgs, HubMessage, Roster};
use super::message::{ChannelMessage, Order, Reply, Waiting};
use super::order::{Amend, AmendError, Amended, MemberChange, Post, PostError, Receipt};
use super::settings::{ChannelPorts, ChannelSettings};
use crate::domain::{Byline, ChannelId, Seq};
use crate::ports::{Bus, Clock, History, MessageLog};

/// How long a channel may take to be opened. No I/O is in it.
const OPEN_MAX: Duration = Duration::from_secs(2);
/// How long an answer is waited for: taking the channel (5 s), settling an unknown outcome (5 s)
/// and a batch before ours. Later than this, whether it is stored counts as unknown.
const ANSWER_MAX: Duration = Duration::from_secs(12);
/// How often a send knocks when the channel closes under its hand.
const KNOCKS_MAX: usize = 3;

/// The way to every channel. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    hub: ActorRef<HubMessage>,
    roster: Arc<Roster>,
}

/// The channels could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the channels could not be started: {0}")]
pub struct StartError(String);

/// A message that is in its channel's queue. Two sends whose `Pending` were got one after the
/// other are stored in that order, if both succeed at the first try.
#[derive(Debug)]
pub struct Pending {
    answer: oneshot::Receiver<Result<Receipt, PostError>>,
    deadline: Instant,
}

impl Pending {
    /// Waits until the message is stored, or that has failed.
    pub async fn receipt(self) -> Result<Receipt, PostError> {
        wait(self.answer, self.deadline).await
    }
}

impl Channels {
    /// Starts the part that opens and watches channels. `settings.bucket_entries` must be the log's.
    pub async fn start(
        log: Arc<dyn MessageLog>,
        history: Arc<dyn History>,
        bus: Arc<dyn Bus>,
        clock: Arc<dyn Clock>,
        settings: ChannelSettings,
    ) -> Result<Self, StartError> {
        let ports = ChannelPorts {
            log,
            history,
            bus,
            clock,
            settings,
            #[cfg(test)]
            planted: super::simulation::Planted::Nothing,
        };
        Self::start_with(ports).await
    }

    pub(super) async fn start_with(ports: ChannelPorts) -> Result<Self, StartError> {
        let roster = Arc::<Roster>::default();
        let args = HubArgs { ports: Arc::new(ports), roster: Arc::clone(&roster) };
        let spawned: Result<(_, JoinHandle<()>), _> = Actor::spawn(None, Hub, args).await;
        let (hub, _) = spawned.map_err(|error| StartError(error.to_string()))?;
        Ok(Self { hub, roster })
    }

    /// Puts a message into the channel's queue.
    pub async fn post(&self, channel: ChannelId, post: Post) -> Result<Pending, PostError> {
        let (reply, answer) = Reply::new();
        self.order(channel, Order::Post { post, reply }).await?;
        Ok(Pending { answer, deadline: Instant::now() + ANSWER_MAX })
    }

    /// Changes a message.
    pub async fn amend(&self, channel: ChannelId, amend: Amend) -> Result<Amended, AmendError> {
        let (reply, answer) = Reply::new();
        self.order(channel, Order::Amend { amend, reply }).await?;
        wait(answer, Instant::now() + ANSWER_MAX).await
    }

    /// Writes into the log that someone came or went; gives the place.
    pub async fn member(
        &self,
        channel: ChannelId,
        by: Byline,
        change: MemberChange,
    ) -> Result<Seq, PostError> {
        let (reply, answer) = Reply::new();
        self.order(channel, Order::Member { by, change, reply }).await?;
        wait(answer, Instant::now() + ANSWER_MAX).await
    }

    /// Channels that failed and were opened afresh, since the start.
    pub fn restarts(&self) -> u64 {
        self.roster.restarts()
    }

    /// Channels that are open.
    pub fn live(&self) -> usize {
        self.roster.live()
    }

    /// Takes no more orders, stores those that wait, and stops. What is not done by the deadline
    /// is answered as unknown.
    pub async fn stop(&self, deadline: Duration) {
        let deadline = Instant::now() + deadline;
        let question = |reply| HubMessage::Drain { reply };
        if let Ok(CallResult::Success(open)) = self.hub.call(question, Some(OPEN_MAX)).await {
            for channel in open {
                let left = deadline.saturating_duration_since(Instant::now());
                if channel.wait(Some(left)).await.is_err() {
                    tracing::warn!("a channel did not finish in time");
                }
            }
        }
        if self.hub.stop_and_wait(None, Some(OPEN_MAX)).await.is_err() {
            tracing::warn!("the channels did not stop in time");
        }
    }

    /// Kills the channel's actor, as a panic would.
    #[cfg(test)]
    pub(super) fn kill(&self, channel: ChannelId) {
        if let Some(door) = self.roster.door(channel) {
            door.channel.kill();
        }
    }

    /// Sends an order to its channel. Does not wait when the channel is open, so that orders given
    /// one after the other arrive so.
    async fn order(&self, channel: ChannelId, order: Order) -> Result<(), PostError> {
        for _ in 0..KNOCKS_MAX {
            let door = self.door(channel).await?;
            match Arc::clone(&door.places).try_acquire_owned() {
                Ok(place) => {
                    let message = ChannelMessage::Order(Box::new(Waiting { order, place }));
                    // An actor that is gone drops the order, and the reply says so.
                    door.channel.cast(message).ok();
                    return Ok(());
                }
                Err(TryAcquireError::NoPermits) => return Err(PostError::Overloaded),
                Err(TryAcquireError::Closed) => tokio::task::yield_now().await,
            }
        }
        Err(PostError::NotOwner)
    }

    async fn door(&self, channel: ChannelId) -> Result<Door, PostError> {
        if let Some(door) = self.roster.door(channel) {
            return Ok(door);
        }
        let question = |reply| HubMessage::Open { channel, reply };
        match self.hub.call(question, Some(OPEN_MAX)).await {
            Ok(CallResult::Success(door)) => door,
            Ok(CallResult::Timeout | CallResult::SenderError) | Err(_) => {
                Err(PostError::Unavailable)
            }
        }
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channels").field("live", &self.live()).finish_non_exhaustive()
    }
}

async fn wait<T, E: From<PostError>>(
    answer: oneshot::Receiver<Result<T, E>>,
    deadline: Instant,
) -> Result<T, E> {
    match timeout_at(deadline, answer).await {
        Ok(Ok(answer)) => answer,
        // Replies answer when they are dropped; only a runtime that ends leaves none.
        Ok(Err(_)) | Err(_) => Err(PostError::Unknown.into()),
    }
}
