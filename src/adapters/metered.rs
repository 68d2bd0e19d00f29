//! Appends that are timed and counted on their way to the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use metrics::{Counter, Histogram, counter, histogram};
use starling_actors::ports::{Append, AppendOutcome, LogError, LogTap, MessageLog};
use tokio::time::Instant;

/// Measures appends.
pub struct Metered {
    seconds: Histogram,
    messages: Counter,
    /// Messages since the rate was last read.
    recent: Arc<AtomicU64>,
}

impl Metered {
    /// The recorder of metrics is installed by then.
    pub fn new(recent: Arc<AtomicU64>) -> Self {
        Self {
            seconds: histogram!("starling_append_seconds"),
            messages: counter!("starling_messages_sent_total"),
            recent,
        }
    }
}

#[async_trait]
impl LogTap for Metered {
    async fn append(
        &self,
        log: &dyn MessageLog,
        append: Append,
    ) -> Result<AppendOutcome, LogError> {
        let messages = append.entries.iter().filter(|entry| entry.posted().is_some()).count();
        let started = Instant::now();
        let outcome = log.append(append).await;
        self.seconds.record(started.elapsed().as_secs_f64());
        if outcome == Ok(AppendOutcome::Applied) {
            self.messages.increment(messages as u64);
            self.recent.fetch_add(messages as u64, Ordering::Relaxed);
        }
        outcome
    }
}
