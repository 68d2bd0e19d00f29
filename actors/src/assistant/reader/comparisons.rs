//! "More than 20 dollars", "at least 5 customers", "between 10 and 15", "5 stars".

use super::super::lexicon::{Comparison, Key, Unit};
use super::super::link::Item;
use super::super::sketch::{Limitation, Noun, Target};
use super::super::trouble::Trouble;
use super::Reader;

impl Reader<'_> {
    pub(super) fn comparison(&mut self, item: &Item) -> Result<bool, Trouble> {
        let compare = item.keys.iter().find_map(|key| match key {
            Key::Compare(quality, comparison) => Some((*quality, *comparison)),
            _ => None,
        });
        if let Some((quality, comparison)) = compare {
            if let Some(number) = self.loose.take() {
                // "5 or more orders"
                self.limit(comparison, number, number, self.at, None)?;
                return Ok(true);
            }
            let Some((mut at, first)) = self.significant(self.at + 1) else {
                return Err(Trouble::unread(&item.text));
            };
            let Some(number) = first.number else {
                return Err(Trouble::unread(&item.text));
            };
            let mut upper = number;
            if comparison == Comparison::Between {
                let second = self.items.get(at + 2).and_then(|second| second.number);
                let linked = self.items.get(at + 1).is_some_and(|and| and.is(Key::And));
                upper = second.filter(|_| linked).ok_or_else(|| Trouble::unread(&item.text))?;
                at += 2;
            }
            let target = quality.map(Target::Quality);
            self.limit(comparison, number, upper, at, target)?;
            return Ok(true);
        }
        if let Some(place) = super::super::numbers::ordinal(&item.text.to_lowercase())
            && let Some(next) = self.item(1).filter(|next| {
                self.is_number_column(next) && !self.names_table(next) && next.grain.is_none()
            })
        {
            // "On the second floor".
            let noun = self.noun_of(next);
            let number = f64::from(place);
            self.push(Target::Noun(noun), Comparison::Exactly, number, number, None);
            self.at += 1;
            return Ok(true);
        }
        let Some(number) = item.number else {
            return Ok(false);
        };
        self.equality(number)
    }

    /// "5 stars", "rating 5", "born in 1980": a number beside its column.
    fn equality(&mut self, number: f64) -> Result<bool, Trouble> {
        let next = self.items.get(self.at + 1);
        if next.is_some_and(|next| next.keys.iter().any(|key| matches!(key, Key::Compare(..)))) {
            return Ok(false);
        }
        let before = self.last_number.take().filter(|_| self.at > 0);
        if let Some(noun) = before {
            let was = self.sketch.asks.pop().is_some();
            if !was {
                self.sketch.shown.pop();
            }
            self.push(Target::Noun(noun), Comparison::Exactly, number, number, None);
            return Ok(true);
        }
        let names_column = next.is_some_and(|next| {
            next.number.is_none() && self.is_number_column(next) && !self.names_table(next)
        });
        if let (true, Some(next), true) = (names_column, next, self.sketch.superlatives.is_empty())
        {
            let noun = self.noun_of(next);
            self.push(Target::Noun(noun), Comparison::Exactly, number, number, None);
            self.at += 1;
            return Ok(true);
        }
        Ok(false)
    }

    /// Finds what a number is compared with, and takes the words that say so.
    fn limit(
        &mut self,
        comparison: Comparison,
        number: f64,
        upper: f64,
        at: usize,
        quality: Option<Target>,
    ) -> Result<(), Trouble> {
        self.at = at;
        let mut unit = None;
        if let Some(next) = self.items.get(self.at + 1) {
            unit = next.keys.iter().find_map(|key| match key {
                Key::Unit(unit) => Some(*unit),
                _ => None,
            });
            self.at += usize::from(unit.is_some());
        }
        let after = self.significant(self.at + 1).filter(|(_, next)| !next.follows_pause);
        let target = if let Some(target) = quality {
            target
        } else if let Some((place, next)) = after.filter(|(_, next)| {
            unit.is_none() && (self.names_table(next) || self.is_number_column(next))
        }) {
            self.at = place;
            self.named_target(next)
        } else if let (Some((place, _)), Some(noun)) =
            (after.filter(|(_, next)| next.is(Key::Times)), self.sketch.others.last().cloned())
        {
            self.at = place;
            self.sketch.others.pop();
            Target::Noun(noun)
        } else if let Some((place, _)) = after.filter(|(_, next)| next.is(Key::InStock)) {
            self.at = place;
            return self.stock(comparison, number, upper);
        } else if self.last_is_ask {
            self.sketch.asks.pop().map_or(Target::Amount, Target::Ask)
        } else if let Some(noun) = self.last_number.take() {
            self.sketch.shown.retain(|shown| *shown != noun);
            Target::Noun(noun)
        } else if self.sketch.verbs.costs {
            Target::Quality(super::super::lexicon::Quality::Price)
        } else if self.sketch.verbs.earns {
            Target::Earned
        } else if self.sketch.verbs.buys || after.is_some_and(|(_, next)| next.is(Key::Money)) {
            self.at = after.filter(|(_, next)| next.is(Key::Money)).map_or(self.at, |(at, _)| at);
            Target::Money
        } else if self.sketch.verbs.born {
            Target::Birth
        } else {
            Target::Amount
        };
        self.push(target, comparison, number, upper, unit);
        Ok(())
    }

    fn named_target(&mut self, next: &Item) -> Target {
        Target::Noun(self.noun_of(next))
    }

    /// "Fewer than 10 in stock".
    fn stock(&mut self, comparison: Comparison, number: f64, upper: f64) -> Result<(), Trouble> {
        let noun = Noun {
            text: String::from("stock"),
            meanings: Vec::new(),
            beside: None,
            follows_preposition: false,
        };
        self.push(Target::Noun(noun), comparison, number, upper, None);
        Ok(())
    }

    fn push(
        &mut self,
        target: Target,
        comparison: Comparison,
        number: f64,
        upper: f64,
        unit: Option<Unit>,
    ) {
        self.last_is_ask = false;
        self.last_number = None;
        self.grouping = None;
        self.sketch.limitations.push(Limitation { target, comparison, number, upper, unit });
    }
}
