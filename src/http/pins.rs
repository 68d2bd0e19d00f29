//! What stands beside messages: pins, and what is shown of pages that they link to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{ChannelId, MessageId, UserId};

use super::AppState;
use super::params::{At, Params, Written};
use super::problem::{Problem, ProblemDocument};
use super::questions::with_answers;
use crate::pins::Pin;
use crate::wire::beside::PinView;
use crate::wire::data::Listed;
use crate::wire::time::rfc3339;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/messages/{id}/pin", post(pin).delete(unpin))
        .route("/api/v1/channels/{id}/pins", get(list))
        .route("/api/v1/messages/{id}/link_previews", delete(remove_previews))
}

/// Messages that are pinned to a channel, the newest pin first.
#[utoipa::path(get, path = "/api/v1/channels/{id}/pins", tag = "messages",
    params(("id" = String, Path, description = "the channel")),
    responses((status = 200, description = "the pins", body = Listed<PinView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(channel)): At<Written<ChannelId>>,
) -> Result<Json<Listed<PinView>>, Problem> {
    let pins = state.pins.list(&caller, channel).await?;
    let data = views(&state, &caller, pins).await?;
    Ok(Json(Listed { count: data.len(), data }))
}

/// Pins a message to its channel.
#[utoipa::path(post, path = "/api/v1/messages/{id}/pin", tag = "messages",
    params(("id" = String, Path, description = "the message")),
    responses(
        (status = 201, description = "pinned", body = PinView),
        (status = 200, description = "it was pinned before", body = PinView),
        (status = 403, description = "a guest, or no member", body = ProblemDocument),
        (status = 409, description = "deleted, or too many pins", body = ProblemDocument),
    ))]
pub async fn pin(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
) -> Result<(StatusCode, Json<PinView>), Problem> {
    let (pin, is_new) = state.pins.pin(&caller, id).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let mut views = views(&state, &caller, vec![pin]).await?;
    Ok((status, Json(views.remove(0))))
}

/// Takes a message off.
#[utoipa::path(delete, path = "/api/v1/messages/{id}/pin", tag = "messages",
    params(("id" = String, Path, description = "the message")),
    responses((status = 204, description = "it is not pinned now")))]
pub async fn unpin(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
) -> Result<StatusCode, Problem> {
    state.pins.unpin(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Of which link.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct LinkQuery {
    /// The address as in the message; missing: of all its links.
    url: Option<String>,
}

/// Takes what is shown of a message's links away, for good; the author may, and who looks after the channel.
#[utoipa::path(delete, path = "/api/v1/messages/{id}/link_previews", tag = "messages",
    params(("id" = String, Path, description = "the message"), LinkQuery),
    responses(
        (status = 204, description = "not shown any more"),
        (status = 403, description = "another's message", body = ProblemDocument),
    ))]
pub async fn remove_previews(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
    Params(query): Params<LinkQuery>,
) -> Result<StatusCode, Problem> {
    state.previews.remove(&caller, id, query.url.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pins as the caller may see their messages.
async fn views(state: &AppState, caller: &Caller, pins: Vec<Pin>) -> Result<Vec<PinView>, Problem> {
    let (messages, marks): (Vec<_>, Vec<_>) =
        pins.into_iter().map(|pin| (pin.message, (pin.by, pin.at))).unzip();
    let messages = with_answers(state, caller, &messages).await?;
    let view = |(message, (by, at))| PinView {
        message,
        pinned_by: UserId::to_string(&by),
        pinned_at: rfc3339(at),
    };
    Ok(messages.into_iter().zip(marks).map(view).collect())
}
