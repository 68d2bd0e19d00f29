//! Once a second: what is counted inside becomes metrics.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::Node;

/// How often metrics that nobody pushes are read.
const TICK: Duration = Duration::from_secs(1);

/// Reads the node's counts for ever. Off the hot path: queues are looked at, nobody reports.
pub(super) async fn measure(node: &Node) -> Infallible {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let recent =
            u32::try_from(node.recent_messages.swap(0, Ordering::Relaxed)).unwrap_or(u32::MAX);
        metrics::gauge!("starling_messages_per_second").set(f64::from(recent));
        for count in node.core.counts() {
            metrics::counter!("starling_actor_restarts_total", "actor" => count.actor)
                .absolute(count.restarts);
            #[allow(clippy::cast_precision_loss, reason = "a count of actors is far below 2^52")]
            metrics::gauge!("starling_actors", "actor" => count.actor).set(count.live as f64);
        }
        if node.is_cluster() {
            measure_cluster(node);
        }
        for (queue, depth) in node.queues() {
            #[allow(clippy::cast_precision_loss, reason = "what waits is bounded far below 2^52")]
            metrics::gauge!("starling_queue_depth", "queue" => queue).set(depth as f64);
        }
    }
}

/// What this node does for and with the others.
fn measure_cluster(node: &Node) {
    let counts = node.core.channels.cluster_counts();
    #[allow(clippy::cast_precision_loss, reason = "a node opens far fewer channels than 2^52")]
    metrics::gauge!("starling_channels_owned").set(counts.channels_owned as f64);
    metrics::counter!("starling_handover_total").absolute(counts.handovers);
    for (outcome, count) in counts.forwarded_orders {
        metrics::counter!("starling_forwarded_orders_total", "outcome" => outcome).absolute(count);
    }
}
