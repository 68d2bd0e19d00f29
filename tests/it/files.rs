//! Uploads in storage that speaks S3: what one node takes, every node answers about, and a node that lost
//! its disk too.
//!
//! The test of two nodes needs Cassandra and Redis: `tests/cassandra.sh tests/services.sh cargo test
//! --test it files`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use starling::adapters::files::{FilePart, S3Settings, Storage};
use starling_actors::domain::{FileId, OrgId};
use starling_actors::ports::FileKey;
use tokio::task::block_in_place;

use crate::cluster::{Cluster, see_each_other, until};
use crate::s3::{ACCESS_KEY, BUCKET, S3, SECRET_KEY};
use crate::warehouse::import::workbook;
use crate::world::{Person, Server, command_of, json_of, text};

/// What is attached, over S3 itself: in pieces there, in ranges back, and gone.
#[tokio::test]
async fn what_is_attached_comes_back_from_the_storage_as_it_was() {
    let storage = S3::start();
    let settings = S3Settings {
        endpoint: storage.endpoint(),
        bucket: BUCKET.to_owned(),
        region: "us-east-1".to_owned(),
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        path_style: true,
        prefix: String::new(),
    };
    let files = Storage::s3(&settings).unwrap().files();
    let key = FileKey { org: OrgId::from_u128(1), file: FileId::from_u128(2) };
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    let words: Vec<u8> = (0..=250).cycle().take((6 << 20) + 7).collect();
    std::fs::write(&from, &words).unwrap();
    files.put(key, FilePart::Whole, &from).await.unwrap();
    let end = words.len() as u64;
    let part = files.read(key, FilePart::Whole, end - 7..end).await.unwrap().unwrap();
    assert_eq!(&part[..], &words[words.len() - 7..]);
    assert_eq!(files.read(key, FilePart::Thumbnail, 0..1).await, Ok(None));
    files.remove(key).await.unwrap();
    files.remove(key).await.unwrap();
    assert_eq!(files.read(key, FilePart::Whole, 0..1).await, Ok(None));
}

fn start(settings: &[(String, String)]) -> Server {
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    block_in_place(|| Server::start(&settings))
}

/// A form with one file in it.
async fn upload(person: &Person, kind: &str, name: &str, file: &[u8]) -> reqwest::Response {
    let head = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--cut--\r\n"].concat();
    let request = person.request(Method::POST, &format!("/api/v1/upload/{kind}"));
    let request = request.header("content-type", "multipart/form-data; boundary=cut");
    request.body(body).send().await.unwrap()
}

/// Uploads a workbook and gives its connection.
async fn upload_workbook(person: &Person) -> String {
    let made = json_of(upload(person, "excel", "orders.xlsx", &workbook()).await, 201).await;
    text(&made["connection"]["id"])
}

/// The status and what came, whichever it is.
async fn ask(person: &Person, connection: &str, sql: &str) -> (u16, Value) {
    let body = json!({ "connection_id": connection, "sql": sql });
    let sent = person.request(Method::POST, "/api/v1/query/execute").json(&body).send();
    let response = sent.await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// What nobody asked before: no answer of before is given for it.
fn orders() -> String {
    static ASKED: AtomicU32 = AtomicU32::new(100);
    let above = ASKED.fetch_add(1, Ordering::Relaxed);
    format!("SELECT item, price FROM Orders WHERE price < {above} ORDER BY price")
}

/// Asks until the tables were read once, and checks what is in them.
async fn orders_are_there(person: &Person, connection: &str) {
    until("the workbook is asked", || async {
        let (status, answer) = ask(person, connection, &orders()).await;
        if status == 200 {
            assert_eq!(answer["rows"], json!([["tea", 2.5], ["cup", 3.0]]), "{answer}");
        }
        status == 200
    })
    .await;
}

async fn delete(person: &Person, connection: &str) {
    let path = format!("/api/v1/connections/{connection}");
    let deleted = person.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
}

async fn files_of_ready(server: &Server) -> (String, bool) {
    let ready: Value = reqwest::get(server.url("/ready")).await.unwrap().json().await.unwrap();
    (text(&ready["status"]), ready["checks"]["files"]["ok"].as_bool().unwrap())
}

fn copies_of(server: &Server) -> std::path::PathBuf {
    server.data.path().join("uploads/copies")
}

/// The copies of a stopped server, gone with its disk.
fn lose_copies(server: &Server) {
    std::fs::remove_dir_all(copies_of(server)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_asked_from_the_storage_and_leaves_it_with_its_connection() {
    let storage = S3::start();
    let mut server = start(&storage.settings());
    let admin = server.sign_up_elsewhere("alice", "acme").await;
    let workbook = upload_workbook(&admin).await;
    let shop = admin.post("/api/v1/connections/demo", json!({}), 201).await;
    orders_are_there(&admin, &workbook).await;
    assert_eq!(storage.databases().len(), 2);

    block_in_place(|| {
        server.kill();
        lose_copies(&server);
        server.start_again();
    });
    orders_are_there(&admin.at(&server), &workbook).await;
    let admin = admin.at(&server);
    let sql = "SELECT count(*) AS n FROM orders";
    let (status, answer) = ask(&admin, &text(&shop["id"]), sql).await;
    assert_eq!((status, &answer["rows"]), (200, &json!([[5000]])), "{answer}");

    for connection in [&workbook, &text(&shop["id"])] {
        delete(&admin, connection).await;
    }
    assert_eq!(storage.databases().len(), 0);
    let left = std::fs::read_dir(copies_of(&server)).unwrap().count();
    assert_eq!(left, 1, "the lock and nothing else");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_connections_to_one_content_are_deleted_each_for_itself() {
    let storage = S3::start();
    let mut server = start(&storage.settings());
    let admin = server.sign_up_elsewhere("alice", "acme").await;
    let (first, second) = (upload_workbook(&admin).await, upload_workbook(&admin).await);
    orders_are_there(&admin, &second).await;

    delete(&admin, &first).await;
    block_in_place(|| {
        server.kill();
        if copies_of(&server).exists() {
            lose_copies(&server);
        }
        server.start_again();
    });
    orders_are_there(&admin.at(&server), &second).await;
    assert_eq!(storage.databases().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_storage_chat_goes_on_uploads_are_refused_and_copies_are_asked() {
    let mut storage = S3::start();
    let server = start(&storage.settings());
    let admin = server.sign_up_elsewhere("alice", "acme").await;
    let asked = upload_workbook(&admin).await;
    orders_are_there(&admin, &asked).await;
    assert_eq!(files_of_ready(&server).await, ("ready".to_owned(), true));

    block_in_place(|| storage.stop());
    until("the server says so", || async {
        files_of_ready(&server).await == ("degraded".to_owned(), false)
    })
    .await;
    orders_are_there(&admin, &asked).await;
    json_of(upload(&admin, "csv", "sales.csv", b"a,b\r\n1,2\r\n").await, 503).await;
    admin.channel("birds").await;
    delete(&admin, &asked).await;
    let listed = admin.get("/api/v1/connections").await;
    assert_eq!(listed["count"], 0, "what failed left no connection: {listed}");

    block_in_place(|| storage.start_again());
    until("the server says so", || async {
        files_of_ready(&server).await == ("ready".to_owned(), true)
    })
    .await;
    let again = upload_workbook(&admin).await;
    orders_are_there(&admin, &again).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_object_is_never_opened() {
    let storage = S3::start();
    let mut server = start(&storage.settings());
    let admin = server.sign_up_elsewhere("alice", "acme").await;
    let workbook = upload_workbook(&admin).await;
    orders_are_there(&admin, &workbook).await;
    let object = storage.databases().remove(0);
    let mut bytes = std::fs::read(&object).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&object, bytes).unwrap();

    block_in_place(|| {
        server.kill();
        lose_copies(&server);
        server.start_again();
    });
    let (status, refused) = ask(&admin.at(&server), &workbook, &orders()).await;
    assert_ne!(status, 200);
    assert!(refused.to_string().contains("damaged"), "{refused}");
}

/// What a server says that does not start.
fn refusal(settings: &[(String, String)]) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut command = command_of(&[] as &[&str], data.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data.path());
    for (key, value) in settings {
        command.arg("--set").arg(format!("{key}={value}"));
    }
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut words = String::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    while lines.read_line(&mut words).unwrap() > 0 {
        if words.contains("\"listening\"") {
            child.kill().ok();
        }
    }
    assert!(!child.wait().unwrap().success(), "{words}");
    assert!(!words.contains("\"listening\""), "it started: {words}");
    assert!(!words.contains(SECRET_KEY), "{words}");
    words
}

fn with(settings: &[(String, String)], key: &str, value: &str) -> Vec<(String, String)> {
    let mut settings = settings.to_vec();
    settings.push((key.to_owned(), value.to_owned()));
    settings
}

#[test]
fn a_start_without_usable_storage_names_the_setting_that_is_wrong() {
    let mut storage = S3::start();
    let right = storage.settings();
    for (key, value, words) in [
        ("files.s3.access_key", "stranger", "files.s3.access_key: "),
        ("files.s3.secret_key", "not the proof", "files.s3.secret_key: is not the secret"),
        ("files.s3.bucket", "missing", "files.s3.bucket: there is no bucket \"missing\""),
        ("files.s3.endpoint", "127.0.0.1", "files.s3.endpoint: must begin with http"),
        ("files.s3.secret_key", "", "\"s3\" also needs files.s3.secret_key"),
    ] {
        let said = refusal(&with(&right, key, value));
        assert!(said.contains(words), "{key}: {said}");
    }
    storage.stop();
    let said = refusal(&right);
    assert!(said.contains("files.s3.endpoint: does not serve files"), "{said}");
}

/// Neither sees a file of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_took_another_answers_about_when_it_is_dead() {
    let storage = S3::start();
    let cluster = Cluster::with_files(&storage.settings());
    let (mut here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let admin = here.sign_up_elsewhere("alice", "acme").await;
    let workbook = upload_workbook(&admin).await;
    let shop = admin.post("/api/v1/connections/demo", json!({}), 201).await;
    orders_are_there(&admin, &workbook).await;

    block_in_place(|| here.kill());
    let admin = admin.at(&there);
    until("the other node answers alone", || async {
        let (status, answer) = ask(&admin, &workbook, &orders()).await;
        assert!(status == 200 || status >= 500, "{answer}");
        status == 200
    })
    .await;
    // This one it never had a copy of.
    let sql = "SELECT count(*) AS n FROM orders";
    let (status, answer) = ask(&admin, &text(&shop["id"]), sql).await;
    assert_eq!((status, &answer["rows"]), (200, &json!([[5000]])), "{answer}");
}
