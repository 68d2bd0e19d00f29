//! The lines of the contract of [`SharedLimits`](crate::ports::SharedLimits), as tests of any adapter.
//!
//! An adapter may need a moment before it counts, so each line begins when it does.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::ports::{SharedLimit, SharedLimits};

/// Two nodes that count together.
pub type Nodes = [Arc<dyn SharedLimits>; 2];

/// A window that no line outlives.
const LONG: Duration = Duration::from_secs(60);
/// A window that is waited for.
const SHORT: Duration = Duration::from_millis(200);
/// Pause between two looks at an adapter that is not ready.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long anything may take on a machine that is busy with other things.
const DEADLINE: Duration = Duration::from_secs(10);

fn limit(key: &str, max: u32, window: Duration) -> SharedLimit {
    SharedLimit { key: key.to_owned(), max, window }
}

async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    timeout(DEADLINE, looking).await.expect("it comes to be so");
}

async fn ready(nodes: &Nodes) {
    for node in nodes {
        until(async || node.take(&[limit("warm", u32::MAX, LONG)]).await.is_ok()).await;
    }
}

async fn takes(node: &Arc<dyn SharedLimits>, limit: &SharedLimit) -> bool {
    node.take(std::slice::from_ref(limit)).await.unwrap().is_none()
}

/// However many come at once and wherever, so many get through; the others hear how long to wait.
pub async fn of_many_that_are_taken_at_once_on_several_nodes_only_so_many_get_through(
    nodes: Nodes,
) {
    ready(&nodes).await;
    let taking: Vec<_> = (0..40)
        .map(|place| {
            let node = Arc::clone(&nodes[place % 2]);
            tokio::spawn(async move { node.take(&[limit("ann", 5, LONG)]).await.unwrap() })
        })
        .collect();

    let mut waits = Vec::new();
    for one in taking {
        waits.extend(one.await.unwrap());
    }
    assert_eq!(waits.len(), 35);
    assert!(waits.iter().all(|wait| !wait.is_zero() && *wait <= LONG), "{waits:?}");
}

/// A call that is refused by one limit counts on none.
pub async fn a_full_limit_counts_nothing_elsewhere(nodes: Nodes) {
    ready(&nodes).await;
    let (full, other) = (limit("full", 1, LONG), limit("other", 1, LONG));
    assert!(takes(&nodes[0], &full).await);

    for node in &nodes {
        assert!(node.take(&[other.clone(), full.clone()]).await.unwrap().is_some());
    }

    assert!(takes(&nodes[1], &other).await);
    assert!(!takes(&nodes[0], &other).await);
}

/// A window begins with the first that is counted, and ends with it.
pub async fn what_is_counted_is_forgotten_with_its_window(nodes: Nodes) {
    ready(&nodes).await;
    let short = limit("short", 1, SHORT);
    assert!(takes(&nodes[0], &short).await);
    assert!(!takes(&nodes[1], &short).await);

    until(async || takes(&nodes[1], &short).await).await;
}

/// One that is given back, and all of a key that is forgotten, count no more; what was never counted
/// cannot be given back.
pub async fn what_was_taken_back_or_forgotten_can_be_taken_again(nodes: Nodes) {
    ready(&nodes).await;
    let two = limit("two", 2, LONG);
    assert!(takes(&nodes[0], &two).await && takes(&nodes[1], &two).await);
    assert!(!takes(&nodes[0], &two).await);

    nodes[1].give_back(&["two".to_owned(), "never".to_owned()]).await.unwrap();
    assert!(takes(&nodes[0], &two).await);
    assert!(!takes(&nodes[0], &two).await);

    nodes[0].forget("two").await.unwrap();
    assert!(takes(&nodes[1], &two).await && takes(&nodes[1], &two).await);
    assert!(!takes(&nodes[1], &two).await);
    assert!(takes(&nodes[0], &limit("never", 1, LONG)).await);
}
