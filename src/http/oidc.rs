//! `/api/v1/auth/oidc`: signing in at another server, in the browser; and which ways in there are.
//!
//! Two cookies that no script reads carry the sign-in: one from the start to the return, one from
//! the return to the page's first call, which gives the tokens. No address ever holds a secret.

use axum::extract::State;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::AppState;
use super::accounts::{note, tokens};
use super::caller::{Whence, lead_in, unstored};
use super::params::Params;
use super::problem::{Problem, ProblemDocument};
use crate::auth::{ARRIVAL_SECONDS, AccountError, OidcError, Return, SIGN_IN_SECONDS};
use crate::config::RegistrationMode;
use crate::wire::account::TokenPairView;

const LOGIN_PATH: &str = "/api/v1/auth/oidc/login";
const CALLBACK_PATH: &str = "/api/v1/auth/oidc/callback";
/// Where the page looks when it is loaded after a sign-in.
const PAGE_SIGNED_IN: &str = "/#signed-in";
/// The same after one that failed; the word behind it says why.
const PAGE_FAILED: &str = "/#sign-in-failed=";

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/methods", get(methods))
        .route(LOGIN_PATH, get(login))
        .route(CALLBACK_PATH, get(callback))
        .route("/api/v1/auth/oidc/exchange", post(exchange))
}

/// The ways in that this server has.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MethodsView {
    /// E-mail and password.
    pub password: bool,
    /// A new password by mail, for who lost theirs.
    pub password_reset: bool,
    /// A name alone.
    pub guests: bool,
    /// `open`, `invite` or `closed`, for those without an invitation.
    #[schema(value_type = String)]
    pub registration: RegistrationMode,
    /// Sign-in at another server; `null` when there is none.
    pub oidc: Option<OidcView>,
}

/// Sign-in at another server.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OidcView {
    /// What stands on the button.
    pub label: String,
    /// Where the button leads.
    pub login_url: String,
}

/// Tells the page which ways in to offer.
#[utoipa::path(get, path = "/api/v1/auth/methods", tag = "accounts",
    responses((status = 200, description = "the ways in", body = MethodsView)))]
pub async fn methods(State(state): State<AppState>) -> Json<MethodsView> {
    let label = state.accounts.single_sign_on_label();
    Json(MethodsView {
        password: true,
        password_reset: state.postbox.is_open(),
        guests: state.settings.guests.enabled,
        registration: state.settings.registration.mode,
        oidc: label
            .map(|label| OidcView { label: label.to_owned(), login_url: LOGIN_PATH.to_owned() }),
    })
}

/// A cookie of this flow.
#[derive(Clone, Copy, Debug)]
enum Carried {
    /// From the start to the return; sent along with the provider's redirect, so `Lax`.
    SignIn,
    /// From the return to the page's first call.
    Arrival,
}

impl Carried {
    /// With HTTPS the name's prefix makes browsers refuse one that a neighbouring host set.
    const fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::SignIn, true) => "__Host-starling_sign_in",
            (Self::SignIn, false) => "starling_sign_in",
            (Self::Arrival, true) => "__Host-starling_arrival",
            (Self::Arrival, false) => "starling_arrival",
        }
    }

    /// The header that sets it; an empty value removes it.
    fn set(self, value: &str, is_secure: bool) -> Option<HeaderValue> {
        let (site, seconds) = match self {
            Self::SignIn => ("Lax", SIGN_IN_SECONDS),
            Self::Arrival => ("Strict", ARRIVAL_SECONDS),
        };
        let seconds = if value.is_empty() { 0 } else { seconds };
        let secure = if is_secure { "; Secure" } else { "" };
        let name = self.name(is_secure);
        let text =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={site}{secure}");
        HeaderValue::from_str(&text).ok()
    }

    fn of(self, headers: &HeaderMap, is_secure: bool) -> String {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';'));
        let name = self.name(is_secure);
        let found = pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    }
}

fn redirect_uri(state: &AppState) -> String {
    format!("{}{CALLBACK_PATH}", state.settings.server.address())
}

/// Sends the browser on, with cookies to keep or forget.
fn redirect(to: &str, cookies: impl IntoIterator<Item = Option<HeaderValue>>) -> Response {
    let mut response = unstored(StatusCode::SEE_OTHER);
    let headers = response.headers_mut();
    if let Ok(to) = HeaderValue::from_str(to) {
        headers.insert(LOCATION, to);
    }
    for cookie in cookies.into_iter().flatten() {
        headers.append(SET_COOKIE, cookie);
    }
    response
}

/// Sends the browser to the provider.
#[utoipa::path(get, path = "/api/v1/auth/oidc/login", tag = "accounts",
    responses(
        (status = 303, description = "to the provider, or to the page with what is wrong"),
        (status = 404, description = "there is no single sign-on", body = ProblemDocument),
    ))]
pub async fn login(State(state): State<AppState>) -> Response {
    match state.accounts.depart(&redirect_uri(&state)).await {
        Ok(away) => redirect(
            &away.url,
            [Carried::SignIn.set(&away.secret, state.settings.server.is_secure())],
        ),
        Err(OidcError::NotConfigured) => {
            Problem::not_found("there is no single sign-on here").into_response()
        }
        Err(error) => redirect(&format!("{PAGE_FAILED}{}", word(&error)), []),
    }
}

/// What the provider sends along.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Takes the browser back from the provider and sends it to the page.
#[utoipa::path(get, path = "/api/v1/auth/oidc/callback", tag = "accounts",
    responses((status = 303, description = "to the page")))]
pub async fn callback(
    State(state): State<AppState>,
    Params(query): Params<CallbackQuery>,
    headers: HeaderMap,
) -> Response {
    let is_secure = state.settings.server.is_secure();
    let back = Return {
        secret: Carried::SignIn.of(&headers, is_secure),
        state: query.state.unwrap_or_default(),
        // With an error there is no code, and its absence is answered once the state fits.
        code: query.code.filter(|_| query.error.is_none()).unwrap_or_default(),
    };
    let arrived = state.accounts.arrive_from_provider(&back, &redirect_uri(&state)).await;
    let forget = Carried::SignIn.set("", is_secure);
    match arrived {
        Ok(ticket) => redirect(PAGE_SIGNED_IN, [forget, Carried::Arrival.set(&ticket, is_secure)]),
        Err(error) => {
            tracing::info!(%error, "a single sign-on failed");
            redirect(&format!("{PAGE_FAILED}{}", word(&error)), [forget])
        }
    }
}

/// What the page makes a sentence of.
fn word(error: &OidcError) -> &'static str {
    match error {
        OidcError::NotConfigured => "not_configured",
        OidcError::Stale => "stale",
        OidcError::Refused => "refused",
        OidcError::Account(AccountError::EmailTaken) => "email_taken",
        OidcError::Account(AccountError::LimitReached) => "limit_reached",
        OidcError::Account(AccountError::Unavailable | AccountError::Overloaded)
        | OidcError::Provider => "unavailable",
        OidcError::Account(_) => "no_account",
    }
}

/// Gives the page its tokens, once, for the cookie that the return set.
#[utoipa::path(post, path = "/api/v1/auth/oidc/exchange", tag = "accounts",
    responses(
        (status = 200, description = "the tokens", body = TokenPairView),
        (status = 401, description = "no sign-in waits, or the account is switched off",
            body = ProblemDocument),
        (status = 503, description = "accounts cannot be read; the cookie counts again",
            body = ProblemDocument),
    ))]
pub async fn exchange(
    State(state): State<AppState>,
    Whence(origin): Whence,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ticket = Carried::Arrival.of(&headers, state.settings.server.is_secure());
    let address = origin.address.clone();
    let (signed_in, is_new) = state.accounts.redeem_arrival(&ticket, origin).await?;
    note(&state, "auth.login", &signed_in.caller, address).await;
    if is_new {
        lead_in(&state.accounts, &state.chat, &signed_in.caller).await;
    }
    let mut response = tokens(&state, signed_in);
    if let Some(forget) = Carried::Arrival.set("", state.settings.server.is_secure()) {
        response.headers_mut().append(SET_COOKIE, forget);
    }
    Ok(response)
}
