//! What a channel can be asked to do, and what it answers.

use crate::domain::{
    Attachment, Byline, ClientMessageId, MessageId, MessageKind, Seq, ThreadId, Timestamp, UserId,
};

/// A message to be put in order. Its author's right to write was checked by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Who writes.
    pub by: Byline,
    /// What kind it is.
    pub kind: MessageKind,
    /// The words, checked.
    pub content: String,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The message it answers.
    pub parent: Option<MessageId>,
    /// Whom it names.
    pub mentions: Vec<UserId>,
    /// Files that hang on it.
    pub attachments: Vec<Attachment>,
    /// The idempotency key; without one every send is a new message.
    pub client_message_id: Option<ClientMessageId>,
    /// The author's contiguous position when they composed it, the same in every resend: if the
    /// message is in the log, it is above that.
    pub after_seq: Option<Seq>,
    /// When it was written, for what another program kept until now; else it is written when it is put
    /// in order.
    pub written: Option<Timestamp>,
}

/// Proof that a message is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The message's id, the first one for repeats.
    pub message: MessageId,
    /// Its place.
    pub seq: Seq,
    /// When it was stored.
    pub at: Timestamp,
    /// Whether it was there before.
    pub duplicate: bool,
}

/// A change to a message that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amend {
    /// Who changes it.
    pub by: Byline,
    /// Which message.
    pub message: MessageId,
    /// Whether the person may change others' messages here.
    pub may_moderate: bool,
    /// What changes.
    pub change: Change,
    /// When it was done, for what another program kept until now; else it is done when it is put in order.
    pub written: Option<Timestamp>,
}

/// What of a message changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Other words. Only the author may.
    Edit {
        /// The new words, checked.
        content: String,
        /// Whom they name.
        mentions: Vec<UserId>,
    },
    /// No words any more. The author and moderators may.
    Delete,
    /// A reaction put on or taken away.
    React {
        /// The emoji, checked.
        emoji: String,
        /// Put on (`true`) or taken away.
        added: bool,
    },
}

/// Proof that a change is stored, or was without effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amended {
    /// The message changed.
    pub message: MessageId,
    /// The change's own place in the log; for a change without effect, the message's place.
    pub seq: Seq,
}

/// A person comes or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// They are a member from this entry on.
    Joined(Byline),
    /// They are no member from this entry on.
    Left(Byline),
}

/// Why a message or a membership change has no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// Too many sends wait for this channel already; nothing was stored; come back shortly.
    #[error("the channel has too many messages waiting")]
    Overloaded,
    /// The store refuses; nothing was stored; the same id may be sent again.
    #[error("the message log is unavailable")]
    Unavailable,
    /// Another owner writes this channel, or this one is stopping; send the same id again.
    #[error("the channel has another owner")]
    NotOwner,
    /// Whether it is stored is not known; sending the same id again settles it.
    #[error("whether the message is stored is not known")]
    Unknown,
}

/// Why a message was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmendError {
    /// No such message in this channel.
    #[error("no such message")]
    NotFound,
    /// The person may not change it.
    #[error("not allowed to change this message")]
    Forbidden,
    /// It has no words any more.
    #[error("the message is deleted")]
    Deleted,
    /// It has as many different reactions as it may.
    #[error("the message has too many different reactions")]
    TooManyReactions,
    /// It could not be stored, or that is not known.
    #[error(transparent)]
    Post(#[from] PostError),
}
