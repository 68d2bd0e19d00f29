//! Errors as RFC 9457 problem documents. The one table of HTTP statuses is here.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

/// What went wrong, as the client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: &'static str,
    kind: Kind,
    detail: String,
    errors: Vec<FieldError>,
    retry_after_s: Option<u64>,
    /// More about it, by name. Boxed: few problems have any.
    more: Option<Box<Map<String, Value>>>,
}

/// One field that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// The field's name, with dots for nested ones.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// The classes of problems; each is one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Malformed,
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    TooMany,
    Internal,
    Unavailable,
}

impl Kind {
    const fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl Problem {
    fn new(kind: Kind, code: &'static str, detail: impl Into<String>) -> Self {
        let (detail, errors) = (detail.into(), Vec::new());
        Self { code, kind, detail, errors, retry_after_s: None, more: None }
    }

    /// 400: the body is not what its type says.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, "malformed", detail)
    }

    /// 401 with a code that says why.
    pub fn unauthenticated(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Unauthenticated, code, detail)
    }

    /// 403: known, but not allowed.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, code, detail)
    }

    /// 404: not there, or another organization's.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, "not_found", detail)
    }

    /// 405: the path exists, the method does not.
    pub fn method_not_allowed() -> Self {
        Self::new(Kind::MethodNotAllowed, "method_not_allowed", "this path has other methods")
    }

    /// 409 with a code that says with what.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, detail)
    }

    /// 413: more than is taken.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(Kind::TooLarge, "too_large", detail)
    }

    /// 415: a content type that this path does not read.
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::new(Kind::UnsupportedMediaType, "unsupported_media_type", detail)
    }

    /// 422 with the fields that are wrong.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect::<Vec<_>>()
            .join("; ");
        Self { errors, ..Self::new(Kind::Invalid, "validation_failed", detail) }
    }

    /// 422 for one field.
    pub fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    /// 422 with a code of its own, for one field.
    pub fn refused_field(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self { code, ..Self::invalid_field(field, message) }
    }

    /// 429 with the time to wait, in milliseconds.
    pub fn too_many(detail: impl Into<String>, retry_after_ms: u64) -> Self {
        let retry_after_s = Some(retry_after_ms.div_ceil(1000).max(1));
        Self { retry_after_s, ..Self::new(Kind::TooMany, "rate_limited", detail) }
    }

    /// 500: our fault. The cause is logged, not shown.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed inside");
        Self::new(Kind::Internal, "internal", "something failed inside the server")
    }

    /// 503 with a code: passing; come back in a second.
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self { retry_after_s: Some(1), ..Self::new(Kind::Unavailable, code, detail) }
    }

    /// 422 with a code of its own: well-formed, and not done.
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, code, detail)
    }

    /// The same, with one more member of the document.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.more.get_or_insert_default().insert(name.to_owned(), value.into());
        self
    }

    /// The same, to be tried again after a time.
    #[must_use]
    pub const fn after(mut self, wait: Duration) -> Self {
        self.retry_after_s = Some(wait.as_secs());
        self
    }

    /// The same for programs that read a word and no document, as Slack answers theirs.
    pub fn in_a_word(self, word: &'static str) -> Response {
        let retry_after_s = self.retry_after_s;
        let mut response = (self.kind.status(), word).into_response();
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The stable word for it.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// The document as it travels.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    /// A name for this kind of problem, as a URN.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for people.
    pub detail: String,
    /// A stable word for programs.
    pub code: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// More about it: `rule`, `line` and `column` of a refused query, `estimate` of a costly one.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: Map<String, Value>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let document = ProblemDocument {
            kind: format!("urn:starling:problem:{}", self.code),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            code: self.code.to_owned(),
            errors: self.errors,
            more: self.more.map(|more| *more).unwrap_or_default(),
        };
        let mut response = (status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
