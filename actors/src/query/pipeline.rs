//! One question, from its words to its answer.
//!
//! ```text
//!   connection and tables ─▶ SQL ─▶ guard ─▶ cost ─▶ cache, database ─▶ chart, words ─▶ answer
//!                             ▲        │                    │
//!                             └────────┴── once more, with the reason
//! ```
//!
//! **Invariant:** only what the guard rendered reaches a warehouse, and every way out is one of the
//! [`Stop`]s or an [`Answer`], each within its deadline.

mod ground;
mod running;
mod wording;

use std::sync::Arc;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use self::ground::{Ground, Groundless};
use super::course::{Course, EndedBefore};
use super::settings::QueryPorts;
use crate::domain::{Answer, JobError, JobState, Timestamp, TokenUsage};
use crate::ports::{AnalystError, Draft, DraftTask, Drafted, FailedDraft, WarehouseError};

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stop {
    /// It could not be answered.
    Failed(JobError),
    /// The guard refused what was written for it.
    Rejected(JobError),
    /// Somebody called it off.
    Cancelled,
    /// Somebody ended it where it is stored: it is not touched any more.
    EndedBefore,
    /// Its asker has to agree to the cost.
    Paused(String),
}

impl From<EndedBefore> for Stop {
    fn from(_: EndedBefore) -> Self {
        Self::EndedBefore
    }
}

impl Stop {
    pub(super) fn failed(code: &'static str, message: impl Into<String>) -> Self {
        Self::Failed(JobError { code, message: message.into() })
    }

    pub(super) fn unavailable() -> Self {
        Self::failed("unavailable", "The server's own store does not answer. Ask again shortly.")
    }
}

/// One job's way through all stages.
pub(super) struct Pipeline<'a> {
    ports: &'a Arc<QueryPorts>,
    course: &'a mut Course,
    cancel: &'a CancellationToken,
    usage: TokenUsage,
    model: String,
    reasoning: String,
}

/// A draft that may be run, or the answer when nothing has to be.
enum Proposal {
    Sql(String),
    Said(Box<Answer>),
}

impl<'a> Pipeline<'a> {
    pub(super) fn new(
        ports: &'a Arc<QueryPorts>,
        course: &'a mut Course,
        cancel: &'a CancellationToken,
    ) -> Self {
        let (usage, model, reasoning) = Default::default();
        Self { ports, course, cancel, usage, model, reasoning }
    }

    /// Goes all the way.
    pub(super) async fn run(mut self) -> Result<Answer, Stop> {
        self.course.enter(JobState::ReadingSchema, None).await?;
        let cancel = self.cancel;
        let grounded = timeout(self.ports.settings.schema_max, self.ground());
        let ground = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            ground = grounded => ground.map_err(|_| Stop::unavailable())?,
        };
        let ground = match ground {
            Ok(ground) => ground,
            Err(Groundless::Say(content)) => return Ok(self.said(content, None)),
            Err(Groundless::Stop(stop)) => return Err(stop),
        };
        if let Some(chosen) = &ground.chosen {
            self.course.set_connection(chosen.connection.id);
        }
        let approved = self.course.job().sql.clone().filter(|_| self.course.job().is_approved);
        let mut proposal = match approved {
            Some(sql) => Proposal::Sql(sql),
            None => self.draft(&ground, None).await?,
        };
        let mut is_second = false;
        loop {
            let sql = match proposal {
                Proposal::Said(answer) => return Ok(*answer),
                Proposal::Sql(sql) => sql,
            };
            match self.attempt(&ground, &sql).await {
                Ok(ran) => return self.explain(&ground, ran).await,
                Err(attempt) if is_second || !attempt.may_help => return Err(attempt.stop),
                Err(attempt) => {
                    is_second = true;
                    self.course.revoke_approval();
                    self.course.enter(JobState::Retrying, None).await?;
                    let failed = FailedDraft { sql, reason: attempt.reason };
                    proposal = match self.draft(&ground, Some(failed)).await? {
                        // Who can only answer with the same words has nothing new to say.
                        Proposal::Said(answer) if answer.error.is_none() => Proposal::Said(answer),
                        Proposal::Said(_) => return Err(attempt.stop),
                        Proposal::Sql(sql) => Proposal::Sql(sql),
                    };
                }
            }
        }
    }

    /// Asks the analyst for SQL.
    async fn draft(
        &mut self,
        ground: &Ground,
        failed: Option<FailedDraft>,
    ) -> Result<Proposal, Stop> {
        if failed.is_none() {
            self.course.enter(JobState::WritingSql, None).await?;
        }
        let task = DraftTask { failed, ..ground.task.clone() };
        let drafted = self.ports.asking.analyst.draft(&task);
        let cancel = self.cancel;
        let drafted = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            drafted = timeout(self.ports.settings.draft_max, drafted) => drafted,
        };
        let Drafted { draft, usage, model } = match drafted {
            Ok(Ok(drafted)) => drafted,
            Ok(Err(error)) => return Err(analyst_failed(&error)),
            Err(_) => {
                let message = "The model took too long. Ask again, or ask for less.";
                return Err(Stop::failed("model_timeout", message));
            }
        };
        self.usage += usage;
        self.model = model;
        Ok(match draft {
            Draft::Sql { sql, reasoning } => {
                self.reasoning = reasoning;
                Proposal::Sql(sql)
            }
            Draft::NotData { reply, intent } => Proposal::Said(Box::new(self.said(reply, intent))),
            Draft::CannotAnswer { reason } => {
                self.ports.asking.meter.cannot_answer();
                let reason = ground.nothing_read().unwrap_or(reason);
                let mut answer = self.said(reason, None);
                let message = answer.content.clone();
                answer.error = Some(JobError { code: "cannot_answer", message });
                Proposal::Said(Box::new(answer))
            }
        })
    }

    /// An answer without data.
    fn said(&self, content: String, intent: Option<String>) -> Answer {
        let summary = content.lines().next().unwrap_or_default().chars().take(200).collect();
        Answer { content, summary, intent, ..self.blank() }
    }

    /// An answer in which nothing is said yet.
    fn blank(&self) -> Answer {
        Answer {
            reasoning: self.reasoning.clone(),
            usage: self.usage,
            model: self.model.clone(),
            ..Answer::blank(self.course.job(), self.ports.clock.now())
        }
    }
}

/// A failed answer's words, for the message that stands in the conversation.
pub(super) fn apology(course: &Course, error: JobError, now: Timestamp) -> Answer {
    let job = course.job();
    Answer {
        sql: job.sql.clone().unwrap_or_default(),
        content: error.message.clone(),
        summary: error.message.clone(),
        error: Some(error),
        ..Answer::blank(job, now)
    }
}

fn analyst_failed(error: &AnalystError) -> Stop {
    match error {
        AnalystError::Unavailable(why) => Stop::failed(
            "model_unavailable",
            format!("The model cannot be reached right now ({why}). Ask again in a minute."),
        ),
        AnalystError::Refused(why) => Stop::failed(
            "model_refused",
            format!("The model refused the request ({why}). An admin has to look at its settings."),
        ),
        AnalystError::Unreadable(why) => Stop::failed(
            "model_unreadable",
            format!("The model's answer made no sense ({why}). Try it in other words."),
        ),
    }
}

/// What a failed query says to its asker.
pub(super) fn warehouse_failed(error: &WarehouseError) -> Stop {
    let (code, message) = match error {
        WarehouseError::Query { meaning, names, .. } => {
            let about =
                if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            ("query_failed", format!("The database refused the query: {meaning}{about}."))
        }
        WarehouseError::Timeout(limit) => (
            "query_timeout",
            format!(
                "The database took longer than {} seconds and was stopped. Ask for less, such as a \
                 shorter time.",
                limit.as_secs()
            ),
        ),
        WarehouseError::Cancelled => return Stop::Cancelled,
        WarehouseError::Unreachable(why) => (
            "database_unreachable",
            format!("The database cannot be reached: {why}. An admin can test the connection."),
        ),
        WarehouseError::Busy => (
            "database_busy",
            "All sessions to the database are in use. Ask again in a moment.".to_owned(),
        ),
        WarehouseError::Privileged(why) => (
            "role_privileged",
            format!(
                "This connection's role may do more than read ({why}); an admin has to allow it."
            ),
        ),
    };
    Stop::failed(code, message)
}
