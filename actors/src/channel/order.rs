//! Orders that may be carried out here or on another node, and the way back of their answers.

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::message::{Order, Reply};
use crate::domain::Seq;
use crate::ports::{AmendError, Amended, PostError, Receipt, RemoteOrder, RemoteReply};

type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

/// The answer to an order that is in a queue of this node.
#[derive(Debug)]
pub(super) enum Awaited {
    /// To a message.
    Post(Answer<Receipt, PostError>),
    /// To a change.
    Amend(Answer<Amended, AmendError>),
    /// To someone who comes or goes.
    Member(Answer<Seq, PostError>),
}

impl Awaited {
    /// Waits until the order is settled; by the deadline, whether it is stored counts as unknown.
    pub(super) async fn reply(self, deadline: Instant) -> RemoteReply {
        match self {
            Self::Post(answer) => RemoteReply::Posted(wait(answer, deadline).await),
            Self::Amend(answer) => RemoteReply::Amended(wait(answer, deadline).await),
            Self::Member(answer) => RemoteReply::Member(wait(answer, deadline).await),
        }
    }
}

/// An order for a queue of this node.
pub(super) fn for_here(order: RemoteOrder) -> (Order, Awaited) {
    match order {
        RemoteOrder::Post(post) => {
            let (reply, answer) = Reply::new();
            (Order::Post { post, reply }, Awaited::Post(answer))
        }
        RemoteOrder::Amend(amend) => {
            let (reply, answer) = Reply::new();
            (Order::Amend { amend, reply }, Awaited::Amend(answer))
        }
        RemoteOrder::Member { by, change } => {
            let (reply, answer) = Reply::new();
            (Order::Member { by, change, reply }, Awaited::Member(answer))
        }
    }
}

/// Waits for the answer of a queue of this node.
async fn wait<T, E: From<PostError>>(answer: Answer<T, E>, deadline: Instant) -> Result<T, E> {
    match timeout_at(deadline, answer).await {
        Ok(Ok(answer)) => answer,
        // Replies answer when they are dropped; only a runtime that ends leaves none.
        Ok(Err(_)) | Err(_) => Err(PostError::Unknown.into()),
    }
}
