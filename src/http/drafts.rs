//! `/api/v1/drafts`: what the caller has written and not sent, on all their devices.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{ChannelId, ThreadId};

use super::AppState;
use super::body::Body;
use super::params::{At, Params, Written};
use super::problem::{Problem, ProblemDocument};
use crate::wire::data::Listed;
use crate::wire::later::DraftView;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/drafts", get(list))
        .route("/api/v1/drafts/{channel}", put(keep).delete(remove))
}

/// What was written.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct DraftBody {
    /// The words, at most 20,000 characters; empty ones take the draft away.
    content: String,
    /// In which thread of the channel.
    #[schema(value_type = Option<String>)]
    thread_id: Option<Written<ThreadId>>,
}

/// Of which thread.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct DraftQuery {
    /// The thread; missing: the channel's own draft.
    #[param(value_type = Option<String>)]
    thread_id: Option<Written<ThreadId>>,
}

/// All of one's own drafts.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "later",
    responses((status = 200, description = "drafts", body = Listed<DraftView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Listed<DraftView>>, Problem> {
    Ok(Json(Listed::new(state.later.drafts(&caller).await?, DraftView::from)))
}

/// Keeps what was written in a channel or a thread of it; the last writer wins.
#[utoipa::path(put, path = "/api/v1/drafts/{channel}", tag = "later", request_body = DraftBody,
    params(("channel" = String, Path, description = "the channel")),
    responses(
        (status = 200, description = "the draft", body = DraftView),
        (status = 409, description = "too many drafts", body = ProblemDocument),
    ))]
pub async fn keep(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(channel)): At<Written<ChannelId>>,
    Body(body): Body<DraftBody>,
) -> Result<Json<DraftView>, Problem> {
    let place = (channel, body.thread_id.map(|Written(id)| id));
    Ok(Json(state.later.put_draft(&caller, place, body.content).await?.into()))
}

/// Takes a draft away.
#[utoipa::path(delete, path = "/api/v1/drafts/{channel}", tag = "later",
    params(("channel" = String, Path, description = "the channel"), DraftQuery),
    responses((status = 204, description = "gone, or was not there")))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(channel)): At<Written<ChannelId>>,
    Params(query): Params<DraftQuery>,
) -> Result<StatusCode, Problem> {
    let thread = query.thread_id.map(|Written(id)| id);
    state.later.drop_draft(&caller, channel, thread).await?;
    Ok(StatusCode::NO_CONTENT)
}
