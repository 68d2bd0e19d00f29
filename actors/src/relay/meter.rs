//! What is measured of the fan-out.

/// Counts deliveries. Called once per batch and relay, on the relay's task: it must not wait.
pub trait Meter: Send + Sync + 'static {
    /// `count` frames were handed to lanes, `late_ms` after the newest of them was put in order.
    fn delivered(&self, count: u64, late_ms: u64);
}

/// Measures nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMeter;

impl Meter for NoMeter {
    fn delivered(&self, _count: u64, _late_ms: u64) {}
}
