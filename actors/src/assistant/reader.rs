//! Reads the phrases of a question from left to right into a sketch.
//!
//! Each phrase is taken by one rule; a rule may look at its neighbours, never at the schema's joins.
//! **Invariant:** a phrase that no rule can place makes the question unanswerable.

mod comparisons;
mod finish;
mod nouns;

use super::dates::{Grain, Span};
use super::form::Aggregate;
use super::lexicon::{Key, Quality};
use super::link::Item;
use super::schema_map::SchemaMap;
use super::sketch::{Ask, Noun, Sketch, Split, Superlative, What};
use super::trouble::Trouble;

/// Reads phrases.
pub(super) fn read(items: &[Item], map: &SchemaMap<'_>) -> Result<Sketch, Trouble> {
    let mut reader = Reader {
        items,
        map,
        at: 0,
        sketch: Sketch::default(),
        pending: None,
        averages_count: false,
        grouping: None,
        splits_before: 0,
        ordering: false,
        is_negated: false,
        is_without: false,
        loose: None,
        named: None,
        heard_value: false,
        last_is_ask: false,
        last_number: None,
    };
    while reader.at < items.len() {
        reader.step()?;
    }
    reader.finish()
}

struct Reader<'a> {
    items: &'a [Item],
    map: &'a SchemaMap<'a>,
    at: usize,
    sketch: Sketch,
    /// "Average": waits for what is averaged.
    pending: Option<Aggregate>,
    /// "Average number of".
    averages_count: bool,
    /// "By", or with `true` "per" and "each": waits for what to group by.
    grouping: Option<bool>,
    /// How much there was to group by before the last "by".
    splits_before: usize,
    /// "By" after a superlative, "sorted by": waits for the measure.
    ordering: bool,
    /// "Not": excludes what comes next.
    is_negated: bool,
    /// "Without": what comes next must be missing.
    is_without: bool,
    /// A number that nothing has taken yet.
    loose: Option<f64>,
    /// The table named last.
    named: Option<usize>,
    heard_value: bool,
    /// Whether the last thing read was a number asked for.
    last_is_ask: bool,
    /// The number column read last, for "price above 20".
    last_number: Option<Noun>,
}

impl<'a> Reader<'a> {
    fn item(&self, ahead: usize) -> Option<&'a Item> {
        self.items.get(self.at + ahead)
    }

    /// The next phrase that is no filler, from some place on, and its place.
    fn significant(&self, from: usize) -> Option<(usize, &'a Item)> {
        let mut rest = self.items.iter().enumerate().skip(from);
        rest.find(|(_, item)| !item.is_filler())
    }

    fn step(&mut self) -> Result<(), Trouble> {
        let Some(item) = self.item(0) else {
            return Ok(());
        };
        if item.follows_pause {
            self.grouping = self.grouping.filter(|_| self.continues_list());
        }
        let took = self.time(item)
            || self.comparison(item)?
            || self.superlative(item)
            || self.noun(item)?
            || self.word(item)
            || self.number(item);
        if !took {
            return Err(Trouble::unread(&item.text));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether the next phrase after a comma is one more to group by.
    fn continues_list(&self) -> bool {
        self.item(0).is_some_and(|item| !item.meanings.is_empty() || item.grain.is_some())
    }

    fn time(&mut self, item: &Item) -> bool {
        if let Some(span) = item.span.filter(|_| !self.is_negated) {
            let old = self.sketch.span.replace(span);
            self.grouping = None;
            let Some(old) = old.filter(|old| *old != span) else {
                return true;
            };
            return self.compare_spans(old, span);
        }
        let Some(grain) = item.grain else {
            return false;
        };
        if !item.meanings.is_empty() && self.grouping.is_none() {
            return false;
        }
        let is_unit = self.loose.is_some();
        let is_adverb =
            item.text.to_lowercase().ends_with("ly") || item.text.to_lowercase().ends_with("ual");
        if is_unit && !is_adverb {
            return false;
        }
        self.sketch.splits.push(Split::Time(grain, self.grouping.unwrap_or(is_adverb)));
        true
    }

    /// "2024 versus 2025": both, cut into the two. Other pairs no single span holds.
    fn compare_spans(&mut self, one: Span, other: Span) -> bool {
        let compares = self.items.iter().any(|item| {
            let text = item.text.to_lowercase();
            matches!(text.as_str(), "vs" | "versus" | "compared to" | "compared with" | "compare")
        });
        let (first, second) = if one.from <= other.from { (one, other) } else { (other, one) };
        let grains = [Grain::Year, Grain::Quarter, Grain::Month];
        let grain = grains.into_iter().find(|grain| {
            [first, second]
                .iter()
                .all(|span| span.from.is_some_and(|from| Span::of(*grain, from) == *span))
        });
        let Some(grain) = grain.filter(|_| compares && first.until == second.from) else {
            return false;
        };
        self.sketch.span = Some(first.join(second));
        self.sketch.splits.push(Split::Time(grain, false));
        true
    }

    fn superlative(&mut self, item: &Item) -> bool {
        let Some((quality, is_greatest)) = item.keys.iter().find_map(|key| match key {
            Key::Super(quality, is_greatest) => Some((*quality, *is_greatest)),
            _ => None,
        }) else {
            return false;
        };
        // "Most frequent first": an order, not a choice.
        let next = self.item(1).filter(|next| next.text.eq_ignore_ascii_case("first"));
        let ends = self.item(2).is_none_or(|after| after.follows_pause);
        if next.is_some_and(|next| next.number.is_none()) && ends && self.at > 0 {
            self.sketch.sorted = Some(is_greatest);
            self.at += 1;
            return true;
        }
        // "Lasts longer than": a verb here.
        let compares = self
            .significant(self.at + 1)
            .is_some_and(|(_, next)| next.keys.iter().any(|key| matches!(key, Key::Compare(..))));
        if compares && quality == Quality::Recency {
            return true;
        }
        // "First visits" is a flag's name and was linked as one phrase; a bare "last" is a superlative.
        let mut count = self.loose.take();
        if let Some((at, next)) = self.significant(self.at + 1)
            && let (None, Some(number), None) = (count, next.number, next.span)
        {
            count = Some(number);
            self.at = at;
        }
        let count = count.map(whole);
        if quality == Quality::Top && self.sketch.superlatives.len() == 1 && count.is_some() {
            // "artists with the most albums, top three"
            self.sketch.superlatives[0].count = count;
            return true;
        }
        let repeats = self.sketch.superlatives.last().is_some_and(|last| {
            last.is_greatest == is_greatest && matches!(last.quality, Quality::Top | Quality::Plain)
        });
        if repeats && last_has_nothing(&self.sketch.superlatives) {
            // "top 5 best-selling", "most expensive top 3": one superlative said twice.
            if let Some(last) = self.sketch.superlatives.last_mut() {
                last.quality = quality;
                last.count = last.count.or(count);
            }
            return true;
        }
        let ends = self.significant(self.at + 1).is_none();
        let said = quality == Quality::Plain && ends && self.last_is_ask && count.is_none();
        // "Which insurer covers the most": the figure stands before.
        let ask = if said { self.sketch.asks.pop() } else { None };
        self.sketch.superlatives.push(Superlative { quality, is_greatest, count, ask });
        self.grouping = None;
        self.last_is_ask = false;
        true
    }

    /// Words that do something by themselves.
    fn word(&mut self, item: &Item) -> bool {
        let Some(key) = item.keys.first().copied() else {
            return false;
        };
        match key {
            Key::HowMany | Key::NumberOf => self.count(key),
            Key::HowMuch => {
                self.sketch.opening.how_much = true;
            }
            Key::When => self.sketch.opening.asks_when = true,
            Key::Which => self.sketch.opening.lists = true,
            Key::Trend => self.sketch.opening.is_trend = true,
            // "Where" begins a condition; as a question it asks for a place that was not named.
            Key::Where => return self.at > 0,
            Key::Who => self.sketch.opening.asks_who = true,
            Key::Sum => self.pending = self.pending.or(Some(Aggregate::Sum)),
            Key::Average => self.pending = Some(Aggregate::Average),
            Key::Minimum => self.pending = Some(Aggregate::Minimum),
            Key::Maximum => self.pending = Some(Aggregate::Maximum),
            Key::Share => self.sketch.opening.is_share = true,
            Key::Distinct => self.sketch.opening.is_distinct = true,
            Key::By => self.by(item),
            Key::SortBy => self.ordering = true,
            Key::Sorted(is_greatest) => self.sketch.sorted = Some(is_greatest),
            Key::Without => self.is_without = true,
            Key::Not => self.is_negated = true,
            Key::Or => return self.alternative(),
            Key::And => {
                if self.at == 0 {
                    self.sketch.opening.goes_on = true;
                }
            }
            Key::Again => {
                let is_edge = self.at == 0 || self.at + 1 == self.items.len();
                self.sketch.opening.goes_on |= is_edge;
            }
            Key::Them => {
                let is_weak =
                    matches!(item.text.to_lowercase().as_str(), "that" | "it" | "of which");
                let is_free = self.sketch.subject.is_none() && self.sketch.values.is_empty();
                self.sketch.opening.goes_on |=
                    if is_weak { !self.sketch.has_head() } else { is_free };
            }
            Key::New => self.sketch.opening.is_new = true,
            Key::Sell | Key::Buy | Key::Earn | Key::Cost | Key::Born => self.verb(key),
            Key::OutOfStock => self.sketch.stock = Some(false),
            Key::InStock => self.sketch.stock = Some(true),
            Key::Money => self.money(What::Money),
            Key::Units => self.money(What::Units),
            Key::Worth => return self.worth(),
            Key::Earlier(grain) => {
                self.sketch.earlier = Some(grain);
                self.sketch.opening.goes_on = true;
            }
            Key::People => self.people(),
            Key::How(quality) => self.sketch.opening.how = Some(quality),
            Key::Filler => {
                let text = item.text.to_lowercase();
                self.sketch.opening.says_work |= text.starts_with("work");
            }
            // "The second one" counts no time.
            Key::Unit(_) => return !item.text.eq_ignore_ascii_case("second"),
            Key::Name => {}
            Key::More => self.sketch.opening.compares = true,
            Key::Times => return false,
            Key::OnWeekday(_) if self.follows_recency() => return false,
            Key::OnWeekday(7) => self.sketch.weekdays.extend([0, 6]),
            Key::OnWeekday(day) => self.sketch.weekdays.push(day),
            Key::Super(..) | Key::Compare(..) => return false,
        }
        true
    }

    fn count(&mut self, key: Key) {
        if key == Key::HowMany {
            self.sketch.opening.counts = true;
            self.sketch.opening.counts_times += 1;
        } else {
            self.sketch.opening.numbers = true;
        }
        if self.pending == Some(Aggregate::Average) {
            self.averages_count = true;
        }
        self.pending = Some(Aggregate::Count);
        if self.ordering || self.grouping.is_some() {
            return;
        }
        self.grouping = None;
    }

    /// "Last weekend" is a time that is not read here.
    fn follows_recency(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.items.get(at));
        before.is_some_and(|before| {
            matches!(before.text.to_lowercase().as_str(), "last" | "this" | "next" | "past")
        })
    }

    /// "How many people" counts them; elsewhere the word says little.
    fn people(&mut self) {
        self.sketch.opening.says_people = true;
        let is_object = !self.sketch.asks.is_empty() || self.sketch.subject.is_some();
        if self.pending == Some(Aggregate::Count) && !is_object {
            self.ask(What::People);
        }
    }

    /// "By" is a group, unless a measure follows it.
    fn by(&mut self, item: &Item) {
        let is_each = item.text.to_lowercase() != "by";
        let measured = self.significant(self.at + 1).is_some_and(|(_, next)| self.is_measure(next));
        if measured && (!self.sketch.superlatives.is_empty() || !is_each) {
            self.ordering = true;
        } else {
            self.grouping = Some(is_each);
            self.splits_before = self.sketch.splits.len();
        }
    }

    /// "Or" is understood between values, where it stands for one list.
    fn alternative(&mut self) -> bool {
        let is_value = |item: &Item| !item.meanings.is_empty() && self.is_only_value(item);
        let before = self.items[..self.at].iter().rev().find(|item| !item.is_filler());
        let after = self.significant(self.at + 1).map(|(_, next)| next);
        let stands_between_values = before.is_some_and(is_value) && after.is_some_and(is_value);
        self.sketch.has_alternatives = true;
        stands_between_values
    }

    fn verb(&mut self, key: Key) {
        let verbs = &mut self.sketch.verbs;
        match key {
            Key::Sell => verbs.sells = true,
            Key::Buy => verbs.buys = true,
            Key::Earn => verbs.earns = true,
            Key::Cost => verbs.costs = true,
            Key::Born => verbs.born = true,
            _ => {}
        }
        if (self.is_without || self.is_negated) && matches!(key, Key::Sell | Key::Buy) {
            self.is_without = false;
            self.is_negated = false;
            self.sketch.missing_trade = true;
        }
        self.grouping = None;
        self.last_is_ask = false;
    }

    /// Takes a measure that is no noun of the schema.
    fn money(&mut self, what: What) {
        let mut what = what;
        let earned = self.sketch.verbs.earns || self.items.iter().any(|item| item.is(Key::Earn));
        let says_money =
            self.item(0).is_some_and(|item| item.text.to_lowercase().contains("money"));
        if what == What::Money && says_money && earned {
            what = What::Received;
        }
        // "The money refunded": the column that follows says which money.
        let next = self.significant(self.at + 1).map(|(_, next)| next);
        if says_money && next.is_some_and(|next| self.is_number_column(next)) {
            return;
        }
        self.ask(what);
    }

    /// Takes a measure: for the order, for a superlative, or to be shown.
    fn ask(&mut self, what: What) {
        let aggregate = self.pending.take();
        let is_average_count = std::mem::take(&mut self.averages_count);
        let ask = Ask { aggregate, what, is_average_count };
        self.grouping = None;
        self.last_is_ask = false;
        if std::mem::take(&mut self.ordering) {
            match self.sketch.superlatives.last_mut() {
                Some(last) if last.ask.is_none() => last.ask = Some(ask),
                _ => self.sketch.sort_by = Some(ask),
            }
            return;
        }
        let waiting = self.sketch.superlatives.last_mut().filter(|last| {
            last.ask.is_none()
                && matches!(
                    last.quality,
                    Quality::Plain
                        | Quality::High
                        | Quality::Size
                        | Quality::Merit
                        | Quality::Length
                        | Quality::Price
                        | Quality::Popularity
                        | Quality::Frequency
                )
        });
        match waiting {
            Some(last) if !matches!(aggregate, Some(Aggregate::Minimum | Aggregate::Maximum)) => {
                last.ask = Some(ask);
            }
            _ => {
                self.sketch.asks.push(ask);
                self.last_is_ask = true;
            }
        }
    }

    /// "The value of orders", "sales amount": what rows are worth.
    fn worth(&mut self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.items.get(at));
        let next = self.significant(self.at + 1);
        let is_said = before.is_some_and(|before| before.is(Key::Money) || before.is(Key::Units))
            || next.is_some_and(|(_, next)| next.is(Key::Money));
        if is_said {
            return true;
        }
        if let Some((at, next)) = next.filter(|(_, next)| self.names_table(next)) {
            let noun = self.noun_of(next);
            self.at = at;
            self.ask(What::AmountOf(noun));
            return true;
        }
        false
    }

    fn number(&mut self, item: &Item) -> bool {
        if item.number.is_none() || self.loose.is_some() {
            return false;
        }
        self.loose = item.number;
        true
    }
}

fn last_has_nothing(superlatives: &[Superlative]) -> bool {
    superlatives.last().is_some_and(|last| last.ask.is_none())
}

/// A count of rows from a number that was written; what is too large is as good as all.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a count can be first"
)]
fn whole(number: f64) -> u32 {
    number.clamp(1.0, 10_000.0) as u32
}
