//! Asking an actor, always with a deadline.

use std::time::Duration;

use ractor::rpc::CallResult;
use ractor::{ActorRef, Message, RpcReplyPort};

/// Why an actor gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// The actor has stopped or failed; its supervisor opens another one.
    #[error("the actor is gone")]
    Gone,
    /// The deadline passed. Whether the order was carried out is not known.
    #[error("no answer in time")]
    Late,
}

/// Sends a question and waits for its answer, at most for `deadline`.
pub(crate) async fn ask<M: Message, T: Message>(
    actor: &ActorRef<M>,
    deadline: Duration,
    question: impl FnOnce(RpcReplyPort<T>) -> M,
) -> Result<T, NoAnswer> {
    match actor.call(question, Some(deadline)).await {
        Ok(CallResult::Success(answer)) => Ok(answer),
        Ok(CallResult::Timeout) => Err(NoAnswer::Late),
        Ok(CallResult::SenderError) | Err(_) => Err(NoAnswer::Gone),
    }
}

/// Sends `answer` to whoever asked, or drops it when they have stopped waiting.
pub(crate) fn answer<T: Message>(reply: RpcReplyPort<T>, answer: T) {
    if reply.send(answer).is_err() {
        tracing::debug!("nobody waits for the answer any more");
    }
}
