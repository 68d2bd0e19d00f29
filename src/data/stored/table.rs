//! Rows of a result, cut to what is kept of them.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{Cell, ColumnType, ResultColumn, ResultTable};

use super::text::Word;

/// Rows kept of an answer (product.md: a preview of 100 rows).
const PREVIEW_ROWS_MAX: usize = 100;
/// Bytes of the kept rows as JSON (architecture.md): a page of answers must stay readable at once.
const PREVIEW_BYTES_MAX: usize = 64 * 1024;
/// Bytes of one kept value: one long text must not push all other rows out of the preview.
const CELL_BYTES_MAX: usize = 4 * 1024;
/// What follows a value that was cut.
const CUT: &str = "…";

/// A result's first rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct StoredTable {
    columns: Vec<(String, Word<ColumnType>)>,
    rows: Vec<Vec<StoredCell>>,
    is_truncated: bool,
}

/// One value. The names are one letter long, since there are thousands of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum StoredCell {
    #[serde(rename = "n")]
    Null,
    #[serde(rename = "b")]
    Bool(bool),
    #[serde(rename = "i")]
    Int(i64),
    /// As a text: JSON has no infinity.
    #[serde(rename = "f")]
    Float(String),
    #[serde(rename = "d")]
    Decimal(String),
    #[serde(rename = "t")]
    Text(String),
}

impl StoredTable {
    /// What is kept of a result.
    pub(in crate::data) fn preview(table: &ResultTable) -> Self {
        let columns = table.columns.iter();
        let columns = columns.map(|column| (column.name.clone(), Word(column.kind))).collect();
        let mut rows = Vec::new();
        let mut bytes = 0;
        for row in table.rows.iter().take(PREVIEW_ROWS_MAX) {
            let row: Vec<StoredCell> = row.iter().map(StoredCell::cut).collect();
            bytes += serde_json::to_vec(&row).map_or(usize::MAX, |json| json.len() + 1);
            if bytes > PREVIEW_BYTES_MAX {
                break;
            }
            rows.push(row);
        }
        Self { columns, rows, is_truncated: table.is_truncated }
    }
}

impl From<StoredTable> for ResultTable {
    fn from(stored: StoredTable) -> Self {
        let columns = stored.columns.into_iter();
        Self {
            columns: columns.map(|(name, kind)| ResultColumn { name, kind: kind.0 }).collect(),
            rows: stored
                .rows
                .into_iter()
                .map(|row| row.into_iter().map(Cell::from).collect())
                .collect(),
            is_truncated: stored.is_truncated,
        }
    }
}

impl StoredCell {
    fn cut(cell: &Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Bool(value) => Self::Bool(*value),
            Cell::Int(value) => Self::Int(*value),
            Cell::Float(value) => Self::Float(value.to_string()),
            Cell::Decimal(digits) => Self::Decimal(digits.clone()),
            Cell::Text(text) if text.len() <= CELL_BYTES_MAX => Self::Text(text.clone()),
            Cell::Text(text) => {
                let end = text.floor_char_boundary(CELL_BYTES_MAX);
                Self::Text(format!("{}{CUT}", &text[..end]))
            }
        }
    }
}

impl From<StoredCell> for Cell {
    fn from(stored: StoredCell) -> Self {
        match stored {
            StoredCell::Null => Self::Null,
            StoredCell::Bool(value) => Self::Bool(value),
            StoredCell::Int(value) => Self::Int(value),
            StoredCell::Float(text) => Self::Float(text.parse().unwrap_or(f64::NAN)),
            StoredCell::Decimal(digits) => Self::Decimal(digits),
            StoredCell::Text(text) => Self::Text(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(rows: Vec<Vec<Cell>>) -> ResultTable {
        let column = ResultColumn { name: "a".to_owned(), kind: ColumnType::Text };
        let table = ResultTable { columns: vec![column], rows, is_truncated: true };
        let json = serde_json::to_vec(&StoredTable::preview(&table)).unwrap();
        assert!(json.len() <= PREVIEW_BYTES_MAX + 1024, "{}", json.len());
        serde_json::from_slice::<StoredTable>(&json).unwrap().into()
    }

    #[test]
    fn every_kind_of_value_reads_back() {
        let cells = [
            Cell::Null,
            Cell::Bool(true),
            Cell::Int(i64::MIN),
            Cell::Float(0.1),
            Cell::Float(f64::INFINITY),
            Cell::Decimal("1.10".to_owned()),
            Cell::Text("ü\"\n".to_owned()),
        ];
        let rows: Vec<Vec<Cell>> = cells.into_iter().map(|cell| vec![cell]).collect();
        let table = kept(rows.clone());
        assert_eq!(table.rows, rows);
        assert!(table.is_truncated);
    }

    #[test]
    fn a_preview_has_at_most_a_hundred_rows() {
        assert_eq!(kept(vec![vec![Cell::Int(1)]; 500]).rows.len(), 100);
    }

    #[test]
    fn one_huge_value_is_cut_and_many_large_ones_are_fewer_rows() {
        let huge = Cell::Text("é".repeat(1 << 20));
        let table = kept(vec![vec![huge], vec![Cell::Int(1)]]);
        assert_eq!(table.rows.len(), 2);
        let Cell::Text(text) = &table.rows[0][0] else { panic!("a text") };
        assert!(text.ends_with(CUT) && text.len() <= CELL_BYTES_MAX + CUT.len());
        let large = vec![vec![Cell::Text("\u{1}".repeat(4000))]; 100];
        assert!(kept(large).rows.len() < 100);
    }
}
