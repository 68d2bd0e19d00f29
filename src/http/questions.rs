//! Questions about data: asking, what came of it, and SQL that a person wrote.

pub mod answers;
pub mod chart;
pub mod execute;
pub mod sessions;

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::domain::{ConnectionId, Job, JobId, Priority, ThreadId};
use starling_actors::query::{Ask, AskError};

pub use self::answers::{Answered, WITHHELD, with_answers};
use super::AppState;
use super::body::Body;
use super::params::{At, Params, Written, limit};
use super::problem::Problem;
use crate::wire::ask::JobView;

/// Failed questions of one page, when nothing is said and at most.
const DEAD_DEFAULT: usize = 50;
const DEAD_MAX: usize = 200;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/threads/{id}/llm-query", post(ask_in_thread))
        .route("/api/v1/queries/dead", get(dead))
        .route("/api/v1/queries/{job}", get(show).delete(cancel))
        .route("/api/v1/queries/{job}/approve", post(approve))
        .route("/api/v1/queries/{job}/retry", post(retry))
        .route("/api/v1/queries/{job}/answer", get(answers::show))
        .route("/api/v1/queries/{job}/chart.svg", get(chart::show))
        .route("/api/v1/queries/{job}/verify", post(answers::verify))
        .route("/api/v1/query/execute", post(execute::run))
        .route("/api/v1/chat/message", post(sessions::ask))
        .route("/api/v1/chat/history/{session}", get(sessions::history))
        .route("/api/v1/chat/sessions", get(sessions::list))
        .route("/api/v1/chat/sessions/{id}", patch(sessions::change).delete(sessions::remove))
}

/// A question in a thread.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewQuestion {
    /// The words, at most 5,000 characters.
    query: String,
    /// What the asker adds to them.
    context: Option<String>,
    /// Where to look; chosen by the words when missing.
    #[schema(value_type = Option<String>)]
    connection_id: Option<Written<ConnectionId>>,
    /// What the client calls the question's message: the same again asks nothing new.
    client_message_id: Option<String>,
}

/// A question that was taken in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskedView {
    /// The job: `GET /api/v1/queries/{job}` says where it stands.
    pub job_id: String,
    /// The thread that it was asked in.
    pub thread_id: Option<String>,
    /// The question's own message.
    pub message_id: String,
    /// Where it stands.
    pub state: &'static str,
}

impl AskedView {
    /// A job that was just taken in.
    pub fn new(job: &Job) -> Self {
        Self {
            job_id: job.id.to_string(),
            thread_id: job.thread.map(|id| id.to_string()),
            message_id: job.message.to_string(),
            state: job.state.as_str(),
        }
    }
}

/// Puts a question in a thread.
#[utoipa::path(post, path = "/api/v1/threads/{id}/llm-query", request_body = NewQuestion,
    responses((status = 202, body = AskedView)))]
pub async fn ask_in_thread(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(thread)): At<Written<ThreadId>>,
    Body(body): Body<NewQuestion>,
) -> Result<(StatusCode, Json<AskedView>), Problem> {
    let ask = Ask {
        channel: None,
        thread: Some(thread),
        question: body.query,
        context: body.context,
        connection: body.connection_id.map(|Written(id)| id),
        client_message_id: body.client_message_id,
        priority: Priority::Person,
    };
    let asked = state.questions.ask(&caller, ask).await?;
    Ok((StatusCode::ACCEPTED, Json(AskedView::new(&asked.job))))
}

/// Where a question stands.
#[utoipa::path(get, path = "/api/v1/queries/{job}", responses((status = 200, body = JobView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
) -> Result<Json<JobView>, Problem> {
    Ok(Json(JobView::new(&state.questions.job(&caller, id).await?)))
}

/// Calls a question off.
#[utoipa::path(delete, path = "/api/v1/queries/{job}", responses((status = 200, body = JobView)))]
pub async fn cancel(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
) -> Result<Json<JobView>, Problem> {
    Ok(Json(JobView::new(&state.questions.cancel(&caller, id).await?)))
}

/// Agrees to what a query costs.
#[utoipa::path(post, path = "/api/v1/queries/{job}/approve",
    responses((status = 202, body = JobView)))]
pub async fn approve(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
) -> Result<(StatusCode, Json<JobView>), Problem> {
    let job = state.questions.approve(&caller, id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobView::new(&job))))
}

/// Asks a failed question once more.
#[utoipa::path(post, path = "/api/v1/queries/{job}/retry",
    responses((status = 202, body = JobView)))]
pub async fn retry(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
) -> Result<(StatusCode, Json<JobView>), Problem> {
    let job = state.questions.retry(&caller, id).await?;
    Ok((StatusCode::ACCEPTED, Json(JobView::new(&job))))
}

/// How many.
#[derive(Debug, Deserialize)]
pub struct DeadQuery {
    limit: Option<String>,
}

/// Failed questions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeadView {
    /// Newest first.
    data: Vec<JobView>,
    /// How many are shown.
    count: usize,
}

/// Failed questions of the organization, for its admins.
#[utoipa::path(get, path = "/api/v1/queries/dead", responses((status = 200, body = DeadView)))]
pub async fn dead(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<DeadQuery>,
) -> Result<Json<DeadView>, Problem> {
    let limit = limit(query.limit.as_deref(), DEAD_DEFAULT, DEAD_MAX)?;
    let jobs = state.questions.dead(&caller, limit).await?;
    let data: Vec<_> = jobs.iter().map(JobView::new).collect();
    Ok(Json(DeadView { count: data.len(), data }))
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        /// The queue of a second's work.
        const LATER: Duration = Duration::from_secs(5);
        let (code, detail) = (error.code(), error.to_string());
        match error {
            AskError::Chat(error) => error.into(),
            AskError::Disabled | AskError::WrongState(_) => Self::conflict(code, detail),
            AskError::ConnectionNotAllowed | AskError::Forbidden(_) => {
                Self::forbidden(code, detail)
            }
            AskError::NoJob => Self::not_found(detail),
            AskError::Overloaded => Self::unavailable(code, detail).after(LATER),
            AskError::Unavailable | AskError::OutcomeUnknown => Self::unavailable(code, detail),
        }
    }
}
