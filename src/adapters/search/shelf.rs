//! One organization's index: a file, one connection that writes, and a few that read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};

use crate::adapters::sqlite::private_file;

/// The version of the tables below. A file of another one is filled anew.
const VERSION: i64 = 1;
/// How long a connection waits for another process on the same folder, which there should not be.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept by each connection: all that there are, with room to grow.
const STATEMENTS_CACHED: usize = 32;
/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["", "-wal", "-shm"];

/// The tables. `secure-delete`: the words of a deleted message leave the index at once, and not when
/// its parts are merged some day. `prefix`: beginnings of two and three letters have lists of their own.
const TABLES: &str = "
    CREATE TABLE channels (
        number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
        generation INTEGER NOT NULL, seq INTEGER NOT NULL, documents INTEGER NOT NULL);
    CREATE TABLE people (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
    CREATE TABLE connections (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, seq INTEGER NOT NULL,
        message BLOB NOT NULL, at INTEGER NOT NULL, author INTEGER NOT NULL, connection INTEGER,
        traits INTEGER NOT NULL, reactions INTEGER NOT NULL,
        facts TEXT NOT NULL, words TEXT NOT NULL);
    CREATE UNIQUE INDEX places ON documents (channel, seq);
    CREATE VIRTUAL TABLE texts USING fts5 (
        words, facts, content = 'documents', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
    INSERT INTO texts (texts, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER added AFTER INSERT ON documents BEGIN
        INSERT INTO texts (rowid, words, facts) VALUES (new.id, new.words, new.facts);
    END;
    CREATE TRIGGER removed AFTER DELETE ON documents BEGIN
        INSERT INTO texts (texts, rowid, words, facts)
        VALUES ('delete', old.id, old.words, old.facts);
    END;
    CREATE TRIGGER changed AFTER UPDATE OF words, facts ON documents BEGIN
        INSERT INTO texts (texts, rowid, words, facts)
        VALUES ('delete', old.id, old.words, old.facts);
        INSERT INTO texts (rowid, words, facts) VALUES (new.id, new.words, new.facts);
    END;";

/// One organization's index.
#[derive(Debug)]
pub(super) struct Shelf {
    /// First, so that the writer's connection is the last one and folds the write-ahead log.
    idle: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    path: PathBuf,
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

impl Shelf {
    /// Opens a file, which is made when it is missing, and made anew when it cannot be read.
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let opened = open_for_writing(path);
        let writer = match opened {
            Ok(Some(connection)) => connection,
            Ok(None) => fresh(path, "it is of another version")?,
            Err(OpenError::Sqlite(error)) if super::is_damaged(&error) => {
                fresh(path, "it is damaged")?
            }
            Err(error) => return Err(error),
        };
        Ok(Self { idle: Mutex::default(), writer: Mutex::new(writer), path: path.to_owned() })
    }

    /// Removes a file with all that belongs to it. What cannot be removed is found damaged again.
    pub(super) fn remove(path: &Path) {
        for companion in COMPANIONS {
            let mut name = path.as_os_str().to_owned();
            name.push(companion);
            if let Err(error) = fs::remove_file(&name)
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(%error, path = %path.display(), "a search index is not removed");
            }
        }
    }

    /// Asks one state of the index.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_for_reading(&self.path)?,
        };
        let snapshot = connection.unchecked_transaction()?;
        let answer = question(&snapshot);
        drop(snapshot);
        // As many as are ever asked at once come back.
        self.idle.lock().push(connection);
        answer
    }

    /// Changes the index.
    pub(super) fn change<T>(
        &self,
        change: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        change(&mut self.writer.lock())
    }
}

fn fresh(path: &Path, reason: &str) -> Result<Connection, OpenError> {
    tracing::warn!(path = %path.display(), "a search index is built again: {reason}");
    Shelf::remove(path);
    let opened = open_for_writing(path)?;
    opened.ok_or_else(|| OpenError::Sqlite(rusqlite::Error::InvalidQuery))
}

/// `None` for a file of another version.
fn open_for_writing(path: &Path) -> Result<Option<Connection>, OpenError> {
    private_file::create(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    // `synchronous = NORMAL`: a power cut may take the last batches away, whole, with the position that
    // says so; they are read from the log again. `secure_delete`: as for the words of the log.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         PRAGMA secure_delete = ON;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -16384;",
    )?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == 0 {
        let transaction = connection.transaction()?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    Ok((version == 0 || version == VERSION).then_some(connection))
}

fn open_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    // Negative: KiB.
    connection.execute_batch("PRAGMA cache_size = -32768;")?;
    Ok(connection)
}
