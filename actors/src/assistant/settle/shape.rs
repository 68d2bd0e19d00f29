//! Settles what comes out: a list or a count, parts of all, values side by side; and refuses what is left.

use super::super::form::{Aggregate, By, Filter, Group, Measure, Of};
use super::super::lexicon::columns_of;
use super::super::trouble::Trouble;
use super::Settler;

impl Settler<'_> {
    /// Decides between a list and a count, and refuses what is left over.
    pub(super) fn shape(&mut self) -> Result<(), Trouble> {
        let sketch = self.sketch;
        self.form.is_share = sketch.opening.is_share;
        let splits_rows = !sketch.splits.is_empty() || sketch.opening.is_share;
        let counts = sketch.opening.counts || splits_rows;
        let ranks = self.form.order.is_some() && !sketch.opening.counts;
        if self.form.measures.is_empty() && self.form.having.is_empty() && counts && !ranks {
            match (self.form.subject, self.form.groups.as_slice()) {
                (Some(subject), _) => self.form.measures.push(Measure::rows(subject)),
                (None, [Group::Column(at)]) if sketch.splits.is_empty() => {
                    let of = Of::Column(*at);
                    self.form.groups.clear();
                    self.form.measures.push(Measure::new(Aggregate::Distinct, of));
                }
                _ => return Err(Trouble::Fragment),
            }
        }
        self.count_apart();
        if sketch.opening.compares {
            self.compare_values()?;
        }
        if let Some(is_greatest) = sketch.sorted {
            self.sort(is_greatest);
        }
        if let Some(ask) = &sketch.sort_by {
            let measure = self.measure(ask)?;
            self.sort_by(measure, sketch.sorted);
        }
        let counts_only =
            self.form.measures.iter().all(|measure| matches!(measure.of, Of::Rows(_)));
        if sketch.opening.how_much && counts_only && self.form.shown.is_empty() {
            // "How much have we collected in fines": what they amount to.
            let amount = self.form.subject.and_then(|subject| self.map.amount_of(subject));
            let amount =
                amount.filter(|_| self.form.groups.is_empty() && self.form.having.is_empty());
            let amount = amount.ok_or_else(|| Trouble::unread("how much"))?;
            self.form.measures.push(Measure::new(Aggregate::Sum, Of::Column(amount)));
        }
        self.how()?;
        if self.form.is_share {
            self.part_of_all()?;
        }
        self.says_more_than_asked()?;
        let orders_rows = matches!(self.form.order, Some((By::Column(_), _)));
        if orders_rows && (!self.form.measures.is_empty() || !self.form.groups.is_empty()) {
            return Err(Trouble::plain("I can rank rows or groups, but not rows within groups."));
        }
        Ok(())
    }

    /// A list of the one row that was named says only what the asker said.
    fn says_more_than_asked(&self) -> Result<(), Trouble> {
        let form = &self.form;
        let is_bare = form.measures.is_empty()
            && form.having.is_empty()
            && form.groups.is_empty()
            && form.shown.is_empty()
            && form.order.is_none();
        let label = form.subject.map(|subject| self.map.label(subject)).unwrap_or_default();
        let named = label.iter().filter(|at| {
            form.filters.iter().any(|filter| match filter {
                Filter::Values { column, values, is_not: false } => {
                    column == *at && values.len() == 1
                }
                _ => false,
            })
        });
        if is_bare && !label.is_empty() && named.count() == label.len() {
            return Err(Trouble::Fragment);
        }
        Ok(())
    }

    /// "How long is Paranoid": the figure of a row that was named. Of several rows it is not clear
    /// which figure is wanted.
    fn how(&mut self) -> Result<(), Trouble> {
        let Some(quality) = self.sketch.opening.how else {
            return Ok(());
        };
        if !self.sketch.superlatives.is_empty() || !self.sketch.limitations.is_empty() {
            return Ok(());
        }
        let subject = self.form.subject.filter(|_| self.form.measures.is_empty());
        let is_named = self.form.filters.iter().any(|filter| match filter {
            Filter::Values { column, is_not: false, .. } => {
                Some(column.table) == subject && self.map.label(column.table).contains(column)
            }
            _ => false,
        });
        let figure = subject
            .filter(|_| is_named)
            .and_then(|table| self.map.number_named(table, columns_of(quality)));
        self.show(figure.ok_or_else(|| Trouble::plain("I could not tell which figure is meant."))?);
        Ok(())
    }

    /// "How many women and how many men": one number for each value.
    fn count_apart(&mut self) {
        if self.sketch.opening.counts_times < 2 {
            return;
        }
        let several = self.form.filters.iter().find_map(|filter| match filter {
            Filter::Values { column, values, is_not: false } if values.len() > 1 => Some(*column),
            _ => None,
        });
        if let Some(column) = several.filter(|_| self.form.groups.is_empty()) {
            self.form.groups.push(Group::Column(column));
            self.form.measures.truncate(1);
        }
    }

    /// "More customers in Canada or in France": one number for each.
    fn compare_values(&mut self) -> Result<(), Trouble> {
        let several = self.form.filters.iter().find_map(|filter| match filter {
            Filter::Values { column, values, is_not: false } if values.len() > 1 => Some(*column),
            _ => None,
        });
        let column = several.ok_or_else(|| Trouble::unread("more"))?;
        if !self.form.groups.is_empty() {
            return Err(Trouble::unread("more"));
        }
        if self.form.measures.is_empty() {
            let subject = self.form.subject.ok_or(Trouble::Fragment)?;
            self.form.measures.push(Measure::rows(subject));
        }
        self.form.groups.push(Group::Column(column));
        Ok(())
    }

    /// "What share of orders is from the web": the values become the group, so that the wanted part
    /// is told among all of them.
    pub(super) fn part_of_all(&mut self) -> Result<(), Trouble> {
        if !self.form.groups.is_empty() {
            return Ok(());
        }
        let place = self.form.filters.iter().rposition(|filter| {
            matches!(filter, Filter::Values { is_not: false, .. } | Filter::Flag { .. })
        });
        let place = place.ok_or_else(|| Trouble::unread("share"))?;
        match self.form.filters.remove(place) {
            Filter::Values { column, .. } => {
                // A name is its row's: groups are rows then, where two rows can share a name.
                self.form.groups.push(Group::Column(column));
            }
            Filter::Flag { column, .. } => self.form.groups.push(Group::Column(column)),
            _ => return Err(Trouble::unread("share")),
        }
        Ok(())
    }
}
