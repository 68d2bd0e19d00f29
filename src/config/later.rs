//! Settings whose part of the product is not in this version: they are understood, so that one
//! file serves many versions, and said to be without effect; what would matter is refused.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Settings};

/// Where messages are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// Only `sqlite` in this version.
    pub kind: String,
}

impl Default for Storage {
    fn default() -> Self {
        Self { kind: "sqlite".to_owned() }
    }
}

/// The folder from which files may be connected.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Import {
    /// Empty: none.
    pub dir: PathBuf,
}

/// The database of a cluster.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scylla {
    /// Addresses.
    pub nodes: Vec<String>,
    /// Where in it.
    pub keyspace: String,
}

/// What carries messages between nodes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redis {
    /// Its address.
    pub url: String,
}

/// This node among others.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// Its name.
    pub node: String,
    /// Where other nodes reach it.
    pub listen: String,
    /// What nodes show each other.
    pub secret: String,
}

/// Refuses what this version would do otherwise than it says; tells what has no effect.
pub(super) fn check(settings: &Settings) -> Result<Vec<String>, ConfigError> {
    if settings.storage.kind != "sqlite" {
        return Err(ConfigError::Value {
            source_name: "storage.kind".to_owned(),
            message: format!(
                "\"{}\" is no store of this version, which runs on one machine with sqlite",
                settings.storage.kind
            ),
        });
    }
    let set = [
        ("scylla.nodes", !settings.scylla.nodes.is_empty()),
        ("scylla.keyspace", !settings.scylla.keyspace.is_empty()),
        ("redis.url", !settings.redis.url.is_empty()),
        ("cluster.node", !settings.cluster.node.is_empty()),
        ("cluster.listen", !settings.cluster.listen.is_empty()),
        ("cluster.secret", !settings.cluster.secret.is_empty()),
    ];
    let set = set.into_iter().filter(|(_, is_set)| *is_set);
    Ok(set
        .map(|(key, _)| format!("{key} is set, but this version has no use for it yet"))
        .collect())
}
