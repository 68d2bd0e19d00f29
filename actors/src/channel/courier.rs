//! Takes an order to whoever owns its channel, and comes back with what became of it.
//!
//! ```text
//!   place (here, or on its way to the owner) ─▶ answer ─▶ settled
//!     ▲                                            │ nothing was tried, or it may be tried twice
//!     └──────── another view, or a pause ◀─────────┘
//! ```
//!
//! While a channel moves, and while a node that died is still in the view, an order is tried again
//! for [`SEARCH_MAX`]: to a client that is a delay, not an error. After that the channel is written
//! here: the log protects. So it is when the owner cannot write the log and this node may be able to.
//!
//! **Invariant:** an order of which it is not known whether it was carried out is given again only if
//! it carries an idempotency key, under the same one; and once that was so, no answer says that it
//! was not stored.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};

use super::handle::{ANSWER_MAX, Channels};
use super::order::{Awaited, for_here};
use super::routes::{OnTheWay, Routes, Seat};
#[cfg(test)]
use super::simulation::Planted;
use crate::cluster::Home;
use crate::domain::{ChannelId, NodeId};
use crate::ports::{Member, PostError, RemoteOrder, RemoteReply};

/// How long an owner is looked for. A node that was killed is out of the others' views within 3 s
/// (its heartbeat's time to live) and the second in which they look.
const SEARCH_MAX: Duration = Duration::from_secs(4);
/// How long an owner is given that cannot write the log. One that has lost the database, but not the
/// other nodes, keeps its channels for as long as it is in the view.
const UNWELL_MAX: Duration = Duration::from_millis(500);
/// The pause before the second try; it doubles up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(20);
/// The longest pause between two tries: a small part of the time in which a channel may move.
const PAUSE_MAX: Duration = Duration::from_millis(160);
/// How long an answer is waited for once its node is out of the view: a node that leaves in order
/// answers within half a second what it was given.
const GONE_GRACE: Duration = Duration::from_secs(1);

/// One order on its way.
struct Trip {
    channels: Channels,
    routes: Arc<Routes>,
    channel: ChannelId,
    order: RemoteOrder,
    /// Who was named as the owner by the last node that was asked.
    better: Option<Member>,
    /// That one was asked without a pause before. Nodes whose views differ may name each other.
    has_followed: bool,
    /// Whether an earlier try may have been carried out.
    is_open: bool,
    /// Until when an owner is looked for.
    search_until: Instant,
    /// Whether the channel was taken here for want of an owner.
    has_taken: bool,
    /// Counts this order among those of its channel.
    _seat: Seat,
}

/// An order in a queue.
enum Placed {
    /// Of this node.
    Here(Awaited),
    /// On its way to another.
    There { node: NodeId, reply: oneshot::Receiver<RemoteReply>, way: OnTheWay },
}

/// Puts an order into its owner's queue, as far as is known from here, and follows it. The order is
/// in the queue, or on its way, when this returns; unless nobody took it for [`SEARCH_MAX`].
pub(super) async fn send(
    channels: &Channels,
    routes: &Arc<Routes>,
    channel: ChannelId,
    order: RemoteOrder,
) -> Result<oneshot::Receiver<RemoteReply>, PostError> {
    let seat = Routes::seat(routes, channel).ok_or(PostError::Overloaded)?;
    let trip = Trip {
        channels: channels.clone(),
        routes: Arc::clone(routes),
        channel,
        order,
        better: None,
        has_followed: false,
        is_open: false,
        search_until: Instant::now() + SEARCH_MAX,
        has_taken: false,
        _seat: seat,
    };
    let mut trip = Box::new(trip);
    let placed = match trip.place().await {
        Ok(placed) => Some(placed),
        // Something stands in the way. It may be gone around, as later.
        Err(PostError::NotOwner) if routes.home(channel) != Home::Nowhere => None,
        Err(why) => return Err(why),
    };
    let (asker, answer) = oneshot::channel();
    tokio::spawn(async move {
        if asker.send(trip.settle(placed).await).is_err() {
            tracing::debug!("nobody waits for the answer any more");
        }
    });
    Ok(answer)
}

impl Trip {
    /// Puts the order where it belongs now. Waits while the channel's orders are on another way, and
    /// while the channel is still open here.
    async fn place(&mut self) -> Result<Placed, PostError> {
        // A search that is over may still place: the channel was taken here then.
        let until = self.search_until.max(Instant::now() + PAUSE_MAX);
        loop {
            let clear = match self.routes.home(self.channel) {
                Home::Nowhere => return Err(PostError::NotOwner),
                Home::Here => match self.routes.blocked(self.channel) {
                    Some(clear) => clear,
                    None => {
                        let (order, awaited) = for_here(self.order.clone());
                        self.channels.enqueue(self.channel, order, until).await?;
                        return Ok(Placed::Here(awaited));
                    }
                },
                Home::At(owner) => match self.channels.hand_over(self.channel) {
                    Some(closed) => closed,
                    None => {
                        let node = self.better.take().unwrap_or(owner);
                        match self.routes.enter(self.channel, &node) {
                            Ok(way) => return Ok(self.hand_to(&node, way)),
                            Err(clear) => clear,
                        }
                    }
                },
            };
            if timeout_at(until, clear.cancelled()).await.is_err() {
                return Err(PostError::NotOwner);
            }
        }
    }

    fn hand_to(&self, node: &Member, way: OnTheWay) -> Placed {
        let reply = self.routes.peers.order(node, self.channel, self.order.clone());
        Placed::There { node: node.id, reply, way }
    }

    /// Follows the order until it is settled.
    async fn settle(mut self: Box<Self>, mut placed: Option<Placed>) -> RemoteReply {
        let mut pause = PAUSE_MIN;
        loop {
            let why = match placed {
                None => PostError::NotOwner,
                Some(placed) => match self.reply(placed).await {
                    Ok(reply) => return self.honest(reply),
                    Err(why) => why,
                },
            };
            if Instant::now() >= self.search_until && !self.takes_over() {
                return self.honest(self.order.refused(why));
            }
            loop {
                if self.better.is_none() || self.has_followed {
                    self.wait(pause).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                    self.has_followed = false;
                } else {
                    self.has_followed = true;
                }
                match self.place().await {
                    Ok(next) => {
                        placed = Some(next);
                        break;
                    }
                    Err(PostError::NotOwner) if Instant::now() < self.search_until => {}
                    Err(why) => return self.honest(self.order.refused(why)),
                }
            }
        }
    }

    /// What became of a placed order: an answer that stands, or what to say if it is not tried again.
    async fn reply(&mut self, placed: Placed) -> Result<RemoteReply, PostError> {
        let deadline = Instant::now() + ANSWER_MAX;
        let is_elsewhere = matches!(placed, Placed::There { .. });
        let reply = match placed {
            Placed::Here(awaited) => Some(awaited.reply(deadline).await),
            Placed::There { node, reply, way } => {
                let reply = tokio::select! {
                    biased;
                    reply = reply => reply.ok(),
                    () = self.gone(node) => None,
                    () = tokio::time::sleep_until(deadline) => None,
                };
                drop(way);
                self.routes.counts.forwarded(reply.as_ref());
                reply
            }
        };
        match reply {
            None => self.unknown(),
            Some(RemoteReply::Unreachable) => Err(PostError::NotOwner),
            Some(RemoteReply::Elsewhere(better)) => {
                self.better = better.and_then(|node| self.routes.placement.member(node));
                Err(PostError::NotOwner)
            }
            Some(reply) => match reply.refusal() {
                // An owner that has stopped stored nothing of this order, and will not.
                Some(PostError::NotOwner) => Err(PostError::NotOwner),
                Some(PostError::Unknown) => self.unknown(),
                // Nothing was stored there. The log may be well, and only out of its reach.
                Some(PostError::Unavailable) if is_elsewhere => {
                    self.search_until = self.search_until.min(Instant::now() + UNWELL_MAX);
                    Err(PostError::Unavailable)
                }
                Some(PostError::Overloaded | PostError::Unavailable) | None => Ok(reply),
            },
        }
    }

    /// Nobody says what became of the order.
    fn unknown(&mut self) -> Result<RemoteReply, PostError> {
        self.is_open = true;
        let is_repeatable = self.order.is_repeatable();
        #[cfg(test)]
        let is_repeatable = is_repeatable || self.routes.planted == Planted::RepeatedWithoutKey;
        if is_repeatable {
            Err(PostError::Unknown)
        } else {
            Ok(self.order.refused(PostError::Unknown))
        }
    }

    /// What may be said, after all that was tried.
    fn honest(&self, reply: RemoteReply) -> RemoteReply {
        #[cfg(test)]
        if self.routes.planted == Planted::DishonestRefusal {
            return reply;
        }
        if self.is_open && reply.refusal().is_some() {
            return self.order.refused(PostError::Unknown);
        }
        reply
    }

    /// Takes the channel here when no owner was found; once.
    fn takes_over(&mut self) -> bool {
        let takes = !self.has_taken && self.routes.detour(self.channel);
        self.has_taken = true;
        takes
    }

    /// Waits for another view, or for a while.
    async fn wait(&self, pause: Duration) {
        let Some(mut views) = self.routes.placement.views() else { return sleep(pause).await };
        tokio::select! {
            Ok(()) = views.changed() => {}
            () = sleep(pause) => {}
        }
    }

    /// Waits until a node was out of the view for a while.
    async fn gone(&self, node: NodeId) {
        if let Some(mut views) = self.routes.placement.views()
            && views.wait_for(|view| !view.has(node)).await.is_ok()
        {
            return sleep(GONE_GRACE).await;
        }
        std::future::pending().await
    }
}
