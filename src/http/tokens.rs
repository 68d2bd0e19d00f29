//! `/api/v1/tokens`: personal access tokens, for scripts and integrations.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde::Deserialize;

use starling_actors::chat::Caller;

use super::AppState;
use super::body::Body;
use super::caller::unstored;
use super::params::At;
use super::problem::{Problem, ProblemDocument};
use crate::wire::account::PersonalTokenView;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/tokens", get(list).post(make))
        .route("/api/v1/tokens/{id}", delete(remove))
}

/// What a token is for.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct TokenBody {
    /// Shown in the list.
    pub name: String,
    /// 1 to 3650; missing: until it is deleted.
    pub expires_in_days: Option<u32>,
}

/// Makes a token; it is shown this once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", request_body = TokenBody,
    responses(
        (status = 201, description = "the token", body = PersonalTokenView),
        (status = 409, description = "too many tokens", body = ProblemDocument),
    ))]
pub async fn make(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<TokenBody>,
) -> Result<Response, Problem> {
    let accounts = &state.accounts;
    let new = accounts.make_personal_token(&caller, &body.name, body.expires_in_days).await?;
    Ok(unstored((StatusCode::CREATED, Json(PersonalTokenView::from(new)))))
}

/// One's own tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "accounts",
    responses((status = 200, description = "tokens", body = Vec<PersonalTokenView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Vec<PersonalTokenView>>, Problem> {
    let tokens = state.accounts.personal_tokens(&caller).await?;
    Ok(Json(tokens.into_iter().map(PersonalTokenView::from).collect()))
}

/// Deletes one of one's own tokens; it counts no more from the next request on.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "accounts",
    params(("id" = String, Path, description = "the token")),
    responses((status = 204, description = "deleted")))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("no such token"))?;
    state.accounts.delete_personal_token(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
