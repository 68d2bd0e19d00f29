//! Versioned records and unique keys in ScyllaDB.
//!
//! A record is one row of `records`, changed only under a condition on its version; its `marks` tell
//! a writer whose answer was lost whether the version that it wanted to make is its own. Unique keys
//! are in `keys.rs`.

mod keys;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use scylla::value::CqlValue;
use starling_actors::domain::OrgId;
use starling_actors::ports::{Precondition, Record, RecordKey, Records, RecordsError};
use uuid::Uuid;

use super::cells::{Cell, bytes, count, id, number, text};
use super::settle::{Freshness, Outcome, Write, change, fresh_mark};
use super::{Session, Statement, StoreError};

const GET: Statement = Statement::read(
    "record_get",
    "SELECT version, body FROM records WHERE org = ? AND kind = ? AND parent = ? AND id = ?",
);
const LIST: Statement = Statement::read(
    "record_list",
    "SELECT id, version, body FROM records \
     WHERE org = ? AND kind = ? AND parent = ? AND id > ? LIMIT ?",
);
const MAKE: Statement = Statement::conditional(
    "record_make",
    "UPDATE records SET version = 1, body = ?, marks = ? \
     WHERE org = ? AND kind = ? AND parent = ? AND id = ? IF version = null AND barred = null",
);
const REPLACE: Statement = Statement::conditional(
    "record_replace",
    "UPDATE records SET version = ?, body = ?, marks[?] = ?, marks[?] = null \
     WHERE org = ? AND kind = ? AND parent = ? AND id = ? IF version = ?",
);
const DELETE: Statement = Statement::conditional(
    "record_delete",
    "DELETE FROM records WHERE org = ? AND kind = ? AND parent = ? AND id = ? IF version > 0",
);
const MARKS: Statement = Statement::serial_read(
    "record_marks",
    "SELECT version, marks FROM records WHERE org = ? AND kind = ? AND parent = ? AND id = ?",
);

/// Versions whose marks a record remembers. An answer is looked for within seconds; a writer that
/// is overtaken by more than this in that time is told "conflict".
const MARKS_KEPT: u64 = 16;
/// Times that a write without a precondition meets another before it gives up.
const ATTEMPTS_MAX: usize = 32;
/// Questions that one order has on the way at once.
const QUESTIONS_MAX: usize = 32;
/// Rows that one question asks for.
const PAGE_ROWS: usize = 500;

/// The marks of a record's last versions.
type Marks = HashMap<i64, Uuid>;

/// Records in one keyspace.
#[derive(Clone, Debug)]
pub struct ScyllaRecords {
    session: Arc<Session>,
    /// How long a claim is left alone before its record is looked for.
    pending_seconds: i32,
}

impl ScyllaRecords {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session, pending_seconds: keys::PENDING_SECONDS }
    }

    /// With another patience for unfinished claims.
    #[cfg(test)]
    pub(super) fn with_pending_seconds(self, pending_seconds: i32) -> Self {
        Self { pending_seconds, ..self }
    }

    async fn record(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let row: Option<(Option<i64>, Option<Vec<u8>>)> =
            self.session.row(&GET, place(key)).await?;
        Ok(row.and_then(|(version, body)| {
            // A row without a version keeps a record from coming to be; it is none.
            let version = version?.cast_unsigned();
            Some(Record { key: key.clone(), version, body: body.unwrap_or_default() })
        }))
    }

    /// Makes `version` of a record from the one before.
    pub(super) async fn make_version(
        &self,
        key: &RecordKey,
        version: u64,
        body: &[u8],
        mark: u128,
    ) -> Result<Outcome, StoreError> {
        let write = if version == 1 {
            let first = (CqlValue::BigInt(1), CqlValue::Uuid(Uuid::from_u128(mark)));
            let values = vec![bytes(body), Some(CqlValue::Map(vec![first]))];
            Write::new(&MAKE, [values, place(key)].concat())
        } else {
            let forgotten = version.saturating_sub(MARKS_KEPT);
            let values =
                vec![count(version), bytes(body), count(version), id(mark), count(forgotten)];
            Write::new(&REPLACE, [values, place(key), vec![count(version - 1)]].concat())
        };
        let landed = self.has_mark(key, version, mark);
        change(&self.session, "record_put", &[write], landed).await
    }

    /// Whether `version` of a record was made by the write of `mark`; `None` when that is too long ago.
    pub(super) async fn has_mark(
        &self,
        key: &RecordKey,
        version: u64,
        mark: u128,
    ) -> Result<Option<bool>, StoreError> {
        let row: Option<(Option<i64>, Option<Marks>)> =
            self.session.row(&MARKS, place(key)).await?;
        let Some((Some(newest), marks)) = row else { return Ok(Some(false)) };
        let is_forgotten = newest.cast_unsigned() >= version.saturating_add(MARKS_KEPT);
        let found = marks.unwrap_or_default().remove(&version.cast_signed());
        Ok(match found {
            Some(found) => Some(found.as_u128() == mark),
            None if is_forgotten => None,
            None => Some(false),
        })
    }

    /// Stores a record whatever its version is.
    async fn put_any(&self, key: &RecordKey, body: &[u8]) -> Result<u64, RecordsError> {
        for _ in 0..ATTEMPTS_MAX {
            let stored = self.record(key).await?.map_or(0, |record| record.version);
            match self.make_version(key, stored + 1, body, fresh_mark()).await? {
                Outcome::Applied => return Ok(stored + 1),
                Outcome::Refused | Outcome::Overtaken => {}
            }
        }
        // Others write it all the time, or its key was given away before it came to be.
        Err(RecordsError::Conflict)
    }
}

/// The cells that say where a record is.
fn place(key: &RecordKey) -> Vec<Cell> {
    vec![id(key.org.as_u128()), text(&key.kind), text(&key.parent), text(&key.id)]
}

impl From<StoreError> for RecordsError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::Unavailable,
            StoreError::Unknown => Self::Unknown,
        }
    }
}

#[async_trait]
impl Records for ScyllaRecords {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, RecordsError> {
        Ok(self.record(key).await?)
    }

    async fn get_all(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, RecordsError> {
        let records: Vec<_> = keys.iter().map(|key| self.record(key)).collect();
        Ok(stream::iter(records).buffered(QUESTIONS_MAX).try_collect().await?)
    }

    async fn list(
        &self,
        org: OrgId,
        kind: &str,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, RecordsError> {
        type Listed = (String, Option<i64>, Option<Vec<u8>>);
        let mut records = Vec::new();
        // An id is never empty, so all of them are above the empty text.
        let mut after = after.unwrap_or_default().to_owned();
        while records.len() < limit {
            let rows = (limit - records.len()).min(PAGE_ROWS);
            let rows_cell = number(i32::try_from(rows).unwrap_or(i32::MAX));
            let cells = vec![id(org.as_u128()), text(kind), text(parent), text(&after), rows_cell];
            let page: Vec<Listed> = self.session.rows(&LIST, cells).await?;
            let is_last = page.len() < rows;
            for (id, version, body) in page {
                after.clone_from(&id);
                // A row without a version keeps a record from coming to be; it is none.
                let Some(version) = version else { continue };
                let key = RecordKey { org, kind: kind.to_owned(), parent: parent.to_owned(), id };
                let (version, body) = (version.cast_unsigned(), body.unwrap_or_default());
                records.push(Record { key, version, body });
            }
            if is_last {
                break;
            }
        }
        Ok(records)
    }

    async fn put(
        &self,
        key: &RecordKey,
        body: Vec<u8>,
        precondition: Precondition,
    ) -> Result<u64, RecordsError> {
        let version = match precondition {
            Precondition::Absent => 1,
            Precondition::Version(version) => version + 1,
            Precondition::Any => return self.put_any(key, &body).await,
        };
        match self.make_version(key, version, &body, fresh_mark()).await? {
            Outcome::Applied => Ok(version),
            Outcome::Refused | Outcome::Overtaken => Err(RecordsError::Conflict),
        }
    }

    async fn delete(&self, key: &RecordKey) -> Result<bool, RecordsError> {
        // Asked again and gone: an earlier time took it, or another who wanted the same.
        let landed = async {
            let row: Option<(Option<i64>, Option<Marks>)> =
                self.session.row(&MARKS, place(key)).await?;
            Ok(Some(row.is_none_or(|(version, _)| version.is_none())))
        };
        let write = Write::new(&DELETE, place(key));
        let outcome = change(&self.session, "record_delete", &[write], landed).await?;
        Ok(outcome == Outcome::Applied)
    }

    async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        record: &RecordKey,
    ) -> Result<(), RecordsError> {
        keys::claim(self, (kind, key), owner, record).await
    }

    async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, RecordsError> {
        let holder = keys::holder(&self.session, (kind, key), Freshness::Answered).await?;
        Ok(holder.map(|holder| holder.owner))
    }

    async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), RecordsError> {
        Ok(keys::release(&self.session, (kind, key), owner).await?)
    }
}
