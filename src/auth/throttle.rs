//! Slows down guessing: failed sign-ins are counted by account and by address. New guests are counted
//! in the same way, by address.
//!
//! An attempt counts as failed until it is known to be right, so many at once are no way around.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use starling_actors::domain::Timestamp;

/// The time over which failures are counted (product setting `limits.login_failures`).
const WINDOW_MS: i64 = 15 * 60 * 1000;
/// Accounts and addresses remembered. An entry takes about 200 bytes: 20 MB at most. Past that the
/// least used are forgotten, which helps only those who own 100,000 addresses.
const REMEMBERED_MAX: u64 = 100_000;

/// Failures by account and by address.
#[derive(Debug)]
pub(super) struct Throttle {
    /// Failures in the window before one must wait; 0 is no limit.
    failures_max: usize,
    failures: moka::sync::Cache<String, Arc<Mutex<VecDeque<i64>>>>,
}

/// Too many failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Throttled {
    /// When the next attempt is taken.
    pub(super) retry_after_ms: u64,
}

impl Throttle {
    /// Lets `failures_max` failures through in a quarter of an hour.
    pub(super) fn new(failures_max: u32) -> Self {
        Self {
            failures_max: usize::try_from(failures_max).unwrap_or(usize::MAX),
            failures: moka::sync::Cache::new(REMEMBERED_MAX),
        }
    }

    /// Counts an attempt against all of `keys`, or refuses it and counts nothing.
    pub(super) fn admit(&self, keys: &[String], now: Timestamp) -> Result<(), Throttled> {
        if self.failures_max == 0 {
            return Ok(());
        }
        for key in keys {
            let Some(failures) = self.failures.get(key) else { continue };
            let mut failures = failures.lock();
            failures.retain(|at| *at > now.0 - WINDOW_MS);
            if let Some(first) = failures.front()
                && failures.len() >= self.failures_max
            {
                let wait_ms = (first + WINDOW_MS - now.0).max(1);
                return Err(Throttled { retry_after_ms: u64::try_from(wait_ms).unwrap_or(1) });
            }
        }
        for key in keys {
            let failures = self.failures.get_with(key.clone(), Arc::default);
            failures.lock().push_back(now.0);
        }
        Ok(())
    }

    /// The attempt was right: the account begins anew, and it did not fail from that address.
    pub(super) fn succeeded(&self, account: &str, keys: &[String]) {
        self.failures.invalidate(account);
        for key in keys {
            if let Some(failures) = self.failures.get(key) {
                failures.lock().pop_back();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Vec<String> {
        vec!["account".to_owned(), "address".to_owned()]
    }

    #[test]
    fn after_too_many_failures_one_waits_until_the_first_is_forgotten() {
        let throttle = Throttle::new(2);
        assert_eq!(throttle.admit(&keys(), Timestamp(0)), Ok(()));
        assert_eq!(throttle.admit(&keys(), Timestamp(1_000)), Ok(()));
        let refused = throttle.admit(&keys(), Timestamp(2_000));
        assert_eq!(refused, Err(Throttled { retry_after_ms: 15 * 60 * 1000 - 2_000 }));
        assert_eq!(throttle.admit(&keys(), Timestamp(WINDOW_MS)), Ok(()));
    }

    #[test]
    fn an_address_that_fails_over_many_accounts_waits_too() {
        let throttle = Throttle::new(2);
        for account in ["a", "b"] {
            let keys = [account.to_owned(), "address".to_owned()];
            assert_eq!(throttle.admit(&keys, Timestamp(0)), Ok(()));
        }
        assert!(throttle.admit(&["c".to_owned(), "address".to_owned()], Timestamp(0)).is_err());
        assert_eq!(throttle.admit(&["c".to_owned(), "elsewhere".to_owned()], Timestamp(0)), Ok(()));
    }

    #[test]
    fn a_right_password_is_no_failure() {
        let throttle = Throttle::new(1);
        for _ in 0..3 {
            assert_eq!(throttle.admit(&keys(), Timestamp(0)), Ok(()));
            throttle.succeeded("account", &keys()[1..]);
        }
    }

    #[test]
    fn zero_is_no_limit() {
        let throttle = Throttle::new(0);
        assert!((0..100).all(|_| throttle.admit(&keys(), Timestamp(0)).is_ok()));
    }
}
