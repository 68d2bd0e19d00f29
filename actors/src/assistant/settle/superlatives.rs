//! "Top five by revenue", "the cheapest", "the most albums": an order and a limit.

use super::super::form::{Aggregate, By, Group, Measure, Of};
use super::super::lexicon::{Quality, columns_of};
use super::super::roles::Role;
use super::super::sketch::Superlative;
use super::super::trouble::Trouble;
use super::Settler;

/// Rows that a list gives when "the longest tracks" does not say how many.
const ROWS_DEFAULT: u32 = 10;

impl Settler<'_> {
    pub(super) fn superlatives(&mut self) -> Result<(), Trouble> {
        match self.sketch.superlatives.as_slice() {
            [] => Ok(()),
            [only] => self.superlative(only),
            [one, other] if one.is_greatest != other.is_greatest => self.extremes(one, other),
            _ => Err(Trouble::plain("I can put things in one order only.")),
        }
    }

    /// "Cheapest and most expensive track price": the two ends of one column.
    fn extremes(&mut self, one: &Superlative, other: &Superlative) -> Result<(), Trouble> {
        let ask = other.ask.as_ref().or(one.ask.as_ref());
        let column = match (ask, self.sketch.asks.first(), self.form.measures.first()) {
            (Some(ask), ..) | (None, Some(ask), _) => match self
                .measure(&super::super::sketch::Ask {
                    aggregate: Some(Aggregate::Maximum),
                    ..ask.clone()
                })?
                .of
            {
                Of::Column(at) => Some(at),
                _ => None,
            },
            _ => None,
        };
        let subject = self.form.subject;
        let by_quality = || {
            let words = columns_of(one.quality);
            subject.and_then(|subject| self.map.number_named(subject, words))
        };
        let column = column
            .or_else(by_quality)
            .ok_or_else(|| Trouble::plain("I could not tell which figure the two ends are of."))?;
        let end = |is_greatest: bool| {
            let aggregate = if is_greatest { Aggregate::Maximum } else { Aggregate::Minimum };
            Measure::new(aggregate, Of::Column(column))
        };
        self.form.measures = vec![end(one.is_greatest), end(other.is_greatest)];
        self.form.subject = None;
        Ok(())
    }

    fn superlative(&mut self, superlative: &Superlative) -> Result<(), Trouble> {
        let limit = superlative.count.unwrap_or_else(|| self.default_count());
        if let Some(ask) = &superlative.ask {
            let mut measure = self.measure_ranked(ask, superlative)?;
            if let Of::Rows(table) = measure.of
                && self.map.moment(table).is_none()
                && self.form.groups.iter().any(|group| matches!(group, Group::Time(..)))
                && let Some(event) = self.event_named(table)
            {
                // "On which weekday are most books lent": books are lent as often as there are loans.
                measure = Measure::rows(event);
            }
            return self.rank(measure, superlative, limit);
        }
        if superlative.quality == Quality::Plain && self.sketch.verbs.earns {
            // Who earns a salary earns that.
            let pay = |subject| self.map.number_named(subject, columns_of(Quality::Pay));
            if let Some(at) = self.form.subject.and_then(pay) {
                self.form.order = Some((By::Column(at), superlative.is_greatest));
                self.form.limit = Some(limit);
                return Ok(());
            }
        }
        match superlative.quality {
            Quality::Recency => self.by_moment(superlative.is_greatest, limit),
            Quality::Age => self.by_age(superlative.is_greatest, limit),
            Quality::Length
            | Quality::Price
            | Quality::Size
            | Quality::Pay
            | Quality::Rating
            | Quality::Weight
            | Quality::High => self.by_quality(superlative, limit),
            Quality::Popularity
            | Quality::Frequency
            | Quality::Selling
            | Quality::Merit
            | Quality::Busy
            | Quality::Plain
            | Quality::Top => {
                let sells_best = superlative.quality == Quality::Merit && self.sketch.verbs.sells;
                let quality = if sells_best { Quality::Popularity } else { superlative.quality };
                let measure = self.custom(quality)?;
                self.rank(measure, superlative, limit)
            }
        }
    }

    /// One where the subject was named in the singular, else a few.
    fn default_count(&self) -> u32 {
        let opening = self.sketch.opening;
        if opening.asks_who && (self.sketch.verbs.born || !self.sketch.moments.is_empty()) {
            // "Who was hired first among the employees".
            return 1;
        }
        let noun = self.sketch.subject.as_ref().or(self.sketch.values.last().map(|(noun, _)| noun));
        let is_plural = noun.is_some_and(|noun| {
            let text = noun.text.to_lowercase();
            text.ends_with('s') && !["ss", "us", "is"].iter().any(|end| text.ends_with(end))
        });
        if is_plural { ROWS_DEFAULT } else { 1 }
    }

    /// The measure that ranks; averages of ratings, sums and counts of the rest.
    fn measure_ranked(
        &self,
        ask: &super::super::sketch::Ask,
        superlative: &Superlative,
    ) -> Result<Measure, Trouble> {
        let plain = self.measure(ask);
        if plain.is_ok() || ask.aggregate.is_some() {
            return plain;
        }
        // "The highest salary", "top 5 products by price": of single rows the column itself.
        let aggregate =
            if superlative.is_greatest { Aggregate::Maximum } else { Aggregate::Minimum };
        let ask = super::super::sketch::Ask { aggregate: Some(aggregate), ..ask.clone() };
        self.measure(&ask)
    }

    /// Orders the subject, or the groups, by a measure.
    fn rank(
        &mut self,
        measure: Measure,
        superlative: &Superlative,
        limit: u32,
    ) -> Result<(), Trouble> {
        let own_column = match (&measure.of, self.form.subject) {
            (Of::Column(at), Some(subject)) if at.table == subject => Some(*at),
            _ => None,
        };
        if let (Some(at), true) = (own_column, self.form.groups.is_empty()) {
            self.form.order = Some((By::Column(at), superlative.is_greatest));
            self.form.limit = Some(limit);
            self.form.measures.clear();
            return Ok(());
        }
        match (self.form.subject, self.form.groups.is_empty()) {
            (Some(subject), true) if measure.of != Of::Rows(subject) => {
                self.form.groups.push(Group::Rows(subject));
            }
            (None, true)
                if !matches!(measure.of, Of::Column(_))
                    || superlative.quality == Quality::Plain =>
            {
                return Err(Trouble::Fragment);
            }
            (None, true) => {
                // "The highest salary": the number itself.
                let aggregate =
                    if superlative.is_greatest { Aggregate::Maximum } else { Aggregate::Minimum };
                self.form.measures.push(Measure { aggregate, ..measure });
                return Ok(());
            }
            _ => {}
        }
        // "Highest salary per store": one number for each group, not the first group.
        // "Which month had the highest sales" asks for the month.
        let names_time = self.sketch.opening.lists
            && self.form.groups.iter().all(|group| matches!(group, Group::Time(..)));
        let is_end =
            matches!(superlative.quality, Quality::High | Quality::Price | Quality::Length)
                && matches!(measure.of, Of::Column(_))
                && superlative.ask.as_ref().is_none_or(|ask| ask.aggregate.is_none())
                && !names_time
                && !self.sketch.splits.is_empty()
                && self.sketch.subject.is_none();
        if is_end {
            let aggregate =
                if superlative.is_greatest { Aggregate::Maximum } else { Aggregate::Minimum };
            self.form.measures.push(Measure { aggregate, ..measure });
            return Ok(());
        }
        self.form.measures.retain(|known| *known != measure);
        self.form.measures.insert(0, measure);
        self.form.order = Some((By::Measure, superlative.is_greatest));
        self.form.limit = Some(limit);
        Ok(())
    }

    /// What "best", "most popular" and the like are measured by, by custom: customers by what they
    /// spent, what is sold by pieces, other things by what happens to them.
    fn custom(&self, quality: Quality) -> Result<Measure, Trouble> {
        let money = || Measure::new(Aggregate::Sum, Of::Money);
        let units = || Measure::new(Aggregate::Sum, Of::Units);
        let unclear = || {
            Trouble::plain("I do not know what “best” is measured by here: please name a figure.")
        };
        if let (Some(counted), true) = (self.form.measures.first(), quality != Quality::Merit) {
            return Ok(counted.clone());
        }
        let verbs = self.sketch.verbs;
        if quality == Quality::Plain {
            if verbs.earns || verbs.buys {
                return Ok(money());
            }
            if verbs.sells {
                let sold = self.form.subject.is_some_and(|subject| self.is_sold(subject));
                return Ok(if sold && self.map.lines.is_some() { units() } else { money() });
            }
            // "Which book is borrowed the most": what happens to it was named.
            let subject = self.form.subject.ok_or_else(unclear)?;
            return self.event_named(subject).map(Measure::rows).ok_or_else(unclear);
        }
        let subject = self.form.subject.or(match self.form.groups.first() {
            Some(Group::Rows(table)) => Some(*table),
            _ => None,
        });
        if let (None, Some(Group::Column(at))) = (subject, self.form.groups.first()) {
            match quality {
                // "The most popular format": of what is sold, by pieces.
                Quality::Popularity if self.is_sold(at.table) => return Ok(units()),
                Quality::Popularity | Quality::Frequency => return Ok(Measure::rows(at.table)),
                _ => {}
            }
        }
        if quality == Quality::Busy {
            return self.busy(subject).ok_or_else(unclear);
        }
        let subject = subject.ok_or_else(unclear)?;
        if matches!(quality, Quality::Popularity | Quality::Frequency) {
            // "Which book is most frequently returned": by what was named, not by what is usual.
            if let Some(event) = self.event_named(subject) {
                return Ok(Measure::rows(event));
            }
        }
        let is_customer = self.customers() == Some(subject)
            && self.is_trader(subject)
            && !self.map.table(subject).name.to_lowercase().starts_with("patient");
        match quality {
            Quality::Merit | Quality::Top if is_customer => Ok(money()),
            Quality::Top if self.is_sold(subject) => Ok(money()),
            Quality::Selling if self.is_trader(subject) => Ok(money()),
            Quality::Selling | Quality::Popularity | Quality::Frequency
                if self.is_sold(subject) =>
            {
                Ok(units())
            }
            Quality::Popularity | Quality::Frequency => {
                self.busy(Some(subject)).ok_or_else(unclear)
            }
            _ => Err(unclear()),
        }
    }

    /// A table below the subject that was named besides.
    fn event_named(&self, subject: usize) -> Option<usize> {
        let events = self.sketch.others.iter().filter_map(|noun| self.only_table(noun));
        let mut below = events.filter(|event| {
            *event != subject && super::super::joins::is_above(self.map, *event, subject)
        });
        below.next()
    }

    /// What happens to rows of a table: the nearest table of events below it.
    fn busy(&self, subject: Option<usize>) -> Option<Measure> {
        let Some(subject) = subject else {
            return self.main_event().map(Measure::rows);
        };
        let main = self.main_event();
        if let Some(main) =
            main.filter(|main| super::super::joins::is_above(self.map, *main, subject))
        {
            return Some(Measure::rows(main));
        }
        let mut below =
            self.map.edges.iter().filter(|edge| edge.parent.table == subject && !edge.is_own());
        let first = below.next()?.child.table;
        below.all(|edge| edge.child.table == first).then(|| Measure::rows(first))
    }

    fn by_quality(&mut self, superlative: &Superlative, limit: u32) -> Result<(), Trouble> {
        let subject = self.form.subject.ok_or(Trouble::Fragment)?;
        let words = if superlative.quality == Quality::High {
            &["total", "amount", "revenue", "value"][..]
        } else {
            columns_of(superlative.quality)
        };
        if let Some(at) = self.map.number_named(subject, words) {
            self.form.order = Some((By::Column(at), superlative.is_greatest));
            self.form.limit = Some(limit);
            return Ok(());
        }
        let is_rating = superlative.quality == Quality::Rating;
        let rating = self.map.edges.iter().find_map(|edge| {
            (edge.parent.table == subject)
                .then(|| self.map.number_named(edge.child.table, columns_of(Quality::Rating)))?
        });
        if let Some(at) = rating.filter(|_| is_rating) {
            return self.rank(Measure::new(Aggregate::Average, Of::Column(at)), superlative, limit);
        }
        if superlative.quality == Quality::Size
            && self.customers() == Some(subject)
            && self.is_trader(subject)
        {
            return self.rank(Measure::new(Aggregate::Sum, Of::Money), superlative, limit);
        }
        let holds_money = superlative.quality != Quality::Length
            && self.map.lines.is_some()
            && self.map.amount_of(subject).is_none()
            && self.map.label(subject).is_empty()
            && self.is_trader(subject);
        if holds_money {
            return self.rank(Measure::new(Aggregate::Sum, Of::Money), superlative, limit);
        }
        Err(Trouble::plain(format!(
            "I found no figure of {} that this is measured by.",
            self.map.table(subject).name
        )))
    }

    fn by_moment(&mut self, is_latest: bool, limit: u32) -> Result<(), Trouble> {
        let named = self.sketch.moments.first().map(|noun| {
            self.choose(noun, &|sense| matches!(sense, super::super::vocabulary::Sense::Moment(_)))
        });
        let born = self.form.subject.filter(|_| self.sketch.verbs.born);
        let column = match named.transpose()? {
            _ if born.is_some() => born.and_then(|subject| self.birth_column(subject)),
            Some(super::super::vocabulary::Sense::Moment(at)) => Some(at),
            _ => self.form.subject.and_then(|subject| self.map.moment(subject)),
        };
        let column =
            column.ok_or_else(|| Trouble::plain("These rows do not say when they came to be."))?;
        if self.form.subject.is_some_and(|subject| subject != column.table) {
            return Err(Trouble::Fragment);
        }
        self.form.subject = Some(column.table);
        self.form.order = Some((By::Column(column), is_latest));
        self.form.limit = Some(limit);
        Ok(())
    }

    /// Age is told by birth where it is known, by the day of making otherwise.
    fn by_age(&mut self, is_oldest: bool, limit: u32) -> Result<(), Trouble> {
        let subject = self.form.subject.ok_or(Trouble::Fragment)?;
        let column = self.birth_column(subject).or_else(|| self.map.moment(subject));
        let column = column.ok_or_else(|| {
            Trouble::plain(format!(
                "{} does not say how old its rows are.",
                self.map.table(subject).name
            ))
        })?;
        if !matches!(self.map.role(column), Role::Year | Role::Moment(_)) {
            return Err(Trouble::Fragment);
        }
        self.form.order = Some((By::Column(column), !is_oldest));
        self.form.limit = Some(limit);
        Ok(())
    }

    /// "Biggest first".
    pub(super) fn sort(&mut self, is_greatest: bool) {
        let compared = self.form.filters.iter().rev().find_map(|filter| match filter {
            super::super::form::Filter::Number { column, .. } => Some(*column),
            _ => None,
        });
        let shown = self.form.shown.iter().copied().find(|at| self.map.role(*at) == Role::Number);
        let by = if !self.form.measures.is_empty() || !self.form.having.is_empty() {
            By::Measure
        } else if let Some(at) = compared.or(shown) {
            By::Column(at)
        } else {
            By::Name
        };
        self.form.order = Some((by, is_greatest));
    }

    /// "Sorted by price".
    pub(super) fn sort_by(&mut self, measure: Measure, said: Option<bool>) {
        let own = match (&measure.of, self.form.subject) {
            (Of::Column(at), Some(subject)) if at.table == subject => Some(*at),
            _ => None,
        };
        if let (Some(at), true) = (own, self.form.measures.is_empty()) {
            self.form.order = Some((By::Column(at), said.unwrap_or(false)));
            return;
        }
        if self.form.groups.is_empty() {
            self.form.groups.extend(self.form.subject.map(Group::Rows));
        }
        self.form.measures.retain(|known| *known != measure);
        self.form.measures.insert(0, measure);
        self.form.order = Some((By::Measure, said.unwrap_or(true)));
    }
}
