//! Talking: over REST and over sockets.

use reqwest::Method;
use serde_json::json;

use crate::world::{Server, text};

#[tokio::test]
async fn two_people_talk_and_see_the_same_order() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let mut ears = bob.socket().await;
    let mut mouth = alice.socket().await;
    for number in 0..5 {
        let send = json!({
            "type": "send_message", "id": number, "channel_id": channel,
            "content": format!("message {number}"), "client_message_id": format!("m{number}"),
        });
        mouth.send(send).await;
    }
    let mut before = 0;
    for number in 0..5 {
        let frame = ears.expect("new_message").await;
        assert_eq!(frame["message"]["content"], format!("message {number}"));
        assert!(frame["seq"].as_u64().unwrap() > before);
        before = frame["seq"].as_u64().unwrap();
    }
    let page = bob.get(&format!("/api/v1/messages/channel/{channel}")).await;
    assert_eq!(page.as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn the_same_client_id_again_gives_the_first_message() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let post = |content: &str| json!({ "channel_id": channel, "content": content, "client_message_id": "once" });
    let first = alice.post("/api/v1/messages/", post("first"), 201).await;
    let again = alice.post("/api/v1/messages/", post("second"), 200).await;
    assert_eq!(first["id"], again["id"]);
    assert_eq!(again["content"], "first");
}

#[tokio::test]
async fn an_edit_a_reaction_and_a_deletion_are_seen_by_others_and_in_history() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let mut ears = bob.socket().await;
    let post = json!({ "channel_id": channel, "content": "helo" });
    let id = text(&alice.post("/api/v1/messages/", post, 201).await["id"]);
    let path = format!("/api/v1/messages/{id}");
    let edit = json!({ "content": "hello" });
    alice.request(Method::PATCH, &path).json(&edit).send().await.unwrap();
    assert_eq!(ears.expect("message_edited").await["message"]["content"], "hello");
    bob.request(Method::PUT, &format!("{path}/reactions/👍")).send().await.unwrap();
    assert_eq!(ears.expect("reaction").await["emoji"], "👍");
    let message = bob.get(&path).await;
    assert_eq!(message["reactions"]["👍"]["count"], 1);
    assert_eq!(message["reactions"]["👍"]["mine"], true);
    assert_eq!(alice.get(&format!("{path}/history")).await.as_array().unwrap().len(), 1);
    let refused = bob.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    alice.request(Method::DELETE, &path).send().await.unwrap();
    ears.expect("message_deleted").await;
    let gone = &alice.get(&format!("/api/v1/messages/channel/{channel}")).await[0];
    assert_eq!((gone["content"].as_str(), gone["is_deleted"].as_bool()), (Some(""), Some(true)));
}

#[tokio::test]
async fn a_reader_who_returns_gets_exactly_what_was_missed() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    for number in 0..10 {
        let post = json!({ "channel_id": channel, "content": format!("{number}") });
        alice.post("/api/v1/messages/", post, 201).await;
    }
    let events = alice.get(&format!("/api/v1/channels/{channel}/events?after=0&limit=200")).await;
    let frames = events["events"].as_array().unwrap();
    let third = frames[3]["seq"].clone();
    let mut socket = alice.socket().await;
    let position = json!({ "channel_id": channel, "after_seq": third, "gen": events["gen"] });
    socket.send(json!({ "type": "resume", "id": 1, "channels": [position] })).await;
    for frame in &frames[4..] {
        let expected = frame["type"].as_str().unwrap();
        assert_eq!(socket.expect(expected).await["seq"], frame["seq"]);
    }
    assert_eq!(socket.expect("resumed").await["head_seq"], events["head_seq"]);
}

#[tokio::test]
async fn a_private_channel_is_not_there_for_others() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let body = json!({ "name": "secret", "is_private": true });
    let channel = text(&alice.post("/api/v1/channels/", body, 201).await["id"]);
    let refused =
        bob.request(Method::GET, &format!("/api/v1/channels/{channel}")).send().await.unwrap();
    assert_eq!(refused.status(), 404);
    let mut socket = bob.socket().await;
    socket.send(json!({ "type": "join_channel", "id": "x", "channel_id": channel })).await;
    let error = socket.expect("error").await;
    assert_eq!((error["code"].as_str(), error["id"].as_str()), (Some("not_found"), Some("x")));
}

#[tokio::test]
async fn a_direct_conversation_appears_by_itself_and_exists_once() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let mut ears = bob.socket().await;
    let body = json!({ "kind": "direct", "member_ids": [bob.id] });
    let made = alice.post("/api/v1/channels/", body, 201).await;
    assert_eq!(ears.expect("channel_created").await["channel_id"], made["id"]);
    let back = json!({ "kind": "direct", "member_ids": [alice.id] });
    assert_eq!(bob.post("/api/v1/channels/", back, 200).await["id"], made["id"]);
}

#[tokio::test]
async fn unread_messages_are_counted_until_they_are_read() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    let path = format!("/api/v1/channels/{channel}");
    bob.post(&format!("{path}/join"), json!({}), 200).await;
    let post = json!({ "channel_id": channel, "content": "hello @bob" });
    let message = alice.post("/api/v1/messages/", post, 201).await;
    let seen = bob.get(&path).await;
    assert_eq!((seen["unread_count"].as_u64(), seen["mention_count"].as_u64()), (Some(1), Some(1)));
    bob.post(&format!("{path}/read"), json!({ "seq": message["seq"] }), 200).await;
    assert_eq!(bob.get(&path).await["unread_count"], 0);
}
