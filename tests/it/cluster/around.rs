//! What is around the log, on two nodes: it is the same on whichever node somebody is, and what is done at
//! a time is done once.

use reqwest::{Client, Method};
use serde_json::json;
use starling::app::SystemClock;
use starling::wire::time::rfc3339;
use starling_actors::ports::Clock;
use tempfile::TempDir;
use tokio::task::block_in_place;

use super::{Cluster, say, see_each_other, until, words};
use crate::attachments::{BIRD, give};
use crate::mailbox::Mailbox;
use crate::outgoing_hooks::Receiver;
use crate::previews::{Pages, told};
use crate::retention::{boats, bring_old_into, page, put, until_gone};
use crate::search::finds;
use crate::world::{Person, Server, text};

/// Things that are planned for one moment: enough for both nodes to have some.
const PLANS: usize = 6;

/// Two nodes with one folder of files, and what else they are told.
struct Pair {
    cluster: Cluster,
    here: Server,
    there: Server,
    _files: TempDir,
}

impl Pair {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let dir = files.path().to_str().unwrap();
        let shared = [("files.shared", "true"), ("files.dir", dir)];
        let all: Vec<(String, String)> = shared
            .iter()
            .chain(settings)
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let cluster = Cluster::with_files(&all);
        let (here, there) = (cluster.start(), cluster.start());
        see_each_other(&[&here, &there]).await;
        Self { cluster, here, there, _files: files }
    }

    /// An admin here, somebody there, and a channel that both are in.
    async fn couple(&self) -> (Person, Person, String) {
        let alice = self.here.sign_up_elsewhere("alice", "birds").await;
        let bob = self.there.sign_up_as(&alice, "bob", "analyst").await.at(&self.there);
        let channel = alice.channel("owls").await;
        bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
        (alice, bob, channel)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_pins_drafts_previews_and_what_programs_send_are_the_same_on_every_node() {
    let pages = Pages::start().await;
    let nodes = Pair::start(&[("egress.previews", "127.0.0.1")]).await;
    let (alice, bob, channel) = nodes.couple().await;
    let mut his = bob.socket().await;

    let file = give(&alice, "bird.png", BIRD).await;
    let body = json!({ "channel_id": channel, "content": "a bird", "attachments": [file["id"]] });
    alice.post("/api/v1/messages/", body, 201).await;
    let message = his.expect("new_message").await["message"].clone();
    for part in ["url", "thumbnail_url"] {
        let path = text(&message["attachments"][0][part]);
        let response = bob.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{part}");
        let bytes = response.bytes().await.unwrap();
        assert!(!bytes.is_empty() && (part != "url" || bytes == BIRD), "{part}");
    }

    let pin = format!("/api/v1/messages/{}/pin", text(&message["id"]));
    alice.post(&pin, json!({}), 201).await;
    assert_eq!(his.expect("message_pinned").await["message_id"], message["id"]);
    let pins = bob.get(&format!("/api/v1/channels/{channel}/pins")).await;
    assert_eq!(pins["data"][0]["message"]["id"], message["id"]);

    let draft = json!({ "content": "almost" });
    let path = format!("/api/v1/drafts/{channel}");
    let kept = bob.at(&nodes.here).request(Method::PUT, &path).json(&draft).send().await.unwrap();
    assert_eq!(kept.status(), 200);
    assert_eq!(his.expect("draft_changed").await["content"], "almost");

    let link = say(&alice, &channel, &format!("see {}/birds", pages.url)).await;
    let shown = told(&mut his, &text(&link["id"])).await;
    assert_eq!(shown[0]["title"], "Birds & nests");

    let body = json!({ "channel_id": channel, "name": "CI" });
    let hook = alice.post("/api/v1/webhooks/incoming", body, 201).await;
    let secret = text(&hook["url"]).rsplit('/').next().unwrap().to_owned();
    let url = nodes.there.url(&format!("/hooks/{secret}"));
    let sent = Client::new().post(url).json(&json!({ "text": "a heron was built" })).send().await;
    assert_eq!(sent.unwrap().status(), 200);
    let built = ["a heron was built".to_owned()];
    until("what a program sent is found on both nodes", || async {
        finds(&alice, "heron").await == built && finds(&bob, "heron").await == built
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_at_a_time_or_told_to_others_is_done_once() {
    let mut mailbox = Mailbox::start().await;
    let mut receiver = Receiver::start().await;
    let nodes = Pair::start(&[
        ("egress.webhooks", "127.0.0.1"),
        ("smtp.url", &mailbox.url),
        ("smtp.from", "chat@example.org"),
        ("smtp.tls", "none"),
    ])
    .await;
    let (alice, bob, channel) = nodes.couple().await;
    let wishes = json!({ "email_after_minutes": 0 });
    let path = "/api/v1/notifications/settings";
    let wished = bob.request(Method::PATCH, path).json(&wishes).send().await.unwrap();
    assert_eq!(wished.status(), 200);
    let hook = json!({ "name": "mirror", "url": receiver.url, "channel_id": channel,
        "events": ["message.created"] });
    alice.post("/api/v1/webhooks/outgoing", hook, 201).await;

    let at = rfc3339(SystemClock.now().plus_ms(1_500));
    for number in 0..PLANS {
        let node = if number % 2 == 0 { &nodes.here } else { &nodes.there };
        let body = json!({ "channel_id": channel, "content": format!("@bob plan {number}"),
            "send_at": at });
        alice.at(node).post("/api/v1/scheduled", body, 201).await;
    }
    until("all plans are sent", || async { words(&bob, &channel).await.len() >= PLANS }).await;

    // Calls come in any order; what is done twice comes about when it is done first.
    let (mut calls, mut letters) = (Vec::new(), String::new());
    let plans: Vec<String> = (0..PLANS).map(|number| format!("@bob plan {number}")).collect();
    for last in [plans.clone(), vec!["@bob the end".to_owned()]] {
        while !last.iter().all(|plan| calls.contains(plan)) {
            calls.push(text(&receiver.next().await.json()["data"]["message"]["content"]));
        }
        while !last.iter().all(|plan| letters.contains(plan)) {
            letters += &mailbox.next().await.part("text/plain");
        }
        say(&alice, &channel, "@bob the end").await;
    }
    let said = words(&bob, &channel).await;
    assert_eq!(said.len(), PLANS + 1, "{said:?}");
    for plan in plans {
        assert_eq!(calls.iter().filter(|call| **call == plan).count(), 1, "{calls:?}");
        assert_eq!(letters.matches(&format!("> {plan}")).count(), 1, "{letters}");
    }
    assert!(receiver.is_quiet());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_imported_beside_serving_nodes_is_read_on_all_and_what_is_too_old_goes() {
    let mut receiver = Receiver::start().await;
    let nodes = Pair::start(&[("egress.webhooks", "127.0.0.1")]).await;
    let alice = nodes.here.sign_up_elsewhere("alice", "birds").await;
    let hook = json!({ "name": "mirror", "url": receiver.url, "events": ["message.created"] });
    alice.post("/api/v1/webhooks/outgoing", hook, 201).await;
    block_in_place(|| bring_old_into("birds", &nodes.cluster.settings, &nodes.there, 12));
    let channel = boats(&alice).await;
    let alice_there = alice.at(&nodes.there);
    let before = page(&alice, &channel).await;
    assert_eq!(before.len(), 12);
    assert_eq!(page(&alice_there, &channel).await, before);
    let file = text(&before[0]["attachments"][0]["url"]);
    let opened = alice_there.request(Method::GET, &file).send().await.unwrap();
    assert_eq!(opened.text().await.unwrap(), "here be dragons");

    // Each node deletes in its own channels, soon after it is told of a time or within a quarter of an hour.
    let path = format!("/api/v1/channels/{channel}/retention");
    until("what is too old goes", || async {
        put(&alice, &path, json!(30), 200).await;
        put(&alice_there, &path, json!(30), 200).await;
        let last = format!("/api/v1/messages/{}", text(&before[11]["id"]));
        alice.get(&last).await["is_deleted"] == true
    })
    .await;
    until_gone(&alice, &before).await;
    until_gone(&alice_there, &before).await;
    assert_eq!(words(&alice, &channel).await, words(&alice_there, &channel).await);
    say(&alice, &channel, "and now").await;
    let told = receiver.next().await.json();
    assert_eq!(told["data"]["message"]["content"], "and now", "what is old was told to nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_erased_on_one_node_is_nobody_on_every_node() {
    let nodes = Pair::start(&[]).await;
    let (alice, bob, channel) = nodes.couple().await;
    let carl = nodes.there.sign_up_as(&alice, "carl", "analyst").await.at(&nodes.there);
    carl.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let group = json!({ "handle": "keepers", "member_ids": [bob.id, carl.id] });
    alice.post("/api/v1/groups/", group, 201).await;
    let said = say(&bob, &channel, "ahoy").await;
    let path = format!("/api/v1/messages/{}", text(&said["id"]));
    for person in [&alice, &carl] {
        // Either node has read them under their name.
        assert_eq!(person.get(&path).await["author"]["username"], "bob");
    }
    let (mut his, mut carls) = (bob.socket().await, carl.socket().await);

    let erase = format!("/api/v1/users/{}/erase", bob.id);
    alice.post(&erase, json!({}), 202).await;
    assert!((4000..5000).contains(&his.close_code().await), "a socket elsewhere is closed");
    let left = carls.expect("group_changed").await;
    assert_eq!(left["group"]["member_ids"], json!([carl.id]));
    while carls.expect("user_renamed").await["channel_id"] != json!(channel) {}
    // What a node has looked up it believes for some seconds.
    until("their token opens nothing on another node", || async {
        let asked = bob.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
        asked.status() == 401
    })
    .await;
    until("they have no name on either node", || async {
        let (here, there) = (alice.get(&path).await, carl.get(&path).await);
        [here, there].iter().all(|message| {
            let is_nobody = message["author"]["full_name"] == "Deleted person";
            is_nobody && message["content"] == "ahoy"
        })
    })
    .await;

    alice.at(&nodes.there).post(&erase, json!({ "delete_messages": true }), 202).await;
    until("their words are gone on either node", || async {
        alice.get(&path).await["is_deleted"] == true && carl.get(&path).await["is_deleted"] == true
    })
    .await;
    say(&carl, &channel, "and on").await;
    assert_eq!(words(&alice, &channel).await, words(&carl, &channel).await);
}
