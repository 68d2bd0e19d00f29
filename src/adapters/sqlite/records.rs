//! Versioned records and unique keys in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use starling_actors::domain::OrgId;
use starling_actors::ports::{Precondition, Record, RecordKey, Records, RecordsError};

use super::columns::{count, limit as rows_max};
use super::{ReadError, Store, WriteError};

/// Records in one database.
#[derive(Clone, Debug)]
pub struct SqliteRecords {
    store: Store,
}

impl SqliteRecords {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }
}

impl From<WriteError> for RecordsError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Unavailable => Self::Unavailable,
            WriteError::Unknown => Self::Unknown,
        }
    }
}

impl From<ReadError> for RecordsError {
    fn from(_: ReadError) -> Self {
        Self::Unavailable
    }
}

fn record_at(connection: &Connection, key: RecordKey) -> rusqlite::Result<Option<Record>> {
    let sql = "SELECT version, body FROM records
               WHERE org = ?1 AND kind = ?2 AND parent = ?3 AND id = ?4";
    let place = params![key.org.as_u128().to_be_bytes(), key.kind, key.parent, key.id];
    let found = connection
        .prepare_cached(sql)?
        .query_row(place, |row| Ok((count(row, 0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(version, body)| Record { key, version, body }))
}

#[async_trait]
impl Records for SqliteRecords {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, RecordsError> {
        let key = key.clone();
        Ok(self.store.read(move |connection| record_at(connection, key)).await?)
    }

    async fn get_all(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, RecordsError> {
        let keys = keys.to_vec();
        let records = self.store.read(move |connection| {
            keys.into_iter().map(|key| record_at(connection, key)).collect()
        });
        Ok(records.await?)
    }

    async fn list(
        &self,
        org: OrgId,
        kind: &str,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, RecordsError> {
        let (kind, parent, after) =
            (kind.to_owned(), parent.to_owned(), after.unwrap_or_default().to_owned());
        let records = self.store.read(move |connection| {
            // An id is never empty, so all of them are above the empty text.
            let sql = "SELECT id, version, body FROM records
                       WHERE org = ?1 AND kind = ?2 AND parent = ?3 AND id > ?4
                       ORDER BY id LIMIT ?5";
            let place = params![org.as_u128().to_be_bytes(), kind, parent, after, rows_max(limit)];
            let mut query = connection.prepare_cached(sql)?;
            let rows = query.query_map(place, |row| {
                let (kind, parent) = (kind.clone(), parent.clone());
                let key = RecordKey { org, kind, parent, id: row.get(0)? };
                Ok(Record { key, version: count(row, 1)?, body: row.get(2)? })
            })?;
            rows.collect()
        });
        Ok(records.await?)
    }

    async fn put(
        &self,
        key: &RecordKey,
        body: Vec<u8>,
        precondition: Precondition,
    ) -> Result<u64, RecordsError> {
        let key = key.clone();
        self.store.write(move |connection| put(connection, &key, &body, precondition)).await?
    }

    async fn delete(&self, key: &RecordKey) -> Result<bool, RecordsError> {
        let key = key.clone();
        let deleted = self.store.write(move |connection| {
            let sql =
                "DELETE FROM records WHERE org = ?1 AND kind = ?2 AND parent = ?3 AND id = ?4";
            let place = params![key.org.as_u128().to_be_bytes(), key.kind, key.parent, key.id];
            connection.prepare_cached(sql)?.execute(place)
        });
        Ok(deleted.await? > 0)
    }

    async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        _record: &RecordKey,
    ) -> Result<(), RecordsError> {
        let (kind, key, owner) = (kind.to_owned(), key.to_owned(), owner.to_owned());
        let has_it = self.store.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO unique_keys (kind, key, owner) VALUES (?1, ?2, ?3)
                     ON CONFLICT DO NOTHING",
                )?
                .execute([&kind, &key, &owner])?;
            Ok(owner_of(connection, &kind, &key)? == Some(owner))
        });
        if has_it.await? { Ok(()) } else { Err(RecordsError::Conflict) }
    }

    async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, RecordsError> {
        let (kind, key) = (kind.to_owned(), key.to_owned());
        Ok(self.store.read(move |connection| owner_of(connection, &kind, &key)).await?)
    }

    async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), RecordsError> {
        let place = [kind.to_owned(), key.to_owned(), owner.to_owned()];
        let released = self.store.write(move |connection| {
            let sql = "DELETE FROM unique_keys WHERE kind = ?1 AND key = ?2 AND owner = ?3";
            connection.prepare_cached(sql)?.execute(place)
        });
        Ok(released.await.map(|_| ())?)
    }
}

fn put(
    connection: &Connection,
    key: &RecordKey,
    body: &[u8],
    precondition: Precondition,
) -> rusqlite::Result<Result<u64, RecordsError>> {
    let org = key.org.as_u128().to_be_bytes();
    // Nobody else writes between this look and the change: there is one writer.
    let stored = connection
        .prepare_cached(
            "SELECT version FROM records WHERE org = ?1 AND kind = ?2 AND parent = ?3 AND id = ?4",
        )?
        .query_row(params![org, key.kind, key.parent, key.id], |row| count(row, 0))
        .optional()?;
    let holds = match precondition {
        Precondition::Absent => stored.is_none(),
        Precondition::Version(version) => stored == Some(version),
        Precondition::Any => true,
    };
    if !holds {
        return Ok(Err(RecordsError::Conflict));
    }
    let version = stored.unwrap_or_default() + 1;
    connection
        .prepare_cached(
            "INSERT INTO records (org, kind, parent, id, version, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body",
        )?
        .execute(params![org, key.kind, key.parent, key.id, version.cast_signed(), body])?;
    Ok(Ok(version))
}

fn owner_of(connection: &Connection, kind: &str, key: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT owner FROM unique_keys WHERE kind = ?1 AND key = ?2")?
        .query_row([kind, key], |row| row.get(0))
        .optional()
}
