//! Settles what must hold: values, flags, comparisons, what must be missing.

use super::super::form::{Aggregate, Filter, Measure, Of};
use super::super::lexicon::{Comparison, Quality, Unit, columns_of};
use super::super::roles::Role;
use super::super::schema_map::ColumnRef;
use super::super::sketch::{Limitation, Noun, Target};
use super::super::trouble::Trouble;
use super::super::vocabulary::Sense;
use super::Settler;

impl Settler<'_> {
    pub(super) fn conditions(&mut self) -> Result<(), Trouble> {
        let nouns = self.sketch.subject.iter().chain(&self.sketch.others);
        let named: Vec<usize> = nouns.filter_map(|noun| self.only_table(noun)).collect();
        for table in named {
            if !self.anchors.contains(&table) {
                self.anchors.push(table);
            }
        }
        let mut found = Vec::new();
        for (noun, is_not) in &self.sketch.values {
            let sense =
                self.choose(noun, &|sense| matches!(sense, Sense::Value(..) | Sense::Flag(..)))?;
            found.push((sense, *is_not));
        }
        let column = |sense: &Sense| match sense {
            Sense::Value(at, _) => Some(*at),
            _ => None,
        };
        let mut columns = found.iter().map(|(sense, _)| column(sense));
        let first = columns.next();
        if self.sketch.has_alternatives && !columns.all(|other| Some(other) == first) {
            return Err(Trouble::plain("I understand “or” between values of one column only."));
        }
        if let Some((noun, value_before, passive)) = self.sketch.own.first() {
            self.own(noun, *value_before, *passive, &mut found)?;
        }
        for (sense, is_not) in found {
            match sense {
                Sense::Value(column, value) => self.add_value(column, value, is_not),
                Sense::Flag(column, is_set) => {
                    self.form.filters.push(Filter::Flag { column, is_set: is_set != is_not });
                }
                _ => {}
            }
        }
        if !self.sketch.weekdays.is_empty() {
            self.form.filters.push(Filter::Weekdays(self.sketch.weekdays.clone()));
        }
        for noun in &self.sketch.missing {
            let filter = match self.choose(noun, &|sense| !matches!(sense, Sense::Value(..)))? {
                Sense::Table(table) => Filter::Without(table),
                // "Revenue without discounts": a figure that every row has is never missing.
                Sense::Column(at)
                    if self.map.role(at) == Role::Number && !self.map.column(at).is_nullable =>
                {
                    return Err(Trouble::unread(&noun.text));
                }
                Sense::Column(at) => Filter::Missing(at),
                Sense::Moment(at) if Some(at.table) == self.form.subject => Filter::Missing(at),
                Sense::Moment(at) => Filter::Without(at.table),
                Sense::Flag(column, is_set) => Filter::Flag { column, is_set: !is_set },
                Sense::Own(edge, _) => Filter::Missing(self.map.edges[edge].child),
                _ => return Err(Trouble::unread(&noun.text)),
            };
            self.form.filters.push(filter);
        }
        self.stock()
    }

    fn stock(&mut self) -> Result<(), Trouble> {
        let Some(has_some) = self.sketch.stock else {
            return Ok(());
        };
        let column = self.stock_column()?;
        let comparison = if has_some { Comparison::Above } else { Comparison::Exactly };
        self.form.filters.push(Filter::Number { column, comparison, number: 0.0, upper: 0.0 });
        Ok(())
    }

    fn stock_column(&self) -> Result<ColumnRef, Trouble> {
        let mut columns = (0..self.map.tables().len())
            .filter_map(|table| self.map.number_named(table, &["stock", "inventory"]));
        columns.next().ok_or_else(|| Trouble::unread("stock"))
    }

    /// Adds a value to what a column may have.
    pub(super) fn add_value(&mut self, column: ColumnRef, value: String, excludes: bool) {
        for filter in &mut self.form.filters {
            if let Filter::Values { column: known, values, is_not } = filter
                && *known == column
                && *is_not == excludes
            {
                if !values.contains(&value) {
                    values.push(value);
                }
                return;
            }
        }
        self.form.filters.push(Filter::Values { column, values: vec![value], is_not: excludes });
    }

    /// "Reports to Nancy Edwards": the named row is another of the same table.
    fn own(
        &mut self,
        noun: &Noun,
        value_before: bool,
        passive: bool,
        found: &mut Vec<(Sense, bool)>,
    ) -> Result<(), Trouble> {
        let Sense::Own(edge, names_upper) =
            self.choose(noun, &|sense| matches!(sense, Sense::Own(..)))?
        else {
            return Err(Trouble::unread(&noun.text));
        };
        let edge = self.map.edges[edge];
        let mut values = Vec::new();
        found.retain(|(sense, _)| match sense {
            Sense::Value(at, value)
                if at.table == edge.child.table && self.map.label(at.table).contains(at) =>
            {
                values.push((*at, value.clone()));
                false
            }
            _ => true,
        });
        if values.is_empty() {
            // "Who has no manager" is asked with "no", anything else without a name is not clear.
            return Err(Trouble::unread(&noun.text));
        }
        let is_inverse = if names_upper { !value_before && !passive } else { value_before };
        self.form.subject = self.form.subject.or(Some(edge.child.table));
        self.form.filters.push(Filter::Above {
            child: edge.child,
            parent: edge.parent,
            values,
            is_inverse,
        });
        Ok(())
    }

    /// "Born before 1945": the span is of years of birth.
    pub(super) fn birth(&mut self) -> Result<(), Trouble> {
        if !self.sketch.verbs.born {
            return Ok(());
        }
        let tables =
            self.form.subject.into_iter().chain(self.form.measures.iter().filter_map(|measure| {
                match measure.of {
                    Of::Rows(table) => Some(table),
                    _ => None,
                }
            }));
        let column = tables.filter_map(|table| self.birth_column(table)).next();
        let column = column.ok_or_else(|| Trouble::unread("born"))?;
        if self.map.role(column) == Role::Year {
            self.years(column);
        } else {
            self.form.span_column = Some(column);
        }
        Ok(())
    }

    /// A span of time as one of years.
    pub(super) fn years(&mut self, column: ColumnRef) {
        let span = self.form.span.take();
        let from = span.and_then(|span| span.from).map(|day| f64::from(day.year));
        let until = span.and_then(|span| span.until).map(|day| f64::from(day.year));
        let (comparison, number, upper) = match (from, until) {
            (Some(from), Some(until)) => (Comparison::Between, from, until - 1.0),
            (Some(from), None) => (Comparison::AtLeast, from, from),
            (None, Some(until)) => (Comparison::Below, until, until),
            (None, None) => return,
        };
        self.form.filters.push(Filter::Number { column, comparison, number, upper });
    }

    pub(super) fn limitations(&mut self) -> Result<(), Trouble> {
        for limitation in &self.sketch.limitations {
            self.limitation(limitation)?;
        }
        Ok(())
    }

    fn limitation(&mut self, limitation: &Limitation) -> Result<(), Trouble> {
        let target = match &limitation.target {
            Target::Noun(noun) if noun.meanings.is_empty() => Limited::Column(self.stock_column()?),
            Target::Noun(noun) => self.limited(noun, limitation.comparison)?,
            Target::Ask(ask) => {
                let measure = self.measure(ask)?;
                self.drop_measure(&measure);
                Limited::Group(measure)
            }
            Target::Quality(quality) => Limited::Column(self.quality_column(*quality, limitation)?),
            Target::Money => Limited::Group(Measure::new(Aggregate::Sum, Of::Money)),
            Target::Earned => self.earned(),
            Target::Amount => self.amount_target(limitation)?,
            Target::Birth => Limited::Column(self.birth_of_subject()?),
        };
        let Limitation { comparison, mut number, mut upper, .. } = *limitation;
        match target {
            Limited::Column(column) => {
                let factor = self.factor(column, limitation)?;
                number *= factor;
                upper *= factor;
                self.form.filters.push(Filter::Number { column, comparison, number, upper });
            }
            Limited::Group(measure) => {
                self.group_by_subject(&measure)?;
                self.form.having.push((measure, comparison, number, upper));
            }
        }
        Ok(())
    }

    fn drop_measure(&mut self, measure: &Measure) {
        self.form.measures.retain(|known| known != measure);
    }

    fn limited(&self, noun: &Noun, _comparison: Comparison) -> Result<Limited, Trouble> {
        match self.choose(noun, &|sense| {
            matches!(sense, Sense::Table(_) | Sense::Column(_) | Sense::Metric(_))
        })? {
            Sense::Table(table) => Ok(Limited::Group(Measure::rows(table))),
            Sense::Metric(at) => Ok(Limited::Group(Measure::new(Aggregate::Sum, Of::Metric(at)))),
            Sense::Column(at) => Ok(Limited::Column(at)),
            _ => Err(Trouble::unread(&noun.text)),
        }
    }

    /// A group's number can only be compared where there are groups: the subject becomes one.
    fn group_by_subject(&mut self, measure: &Measure) -> Result<(), Trouble> {
        if !self.form.groups.is_empty() {
            return Ok(());
        }
        let subject = self.form.subject.ok_or(Trouble::Fragment)?;
        if measure.of == Of::Rows(subject) {
            return Err(Trouble::Fragment);
        }
        if self.sketch.opening.counts || self.sketch.opening.numbers {
            if !self.form.measures.iter().all(|one| *one == Measure::rows(subject)) {
                return Err(Trouble::plain("I cannot put these two figures together."));
            }
            self.form.measures.clear();
            self.form.counts_groups = true;
        }
        self.form.groups.push(super::super::form::Group::Rows(subject));
        Ok(())
    }

    fn earned(&self) -> Limited {
        let pay = self
            .form
            .subject
            .and_then(|subject| self.map.number_named(subject, columns_of(Quality::Pay)));
        pay.map_or_else(|| Limited::Group(Measure::new(Aggregate::Sum, Of::Money)), Limited::Column)
    }

    /// The amount of the rows themselves: "invoices over 20 dollars".
    fn amount_target(&self, limitation: &Limitation) -> Result<Limited, Trouble> {
        if let Some(Unit::Seconds(_)) = limitation.unit {
            return self.quality_column(Quality::Length, limitation).map(Limited::Column);
        }
        if let ([measure], false, None) =
            (self.form.measures.as_slice(), self.form.groups.is_empty(), &self.sketch.subject)
            && self.sketch.opening.goes_on
            && limitation.unit.is_none()
        {
            // "Only those with more than 3", of groups that have a number each.
            return Ok(Limited::Group(measure.clone()));
        }
        let subject = self.form.subject.ok_or(Trouble::Fragment)?;
        if let Some(at) = self.map.amount_of(subject) {
            return Ok(Limited::Column(at));
        }
        if limitation.unit == Some(Unit::Money) {
            let price = self.map.number_named(subject, columns_of(Quality::Price));
            if let Some(at) =
                price.or_else(|| self.map.number_named(subject, columns_of(Quality::Pay)))
            {
                return Ok(Limited::Column(at));
            }
        }
        let is_header = self.map.lines.is_some_and(|lines| {
            self.map.edges.iter().any(|edge| {
                edge.child.table == lines.quantity.table && edge.parent.table == subject
            })
        });
        if is_header && self.is_trader(subject) {
            return Ok(Limited::Group(Measure::new(Aggregate::Sum, Of::Money)));
        }
        Err(Trouble::plain(format!(
            "I do not know which figure of {} to compare.",
            self.map.table(subject).name
        )))
    }

    fn birth_of_subject(&self) -> Result<ColumnRef, Trouble> {
        let subject = self.form.subject.ok_or(Trouble::Fragment)?;
        self.birth_column(subject).ok_or_else(|| Trouble::unread("born"))
    }

    /// The column of the subject that a quality is measured by.
    fn quality_column(
        &self,
        quality: Quality,
        _limitation: &Limitation,
    ) -> Result<ColumnRef, Trouble> {
        let counted = self.form.measures.iter().find_map(|measure| match measure.of {
            Of::Rows(table) => Some(table),
            _ => None,
        });
        let subject = self.form.subject.or(counted).ok_or(Trouble::Fragment)?;
        if quality == Quality::Age {
            return Err(Trouble::plain("I do not compute ages; ask for those born before a year."));
        }
        self.map.number_named(subject, columns_of(quality)).ok_or_else(|| {
            Trouble::plain(format!(
                "I found no figure of {} to compare.",
                self.map.table(subject).name
            ))
        })
    }

    /// What a number of one unit is in a column's own.
    fn factor(&self, column: ColumnRef, limitation: &Limitation) -> Result<f64, Trouble> {
        let Some(Unit::Seconds(said)) = limitation.unit else {
            return Ok(1.0);
        };
        let held = [("millisecond", 0.001), ("second", 1.0), ("minute", 60.0), ("hour", 3_600.0)];
        let own = held.iter().find(|(word, _)| self.map.has_word(column, &[word]));
        let (_, own) = own.ok_or_else(|| Trouble::unread("the unit of time"))?;
        Ok(f64::from(said) / own)
    }
}

/// What a comparison was found to be about.
enum Limited {
    Column(ColumnRef),
    Group(Measure),
}
