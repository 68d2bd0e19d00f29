//! Who asks: the bearer token of a request, checked once.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use starling_actors::chat::{Caller, Chat};

use super::AppState;
use super::problem::Problem;
use crate::auth::{AccountError, Accounts, Admission, Origin, TokenError};

/// What was found out about a request's token before its route was reached.
#[derive(Clone, Debug)]
pub struct Identified(pub Result<Admission, TokenError>);

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Checks the token of a request, if it has one.
pub async fn identify(state: &AppState, headers: &HeaderMap) -> Option<Identified> {
    let token = bearer(headers)?;
    let admitted = state.accounts.admit(token).await;
    if let Ok(Admission { caller, is_new: true, .. }) = &admitted {
        lead_in(&state.accounts, &state.chat, caller).await;
    }
    Some(Identified(admitted))
}

/// Leads someone new into their first channel. Whatever comes of it they are let in; when it fails
/// or is cut off, their next request tries again.
pub async fn lead_in(accounts: &Accounts, chat: &Chat, caller: &Caller) {
    let user = caller.user();
    if let Err(error) = chat.welcome(caller).await {
        tracing::warn!(%user, %error, "new account not in its first channel");
    } else if let Err(error) = accounts.was_led_in(caller).await {
        tracing::warn!(%user, %error, "someone new will be led into their first channel again");
    }
}

/// A route that takes the caller answers 401 to everyone else.
impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Admission::from_request_parts(parts, state).await?.caller)
    }
}

/// The caller, and how long their token speaks for them.
impl FromRequestParts<AppState> for Admission {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Identified>().cloned();
        let known = match known {
            Some(known) => Some(known),
            None => identify(state, &parts.headers).await,
        };
        match known {
            Some(Identified(Ok(admission))) => Ok(admission),
            Some(Identified(Err(error))) => Err(error.into()),
            None => Err(Problem::unauthenticated("invalid_token", "a bearer token is needed")),
        }
    }
}

/// From where and with what a request comes.
#[derive(Clone, Debug)]
pub struct Whence(pub Origin);

impl<S: Send + Sync> FromRequestParts<S> for Whence {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(Origin {
            address: address.map(|info| info.0.ip().to_string()).unwrap_or_default(),
            user_agent: user_agent.unwrap_or_default().to_owned(),
        }))
    }
}

/// An answer that no cache may keep, because it carries a secret.
pub fn unstored(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let code = match error {
            TokenError::Invalid => "invalid_token",
            TokenError::Expired => "token_expired",
            TokenError::WrongType => "wrong_token_type",
            TokenError::Revoked => "session_revoked",
            // Another token would not help: the person is known, and not let in.
            TokenError::NoAccount => return Self::forbidden("no_account", error.to_string()),
            TokenError::Unavailable => {
                return Self::unavailable("unavailable", "accounts cannot be read right now");
            }
        };
        Self::unauthenticated(code, error.to_string())
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let detail = error.to_string();
        match error {
            AccountError::Field { field, fault } => Self::invalid_field(field, fault),
            AccountError::WeakPassword(fault) => {
                Self::refused_field("weak_password", "password", fault)
            }
            AccountError::EmailTaken => Self::conflict("email_taken", detail),
            AccountError::UsernameTaken => Self::conflict("username_taken", detail),
            AccountError::SlugTaken => Self::conflict("slug_taken", detail),
            AccountError::LimitReached | AccountError::TooMany(_) => {
                Self::conflict("limit_reached", detail)
            }
            AccountError::RegistrationClosed => Self::forbidden("registration_closed", detail),
            AccountError::InvalidInvitation => {
                Self::refused_field("invalid_invitation", "invite_token", "does not count")
            }
            AccountError::InvalidCredentials => {
                Self::unauthenticated("invalid_credentials", detail)
            }
            AccountError::Throttled { retry_after_ms } => Self::too_many(detail, retry_after_ms),
            AccountError::Forbidden(_) => Self::forbidden("forbidden", detail),
            AccountError::NotFound(_) => Self::not_found(detail),
            AccountError::Token(error) => error.into(),
            AccountError::Overloaded => Self::unavailable("overloaded", detail),
            AccountError::Unavailable => Self::unavailable("unavailable", detail),
        }
    }
}
