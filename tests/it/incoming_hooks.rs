//! Incoming webhooks: what other programs send is a message.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::world::{Person, Server, text};

/// Makes a webhook; gives its id and its address at this server.
async fn hook(server: &Server, person: &Person, channel: &str) -> (String, String) {
    let body = json!({ "channel_id": channel, "name": "CI" });
    let made = person.post("/api/v1/webhooks/incoming", body, 201).await;
    let url = text(&made["url"]);
    let secret = url.rsplit('/').next().unwrap();
    (text(&made["id"]), server.url(&format!("/hooks/{secret}")))
}

async fn words(response: Response) -> (u16, String) {
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn send(url: &str, body: &Value) -> (u16, String) {
    words(Client::new().post(url).json(body).send().await.unwrap()).await
}

#[tokio::test]
async fn what_is_sent_in_slacks_shape_is_a_message_of_a_program() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let (id, url) = hook(&server, &alice, &channel).await;
    let mut ears = alice.socket().await;
    let body = json!({ "text": "*done*: <https://ci.example/7|job 7>", "username": "builder",
        "channel": "#elsewhere" });
    assert_eq!(send(&url, &body).await, (200, "ok".to_owned()));
    let message = ears.expect("new_message").await["message"].clone();
    assert_eq!(message["content"], "**done**: [job 7](https://ci.example/7)");
    assert_eq!(message["channel_id"], json!(channel));
    assert_eq!(
        (&message["author_id"], &message["author"]["username"]),
        (&json!(id), &json!("builder"))
    );
    assert_eq!(message["author"]["is_bot"], true);
    let form = [("payload", r#"{"text": "by a form"}"#)];
    let sent = Client::new().post(&url).form(&form).send().await.unwrap();
    assert_eq!(words(sent).await.1, "ok");
    let message = ears.expect("new_message").await["message"].clone();
    assert_eq!(
        (&message["content"], &message["author"]["username"]),
        (&json!("by a form"), &json!("CI"))
    );
}

#[tokio::test]
async fn github_and_alertmanager_are_understood_as_they_are() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let (_, url) = hook(&server, &alice, &channel).await;
    let mut ears = alice.socket().await;
    let issue = json!({ "action": "opened", "sender": { "login": "ann" },
        "repository": { "full_name": "birds/nest" }, "issue": { "number": 7, "title": "Leak" } });
    let sent = Client::new().post(&url).header("X-GitHub-Event", "issues").json(&issue).send();
    assert_eq!(words(sent.await.unwrap()).await, (200, "ok".to_owned()));
    let content = text(&ears.expect("new_message").await["message"]["content"]);
    assert!(content.contains("ann opened issue \\#7 Leak"), "{content}");
    let alert = json!({ "version": "4", "status": "firing", "externalURL": "http://alerts.example",
        "alerts": [{ "status": "firing", "labels": { "alertname": "Down" },
            "annotations": { "summary": "node 1 is down" } }] });
    assert_eq!(send(&url, &alert).await.1, "ok");
    let content = text(&ears.expect("new_message").await["message"]["content"]);
    assert!(content.contains("Firing") && content.contains("node 1 is down"), "{content}");
}

#[tokio::test]
async fn what_is_no_message_is_answered_in_a_word() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let (id, url) = hook(&server, &alice, &channel).await;
    assert_eq!(send(&url, &json!({})).await, (400, "no_text".to_owned()));
    let broken = Client::new().post(&url).body("{").send().await.unwrap();
    assert_eq!(words(broken).await, (400, "invalid_payload".to_owned()));
    let nowhere = server.url("/hooks/sth_none");
    assert_eq!(send(&nowhere, &json!({ "text": "x" })).await, (404, "no_service".to_owned()));
    let path = format!("/api/v1/webhooks/incoming/{id}");
    let off = alice.request(Method::PATCH, &path).json(&json!({ "is_active": false }));
    assert_eq!(off.send().await.unwrap().status(), 200);
    assert_eq!(send(&url, &json!({ "text": "x" })).await.0, 404);
}

#[tokio::test]
async fn a_new_secret_ends_the_old_one_and_lists_show_none() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let (id, url) = hook(&server, &alice, &channel).await;
    let path = format!("/api/v1/webhooks/incoming/{id}/secret");
    let renewed = text(&alice.post(&path, json!({}), 200).await["url"]);
    assert_eq!(send(&url, &json!({ "text": "x" })).await.0, 404);
    let secret = renewed.rsplit('/').next().unwrap().to_owned();
    let url = server.url(&format!("/hooks/{secret}"));
    assert_eq!(send(&url, &json!({ "text": "x" })).await.0, 200);
    let listed = alice.get("/api/v1/webhooks/incoming").await;
    assert!(!listed.to_string().contains(&secret));
    assert_eq!((&listed["count"], &listed["data"][0]["id"]), (&json!(1), &json!(id)));
    assert!(listed["data"][0]["last_used_at"].is_string());
    let gone = alice.request(Method::DELETE, &format!("/api/v1/webhooks/incoming/{id}"));
    assert_eq!(gone.send().await.unwrap().status(), 204);
    assert_eq!(send(&url, &json!({ "text": "x" })).await.0, 404);
}

#[tokio::test]
async fn only_who_looks_after_a_channel_brings_a_program_into_it() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let bob = server.sign_up_as(&alice, "bob", "viewer").await;
    let channel = alice.channel("ops").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let body = json!({ "channel_id": channel, "name": "mine" });
    bob.post("/api/v1/webhooks/incoming", body, 403).await;
    let (id, _) = hook(&server, &alice, &channel).await;
    assert_eq!(bob.get("/api/v1/webhooks/incoming").await["count"], 0);
    let path = format!("/api/v1/webhooks/incoming/{id}");
    let refused = bob.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(refused.status(), 404);
}

#[tokio::test]
async fn a_webhook_that_sends_too_much_is_told_to_wait() {
    let server = Server::start(&[("limits.rest_per_minute", "5")]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let (_, url) = hook(&server, &alice, &channel).await;
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.push(send(&url, &json!({ "text": "x" })).await);
    }
    assert_eq!(seen[0].1, "ok");
    assert_eq!(seen[6], (429, "rate_limited".to_owned()));
}
