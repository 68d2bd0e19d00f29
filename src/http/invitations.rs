//! `/api/v1/invitations`: letting people in, whatever the registration says.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, get};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::domain::OrgRole;

use starling_actors::chat::Caller;

use super::AppState;
use super::body::Body;
use super::caller::unstored;
use super::params::At;
use super::problem::{Problem, ProblemDocument};
use crate::auth::NewInvitation;
use crate::mail;
use crate::wire::account::InvitationView;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/invitations", get(list).post(invite))
        .route("/api/v1/invitations/{id}", delete(withdraw))
}

/// Whom to invite.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct InvitationBody {
    /// Only this e-mail may use it; missing: whoever holds the token.
    pub email: Option<String>,
    /// `admin`, `analyst` (when missing) or `viewer`.
    pub role: Option<String>,
}

/// Makes an invitation; its token is shown this once.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "organizations",
    request_body = InvitationBody,
    responses(
        (status = 201, description = "the invitation", body = InvitationView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn invite(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<InvitationBody>,
) -> Result<Response, Problem> {
    let role = match body.role.as_deref().unwrap_or("analyst").parse() {
        Ok(OrgRole::Guest) | Err(_) => {
            return Err(Problem::invalid_field("role", "must be admin, analyst or viewer"));
        }
        Ok(role) => role,
    };
    let new = state.accounts.invite(&caller, NewInvitation { email: body.email, role }).await?;
    let server = state.settings.server.address();
    let mut view = InvitationView::with_token(new, &server);
    view.is_mailed = Some(write(&state, &caller, &view).await);
    Ok(unstored((StatusCode::CREATED, Json(view))))
}

/// Writes to the person, if it is known where; whether a letter is on its way. Whoever invited has the link
/// in any case.
async fn write(state: &AppState, caller: &Caller, view: &InvitationView) -> bool {
    let (Some(email), Some(url)) = (&view.email, &view.url) else { return false };
    let Some(place) = state.postbox.place().flatten() else { return false };
    let Ok(organization) = state.accounts.organization(caller).await else { return false };
    let by = &caller.byline;
    let name = if by.full_name.is_empty() { &by.username } else { &by.full_name };
    let letter = mail::invitation(email, name, &organization.name, url);
    tokio::spawn(async move { place.send(&letter).await });
    true
}

/// Invitations that can still be used.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "organizations",
    responses((status = 200, description = "invitations", body = Vec<InvitationView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Vec<InvitationView>>, Problem> {
    let invitations = state.accounts.invitations(&caller).await?;
    Ok(Json(invitations.into_iter().map(InvitationView::from).collect()))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "organizations",
    params(("id" = String, Path, description = "the invitation")),
    responses((status = 204, description = "withdrawn")))]
pub async fn withdraw(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("no such invitation"))?;
    state.accounts.withdraw(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
