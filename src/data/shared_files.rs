//! Databases of uploads where all nodes find them.
//!
//! Without [`SharedDatabases`] the folder of uploads is their only place, and nothing here does anything.
//! With it, that folder only holds what is on its way. Two things cannot be done at one moment then: to
//! store a file and the connection to it, and to delete both. So a note lies beside every file that has no
//! connection yet, or soon has none any more, and the file of a note that is an hour old goes.
//!
//! **Invariant:** a file in the storage has a connection or a note.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use starling_actors::domain::{FileId, OrgId, Timestamp};
use starling_actors::ports::{FileKey, Precondition, QuestionsError};

use super::stored::connection::{SharedFile, StoredFile};
use super::stored::text::{At, Id};
use super::{Data, DataError};
use crate::records::{SERVER, Shelf};

/// Files that have no connection: who sweeps looks here.
pub(super) const LOOSE_FILES: Shelf<LooseFile> = Shelf::new("loose_file");
/// Age of a note after which its file goes: an import and its way into the storage take minutes.
const LOOSE_MS: i64 = 3600 * 1000;
/// Notes that are looked at each time; what is left comes next time.
const LOOSE_MAX: usize = 200;

/// A note that a file may belong to nobody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LooseFile {
    org: Id<OrgId>,
    since: At,
}

/// Whatever keeps a file in its place while it is held.
pub type Hold = Arc<dyn Any + Send + Sync>;

/// A file that can be opened here.
#[derive(Clone, Debug)]
pub struct LocalFile {
    /// Where it is.
    pub path: PathBuf,
    /// Keeps it there.
    pub hold: Option<Hold>,
}

/// What is in a stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileContent {
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// How much.
    pub bytes: u64,
}

/// Stores databases where every node of a cluster finds them.
#[async_trait]
pub trait SharedDatabases: Send + Sync + 'static {
    /// Stores the database `made`, which is gone from there afterwards. `None`: try again.
    async fn keep(&self, key: FileKey, made: &Path) -> Option<FileContent>;

    /// Makes a stored database a file of this machine; if there is none, why not.
    async fn open(&self, key: FileKey, content: &FileContent) -> Result<LocalFile, &'static str>;

    /// Removes a stored database, which may be gone already; `false`: try again.
    async fn remove(&self, key: FileKey, content: Option<&FileContent>) -> bool;
}

impl From<&SharedFile> for FileContent {
    fn from(file: &SharedFile) -> Self {
        Self { sha256: file.sha256.clone(), bytes: file.bytes }
    }
}

impl Data {
    /// Puts the database `made` of an upload where it stays, and says where that is. Whoever has made
    /// the connection to it calls [`Data::settle_file`].
    pub(super) async fn keep_database(
        &self,
        org: OrgId,
        upload: &str,
        made: &Path,
    ) -> Result<StoredFile, DataError> {
        let Some(shared) = &self.inner.shared else {
            let name = made.file_name().and_then(|name| name.to_str());
            return name
                .map(|name| StoredFile::Upload(name.to_owned()))
                .ok_or(DataError::Unavailable);
        };
        let file: FileId = upload.parse().map_err(|_| DataError::Unavailable)?;
        self.note_loose(org, file).await?;
        let kept = shared.keep(FileKey { org, file }, made).await;
        let FileContent { sha256, bytes } = kept.ok_or(DataError::Unavailable)?;
        Ok(StoredFile::Shared(SharedFile { file: Id(file), sha256, bytes }))
    }

    /// A file that was kept has its connection now, or (`false`) will never have one.
    pub(super) async fn settle_file(&self, org: OrgId, file: &StoredFile, is_connected: bool) {
        let StoredFile::Shared(file) = file else { return };
        if is_connected {
            self.drop_note(file.file.0).await;
        } else {
            self.remove_shared(org, file.file.0, Some(&file.into())).await;
        }
    }

    /// To be called before a connection to this file is deleted: the file goes with it, if not now.
    pub(super) async fn loosen_file(&self, org: OrgId, file: &StoredFile) -> Result<(), DataError> {
        match file {
            StoredFile::Shared(file) => Ok(self.note_loose(org, file.file.0).await?),
            StoredFile::Import(_) | StoredFile::Upload(_) => Ok(()),
        }
    }

    /// Where a shared file is on this machine from now on.
    pub(super) async fn open_shared(
        &self,
        org: OrgId,
        file: &SharedFile,
    ) -> Result<LocalFile, &'static str> {
        let shared = self.inner.shared.as_ref();
        let shared =
            shared.ok_or("its file is in the storage of files, which this server does not use")?;
        shared.open(FileKey { org, file: file.file.0 }, &file.into()).await
    }

    /// Removes files to which no connection came, or whose connection is deleted.
    pub(super) async fn sweep_files(&self) -> Result<(), QuestionsError> {
        if self.inner.shared.is_none() {
            return Ok(());
        }
        let shelves = &self.inner.shelves;
        for note in shelves.list(&LOOSE_FILES, SERVER, "", LOOSE_MAX).await? {
            let Ok(file) = note.id.parse::<FileId>() else { continue };
            let LooseFile { org: Id(org), since } = note.value;
            let age_ms = self.now().0.saturating_sub(Timestamp::from(since).0);
            if age_ms < LOOSE_MS {
                continue;
            }
            let connections = self.stored_connections(org).await?;
            let is_connected = connections.iter().any(|found| match &found.value.address.file {
                Some(StoredFile::Shared(shared)) => shared.file.0 == file,
                Some(StoredFile::Import(_) | StoredFile::Upload(_)) | None => false,
            });
            if is_connected {
                self.drop_note(file).await;
            } else {
                self.remove_shared(org, file, None).await;
            }
        }
        Ok(())
    }

    async fn note_loose(&self, org: OrgId, file: FileId) -> Result<(), QuestionsError> {
        let note = LooseFile { org: Id(org), since: self.now().into() };
        let place = (SERVER, "", &*file.to_string());
        self.inner.shelves.put(&LOOSE_FILES, place, &note, Precondition::Any).await.map(drop)
    }

    /// A note that stays by mistake is looked at again.
    async fn drop_note(&self, file: FileId) {
        let dropped = self.inner.shelves.delete(&LOOSE_FILES, SERVER, "", &file.to_string()).await;
        if let Err(error) = dropped {
            tracing::debug!(%error, %file, "the note of a file stays for now");
        }
    }

    async fn remove_shared(&self, org: OrgId, file: FileId, content: Option<&FileContent>) {
        let Some(shared) = &self.inner.shared else { return };
        if shared.remove(FileKey { org, file }, content).await {
            self.drop_note(file).await;
        } else {
            tracing::warn!(%org, %file, "a file stays in the storage for now; it is tried again");
        }
    }
}
