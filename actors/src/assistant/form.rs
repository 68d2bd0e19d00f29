//! What a question asks for, before it is SQL: measures, groups, filters, time, order, limit.
//!
//! Follow-ups edit a form; the planner turns one into joins, the writer into text.

use super::dates::{Grain, Span};
use super::lexicon::Comparison;
use super::schema_map::ColumnRef;

/// How rows become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    /// How many.
    Count,
    /// How many different ones.
    Distinct,
    /// All together.
    Sum,
    /// On average.
    Average,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
}

/// What is counted or added up.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Of {
    /// The rows of a table.
    Rows(usize),
    /// The values of a column.
    Column(ColumnRef),
    /// Money that came in; which column holds it depends on what else is asked.
    Money,
    /// Pieces sold.
    Units,
    /// A metric that an organization has defined, by its place.
    Metric(usize),
}

/// A number asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measure {
    /// How rows become one number.
    pub(super) aggregate: Aggregate,
    /// What is counted.
    pub(super) of: Of,
    /// "Per order": the sum is shared out among the rows of this table.
    pub(super) per: Option<Per>,
}

/// Among what a sum is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Per {
    /// The rows of a table.
    Rows(usize),
    /// Spans of time.
    Time(Grain),
    /// The values of a column.
    Column(ColumnRef),
}

impl Measure {
    /// A plain measure.
    pub(super) const fn new(aggregate: Aggregate, of: Of) -> Self {
        Self { aggregate, of, per: None }
    }

    /// The number of rows of a table.
    pub(super) const fn rows(table: usize) -> Self {
        Self::new(Aggregate::Count, Of::Rows(table))
    }
}

/// What a result is grouped by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Group {
    /// The rows of a table, shown by their names.
    Rows(usize),
    /// The values of a column.
    Column(ColumnRef),
    /// Spans of time, of the column if one was named.
    Time(Grain, Option<ColumnRef>),
}

/// What must hold for a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    /// A column has one of these values, or none of them.
    Values {
        /// The column.
        column: ColumnRef,
        /// The values as stored.
        values: Vec<String>,
        /// Whether it must have none of them.
        is_not: bool,
    },
    /// A column compares with a number.
    Number {
        /// The column.
        column: ColumnRef,
        /// How.
        comparison: Comparison,
        /// With what.
        number: f64,
        /// The end of a range.
        upper: f64,
    },
    /// A flag is set, or not.
    Flag {
        /// The column.
        column: ColumnRef,
        /// Which.
        is_set: bool,
    },
    /// It happened on one of these days of the week, Sunday being 0.
    Weekdays(Vec<u8>),
    /// A column has no value.
    Missing(ColumnRef),
    /// No row of another table belongs to it, in the form's span if one is given there.
    Without(usize),
    /// The row that it points at, in its own table, has these values.
    Above {
        /// The column that points.
        child: ColumnRef,
        /// The column that it points at.
        parent: ColumnRef,
        /// What the other row is called.
        values: Vec<(ColumnRef, String)>,
        /// Whether the named row is the one that points.
        is_inverse: bool,
    },
}

/// What rows are ordered by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum By {
    /// The first measure.
    Measure,
    /// A column of the rows.
    Column(ColumnRef),
    /// What the rows are called.
    Name,
}

/// What a question asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Form {
    /// The table whose rows are listed or counted.
    pub(super) subject: Option<usize>,
    /// Columns to show besides the names of the rows.
    pub(super) shown: Vec<ColumnRef>,
    /// Numbers asked for; none for a list.
    pub(super) measures: Vec<Measure>,
    /// What the numbers are grouped by.
    pub(super) groups: Vec<Group>,
    /// What must hold.
    pub(super) filters: Vec<Filter>,
    /// What must hold for a group: the measure, how, the number, the end of a range.
    pub(super) having: Vec<(Measure, Comparison, f64, f64)>,
    /// When.
    pub(super) span: Option<Span>,
    /// The column that says when, if a word named it.
    pub(super) span_column: Option<ColumnRef>,
    /// Tables whose rows must belong to it, such as the orders of "customers who ordered".
    pub(super) through: Vec<usize>,
    /// What comes first, and whether the greatest does.
    pub(super) order: Option<(By, bool)>,
    /// How many rows.
    pub(super) limit: Option<u32>,
    /// Whether each number is told as a part of all.
    pub(super) is_share: bool,
    /// Whether only the number of groups is wanted: "how many customers have more than 5 orders".
    pub(super) counts_groups: bool,
}
