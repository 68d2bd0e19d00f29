//! Generated queries over generated schemas, soup of words, and corpora with accidents: nothing
//! panics, and what is accepted stands.

use std::sync::Arc;

use proptest::prelude::*;
use starling_actors::domain::{Column, Dialect, Schema, Table};
use starling_actors::query::guard::{Grounds, check};

use super::{assert_stands, corpus, deep, shop};

const NAMES: &[&str] =
    &["orders", "Order", "select", "größe", "two words", "x1", "user", "_a", "Zürich", "limit"];

fn quoted(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::MySql => format!("`{name}`"),
        Dialect::PostgreSql | Dialect::Sqlite | Dialect::Snowflake => format!("\"{name}\""),
    }
}

/// A schema of which the last table is not allowed.
#[derive(Clone, Debug)]
struct World {
    dialect: Dialect,
    tables: Vec<(String, Vec<String>)>,
}

fn world() -> impl Strategy<Value = World> {
    let dialect = prop::sample::select(shop::DIALECTS.map(|(dialect, _)| dialect).to_vec());
    let columns = prop::sample::subsequence(NAMES.to_vec(), 1..4);
    let names = prop::sample::subsequence(NAMES.to_vec(), 2..5);
    (dialect, names, prop::collection::vec(columns, 5)).prop_map(|(dialect, names, columns)| {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let tables =
            names.iter().zip(columns).map(|(name, columns)| ((*name).to_owned(), own(&columns)));
        World { dialect, tables: tables.collect() }
    })
}

impl World {
    fn grounds(&self) -> Grounds {
        let allowed = self.tables.split_last().map_or(&[][..], |(_, allowed)| allowed);
        let column = |name: &String| Column { name: name.clone(), ..Column::default() };
        let tables = allowed
            .iter()
            .map(|(name, columns)| Table {
                namespace: Some("space".to_owned()),
                name: name.clone(),
                columns: columns.iter().map(column).collect(),
                ..Table::default()
            })
            .collect();
        let schema = Arc::new(Schema { tables, ..Schema::default() });
        Grounds { dialect: self.dialect, schema, rows_max: 10 }
    }

    /// A query made of the numbers, and whether it reads the table that is not allowed.
    fn query(&self, dice: &mut impl Iterator<Item = usize>, depth: usize) -> (String, bool) {
        let mut roll = |sides: usize| dice.next().unwrap_or(0) % sides;
        let table = roll(self.tables.len());
        let is_hidden = table + 1 == self.tables.len();
        let (name, columns) = &self.tables[table];
        let column = quoted(self.dialect, &columns[roll(columns.len())]);
        let shape = if depth == 0 { 0 } else { roll(7) };
        let name = quoted(self.dialect, name);
        let mut inner = |world: &Self| world.query(dice, depth - 1);
        let (text, other) = match shape {
            1 => {
                let (inner, hidden) = inner(self);
                (format!("SELECT t.{column} FROM {name} t WHERE EXISTS ({inner})"), hidden)
            }
            2 => {
                let (inner, hidden) = inner(self);
                (format!("WITH c AS ({inner}) SELECT t.{column} FROM {name} t, c"), hidden)
            }
            3 => {
                let (inner, hidden) = inner(self);
                (format!("SELECT {column} FROM {name} UNION ALL SELECT 1 FROM ({inner}) d"), hidden)
            }
            4 => {
                let (inner, hidden) = inner(self);
                let count = format!("count(*) + ({inner})");
                (format!("SELECT t.{column}, {count} FROM {name} AS t GROUP BY t.{column}"), hidden)
            }
            5 => {
                let (inner, hidden) = inner(self);
                (format!("SELECT a.{column} FROM {name} a LEFT JOIN ({inner}) b ON 1 = 1"), hidden)
            }
            6 => (
                format!("SELECT max({column}) OVER (ORDER BY {column}) AS m FROM {name} LIMIT 3"),
                false,
            ),
            _ => {
                (format!("SELECT {column} FROM {name} WHERE {column} = 'it''s' ORDER BY 1"), false)
            }
        };
        (text, is_hidden || other)
    }
}

const SOUP: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "ORDER BY",
    "UNION",
    "ALL",
    "JOIN",
    "ON",
    "LATERAL",
    "WITH",
    "RECURSIVE",
    "AS",
    "(",
    ")",
    "(",
    ")",
    ",",
    ".",
    "*",
    "+",
    "-",
    "=",
    "<",
    "'x'",
    "1",
    "Album",
    "Title",
    "AlbumId",
    "a",
    "employee",
    "secrets",
    "\"a\"",
    "`a`",
    "[a]",
    "count",
    "EXISTS",
    "IN",
    "NOT",
    "CASE",
    "WHEN",
    "THEN",
    "END",
    "OVER",
    "PARTITION BY",
    "LIMIT",
    "OFFSET",
    "VALUES",
    "TABLE",
    "pg_sleep",
    "::",
    "text",
    "INTERVAL",
    "NULL",
    "@",
    "$1",
    ";",
    "->>",
    "{",
    "}",
    "DISTINCT",
    "CAST",
    "EXTRACT",
    "year",
    "USING",
    "NATURAL",
    "CROSS",
    "INTO",
    "FOR UPDATE",
    "DELETE",
    "album",
    "title",
    "ANY",
    "ARRAY",
    ":",
    "||",
    "FETCH FIRST",
    "ROWS ONLY",
    "E'x'",
    "é",
    "generate_series",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_reads_allowed_tables_only_and_stands(
        world in world(),
        dice in prop::collection::vec(0_usize..1_000, 40),
    ) {
        let grounds = world.grounds();
        let (sql, is_hidden) = world.query(&mut dice.into_iter(), 3);
        match check(&sql, &grounds) {
            Ok(verdict) => {
                prop_assert!(!is_hidden, "{sql}\nbecame {}", verdict.sql.as_str());
                let allowed = |said: &String| {
                    grounds.schema.tables.iter().any(|table| *said == format!("space.{}", table.name))
                };
                prop_assert!(verdict.tables.iter().all(allowed));
                assert_stands(&sql, &verdict, &grounds);
            }
            Err(error) => prop_assert!(is_hidden, "{sql}\n{}: {error}", error.rule),
        }
    }
}

#[test]
fn a_soup_of_words_never_panics_and_what_is_accepted_stands() {
    deep(|| {
        let config = ProptestConfig { cases: 1_500, ..ProptestConfig::default() };
        let words = prop::collection::vec(prop::sample::select(SOUP), 1..30);
        proptest!(config, |(words in words, dialect in 0_usize..4)| {
            let grounds = shop::grounds(shop::DIALECTS[dialect].0);
            let sql = format!("SELECT {}", words.join(" "));
            if let Ok(verdict) = check(&sql, &grounds) {
                assert_stands(&sql, &verdict, &grounds);
            }
        });
    });
}

#[test]
fn corpora_with_accidents_never_panic_and_what_is_accepted_stands() {
    deep(|| {
        let mut cases = Vec::new();
        for (dialect, name) in shop::DIALECTS {
            for kind in ["attacks", "honest"] {
                cases.extend(corpus(kind, name).into_iter().map(|case| (dialect, case.sql)));
            }
        }
        let config = ProptestConfig { cases: 1_500, ..ProptestConfig::default() };
        let accident = (0..cases.len(), 0..cases.len(), 0.0..1.0_f64, 0.0..1.0_f64, 0..4);
        proptest!(config, |((first, second, from, to, kind) in accident)| {
            let (dialect, sql) = &cases[first];
            let (_, other) = &cases[second];
            let sql = damaged(sql, other, from, to, kind);
            let grounds = shop::grounds(*dialect);
            if let Ok(verdict) = check(&sql, &grounds) {
                assert_stands(&sql, &verdict, &grounds);
            }
        });
    });
}

/// A part of a text left out, doubled, or replaced by another text's, at any character.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
fn damaged(sql: &str, other: &str, from: f64, to: f64, kind: i32) -> String {
    let chars: Vec<char> = sql.chars().take(2_000).collect();
    let others: Vec<char> = other.chars().take(2_000).collect();
    let place = |share: f64, length: usize| (share * length as f64) as usize;
    let (from, to) = (from.min(to), from.max(to));
    let (start, end) = (place(from, chars.len()), place(to, chars.len()));
    let middle: Vec<char> = match kind {
        0 => Vec::new(),
        1 => [&chars[start..end], &chars[start..end]].concat(),
        2 => others[place(from, others.len())..place(to, others.len())].to_vec(),
        _ => chars[start..end].iter().rev().copied().collect(),
    };
    [&chars[..start], &middle, &chars[end..]].concat().into_iter().collect()
}
