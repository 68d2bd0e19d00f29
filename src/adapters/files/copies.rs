//! Copies of stored databases on this machine's disk: SQLite opens files, not objects.
//!
//! ```text
//!   get ─▶ on the shelf? ──yes──▶ held copy (stays while it is held)
//!             └no─▶ one flight per content: turn ─▶ room ─▶ draft ─▶ hash is right? ─▶ renamed, synced
//! ```
//!
//! Copies are called after their content, so two connections to one content share one, and a copy that
//! is there is never out of date. They outlive the process; one process owns the folder, and another
//! beside it (an admin's command) keeps its copies in a folder of its own, gone when it ends.
//!
//! **Invariants:** a file under a copy's name is whole, and what its name says; copies and what is on
//! its way take no more than was given; a copy that is held is not removed.

mod shelf;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, Shared};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use self::shelf::Shelf;
use super::ContentHash;
use crate::adapters::folder_lock::{FolderLock, LockError};

/// What a copy's name ends with, and one that is not whole yet.
const ENDING: &str = "sqlite";
const DRAFT_ENDING: &str = "draft";
/// Copies that are fetched at once: the line and the disk are everybody's.
const FLIGHTS_MAX: usize = 2;
/// For one copy, its wait for a turn aside: the largest upload on a line of 20 Mbit/s.
const FLIGHT_TIMEOUT: Duration = Duration::from_secs(360);
/// Copies of which nobody asked anything for so long go: their upload may be deleted, which only the
/// node hears that did it.
const UNUSED_MAX: Duration = Duration::from_secs(24 * 3600);

/// Why there is no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// It is not in the storage.
    #[error("its file is not in the storage of files")]
    Missing,
    /// What came is not what was stored.
    #[error("its file in the storage is damaged")]
    Damaged,
    /// Copies that are in use take all the room.
    #[error("other files take all the room that this server has for copies; try again")]
    NoRoom,
    /// The storage or the disk does not do as asked.
    #[error("its file cannot be fetched from the storage now; try again")]
    Unavailable,
}

/// A copy on this machine's disk; it stays while this is held.
#[derive(Debug)]
pub struct HeldCopy {
    inner: Arc<Inner>,
    hash: ContentHash,
    path: PathBuf,
}

impl HeldCopy {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for HeldCopy {
    fn drop(&mut self) {
        self.inner.shelf.lock().release(self.hash, Instant::now());
    }
}

type Flight = Shared<BoxFuture<'static, Result<Arc<HeldCopy>, CopyError>>>;

/// All copies of this process. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Copies {
    inner: Arc<Inner>,
}

struct Inner {
    folder: OwnFolder,
    shelf: Mutex<Shelf>,
    /// Copies on their way, with all who wait for them.
    flights: Mutex<HashMap<ContentHash, Flight>>,
    turns: Semaphore,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Copies")
    }
}

/// A folder that no other process has.
struct OwnFolder {
    path: PathBuf,
    /// `None`: it is this process' alone and goes with it.
    lock: Option<FolderLock>,
}

impl OwnFolder {
    fn take(folder: &Path) -> std::io::Result<Self> {
        match FolderLock::take(folder) {
            Ok(lock) => Ok(Self { path: folder.to_owned(), lock: Some(lock) }),
            Err(LockError::Held) => {
                // Not by the process' number: in containers that share the folder it is 1 in each.
                let path = folder.join(format!("of-one-process-{:016x}", rand::random::<u64>()));
                std::fs::create_dir_all(&path)?;
                Ok(Self { path, lock: None })
            }
            Err(LockError::Io(cause)) => Err(cause),
        }
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        if self.lock.is_none()
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, folder = %self.path.display(), "copies are left behind");
        }
    }
}

impl Copies {
    /// Copies in `folder`, of at most so many bytes. Those of before are used again.
    pub(super) fn open(folder: &Path, bytes_max: u64) -> std::io::Result<Self> {
        let folder = OwnFolder::take(folder)?;
        let mut shelf = Shelf::new(bytes_max);
        for found in std::fs::read_dir(&folder.path)? {
            let path = found?.path();
            match hash_of(&path) {
                Some(hash) => shelf.put(hash, std::fs::metadata(&path)?.len(), Instant::now()),
                None if path.extension().is_some_and(|ending| ending == DRAFT_ENDING) => {
                    std::fs::remove_file(&path)?;
                }
                None => {}
            }
        }
        let inner = Inner {
            folder,
            shelf: Mutex::new(shelf),
            flights: Mutex::default(),
            turns: Semaphore::new(FLIGHTS_MAX),
        };
        let copies = Self { inner: Arc::new(inner) };
        // There may be less room than there was.
        drop(copies.inner.make_room(0));
        Ok(copies)
    }

    /// The copy of this content, of so many bytes; `fetch` writes it to a path and says what it wrote.
    /// What is fetched goes on when nobody waits any more: the next one will.
    pub(super) async fn get<F>(
        &self,
        hash: ContentHash,
        bytes: u64,
        fetch: impl FnOnce(PathBuf) -> F + Send + 'static,
    ) -> Result<Arc<HeldCopy>, CopyError>
    where
        F: Future<Output = Result<ContentHash, CopyError>> + Send,
    {
        if let Some(held) = self.inner.hold(hash) {
            return Ok(Arc::new(held));
        }
        let flight = {
            let mut flights = self.inner.flights.lock();
            // It may have come between the two looks.
            if let Some(held) = self.inner.hold(hash) {
                return Ok(Arc::new(held));
            }
            let begin = || {
                let inner = Arc::clone(&self.inner);
                let flying = tokio::spawn(async move {
                    let _gone = InFlight { inner: Arc::clone(&inner), hash };
                    inner.land(hash, bytes, fetch).await
                });
                let flight = flying.map(|landed| landed.unwrap_or(Err(CopyError::Unavailable)));
                flight.boxed().shared()
            };
            flights.entry(hash).or_insert_with(begin).clone()
        };
        flight.await
    }

    /// Takes a file that has this content in as a copy, if there is room; it is gone from where it was.
    pub(super) fn adopt(&self, hash: ContentHash, bytes: u64, made: &Path) {
        let adopted = self.inner.make_room(bytes).is_ok_and(|room| room.fill(hash, made).is_ok());
        if !adopted && let Err(error) = std::fs::remove_file(made) {
            tracing::warn!(%error, path = %made.display(), "a file is left behind");
        }
    }

    /// Removes the copy of what nobody needs any more, unless somebody reads it just now.
    pub(super) fn forget(&self, hash: ContentHash) {
        let mut shelf = self.inner.shelf.lock();
        if shelf.forget(hash) {
            self.inner.remove(&[hash]);
        }
    }

    /// Removes copies that were long not used.
    pub(super) fn forget_unused(&self) {
        let Some(since) = Instant::now().checked_sub(UNUSED_MAX) else { return };
        let mut shelf = self.inner.shelf.lock();
        self.inner.remove(&shelf.forget_unused(since));
    }
}

impl Inner {
    fn path(&self, hash: ContentHash) -> PathBuf {
        self.folder.path.join(format!("{hash}.{ENDING}"))
    }

    fn hold(self: &Arc<Self>, hash: ContentHash) -> Option<HeldCopy> {
        let is_there = self.shelf.lock().hold(hash, Instant::now());
        is_there.then(|| HeldCopy { inner: Arc::clone(self), hash, path: self.path(hash) })
    }

    /// For whoever has the shelf's lock: a copy of the same name may come right after.
    fn remove(&self, gone: &[ContentHash]) {
        for hash in gone {
            if let Err(error) = std::fs::remove_file(self.path(*hash)) {
                tracing::warn!(%error, %hash, "a copy cannot be removed");
            }
        }
    }

    fn make_room(self: &Arc<Self>, bytes: u64) -> Result<Room, CopyError> {
        let mut shelf = self.shelf.lock();
        let gone = shelf.make_room(bytes).ok_or(CopyError::NoRoom)?;
        self.remove(&gone);
        Ok(Room { inner: Arc::clone(self), bytes })
    }

    async fn land<F>(
        self: &Arc<Self>,
        hash: ContentHash,
        bytes: u64,
        fetch: impl FnOnce(PathBuf) -> F,
    ) -> Result<Arc<HeldCopy>, CopyError>
    where
        F: Future<Output = Result<ContentHash, CopyError>>,
    {
        let _turn = self.turns.acquire().await.map_err(|_| CopyError::Unavailable)?;
        let room = self.make_room(bytes)?;
        let draft = Draft(self.folder.path.join(format!("{hash}.{DRAFT_ENDING}")));
        let fetched = tokio::time::timeout(FLIGHT_TIMEOUT, fetch(draft.0.clone())).await;
        let found = fetched.map_err(|_| CopyError::Unavailable)??;
        if found != hash {
            tracing::error!(expected = %hash, %found, "a stored file is not what it was");
            return Err(CopyError::Damaged);
        }
        room.fill(hash, &draft.0).map(Arc::new).map_err(|error| {
            tracing::error!(%error, "a copy cannot be put in its place");
            CopyError::Unavailable
        })
    }
}

/// Room for a copy on its way; given back when it does not come.
struct Room {
    inner: Arc<Inner>,
    bytes: u64,
}

impl Room {
    /// Puts the whole file `made` in its place as the copy of this content, held from the beginning.
    fn fill(self, hash: ContentHash, made: &Path) -> std::io::Result<HeldCopy> {
        let (inner, now) = (Arc::clone(&self.inner), Instant::now());
        let path = inner.path(hash);
        let mut shelf = self.inner.shelf.lock();
        std::fs::rename(made, &path)?;
        shelf.put(hash, self.bytes, now);
        shelf.hold(hash, now);
        Ok(HeldCopy { inner, hash, path })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.inner.shelf.lock().give_back(self.bytes);
    }
}

/// A file that is not whole, removed unless it was renamed.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.0.display(), "half a copy is left behind");
        }
    }
}

/// Ends a flight, however it ends.
struct InFlight {
    inner: Arc<Inner>,
    hash: ContentHash,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.inner.flights.lock().remove(&self.hash);
    }
}

/// The content that a copy's name says.
fn hash_of(path: &Path) -> Option<ContentHash> {
    let ending = path.extension()?.to_str()?;
    let name = path.file_stem()?.to_str()?;
    if ending == ENDING { name.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
