//! Groups: people who are called by one name.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Person, Server, json_of, text};

async fn patch(person: &Person, path: &str, body: Value, status: u16) -> Value {
    let request = person.request(Method::PATCH, path).json(&body);
    json_of(request.send().await.unwrap(), status).await
}

#[tokio::test]
async fn a_group_that_is_mentioned_reaches_its_people_in_the_channel() {
    let server = Server::start(&[]);
    let admin = server.sign_up_elsewhere("ada", "acme").await;
    let bob = server.sign_up_as(&admin, "bob", "viewer").await;
    let eve = server.sign_up_as(&admin, "eve", "viewer").await;
    let channel = admin.channel("birds").await;
    let member = json!({ "user_id": bob.id });
    admin.post(&format!("/api/v1/channels/{channel}/members"), member, 201).await;
    let form =
        json!({ "handle": "@Ops", "name": "Operations", "member_ids": [bob.id, eve.id, bob.id] });
    let group = admin.post("/api/v1/groups", form, 201).await;
    assert_eq!(group["handle"], "Ops");
    assert_eq!(group["member_ids"], json!([bob.id, eve.id]));
    let seen = bob.get("/api/v1/groups").await;
    assert_eq!((&seen["count"], &seen["data"][0]), (&json!(1), &group));

    let body = json!({ "channel_id": channel, "content": "help, @ops!" });
    let sent = admin.post("/api/v1/messages/", body, 201).await;
    assert_eq!(sent["mentions"], json!([bob.id]), "who is not in the channel is not called");
    let standing = bob.get(&format!("/api/v1/channels/{channel}")).await;
    assert_eq!(standing["mention_count"], 1);

    let path = format!("/api/v1/groups/{}", text(&group["id"]));
    patch(&admin, &path, json!({ "handle": "on-call", "member_ids": [admin.id] }), 200).await;
    let body = json!({ "channel_id": channel, "content": "@ops and @on-call" });
    let sent = bob.post("/api/v1/messages/", body, 201).await;
    assert_eq!(sent["mentions"], json!([admin.id]), "the old name calls nobody");
    assert_eq!(admin.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(admin.get("/api/v1/groups").await["count"], 0);
    assert_eq!(admin.request(Method::DELETE, &path).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_handle_and_a_user_name_are_never_the_same() {
    let server = Server::start(&[]);
    let admin = server.sign_up_elsewhere("ada", "acme").await;
    let bob = server.sign_up_as(&admin, "bob", "viewer").await;
    let group = async |handle: &str, status: u16| {
        admin.post("/api/v1/groups", json!({ "handle": handle }), status).await
    };
    assert_eq!(group("BOB", 409).await["code"], "username_taken");
    let ops = group("ops", 201).await;
    assert_eq!(group("Ops", 409).await["code"], "username_taken");
    for wrong in ["", "here", "two words", "dot.", "a+b"] {
        assert_eq!(group(wrong, 422).await["code"], "validation_failed", "{wrong}");
    }
    let me = "/api/v1/users/me";
    assert_eq!(patch(&bob, me, json!({ "username": "OPS" }), 409).await["code"], "username_taken");
    let path = format!("/api/v1/groups/{}", text(&ops["id"]));
    patch(&admin, &path, json!({ "handle": "bob" }), 409).await;
    patch(&admin, &path, json!({ "handle": "OPS", "name": "Operations" }), 200).await;
    patch(&admin, &path, json!({ "handle": "on-call" }), 200).await;
    patch(&bob, me, json!({ "username": "ops" }), 200).await;
}

#[tokio::test]
async fn only_admins_change_groups_and_only_of_their_own_organization() {
    let server = Server::start(&[]);
    let admin = server.sign_up_elsewhere("ada", "acme").await;
    let bob = server.sign_up_as(&admin, "bob", "viewer").await;
    let stranger = server.sign_up_elsewhere("eve", "elsewhere").await;
    bob.post("/api/v1/groups", json!({ "handle": "mine" }), 403).await;
    let group = admin.post("/api/v1/groups", json!({ "handle": "ops" }), 201).await;
    let path = format!("/api/v1/groups/{}", text(&group["id"]));
    patch(&bob, &path, json!({ "name": "x" }), 403).await;
    patch(&stranger, &path, json!({ "name": "x" }), 404).await;
    assert_eq!(stranger.get("/api/v1/groups").await["count"], 0);
    let foreign = json!({ "member_ids": [stranger.id] });
    let refused = patch(&admin, &path, foreign, 422).await;
    assert_eq!(refused["errors"][0]["field"], "member_ids");
    stranger.post("/api/v1/groups", json!({ "handle": "ops" }), 201).await;
}

#[tokio::test]
async fn open_pages_of_the_organization_hear_of_a_group_that_changes() {
    let server = Server::start(&[]);
    let admin = server.sign_up_elsewhere("ada", "acme").await;
    let bob = server.sign_up_as(&admin, "bob", "viewer").await;
    let stranger = server.sign_up_elsewhere("eve", "elsewhere").await;
    let (mut ears, mut foreign) = (bob.socket().await, stranger.socket().await);
    let made = admin.post("/api/v1/groups", json!({ "handle": "ops" }), 201).await;
    let heard = ears.expect("group_changed").await;
    assert_eq!((&heard["group_id"], &heard["group"]), (&made["id"], &made));
    let path = format!("/api/v1/groups/{}", text(&made["id"]));
    let changed = patch(&admin, &path, json!({ "member_ids": [bob.id] }), 200).await;
    assert_eq!(ears.expect("group_changed").await["group"], changed);
    assert_eq!(admin.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(ears.expect("group_changed").await["group"], Value::Null);

    let own = stranger.post("/api/v1/groups", json!({ "handle": "birds" }), 201).await;
    assert_eq!(foreign.expect("group_changed").await["group"], own, "nothing of the others before");
}
