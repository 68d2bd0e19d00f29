//! The guard over 2 KB of SQL: what stands between a model's answer and the database. The goal is a
//! p99 of at most 2 ms.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use starling_actors::domain::{Column, Dialect, Schema, Table};
use starling_actors::query::guard::{Grounds, check};

/// Fifty tables of twelve columns, as a shop's database has them.
fn grounds(dialect: Dialect) -> Grounds {
    let column = |number| Column { name: format!("column_{number}"), ..Column::default() };
    let table = |number| Table {
        namespace: Some("shop".to_owned()),
        name: format!("table_{number}"),
        columns: (0..12).map(column).collect(),
        ..Table::default()
    };
    let schema = Schema { tables: (0..50).map(table).collect(), ..Schema::default() };
    Grounds { dialect, schema: Arc::new(schema), rows_max: 10_000 }
}

/// Named queries with joins, windows and subqueries until there are 2 KB.
fn query() -> String {
    let mut parts = Vec::new();
    let mut bytes = 0;
    while bytes < 1_850 {
        let number = parts.len();
        let part = format!(
            "part_{number} AS (SELECT a.column_1 AS label, SUM(a.column_2 * b.column_3) AS amount, \
             ROW_NUMBER() OVER (PARTITION BY a.column_1 ORDER BY SUM(b.column_3) DESC) AS place \
             FROM table_{number} a LEFT JOIN table_1{number} b ON b.column_0 = a.column_4 \
             WHERE a.column_5 BETWEEN 1 AND 99 AND a.column_6 IN (SELECT column_0 FROM table_40) \
             GROUP BY a.column_1 HAVING COUNT(*) > 3)"
        );
        bytes += part.len();
        parts.push(part);
    }
    format!(
        "WITH {} SELECT label, amount FROM part_0 WHERE place <= 3 ORDER BY amount DESC",
        parts.join(", ")
    )
}

fn guard(criterion: &mut Criterion) {
    let sql = query();
    for (name, dialect) in [
        ("PostgreSQL", Dialect::PostgreSql),
        ("MySQL", Dialect::MySql),
        ("SQLite", Dialect::Sqlite),
        ("Snowflake", Dialect::Snowflake),
    ] {
        let grounds = grounds(dialect);
        assert!(check(&sql, &grounds).is_ok(), "the bench's query is refused");
        criterion.bench_function(&format!("guard {} bytes for {name}", sql.len()), |bench| {
            bench.iter(|| check(black_box(&sql), &grounds).is_ok());
        });
    }
}

criterion_group!(benches, guard);
criterion_main!(benches);
