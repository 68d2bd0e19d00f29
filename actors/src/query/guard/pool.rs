//! The threads that the guard runs on.
//!
//! Checks are short and need a deep stack, which tokio's threads do not have. A few threads take
//! them from one bounded queue. A check that panics is a refusal, counted and logged; its thread
//! goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::{Grounds, Rejection, Verdict, check};

/// The parser recurses; at the limits of depth it needs a few MiB when not optimized.
pub const STACK_BYTES: usize = 16 << 20;
/// Checks that wait. At a millisecond each this is a second's work; when it is full, a new check is
/// refused with the rule `busy`, which says to try again.
pub const QUEUE_MAX: usize = 1_024;

/// What the threads do; other than [`check`] in tests only.
pub(super) type Check =
    Arc<dyn Fn(&str, &Grounds) -> Result<Verdict, Rejection> + Send + Sync + 'static>;

struct Task {
    sql: String,
    grounds: Arc<Grounds>,
    reply: oneshot::Sender<Result<Verdict, Rejection>>,
}

/// Checks queries on threads of its own. They end when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Guard {
    queue: SyncSender<Task>,
    panics: Arc<AtomicU64>,
}

impl Guard {
    /// Starts the threads; each does `first` before anything else.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(threads: usize, first: fn()) -> std::io::Result<Self> {
        let check: Check = Arc::new(check);
        Self::start_with(threads, first, &check)
    }

    pub(super) fn start_with(threads: usize, first: fn(), check: &Check) -> std::io::Result<Self> {
        let (queue, tasks) = sync_channel(QUEUE_MAX);
        let tasks = Arc::new(Mutex::new(tasks));
        let panics = Arc::new(AtomicU64::new(0));
        for number in 0..threads.max(1) {
            let (tasks, panics, check) = (tasks.clone(), panics.clone(), check.clone());
            thread::Builder::new().name(format!("guard-{number}")).stack_size(STACK_BYTES).spawn(
                move || {
                    first();
                    work(&tasks, &panics, &*check);
                },
            )?;
        }
        Ok(Self { queue, panics })
    }

    /// Decides on a query.
    ///
    /// # Errors
    /// Names the rule that the query breaks; `busy` when too many wait, `internal` when the guard
    /// itself failed.
    pub async fn check(
        &self,
        sql: impl Into<String>,
        grounds: Arc<Grounds>,
    ) -> Result<Verdict, Rejection> {
        let (reply, answer) = oneshot::channel();
        let task = Task { sql: sql.into(), grounds, reply };
        match self.queue.try_send(task) {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(internal())),
            Err(TrySendError::Full(_)) => {
                Err(Rejection::whole("busy", "too many queries are being checked; try again"))
            }
            Err(TrySendError::Disconnected(_)) => Err(internal()),
        }
    }

    /// How many checks ended in a panic since the start. Each is a bug.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }
}

fn internal() -> Rejection {
    Rejection::whole("internal", "this query could not be checked")
}

fn work(
    tasks: &Mutex<Receiver<Task>>,
    panics: &AtomicU64,
    check: &dyn Fn(&str, &Grounds) -> Result<Verdict, Rejection>,
) {
    loop {
        let next = tasks.lock().recv();
        let Ok(Task { sql, grounds, reply }) = next else { return };
        let result =
            catch_unwind(AssertUnwindSafe(|| check(&sql, &grounds))).unwrap_or_else(|_| {
                panics.fetch_add(1, Ordering::Relaxed);
                tracing::error!(bytes = sql.len(), "the guard panicked on a query and refused it");
                Err(internal())
            });
        // Who asked may have gone.
        drop(reply.send(result));
    }
}
