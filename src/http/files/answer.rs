//! The answer that carries a file: headers that keep a browser from running it, and its bytes.
//!
//! **Invariant:** whatever a file holds, nothing in it runs as a part of the page: it is saved, or shown
//! by itself in a sandbox without scripts, as the type that its bytes have.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use starling_actors::ports::FileKey;

use super::super::problem::Problem;
use crate::files::{FilePart, Files};

/// Nothing is loaded from a file that is shown, and nothing in it runs.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
/// Its reader's browser may keep it as long as the shortest pass counts.
const KEPT: &str = "private, max-age=600";

/// How a file goes out.
pub(super) struct Way<'a> {
    /// As what.
    pub(super) mime_type: &'a str,
    /// Whether a browser shows it in place of saving it.
    pub(super) is_shown: bool,
    /// What it is saved as.
    pub(super) name: &'a str,
    /// Another content has another one.
    pub(super) tag: &'a str,
    /// How large it is.
    pub(super) bytes: u64,
}

/// A part of a file as the request wants it.
pub(super) async fn give(
    files: &Files,
    (key, part): (FileKey, FilePart),
    way: &Way<'_>,
    wanted: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", way.tag);
    let known = wanted.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known == "*" || known.split(',').any(|one| one.trim() == tag)) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        dress(response.headers_mut(), way, &tag)?;
        return Ok(response);
    }
    let range = match wanted_range(wanted, &tag, way.bytes) {
        Wish::Whole => None,
        Wish::Part(range) => Some(range),
        Wish::Nothing => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            let length = value(&format!("bytes */{}", way.bytes))?;
            response.headers_mut().insert(header::CONTENT_RANGE, length);
            return Ok(response);
        }
    };
    let Range { start, end } = range.clone().unwrap_or(0..way.bytes);
    let body = Body::from_stream(files.read(key, part, start..end).await?);
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(end - start));
    if range.is_some() {
        let place = value(&format!("bytes {start}-{}/{}", end.saturating_sub(1), way.bytes))?;
        headers.insert(header::CONTENT_RANGE, place);
    }
    dress(headers, way, &tag)?;
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

fn dress(headers: &mut HeaderMap, way: &Way<'_>, tag: &str) -> Result<(), Problem> {
    headers.insert(header::CONTENT_TYPE, value(way.mime_type)?);
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition(way.is_shown, way.name))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, value(tag)?);
    Ok(())
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|error| Problem::internal(&error))
}

/// What of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Whole,
    Part(Range<u64>),
    /// Bytes that it does not have.
    Nothing,
}

/// One range of bytes is served. Several, other units, and a range of another content than this are
/// answered with the whole, as RFC 9110 allows.
fn wanted_range(wanted: &HeaderMap, tag: &str, bytes: u64) -> Wish {
    let text = |name| wanted.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|of| of != tag) {
        return Wish::Whole;
    }
    let spec = text(header::RANGE).and_then(|range| range.strip_prefix("bytes="));
    let Some((first, last)) = spec.and_then(|spec| spec.split_once('-')) else {
        return Wish::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(bytes),
        (Some(first), None) if last.trim().is_empty() => first..bytes,
        (None, Some(count)) if first.trim().is_empty() => bytes.saturating_sub(count)..bytes,
        _ => return Wish::Whole,
    };
    if range.is_empty() { Wish::Nothing } else { Wish::Part(range) }
}

/// RFC 6266: the name for all in ASCII, and as it is for those who read RFC 8187.
fn disposition(is_shown: bool, name: &str) -> String {
    let way = if is_shown { "inline" } else { "attachment" };
    let plain = |c: char| c.is_ascii_alphanumeric() || " ._-()".contains(c);
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            exact.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{way}; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Wish {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(text).unwrap());
        wanted_range(&headers, "\"a\"", 10)
    }

    #[test]
    fn one_range_of_bytes_is_served_and_everything_else_is_the_whole() {
        assert_eq!(range("bytes=2-4"), Wish::Part(2..5));
        assert_eq!(range("bytes=2-400"), Wish::Part(2..10));
        assert_eq!(range("bytes=7-"), Wish::Part(7..10));
        assert_eq!(range("bytes=-3"), Wish::Part(7..10));
        assert_eq!(range("bytes=-30"), Wish::Part(0..10));
        for nothing in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(range(nothing), Wish::Nothing, "{nothing}");
        }
        for whole in ["bytes=4-2", "bytes=-", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b", "bytes"] {
            assert_eq!(range(whole), Wish::Whole, "{whole}");
        }
    }

    #[test]
    fn a_range_of_another_content_is_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=2-4"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"b\""));
        assert_eq!(wanted_range(&headers, "\"a\"", 10), Wish::Whole);
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"a\""));
        assert_eq!(wanted_range(&headers, "\"a\"", 10), Wish::Part(2..5));
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition(false, "a \"b\"\r\nX: c; é.txt"),
            "attachment; filename=\"a _b___X_ c_ _.txt\"; \
             filename*=UTF-8''a%20%22b%22%0D%0AX%3A%20c%3B%20%C3%A9.txt"
        );
        assert!(disposition(true, "a.png").starts_with("inline; filename=\"a.png\";"));
    }
}
