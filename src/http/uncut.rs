//! A change that has begun is finished, also when its caller has gone.
//!
//! A handler runs in the task of its connection, so one whose caller hangs up is dropped wherever it waits:
//! between a removal and the news of it, say. Not for questions about data, where a caller who goes
//! cancels on purpose.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use starling_actors::chat::ChatError;
use tracing::Instrument;

use super::problem::Problem;

/// Runs what changes something on a task of its own.
pub async fn finish(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request).in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The process ends: whether it was done is not known.
            Err(_) => Problem::from(ChatError::OutcomeUnknown).into_response(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;

    /// Calls a route that waits in the middle, goes away, and tells whether it came to its end.
    async fn is_finished(method: &str) -> bool {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let is_done = Arc::new(AtomicBool::new(false));
        let (told, waits, done) = (begun.clone(), go_on.clone(), is_done.clone());
        let handler = move || {
            let (told, waits, done) = (told.clone(), waits.clone(), done.clone());
            async move {
                told.notify_one();
                waits.notified().await;
                done.store(true, Ordering::Relaxed);
            }
        };
        let routes = Router::new().route("/", get(handler.clone()).post(handler));
        let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
        let call = tokio::spawn(routes.layer(from_fn(finish)).oneshot(request));
        begun.notified().await;
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        go_on.notify_one();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        is_done.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn a_change_goes_on_without_its_caller_and_a_read_does_not() {
        assert!(is_finished("POST").await);
        assert!(!is_finished("GET").await);
    }
}
