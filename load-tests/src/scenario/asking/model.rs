//! A model on loopback that answers at once: the same query to whoever asks for SQL, and the same
//! words about every result. It counts the time that it takes itself.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// One query that every demo shop answers.
const SQL: &str = "<reasoning>Orders have a channel.</reasoning>\n\
    <sql>SELECT channel, count(*) AS orders FROM orders GROUP BY channel ORDER BY channel</sql>";
/// Words without a number, so that nothing of them has to be found in the result.
const WORDS: &str = r#"{"insight": "Most orders come over the web.", "summary": "Orders by channel.",
    "chart": null, "follow_ups": []}"#;

/// The running model; it goes with its handle.
pub(super) struct Model {
    address: SocketAddr,
    taken: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Model {
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let taken = Arc::<AtomicU64>::default();
        let routes = Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(Arc::clone(&taken));
        let task = tokio::spawn(async move {
            if axum::serve(listener, routes).await.is_err() {
                // Questions without a model fail, and the run says so.
            }
        });
        Ok(Self { address, taken, task })
    }

    /// What the server is told to call.
    pub(super) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The time that it took since it was last asked for this.
    pub(super) fn take_time(&self) -> Duration {
        Duration::from_nanos(self.taken.swap(0, Ordering::Relaxed))
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn complete(State(taken): State<Arc<AtomicU64>>, Json(request): Json<Value>) -> Json<Value> {
    let begin = Instant::now();
    // Only whoever asks for SQL shows tables.
    let shows_tables = request["messages"][1]["content"]
        .as_str()
        .is_some_and(|prompt| prompt.contains("<schema>"));
    let content = if shows_tables { SQL } else { WORDS };
    let answer = json!({
        "choices": [{
            "message": {"role": "assistant", "content": content},
            "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1},
    });
    taken.fetch_add(u64::try_from(begin.elapsed().as_nanos()).unwrap_or(0), Ordering::Relaxed);
    Json(answer)
}
