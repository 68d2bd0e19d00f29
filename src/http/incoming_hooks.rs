//! `/api/v1/webhooks/incoming`, and `/hooks/{secret}`, where other programs send messages.
//!
//! Who sends there reads a word, as Slack answers: `ok`, `no_text`, `invalid_payload`, `no_service`,
//! `channel_not_found`, `rate_limited`.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::domain::ChannelId;

use super::AppState;
use super::body::Body;
use super::caller::unstored;
use super::data::Asker;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::data::By;
use crate::hooks::{IncomingChange, IncomingHook, ReceiveError, Request};
use crate::wire::data::Listed;
use crate::wire::hooks::IncomingHookView;

/// Longest body. GitHub's largest common events have some 100 KiB; what is shown of one is a screen.
const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// What GitHub calls its event.
const GITHUB_EVENT: &str = "x-github-event";

/// The routes for people.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/webhooks/incoming", get(list).post(create))
        .route("/api/v1/webhooks/incoming/{id}", patch(change).delete(remove))
        .route("/api/v1/webhooks/incoming/{id}/secret", post(renew))
}

/// The route for programs. It counts by webhook, not by address: many may come from one.
pub fn open_routes() -> Router<AppState> {
    Router::new()
        .route("/hooks/{secret}", post(receive))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// A webhook to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct IncomingBody {
    /// Where it writes.
    #[schema(value_type = String)]
    channel_id: Written<ChannelId>,
    /// As what it writes unless a message says otherwise: 1 to 80 characters.
    name: String,
}

/// What changes of one; what is missing stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct IncomingPatch {
    /// Another name.
    name: Option<String>,
    /// Another channel.
    #[schema(value_type = Option<String>)]
    channel_id: Option<Written<ChannelId>>,
    /// Whether what comes is taken.
    is_active: Option<bool>,
}

/// Webhooks that one made oneself; admins see all.
#[utoipa::path(get, path = "/api/v1/webhooks/incoming", tag = "webhooks",
    responses((status = 200, description = "webhooks", body = Listed<IncomingHookView>)))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<Listed<IncomingHookView>>, Problem> {
    Ok(Json(Listed::new(state.incoming.list(&by.caller).await?, IncomingHookView::from)))
}

/// Makes a webhook for a channel; its address is shown this once.
#[utoipa::path(post, path = "/api/v1/webhooks/incoming", tag = "webhooks",
    request_body = IncomingBody,
    responses(
        (status = 201, description = "the webhook with its address", body = IncomingHookView),
        (status = 403, description = "not for this channel", body = ProblemDocument),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Asker(by): Asker,
    headers: HeaderMap,
    Body(body): Body<IncomingBody>,
) -> Result<Response, Problem> {
    let Written(channel) = body.channel_id;
    let new = state.incoming.create(&by.caller, channel, &body.name).await?;
    note(&state, &by, "webhook.create", &new.hook).await;
    let view = IncomingHookView::with_address(new, &origin(&state, &headers));
    Ok(unstored((StatusCode::CREATED, Json(view))))
}

/// Changes a webhook.
#[utoipa::path(patch, path = "/api/v1/webhooks/incoming/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "the webhook")), request_body = IncomingPatch,
    responses((status = 200, description = "the webhook", body = IncomingHookView)))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
    Body(body): Body<IncomingPatch>,
) -> Result<Json<IncomingHookView>, Problem> {
    let channel = body.channel_id.map(|Written(id)| id);
    let change = IncomingChange { name: body.name, channel, is_active: body.is_active };
    let hook = state.incoming.change(&by.caller, &id, change).await?;
    note(&state, &by, "webhook.update", &hook).await;
    Ok(Json(hook.into()))
}

/// Gives a webhook another address; the old one counts no more.
#[utoipa::path(post, path = "/api/v1/webhooks/incoming/{id}/secret", tag = "webhooks",
    params(("id" = String, Path, description = "the webhook")),
    responses((status = 200, description = "the webhook with its address", body = IncomingHookView)))]
pub async fn renew(
    State(state): State<AppState>,
    Asker(by): Asker,
    headers: HeaderMap,
    At(id): At<String>,
) -> Result<Response, Problem> {
    let new = state.incoming.renew(&by.caller, &id).await?;
    note(&state, &by, "webhook.renew", &new.hook).await;
    Ok(unstored(Json(IncomingHookView::with_address(new, &origin(&state, &headers)))))
}

/// Takes a webhook away.
#[utoipa::path(delete, path = "/api/v1/webhooks/incoming/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "the webhook")),
    responses((status = 204, description = "gone")))]
pub async fn remove(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let hook = state.incoming.remove(&by.caller, &id).await?;
    note(&state, &by, "webhook.delete", &hook).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a message from another program: in Slack's shape, or as GitHub, Grafana and Alertmanager send
/// their events by themselves. JSON, or a form with the document in its field `payload`.
#[utoipa::path(post, path = "/hooks/{secret}", tag = "webhooks",
    params(("secret" = String, Path, description = "what the webhook's address ends with")),
    request_body(content = serde_json::Value, description = "text, username, icon_emoji, blocks, attachments"),
    responses(
        (status = 200, description = "`ok`"),
        (status = 400, description = "`invalid_payload` or `no_text`"),
        (status = 404, description = "`no_service` or `channel_not_found`"),
        (status = 429, description = "`rate_limited`"),
    ))]
pub async fn receive(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    At(secret): At<String>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let found = match state.incoming.find(&secret).await {
        Ok(found) => found,
        Err(error) => {
            // Whoever tries addresses is counted by their own.
            let refused = state.rest_limits.count_address(peer.ip(), state.clock.now().0).await;
            return refused.map_or_else(|| refusal(&error), too_many);
        }
    };
    let counted = state.rest_limits.count_user(found.author(), state.clock.now().0).await;
    if let Some(wait_ms) = counted {
        return too_many(wait_ms);
    }
    let Ok(body) = body else {
        return Problem::too_large("the body is too large").in_a_word("too_large");
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let content_type = header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let request = Request {
        secret: &secret,
        github_event: header(GITHUB_EVENT),
        is_form: content_type.starts_with("application/x-www-form-urlencoded"),
        body: &body,
    };
    match state.incoming.receive(&found, &request).await {
        Ok(_) => "ok".into_response(),
        Err(error) => refusal(&error),
    }
}

fn too_many(wait_ms: u64) -> Response {
    Problem::too_many("too many messages", wait_ms).in_a_word("rate_limited")
}

fn refusal(error: &ReceiveError) -> Response {
    let detail = error.to_string();
    match error {
        ReceiveError::NoHook => Problem::not_found(detail).in_a_word("no_service"),
        ReceiveError::NoChannel => Problem::not_found(detail).in_a_word("channel_not_found"),
        ReceiveError::InvalidPayload => Problem::malformed(detail).in_a_word("invalid_payload"),
        ReceiveError::NoText => Problem::malformed(detail).in_a_word("no_text"),
        ReceiveError::Chat(error) => {
            let problem: Problem = error.clone().into();
            let word = problem.code();
            problem.in_a_word(word)
        }
    }
}

/// Where this server is reached: as the operator says, or as the caller came.
fn origin(state: &AppState, headers: &HeaderMap) -> String {
    let server = &state.settings.server;
    if !server.public_url.is_empty() {
        return server.public_url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if server.is_secure() { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// What people do with webhooks is in the audit trail.
async fn note(state: &AppState, by: &By, action: &'static str, hook: &IncomingHook) {
    let details = vec![("name", hook.name.clone()), ("channel_id", hook.channel.to_string())];
    let event = by.did(action, ("incoming_webhook", hook.id.clone()), details);
    state.data.note(event).await;
}
