//! A model that says what a test tells it to, in both ways of talking.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use parking_lot::Mutex;
use serde_json::{Value, json};
use starling_actors::domain::{
    Cell, Column, ColumnType, Dialect, OrgId, ResultColumn, ResultTable, Schema, Table,
};
use starling_actors::ports::{DraftTask, ExplainTask};

use super::super::analyst::ModelAnalyst;
use super::super::{ApiKey, ModelClient, ModelConfig, Timing};
use crate::config::ModelProvider;
use crate::egress::{Egress, Policy};

pub(super) const KEY: &str = "sk-very-secret-key";
pub(super) const SQL: &str = "<reasoning>why</reasoning><sql>SELECT 1</sql>";

/// One answer of the server.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) pieces: Vec<String>,
    /// What comes after the pieces.
    pub(super) then: Then,
    /// Time between pieces.
    pub(super) pause: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    End,
    /// The connection stays and nothing comes.
    Silence,
    /// The connection breaks.
    Break,
    /// The last piece again and again.
    Again,
}

impl Act {
    pub(super) fn status(status: u16, body: &str) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        let pieces = vec![body.to_owned()];
        Self { status, headers, pieces, then: Then::End, pause: Duration::ZERO }
    }

    pub(super) fn json(body: &Value) -> Self {
        Self::status(200, &body.to_string())
    }

    pub(super) fn stream(events: &[Value]) -> Self {
        let pieces = events.iter().map(|event| format!("data: {event}\n\n")).collect();
        let headers = vec![("content-type", "text/event-stream; charset=utf-8".to_owned())];
        Self { status: 200, headers, pieces, then: Then::End, pause: Duration::ZERO }
    }

    /// A whole streamed answer as the provider gives it: 11 tokens read, 7 written.
    pub(super) fn says(provider: ModelProvider, text: &str) -> Self {
        let middle = (text.len() / 2..).find(|place| text.is_char_boundary(*place)).unwrap();
        let parts = [&text[..middle], &text[middle..]];
        match provider {
            ModelProvider::Anthropic => {
                let usage =
                    json!({"input_tokens": 4, "cache_read_input_tokens": 7, "output_tokens": 1});
                let block = json!({"type": "text", "text": ""});
                let mut events = vec![
                    json!({"type": "message_start", "message": {"usage": usage}}),
                    json!({"type": "content_block_start", "index": 0, "content_block": block}),
                    json!({"type": "ping"}),
                ];
                events.extend(parts.map(|part| {
                    json!({"type": "content_block_delta", "index": 0,
                           "delta": {"type": "text_delta", "text": part}})
                }));
                events.extend([
                    json!({"type": "content_block_stop", "index": 0}),
                    json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
                           "usage": {"output_tokens": 7}}),
                    json!({"type": "message_stop"}),
                ]);
                Self::stream(&events)
            }
            ModelProvider::OpenAi | ModelProvider::BuiltIn => {
                let mut events: Vec<Value> = parts
                    .map(|part| json!({"choices": [{"index": 0, "delta": {"content": part}}], "usage": null}))
                    .to_vec();
                events
                    .push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}));
                let usage = json!({"prompt_tokens": 11, "completion_tokens": 7});
                events.push(json!({"choices": [], "usage": usage}));
                let mut act = Self::stream(&events);
                act.pieces.push("data: [DONE]\n\n".to_owned());
                act
            }
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Only the first pieces, and then something else than an end.
    pub(super) fn cut(mut self, pieces: usize, then: Then) -> Self {
        self.pieces.truncate(pieces);
        self.then = then;
        self
    }
}

/// What the server was asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

/// A server that plays its acts in turn, the last one for ever.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: String,
    acts: Arc<Mutex<VecDeque<Act>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(super) async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let acts = Arc::new(Mutex::new(acts.into_iter().collect()));
        let server = Self { address, acts, asked: Arc::default() };
        let routes = Router::new().fallback(play).with_state(server.clone());
        // It ends with the test's runtime.
        tokio::spawn(async move { axum::serve(listener, routes).await });
        server
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().clone()
    }

    pub(super) fn config(&self, provider: ModelProvider) -> ModelConfig {
        ModelConfig {
            provider,
            base_url: self.address.clone(),
            model: "a-model".to_owned(),
            api_key: ApiKey::new(KEY),
            ..ModelConfig::default()
        }
    }
}

async fn play(State(server): State<Server>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1024 * 1024).await.unwrap();
    let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    server.asked.lock().push(Asked { path, headers: head.headers, body });
    let act = {
        let mut acts = server.acts.lock();
        if acts.len() > 1 { acts.pop_front().unwrap() } else { acts.front().unwrap().clone() }
    };
    let mut response = Response::builder().status(StatusCode::from_u16(act.status).unwrap());
    for (name, value) in &act.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from_stream(pieces(act))).unwrap()
}

type Piece = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

fn pieces(act: Act) -> impl futures_util::Stream<Item = Piece> {
    futures_util::stream::unfold((act, 0), |(act, place)| async move {
        tokio::time::sleep(act.pause).await;
        let piece = match (act.pieces.get(place), act.then) {
            (Some(piece), _) => piece.clone(),
            (None, Then::End) => return None,
            (None, Then::Silence) => std::future::pending().await,
            (None, Then::Again) => act.pieces.last()?.clone(),
            (None, Then::Break) => return Some((Err("broken".into()), (act, place + 1))),
        };
        Some((Ok::<_, Infallible>(Bytes::from(piece)).map_err(Into::into), (act, place + 1)))
    })
}

/// Pauses that tests can wait for.
pub(super) fn quick() -> ModelClient {
    let timing = Timing {
        pause_min: Duration::from_millis(1),
        pause_max: Duration::from_secs(2),
        ..Timing::default()
    };
    ModelClient::with_timing(Egress::new(Policy::open()), timing).unwrap()
}

pub(super) fn analyst(config: ModelConfig) -> ModelAnalyst {
    ModelAnalyst::new(quick(), config)
}

pub(super) fn task(question: &str) -> DraftTask {
    let column = |name: &str| Column {
        name: name.to_owned(),
        data_type: "integer".to_owned(),
        ..Column::default()
    };
    let table = Table {
        name: "orders".to_owned(),
        columns: vec![column("id"), column("total")],
        ..Table::default()
    };
    DraftTask {
        org: OrgId::from_u128(1),
        question: question.to_owned(),
        context: None,
        dialect: Some(Dialect::Sqlite),
        schema: Arc::new(Schema { tables: vec![table], ..Schema::default() }),
        history: Vec::new(),
        examples: Vec::new(),
        metrics: Vec::new(),
        today: "2026-11-21".to_owned(),
        failed: None,
    }
}

pub(super) fn result(rows: usize, cell: &str) -> ExplainTask {
    let columns = ["city", "total"]
        .map(|name| ResultColumn { name: name.to_owned(), kind: ColumnType::Other });
    let row = vec![Cell::Text(cell.to_owned()), Cell::Int(5)];
    ExplainTask {
        org: OrgId::from_u128(1),
        question: "Total by city?".to_owned(),
        sql: "SELECT city, sum(total) AS total FROM orders GROUP BY city".to_owned(),
        preview: ResultTable {
            columns: columns.to_vec(),
            rows: vec![row; rows],
            is_truncated: false,
        },
        row_count: 70,
        is_truncated: false,
        chart: None,
    }
}
