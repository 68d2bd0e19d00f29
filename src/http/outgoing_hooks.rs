//! `/api/v1/webhooks/outgoing`: whom the server tells what happens in channels, and what came of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::domain::ChannelId;

use super::AppState;
use super::body::Body;
use super::caller::unstored;
use super::data::Asker;
use super::params::{At, ListQuery, Params, Written, next_cursor};
use super::problem::{Problem, ProblemDocument};
use crate::data::By;
use crate::hooks::{OutgoingForm, OutgoingHook};
use crate::wire::data::Listed;
use crate::wire::hooks::{DeliveryView, OutgoingHookView};

/// Deliveries on a page when nothing is said, and at most.
const PAGE: (usize, usize) = (50, 200);

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/webhooks/outgoing", get(list).post(create))
        .route("/api/v1/webhooks/outgoing/{id}", patch(change).delete(remove))
        .route("/api/v1/webhooks/outgoing/{id}/deliveries", get(deliveries))
        .route("/api/v1/webhooks/outgoing/{id}/ping", post(ping))
}

/// What is written about a webhook; when one is changed, what is missing stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OutgoingBody {
    /// 1 to 80 characters.
    name: Option<String>,
    /// Where it sends: a public address, unless the operator has allowed others.
    url: Option<String>,
    /// Which channel it hears; missing: the open ones of the organization (admins only). It does not
    /// change.
    #[schema(value_type = Option<String>)]
    channel_id: Option<Written<ChannelId>>,
    /// `message.created` (when missing), `message.updated`, `message.deleted`, `reaction.added`,
    /// `reaction.removed`, `member.joined`, `member.left`, `messages.deleted` (what the server deletes).
    events: Option<Vec<String>>,
    /// Only messages of people that begin with one of these words are told.
    trigger_words: Option<Vec<String>>,
    /// Whether it is told anything.
    is_active: Option<bool>,
}

impl From<OutgoingBody> for OutgoingForm {
    fn from(body: OutgoingBody) -> Self {
        Self {
            name: body.name,
            url: body.url,
            channel: body.channel_id.map(|Written(id)| id),
            events: body.events,
            trigger_words: body.trigger_words,
            is_active: body.is_active,
        }
    }
}

/// Webhooks that one made oneself; admins see all.
#[utoipa::path(get, path = "/api/v1/webhooks/outgoing", tag = "webhooks",
    responses((status = 200, description = "webhooks", body = Listed<OutgoingHookView>)))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<Listed<OutgoingHookView>>, Problem> {
    Ok(Json(Listed::new(state.outgoing.list(&by.caller).await?, OutgoingHookView::from)))
}

/// Makes a webhook; its secret is shown this once.
#[utoipa::path(post, path = "/api/v1/webhooks/outgoing", tag = "webhooks",
    request_body = OutgoingBody,
    responses(
        (status = 201, description = "the webhook with its secret", body = OutgoingHookView),
        (status = 403, description = "not for this channel", body = ProblemDocument),
        (status = 422, description = "an address that is not called", body = ProblemDocument),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(body): Body<OutgoingBody>,
) -> Result<Response, Problem> {
    let (hook, secret) = state.outgoing.create(&by.caller, body.into()).await?;
    note(&state, &by, "webhook.create", &hook).await;
    let view = OutgoingHookView { secret: Some(secret), ..OutgoingHookView::from(hook) };
    Ok(unstored((StatusCode::CREATED, Json(view))))
}

/// Changes a webhook; switching it on again forgets that it failed.
#[utoipa::path(patch, path = "/api/v1/webhooks/outgoing/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "the webhook")), request_body = OutgoingBody,
    responses((status = 200, description = "the webhook", body = OutgoingHookView)))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
    Body(body): Body<OutgoingBody>,
) -> Result<Json<OutgoingHookView>, Problem> {
    let hook = state.outgoing.change(&by.caller, &id, body.into()).await?;
    note(&state, &by, "webhook.update", &hook).await;
    Ok(Json(hook.into()))
}

/// Takes a webhook away, with all that waits for it.
#[utoipa::path(delete, path = "/api/v1/webhooks/outgoing/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "the webhook")),
    responses((status = 204, description = "gone")))]
pub async fn remove(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    let hook = state.outgoing.remove(&by.caller, &id).await?;
    note(&state, &by, "webhook.delete", &hook).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest deliveries of a webhook. The newest 1,000 are kept.
#[utoipa::path(get, path = "/api/v1/webhooks/outgoing/{id}/deliveries", tag = "webhooks",
    params(
        ("id" = String, Path, description = "the webhook"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 when missing"),
        ("cursor" = Option<String>, Query, description = "from `X-Next-Cursor` of the page before"),
    ),
    responses((status = 200, description = "deliveries", body = Listed<DeliveryView>)))]
pub async fn deliveries(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
    Params(query): Params<ListQuery>,
) -> Result<impl IntoResponse, Problem> {
    let (limit, after) = (query.limit(PAGE.0, PAGE.1)?, query.cursor.as_deref());
    let found = state.outgoing.deliveries(&by.caller, &id, after, limit).await?;
    let cursor = found.last().filter(|_| found.len() == limit).map(|last| last.id.clone());
    Ok((next_cursor(cursor), Json(Listed::new(found, DeliveryView::from))))
}

/// Sends an event `ping`, to see whether the receiver works.
#[utoipa::path(post, path = "/api/v1/webhooks/outgoing/{id}/ping", tag = "webhooks",
    params(("id" = String, Path, description = "the webhook")),
    responses((status = 202, description = "the delivery, on its way", body = DeliveryView)))]
pub async fn ping(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(id): At<String>,
) -> Result<(StatusCode, Json<DeliveryView>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(state.outgoing.ping(&by.caller, &id).await?.into())))
}

/// What people do with webhooks is in the audit trail.
async fn note(state: &AppState, by: &By, action: &'static str, hook: &OutgoingHook) {
    let details = vec![("name", hook.name.clone()), ("url", hook.url.clone())];
    let event = by.did(action, ("outgoing_webhook", hook.id.clone()), details);
    state.data.note(event).await;
}
