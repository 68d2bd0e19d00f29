//! What a question stands on: its connection, the tables that it may use, and what was said before.

use std::sync::Arc;

use super::{Pipeline, Stop};
use crate::domain::{Connection, ConnectionId, Job, JobId, MessageKind, Schema, ThreadId};
use crate::ports::{Around, DraftTask, Example, OrgQueryLimits, QuestionsError, Turn};
use crate::query::audience::known_to_all;
use crate::query::choose::{self, Chosen, NotChosen};
use crate::query::guard::Grounds;
use crate::query::retrieval::relevant;

/// Turns of a conversation that are shown to the analyst.
const TURNS_MAX: usize = 10;
/// Messages that are looked through for them.
const MESSAGES_LOOKED_AT: usize = 60;
/// Tables that are shown to the analyst; retrieval chooses them when there are more.
const TABLES_MAX: usize = 40;
/// Verified questions that are shown as examples.
const EXAMPLES_MAX: usize = 12;
/// Verified questions that are looked through for those that fit a thread: a millisecond each.
const EXAMPLES_LOOKED_AT: usize = 48;

/// What a question stands on.
pub(super) struct Ground {
    /// Where the data is; absent when there is none to ask.
    pub(super) chosen: Option<Chosen>,
    /// Everything the analyst is told.
    pub(super) task: DraftTask,
    /// What SQL is held against: every allowed table, not only those shown.
    pub(super) grounds: Arc<Grounds>,
    /// What the organization allows.
    pub(super) limits: OrgQueryLimits,
}

/// Why a question stands on nothing.
pub(super) enum Groundless {
    /// This is said instead.
    Say(String),
    /// It ends here.
    Stop(Stop),
}

impl From<QuestionsError> for Groundless {
    fn from(_: QuestionsError) -> Self {
        Self::Stop(Stop::unavailable())
    }
}

impl Ground {
    /// Why nobody can answer from a connection that was never read: its words mean nothing yet.
    pub(super) fn nothing_read(&self) -> Option<String> {
        let chosen = self.chosen.as_ref().filter(|_| self.task.schema.tables.is_empty())?;
        Some(format!(
            "What \u{201c}{}\u{201d} holds could not be read yet. An admin can test the connection in \
             the data section; then ask again.",
            chosen.connection.name
        ))
    }
}

impl Pipeline<'_> {
    /// Reads all of it.
    pub(super) async fn ground(&self) -> Result<Ground, Groundless> {
        let (ports, job) = (self.ports, self.course.job());
        let thread = choose::thread_of(ports, job.org, job.thread).await?;
        let (history, before) = self.history(job).await?;
        let chosen = match choose::choose(ports, job, thread.as_ref(), before).await {
            Ok(chosen) => Some(chosen),
            Err(NotChosen::Nothing) => None,
            Err(NotChosen::Several(fitting)) => return Err(self.which(fitting).await),
            Err(NotChosen::Refused(error)) => {
                return Err(Groundless::Stop(Stop::Failed(error)));
            }
            Err(NotChosen::Unavailable) => return Err(Groundless::Stop(Stop::unavailable())),
        };
        let catalog = &ports.asking.catalog;
        let limits = catalog.limits(job.org).await?;
        let (mut examples, mut metrics) = (Vec::new(), Vec::new());
        if let Some(chosen) = &chosen {
            examples = catalog.examples(job.org, chosen.connection.id).await?;
            metrics = catalog.metrics(job.org, chosen.connection.id).await?;
        }
        let schema = chosen.as_ref().map(|chosen| Arc::clone(&chosen.schema)).unwrap_or_default();
        let dialect = chosen.as_ref().map(|chosen| chosen.connection.kind.dialect());
        let grounds = Arc::new(Grounds {
            dialect: dialect.unwrap_or(crate::domain::Dialect::Sqlite),
            schema: Arc::clone(&schema),
            rows_max: ports.settings.run.rows_max,
        });
        if thread.is_some_and(|thread| !thread.allowed_tables.is_empty()) {
            examples = self.fitting(examples, &grounds).await;
        }
        examples.truncate(EXAMPLES_MAX);
        let task = DraftTask {
            org: job.org,
            question: job.question.clone(),
            context: job.context.clone(),
            dialect,
            schema: shown(&schema, &job.question, &history),
            history,
            examples,
            metrics,
            today: ports.clock.now().day(),
            failed: None,
        };
        Ok(Ground { chosen, task, grounds, limits })
    }

    /// Asks which connection is meant. Its words stand in the channel: they name only what all who
    /// read there may know.
    async fn which(&self, fitting: Vec<Connection>) -> Groundless {
        let (count, channel) = (fitting.len(), self.course.job().channel);
        let Ok(known) = known_to_all(self.ports, channel, fitting).await else {
            return Groundless::Stop(Stop::unavailable());
        };
        let names: Vec<_> = known.iter().map(|connection| connection.name.as_str()).collect();
        let of_all =
            if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        let others = if names.len() < count { ", or another one that you may use" } else { "" };
        let others = if names.is_empty() { "" } else { others };
        Groundless::Say(format!(
            "Which data do you mean? Choose a connection, or name one of its tables{of_all}{others}."
        ))
    }

    /// Those examples that read nothing but what may be read here: others would tell of tables that
    /// the thread leaves out.
    async fn fitting(&self, examples: Vec<Example>, grounds: &Arc<Grounds>) -> Vec<Example> {
        let mut fitting = Vec::new();
        for example in examples.into_iter().take(EXAMPLES_LOOKED_AT) {
            let checked = self.ports.guard.check(example.sql.clone(), Arc::clone(grounds)).await;
            if checked.is_ok() {
                fitting.push(example);
            }
        }
        fitting
    }

    /// The answers before this one, oldest first, and where the last one's data came from.
    async fn history(
        &self,
        job: &Job,
    ) -> Result<(Vec<Turn>, Option<ConnectionId>), QuestionsError> {
        let place = (job.channel, job.thread);
        let mut turns = Vec::new();
        let mut before = None;
        let who = (job.asked_by.user, job.role);
        let usable = choose::usable(self.ports, job.org, who, None).await?;
        let is_usable = |id: ConnectionId| usable.iter().any(|connection| connection.id == id);
        for id in self.answered_before(place, job).await? {
            let Some(answer) = self.ports.asking.answers.get(job.org, id).await? else { continue };
            // What is withheld from the channel is no part of its conversation, but its asker's.
            if answer.audience == crate::domain::Audience::Restricted {
                continue;
            }
            // Who joined later, or lost access, must not get it told by the analyst.
            if answer.tells_of_data() && !answer.connection.is_some_and(is_usable) {
                continue;
            }
            before = answer.connection.or(before);
            let sql = Some(answer.sql).filter(|sql| !sql.is_empty() && answer.error.is_none());
            turns.push(Turn { question: answer.question, sql, summary: answer.summary });
        }
        Ok((turns, before))
    }

    async fn answered_before(
        &self,
        (channel, thread): (crate::domain::ChannelId, Option<ThreadId>),
        job: &Job,
    ) -> Result<Vec<JobId>, QuestionsError> {
        let history = &self.ports.history;
        let page = history.page(channel, thread, Around::Newest, false, MESSAGES_LOOKED_AT).await;
        let page = page.map_err(|_| QuestionsError::Unavailable)?;
        let answers = page
            .messages
            .iter()
            .filter(|message| message.kind == MessageKind::Answer && !message.is_deleted);
        let jobs =
            answers.filter_map(|message| message.client_message_id.as_ref()?.as_str().parse().ok());
        let mut jobs: Vec<JobId> = jobs.filter(|id| *id != job.id).collect();
        jobs.drain(..jobs.len().saturating_sub(TURNS_MAX));
        Ok(jobs)
    }
}

/// The tables that the analyst is shown: a follow-up names what it is about in what came before.
fn shown(schema: &Arc<Schema>, question: &str, history: &[Turn]) -> Arc<Schema> {
    if schema.tables.len() <= TABLES_MAX {
        return Arc::clone(schema);
    }
    let before = history.iter().rev().take(3);
    let asked = before.fold(question.to_owned(), |mut asked, turn| {
        asked.push(' ');
        asked.push_str(&turn.question);
        asked
    });
    Arc::new(relevant(schema, &asked, TABLES_MAX))
}
