//! Whoever writes SQL and says what a result means: a language model, or the built-in assistant.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::{Chart, Dialect, OrgId, ResultTable, Schema, TokenUsage};

/// Turns questions into SQL, and results into words.
///
/// Contract:
/// - What it gives is a proposal: nothing of it is run before the guard has rendered it.
/// - It never guesses: what it cannot answer it says so.
/// - Tokens are counted for every call, failed ones included where the model said them.
/// - Time is the caller's: a call whose future is dropped stops.
#[async_trait]
pub trait Analyst: Send + Sync + 'static {
    /// Writes SQL for a question, or says why not.
    async fn draft(&self, task: &DraftTask) -> Result<Drafted, AnalystError>;

    /// Says what a result means, and how it is best drawn.
    async fn explain(&self, task: &ExplainTask) -> Result<Explained, AnalystError>;

    /// Describes tables and columns that have no description yet; nothing where nobody can.
    async fn describe(&self, task: &DescribeTask) -> Result<Described, AnalystError>;

    /// Who would answer for this organization: a model's name, or the built-in assistant's.
    async fn name(&self, org: OrgId) -> String;
}

/// What is needed to write SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftTask {
    /// Whose model and keys.
    pub org: OrgId,
    /// The words.
    pub question: String,
    /// What the asker added.
    pub context: Option<String>,
    /// The language to write; `None` when there is no connection to ask.
    pub dialect: Option<Dialect>,
    /// Tables that may be used, and only these: already chosen, with what is known of them.
    pub schema: Arc<Schema>,
    /// The conversation so far, oldest first.
    pub history: Vec<Turn>,
    /// Questions whose SQL a person has verified.
    pub examples: Vec<Example>,
    /// What the business means by its words.
    pub metrics: Vec<Metric>,
    /// The day it is, as `2026-11-21`.
    pub today: String,
    /// The first try and why it failed, when this is the second.
    pub failed: Option<FailedDraft>,
}

/// An earlier question of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The words.
    pub question: String,
    /// What was run.
    pub sql: Option<String>,
    /// The answer in one sentence.
    pub summary: String,
}

/// A question with SQL that a person has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The words.
    pub question: String,
    /// Its SQL.
    pub sql: String,
}

/// What a word means: "revenue = sum(quantity * unit_price)".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The word.
    pub name: String,
    /// An SQL expression over one table.
    pub expression: String,
    /// The table that it is over.
    pub table: String,
    /// More about it.
    pub description: String,
}

/// A try that did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedDraft {
    /// What was tried.
    pub sql: String,
    /// Why it failed, without any value of a cell.
    pub reason: String,
}

/// What came of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// What.
    pub draft: Draft,
    /// What it took.
    pub usage: TokenUsage,
    /// Who wrote it.
    pub model: String,
}

/// SQL, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// A proposal for the guard.
    Sql {
        /// One statement.
        sql: String,
        /// Why this one.
        reasoning: String,
    },
    /// The question is not about data.
    NotData {
        /// What is answered to it.
        reply: String,
        /// Which documented topic was heard.
        intent: Option<String>,
    },
    /// The data cannot answer it, or the question is not clear.
    CannotAnswer {
        /// Why, and what could be asked instead.
        reason: String,
    },
}

/// What is needed to say what a result means.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainTask {
    /// Whose model and keys.
    pub org: OrgId,
    /// The words.
    pub question: String,
    /// What was run.
    pub sql: String,
    /// The first rows, at most 50.
    pub preview: ResultTable,
    /// How many rows there were, up to the limit.
    pub row_count: u64,
    /// Whether there were more rows than the limit.
    pub is_truncated: bool,
    /// The chart that our rules chose.
    pub chart: Option<Chart>,
}

/// What is said about a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// For people.
    pub content: String,
    /// One sentence, for the questions that follow.
    pub summary: String,
    /// Another chart than the rules chose.
    pub chart: Option<Chart>,
    /// Questions that could follow.
    pub follow_ups: Vec<String>,
    /// What it took.
    pub usage: TokenUsage,
}

/// What is needed to describe tables.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTask {
    /// Whose model and keys.
    pub org: OrgId,
    /// The tables.
    pub schema: Arc<Schema>,
}

/// Descriptions by (table, column); the column is empty for the table itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// What is said, as (table, column, description, business term).
    pub entries: Vec<(String, String, String, String)>,
    /// What it took.
    pub usage: TokenUsage,
}

/// Why an analyst gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnalystError {
    /// It is down, overloaded or unreachable; asking later may help.
    #[error("the model is unavailable: {0}")]
    Unavailable(String),
    /// It does not take our key or our request; an admin has to look.
    #[error("the model refused the request: {0}")]
    Refused(String),
    /// What it said makes no sense to us.
    #[error("the model's answer could not be read: {0}")]
    Unreadable(String),
}
