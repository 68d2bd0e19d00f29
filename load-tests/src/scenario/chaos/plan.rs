//! Which faults come when: a pure function of the seed.
//!
//! **Invariant:** faults come from a shuffled deck of all kinds that is used up before the next one, so
//! every kind comes about equally often.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use super::fault::{Fault, Kind, Part};

/// Share of the turns with two faults at a time.
const PAIR_SHARE: f64 = 0.3;
/// Between two faults of a pair.
const PAIR_AFTER_MS: std::ops::Range<u64> = 0..2_000;
/// Between two turns everything is whole for so long.
const PAUSE_MS: std::ops::Range<u64> = 300..3_000;

/// One or two faults that overlap, and the pause before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) pause: Duration,
    pub(crate) first: Fault,
    /// It comes so long after the first one, before that has ended.
    pub(crate) second: Option<(Duration, Fault)>,
}

/// An endless row of turns.
pub(crate) struct Plan {
    random: StdRng,
    kinds: Vec<Kind>,
    deck: Vec<Kind>,
    nodes: usize,
    scyllas: usize,
}

impl Plan {
    /// A plan for so many nodes of Starling (two at least) and of the database.
    pub(crate) fn new(seed: u64, kinds: &[Kind], nodes: usize, scyllas: usize) -> Self {
        let random = StdRng::seed_from_u64(seed);
        Self { random, kinds: kinds.to_vec(), deck: Vec::new(), nodes, scyllas }
    }

    /// The next turn.
    pub(crate) fn turn(&mut self) -> Turn {
        let pause = self.millis(PAUSE_MS);
        if self.deck.is_empty() {
            self.deck = self.kinds.clone();
            self.deck.shuffle(&mut self.random);
        }
        let first = self.deck.pop().unwrap_or(Kind::NodeKilled);
        let first = self.fault(first);
        let mut second = None;
        if first.kind.part() != Part::Alone && self.random.random_bool(PAIR_SHARE) {
            let after = self.millis(PAIR_AFTER_MS);
            let others = self
                .kinds
                .iter()
                .filter(|kind| kind.part() != Part::Alone && kind.part() != first.kind.part());
            let others: Vec<Kind> = others.copied().collect();
            if !others.is_empty() {
                let kind = others[self.random.random_range(0..others.len())];
                second = Some((after, self.fault(kind)));
            }
        }
        Turn { pause, first, second }
    }

    fn fault(&mut self, kind: Kind) -> Fault {
        let node = self.random.random_range(0..self.nodes);
        let other = (node + self.random.random_range(1..self.nodes)) % self.nodes;
        let scylla = self.random.random_range(0..self.scyllas);
        Fault { kind, node, other, scylla, span: self.millis(kind.span_ms()) }
    }

    fn millis(&mut self, range: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(self.random.random_range(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_faults_and_every_kind_comes_once_in_a_deck() {
        let turns = |seed| {
            let mut plan = Plan::new(seed, &Kind::ALL, 3, 1);
            (0..Kind::ALL.len()).map(|_| plan.turn()).collect::<Vec<_>>()
        };
        assert_eq!(turns(7), turns(7));
        assert_ne!(turns(7), turns(8));

        let mut kinds: Vec<Kind> = turns(7).iter().map(|turn| turn.first.kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, Kind::ALL);
    }

    #[test]
    fn two_faults_at_a_time_are_done_to_two_parts() {
        let mut plan = Plan::new(1, &Kind::ALL, 3, 3);
        let turns: Vec<Turn> = (0..200).map(|_| plan.turn()).collect();
        let pairs = turns.iter().filter_map(|turn| {
            turn.second.as_ref().map(|(_, second)| (turn.first.kind.part(), second.kind.part()))
        });
        let pairs: Vec<_> = pairs.collect();
        assert!(pairs.len() > 20);
        assert!(pairs.iter().all(|(one, other)| one != other));
        assert!(turns.iter().all(|turn| turn.first.node != turn.first.other));
    }
}
