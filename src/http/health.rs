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

    /// Whether people can do nothing useful here without it.
    fn is_vital(&self) -> bool {
        true
    }
}

/// Something that says by itself whether it works, and without which the server serves on.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Its name in `/ready`.
    pub name: &'static str,
    /// Whether it works.
    pub works: tokio::sync::watch::Receiver<bool>,
    /// What is missing without it.
    pub without: &'static str,
}

#[async_trait]
impl Dependency for Watched {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn check(&self) -> Result<(), String> {
        if *self.works.borrow() { Ok(()) } else { Err(self.without.to_owned()) }
    }

    fn is_vital(&self) -> bool {
        false
    }
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

/// 503 with the vital dependency that is down. Without one that is not vital the server serves on,
/// degraded: a balancer that took all nodes out would make an outage of it.
async fn ready(State(state): State<AppState>) -> Response {
    let mut checks = Map::new();
    let (mut all, mut vital) = (true, true);
    for dependency in state.dependencies.iter() {
        let outcome = dependency.check().await;
        all &= outcome.is_ok();
        vital &= outcome.is_ok() || !dependency.is_vital();
        let detail = outcome.as_ref().err().map_or("ok", String::as_str);
        let check = json!({ "ok": outcome.is_ok(), "detail": detail });
        checks.insert(dependency.name().to_owned(), check);
    }
    let (status, word) = match (vital, all) {
        (true, true) => (StatusCode::OK, "ready"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
    };
    (status, Json(json!({ "status": word, "checks": checks }))).into_response()
}

async fn metrics(State(state): State<AppState>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], state.meters.render()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_watched_is_told_as_it_is_and_makes_no_server_unready() {
        let (state, works) = tokio::sync::watch::channel(false);
        let redis = Watched { name: "redis", works, without: "other nodes are not heard" };
        assert_eq!(redis.check().await, Err("other nodes are not heard".to_owned()));
        state.send_replace(true);
        assert_eq!(redis.check().await, Ok(()));
        assert!(!redis.is_vital());
    }
}
