//! The time and randomness, so that tests can set the one and repeat the other.

use crate::domain::{Timestamp, uuid_v7};

/// The wall clock and the source of randomness.
///
/// Contract:
/// - `now` may stand still or jump; nothing in the core orders events by it.
/// - `random` is unpredictable outside tests.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// 128 random bits.
    fn random(&self) -> u128;

    /// The number of a fresh id (UUID version 7).
    fn fresh_id(&self) -> u128 {
        uuid_v7(u64::try_from(self.now().0).unwrap_or_default(), self.random())
    }
}
