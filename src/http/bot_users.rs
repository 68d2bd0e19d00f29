//! `/api/v1/bot-users`: accounts of programs, which admins look after.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{OrgRole, TokenId, UserId};

use super::AppState;
use super::body::Body;
use super::caller::unstored;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use super::tokens::TokenBody;
use super::users::view_for;
use crate::auth::BotForm;
use crate::wire::account::{BotView, NewBotView, PersonalTokenView};
use crate::wire::data::Listed;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/bot-users", get(list).post(make))
        .route("/api/v1/bot-users/{id}", delete(remove))
        .route("/api/v1/bot-users/{id}/tokens", post(make_token))
        .route("/api/v1/bot-users/{id}/tokens/{token}", delete(remove_token))
}

/// A bot to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BotBody {
    /// Unique within the organization.
    username: String,
    /// As it is shown.
    full_name: Option<String>,
    /// `viewer` (when missing) or `analyst`.
    #[schema(value_type = Option<String>)]
    role: Option<Written<OrgRole>>,
}

/// The organization's bots, with their tokens but not their secrets.
#[utoipa::path(get, path = "/api/v1/bot-users", tag = "people",
    responses(
        (status = 200, description = "bots", body = Listed<BotView>),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Listed<BotView>>, Problem> {
    let bots = state.accounts.bots(&caller).await?;
    Ok(Json(Listed::new(bots, |bot| BotView {
        user: view_for(&state, &caller, &bot.user),
        tokens: bot.tokens.into_iter().map(PersonalTokenView::from).collect(),
    })))
}

/// Makes a bot; its first token is shown this once.
#[utoipa::path(post, path = "/api/v1/bot-users", tag = "people", request_body = BotBody,
    responses(
        (status = 201, description = "the bot and its token", body = NewBotView),
        (status = 409, description = "the user name is taken", body = ProblemDocument),
    ))]
pub async fn make(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<BotBody>,
) -> Result<Response, Problem> {
    let form = BotForm {
        username: body.username,
        full_name: body.full_name.unwrap_or_default(),
        role: body.role.map_or(OrgRole::Viewer, |Written(role)| role),
    };
    let (user, token) = state.accounts.make_bot(&caller, form).await?;
    let user = view_for(&state, &caller, &user);
    let view = NewBotView { user, token: PersonalTokenView::from(token) };
    Ok(unstored((StatusCode::CREATED, Json(view))))
}

/// Switches a bot off and deletes its tokens; what it wrote stays.
#[utoipa::path(delete, path = "/api/v1/bot-users/{id}", tag = "people",
    params(("id" = String, Path, description = "the bot")),
    responses((status = 204, description = "switched off")))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<UserId>>,
) -> Result<StatusCode, Problem> {
    state.accounts.remove_bot(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes another token for a bot; it is shown this once.
#[utoipa::path(post, path = "/api/v1/bot-users/{id}/tokens", tag = "people",
    params(("id" = String, Path, description = "the bot")), request_body = TokenBody,
    responses((status = 201, description = "the token", body = PersonalTokenView)))]
pub async fn make_token(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<UserId>>,
    Body(body): Body<TokenBody>,
) -> Result<Response, Problem> {
    let days = body.expires_in_days;
    let new = state.accounts.add_bot_token(&caller, id, &body.name, days).await?;
    Ok(unstored((StatusCode::CREATED, Json(PersonalTokenView::from(new)))))
}

/// Deletes a token of a bot.
#[utoipa::path(delete, path = "/api/v1/bot-users/{id}/tokens/{token}", tag = "people",
    params(
        ("id" = String, Path, description = "the bot"),
        ("token" = String, Path, description = "the token"),
    ),
    responses((status = 204, description = "deleted")))]
pub async fn remove_token(
    State(state): State<AppState>,
    caller: Caller,
    At((Written(id), Written(token))): At<(Written<UserId>, Written<TokenId>)>,
) -> Result<StatusCode, Problem> {
    state.accounts.delete_bot_token(&caller, id, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
