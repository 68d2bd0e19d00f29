//! Files: in a folder of this machine, or in storage that speaks S3, through one interface.
//!
//! ```text
//!   folder   {folder}/{organization}/{file}
//!   S3       {prefix}/files/{organization}/{file}          what people attach, whole in memory
//!            {prefix}/databases/{organization}/{file}      tables of uploads, a piece at a time
//!                 └──▶ copies on each node's own disk, by content ([`copies`])
//! ```
//!
//! Reading order: [`ObjectFiles`] here; [`storage`] (S3, and whether it works); [`databases`] (uploads
//! that became databases), which stands on `transfer` and `copies`.
//!
//! **Invariant:** in a folder a file is written beside its place, synced, and renamed into it, the folder
//! synced too; S3 shows an object once it is whole. A name is made of two ids and nothing else, so none
//! leads anywhere else.

mod content;
mod copies;
mod databases;
mod storage;
#[cfg(test)]
mod tests;
mod transfer;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload};
use starling_actors::ports::{FILE_BYTES_MAX, FileKey, Files, FilesError};

pub use content::ContentHash;
pub use copies::{CopyError, HeldCopy};
pub use databases::{Databases, KeptDatabase};
pub use storage::{S3Settings, Storage, StorageError};

/// Files of a store of objects, below one place in it.
pub struct ObjectFiles {
    store: Arc<dyn ObjectStore>,
    below: Place,
}

impl fmt::Debug for ObjectFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ObjectFiles")
    }
}

impl ObjectFiles {
    /// Files below `folder`, which is made when it is missing.
    pub fn in_folder(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(std::io::Error::other)?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), below: Place::default() })
    }

    fn place(&self, key: FileKey) -> Place {
        place(&self.below, key)
    }
}

/// Where a file is below some place.
fn place(below: &Place, key: FileKey) -> Place {
    below.clone().join(key.org.to_string()).join(key.file.to_string())
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

/// Removes an object, and says whether there was one: S3 does not, so it is asked before. Of two who
/// delete it at the same moment both may hear that there was one.
async fn delete(store: &dyn ObjectStore, place: &Place) -> Result<bool, FilesError> {
    if found(store.head(place).await)?.is_none() {
        return Ok(false);
    }
    Ok(found(store.delete(place).await)?.is_some())
}

#[async_trait]
impl Files for ObjectFiles {
    async fn put(&self, key: FileKey, bytes: Vec<u8>) -> Result<(), FilesError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FilesError::TooLarge);
        }
        let stored = self.store.put(&self.place(key), PutPayload::from(bytes)).await;
        found(stored)?.map(drop).ok_or(FilesError::Unavailable)
    }

    async fn get(&self, key: FileKey) -> Result<Option<Vec<u8>>, FilesError> {
        let Some(file) = found(self.store.get(&self.place(key)).await)? else { return Ok(None) };
        if file.meta.size > FILE_BYTES_MAX as u64 {
            tracing::error!(bytes = file.meta.size, "a file is larger than any that was put");
            return Err(FilesError::Unavailable);
        }
        Ok(found(file.bytes().await)?.map(Vec::from))
    }

    async fn exists(&self, key: FileKey) -> Result<bool, FilesError> {
        Ok(found(self.store.head(&self.place(key)).await)?.is_some())
    }

    async fn delete(&self, key: FileKey) -> Result<bool, FilesError> {
        delete(&*self.store, &self.place(key)).await
    }
}
