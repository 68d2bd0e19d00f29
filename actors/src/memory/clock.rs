//! A clock that stands still until it is told otherwise, with repeatable randomness.

use parking_lot::Mutex;

use crate::domain::Timestamp;
use crate::ports::Clock;

/// A clock for tests: the time is set by hand, the random numbers follow from a seed.
#[derive(Debug)]
pub struct ManualClock {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    now: Timestamp,
    /// State of the generator (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom
    /// number generators", 2014).
    random: u64,
}

impl ManualClock {
    /// A clock that shows `now` and draws its numbers from `seed`.
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self { inner: Mutex::new(Inner { now, random: seed }) }
    }

    /// Sets the time, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.inner.lock().now = now;
    }

    /// Moves the time forward.
    pub fn advance_ms(&self, milliseconds: i64) {
        let mut inner = self.inner.lock();
        inner.now = inner.now.plus_ms(milliseconds);
    }
}

impl Default for ManualClock {
    /// The first second of 2025, seed 0.
    fn default() -> Self {
        Self::new(Timestamp(1_735_689_600_000), 0)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.inner.lock().now
    }

    fn random(&self) -> u128 {
        let mut inner = self.inner.lock();
        u128::from(split_mix(&mut inner.random)) << 64 | u128::from(split_mix(&mut inner.random))
    }
}

/// The next number of the generator.
pub(super) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_moves_only_when_told() {
        let clock = ManualClock::new(Timestamp(5), 1);
        clock.advance_ms(3);
        assert_eq!(clock.now(), Timestamp(8));
        clock.set(Timestamp(2));
        assert_eq!(clock.now(), Timestamp(2));
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_no_number_twice() {
        let (one, other) = (ManualClock::default(), ManualClock::default());
        let first = one.random();
        assert_eq!(first, other.random());
        assert_ne!(first, one.random());
    }
}
