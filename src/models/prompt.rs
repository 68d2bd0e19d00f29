//! Puts prompts together: our rules in the system part, everybody else's words fenced in the other.
//!
//! **Invariant:** a prompt has a bound, whatever is asked and however much is known.

use std::fmt::Write as _;
use std::sync::Arc;

use starling_actors::domain::{Chart, Schema};
use starling_actors::ports::{DraftTask, ExplainTask, Metric};

use super::call::Prompt;
use super::fence::{enclosed, fenced, line, sentence};
use super::prompt_schema::{SCHEMA_CHARS_MAX, told};
use super::prompt_text as text;

/// Questions are messages, and those have at most 5,000 characters.
const QUESTION_CHARS_MAX: usize = 5_000;
const CONTEXT_CHARS_MAX: usize = 4_000;
/// Turns of the conversation that are told: what was ten questions ago is another subject.
const TURNS_MAX: usize = 10;
const TURN_CHARS_MAX: usize = 500;
const SUMMARY_CHARS_MAX: usize = 300;
const EXAMPLES_MAX: usize = 8;
const METRICS_MAX: usize = 30;
/// Longest SQL of a turn or an example: longer ones teach nothing that shorter ones do not.
const SQL_CHARS_MAX: usize = 1_500;
const FAILED_SQL_CHARS_MAX: usize = 8_000;
const FAILURE_CHARS_MAX: usize = 1_000;

/// Rows of a result that a model is shown, and characters of each cell and of all.
const ROWS_MAX: usize = 50;
const CELL_CHARS_MAX: usize = 80;
const RESULT_CHARS_MAX: usize = 16_000;
const COLUMNS_MAX: usize = 40;

/// Tables of one call for descriptions, so that the answer fits its limit of tokens.
pub(super) const DESCRIBE_TABLES_MAX: usize = 4;
/// Tokens for them: a sentence for each of about 100 columns.
const DESCRIBE_TOKENS_MAX: u32 = 6_000;

/// Asks for SQL. `is_again` when the last answer could not be read.
pub(super) fn draft(task: &DraftTask, tokens_max: u32, is_again: bool) -> Prompt {
    let mut system = text::DRAFT.to_owned();
    system.push_str(task.dialect.map_or(text::NO_CONNECTION, text::dialect));
    if is_again {
        system.push_str(text::AGAIN);
    }
    let mut user = enclosed("schema", &told(&task.schema, &subject(task), SCHEMA_CHARS_MAX));
    user.push_str(&metrics(&task.metrics));
    user.push_str(&examples(task));
    user.push_str(&conversation(task));
    if let Some(failed) = &task.failed {
        user.push_str(&fenced("failed_sql", &failed.sql, FAILED_SQL_CHARS_MAX));
        user.push_str(&fenced("failure", &failed.reason, FAILURE_CHARS_MAX));
        user.push_str("That query failed. Write another one that avoids it.\n");
    }
    if let Some(context) = &task.context {
        user.push_str(&fenced("context", context, CONTEXT_CHARS_MAX));
    }
    let _infallible = writeln!(user, "Today is {}.", line(&task.today, 10));
    user.push_str(&fenced("question", &task.question, QUESTION_CHARS_MAX));
    Prompt { system, user, tokens_max }
}

/// What is looked for in many tables: the question, what it continues, and what its words stand for.
fn subject(task: &DraftTask) -> String {
    let question = task.question.to_lowercase();
    let meant = task.metrics.iter().filter(|metric| question.contains(&metric.name.to_lowercase()));
    let meant = meant.flat_map(|metric| [metric.table.as_str(), metric.expression.as_str()]);
    let last = task.history.last();
    let last = last
        .into_iter()
        .flat_map(|turn| [turn.question.as_str(), turn.sql.as_deref().unwrap_or("")]);
    let given = [task.question.as_str(), task.context.as_deref().unwrap_or("")];
    given.into_iter().chain(meant).chain(last).collect::<Vec<_>>().join(" ")
}

fn metrics(metrics: &[Metric]) -> String {
    if metrics.is_empty() {
        return String::new();
    }
    let lines = metrics.iter().take(METRICS_MAX).map(|metric| {
        let about = match metric.description.trim() {
            "" => String::new(),
            about => format!(" ({})", line(about, TURN_CHARS_MAX)),
        };
        let expression = line(&metric.expression, TURN_CHARS_MAX);
        format!(
            "{} = {expression} over {}{about}\n",
            line(&metric.name, 100),
            line(&metric.table, 200)
        )
    });
    enclosed("metrics", &lines.collect::<String>())
}

fn examples(task: &DraftTask) -> String {
    if task.examples.is_empty() {
        return String::new();
    }
    let pairs = task.examples.iter().take(EXAMPLES_MAX).map(|example| {
        let question = line(&example.question, TURN_CHARS_MAX);
        format!("question: {question}\nSQL: {}\n", line(&example.sql, SQL_CHARS_MAX))
    });
    enclosed("examples", &pairs.collect::<String>())
}

/// The last turns, each answer in one sentence.
fn conversation(task: &DraftTask) -> String {
    if task.history.is_empty() {
        return String::new();
    }
    let turns = &task.history[task.history.len().saturating_sub(TURNS_MAX)..];
    let mut told = String::new();
    for turn in turns {
        let _infallible = writeln!(told, "asked: {}", line(&turn.question, TURN_CHARS_MAX));
        if let Some(sql) = &turn.sql {
            let _infallible = writeln!(told, "SQL: {}", line(sql, SQL_CHARS_MAX));
        }
        let _infallible =
            writeln!(told, "answered: {}", sentence(&turn.summary, SUMMARY_CHARS_MAX));
    }
    enclosed("conversation", &told)
}

/// Asks what a result means.
pub(super) fn explain(task: &ExplainTask, tokens_max: u32) -> Prompt {
    let mut user = fenced("question", &task.question, QUESTION_CHARS_MAX);
    user.push_str(&fenced("sql", &task.sql, FAILED_SQL_CHARS_MAX));
    let (rows, shown) = result(task);
    user.push_str(&enclosed("result", &rows));
    let limit = if task.is_truncated { ", and there are more than the limit" } else { "" };
    let _infallible = writeln!(user, "{shown} of {} rows are shown{limit}.", task.row_count);
    if let Some(chart) = &task.chart {
        user.push_str(&enclosed("chart", &of_chart(chart)));
    }
    Prompt { system: text::EXPLAIN.to_owned(), user, tokens_max }
}

fn of_chart(chart: &Chart) -> String {
    let measure = chart.y_column.as_deref().unwrap_or("none");
    let (axis, measure) = (line(&chart.x_column, CELL_CHARS_MAX), line(measure, CELL_CHARS_MAX));
    format!("{} of {measure} over {axis}", chart.kind.as_str())
}

/// The first rows, a line each, as many as fit; and how many these are.
fn result(task: &ExplainTask) -> (String, usize) {
    let table = &task.preview;
    let names =
        table.columns.iter().take(COLUMNS_MAX).map(|column| line(&column.name, CELL_CHARS_MAX));
    let mut told = names.collect::<Vec<_>>().join(" | ");
    told.push('\n');
    let mut chars = told.chars().count();
    let mut shown = 0;
    for row in table.rows.iter().take(ROWS_MAX) {
        let cells =
            row.iter().take(COLUMNS_MAX).map(|cell| line(&cell.to_string(), CELL_CHARS_MAX));
        let row = cells.collect::<Vec<_>>().join(" | ");
        chars += row.chars().count() + 1;
        if chars > RESULT_CHARS_MAX {
            break;
        }
        told.push_str(&row);
        told.push('\n');
        shown += 1;
    }
    (told, shown)
}

/// Asks for descriptions of a few tables.
pub(super) fn describe(schema: &Arc<Schema>) -> Prompt {
    Prompt {
        system: text::DESCRIBE.to_owned(),
        user: enclosed("schema", &told(schema, "", SCHEMA_CHARS_MAX)),
        tokens_max: DESCRIBE_TOKENS_MAX,
    }
}
