//! Makes a SQLite database of a file with tables.
//!
//! ```text
//!   source ─▶ rows of texts, once ─▶ types of the columns ─▶ rows again ─▶ typed values ─▶ SQLite
//! ```
//!
//! Two passes, so that a type is chosen by all values and no row is ever held for it.
//!
//! **Invariant:** an error names the row as a person sees it in their file, from 1.

mod encoding;
mod names;
mod text_file;
mod typing;
mod workbook;

use std::path::Path;

use rusqlite::Connection;

use super::super::frame::WireImportLimits;
use names::Names;
use typing::{Column, Kind};

/// Bytes of one cell: beyond it, it is a document and no value.
const CELL_BYTES_MAX: usize = 1 << 20;
/// Rows between two signs of progress.
const PROGRESS_ROWS: u64 = 5_000;

/// Why a file was not imported, in words for the person who gave it.
#[derive(Debug)]
pub(super) struct Failure(pub(super) String);

impl Failure {
    fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    fn at(row: u64, words: &str) -> Self {
        Self(format!("row {row}: {words}"))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(_: rusqlite::Error) -> Self {
        Self::new("the table cannot be stored: it may be too large")
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Report {
    pub(super) tables: u64,
    pub(super) rows: u64,
    pub(super) columns: u64,
}

type Visit<'a> = &'a mut dyn FnMut(u64, &[String]) -> Result<(), Failure>;

/// One table of a source: gives its rows with their numbers, as often as asked.
trait Rows {
    fn each(&mut self, visit: Visit<'_>) -> Result<(), Failure>;

    /// Whether decimals may be written with a comma.
    fn has_commas(&self) -> bool {
        false
    }
}

/// Imports `source` into a new database `out`. `progress` hears bytes of text and rows so far.
pub(super) fn import(
    source: &Path,
    is_workbook: bool,
    name: &str,
    out: &Path,
    limits: WireImportLimits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Failure> {
    let bytes = std::fs::metadata(source).map(|file| file.len());
    if bytes.map_err(|_| Failure::new("the file cannot be read"))? > limits.bytes {
        return Err(Failure::new(format!("the file has more than {} bytes", limits.bytes)));
    }
    let mut database = Connection::open(out)?;
    // A crash leaves nothing that is used: the caller takes the file only after the report.
    database.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;",
    )?;
    let mut store = Store { limits, report: Report::default(), cells: 0, bytes: 0, progress };
    let transaction = database.transaction()?;
    if is_workbook {
        let mut names = Names::default();
        let mut workbook = workbook::open(source)?;
        for sheet in workbook.sheets() {
            let mut rows = workbook.rows(&sheet)?;
            store.table(&transaction, &names.table(&sheet), &mut rows)?;
        }
    } else {
        let mut rows = text_file::open(source)?;
        store.table(&transaction, &Names::default().table(name), &mut rows)?;
    }
    transaction.commit()?;
    if store.report.tables == 0 {
        return Err(Failure::new("there is no table in it"));
    }
    Ok(store.report)
}

struct Store<'a> {
    limits: WireImportLimits,
    report: Report,
    cells: u64,
    bytes: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl Store<'_> {
    /// Imports one table; one without rows is left out.
    fn table(
        &mut self,
        database: &Connection,
        name: &str,
        rows: &mut dyn Rows,
    ) -> Result<(), Failure> {
        let Some(plan) = self.plan(rows)? else { return Ok(()) };
        database.execute_batch(&plan.definition(name))?;
        let mut insert = database.prepare(&plan.insertion(name))?;
        let mut is_first = plan.has_header;
        let (limits, report, bytes) = (self.limits, &mut self.report, &mut self.bytes);
        let progress = &mut *self.progress;
        rows.each(&mut |number, cells| {
            if std::mem::take(&mut is_first) {
                return Ok(());
            }
            for (place, column) in plan.columns.iter().enumerate() {
                let text = cells.get(place).map_or("", String::as_str);
                insert.raw_bind_parameter(place + 1, column.value(text))?;
                *bytes += text.len() as u64;
            }
            insert.raw_execute()?;
            report.rows += 1;
            if report.rows > limits.rows {
                let words = format!("there are more than {} rows", limits.rows);
                return Err(Failure::at(number, &words));
            }
            if report.rows.is_multiple_of(PROGRESS_ROWS) {
                progress(*bytes, report.rows);
            }
            Ok(())
        })?;
        self.report.tables += 1;
        self.report.columns += plan.columns.len() as u64;
        (self.progress)(self.bytes, self.report.rows);
        Ok(())
    }

    /// Looks at all values of a table; nothing when it has none.
    fn plan(&mut self, rows: &mut dyn Rows) -> Result<Option<Plan>, Failure> {
        let has_commas = rows.has_commas();
        let mut first: Option<Vec<String>> = None;
        let mut columns: Vec<Column> = Vec::new();
        let (limits, cells_so_far) = (self.limits, &mut self.cells);
        let mut count = 0_u64;
        rows.each(&mut |number, cells| {
            *cells_so_far += cells.len() as u64;
            if *cells_so_far > limits.cells {
                let words = format!("there are more than {} cells", limits.cells);
                return Err(Failure::at(number, &words));
            }
            if cells.iter().any(|cell| cell.len() > CELL_BYTES_MAX) {
                return Err(Failure::at(number, "a cell has more than a megabyte"));
            }
            count += 1;
            let Some(first) = &first else {
                if cells.len() as u64 > limits.columns {
                    let words = format!("there are more than {} columns", limits.columns);
                    return Err(Failure::at(number, &words));
                }
                columns = cells.iter().map(|_| Column::new(has_commas)).collect();
                first = Some(cells.to_vec());
                return Ok(());
            };
            let extra = cells.iter().skip(first.len()).any(|cell| !cell.trim().is_empty());
            if extra {
                let words = format!("it has {} cells, the first row {}", cells.len(), first.len());
                return Err(Failure::at(number, &words));
            }
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.see(cell);
            }
            Ok(())
        })?;
        let Some(first) = first.filter(|first| first.iter().any(|cell| !cell.trim().is_empty()))
        else {
            return Ok(None);
        };
        let has_header = is_header(&first, has_commas);
        if !has_header {
            for (column, cell) in columns.iter_mut().zip(&first) {
                column.see(cell);
            }
        }
        let mut names = Names::default();
        let names = first
            .iter()
            .enumerate()
            .map(|(place, cell)| names.column(if has_header { cell } else { "" }, place + 1));
        let names = names.collect();
        for column in &mut columns {
            column.decide();
        }
        Ok(Some(Plan { names, columns, has_header }))
    }
}

/// Whether a first row names the columns: when none of its cells is a number, a day or a truth value.
fn is_header(first: &[String], has_commas: bool) -> bool {
    first.iter().all(|cell| {
        let mut column = Column::new(has_commas);
        column.see(cell);
        column.decide();
        column.kind() == Kind::Text
    })
}

struct Plan {
    names: Vec<String>,
    columns: Vec<Column>,
    has_header: bool,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Plan {
    fn definition(&self, table: &str) -> String {
        let columns = self.names.iter().zip(&self.columns);
        let columns: Vec<String> = columns
            .map(|(name, column)| format!("{} {}", quoted(name), column.kind().declared()))
            .collect();
        format!("CREATE TABLE {} ({})", quoted(table), columns.join(", "))
    }

    fn insertion(&self, table: &str) -> String {
        let places = vec!["?"; self.names.len()].join(", ");
        format!("INSERT INTO {} VALUES ({places})", quoted(table))
    }
}
