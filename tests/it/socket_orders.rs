//! Frames that are well made but wrong: a clear `error`, nothing stored, and the socket goes on.

use serde_json::{Value, json};

use crate::raw::{BINARY, Raw, TEXT, masked};
use crate::world::{Server, Socket, json_of, text};

/// The id of nothing.
const NOWHERE: &str = "018bcfe5-687b-7fff-bfff-ffffffffffff";

#[tokio::test]
async fn a_wrong_frame_gets_a_stable_code_and_the_socket_goes_on() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let send = |more: Value| {
        let mut frame = json!({ "type": "send_message", "channel_id": channel, "content": "x" });
        frame.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        frame
    };
    let mut socket = alice.socket().await;
    let cases = [
        (json!([]), "malformed"),
        (json!("ping"), "malformed"),
        (json!({}), "validation_failed"),
        (json!({ "type": 7 }), "validation_failed"),
        (json!({ "type": "dance" }), "unknown_type"),
        (json!({ "type": "hello" }), "unknown_type"),
        (json!({ "type": "join_channel" }), "validation_failed"),
        (json!({ "type": "join_channel", "channel_id": 7 }), "validation_failed"),
        (json!({ "type": "join_channel", "channel_id": "7" }), "validation_failed"),
        (json!({ "type": "join_channel", "channel_id": NOWHERE }), "not_found"),
        (json!({ "type": "resume", "channels": {} }), "validation_failed"),
        (json!({ "type": "resume", "channels": [{ "channel_id": channel }] }), "validation_failed"),
        (
            json!({ "type": "resume", "channels": [{ "channel_id": NOWHERE, "after_seq": 0 }] }),
            "not_found",
        ),
        (send(json!({ "content": null })), "validation_failed"),
        (send(json!({ "content": ["x"] })), "validation_failed"),
        (send(json!({ "content": "" })), "validation_failed"),
        (send(json!({ "content": " \n " })), "validation_failed"),
        (send(json!({ "content": "x".repeat(5_001) })), "validation_failed"),
        (send(json!({ "client_message_id": "" })), "validation_failed"),
        (send(json!({ "client_message_id": "x".repeat(129) })), "validation_failed"),
        (send(json!({ "client_message_id": "a\u{0}b" })), "validation_failed"),
        (send(json!({ "after_seq": -1 })), "validation_failed"),
        (send(json!({ "mentions": "everyone" })), "validation_failed"),
        (send(json!({ "channel_id": NOWHERE })), "not_found"),
        (send(json!({ "thread_id": NOWHERE })), "not_found"),
        (json!({ "type": "edit_message", "message_id": NOWHERE, "content": "x" }), "not_found"),
        (json!({ "type": "delete_message", "message_id": NOWHERE }), "not_found"),
        (json!({ "type": "react", "message_id": NOWHERE, "emoji": "👍" }), "not_found"),
        (json!({ "type": "mark_read", "channel_id": NOWHERE, "seq": 1 }), "not_found"),
        (json!({ "type": "mark_read", "channel_id": channel, "seq": 1.5 }), "validation_failed"),
        (json!({ "type": "typing", "channel_id": channel, "is_typing": 1 }), "validation_failed"),
        (json!({ "type": "presence", "status": "asleep" }), "validation_failed"),
        (json!({ "type": "user_message", "text": "I am no guest" }), "validation_failed"),
        (json!({ "type": "ask", "query": "how many?" }), "validation_failed"),
        (json!({ "type": "ask", "channel_id": NOWHERE, "query": "how many?" }), "not_found"),
        (json!({ "type": "ask", "channel_id": channel, "query": " " }), "validation_failed"),
        (json!({ "type": "cancel_query", "job_id": NOWHERE }), "not_found"),
        (json!({ "type": "ai_request", "text": "how many?" }), "validation_failed"),
    ];
    for (number, (mut frame, code)) in cases.into_iter().enumerate() {
        let is_object = frame.is_object();
        if is_object {
            frame["id"] = json!(number);
        }
        socket.send(frame.clone()).await;
        let error = socket.expect("error").await;
        assert_eq!(error["code"], code, "{frame}: {error}");
        assert_eq!(error["retry"], false, "{frame}: {error}");
        assert_eq!(error["id"], if is_object { json!(number) } else { Value::Null }, "{frame}");
    }
    socket.send(json!({ "type": "ping", "still": "here" })).await;
    assert_eq!(socket.expect("pong").await["still"], "here");
    let stored = alice.get(&format!("/api/v1/messages/channel/{channel}")).await;
    assert_eq!(stored, json!([]), "nothing was stored");
}

#[tokio::test]
async fn text_that_is_not_json_is_malformed_and_the_socket_goes_on() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let mut raw = Raw::open(&server, &alice).await;
    let deep = format!("{{\"type\":\"ping\",\"x\":{}", "[".repeat(30_000));
    for bytes in [b"".as_slice(), b"{", b"nonsense", b"{\"type\":\"ping\"}x", deep.as_bytes()] {
        raw.send(&masked(TEXT, bytes)).await;
        assert_eq!(raw.expect("error").await["code"], "malformed");
    }
    raw.say(&json!({ "type": "ping" })).await;
    raw.expect("pong").await;
}

#[tokio::test]
async fn another_organizations_ids_are_not_there() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let post = json!({ "channel_id": channel, "content": "ours" });
    let message = text(&alice.post("/api/v1/messages/", post, 201).await["id"]);
    let stranger = server.sign_up_elsewhere("mallory", "elsewhere").await;
    let mut socket = stranger.socket().await;
    for frame in [
        json!({ "type": "join_channel", "channel_id": channel }),
        json!({ "type": "resume", "channels": [{ "channel_id": channel, "after_seq": 0 }] }),
        json!({ "type": "send_message", "channel_id": channel, "content": "mine" }),
        json!({ "type": "edit_message", "message_id": message, "content": "mine" }),
        json!({ "type": "delete_message", "message_id": message }),
        json!({ "type": "react", "message_id": message, "emoji": "👍" }),
        json!({ "type": "mark_read", "channel_id": channel, "seq": 1 }),
    ] {
        socket.send(frame.clone()).await;
        assert_eq!(socket.expect("error").await["code"], "not_found", "{frame}");
    }
    assert_eq!(alice.get(&format!("/api/v1/messages/{message}")).await["content"], "ours");
}

#[tokio::test]
async fn a_hundred_refused_frames_end_the_socket_and_ninety_nine_do_not() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let mut raw = Raw::open(&server, &alice).await;
    let refused = masked(TEXT, br#"{"type":"dance"}"#);
    raw.send(&refused.repeat(99)).await;
    raw.say(&json!({ "type": "ping" })).await;
    raw.expect("pong").await;
    raw.send(&refused.repeat(2)).await;
    assert_eq!(raw.close_code().await, 1008);
}

#[tokio::test]
async fn more_than_three_messages_a_second_wait_two_seconds_over_sockets_and_rest() {
    let server = Server::start(&[("limits.messages_per_second", "3")]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut other = alice.socket().await;
    let send = |id: u32| json!({ "type": "send_message", "id": id, "channel_id": channel, "content": "x" });
    // All in one write: a slow machine may have earned one more meanwhile, but not all of these.
    let mut one = Raw::open(&server, &alice).await;
    let burst = (0..20).flat_map(|id| masked(TEXT, send(id).to_string().as_bytes()));
    one.send(&burst.collect::<Vec<u8>>()).await;
    let refused = one.expect("error").await;
    assert_eq!((&refused["code"], &refused["retry"]), (&json!("rate_limited"), &json!(true)));
    assert!((1..=2_000).contains(&refused["retry_after_ms"].as_u64().unwrap()), "{refused}");
    other.send(send(99)).await;
    assert_eq!(other.expect("error").await["code"], "rate_limited", "one bucket for all sockets");
    let post = json!({ "channel_id": channel, "content": "x" });
    let request = alice.request(reqwest::Method::POST, "/api/v1/messages/").json(&post);
    let response = request.send().await.unwrap();
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(json_of(response, 429).await["code"], "rate_limited", "and for REST");
}

#[tokio::test]
async fn the_messagepack_socket_says_the_same_as_the_json_one() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut ears = alice.socket().await;
    let protocol = [("sec-websocket-protocol", "starling.v1.msgpack")];
    let mut raw = Raw::open_with(&server, &alice, &protocol, b"").await;
    assert!(raw.head.contains("sec-websocket-protocol: starling.v1.msgpack"), "{}", raw.head);
    let packed = |frame: Value| masked(BINARY, &rmp_serde::to_vec_named(&frame).unwrap());
    raw.send(&packed(json!({
        "type": "send_message", "id": "m", "channel_id": channel, "content": "grüße",
    })))
    .await;
    let heard = ears.expect("new_message").await;
    let mut acknowledged = false;
    let mut broadcast = Value::Null;
    while !acknowledged || broadcast.is_null() {
        let (first, payload) = raw.frame().await.expect("a frame");
        assert_eq!(first, BINARY);
        let frame: Value = rmp_serde::from_slice(&payload).unwrap();
        match frame["type"].as_str() {
            Some("ack") => acknowledged = frame["id"] == "m" && frame["seq"] == heard["seq"],
            Some("new_message") => broadcast = frame,
            _ => (),
        }
    }
    assert_eq!(broadcast, heard, "the same map, the same names");
    raw.send(&masked(BINARY, b"\xc1")).await;
    raw.send(&packed(json!({ "type": "dance", "id": 1 }))).await;
    for code in ["malformed", "unknown_type"] {
        let (_, payload) = raw.frame().await.expect("an error");
        let error: Value = rmp_serde::from_slice(&payload).unwrap();
        assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!(code)));
    }
    raw.send(&masked(TEXT, br#"{"type":"ping"}"#)).await;
    assert_eq!(raw.close_code().await, 1003, "text on the MessagePack protocol");
}

#[tokio::test]
async fn a_resend_with_the_same_client_id_is_a_duplicate_of_the_first() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut socket =
        Socket::open(&server.address, &format!("/ws/{}?subscribe=none", alice.token)).await;
    socket.expect("hello").await;
    let send = json!({
        "type": "send_message", "channel_id": channel, "content": "once",
        "client_message_id": "c1", "after_seq": 0,
    });
    socket.send(send.clone()).await;
    let first = socket.expect("ack").await;
    socket.send(send).await;
    let again = socket.expect("ack").await;
    assert_eq!((&first["duplicate"], &again["duplicate"]), (&json!(false), &json!(true)));
    assert_eq!((&first["message_id"], &first["seq"]), (&again["message_id"], &again["seq"]));
}
