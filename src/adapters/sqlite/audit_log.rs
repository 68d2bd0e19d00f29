//! The audit log in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};
use starling_actors::domain::OrgId;
use starling_actors::ports::{AuditFilter, AuditLog, AuditLogError, AuditRow};

use super::columns::{count, id, limit as rows_max, time};
use super::{ReadError, Store, WriteError};

/// The audit log in one database.
#[derive(Clone, Debug)]
pub struct SqliteAuditLog {
    store: Store,
}

impl SqliteAuditLog {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }
}

impl From<WriteError> for AuditLogError {
    fn from(error: WriteError) -> Self {
        match error {
            // As for records: after a failed commit this process does not see the row, and asking
            // again meets it as a conflict if it was stored after all.
            WriteError::Unavailable | WriteError::Unknown => Self::Unavailable,
        }
    }
}

impl From<ReadError> for AuditLogError {
    fn from(_: ReadError) -> Self {
        Self::Unavailable
    }
}

const COLUMNS: &str = "org, place, action, resource_type, at, body, hash";

fn audit_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        org: OrgId::from_u128(id(row, 0)?),
        place: count(row, 1)?,
        action: row.get(2)?,
        resource_type: row.get(3)?,
        at: time(row, 4)?,
        body: row.get(5)?,
        hash: row.get(6)?,
    })
}

fn rows(
    connection: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<AuditRow>> {
    connection.prepare_cached(sql)?.query_map(values, audit_row)?.collect()
}

fn newest_place(connection: &Connection, org: OrgId) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT COALESCE(MAX(place), 0) FROM audit WHERE org = ?1")?
        .query_row([org.as_u128().to_be_bytes()], |row| count(row, 0))
}

/// The condition of a filter; each choice of columns is one prepared statement with its own index.
const fn condition(filter: &AuditFilter) -> &'static str {
    match (filter.action.is_some(), filter.resource_type.is_some()) {
        (false, false) => "org = ?1 AND ?2 IS NULL AND ?3 IS NULL",
        (true, false) => "org = ?1 AND action = ?2 AND ?3 IS NULL",
        (false, true) => "org = ?1 AND ?2 IS NULL AND resource_type = ?3",
        (true, true) => "org = ?1 AND action = ?2 AND resource_type = ?3",
    }
}

#[async_trait]
impl AuditLog for SqliteAuditLog {
    async fn append(&self, row: AuditRow) -> Result<(), AuditLogError> {
        let stored = self.store.write(move |connection| {
            // Nobody else writes between this look and the change: there is one writer.
            if newest_place(connection, row.org)? + 1 != row.place {
                return Ok(false);
            }
            let sql = format!("INSERT INTO audit ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
            connection.prepare_cached(&sql)?.execute(params![
                row.org.as_u128().to_be_bytes(),
                row.place.cast_signed(),
                row.action,
                row.resource_type,
                row.at.0,
                row.body,
                row.hash,
            ])?;
            Ok(true)
        });
        if stored.await? { Ok(()) } else { Err(AuditLogError::Conflict) }
    }

    async fn newest(&self, org: OrgId) -> Result<Option<AuditRow>, AuditLogError> {
        let found = self.store.read(move |connection| {
            let sql =
                format!("SELECT {COLUMNS} FROM audit WHERE org = ?1 ORDER BY place DESC LIMIT 1");
            rows(connection, &sql, [org.as_u128().to_be_bytes()])
        });
        Ok(found.await?.pop())
    }

    async fn page(
        &self,
        org: OrgId,
        filter: &AuditFilter,
        offset: u64,
        limit: usize,
    ) -> Result<(u64, Vec<AuditRow>), AuditLogError> {
        let filter = filter.clone();
        let page = self.store.read(move |connection| {
            let condition = condition(&filter);
            let org = org.as_u128().to_be_bytes();
            let total = connection
                .prepare_cached(&format!("SELECT COUNT(*) FROM audit WHERE {condition}"))?
                .query_row(params![org, filter.action, filter.resource_type], |row| {
                    count(row, 0)
                })?;
            let sql = format!(
                "SELECT {COLUMNS} FROM audit WHERE {condition}
                 ORDER BY place DESC LIMIT ?4 OFFSET ?5"
            );
            let offset = i64::try_from(offset).unwrap_or(i64::MAX);
            let range = params![org, filter.action, filter.resource_type, rows_max(limit), offset];
            Ok((total, rows(connection, &sql, range)?))
        });
        Ok(page.await?)
    }

    async fn after(
        &self,
        org: OrgId,
        place: u64,
        limit: usize,
    ) -> Result<Vec<AuditRow>, AuditLogError> {
        let found = self.store.read(move |connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM audit WHERE org = ?1 AND place > ?2 ORDER BY place LIMIT ?3"
            );
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            rows(connection, &sql, params![org.as_u128().to_be_bytes(), place, rows_max(limit)])
        });
        Ok(found.await?)
    }

    async fn organizations(&self) -> Result<Vec<OrgId>, AuditLogError> {
        let found = self.store.read(|connection| {
            connection
                .prepare_cached("SELECT DISTINCT org FROM audit ORDER BY org")?
                .query_map([], |row| id(row, 0).map(OrgId::from_u128))?
                .collect()
        });
        Ok(found.await?)
    }
}
