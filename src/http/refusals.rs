//! Refusals of the chat as problem documents: the same code as on the socket.

use starling_actors::channel::PostError;
use starling_actors::chat::ChatError;

use super::problem::Problem;

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            ChatError::NotFound(_) => Self::not_found(detail),
            ChatError::Forbidden(_) | ChatError::NotAMember => Self::forbidden(code, detail),
            ChatError::NameTaken | ChatError::Conflict { .. } => Self::conflict(code, detail),
            ChatError::Invalid { field, message } => Self::invalid_field(field, message),
            ChatError::RateLimited { retry_after_ms } => Self::too_many(detail, retry_after_ms),
            ChatError::Overloaded
            | ChatError::Unavailable
            | ChatError::NotOwner
            | ChatError::OutcomeUnknown => Self::unavailable(code, detail),
        }
    }
}

impl From<PostError> for Problem {
    fn from(error: PostError) -> Self {
        ChatError::from(error).into()
    }
}
