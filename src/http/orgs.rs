//! `/api/v1/orgs/current`: the caller's organization.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value};

use starling_actors::chat::Caller;

use super::AppState;
use super::body::Body;
use super::problem::{Problem, ProblemDocument};
use crate::auth::OrganizationChange;
use crate::config::RegistrationMode;
use crate::wire::account::OrganizationView;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/orgs/current", get(current).patch(change))
}

/// The caller's organization, its limits and what is used of them.
#[utoipa::path(get, path = "/api/v1/orgs/current", tag = "organizations",
    responses((status = 200, description = "the organization", body = OrganizationView)))]
pub async fn current(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<OrganizationView>, Problem> {
    Ok(Json(state.accounts.organization(&caller).await?.into()))
}

/// What changes of an organization; what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct OrganizationBody {
    /// New name.
    pub name: Option<String>,
    /// Given keys replace, `null` removes.
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Map<String, Value>>,
    /// `open`, `invite` or `closed`.
    #[schema(value_type = Option<String>)]
    pub registration: Option<RegistrationMode>,
}

/// Changes the caller's organization; only admins may.
#[utoipa::path(patch, path = "/api/v1/orgs/current", tag = "organizations",
    request_body = OrganizationBody,
    responses(
        (status = 200, description = "the organization", body = OrganizationView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<OrganizationBody>,
) -> Result<Json<OrganizationView>, Problem> {
    let OrganizationBody { name, settings, registration } = body;
    let change = OrganizationChange { name, settings, registration };
    Ok(Json(state.accounts.change_organization(&caller, change).await?.into()))
}
