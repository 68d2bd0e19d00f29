//! One person behind a balancer: what they see, what they may do and what they lose is the same on
//! whichever node they come to.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Cluster, OwnRedis, readiness, say, see_each_other, service, until};
use crate::world::{PASSWORD, Person, Server, Socket, json_of, text};

/// How often someone who types presses keys that are told.
const TYPES_EVERY: Duration = Duration::from_millis(500);

/// Within this time a right that was taken away is gone on every node.
const EFFECTIVE_MAX: Duration = Duration::from_secs(5);

/// The code with which a socket is closed, which must be soon.
async fn closed_soon(socket: &mut Socket) -> u16 {
    let since = Instant::now();
    let code = socket.close_code().await;
    assert!(since.elapsed() < EFFECTIVE_MAX, "it took {:?}", since.elapsed());
    code
}

async fn ticket(person: &Person) -> String {
    text(&person.post("/api/v1/auth/ws-ticket", json!({}), 201).await["ticket"])
}

async fn socket_by_ticket(node: &Server, ticket: &str) -> Socket {
    Socket::open(&node.address, &format!("/ws?ticket={ticket}")).await
}

/// Signs in once more.
async fn sign_in(node: &Server, name: &str, org: &str) -> Person {
    let email = format!("{name}@example.org");
    let body = json!({ "email": email, "password": PASSWORD, "org_slug": org });
    let login = reqwest::Client::new().post(node.url("/api/v1/auth/login")).json(&body).send();
    Person::from_tokens(&node.address, &json_of(login.await.unwrap(), 200).await)
}

async fn log_out(person: &Person) {
    let answer = person.request(Method::POST, "/api/v1/auth/logout").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
}

async fn join(person: &Person, channel: &str) {
    person.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
}

/// The types of the frames that come before the answer to a ping.
async fn before_pong(socket: &mut Socket) -> Vec<Value> {
    socket.send(json!({ "type": "ping" })).await;
    let mut frames = Vec::new();
    loop {
        let frame = socket.next().await.expect("the socket goes on");
        if frame["type"] == "pong" {
            return frames;
        }
        frames.push(frame["type"].clone());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_someone_does_on_one_node_is_seen_on_the_other() {
    let cluster = Cluster::with_redis(&service("STARLING_TEST_REDIS", "services.sh"));
    let (here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let alice = here.sign_up_elsewhere("alice", "birds").await;
    let bob = there.sign_up_as(&alice, "bob", "analyst").await.at(&there);
    let channel = alice.channel("owls").await;
    join(&bob, &channel).await;
    let mut hers = alice.socket().await;
    let mut his = bob.socket().await;

    // Nobody stores that someone types, so what comes before the node listens is lost: she types on.
    let typing = async {
        loop {
            hers.send(json!({ "type": "typing", "channel_id": channel, "is_typing": true })).await;
            tokio::time::sleep(TYPES_EVERY).await;
        }
    };
    let shown = tokio::select! {
        shown = his.expect("typing_indicator") => shown,
        () = typing => unreachable!("she types for ever"),
    };
    assert_eq!(shown["user_id"], alice.id);
    hers.send(json!({ "type": "presence", "status": "dnd" })).await;
    until("the other node shows how she is", || async {
        bob.get(&format!("/api/v1/users/{}", alice.id)).await["status"] == "dnd"
    })
    .await;
    loop {
        let change = his.expect("user_status").await;
        if change["user_id"] == alice.id && change["status"] == "dnd" {
            break;
        }
    }
    let first = say(&alice, &channel, "first").await;
    assert_eq!(his.expect("new_message").await["seq"], first["seq"]);
    his.send(json!({ "type": "mark_read", "channel_id": channel, "seq": first["seq"] })).await;
    let receipt = hers.expect("read_receipt").await;
    assert_eq!((&receipt["user_id"], &receipt["seq"]), (&json!(bob.id), &first["seq"]));

    // What is missed on one node is made good by the other, and a ticket of one opens the other, once.
    drop(his);
    say(&alice, &channel, "second").await;
    let ticket = ticket(&bob.at(&here)).await;
    let mut his = socket_by_ticket(&there, &ticket).await;
    his.expect("hello").await;
    assert_eq!(socket_by_ticket(&here, &ticket).await.close_code().await, 4001);
    let known = json!({ "channel_id": channel, "after_seq": first["seq"] });
    his.send(json!({ "type": "resume", "channels": [known] })).await;
    assert_eq!(his.expect("new_message").await["message"]["content"], "second");
    his.expect("resumed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_someone_loses_on_one_node_is_lost_on_the_other() {
    let cluster = Cluster::with_redis(&service("STARLING_TEST_REDIS", "services.sh"));
    let (here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let alice = here.sign_up_elsewhere("alice", "birds").await;
    let bob = here.sign_up_as(&alice, "bob", "analyst").await;
    let channel = alice.channel("owls").await;
    join(&bob, &channel).await;
    let mut hers = alice.at(&there).socket().await;
    let mut his = bob.at(&there).socket().await;

    let path = format!("/api/v1/channels/{channel}/members/{}", bob.id);
    let removed = alice.request(Method::DELETE, &path).send().await.unwrap();
    assert!(removed.status().is_success(), "{}", removed.status());
    his.expect("member_left").await;
    say(&alice, &channel, "behind his back").await;
    assert_eq!(hers.expect("new_message").await["message"]["content"], "behind his back");
    let heard = before_pong(&mut his).await;
    assert!(!heard.contains(&json!("new_message")), "{heard:?}");

    let path = format!("/api/v1/users/{}", bob.id);
    let body = json!({ "role": "viewer" });
    let demoted = alice.request(Method::PATCH, &path).json(&body).send().await.unwrap();
    json_of(demoted, 200).await;
    assert_eq!(closed_soon(&mut his).await, 1012, "he comes back as who he is now");
    let mut his = bob.at(&there).socket().await;

    log_out(&bob).await;
    assert_eq!(closed_soon(&mut his).await, 4003);
    until("the other node takes his token no more", || async {
        let asked = bob.at(&there).request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
        asked.status().as_u16() == 401
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_and_after_it_nobody_keeps_what_they_lost_nor_misses_what_they_got() {
    let mut redis = OwnRedis::on_a_free_port();
    let cluster = Cluster::with_redis(&format!("redis://127.0.0.1:{}", redis.port));
    let (here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let alice = here.sign_up_elsewhere("alice", "birds").await;
    let bob = here.sign_up_as(&alice, "bob", "analyst").await;
    let carol = here.sign_up_as(&alice, "carol", "analyst").await;
    let bobs_other = sign_in(&there, "bob", "birds").await;
    let mut his = bobs_other.socket().await;
    let mut hers = carol.at(&there).socket().await;

    redis.kill();
    for node in [&here, &there] {
        until("it says that Redis is gone", || async {
            readiness(node).await == (200, "degraded".to_owned())
        })
        .await;
    }
    let change = json!({ "current_password": PASSWORD, "new_password": "another horse entirely" });
    let changed = bob.request(Method::POST, "/api/v1/auth/password").json(&change).send().await;
    assert_eq!(changed.unwrap().status().as_u16(), 204);
    assert_eq!(closed_soon(&mut his).await, 4003);
    let ticket = ticket(&bob).await;
    socket_by_ticket(&there, &ticket).await.expect("hello").await;
    assert_eq!(socket_by_ticket(&there, &ticket).await.close_code().await, 4001);
    let secret = json!({ "name": "secret", "is_private": true, "member_ids": [carol.id] });
    let secret = text(&alice.post("/api/v1/channels/", secret, 201).await["id"]);

    let _redis = OwnRedis::start(redis.port);
    let back = Instant::now();
    assert_eq!(hers.expect("channel_created").await["channel_id"], secret);
    assert!(back.elapsed() < EFFECTIVE_MAX, "{:?}", back.elapsed());
    log_out(&carol).await;
    assert_eq!(closed_soon(&mut hers).await, 4003);
}
