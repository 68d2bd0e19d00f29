//! A job as it is kept.

use std::collections::BTreeSet;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    ChannelId, ConnectionId, Job, JobError, JobId, JobState, MessageId, NodeId, OrgId, OrgRole,
    Priority, ThreadId,
};

use super::text::{At, Id, StoredByline, Word};

/// Different words for errors that this process has met in stored jobs. They are a few dozen; the
/// limit keeps a damaged database from filling the memory.
const CODES_MAX: usize = 256;

/// A question on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct StoredJob {
    id: Id<JobId>,
    org: Id<OrgId>,
    channel: Id<ChannelId>,
    thread: Option<Id<ThreadId>>,
    message: Id<MessageId>,
    asked_by: StoredByline,
    role: Word<OrgRole>,
    question: String,
    context: Option<String>,
    connection: Option<Id<ConnectionId>>,
    priority: Word<Priority>,
    state: Word<JobState>,
    sql: Option<String>,
    is_approved: bool,
    #[serde(default)]
    node: Option<Id<NodeId>>,
    attempts: u32,
    answer: Option<Id<MessageId>>,
    /// Code and message.
    error: Option<(String, String)>,
    timings: Vec<(Word<JobState>, u64)>,
    created_at: At,
    updated_at: At,
    finished_at: Option<At>,
}

impl From<&Job> for StoredJob {
    fn from(job: &Job) -> Self {
        let error = job.error.as_ref();
        Self {
            id: Id(job.id),
            org: Id(job.org),
            channel: Id(job.channel),
            thread: job.thread.map(Id),
            message: Id(job.message),
            asked_by: (&job.asked_by).into(),
            role: Word(job.role),
            question: job.question.clone(),
            context: job.context.clone(),
            connection: job.connection.map(Id),
            priority: Word(job.priority),
            state: Word(job.state),
            sql: job.sql.clone(),
            is_approved: job.is_approved,
            node: job.node.map(Id),
            attempts: job.attempts,
            answer: job.answer.map(Id),
            error: error.map(|error| (error.code.to_owned(), error.message.clone())),
            timings: job.timings.iter().map(|(state, ms)| (Word(*state), *ms)).collect(),
            created_at: job.created_at.into(),
            updated_at: job.updated_at.into(),
            finished_at: job.finished_at.map(At::from),
        }
    }
}

impl From<StoredJob> for Job {
    fn from(stored: StoredJob) -> Self {
        let error = stored.error;
        Self {
            id: stored.id.0,
            org: stored.org.0,
            channel: stored.channel.0,
            thread: stored.thread.map(|id| id.0),
            message: stored.message.0,
            asked_by: stored.asked_by.into(),
            role: stored.role.0,
            question: stored.question,
            context: stored.context,
            connection: stored.connection.map(|id| id.0),
            priority: stored.priority.0,
            state: stored.state.0,
            sql: stored.sql,
            is_approved: stored.is_approved,
            node: stored.node.map(|id| id.0),
            attempts: stored.attempts,
            answer: stored.answer.map(|id| id.0),
            error: error.map(|(code, message)| JobError { code: known(&code), message }),
            timings: stored.timings.into_iter().map(|(state, ms)| (state.0, ms)).collect(),
            created_at: stored.created_at.into(),
            updated_at: stored.updated_at.into(),
            finished_at: stored.finished_at.map(Into::into),
        }
    }
}

/// The word for an error, for as long as the process lives: this or another version wrote it into its
/// source, so there are few.
pub(super) fn known(code: &str) -> &'static str {
    static CODES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut codes = CODES.lock();
    if let Some(known) = codes.get(code) {
        return known;
    }
    if codes.len() >= CODES_MAX {
        return "failed";
    }
    let code: &'static str = code.to_owned().leak();
    codes.insert(code);
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errors_word_is_kept_once() {
        let first = known("query_timeout");
        assert!(std::ptr::eq(first, known("query_timeout")));
        assert_eq!(first, "query_timeout");
    }
}
