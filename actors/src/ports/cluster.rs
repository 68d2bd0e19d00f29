//! The other nodes: who is alive, and the way to give them an order.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::order::{Amend, AmendError, Amended, MemberChange, Post, PostError, Receipt};
use crate::domain::{Byline, ChannelId, NodeId, Seq};

/// A node as the others know it. A process that starts again is another node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// Which one.
    pub id: NodeId,
    /// Where others reach it, as `host:port`.
    pub address: String,
}

/// The nodes that were alive when this was looked at, in the order of their ids.
pub type Members = Arc<[Member]>;

/// Who is alive. A hint: the log decides who writes.
///
/// Contract:
/// - A node that has stopped or died is out of the view within a few seconds.
/// - While the view cannot be read, the last one is kept. Who sees others knows since when.
/// - The first view that was read is told of, also when it is the one that was assumed.
/// - A node that leaves is out of the others' views as soon as they look again, and does not come
///   back.
#[async_trait]
pub trait Membership: Send + Sync + 'static {
    /// This node.
    fn me(&self) -> Member;

    /// The members, this node among them unless it leaves, and all later views.
    fn members(&self) -> watch::Receiver<Members>;

    /// Since when the members are known; `None` while they never could be read. A node that is not in
    /// the view of one who knows nothing may be there all the same.
    fn known_since(&self) -> Option<Instant>;

    /// Says good-bye: nobody shall give this node a channel any more. Returns when the others had the
    /// time to look; until then they still send orders here.
    async fn leave(&self);
}

/// An order for a channel, on its way to the node that is thought to own it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteOrder {
    /// A message.
    Post(Post),
    /// A change to a message.
    Amend(Amend),
    /// Someone comes or goes.
    Member {
        /// Who did that.
        by: Byline,
        /// What.
        change: MemberChange,
    },
}

/// What the other node answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteReply {
    /// To a message.
    Posted(Result<Receipt, PostError>),
    /// To a change.
    Amended(Result<Amended, AmendError>),
    /// To someone who comes or goes.
    Member(Result<Seq, PostError>),
    /// It does not own the channel, and nothing was tried; it thinks that this node does.
    Elsewhere(Option<NodeId>),
    /// It cannot be reached, and nothing was tried there.
    Unreachable,
}

impl RemoteOrder {
    /// The answer that this order was not carried out, or that this is not known.
    pub fn refused(&self, why: PostError) -> RemoteReply {
        match self {
            Self::Post(_) => RemoteReply::Posted(Err(why)),
            Self::Amend(_) => RemoteReply::Amended(Err(why.into())),
            Self::Member { .. } => RemoteReply::Member(Err(why)),
        }
    }

    /// Whether it may be given again when it is not known what became of it: only a message with an
    /// idempotency key is stored once however often it comes.
    pub fn is_repeatable(&self) -> bool {
        match self {
            Self::Post(post) => post.client_message_id.is_some(),
            Self::Amend(_) | Self::Member { .. } => false,
        }
    }
}

impl RemoteReply {
    /// Why the order was not carried out, where that has to do with the log or the owner.
    pub fn refusal(&self) -> Option<PostError> {
        match self {
            Self::Posted(Err(why))
            | Self::Member(Err(why))
            | Self::Amended(Err(AmendError::Post(why))) => Some(*why),
            Self::Posted(Ok(_))
            | Self::Amended(_)
            | Self::Member(Ok(_))
            | Self::Elsewhere(_)
            | Self::Unreachable => None,
        }
    }
}

/// The way to other nodes.
///
/// Contract:
/// - Orders given one after the other to one node arrive there in that order.
/// - The answer is `None` (the sender is dropped) when it is not known whether the order was
///   carried out.
/// - An order is carried out by the node that it reaches or not at all: it goes no further.
/// - What waits for a node is bounded; the next order is `Overloaded`.
pub trait Peers: Send + Sync + 'static {
    /// Gives an order to a node. Does not wait.
    fn order(
        &self,
        node: &Member,
        channel: ChannelId,
        order: RemoteOrder,
    ) -> oneshot::Receiver<RemoteReply>;
}

/// The answer to an order that is in its channel's queue. Dropping it leaves the order where it is.
pub type Answering = Pin<Box<dyn Future<Output = RemoteReply> + Send>>;

/// What carries out the orders of other nodes: the other end of [`Peers`].
///
/// Contract:
/// - Orders whose `take` returned one after the other are carried out in that order. It waits for no
///   I/O, so whoever reads orders from a connection awaits it before reading the next, and the answer
///   beside that.
/// - An order is carried out here or answered `Elsewhere`; it is never given to a third node.
#[async_trait]
pub trait Orders: Send + Sync + 'static {
    /// Takes an order in that `from` has sent.
    async fn take(&self, from: NodeId, channel: ChannelId, order: RemoteOrder) -> Answering;
}
