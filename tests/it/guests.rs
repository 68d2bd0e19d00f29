//! Guests: a name alone, the channel `default`, and the same person again in the same browser.

use serde_json::{Value, json};

use crate::raw::Raw;
use crate::world::Server;

const WITH_GUESTS: &[(&str, &str)] = &[("guests.enabled", "true")];

/// Comes in as a guest: the socket after its `hello`, who one is, and the cookie to keep.
async fn enter(server: &Server, name: &str, cookie: &str) -> (Raw, Value, String) {
    let path = format!("/ws?username={name}");
    let mut raw = Raw::ask(&server.address, &path, &[("cookie", cookie)], b"").await;
    assert!(raw.head.starts_with("http/1.1 101 "), "{}", raw.head);
    let kept = raw.cookie.clone().expect("a cookie");
    let user = raw.expect("hello").await["user"].clone();
    (raw, user, kept)
}

#[tokio::test]
async fn a_guest_is_greeted_sees_what_was_said_and_speaks_once_for_each_id() {
    let server = Server::start(WITH_GUESTS);
    let alice = server.sign_up("alice").await;
    let channels = alice.get("/api/v1/channels/").await;
    let default = channels.as_array().unwrap().iter().find(|one| one["name"] == "default");
    let channel = default.expect("the default channel")["id"].clone();
    let post = json!({ "channel_id": channel, "content": "welcome" });
    alice.post("/api/v1/messages/", post, 201).await;
    let mut ears = alice.socket().await;

    let (mut guest, user, _) = enter(&server, "Gus", "").await;
    assert_eq!(user["username"], "Gus");
    let history = guest.expect("history").await;
    assert_eq!((&history["channel_id"], &history["has_more"]), (&channel, &json!(false)));
    let resumed = guest.expect("resumed").await;
    assert!(resumed["head_seq"].as_u64() >= history["messages"][0]["seq"].as_u64(), "{resumed}");
    assert_eq!(history["messages"][0]["content"], "welcome");

    let say = json!({ "type": "user_message", "text": "hi", "client_message_id": "g1" });
    guest.say(&say).await;
    let first = guest.expect("ack").await;
    guest.say(&say).await;
    let again = guest.expect("ack").await;
    assert_eq!((&first["client_message_id"], &first["duplicate"]), (&json!("g1"), &json!(false)));
    assert_eq!((&again["message_id"], &again["duplicate"]), (&first["message_id"], &json!(true)));
    let heard = ears.expect("new_message").await;
    assert_eq!((&heard["message"]["content"], &heard["seq"]), (&json!("hi"), &first["seq"]));

    guest.say(&json!({ "type": "ai_request", "id": 1, "text": "how many?" })).await;
    let asked = guest.expect("ack").await;
    assert_eq!(asked["id"], 1);
    let progress = guest.expect("query_progress").await;
    assert_eq!(progress["job_id"], asked["job_id"]);
    let answer = guest.expect("llm_response").await;
    assert_eq!(answer["message"]["parent_message_id"], asked["message_id"]);
}

#[tokio::test]
async fn what_is_said_while_guests_come_in_reaches_each_of_them_once_and_in_order() {
    let server = Server::start(WITH_GUESTS);
    let alice = server.sign_up("alice").await;
    let channels = alice.get("/api/v1/channels/").await;
    let default = channels.as_array().unwrap().iter().find(|one| one["name"] == "default");
    let channel = default.expect("the default channel")["id"].clone();
    let (_, _, cookie) = enter(&server, "Gus", "").await;
    let mut mouth = alice.socket().await;
    let talking = tokio::spawn(async move {
        for number in 0_u64.. {
            let content = number.to_string();
            let send = json!({ "type": "send_message", "channel_id": channel, "content": content });
            mouth.send(send).await;
            mouth.expect("ack").await;
        }
    });
    let number = |message: &Value| message["content"].as_str().unwrap().parse::<u64>().unwrap();
    for _ in 0..40 {
        let (mut guest, _, _) = enter(&server, "Gus", &cookie).await;
        let history = guest.expect("history").await;
        let messages = history["messages"].as_array().unwrap();
        let next = messages.last().map_or(0, |message| number(message) + 1);
        for expected in next..next + 3 {
            let heard = guest.expect("new_message").await;
            assert_eq!(number(&heard["message"]), expected);
        }
    }
    talking.abort();
}

#[tokio::test]
async fn an_address_that_brings_too_many_new_guests_waits_and_its_known_ones_come_in() {
    let server = Server::start(&[("guests.enabled", "true"), ("limits.new_guests", "2")]);
    let (_, ann, cookie) = enter(&server, "Ann", "").await;
    enter(&server, "Bob", "").await;
    let mut raw = Raw::ask(&server.address, "/ws?username=Cid", &[], b"").await;
    assert_eq!((raw.close_code().await, &raw.cookie), (4029, &None));
    let (_, again, _) = enter(&server, "Ann", &cookie).await;
    assert_eq!(again["id"], ann["id"]);
}

#[tokio::test]
async fn the_same_name_is_the_same_guest_in_that_browser_and_only_there() {
    let server = Server::start(WITH_GUESTS);
    let (_, first, cookie) = enter(&server, "Gus", "").await;
    let (_, again, kept) = enter(&server, "gus", &format!("theme=dark; {cookie}")).await;
    assert_eq!((&again["id"], &kept), (&first["id"], &cookie), "the same person, the same cookie");
    let (_, other, others) = enter(&server, "Gus", "").await;
    assert_ne!(other["id"], first["id"], "another browser");
    assert_ne!((&other["username"], &others), (&first["username"], &cookie));
    let (_, renamed, _) = enter(&server, "Una", &cookie).await;
    assert_ne!(renamed["id"], first["id"], "another name");
    let forged = format!("starling_guest={}.stg_nothing", first["id"].as_str().unwrap());
    let (_, thief, _) = enter(&server, "Gus", &forged).await;
    assert_ne!(thief["id"], first["id"], "a secret that is none");
}

#[tokio::test]
async fn a_guest_without_a_good_name_or_a_server_without_guests_closes_the_socket() {
    let open = Server::start(WITH_GUESTS);
    let long = "x".repeat(65);
    for name in ["", "%20", "...", "a%00b", "a@b", long.as_str()] {
        let mut raw = Raw::ask(&open.address, &format!("/ws?username={name}"), &[], b"").await;
        assert_eq!((raw.close_code().await, &raw.cookie), (1008, &None), "{name:?}");
    }
    let evil = [("origin", "https://evil.example")];
    let mut raw = Raw::ask(&open.address, "/ws?username=Gus", &evil, b"").await;
    assert_eq!((raw.close_code().await, &raw.cookie), (1008, &None), "no guest for a foreign page");
    for address in ["/ws?username=%ff%fe", "/ws?username=a&username=b", "/ws/%ff"] {
        let mut raw = Raw::ask(&open.address, address, &[], b"").await;
        assert!([4001, 1008].contains(&raw.close_code().await), "{address}");
    }
    let closed = Server::start(&[]);
    let mut raw = Raw::ask(&closed.address, "/ws?username=Gus", &[], b"").await;
    assert_eq!((raw.close_code().await, &raw.cookie), (4001, &None));
}

#[tokio::test]
async fn the_cookie_is_secure_where_all_is() {
    let server = Server::start(&[("guests.enabled", "true"), ("server.https_only", "true")]);
    let raw = Raw::ask(&server.address, "/ws?username=Gus", &[], b"").await;
    let line = raw.head.lines().find(|line| line.starts_with("set-cookie: ")).expect("a cookie");
    assert!(line.contains("; path=/ws;") && line.contains("httponly; samesite=strict; secure"));
}

#[tokio::test]
async fn a_guests_cookie_is_secure_when_the_public_address_is() {
    let more = ("server.public_url", "https://chat.example");
    let server = Server::start(&[WITH_GUESTS[0], more]);
    let raw = Raw::ask(&server.address, "/ws?username=Gus", &[], b"").await;
    assert!(raw.head.contains("; samesite=strict; secure"), "{}", raw.head);
}

#[tokio::test]
async fn answers_that_were_given_before_are_withheld_from_a_guest_in_history_and_replay() {
    let server = Server::start(WITH_GUESTS);
    let alice = server.sign_up("alice").await;
    alice.post("/api/v1/connections/demo", json!({}), 201).await;
    let channels = alice.get("/api/v1/channels/").await;
    let default = channels.as_array().unwrap().iter().find(|one| one["name"] == "default");
    let channel = default.expect("the default channel")["id"].clone();
    let mut ears = alice.socket().await;
    let ask = json!({ "type": "ask", "channel_id": channel, "query": "how many orders?" });
    ears.send(ask).await;
    let answer = ears.expect("llm_response").await;
    assert_eq!(answer["message"]["results"].as_array().map(Vec::len), Some(1), "{answer}");

    let (mut guest, _, _) = enter(&server, "Gus", "").await;
    let history = guest.expect("history").await;
    guest.say(&json!({ "type": "join_channel", "channel_id": channel, "after_seq": 0 })).await;
    let replayed = guest.expect("llm_response").await;

    let messages = history["messages"].as_array().expect("messages");
    let seen = messages.iter().find(|one| one["id"] == answer["message"]["id"]).expect("is there");
    for message in [seen, &replayed["message"]] {
        let content = message["content"].as_str().expect("words");
        assert!(content.contains("guests do not see"), "{message}");
        assert!(message["results"].is_null() && message["llm_context"].is_null(), "{message}");
    }
}
