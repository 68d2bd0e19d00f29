//! Headers that every answer carries: a request id, and what keeps a browser from harm.

use std::fmt::Write as _;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use starling_actors::domain::MessageId;

use super::AppState;

/// The id of a request, for whoever logs something about it.
#[derive(Clone, Debug)]
pub struct RequestId(pub HeaderValue);

/// The header that ties an answer to its log lines.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id that is taken from a caller.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// What the page may load: its own files and sockets, and pictures that were made in it.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; \
     img-src 'self' data: blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// A caller's request id, if it is short and harmless.
fn given_id(request: &Request) -> Option<HeaderValue> {
    let value = request.headers().get(REQUEST_ID)?;
    let text = value.to_str().ok()?;
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let fits = !text.is_empty() && text.len() <= REQUEST_ID_BYTES_MAX;
    (fits && text.bytes().all(harmless)).then(|| value.clone())
}

fn fresh_id(state: &AppState) -> HeaderValue {
    let mut text = String::with_capacity(36);
    let id = MessageId::from_u128(state.clock.fresh_id());
    match write!(text, "{id}").map(|()| HeaderValue::from_str(&text)) {
        Ok(Ok(value)) => value,
        Ok(Err(_)) | Err(_) => HeaderValue::from_static("unknown"),
    }
}

/// Adds the headers to whatever the inner service answers.
pub async fn protect(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = given_id(&request).unwrap_or_else(|| fresh_id(&state));
    request.extensions_mut().insert(RequestId(id.clone()));
    let carries_data =
        request.uri().path().starts_with("/api/") || request.uri().path().starts_with("/auth/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    // A route that says itself who may keep its answer knows why.
    if carries_data && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if state.settings.server.https_only {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    response
}
