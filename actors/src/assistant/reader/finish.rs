//! What is left when all is read: numbers, figures and groups that wait for something.

use super::super::dates::Grain;
use super::super::form::Aggregate;
use super::super::lexicon::Quality;
use super::super::roles::Role;
use super::super::sketch::{Noun, Sketch, Split, What};
use super::super::trouble::Trouble;
use super::super::vocabulary::Sense;
use super::{Reader, whole};

impl Reader<'_> {
    /// Makes the sketch whole, or says what has no place in it.
    pub(super) fn finish(mut self) -> Result<Sketch, Trouble> {
        if let Some(number) = self.loose {
            let waiting = self.sketch.superlatives.iter_mut().find(|one| one.count.is_none());
            match waiting {
                Some(superlative) => superlative.count = Some(whole(number)),
                None => return Err(Trouble::unread(&number.to_string())),
            }
        }
        let verbs = self.sketch.verbs;
        if self.is_without && (verbs.buys || verbs.sells) {
            // "Bought nothing".
            self.sketch.missing_trade = true;
        } else if self.is_without {
            return Err(Trouble::unread("without"));
        }
        if self.is_negated {
            return Err(Trouble::unread("not"));
        }
        if self.sketch.opening.compares && !self.sketch.has_alternatives {
            return Err(Trouble::unread("more"));
        }
        if self.grouping == Some(false) && self.sketch.splits.len() == self.splits_before {
            // What it is to be grouped by was not understood.
            return Err(Trouble::unread("by"));
        }
        self.late_aggregate();
        let is_idle = match self.pending {
            None | Some(Aggregate::Count | Aggregate::Distinct) => true,
            Some(Aggregate::Sum) => {
                self.sketch.opening.is_share || !self.sketch.asks.is_empty() || verbs.sells
            }
            Some(Aggregate::Average | Aggregate::Minimum | Aggregate::Maximum) => false,
        };
        if let (false, Some(aggregate), true) = (is_idle, self.pending, self.sketch.asks.is_empty())
        {
            self.sketch.other_aggregate = Some(aggregate);
        } else if !is_idle {
            return Err(Trouble::plain("I could not tell which figure to add up or compare."));
        }
        if self.sketch.opening.is_trend && !self.cuts_time() {
            self.sketch.splits.push(Split::Time(Grain::Month, false));
        }
        if self.pending == Some(Aggregate::Count) && self.sketch.opening.counts {
            // "tracks longer than 40 minutes: how many?" counts what was named before.
            self.pending = None;
        }
        Ok(self.sketch)
    }

    /// "What does a hardback cost on average", "how long is the average track": the figure was named
    /// before, by a column or by what it is measured by.
    fn late_aggregate(&mut self) {
        let waits = matches!(
            self.pending,
            Some(Aggregate::Average | Aggregate::Minimum | Aggregate::Maximum)
        );
        if !waits || !self.sketch.superlatives.is_empty() {
            return;
        }
        if let [only] = self.sketch.asks.as_mut_slice() {
            // "What does a theft cost us on average".
            if only.aggregate.is_none() {
                only.aggregate = self.pending.take();
            }
            return;
        }
        if !self.sketch.asks.is_empty() {
            return;
        }
        let is_figure = |noun: &&Noun| {
            let best = noun.meanings.iter().map(|meaning| meaning.cost).min();
            noun.meanings.iter().any(|meaning| match meaning.sense {
                Sense::Column(at) => {
                    Some(meaning.cost) == best && self.map.role(at) == Role::Number
                }
                _ => false,
            })
        };
        let figures = self.sketch.shown.iter().filter(is_figure).count();
        if let (1, Some(noun)) = (figures, self.sketch.shown.iter().find(is_figure).cloned()) {
            self.sketch.shown.retain(|shown| *shown != noun);
            self.sketch.opening.how = None;
            return self.ask(What::Noun(noun));
        }
        let quality = self.sketch.opening.how.take();
        if let Some(quality) = quality.or(self.sketch.verbs.costs.then_some(Quality::Price)) {
            self.sketch.verbs.costs = false;
            self.ask(What::Quality(quality));
        }
    }

    fn cuts_time(&self) -> bool {
        self.sketch.splits.iter().any(|split| matches!(split, Split::Time(..)))
    }
}
