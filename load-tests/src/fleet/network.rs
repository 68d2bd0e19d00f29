//! Nodes in network namespaces, so that what connects two of them can be cut.
//!
//! Everything runs inside a namespace of the run's own, which `tests/cassandra.sh --apart` makes. There
//! are the database, Redis and the clients, each at addresses of their own, and the routes between the
//! nodes, each of which is in a further namespace behind a pair of virtual cables. A cut is a rule by
//! which packets between two addresses vanish on their way, in both directions and without a word to
//! anyone, while clients still reach every node.
//!
//! **Invariant:** a node's namespace lives as long as the process that holds it, a child of this one; the
//! cables go with it.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};

use super::LOOK_EVERY;
use super::part::Part;

const READY_TIMEOUT: Duration = Duration::from_secs(5);
/// Where Redis is in such a run; the database has the addresses below.
pub(super) const REDIS: Ipv4Addr = Ipv4Addr::new(10, 99, 0, 20);
/// The third number of the first node's network.
const FIRST_NETWORK: u8 = 10;
/// The local table is asked first by default; rules of cuts must come before it.
const LOCAL_PRIORITY: &str = "1000";
const CUT_PRIORITY: &str = "10";

/// The namespaces of all nodes.
pub(crate) struct Network {
    holders: Vec<Part>,
    cables: Vec<String>,
}

/// A side of a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A Starling node.
    Node(usize),
    Redis,
    /// Every node of the database.
    Scylla,
}

impl Network {
    /// Makes a namespace for each node.
    pub(super) async fn open(nodes: usize, folder: &Path) -> Result<Self> {
        std::fs::write("/proc/sys/net/ipv4/ip_forward", "1").context("passing packets on")?;
        if rules()?.starts_with("0:") {
            ip(&["rule", "add", "pref", LOCAL_PRIORITY, "lookup", "local"])?;
            ip(&["rule", "del", "pref", "0"])?;
        }
        // A fleet before this one has left it.
        let redis = format!("{REDIS}/32");
        ip(&["address", "replace", &redis, "dev", "lo"])?;
        let mut network = Self { holders: Vec::new(), cables: Vec::new() };
        for index in 0..nodes {
            network.add(index, folder).await?;
        }
        Ok(network)
    }

    async fn add(&mut self, index: usize, folder: &Path) -> Result<()> {
        let words = ["unshare", "--net", "sleep", "infinity"].map(str::to_owned);
        let holder = Part::start(&words, &[], &folder.join("network.log"))?;
        let pid = holder.pid().context("the namespace's holder has ended")?;
        self.holders.push(holder);
        let own = namespace_of("self")?;
        let deadline = Instant::now() + READY_TIMEOUT;
        while namespace_of(&pid.to_string())? == own {
            ensure!(Instant::now() < deadline, "no namespace for node {index}");
            sleep(LOOK_EVERY).await;
        }
        let mark = rand::random::<u16>();
        let (outside, inside) = (format!("st{mark:04x}o{index}"), format!("st{mark:04x}i{index}"));
        let gate = format!("{}", gate(index));
        let (near, far) = (format!("{gate}/24"), format!("{}/24", address(index)));
        ip(&["link", "add", &outside, "type", "veth", "peer", "name", &inside])?;
        self.cables.push(outside.clone());
        ip(&["link", "set", &inside, "netns", &pid.to_string()])?;
        ip(&["address", "add", &near, "dev", &outside])?;
        ip(&["link", "set", &outside, "up"])?;
        let within = |words: &[&str]| {
            let entered = enter(pid);
            let all: Vec<&str> = entered.iter().map(String::as_str).chain(["ip"]).collect();
            run(&[&all, words].concat()).map(|_| ())
        };
        within(&["link", "set", "lo", "up"])?;
        within(&["address", "add", &far, "dev", &inside])?;
        within(&["link", "set", &inside, "up"])?;
        within(&["route", "add", "default", "via", &gate])
    }

    /// What a node's command begins with.
    pub(super) fn entry(&self, index: usize) -> Result<Vec<String>> {
        Ok(enter(self.holders[index].pid().context("the namespace's holder has ended")?))
    }

    /// Cuts two sides off from each other, until `heal`.
    pub(crate) fn cut(&self, one: &Side, other: &Side, scylla: &[IpAddr]) -> Result<()> {
        for here in addresses(one, scylla) {
            for there in addresses(other, scylla) {
                for (from, to) in [(&here, &there), (&there, &here)] {
                    ip(&[
                        "rule",
                        "add",
                        "pref",
                        CUT_PRIORITY,
                        "from",
                        from,
                        "to",
                        to,
                        "blackhole",
                    ])?;
                }
            }
        }
        Ok(())
    }

    /// Undoes all cuts.
    pub(crate) fn heal(&self) -> Result<()> {
        let mark = format!("{CUT_PRIORITY}:");
        for _ in rules()?.lines().filter(|line| line.starts_with(&mark)) {
            ip(&["rule", "del", "pref", CUT_PRIORITY])?;
        }
        Ok(())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // The next fleet uses the same addresses.
        let healed = self.heal().is_ok();
        let cables = self.cables.iter().filter(|cable| ip(&["link", "del", cable]).is_err());
        if cables.count() > 0 || !healed {
            // What is left goes with the run's own namespace.
        }
    }
}

/// The address of a node.
pub(super) fn address(index: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 99, third(index), 2)
}

/// The other end of its cable.
fn gate(index: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 99, third(index), 1)
}

fn third(index: usize) -> u8 {
    FIRST_NETWORK.saturating_add(u8::try_from(index).unwrap_or(u8::MAX))
}

fn addresses(side: &Side, scylla: &[IpAddr]) -> Vec<String> {
    match side {
        Side::Node(index) => vec![address(*index).to_string()],
        Side::Redis => vec![REDIS.to_string()],
        Side::Scylla => scylla.iter().map(ToString::to_string).collect(),
    }
}

fn enter(pid: u32) -> Vec<String> {
    vec!["nsenter".to_owned(), format!("--net=/proc/{pid}/ns/net"), "--".to_owned()]
}

/// The network namespace of a process, by the name that the kernel gives it.
fn namespace_of(process: &str) -> Result<std::path::PathBuf> {
    let path = format!("/proc/{process}/ns/net");
    std::fs::read_link(&path).with_context(|| format!("reading {path}"))
}

fn rules() -> Result<String> {
    run(&["ip", "rule", "list"])
}

fn ip(words: &[&str]) -> Result<()> {
    run(&[&["ip"], words].concat()).map(|_| ())
}

/// Runs a command of a few milliseconds.
fn run(words: &[&str]) -> Result<String> {
    let output = Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("starting {}", words[0]))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}", words.join(" "), said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
