//! Who is in a channel, and how far the caller has read: `/api/v1/channels/{id}/…`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, Member, ReadTo};
use starling_actors::domain::{ChannelId, ChannelRole, MessageId, NotificationLevel, Seq, UserId};

use super::AppState;
use super::body::Body;
use super::params::{At, ListQuery, Params, Written, next_cursor};
use super::problem::Problem;
use crate::wire::channel::MembershipView;
use crate::wire::message::AuthorView;

/// Members of one page: a list that a client can show without another request.
const MEMBERS_DEFAULT: usize = 200;
/// Members of one page at most.
const MEMBERS_MAX: usize = 1_000;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/channels/{id}/join", post(join))
        .route("/api/v1/channels/{id}/leave", post(leave))
        .route("/api/v1/channels/{id}/members", get(list).post(add))
        .route("/api/v1/channels/{id}/members/{user_id}", patch(change).delete(remove))
        .route("/api/v1/channels/{id}/read", post(read))
}

/// A membership with the person it belongs to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberView {
    #[serde(flatten)]
    membership: MembershipView,
    /// Absent when the account is gone.
    user: Option<AuthorView>,
}

/// Someone to be added.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewMember {
    /// Who.
    #[schema(value_type = String)]
    user_id: Written<UserId>,
    /// `member` when missing.
    #[schema(value_type = Option<String>)]
    role: Option<Written<ChannelRole>>,
}

/// What of a membership shall change.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MemberPatch {
    /// Given by owner and admins.
    #[schema(value_type = Option<String>)]
    role: Option<Written<ChannelRole>>,
    /// One's own.
    #[schema(value_type = Option<String>)]
    notification_level: Option<Written<NotificationLevel>>,
}

/// Up to where the caller has read: one of both.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReadBody {
    /// A position.
    seq: Option<u64>,
    /// A message of the channel.
    #[schema(value_type = Option<String>)]
    message_id: Option<Written<MessageId>>,
}

impl MemberView {
    fn new(member: &Member) -> Self {
        Self {
            membership: MembershipView::new(&member.membership),
            user: member.byline.as_ref().map(AuthorView::new),
        }
    }
}

/// Enters a public channel.
#[utoipa::path(post, path = "/api/v1/channels/{id}/join",
    responses((status = 200, body = MembershipView)))]
pub async fn join(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<Json<MembershipView>, Problem> {
    Ok(Json(MembershipView::new(&state.chat.join(&caller, id).await?)))
}

/// Leaves a channel.
#[utoipa::path(post, path = "/api/v1/channels/{id}/leave", responses((status = 204)))]
pub async fn leave(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<StatusCode, Problem> {
    state.chat.leave(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everyone in a channel.
#[utoipa::path(get, path = "/api/v1/channels/{id}/members",
    responses((status = 200, body = Vec<MemberView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
    Params(query): Params<ListQuery>,
) -> Result<impl IntoResponse, Problem> {
    let limit = query.limit(MEMBERS_DEFAULT, MEMBERS_MAX)?;
    let (members, has_more) = state.chat.members(&caller, id, query.cursor()?, limit).await?;
    let last = members.last().filter(|_| has_more).map(|member| member.membership.user);
    let views = members.iter().map(MemberView::new).collect::<Vec<_>>();
    Ok((next_cursor(last), Json(views)))
}

/// Adds someone; 200 when they were in already.
#[utoipa::path(post, path = "/api/v1/channels/{id}/members", request_body = NewMember,
    responses((status = 201, body = MembershipView), (status = 200, body = MembershipView)))]
pub async fn add(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
    Body(body): Body<NewMember>,
) -> Result<(StatusCode, Json<MembershipView>), Problem> {
    let (Written(user), role) = (body.user_id, body.role.map(|Written(role)| role));
    let (membership, is_new) = state.chat.add_member(&caller, id, user, role).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(MembershipView::new(&membership))))
}

/// Changes a member's role, or one's own notification level.
#[utoipa::path(patch, path = "/api/v1/channels/{id}/members/{user_id}",
    request_body = MemberPatch, responses((status = 200, body = MembershipView)))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    At((Written(id), Written(user))): At<(Written<ChannelId>, Written<UserId>)>,
    Body(body): Body<MemberPatch>,
) -> Result<Json<MembershipView>, Problem> {
    let role = body.role.map(|Written(role)| role);
    let level = body.notification_level.map(|Written(level)| level);
    let membership = state.chat.change_member(&caller, id, user, role, level).await?;
    Ok(Json(MembershipView::new(&membership)))
}

/// Takes someone out of a channel.
#[utoipa::path(delete, path = "/api/v1/channels/{id}/members/{user_id}",
    responses((status = 204)))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At((Written(id), Written(user))): At<(Written<ChannelId>, Written<UserId>)>,
) -> Result<StatusCode, Problem> {
    state.chat.remove_member(&caller, id, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Moves the caller's read position forward.
#[utoipa::path(post, path = "/api/v1/channels/{id}/read", request_body = ReadBody,
    responses((status = 200, body = MembershipView)))]
pub async fn read(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
    Body(body): Body<ReadBody>,
) -> Result<Json<MembershipView>, Problem> {
    let to = match (body.seq, body.message_id) {
        (_, Some(Written(message))) => ReadTo::Message(message),
        (Some(seq), None) => ReadTo::Seq(Seq(seq)),
        (None, None) => {
            return Err(Problem::invalid_field("seq", "seq or message_id is required"));
        }
    };
    Ok(Json(MembershipView::new(&state.chat.mark_read(&caller, id, to).await?)))
}
