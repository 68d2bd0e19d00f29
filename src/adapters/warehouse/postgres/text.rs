//! Values as PostgreSQL writes them in text: for rows with a type whose binary form we do not read.

use starling_actors::domain::{Cell, ColumnType};
use tokio_postgres::SimpleQueryRow;

/// The values of a row, by the kinds of its columns.
pub(super) fn cells(row: &SimpleQueryRow, kinds: &[ColumnType]) -> Vec<Cell> {
    let value = |place| row.try_get(place).ok().flatten();
    kinds.iter().enumerate().map(|(place, kind)| cell(*kind, value(place))).collect()
}

fn cell(kind: ColumnType, text: Option<&str>) -> Cell {
    let Some(text) = text else { return Cell::Null };
    let as_text = || Cell::Text(text.to_owned());
    match kind {
        ColumnType::Boolean => Cell::Bool(text == "t"),
        ColumnType::Integer => text.parse().map_or_else(|_| as_text(), Cell::Int),
        ColumnType::Float => text.parse().map_or_else(|_| as_text(), Cell::Float),
        ColumnType::Decimal if text.contains("In") || text.contains("NaN") => as_text(),
        ColumnType::Decimal => Cell::Decimal(text.to_owned()),
        ColumnType::Timestamp => Cell::Text(moment(text)),
        ColumnType::Bytes => Cell::Text(format!("{} bytes", text.len().saturating_sub(2) / 2)),
        ColumnType::Text
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Json
        | ColumnType::Other => as_text(),
    }
}

/// `2024-05-01 10:00:00+02` as `2024-05-01T10:00:00+02:00`.
fn moment(text: &str) -> String {
    let text = text.replacen(' ', "T", 1);
    let Some((_, clock)) = text.split_once('T') else { return text };
    match clock.rfind(['+', '-']).map(|at| &clock[at..]) {
        Some("+00") => format!("{}Z", text.trim_end_matches("+00")),
        Some(zone) if zone.len() == 3 => format!("{text}:00"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_iso_8601() {
        assert_eq!(moment("2024-05-01 10:00:00+02"), "2024-05-01T10:00:00+02:00");
        assert_eq!(moment("2024-05-01 10:00:00.5+00"), "2024-05-01T10:00:00.5Z");
        assert_eq!(moment("2024-05-01 10:00:00"), "2024-05-01T10:00:00");
        assert_eq!(moment("2024-05-01 10:00:00+05:30"), "2024-05-01T10:00:00+05:30");
        assert_eq!(moment("infinity"), "infinity");
    }

    #[test]
    fn bytes_are_shown_as_their_count() {
        assert_eq!(cell(ColumnType::Bytes, Some("\\x0102")), Cell::Text("2 bytes".to_owned()));
        assert_eq!(cell(ColumnType::Decimal, Some("NaN")), Cell::Text("NaN".to_owned()));
    }
}
