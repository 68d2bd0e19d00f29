//! `/api/v1/scheduled` and `/api/v1/reminders`: what happens at a time.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::Caller;
use starling_actors::domain::{ChannelId, MessageId, ThreadId, Timestamp};

use super::AppState;
use super::body::Body;
use super::messages::idempotency_key;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::later::{PlanChange, PlanKind, Wish};
use crate::wire::data::Listed;
use crate::wire::later::{ReminderView, ScheduledView};
use crate::wire::time::parse_rfc3339;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/scheduled", get(list_scheduled).post(schedule))
        .route("/api/v1/scheduled/{id}", get(show_scheduled).patch(reschedule).delete(unschedule))
        .route("/api/v1/reminders", get(list_reminders).post(remind))
        .route("/api/v1/reminders/{id}", get(show_reminder).patch(put_off).delete(forget))
}

/// A message to be sent later.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ScheduledBody {
    /// Where.
    #[schema(value_type = String)]
    channel_id: Written<ChannelId>,
    /// In which thread.
    #[schema(value_type = Option<String>)]
    thread_id: Option<Written<ThreadId>>,
    /// The words.
    content: String,
    /// When: RFC 3339, within a year.
    send_at: String,
    /// What the client calls it: the same again plans nothing new.
    client_message_id: Option<String>,
}

/// What changes of it; what is missing stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ScheduledPatch {
    /// Other words.
    content: Option<String>,
    /// Another time.
    send_at: Option<String>,
}

/// A reminder.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReminderBody {
    /// What of; may be missing when it is of a message.
    text: Option<String>,
    /// The message that it is of.
    #[schema(value_type = Option<String>)]
    message_id: Option<Written<MessageId>>,
    /// Where it is said; missing: to oneself.
    #[schema(value_type = Option<String>)]
    channel_id: Option<Written<ChannelId>>,
    /// When: RFC 3339, within a year.
    remind_at: String,
}

/// What changes of it; what is missing stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReminderPatch {
    /// Other words.
    text: Option<String>,
    /// Another time.
    remind_at: Option<String>,
}

fn moment(field: &str, text: &str) -> Result<Timestamp, Problem> {
    let fault = "must be a time like 2026-01-31T09:30:00Z";
    parse_rfc3339(text).ok_or_else(|| Problem::invalid_field(field, fault))
}

fn optional_moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    text.map(|text| moment(field, text)).transpose()
}

/// One's own messages to be sent later, the next first.
#[utoipa::path(get, path = "/api/v1/scheduled", tag = "later",
    responses((status = 200, description = "messages", body = Listed<ScheduledView>)))]
pub async fn list_scheduled(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Listed<ScheduledView>>, Problem> {
    let plans = state.later.plans(&caller, PlanKind::Message).await?;
    Ok(Json(Listed::new(plans, ScheduledView::from)))
}

/// Has a message sent later, by the caller as they are then.
#[utoipa::path(post, path = "/api/v1/scheduled", tag = "later", request_body = ScheduledBody,
    responses(
        (status = 201, description = "the message to be", body = ScheduledView),
        (status = 409, description = "too many", body = ProblemDocument),
    ))]
pub async fn schedule(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(body): Body<ScheduledBody>,
) -> Result<(StatusCode, Json<ScheduledView>), Problem> {
    let key = body.client_message_id.map_or_else(|| idempotency_key(&headers), |key| Ok(Some(key)));
    let Written(channel) = body.channel_id;
    let wish = Wish {
        channel: Some(channel),
        thread: body.thread_id.map(|Written(id)| id),
        message: None,
        content: body.content,
        at: moment("send_at", &body.send_at)?,
        key: key?,
    };
    let plan = state.later.make_plan(&caller, PlanKind::Message, wish).await?;
    Ok((StatusCode::CREATED, Json(plan.into())))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/scheduled/{id}", tag = "later",
    params(("id" = String, Path, description = "the message to be")),
    responses((status = 200, description = "the message to be", body = ScheduledView)))]
pub async fn show_scheduled(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<ScheduledView>, Problem> {
    Ok(Json(state.later.plan(&caller, PlanKind::Message, &id).await?.into()))
}

/// Changes words or time; one that failed is tried again at the new time.
#[utoipa::path(patch, path = "/api/v1/scheduled/{id}", tag = "later", request_body = ScheduledPatch,
    params(("id" = String, Path, description = "the message to be")),
    responses(
        (status = 200, description = "the message to be", body = ScheduledView),
        (status = 409, description = "it is being sent", body = ProblemDocument),
    ))]
pub async fn reschedule(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
    Body(body): Body<ScheduledPatch>,
) -> Result<Json<ScheduledView>, Problem> {
    let at = optional_moment("send_at", body.send_at.as_deref())?;
    let change = PlanChange { content: body.content, at };
    Ok(Json(state.later.change_plan(&caller, (PlanKind::Message, &id), change).await?.into()))
}

/// Takes it back.
#[utoipa::path(delete, path = "/api/v1/scheduled/{id}", tag = "later",
    params(("id" = String, Path, description = "the message to be")),
    responses(
        (status = 204, description = "it will not be sent"),
        (status = 409, description = "it is being sent", body = ProblemDocument),
    ))]
pub async fn unschedule(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    state.later.drop_plan(&caller, PlanKind::Message, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own reminders, the next first.
#[utoipa::path(get, path = "/api/v1/reminders", tag = "later",
    responses((status = 200, description = "reminders", body = Listed<ReminderView>)))]
pub async fn list_reminders(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Listed<ReminderView>>, Problem> {
    let plans = state.later.plans(&caller, PlanKind::Reminder).await?;
    Ok(Json(Listed::new(plans, ReminderView::from)))
}

/// Has Starling remind the caller, or a channel that they are in.
#[utoipa::path(post, path = "/api/v1/reminders", tag = "later", request_body = ReminderBody,
    responses(
        (status = 201, description = "the reminder", body = ReminderView),
        (status = 409, description = "too many", body = ProblemDocument),
    ))]
pub async fn remind(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(body): Body<ReminderBody>,
) -> Result<(StatusCode, Json<ReminderView>), Problem> {
    let wish = Wish {
        channel: body.channel_id.map(|Written(id)| id),
        thread: None,
        message: body.message_id.map(|Written(id)| id),
        content: body.text.unwrap_or_default(),
        at: moment("remind_at", &body.remind_at)?,
        key: idempotency_key(&headers)?,
    };
    let plan = state.later.make_plan(&caller, PlanKind::Reminder, wish).await?;
    Ok((StatusCode::CREATED, Json(plan.into())))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/reminders/{id}", tag = "later",
    params(("id" = String, Path, description = "the reminder")),
    responses((status = 200, description = "the reminder", body = ReminderView)))]
pub async fn show_reminder(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Json<ReminderView>, Problem> {
    Ok(Json(state.later.plan(&caller, PlanKind::Reminder, &id).await?.into()))
}

/// Changes words or time.
#[utoipa::path(patch, path = "/api/v1/reminders/{id}", tag = "later", request_body = ReminderPatch,
    params(("id" = String, Path, description = "the reminder")),
    responses((status = 200, description = "the reminder", body = ReminderView)))]
pub async fn put_off(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
    Body(body): Body<ReminderPatch>,
) -> Result<Json<ReminderView>, Problem> {
    let at = optional_moment("remind_at", body.remind_at.as_deref())?;
    let change = PlanChange { content: body.text, at };
    Ok(Json(state.later.change_plan(&caller, (PlanKind::Reminder, &id), change).await?.into()))
}

/// Forgets it.
#[utoipa::path(delete, path = "/api/v1/reminders/{id}", tag = "later",
    params(("id" = String, Path, description = "the reminder")),
    responses((status = 204, description = "forgotten")))]
pub async fn forget(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    state.later.drop_plan(&caller, PlanKind::Reminder, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
