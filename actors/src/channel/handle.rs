//! How the rest of the program speaks to channels.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{TryAcquireError, oneshot};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::counts::{ClusterCounts, Counts};
use super::courier;
use super::hub::{Door, HubArgs, HubMessage, Roster};
use super::message::{ChannelMessage, Order, Waiting};
use super::order::{Awaited, for_here};
use super::routes::Routes;
use super::settings::ChannelPorts;
use crate::ask::ask;
use crate::cluster::{Home, Placement};
use crate::domain::{Byline, ChannelId, Seq};
use crate::ports::{
    Amend, AmendError, Amended, MemberChange, Post, PostError, Receipt, RemoteOrder, RemoteReply,
};
use crate::supervision::Tally;

/// How long a channel may take to be opened. No I/O is in it.
const OPEN_MAX: Duration = Duration::from_secs(2);
/// How long an answer is waited for: taking the channel (5 s), settling an unknown outcome (5 s)
/// and a batch before ours. Later than this, whether it is stored counts as unknown.
pub(super) const ANSWER_MAX: Duration = Duration::from_secs(12);
/// How long a send waits for a channel that closes under its hand: its flight has to land.
const CLOSING_MAX: Duration = Duration::from_secs(2);

/// The way to every channel. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    roster: Arc<Roster>,
    /// The ways to other nodes; absent where there are none.
    routes: Option<Arc<Routes>>,
}

/// A message that is in its channel's queue, here or on its way to another node's. Two sends whose
/// `Pending` were got one after the other are stored in that order, if both succeed at the first try.
#[derive(Debug)]
pub struct Pending(Given);

/// The answer to come.
#[derive(Debug)]
enum Given {
    /// From a queue of this node.
    Here(Awaited, Instant),
    /// From whoever finds the owner.
    Sent(oneshot::Receiver<RemoteReply>),
}

impl Pending {
    /// Waits until the message is stored, or that has failed.
    pub async fn receipt(self) -> Result<Receipt, PostError> {
        let RemoteReply::Posted(posted) = self.0.reply().await else {
            return Err(PostError::Unknown);
        };
        posted
    }
}

impl Given {
    async fn reply(self) -> RemoteReply {
        match self {
            Self::Here(awaited, deadline) => awaited.reply(deadline).await,
            // A courier answers in any case; only a runtime that ends leaves no answer.
            Self::Sent(answer) => {
                answer.await.unwrap_or(RemoteReply::Posted(Err(PostError::Unknown)))
            }
        }
    }
}

impl Channels {
    /// Puts together what channels work with; a [`Hub`](super::hub::Hub) gives them life. Without
    /// `routes` every channel is this node's.
    pub(crate) fn prepare(ports: ChannelPorts, routes: Option<Routes>) -> (Self, HubArgs) {
        let roster = Arc::<Roster>::default();
        let routes = routes.map(Arc::new);
        let args =
            HubArgs { ports: Arc::new(ports), roster: Arc::clone(&roster), routes: routes.clone() };
        (Self { roster, routes }, args)
    }

    /// Channels without a tree around them.
    #[cfg(test)]
    pub(crate) async fn start(ports: ChannelPorts) -> Self {
        Self::start_in(ports, None).await
    }

    /// Channels of one node of several, without a tree around them.
    #[cfg(test)]
    pub(crate) async fn start_in(ports: ChannelPorts, routes: Option<Routes>) -> Self {
        let (channels, args) = Self::prepare(ports, routes);
        ractor::Actor::spawn(None, super::hub::Hub, args).await.unwrap();
        channels
    }

    /// Puts a message into the queue of its channel.
    pub async fn post(&self, channel: ChannelId, post: Post) -> Result<Pending, PostError> {
        self.give(channel, RemoteOrder::Post(post)).await.map(Pending)
    }

    /// Changes a message.
    pub async fn amend(&self, channel: ChannelId, amend: Amend) -> Result<Amended, AmendError> {
        let given = self.give(channel, RemoteOrder::Amend(amend)).await?;
        let RemoteReply::Amended(amended) = given.reply().await else {
            return Err(PostError::Unknown.into());
        };
        amended
    }

    /// Writes into the log that someone came or went; gives the place.
    pub async fn member(
        &self,
        channel: ChannelId,
        by: Byline,
        change: MemberChange,
    ) -> Result<Seq, PostError> {
        let given = self.give(channel, RemoteOrder::Member { by, change }).await?;
        let RemoteReply::Member(seq) = given.reply().await else {
            return Err(PostError::Unknown);
        };
        seq
    }

    /// Which node does what.
    pub fn placement(&self) -> Placement {
        self.routes.as_ref().map(|routes| routes.placement.clone()).unwrap_or_default()
    }

    /// What was counted of channels that move between nodes.
    pub fn cluster_counts(&self) -> ClusterCounts {
        match &self.routes {
            Some(routes) => routes.counts.read(self.live()),
            None => Counts::default().read(self.live()),
        }
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

    /// Says good-bye to the other nodes: this one's channels are theirs from here on.
    pub(crate) async fn leave(&self) {
        if let Some(routes) = &self.routes {
            routes.placement.leave().await;
        }
    }

    /// Opens nothing more and stores what waits; in a cluster, orders that come later go to other
    /// nodes. What is not done by the deadline is answered as unknown when the tree goes.
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
        let under_way = || self.routes.as_ref().and_then(|routes| routes.any_way());
        while let Some(clear) = under_way() {
            if timeout_at(deadline, clear.cancelled()).await.is_err() {
                tracing::warn!("other nodes have not answered all orders in time");
                return;
            }
        }
    }

    /// Ends all channels and their hub at once, as the end of the process would.
    #[cfg(test)]
    pub(super) fn crash(&self) {
        if let Some(hub) = &*self.roster.hub.read() {
            hub.kill();
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

    /// Gives an order to whoever owns the channel. Does not wait when the channel is open here or
    /// another node's, so that orders given one after the other arrive so.
    async fn give(&self, channel: ChannelId, order: RemoteOrder) -> Result<Given, PostError> {
        if let Some(routes) = &self.routes {
            return courier::send(self, routes, channel, order).await.map(Given::Sent);
        }
        let now = Instant::now();
        let (order, awaited) = for_here(order);
        self.enqueue(channel, order, now + CLOSING_MAX).await?;
        Ok(Given::Here(awaited, now + ANSWER_MAX))
    }

    /// Puts an order into a queue of this node. A channel that is closing is opened anew once it is
    /// closed, if that is before `until`.
    pub(super) async fn enqueue(
        &self,
        channel: ChannelId,
        order: Order,
        until: Instant,
    ) -> Result<(), PostError> {
        loop {
            let door = self.door(channel).await?;
            match Arc::clone(&door.places).try_acquire_owned() {
                Ok(place) => {
                    let message = ChannelMessage::Order(Box::new(Waiting { order, place }));
                    // An actor that is gone drops the order, and the reply says so.
                    door.channel.cast(message).ok();
                    return Ok(());
                }
                Err(TryAcquireError::NoPermits) => return Err(PostError::Overloaded),
                Err(TryAcquireError::Closed) => {
                    let closed = timeout_at(until, door.closed.cancelled()).await;
                    closed.map_err(|_| PostError::NotOwner)?;
                }
            }
        }
    }

    /// Closes a channel that is another node's: what waits is stored first. Gives what tells when it
    /// is closed; `None` when it is not open.
    pub(super) fn hand_over(&self, channel: ChannelId) -> Option<CancellationToken> {
        let door = self.roster.door(channel)?;
        if let Some(routes) = &self.routes
            && door.drain()
        {
            routes.counts.handed_over();
        }
        Some(door.closed)
    }

    /// Where a channel is to be written.
    pub(super) fn home(&self, channel: ChannelId) -> Home {
        self.routes.as_ref().map_or(Home::Here, |routes| routes.home(channel))
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
