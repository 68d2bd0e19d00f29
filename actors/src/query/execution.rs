//! SQL that a person wrote, run once: the same guard, cost and limits as a question's.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::choose;
use super::guard::{Grounds, Rejection};
use super::settings::QueryPorts;
use super::statement::{Rows, Statement, outcome};
use crate::domain::{Connection, JobId, OrgId, Schema, UserId};
use crate::ports::{AuditEvent, OrgQueryLimits, QuestionsError, WarehouseError};

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
    let run = JobId::from_u128(ports.clock.fresh_id());
    let result = checked(ports, execution, run, cancel).await;
    let sql = result.as_ref().map_or(&execution.sql, |rows| &rows.sql);
    let is_rejected = matches!(result, Err(ExecuteError::Rejected(_)));
    let action = if is_rejected { "query.rejected" } else { "query.run" };
    if let Err(error) = audit(ports, execution, action, (run, sql), outcome(&result)).await {
        tracing::error!(action, %error, "a query is missing in the audit trail");
    }
    result
}

async fn checked(
    ports: &QueryPorts,
    execution: &Execution,
    run: JobId,
    cancel: &CancellationToken,
) -> Executed {
    let Execution { rows_max, limits, .. } = execution;
    let connection = &still_usable(ports, execution).await?;
    let grounds = Arc::new(Grounds {
        dialect: connection.kind.dialect(),
        schema: Arc::clone(&execution.schema),
        rows_max: *rows_max,
    });
    let verdict = ports.guard.check(execution.sql.clone(), grounds).await;
    let sql = &verdict.map_err(ExecuteError::Rejected)?.sql;
    let (rows_max, limits) = (*rows_max, *limits);
    let statement = Statement { ports, connection, sql, rows_max, limits, cancel };
    if let Some(rows) = statement.recall().await {
        return Ok(rows);
    }
    if !execution.is_approved
        && let Some(estimate) = statement.weigh().await
    {
        return Err(ExecuteError::ApprovalNeeded(estimate.cost));
    }
    // A crash leaves this much; what cannot be written down is not run.
    let started = vec![("status", "started".to_owned())];
    audit(ports, execution, "query.start", (run, sql.as_str()), started).await?;
    let rows = statement.run().await.map_err(ExecuteError::Warehouse)?;
    // It may have run for long, and the rows are read only now.
    still_usable(ports, execution).await?;
    Ok(rows)
}

/// The connection as it is now, if the person may still use it.
async fn still_usable(ports: &QueryPorts, run: &Execution) -> Result<Connection, ExecuteError> {
    let found = choose::still_usable(ports, run.user, &run.connection).await?;
    found.ok_or(ExecuteError::NoConnection)
}

async fn audit(
    ports: &QueryPorts,
    execution: &Execution,
    action: &'static str,
    (run, sql): (JobId, &str),
    outcome: Vec<(&'static str, String)>,
) -> Result<(), QuestionsError> {
    let mut details = vec![
        ("connection_id", execution.connection.id.to_string()),
        ("sql", sql.to_owned()),
        ("run_id", run.to_string()),
    ];
    details.extend(outcome);
    let event = AuditEvent {
        org: execution.org,
        user: Some(execution.user),
        action,
        resource_type: "connection",
        resource_id: execution.connection.id.to_string(),
        ip_address: None,
        details,
    };
    ports.asking.audit.append(event).await
}
