//! The databases of the question sets, and what a discovery reads of them.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use starling_actors::domain::{
    Column, ColumnType, Reference, Schema, Table, TableKind, Timestamp, VALUES_MAX,
};

use super::matching::Rows;

/// Values of a column that a discovery keeps to show.
const SAMPLES_MAX: usize = 10;

/// Opens a set's database: Chinook from its file, the others made from their scripts in memory.
pub(super) fn open(root: &Path, set: &str) -> Connection {
    let script = match set {
        "chinook" => return chinook(root),
        "shop" => root.join("src/demo/shop.sql"),
        _ => root.join(format!("tests/questions/{set}.sql")),
    };
    let text = std::fs::read_to_string(&script)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", script.display()));
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(&text).unwrap();
    connection
}

fn chinook(root: &Path) -> Connection {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told by its environment where data are"
    )]
    let named = std::env::var("STARLING_CHINOOK").ok().map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("../shared/data/chinook"));
    let file = folder.join("chinook.sqlite");
    assert!(
        file.is_file(),
        "the Chinook sample database is needed at {} (or in the folder that STARLING_CHINOOK names)",
        file.display()
    );
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Runs a query.
pub(super) fn rows(connection: &Connection, sql: &str) -> Result<Rows, rusqlite::Error> {
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push((0..width).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>()?);
    }
    Ok(all)
}

/// Reads what a discovery reads: tables, columns, keys, samples.
pub(super) fn discover(connection: &Connection) -> Schema {
    let found = rows(
        connection,
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .unwrap();
    let tables = found.iter().map(|row| {
        let kind = if text(&row[1]) == "view" { TableKind::View } else { TableKind::Table };
        table(connection, &text(&row[0]), kind)
    });
    Schema { tables: tables.collect(), refreshed_at: Timestamp::default() }
}

fn table(connection: &Connection, name: &str, kind: TableKind) -> Table {
    let keys = rows(connection, &format!("PRAGMA foreign_key_list(\"{name}\")")).unwrap();
    let parents: Vec<_> = keys
        .iter()
        .map(|row| {
            let reference =
                Reference { namespace: None, table: text(&row[2]), column: text(&row[4]) };
            (text(&row[3]), reference)
        })
        .collect();
    let described = rows(connection, &format!("PRAGMA table_info(\"{name}\")")).unwrap();
    let columns = described.iter().map(|row| {
        let column = text(&row[1]);
        let reference = parents.iter().find(|(child, _)| *child == column);
        Column {
            data_type: text(&row[2]),
            kind: kind_of(&text(&row[2])),
            is_nullable: row[3] == Value::Integer(0),
            is_primary_key: row[5] != Value::Integer(0),
            references: reference.map(|(_, reference)| reference.clone()),
            ..sampled(connection, name, &column, &text(&row[2]))
        }
    });
    let count = rows(connection, &format!("SELECT COUNT(*) FROM \"{name}\"")).unwrap();
    Table {
        name: name.to_owned(),
        kind,
        row_count: text(&count[0][0]).parse().ok(),
        columns: columns.collect(),
        ..Table::default()
    }
}

/// A column with its samples, unless it looks secret.
fn sampled(connection: &Connection, table: &str, column: &str, data_type: &str) -> Column {
    let lower = column.to_lowercase();
    let is_secret =
        ["password", "hash", "token", "secret", "ssn"].iter().any(|word| lower.contains(word));
    if is_secret {
        return Column { name: column.to_owned(), ..Column::default() };
    }
    let query = format!(
        "SELECT \"{column}\", COUNT(*) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL \
         GROUP BY 1 ORDER BY 2 DESC, 1"
    );
    let found = rows(connection, &query).unwrap();
    let all: Vec<String> = found.iter().map(|row| text(&row[0])).collect();
    let is_text = kind_of(data_type) == ColumnType::Text;
    Column {
        name: column.to_owned(),
        samples: all.iter().take(SAMPLES_MAX).cloned().collect(),
        distinct_count: Some(all.len() as u64),
        values: if is_text && all.len() <= VALUES_MAX { all } else { Vec::new() },
        ..Column::default()
    }
}

fn kind_of(data_type: &str) -> ColumnType {
    let upper = data_type.to_uppercase();
    let has = |word: &str| upper.contains(word);
    if has("BOOL") {
        ColumnType::Boolean
    } else if has("DATETIME") || has("TIMESTAMP") {
        ColumnType::Timestamp
    } else if has("DATE") {
        ColumnType::Date
    } else if has("INT") {
        ColumnType::Integer
    } else if has("NUMERIC") || has("DECIMAL") {
        ColumnType::Decimal
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        ColumnType::Float
    } else if has("CHAR") || has("TEXT") || has("CLOB") {
        ColumnType::Text
    } else {
        ColumnType::Other
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Blob(_) => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}
