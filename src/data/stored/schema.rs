//! A connection's tables as they are kept: what the database said in one record a table, and what
//! people wrote about it in another, so that a refresh cannot touch their words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use starling_actors::domain::{Column, ColumnType, Reference, Table, TableKind};

use super::text::{At, Word};

/// The time of the last discovery; its version counts changes of any of the tables.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(in crate::data) struct StoredHead {
    /// When the database was last asked.
    pub(in crate::data) refreshed_at: At,
}

/// What the database said of a table, and what a model made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::data) struct StoredTableShape {
    namespace: Option<String>,
    name: String,
    kind: Word<TableKind>,
    row_count: Option<u64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    comment: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    columns: Vec<StoredColumn>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StoredColumn {
    name: String,
    data_type: String,
    kind: Word<ColumnType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    comment: String,
    is_nullable: bool,
    is_primary_key: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    references: Option<(Option<String>, String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    samples: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    distinct_count: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    null_share: Option<f64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    business_term: String,
}

/// What people wrote about a table; absent is what nobody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::data) struct StoredNotes {
    /// What the table is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::data) description: Option<String>,
    /// By the columns' names in lower case.
    #[serde(default)]
    pub(in crate::data) columns: BTreeMap<String, StoredColumnNotes>,
}

/// What people wrote about a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::data) struct StoredColumnNotes {
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::data) description: Option<String>,
    /// What the business calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::data) business_term: Option<String>,
    /// Whether samples of it are switched off.
    #[serde(default)]
    pub(in crate::data) hides_samples: bool,
}

impl StoredTableShape {
    /// Keeps what a model wrote earlier where this discovery has no words.
    pub(in crate::data) fn inherit(&mut self, earlier: &Self) {
        inherit(&mut self.description, &earlier.description);
        for column in &mut self.columns {
            let before = earlier.columns.iter().find(|before| before.name == column.name);
            if let Some(before) = before {
                inherit(&mut column.description, &before.description);
                inherit(&mut column.business_term, &before.business_term);
            }
        }
    }

    /// Puts words (table, column or nothing, description, business term) where there are none;
    /// `true` when any were put.
    pub(in crate::data) fn fill(&mut self, entries: &[(String, String, String, String)]) -> bool {
        let mut is_changed = false;
        let mut put = |kept: &mut String, given: &str| {
            if kept.is_empty() && !given.is_empty() {
                given.clone_into(kept);
                is_changed = true;
            }
        };
        let mine = entries.iter().filter(|(table, ..)| table.eq_ignore_ascii_case(&self.name));
        for (_, name, description, business_term) in mine {
            if name.is_empty() {
                put(&mut self.description, description);
            }
            let column = |column: &&mut StoredColumn| column.name.eq_ignore_ascii_case(name);
            if let Some(column) = self.columns.iter_mut().find(column) {
                put(&mut column.description, description);
                put(&mut column.business_term, business_term);
            }
        }
        is_changed
    }

    /// Forgets the samples of columns; `true` when there were any.
    pub(in crate::data) fn forget_samples(&mut self, notes: &StoredNotes) -> bool {
        let mut had_any = false;
        for column in &mut self.columns {
            let notes = notes.columns.get(&column.name.to_lowercase());
            if notes.is_some_and(|notes| notes.hides_samples) {
                had_any |= !column.samples.is_empty() || !column.values.is_empty();
                column.samples.clear();
                column.values.clear();
            }
        }
        had_any
    }
}

fn inherit(words: &mut String, earlier: &str) {
    if words.is_empty() {
        earlier.clone_into(words);
    }
}

impl From<Table> for StoredTableShape {
    fn from(table: Table) -> Self {
        Self {
            namespace: table.namespace,
            name: table.name,
            kind: Word(table.kind),
            row_count: table.row_count,
            comment: table.comment,
            description: table.description,
            columns: table.columns.into_iter().map(StoredColumn::from).collect(),
        }
    }
}

impl From<Column> for StoredColumn {
    fn from(column: Column) -> Self {
        let references = column.references;
        Self {
            name: column.name,
            data_type: column.data_type,
            kind: Word(column.kind),
            default: column.default,
            comment: column.comment,
            is_nullable: column.is_nullable,
            is_primary_key: column.is_primary_key,
            references: references.map(|to| (to.namespace, to.table, to.column)),
            samples: column.samples,
            values: column.values,
            distinct_count: column.distinct_count,
            null_share: column.null_share,
            description: column.description,
            business_term: column.business_term,
        }
    }
}

/// What the database said with what people wrote on top.
pub(in crate::data) fn table(shape: StoredTableShape, notes: Option<&StoredNotes>) -> Table {
    let written = notes.and_then(|notes| notes.description.clone());
    Table {
        namespace: shape.namespace,
        name: shape.name,
        kind: shape.kind.0,
        row_count: shape.row_count,
        comment: shape.comment,
        description: written.unwrap_or(shape.description),
        columns: shape.columns.into_iter().map(|stored| column(stored, notes)).collect(),
    }
}

fn column(stored: StoredColumn, notes: Option<&StoredNotes>) -> Column {
    let notes = notes.and_then(|notes| notes.columns.get(&stored.name.to_lowercase()));
    let hides_samples = notes.is_some_and(|notes| notes.hides_samples);
    let description = notes.and_then(|notes| notes.description.clone());
    let business_term = notes.and_then(|notes| notes.business_term.clone());
    let references = stored.references;
    Column {
        name: stored.name,
        data_type: stored.data_type,
        kind: stored.kind.0,
        default: stored.default,
        comment: stored.comment,
        is_nullable: stored.is_nullable,
        is_primary_key: stored.is_primary_key,
        references: references.map(|(namespace, table, column)| Reference {
            namespace,
            table,
            column,
        }),
        samples: if hides_samples { Vec::new() } else { stored.samples },
        values: if hides_samples { Vec::new() } else { stored.values },
        distinct_count: stored.distinct_count,
        null_share: stored.null_share,
        description: description.unwrap_or(stored.description),
        business_term: business_term.unwrap_or(stored.business_term),
        hides_samples,
    }
}
