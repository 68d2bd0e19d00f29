//! Starts the server under test as a child, on a free loopback port, with data of its own.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::population;
use crate::options::Common;
use crate::seat::Target;
use crate::wire::http;

const START_TIMEOUT: Duration = Duration::from_secs(30);
/// A drain takes a few seconds; later than this the process is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The server's data in the folder of a run.
const DATA: &str = "data";

/// Takes every limit away that would measure itself instead of the server. 0 is none.
pub(crate) const SETTINGS: [(&str, &str); 8] = [
    ("STARLING_REGISTRATION_MODE", "open"),
    ("STARLING_LIMITS_MESSAGES_PER_SECOND", "100000"),
    ("STARLING_LIMITS_COOLDOWN_MS", "0"),
    ("STARLING_LIMITS_REST_PER_MINUTE", "10000000"),
    ("STARLING_LIMITS_REST_PER_HOUR", "10000000"),
    ("STARLING_LIMITS_CONNECTIONS_PER_USER", "0"),
    ("STARLING_LIMITS_CONNECTIONS_PER_ADDRESS", "0"),
    // Kept accounts are used for a day.
    ("STARLING_TOKENS_ACCESS_SECONDS", "86400"),
];

/// A server that this run started.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    target: Target,
    binary: PathBuf,
    folder: Folder,
    child: Child,
}

/// A temporary folder that goes when the run does.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn create() -> Result<Self> {
        let name = format!("starling-load-{}", uuid::Uuid::now_v7().simple());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if fs::remove_dir_all(&self.0).is_err() {
            // Left-over data in the temporary folder is not worth a failed run.
        }
    }
}

/// Starts the target's server, unless the run is against `--url`.
pub(crate) async fn start(common: &Common) -> Result<Option<Server>> {
    start_on(common, None).await
}

/// The same, with a copy of this data.
pub(super) async fn start_on(common: &Common, data: Option<&Path>) -> Result<Option<Server>> {
    let binary = match (common.target, &common.server) {
        (Target::Starling, Some(server)) => server.clone(),
        (Target::Starling, None) => return Ok(None),
        (Target::Floor | Target::Axum | Target::AxumJoined, _) => std::env::current_exe()?,
        (Target::Nats, _) => common.nats.clone(),
    };
    let address = free_address()?;
    let folder = Folder::create()?;
    if let Some(data) = data {
        population::copy(data, &folder.0.join(DATA))?;
    }
    Server::start(common.target, binary, address, folder).await.map(Some)
}

impl Server {
    async fn start(
        target: Target,
        binary: PathBuf,
        address: SocketAddr,
        folder: Folder,
    ) -> Result<Self> {
        let child = spawn(target, &binary, address, &folder.0)?;
        let mut server = Self { address, target, binary, folder, child };
        server.wait_ready().await?;
        Ok(server)
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Where the server under test keeps everything.
    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("starling.db")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.0.join(DATA)
    }

    /// kill -9, with no chance to write anything.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("killing the server")
    }

    /// Starts again on the same port and data.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.child = spawn(self.target, &self.binary, self.address, &self.folder.0)?;
        self.wait_ready().await
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.halt().await
    }

    /// Ends the process as an operator does; `restart` starts it again.
    pub(super) async fn halt(&mut self) -> Result<()> {
        if let Some(pid) =
            self.pid().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw)
        {
            kill_process(pid, Signal::TERM)?;
        }
        if timeout(STOP_TIMEOUT, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        Ok(())
    }

    async fn wait_ready(&mut self) -> Result<()> {
        if self.target.is_bare() {
            return self.read_address().await;
        }
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}: {}", self.binary.display(), self.last_words());
            }
            let answer = http::request(self.address, "GET", "/ready", None, None).await;
            // nats-server answers a plain request on its WebSocket port with a refusal: it is up.
            let is_nats = self.target == Target::Nats;
            if answer.is_ok_and(|answer| answer.status == 200 || is_nats) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{} is not ready: {}", self.binary.display(), self.last_words());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// A server of this harness prints where it listens.
    async fn read_address(&mut self) -> Result<()> {
        let output = self.child.stdout.take().context("no output of the server")?;
        let mut line = String::new();
        let mut output = BufReader::new(output);
        timeout(START_TIMEOUT, output.read_line(&mut line))
            .await
            .context("the server says nothing")??;
        self.address = line.trim().parse().context("the server's address")?;
        Ok(())
    }

    /// The end of what the server wrote, for an error.
    fn last_words(&self) -> String {
        let text = fs::read_to_string(self.folder.0.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(5)..].join(" / ")
    }
}

fn spawn(target: Target, binary: &Path, address: SocketAddr, folder: &Path) -> Result<Child> {
    let log = File::options().create(true).append(true).open(folder.join("server.log"))?;
    let mut command = Command::new(binary);
    command.stdin(Stdio::null()).stderr(log.try_clone()?).stdout(log).kill_on_drop(true);
    match target {
        Target::Starling => {
            command.args(["serve", "--listen", &address.to_string()]);
            command.arg("--data").arg(folder.join(DATA)).envs(SETTINGS);
        }
        Target::Floor | Target::Axum | Target::AxumJoined => {
            let name = if target == Target::Floor { "floor" } else { "axum-baseline" };
            command.args([name, "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
            if target == Target::AxumJoined {
                command.arg("--joins-writes");
            }
        }
        Target::Nats => {
            let path = folder.join("nats.conf");
            fs::write(&path, nats_settings(address)?)?;
            command.arg("-c").arg(path);
        }
    }
    command.spawn().with_context(|| format!("starting {}", binary.display()))
}

/// Everything at its default except the addresses, and without compression, which the others do
/// not do either.
fn nats_settings(address: SocketAddr) -> Result<String> {
    let plain = free_address()?;
    Ok(format!(
        "listen: \"{plain}\"\nmax_connections: 200000\n\
         websocket {{\n  listen: \"{address}\"\n  no_tls: true\n  compression: false\n}}\n"
    ))
}

/// A port that was free a moment ago. The listener is closed again, so another process could take
/// it; then the start fails and says so.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
