//! Files in a folder of this machine, through the same interface that an object store has.
//!
//! ```text
//!   {data}/files/{organization}/{file}
//! ```
//!
//! **Invariant:** a file is written beside its place, synced, and renamed into it, the folder synced
//! too; a path is made of two ids and nothing else, so none leads out of the folder.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{Error, ObjectStoreExt, PutPayload};
use starling_actors::ports::{FILE_BYTES_MAX, FileKey, Files, FilesError};

#[cfg(test)]
mod tests;

/// Files below one folder.
pub struct FolderFiles {
    store: LocalFileSystem,
}

impl fmt::Debug for FolderFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FolderFiles")
    }
}

impl FolderFiles {
    /// Files below `folder`, which is made when it is missing.
    pub fn open(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(std::io::Error::other)?;
        Ok(Self { store: store.with_fsync(true) })
    }
}

fn place(key: FileKey) -> Place {
    Place::from_iter([key.org.to_string(), key.file.to_string()])
}

/// What "not there" means is the caller's; everything else may pass.
fn found<T>(outcome: Result<T, Error>) -> Result<Option<T>, FilesError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => {
            tracing::error!(%error, "a file could not be reached");
            Err(FilesError::Unavailable)
        }
    }
}

#[async_trait]
impl Files for FolderFiles {
    async fn put(&self, key: FileKey, bytes: Vec<u8>) -> Result<(), FilesError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FilesError::TooLarge);
        }
        let stored = self.store.put(&place(key), PutPayload::from(bytes)).await;
        found(stored)?.map(drop).ok_or(FilesError::Unavailable)
    }

    async fn get(&self, key: FileKey) -> Result<Option<Vec<u8>>, FilesError> {
        let Some(file) = found(self.store.get(&place(key)).await)? else { return Ok(None) };
        Ok(found(file.bytes().await)?.map(Vec::from))
    }

    async fn exists(&self, key: FileKey) -> Result<bool, FilesError> {
        Ok(found(self.store.head(&place(key)).await)?.is_some())
    }

    async fn delete(&self, key: FileKey) -> Result<bool, FilesError> {
        Ok(found(self.store.delete(&place(key)).await)?.is_some())
    }
}
