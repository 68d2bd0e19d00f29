//! What the guard lets through gives the same rows as what was written, on SQLite itself.

use std::path::PathBuf;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use starling_actors::domain::Dialect;
use starling_actors::query::guard::check;

use super::{corpus, deep, shop};

/// The shop's database; it is no part of the repository.
fn database() -> Connection {
    let path = std::env::var_os("STARLING_CHINOOK").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/chinook"),
        PathBuf::from,
    );
    let path = path.join("chinook.sqlite");
    Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap_or_else(|error| {
        panic!("no Chinook at {} ({error}); say where it is in STARLING_CHINOOK", path.display())
    })
}

fn rows(database: &Connection, sql: &str) -> Result<Vec<Vec<Value>>, rusqlite::Error> {
    let mut statement = database.prepare(sql)?;
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|index| row.get(index)).collect())?;
    rows.take(10_001).collect()
}

#[test]
fn guarded_queries_give_the_rows_of_the_written_ones() {
    deep(|| {
        let database = database();
        let grounds = shop::grounds(Dialect::Sqlite);
        let mut compared = 0;
        for case in corpus("honest", "sqlite") {
            let Ok(verdict) = check(&case.sql, &grounds) else { continue };
            let sql = case.sql.trim().trim_end_matches(';');
            let written = rows(&database, sql);
            let guarded = rows(&database, verdict.sql.as_str());
            match (written, guarded) {
                (Ok(written), Ok(guarded)) => {
                    // Random numbers and the clock differ from one run to the next.
                    let lower = sql.to_lowercase();
                    if !["random", "'now'", "current_"].iter().any(|word| lower.contains(word)) {
                        assert_eq!(written, guarded, "{sql}\nbecame {}", verdict.sql.as_str());
                        compared += 1;
                    }
                }
                (Ok(_), Err(error)) => {
                    panic!("{sql}\nbecame {}\nand fails: {error}", verdict.sql.as_str());
                }
                // Of an extension that this build of SQLite has not.
                (Err(_), _) => {}
            }
        }
        assert!(compared >= 250, "only {compared} queries were compared");
    });
}
