//! Whether the server lives and can serve, and what it measures.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::AppState;

/// Something the server needs, asked whether it works: `Err` says what is wrong, for an operator.
#[async_trait]
pub trait Dependency: Send + Sync + 'static {
    /// Its name in `/ready`.
    fn name(&self) -> &'static str;

    /// Whether it works right now; must answer within a second or two.
    async fn check(&self) -> Result<(), String>;
}

/// All that must work for the server to be ready.
pub type Dependencies = Arc<[Arc<dyn Dependency>]>;

/// Routes that are never limited and need no sign-in.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/health", get(health))
        .route("/api/v1/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
}

/// Always 200: the process answers.
async fn health() -> Json<Value> {
    Json(json!({
        "status": "healthy",
        "service": "starling",
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

/// 503 with the dependency that is down.
async fn ready(State(state): State<AppState>) -> Response {
    let mut checks = Map::new();
    let mut all = true;
    for dependency in state.dependencies.iter() {
        let outcome = dependency.check().await;
        all &= outcome.is_ok();
        let detail = outcome.as_ref().err().map_or("ok", String::as_str);
        let check = json!({ "ok": outcome.is_ok(), "detail": detail });
        checks.insert(dependency.name().to_owned(), check);
    }
    let (status, word) = if all {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not_ready")
    };
    (status, Json(json!({ "status": word, "checks": checks }))).into_response()
}

async fn metrics(State(state): State<AppState>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], state.meters.render()).into_response()
}
