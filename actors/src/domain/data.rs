//! Rows as they come from a customer's database. Data only: nothing in it is ever an instruction.

/// The language that a connection understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// PostgreSQL.
    PostgreSql,
    /// MySQL and MariaDB.
    MySql,
    /// SQLite, and uploaded tables, which are kept as SQLite files.
    Sqlite,
    /// Snowflake.
    Snowflake,
}

/// What kind of values a column holds, whatever its engine calls it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnType {
    /// True or false.
    Boolean,
    /// Whole numbers.
    Integer,
    /// Binary fractions.
    Float,
    /// Exact decimal fractions.
    Decimal,
    /// Words.
    Text,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day with a time.
    Timestamp,
    /// A JSON document.
    Json,
    /// Bytes that are shown as their count only.
    Bytes,
    /// Anything else, shown as text.
    #[default]
    Other,
}

impl ColumnType {
    /// Whether sums and averages of it mean something.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Decimal)
    }

    /// Whether it says when.
    pub const fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp)
    }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary fraction.
    Float(f64),
    /// An exact decimal, digits as the engine gave them.
    Decimal(String),
    /// Words; also times, in ISO 8601, and JSON, as written.
    Text(String),
}

impl Cell {
    /// The value as a number, where it is one.
    #[expect(clippy::cast_precision_loss, reason = "for charts and comparison, not for sums")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Decimal(digits) => digits.parse().ok(),
            Self::Null | Self::Bool(_) | Self::Text(_) => None,
        }
    }

    /// Bytes that the value takes: what counts toward a result's size.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 1,
            Self::Int(_) | Self::Float(_) => 8,
            Self::Decimal(text) | Self::Text(text) => text.len(),
        }
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Decimal(text) | Self::Text(text) => f.write_str(text),
        }
    }
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultColumn {
    /// As the engine named it; two may share a name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
}

/// What a query gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultTable {
    /// In the order of the query.
    pub columns: Vec<ResultColumn>,
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// Whether there were more rows than the limit.
    pub is_truncated: bool,
}

impl ResultTable {
    /// The place of a column, by its name whatever its case.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// SQL that the guard rendered: the only SQL that a warehouse runs.
///
/// **Invariant:** made by `query::guard` alone, from a syntax tree that it checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuardedSql {
    dialect: Dialect,
    text: String,
}

impl GuardedSql {
    /// What the guard rendered.
    pub(crate) const fn rendered(dialect: Dialect, text: String) -> Self {
        Self { dialect, text }
    }

    /// For the tests of warehouses, which run text of their own.
    #[cfg(any(test, feature = "testing"))]
    pub fn trusted(dialect: Dialect, text: impl Into<String>) -> Self {
        Self::rendered(dialect, text.into())
    }

    /// The language that it is written in.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The statement.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
