//! Everything that a server on one machine keeps, in one SQLite file.
//!
//! [`Store::open`] locks the data folder, brings the schema up to date and starts one writer thread
//! with group commit and a few readers. [`SqliteLog`], [`SqliteDirectory`] and [`SqliteRecords`] are
//! the ports on top of it.
//!
//! **Invariant:** one process, and in it one thread, writes. The file is in write-ahead mode with
//! `synchronous=FULL`, so what was answered as stored survives a crash and a power cut.

mod backup;
mod columns;
mod migrate;
pub(super) mod private_file;
mod readers;
mod writer;

mod audit_log;
mod directory;
mod history;
mod log;
mod records;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension};
use starling_actors::domain::Generation;
use starling_actors::ports::Clock;

pub use audit_log::SqliteAuditLog;
pub use backup::{BackupError, backup, restore};
pub use directory::SqliteDirectory;
pub use log::SqliteLog;
pub use migrate::MigrationError;
pub use records::SqliteRecords;

use super::folder_lock::{FolderLock, LockError};
use readers::{ReadError, Readers, STATEMENTS_CACHED};
use writer::{WriteError, Writer};

/// Databases up to here are looked at as a whole: that takes seconds.
const CHECKED_BYTES_MAX: u64 = 512 << 20;
/// The database's file name in the data folder.
pub const DATABASE_FILE: &str = "starling.db";

/// How long a connection waits for another one. Only a backup or a first opening ever makes one
/// wait, and for milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Age at which a success no longer shows that the disk can be written, and the probe writes.
const PROBE_AGE: Duration = Duration::from_secs(5);

/// Opens the database: the file stays open, and the folder locked, until the last clone and the
/// last port made from it are dropped.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

/// What the ports share. The fields are dropped in this order: readers first, so that the writer's
/// connection is the last one and folds the write-ahead log into the file; the lock goes last.
struct Shared {
    readers: Readers,
    writer: Writer,
    generation: Generation,
    path: PathBuf,
    _lock: FolderLock,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process serves from this folder.
    #[error("{} is in use by another Starling process: stop that one, or use another data folder", .0.display())]
    InUse(PathBuf),
    /// The folder cannot be used.
    #[error("the data folder {} cannot be used: {}", .0.display(), .1)]
    Folder(PathBuf, std::io::Error),
    /// The schema cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// SQLite said no.
    #[error("the database {} cannot be opened: {}", .0.display(), .1)]
    Database(PathBuf, rusqlite::Error),
    /// Its pages do not fit together.
    #[error("the database {} is damaged: {}", .0.display(), .1)]
    Damaged(PathBuf, String),
}

impl OpenError {
    /// Whether the pages themselves are broken, or are none: only a backup helps then.
    pub fn is_damage(&self) -> bool {
        let (Self::Database(_, cause) | Self::Migration(MigrationError::Database(cause))) = self
        else {
            return matches!(self, Self::Damaged(..));
        };
        let code = cause.sqlite_error_code();
        matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
    }
}

/// What a look at a database tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its size.
    pub bytes: u64,
    /// Whether all of its pages were looked at; that of a large one would take minutes.
    pub is_checked: bool,
}

/// Looks at the database in `dir`, changing nothing and keeping nobody out; `None` when there is none.
pub fn look(dir: &Path) -> Result<Option<Look>, OpenError> {
    let path = dir.join(DATABASE_FILE);
    let Ok(found) = std::fs::metadata(&path) else { return Ok(None) };
    let broken = |cause| OpenError::Database(path.clone(), cause);
    let connection = readers::open_for_reading(&path).map_err(broken)?;
    migrate::verify(&connection)?;
    let is_checked = found.len() <= CHECKED_BYTES_MAX;
    if is_checked {
        let check = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        let fault: String = check.map_err(broken)?;
        if fault != "ok" {
            return Err(OpenError::Damaged(path, fault));
        }
    }
    Ok(Some(Look { bytes: found.len(), is_checked }))
}

impl Store {
    /// Opens the database in `dir`, making both when they are not there.
    pub fn open(dir: &Path, clock: &dyn Clock) -> Result<Self, OpenError> {
        Self::open_migrated(dir, clock).map(|(store, _)| store)
    }

    /// Opens the database and also gives the names of the schema steps that it was missing.
    pub fn open_migrated(
        dir: &Path,
        clock: &dyn Clock,
    ) -> Result<(Self, Vec<&'static str>), OpenError> {
        let lock = lock_folder(dir)?;
        let path = dir.join(DATABASE_FILE);
        let broken = |cause| OpenError::Database(path.clone(), cause);
        private_file::create(&path).map_err(|cause| OpenError::Folder(dir.to_owned(), cause))?;
        let mut connection = open_for_writing(&path).map_err(broken)?;
        let steps = migrate::migrate(&mut connection, clock.now())?;
        for step in &steps {
            tracing::info!(step, "applied a schema step");
        }
        let generation = generation(&connection, clock).map_err(broken)?;
        let readers = Readers::open(&path).map_err(broken)?;
        let writer =
            Writer::start(connection).map_err(|cause| OpenError::Folder(dir.to_owned(), cause))?;
        let shared = Shared { readers, writer, generation, path, _lock: lock };
        Ok((Self { shared: Arc::new(shared) }, steps))
    }

    /// The message log and the history kept beside it.
    pub fn log(&self) -> SqliteLog {
        SqliteLog::new(self.clone())
    }

    /// Channels, members and threads.
    pub fn directory(&self) -> SqliteDirectory {
        SqliteDirectory::new(self.clone())
    }

    /// Versioned records and unique keys.
    pub fn records(&self) -> SqliteRecords {
        SqliteRecords::new(self.clone())
    }

    /// What was done with customers' data.
    pub fn audit_log(&self) -> SqliteAuditLog {
        SqliteAuditLog::new(self.clone())
    }

    /// The life of the logs in this database; another one after a restore.
    pub fn generation(&self) -> Generation {
        self.shared.generation
    }

    /// Writes that wait for the writer thread.
    pub fn waiting_writes(&self) -> u64 {
        self.shared.writer.waiting() as u64
    }

    /// Whether the database can be written, for the readiness probe; if not, why, in words.
    ///
    /// Writes when no write succeeded lately, so that a server without traffic sees a full disk,
    /// and sees it emptied again.
    pub async fn check(&self) -> Result<(), String> {
        let health = self.shared.writer.health();
        if health.is_fresh(PROBE_AGE) {
            return Ok(());
        }
        let probe = self.write(|connection| {
            let sql = "INSERT INTO facts (name, value) VALUES ('probes', 1)
                       ON CONFLICT (name) DO UPDATE SET value = value + 1";
            connection.prepare_cached(sql)?.execute([]).map(|_| ())
        });
        let stored = probe.await;
        stored.map_err(|_| {
            health.trouble().unwrap_or_else(|| "the database takes no writes".to_owned())
        })
    }

    async fn write<T, F>(&self, work: F) -> Result<T, WriteError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.shared.writer.run(work).await
    }

    async fn read<T, F>(&self, work: F) -> Result<T, ReadError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.shared.readers.run(work).await
    }
}

/// Locks a data folder, with an error that says what to do.
fn lock_folder(dir: &Path) -> Result<FolderLock, OpenError> {
    FolderLock::take(dir).map_err(|refusal| match refusal {
        LockError::Held => OpenError::InUse(dir.to_owned()),
        LockError::Io(cause) => OpenError::Folder(dir.to_owned(), cause),
    })
}

/// Opens the connection that writes. Only for the holder of the folder's lock.
fn open_for_writing(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    // `secure_delete`: the words of a deleted message must not stay in unused parts of the file.
    // `wal_autocheckpoint`: 16 MiB, so that folding back is rare; `journal_size_limit` gives the
    // space back after a burst. `cache_size` is in KiB when negative.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 4096;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -16384;",
    )?;
    Ok(connection)
}

/// The generation stored in the database, made the first time.
fn generation(connection: &Connection, clock: &dyn Clock) -> rusqlite::Result<Generation> {
    match stored_generation(connection)? {
        Some(number) => Ok(Generation(number)),
        None => renew_generation(connection, clock),
    }
}

/// Begins another life of the logs.
fn renew_generation(connection: &Connection, clock: &dyn Clock) -> rusqlite::Result<Generation> {
    // The low bits of a random number; 0 is what clients say when they know none.
    let mut number = u32::try_from(clock.random() & 0xffff_ffff).unwrap_or_default().max(1);
    // One time in four thousand million it would be the old one: then the next.
    if stored_generation(connection)? == Some(number) {
        number = number.wrapping_add(1).max(1);
    }
    connection.execute(
        "INSERT INTO facts (name, value) VALUES ('generation', ?1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [number],
    )?;
    Ok(Generation(number))
}

fn stored_generation(connection: &Connection) -> rusqlite::Result<Option<u32>> {
    connection
        .query_row("SELECT value FROM facts WHERE name = 'generation'", [], |row| row.get(0))
        .optional()
}
