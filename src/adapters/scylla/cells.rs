//! Values as cells: ids are `uuid`, counts, positions and times CQL's signed 64 bits.

use scylla::value::CqlValue;
use starling_actors::domain::Timestamp;
use uuid::Uuid;

use super::StoreError;
use super::session::unreadable;

/// A value bound to a statement; `None` is CQL's null.
pub(super) type Cell = Option<CqlValue>;

/// An id, or a mark.
pub(super) const fn id(number: u128) -> Cell {
    Some(CqlValue::Uuid(Uuid::from_u128(number)))
}

/// Bytes.
pub(super) fn bytes(bytes: &[u8]) -> Cell {
    Some(CqlValue::Blob(bytes.to_vec()))
}

/// A text.
pub(super) fn text(text: &str) -> Cell {
    Some(CqlValue::Text(text.to_owned()))
}

/// A count or a position, which never fill 63 bits.
pub(super) const fn count(count: u64) -> Cell {
    Some(CqlValue::BigInt(count.cast_signed()))
}

/// A time.
pub(super) const fn time(at: Timestamp) -> Cell {
    Some(CqlValue::BigInt(at.0))
}

/// Seconds for `USING TTL`, or rows for `LIMIT`.
pub(super) const fn number(number: i32) -> Cell {
    Some(CqlValue::Int(number))
}

/// What a cell of `column` must hold; a damaged or newer database has something else.
pub(super) fn held<T>(cell: Option<T>, column: &'static str) -> Result<T, StoreError> {
    cell.ok_or_else(|| unreadable(column, &"an empty cell"))
}

/// The word in a cell of `column`.
pub(super) fn word<T: std::str::FromStr>(
    cell: Option<String>,
    column: &'static str,
) -> Result<T, StoreError> {
    held(cell, column)?.parse().map_err(|_| unreadable(column, &"an unknown word"))
}
