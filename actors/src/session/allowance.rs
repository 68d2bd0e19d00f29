//! How many messages a person may send: one allowance over REST and all sockets.
//!
//! Kept beside the actors, because a person who only uses REST needs none.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::Refused;
use crate::domain::UserId;

/// Locks over which people are spread.
const SHARDS: usize = 16;
/// People remembered in one shard before those with a full allowance are forgotten: 16 × 8,192 is
/// more than one node serves, at 64 bytes each.
const PEOPLE_MAX: usize = 8_192;

/// How fast one person may send.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// Messages a second, and at once; 0 is no limit.
    pub(super) per_second: u32,
    /// How long nothing is taken once that was exceeded.
    pub(super) cooldown: Duration,
}

/// What one message costs. Allowances grow by the rate each nanosecond, so they are whole numbers,
/// and who waits exactly as long as told has exactly enough.
const COST: u64 = 1_000_000_000;

/// One person's allowance. A pure value: the time is given.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    /// What may be spent now, as of `at`.
    left: u64,
    at: Instant,
    /// Nothing is taken before.
    blocked_until: Instant,
}

impl Rate {
    /// An allowance that nothing was taken from.
    fn full(self) -> u64 {
        COST * u64::from(self.per_second)
    }
}

impl Allowance {
    fn full(rate: Rate, now: Instant) -> Self {
        Self { left: rate.full(), at: now, blocked_until: now }
    }

    /// What may be spent at `now`.
    fn grown(&self, rate: Rate, now: Instant) -> u64 {
        let nanoseconds = u64::try_from(now.duration_since(self.at).as_nanos()).unwrap_or(u64::MAX);
        let gained = nanoseconds.saturating_mul(u64::from(rate.per_second));
        self.left.saturating_add(gained).min(rate.full())
    }

    fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Refused> {
        if now < self.blocked_until {
            return Err(refused(self.blocked_until.duration_since(now)));
        }
        self.left = self.grown(rate, now);
        self.at = now;
        if let Some(left) = self.left.checked_sub(COST) {
            self.left = left;
            return Ok(());
        }
        let missing = (COST - self.left).div_ceil(u64::from(rate.per_second));
        let wait = rate.cooldown.max(Duration::from_nanos(missing));
        self.blocked_until = now + wait;
        Err(refused(wait))
    }

    /// Whether forgetting it changes nothing.
    fn is_full(&self, rate: Rate, now: Instant) -> bool {
        now >= self.blocked_until && self.grown(rate, now) == rate.full()
    }
}

/// Rounded up, so that whoever waits for it is not refused again.
fn refused(wait: Duration) -> Refused {
    let retry_after_ms = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
    Refused { retry_after_ms }
}

/// Everyone's allowance.
#[derive(Debug)]
pub(super) struct Allowances {
    rate: Rate,
    shards: [Mutex<HashMap<UserId, Allowance>>; SHARDS],
}

impl Allowances {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, shards: std::array::from_fn(|_| Mutex::default()) }
    }

    /// Takes one message from a person's allowance.
    pub(super) fn take(&self, user: UserId, now: Instant) -> Result<(), Refused> {
        if self.rate.per_second == 0 {
            return Ok(());
        }
        let mut people = self.shard(user).lock();
        if people.len() >= PEOPLE_MAX && !people.contains_key(&user) {
            people.retain(|_, allowance| !allowance.is_full(self.rate, now));
            // Nobody is remembered at the price of the node's memory.
            if people.len() >= PEOPLE_MAX {
                people.clear();
            }
        }
        people.entry(user).or_insert_with(|| Allowance::full(self.rate, now)).take(self.rate, now)
    }

    /// Takes nothing of a person for `wait`, nor for the time that one waits who sends too fast.
    pub(super) fn block(&self, user: UserId, wait: Duration, now: Instant) {
        let mut people = self.shard(user).lock();
        // Whoever is forgotten already has not sent for a while.
        if let Some(allowance) = people.get_mut(&user) {
            allowance.blocked_until = now + wait.max(self.rate.cooldown);
        }
    }

    /// How fast one person may send.
    pub(super) fn rate(&self) -> Rate {
        self.rate
    }

    fn shard(&self, user: UserId) -> &Mutex<HashMap<UserId, Allowance>> {
        // The lowest bits of an id are random.
        let shard = usize::try_from(user.as_u128() % SHARDS as u128).unwrap_or_default();
        &self.shards[shard]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_allowance_is_taken_refilled_and_blocked_as_the_table_says() {
        let start = Instant::now();
        // (per second, cooldown ms, [(at ms, answer: 0 taken, else retry after)])
        type Row = (u32, u64, &'static [(u64, u64)]);
        let table: [Row; 4] = [
            (3, 2_000, &[(0, 0), (0, 0), (0, 0), (0, 2_000), (500, 1_500), (2_000, 0), (2_000, 0)]),
            (3, 2_000, &[(0, 0), (400, 0), (800, 0), (1_200, 0), (1_600, 0), (2_000, 0)]),
            (1, 0, &[(0, 0), (0, 1_000), (1_000, 0), (1_500, 500)]),
            (0, 2_000, &[(0, 0), (0, 0), (0, 0), (0, 0)]),
        ];
        for (per_second, cooldown_ms, sends) in table {
            let cooldown = Duration::from_millis(cooldown_ms);
            let allowances = Allowances::new(Rate { per_second, cooldown });
            for (at, answer) in sends {
                let taken = allowances
                    .take(UserId::from_u128(7), start + Duration::from_millis(*at))
                    .map_or_else(|refused| refused.retry_after_ms, |()| 0);
                assert_eq!(taken, *answer, "{per_second}/s at {at} ms");
            }
        }
    }

    proptest! {
        #[test]
        fn no_second_takes_more_than_twice_the_rate_and_who_waits_as_told_is_taken(
            per_second in 1..10_u32,
            cooldown_ms in 0..3_000_u64,
            pauses_ms in proptest::collection::vec(0..700_u64, 1..200),
        ) {
            let cooldown = Duration::from_millis(cooldown_ms);
            let allowances = Allowances::new(Rate { per_second, cooldown });
            let user = UserId::from_u128(7);
            let mut now = Instant::now();
            let mut taken: Vec<Instant> = Vec::new();
            for pause_ms in pauses_ms {
                now += Duration::from_millis(pause_ms);
                if let Err(Refused { retry_after_ms }) = allowances.take(user, now) {
                    prop_assert!(retry_after_ms > 0);
                    now += Duration::from_millis(retry_after_ms);
                    prop_assert_eq!(allowances.take(user, now), Ok(()));
                }
                taken.push(now);
                let second = taken.iter().filter(|at| now.duration_since(**at).as_millis() < 1_000);
                prop_assert!(second.count() <= 2 * per_second as usize);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn people_are_forgotten_before_they_fill_the_memory() {
        let allowances = Allowances::new(Rate { per_second: 1, cooldown: Duration::from_secs(60) });
        let now = Instant::now();
        for user in 0..(PEOPLE_MAX as u128 + 10) {
            allowances.take(UserId::from_u128(user * SHARDS as u128), now).ok();
        }
        assert!(allowances.shards.iter().all(|shard| shard.lock().len() <= PEOPLE_MAX));
    }
}
