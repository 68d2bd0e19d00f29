//! Outgoing webhooks: what happens is told to a receiver of this test, signed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::mpsc::{self, channel};
use tokio::time::Instant;

use crate::world::{PATIENCE, Person, Server, text};

/// The only way to this machine's own receivers.
const OPEN: &[(&str, &str)] = &[("egress.webhooks", "127.0.0.1")];

/// One call as it came.
pub(crate) struct Call {
    headers: HeaderMap,
    body: String,
}

impl Call {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }
}

/// A program that is told.
pub(crate) struct Receiver {
    pub(crate) url: String,
    calls: mpsc::Receiver<Call>,
    answer: Arc<AtomicU16>,
}

#[derive(Clone)]
struct Shared {
    calls: mpsc::Sender<Call>,
    answer: Arc<AtomicU16>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let (sender, calls) = channel(100);
        let answer = Arc::new(AtomicU16::new(200));
        let shared = Shared { calls: sender, answer: Arc::clone(&answer) };
        let take = async |State(shared): State<Shared>, headers: HeaderMap, body: Bytes| {
            let body = String::from_utf8(body.to_vec()).unwrap();
            shared.calls.try_send(Call { headers, body }).unwrap();
            StatusCode::from_u16(shared.answer.load(Ordering::SeqCst)).unwrap()
        };
        let app = Router::new().route("/told", post(take)).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, calls, answer }
    }

    pub(crate) async fn next(&mut self) -> Call {
        tokio::time::timeout(PATIENCE, self.calls.recv()).await.expect("a call").unwrap()
    }

    /// That nothing comes is only known after what comes for sure.
    pub(crate) fn is_quiet(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }
}

async fn hook(person: &Person, body: Value) -> Value {
    person.post("/api/v1/webhooks/outgoing", body, 201).await
}

async fn say(person: &Person, channel: &str, content: &str) {
    let body = json!({ "channel_id": channel, "content": content });
    person.post("/api/v1/messages", body, 201).await;
}

#[tokio::test]
async fn a_message_is_told_with_a_signature_that_holds() {
    let server = Server::start(OPEN);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let mut receiver = Receiver::start().await;
    let body = json!({ "name": "mirror", "url": receiver.url, "channel_id": channel });
    let made = hook(&alice, body).await;
    say(&alice, &channel, "hello").await;
    let call = receiver.next().await;
    let told = call.json();
    assert_eq!(
        (&told["type"], &told["data"]["message"]["content"]),
        (&json!("message.created"), &json!("hello"))
    );
    assert_eq!(told["data"]["channel_id"], json!(channel));
    let secret = text(&made["secret"]);
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).unwrap();
    let (id, at) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    mac.update(format!("{id}.{at}.{}", call.body).as_bytes());
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(call.header("webhook-signature"), expected);
    let listed = alice.get("/api/v1/webhooks/outgoing").await;
    assert!(!listed.to_string().contains(&secret), "the secret is shown once");
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_under_the_same_id_and_is_in_the_log() {
    let server = Server::start(OPEN);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let mut receiver = Receiver::start().await;
    receiver.answer.store(500, Ordering::SeqCst);
    let body = json!({ "name": "mirror", "url": receiver.url, "channel_id": channel });
    let made = hook(&alice, body).await;
    say(&alice, &channel, "hello").await;
    let first = receiver.next().await;
    receiver.answer.store(204, Ordering::SeqCst);
    let second = receiver.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    let path = format!("/api/v1/webhooks/outgoing/{}/deliveries", text(&made["id"]));
    let deadline = Instant::now() + PATIENCE;
    loop {
        let log = alice.get(&path).await;
        if log["data"][0]["state"] == "delivered" {
            assert_eq!((&log["count"], &log["data"][0]["attempts"]), (&json!(1), &json!(2)));
            assert_eq!(log["data"][0]["response_status"], 204);
            break;
        }
        assert!(Instant::now() < deadline, "{log}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_webhook_is_told_only_what_it_asked_for() {
    let server = Server::start(OPEN);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let (ops, other) = (alice.channel("ops").await, alice.channel("other").await);
    let private = json!({ "name": "secret", "is_private": true });
    let private = text(&alice.post("/api/v1/channels/", private, 201).await["id"]);
    let (mut one, mut all) = (Receiver::start().await, Receiver::start().await);
    let triggered =
        json!({ "name": "t", "url": one.url, "channel_id": ops, "trigger_words": ["deploy"] });
    hook(&alice, triggered).await;
    hook(&alice, json!({ "name": "a", "url": all.url })).await;
    say(&alice, &other, "deploy elsewhere").await;
    say(&alice, &private, "deploy in secret").await;
    say(&alice, &ops, "do not deploy").await;
    say(&alice, &ops, "deploy now").await;
    assert_eq!(one.next().await.json()["data"]["message"]["content"], "deploy now");
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(text(&all.next().await.json()["data"]["message"]["content"]));
    }
    told.sort_unstable();
    assert_eq!(told, ["deploy elsewhere", "deploy now", "do not deploy"]);
    assert!(one.is_quiet() && all.is_quiet());
}

#[tokio::test]
async fn inner_addresses_are_not_called() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    for url in [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/",
        "http://[::1]/",
        "ftp://a.example",
        "nonsense",
    ] {
        let body = json!({ "name": "x", "url": url, "channel_id": channel });
        let refused = alice.post("/api/v1/webhooks/outgoing", body, 422).await;
        assert_eq!(refused["errors"][0]["field"], "url", "{url}");
    }
}

#[tokio::test]
async fn a_ping_shows_whether_a_receiver_works_and_a_removed_webhook_is_silent() {
    let server = Server::start(OPEN);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let bob = server.sign_up_as(&alice, "bob", "analyst").await;
    let mut receiver = Receiver::start().await;
    let body = json!({ "name": "all", "url": receiver.url });
    bob.post("/api/v1/webhooks/outgoing", body.clone(), 403).await;
    let made = hook(&alice, body).await;
    let path = format!("/api/v1/webhooks/outgoing/{}", text(&made["id"]));
    alice.post(&format!("{path}/ping"), json!({}), 202).await;
    assert_eq!(receiver.next().await.json()["type"], "ping");
    assert_eq!(alice.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    let gone = alice.request(Method::GET, &format!("{path}/deliveries")).send().await.unwrap();
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn what_was_written_before_a_crash_is_told_after_it() {
    let mut server = Server::start(OPEN);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let mut receiver = Receiver::start().await;
    receiver.answer.store(503, Ordering::SeqCst);
    let body = json!({ "name": "mirror", "url": receiver.url, "channel_id": channel });
    hook(&alice, body).await;
    say(&alice, &channel, "hello").await;
    server.kill();
    receiver.answer.store(200, Ordering::SeqCst);
    server.start_again();
    loop {
        let call = receiver.next().await;
        if call.json()["data"]["message"]["content"] == "hello" {
            break;
        }
    }
}
