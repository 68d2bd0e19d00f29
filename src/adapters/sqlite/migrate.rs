//! Brings a database to the schema of this version; the rules are in `migrations/README.md`.
//!
//! **Invariant:** either every missing step is applied or none is.

use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest, Sha256};
use starling_actors::domain::Timestamp;

/// One step, built into the binary.
struct Step {
    number: u32,
    name: &'static str,
    sql: &'static str,
}

macro_rules! steps {
    ($($number:literal $name:literal;)*) => {
        &[$(Step {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
        }),*]
    };
}

/// All steps, in order, without a gap.
const STEPS: &[Step] = steps! {
    1 "0001_log";
    2 "0002_directory";
    3 "0003_records";
    4 "0004_thread_roots";
    5 "0005_audit";
};

/// Why a database was not brought to this version's schema.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A newer Starling was here.
    #[error(
        "the database has schema step {found}, but this version knows only {known}: \
         it was used by a newer Starling; start that one, or restore an older backup"
    )]
    Newer {
        /// The newest step in the database.
        found: u32,
        /// The newest step that this version knows.
        known: u32,
    },
    /// A released step is not what was applied.
    #[error(
        "schema step {name} is not the one that was applied to this database: \
         the binary or the database was altered"
    )]
    Changed {
        /// The step.
        name: &'static str,
    },
    /// SQLite said no.
    #[error("the schema could not be changed: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Applies the missing steps and gives their names.
pub(super) fn migrate(
    connection: &mut Connection,
    at: Timestamp,
) -> Result<Vec<&'static str>, MigrationError> {
    apply(connection, STEPS, at)
}

/// Checks that a database has nothing that this version does not know, without changing it.
pub(super) fn verify(connection: &Connection) -> Result<(), MigrationError> {
    compare(connection, STEPS).map(|_| ())
}

fn apply(
    connection: &mut Connection,
    steps: &'static [Step],
    at: Timestamp,
) -> Result<Vec<&'static str>, MigrationError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_steps (
             number     INTEGER PRIMARY KEY,
             name       TEXT NOT NULL,
             checksum   BLOB NOT NULL,
             applied_at INTEGER NOT NULL
         ) STRICT",
    )?;
    let applied = compare(&transaction, steps)?;
    let mut names = Vec::new();
    for step in &steps[applied..] {
        transaction.execute_batch(step.sql)?;
        transaction.execute(
            "INSERT INTO schema_steps (number, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
            params![step.number, step.name, checksum(step.sql), at.0],
        )?;
        names.push(step.name);
    }
    transaction.commit()?;
    Ok(names)
}

/// How many of `steps` are applied, after checking that they are the same ones.
fn compare(connection: &Connection, steps: &'static [Step]) -> Result<usize, MigrationError> {
    let mut query =
        connection.prepare("SELECT number, checksum FROM schema_steps ORDER BY number")?;
    let stored = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(u32, Vec<u8>)>>>()?;
    if let Some((found, _)) = stored.get(steps.len()) {
        let known = steps.last().map_or(0, |step| step.number);
        return Err(MigrationError::Newer { found: *found, known });
    }
    for (step, (number, sum)) in steps.iter().zip(&stored) {
        if step.number != *number || checksum(step.sql)[..] != sum[..] {
            return Err(MigrationError::Changed { name: step.name });
        }
    }
    Ok(stored.len())
}

fn checksum(sql: &str) -> [u8; 32] {
    Sha256::digest(sql.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Step] = &[Step { number: 1, name: "one", sql: "CREATE TABLE a (b) " }];
    const OTHER: &[Step] = &[Step { number: 1, name: "one", sql: "CREATE TABLE a (c) " }];
    const BROKEN: &[Step] = &[
        Step { number: 1, name: "one", sql: "CREATE TABLE a (b) " },
        Step { number: 2, name: "two", sql: "CREATE TABLE c (d); nonsense" },
    ];

    #[test]
    fn steps_are_numbered_without_a_gap() {
        for (place, step) in STEPS.iter().enumerate() {
            assert_eq!(step.number as usize, place + 1);
            assert!(step.name.starts_with(&format!("{:04}_", step.number)));
        }
    }

    #[test]
    fn a_second_run_applies_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();

        assert_eq!(migrate(&mut connection, Timestamp(1)).unwrap().len(), STEPS.len());
        assert!(migrate(&mut connection, Timestamp(2)).unwrap().is_empty());
    }

    #[test]
    fn a_changed_step_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        apply(&mut connection, ONE, Timestamp(1)).unwrap();

        let refusal = apply(&mut connection, OTHER, Timestamp(2));

        assert!(matches!(refusal, Err(MigrationError::Changed { name: "one" })));
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Timestamp(1)).unwrap();

        let refusal = apply(&mut connection, &STEPS[..1], Timestamp(2));

        assert!(matches!(refusal, Err(MigrationError::Newer { found: 2, known: 1 })));
    }

    #[test]
    fn a_step_that_fails_takes_the_others_back() {
        let mut connection = Connection::open_in_memory().unwrap();

        assert!(apply(&mut connection, BROKEN, Timestamp(1)).is_err());

        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap();
        assert_eq!(tables, 0);
    }
}
