//! Everything that a cluster keeps, in ScyllaDB (or Apache Cassandra, which speaks the same CQL).
//!
//! [`Store::open`] connects, makes the keyspace, brings the schema up to date and gives the ports on
//! top of one session. Every node of a cluster opens the same keyspace.
//!
//! **Invariant:** conditional writes are never sent twice by the driver, and one whose answer did
//! not come is [`StoreError::Unknown`], never "not stored".
//!
//! How a sibling module asks: a statement is a constant that says what it is, and is prepared once
//! by whoever runs it first.
//!
//! ```ignore
//! const BY_ID: Statement = Statement::read("channel", "SELECT body FROM channels WHERE id = ?");
//! const CLAIM: Statement = Statement::conditional(
//!     "claim_name", "INSERT INTO names (name, owner) VALUES (?, ?) IF NOT EXISTS");
//!
//! let rows: Vec<(Vec<u8>,)> = session.rows(&BY_ID, (id,)).await?;
//! let is_mine: bool = session.apply(&CLAIM, (name, owner)).await?; // reads `[applied]`
//! ```
//!
//! - [`Statement::read`] is LOCAL_QUORUM; [`Statement::serial_read`] LOCAL_SERIAL, which sees every
//!   conditional write before it; [`Statement::write`] a plain write that may be repeated;
//!   [`Statement::conditional`] a lightweight transaction, which may not.
//! - A table that conditional writes go to gets no plain ones, and the other way round.
//! - Ids are bound as [`uuid`], positions and times as `i64`, bodies as `Vec<u8>` of
//!   `adapters/stored.rs`.
//! - Rows of a partition are read with a `LIMIT`: nothing is paged, a page is what is asked for.
//! - Tables are made by steps in `migrations/scylla`, listed in `migrate.rs`.

mod cells;
mod failure;
mod history;
mod log;
mod migrate;
mod session;
mod settle;

mod audit_log;
mod directory;
mod records;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use starling_actors::domain::Generation;
use starling_actors::ports::Clock;
use uuid::Uuid;

pub use audit_log::ScyllaAuditLog;
pub use directory::ScyllaDirectory;
pub use log::ScyllaLog;
pub use migrate::MigrationError;
pub use records::ScyllaRecords;
pub use session::{ConnectError, Settings};

pub(crate) use failure::StoreError;
pub(crate) use session::{Session, Statement};

/// Reads the generation of the logs, after every change of it.
const GENERATION: Statement =
    Statement::serial_read("generation", "SELECT value FROM facts WHERE name = 'generation'");
const MAKE_GENERATION: Statement = Statement::conditional(
    "make_generation",
    "INSERT INTO facts (name, value) VALUES ('generation', ?) IF NOT EXISTS",
);

/// The session and what the ports made from it share.
#[derive(Clone, Debug)]
pub struct Store {
    session: Arc<Session>,
    generation: Generation,
}

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No session.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The database took the schema and then no longer answered.
    #[error("the database does not answer: {0}")]
    Silent(#[from] StoreError),
}

impl Store {
    /// Connects, and brings the schema up to date.
    pub async fn open(settings: &Settings, clock: &dyn Clock) -> Result<Self, OpenError> {
        Self::open_migrated(settings, clock).await.map(|(store, _)| store)
    }

    /// Connects and also gives the names of the schema steps that this call applied.
    pub async fn open_migrated(
        settings: &Settings,
        clock: &dyn Clock,
    ) -> Result<(Self, Vec<&'static str>), OpenError> {
        let session = Arc::new(Session::connect(settings).await?);
        let steps = migrate::migrate(&session, clock).await?;
        let generation = generation(&session, clock).await?;
        Ok((Self { session, generation }, steps))
    }

    /// The message log and the history that is read from it.
    pub fn log(&self) -> ScyllaLog {
        ScyllaLog::new(Arc::clone(&self.session), self.generation)
    }

    /// Channels, members and threads.
    pub fn directory(&self) -> ScyllaDirectory {
        ScyllaDirectory::new(Arc::clone(&self.session))
    }

    /// Versioned records and unique keys.
    pub fn records(&self) -> ScyllaRecords {
        ScyllaRecords::new(Arc::clone(&self.session))
    }

    /// What was done with customers' data.
    pub fn audit_log(&self) -> ScyllaAuditLog {
        ScyllaAuditLog::new(Arc::clone(&self.session))
    }

    /// The life of the logs in this keyspace; another one after a restore.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether the database answers with a quorum, for the readiness probe; if not, why, in words.
    pub async fn check(&self) -> Result<(), String> {
        let answer = self.session.rows::<(i64,)>(&GENERATION, ()).await;
        answer.map(|_| ()).map_err(|_| "the database does not answer with a quorum".to_owned())
    }
}

/// The generation that is stored, made by whoever is first.
async fn generation(session: &Session, clock: &dyn Clock) -> Result<Generation, StoreError> {
    // The low bits of a random number; 0 is what clients say when they know none.
    let fresh = u32::try_from(clock.random() & 0xffff_ffff).unwrap_or_default().max(1);
    loop {
        let stored: Option<(i64,)> = session.row(&GENERATION, ()).await?;
        if let Some((number,)) = stored {
            return Ok(Generation(u32::try_from(number).unwrap_or_default()));
        }
        // Whoever is not applied reads what another one made.
        session.apply(&MAKE_GENERATION, (i64::from(fresh),)).await?;
    }
}

/// An id as a column.
pub(crate) const fn uuid(id: u128) -> Uuid {
    Uuid::from_u128(id)
}
