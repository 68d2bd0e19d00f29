//! One guarded statement on its way to rows, whoever wrote it: a question's analyst or a person.
//!
//! ```text
//!   recall (a result of the last minutes) ─▶ weigh (what will it cost?) ─▶ run, remember
//! ```
//!
//! **Invariant:** what is recalled is not older than the organization wants, and costs nobody's word.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::settings::QueryPorts;
use crate::domain::{Connection, GuardedSql, ResultTable, Timestamp};
use crate::ports::{Estimate, OrgQueryLimits, ResultKey, RunLimits, WarehouseError};

/// What a statement gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The rows.
    pub table: Arc<ResultTable>,
    /// What was run, as the guard rendered it.
    pub sql: String,
    /// Time in the database.
    pub execution: Duration,
    /// When the rows were read, if they came from the cache.
    pub cached_at: Option<Timestamp>,
}

/// A statement, where it runs, and how much it may take.
pub(super) struct Statement<'a> {
    pub(super) ports: &'a QueryPorts,
    pub(super) connection: &'a Connection,
    pub(super) sql: &'a GuardedSql,
    pub(super) rows_max: usize,
    pub(super) limits: OrgQueryLimits,
    pub(super) cancel: &'a CancellationToken,
}

impl Statement<'_> {
    /// The rows that it gave a short while ago.
    pub(super) async fn recall(&self) -> Option<Rows> {
        let found = self.ports.asking.cache.get(&self.key()).await;
        let (table, read_at) = fresh(found, self.limits.cache_seconds, self.ports.clock.now())?;
        let (sql, execution) = (self.sql.as_str().to_owned(), Duration::ZERO);
        Some(Rows { table, sql, execution, cached_at: Some(read_at) })
    }

    /// The engine's estimate, where it is more than goes without the asker's word. What cannot be
    /// estimated is found out by running it, under the same limits.
    pub(super) async fn weigh(&self) -> Option<Estimate> {
        let most = self.limits.approval_cost?;
        let warehouse = &self.ports.asking.warehouse;
        let estimated =
            warehouse.estimate(self.connection, self.sql, self.run_limits(), self.cancel).await;
        estimated.ok().flatten().filter(|estimate| estimate.cost > most)
    }

    /// Asks the database.
    pub(super) async fn run(&self) -> Result<Rows, WarehouseError> {
        let asking = &self.ports.asking;
        let (read_at, started) = (self.ports.clock.now(), Instant::now());
        let ran =
            asking.warehouse.run(self.connection, self.sql, self.run_limits(), self.cancel).await;
        let (table, execution) = (Arc::new(ran?), started.elapsed());
        if self.limits.cache_seconds > 0 {
            asking.cache.put(self.key(), Arc::clone(&table), read_at).await;
        }
        Ok(Rows { table, sql: self.sql.as_str().to_owned(), execution, cached_at: None })
    }

    fn run_limits(&self) -> RunLimits {
        RunLimits { rows_max: self.rows_max, ..self.ports.settings.run }
    }

    fn key(&self) -> ResultKey {
        ResultKey {
            connection: self.connection.id,
            version: self.connection.version,
            sql: self.sql.as_str().to_owned(),
            rows_max: self.rows_max,
        }
    }
}

/// What came of a statement, for the audit trail.
pub(super) fn outcome<E: std::fmt::Display>(ran: &Result<Rows, E>) -> Vec<(&'static str, String)> {
    match ran {
        Ok(rows) => vec![
            ("status", "done".to_owned()),
            ("rows", rows.table.rows.len().to_string()),
            ("execution_ms", rows.execution.as_millis().to_string()),
            ("cached", rows.cached_at.is_some().to_string()),
        ],
        Err(error) => vec![("status", "failed".to_owned()), ("error", error.to_string())],
    }
}

/// A result that is not older than the organization wants.
fn fresh(
    cached: Option<(Arc<ResultTable>, Timestamp)>,
    seconds: u64,
    now: Timestamp,
) -> Option<(Arc<ResultTable>, Timestamp)> {
    let oldest =
        now.0.saturating_sub(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000));
    cached.filter(|(_, read_at)| seconds > 0 && read_at.0 >= oldest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_used_again_only_while_the_organization_wants_it() {
        let cached = || Some((Arc::default(), Timestamp(10_000)));
        assert!(fresh(cached(), 5, Timestamp(15_000)).is_some());
        assert!(fresh(cached(), 5, Timestamp(15_001)).is_none());
        assert!(fresh(cached(), 0, Timestamp(10_000)).is_none());
        assert!(fresh(None, 300, Timestamp(10_000)).is_none());
    }
}
