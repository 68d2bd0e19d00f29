//! Files: in a folder of this machine, or in storage that speaks S3, through one interface.
//!
//! ```text
//!   folder   {folder}/files/{organization}/{file}          what people attach
//!            {folder}/thumbnails/{organization}/{file}     small pictures of it
//!   S3       the same two below {prefix}, and
//!            {prefix}/databases/{organization}/{file}      tables of uploads
//!                 └──▶ copies on each node's own disk, by content ([`copies`])
//! ```
//!
//! Reading order: [`ObjectFiles`] here; [`storage`] (S3, and whether it works); [`databases`] (uploads
//! that became databases), which stands on `transfer` and `copies`.
//!
//! Everything goes a piece at a time.
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
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use starling_actors::ports::FileKey;

pub use content::ContentHash;
pub use copies::{CopyError, HeldCopy};
pub use databases::{Databases, KeptDatabase};
pub use storage::{S3Settings, Storage, StorageError};

/// Where files and their small pictures are, below the place of all.
const FILES: &str = "files";
const THUMBNAILS: &str = "thumbnails";
/// For storing one file: the largest that operators let in, on a line of 20 Mbit/s.
const PUT_TIMEOUT: Duration = Duration::from_secs(360);

/// The store does not answer or has no room; asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the files are unavailable")]
pub struct FilesUnavailable;

/// What is kept of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePart {
    /// The file as it came.
    Whole,
    /// A small picture of it.
    Thumbnail,
}

/// Files of a store of objects, below one place in it. Cheap to clone.
#[derive(Clone)]
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

    /// Keeps a part of a file, which is in `from`; durable when it returns. What was there is replaced
    /// whole. It goes on when nobody waits for it any more.
    pub async fn put(
        &self,
        key: FileKey,
        part: FilePart,
        from: &Path,
    ) -> Result<(), FilesUnavailable> {
        let (store, place, from) =
            (Arc::clone(&self.store), self.place(key, part), from.to_owned());
        let putting = tokio::spawn(async move {
            tokio::time::timeout(PUT_TIMEOUT, transfer::upload(&*store, &place, &from)).await
        });
        match putting.await {
            Ok(Ok(Ok(_))) => Ok(()),
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "a file cannot be stored");
                Err(FilesUnavailable)
            }
            Ok(Err(_)) | Err(_) => {
                tracing::error!("storing a file took too long or failed");
                Err(FilesUnavailable)
            }
        }
    }

    /// Some bytes of a part, which has them; `None` when there is no such part.
    pub async fn read(
        &self,
        key: FileKey,
        part: FilePart,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, FilesUnavailable> {
        if range.is_empty() {
            return Ok(Some(Bytes::new()));
        }
        found(self.store.get_range(&self.place(key, part), range).await)
    }

    /// Removes a file with all its parts; gone or never there is the same.
    pub async fn remove(&self, key: FileKey) -> Result<(), FilesUnavailable> {
        for part in [FilePart::Thumbnail, FilePart::Whole] {
            delete(&*self.store, &self.place(key, part)).await?;
        }
        Ok(())
    }

    fn place(&self, key: FileKey, part: FilePart) -> Place {
        let kind = match part {
            FilePart::Whole => FILES,
            FilePart::Thumbnail => THUMBNAILS,
        };
        place(&self.below.clone().join(kind), key)
    }
}

/// Where a file is below some place.
fn place(below: &Place, key: FileKey) -> Place {
    below.clone().join(key.org.to_string()).join(key.file.to_string())
}

/// What "not there" means is the caller's; everything else may pass.
fn found<T>(outcome: Result<T, Error>) -> Result<Option<T>, FilesUnavailable> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => {
            tracing::error!(%error, "a file could not be reached");
            Err(FilesUnavailable)
        }
    }
}

/// Removes an object; gone or never there is the same.
async fn delete(store: &dyn ObjectStore, place: &Place) -> Result<(), FilesUnavailable> {
    found(store.delete(place).await).map(drop)
}
