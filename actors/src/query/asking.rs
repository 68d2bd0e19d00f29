//! Asking: who may, where, and what is stored before a worker sees it.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::choose::{self, NotChosen};
use super::course::Course;
use super::execution::{ExecuteError, Execution};
use super::handle::Questions;
use super::hub::Which;
use super::statement::Rows;
use super::worker::{Task, Ticket, Work};
use crate::chat::{Caller, ChatError, Draft};
use crate::domain::{
    ChannelId, ConnectionId, Job, JobError, JobId, JobState, MessageId, OrgRole, Priority, Thread,
    ThreadId,
};
use crate::ports::{BusEvent, OrgQueryLimits, QuestionsError, Topic};

/// Characters of a question (product.md).
const QUESTION_CHARS_MAX: usize = 5_000;
/// Rows that a statement may ask for when nothing is said.
const ROWS_DEFAULT: usize = 1_000;

/// Looks at a job that is to be called off and moves on each time. Once a worker has it, the hub knows.
const CANCEL_TRIES: usize = 4;

/// A question as it was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Where; absent when the thread says it.
    pub channel: Option<ChannelId>,
    /// In which thread.
    pub thread: Option<ThreadId>,
    /// The words.
    pub question: String,
    /// What the asker adds to them.
    pub context: Option<String>,
    /// Where to look; chosen by the words when absent.
    pub connection: Option<ConnectionId>,
    /// The idempotency key of the question's message.
    pub client_message_id: Option<String>,
    /// How soon.
    pub priority: Priority,
}

/// A question that was taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Its job as it was stored.
    pub job: Job,
}

/// Why a question was not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// As with any message.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// The thread does not allow questions.
    #[error("questions are switched off in this thread")]
    Disabled,
    /// The connection may not be used here.
    #[error("this connection may not be used here")]
    ConnectionNotAllowed,
    /// There is no such job, or not for this person.
    #[error("no such query")]
    NoJob,
    /// The job is not in a state for that.
    #[error("{0}")]
    WrongState(&'static str),
    /// The person may not.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Too many wait; nothing was started.
    #[error("too many questions are waiting")]
    Overloaded,
    /// The server's own store does not answer; nothing was started.
    #[error("the store is unavailable")]
    Unavailable,
    /// The question may be posted, and its job stored; the same id sent again settles it.
    #[error("whether it was started is not known; send the same again")]
    OutcomeUnknown,
}

impl AskError {
    /// The stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Chat(error) => error.code(),
            Self::Disabled => "llm_disabled",
            Self::ConnectionNotAllowed => "connection_not_allowed",
            Self::NoJob => "not_found",
            Self::WrongState(_) => "wrong_state",
            Self::Forbidden(_) => "forbidden",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }

    /// Whether asking again can help.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Chat(error) => error.is_retryable(),
            Self::Overloaded | Self::Unavailable | Self::OutcomeUnknown => true,
            Self::Disabled
            | Self::ConnectionNotAllowed
            | Self::NoJob
            | Self::WrongState(_)
            | Self::Forbidden(_) => false,
        }
    }
}

impl From<QuestionsError> for AskError {
    fn from(_: QuestionsError) -> Self {
        Self::Unavailable
    }
}

impl Questions {
    /// Puts a question: its message is posted as its asker's, then its job starts.
    pub async fn ask(&self, caller: &Caller, ask: Ask) -> Result<Asked, AskError> {
        let question = ask.question.trim().to_owned();
        check_length("query", &question)?;
        if let Some(context) = &ask.context {
            let fits = context.chars().nth(QUESTION_CHARS_MAX).is_none();
            fits.then_some(()).ok_or_else(|| too_long("context"))?;
        }
        let thread = match ask.thread {
            Some(id) => Some(self.chat.get_thread(caller, id).await?),
            None => None,
        };
        if thread.as_ref().is_some_and(|thread| !thread.is_llm_enabled) {
            return Err(AskError::Disabled);
        }
        let channel = thread.as_ref().map(|thread| thread.channel).or(ask.channel);
        let channel = channel.ok_or_else(|| ChatError::Invalid {
            field: "channel_id",
            message: "a channel or a thread is required".to_owned(),
        })?;
        self.check_connection(caller, ask.connection, thread.as_ref()).await?;
        let limits = self.ports().asking.catalog.limits(caller.org).await?;
        let message = self.post_question(caller, channel, &ask, &question).await?;
        let job = self.new_job(caller, (channel, ask.thread), message, question, ask);
        self.begin(job, limits).await
    }

    async fn check_connection(
        &self,
        caller: &Caller,
        connection: Option<ConnectionId>,
        thread: Option<&Thread>,
    ) -> Result<(), AskError> {
        let Some(wanted) = connection else { return Ok(()) };
        let who = (caller.user(), caller.role);
        let usable = choose::usable(self.ports(), caller.org, who, thread).await?;
        let is_usable = usable.iter().any(|connection| connection.id == wanted);
        is_usable.then_some(()).ok_or(AskError::ConnectionNotAllowed)
    }

    async fn post_question(
        &self,
        caller: &Caller,
        channel: ChannelId,
        ask: &Ask,
        question: &str,
    ) -> Result<MessageId, AskError> {
        let draft = Draft {
            content: question.to_owned(),
            thread: ask.thread,
            client_message_id: ask.client_message_id.clone(),
            ..Draft::default()
        };
        let pending = self.chat.post(caller, channel, draft).await?;
        Ok(pending.receipt().await.map_err(ChatError::from)?.message)
    }

    fn new_job(
        &self,
        caller: &Caller,
        (channel, thread): (ChannelId, Option<ThreadId>),
        message: MessageId,
        question: String,
        ask: Ask,
    ) -> Job {
        let now = self.ports().clock.now();
        Job {
            id: job_of(message),
            org: caller.org,
            channel,
            thread,
            message,
            asked_by: caller.byline.clone(),
            role: caller.role,
            question,
            context: ask.context,
            connection: ask.connection,
            priority: ask.priority,
            state: JobState::Queued,
            sql: None,
            is_approved: false,
            node: self.ports().placement.me(),
            attempts: 0,
            answer: None,
            error: None,
            timings: Vec::new(),
            created_at: now,
            updated_at: now,
            finished_at: None,
        }
    }

    /// Stores a job and gives it to the pool. One that has no room ends at once, and says so.
    async fn begin(&self, job: Job, limits: OrgQueryLimits) -> Result<Asked, AskError> {
        let jobs = &self.ports().asking.jobs;
        let version = match jobs.put(&job, 0).await {
            Ok(version) => version,
            // The same message again: its question is under way, or was answered.
            Err(QuestionsError::Conflict) => {
                let found = jobs.get(job.org, job.id).await;
                let found = found.map_err(|_| AskError::OutcomeUnknown)?;
                return Ok(Asked { job: found.map_or(job, |(job, _)| job) });
            }
            // Its message is posted, and the job may be stored.
            Err(QuestionsError::Unavailable) => return Err(AskError::OutcomeUnknown),
        };
        if self.give(job.clone(), version, limits).await {
            return Ok(Asked { job });
        }
        let mut course = Course::new(self.ports(), job, version);
        let message = "Too many questions are waiting. Ask again in a minute.".to_owned();
        course.end(JobState::Failed, Some(JobError { code: "overloaded", message })).await;
        Err(AskError::Overloaded)
    }

    async fn give(&self, job: Job, version: u64, limits: OrgQueryLimits) -> bool {
        let ticket = Ticket {
            id: job.id,
            org: job.org,
            user: job.asked_by.user,
            priority: job.priority,
            concurrent_max: limits.concurrent_max,
        };
        let task = Task::Answer(Box::new(job), version);
        self.submit(Work { ticket, cancel: CancellationToken::new(), task }).await
    }

    /// Agrees to the cost of a query. Only its asker may.
    pub async fn approve(&self, caller: &Caller, id: JobId) -> Result<Job, AskError> {
        let (before, version) = self.own_job(caller, id).await?;
        if before.asked_by.user != caller.user() {
            return Err(AskError::Forbidden("only its asker may agree to the cost"));
        }
        if before.state != JobState::AwaitingApproval {
            return Err(AskError::WrongState("this query does not wait for an approval"));
        }
        let job = Job { is_approved: true, state: JobState::Queued, ..before.clone() };
        self.restart(job, &before, version).await
    }

    /// Starts a failed question once more. Its asker may, and admins.
    pub async fn retry(&self, caller: &Caller, id: JobId) -> Result<Job, AskError> {
        let (mut job, version) = self.own_job(caller, id).await?;
        if !matches!(job.state, JobState::Failed | JobState::Cancelled | JobState::Rejected) {
            return Err(AskError::WrongState("only a query without an answer can be tried again"));
        }
        if job.answer.is_some() {
            // The failure is a message of the conversation already; its retry is a question anew.
            job = Job { id: self.fresh(), answer: None, ..job };
            (job.error, job.finished_at, job.sql, job.is_approved) = (None, None, None, false);
            (job.attempts, job.timings, job.state) = (0, Vec::new(), JobState::Queued);
            job.created_at = self.ports().clock.now();
            job.node = self.ports().placement.me();
            let limits = self.ports().asking.catalog.limits(job.org).await?;
            return Ok(self.begin(job, limits).await?.job);
        }
        let before = job.clone();
        (job.error, job.finished_at, job.attempts) = (None, None, 0);
        // It is written anew, and what it costs then has to be agreed to anew.
        (job.sql, job.is_approved, job.state) = (None, false, JobState::Queued);
        self.restart(job, &before, version).await
    }

    /// Starts a job once more; one for which there is no room stays as it was `before`.
    async fn restart(&self, mut job: Job, before: &Job, version: u64) -> Result<Job, AskError> {
        let limits = self.ports().asking.catalog.limits(job.org).await?;
        job.updated_at = self.ports().clock.now();
        job.node = self.ports().placement.me();
        let stored = self.ports().asking.jobs.put(&job, version).await;
        let version = stored.map_err(|error| match error {
            QuestionsError::Conflict => AskError::WrongState("this query has moved on meanwhile"),
            QuestionsError::Unavailable => AskError::OutcomeUnknown,
        })?;
        if self.give(job.clone(), version, limits).await {
            return Ok(job);
        }
        if let Err(error) = self.ports().asking.jobs.put(before, version).await {
            tracing::warn!(job = %job.id, %error, "a refused job is started by the next look");
        }
        Err(AskError::Overloaded)
    }

    /// Calls a job off. Its asker may, and admins.
    pub async fn cancel(&self, caller: &Caller, id: JobId) -> Result<Job, AskError> {
        for _ in 0..CANCEL_TRIES {
            let (job, version) = self.own_job(caller, id).await?;
            if job.state.is_final() {
                return Ok(job);
            }
            let waits_for_asker = job.state == JobState::AwaitingApproval;
            if !waits_for_asker && self.call_off(caller.org, Which::One(id)).await > 0 {
                return Ok(self.own_job(caller, id).await?.0);
            }
            // Nobody here has it: it waits for its asker, to be given to the hub, for the next look, or
            // another node works at it.
            let mut course = Course::new(self.ports(), job, version);
            if course.end_unless_moved(JobState::Cancelled, None).await? {
                if !waits_for_asker {
                    self.stop_elsewhere(course.job()).await;
                }
                return Ok(course.into_parts().0);
            }
            // It was agreed to, or begun, at the same moment, and is called off like any other.
        }
        Err(AskError::WrongState("this query moves on and on: call it off again"))
    }

    /// Has the node that works at an ended job stop. One that does not hear it finds the end when it
    /// comes to the job's next step.
    async fn stop_elsewhere(&self, job: &Job) {
        let ports = self.ports();
        if job.node == ports.placement.me() {
            return;
        }
        let told = ports.bus.publish(Topic::Nodes, BusEvent::CalledOff(job.id)).await;
        if told.is_err() {
            tracing::debug!(job = %job.id, "another node was not told of an end");
        }
    }

    /// Calls off all that a person has under way, on all nodes: gives how many.
    pub async fn cancel_all(&self, caller: &Caller) -> usize {
        let mut count = self.call_off(caller.org, Which::AllOf(caller.user())).await;
        let ports = self.ports();
        let me = ports.placement.me();
        if me.is_none() {
            return count;
        }
        let open = ports.asking.jobs.unfinished().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "questions of other nodes are not called off");
            Vec::new()
        });
        let is_theirs = |job: &Job| {
            job.asked_by.user == caller.user()
                && job.org == caller.org
                && job.node != me
                && job.state != JobState::AwaitingApproval
        };
        for (job, _) in open.into_iter().filter(|(job, _)| is_theirs(job)) {
            let ended = self.cancel(caller, job.id).await;
            count += usize::from(ended.is_ok_and(|job| job.state == JobState::Cancelled));
        }
        count
    }

    async fn own_job(&self, caller: &Caller, id: JobId) -> Result<(Job, u64), AskError> {
        let found = self.ports().asking.jobs.get(caller.org, id).await?;
        let (job, version) = found.ok_or(AskError::NoJob)?;
        if job.asked_by.user == caller.user() || caller.role.may_administer() {
            return Ok((job, version));
        }
        // Who reads the channel knows that it is there.
        self.chat.head(caller, job.channel).await.map_err(|_| AskError::NoJob)?;
        Err(AskError::Forbidden("only its asker or an admin may do this"))
    }

    /// Runs SQL that a person wrote.
    pub async fn execute(
        &self,
        caller: &Caller,
        connection: ConnectionId,
        sql: String,
        (rows_max, thread): (Option<usize>, Option<ThreadId>),
        is_approved: bool,
    ) -> Result<Rows, ExecuteError> {
        if caller.role == OrgRole::Guest {
            return Err(ExecuteError::NoConnection);
        }
        let thread = match thread {
            Some(id) => {
                let thread = self.chat.get_thread(caller, id).await;
                Some(thread.map_err(|_| ExecuteError::NoThread)?)
            }
            None => None,
        };
        let who = (caller.user(), caller.role);
        let usable = choose::usable(self.ports(), caller.org, who, thread.as_ref()).await?;
        let found = usable.into_iter().find(|usable| usable.id == connection);
        let connection = found.ok_or(ExecuteError::NoConnection)?;
        let chosen = choose::with_schema(self.ports(), connection, thread.as_ref()).await;
        let chosen = chosen.map_err(|_: NotChosen| ExecuteError::Unavailable)?;
        let limits = self.ports().asking.catalog.limits(caller.org).await?;
        let most = self.ports().settings.run.rows_max;
        let execution = Execution {
            org: caller.org,
            user: caller.user(),
            connection: chosen.connection,
            schema: Arc::clone(&chosen.schema),
            sql,
            rows_max: rows_max.unwrap_or(ROWS_DEFAULT).clamp(1, most),
            is_approved,
            limits,
        };
        self.run(execution).await
    }

    async fn run(&self, execution: Execution) -> Result<Rows, ExecuteError> {
        let (reply, answer) = oneshot::channel();
        let cancel = CancellationToken::new();
        let ticket = Ticket {
            id: self.fresh(),
            org: execution.org,
            user: execution.user,
            priority: Priority::Person,
            concurrent_max: execution.limits.concurrent_max,
        };
        let task = Task::Execute(Box::new(execution), reply);
        // Whoever stops waiting does not want it any more.
        let _called_off = cancel.clone().drop_guard();
        if !self.submit(Work { ticket, cancel, task }).await {
            return Err(ExecuteError::Overloaded);
        }
        answer.await.unwrap_or(Err(ExecuteError::Unavailable))
    }
}

/// The job of a question's message. A question that is sent twice is asked once.
const fn job_of(message: MessageId) -> JobId {
    /// Flips bits of the random part, so that the two ids differ.
    const JOB: u128 = 0x4a4f_4221;
    JobId::from_u128(message.as_u128() ^ JOB)
}

fn check_length(field: &'static str, text: &str) -> Result<(), ChatError> {
    if text.is_empty() {
        return Err(ChatError::Invalid { field, message: "must not be empty".to_owned() });
    }
    let fits = text.chars().nth(QUESTION_CHARS_MAX).is_none();
    fits.then_some(()).ok_or_else(|| too_long(field))
}

fn too_long(field: &'static str) -> ChatError {
    let message = format!("must have at most {QUESTION_CHARS_MAX} characters");
    ChatError::Invalid { field, message }
}
