//! A cluster of a run's own: Redis, Starling nodes, and the database beside which the run was started
//! by `tests/cassandra.sh`. Every part can be killed, stopped, started again, and nodes drained.
//!
//! ```ignore
//! let mut fleet = Fleet::start(Options::new(&server, 3)).await?;
//! fleet.node(0).kill().await?;
//! fleet.node(0).restart().await?;           // ready again, at the same address
//! fleet.redis().command("FLUSHALL").await?;
//! fleet.until_whole(Duration::from_secs(30)).await?;
//! fleet.stop().await?;                      // or drop it
//! ```
//!
//! Under `tests/cassandra.sh --apart`, each node is in a network namespace, and `fleet.cut` parts them.
//!
//! **Invariant:** nothing of a fleet is left when it is dropped or this process has ended in whatever
//! way; its keyspace goes with the database.

mod network;
mod node;
mod part;
mod redis;
mod scylla;

use std::io::{Write, stderr};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::RngExt;
use tokio::time::{Instant, sleep};

use self::network::Network;
pub(crate) use self::network::Side;
pub(crate) use self::node::Node;
pub(crate) use self::redis::Redis;
pub(crate) use self::scylla::Scylla;
use crate::world::{Folder, SETTINGS};

/// Between two looks at something that another process does.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// The kernel takes ports of outgoing connections from above; a node that is down must find its own
/// port free again.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// A node in a namespace has it for itself.
const PORT_APART: u16 = 8_080;

/// What a fleet is made of.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The server's binary.
    pub(crate) server: PathBuf,
    /// Starling nodes.
    pub(crate) nodes: usize,
    /// Entries in a bucket of the log; 0 as usual.
    pub(crate) bucket_entries: u64,
    /// Further settings of every node, such as `("STARLING_SERVER_DRAIN_MS", "2000")`. The limits that
    /// would measure themselves are off already.
    pub(crate) settings: Vec<(String, String)>,
}

impl Options {
    /// `nodes` nodes of a binary with usual settings.
    pub(crate) fn new(server: &Path, nodes: usize) -> Self {
        Self { server: server.to_owned(), nodes, bucket_entries: 0, settings: Vec::new() }
    }
}

/// A running cluster.
pub(crate) struct Fleet {
    // Dropped in this order: nodes before what they use, the folder last.
    nodes: Vec<Node>,
    redis: Redis,
    scylla: Scylla,
    network: Option<Network>,
    folder: Folder,
}

impl Fleet {
    /// Starts Redis and the nodes on a keyspace of their own, and waits until all know each other.
    pub(crate) async fn start(options: Options) -> Result<Self> {
        let folder = Folder::create()?;
        let mut scylla = Scylla::find()?;
        scylla.revive().await?;
        let is_apart = scylla.hosts().iter().any(|host| !host.is_loopback());
        let network = match is_apart {
            true => Some(Network::open(options.nodes, folder.path()).await?),
            false => None,
        };
        let redis_host = if is_apart { network::REDIS } else { Ipv4Addr::LOCALHOST };
        let redis = Redis::start(free_address(redis_host)?, folder.path()).await?;
        let mut fleet = Self { nodes: Vec::new(), redis, scylla, network, folder };
        let shared = fleet.environment(&options);
        // The first one makes the schema.
        for index in 0..options.nodes {
            let mut node = fleet.describe(index, &options, &shared)?;
            node.restart().await.with_context(|| format!("starting node {index}"))?;
            fleet.nodes.push(node);
        }
        fleet.until_whole(WHOLE_TIMEOUT).await?;
        fleet.tell()?;
        Ok(fleet)
    }

    /// Says where everything is, for whoever wants to look at it.
    fn tell(&self) -> Result<()> {
        let mut out = stderr().lock();
        for node in &self.nodes {
            writeln!(out, "{}  {}  process {:?}", node.name, node.url(), node.pid())?;
        }
        writeln!(out, "redis   {}  process {:?}", self.redis.url(), self.redis.pid())?;
        Ok(())
    }

    /// A node, counted from 0.
    pub(crate) fn node(&mut self, index: usize) -> &mut Node {
        &mut self.nodes[index]
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) fn redis(&mut self) -> &mut Redis {
        &mut self.redis
    }

    /// What nodes and the database said so far, by a name each.
    pub(crate) fn logs(&self) -> Vec<(String, &Path)> {
        let nodes = self.nodes.iter().map(|node| (node.name.clone(), node.log.as_path()));
        let scylla = self.scylla.logs().enumerate();
        nodes.chain(scylla.map(|(index, log)| (format!("scylla-{index}"), log))).collect()
    }

    pub(crate) fn scylla(&mut self) -> &mut Scylla {
        &mut self.scylla
    }

    /// Where clients reach the nodes.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.nodes.iter().map(Node::address).collect()
    }

    /// Whether its nodes can be parted.
    pub(crate) fn is_apart(&self) -> bool {
        self.network.is_some()
    }

    /// Lets nothing through between two sides, in either direction, until `heal`.
    pub(crate) fn cut(&self, one: &Side, other: &Side) -> Result<()> {
        let network = self.network.as_ref().context(
            "nodes that can be parted need network namespaces: tests/cassandra.sh --apart",
        )?;
        network.cut(one, other, &self.scylla.hosts())
    }

    /// Undoes all cuts.
    pub(crate) fn heal(&self) -> Result<()> {
        self.network.as_ref().map_or(Ok(()), Network::heal)
    }

    /// Waits until every node is ready, misses nothing, and knows all others.
    pub(crate) async fn until_whole(&self, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        for node in &self.nodes {
            while !node.is_whole(self.nodes.len()).await {
                ensure!(
                    Instant::now() < deadline,
                    "{} is not whole after {limit:?}: {}",
                    node.name,
                    part::last_words(&node.log)
                );
                sleep(LOOK_EVERY).await;
            }
        }
        Ok(())
    }

    /// Ends the nodes as an operator does, all at once, then Redis.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let ending = self.nodes.iter_mut().filter(|node| node.pid().is_some()).map(Node::drain);
        for ended in futures_util::future::join_all(ending).await {
            ended?;
        }
        self.redis.kill().await
    }

    /// The settings of all nodes.
    fn environment(&self, options: &Options) -> Vec<(String, String)> {
        let random = || format!("{:032x}", rand::random::<u128>());
        let own = [
            ("STARLING_STORAGE_KIND", "scylla".to_owned()),
            ("STARLING_SCYLLA_NODES", self.scylla.contacts()),
            ("STARLING_SCYLLA_KEYSPACE", format!("load_{}", random())),
            ("STARLING_SCYLLA_REPLICATION", self.scylla.count().to_string()),
            ("STARLING_SCYLLA_BUCKET_ENTRIES", options.bucket_entries.to_string()),
            ("STARLING_REDIS_URL", self.redis.url()),
            // Nodes of one machine see one folder.
            ("STARLING_FILES_DIR", self.folder.path().join("uploads").display().to_string()),
            ("STARLING_FILES_SHARED", "true".to_owned()),
            ("STARLING_CLUSTER_SECRET", random()),
            ("STARLING_TOKENS_ACCESS_SECRET", random()),
            ("STARLING_TOKENS_REFRESH_SECRET", random()),
            ("STARLING_VAULT_MASTER_KEY", random()),
        ];
        let common = SETTINGS.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let settings = common.chain(own).map(|(name, value)| (name.to_owned(), value));
        settings.chain(options.settings.iter().cloned()).collect()
    }

    fn describe(
        &self,
        index: usize,
        options: &Options,
        shared: &[(String, String)],
    ) -> Result<Node> {
        let name = format!("node-{index}");
        let address = match &self.network {
            Some(_) => SocketAddr::from((network::address(index), PORT_APART)),
            None => free_address(Ipv4Addr::LOCALHOST)?,
        };
        let mut words = match &self.network {
            Some(network) => network.entry(index)?,
            None => Vec::new(),
        };
        let data = self.folder.path().join(&name);
        words.extend([options.server.display().to_string(), "serve".to_owned()]);
        words.extend(["--listen".to_owned(), address.to_string()]);
        words.extend(["--data".to_owned(), data.display().to_string()]);
        let peers = SocketAddr::new(address.ip(), 0).to_string();
        let mut environment = shared.to_vec();
        environment.push(("STARLING_CLUSTER_NODE".to_owned(), name.clone()));
        environment.push(("STARLING_CLUSTER_LISTEN".to_owned(), peers));
        let log = self.folder.path().join(format!("{name}.log"));
        Ok(Node { address, name, words, environment, log, part: None })
    }
}

/// Everybody heartbeats each second.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);

/// A port that is free at this moment.
fn free_address(host: Ipv4Addr) -> Result<SocketAddr> {
    for _ in 0..100 {
        let address = SocketAddr::new(IpAddr::V4(host), rand::rng().random_range(PORTS));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    anyhow::bail!("no free port at {host}")
}
