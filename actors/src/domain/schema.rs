//! What a connection holds: tables, their columns, and what is known of them.

use super::{ColumnType, Timestamp};

/// Everything that is known of one connection's tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// In the order of their names.
    pub tables: Vec<Table>,
    /// When the database was last asked.
    pub refreshed_at: Timestamp,
}

/// Whether rows are stored or computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Stored.
    #[default]
    Table,
    /// Computed by a query.
    View,
}

/// A table or a view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The namespace in the database (`public`), where the engine has one.
    pub namespace: Option<String>,
    /// As the database spells it.
    pub name: String,
    /// Stored or computed.
    pub kind: TableKind,
    /// About how many rows; absent where nobody counted.
    pub row_count: Option<u64>,
    /// The database's own comment on it.
    pub comment: String,
    /// What people or a model say it is.
    pub description: String,
    /// In the order of the database.
    pub columns: Vec<Column>,
}

/// Different values up to which all of a column's are kept: some 10 KB of names. More than that is no
/// list that a question picks from.
pub const VALUES_MAX: usize = 500;

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// As the database spells it.
    pub name: String,
    /// The engine's own word for its type.
    pub data_type: String,
    /// What it holds.
    pub kind: ColumnType,
    /// The engine's expression for rows that do not say.
    pub default: Option<String>,
    /// The database's own comment on it.
    pub comment: String,
    /// Whether it may be absent.
    pub is_nullable: bool,
    /// Whether it is part of the primary key.
    pub is_primary_key: bool,
    /// The column that its values are found in.
    pub references: Option<Reference>,
    /// Values that occur, the most frequent first; none for what looks secret.
    pub samples: Vec<String>,
    /// All values that occur, where it is a column of names and they are few ([`VALUES_MAX`]): so that
    /// "in Germany" finds its column whether or not Germany is among the samples. Never shown; none
    /// where samples are hidden.
    pub values: Vec<String>,
    /// How many different values.
    pub distinct_count: Option<u64>,
    /// Part of the rows that have none, from 0 to 1.
    pub null_share: Option<f64>,
    /// What people or a model say it is.
    pub description: String,
    /// What the business calls it.
    pub business_term: String,
    /// Whether samples of it were switched off by hand.
    pub hides_samples: bool,
}

/// Where a foreign key points.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The namespace of the table, where the engine has one.
    pub namespace: Option<String>,
    /// The table.
    pub table: String,
    /// Its column.
    pub column: String,
}

impl Schema {
    /// A table by its name, whatever its case.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }
}

impl Table {
    /// A column by its name, whatever its case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}
