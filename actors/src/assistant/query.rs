//! Turns a form into one SQL statement: the base table, the joins above it, conditions, groups.
//!
//! **Invariant:** rows of the base table are never multiplied, so its sums are right; whatever can
//! only be reached by going down is asked with `IN (SELECT …)`.

mod conditions;
mod measures;
mod select;

use super::form::{Form, Group, Measure, Of, Per};
use super::joins::{self, is_above};
use super::schema_map::{ColumnRef, Edge, SchemaMap};
use super::trouble::Trouble;
use super::words::name_parts;
use super::write::Pen;
use crate::ports::Metric;

/// What is needed to write a form.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    /// The tables.
    pub(super) map: &'a SchemaMap<'a>,
    /// The language.
    pub(super) pen: Pen,
    /// What an organization has defined.
    pub(super) metrics: &'a [Metric],
}

/// A query under construction: tables that are joined, each with its short name.
struct Query<'a> {
    writer: Writer<'a>,
    base: usize,
    joined: Vec<(Option<Edge>, String)>,
    conditions: Vec<String>,
}

impl<'a> Writer<'a> {
    /// Writes a form.
    pub(super) fn write(self, form: &Form) -> Result<String, Trouble> {
        let form = self.settled(form)?;
        let base = self.base(&form)?;
        let mut query = Query::new(self, base);
        query.restrict(&form)?;
        select::statement(query, &form)
    }

    /// The form with its measures brought to columns: which one holds the money depends on what it
    /// is asked by.
    fn settled(&self, form: &Form) -> Result<Form, Trouble> {
        let mut form = form.clone();
        let asks_money = form.measures.iter().any(|measure| measure.of == Of::Money)
            || form.having.iter().any(|(measure, ..)| measure.of == Of::Money);
        if !asks_money {
            return Ok(form);
        }
        let mut tables = group_tables(&form);
        tables.extend(conditions::filter_tables(&form));
        tables.extend(form.through.iter().copied());
        for measure in form.measures.iter().chain(form.having.iter().map(|(measure, ..)| measure)) {
            match (&measure.of, measure.per) {
                (Of::Rows(table), _) => tables.push(*table),
                (_, Some(Per::Rows(table))) => tables.push(table),
                (_, Some(Per::Column(at))) => tables.push(at.table),
                _ => {}
            }
        }
        let reaches = |from: usize| tables.iter().all(|table| is_above(self.map, from, *table));
        let amount =
            self.map.amount.filter(|amount| reaches(amount.table) || self.map.lines.is_none());
        if let Some(amount) = amount {
            let bring = |measure: &mut Measure| {
                if measure.of == Of::Money {
                    measure.of = Of::Column(amount);
                }
            };
            form.measures.iter_mut().for_each(bring);
            form.having.iter_mut().map(|(measure, ..)| measure).for_each(bring);
        } else if self.map.lines.is_none() {
            return Err(Trouble::plain("I found no column that holds money that came in."));
        }
        Ok(form)
    }

    /// The table of a measure.
    fn table_of(&self, measure: &Measure) -> Result<usize, Trouble> {
        match &measure.of {
            Of::Rows(table) => Ok(*table),
            Of::Column(at) => Ok(at.table),
            Of::Money | Of::Units => self
                .map
                .lines
                .map(|lines| lines.quantity.table)
                .ok_or_else(|| Trouble::plain("I found no table that says how many were sold.")),
            Of::Metric(at) => {
                let metric = &self.metrics[*at];
                let tables = self.map.tables();
                let place =
                    tables.iter().position(|one| one.name.eq_ignore_ascii_case(&metric.table));
                place.ok_or_else(|| {
                    Trouble::plain(format!(
                        "The metric “{}” is over a table that I cannot see.",
                        metric.name
                    ))
                })
            }
        }
    }

    /// The table whose rows are counted, added up or listed.
    fn base(&self, form: &Form) -> Result<usize, Trouble> {
        let measures = form.measures.iter().chain(form.having.iter().map(|(measure, ..)| measure));
        let mut tables = Vec::new();
        for measure in measures {
            tables.push(self.table_of(measure)?);
            match measure.per {
                Some(Per::Rows(table)) => tables.push(table),
                Some(Per::Column(at)) => tables.push(at.table),
                Some(Per::Time(_)) | None => {}
            }
        }
        if tables.is_empty() {
            let listed = form.subject.or_else(|| group_tables(form).first().copied());
            return listed.ok_or(Trouble::Fragment);
        }
        tables.extend(group_tables(form));
        if form.measures.is_empty() {
            tables.extend(form.subject);
        }
        let base = joins::meeting(self.map, &tables)?;
        base.ok_or_else(|| {
            let mut names: Vec<String> =
                tables.iter().map(|at| self.map.table(*at).name.clone()).collect();
            names.sort_unstable();
            names.dedup();
            Trouble::plain(format!(
                "I found no way to connect {} without counting rows twice.",
                super::trouble::listed(&names, "and")
            ))
        })
    }
}

/// The tables that groups are taken from.
fn group_tables(form: &Form) -> Vec<usize> {
    let groups = form.groups.iter().filter_map(|group| match group {
        Group::Rows(table) => Some(*table),
        Group::Column(at) | Group::Time(_, Some(at)) => Some(at.table),
        Group::Time(_, None) => None,
    });
    groups.collect()
}

impl<'a> Query<'a> {
    fn new(writer: Writer<'a>, base: usize) -> Self {
        let mut query = Self { writer, base, joined: Vec::new(), conditions: Vec::new() };
        let alias = query.alias_for(base);
        query.joined.push((None, alias));
        query
    }

    /// A short name that no other table of the query has.
    fn alias_for(&self, table: usize) -> String {
        let parts = name_parts(&self.writer.map.table(table).name);
        let initials: String = parts.iter().filter_map(|part| part.chars().next()).collect();
        let short =
            if initials.is_ascii() && !initials.is_empty() { initials } else { String::from("t") };
        let short = if short.starts_with(|c: char| c.is_ascii_digit()) {
            format!("t{short}")
        } else {
            short
        };
        let is_free = |name: &String| {
            self.quoted(name) == *name && !self.joined.iter().any(|(_, taken)| taken == name)
        };
        // One of so many names is free: there are fewer tables than names.
        let names = std::iter::once(short.clone())
            .chain((1..=self.joined.len() + 1).map(|place| format!("{short}{place}")));
        let free = names.into_iter().find(is_free);
        free.unwrap_or_else(|| format!("t{}", self.joined.len()))
    }

    fn quoted(&self, name: &str) -> String {
        // Snowflake folds bare names to capitals on both sides, so small letters are safe there.
        match self.writer.pen.0 {
            crate::domain::Dialect::Snowflake => Pen(crate::domain::Dialect::Sqlite).name(name),
            _ => self.writer.pen.name(name),
        }
    }

    /// The short name of a table, joined upwards first if it is not there yet.
    fn alias(&mut self, table: usize) -> Result<String, Trouble> {
        if table == self.base {
            return Ok(self.joined[0].1.clone());
        }
        let way = joins::up(self.writer.map, self.base, table)?.ok_or_else(|| {
            let name = |at: usize| self.writer.map.table(at).name.clone();
            Trouble::plain(format!(
                "A row of {} can have many of {}, so I cannot put them side by side.",
                name(self.base),
                name(table)
            ))
        })?;
        for edge in way {
            if !self.joined.iter().any(|(known, _)| *known == Some(edge)) {
                let alias = self.alias_for(edge.parent.table);
                self.joined.push((Some(edge), alias));
            }
        }
        let found = self
            .joined
            .iter()
            .find(|(edge, _)| edge.is_some_and(|edge| edge.parent.table == table));
        Ok(found.map(|(_, alias)| alias.clone()).unwrap_or_default())
    }

    /// A column with the short name of its table.
    fn column(&mut self, at: ColumnRef) -> Result<String, Trouble> {
        let alias = self.alias(at.table)?;
        Ok(format!("{alias}.{}", self.writer.pen.name(&self.writer.map.column(at).name)))
    }

    /// `FROM … JOIN …`
    fn from(&self) -> String {
        let pen = self.writer.pen;
        let map = self.writer.map;
        let mut text = String::new();
        for (edge, alias) in &self.joined {
            let Some(edge) = edge else {
                text.push_str(&format!("FROM {} AS {alias}", pen.table(map.table(self.base))));
                continue;
            };
            let child = self.joined.iter().find(|(known, _)| {
                known.map_or(self.base, |known| known.parent.table) == edge.child.table
            });
            let child = child.map(|(_, alias)| alias.as_str()).unwrap_or_default();
            let equal = |child_column: ColumnRef, parent_column: ColumnRef| {
                format!(
                    "{alias}.{} = {child}.{}",
                    pen.name(&map.column(parent_column).name),
                    pen.name(&map.column(child_column).name),
                )
            };
            let parent = pen.table(map.table(edge.parent.table));
            text.push_str(&format!(
                " JOIN {parent} AS {alias} ON {}",
                equal(edge.child, edge.parent)
            ));
            if let Some((child_column, parent_column)) = edge.second {
                text.push_str(&format!(" AND {}", equal(child_column, parent_column)));
            }
        }
        text
    }

    /// `WHERE …`, or nothing.
    fn wheres(&self) -> String {
        if self.conditions.is_empty() {
            return String::new();
        }
        format!(" WHERE {}", self.conditions.join(" AND "))
    }
}
