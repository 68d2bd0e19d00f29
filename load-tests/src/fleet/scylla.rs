//! The database beside which a fleet runs: nodes of Cassandra that `tests/cassandra.sh` started, and
//! that can be killed, stopped and started again here.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::LOOK_EVERY;
use super::part::{Part, last_words, send};

/// A node replays its commit log first, on a machine that may be busy with everything else.
const START_TIMEOUT: Duration = Duration::from_secs(240);
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// All nodes of the database.
pub(crate) struct Scylla {
    nodes: Vec<ScyllaNode>,
}

/// One node.
struct ScyllaNode {
    address: SocketAddr,
    /// An executable that becomes this node.
    restart: String,
    /// Beside the executable: where the node says what it does, in all of its lives.
    log: PathBuf,
    life: Life,
}

/// Whose child the node's process is.
enum Life {
    /// The script's.
    Found(u32),
    /// This run's.
    Restarted(Part),
    Ended,
}

impl Scylla {
    /// What the script said.
    pub(super) fn find() -> Result<Self> {
        let addresses = said("STARLING_TEST_SCYLLA")?;
        let processes = said("STARLING_TEST_SCYLLA_PROCESSES")?;
        let restarts = said("STARLING_TEST_SCYLLA_RESTART")?;
        ensure!(addresses.len() == processes.len() && addresses.len() == restarts.len());
        let mut nodes = Vec::new();
        for ((address, process), restart) in addresses.iter().zip(processes).zip(restarts) {
            nodes.push(ScyllaNode {
                address: address.parse().with_context(|| format!("the address {address}"))?,
                log: PathBuf::from(&restart).with_file_name("log"),
                restart,
                life: Life::Found(process.parse()?),
            });
        }
        Ok(Self { nodes })
    }

    /// Starts those again that a run before this one had started, and that went with it.
    pub(super) async fn revive(&mut self) -> Result<()> {
        for index in 0..self.nodes.len() {
            let is_the_scripts = self.pid(index).is_some_and(is_alive);
            let address = self.nodes[index].address;
            if is_the_scripts && TcpStream::connect(address).await.is_ok() {
                continue;
            }
            // What still listens there is on its way out.
            let deadline = Instant::now() + END_TIMEOUT;
            while TcpStream::connect(address).await.is_ok() {
                ensure!(Instant::now() < deadline, "{address} belongs to another process");
                sleep(LOOK_EVERY).await;
            }
            self.nodes[index].life = Life::Ended;
            self.restart(index).await?;
        }
        Ok(())
    }

    /// What each node said.
    pub(crate) fn logs(&self) -> impl Iterator<Item = &Path> {
        self.nodes.iter().map(|node| node.log.as_path())
    }

    /// How many nodes there are.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Where they are, as Starling's settings say it.
    pub(crate) fn contacts(&self) -> String {
        let each = self.nodes.iter().map(|node| node.address.to_string());
        each.collect::<Vec<_>>().join(",")
    }

    /// Their addresses.
    pub(super) fn hosts(&self) -> Vec<IpAddr> {
        self.nodes.iter().map(|node| node.address.ip()).collect()
    }

    pub(crate) fn pid(&self, index: usize) -> Option<u32> {
        match &self.nodes[index].life {
            Life::Found(pid) => Some(*pid),
            Life::Restarted(part) => part.pid(),
            Life::Ended => None,
        }
    }

    /// kill -9 of one node.
    pub(crate) async fn kill(&mut self, index: usize) -> Result<()> {
        match std::mem::replace(&mut self.nodes[index].life, Life::Ended) {
            Life::Found(pid) => {
                send(pid, Signal::KILL)?;
                let deadline = Instant::now() + END_TIMEOUT;
                while is_alive(pid) {
                    ensure!(Instant::now() < deadline, "the database is still there");
                    sleep(LOOK_EVERY).await;
                }
                Ok(())
            }
            Life::Restarted(mut part) => part.kill().await,
            Life::Ended => Ok(()),
        }
    }

    /// SIGSTOP: it keeps its connections and answers nothing, like a disk that hangs.
    pub(crate) fn pause(&self, index: usize) -> Result<()> {
        send(self.pid(index).context("this node of the database is down")?, Signal::STOP)
    }

    /// SIGCONT.
    pub(crate) fn resume(&self, index: usize) -> Result<()> {
        send(self.pid(index).context("this node of the database is down")?, Signal::CONT)
    }

    /// Starts a killed node again on its data, and waits until it can be connected to.
    pub(crate) async fn restart(&mut self, index: usize) -> Result<()> {
        self.kill(index).await?;
        let node = &mut self.nodes[index];
        let mut part = Part::start(std::slice::from_ref(&node.restart), &[], &node.log)?;
        let deadline = Instant::now() + START_TIMEOUT;
        while TcpStream::connect(node.address).await.is_err() {
            if let Some(status) = part.ended()? {
                bail!("the database ended with {status}: {}", last_words(&node.log));
            }
            ensure!(
                Instant::now() < deadline,
                "the database does not start: {}",
                last_words(&node.log)
            );
            sleep(LOOK_EVERY).await;
        }
        node.life = Life::Restarted(part);
        Ok(())
    }
}

/// A list that the script gives.
#[expect(clippy::disallowed_methods, reason = "said by the script that started the database")]
fn said(variable: &str) -> Result<Vec<String>> {
    let list = std::env::var(variable).map_err(|_| {
        anyhow::anyhow!("{variable} is not set: run this by tests/cassandra.sh COMMAND…")
    })?;
    Ok(list.split(',').map(str::to_owned).collect())
}

/// Whether a process that is not our child still runs; its parent may not have looked at it yet.
fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // proc_pid_stat(5): the state follows the name, which is in brackets.
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}
