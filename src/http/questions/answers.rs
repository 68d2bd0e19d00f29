//! Answers, for those who may see them.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::domain::{Audience, JobId, Message, MessageKind};
use starling_actors::query::Sight;

use crate::http::AppState;
use crate::http::body::Body;
use crate::http::params::{At, Written};
use crate::http::problem::Problem;
use crate::wire::ask::{AnswerView, RestrictedAnswerView};
use crate::wire::beside::LinkPreviewView;
use crate::wire::message::MessageView;

/// In place of an answer's words.
pub const WITHHELD: &str = "This answer uses data that is not open to you.";

/// Whether an answer is right.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Verdict {
    /// It is; or somebody takes that back.
    verified: bool,
}

/// An answer, or that it is not open to the reader.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Answered {
    /// All of it.
    Full(Box<AnswerView>),
    /// That there is one.
    Restricted(RestrictedAnswerView),
}

/// The answer of a question.
#[utoipa::path(get, path = "/api/v1/queries/{job}/answer",
    responses((status = 200, body = AnswerView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
) -> Result<Json<AnswerView>, Problem> {
    match state.questions.answer(&caller, id).await? {
        Sight::Full(answer) => Ok(Json(AnswerView::new(&answer))),
        Sight::Restricted(_) => {
            Err(Problem::forbidden("restricted", "this answer uses data that is not open to you"))
        }
    }
}

/// Says that an answer is right, or takes that back. Analysts and admins may.
#[utoipa::path(post, path = "/api/v1/queries/{job}/verify", request_body = Verdict,
    responses((status = 200, body = AnswerView)))]
pub async fn verify(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<JobId>>,
    Body(body): Body<Verdict>,
) -> Result<Json<AnswerView>, Problem> {
    let answer = state.questions.verify(&caller, id, body.verified).await?;
    Ok(Json(AnswerView::new(&answer)))
}

/// Messages as `caller` sees them, answers with the data that they may see now.
pub async fn with_answers(
    state: &AppState,
    caller: &Caller,
    messages: &[Message],
) -> Result<Vec<MessageView>, Problem> {
    let mut views: Vec<_> =
        messages.iter().map(|message| MessageView::new(message, caller.user())).collect();
    // Messages are shown without what cannot be read of the pages that they link to.
    let mut previews = state.previews.of(caller.org, messages).await.unwrap_or_default();
    for (view, message) in views.iter_mut().zip(messages) {
        let Some(links) = previews.remove(&message.id) else { continue };
        view.link_previews = links.iter().map(LinkPreviewView::from).collect();
    }
    let jobs: Vec<(usize, JobId)> = messages
        .iter()
        .enumerate()
        .filter_map(|(place, message)| Some((place, job_of(message)?)))
        .collect();
    if jobs.is_empty() {
        return Ok(views);
    }
    let ids: Vec<JobId> = jobs.iter().map(|(_, id)| *id).collect();
    let sights = state.questions.sights(caller, &ids).await?;
    for ((place, id), sight) in jobs.into_iter().zip(sights) {
        let view = &mut views[place];
        match sight {
            Some(Sight::Full(answer)) => {
                view.llm_context = AnswerView::value(&answer);
                // The log has its words only where all may read them. Where it has a note that
                // others may not, the note stays.
                if answer.audience != Audience::Restricted {
                    view.content.clone_from(&answer.content);
                }
                view.llm_model_used = Some(answer.model).filter(|model| !model.is_empty());
            }
            Some(Sight::Restricted(_)) => {
                // The words were for those who could see the data then.
                WITHHELD.clone_into(&mut view.content);
                view.llm_context = Some(RestrictedAnswerView::value(id));
            }
            None => {}
        }
    }
    Ok(views)
}

/// Whether a view stands for an answer that its reader may not see.
pub fn is_withheld(view: &MessageView) -> bool {
    view.llm_context.as_ref().is_some_and(|context| context["restricted"] == true)
}

/// The job that a message answers.
fn job_of(message: &Message) -> Option<JobId> {
    let is_answer = message.kind == MessageKind::Answer && !message.is_deleted;
    let key = message.client_message_id.as_ref().filter(|_| is_answer)?;
    key.as_str().parse().ok()
}
