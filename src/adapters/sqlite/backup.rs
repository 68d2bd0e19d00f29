//! Copies of the database: taken while the server serves, put back while it does not.
//!
//! Both are written beside their target, checked, and then renamed into place, so that a target is
//! never half a database. **Invariant:** a restored database begins another generation, because its
//! logs may lack what clients have already seen.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use starling_actors::domain::Generation;
use starling_actors::ports::Clock;

use super::readers::open_for_reading;
use super::{BUSY_TIMEOUT, DATABASE_FILE, MigrationError, OpenError};

/// All pages in one step: one state of the database, however long it takes, while the write-ahead
/// log lets others write on.
const ALL_PAGES: i32 = -1;

/// Why no copy was made or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder is in use, or cannot be used.
    #[error(transparent)]
    Folder(OpenError),
    /// There is nothing to copy.
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    /// The target holds data and nobody said that it may go.
    #[error("{} holds data already: restore with --force to replace it", .0.display())]
    Occupied(PathBuf),
    /// What was copied is not a sound Starling database.
    #[error("{} is not a sound database: {reason}", path.display())]
    Unsound {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It belongs to a newer Starling, or to something else.
    #[error("{} cannot be used: {cause}", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: MigrationError,
    },
    /// A file could not be written or renamed.
    #[error("{} cannot be written: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// SQLite said no.
    #[error("the copy failed: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Copies the database of a data folder to `target`, whether or not a server serves from it.
pub fn backup(dir: &Path, target: &Path) -> Result<(), BackupError> {
    let source = open_source(&dir.join(DATABASE_FILE))?;
    let partial = beside(target, "partial");
    copy(&source, &partial)?;
    check(&partial)?;
    replace(&partial, target)
}

/// Puts a copy into a data folder that no server uses; gives the generation that begins.
pub fn restore(
    copy_path: &Path,
    dir: &Path,
    is_forced: bool,
    clock: &dyn Clock,
) -> Result<Generation, BackupError> {
    let source = open_source(copy_path)?;
    super::migrate::verify(&source)
        .map_err(|cause| BackupError::Schema { path: copy_path.to_owned(), cause })?;
    // Held until the new database is in place.
    let _lock = super::lock_folder(dir).map_err(BackupError::Folder)?;
    let database = dir.join(DATABASE_FILE);
    if database.exists() && !is_forced {
        return Err(BackupError::Occupied(dir.to_owned()));
    }
    let partial = beside(&database, "restoring");
    copy(&source, &partial)?;
    check(&partial)?;
    let generation = {
        let restored = Connection::open(&partial)?;
        super::renew_generation(&restored, clock)?
    };
    // Closing the old database folds its write-ahead log into it, so that a crash before the
    // renaming leaves it whole. One that cannot be opened is damaged, and about to be replaced.
    if database.exists()
        && let Err(cause) = super::open_for_writing(&database).map(drop)
    {
        tracing::warn!(%cause, "the database that is replaced could not be opened");
    }
    // Its log must not be played into the new database, if it is still there.
    for suffix in ["-wal", "-shm"] {
        remove_if_there(&with_suffix(&database, suffix))?;
    }
    replace(&partial, &database)?;
    Ok(generation)
}

fn open_source(path: &Path) -> Result<Connection, BackupError> {
    if !path.is_file() {
        return Err(BackupError::Missing(path.to_owned()));
    }
    Ok(open_for_reading(path)?)
}

/// Copies all pages into a new file, synced, with no journal beside it.
fn copy(source: &Connection, partial: &Path) -> Result<(), BackupError> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        remove_if_there(&with_suffix(partial, suffix))?;
    }
    super::private_file::create(partial)
        .map_err(|cause| BackupError::File { path: partial.to_owned(), cause })?;
    let mut target = Connection::open(partial)?;
    target.busy_timeout(BUSY_TIMEOUT)?;
    let step = Backup::new(source, &mut target)?.step(ALL_PAGES)?;
    if !matches!(step, StepResult::Done) {
        let reason = format!("the copy stopped early ({step:?}), try again");
        return Err(BackupError::Unsound { path: partial.to_owned(), reason });
    }
    // The copy says "write-ahead log" as its source does; a copy is one file.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    Ok(())
}

/// Reads the whole copy and compares every index with its table.
fn check(path: &Path) -> Result<(), BackupError> {
    let copy = open_for_reading(path)?;
    let verdict: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(BackupError::Unsound { path: path.to_owned(), reason: verdict })
}

/// Renames a synced file into place and syncs the folder, so that the name survives a power cut.
fn replace(partial: &Path, target: &Path) -> Result<(), BackupError> {
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let renamed = File::open(partial)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(partial, target))
        .and_then(|()| File::open(folder)?.sync_all());
    renamed.map_err(|cause| BackupError::File { path: target.to_owned(), cause })
}

fn remove_if_there(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(BackupError::File { path: path.to_owned(), cause })
        }
        _ => Ok(()),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    with_suffix(path, &format!(".{ending}"))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
