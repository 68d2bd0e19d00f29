//! The JSON body of a request, checked: what is wrong is said with the field's name.
//!
//! Malformed JSON is 400, another content type 415, too much 413, and a document that is JSON but
//! not what the route takes 422. Fields that the route does not know are ignored.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::problem::Problem;

/// A request's body, read as JSON into `T`.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported_media_type("the body must be application/json"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unreadable)?;
        read(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || essence.strip_prefix("application/").is_some_and(|kind| kind.ends_with("+json"))
}

fn unreadable(rejection: BytesRejection) -> Problem {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::too_large("the body is larger than this server takes")
    } else {
        Problem::malformed("the body could not be read to its end")
    }
}

/// Reads a whole JSON document into `T`.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // The whole document is looked at first: a wrong field before a syntax error is still malformed.
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) {
        return Err(Problem::malformed(format!("the body is not JSON: {error}")));
    }
    // Serde would take an array for a struct, by the order of its fields.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::invalid_field("body", "must be an object"));
    }
    let mut document = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut document).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        if cause.is_data() {
            let (field, message) = name_field(&path, &without_place(&cause.to_string()));
            Problem::invalid_field(&field, message)
        } else {
            Problem::malformed(format!("the body is not JSON: {cause}"))
        }
    })
}

/// Cuts serde_json's "at line … column …", which says nothing beside the field's name.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(text, _)| text).to_owned()
}

/// A missing field is reported at its parent's path, with its name in the message only.
fn name_field(path: &str, message: &str) -> (String, String) {
    let parent = if path == "." { "" } else { path };
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match (missing, parent) {
        (Some(name), "") => (name.to_owned(), "is required".to_owned()),
        (Some(name), parent) => (format!("{parent}.{name}"), "is required".to_owned()),
        (None, "") => ("body".to_owned(), message.to_owned()),
        (None, parent) => (parent.to_owned(), message.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use axum::body;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Sample {
        name: String,
        #[serde(default)]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        count: u32,
    }

    #[test]
    fn what_is_wrong_is_said_with_the_name_of_the_field() {
        let cases = [
            (r#"{"name": 5"#, "malformed", ""),
            (r#"{"name": 5, }"#, "malformed", ""),
            ("", "malformed", ""),
            (r#"["a"]"#, "validation_failed", "body: must be an object"),
            ("{}", "validation_failed", "name: is required"),
            (r#"{"name": 5}"#, "validation_failed", "name: invalid type"),
            (r#"{"name": "a", "inner": {}}"#, "validation_failed", "inner.count: is required"),
            (r#"{"name": "a", "inner": {"count": -1}}"#, "validation_failed", "inner.count: "),
        ];
        for (document, code, detail) in cases {
            let problem = read::<Sample>(document.as_bytes()).expect_err(document);
            assert_eq!(problem.code(), code, "{document}");
            assert!(problem.detail().starts_with(detail), "{document}: {}", problem.detail());
        }
    }

    #[test]
    fn unknown_fields_are_ignored() {
        let sample: Sample =
            read(br#"{"name": "a", "more": 1, "inner": {"count": 2, "x": []}}"#).expect("reads");
        assert_eq!((sample.name.as_str(), sample.inner.map(|inner| inner.count)), ("a", Some(2)));
    }

    #[tokio::test]
    async fn another_content_type_is_refused() {
        for (content_type, is_taken) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/problem+json", true),
            ("text/plain", false),
            ("", false),
        ] {
            let request = Request::builder()
                .header(header::CONTENT_TYPE, content_type)
                .body(body::Body::from(r#"{"name": "a"}"#))
                .expect("a request");
            let answer = Body::<Sample>::from_request(request, &()).await;
            assert_eq!(answer.is_ok(), is_taken, "{content_type}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let answer = read::<Sample>(&bytes);
            prop_assert!(answer.is_ok() || !answer.expect_err("refused").code().is_empty());
        }
    }
}
