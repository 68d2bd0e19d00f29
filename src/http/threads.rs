//! Threads: `/api/v1/threads…`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::{Caller, ThreadDraft, ThreadEdit};
use starling_actors::domain::{ChannelId, MessageId, ThreadId};

use super::AppState;
use super::body::Body;
use super::messages::page_view;
use super::params::{At, PageQuery, Params, Written, limit, next_cursor, optional};
use super::problem::Problem;
use crate::retention::Edges;
use crate::wire::message::MessageView;
use crate::wire::thread::ThreadView;

/// Threads of one page, when nothing is said.
const THREADS_DEFAULT: usize = 100;
/// Threads of one page at most; each costs the store a count.
const THREADS_MAX: usize = 200;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/threads", get(list).post(create))
        .route("/api/v1/threads/{id}", get(show).patch(change))
        .route("/api/v1/threads/{id}/messages", get(messages))
}

/// A thread to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewThread {
    /// Whose members read it.
    #[schema(value_type = String)]
    channel_id: Written<ChannelId>,
    /// The message it hangs on.
    #[schema(value_type = Option<String>)]
    root_message_id: Option<Written<MessageId>>,
    /// What it is about.
    title: Option<String>,
    /// Whether questions may be asked in it; they may when missing.
    is_llm_enabled: Option<bool>,
    /// Connections that questions may use.
    allowed_databases: Option<Vec<String>>,
    /// Tables that questions may use.
    allowed_tables: Option<Vec<String>>,
}

/// What of a thread shall change.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ThreadPatch {
    /// New title.
    title: Option<String>,
    /// Whether questions may be asked in it.
    is_llm_enabled: Option<bool>,
    /// Connections that questions may use.
    allowed_databases: Option<Vec<String>>,
    /// Tables that questions may use.
    allowed_tables: Option<Vec<String>>,
}

/// Which threads.
#[derive(Debug, Deserialize)]
pub struct ThreadsQuery {
    channel_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Makes a thread; 200 when its message had one already.
#[utoipa::path(post, path = "/api/v1/threads", request_body = NewThread,
    responses((status = 201, body = ThreadView), (status = 200, body = ThreadView)))]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<NewThread>,
) -> Result<(StatusCode, Json<ThreadView>), Problem> {
    let Written(channel) = body.channel_id;
    let draft = ThreadDraft {
        channel,
        root: body.root_message_id.map(|Written(id)| id),
        title: body.title.unwrap_or_default(),
        is_llm_enabled: body.is_llm_enabled.unwrap_or(true),
        allowed_databases: body.allowed_databases.unwrap_or_default(),
        allowed_tables: body.allowed_tables.unwrap_or_default(),
    };
    let (thread, is_new) = state.chat.create_thread(&caller, draft).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(ThreadView::new(&thread))))
}

/// Threads of a channel, newest first.
#[utoipa::path(get, path = "/api/v1/threads", responses((status = 200, body = Vec<ThreadView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<ThreadsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let channel: Option<ChannelId> = optional("channel_id", query.channel_id.as_deref())?;
    let channel = channel.ok_or_else(|| Problem::invalid_field("channel_id", "is required"))?;
    let limit = limit(query.limit.as_deref(), THREADS_DEFAULT, THREADS_MAX)?;
    let before = optional("cursor", query.cursor.as_deref())?;
    let (threads, has_more) = state.chat.list_threads(&caller, channel, before, limit).await?;
    let last = threads.last().filter(|_| has_more).map(|thread| thread.id);
    let views = threads.iter().map(ThreadView::new).collect::<Vec<_>>();
    Ok((next_cursor(last), Json(views)))
}

/// One thread.
#[utoipa::path(get, path = "/api/v1/threads/{id}", responses((status = 200, body = ThreadView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ThreadId>>,
) -> Result<Json<ThreadView>, Problem> {
    Ok(Json(ThreadView::new(&state.chat.get_thread(&caller, id).await?)))
}

/// Changes a thread.
#[utoipa::path(patch, path = "/api/v1/threads/{id}", request_body = ThreadPatch,
    responses((status = 200, body = ThreadView)))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ThreadId>>,
    Body(body): Body<ThreadPatch>,
) -> Result<Json<ThreadView>, Problem> {
    let edit = ThreadEdit {
        title: body.title,
        is_llm_enabled: body.is_llm_enabled,
        allowed_databases: body.allowed_databases,
        allowed_tables: body.allowed_tables,
    };
    Ok(Json(ThreadView::new(&state.chat.change_thread(&caller, id, edit).await?)))
}

/// A page of a thread, oldest first.
#[utoipa::path(get, path = "/api/v1/threads/{id}/messages",
    responses((status = 200, body = Vec<MessageView>)))]
pub async fn messages(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ThreadId>>,
    Params(query): Params<PageQuery>,
) -> Result<impl IntoResponse, Problem> {
    let (wish, limit) = (query.wish()?, query.limit()?);
    let mut page = state.chat.thread_page(&caller, id, wish, limit).await?;
    let mut edges = Edges::default();
    if let Some(channel) = page.messages.first().map(|message| message.channel) {
        edges = state.retention.trim(caller.org, channel, &mut page, wish.is_forward()).await?;
    }
    page_view(&state, &page, edges, wish, &caller).await
}
