//! Search: `/api/v1/search`.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::search::{Mark, Note, SearchCursor, SearchSort, SearchWish};

use super::AppState;
use super::params::{Params, limit, next_cursor, optional};
use super::problem::Problem;
use super::questions::answers::is_withheld;
use super::questions::with_answers;
use crate::wire::message::MessageView;

/// Hits of a page when nothing is said, and at most: each is a message read in full.
const HITS_DEFAULT: usize = 20;
const HITS_MAX: usize = 50;
/// Characters of a search: more than fit in any field, and few enough to be read in no time.
const QUERY_CHARS_MAX: usize = 1_000;
/// How far clocks are from UTC, in minutes, at most.
const UTC_OFFSET_MINUTES_MAX: i32 = 14 * 60;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/search", get(find))
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words, "phrases", beginnings*, -exclusions and operators. Without it nothing is found, and the
    /// index gets ready.
    q: Option<String>,
    /// 1 to 50; 20 when missing.
    limit: Option<String>,
    /// What `X-Next-Cursor` said.
    cursor: Option<String>,
    /// `relevance` (when missing) or `newest`.
    sort: Option<String>,
    /// How many minutes the reader's clock is ahead of UTC: their days begin by it.
    utc_offset: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SearchView {
    /// One page, in the order asked for.
    pub hits: Vec<HitView>,
    /// How many there are in all, counted up to 1,000.
    pub total: u64,
    /// Whether it was counted to the end.
    pub total_is_exact: bool,
    /// Whether newer messages are still being read in: ask again in a moment.
    pub incomplete: bool,
    /// What of the search was not understood.
    pub notes: Vec<NoteView>,
}

/// A message that was found.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct HitView {
    /// Where it is.
    pub channel_id: String,
    /// The message as it stands.
    pub message: MessageView,
    /// Where the words stand in its `content`.
    pub highlights: Vec<HighlightView>,
}

/// A stretch of a text, in characters (Unicode code points), from the first to the one after the last.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct HighlightView {
    /// The first character.
    pub start: usize,
    /// The place after the last one.
    pub end: usize,
}

/// A part of the search that does not do what its writer may think.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NoteView {
    /// `unknown_operator` (searched for as words), `unknown_value`, `unknown_person`, `unknown_channel`,
    /// `no_words`, `short_prefix`, `only_exclusions` or `too_many`.
    pub code: &'static str,
    /// The part as it was written.
    pub text: String,
}

impl From<Mark> for HighlightView {
    fn from(mark: Mark) -> Self {
        Self { start: mark.start, end: mark.end }
    }
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        Self { code: note.code.as_str(), text: note.text }
    }
}

impl SearchQuery {
    fn wish(self) -> Result<SearchWish, Problem> {
        let text = self.q.unwrap_or_default();
        if text.chars().nth(QUERY_CHARS_MAX).is_some() {
            let message = format!("must have at most {QUERY_CHARS_MAX} characters");
            return Err(Problem::invalid_field("q", message));
        }
        let offset = optional("utc_offset", self.utc_offset.as_deref())?.unwrap_or_default();
        if !(-UTC_OFFSET_MINUTES_MAX..=UTC_OFFSET_MINUTES_MAX).contains(&offset) {
            return Err(Problem::invalid_field("utc_offset", "is no offset in minutes"));
        }
        Ok(SearchWish {
            text,
            sort: sort(self.sort.as_deref())?,
            limit: limit(self.limit.as_deref(), HITS_DEFAULT, HITS_MAX)?,
            cursor: optional::<SearchCursor>("cursor", self.cursor.as_deref())?,
            utc_offset_minutes: offset,
        })
    }
}

fn sort(word: Option<&str>) -> Result<SearchSort, Problem> {
    match word {
        None | Some("" | "relevance") => Ok(SearchSort::Relevance),
        Some("newest") => Ok(SearchSort::Newest),
        Some(_) => Err(Problem::invalid_field("sort", "must be relevance or newest")),
    }
}

/// Finds messages in what the caller may read.
#[utoipa::path(get, path = "/api/v1/search", params(SearchQuery),
    responses((status = 200, body = SearchView)))]
pub async fn find(
    State(state): State<AppState>,
    caller: Caller,
    Params(query): Params<SearchQuery>,
) -> Result<impl IntoResponse, Problem> {
    let page = state.search.find(&caller, query.wish()?).await?;
    let mut views = with_answers(&state, &caller, &page.messages).await?;
    // The index asks who may use which data, too; this is the moment of reading.
    views.retain(|view| !is_withheld(view));
    let hits = views.into_iter().map(|message| HitView {
        channel_id: message.channel_id.clone(),
        highlights: page.marker.marks(&message.content).into_iter().map(Into::into).collect(),
        message,
    });
    let view = SearchView {
        hits: hits.collect(),
        total: page.total,
        total_is_exact: page.is_total_exact,
        incomplete: page.is_incomplete,
        notes: page.notes.into_iter().map(Into::into).collect(),
    };
    Ok((next_cursor(page.next), Json(view)))
}
