//! All that a client needs at its start, in one call: `/api/v1/bootstrap`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use starling_actors::chat::Caller;

use super::AppState;
use super::channels::view;
use super::problem::Problem;
use crate::wire::account::{OrganizationView, UserView};
use crate::wire::channel::ChannelView;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/bootstrap", get(show))
}

/// What a client needs at its start.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BootstrapView {
    /// The caller.
    user: UserView,
    /// Their organization.
    org: OrganizationView,
    /// Channels they are in, and open ones.
    channels: Vec<ChannelView>,
    /// People of their smaller channels.
    users: Vec<UserView>,
    /// By channel, where something is unread.
    unread: BTreeMap<String, UnreadView>,
    /// Limits that a client keeps by itself.
    settings: ClientSettings,
}

/// What is unread in a channel.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnreadView {
    /// Messages of others after the read position.
    unread_count: u64,
    /// Those of them that name the caller.
    mention_count: u64,
}

/// Limits that a client keeps by itself; 0 is no limit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientSettings {
    /// Characters of a message.
    content_chars: usize,
    /// Messages a second.
    messages_per_second: u32,
    /// How long to wait after that, in milliseconds.
    cooldown_ms: u64,
    /// Whether people may come in by a name alone.
    guests_enabled: bool,
    /// Bytes of one file that is attached.
    upload_bytes: u64,
}

/// All that a client needs at its start.
#[utoipa::path(get, path = "/api/v1/bootstrap", responses((status = 200, body = BootstrapView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<BootstrapView>, Problem> {
    let user = state.accounts.user(caller.org, caller.user()).await?;
    let org = state.accounts.organization(&caller).await?;
    let overview = state.chat.overview(&caller).await?;
    let met = state.accounts.profiles(caller.org, &overview.met).await?;
    let unread = overview.channels.iter().filter(|seen| seen.standing.unread_count > 0);
    let unread = unread.map(|seen| {
        let standing = &seen.standing;
        let (unread_count, mention_count) = (standing.unread_count, standing.mention_count);
        (standing.channel.id.to_string(), UnreadView { unread_count, mention_count })
    });
    let now = state.clock.now();
    let presence = |id| state.sessions.presence(id);
    let limits = &state.settings.limits;
    Ok(Json(BootstrapView {
        user: UserView::private(&user, presence(user.id), now),
        org: org.into(),
        channels: overview.channels.iter().map(view).collect(),
        users: met.iter().map(|met| UserView::public(met, presence(met.id), now)).collect(),
        unread: unread.collect(),
        settings: ClientSettings {
            content_chars: limits.content_chars,
            messages_per_second: limits.messages_per_second,
            cooldown_ms: limits.cooldown_ms,
            guests_enabled: state.settings.guests.enabled,
            upload_bytes: state.files.upload_bytes_max(),
        },
    }))
}
