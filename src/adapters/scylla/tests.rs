//! The store on a real database, which `tests/cassandra.sh` starts.

mod audit_log;
mod contract;
mod directory;
mod log;
mod lost;
mod quorum;
mod records;
mod salted;
mod salted_store;
mod session;

use std::future::Future;
use std::sync::OnceLock;
use std::thread;

use starling_actors::memory::ManualClock;
use tokio::runtime::Runtime;

use super::{Settings, Store};

/// The runtime on which sessions live, since they outlast the test that opens them.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// Runs work there from a test, which has a runtime of its own.
fn on_runtime<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    thread::spawn(|| runtime().block_on(work)).join().unwrap()
}

/// A keyspace name that no other run and no other test has.
fn fresh_keyspace() -> String {
    format!("test_{:032x}", rand::random::<u128>())
}

/// Where the database of the tests is.
#[expect(clippy::disallowed_methods, reason = "said by the script that started it")]
fn settings(keyspace: &str) -> Settings {
    let Ok(nodes) = std::env::var("STARLING_TEST_SCYLLA") else {
        panic!("STARLING_TEST_SCYLLA is not set: run this test under tests/cassandra.sh");
    };
    let nodes: Vec<String> = nodes.split(',').map(str::to_owned).collect();
    let replication = u32::try_from(nodes.len()).unwrap();
    Settings { nodes, keyspace: keyspace.to_owned(), replication, ..Settings::default() }
}

/// One store for all tests that bring ids of their own: making a keyspace takes a second.
fn shared_store() -> Store {
    static STORE: OnceLock<Store> = OnceLock::new();
    let open = || {
        on_runtime(async {
            Store::open(&settings(&fresh_keyspace()), &ManualClock::default()).await.unwrap()
        })
    };
    STORE.get_or_init(open).clone()
}
