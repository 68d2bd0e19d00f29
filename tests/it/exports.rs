//! All that is kept of a person.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;
use zip::ZipArchive;

use crate::world::{PATIENCE, Person, Server, command_of, text};

/// The files of an archive.
fn unpacked(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        files.insert(name, content);
    }
    files
}

async fn done(person: &Person, asked: &Value) -> Value {
    let (path, end) =
        (format!("/api/v1/exports/{}", text(&asked["id"])), Instant::now() + PATIENCE);
    loop {
        let now = person.get(&path).await;
        if now["state"] != "pending" {
            return now;
        }
        assert!(Instant::now() < end, "never done: {now}");
        tokio::task::yield_now().await;
    }
}

async fn attach(person: &Person, channel: &str) {
    let body = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"map.txt\"\r\n\r\n\
                here be dragons\r\n--cut--\r\n";
    let request = person.request(Method::POST, "/api/v1/files");
    let request = request.header("content-type", "multipart/form-data; boundary=cut");
    let file: Value = request.body(body).send().await.unwrap().json().await.unwrap();
    let body = json!({ "channel_id": channel, "content": "the map", "attachments": [file["id"]] });
    person.post("/api/v1/messages/", body, 201).await;
}

#[tokio::test]
async fn a_person_gets_all_that_is_theirs_and_nothing_that_others_wrote() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "viewer").await;
    let channel = alice.channel("boats").await;
    ben.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let say = |words: &str| json!({ "channel_id": channel, "content": words });
    let secret = alice.post("/api/v1/messages/", say("hers alone"), 201).await;
    ben.post("/api/v1/messages/", say("ahoy"), 201).await;
    attach(&ben, &channel).await;
    let path = format!("/api/v1/messages/{}/reactions/%F0%9F%8E%89", text(&secret["id"]));
    ben.request(Method::PUT, &path).send().await.unwrap();
    ben.post(&format!("/api/v1/channels/{channel}/leave"), json!({}), 204).await;

    let others = json!({ "user_id": alice.id });
    assert_eq!(ben.post("/api/v1/exports", others, 403).await["code"], "forbidden");
    let asked = ben.post("/api/v1/exports", json!({}), 202).await;
    let ready = done(&ben, &asked).await;
    assert_eq!(ready["state"], "done", "{ready}");
    let url = server.url(&text(&ready["url"]));
    let files = unpacked(reqwest::get(&url).await.unwrap().bytes().await.unwrap().to_vec());
    assert!(files["profile.json"].contains("ben@example.org"), "{files:#?}");
    let words = &files[&format!("channels/{channel}.jsonl")];
    assert!(words.contains("ahoy") && words.contains("🎉"), "though he has left: {words}");
    assert!(files["audit.jsonl"].contains("person.export"), "{files:#?}");
    assert!(
        files["memberships.json"].trim() == "[]" || !files["memberships.json"].contains("boats")
    );
    for name in ["sign_ins", "groups", "drafts", "reminders", "notifications", "browsers"] {
        assert!(files.contains_key(&format!("{name}.json")), "{name}");
    }
    let all = files.values().cloned().collect::<String>();
    assert!(!all.contains("hers alone") && !all.contains("argon2"), "{all}");
    let map = files.iter().find(|(name, _)| name.ends_with("-map.txt")).unwrap();
    assert_eq!(map.1, "here be dragons");

    let path = format!("/api/v1/exports/{}", text(&asked["id"]));
    let peek = alice.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(peek.status(), 404, "it is for who asked");
    let file = text(&ready["url"]).split('?').next().unwrap().to_owned();
    let peek = alice.request(Method::GET, &file).send().await.unwrap();
    assert_eq!(peek.status(), 404);
    let of_ben = alice.post("/api/v1/exports", json!({ "user_id": ben.id }), 202).await;
    assert_eq!(done(&alice, &of_ben).await["state"], "done");
    let trail = alice.get("/api/v1/audit/?action=person.export").await;
    assert_eq!(trail["total"], 2, "{trail}");
}

#[tokio::test]
async fn who_runs_the_server_exports_while_it_is_stopped() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("boats").await;
    let body = json!({ "channel_id": channel, "content": "ahoy" });
    alice.post("/api/v1/messages/", body, 201).await;
    let ben = server.sign_up("ben").await;
    server.kill();
    let target = server.data.path().join("alice.zip");
    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["admin", "export-user", "alice@example.org"]).arg(&target);
    let done = command.arg("--data").arg(server.data.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = unpacked(std::fs::read(target).unwrap());
    assert!(files[&format!("channels/{channel}.jsonl")].contains("ahoy"));

    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["admin", "erase-user", "ben@example.org", "--delete-messages"]);
    let done = command.arg("--data").arg(server.data.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    server.start_again();
    let refused = ben.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let again = server.sign_up("ben").await;
    assert_ne!(again.id, ben.id, "name and e-mail are free");
}

/// Waits until a message is shown under this user name's beginning.
async fn until_by(person: &Person, message: &Value, beginning: &str) -> Value {
    let (path, end) =
        (format!("/api/v1/messages/{}", text(&message["id"])), Instant::now() + PATIENCE);
    loop {
        let now = person.get(&path).await;
        if text(&now["author"]["username"]).starts_with(beginning) {
            return now;
        }
        assert!(Instant::now() < end, "still there: {now}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_is_erased_is_nobody_and_what_they_wrote_is_under_no_name() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "analyst").await;
    let channel = alice.channel("boats").await;
    ben.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let body = json!({ "channel_id": channel, "content": "ahoy" });
    let said = ben.post("/api/v1/messages/", body, 201).await;
    let draft = ben.request(Method::PUT, &format!("/api/v1/drafts/{channel}"));
    draft.json(&json!({ "content": "almost" })).send().await.unwrap();

    let path = |person: &Person| format!("/api/v1/users/{}/erase", person.id);
    assert_eq!(ben.post(&path(&alice), json!({}), 403).await["code"], "forbidden");
    alice.post(&path(&alice), json!({}), 403).await;
    alice.post(&path(&ben), json!({}), 202).await;
    let refused = ben.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(refused.status(), 401, "their sign-in is gone at once");
    server.kill();
    server.start_again();
    let now = until_by(&alice, &said, "deleted-").await;
    assert_eq!((&now["content"], &now["author_id"]), (&json!("ahoy"), &json!(ben.id)));
    let person = alice.get(&format!("/api/v1/users/{}", ben.id)).await;
    assert_eq!(person["full_name"], "Deleted person");
    assert_eq!((&person["is_active"], &person["is_erased"]), (&json!(false), &json!(true)));
    assert!(!person.to_string().contains("ben@"), "{person}");
    let events = alice.get(&format!("/api/v1/channels/{channel}/events?after=0")).await;
    assert!(!events.to_string().contains("\"ben\""), "{events}");
    let trail = alice.get("/api/v1/audit/?action=person.erase").await;
    assert!(trail["total"] == 1 && !trail.to_string().contains("\"ben"), "{trail}");
    alice.post(&path(&ben), json!({ "delete_messages": true }), 202).await;
    let end = Instant::now() + PATIENCE;
    while alice.get(&format!("/api/v1/messages/{}", text(&said["id"]))).await["is_deleted"] != true
    {
        assert!(Instant::now() < end, "what is wanted later is done as well");
        tokio::task::yield_now().await;
    }
    let again = server.sign_up_as(&alice, "ben", "viewer").await;
    assert_ne!(again.id, ben.id, "name and e-mail are free");
}

#[tokio::test]
async fn open_pages_hear_that_somebody_was_erased_and_who_resumes_sees_no_name() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "analyst").await;
    let channel = alice.channel("boats").await;
    ben.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let notes = json!({ "kind": "direct", "member_ids": [ben.id] });
    let notes = text(&ben.post("/api/v1/channels/", notes, 201).await["id"]);
    let say = |channel: &str, words: &str| json!({ "channel_id": channel, "content": words });
    let secret = ben.post("/api/v1/messages/", say(&notes, "mine alone"), 201).await;
    let mut page = alice.socket().await;
    let mut own = ben.socket().await;
    ben.post("/api/v1/messages/", say(&channel, "ahoy"), 201).await;
    page.expect("new_message").await;

    alice.post(&format!("/api/v1/users/{}/erase", ben.id), json!({}), 202).await;
    assert!((4000..5000).contains(&own.close_code().await), "their socket is closed");
    loop {
        // The channel that everyone is in hears of it, too.
        let told = page.expect("user_renamed").await;
        assert_eq!(told["user_id"], ben.id);
        assert_eq!(told["full_name"], "Deleted person");
        if told["channel_id"] == channel {
            break;
        }
    }
    let mut late = alice.socket().await;
    let events = alice.get(&format!("/api/v1/channels/{channel}/events?after=0")).await;
    let position = json!({ "channel_id": channel, "after_seq": 0, "gen": events["gen"] });
    late.send(json!({ "type": "resume", "id": 1, "channels": [position] })).await;
    loop {
        let frame = late.expect("new_message").await;
        if frame["message"]["content"] == "ahoy" {
            assert_eq!(frame["message"]["author"]["full_name"], "Deleted person", "{frame}");
            break;
        }
    }
    let found = alice.request(Method::GET, &format!("/api/v1/messages/{}", text(&secret["id"])));
    assert_eq!(found.send().await.unwrap().status(), 404, "nobody ever reads it");
}
