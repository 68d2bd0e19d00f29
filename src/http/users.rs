//! `/api/v1/users`: people of the caller's organization.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Deserializer};
use starling_actors::chat::Caller;
use starling_actors::domain::{CustomStatus, OrgRole, Presence, Timestamp, UserId};

use super::AppState;
use super::body::Body;
use super::params::{At, Params};
use super::problem::{Problem, ProblemDocument};
use crate::auth::{User, UserChange};
use crate::wire::account::UserView;
use crate::wire::time::parse_rfc3339;

/// People on a page when nothing is said, and at most.
const PAGE: (usize, usize) = (100, 200);

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/users", get(list))
        .route("/api/v1/users/me", get(super::accounts::me).patch(change_me))
        .route("/api/v1/users/{id}", get(one).patch(change))
        // The old chat's path.
        .route("/users", get(list))
}

/// A person as the caller may see them.
pub fn view_for(state: &AppState, caller: &Caller, user: &User) -> UserView {
    let (presence, now) = (state.sessions.presence(user.id), state.clock.now());
    if caller.user() == user.id || caller.role.may_administer() {
        UserView::private(user, presence, now)
    } else {
        UserView::public(user, presence, now)
    }
}

/// Which people.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct UsersQuery {
    /// Part of a user name or full name.
    pub query: Option<String>,
    /// 1 to 200; 100 when missing.
    pub limit: Option<String>,
    /// From `X-Next-Cursor` of the page before.
    pub cursor: Option<String>,
}

/// People of the organization.
#[utoipa::path(get, path = "/api/v1/users", tag = "people", params(UsersQuery),
    responses((status = 200, description = "people", body = Vec<UserView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<UsersQuery>,
) -> Result<Response, Problem> {
    let limit = match query.limit.as_deref().map(str::parse::<usize>) {
        None => PAGE.0,
        Some(Ok(limit)) if (1..=PAGE.1).contains(&limit) => limit,
        Some(Ok(_) | Err(_)) => return Err(Problem::invalid_field("limit", "must be 1 to 200")),
    };
    let after = query.cursor.as_deref().map(str::parse).transpose();
    let after = after.map_err(|_| Problem::invalid_field("cursor", "is not a cursor"))?;
    let text = query.query.unwrap_or_default();
    let page = state.accounts.users(&caller, &text, after, limit).await?;
    let views: Vec<UserView> =
        page.users.iter().map(|user| view_for(&state, &caller, user)).collect();
    let mut response = Json(views).into_response();
    if let Some(next) = page.next.and_then(|id| HeaderValue::from_str(&id.to_string()).ok()) {
        response.headers_mut().insert(HeaderName::from_static("x-next-cursor"), next);
    }
    Ok(response)
}

/// One person of the organization.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "people",
    params(("id" = String, Path, description = "the person")),
    responses(
        (status = 200, description = "the person", body = UserView),
        (status = 404, description = "not of this organization", body = ProblemDocument),
    ))]
pub async fn one(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<UserView>, Problem> {
    let user = state.accounts.user(caller.org, parse(&id)?).await?;
    Ok(Json(view_for(&state, &caller, &user)))
}

fn parse(id: &str) -> Result<UserId, Problem> {
    id.parse().map_err(|_| Problem::not_found("no such user"))
}

/// What changes of a person; what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct UserBody {
    /// New user name.
    pub username: Option<String>,
    /// New full name.
    pub full_name: Option<String>,
    /// New picture: an http or https address, or empty.
    pub avatar_url: Option<String>,
    /// How one is shown: `online`, `away` or `dnd`; only one's own.
    pub status: Option<String>,
    /// What one says of oneself; `null`: nothing any more. Only one's own.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<CustomStatusBody>)]
    pub custom_status: Option<Option<CustomStatusBody>>,
    /// `admin`, `analyst` or `viewer`; only by admins.
    pub role: Option<String>,
    /// Whether they may sign in; only by admins.
    pub is_active: Option<bool>,
}

/// What a person says of themselves: an emoji, a line of text, or both.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct CustomStatusBody {
    /// An emoji or its short name.
    pub emoji: Option<String>,
    /// At most 100 characters.
    pub text: Option<String>,
    /// Shown no longer from then on; missing: until one says otherwise.
    pub expires_at: Option<String>,
}

/// A field that is there is a change, also when it is `null`.
fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

impl CustomStatusBody {
    fn into_status(self, now: Timestamp) -> Result<CustomStatus, Problem> {
        let until = self.expires_at.as_deref().map(parse_rfc3339);
        let is_wrong = until.is_some_and(|until| until.is_none_or(|until| until <= now));
        if is_wrong {
            let fault = "must be a time to come, as 2026-11-22T09:00:00Z";
            return Err(Problem::invalid_field("custom_status.expires_at", fault));
        }
        let (emoji, text) = (self.emoji.unwrap_or_default(), self.text.unwrap_or_default());
        CustomStatus::new(&emoji, &text, until.flatten())
            .map_err(|error| Problem::invalid_field("custom_status", error.to_string()))
    }
}

impl UserBody {
    /// The status that was asked for. `offline` is not chosen: it is what a person is who has gone.
    fn presence(&self) -> Result<Option<Presence>, Problem> {
        let fault = || Problem::invalid_field("status", "must be online, away or dnd");
        let Some(word) = self.status.as_deref() else { return Ok(None) };
        match word.parse() {
            Ok(Presence::Offline) | Err(_) => Err(fault()),
            Ok(presence) => Ok(Some(presence)),
        }
    }

    fn into_change(self, now: Timestamp) -> Result<UserChange, Problem> {
        let role = self.role.as_deref().map(str::parse::<OrgRole>).transpose();
        let fault = |_| Problem::invalid_field("role", "must be admin, analyst or viewer");
        let said =
            self.custom_status.map(|said| said.map(|said| said.into_status(now)).transpose());
        Ok(UserChange {
            custom_status: said.transpose()?,
            username: self.username,
            full_name: self.full_name,
            avatar_url: self.avatar_url,
            role: role.map_err(fault)?,
            is_active: self.is_active,
        })
    }
}

/// Changes oneself.
#[utoipa::path(patch, path = "/api/v1/users/me", tag = "people", request_body = UserBody,
    responses(
        (status = 200, description = "oneself", body = UserView),
        (status = 409, description = "the user name is taken", body = ProblemDocument),
    ))]
pub async fn change_me(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<UserBody>,
) -> Result<Json<UserView>, Problem> {
    let presence = body.presence()?;
    let change = body.into_change(state.clock.now())?;
    let user = state.statuses.change_self(&caller, change).await?;
    if let Some(presence) = presence {
        state.sessions.show(user.id, presence);
    }
    Ok(Json(view_for(&state, &caller, &user)))
}

/// Changes a person; only admins may.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "people", request_body = UserBody,
    params(("id" = String, Path, description = "the person")),
    responses(
        (status = 200, description = "the person", body = UserView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
    Body(body): Body<UserBody>,
) -> Result<Json<UserView>, Problem> {
    if body.presence()?.is_some() || body.custom_status.is_some() {
        return Err(Problem::forbidden("forbidden", "people choose their own status"));
    }
    let user = state
        .accounts
        .change_user(&caller, parse(&id)?, body.into_change(state.clock.now())?)
        .await?;
    Ok(Json(view_for(&state, &caller, &user)))
}
