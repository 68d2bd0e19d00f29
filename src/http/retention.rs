//! How long messages are kept: `/api/v1/channels/{id}/retention` and `/api/v1/orgs/current/retention`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, Keeper};
use starling_actors::domain::ChannelId;

use super::AppState;
use super::body::Body;
use super::data::Asker;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::retention::Held;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/channels/{id}/retention", get(show).put(change))
        .route("/api/v1/orgs/current/retention", get(show_default).put(change_default))
}

/// How long a channel's messages are kept.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct RetentionView {
    /// What the channel says for itself, in days: 0 is for ever, `null` what holds for all.
    pub days: Option<u32>,
    /// What holds for all channels, in days; 0: for ever.
    pub default_days: u32,
    /// What holds for this one, in days; 0: for ever.
    pub effective_days: u32,
    /// Whether the caller may say it.
    pub may_change: bool,
}

/// How long messages of all channels are kept.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct DefaultRetentionView {
    /// In days; 0: for ever.
    pub days: u32,
}

/// How long messages shall be kept.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
pub struct RetentionBody {
    /// In days; 0: for ever, `null` or missing: what holds for all.
    pub days: Option<u32>,
}

fn view(held: Held, keeper: &Keeper) -> Json<RetentionView> {
    Json(RetentionView {
        days: held.own,
        default_days: held.default,
        effective_days: held.days(),
        may_change: keeper.may_change,
    })
}

/// How long a channel's messages are kept.
#[utoipa::path(get, path = "/api/v1/channels/{id}/retention", tag = "channels",
    responses((status = 200, description = "what holds", body = RetentionView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<Json<RetentionView>, Problem> {
    let keeper = state.chat.keeper(&caller, id).await?;
    Ok(view(state.retention.of(caller.org, id).await?, &keeper))
}

/// Says how long a channel's messages are kept. Who looks after the channel may; longer than what holds
/// for all only admins.
#[utoipa::path(put, path = "/api/v1/channels/{id}/retention", tag = "channels",
    request_body = RetentionBody,
    responses(
        (status = 200, description = "what holds now", body = RetentionView),
        (status = 403, description = "not who looks after it", body = ProblemDocument),
    ))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ChannelId>>,
    Body(body): Body<RetentionBody>,
) -> Result<Json<RetentionView>, Problem> {
    let keeper = state.chat.keeper(&by.caller, id).await?;
    if !keeper.may_change {
        let detail = "only who looks after the channel says how long its messages are kept";
        return Err(Problem::forbidden("forbidden", detail));
    }
    let before = state.retention.of(by.org(), id).await?;
    let wish = Held { own: body.days, ..before };
    if is_longer(wish.days(), before.default) && !by.caller.role.may_administer() {
        let detail = "only admins keep messages longer than the organization does";
        return Err(Problem::forbidden("forbidden", detail));
    }
    let held = state.retention.set(by.org(), id, body.days).await?;
    let said = |days: Option<u32>| days.map_or_else(|| "default".to_owned(), |it| it.to_string());
    let details = vec![("days", said(body.days)), ("days_before", said(before.own))];
    state.data.note(by.did("retention.change", ("channel", id.to_string()), details)).await;
    Ok(view(held, &keeper))
}

/// How long messages of all channels are kept that say nothing else.
#[utoipa::path(get, path = "/api/v1/orgs/current/retention", tag = "organizations",
    responses((status = 200, description = "what holds", body = DefaultRetentionView)))]
pub async fn show_default(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<DefaultRetentionView>, Problem> {
    Ok(Json(DefaultRetentionView { days: state.retention.default_of(caller.org).await? }))
}

/// Says how long messages of all channels are kept that say nothing else; only admins may.
#[utoipa::path(put, path = "/api/v1/orgs/current/retention", tag = "organizations",
    request_body = RetentionBody,
    responses(
        (status = 200, description = "what holds now", body = DefaultRetentionView),
        (status = 403, description = "not an admin", body = ProblemDocument),
    ))]
pub async fn change_default(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(body): Body<RetentionBody>,
) -> Result<Json<DefaultRetentionView>, Problem> {
    if !by.caller.role.may_administer() {
        let detail = "only admins say how long messages are kept";
        return Err(Problem::forbidden("forbidden", detail));
    }
    let days = body.days.unwrap_or(0);
    let before = state.retention.default_of(by.org()).await?;
    state.retention.set_default(by.org(), days).await?;
    let details = vec![("days", days.to_string()), ("days_before", before.to_string())];
    let org = ("organization", by.org().to_string());
    state.data.note(by.did("retention.change", org, details)).await;
    Ok(Json(DefaultRetentionView { days }))
}

/// Whether one time is longer than another; 0 is for ever.
const fn is_longer(days: u32, than: u32) -> bool {
    than != 0 && (days == 0 || days > than)
}
