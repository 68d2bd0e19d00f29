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
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let channel = alice.channel("boats").await;
    let body = json!({ "channel_id": channel, "content": "ahoy" });
    alice.post("/api/v1/messages/", body, 201).await;
    let ben = server.sign_up_as(&alice, "ben", "viewer").await;
    server.kill();
    let target = server.data.path().join("alice.zip");
    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["admin", "export-user", "alice@example.org"]).arg(&target);
    let done = command.args(["--org", "crew", "--data"]).arg(server.data.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = unpacked(std::fs::read(target).unwrap());
    assert!(files[&format!("channels/{channel}.jsonl")].contains("ahoy"));

    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["admin", "erase-user", "ben@example.org", "--delete-messages", "--org", "crew"]);
    let done = command.arg("--data").arg(server.data.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    server.start_again();
    let refused = ben.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let again = server.sign_up_as(&alice, "ben", "viewer").await;
    assert_ne!(again.id, ben.id, "name and e-mail are free");
    for (action, of) in [("person.export", &alice.id), ("person.erase", &ben.id)] {
        let trail = alice.get(&format!("/api/v1/audit/?action={action}")).await;
        let row = &trail["items"][0];
        assert_eq!((&row["resource_id"], &row["user_id"]), (&json!(of), &Value::Null), "{trail}");
    }
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

/// Adds somebody to a channel.
async fn add(person: &Person, channel: &str, other: &Person) {
    let path = format!("/api/v1/channels/{channel}/members");
    person.post(&path, json!({ "user_id": other.id }), 201).await;
}

async fn status_of(person: &Person, method: Method, path: &str) -> u16 {
    person.request(method, path).send().await.unwrap().status().as_u16()
}

/// A private conversation with some data.
async fn conversation(person: &Person, data: &Value) -> String {
    let body = json!({ "message": "how many orders?", "connection_id": data["id"] });
    text(&person.post("/api/v1/chat/message", body, 200).await["session_id"])
}

#[tokio::test]
async fn conversations_that_others_are_in_stay_theirs_and_keep_no_erasure_from_its_end() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "analyst").await;
    let cleo = server.sign_up_as(&alice, "cleo", "analyst").await;
    let shop = ben.post("/api/v1/connections/demo", json!({}), 201).await;
    let handed_over = conversation(&ben, &shop).await;
    add(&ben, &handed_over, &cleo).await;
    let path = format!("/api/v1/channels/{handed_over}");
    let body = json!({ "owner_id": cleo.id });
    let changed = ben.request(Method::PATCH, &path).json(&body).send().await.unwrap();
    assert_eq!(changed.status(), 200);
    let shared = conversation(&ben, &shop).await;
    add(&ben, &shared, &cleo).await;
    let say = |channel: &str| json!({ "channel_id": channel, "content": "ahoy" });
    let said = ben.post("/api/v1/messages/", say(&shared), 201).await;

    alice.post(&format!("/api/v1/users/{}/erase", ben.id), json!({}), 202).await;
    let now = until_by(&cleo, &said, "deleted-").await;
    assert_eq!(now["content"], "ahoy", "what others read is theirs");
    for channel in [&handed_over, &shared] {
        let seen = cleo.get(&format!("/api/v1/channels/{channel}")).await;
        assert_eq!(seen["owner_id"], cleo.id, "nobody else could look after it: {seen}");
    }
    let removed = status_of(&cleo, Method::DELETE, &format!("/api/v1/channels/{shared}")).await;
    assert_eq!(removed, 204);
}

#[tokio::test]
async fn what_two_wrote_to_each_other_goes_when_both_are_erased() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "analyst").await;
    let cleo = server.sign_up_as(&alice, "cleo", "analyst").await;
    let direct = json!({ "kind": "direct", "member_ids": [cleo.id] });
    let direct = text(&ben.post("/api/v1/channels/", direct, 201).await["id"]);
    let body = json!({ "channel_id": direct, "content": "between us" });
    let said = ben.post("/api/v1/messages/", body, 201).await;
    let erase = async |person: &Person| {
        alice.post(&format!("/api/v1/users/{}/erase", person.id), json!({}), 202).await
    };
    erase(&ben).await;
    assert_eq!(until_by(&cleo, &said, "deleted-").await["content"], "between us");
    erase(&cleo).await;
    let end = Instant::now() + PATIENCE;
    let about_ben = async || {
        let asked = alice.post("/api/v1/exports", json!({ "user_id": ben.id }), 202).await;
        let ready = done(&alice, &asked).await;
        let url = server.url(&text(&ready["url"]));
        let files = unpacked(reqwest::get(&url).await.unwrap().bytes().await.unwrap().to_vec());
        files.into_values().collect::<String>()
    };
    while about_ben().await.contains("between us") {
        assert!(Instant::now() < end, "nobody can ever read it, and nobody can delete it");
    }
}

#[tokio::test]
async fn of_one_person_each_asker_has_one_archive_and_takes_it_away() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "viewer").await;
    let first = ben.post("/api/v1/exports", json!({}), 202).await;
    let file = text(&done(&ben, &first).await["url"]).split('?').next().unwrap().to_owned();
    assert_eq!(status_of(&ben, Method::GET, &file).await, 200);
    for _ in 0..5 {
        ben.post("/api/v1/exports", json!({}), 202).await;
    }
    let kept = ben.get("/api/v1/exports").await;
    let kept = kept.as_array().unwrap();
    assert!(kept.len() == 1 && kept[0]["id"] != first["id"], "{kept:#?}");
    assert_eq!(status_of(&ben, Method::GET, &file).await, 404, "it gave place to the next one");

    let ready = done(&ben, &kept[0]).await;
    let (path, file) = (format!("/api/v1/exports/{}", text(&ready["id"])), text(&ready["url"]));
    assert_eq!(status_of(&alice, Method::DELETE, &path).await, 404, "it is for who asked");
    assert_eq!(status_of(&ben, Method::DELETE, &path).await, 204);
    assert_eq!(ben.get("/api/v1/exports").await, json!([]));
    assert_eq!(reqwest::get(server.url(&file)).await.unwrap().status(), 404);
}

#[tokio::test]
async fn who_governs_no_more_has_no_archives_of_others() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let ben = server.sign_up_as(&alice, "ben", "viewer").await;
    let cleo = server.sign_up_as(&alice, "cleo", "admin").await;
    let channel = cleo.channel("boats").await;
    let asked = cleo.post("/api/v1/exports", json!({ "user_id": ben.id }), 202).await;
    let own = cleo.post("/api/v1/exports", json!({}), 202).await;
    done(&cleo, &own).await;
    let url = text(&done(&cleo, &asked).await["url"]);
    assert_eq!(reqwest::get(server.url(&url)).await.unwrap().status(), 200);

    let path = format!("/api/v1/users/{}", cleo.id);
    let body = json!({ "role": "analyst" });
    let demoted = alice.request(Method::PATCH, &path).json(&body).send().await.unwrap();
    assert_eq!(demoted.status(), 200);
    let kept = cleo.get("/api/v1/exports").await;
    assert_eq!(kept.as_array().unwrap().len(), 1, "their own: {kept}");
    let path = format!("/api/v1/exports/{}", text(&asked["id"]));
    assert_eq!(status_of(&cleo, Method::GET, &path).await, 404);
    assert_eq!(reqwest::get(server.url(&url)).await.unwrap().status(), 404);
    let file = url.split('?').next().unwrap();
    assert_eq!(status_of(&cleo, Method::GET, file).await, 404);
    let id = file.rsplit('/').next().unwrap();
    let body = json!({ "channel_id": channel, "content": "see", "attachments": [id] });
    let sent = cleo.request(Method::POST, "/api/v1/messages/").json(&body).send().await.unwrap();
    assert!(sent.status().is_client_error(), "nor by way of a message: {}", sent.status());
}

#[tokio::test]
async fn an_attachment_that_is_lost_keeps_nobody_from_the_rest() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "crew").await;
    let channel = alice.channel("boats").await;
    attach(&alice, &channel).await;
    let stored = walkdir::WalkDir::new(server.data.path().join("uploads"));
    let stored = stored.into_iter().filter_map(Result::ok).filter(|one| one.file_type().is_file());
    for file in stored {
        std::fs::remove_file(file.path()).unwrap();
    }
    let asked = alice.post("/api/v1/exports", json!({}), 202).await;
    let ready = done(&alice, &asked).await;
    assert_eq!(ready["state"], "done", "{ready}");
    let url = server.url(&text(&ready["url"]));
    let files = unpacked(reqwest::get(&url).await.unwrap().bytes().await.unwrap().to_vec());
    assert!(files["missing_files.json"].contains("map.txt"), "{files:#?}");
    assert!(files[&format!("channels/{channel}.jsonl")].contains("the map"), "{files:#?}");
    assert!(!files.keys().any(|name| name.starts_with("files/")), "{files:#?}");
}
