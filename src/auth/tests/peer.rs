//! Another server that gives one document, fails or hangs, as a test wants it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

/// How long a request may take to arrive: generous, for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    Broken,
    Hanging,
}

struct Shared {
    document: Mutex<Value>,
    mood: Mutex<Mood>,
    requests: watch::Sender<usize>,
}

/// The server; it ends with the test's runtime.
pub(in crate::auth) struct Peer {
    url: String,
    shared: Arc<Shared>,
}

impl Peer {
    pub(in crate::auth) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (document, mood) = (Mutex::default(), Mutex::new(Mood::Well));
        let shared = Arc::new(Shared { document, mood, requests: watch::Sender::new(0) });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    pub(in crate::auth) fn url(&self) -> &str {
        &self.url
    }

    pub(in crate::auth) fn answer_with(&self, document: Value) {
        *self.shared.document.lock() = document;
    }

    pub(in crate::auth) fn break_down(&self) {
        *self.shared.mood.lock() = Mood::Broken;
    }

    pub(in crate::auth) fn mend(&self) {
        *self.shared.mood.lock() = Mood::Well;
    }

    /// From now on requests are taken and never answered.
    pub(in crate::auth) fn hang(&self) {
        *self.shared.mood.lock() = Mood::Hanging;
    }

    pub(in crate::auth) fn requests(&self) -> usize {
        *self.shared.requests.borrow()
    }

    /// Waits for the request of this number.
    pub(in crate::auth) async fn until_asked(&self, number: usize) {
        let mut requests = self.shared.requests.subscribe();
        let asked = requests.wait_for(|requests| *requests >= number);
        tokio::time::timeout(PATIENCE, asked).await.expect("a request").expect("a sender");
    }
}

async fn answer(State(shared): State<Arc<Shared>>) -> Response {
    shared.requests.send_modify(|requests| *requests += 1);
    let mood = *shared.mood.lock();
    match mood {
        Mood::Well => Body::from(shared.document.lock().to_string()).into_response(),
        Mood::Broken => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mood::Hanging => std::future::pending().await,
    }
}
