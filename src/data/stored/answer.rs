//! An answer as it is kept, and the examples that verified answers become.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    Answer, Audience, ChannelId, Chart, ChartKind, ConnectionId, JobError, JobId, OrgId, TokenUsage,
};

use super::job::known;
use super::table::StoredTable;
use super::text::{At, Id, StoredByline, Word};

/// Bytes kept of any one text of an answer: what a model says in good faith is far shorter.
const TEXT_BYTES_MAX: usize = 32 * 1024;

/// What a question came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct StoredAnswer {
    job: Id<JobId>,
    org: Id<OrgId>,
    channel: Id<ChannelId>,
    question: String,
    connection: Option<Id<ConnectionId>>,
    sql: String,
    reasoning: String,
    preview: StoredTable,
    row_count: u64,
    chart: Option<StoredChart>,
    content: String,
    summary: String,
    unchecked_numbers: Vec<String>,
    execution_ms: u64,
    input_tokens: u64,
    output_tokens: u64,
    model: String,
    cached_at: Option<At>,
    follow_ups: Vec<String>,
    intent: Option<String>,
    verified_by: Option<StoredByline>,
    audience: Word<Audience>,
    /// Code and message.
    error: Option<(String, String)>,
    created_at: At,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredChart {
    kind: Word<ChartKind>,
    x_column: String,
    y_column: Option<String>,
    #[serde(default)]
    y_columns: Vec<String>,
    series_column: Option<String>,
    title: String,
}

/// A question with SQL that a person has verified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct StoredExample {
    /// The words.
    pub(in crate::data) question: String,
    /// Its SQL.
    pub(in crate::data) sql: String,
}

fn bounded(text: &str) -> String {
    text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_owned()
}

impl From<&Answer> for StoredAnswer {
    fn from(answer: &Answer) -> Self {
        let error = answer.error.as_ref();
        Self {
            job: Id(answer.job),
            org: Id(answer.org),
            channel: Id(answer.channel),
            question: bounded(&answer.question),
            connection: answer.connection.map(Id),
            sql: answer.sql.clone(),
            reasoning: bounded(&answer.reasoning),
            preview: StoredTable::preview(&answer.preview),
            row_count: answer.row_count,
            chart: answer.chart.as_ref().map(StoredChart::from),
            content: bounded(&answer.content),
            summary: bounded(&answer.summary),
            unchecked_numbers: answer.unchecked_numbers.clone(),
            execution_ms: answer.execution_ms,
            input_tokens: answer.usage.input,
            output_tokens: answer.usage.output,
            model: answer.model.clone(),
            cached_at: answer.cached_at.map(At::from),
            follow_ups: answer.follow_ups.clone(),
            intent: answer.intent.clone(),
            verified_by: answer.verified_by.as_ref().map(StoredByline::from),
            audience: Word(answer.audience),
            error: error.map(|error| (error.code.to_owned(), bounded(&error.message))),
            created_at: answer.created_at.into(),
        }
    }
}

impl From<StoredAnswer> for Answer {
    fn from(stored: StoredAnswer) -> Self {
        let error = stored.error;
        Self {
            job: stored.job.0,
            org: stored.org.0,
            channel: stored.channel.0,
            question: stored.question,
            connection: stored.connection.map(|id| id.0),
            sql: stored.sql,
            reasoning: stored.reasoning,
            preview: stored.preview.into(),
            row_count: stored.row_count,
            chart: stored.chart.map(Chart::from),
            content: stored.content,
            summary: stored.summary,
            unchecked_numbers: stored.unchecked_numbers,
            execution_ms: stored.execution_ms,
            usage: TokenUsage { input: stored.input_tokens, output: stored.output_tokens },
            model: stored.model,
            cached_at: stored.cached_at.map(Into::into),
            follow_ups: stored.follow_ups,
            intent: stored.intent,
            verified_by: stored.verified_by.map(Into::into),
            audience: stored.audience.0,
            error: error.map(|(code, message)| JobError { code: known(&code), message }),
            created_at: stored.created_at.into(),
        }
    }
}

impl From<&Chart> for StoredChart {
    fn from(chart: &Chart) -> Self {
        Self {
            kind: Word(chart.kind),
            x_column: chart.x_column.clone(),
            y_column: chart.y_column.clone(),
            y_columns: chart.y_columns.clone(),
            series_column: chart.series_column.clone(),
            title: chart.title.clone(),
        }
    }
}

impl From<StoredChart> for Chart {
    fn from(stored: StoredChart) -> Self {
        let StoredChart { kind, x_column, y_column, y_columns, series_column, title } = stored;
        Self { kind: kind.0, x_column, y_column, y_columns, series_column, title }
    }
}
