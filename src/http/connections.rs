//! `/api/v1/connections`: what an organization's questions can be asked of.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};

use super::AppState;
use super::body::Body;
use super::caller::unstored;
use super::data::Asker;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::data::ConnectionForm;
use crate::wire::data::{ConnectionView, Listed, TrialView};
use starling_actors::domain::ConnectionId;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/connections", get(list).post(create))
        .route("/api/v1/connections/demo", post(create_demo))
        .route("/api/v1/connections/{id}", get(show).patch(change).delete(remove))
        .route("/api/v1/connections/{id}/test", post(test))
}

/// Connections that one may use, by name; admins see all.
#[utoipa::path(get, path = "/api/v1/connections", tag = "data",
    responses((status = 200, description = "connections", body = Listed<ConnectionView>)))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<Listed<ConnectionView>>, Problem> {
    Ok(Json(Listed::new(state.data.list_connections(&by).await?, ConnectionView::from)))
}

/// Makes a connection and begins to read what it holds; admins and analysts may.
#[utoipa::path(post, path = "/api/v1/connections", tag = "data",
    request_body = ConnectionForm,
    responses(
        (status = 201, description = "the connection, without its secrets", body = ConnectionView),
        (status = 403, description = "not an admin or analyst", body = ProblemDocument),
        (status = 409, description = "`name_taken`, `limit_reached` or `vault_closed`", body = ProblemDocument),
        (status = 422, description = "what is wrong", body = ProblemDocument),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(form): Body<ConnectionForm>,
) -> Result<Response, Problem> {
    let details = state.data.create_connection(&by, &form).await?;
    if details.connection.is_active {
        state.explorer.begin(by.org(), details.connection.id);
    }
    Ok(unstored((StatusCode::CREATED, Json(ConnectionView::from(details)))))
}

/// Makes the demo shop, a bookshop with two years of orders, and reads what it holds.
#[utoipa::path(post, path = "/api/v1/connections/demo", tag = "data",
    responses(
        (status = 201, description = "the connection", body = ConnectionView),
        (status = 403, description = "not an admin or analyst", body = ProblemDocument),
        (status = 409, description = "`limit_reached`", body = ProblemDocument),
    ))]
pub async fn create_demo(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Response, Problem> {
    let details = state.explorer.connect_demo_shop(&by).await?;
    Ok(unstored((StatusCode::CREATED, Json(ConnectionView::from(details)))))
}

/// One connection.
#[utoipa::path(get, path = "/api/v1/connections/{id}", tag = "data",
    params(("id" = String, Path, description = "the connection")),
    responses(
        (status = 200, description = "the connection", body = ConnectionView),
        (status = 404, description = "not there, or open to others only", body = ProblemDocument),
    ))]
pub async fn show(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
) -> Result<Json<ConnectionView>, Problem> {
    Ok(Json(state.data.show_connection(&by, id).await?.into()))
}

/// Changes a connection: an admin, or who made it. What is missing stays, what is empty is taken away;
/// who changes the server gives the secrets again.
#[utoipa::path(patch, path = "/api/v1/connections/{id}", tag = "data",
    params(("id" = String, Path, description = "the connection")),
    request_body = ConnectionForm,
    responses(
        (status = 200, description = "the connection", body = ConnectionView),
        (status = 403, description = "not an admin and not its maker", body = ProblemDocument),
        (status = 409, description = "`name_taken` or `conflict`", body = ProblemDocument),
    ))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
    Body(form): Body<ConnectionForm>,
) -> Result<Json<ConnectionView>, Problem> {
    Ok(Json(state.data.change_connection(&by, id, &form).await?.into()))
}

/// Deletes a connection and all that is known of it; only admins may.
#[utoipa::path(delete, path = "/api/v1/connections/{id}", tag = "data",
    params(("id" = String, Path, description = "the connection")),
    responses(
        (status = 204, description = "deleted"),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn remove(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
) -> Result<StatusCode, Problem> {
    state.data.delete_connection(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enters the database and says how many tables there are, and whether the role could write.
#[utoipa::path(post, path = "/api/v1/connections/{id}/test", tag = "data",
    params(("id" = String, Path, description = "the connection")),
    responses((status = 200, description = "what happened", body = TrialView)))]
pub async fn test(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ConnectionId>>,
) -> Result<Json<TrialView>, Problem> {
    Ok(Json(state.explorer.test(&by, id).await?.into()))
}
