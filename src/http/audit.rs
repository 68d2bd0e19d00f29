//! `/api/v1/audit`: what was done with the organization's data.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::ports::AuditFilter;

use super::AppState;
use super::data::Asker;
use super::params::{Params, limit, optional};
use super::problem::{Problem, ProblemDocument};
use crate::wire::data::AuditPageView;

/// Entries of a page when nothing is said, and at most (wire.md).
const PAGE_DEFAULT: usize = 50;
const PAGE_MAX: usize = 200;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/audit", get(list))
}

/// Which entries.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AuditQuery {
    offset: Option<String>,
    limit: Option<String>,
    action: Option<String>,
    resource_type: Option<String>,
}

/// The audit trail, the newest first; only admins read it.
#[utoipa::path(get, path = "/api/v1/audit", tag = "data",
    params(
        ("offset" = Option<u64>, Query, description = "newer entries to pass over"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 when missing"),
        ("action" = Option<String>, Query, description = "`connection.create`, `query.run` …"),
        ("resource_type" = Option<String>, Query, description = "`connection`, `job` …"),
    ),
    responses(
        (status = 200, description = "entries", body = AuditPageView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
    Params(query): Params<AuditQuery>,
) -> Result<Json<AuditPageView>, Problem> {
    let limit = limit(query.limit.as_deref(), PAGE_DEFAULT, PAGE_MAX)?;
    let offset = optional("offset", query.offset.as_deref())?.unwrap_or(0);
    let wanted = |text: Option<String>| text.filter(|text| !text.is_empty());
    let filter =
        AuditFilter { action: wanted(query.action), resource_type: wanted(query.resource_type) };
    let page = state.data.audit(&by, &filter, offset, limit).await?;
    Ok(Json(AuditPageView::new(page, offset, limit)))
}
