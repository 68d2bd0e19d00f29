//! Slash commands: a message that begins with one is an order, whatever client sends it.

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::world::{PATIENCE, Server, text};

fn message(channel: &str, content: &str) -> Value {
    json!({ "channel_id": channel, "content": content })
}

#[tokio::test]
async fn a_command_is_carried_out_and_leaves_no_message() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    let path = format!("/api/v1/channels/{channel}");
    let done = alice.post("/api/v1/messages", message(&channel, "/topic Nests"), 200).await;
    assert_eq!(
        (&done["command"], &done["text"]),
        (&json!("topic"), &json!("The topic is now: Nests"))
    );
    assert_eq!(alice.get(&path).await["topic"], "Nests");
    let mut ears = bob.socket().await;
    alice.post("/api/v1/messages", message(&channel, "/invite @bob"), 200).await;
    assert_eq!(ears.expect("channel_created").await["channel_id"], json!(channel));
    bob.post("/api/v1/messages", message(&channel, "/leave"), 200).await;
    bob.post("/api/v1/messages", message(&channel, "am I in?"), 403).await;
    let help = alice.post("/api/v1/messages", message(&channel, "/help"), 200).await;
    assert!(text(&help["text"]).contains("/remind"));
    let page = alice.get(&format!("/api/v1/messages/channel/{channel}")).await;
    assert_eq!(page, json!([]));
}

#[tokio::test]
async fn commands_work_over_a_socket_too() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut socket = alice.socket().await;
    let send = |id: u32, content: &str| json!({ "type": "send_message", "id": id, "channel_id": channel, "content": content });
    socket.send(send(1, "/dnd")).await;
    let ack = socket.expect("ack").await;
    assert_eq!((&ack["id"], &ack["command"]), (&json!(1), &json!("dnd")));
    assert!(ack["message_id"].is_null());
    let deadline = Instant::now() + PATIENCE;
    while alice.get("/api/v1/users/me").await["status"] != "dnd" {
        assert!(Instant::now() < deadline, "it is not shown");
    }
    socket.send(send(2, "/frobnicate now")).await;
    let error = socket.expect("error").await;
    assert_eq!(error["code"], "validation_failed");
    assert!(text(&error["message"]).contains("/topic"), "{error}");
    socket.send(send(3, "/me hums")).await;
    assert_eq!(socket.expect("new_message").await["message"]["content"], "_hums_");
    socket.send(send(4, "//topic is a command")).await;
    let said = socket.expect("new_message").await["message"]["content"].clone();
    assert_eq!(said, "/topic is a command");
    socket.send(send(5, "/usr/bin/env")).await;
    let said = socket.expect("new_message").await["message"]["content"].clone();
    assert_eq!(said, "/usr/bin/env");
}

#[tokio::test]
async fn a_reminder_is_planned_by_its_authors_clock_and_once() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let order = json!({ "channel_id": channel, "client_message_id": "r1", "utc_offset": "+05:00",
        "content": "/remind me tomorrow at 9 to feed the swifts" });
    let done = alice.post("/api/v1/messages", order.clone(), 200).await;
    assert!(text(&done["text"]).contains("09:00: feed the swifts"), "{done}");
    alice.post("/api/v1/messages", order, 200).await;
    let reminders = alice.get("/api/v1/reminders").await;
    assert_eq!(reminders["count"], 1);
    assert!(text(&reminders["data"][0]["remind_at"]).contains("T04:00:00"), "{reminders}");
    alice.post("/api/v1/messages", message(&channel, "/remind me to eat"), 422).await;
    let here = message(&channel, "/remind #birds in 1 second to look up");
    let mut ears = alice.socket().await;
    alice.post("/api/v1/messages", here, 200).await;
    let said = text(&ears.expect("new_message").await["message"]["content"]);
    assert!(said.contains("Reminder from @alice: look up"), "{said}");
}

#[tokio::test]
async fn a_command_does_nothing_that_its_author_may_not() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    bob.post("/api/v1/messages", message(&channel, "/topic mine"), 403).await;
    alice.post("/api/v1/messages", message(&channel, "/leave"), 409).await;
    alice.post("/api/v1/messages", message(&channel, "/invite @nobody"), 422).await;
    let commands = alice.get("/api/v1/commands").await;
    assert!(commands["count"].as_u64().unwrap() > 5);
}
