//! SQLite files, and uploads, which were imported into such files.
//!
//! The database is opened and asked in a child process ([`super::worker`]); this side sends the
//! statement, counts what comes back, and kills. Nothing is kept between queries.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::{Cell, Dialect, ResultTable, Table};
use starling_actors::ports::{Discovery, Estimate, RunLimits, Tested, WarehouseError};
use tokio::time::Instant;

use super::child::{Child, Nursery, SQLITE_WORKER};
use super::collect::Collector;
use super::frame::{Ask, Reply, result_column};
use super::meaning::sqlstate;
use super::profile::{Probe, quote};
use super::{Engine, Target};

/// Bytes that a child may write into one file: the index beside a live database's write-ahead log,
/// and nothing else.
const FILE_BYTES: u64 = 1 << 20;
/// How long a child may take for the catalog when a connection is tested.
const TEST_TIMEOUT: Duration = Duration::from_secs(10);
/// For the values of one table: discovery of a large file goes on to the next one.
const TABLE_TIMEOUT: Duration = Duration::from_secs(3);

/// The engine for SQLite files.
pub(super) struct Sqlite {
    nursery: Nursery,
}

impl Sqlite {
    pub(super) const fn new(nursery: Nursery) -> Self {
        Self { nursery }
    }

    async fn open(&self, target: &Target, timeout: Duration) -> Result<Child, WarehouseError> {
        let missing = || WarehouseError::Unreachable("its file is not known".to_owned());
        let file = target.login.file.as_deref().ok_or_else(missing)?;
        let mut child = self.nursery.start(SQLITE_WORKER, timeout, FILE_BYTES).await?;
        let reply = child.ask(&Ask::Open { file: Path::to_owned(file) }).await?;
        let Reply::Ready = reply else { return Err(failed(reply)) };
        Ok(child)
    }
}

/// An answer that is not the one asked for.
fn failed(reply: Reply) -> WarehouseError {
    match reply {
        Reply::Refused { code, position, names } => {
            let meaning = sqlstate(&code).to_owned();
            WarehouseError::Query { code, meaning, position, names }
        }
        Reply::Unreadable { words } => WarehouseError::Unreachable(words),
        Reply::Ready
        | Reply::Rows(_)
        | Reply::End { .. }
        | Reply::Tables(_)
        | Reply::Progress { .. }
        | Reply::Imported { .. }
        | Reply::NotImported { .. } => {
            WarehouseError::Unreachable("its process said something unexpected".to_owned())
        }
    }
}

/// Runs a statement; what the child sends is counted here again.
async fn run(
    child: &mut Child,
    sql: &str,
    limits: RunLimits,
) -> Result<ResultTable, WarehouseError> {
    let RunLimits { rows_max, bytes_max, .. } = limits;
    let mut rows = Collector::new(Vec::new(), limits);
    let mut reply = child.ask(&Ask::Run { sql: sql.to_owned(), rows_max, bytes_max }).await?;
    while let Reply::Rows(some) = reply {
        for row in some {
            if !rows.push(row.into_iter().map(Cell::from).collect()) {
                break;
            }
        }
        reply = child.next().await?;
    }
    let Reply::End { columns, is_truncated } = reply else { return Err(failed(reply)) };
    let mut table = if is_truncated { rows.finish_truncated() } else { rows.finish() };
    table.columns = columns.into_iter().map(result_column).collect();
    let width = table.columns.len();
    // Only a child that a file has turned would send others.
    table.rows.retain(|row| row.len() == width);
    Ok(table)
}

async fn tables(child: &mut Child) -> Result<Vec<Table>, WarehouseError> {
    let reply = child.ask(&Ask::Catalog).await?;
    let Reply::Tables(tables) = reply else { return Err(failed(reply)) };
    Ok(tables.into_iter().map(Table::from).collect())
}

#[async_trait]
impl Engine for Sqlite {
    async fn run(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError> {
        let mut child = self.open(target, limits.timeout).await?;
        // The child is killed when the time is up, and with it everything it does.
        match tokio::time::timeout(limits.timeout, run(&mut child, sql, limits)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(WarehouseError::Timeout(limits.timeout)),
        }
    }

    async fn estimate(
        &self,
        _: &Target,
        _: &str,
        _: RunLimits,
    ) -> Result<Option<Estimate>, WarehouseError> {
        Ok(None)
    }

    async fn test(&self, target: &Target) -> Result<Tested, WarehouseError> {
        let mut child = self.open(target, TEST_TIMEOUT).await?;
        let tables_found = tables(&mut child).await?.len();
        Ok(Tested {
            tables_found,
            // The file is opened for reading, whatever the file system would allow.
            writable: Some(Vec::new()),
            is_privileged: false,
            server: format!("SQLite {}", rusqlite::version()),
        })
    }

    async fn discover(
        &self,
        target: &Target,
        wish: &Discovery,
    ) -> Result<Vec<Table>, WarehouseError> {
        let end = Instant::now() + wish.timeout;
        let mut child = self.open(target, wish.timeout).await?;
        let mut tables = tables(&mut child).await?;
        for table in &mut tables {
            let left = end.saturating_duration_since(Instant::now()).min(TABLE_TIMEOUT);
            if left.is_zero() {
                break;
            }
            let looked = tokio::time::timeout(left, look(&mut child, table, wish)).await;
            if !matches!(looked, Ok(Ok(()))) {
                tracing::debug!(table = %table.name, "a table's values were not looked at");
                let left = end.saturating_duration_since(Instant::now());
                // The child may still be at it, or gone: the next table gets another.
                child = self.open(target, left).await?;
            }
        }
        Ok(tables)
    }
}

/// Looks at the values of one table.
async fn look(
    child: &mut Child,
    table: &mut Table,
    wish: &Discovery,
) -> Result<(), WarehouseError> {
    let from = quote(Dialect::Sqlite, &table.name);
    let probe = Probe::of(Dialect::Sqlite, table, &from, wish);
    let mut estimate = None;
    if table.kind == starling_actors::domain::TableKind::Table {
        // A count walks one index, whose pages are few beside the table's.
        let count = format!("SELECT count(*) FROM {from}");
        let counted = run(child, &count, RunLimits::default()).await?;
        estimate = counted.rows.first().and_then(|row| match row.first() {
            Some(Cell::Int(count)) => u64::try_from(*count).ok(),
            _ => None,
        });
    }
    let counts = run(child, &probe.counts, RunLimits::default()).await?;
    probe.apply_counts(table, &counts, estimate);
    if let Some(samples) = &probe.samples {
        let samples = run(child, samples, RunLimits::default()).await?;
        Probe::apply_samples(table, &samples);
    }
    Ok(())
}
