//! One question to a model and what comes of it, whoever's way is spoken.

use std::time::Duration;

use starling_actors::domain::TokenUsage;
use starling_actors::ports::AnalystError;

/// What a model is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// The rules.
    pub system: String,
    /// Everything else, fenced as data.
    pub user: String,
    /// Most tokens of the answer.
    pub tokens_max: u32,
}

/// What it said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    /// The words, or the arguments of a tool that it called.
    pub text: String,
    /// Whether it ran into the limit of tokens before it was done.
    pub is_cut: bool,
    /// What it took, all tries together.
    pub usage: TokenUsage,
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    /// The egress guard does not let it through, or the address is none.
    Address(&'static str),
    /// The server cannot be reached.
    Unreachable,
    /// Nothing came for too long.
    Stalled,
    /// The stream ended in the middle.
    Cut,
    /// The time for all tries is over.
    Late,
    /// More bytes than an answer can have.
    TooLong,
    /// Not what this provider's answers look like.
    Shape,
    /// A status that is no success.
    Status {
        /// The number; 0 for an error inside a stream that has begun well.
        code: u16,
        /// What the provider's own word for it means, where it is one that we know.
        trouble: Option<Trouble>,
        /// When to come back.
        retry_after: Option<Duration>,
    },
}

/// What providers say in a word of their own, where it changes what we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No money left: trying again does not help, although the status says so.
    Quota,
    /// Too busy.
    Overloaded,
    /// The question is longer than the model reads.
    PromptTooLong,
    /// There is no such model.
    UnknownModel,
    /// The provider's filter.
    Filtered,
    /// A parameter that this model does not take.
    Parameter(Parameter),
}

/// Parameters that some models refuse, and that can be said otherwise or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    /// `max_tokens`: newer models of OpenAI want `max_completion_tokens`.
    MaxTokens,
    /// `temperature`: models that reason take none.
    Temperature,
    /// `stream_options`: older servers do not know it, and then count no tokens.
    StreamOptions,
}

impl CallError {
    /// Whether another try may go well.
    pub(super) const fn may_pass(self) -> bool {
        match self {
            Self::Unreachable | Self::Stalled | Self::Cut => true,
            Self::Status { trouble: Some(Trouble::Overloaded), .. } => true,
            Self::Status { trouble: Some(_), .. } => false,
            Self::Status { code, .. } => matches!(code, 0 | 408 | 429 | 500..),
            Self::Address(_) | Self::Late | Self::TooLong | Self::Shape => false,
        }
    }

    /// When the server asked to be left alone until.
    pub(super) const fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => retry_after,
            Self::Address(_)
            | Self::Unreachable
            | Self::Stalled
            | Self::Cut
            | Self::Late
            | Self::TooLong
            | Self::Shape => None,
        }
    }
}

impl From<CallError> for AnalystError {
    fn from(error: CallError) -> Self {
        let unavailable = |words: &str| Self::Unavailable(words.to_owned());
        let refused = |words: &str| Self::Refused(words.to_owned());
        match error {
            CallError::Address(words) => refused(words),
            CallError::Unreachable => unavailable("its server cannot be reached"),
            CallError::Stalled => unavailable("it stopped answering"),
            CallError::Cut => unavailable("its answer broke off"),
            CallError::Late => unavailable("it did not answer in time"),
            CallError::TooLong => Self::Unreadable("it is too long".to_owned()),
            CallError::Shape => Self::Unreadable("it is not what this provider sends".to_owned()),
            CallError::Status { trouble: Some(trouble), .. } => match trouble {
                Trouble::Quota => refused("the account has no quota left"),
                Trouble::Overloaded => unavailable("it is overloaded"),
                Trouble::PromptTooLong => {
                    refused("the question with its tables is too long for it")
                }
                Trouble::UnknownModel => refused("there is no model of this name"),
                Trouble::Filtered => refused("the provider's content filter refused the question"),
                Trouble::Parameter(_) => refused("it does not take a parameter of the request"),
            },
            CallError::Status { code, .. } => match code {
                401 | 403 => refused(&format!("the key is not accepted (status {code})")),
                404 => refused("there is no model at this address (status 404)"),
                413 => refused("the question with its tables is too long for it"),
                300..=399 => refused(&format!("the address redirects elsewhere (status {code})")),
                429 => unavailable("it has too many requests (status 429)"),
                0 => unavailable("it failed while it answered"),
                500.. => unavailable(&format!("its server fails (status {code})")),
                _ => refused(&format!("status {code}")),
            },
        }
    }
}
