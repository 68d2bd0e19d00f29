//! Who is in their grace, and whose change is yet to be told. Nothing here waits or reads a clock.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::UserId;

/// How long someone without a socket still counts as here: a tunnel, a reload, a restart.
pub(super) const GRACE: Duration = Duration::from_secs(30);

/// What the board's actor knows.
#[derive(Default)]
pub(crate) struct BoardState {
    /// In the order in which they went; the grace is the same for all.
    leaving: BTreeSet<(Instant, UserId)>,
    /// When each of these went: they are in both, once.
    gone_at: HashMap<UserId, Instant>,
    changed: VecDeque<UserId>,
    /// The same people as in `changed`, so that nobody is in it twice.
    is_changed: HashSet<UserId>,
    /// Whose change other nodes have not heard of.
    news: HashSet<UserId>,
    /// A tick is on its way.
    pub(super) is_ticking: bool,
}

impl BoardState {
    /// Someone is here: they are in no grace.
    pub(super) fn came(&mut self, user: UserId) {
        if let Some(at) = self.gone_at.remove(&user) {
            self.leaving.remove(&(at, user));
        }
    }

    /// Someone went, maybe again without having come: their grace begins now.
    pub(super) fn gone(&mut self, user: UserId, now: Instant) {
        self.came(user);
        self.gone_at.insert(user, now);
        self.leaving.insert((now, user));
    }

    /// Whether someone is in their grace.
    pub(super) fn is_leaving(&self, user: UserId) -> bool {
        self.gone_at.contains_key(&user)
    }

    /// Takes out those whose grace is over.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<UserId> {
        let mut expired = Vec::new();
        while let Some((at, user)) = self.leaving.first().copied() {
            if now.saturating_duration_since(at) < GRACE {
                break;
            }
            self.came(user);
            expired.push(user);
        }
        expired
    }

    /// Notes that someone's change is to be told.
    pub(super) fn change(&mut self, user: UserId) {
        if self.is_changed.insert(user) {
            self.changed.push_back(user);
        }
    }

    /// Takes out at most `limit` of those whose change is to be told, the oldest first.
    pub(super) fn changed(&mut self, limit: usize) -> Vec<UserId> {
        let count = limit.min(self.changed.len());
        let changed: Vec<_> = self.changed.drain(..count).collect();
        for user in &changed {
            self.is_changed.remove(user);
        }
        changed
    }

    /// Notes that other nodes have to hear of someone's change.
    pub(super) fn note_news(&mut self, user: UserId) {
        self.news.insert(user);
    }

    /// Takes out at most `limit` of those of whom other nodes have to hear.
    pub(super) fn news(&mut self, limit: usize) -> Vec<UserId> {
        let some: Vec<UserId> = self.news.iter().take(limit).copied().collect();
        some.iter().for_each(|user| {
            self.news.remove(user);
        });
        some
    }

    /// Whether another tick is needed.
    pub(super) fn has_work(&self) -> bool {
        !self.leaving.is_empty() || !self.changed.is_empty() || !self.news.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALICE: UserId = UserId::from_u128(1);

    #[tokio::test(start_paused = true)]
    async fn who_comes_back_within_the_grace_was_never_away() {
        let start = Instant::now();
        let mut state = BoardState::default();
        state.gone(ALICE, start);
        state.came(ALICE);
        assert!(state.expired(start + GRACE).is_empty());

        state.gone(ALICE, start + GRACE);
        assert!(state.expired(start + GRACE + GRACE / 2).is_empty());
        assert_eq!(state.expired(start + 2 * GRACE), [ALICE]);
    }

    /// Someone comes, goes or changes, or time passes.
    #[derive(Clone, Debug)]
    enum Step {
        Came(u128),
        Gone(u128),
        Change(u128),
        Pass(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0..5_u128).prop_map(Step::Came),
            (0..5_u128).prop_map(Step::Gone),
            (0..5_u128).prop_map(Step::Change),
            (0..20_u64).prop_map(Step::Pass),
        ];
        proptest::collection::vec(step, 0..200)
    }

    proptest! {
        #[test]
        fn whoever_went_and_did_not_come_back_expires_once_after_the_grace(steps in steps()) {
            let mut now = Instant::now();
            let mut state = BoardState::default();
            let mut away: HashMap<u128, Instant> = HashMap::new();
            let mut changed: Vec<UserId> = Vec::new();
            for step in steps {
                match step {
                    Step::Came(user) => {
                        state.came(UserId::from_u128(user));
                        away.remove(&user);
                    }
                    Step::Gone(user) => {
                        state.gone(UserId::from_u128(user), now);
                        away.insert(user, now);
                    }
                    Step::Change(user) => {
                        let user = UserId::from_u128(user);
                        state.change(user);
                        if !changed.contains(&user) {
                            changed.push(user);
                        }
                    }
                    Step::Pass(seconds) => {
                        now += Duration::from_secs(seconds);
                        let expired = state.expired(now);
                        let mut due: Vec<_> =
                            away.extract_if(|_, at| now.duration_since(*at) >= GRACE).collect();
                        due.sort_unstable_by_key(|(user, at)| (*at, *user));
                        let due: Vec<_> =
                            due.into_iter().map(|(user, _)| UserId::from_u128(user)).collect();
                        prop_assert_eq!(expired, due);
                        let told: Vec<_> = changed.drain(..changed.len().min(2)).collect();
                        prop_assert_eq!(state.changed(2), told);
                    }
                }
                prop_assert_eq!(state.leaving.len(), away.len(), "one place a person");
                prop_assert_eq!(state.has_work(), !away.is_empty() || !changed.is_empty());
            }
        }
    }
}
