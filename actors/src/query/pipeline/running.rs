//! From SQL to rows: guard, cost, cache, database.

use std::sync::Arc;

use tokio::time::Instant;

use super::ground::Ground;
use super::{Pipeline, Ran, Stop, warehouse_failed};
use crate::domain::{Connection, GuardedSql, JobError, JobState};
use crate::ports::{AuditEvent, Estimate, ResultKey, WarehouseError};
use crate::query::execution::fresh;
use crate::query::guard::Rejection;

/// A try that gave no rows.
pub(super) struct Failed {
    /// What the question ends with when no second try helps.
    pub(super) stop: Stop,
    /// What the analyst is told, without any value of a cell.
    pub(super) reason: String,
    /// Whether other SQL could help.
    pub(super) may_help: bool,
}

impl From<Stop> for Failed {
    fn from(stop: Stop) -> Self {
        Self { stop, reason: String::new(), may_help: false }
    }
}

impl Pipeline<'_> {
    /// Checks and runs one draft.
    pub(super) async fn attempt(&mut self, ground: &Ground, sql: &str) -> Result<Ran, Failed> {
        let Some(chosen) = &ground.chosen else {
            let message = "There is no data to ask yet. An admin can add a connection.";
            return Err(Stop::failed("no_connection", message).into());
        };
        self.course.enter(JobState::Checking, None).await;
        let checked = self.ports.guard.check(sql.to_owned(), Arc::clone(&ground.grounds)).await;
        let verdict = match checked {
            Ok(verdict) => verdict,
            Err(rejection) => return Err(self.rejected(&rejection, sql).await),
        };
        self.course.set_sql(verdict.sql.as_str());
        self.weigh(ground, &chosen.connection, &verdict.sql).await?;
        self.course.enter(JobState::Running, None).await;
        let ran = self.fetch(ground, &chosen.connection, &verdict.sql).await;
        self.record(&ran, &verdict.sql).await;
        ran.map_err(|error| {
            let may_help = matches!(error, WarehouseError::Query { .. });
            Failed { stop: warehouse_failed(&error), reason: reason(&error), may_help }
        })
    }

    async fn rejected(&self, rejection: &Rejection, sql: &str) -> Failed {
        let details = vec![
            ("question", self.course.job().question.clone()),
            ("sql", sql.to_owned()),
            ("rule", rejection.rule.to_owned()),
            ("status", "rejected".to_owned()),
            ("error", rejection.message.clone()),
        ];
        self.audit("query.rejected", details).await;
        let message = format!("This cannot be run: {}.", rejection.message.trim_end_matches('.'));
        Failed {
            stop: Stop::Rejected(JobError { code: "query_rejected", message }),
            reason: format!("refused by rule {}: {}", rejection.rule, rejection.message),
            may_help: true,
        }
    }

    /// Asks for the asker's word when the engine thinks that it will cost much.
    async fn weigh(
        &self,
        ground: &Ground,
        connection: &Connection,
        sql: &GuardedSql,
    ) -> Result<(), Failed> {
        let Some(most) = ground.approval_cost else { return Ok(()) };
        if self.course.job().is_approved {
            return Ok(());
        }
        let (warehouse, limits) = (&self.ports.asking.warehouse, self.ports.settings.run);
        // What cannot be estimated is found out by running it, under the same limits.
        match warehouse.estimate(connection, sql, limits, self.cancel).await {
            Ok(Some(Estimate { cost, rows })) if cost > most => {
                let rows = rows.map_or(String::new(), |rows| format!(", about {rows} rows"));
                Err(Stop::Paused(format!("The database expects a cost of {cost:.0}{rows}.")).into())
            }
            Err(WarehouseError::Cancelled) => Err(Stop::Cancelled.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn fetch(
        &self,
        ground: &Ground,
        connection: &Connection,
        sql: &GuardedSql,
    ) -> Result<Ran, WarehouseError> {
        let (asking, limits) = (&self.ports.asking, self.ports.settings.run);
        let key = ResultKey {
            connection: connection.id,
            version: connection.version,
            sql: sql.as_str().to_owned(),
            rows_max: limits.rows_max,
        };
        let text = sql.as_str().to_owned();
        let now = self.ports.clock.now();
        if let Some((table, read_at)) =
            fresh(asking.cache.get(&key).await, ground.cache_seconds, now)
        {
            let execution = std::time::Duration::ZERO;
            return Ok(Ran { sql: text, table, execution, cached_at: Some(read_at) });
        }
        let (read_at, started) = (now, Instant::now());
        let table = asking.warehouse.run(connection, sql, limits, self.cancel).await?;
        let (table, execution) = (Arc::new(table), started.elapsed());
        if ground.cache_seconds > 0 {
            asking.cache.put(key, Arc::clone(&table), read_at).await;
        }
        Ok(Ran { sql: text, table, execution, cached_at: None })
    }

    /// Writes down what was run and what came of it.
    async fn record(&self, ran: &Result<Ran, WarehouseError>, sql: &GuardedSql) {
        let mut details = vec![
            ("question", self.course.job().question.clone()),
            ("sql", sql.as_str().to_owned()),
        ];
        match ran {
            Ok(ran) => details.extend([
                ("status", "done".to_owned()),
                ("rows", ran.table.rows.len().to_string()),
                ("execution_ms", ran.execution.as_millis().to_string()),
                ("cached", ran.cached_at.is_some().to_string()),
            ]),
            Err(error) => {
                details.extend([("status", "failed".to_owned()), ("error", error.to_string())]);
            }
        }
        self.audit("query.run", details).await;
    }

    async fn audit(&self, action: &'static str, mut details: Vec<(&'static str, String)>) {
        let job = self.course.job();
        details.push(("channel_id", job.channel.to_string()));
        if let Some(thread) = job.thread {
            details.push(("thread_id", thread.to_string()));
        }
        if let Some(connection) = job.connection {
            details.push(("connection_id", connection.to_string()));
        }
        let event = AuditEvent {
            org: job.org,
            user: Some(job.asked_by.user),
            action,
            resource_type: "query_job",
            resource_id: job.id.to_string(),
            ip_address: None,
            details,
        };
        if let Err(error) = self.ports.asking.audit.append(event).await {
            tracing::error!(job = %job.id, %error, "a query is missing in the audit trail");
        }
    }
}

/// What the analyst is told of a failure.
fn reason(error: &WarehouseError) -> String {
    match error {
        WarehouseError::Query { code, meaning, position, names } => {
            let at = position.map_or(String::new(), |place| format!(" at character {place}"));
            let names =
                if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
            format!("{code}: {meaning}{at}{names}")
        }
        WarehouseError::Timeout(_)
        | WarehouseError::Cancelled
        | WarehouseError::Unreachable(_)
        | WarehouseError::Busy
        | WarehouseError::Privileged(_) => error.to_string(),
    }
}
