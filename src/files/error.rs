//! Why a file was not taken or shown.

use starling_actors::chat::ChatError;
use starling_actors::ports::{LogError, RecordsError};

use super::StoreError;

/// For the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is not there, or not for this person: the two look alike on purpose.
    #[error("no such file")]
    NotFound,
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is more than is taken.
    #[error("the file has more than {} MiB", .bytes_max >> 20)]
    TooLarge {
        /// How much is taken.
        bytes_max: u64,
    },
    /// The operator takes none of these.
    #[error("files of this type ({mime_type}) are not taken here")]
    Blocked {
        /// What it is.
        mime_type: &'static str,
    },
    /// The operator's scanner says so.
    #[error("the file was found to be harmful")]
    Refused,
    /// The organization's files take as much room as they may.
    #[error("the files of the organization take all the room that they may ({} MiB)", .bytes_max >> 20)]
    NoRoom {
        /// How much they may take.
        bytes_max: u64,
    },
    /// Others are first; asking again helps.
    #[error("too many files come at once: try again")]
    Busy,
    /// Somebody changed it at the same moment.
    #[error("it was changed meanwhile: try again")]
    Conflict,
    /// A store does not answer, or the scanner.
    #[error("files cannot be kept or read right now")]
    Unavailable,
}

impl From<RecordsError> for FileError {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Conflict => Self::Conflict,
            RecordsError::Unavailable | RecordsError::Unknown => Self::Unavailable,
        }
    }
}

impl From<StoreError> for FileError {
    fn from(_: StoreError) -> Self {
        Self::Unavailable
    }
}

impl From<LogError> for FileError {
    fn from(_: LogError) -> Self {
        Self::Unavailable
    }
}

/// Of a look at a file's message: who may not read it is told nothing of the file.
impl From<ChatError> for FileError {
    fn from(error: ChatError) -> Self {
        if error.is_retryable() { Self::Unavailable } else { Self::NotFound }
    }
}
