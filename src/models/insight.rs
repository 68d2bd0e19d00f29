//! Reads what a model says about a result: words, a chart out of the closed list, further questions.
//!
//! A text that is no JSON is still an insight. What does not fit the result is left out; nothing of
//! it is an error.

use serde::Deserialize;
use serde_json::Value;
use starling_actors::domain::{Chart, ChartKind, ResultTable};
use starling_actors::ports::Explained;

use super::fence::{clipped, sentence};

/// Four sentences with room: longer ones nobody reads in a chat.
const CONTENT_CHARS_MAX: usize = 2_000;
const SUMMARY_CHARS_MAX: usize = 300;
const TITLE_CHARS_MAX: usize = 120;
const FOLLOW_UPS_MAX: usize = 3;
const FOLLOW_UP_CHARS_MAX: usize = 160;
/// Measures of one chart: colours that people still tell apart.
const MEASURES_MAX: usize = 8;

#[derive(Deserialize)]
struct Said {
    #[serde(alias = "content", alias = "text")]
    insight: Option<String>,
    #[serde(alias = "context_summary")]
    summary: Option<String>,
    #[serde(alias = "chart_config")]
    chart: Option<Value>,
    #[serde(default, alias = "followups", alias = "suggestions")]
    follow_ups: Value,
}

/// What is said, cut and fitted to the result.
pub(super) fn read(text: &str, table: &ResultTable) -> Explained {
    let said = object(text).and_then(|object| serde_json::from_str::<Said>(object).ok());
    let Some(said) = said.filter(|said| said.insight.is_some() || said.summary.is_some()) else {
        let content = clipped(unmarked(text), CONTENT_CHARS_MAX);
        let summary = sentence(&content, SUMMARY_CHARS_MAX);
        return Explained { content, summary, ..Explained::default() };
    };
    let summary = said.summary.unwrap_or_default();
    let content =
        said.insight.filter(|insight| !insight.trim().is_empty()).unwrap_or(summary.clone());
    let summary = if summary.trim().is_empty() { content.as_str() } else { summary.as_str() };
    Explained {
        summary: sentence(summary, SUMMARY_CHARS_MAX),
        content: clipped(content.trim(), CONTENT_CHARS_MAX),
        chart: said.chart.and_then(|chart| chart_of(&chart, table)),
        follow_ups: follow_ups(&said.follow_ups),
        ..Explained::default()
    }
}

/// The JSON object within an answer, whatever stands around it.
pub(super) fn object(text: &str) -> Option<&str> {
    let start = text.find('{')?;
    let end = text.rfind('}')?;
    text.get(start..=end)
}

/// A text without the fence around it.
fn unmarked(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("```") {
        Some(inner) => {
            inner.split_once('\n').map_or("", |(_, inner)| inner).trim_end_matches("```").trim()
        }
        None => text,
    }
}

fn follow_ups(said: &Value) -> Vec<String> {
    let said = said.as_array().into_iter().flatten().filter_map(Value::as_str);
    let questions = said.map(|question| super::fence::line(question, FOLLOW_UP_CHARS_MAX));
    questions.filter(|question| !question.is_empty()).take(FOLLOW_UPS_MAX).collect()
}

/// A chart, if its kind is one of ours and its columns are those of the result.
fn chart_of(said: &Value, table: &ResultTable) -> Option<Chart> {
    let word = |key: &str| said.get(key).and_then(Value::as_str).filter(|word| !word.is_empty());
    let kind: ChartKind = word("chart_type").or_else(|| word("kind"))?.parse().ok()?;
    let column = |name: &str| Some(table.columns[table.column(name)?].name.clone());
    let measure = |name: &str| column(name).filter(|_| is_measure(table, name));
    let listed = said.get("y_columns").and_then(Value::as_array).into_iter().flatten();
    let mut y_columns: Vec<String> = Vec::new();
    for name in word("y_column").into_iter().chain(listed.filter_map(Value::as_str)) {
        // A measure that is not in the result makes the whole chart another than was meant.
        let name = measure(name)?;
        if !y_columns.contains(&name) {
            y_columns.push(name);
        }
    }
    let x_column = match (word("x_column"), kind) {
        (Some(name), _) => column(name)?,
        (None, ChartKind::Kpi) => y_columns.first()?.clone(),
        (None, ChartKind::Table) => table.columns.first()?.name.clone(),
        (None, _) => return None,
    };
    let needs_measure = !matches!(kind, ChartKind::Kpi | ChartKind::Table);
    if y_columns.len() > MEASURES_MAX || (needs_measure && y_columns.is_empty()) {
        return None;
    }
    if kind == ChartKind::Kpi && !is_measure(table, &x_column) {
        return None;
    }
    let series_column = match word("series_column") {
        Some(name) => Some(column(name)?),
        None => None,
    };
    let title = super::fence::line(word("title").unwrap_or_default(), TITLE_CHARS_MAX);
    let y_column = y_columns.first().cloned();
    let y_columns = if y_columns.len() > 1 { y_columns } else { Vec::new() };
    Some(Chart { kind, x_column, y_column, y_columns, series_column, title })
}

/// Whether a column holds numbers, by its type or by what is in it.
fn is_measure(table: &ResultTable, name: &str) -> bool {
    let Some(place) = table.column(name) else { return false };
    let mut cells = table.rows.iter().filter_map(|row| row.get(place));
    table.columns[place].kind.is_number() || cells.any(|cell| cell.number().is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use starling_actors::domain::{Cell, ColumnType, ResultColumn};

    use super::*;

    fn table() -> ResultTable {
        let column = |name: &str, kind| ResultColumn { name: name.to_owned(), kind };
        ResultTable {
            columns: vec![
                column("Country", ColumnType::Text),
                column("Total", ColumnType::Decimal),
                column("Share", ColumnType::Other),
            ],
            rows: vec![vec![
                Cell::Text("Chile".to_owned()),
                Cell::Decimal("1.5".to_owned()),
                Cell::Float(0.5),
            ]],
            is_truncated: false,
        }
    }

    #[test]
    fn an_answer_in_json_is_read_whatever_stands_around_it() {
        let json = "{\"insight\": \"Chile leads. More.\", \"summary\": \"Chile leads.\", \
                    \"chart\": {\"chart_type\": \"horizontal_bar\", \"x_column\": \"country\", \
                    \"y_column\": \"TOTAL\", \"y_columns\": [\"Total\", \"share\"], \"title\": \"By country\"}, \
                    \"follow_ups\": [\"And by year?\", \"\", 5, \"b\", \"c\", \"d\"]}";
        for text in
            [json.to_owned(), format!("```json\n{json}\n```"), format!("Sure:\n{json}\nDone.")]
        {
            let read = read(&text, &table());
            assert_eq!(
                (read.content.as_str(), read.summary.as_str()),
                ("Chile leads. More.", "Chile leads.")
            );
            assert_eq!(read.follow_ups, ["And by year?", "b", "c"]);
            let chart = read.chart.unwrap();
            assert_eq!(chart.kind, ChartKind::HorizontalBar);
            assert_eq!((chart.x_column.as_str(), chart.y_columns.len()), ("Country", 2));
        }
    }

    #[test]
    fn a_text_that_is_no_json_is_still_an_insight() {
        for text in ["Chile leads. Then Peru.", "```\nChile leads. Then Peru.\n```"] {
            let read = read(text, &table());
            assert_eq!(read.content, "Chile leads. Then Peru.");
            assert_eq!(read.summary, "Chile leads.");
            assert!(read.chart.is_none() && read.follow_ups.is_empty());
        }
        assert_eq!(read("{\"broken", &table()).content, "{\"broken");
    }

    #[test]
    fn a_chart_that_does_not_fit_the_result_is_dropped() {
        for chart in [
            "{\"chart_type\": \"bubble\", \"x_column\": \"Country\", \"y_column\": \"Total\"}",
            "{\"chart_type\": \"bar\", \"x_column\": \"City\", \"y_column\": \"Total\"}",
            "{\"chart_type\": \"bar\", \"x_column\": \"Country\", \"y_column\": \"Profit\"}",
            "{\"chart_type\": \"bar\", \"x_column\": \"Country\", \"y_column\": \"Country\"}",
            "{\"chart_type\": \"bar\", \"x_column\": \"Country\"}",
            "{\"chart_type\": \"kpi\", \"x_column\": \"Country\"}",
            "{\"chart_type\": \"line\", \"x_column\": \"Country\", \"y_column\": \"Total\", \"series_column\": \"x\"}",
            "{\"chart_type\": 5}",
            "\"bar\"",
            "null",
        ] {
            let read = read(&format!("{{\"insight\": \"a\", \"chart\": {chart}}}"), &table());
            assert_eq!((read.content.as_str(), read.chart), ("a", None), "{chart}");
        }
    }

    proptest! {
        #[test]
        fn no_text_whatever_panics_or_is_longer_than_it_may_be(
            text in "(\\{|\\}|\"insight\":|\"a\"|,|\"chart\":|```|\n|é|.){0,60}",
        ) {
            let read = read(&text, &table());
            prop_assert!(read.content.chars().count() <= CONTENT_CHARS_MAX + 1);
            prop_assert!(read.follow_ups.len() <= FOLLOW_UPS_MAX);
        }
    }
}
