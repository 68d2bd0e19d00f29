//! Pushes to the browsers of who is away: a push service of this test takes them, checks who comes, and
//! opens them as a browser does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use p256::ecdh::diffie_hellman;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::{Barrier, mpsc};

use crate::world::{PATIENCE, Person, Server, text};

/// The only way to this machine's own push service.
const OPEN: &[(&str, &str)] = &[("egress.pushes", "127.0.0.1")];
const SUBSCRIPTIONS: &str = "/api/v1/push/subscriptions";

struct Push {
    headers: HeaderMap,
    body: Vec<u8>,
}

#[derive(Clone)]
struct Shared {
    pushes: mpsc::Sender<Push>,
    answer: Arc<AtomicU16>,
}

/// A browser and its push service.
struct Browser {
    endpoint: String,
    key: SecretKey,
    auth: [u8; 16],
    pushes: mpsc::Receiver<Push>,
    answer: Arc<AtomicU16>,
}

/// Serves on this machine; gives the address.
async fn serve(app: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

impl Browser {
    async fn start() -> Self {
        let (sender, pushes) = mpsc::channel(100);
        let answer = Arc::new(AtomicU16::new(201));
        let shared = Shared { pushes: sender, answer: Arc::clone(&answer) };
        let take = async |State(shared): State<Shared>, headers: HeaderMap, body: Bytes| {
            shared.pushes.try_send(Push { headers, body: body.to_vec() }).unwrap();
            StatusCode::from_u16(shared.answer.load(Ordering::SeqCst)).unwrap()
        };
        let app = Router::new().route("/push/{id}", post(take)).with_state(shared);
        let endpoint = format!("http://{}/push/1", serve(app).await);
        let key = SecretKey::from_slice(&[7; 32]).unwrap();
        Self { endpoint, key, auth: [9; 16], pushes, answer }
    }

    fn subscription(&self) -> Value {
        let point = self.key.public_key().to_encoded_point(false);
        let keys = json!({
            "p256dh": URL_SAFE_NO_PAD.encode(point.as_bytes()),
            "auth": URL_SAFE_NO_PAD.encode(self.auth),
        });
        json!({ "endpoint": self.endpoint, "expirationTime": null, "keys": keys })
    }

    async fn next(&mut self) -> Push {
        tokio::time::timeout(PATIENCE, self.pushes.recv()).await.expect("a push").unwrap()
    }

    fn is_quiet(&mut self) -> bool {
        self.pushes.try_recv().is_err()
    }

    /// Opens a push as RFC 8291 has it.
    fn open(&self, push: &Push) -> Value {
        let (salt, rest) = push.body.split_at(16);
        let (_record, rest) = rest.split_at(4);
        let (sender, sealed) = rest[1..].split_at(usize::from(rest[0]));
        let public = PublicKey::from_sec1_bytes(sender).unwrap();
        let shared = diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine());
        let own = self.key.public_key().to_encoded_point(false);
        let extracted = hmac(&self.auth, &[shared.raw_secret_bytes()]);
        let info: [&[u8]; 4] = [b"WebPush: info\0", own.as_bytes(), sender, &[1]];
        let input = hmac(&extracted, &info);
        let extracted = hmac(salt, &[&input]);
        let key = hmac(&extracted, &[b"Content-Encoding: aes128gcm\0\x01"]);
        let nonce = hmac(&extracted, &[b"Content-Encoding: nonce\0\x01"]);
        let cipher = Aes128Gcm::new_from_slice(&key[..16]).unwrap();
        let nonce: [u8; 12] = nonce[..12].try_into().unwrap();
        let record = cipher.decrypt(&nonce.into(), sealed).unwrap();
        let (last, message) = record.split_last().unwrap();
        assert_eq!(*last, 2, "the last record");
        serde_json::from_slice(message).unwrap()
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// What the token of a push claims, its signature checked with the key that browsers were given.
fn claims(push: &Push, push_key: &str) -> Value {
    let header = push.headers["authorization"].to_str().unwrap();
    let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, push_key);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(key).unwrap()).unwrap();
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();
    let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

async fn couple(server: &Server) -> (Person, Person, String) {
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let bob = server.sign_up_as(&alice, "bob", "viewer").await;
    let channel = alice.channel("ops").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    (alice, bob, channel)
}

async fn say(person: &Person, channel: &str, content: &str) -> Value {
    let body = json!({ "channel_id": channel, "content": content });
    person.post("/api/v1/messages", body, 201).await
}

async fn count(person: &Person) -> Value {
    person.get(SUBSCRIPTIONS).await["count"].clone()
}

#[tokio::test]
async fn a_mention_is_pushed_sealed_for_the_browser_and_signed_by_the_server() {
    let server = Server::start(OPEN);
    let (alice, bob, channel) = couple(&server).await;
    let mut browser = Browser::start().await;
    bob.post(SUBSCRIPTIONS, browser.subscription(), 201).await;
    let message = say(&alice, &channel, "@bob look").await;
    let push = browser.next().await;
    assert_eq!(push.headers["content-encoding"], "aes128gcm");
    assert_eq!(push.headers["urgency"], "high");
    assert!(push.headers["topic"].len() <= 32 && push.headers.contains_key("ttl"));
    let key = text(&bob.get("/api/v1/notifications/settings").await["push_key"]);
    let claims = claims(&push, &key);
    assert!(browser.endpoint.starts_with(&text(&claims["aud"])), "{claims}");
    let told = browser.open(&push);
    let path = format!("/#{channel}/{}", text(&message["id"]));
    let expected = json!({
        "author": "alice", "channel": "ops", "text": "@bob look", "path": path, "tag": channel,
    });
    assert_eq!(told, expected);
    assert!(!String::from_utf8_lossy(&push.body).contains("look"));
    assert!(browser.is_quiet(), "once");
}

#[tokio::test]
async fn a_push_that_fails_is_tried_again_and_a_browser_that_is_gone_is_forgotten() {
    let server = Server::start(OPEN);
    let (alice, bob, channel) = couple(&server).await;
    let mut browser = Browser::start().await;
    bob.post(SUBSCRIPTIONS, browser.subscription(), 201).await;
    browser.answer.store(503, Ordering::SeqCst);
    say(&alice, &channel, "@bob look").await;
    let first = browser.next().await;
    browser.answer.store(410, Ordering::SeqCst);
    let second = browser.next().await;
    assert_eq!(browser.open(&first), browser.open(&second));
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while count(&bob).await != 0 {
        assert!(tokio::time::Instant::now() < deadline, "the browser is still known");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn browsers_of_a_person_are_pushed_to_beside_each_other() {
    /// None is answered before all are called.
    const TOGETHER: usize = 4;
    let server = Server::start(OPEN);
    let (alice, bob, channel) = couple(&server).await;
    let (meeting, (sender, mut calls)) =
        (Arc::new(Barrier::new(TOGETHER)), mpsc::channel(TOGETHER));
    let take = move || {
        let (meeting, sender) = (Arc::clone(&meeting), sender.clone());
        async move {
            meeting.wait().await;
            sender.try_send(()).unwrap();
            StatusCode::CREATED
        }
    };
    let mut browser = Browser::start().await;
    let address = serve(Router::new().route("/push/{id}", post(take))).await;
    for number in 0..TOGETHER {
        browser.endpoint = format!("http://{address}/push/{number}");
        bob.post(SUBSCRIPTIONS, browser.subscription(), 201).await;
    }
    say(&alice, &channel, "@bob look").await;
    for _ in 0..TOGETHER {
        tokio::time::timeout(PATIENCE, calls.recv()).await.expect("all are called at once");
    }
}

#[tokio::test]
async fn a_browser_is_one_persons_and_ends_with_their_sign_in() {
    let server = Server::start(OPEN);
    let (alice, bob, channel) = couple(&server).await;
    let carl = server.sign_up_as(&alice, "carl", "viewer").await;
    carl.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let (mut shared, mut own) = (Browser::start().await, Browser::start().await);
    bob.post(SUBSCRIPTIONS, shared.subscription(), 201).await;
    carl.post(SUBSCRIPTIONS, shared.subscription(), 201).await;
    assert_eq!((count(&bob).await, count(&carl).await), (json!(0), json!(1)));
    bob.post(SUBSCRIPTIONS, own.subscription(), 201).await;
    let out = bob.request(Method::POST, "/api/v1/auth/logout").send().await.unwrap();
    assert_eq!(out.status(), 204);
    say(&alice, &channel, "@bob @carl look").await;
    let push = shared.next().await;
    assert_eq!(shared.open(&push)["text"], "@bob @carl look");
    say(&alice, &channel, "@carl the end").await;
    shared.next().await;
    assert!(own.is_quiet() && shared.is_quiet());
}

#[tokio::test]
async fn only_push_services_outside_are_called() {
    // What webhooks may call is nothing that browsers may have called.
    let server = Server::start(&[("egress.webhooks", "open")]);
    let (_alice, bob, _channel) = couple(&server).await;
    let mut browser = Browser::start().await;
    let own = browser.endpoint.clone();
    let named = own.replace("http://127.0.0.1", "https://localhost");
    for (endpoint, why) in [
        (own, "egress.pushes"),
        (named, "egress.pushes"),
        ("https://10.0.0.8/push".to_owned(), "egress.pushes"),
        ("https://nobody.invalid/push".to_owned(), "egress.pushes"),
        ("http://push.example/1".to_owned(), "https://"),
        ("https://me:secret@push.example/1".to_owned(), "password"),
    ] {
        browser.endpoint = endpoint;
        let refused = bob.post(SUBSCRIPTIONS, browser.subscription(), 422).await;
        let fault = &refused["errors"][0];
        assert_eq!(fault["field"], "endpoint", "{refused}");
        assert!(text(&fault["message"]).contains(why), "{why}: {refused}");
    }
    let keys = json!({ "p256dh": "x", "auth": "y" });
    let body = json!({ "endpoint": "https://push.example/1", "keys": keys });
    assert_eq!(bob.post(SUBSCRIPTIONS, body, 422).await["errors"][0]["field"], "keys");
    let gone = bob.request(Method::DELETE, &format!("{SUBSCRIPTIONS}/nonsense"));
    assert_eq!(gone.send().await.unwrap().status(), 404);
}
