//! What a person sends over all nodes.
//!
//! Each node lets through what its own allowance has, and counts it over all nodes beside that: a send
//! waits for no other machine. Who has used up what there is for all nodes together is let through by
//! none for a while, one message late on each.
//!
//! **Invariant:** what one node alone lets through is never too much for all: in any time an allowance
//! gives its burst and what grows in that time, and so much is let through over all nodes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::parts::Parts;
use crate::domain::UserId;
use crate::ports::{SharedLimit, SharedLimits};

/// Over how long messages are counted. Longer is closer to the rate (here 1.2 times of it, over all nodes),
/// shorter forgives sooner.
const WINDOW_SECONDS: u32 = 5;
/// Messages that are being counted at once. More are not counted: whoever counts is slow then.
const COUNTING_MAX: usize = 1_024;

/// Counts messages over all nodes.
pub(super) struct Sharing {
    limits: Arc<dyn SharedLimits>,
    places: Arc<Semaphore>,
}

impl Sharing {
    pub(super) fn new(limits: Arc<dyn SharedLimits>) -> Self {
        Self { limits, places: Arc::new(Semaphore::new(COUNTING_MAX)) }
    }
}

/// Counts a message that this node lets through; nothing on a single machine.
pub(super) fn count(parts: &Arc<Parts>, user: UserId) {
    let per_second = parts.allowances.rate().per_second;
    let Some(sharing) = parts.sharing.as_ref().filter(|_| per_second > 0) else { return };
    let Ok(place) = Arc::clone(&sharing.places).try_acquire_owned() else { return };
    let limit = SharedLimit {
        key: format!("messages/{user}"),
        max: per_second.saturating_mul(WINDOW_SECONDS + 1),
        window: Duration::from_secs(WINDOW_SECONDS.into()),
    };
    let (limits, parts) = (Arc::clone(&sharing.limits), Arc::clone(parts));
    tokio::spawn(async move {
        // Without the others this node's own allowance has to do.
        if let Ok(Some(wait)) = limits.take(&[limit]).await {
            parts.allowances.block(user, wait, Instant::now());
        }
        drop(place);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{LocalBus, LocalLimits, MemoryDirectory};
    use crate::presence::Board;
    use crate::relay::Relays;
    use crate::session::allowance::{Allowances, Rate};

    const USER: UserId = UserId::from_u128(7);
    const PER_SECOND: u32 = 3;

    fn node(limits: &Arc<LocalLimits>) -> Arc<Parts> {
        let rate = Rate { per_second: PER_SECOND, cooldown: Duration::from_secs(2) };
        let limits: Arc<dyn SharedLimits> = Arc::clone(limits) as _;
        Arc::new(Parts {
            directory: Arc::new(MemoryDirectory::default()),
            bus: Arc::new(LocalBus::default()),
            relays: Relays::new(),
            presence: Board::default(),
            allowances: Allowances::new(rate),
            changes: Allowances::new(rate),
            sharing: Some(Sharing::new(limits)),
            looks: Semaphore::new(1),
            open: Default::default(),
            hub: Default::default(),
        })
    }

    /// Sends as fast as allowed on all nodes for some seconds; how much was let through in each.
    async fn send(nodes: &[Arc<Parts>], seconds: usize) -> Vec<usize> {
        let mut taken = Vec::new();
        for _ in 0..seconds {
            let mut through = 0;
            for _ in 0..PER_SECOND {
                through += nodes.iter().filter(|node| node.admit(USER).is_ok()).count();
                // Lets what counts beside the sends count.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            taken.push(through);
            tokio::time::sleep(Duration::from_millis(997)).await;
        }
        taken
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_over_three_nodes_soon_has_no_more_than_over_one() {
        let limits = Arc::<LocalLimits>::default();
        let nodes = [node(&limits), node(&limits), node(&limits)];

        let taken = send(&nodes, 10).await;

        // 18 in five seconds, and one on each node until it hears that there is no more.
        assert_eq!(taken[..5], [9, 9, 3, 0, 0]);
        assert!(taken[5..].iter().sum::<usize>() <= 21, "{taken:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn on_one_node_everything_is_as_without_others_and_without_them_too() {
        let limits = Arc::<LocalLimits>::default();
        assert_eq!(send(&[node(&limits)], 12).await, [3; 12]);

        limits.cut(true);
        let nodes = [node(&limits), node(&limits)];
        assert_eq!(send(&nodes, 12).await, [6; 12]);
    }
}
