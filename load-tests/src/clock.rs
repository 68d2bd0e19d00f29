//! Time inside one run: nanoseconds since the process started, the same for sender and receiver
//! because both live in this process.

use std::sync::OnceLock;

use tokio::time::Instant;

static START: OnceLock<Instant> = OnceLock::new();

/// Nanoseconds since the first call.
pub(crate) fn nanos() -> u64 {
    nanos_of(Instant::now())
}

/// The same scale for an instant that was planned, not observed.
pub(crate) fn nanos_of(instant: Instant) -> u64 {
    let start = *START.get_or_init(Instant::now);
    u64::try_from(instant.saturating_duration_since(start).as_nanos()).unwrap_or(u64::MAX)
}
