//! Signing up, signing in, and staying out.

use reqwest::Method;
use serde_json::{Value, json};
use starling::app::SystemClock;
use starling::wire::time::rfc3339;
use starling_actors::ports::Clock;
use tokio::time::Instant;

use crate::world::{PASSWORD, PATIENCE, Person, Server, Socket, json_of, text};

async fn call(server: &Server, path: &str, body: Value, status: u16) -> Value {
    let response = reqwest::Client::new().post(server.url(path)).json(&body).send().await.unwrap();
    json_of(response, status).await
}

#[tokio::test]
async fn a_person_signs_up_signs_in_and_reads_themselves() {
    let server = Server::start(&[]);
    server.sign_up("alice").await;
    let login = json!({ "email": "alice@example.org", "password": PASSWORD });
    let answer = call(&server, "/api/v1/auth/login", login, 200).await;
    assert_eq!(answer["token_type"], "bearer");
    let me = Person::from_tokens(&server.address, &answer).get("/api/v1/auth/me").await;
    assert_eq!((me["username"].as_str(), me["role"].as_str()), (Some("alice"), Some("analyst")));
    assert!(me.get("password").is_none() && me.get("password_hash").is_none());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_email_get_the_same_answer() {
    let server = Server::start(&[]);
    server.sign_up("alice").await;
    let mut answers = Vec::new();
    for email in ["alice@example.org", "nobody@example.org"] {
        let login = json!({ "email": email, "password": "not the password" });
        answers.push(call(&server, "/api/v1/auth/login", login, 401).await);
    }
    assert_eq!(answers[0]["code"], "invalid_credentials");
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_spent_refresh_token_used_again_ends_the_whole_sign_in() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let first = json!({ "refresh_token": alice.refresh_token });
    let pair = call(&server, "/api/v1/auth/refresh", first.clone(), 200).await;
    call(&server, "/api/v1/auth/refresh", first, 401).await;
    let second = json!({ "refresh_token": pair["refresh_token"] });
    call(&server, "/api/v1/auth/refresh", second, 401).await;
}

#[tokio::test]
async fn logging_out_closes_the_sockets_of_that_sign_in() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let mut socket = alice.socket().await;
    let out = alice.request(Method::POST, "/api/v1/auth/logout").send().await.unwrap();
    assert_eq!(out.status(), 204);
    assert_eq!(socket.close_code().await, 4003);
    let me = alice.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(me.status(), 401);
}

#[tokio::test]
async fn a_refused_credential_closes_with_4001_and_a_ticket_works_once() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    for path in ["/ws", "/ws?token=nonsense", "/ws?ticket=nonsense"] {
        assert_eq!(Socket::open(&server.address, path).await.close_code().await, 4001, "{path}");
    }
    let ticket = alice.post("/api/v1/auth/ws-ticket", json!({}), 201).await;
    let path = format!("/ws?ticket={}", text(&ticket["ticket"]));
    Socket::open(&server.address, &path).await.expect("hello").await;
    assert_eq!(Socket::open(&server.address, &path).await.close_code().await, 4001);
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let server = Server::start(&[]);
    let mut alice = server.sign_up("alice").await;
    alice.token = alice.refresh_token.clone();
    let refused = alice.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    json_of(refused, 401).await;
}

#[tokio::test]
async fn what_is_taken_or_weak_is_named() {
    let server = Server::start(&[]);
    server.sign_up("alice").await;
    let body = |email: &str, username: &str, password: &str| json!({ "email": email, "username": username, "password": password });
    let cases = [
        (body("alice@example.org", "other", PASSWORD), 409, "email_taken"),
        (body("other@example.org", "Alice", PASSWORD), 409, "username_taken"),
        (body("other@example.org", "other", "password"), 422, "weak_password"),
        (json!({ "email": "other@example.org" }), 422, "validation_failed"),
    ];
    for (case, status, code) in cases {
        let answer = call(&server, "/api/v1/auth/register", case, status).await;
        assert_eq!(answer["code"], code, "{answer}");
    }
}

#[tokio::test]
async fn another_organization_sees_nothing_of_this_one() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("plans").await;
    let body = json!({
        "email": "eve@other.example", "password": PASSWORD, "org_name": "Other",
    });
    let eve = call(&server, "/api/v1/auth/register", body, 201).await;
    let eve = Person::from_tokens(&server.address, &eve);
    for path in [
        format!("/api/v1/channels/{channel}"),
        format!("/api/v1/messages/channel/{channel}"),
        format!("/api/v1/channels/{channel}/events"),
        format!("/api/v1/channels/{channel}/members"),
        format!("/api/v1/users/{}", alice.id),
    ] {
        let refused = eve.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(refused.status(), 404, "{path}");
    }
    let post = json!({ "channel_id": channel, "content": "hello" });
    eve.post("/api/v1/messages/", post, 404).await;
    let names: Vec<Value> = eve.get("/api/v1/users").await.as_array().unwrap().clone();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[tokio::test]
async fn a_status_that_is_set_is_seen_by_others_and_told_on_their_sockets() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let mut ears = bob.socket().await;
    let set = async |status: &str, expected: u16| {
        let request = alice.request(Method::PATCH, "/api/v1/users/me");
        let answer = request.json(&json!({ "status": status })).send().await.unwrap();
        json_of(answer, expected).await
    };
    assert_eq!(set("away", 200).await["status"], "away");
    let told = ears.expect("user_status").await;
    assert_eq!((&told["user_id"], &told["status"]), (&json!(alice.id), &json!("away")));
    assert_eq!(bob.get(&format!("/api/v1/users/{}", alice.id)).await["status"], "away");
    for unknown in ["busy", "offline", ""] {
        assert_eq!(set(unknown, 422).await["code"], "validation_failed");
    }
    assert_eq!(set("dnd", 200).await["status"], "dnd");
}

#[tokio::test]
async fn what_one_says_of_oneself_is_shown_to_others_until_its_time() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let stranger = server.sign_up_elsewhere("eve", "elsewhere").await;
    let mut ears = bob.socket().await;
    let mut outside = stranger.socket().await;
    let patch = async |body: Value, status: u16| {
        let request = alice.request(Method::PATCH, "/api/v1/users/me").json(&body);
        json_of(request.send().await.unwrap(), status).await
    };
    let soon = rfc3339(SystemClock.now().plus_ms(1_500));
    let said = json!({ "emoji": "🌴", "text": "on the beach", "expires_at": soon });
    let me = patch(json!({ "custom_status": said }), 200).await;
    assert_eq!(me["custom_status"], said);
    let told = ears.expect("custom_status").await;
    assert_eq!((&told["user_id"], &told["custom_status"]), (&json!(alice.id), &said));
    let path = format!("/api/v1/users/{}", alice.id);
    assert_eq!(bob.get(&path).await["custom_status"]["text"], "on the beach");
    patch(json!({ "full_name": "Alice A." }), 200).await;
    let deadline = Instant::now() + PATIENCE;
    while !bob.get(&path).await["custom_status"].is_null() {
        assert!(Instant::now() < deadline, "it does not end");
    }

    for wrong in [
        json!({ "emoji": "", "text": " " }),
        json!({ "text": "x".repeat(101) }),
        json!({ "text": "\u{202e}live" }),
        json!({ "emoji": "two words" }),
        json!({ "text": "x", "expires_at": "2020-01-01T00:00:00Z" }),
        json!({ "text": "x", "expires_at": "soon" }),
    ] {
        patch(json!({ "custom_status": wrong }), 422).await;
    }
    let channel = alice.channel("birds").await;
    let command = json!({ "channel_id": channel, "content": "/status :palm: away" });
    alice.post("/api/v1/messages", command, 200).await;
    let told = ears.expect("custom_status").await;
    assert_eq!(
        told["custom_status"],
        json!({ "emoji": ":palm:", "text": "away", "expires_at": null })
    );
    patch(json!({ "custom_status": null }), 200).await;
    assert!(ears.expect("custom_status").await["custom_status"].is_null());
    assert!(bob.get(&path).await["custom_status"].is_null());
    let other = format!("/api/v1/users/{}", bob.id);
    let body = json!({ "custom_status": { "text": "mine" } });
    let refused = alice.request(Method::PATCH, &other).json(&body).send().await.unwrap();
    assert_eq!(refused.status(), 403, "nobody says something of another");
    outside.send(json!({ "type": "ping" })).await;
    assert_eq!(outside.next().await.unwrap()["type"], "pong", "other organizations hear nothing");
}
