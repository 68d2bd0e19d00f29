//! A small shop: three tables that may be read. `salaries` is in the database and may not.

use std::sync::Arc;

use crate::domain::{Column, Dialect, Schema, Table};
use crate::query::guard::{Grounds, Rejection, STACK_BYTES, Verdict, check};

pub(super) const ALL: [Dialect; 4] =
    [Dialect::PostgreSql, Dialect::MySql, Dialect::Sqlite, Dialect::Snowflake];

pub(super) fn table(namespace: Option<&str>, name: &str, columns: &str) -> Table {
    Table {
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        columns: columns
            .split_whitespace()
            .map(|name| Column { name: name.to_owned(), ..Column::default() })
            .collect(),
        ..Table::default()
    }
}

pub(super) fn grounds_of(dialect: Dialect, tables: Vec<Table>) -> Grounds {
    let schema = Arc::new(Schema { tables, ..Schema::default() });
    Grounds { dialect, schema, rows_max: 100 }
}

pub(super) fn grounds(dialect: Dialect) -> Grounds {
    let namespace = match dialect {
        Dialect::PostgreSql => Some("public"),
        Dialect::MySql => Some("shop"),
        Dialect::Sqlite => None,
        Dialect::Snowflake => Some("PUBLIC"),
    };
    let fold = |text: &str| match dialect {
        Dialect::Snowflake => text.to_uppercase(),
        Dialect::PostgreSql | Dialect::MySql | Dialect::Sqlite => text.to_owned(),
    };
    let tables = [
        ("orders", "id customer_id total placed_at note"),
        ("customers", "id name country"),
        ("Mixed Case", "Id Sum"),
    ]
    .map(|(name, columns)| table(namespace, &fold(name), &fold(columns)));
    grounds_of(dialect, tables.to_vec())
}

/// Checks on a stack like that of the guard's threads.
pub(super) fn run(sql: &str, grounds: &Grounds) -> Result<Verdict, Rejection> {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || check(sql, grounds))
            .unwrap()
            .join()
            .unwrap()
    })
}

/// What runs.
pub(super) fn text(dialect: Dialect, sql: &str) -> String {
    match run(sql, &grounds(dialect)) {
        Ok(verdict) => verdict.sql.as_str().to_owned(),
        Err(error) => panic!("{dialect:?}: {sql}\n{}: {error}", error.rule),
    }
}

/// The rule that refuses.
pub(super) fn rule(dialect: Dialect, sql: &str) -> &'static str {
    match run(sql, &grounds(dialect)) {
        Ok(verdict) => panic!("{dialect:?}: {sql}\nbecame {}", verdict.sql.as_str()),
        Err(error) => error.rule,
    }
}
