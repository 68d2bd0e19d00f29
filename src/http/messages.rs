//! Messages: `/api/v1/messages…`.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use starling_actors::chat::{Caller, ChatError, Draft, PageWish};
use starling_actors::domain::{ChannelId, FileId, MessageId, Seq, ThreadId, UserId};
use starling_actors::ports::Page;
use starling_actors::query::Ask;

use super::AppState;
use super::body::Body;
use super::params::{At, HAS_MORE, PageQuery, Params, Written, next_cursor, plain};
use super::problem::Problem;
use super::questions::with_answers;
use crate::commands::{self, Outcome, Place, Spoken};
use crate::retention::Edges;
use crate::wire::command::{CommandView, MessageOrCommand};
use crate::wire::message::{MessageView, VersionView};

/// Another name of `client_message_id`, as many HTTP clients know it.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/messages", post(create))
        .route("/api/v1/messages/channel/{id}", get(list))
        .route("/api/v1/messages/{id}", get(show).patch(edit).delete(remove))
        .route("/api/v1/messages/{id}/history", get(history))
        .route("/api/v1/messages/{id}/reactions/{emoji}", put(react).delete(unreact))
}

/// A message to be written.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewMessage {
    /// Where.
    #[schema(value_type = String)]
    channel_id: Written<ChannelId>,
    /// The words.
    content: String,
    /// The thread it belongs to.
    #[schema(value_type = Option<String>)]
    thread_id: Option<Written<ThreadId>>,
    /// The message it answers.
    #[schema(value_type = Option<String>)]
    parent_message_id: Option<Written<MessageId>>,
    /// Whom it names beside the names in its words.
    #[schema(value_type = Option<Vec<String>>)]
    mentions: Option<Vec<Written<UserId>>>,
    /// Files that hang on it.
    #[schema(value_type = Option<Vec<String>>)]
    attachments: Option<Vec<Written<FileId>>>,
    /// What the client calls it: the same again gives the first message.
    client_message_id: Option<String>,
    /// Another name of `client_message_id`.
    message_id: Option<String>,
    /// The author's contiguous position when composing it.
    after_seq: Option<u64>,
    /// How far the author's clock is from UTC, as `+02:00`, for times in commands.
    utc_offset: Option<String>,
}

/// Other words for a message.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MessagePatch {
    /// The words.
    content: String,
}

/// What the header says about the client's id of a message.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let text = std::str::from_utf8(value.as_bytes());
    let text = text.map_err(|_| Problem::invalid_field("Idempotency-Key", "is not UTF-8"))?;
    Ok(Some(text.to_owned()))
}

/// Writes a message and shows it as it is stored; 200 when it was there before. One that begins with
/// a command for asking is a question; another command is carried out, and answered with what came of it.
pub async fn write(
    state: &AppState,
    caller: &Caller,
    channel: ChannelId,
    mut draft: Draft,
    utc_offset: Option<String>,
) -> Result<Response, Problem> {
    let chat = &state.chat;
    let content = std::mem::take(&mut draft.content);
    draft.content = match commands::read(&content, !draft.attachments.is_empty()) {
        Spoken::Words(words) => words.into_owned(),
        Spoken::Question(question) => {
            let ask = Ask {
                channel: Some(channel),
                thread: draft.thread,
                question: question.to_owned(),
                client_message_id: draft.client_message_id,
                ..Ask::default()
            };
            let asked = state.questions.ask(caller, ask).await?;
            let message = chat.message(caller, asked.job.message).await.map_err(afterwards)?;
            let view = MessageView::new(&message, caller.user());
            return Ok((StatusCode::CREATED, Json(view)).into_response());
        }
        Spoken::Order(name, rest) => {
            let (thread, key) = (draft.thread, draft.client_message_id.clone());
            let place = Place { channel, thread, key, utc_offset };
            match state.commands.carry_out(caller, &place, (&name, rest)).await? {
                Outcome::Say(words) => words,
                Outcome::Done(reply) => return Ok(Json(CommandView::from(reply)).into_response()),
            }
        }
    };
    let noted = state.previews.noted(caller, channel, &draft.content);
    let receipt = chat.post(caller, channel, draft).await?.receipt().await?;
    if let Some(noted) = noted {
        noted.written(receipt.message);
    }
    let message = chat.message(caller, receipt.message).await.map_err(afterwards)?;
    let status = if receipt.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(MessageView::new(&message, caller.user()))).into_response())
}

/// Why something that is stored cannot be shown. A refusal here would say that nothing was done; the
/// same sent again shows it.
fn afterwards(error: impl Into<Problem>) -> Problem {
    let problem: Problem = error.into();
    tracing::warn!(code = problem.code(), "what was just stored could not be read");
    ChatError::OutcomeUnknown.into()
}

/// A page of messages with the headers that lead on.
pub async fn page_view(
    state: &AppState,
    page: &Page,
    edges: Edges,
    wish: PageWish,
    caller: &Caller,
) -> Result<impl IntoResponse + use<>, Problem> {
    let edge = if wish.is_forward() { edges.last } else { edges.first };
    let cursor = edge.filter(|_| page.has_more).map(|seq| seq.0);
    let has_more = if page.has_more { "true" } else { "false" };
    let views = with_answers(state, caller, &page.messages).await?;
    Ok(([(HAS_MORE, has_more)], next_cursor(cursor), Json(views)))
}

/// Writes a message. One that begins with a slash command is an order: 200 with what came of it.
#[utoipa::path(post, path = "/api/v1/messages", request_body = NewMessage,
    responses(
        (status = 201, body = MessageView),
        (status = 200, description = "the message that was there before, or what came of a command",
            body = MessageOrCommand),
    ))]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(body): Body<NewMessage>,
) -> Result<Response, Problem> {
    let key = body
        .client_message_id
        .or(body.message_id)
        .map_or_else(|| idempotency_key(&headers), |key| Ok(Some(key)))?;
    let draft = Draft {
        content: body.content,
        thread: body.thread_id.map(|Written(id)| id),
        parent: body.parent_message_id.map(|Written(id)| id),
        mentions: plain(body.mentions),
        attachments: plain(body.attachments),
        client_message_id: key,
        after_seq: body.after_seq.map(Seq),
    };
    let Written(channel) = body.channel_id;
    write(&state, &caller, channel, draft, body.utc_offset).await
}

/// A page of a channel, oldest first.
#[utoipa::path(get, path = "/api/v1/messages/channel/{id}",
    responses((status = 200, body = Vec<MessageView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
    Params(query): Params<PageQuery>,
) -> Result<impl IntoResponse, Problem> {
    let (wish, limit) = (query.wish()?, query.limit()?);
    let mut page = state.chat.page(&caller, id, wish, query.include_threads(), limit).await?;
    let edges = state.retention.trim(caller.org, id, &mut page, wish.is_forward()).await?;
    page_view(&state, &page, edges, wish, &caller).await
}

/// One message as it stands.
#[utoipa::path(get, path = "/api/v1/messages/{id}", responses((status = 200, body = MessageView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
) -> Result<Json<MessageView>, Problem> {
    seen(&state, &caller, id).await
}

/// A message as the caller may see it now.
async fn seen(
    state: &AppState,
    caller: &Caller,
    id: MessageId,
) -> Result<Json<MessageView>, Problem> {
    let message = state.chat.message(caller, id).await?;
    let mut views = with_answers(state, caller, &[message]).await?;
    Ok(Json(views.remove(0)))
}

/// Gives a message other words.
#[utoipa::path(patch, path = "/api/v1/messages/{id}", request_body = MessagePatch,
    responses((status = 200, body = MessageView)))]
pub async fn edit(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
    Body(body): Body<MessagePatch>,
) -> Result<Json<MessageView>, Problem> {
    state.chat.edit(&caller, id, body.content.clone()).await?;
    if let Ok(message) = state.chat.message(&caller, id).await {
        state.previews.changed(&caller, message.channel, id, &body.content).await;
    }
    seen(&state, &caller, id).await.map_err(afterwards)
}

/// Takes a message's words away.
#[utoipa::path(delete, path = "/api/v1/messages/{id}", responses((status = 204)))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
) -> Result<StatusCode, Problem> {
    let message = state.chat.message(&caller, id).await?;
    state.chat.delete(&caller, id).await?;
    state.previews.changed(&caller, message.channel, id, "").await;
    Ok(StatusCode::NO_CONTENT)
}

/// Earlier texts of a message, oldest first.
#[utoipa::path(get, path = "/api/v1/messages/{id}/history",
    responses((status = 200, body = Vec<VersionView>)))]
pub async fn history(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<MessageId>>,
) -> Result<Json<Vec<VersionView>>, Problem> {
    let versions = state.chat.versions(&caller, id).await?;
    Ok(Json(versions.iter().map(VersionView::new).collect()))
}

/// Puts an emoji on a message.
#[utoipa::path(put, path = "/api/v1/messages/{id}/reactions/{emoji}",
    responses((status = 200, body = MessageView)))]
pub async fn react(
    State(state): State<AppState>,
    caller: Caller,
    At((Written(id), emoji)): At<(Written<MessageId>, String)>,
) -> Result<Json<MessageView>, Problem> {
    state.chat.react(&caller, id, emoji, true).await?;
    seen(&state, &caller, id).await.map_err(afterwards)
}

/// Takes the caller's emoji off a message.
#[utoipa::path(delete, path = "/api/v1/messages/{id}/reactions/{emoji}",
    responses((status = 200, body = MessageView)))]
pub async fn unreact(
    State(state): State<AppState>,
    caller: Caller,
    At((Written(id), emoji)): At<(Written<MessageId>, String)>,
) -> Result<Json<MessageView>, Problem> {
    state.chat.react(&caller, id, emoji, false).await?;
    seen(&state, &caller, id).await.map_err(afterwards)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_and_cannot_be_shown_is_not_said_to_be_undone() {
        let unread = afterwards(ChatError::Unavailable);
        assert_eq!(unread.code(), "outcome_unknown");
    }
}
