//! `/api/v1/groups`: people who are called by one name.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{GroupId, UserId};

use super::AppState;
use super::body::Body;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::auth::GroupChange;
use crate::wire::account::GroupView;
use crate::wire::data::Listed;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/groups", get(list).post(make))
        .route("/api/v1/groups/{id}", patch(change).delete(remove))
}

/// A group, or what changes of it; what is missing stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct GroupBody {
    /// What stands behind the `@`; no user name, and of no other group.
    handle: Option<String>,
    /// As it is shown; the handle when missing.
    name: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// All its people, at most 100.
    #[schema(value_type = Option<Vec<String>>)]
    member_ids: Option<Vec<Written<UserId>>>,
}

impl From<GroupBody> for GroupChange {
    fn from(body: GroupBody) -> Self {
        let GroupBody { handle, name, description, member_ids } = body;
        let members = member_ids.map(|ids| ids.into_iter().map(|Written(id)| id).collect());
        Self { handle, name, description, members }
    }
}

/// The organization's groups.
#[utoipa::path(get, path = "/api/v1/groups", tag = "people",
    responses((status = 200, description = "groups", body = Listed<GroupView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Listed<GroupView>>, Problem> {
    Ok(Json(Listed::new(state.accounts.groups(&caller).await?, GroupView::from)))
}

/// Makes a group; only admins may.
#[utoipa::path(post, path = "/api/v1/groups", tag = "people", request_body = GroupBody,
    responses(
        (status = 201, description = "the group", body = GroupView),
        (status = 403, description = "not an admin", body = ProblemDocument),
        (status = 409, description = "a person or a group has this name", body = ProblemDocument),
    ))]
pub async fn make(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<GroupBody>,
) -> Result<(StatusCode, Json<GroupView>), Problem> {
    let group = state.accounts.make_group(&caller, body.into()).await?;
    state.chat.tell_group(caller.org, group.id, Some(group.face())).await;
    Ok((StatusCode::CREATED, Json(group.into())))
}

/// Changes a group; only admins may.
#[utoipa::path(patch, path = "/api/v1/groups/{id}", tag = "people", request_body = GroupBody,
    params(("id" = String, Path, description = "the group")),
    responses(
        (status = 200, description = "the group", body = GroupView),
        (status = 409, description = "a person or a group has this name", body = ProblemDocument),
    ))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<GroupId>>,
    Body(body): Body<GroupBody>,
) -> Result<Json<GroupView>, Problem> {
    let group = state.accounts.change_group(&caller, id, body.into()).await?;
    state.chat.tell_group(caller.org, id, Some(group.face())).await;
    Ok(Json(group.into()))
}

/// Deletes a group; only admins may.
#[utoipa::path(delete, path = "/api/v1/groups/{id}", tag = "people",
    params(("id" = String, Path, description = "the group")),
    responses((status = 204, description = "gone; its handle is free")))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<GroupId>>,
) -> Result<StatusCode, Problem> {
    state.accounts.remove_group(&caller, id).await?;
    state.chat.tell_group(caller.org, id, None).await;
    Ok(StatusCode::NO_CONTENT)
}
