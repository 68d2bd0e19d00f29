//! Where a phrase that names something of the schema belongs: subject, measure, group, filter.

use super::super::form::Aggregate;
use super::super::lexicon::{Key, Quality};
use super::super::link::Item;
use super::super::roles::Role;
use super::super::sketch::{Noun, Split, What};
use super::super::trouble::Trouble;
use super::super::vocabulary::{Meaning, Sense};
use super::Reader;

impl Reader<'_> {
    pub(super) fn noun_of(&self, item: &Item) -> Noun {
        Noun {
            text: item.text.clone(),
            meanings: item.meanings.clone(),
            beside: self.beside(),
            follows_preposition: self.follows_preposition(),
        }
    }

    /// The table that a phrase belongs to if it can: "price of treatments", or the one named last.
    fn beside(&self) -> Option<usize> {
        let of = self.item(1).is_some_and(|next| next.text.to_lowercase() == "of");
        let owner = self.significant(self.at + 1).map(|(_, next)| next).filter(|_| of);
        owner.and_then(|owner| self.table_named(owner)).or(self.named)
    }

    /// The one table that a phrase names.
    fn table_named(&self, item: &Item) -> Option<usize> {
        let best = Self::best_cost(item);
        let mut tables = item.meanings.iter().filter_map(|meaning| match meaning.sense {
            Sense::Table(table) if meaning.cost == best => Some(table),
            _ => None,
        });
        tables.next().filter(|_| tables.next().is_none())
    }

    fn best_cost(item: &Item) -> u32 {
        item.meanings.iter().map(|meaning| meaning.cost).min().unwrap_or(u32::MAX)
    }

    /// Whether the nearest of what it can mean is a table.
    pub(super) fn names_table(&self, item: &Item) -> bool {
        let best = Self::best_cost(item);
        item.meanings
            .iter()
            .any(|meaning| meaning.cost == best && matches!(meaning.sense, Sense::Table(_)))
    }

    /// Whether the nearest of what it can mean is a column of numbers.
    pub(super) fn is_number_column(&self, item: &Item) -> bool {
        let best = Self::best_cost(item);
        item.meanings.iter().any(|meaning| match &meaning.sense {
            Sense::Column(at) => {
                meaning.cost == best && matches!(self.map.role(*at), Role::Number | Role::Year)
            }
            Sense::Metric(_) => true,
            Sense::Table(_)
            | Sense::Value(..)
            | Sense::Flag(..)
            | Sense::Moment(_)
            | Sense::Own(..) => false,
        })
    }

    /// Whether it says a number that rows can be ordered by.
    pub(super) fn is_measure(&self, item: &Item) -> bool {
        let asks = item.keys.iter().any(|key| {
            matches!(key, Key::Money | Key::Units | Key::NumberOf | Key::Sum | Key::Average)
        });
        let is_figure = self.is_number_column(item) && item.grain.is_none();
        asks || (is_figure && !self.names_table(item))
    }

    /// Takes a phrase that names something of the schema.
    pub(super) fn noun(&mut self, item: &Item) -> Result<bool, Trouble> {
        if item.meanings.is_empty() || self.is_word_here(item) {
            return Ok(false);
        }
        let mut noun = self.noun_of(item);
        if self.own(item, &noun) {
            return Ok(true);
        }
        if self.measures_here(item) {
            // "Total paid": a figure is asked for, not whether it is paid.
            let map = self.map;
            noun.meanings.retain(|meaning| matches!(meaning.sense, Sense::Column(at) if map.role(at) == Role::Number));
            self.ask(What::Noun(noun));
            return Ok(true);
        }
        if self.grouping.is_none() && self.value(item, &noun) {
            return Ok(true);
        }
        let is_thing = !self.is_only_value(item);
        if is_thing && (std::mem::take(&mut self.is_without) | std::mem::take(&mut self.is_negated))
        {
            self.sketch.missing.push(noun);
            return Ok(true);
        }
        if let (Some(each), false) = (self.grouping, self.is_only_value(item)) {
            if self.is_qualifier(item) || self.owns_last_split(item) {
                self.name(item);
            } else if self.names_only_moment(item) {
                self.sketch.moments.push(noun);
            } else {
                noun.beside = noun.beside.filter(|_| self.follows_qualifier());
                self.sketch.splits.push(Split::Noun(noun, each));
                self.name(item);
            }
            return Ok(true);
        }
        if self.is_only_value(item) {
            self.grouping = None;
            let excluded = std::mem::take(&mut self.is_negated) | self.continues_exclusion();
            self.sketch.values.push((noun, excluded));
            return Ok(true);
        }
        if self.names_only_moment(item) {
            self.sketch.moments.push(noun);
            return Ok(true);
        }
        self.thing(item, noun);
        Ok(true)
    }

    /// Whether a figure is waited for, and this can be one among other things.
    fn measures_here(&self, item: &Item) -> bool {
        let waits = matches!(self.pending, Some(one) if one != Aggregate::Count);
        let asks_much = self.sketch.opening.how_much && self.sketch.asks.is_empty();
        (waits || asks_much)
            && !self.names_table(item)
            && !self.is_number_column(item)
            && item.meanings.iter().any(|meaning| match meaning.sense {
                Sense::Column(at) => self.map.role(at) == Role::Number,
                _ => false,
            })
            && !self
                .significant(self.at + 1)
                .is_some_and(|(_, next)| self.names_table(next) || self.is_number_column(next))
    }

    /// "Drug" in "for each form of drug": whose column the group before is.
    fn owns_last_split(&self, item: &Item) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.items.get(at));
        let is_of = before.is_some_and(|before| before.text.eq_ignore_ascii_case("of"));
        let Some(Split::Noun(group, _)) = self.sketch.splits.last().filter(|_| is_of) else {
            return false;
        };
        let table = self.table_named(item);
        group
            .meanings
            .iter()
            .any(|meaning| matches!(meaning.sense, Sense::Column(at) if Some(at.table) == table))
    }

    /// "Customer" in "by customer country", "product" in "per product category".
    fn is_qualifier(&self, item: &Item) -> bool {
        let Some(table) = self.table_named(item) else {
            return false;
        };
        self.item(1).filter(|next| !next.follows_pause && next.grain.is_none()).is_some_and(
            |next| {
                self.names_table(next)
                    || next.meanings.iter().any(|meaning| match meaning.sense {
                        // "How many patients does each insurer cover": no cover to group by.
                        Sense::Column(at) => at.table == table && self.map.role(at) != Role::Number,
                        _ => false,
                    })
            },
        )
    }

    fn follows_qualifier(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.items.get(at));
        before.is_some_and(|before| self.table_named(before).is_some())
    }

    /// Whether a word that also names something does its own work here.
    fn is_word_here(&self, item: &Item) -> bool {
        let best = Self::best_cost(item);
        let next = self.significant(self.at + 1).map(|(_, next)| next);
        item.keys.iter().any(|key| match key {
            Key::Money => {
                let counts = self.pending == Some(Aggregate::Count) && self.names_table(item);
                !counts && (best > 0 || self.names_table(item))
            }
            Key::Sum => {
                next.is_some_and(|next| {
                    !next.follows_pause
                        && (!next.meanings.is_empty() || next.is(Key::Money) || next.is(Key::Units))
                }) && self.pending.is_none()
            }
            Key::Cost => {
                let compares = next.is_some_and(|next| {
                    next.number.is_some()
                        || next.keys.iter().any(|key| matches!(key, Key::Compare(..)))
                });
                let before = &self.items[..self.at];
                let asks_verb = before
                    .iter()
                    .any(|item| matches!(item.text.to_lowercase().as_str(), "does" | "do" | "did"));
                compares || (asks_verb && next.is_none())
            }
            Key::Units => best > 0,
            Key::Sell | Key::Buy | Key::Earn => best > 0,
            Key::Name => true,
            Key::Filler => best > 1,
            Key::By | Key::And | Key::Or | Key::HowMany | Key::NumberOf | Key::Not => true,
            Key::Which | Key::SortBy | Key::Without | Key::Average => true,
            _ => false,
        })
    }

    fn names_only_moment(&self, item: &Item) -> bool {
        let best = Self::best_cost(item);
        item.meanings
            .iter()
            .filter(|meaning| meaning.cost <= best + 1)
            .all(|meaning| matches!(meaning.sense, Sense::Moment(_)))
    }

    pub(super) fn is_only_value(&self, item: &Item) -> bool {
        item.meanings
            .iter()
            .all(|meaning| matches!(meaning.sense, Sense::Value(..) | Sense::Flag(..)))
    }

    /// Takes a key into its own table: "reports to", "manager of".
    fn own(&mut self, item: &Item, noun: &Noun) -> bool {
        let is_own = item.meanings.iter().any(|meaning| matches!(meaning.sense, Sense::Own(..)));
        if !is_own {
            return false;
        }
        if std::mem::take(&mut self.is_without) | std::mem::take(&mut self.is_negated) {
            self.sketch.missing.push(noun.clone());
            return true;
        }
        let passive = self.item(1).is_some_and(|next| next.is(Key::By));
        self.at += usize::from(passive);
        self.sketch.own.push((noun.clone(), self.heard_value, passive));
        true
    }

    /// Takes a value or a flag, where nothing nearer is meant.
    fn value(&mut self, item: &Item, noun: &Noun) -> bool {
        let best = Self::best_cost(item);
        let is_value =
            |meaning: &Meaning| matches!(meaning.sense, Sense::Value(..) | Sense::Flag(..));
        let nearest: Vec<&Meaning> =
            item.meanings.iter().filter(|meaning| meaning.cost == best).collect();
        if !nearest.iter().all(|meaning| is_value(meaning)) {
            return false;
        }
        self.heard_value = true;
        let excluded = std::mem::take(&mut self.is_negated)
            | std::mem::take(&mut self.is_without)
            | self.continues_exclusion();
        let mut noun = noun.clone();
        noun.meanings.retain(|meaning| is_value(meaning));
        self.sketch.values.push((noun, excluded));
        true
    }

    /// "Not in Germany or France": both are excluded.
    fn continues_exclusion(&self) -> bool {
        let mut before = self.items[..self.at].iter().rev().filter(|item| !item.is_filler());
        let linked = before.next().is_some_and(|item| item.is(Key::And) || item.is(Key::Or));
        let value =
            before.next().is_some_and(|item| !item.meanings.is_empty() && self.is_only_value(item));
        linked && value && self.sketch.values.last().is_some_and(|(_, excluded)| *excluded)
    }

    fn name(&mut self, item: &Item) {
        self.named = self.table_named(item).or(self.named);
        self.last_is_ask = false;
        self.last_number = None;
    }

    /// Takes a table or a column outside groups and filters.
    fn thing(&mut self, item: &Item, noun: Noun) {
        if self.names_table(item) {
            return self.table(item, noun);
        }
        let is_number = self.is_number_column(item);
        let compared = self.significant(self.at + 1).is_some_and(|(_, next)| {
            !next.follows_pause
                && (next.keys.iter().any(|key| matches!(key, Key::Compare(..)))
                    || next.number.is_some())
        });
        let waits = self.sketch.superlatives.last().is_some_and(|last| {
            last.ask.is_none() && !matches!(last.quality, Quality::Recency | Quality::Age)
        });
        if self.ordering || (is_number && (self.pending.is_some() || waits)) {
            self.ask(What::Noun(noun));
            self.last_number = None;
            return;
        }
        if is_number && self.repeats_ask(&noun) {
            return;
        }
        if is_number {
            self.last_number = Some(noun.clone());
            if compared || self.sketch.subject.is_some() {
                self.sketch.shown.push(noun);
            } else {
                self.ask(What::Noun(noun));
            }
            return;
        }
        if self.pending == Some(Aggregate::Count) {
            self.ask(What::Noun(noun));
            return;
        }
        if self.sketch.subject.is_some() || !self.sketch.asks.is_empty() {
            self.sketch.shown.push(noun);
        } else {
            self.sketch.subject = Some(noun);
        }
    }

    /// Whether a column was asked for just before: "the total salary we pay".
    fn repeats_ask(&self, noun: &Noun) -> bool {
        let columns = |noun: &Noun| {
            let senses = noun.meanings.iter().filter(|one| matches!(one.sense, Sense::Column(_)));
            senses.map(|one| one.sense.clone()).collect::<Vec<_>>()
        };
        self.sketch.asks.last().is_some_and(|ask| match &ask.what {
            What::Noun(asked) => columns(asked) == columns(noun),
            _ => false,
        })
    }

    fn table(&mut self, item: &Item, noun: Noun) {
        let next = self.item(1).filter(|next| !next.follows_pause);
        // "Invoice total", "customer names": the table says whose column it is.
        let joins_column = next.is_some_and(|next| {
            let own = next.meanings.iter().any(|meaning| {
                matches!(meaning.sense, Sense::Column(_) | Sense::Metric(_))
                    && meaning.sense.table(self.map).is_none_or(|table| {
                        noun.meanings.iter().any(|meaning| meaning.sense == Sense::Table(table))
                    })
            });
            own && !self.names_table(next) && !next.is(Key::Cost)
        });
        self.name(item);
        let ranks = self.sketch.superlatives.last().is_some_and(|last| {
            last.ask.is_none() && matches!(last.quality, Quality::Popularity | Quality::Frequency)
        });
        if joins_column && (self.pending.is_some() || ranks || self.is_number_column_of(next)) {
            return;
        }
        if self.ordering {
            return self.ask(What::Noun(noun));
        }
        match self.pending {
            Some(Aggregate::Count) => self.count_rows(noun),
            Some(Aggregate::Sum) if item.is_participle => self.ask(What::AmountOf(noun)),
            Some(Aggregate::Sum) => {
                self.sketch.opening.says_total = true;
                self.pending = Some(Aggregate::Count);
                self.count_rows(noun);
            }
            Some(Aggregate::Average | Aggregate::Minimum | Aggregate::Maximum) => {
                if let Some(next) = next.filter(|next| is_worth(next)) {
                    self.at += 1;
                    let is_money = next.is(Key::Money)
                        || next.is(Key::Filler)
                        || next.is(Key::Super(Quality::Size, true));
                    return self.ask(if is_money {
                        What::MoneyPer(noun)
                    } else {
                        What::AmountOf(noun)
                    });
                }
                if let Some(quality) = self.sketch.opening.how.take() {
                    // "How long is the average track".
                    self.sketch.subject.get_or_insert(noun);
                    return self.ask(What::Quality(quality));
                }
                self.ask(What::AmountOf(noun));
            }
            Some(Aggregate::Distinct) | None => self.plain_table(item, noun),
        }
    }

    fn is_number_column_of(&self, next: Option<&Item>) -> bool {
        next.is_some_and(|next| self.is_number_column(next))
    }

    fn count_rows(&mut self, noun: Noun) {
        let ordering = self.ordering;
        self.ask(What::Noun(noun.clone()));
        if !ordering && self.sketch.subject.is_none() {
            self.sketch.subject = Some(noun);
        }
    }

    fn plain_table(&mut self, item: &Item, noun: Noun) {
        let modifies = item.is_participle
            && self.significant(self.at + 1).is_some_and(|(_, next)| self.names_table(next));
        let waits = !self.follows_preposition()
            && self.sketch.superlatives.last().is_some_and(|last| {
                let counts = match last.quality {
                    Quality::Plain => true,
                    Quality::Popularity | Quality::Frequency => modifies,
                    _ => false,
                };
                last.ask.is_none() && counts
            });
        // "The most albums", "the most prescribed drug": counted, not listed.
        if waits
            && (self.sketch.subject.is_some()
                || modifies
                || !self.sketch.splits.is_empty()
                || self.sketch.opening.asks_who
                || self.later_table())
        {
            self.pending = Some(Aggregate::Count);
            return self.ask(What::Noun(noun));
        }
        if self.sketch.subject.is_none() && self.sketch.asks.is_empty() {
            self.sketch.subject = Some(noun);
        } else {
            self.sketch.others.push(noun);
        }
    }

    /// Whether "in", "of" or the like stands before: what follows is no object of "most".
    fn follows_preposition(&self) -> bool {
        const PREPOSITIONS: &[&str] = &["in", "at", "from", "of", "for", "to", "with", "on", "by"];
        let before = self.items[..self.at].iter().rev().take(2);
        before.into_iter().any(|item| PREPOSITIONS.contains(&item.text.to_lowercase().as_str()))
    }

    /// Whether another table is named later.
    fn later_table(&self) -> bool {
        self.items.iter().skip(self.at + 1).any(|item| self.names_table(item))
    }
}

/// Whether a word after a table means its worth: "average order value".
fn is_worth(item: &Item) -> bool {
    let text = item.text.to_lowercase();
    matches!(text.as_str(), "value" | "amount" | "size" | "worth" | "revenue" | "sum" | "total")
        && item.meanings.iter().all(|meaning| meaning.cost > 0)
}
