//! Files that people give: pictures, attachments. The words stay in the log; here is what hangs on
//! them.

use async_trait::async_trait;

use crate::domain::{FileId, OrgId};

/// Largest file that is kept. A file is held in memory while it is stored or handed out, so this is
/// what one upload may cost.
pub const FILE_BYTES_MAX: usize = 25 * 1024 * 1024;

/// Keeps whole files by organization and id.
///
/// Contract:
/// - A file that was put reads back as it was, also after a crash.
/// - A put over a file replaces it whole: nobody reads a part of one.
/// - A file above [`FILE_BYTES_MAX`] is refused, and what was there stays.
/// - A file of another organization is not found.
/// - Deleting gives whether there was one; afterwards it is gone.
#[async_trait]
pub trait Files: Send + Sync + 'static {
    /// Keeps a file; durable when it returns.
    async fn put(&self, key: FileKey, bytes: Vec<u8>) -> Result<(), FilesError>;

    /// The file, if there is one.
    async fn get(&self, key: FileKey) -> Result<Option<Vec<u8>>, FilesError>;

    /// Whether there is one, without reading it.
    async fn exists(&self, key: FileKey) -> Result<bool, FilesError>;

    /// Removes a file; `false` when there was none.
    async fn delete(&self, key: FileKey) -> Result<bool, FilesError>;
}

/// Where a file is. Made of ids only, so that no name of a person's choice becomes a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey {
    /// The tenant.
    pub org: OrgId,
    /// The file's own id.
    pub file: FileId,
}

/// Why a file was not kept or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The store does not answer or has no room: try again.
    #[error("the files are unavailable")]
    Unavailable,
    /// Never: it is above [`FILE_BYTES_MAX`].
    #[error("the file is too large")]
    TooLarge,
}
