//! Files that the server itself makes for one person, and the bytes of what a person gave.

use std::path::Path;

use bytes::Bytes;
use futures_util::Stream;
use starling_actors::chat::Caller;
use starling_actors::domain::{Attachment, FileId, OrgId};
use starling_actors::ports::FileKey;
use tokio::io::AsyncReadExt;

use super::{FileError, FilePart, Files, StoreError};

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

impl Files {
    /// Keeps a file of this node's disk as one that the caller gave and that hangs on no message: they
    /// alone read it, for so many milliseconds. It is our own: of any length and kind.
    pub async fn keep_own(
        &self,
        caller: &Caller,
        name: &str,
        path: &Path,
        kept_ms: i64,
    ) -> Result<Attachment, FileError> {
        let unread = |error: std::io::Error| {
            tracing::error!(%error, path = %path.display(), "a file cannot be read");
            FileError::Unavailable
        };
        let mut coming = self.begin(caller, name).await?.of_our_own();
        let mut source = tokio::fs::File::open(path).await.map_err(unread)?;
        let mut piece = vec![0; PIECE];
        loop {
            let length = source.read(&mut piece).await.map_err(unread)?;
            if length == 0 {
                break;
            }
            coming.write(&piece[..length]).await?;
        }
        let kept = self.finish(coming).await?;
        self.note(FileKey { org: caller.org, file: kept.id }, kept_ms).await?;
        Ok(kept)
    }

    /// Removes a file that was kept so; that there is none is no error.
    pub async fn drop_own(&self, org: OrgId, file: FileId) -> Result<(), FileError> {
        self.erase(FileKey { org, file }).await
    }

    /// The bytes of a file that somebody gave; `None` when they gave no such file.
    pub async fn own_bytes(
        &self,
        giver: &Caller,
        file: FileId,
    ) -> Result<Option<impl Stream<Item = Result<Bytes, StoreError>> + Send + Unpin>, FileError>
    {
        let key = FileKey { org: giver.org, file };
        let found = self.stored(key).await?;
        let Some(found) = found.filter(|found| found.value.by == giver.user()) else {
            return Ok(None);
        };
        let pieces = self.read(key, FilePart::Whole, 0..found.value.bytes).await?;
        Ok(Some(Box::pin(pieces)))
    }
}
