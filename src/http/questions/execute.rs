//! SQL that a person wrote: the same guard, limits and audit as a question's.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{ConnectionId, ThreadId};
use starling_actors::ports::WarehouseError;
use starling_actors::query::{ExecuteError, Rows};

use crate::http::AppState;
use crate::http::body::Body;
use crate::http::params::Written;
use crate::http::problem::Problem;
use crate::wire::ask::{ExecutedView, columns, rows};
use crate::wire::time::rfc3339;

/// Characters of a statement: the guard takes 16 KiB, and says so more kindly than a body limit.
const SQL_BYTES_MAX: usize = 64 * 1024;

/// A statement to be run.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Statement {
    /// Where.
    #[schema(value_type = String)]
    connection_id: Written<ConnectionId>,
    /// One query.
    sql: String,
    /// Rows at most; 1,000 when missing, never more than 10,000.
    max_rows: Option<usize>,
    /// The thread whose tables bind it too.
    #[schema(value_type = Option<String>)]
    thread_id: Option<Written<ThreadId>>,
    /// Whether its cost was agreed to.
    approve: Option<bool>,
}

/// Runs a statement.
#[utoipa::path(post, path = "/api/v1/query/execute", request_body = Statement,
    responses((status = 200, body = ExecutedView)))]
pub async fn run(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<Statement>,
) -> Result<Json<ExecutedView>, Problem> {
    if body.sql.len() > SQL_BYTES_MAX {
        return Err(Problem::invalid_field("sql", "is too long: at most 16 KiB"));
    }
    let Written(connection) = body.connection_id;
    let bounds = (body.max_rows, body.thread_id.map(|Written(id)| id));
    let is_approved = body.approve.unwrap_or(false);
    let ran = state.questions.execute(&caller, connection, body.sql, bounds, is_approved).await;
    Ok(Json(view(&ran?)))
}

fn view(ran: &Rows) -> ExecutedView {
    ExecutedView {
        columns: columns(&ran.table),
        rows: rows(&ran.table),
        row_count: ran.table.rows.len(),
        truncated: ran.table.is_truncated,
        execution_time_ms: u64::try_from(ran.execution.as_millis()).unwrap_or(u64::MAX),
        cached: ran.cached_at.is_some(),
        cached_at: ran.cached_at.map(rfc3339),
        sql: ran.sql.clone(),
    }
}

impl From<ExecuteError> for Problem {
    fn from(error: ExecuteError) -> Self {
        /// Most queries of a full queue are done by then.
        const LATER: Duration = Duration::from_secs(5);
        let detail = error.to_string();
        match error {
            ExecuteError::Rejected(rejection) => Self::refused("query_rejected", detail)
                .with("rule", rejection.rule)
                .with("line", rejection.line)
                .with("column", rejection.column),
            ExecuteError::Warehouse(error) => of_warehouse(&error),
            ExecuteError::ApprovalNeeded(cost) => {
                Self::conflict("approval_needed", detail).with("estimate", cost)
            }
            ExecuteError::Overloaded => Self::unavailable("overloaded", detail).after(LATER),
            ExecuteError::NoConnection | ExecuteError::NoThread => Self::not_found(detail),
            ExecuteError::Unavailable => Self::unavailable("unavailable", detail),
        }
    }
}

fn of_warehouse(error: &WarehouseError) -> Problem {
    let detail = error.to_string();
    match error {
        WarehouseError::Query { code, position, names, .. } => {
            Problem::refused("query_failed", detail)
                .with("sqlstate", code.clone())
                .with("position", *position)
                .with("names", names.clone())
        }
        WarehouseError::Timeout(_) => Problem::refused("query_timeout", detail),
        WarehouseError::Cancelled => Problem::conflict("query_cancelled", detail),
        WarehouseError::Unreachable(_) => Problem::unavailable("database_unreachable", detail),
        WarehouseError::Busy => Problem::unavailable("database_busy", detail),
        WarehouseError::Privileged(_) => Problem::forbidden("role_privileged", detail),
    }
}
