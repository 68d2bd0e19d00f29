//! A database that asks for a password and speaks TLS only.
//!
//! It is one of its own: `tests/cassandra.sh --secured cargo test --test it secured -- --ignored`, which
//! `make test` does.

use tokio::task::block_in_place;

use crate::cluster::{service, settings_of};
use crate::world::{Server, command_of};

/// Nobody is there. A node starts without, and hears of others when it comes.
const NO_REDIS: &str = "redis://127.0.0.1:1";

/// The settings of a node on the secured database, with what is changed of them.
fn settings(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let authority = service("STARLING_TEST_SCYLLA_AUTHORITY", "cassandra.sh --secured");
    let authority = std::fs::read_to_string(authority).unwrap();
    let mut settings = settings_of(&format!("it_{:016x}", rand::random::<u64>()), NO_REDIS);
    settings.push(("files.shared".to_owned(), "true".to_owned()));
    let secured = [
        ("scylla.user", "cassandra"),
        ("scylla.password", "cassandra"),
        ("scylla.tls", "true"),
        ("scylla.tls_authority", &authority),
    ];
    let kept = secured.iter().filter(|(key, _)| !changes.iter().any(|(other, _)| other == key));
    settings.extend(kept.chain(changes).map(|(key, value)| ((*key).into(), (*value).into())));
    settings
}

/// What a node says that does not start.
fn refusal(changes: &[(&str, &str)]) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut command = command_of(&[] as &[&str], data.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data.path());
    for (key, value) in settings(changes) {
        command.arg("--set").arg(format!("{key}={value}"));
    }
    let ended = command.output().unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8(ended.stderr).unwrap();
    // Its own last words, not what it logged before.
    said.lines().filter(|line| !line.starts_with('{')).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs under tests/cassandra.sh --secured"]
async fn a_node_starts_with_the_password_and_the_authority_of_its_database() {
    let settings = settings(&[]);
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();

    let server = block_in_place(|| Server::start(&settings));

    let alice = server.sign_up("alice").await;
    alice.channel("birds").await;
}

#[test]
#[ignore = "runs under tests/cassandra.sh --secured"]
fn a_wrong_password_is_told_at_the_start() {
    let said = refusal(&[("scylla.password", "wrong")]);

    assert!(said.contains("scylla.nodes") && said.contains("password"), "{said}");
}

#[test]
#[ignore = "runs under tests/cassandra.sh --secured"]
fn a_certificate_that_nobody_trusts_is_told_at_the_start() {
    let said = refusal(&[("scylla.tls_authority", "")]);

    assert!(said.contains("scylla.nodes") && said.contains("certificate"), "{said}");
}

#[test]
#[ignore = "runs under tests/cassandra.sh --secured"]
fn a_node_that_speaks_no_tls_does_not_start() {
    let said = refusal(&[("scylla.tls", "false"), ("scylla.tls_authority", "")]);

    assert!(said.contains("scylla.nodes"), "{said}");
}
