//! Drafts, messages to be sent later, reminders.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use starling::app::SystemClock;
use starling::wire::time::rfc3339;
use starling_actors::ports::Clock;
use tokio::time::Instant;

use crate::world::{PATIENCE, Person, Server, json_of, text};

/// A moment as the server reads it.
fn in_ms(ms: i64) -> String {
    rfc3339(SystemClock.now().plus_ms(ms))
}

async fn put_draft(person: &Person, channel: &str, body: Value) -> Value {
    let path = format!("/api/v1/drafts/{channel}");
    json_of(person.request(Method::PUT, &path).json(&body).send().await.unwrap(), 200).await
}

async fn status(person: &Person, method: Method, path: &str) -> u16 {
    person.request(method, path).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_draft_is_on_all_devices_of_its_author_and_nobody_elses() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    let mut other_device = alice.socket().await;
    put_draft(&alice, &channel, json!({ "content": "almost" })).await;
    let frame = other_device.expect("draft_changed").await;
    assert_eq!((&frame["content"], &frame["channel_id"]), (&json!("almost"), &json!(channel)));
    let drafts = alice.get("/api/v1/drafts").await;
    assert_eq!((&drafts["count"], &drafts["data"][0]["content"]), (&json!(1), &json!("almost")));
    assert_eq!(bob.get("/api/v1/drafts").await["count"], 0);
    let path = format!("/api/v1/drafts/{channel}");
    assert_eq!(status(&alice, Method::DELETE, &path).await, 204);
    assert_eq!(other_device.expect("draft_changed").await["content"], "");
    assert_eq!(alice.get("/api/v1/drafts").await["count"], 0);
    let body = json!({ "content": "not a member" });
    let refused = bob.request(Method::PUT, &path).json(&body).send().await.unwrap();
    assert_eq!(refused.status(), 403);
}

#[tokio::test]
async fn a_draft_of_a_thread_is_another_one_than_its_channels() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let thread = json!({ "channel_id": channel, "title": "wings" });
    let thread = text(&alice.post("/api/v1/threads/", thread, 201).await["id"]);
    put_draft(&alice, &channel, json!({ "content": "here" })).await;
    put_draft(&alice, &channel, json!({ "content": "there", "thread_id": thread })).await;
    assert_eq!(alice.get("/api/v1/drafts").await["count"], 2);
    put_draft(&alice, &channel, json!({ "content": " ", "thread_id": thread })).await;
    let drafts = alice.get("/api/v1/drafts").await;
    assert_eq!((&drafts["count"], &drafts["data"][0]["content"]), (&json!(1), &json!("here")));
}

#[tokio::test]
async fn a_message_is_sent_at_its_time_once_and_by_its_author() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut ears = alice.socket().await;
    let body = json!({ "channel_id": channel, "content": "good morning", "send_at": in_ms(1_500),
        "client_message_id": "m1" });
    let first = alice.post("/api/v1/scheduled", body.clone(), 201).await;
    let again = alice.post("/api/v1/scheduled", body, 201).await;
    assert_eq!(first["id"], again["id"], "the same key plans nothing new");
    assert_eq!(alice.get("/api/v1/scheduled").await["count"], 1);
    let message = ears.expect("new_message").await["message"].clone();
    assert_eq!(message["content"], "good morning");
    assert_eq!(
        (&message["author_id"], &message["client_message_id"]),
        (&json!(alice.id), &first["id"])
    );
    loop {
        ears.expect("plans_changed").await;
        if alice.get("/api/v1/scheduled").await["count"] == 0 {
            break;
        }
    }
    let page = alice.get(&format!("/api/v1/messages/channel/{channel}")).await;
    assert_eq!(page.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_planned_can_be_changed_and_taken_back() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    let mut ears = alice.socket().await;
    let hour = in_ms(3_600_000);
    let plan = |words: &str| json!({ "channel_id": channel, "content": words, "send_at": hour });
    let one = alice.post("/api/v1/scheduled", plan("one"), 201).await;
    let two = alice.post("/api/v1/scheduled", plan("two"), 201).await;
    let of = |plan: &Value| format!("/api/v1/scheduled/{}", text(&plan["id"]));
    assert_eq!(status(&bob, Method::GET, &of(&one)).await, 404, "it is its author's alone");
    assert_eq!(status(&alice, Method::DELETE, &of(&two)).await, 204);
    let sooner = json!({ "content": "one, now", "send_at": in_ms(0) });
    let changed = alice.request(Method::PATCH, &of(&one)).json(&sooner).send().await.unwrap();
    assert_eq!(changed.status(), 200);
    assert_eq!(ears.expect("new_message").await["message"]["content"], "one, now");
    let past = json!({ "channel_id": channel, "content": "x", "send_at": "2020-01-01T00:00:00Z" });
    alice.post("/api/v1/scheduled", past, 422).await;
}

#[tokio::test]
async fn an_author_is_told_of_a_message_that_could_not_be_sent() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let bob = server.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let body = json!({ "channel_id": channel, "content": "see you", "send_at": in_ms(1_500) });
    let plan = bob.post("/api/v1/scheduled", body, 201).await;
    let mut ears = bob.socket().await;
    let leave = format!("/api/v1/channels/{channel}/leave");
    assert!(bob.request(Method::POST, &leave).send().await.unwrap().status().is_success());
    let note = ears.expect("new_message").await["message"].clone();
    assert_eq!(note["message_type"], "system");
    assert!(text(&note["content"]).contains("was not sent"), "{note}");
    let shown = bob.get(&format!("/api/v1/scheduled/{}", text(&plan["id"]))).await;
    assert_eq!(shown["state"], "failed");
    assert!(!text(&shown["error"]).is_empty());
}

#[tokio::test]
async fn a_reminder_is_said_to_its_author_and_names_what_it_is_of() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let post = json!({ "channel_id": channel, "content": "feed the swifts" });
    let message = alice.post("/api/v1/messages/", post, 201).await;
    let mut ears = alice.socket().await;
    let body = json!({ "text": "do it", "message_id": message["id"], "remind_at": in_ms(500) });
    alice.post("/api/v1/reminders", body, 201).await;
    let said = ears.expect("new_message").await["message"].clone();
    let words = text(&said["content"]);
    assert!(words.contains("do it") && words.contains("feed the swifts"), "{words}");
    assert_ne!(said["channel_id"], json!(channel));
    assert_eq!(said["mentions"], json!([alice.id]));
}

#[tokio::test]
async fn what_was_due_while_the_server_was_down_is_sent_when_it_is_back() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let body = json!({ "channel_id": channel, "content": "late", "send_at": in_ms(1_000) });
    alice.post("/api/v1/scheduled", body, 201).await;
    server.kill();
    server.start_again();
    let path = format!("/api/v1/messages/channel/{channel}");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let page = alice.get(&path).await;
        if page.as_array().unwrap().iter().any(|message| message["content"] == "late") {
            break;
        }
        assert!(Instant::now() < deadline, "it was not sent");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
