//! The tables of a SQLite database, read by statements of ours in a session of their own, which the
//! authorizer of guarded statements does not see.

use std::path::Path;

use rusqlite::Row;

use super::super::frame::{WireColumn, WireTable};
use super::query::{kind_declared, open_for_reading};

/// Tables of one file.
const TABLES: &str = "
    SELECT name, type = 'view' FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY name LIMIT 2000";
const COLUMNS: &str = "
    SELECT name, type, dflt_value, \"notnull\" = 0 AND pk = 0, pk > 0
    FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid";
const KEYS: &str = "
    SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq";

/// The tables and views with their columns and keys.
pub(super) fn tables(file: &Path) -> rusqlite::Result<Vec<WireTable>> {
    let database = open_for_reading(file)?;
    let mut statement = database.prepare(TABLES)?;
    let mut tables = statement
        .query_map([], |row| {
            Ok(WireTable { name: row.get(0)?, is_view: row.get(1)?, columns: Vec::new() })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut columns = database.prepare(COLUMNS)?;
    let mut keys = database.prepare(KEYS)?;
    for table in &mut tables {
        // A view that no longer fits its tables has no columns.
        let found = columns.query_map([&table.name], column);
        table.columns = found?.filter_map(Result::ok).collect();
        let found = keys.query_map([&table.name], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
            ))
        })?;
        for (from, to, to_column) in found.filter_map(Result::ok) {
            // Without a column the key points to the other table's primary key.
            let to_column = to_column.unwrap_or_else(|| from.clone());
            if let Some(column) = table.columns.iter_mut().find(|column| column.name == from) {
                column.references = Some((to, to_column));
            }
        }
    }
    Ok(tables)
}

fn column(row: &Row<'_>) -> rusqlite::Result<WireColumn> {
    let data_type: String = row.get(1)?;
    Ok(WireColumn {
        name: row.get(0)?,
        kind: kind_declared(&data_type),
        data_type,
        default: row.get(2)?,
        is_nullable: row.get(3)?,
        is_primary_key: row.get(4)?,
        references: None,
    })
}
