//! One Starling node of a fleet, on the same address in all of its lives.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use rustix::process::Signal;
use tokio::time::{Instant, sleep, timeout};

use super::LOOK_EVERY;
use super::part::{Part, last_words};
use crate::wire::http;

/// A node asks the database several times before it is ready, and a stalled one answers late.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// A probe that takes longer is asked again.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// A node; `Fleet::node` gives it.
pub(crate) struct Node {
    pub(super) address: SocketAddr,
    pub(super) name: String,
    /// What starts it.
    pub(super) words: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) log: PathBuf,
    pub(super) part: Option<Part>,
}

impl Node {
    /// Where clients reach it; stays the same over restarts.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its process; none while it is down.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.part.as_ref().and_then(Part::pid)
    }

    /// Whether its process is there, also when it is stopped.
    pub(crate) fn is_running(&mut self) -> Result<bool> {
        match &mut self.part {
            Some(part) => Ok(part.ended()?.is_none()),
            None => Ok(false),
        }
    }

    /// kill -9.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        match self.part.take() {
            Some(mut part) => part.kill().await,
            None => Ok(()),
        }
    }

    /// SIGSTOP: the process stands still and keeps its connections.
    pub(crate) fn pause(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// SIGCONT.
    pub(crate) fn resume(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    /// SIGTERM, and waits for its end; the time that took.
    pub(crate) async fn drain(&mut self) -> Result<Duration> {
        let Some(mut part) = self.part.take() else { bail!("{} is down", self.name) };
        let begin = Instant::now();
        let status = part.terminate().await?;
        ensure!(status.success(), "{} ended with {status}: {}", self.name, last_words(&self.log));
        Ok(begin.elapsed())
    }

    /// Starts it again, or for the first time, and waits until it is ready.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.kill().await?;
        self.part = Some(Part::start(&self.words, &self.environment, &self.log)?);
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.is_ready().await {
            let ended = match &mut self.part {
                Some(part) => part.ended()?,
                None => None,
            };
            if let Some(status) = ended {
                bail!("{} ended with {status}: {}", self.name, last_words(&self.log));
            }
            if Instant::now() > deadline {
                bail!("{} is not ready: {}", self.name, last_words(&self.log));
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Whether it takes requests, also while something that it can do without is away.
    pub(crate) async fn is_ready(&self) -> bool {
        self.get("/ready").await.is_some_and(|answer| answer.status == 200)
    }

    /// Whether it has everything, and knows `nodes` nodes.
    pub(super) async fn is_whole(&self, nodes: usize) -> bool {
        let ready = self.get("/ready").await;
        let is_ready = ready.is_some_and(|answer| answer.body["status"] == "ready");
        is_ready && self.metric("starling_cluster_members").await == Some(nodes as f64)
    }

    /// The value of a metric, over all its labels; none when the node does not tell.
    pub(crate) async fn metric(&self, name: &str) -> Option<f64> {
        let page = self.get("/metrics").await?;
        let values = page.body.as_str()?.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let is_it = rest.starts_with([' ', '{']);
            let (_, value) = rest.rsplit_once(' ')?;
            is_it.then(|| value.parse::<f64>().ok()).flatten()
        });
        values.reduce(|one, other| one + other)
    }

    async fn get(&self, path: &str) -> Option<http::Answer> {
        let asking = http::request(self.address, "GET", path, None, None);
        timeout(PROBE_TIMEOUT, asking).await.ok()?.ok()
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        match &self.part {
            Some(part) => part.signal(signal),
            None => bail!("{} is down", self.name),
        }
    }
}
