//! `/api/v1/schema/{connection}`: what a connection holds, and what people say about it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use starling_actors::domain::ConnectionId;

use super::AppState;
use super::body::Body;
use super::data::Asker;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::data::SchemaNotesForm;
use crate::wire::schema::SchemaView;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/schema/{connection}", get(show).patch(describe))
        .route("/api/v1/schema/{connection}/refresh", post(refresh))
}

/// Says that a refresh has begun.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Refreshing {
    /// `refreshing`.
    pub status: &'static str,
}

/// Tables, columns, keys, samples and descriptions.
#[utoipa::path(get, path = "/api/v1/schema/{connection}", tag = "data",
    params(("connection" = String, Path, description = "the connection")),
    responses(
        (status = 200, description = "the schema", body = SchemaView),
        (status = 403, description = "its data is open to others only", body = ProblemDocument),
    ))]
pub async fn show(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
) -> Result<Json<SchemaView>, Problem> {
    let schema = state.data.show_schema(&by, id).await?;
    Ok(Json(SchemaView::new(&schema, state.explorer.is_reading(id))))
}

/// Writes descriptions and business terms, and switches samples off; admins and analysts may. A refresh
/// keeps what people wrote.
#[utoipa::path(patch, path = "/api/v1/schema/{connection}", tag = "data",
    params(("connection" = String, Path, description = "the connection")),
    request_body = SchemaNotesForm,
    responses(
        (status = 200, description = "the schema", body = SchemaView),
        (status = 403, description = "not an admin or analyst", body = ProblemDocument),
        (status = 422, description = "no such table or column", body = ProblemDocument),
    ))]
pub async fn describe(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
    Body(form): Body<SchemaNotesForm>,
) -> Result<Json<SchemaView>, Problem> {
    let schema = state.data.describe_schema(&by, id, &form).await?;
    Ok(Json(SchemaView::new(&schema, state.explorer.is_reading(id))))
}

/// Reads the database again, in the background.
#[utoipa::path(post, path = "/api/v1/schema/{connection}/refresh", tag = "data",
    params(("connection" = String, Path, description = "the connection")),
    responses((status = 202, description = "begun", body = Refreshing)))]
pub async fn refresh(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
) -> Result<(StatusCode, Json<Refreshing>), Problem> {
    state.explorer.refresh(&by, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Refreshing { status: "refreshing" })))
}
