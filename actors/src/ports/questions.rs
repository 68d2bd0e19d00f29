//! What the query pool keeps and looks up: jobs, answers, connections, schemas, results, audit.

use std::sync::Arc;

use async_trait::async_trait;

use super::analyst::{Example, Metric};
use super::records::RecordsError;
use crate::domain::{
    Access, Answer, Connection, ConnectionId, Job, JobId, OrgId, OrgRole, ResultTable, Schema,
    Timestamp, UserId,
};

/// Jobs, stored so that a crash resumes or visibly fails them.
///
/// Contract:
/// - `put` stores a job over the version that was read (0: there is none yet) and gives the next.
/// - `unfinished` gives every job that has not ended, of all nodes and organizations.
/// - `dead` gives failed jobs of an organization, newest first.
#[async_trait]
pub trait Jobs: Send + Sync + 'static {
    /// Stores a job.
    async fn put(&self, job: &Job, over: u64) -> Result<u64, QuestionsError>;

    /// A job and its version.
    async fn get(&self, org: OrgId, id: JobId) -> Result<Option<(Job, u64)>, QuestionsError>;

    /// Jobs that have not ended, with their versions, the oldest first.
    async fn unfinished(&self) -> Result<Vec<(Job, u64)>, QuestionsError>;

    /// Failed jobs of an organization, newest first.
    async fn dead(&self, org: OrgId, limit: usize) -> Result<Vec<Job>, QuestionsError>;
}

/// Answers by their job.
#[async_trait]
pub trait Answers: Send + Sync + 'static {
    /// Stores an answer; again: replaces it.
    async fn put(&self, answer: &Answer) -> Result<(), QuestionsError>;

    /// An answer.
    async fn get(&self, org: OrgId, job: JobId) -> Result<Option<Answer>, QuestionsError>;
}

/// Connections, and what is known of what they hold.
///
/// Contract:
/// - What belongs to another organization is not found.
/// - `connections` are in the order of their names, inactive ones included.
/// - A schema that was never read is empty, its time zero.
/// - `access` outlives its connection: what was answered from it does, too.
#[async_trait]
pub trait Catalog: Send + Sync + 'static {
    /// One connection.
    async fn connection(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Option<Connection>, QuestionsError>;

    /// Who may see what comes out of a connection, or came out of one that is deleted now; `None` when
    /// there never was one.
    async fn access(&self, org: OrgId, id: ConnectionId) -> Result<Option<Access>, QuestionsError>;

    /// All connections of an organization.
    async fn connections(&self, org: OrgId) -> Result<Vec<Connection>, QuestionsError>;

    /// What a connection holds.
    async fn schema(&self, org: OrgId, id: ConnectionId) -> Result<Arc<Schema>, QuestionsError>;

    /// Stores what a discovery found, with what people wrote kept; gives the tables that are new
    /// and those that are gone.
    async fn put_schema(
        &self,
        org: OrgId,
        id: ConnectionId,
        schema: Schema,
    ) -> Result<SchemaChange, QuestionsError>;

    /// Verified questions of a connection, newest first.
    async fn examples(&self, org: OrgId, id: ConnectionId) -> Result<Vec<Example>, QuestionsError>;

    /// Makes a verified answer an example, or takes it away again.
    async fn put_example(
        &self,
        org: OrgId,
        id: ConnectionId,
        job: JobId,
        example: Option<Example>,
    ) -> Result<(), QuestionsError>;

    /// What the business means by its words.
    async fn metrics(&self, org: OrgId, id: ConnectionId) -> Result<Vec<Metric>, QuestionsError>;

    /// What the organization allows.
    async fn limits(&self, org: OrgId) -> Result<OrgQueryLimits, QuestionsError>;
}

/// What an organization allows its questions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrgQueryLimits {
    /// Jobs at work at the same time.
    pub concurrent_max: usize,
    /// Over this estimate the asker has to agree first; `None`: never asked.
    pub approval_cost: Option<f64>,
    /// How long a result may be used again, in seconds.
    pub cache_seconds: u64,
}

impl Default for OrgQueryLimits {
    fn default() -> Self {
        Self { concurrent_max: 4, approval_cost: Some(5_000_000.0), cache_seconds: 300 }
    }
}

/// How a schema differs from the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaChange {
    /// Tables that were not there before.
    pub added: Vec<String>,
    /// Tables that are not there any more.
    pub removed: Vec<String>,
}

/// Results of the last minutes. One that is down is no error: it remembers nothing.
#[async_trait]
pub trait ResultCache: Send + Sync + 'static {
    /// A result and when its rows were read.
    async fn get(&self, key: &ResultKey) -> Option<(Arc<ResultTable>, Timestamp)>;

    /// Remembers a result.
    async fn put(&self, key: ResultKey, table: Arc<ResultTable>, read_at: Timestamp);
}

/// What makes two results the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResultKey {
    /// The connection.
    pub connection: ConnectionId,
    /// Its version: another database must not answer.
    pub version: u64,
    /// What was run.
    pub sql: String,
    /// How many rows at most.
    pub rows_max: usize,
}

/// What people may do, as it is now: a question may wait for long, and what its asker may is looked
/// up when it runs.
#[async_trait]
pub trait Roles: Send + Sync + 'static {
    /// The role of a person of an organization; `None` for who is not let in any more.
    async fn role(&self, org: OrgId, user: UserId) -> Result<Option<OrgRole>, QuestionsError>;
}

/// Everything that was asked of customers' data, hash-chained.
#[async_trait]
pub trait AuditTrail: Send + Sync + 'static {
    /// Adds what happened; the order of one organization is kept.
    async fn append(&self, event: AuditEvent) -> Result<(), QuestionsError>;
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// The tenant.
    pub org: OrgId,
    /// Who; absent for the server itself.
    pub user: Option<UserId>,
    /// What: `query.start`, `query.run`, `query.rejected`, `connection.create` …
    pub action: &'static str,
    /// Of what kind the thing is: `connection`, `job` …
    pub resource_type: &'static str,
    /// Which one.
    pub resource_id: String,
    /// Where from, when it came over the network.
    pub ip_address: Option<String>,
    /// More about it, by name.
    pub details: Vec<(&'static str, String)>,
}

/// Why a store did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionsError {
    /// Someone else was first; read again.
    #[error("changed meanwhile")]
    Conflict,
    /// The store cannot do it now, or did not say whether it did; asking again may help.
    #[error("the store is unavailable")]
    Unavailable,
}

impl From<RecordsError> for QuestionsError {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Conflict => Self::Conflict,
            RecordsError::Unavailable | RecordsError::Unknown => Self::Unavailable,
        }
    }
}
