//! Child processes, which do what could eat the server: SQLite on somebody's file, and imports.
//!
//! A child is this same program with a hidden sub-command. It gets no environment, its limits as its
//! first frame, and is killed when its handle is dropped: SQLite looks at its interrupt flag only
//! between its instructions, and one of them can take minutes.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use starling_actors::ports::WarehouseError;
use tokio::process::{Child as Process, ChildStdin, ChildStdout, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::frame::{self, Ask, Reply};

/// The hidden sub-commands.
pub(crate) const SQLITE_WORKER: &str = "sqlite-worker";
pub(crate) const IMPORT_WORKER: &str = "import-worker";

/// Children at once: each may take [`MEMORY_BYTES`].
const CHILDREN_MAX: usize = 8;
/// How long a query waits for a child before it hears that all are in use.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// Address space of a child: what SQLite may take, and the program itself.
const MEMORY_BYTES: u64 = 1 << 30;
/// Seconds of processor time that a child has beyond what it should need, to be stopped by our clock
/// and not by the kernel's.
const CPU_SECONDS_MORE: u64 = 2;

/// Starts children.
#[derive(Clone, Debug)]
pub(super) struct Nursery {
    program: PathBuf,
    permits: Arc<Semaphore>,
}

impl Nursery {
    /// Children of `program`, or of this very program, even if its file was replaced meanwhile.
    pub(super) fn new(program: Option<PathBuf>) -> Self {
        let program = program.unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
        Self { program, permits: Arc::new(Semaphore::new(CHILDREN_MAX)) }
    }

    /// A confined child that may write files of so many bytes.
    pub(super) async fn start(
        &self,
        command: &str,
        timeout: Duration,
        file_bytes: u64,
    ) -> Result<Child, WarehouseError> {
        let permit = tokio::time::timeout(WAIT_MAX, Arc::clone(&self.permits).acquire_owned())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or(WarehouseError::Busy)?;
        let started = Child::spawn(&self.program, command, permit);
        let mut child = started.map_err(|error| {
            tracing::error!(%error, command, "a child process cannot be started");
            WarehouseError::Unreachable("this server cannot start a process for it".to_owned())
        })?;
        let cpu_seconds = timeout.as_secs().saturating_add(CPU_SECONDS_MORE);
        let confine = Ask::Confine { cpu_seconds, memory_bytes: MEMORY_BYTES, file_bytes };
        let Reply::Ready = child.ask(&confine).await? else { return Err(died()) };
        Ok(child)
    }
}

/// What is said of a child that ended by itself: its limits, or the file, were too much for it.
fn died() -> WarehouseError {
    WarehouseError::Query {
        code: "53200".to_owned(),
        meaning: "the statement takes more memory or time than it may have".to_owned(),
        position: None,
        names: Vec::new(),
    }
}

/// A running child; killed when dropped.
#[derive(Debug)]
pub(super) struct Child {
    /// Held for its `Drop`, which kills.
    _process: Process,
    stdin: ChildStdin,
    stdout: ChildStdout,
    _permit: OwnedSemaphorePermit,
}

impl Child {
    fn spawn(program: &PathBuf, command: &str, permit: OwnedSemaphorePermit) -> io::Result<Self> {
        let mut process = Command::new(program)
            .arg(command)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A panic's words could hold a value.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let missing = || io::Error::other("a pipe is missing");
        let stdin = process.stdin.take().ok_or_else(missing)?;
        let stdout = process.stdout.take().ok_or_else(missing)?;
        Ok(Self { _process: process, stdin, stdout, _permit: permit })
    }

    /// Asks, and gives the first answer.
    pub(super) async fn ask(&mut self, ask: &Ask) -> Result<Reply, WarehouseError> {
        frame::send(&mut self.stdin, ask).await.map_err(|_| died())?;
        self.next().await
    }

    /// The next answer.
    pub(super) async fn next(&mut self) -> Result<Reply, WarehouseError> {
        frame::receive(&mut self.stdout).await.map_err(|_| died())
    }
}
