//! Files that the server itself makes for one person, and the bytes of what a person gave.

use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use starling_actors::chat::Caller;
use starling_actors::domain::{Attachment, FileId, OrgId};
use starling_actors::ports::FileKey;
use tokio::io::AsyncReadExt;

use super::stored::Made;
use super::{FileError, FilePart, Files};

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// A file that the server made for one person.
#[derive(Clone, Copy, Debug)]
pub struct OwnFile<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Where it is on this node's disk.
    pub path: &'a Path,
    /// How long it is kept, in milliseconds.
    pub kept_ms: i64,
    /// Whether it is read only by who governs: it tells of somebody else.
    pub is_for_admins: bool,
}

/// The bytes of a file, a piece at a time.
#[derive(Debug)]
pub struct OwnBytes {
    files: Files,
    key: FileKey,
    rest: Range<u64>,
}

impl OwnBytes {
    /// The next piece; `None` at the end, [`FileError::NotFound`] when the store has lost it.
    pub async fn next(&mut self) -> Result<Option<Bytes>, FileError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let piece = self.files.piece(self.key, FilePart::Whole, &self.rest).await?;
        self.rest.start = self.rest.start.saturating_add(piece.len() as u64);
        Ok(Some(piece))
    }
}

impl Files {
    /// Keeps a file of this node's disk as one that the caller gave: they alone read it, and no message takes
    /// it. It is our own: of any length and kind.
    pub async fn keep_own(
        &self,
        caller: &Caller,
        OwnFile { name, path, kept_ms, is_for_admins }: OwnFile<'_>,
    ) -> Result<Attachment, FileError> {
        let unread = |error: std::io::Error| {
            tracing::error!(%error, path = %path.display(), "a file cannot be read");
            FileError::Unavailable
        };
        let mut coming = self.begin(caller, name).await?.of_our_own(Made { is_for_admins });
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

    /// The bytes of a file that somebody gave.
    pub async fn own_bytes(&self, giver: &Caller, file: FileId) -> Result<OwnBytes, FileError> {
        let key = FileKey { org: giver.org, file };
        let found = self.stored(key).await?.filter(|found| found.value.by == giver.user());
        let found = found.ok_or(FileError::NotFound)?;
        Ok(OwnBytes { files: self.clone(), key, rest: 0..found.value.bytes })
    }
}
