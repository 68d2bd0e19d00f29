//! What other programs kept, brought by the command line into a server's data.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Output;

use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::world::{Person, Server, command_of, text};

/// A ZIP file of these files, in the server's own folder.
fn package(server: &Server, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let path = server.data.path().join(name);
    std::fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
    path
}

/// Runs an import while the server is stopped.
fn import(server: &Server, words: &[&str], file: &Path) -> Output {
    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["import", words[0]]).arg(file).args(&words[1..]).arg("--data");
    command.arg(server.data.path()).output().unwrap()
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(both).unwrap()
}

async fn channel_named(person: &Person, name: &str) -> Value {
    let channels = person.get("/api/v1/channels/").await;
    let found = channels.as_array().unwrap().iter().find(|channel| channel["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {channels}")).clone()
}

async fn messages(person: &Person, channel: &Value) -> Vec<Value> {
    let path = format!("/api/v1/messages/channel/{}", text(&channel["id"]));
    person.get(&path).await.as_array().unwrap().clone()
}

fn words(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["content"].as_str().unwrap()).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

/// A small workspace: three people, an app, an open channel, a direct conversation.
fn slack(server: &Server, last: &str) -> PathBuf {
    let users = json!([
        { "id": "U0ALI", "name": "alice.w", "profile": { "real_name": "Alice Wonder",
            "email": "Alice@example.org" } },
        { "id": "U0BEN", "name": "ben", "profile": { "real_name": "Ben Oak",
            "email": "ben@example.org" } },
        { "id": "U0OLD", "name": "olga", "deleted": true, "profile": { "real_name": "Olga Old" } },
        { "id": "U0BOT", "name": "pager", "is_bot": true, "profile": {} },
    ]);
    let channels = json!([{ "id": "C0BOATS", "name": "boats", "created": 1_600_000_000,
        "creator": "U0BEN", "members": ["U0ALI", "U0BEN", "U0OLD"],
        "topic": { "value": "What floats" }, "purpose": { "value": "All about boats" } }]);
    let direct = json!([{ "id": "D0AB", "created": 1_600_000_100, "members": ["U0ALI", "U0BEN"] },
        { "id": "D0BOT", "created": 1_600_000_100, "members": ["U0ALI", "U0BOT"] }]);
    let first = json!([
        { "type": "message", "subtype": "channel_join", "user": "U0BEN", "text": "joined",
            "ts": "1600000001.000100" },
        { "type": "message", "user": "U0BEN", "ts": "1600000010.000200",
            "thread_ts": "1600000010.000200", "reply_count": 1,
            "text": "<@U0ALI>: *launch* at <https://pier.example/7|pier 7> &amp; on time?",
            "reactions": [{ "name": "tada", "users": ["U0ALI", "U0OLD"], "count": 2 }] },
        { "type": "message", "user": "U0OLD", "ts": "1600000020.000300", "text": "aye" },
        { "type": "message", "user": "U0ALI", "ts": "1600000030.000400",
            "thread_ts": "1600000010.000200", "text": "sure" },
    ]);
    let second = json!([
        { "type": "message", "subtype": "bot_message", "username": "Harbor", "bot_id": "B1",
            "ts": "1600090000.000100", "text": "tide is high" },
        { "type": "message", "user": "U0BEN", "ts": "1600090001.000100", "text": "the map",
            "files": [{ "id": "F0MAP", "name": "map.txt", "mode": "hosted" }] },
        { "type": "message", "user": "U0ALI", "ts": "1600090002.000100", "text": last },
    ]);
    let whisper = json!([{ "type": "message", "user": "U0BEN", "ts": "1600000040.000100",
        "text": "psst" }]);
    package(
        server,
        "slack.zip",
        &[
            ("users.json", &bytes(&users)),
            ("channels.json", &bytes(&channels)),
            ("dms.json", &bytes(&direct)),
            ("boats/2020-09-13.json", &bytes(&first)),
            ("boats/2020-09-14.json", &bytes(&second)),
            ("D0AB/2020-09-13.json", &bytes(&whisper)),
            ("__uploads/F0MAP/map.txt", b"here be dragons"),
        ],
    )
}

#[tokio::test]
async fn a_slack_export_comes_with_its_times_authors_threads_and_files() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    server.kill();
    let export = slack(&server, "&lt;3");
    let trial = said(&import(&server, &["slack", "--dry-run"], &export));
    assert!(trial.contains("messages   7 (1 in threads), 2 reactions"), "{trial}");
    assert!(trial.contains("people     3 (1 switched off, 1 without an e-mail), and 1"), "{trial}");
    let done = import(&server, &["slack"], &export);
    assert!(done.status.success(), "{}", said(&done));
    server.start_again();

    let boats = channel_named(&alice, "boats").await;
    assert_eq!((&boats["topic"], &boats["unread_count"]), (&json!("What floats"), &json!(0)));
    let found = messages(&alice, &boats).await;
    let expected = [
        "@alice: **launch** at [pier 7](https://pier.example/7) & on time?",
        "aye",
        "tide is high",
        "the map",
        "<3",
    ];
    assert_eq!(words(&found), expected);
    assert_eq!(found[0]["created_at"], "2020-09-13T12:26:50.000Z");
    assert_eq!(found[0]["author"]["username"], "ben");
    assert_eq!(found[0]["mentions"], json!([alice.id]));
    assert_eq!(found[0]["reactions"]["🎉"]["count"], 2);
    assert_eq!(found[4]["author_id"], json!(alice.id), "she is known by her e-mail");
    let file = text(&found[3]["attachments"][0]["url"]);
    let file = alice.request(Method::GET, &file).send().await.unwrap();
    assert_eq!(file.text().await.unwrap(), "here be dragons");
    let threads = alice.get(&format!("/api/v1/threads/?channel_id={}", text(&boats["id"]))).await;
    assert_eq!(threads[0]["root_message_id"], found[0]["id"]);
    let path = format!("/api/v1/threads/{}/messages", text(&threads[0]["id"]));
    assert_eq!(words(alice.get(&path).await.as_array().unwrap()), ["sure"]);
    let channels = alice.get("/api/v1/channels/").await;
    let direct = channels.as_array().unwrap().iter().find(|it| it["kind"] == "direct").unwrap();
    assert_eq!(words(&messages(&alice, direct).await), ["psst"]);
}

#[tokio::test]
async fn an_import_that_broke_off_is_run_again_and_doubles_nothing() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    server.kill();
    let export = slack(&server, "first");
    // The same with a message that cannot be read, behind some that can.
    let list = |name: &str| {
        let file = std::fs::File::open(&export).unwrap();
        let mut zip = zip::ZipArchive::new(file).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    };
    let broken = json!([{ "user": "U0BEN", "ts": "1600090001.000100", "text": "ok" }, { "ts": 7 }]);
    let broken = package(
        &server,
        "broken.zip",
        &[
            ("users.json", &list("users.json")),
            ("channels.json", &list("channels.json")),
            ("boats/2020-09-13.json", &list("boats/2020-09-13.json")),
            ("boats/2020-09-14.json", &bytes(&broken)),
        ],
    );
    let failed = import(&server, &["slack"], &broken);
    assert!(!failed.status.success());
    assert!(said(&failed).contains("boats/2020-09-14.json, message 2: "), "{}", said(&failed));
    for new_and_known in [
        "4 messages (3 were here already)",
        "0 new channels, 0 messages (7 were here already), 0 reactions",
    ] {
        let done = import(&server, &["slack"], &export);
        assert!(said(&done).contains(new_and_known), "{}", said(&done));
    }
    server.start_again();

    let boats = channel_named(&alice, "boats").await;
    let found = messages(&alice, &boats).await;
    assert_eq!(found.len(), 5, "{found:#?}");
    assert_eq!(found[0]["reactions"]["🎉"]["count"], 2);
    let people = alice.get("/api/v1/users/").await;
    let named = people["data"].as_array().or(people.as_array()).unwrap();
    assert_eq!(named.iter().filter(|it| it["username"] == "ben").count(), 1, "{people}");
}

/// The workspace of [`slack`] some weeks later: the app has another name, and somebody came.
fn later_slack(server: &Server, members: &Value, app: &str) -> PathBuf {
    let person = |id: &str, name: &str| {
        let email = format!("{name}@example.org");
        json!({ "id": id, "name": name, "profile": { "real_name": name, "email": email } })
    };
    let users = json!([
        person("U0ALI", "alice"),
        person("U0BEN", "ben"),
        person("U0NEW", "nina"),
        { "id": "U0BOT", "name": app, "is_bot": true, "profile": { "bot_id": "B7" } },
    ]);
    let channels = json!([{ "id": "C0BOATS", "name": "boats", "creator": "U0BEN",
        "members": members }]);
    let day = json!([
        { "user": "U0BOT", "ts": "1600000010.000100", "text": "one" },
        { "subtype": "bot_message", "bot_id": "B7", "username": "Pager", "text": "two",
            "ts": "1600000020.000100" },
        { "user": "U0FAR", "ts": "1600000030.000100", "text": "from elsewhere",
            "reactions": [{ "name": "tada", "users": ["U0BEN"], "count": 1 }] },
    ]);
    let files = [
        ("users.json", bytes(&users)),
        ("channels.json", bytes(&channels)),
        ("boats/2020-09-13.json", bytes(&day)),
    ];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, &**bytes)).collect();
    package(server, "later.zip", &files)
}

#[tokio::test]
async fn a_newer_export_brings_who_came_and_knows_an_app_by_any_name() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    server.kill();
    let first = later_slack(&server, &json!(["U0ALI", "U0BEN"]), "pager");
    let done = said(&import(&server, &["slack"], &first));
    assert!(done.contains("3 messages (0 were here already)"), "{done}");
    server.start_again();
    let boats = text(&channel_named(&alice, "boats").await["id"]);
    let left = alice.request(Method::POST, &format!("/api/v1/channels/{boats}/leave"));
    assert_eq!(left.send().await.unwrap().status(), 204);
    server.kill();
    let newer = later_slack(&server, &json!(["U0ALI", "U0BEN", "U0NEW"]), "duty");
    let done = said(&import(&server, &["slack"], &newer));
    assert!(done.contains("0 messages (3 were here already)"), "{done}");
    server.start_again();

    let found = messages(&alice, &json!({ "id": boats })).await;
    assert_eq!(words(&found), ["one", "two", "from elsewhere"]);
    assert_eq!(found[0]["author_id"], found[1]["author_id"], "as person and as app");
    let members = alice.get(&format!("/api/v1/channels/{boats}/members")).await;
    let members = members["data"].as_array().or(members.as_array()).unwrap();
    let mut names: Vec<&str> =
        members.iter().map(|member| member["user"]["username"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["ben", "nina"], "she left here, and stays out");
}

#[tokio::test]
async fn a_mattermost_export_comes_in_the_order_of_its_times() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    server.kill();
    let at = |ms: i64| 1_650_000_000_000 + ms;
    let channels = json!([{ "name": "boats", "roles": "channel_user" }]);
    let user = |name: &str| {
        json!({ "type": "user", "user": { "username": name, "email": format!("{name}@example.org"),
            "first_name": "", "roles": "system_user",
            "teams": [{ "name": "crew", "channels": channels }] } })
    };
    let lines = [
        json!({ "type": "version", "version": 1 }),
        json!({ "type": "team", "team": { "name": "crew", "display_name": "Crew", "type": "O" } }),
        json!({ "type": "channel", "channel": { "team": "crew", "name": "boats", "type": "P",
            "display_name": "Boats", "header": "What floats" } }),
        user("alice"),
        user("ben"),
        json!({ "type": "post", "post": { "team": "crew", "channel": "boats", "user": "ben",
            "message": "last", "create_at": at(9_000) } }),
        json!({ "type": "post", "post": { "team": "crew", "channel": "boats", "user": "ben",
            "message": "@alice **ready**?", "create_at": at(1_000),
            "attachments": [{ "path": "20220415/map.txt" }, { "path": "../../etc/passwd" }],
            "reactions": [{ "user": "alice", "emoji_name": "+1", "create_at": at(1_500) }],
            "replies": [{ "user": "alice", "message": "yes", "create_at": at(5_000) }] } }),
        json!({ "type": "direct_channel", "direct_channel": { "members": ["alice", "ben"] } }),
        json!({ "type": "direct_post", "direct_post": { "channel_members": ["alice", "ben"],
            "user": "ben", "message": "psst", "create_at": at(2_000) } }),
    ];
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let files: [(&str, &[u8]); 2] =
        [("import.jsonl", lines.as_bytes()), ("data/20220415/map.txt", b"here be dragons")];
    let export = package(&server, "mattermost.zip", &files);
    for new_and_known in [
        "4 messages (0 were here already)",
        "0 new channels, 0 messages (4 were here already), 0 reactions",
    ] {
        let done = import(&server, &["mattermost"], &export);
        assert!(said(&done).contains(new_and_known), "{}", said(&done));
    }
    let broken = format!("{lines}\n{{\"type\":\"post\",\"post\":{{}}}}\n");
    let file = server.data.path().join("broken.jsonl");
    std::fs::write(&file, broken).unwrap();
    let failed = import(&server, &["mattermost"], &file);
    assert!(said(&failed).contains("broken.jsonl, line 11: "), "{}", said(&failed));
    server.start_again();

    let boats = channel_named(&alice, "boats").await;
    assert_eq!((&boats["kind"], &boats["member_count"]), (&json!("private"), &json!(2)));
    let found = messages(&alice, &boats).await;
    assert_eq!(words(&found), ["@alice **ready**?\n_passwd_", "last"]);
    assert_eq!(found[0]["attachments"][0]["name"], "map.txt");
    assert_eq!(found[0]["reactions"]["👍"]["count"], 1);
    assert_eq!(found[0]["created_at"], "2022-04-15T05:20:01.000Z");
}

#[tokio::test]
async fn what_is_no_export_is_refused_by_what_it_lacks() {
    let mut server = Server::start(&[]);
    server.kill();
    let none = package(&server, "none.zip", &[("readme.txt", b"hello")]);
    assert!(said(&import(&server, &["slack"], &none)).contains("holds no users.json"));
    assert!(said(&import(&server, &["mattermost"], &none)).contains("one file of lines"));
    let file = server.data.path().join("plain.jsonl");
    std::fs::write(&file, "{\"type\":\"team\",\"team\":{}}\n").unwrap();
    let refused = said(&import(&server, &["mattermost", "--dry-run"], &file));
    assert!(refused.contains("plain.jsonl, line 1: must be the version"), "{refused}");
    let list = package(&server, "list.zip", &[("users.json", b"[\n{\"id\": 7}]")]);
    let refused = said(&import(&server, &["slack"], &list));
    assert!(refused.contains("users.json, line 2: "), "{refused}");
}
