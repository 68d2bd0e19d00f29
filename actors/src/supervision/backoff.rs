//! How long to wait before something that failed is tried again.

use std::time::Duration;

use tokio::time::Instant;

/// The first wait; a log that only hiccuped is back by then.
const WAIT_MIN: Duration = Duration::from_millis(100);
/// The longest wait: a log that comes back is noticed within this time.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Failures in a row, and until when nothing is tried.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
    until: Option<Instant>,
}

impl Backoff {
    /// Counts a failure: each in a row doubles the wait.
    pub(crate) fn fail(&mut self, now: Instant) {
        let doubled = WAIT_MIN.saturating_mul(2_u32.saturating_pow(self.failures));
        self.until = Some(now + doubled.min(WAIT_MAX));
        self.failures = self.failures.saturating_add(1);
    }

    /// It worked: the next failure waits shortly again.
    pub(crate) fn succeed(&mut self) {
        *self = Self::default();
    }

    /// Whether it is too early to try again.
    pub(crate) fn holds(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// Whether nothing has failed for so long that the failures count no more.
    pub(crate) fn is_forgotten(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now > until + 2 * WAIT_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_failure_in_a_row_doubles_the_wait_up_to_a_limit() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for wait_ms in [100, 200, 400, 800, 1600, 3200, 5000, 5000] {
            backoff.fail(now);
            assert!(backoff.holds(now + Duration::from_millis(wait_ms - 1)), "{wait_ms}");
            assert!(!backoff.holds(now + Duration::from_millis(wait_ms)), "{wait_ms}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn success_takes_the_wait_back() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        backoff.fail(now);
        backoff.succeed();
        assert!(!backoff.holds(now));
        assert!(backoff.is_forgotten(now));
    }
}
