//! Orders that other nodes send here.
//!
//! **Invariant:** such an order is carried out here or answered `Elsewhere`: it goes no further.

use async_trait::async_trait;
use tokio::time::Instant;

use super::handle::{ANSWER_MAX, Channels};
use super::order::for_here;
use crate::cluster::Home;
use crate::domain::{ChannelId, NodeId};
use crate::ports::{Answering, Orders, PostError, RemoteOrder, RemoteReply};

#[async_trait]
impl Orders for Channels {
    async fn take(&self, from: NodeId, channel: ChannelId, order: RemoteOrder) -> Answering {
        match self.home(channel) {
            Home::Here => {}
            // By our view the channel is the sender's own. The sender does not want it, so it leaves,
            // or has seen what we shall see: somebody must take the order.
            Home::At(owner) if owner.id == from => {}
            Home::At(owner) => return now(RemoteReply::Elsewhere(Some(owner.id))),
            Home::Nowhere => return now(RemoteReply::Elsewhere(None)),
        }
        let started = Instant::now();
        let overloaded = order.refused(PostError::Overloaded);
        let unavailable = order.refused(PostError::Unavailable);
        let (order, awaited) = for_here(order);
        // A channel that is just closing is not waited for: behind this order are those of others.
        match self.enqueue(channel, order, started).await {
            Ok(()) => Box::pin(awaited.reply(started + ANSWER_MAX)),
            Err(PostError::Overloaded) => now(overloaded),
            Err(PostError::Unavailable) => now(unavailable),
            Err(PostError::NotOwner | PostError::Unknown) => now(RemoteReply::Elsewhere(None)),
        }
    }
}

fn now(reply: RemoteReply) -> Answering {
    Box::pin(std::future::ready(reply))
}
