//! Everything a channel can be told.

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::flight::Landing;
use crate::domain::{Byline, Seq, Timestamp};
use crate::ports::{Amend, AmendError, Amended, MemberChange, Post, PostError, Receipt};

/// What a channel can be told.
pub(super) enum ChannelMessage {
    /// Someone wants something put in order.
    Order(Box<Waiting>),
    /// Whoever was in the mailbox when the first order came is aboard: take off.
    Depart,
    /// The flight came back.
    Landed(Landing),
    /// The flight will not come back: its task failed.
    FlightLost,
    /// A bug in the handler.
    #[cfg(test)]
    Panic,
    /// Time has passed.
    Tick {
        /// Which tick: one that was called before another is void.
        number: u64,
    },
    /// No order comes any more: store what waits, then stop.
    Drain,
}

/// An order and the place in the queue that it takes until it is answered.
pub(super) struct Waiting {
    pub(super) order: Order,
    pub(super) place: OwnedSemaphorePermit,
}

/// An order to a channel and whom to answer.
pub(super) enum Order {
    /// A message.
    Post { post: Post, reply: Reply<Receipt, PostError> },
    /// A change to a message.
    Amend { amend: Amend, reply: Reply<Amended, AmendError> },
    /// Someone comes or goes.
    Member { by: Byline, change: MemberChange, reply: Reply<Seq, PostError> },
}

impl Order {
    /// When a message was written or changed, if that was before it came here.
    pub(super) fn written(&self) -> Option<Timestamp> {
        match self {
            Self::Post { post, .. } => post.written,
            Self::Amend { amend, .. } => amend.written,
            Self::Member { .. } => None,
        }
    }

    /// From here on the order may be stored, whatever becomes of its answer.
    pub(super) fn fly(&mut self) {
        match self {
            Self::Post { reply, .. } => reply.is_flying = true,
            Self::Amend { reply, .. } => reply.is_flying = true,
            Self::Member { reply, .. } => reply.is_flying = true,
        }
    }

    /// Answers that the order was not carried out, or that this is not known.
    pub(super) fn refuse(self, why: PostError) {
        match self {
            Self::Post { reply, .. } => reply.answer(Err(why)),
            Self::Amend { reply, .. } => reply.answer(Err(why.into())),
            Self::Member { reply, .. } => reply.answer(Err(why)),
        }
    }
}

/// Whom to answer. Whoever asked is never left waiting: a reply that is dropped says what is known,
/// which is "send it again" before the flight and "unknown" from then on.
pub(super) struct Reply<T, E: From<PostError>> {
    asker: Option<oneshot::Sender<Result<T, E>>>,
    is_flying: bool,
}

impl<T, E: From<PostError>> Reply<T, E> {
    pub(super) fn new() -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (asker, answer) = oneshot::channel();
        (Self { asker: Some(asker), is_flying: false }, answer)
    }

    pub(super) fn answer(mut self, answer: Result<T, E>) {
        if self.asker.take().is_some_and(|asker| asker.send(answer).is_err()) {
            tracing::debug!("nobody waits for the answer any more");
        }
    }
}

impl<T, E: From<PostError>> Drop for Reply<T, E> {
    fn drop(&mut self) {
        let why = if self.is_flying { PostError::Unknown } else { PostError::NotOwner };
        if let Some(asker) = self.asker.take() {
            asker.send(Err(why.into())).ok();
        }
    }
}
