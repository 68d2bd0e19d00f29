//! `/api/v1/auth`: signing up, signing in, refreshing, signing out.

use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{delete, get, post};
use axum::{Form, Json, Router};
use serde::Deserialize;
use starling_actors::domain::Presence;

use starling_actors::chat::Caller;

use super::AppState;
use super::body::Body;
use super::caller::{Whence, unstored};
use super::params::{At, Params};
use super::problem::{Problem, ProblemDocument};
use super::users::view_for;
use crate::auth::{Admission, Application, Credentials, SignedIn, TICKET_SECONDS};
use crate::data::By;
use crate::wire::account::{
    LoginList, LoginView, RegisteredView, TicketView, TokenPairView, UserView,
};

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/register", post(register))
        .route("/api/v1/auth/login", post(login))
        .route("/api/v1/auth/refresh", post(refresh))
        .route("/api/v1/auth/logout", post(logout))
        .route("/api/v1/auth/me", get(me))
        .route("/api/v1/auth/password", post(change_password))
        .route("/api/v1/auth/ws-ticket", post(ws_ticket))
        .route("/api/v1/auth/sessions", get(sessions).delete(end_other_sessions))
        .route("/api/v1/auth/sessions/{id}", delete(end_session))
        // The old chat's paths.
        .route("/auth/signup", post(register))
        .route("/auth/login", post(login))
        .route("/auth/refresh", post(refresh))
        .route("/auth/me", get(me))
}

/// Who signs up, and where.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct RegisterBody {
    /// Unique within the organization.
    pub email: String,
    /// Made from the e-mail when missing.
    pub username: Option<String>,
    /// 8 to 128 characters.
    pub password: String,
    /// As shown beside the user name.
    pub full_name: Option<String>,
    /// Makes a new organization with this person as its admin.
    pub org_name: Option<String>,
    /// Of the new organization, or of the one to join.
    pub org_slug: Option<String>,
    /// Joins the organization that invited, whatever its registration says.
    pub invite_token: Option<String>,
}

/// Makes an account and signs it in.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "accounts", request_body = RegisterBody,
    responses(
        (status = 201, description = "the account and its tokens", body = RegisteredView),
        (status = 403, description = "registration is not open", body = ProblemDocument),
        (status = 409, description = "e-mail, user name, slug or limit", body = ProblemDocument),
        (status = 422, description = "a field is wrong", body = ProblemDocument),
    ))]
pub async fn register(
    State(state): State<AppState>,
    Whence(origin): Whence,
    Body(body): Body<RegisterBody>,
) -> Result<Response, Problem> {
    let application = Application {
        email: body.email,
        username: body.username,
        password: body.password,
        full_name: body.full_name,
        org_name: body.org_name,
        org_slug: body.org_slug,
        invite_token: body.invite_token,
    };
    let address = origin.address.clone();
    let signed_in = state.accounts.register(application, origin).await?;
    note(&state, "auth.register", &signed_in.caller, address).await;
    // The account is there whatever happens to its first channel, which can be joined later.
    if let Err(error) = state.chat.welcome(&signed_in.caller).await {
        tracing::warn!(user = %signed_in.user.id, %error, "new account not in its first channel");
    }
    let now = state.clock.now();
    let view = RegisteredView::new(TokenPairView::new(signed_in, Presence::Offline, now));
    Ok(unstored((StatusCode::CREATED, Json(view))))
}

/// With what someone signs in.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct LoginBody {
    /// E-mail or user name.
    #[serde(alias = "username")]
    pub email: String,
    /// The password.
    pub password: String,
    /// Which organization, when the e-mail is in several.
    pub org_slug: Option<String>,
}

/// Signs in with a JSON body, or with a form of `username` and `password`.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "accounts", request_body = LoginBody,
    responses(
        (status = 200, description = "the tokens", body = TokenPairView),
        (status = 401, description = "something was wrong", body = ProblemDocument),
        (status = 429, description = "too many failures", body = ProblemDocument),
    ))]
pub async fn login(
    State(state): State<AppState>,
    Whence(origin): Whence,
    request: Request,
) -> Result<Response, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body: LoginBody = if content_type.starts_with("application/x-www-form-urlencoded") {
        let form = Form::<LoginBody>::from_request(request, &state).await;
        form.map_err(|error| Problem::invalid_field("body", error.body_text()))?.0
    } else {
        Body::<LoginBody>::from_request(request, &state).await?.0
    };
    let credentials =
        Credentials { identifier: body.email, password: body.password, org_slug: body.org_slug };
    let address = origin.address.clone();
    let signed_in = state.accounts.log_in(credentials, origin).await?;
    note(&state, "auth.login", &signed_in.caller, address).await;
    Ok(tokens(&state, signed_in))
}

/// Writes down who came in, and from where.
pub(super) async fn note(state: &AppState, action: &'static str, caller: &Caller, address: String) {
    let by = By { caller: caller.clone(), address };
    state.data.note(by.did(action, ("user", by.user().to_string()), Vec::new())).await;
}

/// A pair of tokens for someone who has just shown who they are.
pub(super) fn tokens(state: &AppState, signed_in: SignedIn) -> Response {
    let presence = state.sessions.presence(signed_in.user.id);
    unstored(Json(TokenPairView::new(signed_in, presence, state.clock.now())))
}

/// The token to spend.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema, utoipa::IntoParams)]
pub struct RefreshBody {
    /// The newest refresh token of the sign-in.
    pub refresh_token: String,
}

/// The same in the address, for old clients.
#[derive(Clone, Debug, Deserialize)]
pub struct RefreshQuery {
    refresh_token: Option<String>,
}

/// Gives a new pair and spends the old refresh token. A spent one ends the whole sign-in.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "accounts", request_body = RefreshBody,
    responses(
        (status = 200, description = "the new tokens", body = TokenPairView),
        (status = 401, description = "spent, expired, revoked or no refresh token",
            body = ProblemDocument),
    ))]
pub async fn refresh(
    State(state): State<AppState>,
    Params(query): Params<RefreshQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let token = match query.refresh_token {
        Some(token) => token,
        None => Body::<RefreshBody>::from_request(request, &state).await?.0.refresh_token,
    };
    let signed_in = state.accounts.refresh(&token).await?;
    Ok(tokens(&state, signed_in))
}

/// Ends the sign-in: its tokens count no more, its sockets are closed with 4003.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "accounts",
    responses((status = 204, description = "signed out")))]
pub async fn logout(State(state): State<AppState>, caller: Caller) -> Result<StatusCode, Problem> {
    state.accounts.log_out(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Oneself.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "accounts",
    responses((status = 200, description = "oneself", body = UserView)))]
pub async fn me(State(state): State<AppState>, caller: Caller) -> Result<Json<UserView>, Problem> {
    let user = state.accounts.user(caller.org, caller.user()).await?;
    Ok(Json(view_for(&state, &caller, &user)))
}

/// A change of password.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct PasswordBody {
    /// The one that counts now.
    pub current_password: String,
    /// 8 to 128 characters.
    pub new_password: String,
}

/// Changes the password and ends all other sign-ins.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "accounts", request_body = PasswordBody,
    responses(
        (status = 204, description = "changed"),
        (status = 401, description = "the current password is wrong", body = ProblemDocument),
    ))]
pub async fn change_password(
    State(state): State<AppState>,
    caller: Caller,
    Whence(origin): Whence,
    Body(body): Body<PasswordBody>,
) -> Result<StatusCode, Problem> {
    state.accounts.change_password(&caller, &body.current_password, &body.new_password).await?;
    note(&state, "auth.password", &caller, origin.address).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a ticket that opens one socket, once, within half a minute.
#[utoipa::path(post, path = "/api/v1/auth/ws-ticket", tag = "accounts",
    responses((status = 201, description = "the ticket", body = TicketView)))]
pub async fn ws_ticket(
    State(state): State<AppState>,
    admission: Admission,
) -> Result<Response, Problem> {
    let ticket = state.accounts.make_ticket(&admission)?;
    Ok(unstored((StatusCode::CREATED, Json(TicketView { ticket, expires_in: TICKET_SECONDS }))))
}

/// One's own sign-ins that have not ended.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "accounts",
    responses((status = 200, description = "the sign-ins", body = LoginList)))]
pub async fn sessions(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<LoginList>, Problem> {
    let logins = state.accounts.logins(&caller).await?;
    let is_current = |id| caller.login == Some(id);
    let data: Vec<LoginView> = logins
        .into_iter()
        .map(|login| (is_current(login.id), login))
        .map(|(is, login)| LoginView::new(login, is))
        .collect();
    Ok(Json(LoginList { count: data.len(), data }))
}

/// Ends all of one's own sign-ins but this one.
#[utoipa::path(delete, path = "/api/v1/auth/sessions", tag = "accounts",
    responses((status = 204, description = "ended")))]
pub async fn end_other_sessions(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    state.accounts.end_logins(caller.org, caller.user(), caller.login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sign-ins.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", tag = "accounts",
    params(("id" = String, Path, description = "the sign-in")),
    responses((status = 204, description = "ended")))]
pub async fn end_session(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("no such session"))?;
    state.accounts.end_login(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
