//! How a socket begins and who may open it: tokens, tickets, origins, limits.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::raw::Raw;
use crate::world::{Person, Server, text};

const SECRET: &str = "an access secret that only this test and its server know";

/// Opens a socket that must be upgraded, and gives the code with which it is closed at once.
async fn refused(server: &Server, path: &str, more: &[(&str, &str)]) -> u16 {
    let mut raw = Raw::ask(&server.address, path, more, b"").await;
    assert!(raw.head.starts_with("http/1.1 101 "), "{path}: {}", raw.head);
    raw.close_code().await
}

/// What an access token says, without its signature being looked at.
fn claims(person: &Person) -> Value {
    let mut validation = jsonwebtoken::Validation::new(Algorithm::HS256);
    validation.validate_aud = false;
    let key = jsonwebtoken::DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode::<Value>(&person.token, &key, &validation).unwrap().claims
}

fn signed(claims: &Value, secret: &str, algorithm: Algorithm) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

#[tokio::test]
async fn forged_expired_and_foreign_tokens_are_upgraded_and_closed_with_4001() {
    let server = Server::start(&[("tokens.access_secret", SECRET)]);
    let alice = server.sign_up("alice").await;
    let good = claims(&alice);
    let with = |field: &str, value: Value| {
        let mut claims = good.clone();
        claims[field] = value;
        signed(&claims, SECRET, Algorithm::HS256)
    };
    let hour_ago = good["iat"].as_i64().unwrap() - 3600;
    let stranger = server.sign_up_elsewhere("mallory", "elsewhere").await;
    let cut = &alice.token[..alice.token.len() - 2];
    let unsigned = {
        let claims = alice.token.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"JWT"}
        format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.")
    };
    for (name, token) in [
        ("another secret", signed(&good, "some other secret of somebody else", Algorithm::HS256)),
        ("another algorithm", signed(&good, SECRET, Algorithm::HS384)),
        ("no signature", unsigned),
        ("a cut signature", cut.to_owned()),
        ("expired", with("exp", json!(hour_ago))),
        ("another issuer", with("iss", json!("elsewhere"))),
        ("another audience", with("aud", json!("elsewhere"))),
        ("a refresh token", alice.refresh_token.clone()),
        ("an access token that says refresh", with("type", json!("refresh"))),
        ("somebody else's sign-in", with("sid", claims(&stranger)["sid"].clone())),
        ("another organization", with("org_id", claims(&stranger)["org_id"].clone())),
        ("nobody", with("sub", json!("018bcfe5-687b-7fff-bfff-ffffffffffff"))),
        ("no token", String::new()),
        ("a personal token that never was", "stp_nothing".to_owned()),
    ] {
        assert_eq!(refused(&server, &format!("/ws?token={token}"), &[]).await, 4001, "{name}");
    }
    let again = signed(&good, SECRET, Algorithm::HS256);
    let mut raw = Raw::ask(&server.address, &format!("/ws?token={again}"), &[], b"").await;
    raw.expect("hello").await;
}

#[tokio::test]
async fn each_way_to_bring_a_token_opens_a_socket() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let protocols = format!("starling.v1.json, bearer.{}", alice.token);
    let header = format!("Bearer {}", alice.token);
    for (path, name, value) in [
        (format!("/ws?token={}", alice.token), "x-nothing", ""),
        (format!("/ws/{}", alice.token), "x-nothing", ""),
        ("/ws".to_owned(), "sec-websocket-protocol", protocols.as_str()),
        ("/ws".to_owned(), "authorization", header.as_str()),
    ] {
        let mut raw = Raw::ask(&server.address, &path, &[(name, value)], b"").await;
        let is_named = raw.head.contains("sec-websocket-protocol: starling.v1.json\r\n");
        assert_eq!(is_named, name == "sec-websocket-protocol", "{}", raw.head);
        assert_eq!(raw.expect("hello").await["user"]["id"], alice.id);
    }
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_is_closed_with_1008() {
    let server = Server::start(&[("server.cors_origins", "https://app.example")]);
    let alice = server.sign_up("alice").await;
    let path = format!("/ws?token={}", alice.token);
    for origin in ["https://evil.example", "null", "https://app.example.evil.example"] {
        assert_eq!(refused(&server, &path, &[("origin", origin)]).await, 1008, "{origin}");
    }
    let own = format!("http://{}", server.address);
    for origin in ["https://app.example", own.as_str()] {
        Raw::open_with(&server, &alice, &[("origin", origin)], b"").await;
    }
}

#[tokio::test]
async fn one_socket_more_than_a_person_may_have_is_closed_with_4029() {
    let server = Server::start(&[("limits.connections_per_user", "1")]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let mut first = Raw::open(&server, &alice).await;
    let path = format!("/ws?token={}", alice.token);
    assert_eq!(refused(&server, &path, &[]).await, 4029);
    Raw::open(&server, &bob).await;
    first.send(&crate::raw::masked(crate::raw::CLOSE, b"")).await;
    assert_eq!(first.close_code().await, 1000);
    drop(first);
    // The place is free once the server has seen the end.
    let give_up = tokio::time::Instant::now() + crate::world::PATIENCE;
    loop {
        let mut raw = Raw::ask(&server.address, &path, &[], b"").await;
        let (first, _) = raw.frame().await.expect("hello or the end");
        if first != crate::raw::CLOSE {
            break;
        }
        assert!(tokio::time::Instant::now() < give_up, "the place is never given back");
    }
}

#[tokio::test]
async fn deleting_a_personal_token_closes_its_sockets_at_once_and_no_others() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let mut own = alice.socket().await;
    let mut sockets = Vec::new();
    for name in ["script", "other"] {
        let made = alice.post("/api/v1/tokens", json!({ "name": name }), 201).await;
        let mut script = alice.clone();
        script.token = text(&made["token"]);
        sockets.push((text(&made["id"]), script.socket().await));
    }
    let (id, mut closed) = sockets.remove(0);
    let deleted = alice.request(Method::DELETE, &format!("/api/v1/tokens/{id}")).send().await;
    assert_eq!(deleted.unwrap().status(), 204);
    assert_eq!(closed.close_code().await, 4003);
    for socket in [&mut own, &mut sockets[0].1] {
        socket.send(json!({ "type": "ping", "still": "here" })).await;
        assert_eq!(socket.expect("pong").await["still"], "here");
    }
}
