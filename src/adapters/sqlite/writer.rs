//! The one thread that writes, with group commit.
//!
//! Requests wait in a bounded queue. The thread takes what is queued, up to a limit, into one
//! transaction with a savepoint for each, so that one that fails does not undo the others (one that is
//! alone needs none); commits once (one `fsync`); and then answers all.
//!
//! **Invariant:** an `Ok` is answered only after the commit. `Unavailable` means that nothing is
//! stored; where that is not certain, the answer is `Unknown`.

mod health;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

pub(super) use health::Health;

/// Requests that may wait. At ten thousand small requests a second this is a tenth of a second of
/// waiting; more would outlast the patience of whoever asks. A full queue answers `Unavailable`.
const QUEUE_REQUESTS_MAX: usize = 1_024;
/// Requests in one transaction. It keeps the first of them from waiting for many others: 256
/// appends of one entry take some 5 ms, about what the `fsync` takes.
const BATCH_REQUESTS_MAX: usize = 256;

/// Why a write was not answered with what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteError {
    /// Nothing is stored.
    Unavailable,
    /// It may be stored or not.
    Unknown,
}

/// The writer thread and the way to it. Dropping it finishes what is queued.
#[derive(Debug)]
pub(super) struct Writer {
    /// Taken on drop, which tells the thread to end.
    queue: Option<mpsc::Sender<Box<dyn Request>>>,
    thread: Option<JoinHandle<()>>,
    health: Arc<Health>,
}

impl Writer {
    /// Starts the thread with the only connection that writes.
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (sender, queue) = mpsc::channel(QUEUE_REQUESTS_MAX);
        let health = Arc::new(Health::default());
        let noted = Arc::clone(&health);
        let thread = thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(&connection, queue, &noted))?;
        Ok(Self { queue: Some(sender), thread: Some(thread), health })
    }

    /// Runs `work` inside the next transaction and gives its result once that is committed.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T, WriteError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let request = Box::new(Pending { work: Some(work), result: None, reply });
        let Some(queue) = &self.queue else { return Err(WriteError::Unavailable) };
        if queue.try_send(request).is_err() {
            tracing::warn!("the database's write queue is full or closed, a request was refused");
            return Err(WriteError::Unavailable);
        }
        // A thread that went away without an answer may have committed before.
        answer.await.unwrap_or(Err(WriteError::Unknown))
    }

    /// Requests that wait for the thread.
    pub(super) fn waiting(&self) -> usize {
        let taken = |queue: &mpsc::Sender<_>| queue.max_capacity() - queue.capacity();
        self.queue.as_ref().map_or(0, taken)
    }

    /// What is known of the last writes.
    pub(super) fn health(&self) -> &Health {
        &self.health
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the database's writer thread had panicked");
        }
    }
}

/// A request of whatever type, from the thread's side.
trait Request: Send {
    /// Does the work and keeps its result.
    fn apply(&mut self, connection: &Connection) -> rusqlite::Result<()>;

    /// Answers: with the result, or with `error` if the transaction was not committed.
    fn settle(self: Box<Self>, error: Option<WriteError>);
}

struct Pending<T, F> {
    /// Taken when it runs.
    work: Option<F>,
    /// Absent until the work succeeded.
    result: Option<T>,
    reply: oneshot::Sender<Result<T, WriteError>>,
}

impl<T, F> Request for Pending<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
{
    fn apply(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if let Some(work) = self.work.take() {
            self.result = Some(work(connection)?);
        }
        Ok(())
    }

    fn settle(self: Box<Self>, error: Option<WriteError>) {
        let answer = match (self.result, error) {
            (Some(result), None) => Ok(result),
            (Some(_), Some(error)) => Err(error),
            // Its own savepoint was rolled back, whatever became of the others.
            (None, _) => Err(WriteError::Unavailable),
        };
        if self.reply.send(answer).is_err() {
            tracing::debug!("nobody waits for a write any more");
        }
    }
}

fn serve(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Request>>, health: &Health) {
    while let Some(first) = queue.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH_REQUESTS_MAX
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let (changes, troubles) = (connection.total_changes(), health.troubles());
        let outcome = store(connection, &mut batch, health);
        // A transaction that changed nothing shows nothing, and one bad request is bad news.
        if outcome.is_ok() && connection.total_changes() > changes && health.troubles() == troubles
        {
            health.stored();
        }
        for request in batch {
            request.settle(outcome.err());
        }
    }
}

/// Stores a batch: all of it is committed, or none.
fn store(
    connection: &Connection,
    batch: &mut [Box<dyn Request>],
    health: &Health,
) -> Result<(), WriteError> {
    let outcome = apply_all(connection, batch, health).and_then(|()| {
        execute(connection, "COMMIT").map_err(|cause| {
            health.failed(&cause);
            tracing::error!(%cause, "a commit failed");
            after_failed_commit(&cause)
        })
    });
    if outcome.is_err()
        && !connection.is_autocommit()
        && let Err(cause) = execute(connection, "ROLLBACK")
    {
        health.failed(&cause);
        tracing::error!(%cause, "a transaction could not be rolled back");
        return Err(WriteError::Unknown);
    }
    outcome
}

/// Applies each request in a savepoint, one that is alone without. An error is one that took the
/// whole transaction with it.
fn apply_all(
    connection: &Connection,
    batch: &mut [Box<dyn Request>],
    health: &Health,
) -> Result<(), WriteError> {
    let lost = |cause: &rusqlite::Error| {
        health.failed(cause);
        tracing::error!(%cause, "a transaction failed before its commit");
        WriteError::Unavailable
    };
    // A savepoint keeps a copy of every page that is changed.
    let extent = if batch.len() == 1 { Extent::Transaction } else { Extent::Savepoint };
    execute(connection, "BEGIN").map_err(|cause| lost(&cause))?;
    for request in batch {
        extent.begin(connection).map_err(|cause| lost(&cause))?;
        let applied = catch_unwind(AssertUnwindSafe(|| request.apply(connection)));
        let end = match applied {
            Ok(Ok(())) => extent.keep(connection),
            Ok(Err(cause)) => {
                // On a full disk or an I/O error SQLite may have ended the transaction by itself.
                if connection.is_autocommit() {
                    return Err(lost(&cause));
                }
                health.failed(&cause);
                tracing::error!(%cause, "a write failed and was undone");
                extent.undo(connection)
            }
            Err(_) => {
                tracing::error!("a write panicked and was undone");
                extent.undo(connection)
            }
        };
        end.map_err(|cause| lost(&cause))?;
    }
    Ok(())
}

/// What is undone when a request fails.
#[derive(Clone, Copy)]
enum Extent {
    /// Only its own changes: there are others in the transaction.
    Savepoint,
    /// The transaction: it is alone in it.
    Transaction,
}

impl Extent {
    fn begin(self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::Savepoint => execute(connection, "SAVEPOINT request"),
            Self::Transaction => Ok(()),
        }
    }

    fn keep(self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::Savepoint => execute(connection, "RELEASE request"),
            Self::Transaction => Ok(()),
        }
    }

    /// Takes the changes back; a transaction is open as before.
    fn undo(self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Self::Savepoint => {
                execute(connection, "ROLLBACK TO request")?;
                execute(connection, "RELEASE request")
            }
            Self::Transaction => {
                execute(connection, "ROLLBACK")?;
                execute(connection, "BEGIN")
            }
        }
    }
}

/// Whether a failed commit can be in the write-ahead log.
///
/// A full disk or a read-only file fails while pages are written, so the commit record is not
/// complete and its checksum does not hold. Any other failure, above all of `fsync`, may come after
/// a complete record, which a crash right now would bring back.
fn after_failed_commit(cause: &rusqlite::Error) -> WriteError {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::DatabaseBusy) => {
            WriteError::Unavailable
        }
        _ => WriteError::Unknown,
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}
