//! How often the hubs may fail before the tree is given up.

use std::time::Duration;

use tokio::time::Instant;

/// Failures within [`WINDOW`] with which the tree is given up: a passing fault costs one or two, a
/// bug fails every time.
const FAILURES_MAX: u32 = 5;
/// The time in which failures are counted together.
const WINDOW: Duration = Duration::from_secs(60);

/// Counts failures within a window. A pure value: the time is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    since: Option<Instant>,
    spent: u32,
}

impl Budget {
    /// Counts a failure; `false` when it was one too many.
    pub(crate) fn spend(&mut self, now: Instant) -> bool {
        match self.since {
            Some(since) if now.duration_since(since) < WINDOW => self.spent += 1,
            Some(_) | None => *self = Self { since: Some(now), spent: 1 },
        }
        self.spent < FAILURES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn failures_are_counted_within_their_window_only() {
        // (seconds at which it fails, whether it is spent after the last one)
        let table: [(&[u64], bool); 5] = [
            (&[0], false),
            (&[0, 1, 2, 3], false),
            (&[0, 1, 2, 3, 4], true),
            (&[0, 1, 2, 3, 61], false),
            (&[0, 1, 2, 3, 61, 62, 63, 64, 65], true),
        ];
        let start = Instant::now();
        for (failures, spent) in table {
            let mut budget = Budget::default();
            let mut now = start;
            let mut is_left = true;
            for seconds in failures {
                now = start + Duration::from_secs(*seconds);
                is_left = budget.spend(now);
            }
            assert_eq!(is_left, !spent, "{failures:?}");
            assert!(budget.spend(now + WINDOW), "{failures:?}");
        }
    }
}
