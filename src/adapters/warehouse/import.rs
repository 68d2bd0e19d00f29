//! Uploaded files with tables become SQLite databases, in a child process of their own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use starling_actors::ports::WarehouseError;

use super::child::{IMPORT_WORKER, Nursery};
use super::frame::{Ask, Reply, WireImportLimits};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// Text with one row a line.
    Csv,
    /// A workbook; every sheet is a table.
    Excel,
}

/// How much one import may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportLimits {
    /// Of the file.
    pub bytes: u64,
    /// Of all tables.
    pub rows: u64,
    /// Of one table.
    pub columns: u64,
    /// Of all tables.
    pub cells: u64,
    /// For the whole of it.
    pub timeout: Duration,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self {
            bytes: 100 << 20,
            rows: 2_000_000,
            columns: 500,
            cells: 20_000_000,
            timeout: Duration::from_secs(300),
        }
    }
}

/// What an import made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// How many tables.
    pub tables: u64,
    /// Of all tables.
    pub rows: u64,
    /// Of all tables.
    pub columns: u64,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportProgress {
    /// Bytes of the cells that are stored.
    pub bytes: u64,
    /// Rows that are stored.
    pub rows: u64,
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file is not as it should be; the sentence names the row.
    #[error("{0}")]
    File(String),
    /// It took more memory than an import may take.
    #[error("the file is too large for an import")]
    TooLarge,
    /// The time was up.
    #[error("the import took longer than {} seconds", .0.as_secs())]
    Timeout(Duration),
    /// Other imports are running, or this server cannot run one.
    #[error("this server cannot import now; try again")]
    Busy,
}

/// Imports files.
#[derive(Clone, Debug)]
pub struct Importer {
    nursery: Nursery,
}

impl Default for Importer {
    fn default() -> Self {
        Self { nursery: Nursery::new(None) }
    }
}

impl Importer {
    /// With child processes of another program: this one's server, when this one is a test.
    pub fn with_worker(program: PathBuf) -> Self {
        Self { nursery: Nursery::new(Some(program)) }
    }

    /// Makes the database `out` of `source`. A text file's table is called after `name`; sheets have
    /// names of their own. On failure, or when the future is dropped, `out` is of no use.
    pub async fn import(
        &self,
        source: &Path,
        kind: ImportKind,
        name: &str,
        out: &Path,
        limits: ImportLimits,
        progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<ImportReport, ImportError> {
        let ask = Ask::Import {
            source: source.to_owned(),
            is_workbook: kind == ImportKind::Excel,
            name: name.to_owned(),
            out: out.to_owned(),
            limits: WireImportLimits {
                bytes: limits.bytes,
                rows: limits.rows,
                columns: limits.columns,
                cells: limits.cells,
            },
        };
        let work = self.work(&ask, limits, progress);
        let outcome = tokio::time::timeout(limits.timeout, work).await;
        outcome.map_err(|_| ImportError::Timeout(limits.timeout))?
    }

    async fn work(
        &self,
        ask: &Ask,
        limits: ImportLimits,
        mut progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<ImportReport, ImportError> {
        // Numbers take more room in a table than in a text: eight bytes for one digit.
        let file_bytes = limits.bytes.saturating_mul(8).saturating_add(64 << 20);
        let started = self.nursery.start(IMPORT_WORKER, limits.timeout, file_bytes).await;
        let mut child = started.map_err(|_| ImportError::Busy)?;
        let too_large = |_: WarehouseError| ImportError::TooLarge;
        let mut reply = child.ask(ask).await.map_err(too_large)?;
        loop {
            match reply {
                Reply::Progress { bytes, rows } => progress(ImportProgress { bytes, rows }),
                Reply::Imported { tables, rows, columns } => {
                    return Ok(ImportReport { tables, rows, columns });
                }
                Reply::NotImported { words } => return Err(ImportError::File(words)),
                Reply::Ready
                | Reply::Rows(_)
                | Reply::End { .. }
                | Reply::Tables(_)
                | Reply::Refused { .. }
                | Reply::Unreadable { .. } => return Err(ImportError::Busy),
            }
            reply = child.next().await.map_err(too_large)?;
        }
    }
}
