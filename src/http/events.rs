//! The whole log of a channel: `/api/v1/channels/{id}/events`, the frames as on the socket, answers
//! with the data that the reader may see now.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::domain::{ChannelId, Entry, Generation, JobId, Seq};
use starling_actors::query::Sight;

use super::AppState;
use super::params::{At, Params, Written, limit, optional};
use super::problem::Problem;
use super::questions::WITHHELD;
use crate::wire::frame::ServerFrame;
use crate::wire::ready_answers::{answered, reworded};

/// Entries of one answer, when nothing is said.
const EVENTS_DEFAULT: usize = 200;
/// Entries of one answer at most: a megabyte or two of the longest messages in practice.
const EVENTS_MAX: usize = 1_000;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/channels/{id}/events", get(list))
}

/// Which part of the log.
#[derive(Debug, Deserialize)]
pub struct EventsQuery {
    after: Option<String>,
    limit: Option<String>,
}

/// A contiguous part of a channel's log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventsView {
    /// Frames as on the socket, in order, without a gap.
    #[schema(value_type = Vec<Object>)]
    events: Vec<ServerFrame>,
    /// Where the log ends.
    head_seq: u64,
    /// The log's life.
    #[serde(rename = "gen")]
    generation: u32,
}

/// Entries above a position.
#[utoipa::path(get, path = "/api/v1/channels/{id}/events",
    responses((status = 200, body = EventsView)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    At(Written(id)): At<Written<ChannelId>>,
    Params(query): Params<EventsQuery>,
) -> Result<Json<EventsView>, Problem> {
    let after = Seq(optional("after", query.after.as_deref())?.unwrap_or_default());
    let limit = limit(query.limit.as_deref(), EVENTS_DEFAULT, EVENTS_MAX)?;
    let (entries, head) = state.chat.events(&caller, id, after, limit).await?;
    let jobs: Vec<JobId> = entries.iter().filter_map(answered).collect();
    let sights = state.questions.sights(&caller, &jobs).await?;
    let mut sights = sights.into_iter();
    let events = entries.iter().map(|entry| {
        let sight = answered(entry).and_then(|_| sights.next().flatten());
        seen(entry, head.generation, sight)
    });
    Ok(Json(EventsView {
        events: events.collect(),
        head_seq: head.seq.0,
        generation: head.generation.0,
    }))
}

/// An entry as its reader may see it now.
fn seen(entry: &Entry, generation: Generation, sight: Option<Sight>) -> ServerFrame {
    match sight {
        Some(Sight::Full(answer)) => ServerFrame::logged(entry, generation, Some(&answer)),
        Some(Sight::Restricted(_)) => {
            ServerFrame::logged(&reworded(entry, WITHHELD), generation, None)
        }
        None => ServerFrame::logged(entry, generation, None),
    }
}
