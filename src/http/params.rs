//! What stands in a request beside its body: ids in the path, the query, pages of lists.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use starling_actors::chat::{PageWish, Place};
use starling_actors::domain::Seq;

use super::problem::Problem;

/// The header with the cursor of a list's next page.
pub const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");
/// The header that says whether there are more messages in the direction asked for.
pub const HAS_MORE: HeaderName = HeaderName::from_static("x-has-more");
/// Messages of a page when nothing is said, and at most (wire.md).
const PAGE_DEFAULT: usize = 50;
const PAGE_MAX: usize = 200;

/// The variable parts of the path.
#[derive(Clone, Copy, Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // What is no id is the id of nothing.
        let Path(ids) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("nothing has this id"))?;
        Ok(Self(ids))
    }
}

/// The query, with the names of wrong parameters in the error.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::invalid_field("query", error.body_text()))?;
        Ok(Self(query))
    }
}

/// A value that travels as text: an id or a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<T>(pub T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<T: Display> Serialize for Written<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Takes values out of their written form.
pub fn plain<T>(written: Option<Vec<Written<T>>>) -> Vec<T> {
    written.unwrap_or_default().into_iter().map(|Written(value)| value).collect()
}

/// A page of a list: how many, and after which one.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListQuery {
    /// How many at most.
    pub limit: Option<String>,
    /// What `X-Next-Cursor` said.
    pub cursor: Option<String>,
}

impl ListQuery {
    /// How many, between 1 and `max`.
    pub fn limit(&self, default: usize, max: usize) -> Result<usize, Problem> {
        limit(self.limit.as_deref(), default, max)
    }

    /// After which one.
    pub fn cursor<T: FromStr>(&self) -> Result<Option<T>, Problem> {
        optional("cursor", self.cursor.as_deref())
    }
}

/// A page of messages: how many, and below, above or around which one.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PageQuery {
    /// 1 to 200; 50 when missing.
    pub limit: Option<String>,
    /// A message's id or position.
    pub before: Option<String>,
    /// A message's id or position.
    pub after: Option<String>,
    /// A message's id or position.
    pub around: Option<String>,
    /// The same as `before`.
    pub cursor: Option<String>,
    /// Whether replies in threads are shown too.
    pub include_threads: Option<String>,
}

impl PageQuery {
    /// How many messages.
    pub fn limit(&self) -> Result<usize, Problem> {
        limit(self.limit.as_deref(), PAGE_DEFAULT, PAGE_MAX)
    }

    /// Which page.
    pub fn wish(&self) -> Result<PageWish, Problem> {
        let before = self.before.as_deref().filter(|text| !text.is_empty());
        let before = before.or(self.cursor.as_deref());
        let before = place("before", before)?;
        let after = place("after", self.after.as_deref())?;
        let around = place("around", self.around.as_deref())?;
        match (before, after, around) {
            (None, None, None) => Ok(PageWish::Newest),
            (Some(place), None, None) => Ok(PageWish::Before(place)),
            (None, Some(place), None) => Ok(PageWish::After(place)),
            (None, None, Some(place)) => Ok(PageWish::Around(place)),
            (_, _, Some(_)) => Err(Problem::invalid_field("around", "goes with no other place")),
            (Some(_), Some(_), None) => {
                Err(Problem::invalid_field("after", "does not go together with before"))
            }
        }
    }

    /// Whether replies in threads are shown too.
    pub fn include_threads(&self) -> bool {
        matches!(self.include_threads.as_deref(), Some("true" | "1"))
    }
}

/// Reads a number of items that must lie between 1 and `max`.
pub fn limit(text: Option<&str>, default: usize, max: usize) -> Result<usize, Problem> {
    let limit = optional("limit", text)?.unwrap_or(default);
    if (1..=max).contains(&limit) {
        Ok(limit)
    } else {
        Err(Problem::invalid_field("limit", format!("must be from 1 to {max}")))
    }
}

/// Reads a parameter; an empty one counts as missing.
pub fn optional<T: FromStr>(field: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| Problem::invalid_field(field, "cannot be read")))
        .transpose()
}

fn place(field: &str, text: Option<&str>) -> Result<Option<Place>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if let Ok(seq) = text.parse() {
        return Ok(Some(Place::Seq(Seq(seq))));
    }
    match text.parse() {
        Ok(id) => Ok(Some(Place::Message(id))),
        Err(_) => Err(Problem::invalid_field(field, "must be a message's id or seq")),
    }
}

/// The header for the next page, if there is one.
pub fn next_cursor(cursor: Option<impl Display>) -> Option<[(HeaderName, HeaderValue); 1]> {
    let value = HeaderValue::from_str(&cursor?.to_string()).ok()?;
    Some([(NEXT_CURSOR, value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(before: &str, after: &str, around: &str) -> PageQuery {
        let some = |text: &str| Some(text.to_owned());
        let (before, after, around) = (some(before), some(after), some(around));
        PageQuery { before, after, around, ..PageQuery::default() }
    }

    #[test]
    fn a_page_is_asked_for_by_one_place_only() {
        let id = "018bcfe5-687b-7fff-bfff-ffffffffffff";
        let message = Place::Message(id.parse().expect("an id"));
        let cases = [
            (query("", "", ""), Some(PageWish::Newest)),
            (query("7", "", ""), Some(PageWish::Before(Place::Seq(Seq(7))))),
            (query("", id, ""), Some(PageWish::After(message))),
            (query("", "", "9"), Some(PageWish::Around(Place::Seq(Seq(9))))),
            (query("1", "2", ""), None),
            (query("1", "", "2"), None),
            (query("-1", "", ""), None),
        ];
        for (query, wish) in cases {
            assert_eq!(query.wish().ok(), wish, "{query:?}");
        }
    }

    #[test]
    fn a_limit_outside_its_range_is_refused() {
        for (text, expected) in [
            (None, Some(50)),
            (Some("200"), Some(200)),
            (Some("0"), None),
            (Some("201"), None),
            (Some("-1"), None),
            (Some("many"), None),
        ] {
            assert_eq!(limit(text, PAGE_DEFAULT, PAGE_MAX).ok(), expected, "{text:?}");
        }
    }
}
