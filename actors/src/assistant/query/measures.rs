//! Numbers asked for, as expressions of SQL.

use super::super::form::{Aggregate, Measure, Of, Per};
use super::super::roles::Clock;
use super::super::schema_map::ColumnRef;
use super::super::trouble::Trouble;
use super::super::words::name_parts;
use super::super::write::Pen;
use super::Query;
use crate::domain::Table;

impl Query<'_> {
    /// A measure as an expression.
    pub(super) fn measure(&mut self, measure: &Measure) -> Result<String, Trouble> {
        let Some(per) = measure.per else {
            return self.plain_measure(measure);
        };
        if matches!(measure.of, Of::Rows(table) if table != self.base) {
            // Rows that occur several times would be counted once only.
            return Err(Trouble::plain("I cannot average how many of these there are."));
        }
        let whole = Measure { per: None, ..measure.clone() };
        let whole = self.plain_measure(&whole)?;
        let among = match per {
            Per::Rows(table) => self.key_of(table)?,
            Per::Column(at) => self.column(at)?,
            Per::Time(grain) => {
                let moment = self.writer.moment_above(self.base)?;
                let moment = moment.ok_or_else(|| Trouble::plain("These rows do not say when."))?;
                let clock = self.writer.map.clock(moment).unwrap_or(Clock::Calendar);
                self.writer.pen.bucket(&self.column(moment)?, clock, grain)
            }
        };
        Ok(format!("{whole} * 1.0 / COUNT(DISTINCT {among})"))
    }

    fn plain_measure(&mut self, measure: &Measure) -> Result<String, Trouble> {
        match &measure.of {
            Of::Rows(table) if *table == self.base => Ok(String::from("COUNT(*)")),
            Of::Rows(table) => Ok(format!("COUNT(DISTINCT {})", self.key_of(*table)?)),
            Of::Metric(at) => {
                let metric = &self.writer.metrics[*at];
                let table = self.writer.table_of(measure)?;
                self.same_table(table)?;
                let alias = self.alias(table)?;
                Ok(qualified(
                    &metric.expression,
                    self.writer.map.table(table),
                    &alias,
                    self.writer.pen,
                ))
            }
            Of::Column(column) => {
                let needs_all = matches!(measure.aggregate, Aggregate::Sum | Aggregate::Average);
                if needs_all {
                    self.same_table(column.table)?;
                }
                let name = self.column(*column)?;
                Ok(aggregated(measure.aggregate, &name))
            }
            Of::Units => {
                let lines = self.writer.map.lines.ok_or(Trouble::Fragment)?;
                self.same_table(lines.quantity.table)?;
                let name = self.column(lines.quantity)?;
                Ok(aggregated(measure.aggregate, &name))
            }
            Of::Money => {
                let lines = self.writer.map.lines.ok_or(Trouble::Fragment)?;
                self.same_table(lines.quantity.table)?;
                let mut product =
                    format!("{} * {}", self.column(lines.quantity)?, self.column(lines.price)?);
                if let Some(discount) = lines.discount {
                    product.push_str(&format!(" * (1 - {})", self.column(discount)?));
                }
                Ok(aggregated(measure.aggregate, &product))
            }
        }
    }

    /// Sums over a table whose rows the joins would repeat are refused.
    fn same_table(&self, table: usize) -> Result<(), Trouble> {
        if table == self.base {
            return Ok(());
        }
        let name = |at: usize| &self.writer.map.table(at).name;
        Err(Trouble::plain(format!(
            "Adding up {} for each of {} would count rows twice.",
            name(table),
            name(self.base)
        )))
    }

    /// What tells the rows of a table apart; the key that points at it where that is enough.
    pub(super) fn key_of(&mut self, table: usize) -> Result<String, Trouble> {
        let key = self.writer.map.single_key(table).or_else(|| {
            let mut edges = self.writer.map.edges.iter();
            let pointed = edges.find(|edge| edge.parent.table == table && edge.is_single());
            pointed.map(|edge| edge.parent)
        });
        let key: ColumnRef = key.ok_or_else(|| {
            let name = &self.writer.map.table(table).name;
            Trouble::plain(format!("No single column tells the rows of {name} apart."))
        })?;
        let direct = self
            .writer
            .map
            .edges
            .iter()
            .find(|edge| edge.child.table == self.base && edge.parent == key && !edge.is_own());
        self.column(direct.map_or(key, |edge| edge.child))
    }
}

fn aggregated(aggregate: Aggregate, what: &str) -> String {
    match aggregate {
        Aggregate::Count => format!("COUNT({what})"),
        Aggregate::Distinct => format!("COUNT(DISTINCT {what})"),
        Aggregate::Sum => format!("SUM({what})"),
        Aggregate::Average => format!("AVG({what})"),
        Aggregate::Minimum => format!("MIN({what})"),
        Aggregate::Maximum => format!("MAX({what})"),
    }
}

/// A metric's expression with its columns told from those of other tables.
fn qualified(expression: &str, table: &Table, alias: &str, pen: Pen) -> String {
    let mut out = String::new();
    let mut rest = expression;
    let mut quote: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        if let Some(open) = quote {
            out.push(first);
            quote = (first != open).then_some(open);
            rest = &rest[first.len_utf8()..];
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let is_free = !out.ends_with('.') && !after.trim_start().starts_with(['(', '.']);
            match table.column(word).filter(|_| is_free) {
                Some(column) => out.push_str(&format!("{alias}.{}", pen.name(&column.name))),
                None => out.push_str(word),
            }
            rest = after;
        } else {
            if first == '\'' {
                quote = Some(first);
            }
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// A name for the result's column.
pub(super) fn title(query: &Query<'_>, measure: &Measure) -> String {
    let map = query.writer.map;
    let word = |at: ColumnRef| name_parts(&map.column(at).name).join("_");
    let plain = match &measure.of {
        Of::Rows(table) => format!("{}_count", name_parts(&map.table(*table).name).join("_")),
        Of::Money => String::from("revenue"),
        Of::Units => String::from("units"),
        Of::Metric(at) => name_parts(&query.writer.metrics[*at].name).join("_"),
        Of::Column(at) if map.amount == Some(*at) && measure.aggregate == Aggregate::Sum => {
            String::from("revenue")
        }
        Of::Column(at) => match measure.aggregate {
            Aggregate::Count | Aggregate::Distinct => format!("{}_count", word(*at)),
            Aggregate::Sum => format!("total_{}", word(*at)),
            Aggregate::Average => format!("average_{}", word(*at)),
            Aggregate::Minimum => format!("lowest_{}", word(*at)),
            Aggregate::Maximum => format!("highest_{}", word(*at)),
        },
    };
    match measure.per {
        None => plain,
        Some(Per::Rows(table)) => {
            format!("{plain}_per_{}", name_parts(&map.table(table).name).join("_"))
        }
        Some(Per::Time(grain)) => format!("{plain}_per_{}", grain.word()),
        Some(Per::Column(at)) => format!("{plain}_per_{}", word(at)),
    }
}
