//! Private conversations with the data: a channel with one member each.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use starling_actors::chat::{ChannelDraft, PageWish};
use starling_actors::domain::{ChannelId, ChannelKind, ConnectionId, JobState, Priority};
use starling_actors::query::{Ask, Sight};

use super::{AskedView, with_answers};
use crate::data::{By, ChatSession, ChatSessionForm};
use crate::http::AppState;
use crate::http::body::Body;
use crate::http::data::Asker;
use crate::http::params::{At, Written};
use crate::http::problem::Problem;
use crate::wire::ask::AnswerView;
use crate::wire::message::MessageView;
use crate::wire::time::rfc3339;

/// How long an answer is waited for (wire.md).
const PATIENCE: Duration = Duration::from_secs(30);
/// Characters of a first question that name its session.
const TITLE_CHARS: usize = 60;
/// Messages of a session's history.
const HISTORY_MAX: usize = 200;

/// A question in a private conversation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PrivateQuestion {
    /// The words, 1 to 5,000 characters.
    message: String,
    /// Where to look; chosen by the words when missing.
    #[schema(value_type = Option<String>)]
    connection_id: Option<Written<ConnectionId>>,
    /// The conversation; a new one begins when missing.
    #[schema(value_type = Option<String>)]
    session_id: Option<Written<ChannelId>>,
    /// Whether to wait for the answer, at most 30 seconds; true when missing.
    wait: Option<bool>,
}

/// An answer in a private conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PrivateAnswer {
    /// The conversation.
    session_id: String,
    /// The answer's message.
    message_id: Option<String>,
    #[serde(flatten)]
    answer: AnswerView,
}

/// A question that is not answered yet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PrivateJob {
    /// The conversation.
    session_id: String,
    #[serde(flatten)]
    asked: AskedView,
}

/// A private conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// The conversation's id, and its channel's.
    id: String,
    /// How its owner calls it.
    title: String,
    /// Whether it stands before the others.
    is_pinned: bool,
    /// What it asks.
    connection_id: Option<String>,
    /// When it began.
    created_at: String,
    /// When something was last asked.
    updated_at: String,
}

/// A list of the data API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Sessions {
    /// Pinned ones first, then those asked last.
    data: Vec<SessionView>,
    /// How many.
    count: usize,
}

/// What was said in a conversation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Said {
    /// Oldest first.
    data: Vec<MessageView>,
    /// How many.
    count: usize,
}

impl SessionView {
    fn new(session: &ChatSession) -> Self {
        Self {
            id: session.channel.to_string(),
            title: session.title.clone(),
            is_pinned: session.is_pinned,
            connection_id: session.connection.map(|id| id.to_string()),
            created_at: rfc3339(session.created_at),
            updated_at: rfc3339(session.updated_at),
        }
    }
}

/// Asks in a private conversation.
#[utoipa::path(post, path = "/api/v1/chat/message", request_body = PrivateQuestion,
    responses((status = 200, body = PrivateAnswer), (status = 202, body = PrivateJob)))]
pub async fn ask(
    State(state): State<AppState>,
    Asker(by): Asker,
    Body(body): Body<PrivateQuestion>,
) -> Result<Response, Problem> {
    if body.message.trim().is_empty() {
        return Err(Problem::invalid_field("message", "must not be empty"));
    }
    let connection = body.connection_id.map(|Written(id)| id);
    let session = match body.session_id {
        Some(Written(id)) => {
            state.data.touch_session(&by, id, connection).await?;
            state.data.get_session(&by, id).await?
        }
        None => begin(&state, &by, &body.message, connection).await?,
    };
    let ask = Ask {
        channel: Some(session.channel),
        question: body.message,
        connection: connection.or(session.connection),
        priority: Priority::Person,
        ..Ask::default()
    };
    let asked = state.questions.ask(&by.caller, ask).await?.job;
    let patience = if body.wait.unwrap_or(true) { PATIENCE } else { Duration::ZERO };
    let job = state.questions.settled(&by.caller, asked.id, patience).await?;
    let session_id = session.channel.to_string();
    if job.state.is_final() && job.state != JobState::Cancelled {
        let sight = state.questions.answer(&by.caller, job.id).await?;
        if let Sight::Full(answer) = sight {
            let message_id = job.answer.map(|id| id.to_string());
            let answer = AnswerView::new(&answer);
            return Ok(Json(PrivateAnswer { session_id, message_id, answer }).into_response());
        }
    }
    let asked = AskedView::new(&job);
    Ok((StatusCode::ACCEPTED, Json(PrivateJob { session_id, asked })).into_response())
}

async fn begin(
    state: &AppState,
    by: &By,
    question: &str,
    connection: Option<ConnectionId>,
) -> Result<ChatSession, Problem> {
    let line = question.lines().next().unwrap_or_default().trim();
    let title: String = line.chars().filter(|c| !c.is_control()).take(TITLE_CHARS).collect();
    let draft = ChannelDraft {
        kind: ChannelKind::Group,
        name: title.clone(),
        description: String::new(),
        topic: String::new(),
        members: Vec::new(),
    };
    let (seen, _) = state.chat.create_channel(&by.caller, draft).await?;
    Ok(state.data.begin_session(by, seen.standing.channel.id, &title, connection).await?)
}

/// What was said in one of one's own conversations.
#[utoipa::path(get, path = "/api/v1/chat/history/{session}",
    responses((status = 200, body = Said)))]
pub async fn history(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<Json<Said>, Problem> {
    state.data.get_session(&by, id).await?;
    let page = state.chat.page(&by.caller, id, PageWish::Newest, true, HISTORY_MAX).await?;
    let data = with_answers(&state, &by.caller, &page.messages).await?;
    Ok(Json(Said { count: data.len(), data }))
}

/// One's own conversations.
#[utoipa::path(get, path = "/api/v1/chat/sessions", responses((status = 200, body = Sessions)))]
pub async fn list(
    State(state): State<AppState>,
    Asker(by): Asker,
) -> Result<Json<Sessions>, Problem> {
    let sessions = state.data.list_sessions(&by).await?;
    let data: Vec<_> = sessions.iter().map(SessionView::new).collect();
    Ok(Json(Sessions { count: data.len(), data }))
}

/// Renames or pins a conversation.
#[utoipa::path(patch, path = "/api/v1/chat/sessions/{id}", request_body = ChatSessionForm,
    responses((status = 200, body = SessionView)))]
pub async fn change(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ChannelId>>,
    Body(form): Body<ChatSessionForm>,
) -> Result<Json<SessionView>, Problem> {
    Ok(Json(SessionView::new(&state.data.change_session(&by, id, &form).await?)))
}

/// Takes a conversation away, with what was said in it.
#[utoipa::path(delete, path = "/api/v1/chat/sessions/{id}", responses((status = 204)))]
pub async fn remove(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<ChannelId>>,
) -> Result<StatusCode, Problem> {
    // The channel first: a session whose channel is gone can be taken away again.
    state.data.get_session(&by, id).await?;
    state.chat.remove_channel(&by.caller, id).await?;
    state.data.delete_session(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
