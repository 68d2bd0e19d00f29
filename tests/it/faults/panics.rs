//! Panics inside actors, planted from outside (the server's feature `testing`).

use serde_json::{Value, json};

use super::clients::{Line, place};
use crate::world::{Person, Server, Socket};

/// Value of one line of `/metrics`; 0 while it is not there.
async fn metric(server: &Server, line: &str) -> u64 {
    let text = reqwest::get(server.url("/metrics")).await.unwrap().text().await.unwrap();
    let found = text.lines().find_map(|found| found.strip_prefix(line));
    found.map_or(0, |value| value.trim().parse().unwrap())
}

/// Waits until a counter has a value; it is published once a second.
async fn reaches(server: &Server, line: &str, value: u64) {
    let polling = async {
        while metric(server, line).await < value {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::world::PATIENCE, polling).await.expect(line);
}

fn send(channel: &str, words: &str) -> Value {
    json!({
        "type": "send_message", "id": words, "channel_id": channel,
        "content": words, "client_message_id": words,
    })
}

/// Sends, and takes the answer.
async fn answer(socket: &mut Socket, channel: &str, words: &str) -> Value {
    socket.send(send(channel, words)).await;
    loop {
        let frame = socket.next().await.expect("a socket that stays open");
        if frame["id"] == words {
            return frame;
        }
    }
}

/// Contents of a channel's messages, oldest first.
async fn contents(reader: &Person, channel: &str) -> Vec<String> {
    let page = reader.get(&format!("/api/v1/channels/{channel}/events?after=0&limit=200")).await;
    let events = page["events"].as_array().unwrap();
    let words = events.iter().filter_map(|event| event["message"]["content"].as_str());
    words.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_panic_in_a_channel_is_counted_not_noticed_by_others_and_its_send_is_stored_once() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let (struck, spared) = (alice.channel("struck").await, alice.channel("spared").await);
    for channel in [&struck, &spared] {
        bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    }
    let mut watcher = bob.socket().await;
    let mut socket = alice.socket().await;
    assert_eq!(answer(&mut socket, &struck, "hello").await["type"], "ack");

    for (count, words) in [(1, "panic before the append"), (2, "panic after the append")] {
        let refused = answer(&mut socket, &struck, words).await;
        assert_eq!((&refused["type"], &refused["retry"]), (&json!("error"), &json!(true)));
        // Another channel goes on over the same sockets, at once.
        let neighbour = format!("beside {words}");
        assert_eq!(answer(&mut socket, &spared, &neighbour).await["type"], "ack");
        let mut line = Some(Line::open(&server.address, &alice).await);
        let ack = place(&server.address, &alice, &mut line, &send(&struck, words)).await;
        assert_eq!(ack["duplicate"] == json!(true), words.contains("after"), "{ack}");
        let again = place(&server.address, &alice, &mut line, &send(&struck, words)).await;
        assert_eq!(again["seq"], ack["seq"], "a repeat has the first receipt");
        reaches(&server, "starling_actor_restarts_total{actor=\"channel\"}", count).await;
    }

    assert_eq!(
        contents(&bob, &struck).await,
        ["hello", "panic before the append", "panic after the append"]
    );
    // The watcher had one socket all along and saw everything of both channels, once.
    let mut seen = Vec::new();
    while seen.len() < 5 {
        let frame = watcher.expect("new_message").await;
        seen.push(frame["message"]["content"].as_str().unwrap().to_owned());
    }
    let of_struck: Vec<_> = seen.iter().filter(|words| !words.starts_with("beside")).collect();
    assert_eq!(of_struck, ["hello", "panic before the append", "panic after the append"]);
}

#[tokio::test]
async fn a_panic_in_a_session_sends_its_sockets_back_and_nobody_else_notices() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let fragile = server.sign_up("fragile").await;
    let channel = alice.channel("birds").await;
    fragile.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let mut bystander = alice.socket().await;
    let mut struck = fragile.socket().await;

    struck.send(json!({ "type": "typing", "channel_id": channel, "is_typing": true })).await;
    assert_eq!(struck.close_code().await, 4008, "come back, and resume");
    reaches(&server, "starling_actor_restarts_total{actor=\"session\"}", 1).await;

    // Rebuilt: a new socket of the same person sends and hears.
    let mut back = fragile.socket().await;
    assert_eq!(answer(&mut back, &channel, "here again").await["type"], "ack");
    let heard = bystander.expect("new_message").await;
    assert_eq!(heard["message"]["content"], "here again");
    assert_eq!(metric(&server, "starling_actor_restarts_total{actor=\"channel\"}").await, 0);
}
