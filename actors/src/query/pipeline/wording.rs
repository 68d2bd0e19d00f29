//! From rows to an answer: chart, words, and the check of their numbers.

use tokio::time::timeout;

use super::ground::Ground;
use super::{Pipeline, Stop};
use crate::domain::{Answer, JobState, ResultTable};
use crate::ports::{ExplainTask, Explained};
use crate::query::statement::Rows;
use crate::query::{chart, insight};

/// Rows that the analyst is shown.
const SHOWN_ROWS_MAX: usize = 50;
/// Rows that an answer carries (wire.md).
const PREVIEW_ROWS_MAX: usize = 100;
/// Bytes of cells that an answer carries: a record of the log's size, not a file.
const PREVIEW_BYTES_MAX: usize = 64 * 1024;
/// Follow-up questions offered.
const FOLLOW_UPS_MAX: usize = 4;

impl Pipeline<'_> {
    /// Says what the rows mean. Whatever fails here, the rows are there: the answer is given.
    pub(super) async fn explain(&mut self, ground: &Ground, ran: Rows) -> Result<Answer, Stop> {
        self.course.enter(JobState::Explaining, None).await?;
        let question = self.course.job().question.clone();
        let chart = chart::choose(&question, &ran.table);
        let row_count = ran.table.rows.len() as u64;
        let task = ExplainTask {
            org: ground.task.org,
            question: question.clone(),
            sql: ran.sql.clone(),
            preview: first_rows(&ran.table, SHOWN_ROWS_MAX),
            row_count,
            is_truncated: ran.table.is_truncated,
            chart: chart.clone(),
        };
        let explaining = self.ports.asking.analyst.explain(&task);
        let cancel = self.cancel;
        let explained = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Stop::Cancelled),
            explained = timeout(self.ports.settings.explain_max, explaining) => explained,
        };
        let explained = match explained {
            Ok(Ok(explained)) => explained,
            Ok(Err(error)) => {
                tracing::warn!(job = %self.course.job().id, %error, "a result has no words");
                plain(&ran.table)
            }
            Err(_) => {
                tracing::warn!(job = %self.course.job().id, "the words took too long");
                plain(&ran.table)
            }
        };
        let Explained { content, summary, chart: proposed, mut follow_ups, usage } = explained;
        self.usage += usage;
        follow_ups.truncate(FOLLOW_UPS_MAX);
        let unchecked_numbers = insight::unchecked(&content, &question, &ran.table, row_count);
        let proposed = proposed.filter(|proposed| chart::fits(proposed, &ran.table));
        Ok(Answer {
            sql: ran.sql,
            preview: first_rows(&ran.table, PREVIEW_ROWS_MAX),
            row_count,
            chart: proposed.or(chart),
            content,
            summary,
            unchecked_numbers,
            execution_ms: u64::try_from(ran.execution.as_millis()).unwrap_or(u64::MAX),
            cached_at: ran.cached_at,
            follow_ups,
            ..self.blank()
        })
    }
}

/// The first rows, as many as there is room for.
fn first_rows(table: &ResultTable, rows_max: usize) -> ResultTable {
    let mut bytes = 0;
    let rows = table.rows.iter().take(rows_max).take_while(|row| {
        bytes += row.iter().map(crate::domain::Cell::bytes).sum::<usize>();
        bytes <= PREVIEW_BYTES_MAX
    });
    let rows: Vec<_> = rows.cloned().collect();
    let is_truncated = table.is_truncated || rows.len() < table.rows.len();
    ResultTable { columns: table.columns.clone(), rows, is_truncated }
}

/// The words when nobody has better ones.
fn plain(table: &ResultTable) -> Explained {
    let content = match (&table.rows[..], table.is_truncated) {
        ([], _) => "The query gave no rows.".to_owned(),
        ([row], false) if row.len() == 1 => format!("The answer is {}.", row[0]),
        (rows, false) => format!("The query gave {} rows.", rows.len()),
        (rows, true) => {
            format!("The query gave more than {} rows; these are the first.", rows.len())
        }
    };
    Explained { summary: content.clone(), content, ..Explained::default() }
}
