//! What a failed request means for what is stored.
//!
//! A read that failed changed nothing. A write is only *not done* when it was not sent, or when the
//! answer says that it was refused before anything began; every other failure leaves it open.

use scylla::errors::{DbError, ExecutionError, RequestAttemptError};
use scylla::statement::Consistency;
use starling_actors::ports::LogError;

/// Why the database did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Nothing was changed; asking again may help.
    #[error("the database is unavailable")]
    Unavailable,
    /// Whether it was done is not known.
    #[error("the database did not say whether it stored the change")]
    Unknown,
}

impl From<StoreError> for LogError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::Unavailable,
            StoreError::Unknown => Self::Unknown,
        }
    }
}

/// What the failure of a write means.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed leaves it open")]
pub(super) fn of_write(cause: &ExecutionError) -> StoreError {
    let is_undone = match cause {
        ExecutionError::BadQuery(_)
        | ExecutionError::EmptyPlan
        | ExecutionError::PrepareError(_)
        | ExecutionError::ConnectionPoolError(_) => true,
        ExecutionError::LastAttemptError(attempt) => was_refused(attempt),
        _ => false,
    };
    if is_undone { StoreError::Unavailable } else { StoreError::Unknown }
}

/// Whether an attempt ended before anything was written.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed leaves it open")]
fn was_refused(attempt: &RequestAttemptError) -> bool {
    match attempt {
        RequestAttemptError::SerializationError(_)
        | RequestAttemptError::CqlRequestSerialization(_)
        | RequestAttemptError::UnableToAllocStreamId => true,
        RequestAttemptError::DbError(error, _) => match error {
            DbError::SyntaxError
            | DbError::Invalid
            | DbError::AlreadyExists { .. }
            | DbError::Unauthorized
            | DbError::AuthenticationError
            | DbError::ConfigError
            | DbError::IsBootstrapping => true,
            // Too few replicas for the decision: none was made. Too few for its commit (told with
            // the consistency of the write): the decision may have been made before.
            DbError::Unavailable { consistency, .. } => {
                matches!(consistency, Consistency::LocalSerial | Consistency::Serial)
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(error: DbError) -> StoreError {
        of_write(&RequestAttemptError::DbError(error, String::new()).into())
    }

    #[test]
    fn too_few_replicas_for_the_decision_is_no_and_for_its_commit_is_unknown() {
        let short = |consistency| DbError::Unavailable { consistency, required: 2, alive: 1 };

        assert_eq!(of(short(Consistency::LocalSerial)), StoreError::Unavailable);
        assert_eq!(of(short(Consistency::LocalQuorum)), StoreError::Unknown);
    }

    #[test]
    fn what_was_never_sent_is_no_and_a_time_out_is_unknown() {
        let late = ExecutionError::RequestTimeout(std::time::Duration::from_secs(1));

        assert_eq!(of_write(&ExecutionError::EmptyPlan), StoreError::Unavailable);
        assert_eq!(of_write(&late), StoreError::Unknown);
        assert_eq!(of(DbError::Overloaded), StoreError::Unknown);
    }
}
