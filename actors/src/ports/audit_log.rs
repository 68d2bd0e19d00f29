//! What was done with customers' data, in order, for ever: the rows under the audit trail.

use async_trait::async_trait;

use crate::domain::{OrgId, Timestamp};

/// Rows of what happened, numbered from 1 in each organization. What a row says and how it is
/// chained to the one before is its owner's format; this port keeps order and finds rows again.
///
/// Contract:
/// - `append` stores a row only right after the newest one, and no row is ever changed.
/// - Of two appends to one place one is stored.
/// - `newest` is the row with the highest place.
/// - `page` counts every row of the organization that matches, and gives a part of them, the newest
///   first.
/// - `after` gives rows in the order of their places.
/// - Rows of another organization are not found.
/// - `organizations` names each organization that has rows.
#[async_trait]
pub trait AuditLog: Send + Sync + 'static {
    /// Adds the row that follows the newest one.
    async fn append(&self, row: AuditRow) -> Result<(), AuditLogError>;

    /// The row that was added last.
    async fn newest(&self, org: OrgId) -> Result<Option<AuditRow>, AuditLogError>;

    /// How many rows match, and at most `limit` of them behind the `offset` newest ones.
    async fn page(
        &self,
        org: OrgId,
        filter: &AuditFilter,
        offset: u64,
        limit: usize,
    ) -> Result<(u64, Vec<AuditRow>), AuditLogError>;

    /// At most `limit` rows with places above `place`.
    async fn after(
        &self,
        org: OrgId,
        place: u64,
        limit: usize,
    ) -> Result<Vec<AuditRow>, AuditLogError>;

    /// Who has rows.
    async fn organizations(&self) -> Result<Vec<OrgId>, AuditLogError>;
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// The tenant.
    pub org: OrgId,
    /// Its number within the organization, from 1 without holes.
    pub place: u64,
    /// What was done: `query.run` …
    pub action: String,
    /// To what kind of thing.
    pub resource_type: String,
    /// When.
    pub at: Timestamp,
    /// Its owner's format.
    pub body: Vec<u8>,
    /// Over the hash of the row before and `body`.
    pub hash: [u8; 32],
}

/// Which rows are wanted; `None` is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// This action only.
    pub action: Option<String>,
    /// This kind of thing only.
    pub resource_type: Option<String>,
}

impl AuditFilter {
    /// Whether a row is wanted.
    pub fn admits(&self, row: &AuditRow) -> bool {
        self.action.as_ref().is_none_or(|action| *action == row.action)
            && self.resource_type.as_ref().is_none_or(|kind| *kind == row.resource_type)
    }
}

/// Why the rows did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditLogError {
    /// The place is taken, or is not the next one; read the newest again.
    #[error("another row was added meanwhile")]
    Conflict,
    /// The store cannot do it now; nothing was changed; asking again may help.
    #[error("the audit log is unavailable")]
    Unavailable,
}
