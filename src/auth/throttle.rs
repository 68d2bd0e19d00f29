//! Slows down guessing: failed sign-ins are counted by account and by address. New guests are counted
//! in the same way, by address.
//!
//! An attempt counts as failed until it is known to be right, so many at once are no way around.
//!
//! In a cluster it counts here and over all nodes. While the other nodes' counts are not to be had,
//! this node's own have to do: nobody is locked out, and nobody gets more than as often on each node.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use starling_actors::domain::Timestamp;
use starling_actors::ports::{SharedLimit, SharedLimits};

/// The time over which failures are counted (product setting `limits.login_failures`).
const WINDOW_MS: i64 = 15 * 60 * 1000;
/// The same for other nodes.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Accounts and addresses remembered. An entry takes about 200 bytes: 20 MB at most. Past that the
/// least used are forgotten, which helps only those who own 100,000 addresses.
const REMEMBERED_MAX: u64 = 100_000;

/// Failures by account and by address.
pub(super) struct Throttle {
    /// What this throttle's keys begin with at other nodes.
    name: &'static str,
    shared: OnceLock<Arc<dyn SharedLimits>>,
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
    pub(super) fn new(name: &'static str, failures_max: u32) -> Self {
        Self {
            name,
            shared: OnceLock::new(),
            failures_max: usize::try_from(failures_max).unwrap_or(usize::MAX),
            failures: moka::sync::Cache::new(REMEMBERED_MAX),
        }
    }

    /// Counts over all nodes from now on.
    pub(super) fn share(&self, shared: Arc<dyn SharedLimits>) {
        if self.shared.set(shared).is_err() {
            tracing::warn!("limits were shared before");
        }
    }

    /// Counts an attempt against all of `keys`, or refuses it and counts nothing.
    pub(super) async fn admit(&self, keys: &[String], now: Timestamp) -> Result<(), Throttled> {
        self.admit_here(keys, now)?;
        let Some(shared) = self.shared.get().filter(|_| self.failures_max > 0) else {
            return Ok(());
        };
        let limit = |key: &String| SharedLimit {
            key: self.shared_key(key),
            max: u32::try_from(self.failures_max).unwrap_or(u32::MAX),
            window: WINDOW,
        };
        let limits: Vec<SharedLimit> = keys.iter().map(limit).collect();
        match shared.take(&limits).await {
            Ok(Some(wait)) => {
                self.take_back(keys);
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                Err(Throttled { retry_after_ms: wait_ms.max(1) })
            }
            Ok(None) | Err(_) => Ok(()),
        }
    }

    fn shared_key(&self, key: &str) -> String {
        format!("{}/{key}", self.name)
    }

    fn admit_here(&self, keys: &[String], now: Timestamp) -> Result<(), Throttled> {
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
    pub(super) async fn succeeded(&self, account: &str, keys: &[String]) {
        self.failures.invalidate(account);
        self.take_back(keys);
        let Some(shared) = self.shared.get() else { return };
        let keys: Vec<String> = keys.iter().map(|key| self.shared_key(key)).collect();
        let forgotten = shared.forget(&self.shared_key(account)).await;
        if forgotten.and(shared.give_back(&keys).await).is_err() {
            tracing::debug!("other nodes were not told that a password was right");
        }
    }

    fn take_back(&self, keys: &[String]) {
        for key in keys {
            if let Some(failures) = self.failures.get(key) {
                failures.lock().pop_back();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use starling_actors::ports::LimitsUnavailable;

    use super::*;

    fn keys() -> Vec<String> {
        vec!["account".to_owned(), "address".to_owned()]
    }

    #[test]
    fn after_too_many_failures_one_waits_until_the_first_is_forgotten() {
        let throttle = Throttle::new("test", 2);
        assert_eq!(throttle.admit_here(&keys(), Timestamp(0)), Ok(()));
        assert_eq!(throttle.admit_here(&keys(), Timestamp(1_000)), Ok(()));
        let refused = throttle.admit_here(&keys(), Timestamp(2_000));
        assert_eq!(refused, Err(Throttled { retry_after_ms: 15 * 60 * 1000 - 2_000 }));
        assert_eq!(throttle.admit_here(&keys(), Timestamp(WINDOW_MS)), Ok(()));
    }

    #[test]
    fn an_address_that_fails_over_many_accounts_waits_too() {
        let throttle = Throttle::new("test", 2);
        for account in ["a", "b"] {
            let keys = [account.to_owned(), "address".to_owned()];
            assert_eq!(throttle.admit_here(&keys, Timestamp(0)), Ok(()));
        }
        assert!(
            throttle.admit_here(&["c".to_owned(), "address".to_owned()], Timestamp(0)).is_err()
        );
        assert_eq!(
            throttle.admit_here(&["c".to_owned(), "elsewhere".to_owned()], Timestamp(0)),
            Ok(())
        );
    }

    #[tokio::test]
    async fn a_right_password_is_no_failure() {
        let throttle = Throttle::new("test", 1);
        for _ in 0..3 {
            assert_eq!(throttle.admit_here(&keys(), Timestamp(0)), Ok(()));
            throttle.succeeded("account", &keys()[1..]).await;
        }
    }

    #[test]
    fn zero_is_no_limit() {
        let throttle = Throttle::new("test", 0);
        assert!((0..100).all(|_| throttle.admit_here(&keys(), Timestamp(0)).is_ok()));
    }

    /// Other nodes that have counted so much already, or cannot be asked.
    struct Others(Result<Option<Duration>, LimitsUnavailable>);

    #[async_trait::async_trait]
    impl SharedLimits for Others {
        async fn take(&self, _: &[SharedLimit]) -> Result<Option<Duration>, LimitsUnavailable> {
            self.0
        }

        async fn give_back(&self, _: &[String]) -> Result<(), LimitsUnavailable> {
            self.0.map(|_| ())
        }

        async fn forget(&self, _: &str) -> Result<(), LimitsUnavailable> {
            self.0.map(|_| ())
        }
    }

    #[tokio::test]
    async fn other_nodes_counts_refuse_too_and_cost_nothing_here() {
        let throttle = Throttle::new("test", 1);
        throttle.share(Arc::new(Others(Ok(Some(Duration::from_secs(9))))));
        for _ in 0..3 {
            let refused = throttle.admit(&keys(), Timestamp(0)).await;
            assert_eq!(refused, Err(Throttled { retry_after_ms: 9_000 }));
        }
    }

    #[tokio::test]
    async fn without_the_other_nodes_this_ones_counts_have_to_do() {
        let throttle = Throttle::new("test", 1);
        throttle.share(Arc::new(Others(Err(LimitsUnavailable))));
        assert_eq!(throttle.admit(&keys(), Timestamp(0)).await, Ok(()));
        assert!(throttle.admit(&keys(), Timestamp(1)).await.is_err());
    }
}
