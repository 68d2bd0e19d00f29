//! Questions about data: the job that answers one, and its answer.

use super::{
    Byline, ChannelId, Chart, ConnectionId, JobId, MessageId, NodeId, OrgId, OrgRole, ResultTable,
    ThreadId, Timestamp, UserId,
};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobState {
    /// Waits for a worker.
    Queued,
    /// Its SQL would cost much: its asker has to agree.
    AwaitingApproval,
    /// Reads what the connection holds.
    ReadingSchema,
    /// Waits for the model's SQL.
    WritingSql,
    /// In the guard.
    Checking,
    /// In the database.
    Running,
    /// The first SQL failed; a second is written.
    Retrying,
    /// Waits for the words about the result.
    Explaining,
    /// Answered.
    Done,
    /// Could not be answered.
    Failed,
    /// The guard refused the SQL.
    Rejected,
    /// Called off.
    Cancelled,
}

impl JobState {
    /// Whether nothing more will happen to it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Rejected | Self::Cancelled)
    }
}

/// How soon a job gets a worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A person waits.
    #[default]
    Person,
    /// Nobody waits: alerts, dashboards, refreshes.
    Schedule,
}

/// Why a job ended without an answer, in words for its asker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobError {
    /// A stable word: `query_rejected`, `query_timeout` …
    pub code: &'static str,
    /// A sentence that says what can be done.
    pub message: String,
}

impl JobError {
    /// Whether its words may name parts of a connection's schema, or values out of its samples.
    pub fn tells_of_data(&self) -> bool {
        matches!(self.code, "cannot_answer" | "query_rejected" | "query_failed")
    }
}

/// One question on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Never reused; the answer's idempotency key.
    pub id: JobId,
    /// The tenant.
    pub org: OrgId,
    /// Where the answer goes.
    pub channel: ChannelId,
    /// The thread it was asked in.
    pub thread: Option<ThreadId>,
    /// The question's own message.
    pub message: MessageId,
    /// Who asks, as they were then.
    pub asked_by: Byline,
    /// What the asker may do.
    pub role: OrgRole,
    /// The words.
    pub question: String,
    /// What the asker added to them.
    pub context: Option<String>,
    /// Where the answer is looked for; chosen in the pipeline when the asker did not say.
    pub connection: Option<ConnectionId>,
    /// How soon.
    pub priority: Priority,
    /// Where it stands.
    pub state: JobState,
    /// What the guard let through last.
    pub sql: Option<String>,
    /// Whether the asker agreed to the cost.
    pub is_approved: bool,
    /// The node that has it; absent where there is only one. Another takes it over when that is gone.
    pub node: Option<NodeId>,
    /// Times that it was given to a worker.
    pub attempts: u32,
    /// The answer's message.
    pub answer: Option<MessageId>,
    /// Why there is none.
    pub error: Option<JobError>,
    /// Milliseconds spent in each state that it left, in order.
    pub timings: Vec<(JobState, u64)>,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it entered its state.
    pub updated_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// What models were fed and gave, summed over all calls of one job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Read.
    pub input: u64,
    /// Written.
    pub output: u64,
}

impl std::ops::AddAssign for TokenUsage {
    fn add_assign(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
    }
}

/// Who may see an answer's data. Whoever reads it later is checked again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everyone of the organization, so frames may carry it.
    #[default]
    Organization,
    /// Every member of the channel, by a list: frames refer to it.
    Listed,
    /// Not every member: the channel has a note in its place.
    Restricted,
}

/// How the assistant is shown beside its answers. It is nobody's account: its id follows from the
/// organization's, which no person's does.
pub fn assistant_byline(org: OrgId) -> Byline {
    /// Flips bits of the random part, so that the id keeps its form.
    const ASSISTANT: u128 = 0x5354_4152;
    Byline {
        user: UserId::from_u128(org.as_u128() ^ ASSISTANT),
        username: "starling".to_owned(),
        full_name: "Starling".to_owned(),
        avatar_url: String::new(),
    }
}

/// What a question came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The job that it belongs to.
    pub job: JobId,
    /// The tenant.
    pub org: OrgId,
    /// Where it was given.
    pub channel: ChannelId,
    /// The question.
    pub question: String,
    /// Where its data comes from; absent when it has none.
    pub connection: Option<ConnectionId>,
    /// What was run, as the guard rendered it; empty when nothing was.
    pub sql: String,
    /// Why this SQL, in the model's words.
    pub reasoning: String,
    /// The first rows.
    pub preview: ResultTable,
    /// How many rows there were, up to the limit.
    pub row_count: u64,
    /// How it is drawn.
    pub chart: Option<Chart>,
    /// What is said about it.
    pub content: String,
    /// One sentence, for the questions that follow.
    pub summary: String,
    /// Numbers of `content` that are not found in the result.
    pub unchecked_numbers: Vec<String>,
    /// Time in the database.
    pub execution_ms: u64,
    /// Over all calls.
    pub usage: TokenUsage,
    /// Who wrote it: the model's name, or the built-in assistant's.
    pub model: String,
    /// When the rows were read, if they came from the cache.
    pub cached_at: Option<Timestamp>,
    /// Questions that could follow.
    pub follow_ups: Vec<String>,
    /// Which topic the built-in assistant heard, when it answered by topic.
    pub intent: Option<String>,
    /// Who said that it is right.
    pub verified_by: Option<Byline>,
    /// Who could see it when it was given.
    pub audience: Audience,
    /// Why there is no data in it, when the question failed.
    pub error: Option<JobError>,
    /// When it was given.
    pub created_at: Timestamp,
}

impl Answer {
    /// Whether it tells of what its connection holds: by rows, by SQL, or by words of an analyst that
    /// was shown the connection's tables and samples. Known topics and failures of the way do not.
    pub fn tells_of_data(&self) -> bool {
        let has_words =
            self.intent.is_none() && self.error.as_ref().is_none_or(JobError::tells_of_data);
        self.connection.is_some() && (has_words || !self.sql.is_empty())
    }
}

impl Answer {
    /// An answer to a job in which nothing is said yet.
    pub fn blank(job: &Job, created_at: Timestamp) -> Self {
        Self {
            job: job.id,
            org: job.org,
            channel: job.channel,
            question: job.question.clone(),
            connection: job.connection,
            sql: String::new(),
            reasoning: String::new(),
            preview: ResultTable::default(),
            row_count: 0,
            chart: None,
            content: String::new(),
            summary: String::new(),
            unchecked_numbers: Vec::new(),
            execution_ms: 0,
            usage: TokenUsage::default(),
            model: String::new(),
            cached_at: None,
            follow_ups: Vec::new(),
            intent: None,
            verified_by: None,
            audience: Audience::default(),
            error: None,
            created_at,
        }
    }
}
