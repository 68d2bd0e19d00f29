//! Small things with a version: organizations, users, sign-ins, invitations, tokens, settings.
//!
//! The body is the owner's format; the port only keeps it, versioned, with unique keys beside it.

use async_trait::async_trait;

use crate::domain::OrgId;

/// Versioned records and unique keys.
///
/// Contract:
/// - `put` stores only when the precondition holds, and then gives the new version.
/// - `claim` gives a key to one owner; claiming one's own key again succeeds. It names the record
///   that the key is for, which is there or comes soon: when that never comes, because a process ended
///   in between, the store may give the key to the next one who asks, and then never takes that record.
/// - `release` frees a key only for its owner.
/// - `list` gives the records of a parent in the order of their ids.
/// - `get_all` gives what `get` would give for each key, in their order.
/// - A record of another organization is not found.
#[async_trait]
pub trait Records: Send + Sync + 'static {
    /// One record.
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, RecordsError>;

    /// Many records at once: one question to the store instead of one each.
    async fn get_all(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, RecordsError>;

    /// At most `limit` records of `(org, kind, parent)` with ids above `after`.
    async fn list(
        &self,
        org: OrgId,
        kind: &str,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, RecordsError>;

    /// Stores `body` if the precondition holds; gives the version it now has.
    async fn put(
        &self,
        key: &RecordKey,
        body: Vec<u8>,
        precondition: Precondition,
    ) -> Result<u64, RecordsError>;

    /// Removes a record; `false` when there was none.
    async fn delete(&self, key: &RecordKey) -> Result<bool, RecordsError>;

    /// Takes a unique key for `owner`, who has or is about to store `record`; `Conflict` when someone
    /// else has it.
    async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        record: &RecordKey,
    ) -> Result<(), RecordsError>;

    /// Who has a unique key.
    async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, RecordsError>;

    /// Frees a key if `owner` has it.
    async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), RecordsError>;
}

/// Where a record is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The tenant; [`OrgId::from_u128`]`(0)` for what belongs to the whole server.
    pub org: OrgId,
    /// What it is: `user`, `invitation` …
    pub kind: String,
    /// What it hangs on; empty when it hangs on the organization alone.
    pub parent: String,
    /// Its own id.
    pub id: String,
}

/// A stored record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it is.
    pub key: RecordKey,
    /// Counts up from 1 with every change.
    pub version: u64,
    /// Its owner's format.
    pub body: Vec<u8>,
}

/// What must be true for a record to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// There is none yet.
    Absent,
    /// It still has this version.
    Version(u64),
    /// Nothing: the last writer wins.
    Any,
}

/// Why the records did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// Someone else was first; read again.
    #[error("the record or key has changed meanwhile")]
    Conflict,
    /// The store cannot do it now; nothing was changed; asking again may help.
    #[error("the records are unavailable")]
    Unavailable,
    /// Whether it was done is not known, and may come true late: what was taken for it stays taken.
    #[error("the records did not say whether they stored the change")]
    Unknown,
}
