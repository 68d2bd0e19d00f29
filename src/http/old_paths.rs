//! Paths of the chat that Starling replaces, for clients that still call them.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, ChannelDraft, Draft, Seen};
use starling_actors::domain::{ChannelId, ChannelKind, UserId};

use super::AppState;
use super::body::Body;
use super::channels::view;
use super::messages::{idempotency_key, write};
use super::params::{At, ListQuery, PageQuery, Params, Written, next_cursor, plain};
use super::problem::Problem;
use crate::wire::channel::ChannelView;
use crate::wire::message::MessageView;

/// Conversations of one page; the old chat had no pages, so it is a large one.
const CONVERSATIONS_DEFAULT: usize = 500;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/conversations", get(list).post(create))
        .route("/conversations/{id}/messages", get(messages))
        .route("/messages", post(send))
}

/// A conversation: a channel under its old name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConversationView {
    #[serde(flatten)]
    channel: ChannelView,
    /// The channel's name.
    title: String,
}

/// A conversation to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewConversation {
    /// A pair without a title is a direct conversation.
    title: Option<String>,
    /// Who is in it beside its maker.
    #[schema(value_type = Vec<String>)]
    member_ids: Vec<Written<UserId>>,
}

/// A message to be written.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewOldMessage {
    /// The channel.
    #[schema(value_type = String)]
    conversation_id: Written<ChannelId>,
    /// The words.
    content: String,
    /// What the client calls it.
    message_id: Option<String>,
}

impl ConversationView {
    fn new(seen: &Seen) -> Self {
        Self { title: seen.standing.channel.name.clone(), channel: view(seen) }
    }
}

/// The caller's channels.
#[utoipa::path(get, path = "/conversations",
    responses((status = 200, body = Vec<ConversationView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Result<impl IntoResponse, Problem> {
    let limit = query.limit(CONVERSATIONS_DEFAULT, CONVERSATIONS_DEFAULT)?;
    let (channels, has_more) = state.chat.list_channels(&caller, query.cursor()?, limit).await?;
    let last = channels.last().filter(|_| has_more).map(|seen| seen.standing.channel.id);
    let own = channels.iter().filter(|seen| seen.standing.membership.is_some());
    Ok((next_cursor(last), Json(own.map(ConversationView::new).collect::<Vec<_>>())))
}

/// Starts a conversation.
#[utoipa::path(post, path = "/conversations", request_body = NewConversation,
    responses((status = 201, body = ConversationView), (status = 200, body = ConversationView)))]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<NewConversation>,
) -> Result<(StatusCode, Json<ConversationView>), Problem> {
    let (name, members) = (body.title.unwrap_or_default(), plain(Some(body.member_ids)));
    let others = members.iter().filter(|user| **user != caller.user()).count();
    let kind =
        if name.is_empty() && others == 1 { ChannelKind::Direct } else { ChannelKind::Group };
    let draft =
        ChannelDraft { kind, name, description: String::new(), topic: String::new(), members };
    let (seen, is_new) = state.chat.create_channel(&caller, draft).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ConversationView::new(&seen))))
}

/// A page of a conversation, oldest first.
#[utoipa::path(get, path = "/conversations/{id}/messages",
    responses((status = 200, body = Vec<MessageView>)))]
pub async fn messages(
    state: State<AppState>,
    caller: Caller,
    channel: At<Written<ChannelId>>,
    query: Params<PageQuery>,
) -> Result<impl IntoResponse, Problem> {
    super::messages::list(state, caller, channel, query).await
}

/// Writes a message.
#[utoipa::path(post, path = "/messages", request_body = NewOldMessage,
    responses((status = 201, body = MessageView), (status = 200, body = MessageView)))]
pub async fn send(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(body): Body<NewOldMessage>,
) -> Result<Response, Problem> {
    let client_message_id =
        body.message_id.map_or_else(|| idempotency_key(&headers), |key| Ok(Some(key)))?;
    let draft = Draft { content: body.content, client_message_id, ..Draft::default() };
    let Written(channel) = body.conversation_id;
    write(&state, &caller, channel, draft, None).await
}
