//! What the gateway needs from the rest: who someone is, and what they may do.

use std::net::IpAddr;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use starling_actors::channel::{Amended, Receipt};
use starling_actors::chat::Caller;
use starling_actors::domain::{ChannelId, JobId, Message, MessageId, Position, Seq, Timestamp};

use crate::commands::{Outcome, Place};
use crate::wire::client::{Draft, Question};

/// What a socket was opened with.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// An access token or a personal access token.
    Token(String),
    /// A ticket for one socket.
    Ticket(String),
    /// A name alone.
    Guest {
        /// The name.
        name: String,
        /// What the browser kept of an earlier visit.
        resume_token: Option<String>,
    },
}

/// Someone who may open a socket.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Who it is.
    pub caller: Caller,
    /// The same as REST shows it.
    pub user: serde_json::Value,
    /// When the socket must end; absent when it lives as long as the sign-in.
    pub expires_at: Option<Timestamp>,
    /// The channel that a guest is in.
    pub guest_channel: Option<ChannelId>,
    /// What a guest's browser keeps to be the same person again.
    pub resume_token: Option<String>,
}

/// Why a socket is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// No credential, or none that is good.
    Credential,
    /// A guest name that cannot be.
    Name,
    /// Too many new guests from there.
    TooManyGuests,
    /// It cannot be checked right now.
    Unavailable,
}

/// How someone stands who opened a socket before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As they did, or it cannot be known now: a store that is away must not end everyone's sockets.
    Same,
    /// They have another role.
    Changed,
    /// Their sign-in has ended.
    Over,
}

/// The newest messages of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether there are more before them.
    pub has_more: bool,
    /// Up to where they show everything. What is above may be missing.
    pub position: Position,
}

/// Why an order is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// A stable word.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// Whether sending the same again can help.
    pub retry: bool,
    /// How long to wait before that.
    pub retry_after_ms: Option<u64>,
}

/// The rest of the server, as the gateway sees it.
///
/// Contract:
/// - Two posts whose inner futures were got one after the other are stored in that order, if both
///   succeed at the first try.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Who opens a socket.
    async fn admit(&self, credential: Credential, peer: IpAddr) -> Result<Admitted, Denied>;

    /// How those who opened sockets stand now, in their order, by one question to the store.
    async fn look_again(&self, callers: &[&Caller]) -> Vec<Standing>;

    /// Queues a message; the inner future waits until it is stored.
    async fn post(
        &self,
        caller: &Caller,
        draft: Draft,
    ) -> Result<BoxFuture<'static, Result<Receipt, Refusal>>, Refusal>;

    /// Carries out a command.
    async fn command(
        &self,
        caller: &Caller,
        place: &Place,
        order: (&str, &str),
    ) -> Result<Outcome, Refusal>;

    /// Puts a question: gives its job and its message.
    async fn ask(&self, caller: &Caller, question: Question)
    -> Result<(JobId, MessageId), Refusal>;

    /// Calls one question off, or all of one's own: gives how many.
    async fn cancel(&self, caller: &Caller, job: Option<JobId>) -> Result<usize, Refusal>;

    /// Gives a message other words.
    async fn edit(
        &self,
        caller: &Caller,
        message: MessageId,
        content: String,
    ) -> Result<(ChannelId, Amended), Refusal>;

    /// Takes a message's words away.
    async fn delete(
        &self,
        caller: &Caller,
        message: MessageId,
    ) -> Result<(ChannelId, Amended), Refusal>;

    /// Puts an emoji on a message or takes it away.
    async fn react(
        &self,
        caller: &Caller,
        message: MessageId,
        emoji: String,
        added: bool,
    ) -> Result<(ChannelId, Amended), Refusal>;

    /// Moves a read position.
    async fn mark_read(&self, caller: &Caller, channel: ChannelId, seq: Seq)
    -> Result<(), Refusal>;

    /// The newest messages of a channel, with a position from which it can be followed.
    async fn recent(
        &self,
        caller: &Caller,
        channel: ChannelId,
        limit: usize,
    ) -> Result<Recent, Refusal>;
}
