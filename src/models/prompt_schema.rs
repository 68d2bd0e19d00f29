//! Tables as a model reads them, within a budget of characters.
//!
//! When not everything fits, tables that the question is not about go first, and details of those
//! that are left only then: a table in full is worth more than many names.

use std::fmt::Write as _;
use std::sync::Arc;

use starling_actors::domain::{Column, Schema, Table, TableKind};
use starling_actors::query::retrieval::relevant;

use super::fence::line;

/// Characters for all tables: about 10,000 tokens, which leaves room in a window of 32,000 for the
/// rest and the answer.
pub(super) const SCHEMA_CHARS_MAX: usize = 40_000;
/// Most columns of one table; wider ones are mostly the same again.
const COLUMNS_MAX: usize = 120;
/// Longest name that is shown whole: engines allow up to 255, but names of that length are no names.
const NAME_CHARS_MAX: usize = 128;
const DESCRIPTION_CHARS_MAX: usize = 240;
const SAMPLE_CHARS_MAX: usize = 40;
const SAMPLES_MAX: usize = 5;

/// How much of each table is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// All that is known.
    Full,
    /// Names, types and keys.
    Names,
}

/// What is tried in turn: this many tables with this much of each.
const STEPS: [(usize, Detail); 8] = [
    (usize::MAX, Detail::Full),
    (60, Detail::Full),
    (30, Detail::Full),
    (15, Detail::Full),
    (15, Detail::Names),
    (8, Detail::Names),
    (3, Detail::Names),
    (1, Detail::Names),
];

/// The tables that a question is about, as text of at most `chars_max` characters.
pub(super) fn told(schema: &Arc<Schema>, question: &str, chars_max: usize) -> String {
    for (tables_max, detail) in STEPS {
        let part = relevant(schema, question, tables_max);
        let left_out = schema.tables.len() - part.tables.len();
        let mut text: String = part.tables.iter().map(|table| of_table(table, detail)).collect();
        if left_out > 0 {
            let _infallible = writeln!(text, "({left_out} further tables are not shown)");
        }
        if text.chars().count() <= chars_max {
            return text;
        }
    }
    // One table that is wider than the whole budget: its first columns.
    let part = relevant(schema, question, 1);
    let text: String = part.tables.iter().map(|table| of_table(table, Detail::Names)).collect();
    text.chars().take(chars_max).collect()
}

fn of_table(table: &Table, detail: Detail) -> String {
    let kind = match table.kind {
        TableKind::Table => "table",
        TableKind::View => "view",
    };
    let mut text = format!("{kind} {}", name(table.namespace.as_deref(), &table.name));
    if let Some(rows) = table.row_count {
        let _infallible = write!(text, " (about {rows} rows)");
    }
    if detail == Detail::Full {
        about(&mut text, &[&table.description, &table.comment]);
    }
    text.push('\n');
    for column in table.columns.iter().take(COLUMNS_MAX) {
        of_column(&mut text, column, detail);
    }
    if let Some(further) = table.columns.len().checked_sub(COLUMNS_MAX).filter(|more| *more > 0) {
        let _infallible = writeln!(text, "  ({further} further columns are not shown)");
    }
    text
}

fn of_column(text: &mut String, column: &Column, detail: Detail) {
    let _infallible = write!(
        text,
        "  {} {}",
        line(&column.name, NAME_CHARS_MAX),
        line(&column.data_type, NAME_CHARS_MAX)
    );
    if column.is_primary_key {
        text.push_str(", key");
    }
    if let Some(reference) = &column.references {
        let table = name(reference.namespace.as_deref(), &reference.table);
        let _infallible = write!(text, " → {table}.{}", line(&reference.column, NAME_CHARS_MAX));
    }
    if detail == Detail::Full {
        if !column.business_term.is_empty() {
            let _infallible =
                write!(text, ", called {}", line(&column.business_term, SAMPLE_CHARS_MAX));
        }
        about(text, &[&column.description, &column.comment]);
        // Samples of a key tell nothing, and samples that are hidden are not even stored; the check
        // is for those that were stored before they were hidden.
        let is_key = column.is_primary_key || column.references.is_some();
        if !column.hides_samples && !is_key && !column.samples.is_empty() {
            let samples: Vec<String> = column
                .samples
                .iter()
                .take(SAMPLES_MAX)
                .map(|sample| line(sample, SAMPLE_CHARS_MAX))
                .collect();
            let _infallible = write!(text, " e.g. {}", samples.join(" | "));
        }
    }
    text.push('\n');
}

/// Adds the first of the texts that says something.
fn about(text: &mut String, said: &[&str]) {
    if let Some(said) = said.iter().find(|said| !said.trim().is_empty()) {
        let _infallible = write!(text, ": {}", line(said, DESCRIPTION_CHARS_MAX));
    }
}

fn name(namespace: Option<&str>, name: &str) -> String {
    let name = line(name, NAME_CHARS_MAX);
    match namespace {
        Some(namespace) => format!("{}.{name}", line(namespace, NAME_CHARS_MAX)),
        None => name,
    }
}
