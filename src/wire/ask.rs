//! Questions about data: jobs, answers, charts and rows, as REST and sockets show them.
//!
//! Rows travel twice in an answer: as arrays beside their columns, which cannot lose a column whose
//! name another one has, and as objects by name, which is what most programs want. In the objects the
//! second column called `name` is `name_2`.

mod cells;

use std::collections::BTreeMap;

use serde::Serialize;
use starling_actors::domain::{Answer, Chart, Job, JobId, ResultTable};

pub use self::cells::CellView;
use self::cells::{ResultObject, objects};
use super::time::rfc3339;

/// A question on its way.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct JobView {
    /// The job's id.
    pub id: String,
    /// `queued`, `awaiting_approval`, `reading_schema`, `writing_sql`, `checking`, `running`,
    /// `retrying`, `explaining`, `done`, `failed`, `rejected` or `cancelled`.
    pub state: &'static str,
    /// Where the answer goes.
    pub channel_id: String,
    /// The thread it was asked in, if it was asked in one.
    pub thread_id: Option<String>,
    /// The question's own message.
    pub message_id: String,
    /// The asker's id.
    pub asked_by: String,
    /// The words.
    pub question: String,
    /// The connection it is asked of, once that is known.
    pub connection_id: Option<String>,
    /// What the guard let through last.
    pub sql: Option<String>,
    /// The answer's message, once there is one.
    pub answer_message_id: Option<String>,
    /// Why there is no answer, in a sentence.
    pub error: Option<String>,
    /// The same as a stable word.
    pub error_code: Option<&'static str>,
    /// Times that it was given to a worker.
    pub attempts: u32,
    /// When it was asked.
    pub created_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// Milliseconds by the states that it left.
    pub timings: BTreeMap<&'static str, u64>,
}

impl JobView {
    /// A job.
    pub fn new(job: &Job) -> Self {
        let mut timings = BTreeMap::new();
        for (state, ms) in &job.timings {
            // A state that was entered twice (`running`, when the first SQL failed) counts in sum.
            *timings.entry(state.as_str()).or_default() += ms;
        }
        Self {
            id: job.id.to_string(),
            state: job.state.as_str(),
            channel_id: job.channel.to_string(),
            thread_id: job.thread.map(|id| id.to_string()),
            message_id: job.message.to_string(),
            asked_by: job.asked_by.user.to_string(),
            question: job.question.clone(),
            connection_id: job.connection.map(|id| id.to_string()),
            sql: job.sql.clone(),
            answer_message_id: job.answer.map(|id| id.to_string()),
            error: job.error.as_ref().map(|error| error.message.clone()),
            error_code: job.error.as_ref().map(|error| error.code),
            attempts: job.attempts,
            created_at: rfc3339(job.created_at),
            finished_at: job.finished_at.map(rfc3339),
            timings,
        }
    }
}

/// What a question came to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AnswerView {
    /// The job that it belongs to.
    pub job_id: String,
    /// The question.
    pub query: String,
    /// Why this SQL, in the model's words.
    pub reasoning: String,
    /// What was run; empty when nothing was.
    pub sql: String,
    /// The same as `sql`.
    pub generated_sql: String,
    /// Whether anything was run.
    pub sql_was_executed: bool,
    /// In the order of the query.
    pub columns: Vec<ColumnView>,
    /// The rows of `query_result_preview`, by the columns' names.
    #[schema(value_type = Vec<Object>)]
    pub results: Vec<ResultObject>,
    /// The first rows.
    pub query_result_preview: PreviewView,
    /// How many rows there were, up to the limit.
    pub full_result_row_count: u64,
    /// Whether there were more rows than the limit.
    pub truncated: bool,
    /// How it is drawn, if it is.
    pub chart_config: Option<ChartView>,
    /// What is said about it.
    pub content: String,
    /// The answer in one sentence.
    pub context_summary: String,
    /// Numbers of `content` that are not found in the result.
    pub unchecked_numbers: Vec<String>,
    /// Seconds in the database.
    pub execution_time: f64,
    /// Milliseconds in the database.
    pub execution_time_ms: u64,
    /// Summed over all calls of models.
    pub token_usage: TokenUsageView,
    /// Who wrote it: the model's name, or the built-in assistant's.
    pub model: String,
    /// Whether the rows were read earlier.
    pub cached: bool,
    /// When they were, if so.
    pub cached_at: Option<String>,
    /// Where the data comes from.
    pub connection_id: Option<String>,
    /// Questions that could follow.
    pub follow_ups: Vec<String>,
    /// The topic that the built-in assistant heard, when it answered by topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detected_intent: Option<String>,
    /// The question, when the built-in assistant answered by topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_message: Option<String>,
    /// Who said that it is right.
    pub verified_by: Option<super::message::AuthorView>,
    /// Why there is no result, when there is none.
    pub error_message: Option<String>,
    /// The same as a stable word.
    pub error_code: Option<&'static str>,
    /// When it was given.
    pub created_at: String,
}

/// In place of an answer whose data not every reader of the channel may see.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RestrictedAnswerView {
    /// Always true.
    pub restricted: bool,
    /// Whose answer it is; `GET /api/v1/queries/{job}/answer` gives it to those who may see it.
    pub job_id: String,
}

/// A column of a result.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ColumnView {
    /// As the engine named it; two may share a name.
    pub name: String,
    /// `boolean`, `integer`, `float`, `decimal`, `text`, `date`, `time`, `timestamp`, `json`,
    /// `bytes` or `other`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// Rows as arrays.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PreviewView {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Each as long as `columns`.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    pub rows: Vec<Vec<CellView>>,
}

/// What models were fed and gave.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct TokenUsageView {
    /// Read.
    pub input_tokens: u64,
    /// Written.
    pub output_tokens: u64,
}

/// A chart as a closed description (ChartConfig).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ChartView {
    /// `bar`, `horizontal_bar`, `line`, `area`, `pie`, `scatter`, `kpi` or `table`.
    pub chart_type: &'static str,
    /// The column along the axis; the number itself for `kpi`.
    pub x_column: String,
    /// The first measure.
    pub y_column: Option<String>,
    /// All measures, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub y_columns: Vec<String>,
    /// The column that splits the measure into series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series_column: Option<String>,
    /// What is written above it.
    pub title: String,
}

/// What SQL of a person gave.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExecutedView {
    /// In the order of the query.
    pub columns: Vec<ColumnView>,
    /// Each as long as `columns`.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    pub rows: Vec<Vec<CellView>>,
    /// How many rows are given.
    pub row_count: usize,
    /// Whether there were more.
    pub truncated: bool,
    /// Milliseconds in the database.
    pub execution_time_ms: u64,
    /// Whether the rows were read earlier.
    pub cached: bool,
    /// When they were, if so.
    pub cached_at: Option<String>,
    /// What was run, as the guard rendered it.
    pub sql: String,
}

impl AnswerView {
    /// An answer, for those who may see its data.
    pub fn new(answer: &Answer) -> Self {
        let asked_topic = answer.intent.as_ref().map(|_| answer.question.clone());
        Self {
            job_id: answer.job.to_string(),
            query: answer.question.clone(),
            reasoning: answer.reasoning.clone(),
            sql: answer.sql.clone(),
            generated_sql: answer.sql.clone(),
            sql_was_executed: !answer.sql.is_empty(),
            columns: columns(&answer.preview),
            results: objects(&answer.preview),
            query_result_preview: PreviewView::new(&answer.preview),
            full_result_row_count: answer.row_count,
            truncated: answer.preview.is_truncated,
            chart_config: answer.chart.as_ref().map(ChartView::new),
            content: answer.content.clone(),
            context_summary: answer.summary.clone(),
            unchecked_numbers: answer.unchecked_numbers.clone(),
            execution_time: seconds(answer.execution_ms),
            execution_time_ms: answer.execution_ms,
            token_usage: TokenUsageView {
                input_tokens: answer.usage.input,
                output_tokens: answer.usage.output,
            },
            model: answer.model.clone(),
            cached: answer.cached_at.is_some(),
            cached_at: answer.cached_at.map(rfc3339),
            connection_id: answer.connection.map(|id| id.to_string()),
            follow_ups: answer.follow_ups.clone(),
            detected_intent: answer.intent.clone(),
            original_message: asked_topic,
            verified_by: answer.verified_by.as_ref().map(super::message::AuthorView::new),
            error_message: answer.error.as_ref().map(|error| error.message.clone()),
            error_code: answer.error.as_ref().map(|error| error.code),
            created_at: rfc3339(answer.created_at),
        }
    }

    /// The same as a value, for the `llm_context` of a message.
    pub fn value(answer: &Answer) -> Option<serde_json::Value> {
        serde_json::to_value(Self::new(answer)).ok()
    }
}

impl RestrictedAnswerView {
    /// The stub of a job's answer.
    pub fn new(job: JobId) -> Self {
        Self { restricted: true, job_id: job.to_string() }
    }

    /// The same as a value, for the `llm_context` of a message.
    pub fn value(job: JobId) -> serde_json::Value {
        serde_json::json!({ "restricted": true, "job_id": job.to_string() })
    }
}

impl PreviewView {
    /// Rows as arrays.
    pub fn new(table: &ResultTable) -> Self {
        let names = table.columns.iter().map(|column| column.name.clone()).collect();
        Self { columns: names, rows: rows(table) }
    }
}

impl ChartView {
    /// A chart.
    pub fn new(chart: &Chart) -> Self {
        Self {
            chart_type: chart.kind.as_str(),
            x_column: chart.x_column.clone(),
            y_column: chart.y_column.clone(),
            y_columns: chart.y_columns.clone(),
            series_column: chart.series_column.clone(),
            title: chart.title.clone(),
        }
    }
}

/// The columns of a result.
pub fn columns(table: &ResultTable) -> Vec<ColumnView> {
    let view = |column: &starling_actors::domain::ResultColumn| ColumnView {
        name: column.name.clone(),
        kind: column.kind.as_str(),
    };
    table.columns.iter().map(view).collect()
}

/// The rows of a result as arrays.
pub fn rows(table: &ResultTable) -> Vec<Vec<CellView>> {
    table.rows.iter().map(|row| row.iter().map(CellView::from).collect()).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a query's milliseconds are far below 2^52")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
