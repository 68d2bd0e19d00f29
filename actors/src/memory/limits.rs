//! What is counted by several nodes of one process.
//!
//! **Invariant:** a call counts on all of its limits or on none.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::ports::{LimitsUnavailable, SharedLimit, SharedLimits};

/// The counts of all nodes that share this value.
#[derive(Debug, Default)]
pub struct LocalLimits {
    counts: Mutex<HashMap<String, Count>>,
    is_cut: AtomicBool,
}

#[derive(Debug)]
struct Count {
    count: u32,
    until: Instant,
}

impl LocalLimits {
    /// Nodes cannot count together any more, or can again.
    pub fn cut(&self, is_cut: bool) {
        self.is_cut.store(is_cut, Ordering::Relaxed);
    }

    fn checked(&self) -> Result<(), LimitsUnavailable> {
        if self.is_cut.load(Ordering::Relaxed) { Err(LimitsUnavailable) } else { Ok(()) }
    }
}

#[async_trait]
impl SharedLimits for LocalLimits {
    async fn take(&self, limits: &[SharedLimit]) -> Result<Option<Duration>, LimitsUnavailable> {
        self.checked()?;
        let now = Instant::now();
        let mut counts = self.counts.lock();
        counts.retain(|_, count| now < count.until);
        let full = limits.iter().find_map(|limit| {
            let count = counts.get(&limit.key)?;
            (count.count >= limit.max).then(|| count.until - now)
        });
        if full.is_some() {
            return Ok(full);
        }
        for limit in limits {
            let fresh = Count { count: 0, until: now + limit.window };
            counts.entry(limit.key.clone()).or_insert(fresh).count += 1;
        }
        Ok(None)
    }

    async fn give_back(&self, keys: &[String]) -> Result<(), LimitsUnavailable> {
        self.checked()?;
        let mut counts = self.counts.lock();
        for key in keys {
            if let Some(count) = counts.get_mut(key) {
                count.count = count.count.saturating_sub(1);
            }
        }
        Ok(())
    }

    async fn forget(&self, key: &str) -> Result<(), LimitsUnavailable> {
        self.checked()?;
        self.counts.lock().remove(key);
        Ok(())
    }
}
