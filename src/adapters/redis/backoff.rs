//! Pauses between attempts: they grow, and differ between nodes, so that a Redis that is back is not
//! met by all of them at once.

use std::time::Duration;

/// The first pause.
const PAUSE_MIN: Duration = Duration::from_millis(50);
/// The longest. Delivery between nodes shall have caught up 2 s after Redis is back, and the pause is
/// a part of that.
const PAUSE_MAX: Duration = Duration::from_millis(500);

/// The next pause. The random number is given: 0 to 1.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(super) const fn new() -> Self {
        Self { next: PAUSE_MIN }
    }

    /// How long to wait now: between half of the pause and all of it.
    pub(super) fn pause(&mut self, random: f64) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(PAUSE_MAX);
        pause.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
    }

    /// It worked: the next pause is a short one.
    pub(super) fn reset(&mut self) {
        self.next = PAUSE_MIN;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_begin_anew_after_success() {
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..6).map(|_| backoff.pause(1.0).as_millis()).collect();
        assert_eq!(pauses, [50, 100, 200, 400, 500, 500]);

        backoff.reset();
        assert_eq!(backoff.pause(0.0).as_millis(), 25);
    }
}
