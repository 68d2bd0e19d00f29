//! The machine's clock and its source of randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use starling_actors::domain::Timestamp;
use starling_actors::ports::Clock;

/// The wall clock of this machine and the operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock port's own adapter")]
    fn now(&self) -> Timestamp {
        let now = SystemTime::now();
        // A clock set before 1970 reads as 1970: nothing is ordered by it, and ids stay valid.
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn random(&self) -> u128 {
        rand::random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fresh_ids_differ_and_carry_the_time() {
        let (first, second) = (SystemClock.fresh_id(), SystemClock.fresh_id());

        assert_ne!(first, second);
        assert_ne!(first >> 80, 0);
    }
}
