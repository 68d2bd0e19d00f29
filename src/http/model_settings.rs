//! `/api/v1/settings`: which model an organization asks, and how much its questions may take.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};

use super::AppState;
use super::body::Body;
use super::data::Asker;
use super::problem::{Problem, ProblemDocument};
use crate::data::{ModelForm, QueryLimitsForm};
use crate::wire::data::{ModelView, QueryLimitsView, TrialView};

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/settings/model", get(model).put(change_model).patch(change_model))
        .route("/api/v1/settings/model/test", post(test_model))
        .route("/api/v1/settings/query-limits", get(limits).put(change_limits).patch(change_limits))
}

/// The organization's model, without its key; only admins look.
#[utoipa::path(get, path = "/api/v1/settings/model", tag = "data",
    responses(
        (status = 200, description = "the model", body = ModelView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn model(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<ModelView>, Problem> {
    Ok(Json(state.data.show_model(&by).await?.into()))
}

/// Chooses the organization's model; what is missing stays. Only admins may.
#[utoipa::path(put, path = "/api/v1/settings/model", tag = "data",
    request_body = ModelForm,
    responses(
        (status = 200, description = "the model", body = ModelView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn change_model(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(form): Body<ModelForm>,
) -> Result<Json<ModelView>, Problem> {
    Ok(Json(state.data.change_model(&by, &form).await?.into()))
}

/// Asks the organization's model something short.
#[utoipa::path(post, path = "/api/v1/settings/model/test", tag = "data",
    responses((status = 200, description = "what happened", body = TrialView)))]
pub async fn test_model(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<TrialView>, Problem> {
    Ok(Json(state.explorer.test_model(&by).await?.into()))
}

/// How much the organization's questions may take.
#[utoipa::path(get, path = "/api/v1/settings/query-limits", tag = "data",
    responses((status = 200, description = "the limits", body = QueryLimitsView)))]
pub async fn limits(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<QueryLimitsView>, Problem> {
    Ok(Json(state.data.show_limits(&by).await?.into()))
}

/// Changes the limits; what is missing stays. Only admins may.
#[utoipa::path(put, path = "/api/v1/settings/query-limits", tag = "data",
    request_body = QueryLimitsForm,
    responses(
        (status = 200, description = "the limits", body = QueryLimitsView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn change_limits(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(form): Body<QueryLimitsForm>,
) -> Result<Json<QueryLimitsView>, Problem> {
    Ok(Json(state.data.change_limits(&by, &form).await?.into()))
}
