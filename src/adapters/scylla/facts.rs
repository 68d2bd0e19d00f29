//! What is true of a keyspace as a whole and never changes by itself: the size of its buckets, and the
//! generation of its logs. Whoever opens it first stores both; everyone after reads them.
//!
//! **Invariant:** a position is in the same bucket for every node and for ever, so all nodes work with
//! the stored size. It is stored before the generation: a keyspace with a generation alone was made when
//! there was one size only.

use starling_actors::domain::{BUCKET_ENTRIES, Generation};
use starling_actors::ports::Clock;

use super::failure::StoreError;
use super::session::{Session, Statement};
use super::{OpenError, Settings};

const FACT: Statement = Statement::serial_read("fact", "SELECT value FROM facts WHERE name = ?");
const MAKE_FACT: Statement = Statement::conditional(
    "make_fact",
    "INSERT INTO facts (name, value) VALUES (?, ?) IF NOT EXISTS",
);

const GENERATION: &str = "generation";
const BUCKET: &str = "bucket_entries";

/// The facts of a keyspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The life of its logs.
    pub(super) generation: Generation,
    /// Entries in a bucket.
    pub(super) bucket_entries: u64,
}

impl Facts {
    /// Reads them, and makes those that are missing.
    pub(super) async fn settle(
        session: &Session,
        settings: &Settings,
        clock: &dyn Clock,
    ) -> Result<Self, OpenError> {
        let known = read(session, GENERATION).await?;
        let wanted = if known.is_none() { settings.bucket_entries } else { 0 };
        let wanted = if wanted == 0 { BUCKET_ENTRIES } else { wanted };
        let bucket_entries = settled(session, BUCKET, wanted.cast_signed()).await?.cast_unsigned();
        if settings.bucket_entries != 0 && settings.bucket_entries != bucket_entries {
            let wanted = settings.bucket_entries;
            return Err(OpenError::BucketEntries { stored: bucket_entries, wanted });
        }
        // The low bits of a random number; 0 is what clients say when they know none.
        let fresh = u32::try_from(clock.random() & 0xffff_ffff).unwrap_or_default().max(1);
        let number = settled(session, GENERATION, i64::from(fresh)).await?;
        let generation = Generation(u32::try_from(number).unwrap_or_default());
        Ok(Self { generation, bucket_entries })
    }
}

/// Whether the database answers with a quorum.
pub(super) async fn is_answered(session: &Session) -> bool {
    read(session, GENERATION).await.is_ok()
}

/// The value that is stored, `fresh` if there was none.
async fn settled(session: &Session, name: &str, fresh: i64) -> Result<i64, StoreError> {
    loop {
        if let Some(value) = read(session, name).await? {
            return Ok(value);
        }
        // Whoever is not applied reads what another one made.
        session.apply(&MAKE_FACT, (name, fresh)).await?;
    }
}

async fn read(session: &Session, name: &str) -> Result<Option<i64>, StoreError> {
    let row: Option<(i64,)> = session.row(&FACT, (name,)).await?;
    Ok(row.map(|(value,)| value))
}
