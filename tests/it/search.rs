//! Search: exactly what the reader may see, as it is now, also after a restart and without its files.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{PATIENCE, Person, Server, json_of, text};

/// Searches until the index has taken everything in.
async fn search(person: &Person, query: &[(&str, &str)]) -> Value {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let request = person.request(Method::GET, "/api/v1/search").query(query);
        let found = json_of(request.send().await.unwrap(), 200).await;
        if found["incomplete"] == false {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "the index does not catch up");
    }
}

pub(crate) async fn finds(person: &Person, words: &str) -> Vec<String> {
    let found = search(person, &[("q", words)]).await;
    let hits = found["hits"].as_array().unwrap().iter();
    let contents: Vec<String> = hits.map(|hit| text(&hit["message"]["content"])).collect();
    assert_eq!(found["total"], contents.len(), "{found}");
    contents
}

async fn says(person: &Person, channel: &str, content: &str) -> String {
    let body = json!({ "channel_id": channel, "content": content });
    text(&person.post("/api/v1/messages/", body, 201).await["id"])
}

async fn private_channel(person: &Person, name: &str) -> String {
    let body = json!({ "name": name, "is_private": true });
    text(&person.post("/api/v1/channels/", body, 201).await["id"])
}

#[tokio::test]
async fn only_what_the_reader_may_see_is_found() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let spy = server.sign_up_elsewhere("spy", "elsewhere").await;
    let open = alice.channel("birds").await;
    let secret = private_channel(&alice, "secret").await;
    says(&alice, &open, "a heron for all").await;
    says(&alice, &secret, "a heron for few").await;
    assert_eq!(finds(&bob, "heron").await, ["a heron for all"]);
    assert_eq!(finds(&bob, "few").await, Vec::<String>::new());
    assert_eq!(finds(&spy, "heron").await, Vec::<String>::new());
    assert_eq!(finds(&alice, "heron").await.len(), 2);

    let members = format!("/api/v1/channels/{secret}/members");
    alice.post(&members, json!({ "user_id": bob.id }), 201).await;
    assert_eq!(finds(&bob, "few").await, ["a heron for few"]);
    let removal = alice.request(Method::DELETE, &format!("{members}/{}", bob.id));
    assert_eq!(removal.send().await.unwrap().status(), 204);
    assert_eq!(finds(&bob, "few").await, Vec::<String>::new());
    assert_eq!(finds(&bob, &format!("heron in:{secret}")).await, Vec::<String>::new());
}

#[tokio::test]
async fn edits_reactions_and_deletions_take_effect() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let id = says(&alice, &channel, "an old heron").await;
    let path = format!("/api/v1/messages/{id}");
    assert_eq!(finds(&alice, "heron").await, ["an old heron"]);
    let edit = json!({ "content": "a new egret, see https://example.org" });
    alice.request(Method::PATCH, &path).json(&edit).send().await.unwrap();
    assert_eq!(finds(&alice, "heron").await, Vec::<String>::new());
    assert_eq!(finds(&alice, "egret has:link").await.len(), 1);
    assert_eq!(finds(&alice, "has:reaction").await.len(), 0);
    alice.request(Method::PUT, &format!("{path}/reactions/👍")).send().await.unwrap();
    assert_eq!(finds(&alice, "has:reaction").await.len(), 1);
    alice.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(finds(&alice, "egret").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_hit_has_its_message_its_marks_and_a_way_to_the_next_page() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let channel = alice.channel("birds").await;
    for number in 0..5 {
        says(&alice, &channel, &format!("Café heron {number}")).await;
    }
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    says(&bob, &channel, "a HERON of mine").await;
    let query = [("q", "cafe her* -mine"), ("limit", "3"), ("sort", "newest")];
    let request = alice.request(Method::GET, "/api/v1/search").query(&query);
    let response = request.send().await.unwrap();
    let cursor = response.headers()["x-next-cursor"].to_str().unwrap().to_owned();
    let page = json_of(response, 200).await;
    assert_eq!((page["total"].as_u64(), page["total_is_exact"].as_bool()), (Some(5), Some(true)));
    let hit = &page["hits"][0];
    assert_eq!(hit["message"]["content"], "Café heron 4");
    assert_eq!(
        (text(&hit["channel_id"]), &hit["message"]["author"]["username"]),
        (channel, &json!("alice"))
    );
    assert_eq!(hit["highlights"], json!([{ "start": 0, "end": 4 }, { "start": 5, "end": 10 }]));
    let rest = search(&alice, &[query.as_slice(), &[("cursor", cursor.as_str())]].concat()).await;
    assert_eq!(rest["hits"].as_array().unwrap().len(), 2);
    assert_eq!(finds(&alice, "heron from:bob").await, ["a HERON of mine"]);
    assert_eq!(finds(&bob, "from:me in:birds").await, ["a HERON of mine"]);
    assert_eq!(finds(&bob, "heron before:2020").await, Vec::<String>::new());
    assert_eq!(finds(&bob, "mine on:today").await, ["a HERON of mine"]);
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    says(&alice, &channel, "a heron").await;
    for hostile in [
        "\"",
        "NEAR(",
        "a AND (b",
        "words:x",
        "*",
        "-",
        "\"heron",
        "xxm",
        "'; DROP TABLE texts;",
        "\u{0}",
        "🎉",
    ] {
        search(&alice, &[("q", hostile)]).await;
    }
    let noted = search(&alice, &[("q", "heron to:bob from:nobody")]).await;
    let codes: Vec<_> =
        noted["notes"].as_array().unwrap().iter().map(|note| text(&note["code"])).collect();
    assert_eq!(codes, ["unknown_operator", "unknown_person"]);
    assert_eq!(finds(&alice, "\"a heron").await, ["a heron"]);
    for wrong in
        [[("limit", "51")], [("sort", "best")], [("cursor", "x")], [("utc_offset", "9999")]]
    {
        let request = alice.request(Method::GET, "/api/v1/search").query(&wrong);
        json_of(request.send().await.unwrap(), 422).await;
    }
    let long = "x".repeat(1_001);
    let request = alice.request(Method::GET, "/api/v1/search").query(&[("q", &long)]);
    json_of(request.send().await.unwrap(), 422).await;
}

#[tokio::test]
async fn the_index_catches_up_after_a_crash_and_is_built_again_when_it_is_gone() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    says(&alice, &channel, "first heron").await;
    assert_eq!(finds(&alice, "heron").await.len(), 1);
    says(&alice, &channel, "second heron").await;
    server.kill();
    server.start_again();
    assert_eq!(finds(&alice, "heron").await.len(), 2);

    server.kill();
    let folder = server.data.path().join("search");
    assert!(fs::read_dir(&folder).unwrap().count() > 0);
    fs::remove_dir_all(&folder).unwrap();
    server.start_again();
    assert_eq!(finds(&alice, "heron").await.len(), 2);

    server.kill();
    for file in fs::read_dir(&folder).unwrap() {
        fs::write(file.unwrap().path(), "not a database any more".repeat(1_000)).unwrap();
    }
    server.start_again();
    assert_eq!(finds(&alice, "heron").await.len(), 2);
}
