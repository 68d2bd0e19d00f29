//! Once a second: what is counted inside becomes metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use starling_actors::system::Core;
use tokio::time::MissedTickBehavior;

/// How often metrics that nobody pushes are read.
const TICK: Duration = Duration::from_secs(1);

/// Reads the core's counts for ever.
pub(super) async fn measure(core: Core, recent_messages: Arc<AtomicU64>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let recent = u32::try_from(recent_messages.swap(0, Ordering::Relaxed)).unwrap_or(u32::MAX);
        metrics::gauge!("starling_messages_per_second").set(f64::from(recent));
        for count in core.counts() {
            metrics::counter!("starling_actor_restarts_total", "actor" => count.actor)
                .absolute(count.restarts);
            #[allow(clippy::cast_precision_loss, reason = "a count of actors is far below 2^52")]
            metrics::gauge!("starling_actors", "actor" => count.actor).set(count.live as f64);
        }
    }
}
