//! Uploads that became SQLite databases: their truth in storage, copies of them where they are asked.
//!
//! **Invariant:** what is kept is in the storage before anybody hears of it; a database is opened only
//! where its bytes were found to be what was stored.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use starling_actors::ports::FileKey;
use tokio::sync::watch;

use super::copies::Copies;
use super::transfer::{self, TransferError};
use super::{ContentHash, CopyError, FilesUnavailable, HeldCopy, Storage, delete, place};

/// Where they are in the storage.
const KIND: &str = "databases";
/// Where copies are below the folder of uploads.
const COPIES_FOLDER: &str = "copies";
/// Pause between two looks at the storage.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// For storing one database: the largest on a line of 20 Mbit/s.
const KEEP_TIMEOUT: Duration = Duration::from_secs(360);

/// A database that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptDatabase {
    /// What is in it.
    pub hash: ContentHash,
    /// How much.
    pub bytes: u64,
}

/// Databases in storage. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Databases {
    storage: Storage,
    copies: Copies,
    works: watch::Sender<bool>,
}

impl Databases {
    /// Databases in `storage` that was proved to work, with copies below `folder`.
    pub fn open(storage: Storage, folder: &Path, bytes_max: u64) -> std::io::Result<Self> {
        let copies = Copies::open(&folder.join(COPIES_FOLDER), bytes_max)?;
        Ok(Self { storage, copies, works: watch::Sender::new(true) })
    }

    /// Stores the database `made`, which is gone from there afterwards. It goes on when nobody waits
    /// for it any more, so that no half of it stays in the storage; only one that takes longer than
    /// [`KEEP_TIMEOUT`] leaves its parts to the storage's own clearing.
    pub async fn keep(&self, key: FileKey, made: &Path) -> Result<KeptDatabase, FilesUnavailable> {
        let place = place(&self.storage.below(KIND), key);
        let (store, from) = (Arc::clone(&self.storage.store), made.to_owned());
        let keeping = tokio::spawn(async move {
            tokio::time::timeout(KEEP_TIMEOUT, transfer::upload(&*store, &place, &from)).await
        });
        let (hash, bytes) = match keeping.await {
            Ok(Ok(Ok(kept))) => kept,
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, "a database cannot be stored");
                return Err(FilesUnavailable);
            }
            Ok(Err(_)) | Err(_) => {
                tracing::error!("storing a database took too long or failed");
                return Err(FilesUnavailable);
            }
        };
        self.copies.adopt(hash, bytes, made);
        Ok(KeptDatabase { hash, bytes })
    }

    /// A copy of a database on this machine.
    pub async fn copy(&self, key: FileKey, kept: KeptDatabase) -> Result<Arc<HeldCopy>, CopyError> {
        let place = place(&self.storage.below(KIND), key);
        let store = Arc::clone(&self.storage.store);
        let fetch = async move |path: std::path::PathBuf| {
            transfer::download(&*store, &place, kept.bytes, &path).await.map_err(|error| {
                tracing::error!(%error, "a database cannot be fetched");
                match error {
                    TransferError::Missing => CopyError::Missing,
                    TransferError::Storage(_) | TransferError::Disk(_) => CopyError::Unavailable,
                }
            })
        };
        self.copies.get(kept.hash, kept.bytes, fetch).await
    }

    /// Removes a database; gone or never there is the same.
    pub async fn remove(
        &self,
        key: FileKey,
        hash: Option<ContentHash>,
    ) -> Result<(), FilesUnavailable> {
        if let Some(hash) = hash {
            self.copies.forget(hash);
        }
        delete(&*self.storage.store, &place(&self.storage.below(KIND), key)).await
    }

    /// Whether the storage answers, as [`Databases::run`] last saw it.
    pub fn works(&self) -> watch::Receiver<bool> {
        self.works.subscribe()
    }

    /// Looks at the storage from time to time, and at copies that nobody uses.
    pub async fn run(&self) -> Infallible {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let works = self.storage.works().await;
            if self.works.send_replace(works) != works {
                tracing::warn!(works, "the storage of files came or went");
            }
            self.copies.forget_unused();
        }
    }
}
