//! Counts and times every request by its route (never by its path, which holds ids), and makes the
//! span that all its log lines carry.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::headers::RequestId;

/// Counts the request, times it, and logs it at `debug`.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "page".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let started = Instant::now();
    let id = request.extensions().get::<RequestId>().and_then(|id| id.0.to_str().ok());
    let span = tracing::info_span!("request", %method, route, request_id = id);
    let response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| {
        tracing::debug!(status, elapsed_us = elapsed.as_micros(), "request answered");
    });
    metrics::counter!(
        "starling_http_requests_total",
        "route" => route.clone(),
        "status" => status.to_string()
    )
    .increment(1);
    metrics::histogram!("starling_http_request_seconds", "route" => route)
        .record(elapsed.as_secs_f64());
    response
}
