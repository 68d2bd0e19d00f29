//! Disks that take nothing: full, or read-only.
//!
//! Each trouble is real, made by the operating system around the real server. Where mounting or
//! file attributes are not permitted, a limit on the size of files takes their place: then every
//! write is refused by the kernel too, only under another error.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};

use crate::world::{Person, Server, command_of, json_of, text};

/// Size of the small file system: a new database and its write-ahead log take less than 4 MiB.
const SMALL_MIB: usize = 16;

/// Mounts a small file system over the data folder, in a namespace of the server's own.
fn small_disk(namespace: &[&'static str]) -> Vec<&'static str> {
    let script = "mount -t tmpfs -o size=16m tmpfs \"$DATA\" && exec \"$@\"";
    [namespace, &["sh", "-c", script, "sh"]].concat()
}

/// Makes the data folder read-only for the server.
fn read_only(namespace: &[&'static str]) -> Vec<&'static str> {
    let script = "mount --bind \"$DATA\" \"$DATA\" && mount -o remount,bind,ro \"$DATA\" \
                  && exec \"$@\"";
    [namespace, &["sh", "-c", script, "sh"]].concat()
}

/// A write past a size limit must fail with an error instead of ending the server.
const WITHOUT_SIZE_SIGNAL: [&str; 4] = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

/// How a namespace with mounts of its own can be had here: as root, as the root of a user
/// namespace, or not at all.
fn namespace(wrap: fn(&[&'static str]) -> Vec<&'static str>) -> Option<Vec<&'static str>> {
    let ways: [&[&'static str]; 2] = [&["unshare", "-m"], &["unshare", "-rm"]];
    ways.into_iter().map(wrap).find(|words| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg("true").env("DATA", folder.path());
        command.output().is_ok_and(|output| output.status.success())
    })
}

/// Something that makes a server's writes fail until it is lifted.
enum Trouble {
    /// A file that takes all the room of the data folder.
    Full(PathBuf),
    /// Files that cannot be changed by anyone.
    Immutable(Vec<PathBuf>),
    /// No file may grow.
    SizeLimit(Pid),
}

impl Trouble {
    /// Takes all the room of a small file system, which only the server's namespace has mounted.
    fn fill(server: &Server) -> Self {
        let inside = server.data.path().strip_prefix("/").unwrap();
        let root = PathBuf::from(format!("/proc/{}/root", server.process_id()));
        let ballast = root.join(inside).join("ballast");
        let room = vec![0_u8; SMALL_MIB * 1024 * 1024];
        // It is cut where the disk ends, and that is the point.
        assert!(fs::write(&ballast, &room).is_err(), "the disk was not small");
        Self::Full(ballast)
    }

    /// Freezes the database's files; where that is not permitted, limits their size. The index
    /// of the write-ahead log is left out: it is memory that happens to have a name, and freezing
    /// that would end any process that writes to it.
    fn freeze(server: &Server) -> Self {
        let files = ["starling.db", "starling.db-wal"].map(|name| server.data.path().join(name));
        let files = files.to_vec();
        if change_attribute("+i", &files) {
            return Self::Immutable(files);
        }
        Self::limit(server)
    }

    fn limit(server: &Server) -> Self {
        let process = Pid::from_raw(i32::try_from(server.process_id()).unwrap()).unwrap();
        set_limit(process, Some(0));
        Self::SizeLimit(process)
    }
}

impl Drop for Trouble {
    fn drop(&mut self) {
        match self {
            Self::Full(ballast) => fs::remove_file(ballast).unwrap_or_default(),
            Self::Immutable(files) => {
                change_attribute("-i", files);
            }
            Self::SizeLimit(process) => set_limit(*process, None),
        }
    }
}

fn change_attribute(change: &str, files: &[PathBuf]) -> bool {
    let output = Command::new("chattr").arg(change).args(files).output();
    output.is_ok_and(|output| output.status.success())
}

fn set_limit(process: Pid, bytes: Option<u64>) {
    let limit = Rlimit { current: bytes, maximum: None };
    // The process may have ended: then there is nothing to lift.
    prlimit(Some(process), Resource::Fsize, limit).ok();
}

fn send(channel: &str, words: &str) -> Value {
    json!({
        "type": "send_message", "id": words, "channel_id": channel,
        "content": words, "client_message_id": words,
    })
}

/// What everybody sees while nothing can be written.
async fn is_refused_while_reads_go_on(server: &Server, alice: &Person, channel: &str) -> String {
    let mut socket = alice.socket().await;
    socket.send(send(channel, "during")).await;
    let refused = socket.expect("error").await;
    assert_eq!((&refused["id"], &refused["retry"]), (&json!("during"), &json!(true)), "{refused}");

    let body = json!({ "channel_id": channel, "content": "during", "client_message_id": "during" });
    let request = alice.request(Method::POST, "/api/v1/messages/").json(&body);
    let response = request.send().await.unwrap();
    assert!(response.headers().contains_key("retry-after"), "{response:?}");
    json_of(response, 503).await;

    let history = alice.get(&format!("/api/v1/messages/channel/{channel}")).await;
    let words: Vec<_> =
        history.as_array().unwrap().iter().map(|one| text(&one["content"])).collect();
    assert_eq!(words, ["before"]);
    assert_eq!(reqwest::get(server.url("/health")).await.unwrap().status(), 200);
    let ready = json_of(reqwest::get(server.url("/ready")).await.unwrap(), 503).await;
    assert_eq!(ready["checks"]["database"]["ok"], false);
    text(&ready["checks"]["database"]["detail"])
}

/// Before, during and after a trouble; gives what `/ready` said during it.
async fn endures(server: &Server, begin: impl Fn(&Server) -> Trouble) -> String {
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut socket = alice.socket().await;
    socket.send(send(&channel, "before")).await;
    socket.expect("ack").await;

    let trouble = begin(server);
    let reason = is_refused_while_reads_go_on(server, &alice, &channel).await;
    drop(trouble);

    // The client's own resend, as the protocol asks for it, over the socket it had all along.
    let frame = send(&channel, "during");
    let ack = loop {
        socket.send(frame.clone()).await;
        let answer = loop {
            let answer = socket.next().await.expect("the socket to stay open");
            if answer["id"] == "during" {
                break answer;
            }
        };
        if answer["type"] == "ack" {
            break answer;
        }
        assert_eq!(answer["retry"], true, "{answer}");
        // As long as the server asks for: a client that hammers is thrown out.
        let pause_ms = answer["retry_after_ms"].as_u64().unwrap_or(100);
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
    };
    json_of(reqwest::get(server.url("/ready")).await.unwrap(), 200).await;
    let path = format!("/api/v1/channels/{channel}/events?after=0&limit=200");
    let page = alice.get(&path).await;
    let events = page["events"].as_array().unwrap();
    let places: Vec<_> = events
        .iter()
        .filter(|event| event["message"]["client_message_id"] == "during")
        .map(|event| event["seq"].clone())
        .collect();
    assert_eq!(places, [ack["seq"].clone()], "stored once, where the receipt says");
    reason
}

#[tokio::test]
async fn a_full_disk_refuses_sends_serves_reads_and_recovers_when_room_is_made() {
    let Some(wrapper) = namespace(small_disk) else {
        println!("nothing can be mounted here: a size limit stands for the full disk");
        let server = Server::start_through(&WITHOUT_SIZE_SIGNAL, &[]);
        endures(&server, Trouble::limit).await;
        return;
    };
    let server = Server::start_through(&wrapper, &[]);
    let reason = endures(&server, Trouble::fill).await;
    assert!(reason.contains("full"), "{reason}");
}

#[tokio::test]
async fn files_that_may_not_grow_refuse_sends_serve_reads_and_recover() {
    let server = Server::start_through(&WITHOUT_SIZE_SIGNAL, &[]);
    let reason = endures(&server, Trouble::limit).await;
    assert!(reason.contains("cannot be written"), "{reason}");
}

#[tokio::test]
async fn a_data_folder_that_turns_read_only_refuses_sends_serves_reads_and_recovers() {
    let server = Server::start_through(&WITHOUT_SIZE_SIGNAL, &[]);
    let reason = endures(&server, Trouble::freeze).await;
    assert!(reason.contains("cannot be written") || reason.contains("read-only"), "{reason}");
}

#[tokio::test]
async fn a_read_only_data_folder_at_the_start_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let wrapper = namespace(read_only);
    // Without mounts: a folder that the kernel keeps read-only for everybody.
    let data = wrapper.as_ref().map_or(Path::new("/sys/starling"), |_| folder.path());
    let output = command_of(&wrapper.unwrap_or_default(), data)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert!(!output.status.success());
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains(&*data.to_string_lossy()), "{words}");
    assert!(words.contains("ead-only") || words.contains("not permitted"), "{words}");
}
