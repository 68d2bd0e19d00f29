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
mod facts;
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

use facts::Facts;

pub use audit_log::ScyllaAuditLog;
pub use directory::ScyllaDirectory;
pub use log::ScyllaLog;
pub use migrate::MigrationError;
pub use records::ScyllaRecords;
pub use session::{ConnectError, Settings, look};

pub(crate) use failure::StoreError;
pub(crate) use session::{Session, Statement};

/// The session and what the ports made from it share.
#[derive(Clone, Debug)]
pub struct Store {
    session: Arc<Session>,
    facts: Facts,
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
    /// A keyspace keeps the size with which it began.
    #[error(
        "scylla.bucket_entries is {wanted}, but this keyspace was begun with {stored}, which stays: \
         leave the setting out"
    )]
    BucketEntries {
        /// What the keyspace has.
        stored: u64,
        /// What the settings say.
        wanted: u64,
    },
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
        let facts = Facts::settle(&session, settings, clock).await?;
        Ok((Self { session, facts }, steps))
    }

    /// The message log and the history that is read from it.
    pub fn log(&self) -> ScyllaLog {
        ScyllaLog::new(Arc::clone(&self.session), self.facts)
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
        self.facts.generation
    }

    /// Entries in a bucket of the logs in this keyspace.
    pub fn bucket_entries(&self) -> u64 {
        self.facts.bucket_entries
    }

    /// Whether the database answers with a quorum, for the readiness probe; if not, why, in words.
    pub async fn check(&self) -> Result<(), String> {
        let words = "the database does not answer with a quorum";
        if facts::is_answered(&self.session).await { Ok(()) } else { Err(words.to_owned()) }
    }
}

/// An id as a column.
pub(crate) const fn uuid(id: u128) -> Uuid {
    Uuid::from_u128(id)
}
