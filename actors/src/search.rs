//! Search: messages by their words, in exactly what the reader may see.
//!
//! ```text
//!   query ─▶ parse ─▶ resolve (names; channels that the reader may read now)
//!        ─▶ catch up (those channels, from the log) ─▶ index ─▶ rank ─▶ messages as they stand
//!   append ─▶ news ─▶ follower: the same catching up, in the background
//! ```
//!
//! Reading order: [`Search`] here, [`parse`], `resolve`, `follow` (how the index comes from the log),
//! `feed`, `rank`, `mark`.
//!
//! **Invariant:** what a person may read is asked of the directory for each search, and only messages of
//! these channels are looked for, counted and shown. The index is a hint about messages, never a source
//! of them: what is shown is read from the history.

mod dates;
mod feed;
mod follow;
mod mark;
mod news;
mod parse;
mod rank;
mod resolve;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

pub use dates::Reader;
pub use mark::{Mark, Marker};
pub use news::SearchNews;
pub use parse::{Note, NoteCode, PARTS_MAX, Query, parse};

use crate::chat::{Caller, ChatError, People};
use crate::domain::{ChannelId, Message};
use crate::ports::{
    Answers, Catalog, Clock, Directory, Frequencies, History, Match, MatchPlace, MessageLog,
    SearchIndex, SearchIndexError, Sought, Words,
};
use follow::{Behind, Follower};

/// How long a search waits for the index to take in what is new. What is left then is said to be missing.
const CATCH_UP_MAX: Duration = Duration::from_millis(1_500);
/// Matches that are ranked: the newest ones. Who looks for a word that more messages hold wants other
/// words, not a better order.
const RANKED_MAX: usize = 1_000;
/// How far matches are counted. "More than a thousand" tells as much.
const COUNTED_MAX: u64 = 1_000;
/// How far uses of a word are counted: what is used more often tells as little.
const FREQUENCY_MAX: u64 = 10_000;

/// What search needs from the outside.
#[derive(Clone)]
pub struct SearchPorts {
    /// Finds.
    pub index: Arc<dyn SearchIndex>,
    /// What the index is made of.
    pub log: Arc<dyn MessageLog>,
    /// Messages as they stand.
    pub history: Arc<dyn History>,
    /// Who may read what.
    pub directory: Arc<dyn Directory>,
    /// Who has which name.
    pub people: Arc<dyn People>,
    /// The words of answers.
    pub answers: Arc<dyn Answers>,
    /// Whose data is open to whom.
    pub catalog: Arc<dyn Catalog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Searches. Cheap to clone.
#[derive(Clone)]
pub struct Search {
    inner: Arc<Inner>,
}

struct Inner {
    ports: SearchPorts,
    follower: Arc<Follower>,
}

/// In which order matches are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchSort {
    /// The best first.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
}

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchWish {
    /// As it was typed.
    pub text: String,
    /// In which order.
    pub sort: SearchSort,
    /// How many.
    pub limit: usize,
    /// Where the page before ended.
    pub cursor: Option<SearchCursor>,
    /// How far the reader's clock is ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// Where the next page begins. Messages written meanwhile do not move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchCursor {
    below: MatchPlace,
    skip: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct SearchPage {
    /// Messages as they stand, in the order asked for.
    pub messages: Vec<Message>,
    /// Marks the words in their texts.
    pub marker: Marker,
    /// How many there are in all, counted up to a limit.
    pub total: u64,
    /// Whether that limit was not reached.
    pub is_total_exact: bool,
    /// Whether messages are missing because the index has not taken them in yet.
    pub is_incomplete: bool,
    /// What of the search was not understood.
    pub notes: Vec<Note>,
    /// Where the next page begins, if there is one.
    pub next: Option<SearchCursor>,
}

impl Search {
    /// Over an index, with the news of the log that it is made of.
    pub fn new(ports: SearchPorts, news: SearchNews) -> Self {
        let follower = Arc::new(Follower::new(ports.clone(), news));
        Self { inner: Arc::new(Inner { ports, follower }) }
    }

    /// Keeps the index up to date in the background, for ever.
    pub async fn run(&self) -> std::convert::Infallible {
        Arc::clone(&self.inner.follower).run().await
    }

    /// Finds messages that the caller may read. A search for nothing finds nothing, and has the index
    /// get ready.
    pub async fn find(&self, caller: &Caller, wish: SearchWish) -> Result<SearchPage, ChatError> {
        let now = self.inner.ports.clock.now();
        let reader = Reader { now, utc_offset_minutes: wish.utc_offset_minutes };
        let mut query = parse(&wish.text, reader);
        let readable = self.readable(caller).await?;
        let caught = self.inner.follower.catch_up(caller.org, &readable.ids, CATCH_UP_MAX).await;
        let is_incomplete = !caught.map_err(|Behind| ChatError::Unavailable)?;
        let sought = self.mean(caller, &mut query, &readable).await?;
        let marker = Marker::new(&query.words);
        let page =
            SearchPage { marker, is_incomplete, notes: query.notes, ..SearchPage::default() };
        let Some(sought) = sought else { return Ok(SearchPage { is_total_exact: true, ..page }) };
        match wish.sort {
            SearchSort::Relevance => self.best(caller, &sought, &wish, page).await,
            SearchSort::Newest => self.newest(caller, &sought, &wish, page).await,
        }
    }

    async fn newest(
        &self,
        caller: &Caller,
        sought: &Sought,
        wish: &SearchWish,
        page: SearchPage,
    ) -> Result<SearchPage, ChatError> {
        let index = &self.inner.ports.index;
        let below = wish.cursor.map(|cursor| cursor.below);
        let mut found = index.find(caller.org, sought, below, wish.limit + 1).await?;
        let has_more = found.len() > wish.limit;
        found.truncate(wish.limit);
        let total = index.count(caller.org, sought, COUNTED_MAX + 1).await?;
        let next = found.last().filter(|_| has_more);
        let next = next.map(|last| SearchCursor { below: last.place, skip: 0 });
        Ok(SearchPage {
            messages: self.read(sought, &found).await?,
            total: total.min(COUNTED_MAX),
            is_total_exact: total <= COUNTED_MAX,
            next,
            ..page
        })
    }

    async fn best(
        &self,
        caller: &Caller,
        sought: &Sought,
        wish: &SearchWish,
        page: SearchPage,
    ) -> Result<SearchPage, ChatError> {
        let index = &self.inner.ports.index;
        let (below, skip) = wish.cursor.map_or((None, 0), |at| (Some(at.below), at.skip));
        let mut found = index.find(caller.org, sought, below, RANKED_MAX + 1).await?;
        let is_total_exact = found.len() <= RANKED_MAX;
        found.truncate(RANKED_MAX);
        let total = found.len();
        // The first page's newest match holds the others in place.
        let newest = found.first().map(|newest| MatchPlace(newest.place.0.saturating_add(1)));
        let ranked = self.ranked(caller, sought, found).await?;
        let rest = ranked.get(skip..).unwrap_or_default();
        let shown = &rest[..rest.len().min(wish.limit)];
        let next = below.or(newest).filter(|_| rest.len() > wish.limit);
        let next = next.map(|below| SearchCursor { below, skip: skip + wish.limit });
        let messages = self.read(sought, shown).await?;
        Ok(SearchPage { messages, total: total as u64, is_total_exact, next, ..page })
    }

    async fn ranked(
        &self,
        caller: &Caller,
        sought: &Sought,
        found: Vec<Match>,
    ) -> Result<Vec<Match>, ChatError> {
        let Sought { words, .. } = sought;
        let frequencies = self.frequencies(caller, words).await?;
        Ok(rank::rank(found, words, &frequencies, self.inner.ports.clock.now()))
    }

    /// How rare words are matters only beside other words.
    async fn frequencies(
        &self,
        caller: &Caller,
        words: &[Words],
    ) -> Result<Frequencies, ChatError> {
        if words.len() < 2 {
            return Ok(Frequencies::default());
        }
        let index = &self.inner.ports.index;
        Ok(index.frequencies(caller.org, words, FREQUENCY_MAX).await?)
    }

    /// The messages as they stand now. One that was deleted a moment ago is not shown.
    async fn read(&self, sought: &Sought, found: &[Match]) -> Result<Vec<Message>, ChatError> {
        let is_sought = |channel: ChannelId| sought.channels.contains(&channel);
        let mut messages = Vec::with_capacity(found.len());
        for found in found {
            let message = self.inner.ports.history.message(found.message).await?;
            messages.extend(
                message.filter(|message| !message.is_deleted && is_sought(message.channel)),
            );
        }
        Ok(messages)
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Search")
    }
}

impl From<SearchIndexError> for ChatError {
    fn from(_: SearchIndexError) -> Self {
        Self::Unavailable
    }
}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.below.0, self.skip)
    }
}

/// The text is no cursor that a page ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of a search")]
pub struct MalformedCursor;

impl FromStr for SearchCursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, MalformedCursor> {
        let (below, skip) = text.split_once('-').ok_or(MalformedCursor)?;
        let below = u64::from_str_radix(below, 16).map_err(|_| MalformedCursor)?;
        let skip = skip.parse().map_err(|_| MalformedCursor)?;
        Ok(Self { below: MatchPlace(below), skip })
    }
}

impl SearchSort {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
        }
    }
}
