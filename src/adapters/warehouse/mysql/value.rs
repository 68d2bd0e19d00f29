//! Values and columns as MySQL's binary protocol has them.

use mysql_async::consts::{ColumnFlags, ColumnType as Wire};
use mysql_async::{Column, Row, Value};
use starling_actors::domain::{Cell, ColumnType, ResultColumn};

/// The character set of what has none: bytes.
const BINARY: u16 = 63;

/// A column of a result.
pub(super) fn column(column: &Column) -> ResultColumn {
    ResultColumn { name: column.name_str().into_owned(), kind: kind(column) }
}

fn kind(column: &Column) -> ColumnType {
    let of = column.column_type();
    if matches!(
        of,
        Wire::MYSQL_TYPE_TINY
            | Wire::MYSQL_TYPE_SHORT
            | Wire::MYSQL_TYPE_INT24
            | Wire::MYSQL_TYPE_LONG
            | Wire::MYSQL_TYPE_LONGLONG
            | Wire::MYSQL_TYPE_YEAR
    ) {
        return ColumnType::Integer;
    }
    if of == Wire::MYSQL_TYPE_BIT {
        return if column.column_length() == 1 { ColumnType::Boolean } else { ColumnType::Integer };
    }
    if matches!(of, Wire::MYSQL_TYPE_FLOAT | Wire::MYSQL_TYPE_DOUBLE) {
        return ColumnType::Float;
    }
    if matches!(of, Wire::MYSQL_TYPE_DECIMAL | Wire::MYSQL_TYPE_NEWDECIMAL) {
        return ColumnType::Decimal;
    }
    if matches!(of, Wire::MYSQL_TYPE_DATE | Wire::MYSQL_TYPE_NEWDATE) {
        return ColumnType::Date;
    }
    if matches!(of, Wire::MYSQL_TYPE_DATETIME | Wire::MYSQL_TYPE_TIMESTAMP) {
        return ColumnType::Timestamp;
    }
    let others = [
        (Wire::MYSQL_TYPE_TIME, ColumnType::Time),
        (Wire::MYSQL_TYPE_JSON, ColumnType::Json),
        (Wire::MYSQL_TYPE_NULL, ColumnType::Other),
        (Wire::MYSQL_TYPE_GEOMETRY, ColumnType::Bytes),
    ];
    let other = others.iter().find(|(wire, _)| *wire == of).map(|(_, kind)| *kind);
    let is_words =
        column.character_set() != BINARY || column.flags().contains(ColumnFlags::ENUM_FLAG);
    other.unwrap_or(if is_words { ColumnType::Text } else { ColumnType::Bytes })
}

/// The kind that a column's type in the catalog stands for.
pub(super) fn kind_named(data_type: &str, column_type: &str) -> ColumnType {
    match data_type.to_ascii_lowercase().as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => ColumnType::Integer,
        "bit" if column_type == "bit(1)" => ColumnType::Boolean,
        "bit" => ColumnType::Integer,
        "float" | "double" => ColumnType::Float,
        "decimal" => ColumnType::Decimal,
        "date" => ColumnType::Date,
        "datetime" | "timestamp" => ColumnType::Timestamp,
        "time" => ColumnType::Time,
        "json" => ColumnType::Json,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set"
        | "uuid" | "inet4" | "inet6" => ColumnType::Text,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "geometry" => {
            ColumnType::Bytes
        }
        _ => ColumnType::Other,
    }
}

/// The values of a row.
pub(super) fn cells(row: Row) -> Vec<Cell> {
    let columns = row.columns();
    let kinds: Vec<ColumnType> = columns.iter().map(kind).collect();
    let is_bits = |at: usize| columns[at].column_type() == Wire::MYSQL_TYPE_BIT;
    let values = row.unwrap_raw();
    let cell = |(at, value): (usize, Option<Value>)| {
        cell(kinds[at], is_bits(at), value.unwrap_or(Value::NULL))
    };
    values.into_iter().enumerate().map(cell).collect()
}

fn cell(kind: ColumnType, is_bits: bool, value: Value) -> Cell {
    match value {
        Value::NULL => Cell::Null,
        Value::Bytes(bytes) if is_bits => bits(kind, &bytes),
        Value::Bytes(bytes) => match kind {
            ColumnType::Decimal => Cell::Decimal(words(bytes)),
            ColumnType::Bytes => Cell::Text(format!("{} bytes", bytes.len())),
            ColumnType::Boolean
            | ColumnType::Integer
            | ColumnType::Float
            | ColumnType::Text
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Json
            | ColumnType::Other => Cell::Text(words(bytes)),
        },
        Value::Int(number) => Cell::Int(number),
        Value::UInt(number) => {
            i64::try_from(number).map_or_else(|_| Cell::Decimal(number.to_string()), Cell::Int)
        }
        // Its shortest decimal form, not the neighbour that a conversion would show.
        Value::Float(number) => {
            Cell::Float(number.to_string().parse().unwrap_or_else(|_| f64::from(number)))
        }
        Value::Double(number) => Cell::Float(number),
        Value::Date(year, month, day, hour, minute, second, micro) => {
            let date = format!("{year:04}-{month:02}-{day:02}");
            if kind == ColumnType::Date {
                return Cell::Text(date);
            }
            let fraction = fraction(micro);
            Cell::Text(format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}"))
        }
        Value::Time(is_negative, days, hours, minutes, seconds, micro) => {
            let sign = if is_negative { "-" } else { "" };
            let hours = u64::from(days) * 24 + u64::from(hours);
            let fraction = fraction(micro);
            Cell::Text(format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}"))
        }
    }
}

fn words(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn bits(kind: ColumnType, bytes: &[u8]) -> Cell {
    let number = bytes.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    if kind == ColumnType::Boolean {
        return Cell::Bool(number != 0);
    }
    i64::try_from(number).map_or_else(|_| Cell::Decimal(number.to_string()), Cell::Int)
}

/// `.25` of a quarter of a second, nothing of none.
fn fraction(micro: u32) -> String {
    if micro == 0 {
        return String::new();
    }
    format!(".{micro:06}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans_are_in_iso_8601() {
        let text = |words: &str| Cell::Text(words.to_owned());
        let moment = Value::Date(2024, 2, 29, 12, 30, 0, 250_000);
        assert_eq!(cell(ColumnType::Timestamp, false, moment), text("2024-02-29T12:30:00.25"));
        let day = Value::Date(2024, 2, 29, 0, 0, 0, 0);
        assert_eq!(cell(ColumnType::Date, false, day), text("2024-02-29"));
        let span = Value::Time(true, 1, 2, 3, 4, 0);
        assert_eq!(cell(ColumnType::Time, false, span), text("-26:03:04"));
    }

    #[test]
    fn numbers_keep_their_digits() {
        let huge = Value::UInt(u64::MAX);
        let digits = Cell::Decimal("18446744073709551615".to_owned());
        assert_eq!(cell(ColumnType::Integer, false, huge), digits);
        assert_eq!(cell(ColumnType::Float, false, Value::Float(0.1)), Cell::Float(0.1));
        assert_eq!(cell(ColumnType::Boolean, true, Value::Bytes(vec![1])), Cell::Bool(true));
    }
}
