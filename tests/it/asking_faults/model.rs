//! A model on loopback that says what a test tells it to, in the way of OpenAI.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::world::PATIENCE;

/// What the model does when it is called.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Says this.
    Says(String),
    /// Answers with an error of this status.
    Fails(u16),
    /// Takes the call and never answers.
    Hangs,
}

impl Act {
    pub(super) fn says(words: &str) -> Self {
        Self::Says(words.to_owned())
    }

    /// Says this query.
    pub(super) fn sql(sql: &str) -> Self {
        Self::Says(format!("<reasoning>as asked</reasoning><sql>{sql}</sql>"))
    }
}

/// Words about a result, without a number.
pub(super) fn words() -> Act {
    Act::says(r#"{"insight": "There they are.", "summary": "There they are."}"#)
}

#[derive(Default)]
struct Script {
    acts: Mutex<VecDeque<Act>>,
    prompts: Mutex<Vec<String>>,
    called: Notify,
}

/// The running model.
pub(super) struct Model {
    script: Arc<Script>,
    pub(super) url: String,
    task: JoinHandle<()>,
}

impl Model {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let script = Arc::new(Script::default());
        let routes = Router::new()
            .route("/v1/chat/completions", post(complete))
            .with_state(Arc::clone(&script));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { script, url, task }
    }

    /// What it does from now on; the last act is repeated.
    pub(super) fn play(&self, acts: impl IntoIterator<Item = Act>) {
        *self.script.acts.lock() = acts.into_iter().collect();
        self.script.prompts.lock().clear();
    }

    /// What it was asked since then, without our own rules.
    pub(super) fn prompts(&self) -> Vec<String> {
        self.script.prompts.lock().clone()
    }

    /// Waits until it has been called so often.
    pub(super) async fn called(&self, times: usize) {
        let reached = async {
            loop {
                let again = self.script.called.notified();
                if self.script.prompts.lock().len() >= times {
                    return;
                }
                again.await;
            }
        };
        timeout(PATIENCE, reached).await.expect("the model is called");
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn complete(State(script): State<Arc<Script>>, Json(request): Json<Value>) -> Response {
    let prompt = request["messages"][1]["content"].as_str().unwrap_or_default().to_owned();
    let act = {
        let mut acts = script.acts.lock();
        if acts.len() > 1 { acts.pop_front() } else { acts.front().cloned() }
    };
    script.prompts.lock().push(prompt);
    script.called.notify_waiters();
    match act.expect("the model was told what to do") {
        Act::Says(content) => Json(json!({
            "choices": [{
                "message": {"role": "assistant", "content": content},
                "finish_reason": "stop",
            }],
            "usage": {"prompt_tokens": 7, "completion_tokens": 3},
        }))
        .into_response(),
        Act::Fails(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Act::Hangs => std::future::pending().await,
    }
}
