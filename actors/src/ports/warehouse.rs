//! Customers' databases, as the query pool uses them.

use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::domain::{Connection, GuardedSql, ResultTable, Table};

/// Runs guarded SQL on the database behind a connection.
///
/// Contract:
/// - Only [`GuardedSql`] is run, one statement at a time, and nothing is ever changed.
/// - `run` gives at most `rows_max` rows and `bytes_max` bytes; what is beyond them is said, not given.
/// - After `timeout`, or once `cancel` fires, the database itself has stopped working on it (or its
///   session is gone) within a second.
/// - An error carries no value of a cell: neither the engine's own text nor the SQL.
/// - What one call leaves behind (settings, locks, temporary tables) no other call meets.
/// - `estimate` runs nothing of the query.
/// - `discover` gives at most the asked number of samples a column, and none of columns that look
///   secret or are listed.
#[async_trait]
pub trait Warehouse: Send + Sync + 'static {
    /// Runs a query.
    async fn run(
        &self,
        connection: &Connection,
        sql: &GuardedSql,
        limits: RunLimits,
        cancel: &CancellationToken,
    ) -> Result<ResultTable, WarehouseError>;

    /// What the engine thinks a query costs; `None` where it cannot say.
    async fn estimate(
        &self,
        connection: &Connection,
        sql: &GuardedSql,
        limits: RunLimits,
        cancel: &CancellationToken,
    ) -> Result<Option<Estimate>, WarehouseError>;

    /// Connects, counts tables, and looks whether the role could write.
    async fn test(&self, connection: &Connection) -> Result<Tested, WarehouseError>;

    /// Reads what the database holds.
    async fn discover(
        &self,
        connection: &Connection,
        wish: &Discovery,
        cancel: &CancellationToken,
    ) -> Result<Vec<Table>, WarehouseError>;
}

/// How much one query may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunLimits {
    /// In the database.
    pub timeout: Duration,
    /// Rows given; one more is read, so that it is known whether there were more.
    pub rows_max: usize,
    /// Bytes of all cells.
    pub bytes_max: usize,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), rows_max: 10_000, bytes_max: 8 << 20 }
    }
}

/// What an engine thinks a query costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// In the engine's own unit.
    pub cost: f64,
    /// Rows that it expects to read.
    pub rows: Option<u64>,
}

/// What a test of a connection found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// Tables and views that can be read.
    pub tables_found: usize,
    /// What the role could change, in words; empty when nothing. Unknown (`None`) where the engine
    /// does not tell.
    pub writable: Option<Vec<String>>,
    /// Whether the role is one that no query may run under (a superuser, say).
    pub is_privileged: bool,
    /// What answered: `PostgreSQL 15.3`.
    pub server: String,
}

/// How much a discovery asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// Samples of one column at most; none at all when 0.
    pub samples_max: usize,
    /// Columns of which none are taken, as (table, column), in lower case.
    pub hidden: Vec<(String, String)>,
    /// For the whole of it.
    pub timeout: Duration,
}

/// Why a warehouse did not do as asked. Safe to show to the asker and to a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WarehouseError {
    /// The engine did not accept or could not finish the statement.
    #[error("the database refused the query: {meaning}")]
    Query {
        /// The SQLSTATE, or the engine's own number.
        code: String,
        /// What that code means, in our words.
        meaning: String,
        /// Where in the statement, in characters from 1.
        position: Option<u32>,
        /// Names in the engine's text that are in the schema.
        names: Vec<String>,
    },
    /// The time was up.
    #[error("the database took longer than {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// It was called off.
    #[error("the query was cancelled")]
    Cancelled,
    /// The database did not let us in, in our words.
    #[error("cannot reach the database: {0}")]
    Unreachable(String),
    /// All sessions that we may have are in use.
    #[error("all connections to the database are in use")]
    Busy,
    /// The role may do more than reading, and no admin has allowed that.
    #[error("the role of this connection is privileged: {0}")]
    Privileged(String),
}
