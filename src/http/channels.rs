//! Channels: `/api/v1/channels…`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::{Caller, ChannelDraft, ChannelEdit, Seen};
use starling_actors::domain::{ChannelId, ChannelKind, UserId};

use super::AppState;
use super::body::Body;
use super::params::{At, ListQuery, Params, Written, next_cursor, plain};
use super::problem::Problem;
use crate::wire::channel::ChannelView;

/// Channels listed when nothing is said: more than most people have, as old clients read one page.
const CHANNELS_DEFAULT: usize = 200;
/// Channels listed at most; each costs the store two reads.
const CHANNELS_MAX: usize = 500;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/channels", get(list).post(create))
        .route("/api/v1/channels/{id}", get(show).patch(change).delete(remove))
}

/// A channel to be made.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct NewChannelBody {
    /// Required for public and private channels.
    name: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// What it is about right now.
    topic: Option<String>,
    /// Only members can find it. Says the same as `kind`.
    is_private: Option<bool>,
    /// `public`, `private`, `direct` or `group`.
    #[schema(value_type = Option<String>)]
    kind: Option<Written<ChannelKind>>,
    /// Who is in it beside its maker.
    #[schema(value_type = Option<Vec<String>>)]
    member_ids: Option<Vec<Written<UserId>>>,
}

/// What of a channel shall change.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ChannelPatch {
    /// New name.
    name: Option<String>,
    /// New description.
    description: Option<String>,
    /// New topic.
    topic: Option<String>,
    /// Whether only members shall find it.
    is_private: Option<bool>,
    /// Who shall own it: a member.
    #[schema(value_type = Option<String>)]
    owner_id: Option<Written<UserId>>,
}

impl NewChannelBody {
    fn draft(self) -> Result<ChannelDraft, Problem> {
        let kind = match (self.kind.map(|Written(kind)| kind), self.is_private) {
            (None, Some(true)) => ChannelKind::Private,
            (None, Some(false) | None) => ChannelKind::Public,
            (Some(ChannelKind::Public), Some(true)) => {
                return Err(Problem::invalid_field("is_private", "does not go with kind public"));
            }
            (Some(kind), _) => kind,
        };
        Ok(ChannelDraft {
            kind,
            name: self.name.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            topic: self.topic.unwrap_or_default(),
            members: plain(self.member_ids),
        })
    }
}

/// A channel as REST shows it.
pub fn view(seen: &Seen) -> ChannelView {
    ChannelView::new(&seen.standing, seen.generation)
}

/// Makes a channel; 200 when a pair's conversation was there already.
#[utoipa::path(post, path = "/api/v1/channels", request_body = NewChannelBody,
    responses((status = 201, body = ChannelView), (status = 200, body = ChannelView)))]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<NewChannelBody>,
) -> Result<(StatusCode, Json<ChannelView>), Problem> {
    let (seen, is_new) = state.chat.create_channel(&caller, body.draft()?).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view(&seen))))
}

/// The caller's channels, and open ones.
#[utoipa::path(get, path = "/api/v1/channels", responses((status = 200, body = Vec<ChannelView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Result<impl IntoResponse, Problem> {
    let limit = query.limit(CHANNELS_DEFAULT, CHANNELS_MAX)?;
    let (channels, has_more) = state.chat.list_channels(&caller, query.cursor()?, limit).await?;
    let last = channels.last().filter(|_| has_more).map(|seen| seen.standing.channel.id);
    let views = channels.iter().map(view).collect::<Vec<_>>();
    Ok((next_cursor(last), Json(views)))
}

/// One channel.
#[utoipa::path(get, path = "/api/v1/channels/{id}", responses((status = 200, body = ChannelView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<Json<ChannelView>, Problem> {
    Ok(Json(view(&state.chat.get_channel(&caller, id).await?)))
}

/// Changes a channel's public part.
#[utoipa::path(patch, path = "/api/v1/channels/{id}", request_body = ChannelPatch,
    responses((status = 200, body = ChannelView)))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
    Body(body): Body<ChannelPatch>,
) -> Result<Json<ChannelView>, Problem> {
    let edit = ChannelEdit {
        name: body.name,
        description: body.description,
        topic: body.topic,
        is_private: body.is_private,
        owner: body.owner_id.map(|Written(owner)| owner),
    };
    Ok(Json(view(&state.chat.change_channel(&caller, id, edit).await?)))
}

/// Removes a channel for everyone.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", responses((status = 204)))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<StatusCode, Problem> {
    state.chat.remove_channel(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
