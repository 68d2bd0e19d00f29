//! What must hold for a row, as conditions of SQL.

use super::super::form::{Filter, Form, Group};
use super::super::joins::{self, NO_WAY, heights, is_above};
use super::super::lexicon::Comparison;
use super::super::roles::{Clock, Role};
use super::super::schema_map::ColumnRef;
use super::super::trouble::Trouble;
use super::super::write::number;
use super::{Query, Writer};

/// The tables that filters look at.
pub(super) fn filter_tables(form: &Form) -> Vec<usize> {
    form.filters.iter().filter_map(filter_table).collect()
}

fn filter_table(filter: &Filter) -> Option<usize> {
    let table = match filter {
        Filter::Weekdays(_) => return None,
        Filter::Values { column, .. }
        | Filter::Number { column, .. }
        | Filter::Flag { column, .. }
        | Filter::Missing(column) => column.table,
        Filter::Above { child, .. } => child.table,
        Filter::Without(table) => *table,
    };
    Some(table)
}

impl Writer<'_> {
    /// The column that says when, seen from a table: its own, or the nearest above it.
    pub(super) fn moment_above(&self, table: usize) -> Result<Option<ColumnRef>, Trouble> {
        let heights = heights(self.map, table);
        let mut found: Vec<(u32, usize)> = (0..heights.len())
            .filter(|at| heights[*at] < NO_WAY)
            .filter(|at| !self.map.of_role(*at, |role| matches!(role, Role::Moment(_))).is_empty())
            .map(|at| (heights[at], at))
            .collect();
        found.sort_unstable();
        let Some((least, nearest)) = found.first().copied() else {
            return Ok(None);
        };
        // People above are not when something happened.
        let happens = |at: usize| at == table || self.is_event(at);
        let nearest = found.iter().map(|(_, at)| *at).find(|at| happens(*at)).unwrap_or(nearest);
        if least > 0 && !self.is_event(nearest) {
            return Ok(None);
        }
        self.map.moment(nearest).map(Some).ok_or_else(|| {
            let moments = self.map.of_role(nearest, |role| matches!(role, Role::Moment(_)));
            let names = moments.iter().map(|at| self.map.column(*at).name.clone()).collect();
            Trouble::Ambiguous(String::from("the time"), names)
        })
    }

    /// Whether rows of a table are things that happened: they say when, and belong to something.
    pub(super) fn is_event(&self, table: usize) -> bool {
        self.map.moment(table).is_some()
            && self.map.edges.iter().any(|edge| edge.child.table == table && !edge.is_own())
    }
}

impl Query<'_> {
    /// Adds all conditions of a form.
    pub(super) fn restrict(&mut self, form: &Form) -> Result<(), Trouble> {
        let base = self.base;
        let map = self.writer.map;
        let below = |table: &usize| !is_above(map, base, *table);
        let mut lower = Form { span: None, ..Form::default() };
        for filter in &form.filters {
            let is_without = matches!(filter, Filter::Without(_));
            if is_without || !filter_table(filter).is_some_and(|table| below(&table)) {
                let text = self.condition(filter, form)?;
                self.conditions.extend((!text.is_empty()).then_some(text));
            } else {
                lower.filters.push(filter.clone());
            }
        }
        lower.through = form.through.iter().copied().filter(below).collect();
        for table in form.through.iter().filter(|table| !below(table)) {
            self.alias(*table)?;
        }
        let without = form.filters.iter().any(|filter| matches!(filter, Filter::Without(_)));
        if let Some(span) = form.span {
            let column = self.span_column(form, &lower)?;
            match column {
                Some(column) if below(&column.table) => {
                    lower.span = Some(span);
                    lower.span_column = Some(column);
                }
                Some(column) => {
                    let name = self.column(column)?;
                    let clock = map.clock(column).unwrap_or(Clock::Calendar);
                    self.conditions.extend(self.writer.pen.within(&name, clock, span));
                }
                None if without => {}
                None => {
                    return Err(Trouble::plain(format!(
                        "The rows of {} do not say when they came to be.",
                        map.table(base).name
                    )));
                }
            }
        }
        if !lower.filters.is_empty() || !lower.through.is_empty() || lower.span.is_some() {
            let text = self.lower(&lower)?;
            self.conditions.push(text);
        }
        Ok(())
    }

    /// The column that a form's span is about.
    fn span_column(&self, form: &Form, lower: &Form) -> Result<Option<ColumnRef>, Trouble> {
        if form.span_column.is_some() {
            return Ok(form.span_column);
        }
        let grouped = form.groups.iter().find_map(|group| match group {
            Group::Time(_, Some(at)) => Some(*at),
            _ => None,
        });
        if grouped.is_some() {
            return Ok(grouped);
        }
        let without = form.filters.iter().any(|filter| matches!(filter, Filter::Without(_)));
        if without && !self.is_nameless_event() {
            return Ok(None);
        }
        for event in &lower.through {
            if let Some(moment) = self.writer.moment_above(*event)? {
                return Ok(Some(moment));
            }
        }
        // "How many patients did Dr Marsh see in 2025": when they were seen, not when they came to be.
        if !lower.filters.is_empty() && !self.writer.is_event(self.base) {
            let mut tables = vec![self.base];
            tables.extend(filter_tables(lower));
            let event = joins::meeting(self.writer.map, &tables)?;
            if let Some(moment) =
                event.map(|event| self.writer.moment_above(event)).transpose()?.flatten()
            {
                return Ok(Some(moment));
            }
        }
        self.writer.moment_above(self.base)
    }

    /// Whether the time of a question without more words is the rows' own: of orders it is; of books
    /// "not sold in 2026" it is the sales'.
    fn is_nameless_event(&self) -> bool {
        self.writer.is_event(self.base) && self.writer.map.label(self.base).is_empty()
    }

    /// "Is among those that have such rows below them."
    fn lower(&mut self, lower: &Form) -> Result<String, Trouble> {
        let map = self.writer.map;
        let mut tables = vec![self.base];
        tables.extend(filter_tables(lower));
        tables.extend(lower.through.iter().copied());
        tables.extend(lower.span_column.map(|at| at.table));
        let event = joins::meeting(map, &tables)?.ok_or_else(|| {
            let names: Vec<String> =
                tables.iter().skip(1).map(|at| map.table(*at).name.clone()).collect();
            Trouble::plain(format!(
                "I found no way from {} to {}.",
                map.table(self.base).name,
                super::super::trouble::listed(&names, "and")
            ))
        })?;
        let way = joins::up(map, event, self.base)?.unwrap_or_default();
        let Some(last) = way.last().copied() else {
            return Err(Trouble::Fragment);
        };
        last.is_single().then_some(()).ok_or_else(Trouble::two_columns)?;
        let mut inner = Query::new(self.writer, event);
        let pointing = inner.column(last.child)?;
        inner.restrict(lower)?;
        let key = self.column(last.parent)?;
        Ok(format!("{key} IN (SELECT {pointing} {}{})", inner.from(), inner.wheres()))
    }

    /// One filter as a condition; empty where the span says it already.
    pub(super) fn condition(&mut self, filter: &Filter, form: &Form) -> Result<String, Trouble> {
        let pen = self.writer.pen;
        match filter {
            Filter::Values { column, values, is_not } => {
                let name = self.column(*column)?;
                let texts: Vec<String> = values.iter().map(|value| pen.text(value)).collect();
                Ok(match (texts.as_slice(), is_not) {
                    ([only], false) => format!("{name} = {only}"),
                    ([only], true) => format!("{name} <> {only}"),
                    (several, false) => format!("{name} IN ({})", several.join(", ")),
                    (several, true) => format!("{name} NOT IN ({})", several.join(", ")),
                })
            }
            Filter::Number { column, comparison, number: least, upper } => {
                let name = self.column(*column)?;
                Ok(compared(&name, *comparison, *least, *upper))
            }
            Filter::Flag { column, is_set } => {
                let name = self.column(*column)?;
                if matches!(self.writer.map.role(*column), Role::Moment(_)) {
                    // What has happened has its moment.
                    return Ok(format!("{name} IS {}NULL", if *is_set { "NOT " } else { "" }));
                }
                Ok(pen.flag(&name, self.writer.map.column(*column), *is_set))
            }
            Filter::Weekdays(days) => {
                let column = form.span_column.map_or_else(
                    || self.writer.moment_above(self.base),
                    |column| Ok(Some(column)),
                )?;
                let column = column.ok_or_else(|| Trouble::plain("These rows do not say when."))?;
                let clock = self.writer.map.clock(column).unwrap_or(Clock::Calendar);
                let number = pen.weekday_number(&self.column(column)?, clock);
                let days: Vec<String> = days.iter().map(ToString::to_string).collect();
                Ok(format!("{number} IN ({})", days.join(", ")))
            }
            Filter::Missing(column) => Ok(format!("{} IS NULL", self.column(*column)?)),
            Filter::Without(table) => self.without(*table, form),
            Filter::Above { child, parent, values, is_inverse } => {
                let (outer, wanted) = if *is_inverse { (parent, child) } else { (child, parent) };
                let name = self.column(*outer)?;
                let map = self.writer.map;
                let conditions: Vec<String> = values
                    .iter()
                    .map(|(column, value)| {
                        format!("{} = {}", pen.name(&map.column(*column).name), pen.text(value))
                    })
                    .collect();
                Ok(format!(
                    "{name} IN (SELECT {} FROM {} WHERE {})",
                    pen.name(&map.column(*wanted).name),
                    pen.table(map.table(parent.table)),
                    conditions.join(" AND ")
                ))
            }
        }
    }

    /// "Has no such rows below it."
    fn without(&mut self, table: usize, form: &Form) -> Result<String, Trouble> {
        let map = self.writer.map;
        if is_above(map, self.base, table) && table != self.base {
            // No row above it: the key that leads there is empty.
            let way = joins::up(map, self.base, table)?.unwrap_or_default();
            let first = way.first().map(|edge| edge.child).ok_or(Trouble::Fragment)?;
            return Ok(format!("{} IS NULL", self.column(first)?));
        }
        let event = joins::meeting(map, &[self.base, table])?.ok_or_else(|| {
            Trouble::plain(format!(
                "I found no way from {} to {}.",
                map.table(self.base).name,
                map.table(table).name
            ))
        })?;
        let way = joins::up(map, event, self.base)?.unwrap_or_default();
        let Some(last) = way.last().copied() else {
            return Err(Trouble::Fragment);
        };
        last.is_single().then_some(()).ok_or_else(Trouble::two_columns)?;
        let mut inner = Query::new(self.writer, event);
        let pointing = inner.column(last.child)?;
        inner.conditions.push(format!("{pointing} IS NOT NULL"));
        let is_own = form.span_column.is_some() || self.is_nameless_event();
        if let (Some(span), false) = (form.span, is_own)
            && let Some(moment) = self.writer.moment_above(event)?
        {
            let name = inner.column(moment)?;
            let clock = map.clock(moment).unwrap_or(Clock::Calendar);
            inner.conditions.extend(self.writer.pen.within(&name, clock, span));
        }
        let key = self.column(last.parent)?;
        Ok(format!("{key} NOT IN (SELECT {pointing} {}{})", inner.from(), inner.wheres()))
    }
}

/// A comparison with a number.
pub(super) fn compared(name: &str, comparison: Comparison, least: f64, upper: f64) -> String {
    let value = number(least);
    match comparison {
        Comparison::Above => format!("{name} > {value}"),
        Comparison::AtLeast => format!("{name} >= {value}"),
        Comparison::Below => format!("{name} < {value}"),
        Comparison::AtMost => format!("{name} <= {value}"),
        Comparison::Exactly => format!("{name} = {value}"),
        Comparison::Between => format!("{name} BETWEEN {value} AND {}", number(upper)),
    }
}
