//! From SQL to rows: guard, cost, cache, database.

use std::sync::Arc;

use super::ground::Ground;
use super::{Pipeline, Stop, warehouse_failed};
use crate::domain::{GuardedSql, JobError, JobId, JobState};
use crate::ports::{AuditEvent, Estimate, QuestionsError, WarehouseError};
use crate::query::guard::Rejection;
use crate::query::statement::{Rows, Statement, outcome};

/// What an entry of the trail tells, by name.
type Details = Vec<(&'static str, String)>;

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
    pub(super) async fn attempt(&mut self, ground: &Ground, sql: &str) -> Result<Rows, Failed> {
        let Some(chosen) = &ground.chosen else {
            let message = "There is no data to ask yet. An admin can add a connection.";
            return Err(Stop::failed("no_connection", message).into());
        };
        self.enter(JobState::Checking).await?;
        let checked = self.ports.guard.check(sql.to_owned(), Arc::clone(&ground.grounds)).await;
        let verdict = match checked {
            Ok(verdict) => verdict,
            Err(rejection) => return Err(self.rejected(&rejection, sql).await),
        };
        self.course.set_sql(verdict.sql.as_str());
        let statement = Statement {
            ports: self.ports,
            connection: &chosen.connection,
            sql: &verdict.sql,
            rows_max: ground.grounds.rows_max,
            limits: ground.limits,
            cancel: self.cancel,
        };
        let run = JobId::from_u128(self.ports.clock.fresh_id());
        let ran = match statement.recall().await {
            Some(rows) => Ok(rows),
            None => {
                if !self.course.job().is_approved
                    && let Some(estimate) = statement.weigh().await
                {
                    return Err(Stop::Paused(costs(estimate)).into());
                }
                self.enter(JobState::Running).await?;
                self.begin(run, &verdict.sql).await?;
                statement.run().await
            }
        };
        self.record(run, &ran, &verdict.sql).await;
        ran.map_err(|error| {
            let may_help = matches!(error, WarehouseError::Query { .. });
            Failed { stop: warehouse_failed(&error), reason: reason(&error), may_help }
        })
    }

    async fn enter(&mut self, state: JobState) -> Result<(), Stop> {
        Ok(self.course.enter(state, None).await?)
    }

    async fn rejected(&self, rejection: &Rejection, sql: &str) -> Failed {
        let details = vec![
            ("question", self.course.job().question.clone()),
            ("sql", sql.to_owned()),
            ("rule", rejection.rule.to_owned()),
            ("status", "rejected".to_owned()),
            ("error", rejection.message.clone()),
        ];
        self.note("query.rejected", details).await;
        let message = format!("This cannot be run: {}.", rejection.message.trim_end_matches('.'));
        Failed {
            stop: Stop::Rejected(JobError { code: "query_rejected", message }),
            reason: format!("refused by rule {}: {}", rejection.rule, rejection.message),
            may_help: true,
        }
    }

    /// Writes down what is about to be run: a crash leaves this much. What cannot be written down is
    /// not run.
    async fn begin(&self, run: JobId, sql: &GuardedSql) -> Result<(), Stop> {
        let details = self.told(run, sql, vec![("status", "started".to_owned())]);
        self.audit("query.start", details).await.map_err(|_| Stop::unavailable())
    }

    /// Writes down what was run and what came of it.
    async fn record(&self, run: JobId, ran: &Result<Rows, WarehouseError>, sql: &GuardedSql) {
        self.note("query.run", self.told(run, sql, outcome(ran))).await;
    }

    fn told(&self, run: JobId, sql: &GuardedSql, outcome: Details) -> Details {
        let question = self.course.job().question.clone();
        let mut details = vec![("question", question), ("sql", sql.as_str().to_owned())];
        details.push(("run_id", run.to_string()));
        details.extend(outcome);
        details
    }

    /// Writes down what has happened already.
    async fn note(&self, action: &'static str, details: Details) {
        if let Err(error) = self.audit(action, details).await {
            let job = self.course.job().id;
            tracing::error!(%job, action, %error, "a query is missing in the audit trail");
        }
    }

    async fn audit(
        &self,
        action: &'static str,
        mut details: Details,
    ) -> Result<(), QuestionsError> {
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
        self.ports.asking.audit.append(event).await
    }
}

/// What the asker is to agree to.
fn costs(Estimate { cost, rows }: Estimate) -> String {
    let rows = rows.map_or(String::new(), |rows| format!(", about {rows} rows"));
    format!("The database expects a cost of {cost:.0}{rows}.")
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
