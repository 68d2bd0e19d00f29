//! Why a person's wish was not fulfilled. One enum for all of the chat: the ways in (REST, sockets)
//! show the same code for the same reason.

use crate::channel::{AmendError, PostError};
use crate::domain::{TextError, UnknownWord};
use crate::ports::{DirectoryError, LogError, RecordsError};
use crate::session::Refused;

use super::PeopleError;

/// Why it was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// It is not there, or not for this person: the two look alike on purpose.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The person sees it, but may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The person sees the channel, but has to join it first.
    #[error("not a member of this channel")]
    NotAMember,
    /// Another channel has the name.
    #[error("another channel has this name")]
    NameTaken,
    /// It does not fit what is there; the code says how.
    #[error("{detail}")]
    Conflict {
        /// A stable word.
        code: &'static str,
        /// A sentence.
        detail: &'static str,
    },
    /// A field is not as it must be.
    #[error("{field}: {message}")]
    Invalid {
        /// The field's name on the wire.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Too many messages in too short a time; nothing was stored.
    #[error("too many messages; wait {retry_after_ms} ms")]
    RateLimited {
        /// When the next one will be taken.
        retry_after_ms: u64,
    },
    /// Too many sends wait for the channel; nothing was stored.
    #[error("the channel has too many messages waiting")]
    Overloaded,
    /// A store does not answer; nothing was stored.
    #[error("the store is unavailable")]
    Unavailable,
    /// Someone else writes the channel now.
    #[error("the channel has another owner; send the same again")]
    NotOwner,
    /// Whether it was stored is not known; the same id sent again settles it.
    #[error("whether it was stored is not known; send the same again")]
    OutcomeUnknown,
}

impl ChatError {
    /// The stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::NotAMember => "not_a_member",
            Self::NameTaken => "name_taken",
            Self::Conflict { code, .. } => code,
            Self::Invalid { .. } => "validation_failed",
            Self::RateLimited { .. } => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::NotOwner => "not_owner",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }

    /// Whether the outcome is unknown or the cause is passing; otherwise nothing was or will be
    /// stored.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::RateLimited { .. }
            | Self::Overloaded
            | Self::Unavailable
            | Self::NotOwner
            | Self::OutcomeUnknown => true,
            Self::NotFound(_)
            | Self::Forbidden(_)
            | Self::NotAMember
            | Self::NameTaken
            | Self::Conflict { .. }
            | Self::Invalid { .. } => false,
        }
    }

    /// How long to wait, where that is known.
    pub const fn retry_after_ms(&self) -> Option<u64> {
        if let Self::RateLimited { retry_after_ms } = self { Some(*retry_after_ms) } else { None }
    }

    /// A field is not as it must be.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    pub(super) fn text(field: &'static str) -> impl FnOnce(TextError) -> Self {
        move |error| Self::invalid(field, error.to_string())
    }

    /// A word that is none of those a field can have.
    pub fn unknown_word(field: &'static str) -> impl FnOnce(UnknownWord) -> Self {
        move |_| Self::invalid(field, "is none of the known words")
    }
}

impl From<PostError> for ChatError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Overloaded => Self::Overloaded,
            PostError::Unavailable => Self::Unavailable,
            PostError::NotOwner => Self::NotOwner,
            PostError::Unknown => Self::OutcomeUnknown,
        }
    }
}

impl From<AmendError> for ChatError {
    fn from(error: AmendError) -> Self {
        match error {
            AmendError::NotFound => Self::NotFound("message"),
            AmendError::Forbidden => Self::Forbidden("only its author may change this message"),
            AmendError::Deleted => {
                Self::Conflict { code: "message_deleted", detail: "the message is deleted" }
            }
            AmendError::TooManyReactions => Self::Conflict {
                code: "too_many_reactions",
                detail: "the message has too many different reactions",
            },
            AmendError::Post(error) => error.into(),
        }
    }
}

impl From<LogError> for ChatError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Unavailable => Self::Unavailable,
            LogError::Unknown => Self::OutcomeUnknown,
        }
    }
}

impl From<DirectoryError> for ChatError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::NameTaken => Self::NameTaken,
            DirectoryError::NoChannel => Self::NotFound("channel"),
            DirectoryError::Unavailable => Self::Unavailable,
            DirectoryError::Unknown => Self::OutcomeUnknown,
        }
    }
}

impl From<RecordsError> for ChatError {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Conflict => Self::Conflict {
                code: "conflict",
                detail: "it was changed meanwhile: read it again",
            },
            RecordsError::Unavailable => Self::Unavailable,
            RecordsError::Unknown => Self::OutcomeUnknown,
        }
    }
}

impl From<PeopleError> for ChatError {
    fn from(_: PeopleError) -> Self {
        Self::Unavailable
    }
}

impl From<Refused> for ChatError {
    fn from(refused: Refused) -> Self {
        Self::RateLimited { retry_after_ms: refused.retry_after_ms }
    }
}
