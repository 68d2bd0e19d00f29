//! SQLite as a judge: what it would read of an accepted query is what its authorizer is asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use starling_actors::domain::Dialect;

use crate::shop;

/// In the database, and allowed to nobody.
const HIDDEN: &str =
    "CREATE TABLE Employee (EmployeeId, LastName); CREATE TABLE secrets (id, token);";
/// Functions that make rows, which SQLite reads like tables.
const ROWS: &[&str] = &["main.json_each", "main.json_tree"];

/// An empty shop; nothing is run in it.
pub(crate) struct Sqlite {
    connection: Connection,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Sqlite {
    pub(crate) fn new() -> Self {
        let mut connection = Connection::open_in_memory().expect("a database in memory");
        for table in &shop::grounds(Dialect::Sqlite).schema.tables {
            let columns: Vec<&str> = table.columns.iter().map(|one| one.name.as_str()).collect();
            let sql = format!("CREATE TABLE {} ({})", table.name, columns.join(", "));
            connection.execute_batch(&sql).expect("a table");
        }
        connection.execute_batch(HIDDEN).expect("the hidden tables");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&asked);
        let note = move |context: AuthContext<'_>| {
            match context.action {
                AuthAction::Select | AuthAction::Recursive | AuthAction::Function { .. } => {}
                AuthAction::Read { table_name, .. } => {
                    // A named query of which no column is read has no database.
                    let space =
                        context.database_name.map_or(String::new(), |space| format!("{space}."));
                    told.lock().push(format!("{space}{table_name}"));
                }
                other => told.lock().push(format!("{other:?}")),
            }
            Authorization::Allow
        };
        connection.authorizer(Some(note)).expect("an authorizer");
        Self { connection, asked }
    }

    /// Prepares the query. One that SQLite refuses, for a type or a number of arguments, harms nobody.
    pub(crate) fn judge(&self, sql: &str, allowed: &BTreeSet<String>, named: &BTreeSet<String>) {
        self.asked.lock().clear();
        let Ok(statement) = self.connection.prepare(sql) else { return };
        assert!(statement.readonly(), "{sql:?} writes");
        for table in &*self.asked.lock() {
            let is_known =
                allowed.contains(table) || named.contains(table) || ROWS.contains(&table.as_str());
            assert!(is_known, "{sql:?} makes SQLite read {table:?}");
        }
    }
}
