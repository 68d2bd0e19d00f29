//! Who calls: the bearer token of a request, checked.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use starling_actors::chat::Caller;

use super::AppState;
use super::problem::Problem;
use crate::auth::TokenError;

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(parts)
            .ok_or_else(|| Problem::unauthenticated("invalid_token", "a bearer token is needed"))?;
        state.accounts.authenticate(token).await.map_err(refused)
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refused(error: TokenError) -> Problem {
    let detail = error.to_string();
    match error {
        TokenError::Invalid | TokenError::Revoked => {
            Problem::unauthenticated("invalid_token", detail)
        }
        TokenError::Expired => Problem::unauthenticated("token_expired", detail),
        TokenError::WrongType => Problem::unauthenticated("wrong_token_type", detail),
        TokenError::Unavailable => Problem::unavailable("unavailable", detail),
    }
}
