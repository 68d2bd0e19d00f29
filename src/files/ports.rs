//! What files need from the outside.

use std::ops::Range;
use std::path::Path;

use async_trait::async_trait;
use bytes::Bytes;
use starling_actors::ports::FileKey;

/// What is kept of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePart {
    /// The file as it came.
    Whole,
    /// A small picture of it.
    Thumbnail,
}

/// The store does not answer or has no room; asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store of files is unavailable")]
pub struct StoreError;

/// Keeps the bytes of files where every node finds them.
///
/// Contract:
/// - What was put reads back as it was, also after a crash; a put over something replaces it whole.
/// - A file of another organization is not found.
/// - Removing takes all parts away; gone or never there is the same.
#[async_trait]
pub trait FileStore: Send + Sync + 'static {
    /// Keeps a part, which is in the file `from` of this machine.
    async fn put(&self, key: FileKey, part: FilePart, from: &Path) -> Result<(), StoreError>;

    /// Some bytes of a part, which has them; `None` when there is no such part.
    async fn read(
        &self,
        key: FileKey,
        part: FilePart,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, StoreError>;

    /// Removes a file.
    async fn remove(&self, key: FileKey) -> Result<(), StoreError>;
}

/// What a look at a picture gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedAt {
    /// Width and height in pixels, as it is shown.
    pub pixels: (u32, u32),
    /// A small picture.
    pub thumbnail: Vec<u8>,
    /// What the small picture is.
    pub thumbnail_type: &'static str,
}

/// Looks at pictures, which may be hostile.
#[async_trait]
pub trait Pictures: Send + Sync + 'static {
    /// Looks at a file; `None` when it is no picture that can be shown.
    async fn look(&self, file: &Path) -> Option<LookedAt>;
}

/// What a scanner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be used.
    Harmless,
    /// It may not.
    Refused,
    /// It could not be asked, or did not say.
    Unknown,
}

/// Is asked before a file may be used.
#[async_trait]
pub trait Scanner: Send + Sync + 'static {
    /// What it says of a file.
    async fn ask(&self, file: &Path) -> Verdict;
}
