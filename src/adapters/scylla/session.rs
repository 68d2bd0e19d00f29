//! The session: connections to the nodes of one data centre, and statements prepared once.
//!
//! **Invariant:** a conditional statement is never marked idempotent and its retry policy never
//! repeats it, so the driver sends it once. Nothing is executed speculatively.

mod connect;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use metrics::histogram;
use parking_lot::RwLock;
use scylla::client::session::Session as Driver;
use scylla::deserialize::row::DeserializeRow;
use scylla::errors::{ExecutionError, PrepareError};
use scylla::policies::retry::FallthroughRetryPolicy;
use scylla::response::query_result::{QueryResult, QueryRowsResult};
use scylla::serialize::row::SerializeRow;
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::{Consistency, SerialConsistency};
use scylla::value::{CqlValue, MaybeUnset, Row};
use tokio::time::Instant;

use super::failure::{self, StoreError};

pub use connect::{ConnectError, Settings, look};
pub(super) use connect::{agree, run_schema};

/// The longest a request may take before its caller is told that nothing is known. Longer than the
/// database's own 2 s for a write, so that its answer is heard; short enough for an owner that
/// gives up after 5 s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(4);

/// A statement, as a constant of the module that runs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    /// Its name in metrics and logs.
    operation: &'static str,
    cql: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Read,
    SerialRead,
    Write,
    Conditional,
}

impl Statement {
    /// Reads what a quorum of the data centre has.
    pub(crate) const fn read(operation: &'static str, cql: &'static str) -> Self {
        Self { operation, cql, kind: Kind::Read }
    }

    /// Reads one partition, ordered after every conditional write before it.
    pub(crate) const fn serial_read(operation: &'static str, cql: &'static str) -> Self {
        Self { operation, cql, kind: Kind::SerialRead }
    }

    /// Writes; doing it twice must be the same as once.
    pub(crate) const fn write(operation: &'static str, cql: &'static str) -> Self {
        Self { operation, cql, kind: Kind::Write }
    }

    /// Writes under a condition, or as a part of a conditional batch.
    pub(crate) const fn conditional(operation: &'static str, cql: &'static str) -> Self {
        Self { operation, cql, kind: Kind::Conditional }
    }
}

/// A statement of a batch with its values.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) statement: &'static Statement,
    pub(crate) values: Vec<MaybeUnset<CqlValue>>,
}

/// Asks one keyspace.
pub(crate) struct Session {
    driver: Driver,
    prepared: RwLock<HashMap<(Kind, &'static str), PreparedStatement>>,
    keyspace: String,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("keyspace", &self.keyspace).finish_non_exhaustive()
    }
}

impl Session {
    /// Connects and makes the keyspace if it is not there.
    pub(crate) async fn connect(settings: &Settings) -> Result<Self, ConnectError> {
        let driver = connect::connect(settings).await?;
        let keyspace = settings.keyspace.clone();
        Ok(Self { driver, prepared: RwLock::default(), keyspace })
    }

    /// The driver's session, for what changes the schema.
    pub(super) fn driver(&self) -> &Driver {
        &self.driver
    }

    /// The keyspace that is asked.
    pub(super) fn keyspace(&self) -> &str {
        &self.keyspace
    }

    /// The rows that a statement reads.
    pub(crate) async fn rows<R>(
        &self,
        statement: &Statement,
        values: impl SerializeRow,
    ) -> Result<Vec<R>, StoreError>
    where
        R: for<'f, 'm> DeserializeRow<'f, 'm>,
    {
        let result = self.run(statement, values).await.map_err(|cause| {
            // A read changed nothing, whatever became of it.
            complain(statement.operation, &cause);
            StoreError::Unavailable
        })?;
        let result = rows_of(statement.operation, result)?;
        let rows = result.rows::<R>().map_err(|cause| unreadable(statement.operation, &cause))?;
        rows.collect::<Result<_, _>>().map_err(|cause| unreadable(statement.operation, &cause))
    }

    /// The first row that a statement reads.
    pub(crate) async fn row<R>(
        &self,
        statement: &Statement,
        values: impl SerializeRow,
    ) -> Result<Option<R>, StoreError>
    where
        R: for<'f, 'm> DeserializeRow<'f, 'm>,
    {
        Ok(self.rows(statement, values).await?.into_iter().next())
    }

    /// Runs a plain write.
    pub(crate) async fn write(
        &self,
        statement: &Statement,
        values: impl SerializeRow,
    ) -> Result<(), StoreError> {
        let result = self.run(statement, values).await;
        result.map(|_| ()).map_err(|cause| unwritten(statement.operation, &cause))
    }

    /// Runs a conditional write; whether it applied.
    pub(crate) async fn apply(
        &self,
        statement: &Statement,
        values: impl SerializeRow,
    ) -> Result<bool, StoreError> {
        let result = self.run(statement, values).await;
        let result = result.map_err(|cause| unwritten(statement.operation, &cause))?;
        applied(statement.operation, result)
    }

    /// Runs a conditional batch over one partition; whether it applied. The first line has the
    /// condition.
    pub(crate) async fn apply_batch(
        &self,
        operation: &'static str,
        lines: Vec<Line>,
    ) -> Result<bool, StoreError> {
        let result = self.run_batch(operation, Kind::Conditional, lines).await;
        applied(operation, result.map_err(|cause| unwritten(operation, &cause))?)
    }

    /// Runs plain writes in one request. Over several partitions this is no transaction: some may
    /// be done when it fails.
    pub(crate) async fn write_batch(
        &self,
        operation: &'static str,
        lines: Vec<Line>,
    ) -> Result<(), StoreError> {
        let result = self.run_batch(operation, Kind::Write, lines).await;
        result.map(|_| ()).map_err(|cause| unwritten(operation, &cause))
    }

    async fn run(
        &self,
        statement: &Statement,
        values: impl SerializeRow,
    ) -> Result<QueryResult, ExecutionError> {
        let prepared = self.prepared(statement).await?;
        let started = Instant::now();
        let result = Box::pin(self.driver.execute_unpaged(&prepared, values)).await;
        measure(statement.operation, started);
        result
    }

    async fn run_batch(
        &self,
        operation: &'static str,
        kind: Kind,
        lines: Vec<Line>,
    ) -> Result<QueryResult, ExecutionError> {
        let mut batch = Batch::new(BatchType::Unlogged);
        let mut values = Vec::with_capacity(lines.len());
        for line in lines {
            batch.append_statement(self.prepared(line.statement).await?);
            values.push(line.values);
        }
        batch.set_consistency(Consistency::LocalQuorum);
        batch.set_request_timeout(Some(REQUEST_TIMEOUT));
        batch.set_is_idempotent(kind == Kind::Write);
        if kind == Kind::Conditional {
            batch.set_serial_consistency(Some(SerialConsistency::LocalSerial));
            batch.set_retry_policy(Some(Arc::new(FallthroughRetryPolicy::new())));
        }
        let started = Instant::now();
        let result = Box::pin(self.driver.batch(&batch, values)).await;
        measure(operation, started);
        result
    }

    async fn prepared(&self, statement: &Statement) -> Result<PreparedStatement, PrepareError> {
        if let Some(prepared) = self.prepared.read().get(&(statement.kind, statement.cql)) {
            return Ok(prepared.clone());
        }
        let mut prepared = Box::pin(self.driver.prepare(statement.cql)).await?;
        prepared.set_request_timeout(Some(REQUEST_TIMEOUT));
        prepared.set_consistency(match statement.kind {
            Kind::SerialRead => Consistency::LocalSerial,
            Kind::Read | Kind::Write | Kind::Conditional => Consistency::LocalQuorum,
        });
        prepared.set_is_idempotent(statement.kind != Kind::Conditional);
        if statement.kind == Kind::Conditional {
            prepared.set_serial_consistency(Some(SerialConsistency::LocalSerial));
            prepared.set_retry_policy(Some(Arc::new(FallthroughRetryPolicy::new())));
        }
        self.prepared.write().insert((statement.kind, statement.cql), prepared.clone());
        Ok(prepared)
    }
}

/// Reads `[applied]` by its name: its place, and what stands beside it, differ between databases.
fn applied(operation: &'static str, result: QueryResult) -> Result<bool, StoreError> {
    // The write may be done, so an answer that says nothing leaves it open.
    let result = rows_of(operation, result).map_err(|_| StoreError::Unknown)?;
    let column = result.column_specs().get_by_name("[applied]").map(|(place, _)| place);
    let row = result.maybe_first_row::<Row>().ok().flatten();
    let value = column.zip(row).and_then(|(place, mut row)| row.columns.get_mut(place)?.take());
    if let Some(CqlValue::Boolean(applied)) = value {
        return Ok(applied);
    }
    tracing::error!(operation, "the database's answer does not say whether it applied");
    Err(StoreError::Unknown)
}

fn rows_of(operation: &'static str, result: QueryResult) -> Result<QueryRowsResult, StoreError> {
    result.into_rows_result().map_err(|cause| unreadable(operation, &cause))
}

fn measure(operation: &'static str, started: Instant) {
    histogram!("starling_store_request_seconds", "operation" => operation)
        .record(started.elapsed().as_secs_f64());
}

fn complain(operation: &'static str, cause: &ExecutionError) {
    tracing::warn!(operation, %cause, "the database did not do as asked");
}

fn unwritten(operation: &'static str, cause: &ExecutionError) -> StoreError {
    complain(operation, cause);
    failure::of_write(cause)
}

/// Says that rows are not what this version stores: a damaged or newer database.
pub(super) fn unreadable(operation: &'static str, cause: &dyn fmt::Display) -> StoreError {
    tracing::error!(operation, %cause, "what the database answered cannot be read");
    StoreError::Unavailable
}
