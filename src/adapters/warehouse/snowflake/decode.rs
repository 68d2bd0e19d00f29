//! Values as the SQL API writes them: all of them texts, whose meaning is in the row's types.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};
use starling_actors::domain::{Cell, ColumnType};

use super::api::RowType;

/// What a column holds.
pub(super) fn kind_of(of: &RowType) -> ColumnType {
    match of.kind.to_ascii_lowercase().as_str() {
        "fixed" | "number" if of.scale.unwrap_or(0) == 0 => ColumnType::Integer,
        "fixed" | "number" | "decfloat" => ColumnType::Decimal,
        "real" | "float" | "double" => ColumnType::Float,
        "text" | "varchar" | "string" | "char" => ColumnType::Text,
        "boolean" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "time" => ColumnType::Time,
        "timestamp_ntz" | "timestamp_ltz" | "timestamp_tz" | "timestamp" | "datetime" => {
            ColumnType::Timestamp
        }
        "variant" | "object" | "array" | "map" => ColumnType::Json,
        "binary" => ColumnType::Bytes,
        _ => ColumnType::Other,
    }
}

/// A value; one that is not as documented stays the text that it is.
pub(super) fn cell(of: &RowType, value: Option<&str>) -> Cell {
    let Some(text) = value else { return Cell::Null };
    let as_text = || Cell::Text(text.to_owned());
    match kind_of(of) {
        ColumnType::Integer => {
            text.parse().map_or_else(|_| Cell::Decimal(text.to_owned()), Cell::Int)
        }
        ColumnType::Decimal => Cell::Decimal(text.to_owned()),
        ColumnType::Float => text.parse().map_or_else(|_| as_text(), Cell::Float),
        ColumnType::Boolean => Cell::Bool(text.eq_ignore_ascii_case("true") || text == "1"),
        ColumnType::Date => day(text).map_or_else(as_text, Cell::Text),
        ColumnType::Time => time(text).map_or_else(as_text, Cell::Text),
        ColumnType::Timestamp => {
            let has_zone = !of.kind.eq_ignore_ascii_case("timestamp_ntz");
            moment(text, has_zone).map_or_else(as_text, Cell::Text)
        }
        ColumnType::Bytes => Cell::Text(format!("{} bytes", text.len() / 2)),
        ColumnType::Text | ColumnType::Json | ColumnType::Other => as_text(),
    }
}

/// Days since 1970.
fn day(text: &str) -> Option<String> {
    let days: i32 = text.parse().ok()?;
    let by = Days::new(days.unsigned_abs().into());
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let day = if days < 0 { epoch.checked_sub_days(by) } else { epoch.checked_add_days(by) };
    day.map(|day| day.to_string())
}

/// Nanoseconds of `1616173619.000000000`, or of the same without a point.
fn nanoseconds(text: &str) -> Option<i128> {
    let Some((seconds, fraction)) = text.split_once('.') else {
        let number: i128 = text.parse().ok()?;
        // Without a point, more than eleven digits are nanoseconds already.
        let is_fine = text.trim_start_matches('-').len() > 11;
        return Some(if is_fine { number } else { number * 1_000_000_000 });
    };
    let part: i128 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let whole: i128 = seconds.parse::<i128>().ok()?.checked_mul(1_000_000_000)?;
    Some(if text.starts_with('-') { whole - part } else { whole + part })
}

fn at(nanoseconds: i128) -> Option<NaiveDateTime> {
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, rest).map(|moment| moment.naive_utc())
}

/// Seconds since midnight.
fn time(text: &str) -> Option<String> {
    Some(at(nanoseconds(text)?)?.time().format("%H:%M:%S%.f").to_string())
}

/// Seconds since 1970, and for `timestamp_tz` the zone: its minutes and 1440.
fn moment(text: &str, has_zone: bool) -> Option<String> {
    const FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.f";
    let (seconds, zone) = text.split_once(' ').map_or((text, None), |(s, zone)| (s, Some(zone)));
    let utc = at(nanoseconds(seconds)?)?;
    let Some(zone) = zone else {
        let mark = if has_zone { "Z" } else { "" };
        return Some(format!("{}{mark}", utc.format(FORMAT)));
    };
    let minutes: i32 = zone.parse::<i32>().ok()?.checked_sub(1_440)?;
    let offset = FixedOffset::east_opt(minutes.checked_mul(60)?)?;
    let local = utc.checked_add_signed(TimeDelta::minutes(minutes.into()))?;
    Some(format!("{}{offset}", local.format(FORMAT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &str, scale: Option<i64>, text: &str) -> Cell {
        let of = RowType { name: String::new(), kind: kind.to_owned(), scale };
        cell(&of, Some(text))
    }

    fn text(words: &str) -> Cell {
        Cell::Text(words.to_owned())
    }

    #[test]
    fn every_documented_type_is_read() {
        assert_eq!(read("fixed", Some(0), "42"), Cell::Int(42));
        assert_eq!(read("fixed", Some(2), "42.50"), Cell::Decimal("42.50".to_owned()));
        let huge = "12345678901234567890123456789012345678";
        assert_eq!(read("fixed", Some(0), huge), Cell::Decimal(huge.to_owned()));
        assert_eq!(read("real", None, "1.5"), Cell::Float(1.5));
        assert_eq!(read("boolean", None, "true"), Cell::Bool(true));
        assert_eq!(read("date", None, "18262"), text("2020-01-01"));
        assert_eq!(read("date", None, "-1"), text("1969-12-31"));
        assert_eq!(read("time", Some(9), "82919.500000000"), text("23:01:59.500"));
        let ntz = read("timestamp_ntz", Some(9), "1616173619.000000000");
        assert_eq!(ntz, text("2021-03-19T17:06:59"));
        let ltz = read("timestamp_ltz", Some(9), "1616173619.250000000");
        assert_eq!(ltz, text("2021-03-19T17:06:59.250Z"));
        let tz = read("timestamp_tz", Some(9), "1616173619000000000 960");
        assert_eq!(tz, text("2021-03-19T09:06:59-08:00"));
        assert_eq!(read("variant", None, "{\"a\":1}"), text("{\"a\":1}"));
        assert_eq!(read("binary", None, "0102FF"), text("3 bytes"));
        assert_eq!(cell(&RowType::default(), None), Cell::Null);
    }

    #[test]
    fn what_is_not_as_documented_stays_text() {
        assert_eq!(read("date", None, "soon"), text("soon"));
        assert_eq!(read("timestamp_ntz", None, "x 960"), text("x 960"));
    }
}
