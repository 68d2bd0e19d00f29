//! One process of a fleet.
//!
//! **Invariant:** it does not outlive this process, however that ends: a drop kills it, and so does the
//! kernel when nobody is left to drop it.

use std::fs::File;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Who is asked to end and has not for so long is killed.
const END_TIMEOUT: Duration = Duration::from_secs(30);

/// A running child, or one that ended.
pub(super) struct Part {
    child: Child,
}

impl Part {
    /// Starts `words`, with what it says at the end of `log`.
    pub(super) fn start(
        words: &[String],
        environment: &[(String, String)],
        log: &Path,
    ) -> Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        // setpriv becomes the program, so the process is the program's own.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).args(words);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stderr(log.try_clone()?).stdout(log).kill_on_drop(true);
        let child = command.spawn().with_context(|| format!("starting {}", words.join(" ")))?;
        Ok(Self { child })
    }

    /// None when it has ended.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// kill -9, with no chance to do anything; also when it is stopped.
    pub(super) async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("killing")
    }

    /// Asks it to end as an operator does, and waits until it has.
    pub(super) async fn terminate(&mut self) -> Result<ExitStatus> {
        self.signal(Signal::TERM)?;
        match timeout(END_TIMEOUT, self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => {
                self.kill().await?;
                anyhow::bail!("still there {END_TIMEOUT:?} after SIGTERM")
            }
        }
    }

    pub(super) fn signal(&self, signal: Signal) -> Result<()> {
        send(self.pid().context("the process has ended")?, signal)
    }
}

/// Sends a signal to a process by its id.
pub(super) fn send(pid: u32, signal: Signal) -> Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("no process id")?;
    kill_process(pid, signal).with_context(|| format!("{signal:?} to {pid:?}"))
}

/// The end of a log, for an error.
pub(super) fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES_SHOWN)..].join(" / ")
}

const LINES_SHOWN: usize = 5;
