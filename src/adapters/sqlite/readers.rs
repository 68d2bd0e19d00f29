//! Connections that only read, each used by one blocking task at a time.
//!
//! **Invariant:** one read sees one state of the database: it runs in a transaction of its own. It
//! sees every write that was answered before it was asked.

use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

/// Connections. Reads come from the page cache, so a few more than a small machine's cores keep all
/// of them busy; each costs some megabytes.
const READERS: usize = 4;
/// Reads under way or waiting. At a tenth of a millisecond each this is 50 ms; a read that finds
/// the queue full is answered `Unavailable` at once.
const READS_MAX: usize = 2_048;
/// Prepared statements kept by each connection: all that there are, with room to grow.
pub(super) const STATEMENTS_CACHED: usize = 128;

/// The read failed or found no room; asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadError;

/// The pool.
#[derive(Debug)]
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    /// As many as connections.
    running: Arc<Semaphore>,
    /// As many as reads may be asked for at once.
    admitted: Semaphore,
}

impl Readers {
    /// Opens the connections to a database that is there.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connections = (0..READERS)
            .map(|_| {
                let connection = open_for_reading(path)?;
                connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
                Ok(connection)
            })
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(Self {
            idle: Arc::new(Mutex::new(connections)),
            running: Arc::new(Semaphore::new(READERS)),
            admitted: Semaphore::new(READS_MAX),
        })
    }

    /// Runs `work` on one state of the database.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, ReadError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let Ok(_admitted) = self.admitted.try_acquire() else {
            tracing::warn!("the database's read queue is full, a request was refused");
            return Err(ReadError);
        };
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| ReadError)?;
        let lease = Lease::take(&self.idle).ok_or(ReadError)?;
        let read = tokio::task::spawn_blocking(move || {
            let result = lease.read(work);
            // First the connection goes back, then the permit, so that a permit means a connection.
            drop(lease);
            drop(running);
            result
        });
        match read.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(cause)) => {
                tracing::error!(%cause, "a read failed");
                Err(ReadError)
            }
            Err(cause) => {
                tracing::error!(%cause, "a read was cut off");
                Err(ReadError)
            }
        }
    }
}

/// Opens a connection that cannot change anything.
pub(super) fn open_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(super::BUSY_TIMEOUT)?;
    Ok(connection)
}

/// A connection in use. It goes back even if the work panics.
struct Lease {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Lease {
    fn take(idle: &Arc<Mutex<Vec<Connection>>>) -> Option<Self> {
        let connection = idle.lock().pop()?;
        Some(Self { connection: Some(connection), idle: Arc::clone(idle) })
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let connection = self.connection.as_ref().ok_or(rusqlite::Error::InvalidQuery)?;
        let snapshot = connection.unchecked_transaction()?;
        work(&snapshot)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.idle.lock().push(connection);
        }
    }
}
