//! Nodes that start for the first time: several at once on a new database, and with what is not right.
//!
//! They need Cassandra and Redis: `tests/cassandra.sh tests/services.sh cargo test --test it first_starts`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cluster::{Cluster, service};
use crate::world::{command_of, json_of, text};

/// Nodes that start at once.
const NODES: usize = 3;
/// The file with what a node prints for the person at the terminal.
const PRINTED: &str = "printed";

/// A process of a node that nobody has waited for yet; killed when dropped.
struct Node {
    child: Child,
    data: TempDir,
}

impl Node {
    fn spawn(cluster: &Cluster) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut command: Command = command_of(&[] as &[&str], data.path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data.path());
        for (key, value) in &cluster.settings {
            command.arg("--set").arg(format!("{key}={value}"));
        }
        let printed = fs::File::create(data.path().join(PRINTED)).unwrap();
        let child = command.stderr(Stdio::piped()).stdout(printed).spawn().unwrap();
        Self { child, data }
    }

    /// Reads what it logs until it listens; gives its address.
    fn address(&mut self) -> String {
        let mut lines = BufReader::new(self.child.stderr.take().unwrap()).lines();
        let mut seen = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("a node ended before it listened: {seen:#?}");
            };
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if said["fields"]["message"] == "listening" {
                break text(&said["fields"]["address"]);
            }
            seen.push(line);
        };
        // The pipe must be read on, or the node blocks when it is full.
        thread::spawn(move || lines.for_each(drop));
        address
    }

    /// The password of the first admin, if this node showed one at the terminal.
    fn shown_password(&self) -> Option<String> {
        let printed = fs::read_to_string(self.data.path().join(PRINTED)).unwrap();
        let shown = printed.lines().find_map(|line| line.trim().strip_prefix("password"));
        shown.map(|password| password.trim().to_owned())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_that_start_at_once_on_a_new_database_come_up_with_one_admin() {
    let cluster = Cluster::with_redis(&service("STARLING_TEST_REDIS", "services.sh"));
    let mut nodes: Vec<Node> = (0..NODES).map(|_| Node::spawn(&cluster)).collect();

    // Each in its own order, whichever is ready first.
    let addresses: Vec<String> = tokio::task::block_in_place(|| {
        thread::scope(|scope| {
            let waiting = nodes.iter_mut().map(|node| scope.spawn(|| node.address()));
            let waiting: Vec<_> = waiting.collect();
            waiting.into_iter().map(|node| node.join().unwrap()).collect()
        })
    });
    let anyone = reqwest::Client::new();
    for (number, address) in addresses.iter().enumerate() {
        let person = json!({
            "email": format!("person{number}@example.org"),
            "username": format!("person{number}"),
            "password": crate::world::PASSWORD,
        });
        let url = format!("http://{address}/api/v1/auth/register");
        json_of(anyone.post(url).json(&person).send().await.unwrap(), 201).await;
    }

    let shown: Vec<String> = nodes.iter().filter_map(Node::shown_password).collect();
    assert_eq!(shown.len(), 1, "one password is shown, by whichever node");
    for address in &addresses {
        let admin = json!({ "email": "admin@starling.local", "password": shown[0] });
        let url = format!("http://{address}/api/v1/auth/login");
        json_of(anyone.post(url).json(&admin).send().await.unwrap(), 200).await;
    }
}
