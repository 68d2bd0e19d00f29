//! Bot users: accounts of programs.

use reqwest::Method;
use serde_json::json;

use crate::world::{Server, text};

#[tokio::test]
async fn a_bot_writes_by_its_token_and_is_shown_as_one() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let channel = alice.channel("ops").await;
    let body = json!({ "username": "deployer", "full_name": "Deployer" });
    let made = alice.post("/api/v1/bot-users", body, 201).await;
    assert_eq!((&made["user"]["is_bot"], &made["user"]["role"]), (&json!(true), &json!("viewer")));
    let bot = alice.with_token(&text(&made["token"]["token"]));
    bot.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let post = json!({ "channel_id": channel, "content": "deployed" });
    let message = bot.post("/api/v1/messages", post, 201).await;
    assert_eq!(message["author"]["is_bot"], true);
    assert_eq!(message["author_id"], made["user"]["id"]);
    let mut socket = bot.socket().await;
    let people = alice.get("/api/v1/users?query=deployer").await;
    assert_eq!(people[0]["is_bot"], true);
    let path = format!("/api/v1/bot-users/{}", text(&made["user"]["id"]));
    let gone = alice.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(socket.close_code().await, 4003);
    let refused = bot.request(Method::GET, "/api/v1/users/me").send().await.unwrap();
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn nobody_signs_in_as_a_bot_and_only_admins_make_one() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let bob = server.sign_up_as(&alice, "bob", "analyst").await;
    bob.post("/api/v1/bot-users", json!({ "username": "mine" }), 403).await;
    alice.post("/api/v1/bot-users", json!({ "username": "deployer" }), 201).await;
    alice.post("/api/v1/bot-users", json!({ "username": "Deployer" }), 409).await;
    let admin = json!({ "username": "boss", "role": "admin" });
    alice.post("/api/v1/bot-users", admin, 422).await;
    for password in ["", "correct horse battery staple"] {
        let body = json!({ "email": "deployer", "password": password, "org_slug": "birds" });
        let url = server.url("/api/v1/auth/login");
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        assert!(matches!(answer.status().as_u16(), 401 | 422), "{}", answer.status());
    }
}

#[tokio::test]
async fn a_bot_has_as_many_tokens_as_it_needs_and_each_ends_alone() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let made = alice.post("/api/v1/bot-users", json!({ "username": "deployer" }), 201).await;
    let path = format!("/api/v1/bot-users/{}/tokens", text(&made["user"]["id"]));
    let second = alice.post(&path, json!({ "name": "second" }), 201).await;
    let bots = alice.get("/api/v1/bot-users").await;
    assert_eq!(bots["data"][0]["tokens"].as_array().unwrap().len(), 2);
    assert!(!bots.to_string().contains(&text(&second["token"])));
    let bot = alice.with_token(&text(&second["token"]));
    assert_eq!(bot.get("/api/v1/users/me").await["username"], "deployer");
    let one = format!("{path}/{}", text(&second["id"]));
    assert_eq!(alice.request(Method::DELETE, &one).send().await.unwrap().status(), 204);
    let refused = bot.request(Method::GET, "/api/v1/users/me").send().await.unwrap();
    assert_eq!(refused.status(), 401);
}
