//! `/api/v1/auth/password-reset`: a new password by mail.
//!
//! **Invariant:** the answer and the time that it takes are the same whether there is an account or not:
//! what is looked up and sent comes after the answer.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use super::AppState;
use super::accounts::note;
use super::body::Body;
use super::caller::Whence;
use super::problem::{Problem, ProblemDocument};
use crate::mail;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/password-reset", post(begin))
        .route("/api/v1/auth/password-reset/confirm", post(finish))
}

/// Whose password is lost.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ResetBody {
    /// The address of the account.
    email: String,
    /// Of which organization; missing: of all that the address has an account in.
    org_slug: Option<String>,
}

/// Sends a letter with a link to whoever has an account with this address; the answer says nothing of it.
#[utoipa::path(post, path = "/api/v1/auth/password-reset", tag = "accounts",
    request_body = ResetBody,
    responses(
        (status = 202, description = "if there is an account, a letter is on its way"),
        (status = 409, description = "this server sends no mail", body = ProblemDocument),
        (status = 429, description = "asked too often", body = ProblemDocument),
    ))]
pub async fn begin(
    State(state): State<AppState>,
    Whence(origin): Whence,
    Body(body): Body<ResetBody>,
) -> Result<StatusCode, Problem> {
    let Some(place) = state.postbox.place() else {
        let detail = "this server sends no mail: ask an admin";
        return Err(Problem::conflict("mail_off", detail));
    };
    state.accounts.admit_reset(&body.email, &origin.address).await?;
    let place =
        place.ok_or_else(|| Problem::unavailable("overloaded", "too many letters at once"))?;
    let sender = state.clone();
    tokio::spawn(async move {
        match sender.accounts.begin_reset(&body.email, body.org_slug).await {
            Ok(links) if links.is_empty() => {}
            Ok(links) => {
                let server = sender.settings.server.address();
                let to = links[0].email.clone();
                let links: Vec<(String, String)> = links
                    .into_iter()
                    .map(|link| (link.organization, format!("{server}/?reset={}", link.token)))
                    .collect();
                place.send(&mail::password_reset(&to, &links)).await;
            }
            Err(error) => tracing::warn!(%error, "a new password could not be asked for"),
        }
    });
    Ok(StatusCode::ACCEPTED)
}

/// The new password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewPasswordBody {
    /// What the link of the letter carries.
    token: String,
    /// 8 to 128 characters.
    password: String,
}

/// Gives the account of a link a new password, and ends all its sign-ins.
#[utoipa::path(post, path = "/api/v1/auth/password-reset/confirm", tag = "accounts",
    request_body = NewPasswordBody,
    responses(
        (status = 204, description = "it counts from now on"),
        (status = 422, description = "the link does not count, or the password is weak",
            body = ProblemDocument),
    ))]
pub async fn finish(
    State(state): State<AppState>,
    Whence(origin): Whence,
    Body(body): Body<NewPasswordBody>,
) -> Result<StatusCode, Problem> {
    let caller = state.accounts.finish_reset(&body.token, &body.password).await?;
    note(&state, "auth.password_reset", &caller, origin.address).await;
    Ok(StatusCode::NO_CONTENT)
}
