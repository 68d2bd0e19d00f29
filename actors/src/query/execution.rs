//! SQL that a person wrote, run once: the same guard, cost and limits as a question's.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::guard::{Grounds, Rejection};
use super::settings::QueryPorts;
use crate::domain::{Connection, OrgId, ResultTable, Schema, Timestamp, UserId};
use crate::ports::{
    AuditEvent, Estimate, OrgQueryLimits, QuestionsError, ResultKey, RunLimits, WarehouseError,
};

/// One statement to be run.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
    pub(super) org: OrgId,
    pub(super) user: UserId,
    pub(super) connection: Connection,
    /// The tables that it may touch.
    pub(super) schema: Arc<Schema>,
    pub(super) sql: String,
    pub(super) rows_max: usize,
    /// Whether its cost was agreed to.
    pub(super) is_approved: bool,
    pub(super) limits: OrgQueryLimits,
}

/// What a statement gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The rows.
    pub table: Arc<ResultTable>,
    /// What was run, as the guard rendered it.
    pub sql: String,
    /// Time in the database.
    pub execution: Duration,
    /// When the rows were read, if they came from the cache.
    pub cached_at: Option<Timestamp>,
}

/// Why a statement gave nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExecuteError {
    /// The guard refused it.
    #[error("{}", .0.message)]
    Rejected(Rejection),
    /// The database could not run it.
    #[error(transparent)]
    Warehouse(WarehouseError),
    /// It would cost more than the organization wants without being asked.
    #[error("the database expects a cost of {0:.0}")]
    ApprovalNeeded(f64),
    /// Too many jobs wait; nothing was run.
    #[error("too many queries are waiting")]
    Overloaded,
    /// The person may not use this connection, or it is not there.
    #[error("no such connection")]
    NoConnection,
    /// The thread is not there or not readable.
    #[error("no such thread")]
    NoThread,
    /// The server's own store does not answer.
    #[error("the store is unavailable")]
    Unavailable,
}

impl From<QuestionsError> for ExecuteError {
    fn from(_: QuestionsError) -> Self {
        Self::Unavailable
    }
}

/// What comes back.
pub(crate) type Executed = Result<Rows, ExecuteError>;

/// Checks and runs it.
pub(super) async fn execute(
    ports: &QueryPorts,
    execution: &Execution,
    cancel: &CancellationToken,
) -> Executed {
    let result = checked(ports, execution, cancel).await;
    audit(ports, execution, &result).await;
    result
}

async fn checked(
    ports: &QueryPorts,
    execution: &Execution,
    cancel: &CancellationToken,
) -> Executed {
    let Execution { connection, rows_max, .. } = execution;
    let grounds = Arc::new(Grounds {
        dialect: connection.kind.dialect(),
        schema: Arc::clone(&execution.schema),
        rows_max: *rows_max,
    });
    let verdict = ports.guard.check(execution.sql.clone(), grounds).await;
    let sql = verdict.map_err(ExecuteError::Rejected)?.sql;
    let limits = RunLimits { rows_max: *rows_max, ..ports.settings.run };
    let key = ResultKey {
        connection: connection.id,
        version: connection.version,
        sql: sql.as_str().to_owned(),
        rows_max: *rows_max,
    };
    let (cached, now) = (ports.asking.cache.get(&key).await, ports.clock.now());
    if let Some((table, read_at)) = fresh(cached, execution.limits.cache_seconds, now) {
        let (sql, execution) = (key.sql, Duration::ZERO);
        return Ok(Rows { table, sql, execution, cached_at: Some(read_at) });
    }
    if let Some(most) = execution.limits.approval_cost.filter(|_| !execution.is_approved) {
        let estimate = ports.asking.warehouse.estimate(connection, &sql, limits, cancel).await;
        if let Ok(Some(Estimate { cost, .. })) = estimate
            && cost > most
        {
            return Err(ExecuteError::ApprovalNeeded(cost));
        }
    }
    let (read_at, started) = (ports.clock.now(), Instant::now());
    let ran = ports.asking.warehouse.run(connection, &sql, limits, cancel).await;
    let table = Arc::new(ran.map_err(ExecuteError::Warehouse)?);
    let took = started.elapsed();
    let text = key.sql.clone();
    if execution.limits.cache_seconds > 0 {
        ports.asking.cache.put(key, Arc::clone(&table), read_at).await;
    }
    Ok(Rows { table, sql: text, execution: took, cached_at: None })
}

/// A result that is not older than the organization wants.
pub(super) fn fresh(
    cached: Option<(Arc<ResultTable>, Timestamp)>,
    seconds: u64,
    now: Timestamp,
) -> Option<(Arc<ResultTable>, Timestamp)> {
    let oldest =
        now.0.saturating_sub(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000));
    cached.filter(|(_, read_at)| seconds > 0 && read_at.0 >= oldest)
}

async fn audit(ports: &QueryPorts, execution: &Execution, result: &Executed) {
    let mut details = vec![("connection_id", execution.connection.id.to_string())];
    let action = match result {
        Ok(rows) => {
            details.extend([
                ("sql", rows.sql.clone()),
                ("status", "done".to_owned()),
                ("rows", rows.table.rows.len().to_string()),
                ("execution_ms", rows.execution.as_millis().to_string()),
                ("cached", rows.cached_at.is_some().to_string()),
            ]);
            "query.run"
        }
        Err(error) => {
            details.extend([
                ("sql", execution.sql.clone()),
                ("status", "failed".to_owned()),
                ("error", error.to_string()),
            ]);
            let is_rejected = matches!(error, ExecuteError::Rejected(_));
            if is_rejected { "query.rejected" } else { "query.run" }
        }
    };
    let event = AuditEvent {
        org: execution.org,
        user: Some(execution.user),
        action,
        resource_type: "connection",
        resource_id: execution.connection.id.to_string(),
        ip_address: None,
        details,
    };
    if let Err(error) = ports.asking.audit.append(event).await {
        tracing::error!(%error, "a query is missing in the audit trail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_used_again_only_while_the_organization_wants_it() {
        let cached = || Some((Arc::default(), Timestamp(10_000)));
        assert!(fresh(cached(), 5, Timestamp(15_000)).is_some());
        assert!(fresh(cached(), 5, Timestamp(15_001)).is_none());
        assert!(fresh(cached(), 0, Timestamp(10_000)).is_none());
        assert!(fresh(None, 300, Timestamp(10_000)).is_none());
    }
}
