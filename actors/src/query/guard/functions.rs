//! Which functions a query may call, per dialect.
//!
//! The lists hold what analytic questions need and nothing that reads a file, a setting, a catalog
//! or another database, waits, locks, writes, or tells who is connected.

mod common;
mod mysql;
mod postgresql;
mod snowflake;
mod sqlite;

use crate::domain::Dialect;

/// How a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `name(…)`.
    Plain,
    /// A word of the grammar, which takes no schema before it.
    Word,
    /// A word that may stand without parentheses (CURRENT_DATE).
    Bare,
    /// Its first argument may be a bare word (TIMESTAMPDIFF(MONTH, …)).
    Unit,
    /// Its arguments may have names.
    Named,
    /// ARRAY(SELECT …).
    Array,
}

impl Form {
    /// Whether PostgreSQL lets `pg_catalog.` stand before it.
    pub(super) const fn is_qualified(self) -> bool {
        match self {
            Self::Plain | Self::Named => true,
            Self::Word | Self::Bare | Self::Unit | Self::Array => false,
        }
    }
}

/// Lists of one dialect, with the form of all functions in each.
type Lists = &'static [(Form, &'static [&'static str])];

const fn lists(dialect: Dialect) -> Lists {
    match dialect {
        Dialect::PostgreSql => postgresql::LISTS,
        Dialect::MySql => mysql::LISTS,
        Dialect::Sqlite => sqlite::LISTS,
        Dialect::Snowflake => snowflake::LISTS,
    }
}

/// How a function is written, if it may be called. `name` is in lower case.
pub(super) fn find(dialect: Dialect, name: &str) -> Option<Form> {
    let own = lists(dialect).iter().find(|(_, names)| names.contains(&name)).map(|(form, _)| *form);
    own.or_else(|| common::NAMES.contains(&name).then_some(Form::Plain))
}

/// All names, for hints.
pub(super) fn names(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    let own = lists(dialect).iter().flat_map(|(_, names)| names.iter());
    own.chain(common::NAMES).copied()
}

/// The columns of a function in a FROM; `true` where the alias of the relation is the name of its
/// one column too.
pub(super) fn columns(dialect: Dialect, name: &str) -> Option<&'static [&'static str]> {
    let rows: &[(&str, &[&str])] = match dialect {
        Dialect::PostgreSql => postgresql::ROWS,
        Dialect::MySql => &[],
        Dialect::Sqlite => sqlite::ROWS,
        Dialect::Snowflake => snowflake::ROWS,
    };
    rows.iter().find(|(known, _)| *known == name).map(|(_, columns)| *columns)
}
