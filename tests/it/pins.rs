//! Messages that are pinned to their channel.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Person, Server, json_of, text};

async fn written(person: &Person, channel: &str, content: &str) -> String {
    let body = json!({ "channel_id": channel, "content": content });
    text(&person.post("/api/v1/messages/", body, 201).await["id"])
}

async fn pin(person: &Person, message: &str) -> u16 {
    let path = format!("/api/v1/messages/{message}/pin");
    person.request(Method::POST, &path).send().await.unwrap().status().as_u16()
}

async fn unpin(person: &Person, message: &str) -> u16 {
    let path = format!("/api/v1/messages/{message}/pin");
    person.request(Method::DELETE, &path).send().await.unwrap().status().as_u16()
}

async fn pins(person: &Person, channel: &str) -> Vec<Value> {
    let found = person.get(&format!("/api/v1/channels/{channel}/pins")).await;
    let pins = found["data"].as_array().unwrap().clone();
    assert_eq!(found["count"], pins.len());
    pins
}

#[tokio::test]
async fn a_pin_is_listed_with_who_and_when_and_told_to_everyone_there() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let channel = alice.channel("birds").await;
    alice
        .post(&format!("/api/v1/channels/{channel}/members"), json!({ "user_id": bob.id }), 201)
        .await;
    let (first, second) =
        (written(&alice, &channel, "the map").await, written(&alice, &channel, "the list").await);
    let mut ears = alice.socket().await;

    assert_eq!(pin(&bob, &first).await, 201);
    let told = ears.expect("message_pinned").await;
    assert_eq!((&told["message_id"], &told["pinned"]), (&json!(first), &json!(true)));
    assert_eq!(told["user_id"], json!(bob.id));
    let news = ears.expect("new_message").await["message"].clone();
    assert_eq!((&news["message_type"], &news["author_id"]), (&json!("system"), &json!(bob.id)));
    assert_eq!(news["parent_message_id"], json!(first), "it says which");
    assert!(text(&news["client_message_id"]).starts_with("pin."), "it says that it tells of a pin");

    assert_eq!(pin(&alice, &first).await, 200, "it was pinned before");
    assert_eq!(pin(&alice, &second).await, 201);
    let found = pins(&alice, &channel).await;
    let ids: Vec<_> = found.iter().map(|pin| text(&pin["message"]["id"])).collect();
    assert_eq!(ids, [second.clone(), first.clone()], "the newest first");
    assert_eq!(found[1]["pinned_by"], json!(bob.id), "who was first stays");
    assert!(found[1]["pinned_at"].is_string());
    assert_eq!(found[1]["message"]["content"], "the map");

    assert_eq!(unpin(&alice, &first).await, 204, "any member takes a pin off");
    loop {
        let told = ears.expect("message_pinned").await;
        if told["pinned"] == false {
            assert_eq!(told["message_id"], json!(first));
            break;
        }
    }
    assert_eq!(unpin(&alice, &first).await, 204, "again is no error");
    assert_eq!(pins(&bob, &channel).await.len(), 1);
}

#[tokio::test]
async fn a_deleted_message_is_pinned_no_longer() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let message = written(&alice, &channel, "soon gone").await;
    assert_eq!(pin(&alice, &message).await, 201);
    let path = format!("/api/v1/messages/{message}");
    assert_eq!(alice.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert!(pins(&alice, &channel).await.is_empty());
    let refused = alice.request(Method::POST, &format!("{path}/pin")).send().await.unwrap();
    assert_eq!(json_of(refused, 409).await["code"], "message_deleted");
}

#[tokio::test]
async fn a_channel_has_so_many_pins_and_deleted_messages_make_room() {
    const PINS_MAX: usize = 100;
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    // One client for all: each has a connection and the certificates of the machine to load.
    let client = reqwest::Client::new();
    let post = |path: &str, body: &Value| {
        client.post(server.url(path)).bearer_auth(&alice.token).json(body).send()
    };
    let mut messages = Vec::new();
    for number in 0..=PINS_MAX {
        let body = json!({ "channel_id": channel, "content": number.to_string() });
        let sent = post("/api/v1/messages/", &body).await.unwrap();
        messages.push(text(&json_of(sent, 201).await["id"]));
    }
    for message in &messages[..PINS_MAX] {
        let pinned = post(&format!("/api/v1/messages/{message}/pin"), &json!({})).await.unwrap();
        assert_eq!(pinned.status(), 201);
    }
    assert_eq!(pin(&alice, &messages[PINS_MAX]).await, 409);
    let path = format!("/api/v1/messages/{}", messages[0]);
    assert_eq!(alice.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(pin(&alice, &messages[PINS_MAX]).await, 201);
    assert_eq!(pins(&alice, &channel).await.len(), PINS_MAX);
}

#[tokio::test]
async fn who_does_not_see_a_channel_finds_no_pins_and_who_only_reads_it_makes_none() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let stranger = server.sign_up_elsewhere("eve", "elsewhere").await;
    let private = json!({ "name": "nest", "kind": "private" });
    let private = text(&alice.post("/api/v1/channels/", private, 201).await["id"]);
    let open = alice.channel("birds").await;
    let (hidden, seen) = (written(&alice, &private, "x").await, written(&alice, &open, "y").await);
    assert_eq!((pin(&alice, &hidden).await, pin(&alice, &seen).await), (201, 201));
    for person in [&bob, &stranger] {
        assert_eq!((pin(person, &hidden).await, unpin(person, &hidden).await), (404, 404));
        let path = format!("/api/v1/channels/{private}/pins");
        assert_eq!(person.request(Method::GET, &path).send().await.unwrap().status(), 404);
    }
    assert_eq!(pins(&bob, &open).await.len(), 1, "an open channel can be read");
    assert_eq!(unpin(&bob, &seen).await, 403, "and is written by its members");
    assert_eq!(pin(&stranger, &seen).await, 404);
}

#[tokio::test]
async fn guests_do_not_pin() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let channel = alice.channel("birds").await;
    let member = json!({ "user_id": bob.id, "role": "guest" });
    alice.post(&format!("/api/v1/channels/{channel}/members"), member, 201).await;
    let message = written(&alice, &channel, "look").await;
    assert_eq!((pin(&bob, &message).await, unpin(&bob, &message).await), (403, 403));
}
