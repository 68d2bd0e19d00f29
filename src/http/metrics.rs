//! `/api/v1/metrics`: what the business means by its words. (What the server measures of itself is at
//! `/metrics`.)

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::domain::ConnectionId;

use super::AppState;
use super::body::Body;
use super::data::Asker;
use super::params::{At, Params};
use super::problem::{Problem, ProblemDocument};
use crate::data::MetricForm;
use crate::wire::data::{Listed, MetricView};

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/metrics", get(list).post(create))
        .route("/api/v1/metrics/{id}", patch(change).delete(remove))
}

/// Of which connection.
#[derive(Clone, Debug, Deserialize)]
pub struct MetricsQuery {
    connection_id: Option<String>,
}

fn connection_of(id: Option<&str>) -> Result<ConnectionId, Problem> {
    let id = id.ok_or_else(|| Problem::invalid_field("connection_id", "is required"))?;
    id.parse().map_err(|_| Problem::not_found("no such connection"))
}

/// Metrics of a connection.
#[utoipa::path(get, path = "/api/v1/metrics", tag = "data",
    params(("connection_id" = String, Query, description = "the connection")),
    responses((status = 200, description = "metrics", body = Listed<MetricView>)))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
    Params(query): Params<MetricsQuery>,
) -> Result<Json<Listed<MetricView>>, Problem> {
    let connection = connection_of(query.connection_id.as_deref())?;
    Ok(Json(Listed::new(state.data.list_metrics(&by, connection).await?, MetricView::from)))
}

/// Writes a metric down; admins and analysts may.
#[utoipa::path(post, path = "/api/v1/metrics", tag = "data",
    request_body = MetricForm,
    responses(
        (status = 201, description = "the metric", body = MetricView),
        (status = 409, description = "`name_taken` or `limit_reached`", body = ProblemDocument),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(form): Body<MetricForm>,
) -> Result<(StatusCode, Json<MetricView>), Problem> {
    let connection = connection_of(form.connection_id.as_deref())?;
    let metric = state.data.create_metric(&by, connection, &form).await?;
    Ok((StatusCode::CREATED, Json(metric.into())))
}

/// Changes a metric of the connection that the body names; admins and analysts may.
#[utoipa::path(patch, path = "/api/v1/metrics/{id}", tag = "data",
    params(("id" = String, Path, description = "the metric")),
    request_body = MetricForm,
    responses((status = 200, description = "the metric", body = MetricView)))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
    Body(form): Body<MetricForm>,
) -> Result<Json<MetricView>, Problem> {
    let connection = connection_of(form.connection_id.as_deref())?;
    Ok(Json(state.data.change_metric(&by, connection, &id, &form).await?.into()))
}

/// Takes a metric away: an admin, or who wrote it.
#[utoipa::path(delete, path = "/api/v1/metrics/{id}", tag = "data",
    params(
        ("id" = String, Path, description = "the metric"),
        ("connection_id" = String, Query, description = "its connection"),
    ),
    responses((status = 204, description = "gone")))]
pub async fn remove(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
    Params(query): Params<MetricsQuery>,
) -> Result<StatusCode, Problem> {
    let connection = connection_of(query.connection_id.as_deref())?;
    state.data.delete_metric(&by, connection, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
