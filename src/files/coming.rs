//! Uploads: a file comes in pieces, is looked at whole, and is kept.
//!
//! **Invariant:** whatever goes wrong, nothing stays on this node's disk; and what is in the store by then
//! has a note, so that it goes too.

use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};
use starling_actors::chat::Caller;
use starling_actors::domain::{Attachment, FileId, OrgId, Timestamp, UserId};
use starling_actors::ports::{FileKey, Precondition};
use tokio::io::AsyncWriteExt;
use tokio::sync::OwnedSemaphorePermit;

use super::stored::{FILES, Made, StoredFile, StoredPicture};
use super::{FileError, FilePart, Files, LookedAt, Verdict, kind, name};

/// Age of what a process that died left on its way: no upload takes so long.
const LEFT_BEHIND_MS: i64 = 3600 * 1000;
/// How long a file may stay free: a draft that somebody comes back to tomorrow.
const FREE_MS: i64 = 24 * 3600 * 1000;

/// A file on its way; gone when dropped.
#[derive(Debug)]
pub struct Coming {
    id: FileId,
    org: OrgId,
    by: UserId,
    name: String,
    head: Vec<u8>,
    hasher: Sha256,
    bytes: u64,
    bytes_max: u64,
    /// Made by the server itself: of any length and kind.
    made: Option<Made>,
    file: tokio::fs::File,
    path: Leftover,
    _turn: OwnedSemaphorePermit,
}

/// A file of this node's disk that goes when this is dropped.
#[derive(Debug)]
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.0.display(), "a file is left behind");
        }
    }
}

/// Makes the folder of uploads on their way, and takes away what was left in it.
pub(super) fn prepare(folder: &Path, now: Timestamp) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let modified = entry.metadata()?.modified()?;
        let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        let modified_ms = i64::try_from(modified.as_millis()).unwrap_or(i64::MAX);
        if now.0.saturating_sub(modified_ms) >= LEFT_BEHIND_MS {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Coming {
    /// The same for what the server itself makes.
    #[must_use]
    pub(super) fn of_our_own(self, made: Made) -> Self {
        Self { bytes_max: u64::MAX, made: Some(made), ..self }
    }

    /// Takes the next piece.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), FileError> {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        if self.bytes > self.bytes_max {
            return Err(FileError::TooLarge { bytes_max: self.bytes_max });
        }
        let head = piece.len().min(kind::HEAD_BYTES.saturating_sub(self.head.len()));
        self.head.extend_from_slice(&piece[..head]);
        self.hasher.update(piece);
        self.file.write_all(piece).await.map_err(|error| unwritten(&error))
    }
}

impl Files {
    /// Begins to take a file.
    pub async fn begin(&self, caller: &Caller, name: &str) -> Result<Coming, FileError> {
        let turn = self.inner.coming.clone().try_acquire_owned().map_err(|_| FileError::Busy)?;
        let id = FileId::from_u128(self.inner.clock.fresh_id());
        let path = Leftover(self.inner.settings.coming_dir.join(id.to_string()));
        let mut options = tokio::fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path.0).await;
        Ok(Coming {
            id,
            org: caller.org,
            by: caller.user(),
            name: name::harmless(name),
            head: Vec::new(),
            hasher: Sha256::new(),
            bytes: 0,
            bytes_max: self.inner.settings.upload_bytes_max,
            made: None,
            file: file.map_err(|error| unwritten(&error))?,
            path,
            _turn: turn,
        })
    }

    /// Looks at a file that has come to its end, and keeps it. It is free then.
    pub async fn finish(&self, mut coming: Coming) -> Result<Attachment, FileError> {
        if coming.bytes == 0 {
            return Err(FileError::Empty);
        }
        coming.file.flush().await.map_err(|error| unwritten(&error))?;
        let mime_type = kind::of(&coming.head, &coming.name);
        if coming.made.is_none() {
            if kind::is_blocked(&self.inner.settings.blocked, mime_type, &coming.name) {
                return Err(FileError::Blocked { mime_type });
            }
            self.scan(&coming.path.0).await?;
        }
        let looked = if kind::is_picture(mime_type) {
            self.inner.pictures.look(&coming.path.0).await
        } else {
            None
        };
        let sum: [u8; 32] = std::mem::take(&mut coming.hasher).finalize().into();
        let stored = StoredFile {
            name: coming.name.clone(),
            mime_type: mime_type.to_owned(),
            bytes: coming.bytes,
            sha256: hexadecimal(sum),
            by: coming.by,
            at: self.now().0,
            picture: looked.as_ref().map(|looked| StoredPicture {
                width: looked.pixels.0,
                height: looked.pixels.1,
                thumbnail_type: looked.thumbnail_type.to_owned(),
                thumbnail_bytes: looked.thumbnail.len() as u64,
            }),
            used: None,
            made: coming.made,
            is_going: false,
        };
        let key = FileKey { org: coming.org, file: coming.id };
        self.note(key, FREE_MS).await?;
        self.take_room(key.org, stored.room()).await?;
        if let Err(error) = self.keep(key, &coming.path.0, looked.as_ref(), &stored).await {
            self.give_room(key.org, stored.room()).await;
            return Err(error);
        }
        Ok(stored.attachment(coming.id))
    }

    async fn scan(&self, file: &Path) -> Result<(), FileError> {
        let Some(scanner) = &self.inner.scanner else { return Ok(()) };
        match scanner.ask(file).await {
            Verdict::Harmless => Ok(()),
            Verdict::Refused => Err(FileError::Refused),
            Verdict::Unknown => Err(FileError::Unavailable),
        }
    }

    async fn keep(
        &self,
        key: FileKey,
        path: &Path,
        looked: Option<&LookedAt>,
        stored: &StoredFile,
    ) -> Result<(), FileError> {
        self.inner.store.put(key, FilePart::Whole, path).await?;
        if let Some(looked) = looked {
            let small = Leftover(path.with_extension("small"));
            let written = tokio::fs::write(&small.0, &looked.thumbnail).await;
            written.map_err(|error| unwritten(&error))?;
            self.inner.store.put(key, FilePart::Thumbnail, &small.0).await?;
        }
        let place = (key.org, "", &*key.file.to_string());
        self.inner.shelves.put(&FILES, place, stored, Precondition::Absent).await?;
        Ok(())
    }
}

fn unwritten(error: &io::Error) -> FileError {
    tracing::error!(%error, "an attached file cannot be written");
    FileError::Unavailable
}

fn hexadecimal(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
