//! What a connection holds: tables, columns, keys, samples and descriptions.

use serde::Serialize;
use starling_actors::domain::{Column, Schema, Table};

use super::time::rfc3339;

/// What a connection holds.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SchemaView {
    /// In the order of their names.
    pub tables: Vec<TableView>,
    /// When the database was last asked; absent when never.
    pub refreshed_at: Option<String>,
    /// Whether it is being asked now.
    pub is_refreshing: bool,
}

/// A table or a view.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TableView {
    /// As the database spells it.
    pub table_name: String,
    /// The namespace in the database, where it has one.
    pub table_schema: Option<String>,
    /// `table` or `view`.
    pub table_type: &'static str,
    /// About how many rows.
    pub row_count: Option<u64>,
    /// The database's own comment.
    pub comment: String,
    /// What people or a model say it is.
    pub description: String,
    /// In the order of the database.
    pub columns: Vec<SchemaColumnView>,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SchemaColumnView {
    /// As the database spells it.
    pub column_name: String,
    /// From 1.
    pub ordinal_position: usize,
    /// The engine's own word.
    pub data_type: String,
    /// The engine's expression for rows that do not say.
    pub column_default: Option<String>,
    /// The database's own comment.
    pub comment: String,
    /// Whether it may be absent.
    pub is_nullable: bool,
    /// Whether it is part of the primary key.
    pub is_primary_key: bool,
    /// Whether its values are found in another table.
    pub is_foreign_key: bool,
    /// Where: `table.column`.
    pub fk_references: Option<String>,
    /// Values that occur.
    pub sample_values: Vec<String>,
    /// Whether these were switched off.
    pub hide_samples: bool,
    /// How many different values.
    pub distinct_count: Option<u64>,
    /// Part of the rows that have none, from 0 to 100.
    pub null_percentage: Option<f64>,
    /// What people or a model say it is.
    pub description: String,
    /// What the business calls it.
    pub business_term: String,
}

impl SchemaView {
    /// A schema.
    pub fn new(schema: &Schema, is_refreshing: bool) -> Self {
        let was_read = schema.refreshed_at.0 > 0;
        Self {
            tables: schema.tables.iter().map(TableView::from).collect(),
            refreshed_at: was_read.then(|| rfc3339(schema.refreshed_at)),
            is_refreshing,
        }
    }
}

impl From<&Table> for TableView {
    fn from(table: &Table) -> Self {
        let columns = table.columns.iter().enumerate();
        Self {
            table_name: table.name.clone(),
            table_schema: table.namespace.clone(),
            table_type: table.kind.as_str(),
            row_count: table.row_count,
            comment: table.comment.clone(),
            description: table.description.clone(),
            columns: columns.map(|(place, column)| SchemaColumnView::new(place, column)).collect(),
        }
    }
}

impl SchemaColumnView {
    fn new(place: usize, column: &Column) -> Self {
        let references = column.references.as_ref();
        Self {
            column_name: column.name.clone(),
            ordinal_position: place + 1,
            data_type: column.data_type.clone(),
            column_default: column.default.clone(),
            comment: column.comment.clone(),
            is_nullable: column.is_nullable,
            is_primary_key: column.is_primary_key,
            is_foreign_key: references.is_some(),
            fk_references: references.map(|to| format!("{}.{}", to.table, to.column)),
            sample_values: column.samples.clone(),
            hide_samples: column.hides_samples,
            distinct_count: column.distinct_count,
            null_percentage: column.null_share.map(|share| share * 100.0),
            description: column.description.clone(),
            business_term: column.business_term.clone(),
        }
    }
}
