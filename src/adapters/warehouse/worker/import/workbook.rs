//! Workbooks: every sheet a table. A sheet is held in memory while it is read; one that does not fit
//! ends the process, which the server tells as too large.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Range, Reader, Sheets, open_workbook_auto_from_rs};
use chrono::{NaiveTime, Timelike};

use super::{Failure, Rows, Visit};

/// Sheets of one workbook.
const SHEETS_MAX: usize = 200;
/// Whole numbers up to this are exact in the fractions that workbooks store.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// An open workbook.
pub(super) struct Workbook {
    sheets: Sheets<std::io::Cursor<Vec<u8>>>,
}

/// Opens a workbook of any kind, by its content.
pub(super) fn open(path: &Path) -> Result<Workbook, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|file| std::io::Read::read_to_end(&mut BufReader::new(file), &mut bytes));
    read.map_err(|_| Failure::new("the file cannot be read"))?;
    let sheets = open_workbook_auto_from_rs(std::io::Cursor::new(bytes));
    let sheets = sheets.map_err(|_| Failure::new("the file is not a workbook"))?;
    Ok(Workbook { sheets })
}

impl Workbook {
    pub(super) fn sheets(&self) -> Vec<String> {
        self.sheets.sheet_names().into_iter().take(SHEETS_MAX).collect()
    }

    pub(super) fn rows(&mut self, sheet: &str) -> Result<Sheet, Failure> {
        let failed = |_| Failure::new(format!("the sheet {sheet} cannot be read"));
        Ok(Sheet { range: self.sheets.worksheet_range(sheet).map_err(failed)? })
    }
}

/// One sheet.
pub(super) struct Sheet {
    range: Range<Data>,
}

impl Rows for Sheet {
    fn each(&mut self, visit: Visit<'_>) -> Result<(), Failure> {
        let first = self.range.start().map_or(1, |(row, _)| u64::from(row) + 1);
        for (place, row) in self.range.rows().enumerate() {
            let cells: Vec<String> = row.iter().map(text).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                visit(first + place as u64, &cells)?;
            }
        }
        Ok(())
    }
}

/// A cell as a text file would have it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < EXACT_MAX => {
            format!("{number:.0}")
        }
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let Some(moment) = moment.as_datetime() else { return moment.as_f64().to_string() };
            match moment.time() {
                NaiveTime::MIN => moment.date().to_string(),
                time if time.nanosecond() == 0 => moment.format("%Y-%m-%d %H:%M:%S").to_string(),
                _ => moment.format("%Y-%m-%d %H:%M:%S%.3f").to_string(),
            }
        }
        Data::DateTime(span) => span.as_duration().map_or_else(String::new, |span| {
            let seconds = span.num_seconds();
            format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
        }),
        // `#N/A` and its like are no values.
        Data::Error(_) | Data::Empty => String::new(),
    }
}
