//! How often something may happen, counted over all nodes.

use std::time::Duration;

use async_trait::async_trait;

/// So often something may happen in a time that begins with the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLimit {
    /// What is counted, and whose.
    pub key: String,
    /// How often; never 0.
    pub max: u32,
    /// In how long.
    pub window: Duration,
}

/// Nothing is known of other nodes now; what this one counts by itself has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("limits over all nodes are unavailable")]
pub struct LimitsUnavailable;

/// Counts over all nodes.
///
/// Contract:
/// - Of many that are taken at once on any nodes, no more than `max` are let through in a window.
/// - It answers within a fraction of a second or says that it is unavailable.
/// - What is counted is forgotten with its window.
#[async_trait]
pub trait SharedLimits: Send + Sync + 'static {
    /// Counts one on every limit if all have room. Else counts nothing, and gives how long it takes
    /// until the first that has none has some.
    async fn take(&self, limits: &[SharedLimit]) -> Result<Option<Duration>, LimitsUnavailable>;

    /// Takes one back that was counted.
    async fn give_back(&self, keys: &[String]) -> Result<(), LimitsUnavailable>;

    /// Forgets what was counted.
    async fn forget(&self, key: &str) -> Result<(), LimitsUnavailable>;
}
