//! Brings a keyspace to the schema of this version; the rules are in `migrations/README.md`.
//!
//! A database of this kind changes its schema statement by statement. So every statement of a step
//! can be run again, and a step counts as applied when its row is stored, after its last statement.
//!
//! The lease is a row itself, and several nodes may make its table at once. Its id follows from its
//! name, so they all make the same table, whichever nodes of the database they ask.
//!
//! **Invariant:** one migrator at a time: the one whose lease is stored. It lets go by itself, and the
//! lease ends when it died.

mod lease;

use scylla::errors::{ExecutionError, SchemaAgreementError};
use sha2::{Digest, Sha256};
use starling_actors::ports::Clock;
use uuid::{Builder, Uuid};

use super::failure::StoreError;
use super::session::{Session, Statement, agree, run_schema};
use lease::Lease;

/// One step, built into the binary.
struct Step {
    number: i32,
    name: &'static str,
    cql: &'static str,
}

macro_rules! steps {
    ($($number:literal $name:literal;)*) => {
        &[$(Step {
            number: $number,
            name: $name,
            cql: include_str!(concat!("../../../migrations/scylla/", $name, ".cql")),
        }),*]
    };
}

/// All steps, in order, without a gap.
const STEPS: &[Step] = steps! {
    1 "0001_log";
    2 "0002_records";
    3 "0003_directory";
    4 "0004_audit";
};

const TABLES: Statement = Statement::read(
    "schema_tables",
    "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?",
);
/// What migrating itself needs. Both get conditional writes only.
const OWN_TABLES: [(&str, &str); 2] = [
    (
        "schema_steps",
        "CREATE TABLE IF NOT EXISTS schema_steps (
             part tinyint, number int, name text, checksum blob, applied_at bigint,
             PRIMARY KEY (part, number))",
    ),
    (
        "schema_lease",
        "CREATE TABLE IF NOT EXISTS schema_lease (part tinyint PRIMARY KEY, holder uuid)",
    ),
];
const APPLIED: Statement = Statement::serial_read(
    "schema_steps",
    "SELECT number, checksum FROM schema_steps WHERE part = 0 ORDER BY number",
);
const STORE: Statement = Statement::conditional(
    "store_schema_step",
    "INSERT INTO schema_steps (part, number, name, checksum, applied_at)
     VALUES (0, ?, ?, ?, ?) IF NOT EXISTS",
);

/// Why a keyspace was not brought to this version's schema.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A newer Starling was here.
    #[error(
        "the keyspace has schema step {found}, but this version knows only {known}: \
         it was used by a newer Starling; start that one"
    )]
    Newer {
        /// The newest step in the keyspace.
        found: i32,
        /// The newest step that this version knows.
        known: i32,
    },
    /// A released step is not what was applied.
    #[error(
        "schema step {name} is not the one that was applied to this keyspace: \
         the binary or the keyspace was altered"
    )]
    Changed {
        /// The step.
        name: &'static str,
    },
    /// Another node is at it and does not come to an end.
    #[error("another node has been changing the schema for too long; look at its log")]
    Busy,
    /// The lease ended while this node was at it.
    #[error("this node took too long over a schema step; start it again")]
    LeaseLost,
    /// The database's nodes know different schemas.
    #[error("the nodes of the database do not agree about the schema: {0}")]
    Agreement(#[from] Box<SchemaAgreementError>),
    /// The database did not take a statement.
    #[error("schema step {name} failed: {cause}")]
    Statement {
        /// The step.
        name: &'static str,
        /// Why.
        cause: Box<ExecutionError>,
    },
    /// The database did not answer.
    #[error("the schema could not be read or changed: {0}")]
    Store(#[from] StoreError),
}

/// Applies the missing steps and gives the names of those that this call applied.
pub(super) async fn migrate(
    session: &Session,
    clock: &dyn Clock,
) -> Result<Vec<&'static str>, MigrationError> {
    // Most starts find nothing to do and take no lease.
    if has_own_tables(session).await?
        && let Ok(stored) = applied(session).await
        && compare(STEPS, &stored)? == STEPS.len()
    {
        return Ok(Vec::new());
    }
    make_own_tables(session).await?;
    // What was made just now, here or by another node, may not be known everywhere in the database.
    agree(session.driver()).await?;
    let lease = Lease::take(session, clock).await?;
    let outcome = apply(session, &lease, clock).await;
    lease.release().await;
    outcome
}

async fn has_own_tables(session: &Session) -> Result<bool, StoreError> {
    let keyspace = session.keyspace().to_ascii_lowercase();
    let present: Vec<(String,)> = session.rows(&TABLES, (keyspace,)).await?;
    let is_there = |name| present.iter().any(|(table,)| table == name);
    Ok(OWN_TABLES.iter().all(|(name, _)| is_there(name)))
}

/// Makes them, or waits until those that another node is making can be used at the node of the
/// database that is asked: they can be seen before.
async fn make_own_tables(session: &Session) -> Result<(), MigrationError> {
    let keyspace = session.keyspace().to_ascii_lowercase();
    for (name, cql) in OWN_TABLES {
        let id = table_id(&keyspace, name);
        run_schema(session.driver(), &format!("{cql} WITH ID = '{id}'"))
            .await
            .map_err(|cause| MigrationError::Statement { name, cause })?;
    }
    Ok(())
}

/// The id of a table that several nodes may make at once. With an id of each maker's own, nodes of the
/// database that were asked at the same moment would keep two tables of one name, and disagree for good.
fn table_id(keyspace: &str, table: &str) -> Uuid {
    let digest = Sha256::digest(format!("{keyspace}.{table}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Applies what is missing. Whoever had the lease before may have done some of it.
async fn apply(
    session: &Session,
    lease: &Lease<'_>,
    clock: &dyn Clock,
) -> Result<Vec<&'static str>, MigrationError> {
    let present = compare(STEPS, &applied(session).await?)?;
    let mut names = Vec::new();
    for step in &STEPS[present..] {
        for statement in statements(step.cql) {
            lease.renew().await?;
            run_schema(session.driver(), &statement)
                .await
                .map_err(|cause| MigrationError::Statement { name: step.name, cause })?;
        }
        lease.renew().await?;
        let row = (step.number, step.name, checksum(step.cql).to_vec(), clock.now().0);
        session.apply(&STORE, row).await?;
        tracing::info!(step = step.name, "applied a schema step");
        names.push(step.name);
    }
    Ok(names)
}

async fn applied(session: &Session) -> Result<Vec<(i32, Vec<u8>)>, StoreError> {
    session.rows(&APPLIED, ()).await
}

/// How many of `steps` are applied, after checking that they are the same ones.
fn compare(steps: &'static [Step], stored: &[(i32, Vec<u8>)]) -> Result<usize, MigrationError> {
    if let Some((found, _)) = stored.get(steps.len()) {
        let known = steps.last().map_or(0, |step| step.number);
        return Err(MigrationError::Newer { found: *found, known });
    }
    for (step, (number, sum)) in steps.iter().zip(stored) {
        if step.number != *number || checksum(step.cql)[..] != sum[..] {
            return Err(MigrationError::Changed { name: step.name });
        }
    }
    Ok(stored.len())
}

/// The statements of a step: what `;` ends, without the lines that are comments.
fn statements(cql: &str) -> Vec<String> {
    let lines = cql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

fn checksum(cql: &str) -> [u8; 32] {
    Sha256::digest(cql.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Step] = &[Step { number: 1, name: "one", cql: "CREATE TABLE a (b int)" }];

    fn stored(numbers: &[i32], cql: &str) -> Vec<(i32, Vec<u8>)> {
        numbers.iter().map(|number| (*number, checksum(cql).to_vec())).collect()
    }

    #[test]
    fn steps_are_numbered_without_a_gap_and_can_be_repeated() {
        for (number, step) in (1..).zip(STEPS) {
            assert_eq!(step.number, number);
            assert!(step.name.starts_with(&format!("{number:04}_")));
            for statement in statements(step.cql) {
                let repeats = ["IF NOT EXISTS", "IF EXISTS"];
                assert!(repeats.iter().any(|words| statement.contains(words)), "{statement}");
            }
        }
    }

    #[test]
    fn a_table_has_one_id_in_a_keyspace_and_another_one_elsewhere() {
        assert_eq!(table_id("a", "b"), table_id("a", "b"));
        assert_ne!(table_id("a", "b"), table_id("a", "c"));
        assert_ne!(table_id("a", "b"), table_id("b", "b"));
    }

    #[test]
    fn statements_are_what_a_semicolon_ends_without_comments() {
        let cql = "-- one; two\nCREATE a\n  (b);\n\n-- three\nCREATE c;\n";
        assert_eq!(statements(cql), ["CREATE a\n  (b)", "CREATE c"]);
    }

    #[test]
    fn a_changed_step_and_a_newer_keyspace_are_refused() {
        let changed = compare(ONE, &stored(&[1], "CREATE TABLE a (c int)"));
        assert!(matches!(changed, Err(MigrationError::Changed { name: "one" })));

        let newer = compare(ONE, &stored(&[1, 2], ONE[0].cql));
        assert!(matches!(newer, Err(MigrationError::Newer { found: 2, known: 1 })));

        assert!(matches!(compare(ONE, &stored(&[1], ONE[0].cql)), Ok(1)));
        assert!(matches!(compare(ONE, &[]), Ok(0)));
    }
}
