//! Values as columns: ids are 16 bytes, big-endian, so that they sort like their numbers; counts
//! and positions are SQLite's signed 64 bits, which they never fill.

use rusqlite::Row;
use serde::Serialize;
use starling_actors::domain::Timestamp;

use crate::adapters::stored;

/// An id or a missing one, read from a column.
pub(super) fn optional_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u128>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(u128::from_be_bytes))
}

/// An id read from a column.
pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<u128> {
    row.get(column).map(u128::from_be_bytes)
}

/// A position or count read from a column.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

/// A time read from a column.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp)
}

/// A row limit as a parameter.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Says that a column holds what this version cannot read: a damaged or newer database.
pub(super) fn unreadable(
    column: usize,
    cause: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, Box::new(cause))
}

/// A body as a parameter.
pub(super) fn encoded<T: Serialize>(body: &T) -> rusqlite::Result<Vec<u8>> {
    stored::encode(body).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))
}
