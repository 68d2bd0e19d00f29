//! Who is here on other nodes, as far as those have said. Nothing here waits or reads a clock.
//!
//! A node says what changes as it changes, and all of it again and again; what it has not said again
//! for a while is over. So a node that dies takes its people with it, and one that comes, or missed
//! something, knows all after the next round.
//!
//! **Invariant:** what is known is bounded, whatever others say.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{NodeId, Presence, UserId};

/// How often a node says again who is here.
pub(super) const REFRESH: Duration = Duration::from_secs(10);
/// How long its word counts: two rounds may be lost, and it is the grace of people who go.
pub(super) const WORD: Duration = Duration::from_secs(30);
/// Words kept: more people than a cluster serves at once, at about 100 bytes each.
const WORDS_MAX: usize = 500_000;

/// What other nodes have said.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    people: HashMap<UserId, Vec<Word>>,
    count: usize,
}

/// What one node said of a person.
#[derive(Debug)]
struct Word {
    node: NodeId,
    presence: Presence,
    until: Instant,
}

impl Elsewhere {
    /// How someone is on other nodes. Of several words the one that was chosen counts more than the
    /// one that nobody had to say.
    pub(super) fn presence(&self, user: UserId) -> Presence {
        let weight = |presence: &Presence| match presence {
            Presence::Offline => 0,
            Presence::Online => 1,
            Presence::Away => 2,
            Presence::DoNotDisturb => 3,
        };
        let words = self.people.get(&user).into_iter().flatten();
        words.map(|word| word.presence).max_by_key(weight).unwrap_or_default()
    }

    /// A node says how someone is there; gives whether that changed how they are elsewhere.
    pub(super) fn hear(
        &mut self,
        node: NodeId,
        (user, presence): (UserId, Presence),
        now: Instant,
    ) -> bool {
        let before = self.presence(user);
        let words = self.people.entry(user).or_default();
        let known = words.iter().position(|word| word.node == node);
        match (known, presence) {
            (Some(place), Presence::Offline) => {
                words.swap_remove(place);
                self.count -= 1;
            }
            (Some(place), _) => words[place] = Word { node, presence, until: now + WORD },
            (None, Presence::Offline) => {}
            (None, _) if self.count < WORDS_MAX => {
                words.push(Word { node, presence, until: now + WORD });
                self.count += 1;
            }
            (None, _) => {}
        }
        if words.is_empty() {
            self.people.remove(&user);
        }
        self.presence(user) != before
    }

    /// Forgets words that were not said again in time; gives whom that changed.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<UserId> {
        let mut changed = Vec::new();
        let mut left = 0;
        self.people.retain(|user, words| {
            let before = words.len();
            words.retain(|word| now < word.until);
            left += words.len();
            if words.len() != before {
                changed.push(*user);
            }
            !words.is_empty()
        });
        self.count = left;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: NodeId = NodeId::from_u128(1);
    const TWO: NodeId = NodeId::from_u128(2);
    const ANN: UserId = UserId::from_u128(7);

    #[tokio::test(start_paused = true)]
    async fn someone_is_here_while_one_node_says_so() {
        let start = Instant::now();
        let mut elsewhere = Elsewhere::default();
        assert!(elsewhere.hear(ONE, (ANN, Presence::Online), start));
        assert!(!elsewhere.hear(ONE, (ANN, Presence::Online), start), "nothing new");
        assert!(elsewhere.hear(TWO, (ANN, Presence::DoNotDisturb), start));
        assert_eq!(elsewhere.presence(ANN), Presence::DoNotDisturb);

        assert!(elsewhere.hear(TWO, (ANN, Presence::Offline), start));
        assert_eq!(elsewhere.presence(ANN), Presence::Online);
        assert!(elsewhere.expire(start + WORD / 2).is_empty());
        assert_eq!(elsewhere.expire(start + WORD), [ANN]);
        assert_eq!(elsewhere.presence(ANN), Presence::Offline);
        assert_eq!((elsewhere.count, elsewhere.people.len()), (0, 0));
    }
}
