//! Files that people attach, from outside: hostile ones, and readers who may not.

use reqwest::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::world::{Person, Server, json_of, text};

/// A picture of 3 × 2 pixels, as its encoder wrote it.
pub(crate) const BIRD: &[u8] = include_bytes!("attachments/bird.png");
/// The head of a picture that claims 20,000 × 20,000 pixels, with nothing behind it.
const BOMB: &[u8] = include_bytes!("attachments/bomb.png");
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

async fn send(person: &Person, name: &str, bytes: &[u8]) -> Response {
    let head = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
    let request = person.request(Method::POST, "/api/v1/files");
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
    request.body(body).send().await.unwrap()
}

pub(crate) async fn give(person: &Person, name: &str, bytes: &[u8]) -> Value {
    json_of(send(person, name, bytes).await, 201).await
}

async fn post(person: &Person, channel: &str, files: &[&Value], status: u16) -> Value {
    let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
    let body = json!({ "channel_id": channel, "content": "", "attachments": ids });
    person.post("/api/v1/messages/", body, status).await
}

async fn open(person: &Person, file: &Value) -> Response {
    person.request(Method::GET, &text(&file["url"])).send().await.unwrap()
}

async fn status(person: &Person, path: &str) -> u16 {
    person.request(Method::GET, path).send().await.unwrap().status().as_u16()
}

fn header(response: &Response, name: impl reqwest::header::AsHeaderName) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_picture_is_sent_shown_and_gone_with_its_message() {
    let server = Server::start(&[]);
    let (ada, ben) = (server.sign_up("ada").await, server.sign_up("ben").await);
    let channel = ada.channel("birds").await;
    ben.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let mut socket = ben.socket().await;

    let file = give(&ada, "a bird.png", BIRD).await;
    assert_eq!(file["mime_type"], "image/png");
    assert_eq!((&file["width"], &file["height"]), (&json!(3), &json!(2)));
    assert_eq!(file["size"], BIRD.len());
    assert_eq!(status(&ben, &text(&file["url"])).await, 404, "it is in no message yet");

    let message = post(&ada, &channel, &[&file], 201).await;
    assert_eq!((&message["message_type"], &message["content"]), (&json!("file"), &json!("")));
    assert_eq!(message["attachments"], json!([file]));
    let frame = socket.expect("new_message").await;
    assert_eq!(frame["message"]["attachments"], json!([file]));
    let again = post(&ada, &channel, &[&file], 200).await;
    assert_eq!(again["id"], message["id"], "a file is in one message");

    let opened = open(&ben, &file).await;
    assert_eq!(header(&opened, CONTENT_TYPE), "image/png");
    assert!(header(&opened, CONTENT_DISPOSITION).starts_with("inline; filename=\"a bird.png\""));
    assert_eq!(header(&opened, X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(header(&opened, CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert!(header(&opened, CACHE_CONTROL).starts_with("private"));
    assert_eq!(&opened.bytes().await.unwrap()[..], BIRD);
    let small = ben.request(Method::GET, &text(&file["thumbnail_url"])).send().await.unwrap();
    assert!(header(&small, CONTENT_TYPE).starts_with("image/"));
    assert!(!small.bytes().await.unwrap().is_empty());

    let path = format!("/api/v1/messages/{}", text(&message["id"]));
    ada.request(Method::DELETE, &path).send().await.unwrap();
    for person in [&ada, &ben] {
        assert_eq!(status(person, &text(&file["url"])).await, 404);
        assert_eq!(status(person, &text(&file["thumbnail_url"])).await, 404);
    }
    let left = walkdir::WalkDir::new(server.data.path().join("uploads"));
    let left = left.into_iter().filter(|entry| entry.as_ref().unwrap().file_type().is_file());
    assert_eq!(left.count(), 0, "its bytes are gone too");
}

#[tokio::test]
async fn who_does_not_read_the_channel_reads_none_of_its_files() {
    let server = Server::start(&[]);
    let (ada, ben) = (server.sign_up("ada").await, server.sign_up("ben").await);
    let eve = server.sign_up_elsewhere("eve", "abroad").await;
    let body = json!({ "name": "nest", "kind": "private" });
    let channel = text(&ada.post("/api/v1/channels/", body, 201).await["id"]);
    let file = give(&ada, "secret.txt", b"words").await;
    post(&ada, &channel, &[&file], 201).await;

    for person in [&ben, &eve] {
        assert_eq!(status(person, &text(&file["url"])).await, 404);
        let own = person.channel("own").await;
        post(person, &own, &[&file], 422).await;
    }
    let nobody = reqwest::get(server.url(&text(&file["url"]))).await.unwrap();
    assert_eq!(nobody.status(), 401);
    let members = format!("/api/v1/channels/{channel}/members");
    ada.post(&members, json!({ "user_id": ben.id }), 201).await;
    assert_eq!(status(&ben, &text(&file["url"])).await, 200);
}

#[tokio::test]
async fn a_link_opens_one_file_to_its_reader_without_a_token() {
    let server = Server::start(&[]);
    let (ada, ben) = (server.sign_up("ada").await, server.sign_up("ben").await);
    let (bird, other) = (give(&ada, "bird.png", BIRD).await, give(&ada, "b.txt", b"words").await);
    let body = json!({ "ids": [bird["id"], other["id"]] });
    let links = ada.post("/api/v1/files/links", body.clone(), 200).await;
    let link = |n: usize, field: &str| server.url(&text(&links["data"][n][field]));
    assert_eq!(reqwest::get(link(0, "url")).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(link(0, "thumbnail_url")).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(link(1, "thumbnail_url")).await.unwrap().status(), 404);
    let same = ada.post("/api/v1/files/links", body.clone(), 200).await;
    assert_eq!(same["data"], links["data"], "a browser knows the picture again");

    let pass = link(0, "url").split_once("pass=").unwrap().1.to_owned();
    let mixed = server.url(&format!("{}?pass={pass}", text(&other["url"])));
    assert_eq!(reqwest::get(mixed).await.unwrap().status(), 404, "it is for another file");
    let broken = server.url(&format!("{}?pass={pass}x", text(&bird["url"])));
    assert_eq!(reqwest::get(broken).await.unwrap().status(), 401);
    let bens = ben.post("/api/v1/files/links", body, 200).await;
    let bens = server.url(&text(&bens["data"][0]["url"]));
    assert_eq!(reqwest::get(bens).await.unwrap().status(), 404, "a link gives no right");
    let refresh = json!({ "refresh_token": ada.refresh_token });
    ada.post("/api/v1/auth/logout", refresh, 204).await;
    assert_eq!(reqwest::get(link(0, "url")).await.unwrap().status(), 401);
}

#[tokio::test]
async fn what_a_browser_would_run_is_saved_and_never_shown() {
    let server = Server::start(&[]);
    let ada = server.sign_up("ada").await;
    for (name, bytes, mime_type, goes_as) in [
        ("a.png", &b"<html><script>alert(1)</script>"[..], "text/html", "application/octet-stream"),
        ("a.svg", SVG, "image/svg+xml", "application/octet-stream"),
        ("a.html", b"words", "text/plain", "text/plain; charset=utf-8"),
        ("bomb.png", BOMB, "image/png", "image/png"),
        ("half.png", &BIRD[..BIRD.len() / 2], "image/png", "image/png"),
    ] {
        let file = give(&ada, name, bytes).await;
        assert_eq!(file["mime_type"], mime_type, "{name}");
        assert_eq!(file["thumbnail_url"], Value::Null, "{name}");
        let opened = open(&ada, &file).await;
        assert_eq!(header(&opened, CONTENT_TYPE), goes_as, "{name}");
        assert!(header(&opened, CONTENT_DISPOSITION).starts_with("attachment"), "{name}");
    }
    let saved = give(&ada, "bird.png", BIRD).await;
    let path = format!("{}?download=true", text(&saved["url"]));
    let saved = ada.request(Method::GET, &path).send().await.unwrap();
    assert!(header(&saved, CONTENT_DISPOSITION).starts_with("attachment"));
}

#[tokio::test]
async fn names_are_made_harmless_and_uploads_are_limited() {
    let server = Server::start(&[
        ("files.upload_max_bytes", "1048576"),
        ("files.blocked_types", ".exe,application/zip"),
    ]);
    let ada = server.sign_up("ada").await;
    for (name, expected) in [
        ("../../etc/passwd", "passwd"),
        ("harmless\u{202e}fdp.exe.txt", "harmlessfdp.exe.txt"),
        ("", "file"),
    ] {
        assert_eq!(give(&ada, name, b"words").await["name"], expected);
    }
    for (name, bytes, status) in [
        ("a.txt", vec![b'x'; 1_048_577], 413),
        ("a.txt", Vec::new(), 422),
        ("a.exe", b"words".to_vec(), 415),
        ("a.png", b"PK\x03\x04".to_vec(), 415),
    ] {
        assert_eq!(send(&ada, name, &bytes).await.status(), status, "{name} {}", bytes.len());
    }
    let cut = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf";
    let request = ada.request(Method::POST, "/api/v1/files");
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
    assert_eq!(request.body(cut).send().await.unwrap().status(), 400);
    let coming = std::fs::read_dir(server.data.path().join("coming")).unwrap().count();
    assert_eq!(coming, 0, "nothing is left of what was refused");
}

#[tokio::test]
async fn a_file_is_asked_for_again_and_in_parts() {
    let server = Server::start(&[]);
    let ada = server.sign_up("ada").await;
    let words: Vec<u8> = (0..=250).cycle().take((2 << 20) + 5).collect();
    let file = give(&ada, "words.bin", &words).await;
    let opened = open(&ada, &file).await;
    let tag = header(&opened, ETAG);
    assert!(opened.bytes().await.unwrap() == words, "the bytes changed on the way");

    let url = text(&file["url"]);
    let ask = |name, value: &str| ada.request(Method::GET, &url).header(name, value).send();
    assert_eq!(ask(IF_NONE_MATCH, &tag).await.unwrap().status(), 304);
    let part = ask(RANGE, "bytes=1048570-1048581").await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, CONTENT_RANGE), format!("bytes 1048570-1048581/{}", words.len()));
    assert_eq!(&part.bytes().await.unwrap()[..], &words[1_048_570..1_048_582]);
    assert_eq!(ask(RANGE, "bytes=99999999-").await.unwrap().status(), 416);
}

#[tokio::test]
async fn an_organization_has_so_much_room() {
    let server = Server::start(&[("files.bytes_per_org", "10")]);
    let (ada, eve) = (server.sign_up("ada").await, server.sign_up_elsewhere("eve", "abroad").await);
    give(&ada, "a.txt", b"nine char").await;
    let refused = json_of(send(&ada, "b.txt", b"two").await, 409).await;
    assert_eq!(refused["code"], "limit_reached");
    give(&eve, "a.txt", b"nine char").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_there_after_a_crash() {
    let mut server = Server::start(&[]);
    let ada = server.sign_up("ada").await;
    let channel = ada.channel("birds").await;
    let file = give(&ada, "bird.png", BIRD).await;
    let message = post(&ada, &channel, &[&file], 201).await;
    tokio::task::block_in_place(|| {
        server.kill();
        server.start_again();
    });
    let ada = ada.at(&server);
    assert_eq!(&open(&ada, &file).await.bytes().await.unwrap()[..], BIRD);
    let read = ada.get(&format!("/api/v1/messages/{}", text(&message["id"]))).await;
    assert_eq!(read["attachments"], json!([file]));
}
