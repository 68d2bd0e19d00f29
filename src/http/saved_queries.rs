//! `/api/v1/query/saved`: queries that people keep and share.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};

use super::AppState;
use super::body::Body;
use super::data::Asker;
use super::params::At;
use super::problem::{Problem, ProblemDocument};
use crate::data::SavedQueryForm;
use crate::wire::data::{Listed, SavedQueryView};

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/query/saved", get(list).post(create))
        .route("/api/v1/query/saved/{id}", patch(change).delete(remove))
}

/// One's own saved queries, and shared ones of connections that one may use.
#[utoipa::path(get, path = "/api/v1/query/saved", tag = "data",
    responses((status = 200, description = "saved queries", body = Listed<SavedQueryView>)))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<Listed<SavedQueryView>>, Problem> {
    Ok(Json(Listed::new(state.data.list_saved(&by).await?, SavedQueryView::from)))
}

/// Keeps a query.
#[utoipa::path(post, path = "/api/v1/query/saved", tag = "data",
    request_body = SavedQueryForm,
    responses(
        (status = 201, description = "the saved query", body = SavedQueryView),
        (status = 404, description = "no such connection", body = ProblemDocument),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(form): Body<SavedQueryForm>,
) -> Result<(StatusCode, Json<SavedQueryView>), Problem> {
    let saved = state.data.create_saved(&by, &form).await?;
    Ok((StatusCode::CREATED, Json(saved.into())))
}

/// Changes a saved query: its owner or an admin.
#[utoipa::path(patch, path = "/api/v1/query/saved/{id}", tag = "data",
    params(("id" = String, Path, description = "the saved query")),
    request_body = SavedQueryForm,
    responses((status = 200, description = "the saved query", body = SavedQueryView)))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
    Body(form): Body<SavedQueryForm>,
) -> Result<Json<SavedQueryView>, Problem> {
    Ok(Json(state.data.change_saved(&by, &id, &form).await?.into()))
}

/// Takes a saved query away: its owner or an admin.
#[utoipa::path(delete, path = "/api/v1/query/saved/{id}", tag = "data",
    params(("id" = String, Path, description = "the saved query")),
    responses((status = 204, description = "gone")))]
pub async fn remove(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    state.data.delete_saved(&by, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
