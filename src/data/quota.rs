//! How many connections an organization may have: counted where organizations are kept.

use async_trait::async_trait;
use starling_actors::domain::OrgId;

/// Counts the connections of organizations.
///
/// Contract: `take` counts one more, unless that is more than the organization may have; `settle`
/// says how many there really are.
#[async_trait]
pub trait Quota: Send + Sync + 'static {
    /// One more.
    async fn take(&self, org: OrgId) -> Result<(), QuotaError>;

    /// So many there are: after one was deleted, and when a crash left a count too high.
    async fn settle(&self, org: OrgId, used: u32) -> Result<(), QuotaError>;
}

/// Why one more was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuotaError {
    /// The organization has as many as it may have.
    #[error("the organization has as many connections as it may have")]
    Full,
    /// Organizations cannot be read or written right now.
    #[error("organizations are unavailable")]
    Unavailable,
}
