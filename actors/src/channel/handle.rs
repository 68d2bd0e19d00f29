//! How the rest of the program speaks to channels.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{TryAcquireError, oneshot};
use tokio::time::{Instant, timeout_at};

use super::hub::{Door, HubArgs, HubMessage, Roster};
use super::message::{ChannelMessage, Order, Reply, Waiting};
use super::settings::ChannelPorts;
use crate::ask::ask;
use crate::domain::{Byline, ChannelId, Seq};
use crate::ports::{Amend, AmendError, Amended, MemberChange, Post, PostError, Receipt};
use crate::supervision::Tally;

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
    roster: Arc<Roster>,
}

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
    /// Puts together what channels work with; a [`Hub`](super::hub::Hub) gives them life.
    pub(crate) fn prepare(ports: ChannelPorts) -> (Self, HubArgs) {
        let roster = Arc::<Roster>::default();
        let args = HubArgs { ports: Arc::new(ports), roster: Arc::clone(&roster) };
        (Self { roster }, args)
    }

    /// Channels without a tree around them.
    #[cfg(test)]
    pub(crate) async fn start(ports: ChannelPorts) -> Self {
        let (channels, args) = Self::prepare(ports);
        ractor::Actor::spawn(None, super::hub::Hub, args).await.unwrap();
        channels
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

    /// Channels that are open.
    pub fn live(&self) -> usize {
        self.roster.live()
    }

    /// Orders that wait for channels or are in flight.
    pub(crate) fn waiting(&self) -> u64 {
        self.roster.waiting()
    }

    pub(crate) fn tally(&self) -> &Arc<Tally> {
        &self.roster.tally
    }

    /// Takes no more orders and stores those that wait. What is not done by the deadline is
    /// answered as unknown when the tree goes.
    pub async fn drain(&self, deadline: Duration) {
        let deadline = Instant::now() + deadline;
        let Some(hub) = self.roster.hub.read().clone() else { return };
        let question = |reply| HubMessage::Drain { reply };
        let Ok(open) = ask(&hub, OPEN_MAX, question).await else { return };
        for channel in open {
            let left = deadline.saturating_duration_since(Instant::now());
            if channel.wait(Some(left)).await.is_err() {
                tracing::warn!("a channel did not finish in time");
            }
        }
    }

    /// Kills the channel's actor, as a panic would.
    #[cfg(test)]
    pub(super) fn kill(&self, channel: ChannelId) {
        if let Some(door) = self.roster.door(channel) {
            door.channel.kill();
        }
    }

    /// Makes the channel's actor panic while it handles a message.
    #[cfg(test)]
    pub(super) fn poison(&self, channel: ChannelId) {
        if let Some(door) = self.roster.door(channel) {
            door.channel.cast(ChannelMessage::Panic).ok();
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
        let hub = self.roster.hub.read().clone().ok_or(PostError::Unavailable)?;
        let question = |reply| HubMessage::Open { channel, reply };
        ask(&hub, OPEN_MAX, question).await.unwrap_or(Err(PostError::Unavailable))
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
