//! The real clock: the one place that asks the machine for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use starling_actors::domain::Timestamp;
use starling_actors::ports::Clock;

/// The machine's clock and its source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock port's own adapter")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn random(&self) -> u128 {
        rand::random()
    }
}
