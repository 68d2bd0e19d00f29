//! One caller's allowance, as a value: no clock, no lock.

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What a call may do, and what the headers say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) is_allowed: bool,
    /// Calls in the window that is nearest to its end (the one with the least left).
    pub(super) limit: u32,
    /// Calls left in it.
    pub(super) remaining: u32,
    /// Seconds until it starts anew.
    pub(super) reset_s: u64,
}

impl Verdict {
    /// The same, refused: other nodes have counted what this one has not.
    pub(super) fn refused_for(self, wait: std::time::Duration) -> Self {
        let reset_s = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self { is_allowed: false, remaining: 0, reset_s, ..self }
    }
}

/// Calls counted in a window that starts with the first call in it.
#[derive(Clone, Copy, Debug)]
struct Window {
    length_ms: i64,
    /// 0 is no limit.
    limit: u32,
    started_ms: i64,
    used: u32,
}

impl Window {
    const fn new(length_ms: i64, limit: u32) -> Self {
        Self { length_ms, limit, started_ms: i64::MIN, used: 0 }
    }

    fn roll(&mut self, now_ms: i64) {
        // A clock that jumped back starts a new window rather than locking its caller out.
        let age = now_ms.saturating_sub(self.started_ms);
        if !(0..self.length_ms).contains(&age) {
            self.started_ms = now_ms;
            self.used = 0;
        }
    }

    const fn remaining(&self) -> u32 {
        if self.limit == 0 { u32::MAX } else { self.limit.saturating_sub(self.used) }
    }

    fn verdict(&self, is_allowed: bool, now_ms: i64) -> Verdict {
        let left_ms = self.started_ms.saturating_add(self.length_ms).saturating_sub(now_ms);
        Verdict {
            is_allowed,
            limit: if self.limit == 0 { u32::MAX } else { self.limit },
            remaining: self.remaining(),
            reset_s: u64::try_from(left_ms).unwrap_or_default().div_ceil(1_000),
        }
    }
}

/// What one caller may still do this minute and this hour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    minute: Window,
    hour: Window,
}

impl Allowance {
    pub(super) const fn new(per_minute: u32, per_hour: u32) -> Self {
        Self { minute: Window::new(MINUTE_MS, per_minute), hour: Window::new(HOUR_MS, per_hour) }
    }

    /// Takes one call out of both windows, or none when either is spent.
    pub(super) fn take(&mut self, now_ms: i64) -> Verdict {
        self.minute.roll(now_ms);
        self.hour.roll(now_ms);
        let is_allowed = self.minute.remaining() > 0 && self.hour.remaining() > 0;
        if is_allowed {
            self.minute.used += 1;
            self.hour.used += 1;
        }
        let nearest =
            if self.hour.remaining() < self.minute.remaining() { &self.hour } else { &self.minute };
        nearest.verdict(is_allowed, now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minute_is_spent_and_comes_back() {
        let mut allowance = Allowance::new(2, 100);
        assert_eq!(allowance.take(0).remaining, 1);
        assert!(allowance.take(1).is_allowed);
        let refused = allowance.take(1_000);
        assert_eq!((refused.is_allowed, refused.reset_s), (false, 59));
        assert!(allowance.take(MINUTE_MS).is_allowed);
    }

    #[test]
    fn the_hour_is_told_of_when_it_is_nearer_to_its_end() {
        let mut allowance = Allowance::new(10, 3);
        allowance.take(0);
        let verdict = allowance.take(MINUTE_MS);
        assert_eq!((verdict.limit, verdict.remaining), (3, 1));
        allowance.take(MINUTE_MS);
        let refused = allowance.take(2 * MINUTE_MS);
        assert_eq!((refused.is_allowed, refused.reset_s), (false, 3_480));
    }

    #[test]
    fn zero_is_no_limit_and_a_clock_that_jumps_back_locks_nobody_out() {
        let mut free = Allowance::new(0, 0);
        assert!((0..10_000).all(|_| free.take(0).is_allowed));
        let mut allowance = Allowance::new(1, 10);
        allowance.take(10 * HOUR_MS);
        assert!(allowance.take(0).is_allowed);
    }

    #[test]
    fn what_other_nodes_have_counted_refuses_for_as_long_as_they_say() {
        let here = Allowance::new(10, 100).take(0);
        let refused = here.refused_for(std::time::Duration::from_millis(1_200));
        assert_eq!((refused.is_allowed, refused.remaining, refused.reset_s), (false, 0, 2));
        assert_eq!(refused.limit, 10);
    }
}
