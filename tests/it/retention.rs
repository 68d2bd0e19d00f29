//! How long messages are kept.

use std::io::{Cursor, Write};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::world::{PATIENCE, Person, Server, command_of, json_of, text};

const CHANNEL: &str = "boats";
const ADMIN: &str = "admin@starling.local";

/// A channel whose messages are years old, the first of them with a file.
fn bring_old(server: &Server, messages: usize) {
    bring_old_into("default", &[], server, messages);
}

/// The same into an organization, with settings of a cluster.
pub(crate) fn bring_old_into(
    org: &str,
    settings: &[(String, String)],
    server: &Server,
    messages: usize,
) {
    let users = json!([{ "id": "U0ALI", "name": "alice",
        "profile": { "email": "alice@example.org" } }]);
    let channels = json!([{ "id": "C0BOATS", "name": CHANNEL, "created": 1_600_000_000,
        "members": ["U0ALI"] }]);
    let said = |number: usize| {
        json!({ "type": "message", "user": "U0ALI", "text": format!("the heron {number}"),
            "ts": format!("{}.000100", 1_600_000_010 + number),
            "files": if number == 0 { json!([{ "id": "F0MAP", "name": "map.txt" }]) }
                else { json!([]) } })
    };
    let day: Vec<Value> = (0..messages).map(said).collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("users.json", users.to_string()),
        ("channels.json", channels.to_string()),
        ("boats/2020-09-13.json", Value::from(day).to_string()),
        ("__uploads/F0MAP/map.txt", "here be dragons".to_owned()),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes.as_bytes()).unwrap();
    }
    let path = server.data.path().join("old.zip");
    std::fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["import", "slack", "--org", org]).arg(path);
    command.arg("--data").arg(server.data.path());
    for (key, value) in settings {
        command.arg("--set").arg(format!("{key}={value}"));
    }
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

pub(crate) async fn boats(person: &Person) -> String {
    let channels = person.get("/api/v1/channels/").await;
    let found = channels.as_array().unwrap().iter().find(|channel| channel["name"] == CHANNEL);
    text(&found.unwrap()["id"])
}

pub(crate) async fn put(person: &Person, path: &str, days: Value, status: u16) -> Value {
    let request = person.request(Method::PUT, path).json(&json!({ "days": days }));
    json_of(request.send().await.unwrap(), status).await
}

pub(crate) async fn page(person: &Person, channel: &str) -> Vec<Value> {
    let path = format!("/api/v1/messages/channel/{channel}?limit=100");
    person.get(&path).await.as_array().unwrap().clone()
}

/// Waits until all of these messages have lost their words.
/// What all pages of a channel show, from the newest back.
async fn every_page(person: &Person, channel: &str, limit: usize) -> Vec<String> {
    let (mut shown, mut before) = (Vec::new(), String::new());
    for _ in 0..100 {
        let path = format!("/api/v1/messages/channel/{channel}?limit={limit}{before}");
        let page = person.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
        let header =
            |name: &str| page.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (has_more, next) = (header("x-has-more"), header("x-next-cursor"));
        let messages: Vec<Value> = page.json().await.unwrap();
        let is_kept = |message: &&Value| message["is_deleted"] == false;
        shown.extend(messages.iter().filter(is_kept).map(|message| text(&message["content"])));
        match next {
            Some(next) if has_more.as_deref() == Some("true") => before = format!("&before={next}"),
            _ => return shown,
        }
    }
    panic!("pages of {channel} do not end");
}

pub(crate) async fn until_gone(person: &Person, messages: &[Value]) {
    let end = Instant::now() + PATIENCE;
    for message in messages {
        let path = format!("/api/v1/messages/{}", text(&message["id"]));
        loop {
            let now = person.get(&path).await;
            if now["is_deleted"] == true {
                assert_eq!((&now["content"], &now["attachments"]), (&json!(""), &json!([])));
                break;
            }
            assert!(Instant::now() < end, "still there: {now}");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn what_is_too_old_is_not_shown_any_more_and_then_gone_with_its_files() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    server.kill();
    bring_old(&server, 12);
    server.start_again();
    let channel = boats(&alice).await;
    let before = page(&alice, &channel).await;
    assert_eq!(before.len(), 12);
    let file = text(&before[0]["attachments"][0]["url"]);
    let found = alice.get("/api/v1/search?q=heron").await;
    assert_eq!(found["total"], 12, "{found}");
    let body = json!({ "channel_id": channel, "content": "a heron today" });
    alice.post("/api/v1/messages/", body, 201).await;

    let path = format!("/api/v1/channels/{channel}/retention");
    assert_eq!(alice.get(&path).await["effective_days"], 0);
    let held = put(&alice, &path, json!(30), 200).await;
    assert_eq!((&held["days"], &held["may_change"]), (&json!(30), &json!(true)));
    let shown = page(&alice, &channel).await;
    assert_eq!(shown.len(), 1, "at once, whether it is deleted yet or not: {shown:?}");
    let paged = every_page(&alice, &channel, 2).await;
    assert_eq!(paged, ["a heron today"], "and pages of old ones do not end the way back");

    until_gone(&alice, &before).await;
    let file = alice.request(Method::GET, &file).send().await.unwrap();
    assert_eq!(file.status(), 404);
    let found = alice.get("/api/v1/search?q=heron").await;
    assert_eq!(found["total"], 1, "{found}");
    let events = alice.get(&format!("/api/v1/channels/{channel}/events?after=0&limit=100")).await;
    let events = events["events"].as_array().unwrap();
    let places: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(places, (1..=25).collect::<Vec<u64>>(), "twelve, one, and twelve deletions");
}

/// Takes what a webhook tells.
async fn receiver() -> (String, mpsc::Receiver<Value>) {
    let (sender, told) = mpsc::channel(100);
    let take = async |State(sender): State<mpsc::Sender<Value>>, Json(body): Json<Value>| {
        sender.try_send(body).unwrap();
    };
    let app = Router::new().route("/told", post(take)).with_state(sender);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/told", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, told)
}

#[tokio::test]
async fn webhooks_are_told_together_what_the_server_deletes() {
    let mut server = Server::start(&[("egress.webhooks", "127.0.0.1")]);
    let alice = server.sign_up("alice").await;
    server.kill();
    bring_old(&server, 20);
    server.start_again();
    let channel = boats(&alice).await;
    let before = page(&alice, &channel).await;
    let (url, mut told) = receiver().await;
    let hook = json!({ "name": "mirror", "url": url, "channel_id": channel,
        "events": ["message.deleted", "messages.deleted"] });
    alice.post("/api/v1/webhooks/outgoing", hook, 201).await;
    put(&alice, &format!("/api/v1/channels/{channel}/retention"), json!(30), 200).await;
    let mut gone = Vec::new();
    while gone.len() < before.len() {
        let call = tokio::time::timeout(PATIENCE, told.recv()).await.expect("a call").unwrap();
        assert_eq!(
            (&call["type"], &call["data"]["channel_id"]),
            (&json!("messages.deleted"), &json!(channel))
        );
        gone.extend(call["data"]["message_ids"].as_array().unwrap().clone());
    }
    let ids: Vec<Value> = before.iter().map(|message| message["id"].clone()).collect();
    assert!(ids.iter().all(|id| gone.contains(id)), "{gone:?}");
}

#[tokio::test]
async fn a_server_that_died_goes_on_and_what_holds_for_all_holds_where_nothing_else_is_said() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    server.kill();
    bring_old(&server, 40);
    let password = admins_password(&server);
    server.start_again();
    let channel = boats(&alice).await;
    let before = page(&alice, &channel).await;
    let admin = sign_in(&server, &password).await;
    let default = "/api/v1/orgs/current/retention";
    assert_eq!(put(&alice, default, json!(90), 403).await["code"], "forbidden");
    put(&admin, default, json!(90), 200).await;
    server.kill();
    server.start_again();
    until_gone(&alice, &before).await;

    let path = format!("/api/v1/channels/{channel}/retention");
    let longer = put(&alice, &path, json!(0), 403).await;
    assert_eq!(longer["code"], "forbidden", "only admins keep longer than the organization");
    assert_eq!(put(&alice, &path, json!(7), 200).await["effective_days"], 7);
    assert_eq!(put(&alice, &path, json!(null), 200).await["effective_days"], 90);
    assert_eq!(put(&admin, &path, json!(0), 200).await["effective_days"], 0);
    put(&admin, &path, json!(36_501), 422).await;
    let trail = admin.get("/api/v1/audit/?action=retention.change").await;
    assert_eq!(trail["total"], 4, "{trail}");
}

/// A new password of the first admin, which the one who runs the server makes while it is stopped.
fn admins_password(server: &Server) -> String {
    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["admin", "reset-password", ADMIN, "--data"]).arg(server.data.path());
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    said.trim().rsplit(' ').next().unwrap().to_owned()
}

async fn sign_in(server: &Server, password: &str) -> Person {
    let body = json!({ "email": ADMIN, "password": password });
    let url = server.url("/api/v1/auth/login");
    let response = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    Person::from_tokens(&server.address, &json_of(response, 200).await)
}
