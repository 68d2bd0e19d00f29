//! Two real nodes on one database and one Redis: one server to whoever uses it, also while one of them
//! or Redis is gone.
//!
//! They need Cassandra and Redis: `tests/cassandra.sh tests/services.sh cargo test --test it cluster`.

mod around;
mod sessions;

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use scylla::client::session_builder::SessionBuilder;
use serde_json::{Value, json};
use starling_load::checker;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::block_in_place;
use tokio::time::Instant;

use crate::faults::clients::{History, write};
use crate::world::{PATIENCE, Person, Server, text};

/// How long a channel may be without an owner after a kill.
const TAKEOVER_MAX: Duration = Duration::from_secs(5);
/// How long a writer may wait while a node that is told to stop gives its channels away.
const STOP_WAIT_MAX: Duration = Duration::from_secs(2);
/// Channels over two nodes at first: so many are all one node's once in 128 runs.
const CHANNELS: usize = 8;
/// Pause between two looks at something that another process does.
const LOOK_EVERY: Duration = Duration::from_millis(20);

#[allow(clippy::disallowed_methods, reason = "tests find their services in the environment")]
pub(crate) fn service(variable: &str, script: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run this by tests/{script}"))
}

/// A cluster's settings, with a keyspace of its own, which is gone with it.
pub(crate) struct Cluster {
    pub(crate) settings: Vec<(String, String)>,
    _keyspace: Keyspace,
}

impl Cluster {
    /// Whose nodes have no folder in common; none of these tests uploads anything.
    pub(crate) fn with_redis(url: &str) -> Self {
        Self::with(url, &[("files.shared".to_owned(), "true".to_owned())])
    }

    /// Whose files are where these settings say.
    pub(crate) fn with_files(files: &[(String, String)]) -> Self {
        Self::with(&service("STARLING_TEST_REDIS", "services.sh"), files)
    }

    fn with(redis_url: &str, files: &[(String, String)]) -> Self {
        let keyspace = Keyspace(format!("it_{:016x}", rand::random::<u64>()));
        let mut settings = settings_of(&keyspace.0, redis_url);
        settings.extend_from_slice(files);
        Self { settings, _keyspace: keyspace }
    }

    pub(crate) fn start(&self) -> Server {
        let settings: Vec<(&str, &str)> =
            self.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        block_in_place(|| Server::start(&settings))
    }
}

/// What every node of a cluster is told.
pub(crate) fn settings_of(keyspace: &str, redis_url: &str) -> Vec<(String, String)> {
    let secret = |name: &str| format!("{name} of all nodes in this test, and of no others");
    let settings = [
        ("storage.kind", "scylla".to_owned()),
        ("scylla.nodes", database()),
        ("scylla.keyspace", keyspace.to_owned()),
        ("redis.url", redis_url.to_owned()),
        ("cluster.listen", "127.0.0.1:0".to_owned()),
        ("cluster.secret", secret("cluster")),
        ("tokens.access_secret", secret("access")),
        ("tokens.refresh_secret", secret("refresh")),
        ("vault.master_key", secret("vault")),
    ];
    settings.map(|(key, value)| (key.to_owned(), value)).into()
}

/// The database of all tests.
fn database() -> String {
    service("STARLING_TEST_SCYLLA", "cassandra.sh")
}

/// A keyspace that is dropped with its test: each takes some 20 MB of the database's heap.
struct Keyspace(String);

impl Drop for Keyspace {
    fn drop(&mut self) {
        let statement = format!("DROP KEYSPACE IF EXISTS {}", self.0);
        let dropping = async move {
            let session = SessionBuilder::new().known_node(database()).build().await;
            let session = session.map_err(|error| error.to_string())?;
            session.query_unpaged(statement, ()).await.map_err(|error| error.to_string())
        };
        // A runtime of its own: the test's may be at its end.
        let dropped = thread::spawn(|| Runtime::new().unwrap().block_on(dropping)).join().unwrap();
        if !thread::panicking() {
            dropped.expect("the keyspace of this test is dropped");
        }
    }
}

/// Looks until it is so.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// The count that a metric without labels shows.
async fn metric(server: &Server, name: &str) -> usize {
    let page = reqwest::get(server.url("/metrics")).await.unwrap().text().await.unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.map_or(0, |number| number.parse().unwrap())
}

pub(crate) async fn see_each_other(nodes: &[&Server]) {
    for node in nodes {
        let all = nodes.len();
        until("all nodes are members", || async move {
            metric(node, "starling_cluster_members").await == all
        })
        .await;
    }
}

/// Sends until it is acknowledged, with one id; gives the message.
async fn say(person: &Person, channel: &str, words: &str) -> Value {
    let body = json!({ "channel_id": channel, "content": words, "client_message_id": words });
    let sending = async {
        loop {
            let sent = person.request(Method::POST, "/api/v1/messages/").json(&body).send().await;
            let sent = sent.unwrap();
            if sent.status().is_success() {
                return sent.json().await.unwrap();
            }
            assert!(sent.status().is_server_error(), "{}", sent.status());
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, sending).await.expect("an acknowledgement")
}

/// The words in a channel, oldest first; the places must be without a gap.
async fn words(person: &Person, channel: &str) -> Vec<String> {
    let path = format!("/api/v1/channels/{channel}/events?after=0&limit=200");
    let page = person.get(&path).await;
    let events = page["events"].as_array().unwrap();
    let places: Vec<u64> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert!(places.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{places:?}");
    let messages = events.iter().filter(|event| event["type"] == "new_message");
    messages.map(|event| text(&event["message"]["content"])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_are_one_server_and_one_goes_on_when_the_other_is_killed() {
    let cluster = Cluster::with_redis(&service("STARLING_TEST_REDIS", "services.sh"));
    let (mut here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let alice = here.sign_up("alice").await;
    let bob = there.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;

    // The same person on both nodes, and another one on the other.
    let mut ears = bob.socket().await;
    let mut at_home = alice.socket().await;
    let mut on_the_road = alice.at(&there).socket().await;
    say(&alice, &channel, "from here").await;
    say(&bob, &channel, "from there").await;
    for socket in [&mut ears, &mut at_home, &mut on_the_road] {
        assert_eq!(socket.expect("new_message").await["message"]["content"], "from here");
        assert_eq!(socket.expect("new_message").await["message"]["content"], "from there");
    }
    assert_eq!(words(&bob, &channel).await, words(&alice, &channel).await);

    // Channels of both nodes, written to by the one that stays while the other one dies.
    let alice = alice.at(&there);
    let mut channels = Vec::new();
    let owned = async |node: &Server| metric(node, "starling_channels_owned").await;
    let since = Instant::now();
    // A node that has just come is given channels after a while, when the next message comes.
    while channels.len() < CHANNELS || owned(&here).await == 0 || owned(&there).await == 0 {
        assert!(since.elapsed() < PATIENCE, "one node owns all of {} channels", channels.len());
        channels.push(alice.channel(&format!("channel-{}", channels.len())).await);
        for channel in &channels {
            say(&alice, channel, &format!("before {}", channels.len())).await;
        }
    }
    let history = History::default();
    let (stop, stopped) = watch::channel(false);
    let writers: Vec<_> = channels
        .iter()
        .map(|channel| {
            let seat = (there.address.clone(), alice.clone(), channel.clone());
            tokio::spawn(write(seat, history.clone(), stopped.clone()))
        })
        .collect();
    until("everyone writes", || async { history.acknowledged() > channels.len() * 3 }).await;

    let killed = Instant::now();
    block_in_place(|| here.kill());
    // In each for itself: what counts is how long a channel has no owner, not how many there are.
    let waits = join_all(channels.iter().map(async |channel| {
        say(&alice, channel, "after").await;
        killed.elapsed()
    }));
    let waits = waits.await;

    let stalled = waits.iter().max().unwrap();
    assert!(*stalled < TAKEOVER_MAX, "channels of the dead node were silent for {waits:?}");
    stop.send_replace(true);
    for writer in writers {
        writer.await.unwrap();
    }
    for channel in &channels {
        history.read_log(&alice, channel).await;
    }
    let findings: Vec<_> =
        checker::check(&history.records()).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(words(&bob, &channel).await, ["from here", "from there"]);
}

/// A Redis of one test.
struct OwnRedis {
    child: Child,
    port: u16,
}

impl OwnRedis {
    fn start(port: u16) -> Self {
        let port_word = port.to_string();
        let words =
            ["--bind", "127.0.0.1", "--port", &port_word, "--save", "", "--appendonly", "no"];
        let child = Command::new("redis-server").args(words).stdout(Stdio::null()).spawn();
        Self { child: child.expect("redis-server, which tests/services.sh installs"), port }
    }

    fn on_a_free_port() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        Self::start(port)
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// What `/ready` says, with its status.
async fn readiness(server: &Server) -> (u16, String) {
    let response = reqwest::get(server.url("/ready")).await.unwrap();
    let status = response.status().as_u16();
    (status, text(&response.json::<Value>().await.unwrap()["status"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_everyone_writes_and_reads_on_and_catches_up_when_it_is_back() {
    let mut redis = OwnRedis::on_a_free_port();
    let cluster = Cluster::with_redis(&format!("redis://127.0.0.1:{}", redis.port));
    let (here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let alice = here.sign_up("alice").await;
    let bob = there.sign_up("bob").await;
    let channel = alice.channel("birds").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    let mut ears = [alice.socket().await, bob.socket().await];
    say(&alice, &channel, "first").await;
    for socket in &mut ears {
        assert_eq!(socket.expect("new_message").await["message"]["content"], "first");
    }

    redis.kill();
    for node in [&here, &there] {
        until("it says that Redis is gone", || async {
            readiness(node).await == (200, "degraded".to_owned())
        })
        .await;
    }
    say(&alice, &channel, "second").await;
    say(&bob, &channel, "third").await;
    let expected = ["first", "second", "third"];
    assert_eq!(words(&alice, &channel).await, expected);
    assert_eq!(words(&bob, &channel).await, expected);

    let _redis = OwnRedis::start(redis.port);
    for socket in &mut ears {
        assert_eq!(socket.expect("new_message").await["message"]["content"], "second");
        assert_eq!(socket.expect("new_message").await["message"]["content"], "third");
    }
    for node in [&here, &there] {
        until("it is ready again", || async { readiness(node).await == (200, "ready".to_owned()) })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_stopped_in_order_leaves_no_one_waiting() {
    let cluster = Cluster::with_redis(&service("STARLING_TEST_REDIS", "services.sh"));
    let (mut here, there) = (cluster.start(), cluster.start());
    see_each_other(&[&here, &there]).await;
    let alice = here.sign_up("alice").await;
    let mut channels = Vec::new();
    for number in 0..CHANNELS {
        channels.push(alice.channel(&format!("channel-{number}")).await);
        say(&alice, &channels[number], "before").await;
    }
    let alice = alice.at(&there);

    block_in_place(|| {
        let process = here.process_id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
    });
    let mut longest = Duration::ZERO;
    let mut number = 0;
    while metric(&there, "starling_cluster_members").await > 1 || number < 3 {
        number += 1;
        for channel in &channels {
            let since = Instant::now();
            say(&alice, channel, &format!("during {number}")).await;
            longest = longest.max(since.elapsed());
        }
    }

    assert!(block_in_place(|| here.wait()).success());
    assert!(longest < STOP_WAIT_MAX, "somebody waited for {longest:?}");
    for channel in &channels {
        assert_eq!(words(&alice, channel).await.len(), 1 + number);
    }
}
