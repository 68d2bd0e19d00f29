//! Settings of a cluster: where it keeps everything, what its nodes tell each other by, and this node.
//!
//! **Invariant:** settings that pass [`check`] name everything that a node of a cluster needs, and a
//! server on one machine is never taken for one.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Settings};

/// Fewest characters of the cluster's secret: who guesses it writes into every channel as anyone.
const SECRET_CHARS_MIN: usize = 32;

/// Sizes that a bucket may have. Each bucket's first append costs a claim, and a partition of the
/// database that is read as a whole should stay below 100 MB.
const BUCKET_ENTRIES: RangeInclusive<u64> = 8..=100_000;

/// Where everything is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// Which store.
    pub kind: StorageKind,
}

/// A store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    /// One machine: a file in the data folder.
    #[default]
    Sqlite,
    /// A cluster: ScyllaDB, or Apache Cassandra.
    Scylla,
}

/// The folder from which files may be connected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Import {
    /// Empty: none.
    pub dir: PathBuf,
}

/// The database of a cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scylla {
    /// `host:port` of some of its nodes; the others are found through them.
    pub nodes: Vec<String>,
    /// Where in it. Also tells clusters apart that share a Redis.
    pub keyspace: String,
    /// Copies of every row, when the keyspace is made. 0: 3 where a data centre is set, else 1.
    pub replication: u32,
    /// Entries in a bucket of a log, when the keyspace is made. 0: as the keyspace has, or 50,000.
    pub bucket_entries: u64,
    /// The data centre of this node, which is asked; empty: there is one.
    pub datacenter: String,
    /// Empty: the database asks for no password.
    pub user: String,
    /// Belongs to `user`.
    pub password: String,
    /// Whether to speak TLS.
    pub tls: bool,
    /// Further authorities in PEM, beside those of this machine.
    pub tls_authority: String,
}

impl Default for Scylla {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            keyspace: "starling".to_owned(),
            replication: 0,
            bucket_entries: 0,
            datacenter: String::new(),
            user: String::new(),
            password: String::new(),
            tls: false,
            tls_authority: String::new(),
        }
    }
}

/// What carries events between nodes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redis {
    /// Its address; it may hold a password.
    pub url: String,
    /// Servers over which events are spread by their topic, the same on all nodes in the same order.
    /// Empty: the one at `url` carries them too.
    pub bus_urls: Vec<String>,
    /// Authorities in PEM for `rediss://`, in place of those of this machine.
    pub tls_authority: String,
}

/// This node among others.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// Its name for people; empty: its address.
    pub node: String,
    /// Where it listens for other nodes, as `host:port`.
    pub listen: String,
    /// Where other nodes reach it, as `host:port`; empty: at `listen`.
    pub advertise: String,
    /// What nodes prove to each other that they know.
    pub secret: String,
}

impl Settings {
    /// Whether this is a node of a cluster.
    pub fn is_cluster(&self) -> bool {
        self.storage.kind == StorageKind::Scylla
    }
}

/// Refuses what would be half a cluster; tells what has no effect.
pub(super) fn check(settings: &Settings) -> Result<Vec<String>, ConfigError> {
    if settings.is_cluster() {
        return check_node(settings).map(|()| Vec::new());
    }
    let Settings { scylla, redis, cluster, .. } = settings;
    if !cluster.listen.is_empty() {
        return Err(wrong(
            "cluster.listen",
            "nodes of a cluster share their store: storage.kind = \"scylla\" is needed with it",
        ));
    }
    let set = [
        ("scylla.nodes", !scylla.nodes.is_empty()),
        ("redis.url", !redis.url.is_empty()),
        ("redis.bus_urls", !redis.bus_urls.is_empty()),
        ("cluster.node", !cluster.node.is_empty()),
        ("cluster.advertise", !cluster.advertise.is_empty()),
        ("cluster.secret", !cluster.secret.is_empty()),
    ];
    let set = set.into_iter().filter(|(_, is_set)| *is_set);
    let told = |key| format!("{key} is set, but has no use without storage.kind = \"scylla\"");
    Ok(set.map(|(key, _)| told(key)).collect())
}

fn check_node(settings: &Settings) -> Result<(), ConfigError> {
    let Settings { scylla, redis, cluster, .. } = settings;
    let needed = [
        ("scylla.nodes", scylla.nodes.is_empty()),
        ("scylla.keyspace", scylla.keyspace.is_empty()),
        ("redis.url", redis.url.is_empty()),
        ("cluster.listen", cluster.listen.is_empty()),
        ("cluster.secret", cluster.secret.is_empty()),
    ];
    let missing: Vec<&str> =
        needed.into_iter().filter(|(_, is_missing)| *is_missing).map(|(key, _)| key).collect();
    if !missing.is_empty() {
        let words = "\"scylla\" makes this a node of a cluster, which also needs";
        return Err(wrong("storage.kind", &format!("{words} {}", missing.join(", "))));
    }
    if cluster.secret.chars().count() < SECRET_CHARS_MIN {
        let words = format!("must have at least {SECRET_CHARS_MIN} characters");
        return Err(wrong("cluster.secret", &words));
    }
    for (key, address) in
        [("cluster.listen", &cluster.listen), ("cluster.advertise", &cluster.advertise)]
    {
        if !address.is_empty() && !is_address(address) {
            return Err(wrong(key, &format!("\"{address}\" is not host:port")));
        }
    }
    if scylla.bucket_entries != 0 && !BUCKET_ENTRIES.contains(&scylla.bucket_entries) {
        let (least, most) = (BUCKET_ENTRIES.start(), BUCKET_ENTRIES.end());
        return Err(wrong("scylla.bucket_entries", &format!("must be 0 or {least} to {most}")));
    }
    let is_everywhere = ["0.0.0.0:", "[::]:"].iter().any(|all| cluster.listen.starts_with(all));
    if is_everywhere && cluster.advertise.is_empty() {
        return Err(wrong(
            "cluster.advertise",
            "is needed when cluster.listen is every address: others must be told one",
        ));
    }
    if !scylla.tls && !scylla.tls_authority.is_empty() {
        return Err(wrong("scylla.tls_authority", "has no use without scylla.tls"));
    }
    let mut urls = redis.bus_urls.iter().chain([&redis.url]);
    if !redis.tls_authority.is_empty() && !urls.any(|url| url.starts_with("rediss://")) {
        return Err(wrong("redis.tls_authority", "has no use without an address of rediss://"));
    }
    Ok(())
}

fn is_address(text: &str) -> bool {
    text.rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

fn wrong(key: &str, message: &str) -> ConfigError {
    ConfigError::Value { source_name: key.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> Settings {
        let mut settings = Settings::default();
        settings.storage.kind = StorageKind::Scylla;
        settings.scylla.nodes = vec!["127.0.0.1:9042".to_owned()];
        settings.redis.url = "redis://127.0.0.1".to_owned();
        settings.cluster.listen = "127.0.0.1:7400".to_owned();
        settings.cluster.secret = "s".repeat(32);
        settings
    }

    fn refused(settings: &Settings) -> String {
        check(settings).expect_err("is refused").to_string()
    }

    #[test]
    fn half_a_cluster_is_refused_with_what_is_missing() {
        assert!(check(&node()).unwrap().is_empty());
        let mut half = Settings::default();
        half.storage.kind = StorageKind::Scylla;
        half.cluster.secret = "s".repeat(32);
        let said = refused(&half);
        assert!(said.ends_with("also needs scylla.nodes, redis.url, cluster.listen"), "{said}");
    }

    #[test]
    fn a_node_must_be_reached_by_others_and_know_a_real_secret() {
        let mut short = node();
        short.cluster.secret = "short".to_owned();
        assert!(refused(&short).starts_with("cluster.secret: must have at least 32"));
        let mut everywhere = node();
        everywhere.cluster.listen = "0.0.0.0:7400".to_owned();
        assert!(refused(&everywhere).starts_with("cluster.advertise: is needed"));
        everywhere.cluster.advertise = "node-1:7400".to_owned();
        assert!(check(&everywhere).is_ok());
        everywhere.cluster.advertise = "node-1".to_owned();
        assert!(refused(&everywhere).contains("is not host:port"));
    }

    #[test]
    fn a_bucket_is_neither_tiny_nor_more_than_a_partition_should_hold() {
        for (entries, is_taken) in [(0, true), (7, false), (8, true), (100_001, false)] {
            let mut sized = node();
            sized.scylla.bucket_entries = entries;
            assert_eq!(check(&sized).is_ok(), is_taken, "{entries}");
        }
    }

    #[test]
    fn authorities_are_refused_where_nobody_speaks_tls() {
        let authority = "-----BEGIN CERTIFICATE-----".to_owned();
        let mut node = node();
        node.redis.tls_authority.clone_from(&authority);
        assert!(refused(&node).starts_with("redis.tls_authority: has no use"));
        node.redis.url = "rediss://127.0.0.1".to_owned();
        assert!(check(&node).is_ok());
        node.scylla.tls_authority = authority;
        assert!(refused(&node).starts_with("scylla.tls_authority: has no use"));
        node.scylla.tls = true;
        assert!(check(&node).is_ok());
    }

    #[test]
    fn one_machine_is_told_what_it_has_no_use_for_and_joins_no_cluster() {
        let mut alone = Settings::default();
        alone.redis.url = "redis://127.0.0.1".to_owned();
        alone.cluster.node = "a".to_owned();
        assert_eq!(check(&alone).unwrap().len(), 2);
        alone.cluster.listen = "127.0.0.1:7400".to_owned();
        assert!(refused(&alone).contains("storage.kind = \"scylla\" is needed"));
    }
}
