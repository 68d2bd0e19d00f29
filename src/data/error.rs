//! Why the data side did not do as asked.

use starling_actors::ports::{QuestionsError, WarehouseError};

use super::vault::VaultError;

/// For the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// One field is not as it must be.
    #[error("{field}: {fault}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What is wrong with it.
        fault: String,
    },
    /// They may not do this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It is not there, or belongs to another organization, or to people they are not of.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Another one has this name.
    #[error("another {0} of the organization has this name")]
    NameTaken(&'static str),
    /// The organization has as many as it may.
    #[error("the organization has as many {0} as it may have")]
    LimitReached(&'static str),
    /// It is more than is taken.
    #[error("{0}")]
    TooLarge(&'static str),
    /// Its uploads take as much room as they may.
    #[error(
        "the uploads of the organization take all the room that they may ({} MiB): delete the connection \
         of one that is not needed", .bytes_max >> 20
    )]
    NoRoom {
        /// What they may take.
        bytes_max: u64,
    },
    /// Others are first; asking again helps.
    #[error("{0}")]
    Busy(&'static str),
    /// Secrets cannot be closed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Somebody changed it at the same moment.
    #[error("it was changed meanwhile: read it again")]
    Conflict,
    /// The store does not answer.
    #[error("the store is unavailable right now")]
    Unavailable,
}

impl DataError {
    pub(super) fn field(field: &'static str, fault: impl Into<String>) -> Self {
        Self::Field { field, fault: fault.into() }
    }
}

impl From<QuestionsError> for DataError {
    fn from(error: QuestionsError) -> Self {
        match error {
            QuestionsError::Conflict => Self::Conflict,
            QuestionsError::Unavailable => Self::Unavailable,
        }
    }
}

/// A failed look at a database, as a sentence that says what can be done.
pub(super) fn advice(error: &WarehouseError) -> String {
    let what = error.to_string();
    match error {
        WarehouseError::Unreachable(_) => format!("{what}. Check host, port, user and password."),
        WarehouseError::Timeout(_) => format!("{what}. Check host and port, and any firewall."),
        WarehouseError::Privileged(_) => {
            format!("{what}. Make a role that can only read, or let an admin allow this one.")
        }
        WarehouseError::Busy => format!("{what}. Try again in a moment."),
        WarehouseError::Query { .. } | WarehouseError::Cancelled => what,
    }
}
