//! The search index on this node's disk: one SQLite file with FTS5 for each organization.
//!
//! ```text
//!   {folder}/{organization}.db
//!     documents   a message each: its words, and its facts (channel, author, traits) as words, too
//!     texts       the words and facts of all documents, inverted
//!     channels    how far each was read
//! ```
//!
//! Facts are words of a column of their own, so that a filter is an intersection of two sorted lists and
//! never a walk over all messages. A document's number grows with its time, so the newest matches come
//! first without sorting any.
//!
//! Reading order: [`SearchFiles`] here, `shelf` (one file), `write` (a batch), `find` (a question),
//! `expression` (a question in FTS5's words).
//!
//! **Invariant:** nothing here is the only copy. A file that is damaged, or of another version, is thrown
//! away and filled again from the log. Changes are written by threads that stand back, one batch at a
//! time; whoever appends to the log never waits for them.

mod expression;
mod find;
mod shelf;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode};
use starling_actors::domain::{ChannelId, ConnectionId, OrgId};
use starling_actors::ports::{
    Frequencies, IndexBatch, IndexPosition, Match, MatchPlace, SearchIndex, SearchIndexError,
    Sought, Words,
};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use shelf::{OpenError, Shelf};

/// Files that are open at the same time; each has a few descriptors and some megabytes of cache.
const OPEN_MAX: usize = 64;
/// Questions at work: a few more than a small machine's cores.
const QUESTIONS_AT_WORK: usize = 4;
/// Questions at work or waiting: seconds of work. The next one is refused.
const QUESTIONS_MAX: usize = 128;
/// The ending of an index's name.
const ENDING: &str = "db";

/// The indexes of all organizations on this node. Cheap to clone.
#[derive(Clone)]
pub struct SearchFiles {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    /// Whose threads write. `None`: those of whoever asks.
    writers: Option<Handle>,
    shelves: Mutex<HashMap<OrgId, Arc<Shelf>>>,
    at_work: Arc<Semaphore>,
    admitted: Semaphore,
}

/// Why something was not done with an index.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("the search index cannot be opened: {0}")]
    Open(#[from] OpenError),
    #[error("the search index failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("too many searches wait")]
    Full,
    #[error("a search was cut off: {0}")]
    Cut(#[from] tokio::task::JoinError),
}

impl SearchFiles {
    /// Over a folder, which is made; `writers` run what changes an index.
    pub fn open(folder: &Path, writers: Option<Handle>) -> std::io::Result<Self> {
        let mut options = fs::DirBuilder::new();
        options.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut options, 0o700);
        options.create(folder)?;
        Ok(Self {
            inner: Arc::new(Inner {
                folder: folder.to_owned(),
                writers,
                shelves: Mutex::default(),
                at_work: Arc::new(Semaphore::new(QUESTIONS_AT_WORK)),
                admitted: Semaphore::new(QUESTIONS_MAX),
            }),
        })
    }

    /// Asks the index of an organization; `None` when it has none.
    async fn ask<T, F>(&self, org: OrgId, question: F) -> Result<Option<T>, SearchIndexError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let Ok(_admitted) = self.inner.admitted.try_acquire() else {
            return Err(refused(&Trouble::Full));
        };
        let Ok(at_work) = Arc::clone(&self.inner.at_work).acquire_owned().await else {
            return Err(refused(&Trouble::Full));
        };
        let inner = Arc::clone(&self.inner);
        let asked = tokio::task::spawn_blocking(move || {
            let _at_work = at_work;
            inner.on_shelf(org, false, |shelf| shelf.ask(question))
        });
        done(asked.await)
    }

    /// Changes the index of an organization, which is made when there is none.
    async fn change<T, F>(&self, org: OrgId, change: F) -> Result<T, SearchIndexError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let work = move || inner.on_shelf(org, true, |shelf| shelf.change(change));
        let changed = match &self.inner.writers {
            Some(writers) => writers.spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        };
        done(changed.await)?.ok_or(SearchIndexError)
    }
}

impl Inner {
    /// Works with an organization's file; one that turns out to be damaged is thrown away.
    fn on_shelf<T>(
        &self,
        org: OrgId,
        makes: bool,
        work: impl FnOnce(&Shelf) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Trouble> {
        let Some(shelf) = self.shelf(org, makes)? else { return Ok(None) };
        let worked = work(&shelf);
        if let Err(error) = &worked
            && is_damaged(error)
        {
            tracing::warn!(%org, %error, "a damaged search index is thrown away and built again");
            let mut shelves = self.shelves.lock();
            shelves.remove(&org);
            Shelf::remove(&self.path(org));
        }
        Ok(Some(worked?))
    }

    fn shelf(&self, org: OrgId, makes: bool) -> Result<Option<Arc<Shelf>>, OpenError> {
        let mut shelves = self.shelves.lock();
        if let Some(shelf) = shelves.get(&org) {
            return Ok(Some(Arc::clone(shelf)));
        }
        let path = self.path(org);
        if !makes && !path.exists() {
            return Ok(None);
        }
        if shelves.len() >= OPEN_MAX {
            let idle = shelves.iter().find(|(_, shelf)| Arc::strong_count(shelf) == 1);
            let idle = idle.map(|(org, _)| *org);
            if let Some(idle) = idle {
                shelves.remove(&idle);
            }
        }
        let shelf = Arc::new(Shelf::open(&path)?);
        shelves.insert(org, Arc::clone(&shelf));
        Ok(Some(shelf))
    }

    fn path(&self, org: OrgId) -> PathBuf {
        self.folder.join(format!("{org}.{ENDING}"))
    }

    /// Organizations that have an index.
    fn organizations(&self) -> std::io::Result<Vec<OrgId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let is_index = path.extension().is_some_and(|ending| ending == ENDING);
            let name = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_index);
            found.extend(name.and_then(|name| name.parse::<OrgId>().ok()));
        }
        Ok(found)
    }

    fn indexed(&self, max: usize) -> Result<Vec<(OrgId, ChannelId)>, Trouble> {
        let organizations = self.organizations().map_err(OpenError::Io)?;
        let mut all = Vec::new();
        for org in organizations {
            let channels = self.on_shelf(org, false, |shelf| shelf.ask(find::channels))?;
            all.extend(channels.unwrap_or_default().into_iter().map(|channel| (org, channel)));
            if all.len() >= max {
                break;
            }
        }
        all.truncate(max);
        Ok(all)
    }
}

#[async_trait]
impl SearchIndex for SearchFiles {
    async fn indexed(&self, max: usize) -> Result<Vec<(OrgId, ChannelId)>, SearchIndexError> {
        let inner = Arc::clone(&self.inner);
        done(tokio::task::spawn_blocking(move || inner.indexed(max)).await)
    }

    async fn positions(
        &self,
        org: OrgId,
        channels: &[ChannelId],
    ) -> Result<Vec<Option<IndexPosition>>, SearchIndexError> {
        let (nowhere, channels) = (vec![None; channels.len()], channels.to_vec());
        let found = self.ask(org, move |connection| find::positions(connection, &channels));
        Ok(found.await?.unwrap_or(nowhere))
    }

    async fn connections(&self, org: OrgId) -> Result<Vec<ConnectionId>, SearchIndexError> {
        Ok(self.ask(org, find::connections).await?.unwrap_or_default())
    }

    async fn apply(&self, org: OrgId, batch: IndexBatch) -> Result<bool, SearchIndexError> {
        self.change(org, move |connection| write::apply(connection, batch)).await
    }

    async fn find(
        &self,
        org: OrgId,
        sought: &Sought,
        below: Option<MatchPlace>,
        limit: usize,
    ) -> Result<Vec<Match>, SearchIndexError> {
        let sought = sought.clone();
        let found = self.ask(org, move |connection| find::find(connection, &sought, below, limit));
        Ok(found.await?.unwrap_or_default())
    }

    async fn count(&self, org: OrgId, sought: &Sought, max: u64) -> Result<u64, SearchIndexError> {
        let sought = sought.clone();
        let counted = self.ask(org, move |connection| find::count(connection, &sought, max));
        Ok(counted.await?.unwrap_or_default())
    }

    async fn frequencies(
        &self,
        org: OrgId,
        words: &[Words],
        max: u64,
    ) -> Result<Frequencies, SearchIndexError> {
        let (none, words) = (vec![0; words.len()], words.to_vec());
        let counted = self.ask(org, move |connection| find::frequencies(connection, &words, max));
        Ok(counted.await?.unwrap_or(Frequencies { of: none, messages: 0 }))
    }
}

impl fmt::Debug for SearchFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchFiles").field("folder", &self.inner.folder).finish_non_exhaustive()
    }
}

/// What a thread came back with.
fn done<T>(
    worked: Result<Result<T, Trouble>, tokio::task::JoinError>,
) -> Result<T, SearchIndexError> {
    worked.map_err(Trouble::from).flatten().map_err(|trouble| refused(&trouble))
}

fn refused(trouble: &Trouble) -> SearchIndexError {
    tracing::warn!(%trouble, "the search index did not do its work");
    SearchIndexError
}

fn is_damaged(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
