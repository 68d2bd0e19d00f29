//! Follow-ups: "and by country?", "only 2025", "top 3 instead" edit the form before.

use super::super::form::{Aggregate, By, Filter, Form, Group, Measure, Of};
use super::super::lexicon::Quality;
use super::super::sketch::Split;
use super::super::trouble::Trouble;
use super::super::vocabulary::Sense;
use super::Settler;

impl Settler<'_> {
    /// Edits the form before.
    pub(super) fn follow(&mut self, previous: &Form) -> Result<(), Trouble> {
        self.form = previous.clone();
        self.anchor();
        self.anchors.extend(self.tables_before(previous));
        let changed_rows = self.changed_head(previous)?;
        self.changed_groups()?;
        self.changed_filters()?;
        self.limitations()?;
        if self.sketch.missing_trade || self.sketch.verbs.sells {
            self.trade()?;
        }
        if let Some(span) = self.sketch.span {
            self.form.span = Some(span);
        }
        if let Some(grain) = self.sketch.earlier {
            let span = previous.span.ok_or(Trouble::Fragment)?;
            let moved = |day: super::super::dates::Day| grain.step(day, -1);
            self.form.span = Some(super::super::dates::Span {
                from: span.from.map(moved),
                until: span.until.map(moved),
            });
        }
        for noun in &self.sketch.moments {
            if let Sense::Moment(at) =
                self.choose(noun, &|sense| matches!(sense, Sense::Moment(_)))?
            {
                self.moment(at);
            }
        }
        self.changed_order(changed_rows)?;
        self.form.is_share |= self.sketch.opening.is_share;
        if self.form == *previous {
            return Err(Trouble::Fragment);
        }
        if self.form.is_share && self.form.groups.is_empty() {
            self.part_of_all()?;
        }
        if self.form.is_share && self.form.measures.is_empty() {
            self.form.measures.extend(self.form.subject.map(Measure::rows));
        }
        Ok(())
    }

    fn tables_before(&self, previous: &Form) -> Vec<usize> {
        let measured = previous.measures.iter().filter_map(|measure| match &measure.of {
            Of::Rows(table) => Some(*table),
            Of::Column(at) => Some(at.table),
            Of::Money | Of::Units => self.money_table(),
            Of::Metric(_) => None,
        });
        let grouped = previous.groups.iter().filter_map(|group| match group {
            Group::Rows(table) => Some(*table),
            Group::Column(at) => Some(at.table),
            Group::Time(..) => None,
        });
        let mut tables: Vec<usize> = previous.subject.into_iter().chain(measured).collect();
        if tables.is_empty() {
            tables.extend(grouped);
        }
        tables
    }

    /// Other numbers, a count of what was listed, or other rows. Says whether the rows changed.
    fn changed_head(&mut self, previous: &Form) -> Result<bool, Trouble> {
        let sketch = self.sketch;
        if !sketch.asks.is_empty() {
            self.form.measures.clear();
            self.form.having.clear();
            self.asks()?;
            self.form.shown.clear();
            if self.form.groups.is_empty() {
                self.form.order = None;
                self.form.limit = None;
            }
            return Ok(false);
        }
        if sketch.opening.how_much && sketch.verbs.earns {
            self.form.measures = vec![Measure::new(Aggregate::Sum, Of::Money)];
            return Ok(false);
        }
        if sketch.opening.counts {
            return self.count_before(previous).map(|()| false);
        }
        if let Some(aggregate) = sketch.other_aggregate {
            return self.aggregate_again(aggregate).map(|()| false);
        }
        if (sketch.opening.lists || sketch.opening.asks_who) && self.list_counted(previous) {
            return Ok(false);
        }
        let Some(noun) = sketch.subject.as_ref().filter(|_| !sketch.opening.is_share) else {
            return Ok(false);
        };
        let kept = |at: super::super::schema_map::ColumnRef| {
            previous
                .filters
                .iter()
                .any(|filter| matches!(filter, Filter::Values { column, .. } if *column == at))
        };
        let other_value = noun.meanings.iter().find_map(|meaning| match &meaning.sense {
            Sense::Value(at, value) if kept(*at) => Some((*at, value.clone())),
            _ => None,
        });
        if let Some((column, value)) = other_value {
            // "And in the stores?", after the web channel: another value of what was asked for.
            self.form.filters.retain(
                |filter| !matches!(filter, Filter::Values { column: known, .. } if *known == column),
            );
            self.add_value(column, value, false);
            return Ok(false);
        }
        match self.choose(noun, &|sense| matches!(sense, Sense::Table(_) | Sense::Column(_)))? {
            // "And the phone channel?": the value says what changes.
            Sense::Column(at) if self.names_value_of(at) => {}
            Sense::Table(table) => self.other_rows(table, previous),
            Sense::Column(at) if self.form.measures.is_empty() => self.show(at),
            Sense::Column(at) => self.form.groups = vec![Group::Column(at)],
            _ => return Err(Trouble::unread(&noun.text)),
        }
        Ok(true)
    }

    /// "And the average?"
    fn aggregate_again(&mut self, aggregate: Aggregate) -> Result<(), Trouble> {
        let is_plain = |measure: &Measure| {
            matches!(measure.of, Of::Column(_))
                && measure.per.is_none()
                && !matches!(measure.aggregate, Aggregate::Count | Aggregate::Distinct)
        };
        if self.form.measures.is_empty() || !self.form.measures.iter().all(is_plain) {
            return Err(Trouble::plain("I could not tell which figure to add up or compare."));
        }
        self.form.measures.iter_mut().for_each(|measure| measure.aggregate = aggregate);
        Ok(())
    }

    /// "Who are they?", after a count: the rows that were counted.
    fn list_counted(&mut self, previous: &Form) -> bool {
        let sketch = self.sketch;
        let says_more = sketch.subject.is_some()
            || !sketch.splits.is_empty()
            || !sketch.superlatives.is_empty();
        let rows = match previous.measures.as_slice() {
            [Measure { of: Of::Rows(table), per: None, .. }] => Some(*table),
            [] if previous.counts_groups => previous.subject,
            _ => None,
        };
        // Rows without names are no answer to "who".
        let named = |rows: &usize| !sketch.opening.asks_who || !self.map.label(*rows).is_empty();
        let Some(rows) = rows
            .filter(named)
            .filter(|_| !says_more && (previous.groups.is_empty() || previous.counts_groups))
        else {
            return false;
        };
        self.form.measures.clear();
        self.form.counts_groups = false;
        self.form.subject = Some(rows);
        true
    }

    /// "How many are they?"
    fn count_before(&mut self, previous: &Form) -> Result<(), Trouble> {
        if !previous.having.is_empty() {
            self.form.measures.clear();
            self.form.counts_groups = true;
            return Ok(());
        }
        let rows = previous.subject.or(match previous.groups.first() {
            Some(Group::Rows(table)) => Some(*table),
            _ => None,
        });
        let counted = previous.measures.iter().find(|measure| matches!(measure.of, Of::Rows(_)));
        let measure = match (counted, rows) {
            (Some(counted), _) => counted.clone(),
            (None, Some(rows)) => Measure::rows(rows),
            (None, None) => return Err(Trouble::Fragment),
        };
        self.form.measures = vec![measure];
        self.form.groups.clear();
        self.form.shown.clear();
        self.form.order = None;
        self.form.limit = None;
        Ok(())
    }

    fn names_value_of(&self, at: super::super::schema_map::ColumnRef) -> bool {
        self.sketch.values.iter().any(|(noun, _)| {
            noun.meanings
                .iter()
                .any(|meaning| matches!(meaning.sense, Sense::Value(of, _) if of == at))
        })
    }

    /// "And employees?": the same of other rows.
    fn other_rows(&mut self, table: usize, previous: &Form) {
        let counts_rows = previous.measures.iter().any(|measure| matches!(measure.of, Of::Rows(_)));
        if previous.measures.is_empty() || (counts_rows && previous.groups.is_empty()) {
            self.form.subject = Some(table);
            self.form.shown.clear();
            self.form.order = None;
            self.form.limit = None;
            self.form.filters.retain(|filter| match filter {
                Filter::Values { column, .. } => column.table == table,
                _ => false,
            });
            if counts_rows {
                self.form.measures = vec![Measure::rows(table)];
            }
        } else {
            self.form.groups = vec![Group::Rows(table)];
        }
    }

    fn changed_groups(&mut self) -> Result<(), Trouble> {
        if self.sketch.splits.is_empty() {
            return Ok(());
        }
        let mut groups = Vec::new();
        for split in &self.sketch.splits {
            groups.push(match split {
                Split::Time(grain, _) => Group::Time(*grain, None),
                Split::Noun(noun, _) => self.group(noun)?,
            });
        }
        if self.form.measures.is_empty() && self.form.having.is_empty() {
            // A list that is now grouped becomes a count.
            let subject = self.form.subject.ok_or(Trouble::Fragment)?;
            self.form.measures.push(Measure::rows(subject));
            self.form.shown.clear();
            self.form.order = None;
            self.form.limit = None;
        }
        self.form.groups = groups;
        Ok(())
    }

    /// New values replace those of the same column.
    fn changed_filters(&mut self) -> Result<(), Trouble> {
        let before = std::mem::take(&mut self.form.filters);
        self.conditions()?;
        let touched = |filter: &Filter| match filter {
            Filter::Values { column, .. } | Filter::Flag { column, .. } => Some(*column),
            _ => None,
        };
        let new: Vec<_> = self.form.filters.iter().filter_map(touched).collect();
        let kept = before
            .into_iter()
            .filter(|filter| touched(filter).is_none_or(|column| !new.contains(&column)));
        let mut filters: Vec<Filter> = kept.collect();
        filters.append(&mut self.form.filters);
        self.form.filters = filters;
        Ok(())
    }

    fn changed_order(&mut self, changed_rows: bool) -> Result<(), Trouble> {
        if let Some(is_greatest) = self.sketch.sorted {
            self.sort(is_greatest);
        }
        if let Some(ask) = &self.sketch.sort_by {
            let measure = self.measure(ask)?;
            let ranks_groups = matches!(self.form.order, Some((By::Measure, _)));
            if ranks_groups && !self.form.groups.is_empty() {
                self.form.measures = vec![measure];
            } else {
                self.sort_by(measure, self.sketch.sorted);
            }
            return Ok(());
        }
        let Some(superlative) = self.sketch.superlatives.first() else {
            return Ok(());
        };
        let is_end = matches!(
            superlative.quality,
            Quality::High | Quality::Size | Quality::Length | Quality::Price | Quality::Weight
        );
        if let ([measure], [], true, None, None) = (
            self.form.measures.as_mut_slice(),
            self.form.groups.as_slice(),
            is_end,
            &superlative.ask,
            superlative.count,
        ) && matches!(measure.of, Of::Column(_))
            && measure.per.is_none()
            && !matches!(measure.aggregate, Aggregate::Count | Aggregate::Distinct)
            && self.sketch.subject.is_none()
        {
            // "And the biggest one?", after an average.
            measure.aggregate =
                if superlative.is_greatest { Aggregate::Maximum } else { Aggregate::Minimum };
            return Ok(());
        }
        let by_measure = !self.form.measures.is_empty() && !self.form.groups.is_empty();
        let plain = matches!(
            superlative.quality,
            Quality::Top
                | Quality::Busy
                | Quality::Plain
                | Quality::High
                | Quality::Merit
                | Quality::Size
        );
        if by_measure && (plain || changed_rows) && superlative.ask.is_none() {
            self.form.order = Some((By::Measure, superlative.is_greatest));
            self.form.limit = Some(superlative.count.unwrap_or(1));
            return Ok(());
        }
        if let (Some((_, is_greatest)), true) =
            (&mut self.form.order, superlative.quality == Quality::Top)
        {
            *is_greatest = *is_greatest == superlative.is_greatest;
            self.form.limit = superlative.count.or(self.form.limit);
            return Ok(());
        }
        self.superlatives()
    }
}
