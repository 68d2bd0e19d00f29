//! The Redis of a fleet.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::LOOK_EVERY;
use super::part::{Part, last_words};

const START_TIMEOUT: Duration = Duration::from_secs(20);
/// Far more than one command on an idle Redis takes.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(5);

/// `redis-server`, with nothing kept on the disk: what it knew is gone with its process.
pub(crate) struct Redis {
    address: SocketAddr,
    words: Vec<String>,
    log: PathBuf,
    part: Option<Part>,
}

impl Redis {
    pub(super) async fn start(address: SocketAddr, folder: &std::path::Path) -> Result<Self> {
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        let place = folder.display().to_string();
        let words = ["redis-server", "--bind", &host, "--port", &port, "--protected-mode", "no"];
        let stored = ["--save", "", "--appendonly", "no", "--dir", &place];
        let words = words.into_iter().chain(stored).map(str::to_owned).collect();
        let mut redis = Self { address, words, log: folder.join("redis.log"), part: None };
        redis.restart().await?;
        Ok(redis)
    }

    /// Its address, as nodes are told it.
    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        self.part.as_ref().and_then(Part::pid)
    }

    /// kill -9.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        match self.part.take() {
            Some(mut part) => part.kill().await,
            None => Ok(()),
        }
    }

    /// SIGSTOP: it takes connections and answers nothing.
    pub(crate) fn pause(&self) -> Result<()> {
        self.part.as_ref().context("Redis is down")?.signal(Signal::STOP)
    }

    /// SIGCONT.
    pub(crate) fn resume(&self) -> Result<()> {
        self.part.as_ref().context("Redis is down")?.signal(Signal::CONT)
    }

    /// Starts it, empty, at the same address.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.kill().await?;
        let part = self.part.insert(Part::start(&self.words, &[], &self.log)?);
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            if let Some(status) = part.ended()? {
                anyhow::bail!("Redis ended with {status}: {}", last_words(&self.log));
            }
            if command(self.address, "PING").await.is_ok_and(|answer| answer == "PONG") {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "Redis does not answer: {}", last_words(&self.log));
            sleep(LOOK_EVERY).await;
        }
    }

    /// The answer to a command of plain words, such as `FLUSHALL` or `INFO commandstats`.
    pub(crate) async fn command(&self, words: &str) -> Result<String> {
        command(self.address, words).await
    }
}

async fn command(address: SocketAddr, words: &str) -> Result<String> {
    let asked = async {
        let mut stream = BufReader::new(TcpStream::connect(address).await?);
        stream.write_all(format!("{words}\r\n").as_bytes()).await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        // RESP: a sentence, an error, or the number of bytes that follow.
        let line = line.trim_end();
        if let Some(length) = line.strip_prefix('$') {
            let mut bytes = vec![0; length.parse()?];
            stream.read_exact(&mut bytes).await?;
            return Ok(String::from_utf8(bytes)?);
        }
        let sentence = line.strip_prefix('+').or_else(|| line.strip_prefix(':'));
        Ok(sentence.with_context(|| format!("Redis says {line}"))?.to_owned())
    };
    timeout(COMMAND_TIMEOUT, asked).await.context("Redis does not answer")?
}
