//! Says what a result means, from its own numbers only.

use super::follow_ups::follow_ups;
use crate::domain::{Cell, ResultTable, TokenUsage};
use crate::ports::{ExplainTask, Explained};

/// Says what a result means.
pub(super) fn explain(task: &ExplainTask) -> Explained {
    let table = &task.preview;
    let (content, summary) = match (table.rows.as_slice(), table.columns.len()) {
        ([], _) => {
            let text = String::from("Nothing in the data fits this question.");
            (text.clone(), text)
        }
        ([row], 1) => single(&task.question, &table.columns[0].name, &row[0]),
        ([row], _) => one_row(table, row),
        _ => many(task),
    };
    let follow_ups = follow_ups(&task.question, table, task.row_count);
    Explained { content, summary, chart: None, follow_ups, usage: TokenUsage::default() }
}

/// One number.
fn single(question: &str, name: &str, cell: &Cell) -> (String, String) {
    let text = match cell {
        Cell::Null => String::from("Nothing in the data fits this question."),
        _ => format!("{}: {}.", spoken(name), shown(cell)),
    };
    let summary = format!("{} ({})", text.trim_end_matches('.'), question.trim());
    (text, summary)
}

/// One row of several columns.
fn one_row(table: &ResultTable, row: &[Cell]) -> (String, String) {
    let name = name_of(table, row);
    let rest = figures(table, row);
    let text = match (name.is_empty(), rest.is_empty()) {
        (false, false) => format!("{name}: {rest}."),
        (false, true) => format!("{name}."),
        (true, _) => format!("{rest}."),
    };
    (text.clone(), text)
}

/// Several rows: how many, the first, its part of the whole, the way over time.
fn many(task: &ExplainTask) -> (String, String) {
    let table = &task.preview;
    let more = if task.is_truncated { "more than " } else { "" };
    let counted = format!("{more}{} rows", grouped(&task.row_count.to_string()));
    let measure = measure_of(table);
    let is_time = table.columns.first().is_some_and(|column| is_time(&column.name));
    let Some(measure) = measure else {
        let names: Vec<String> = table
            .rows
            .iter()
            .take(3)
            .map(|row| name_of(table, row))
            .filter(|name| !name.is_empty())
            .collect();
        let text = if names.is_empty() {
            format!("{counted}.")
        } else {
            format!("{counted}, the first are {}.", super::trouble::listed(&names, "and"))
        };
        return (text.clone(), text);
    };
    let text = if is_time { over_time(task, measure) } else { ranked(task, measure, &counted) };
    let summary = text.split_inclusive(". ").next().unwrap_or(&text).trim().to_owned();
    (text, summary)
}

fn ranked(task: &ExplainTask, measure: usize, counted: &str) -> String {
    let table = &task.preview;
    let value = |row: &[Cell]| row.get(measure).and_then(Cell::number);
    let top = table.rows.iter().max_by(|left, right| {
        value(left).unwrap_or(f64::MIN).total_cmp(&value(right).unwrap_or(f64::MIN))
    });
    let Some(top) = top else {
        return format!("{counted}.");
    };
    let name = spoken(&table.columns[measure].name).to_lowercase();
    let mut text = format!(
        "{} has the most {name}: {}. {counted} in all.",
        name_of(table, top),
        shown(&top[measure])
    );
    let whole = table.rows.len() as u64 == task.row_count && !task.is_truncated;
    let total: f64 = table.rows.iter().filter_map(|row| value(row)).sum();
    let adds_up = ["total", "revenue", "count", "units"];
    let adds_up = adds_up.iter().any(|word| name.contains(word)) && !name.contains("average");
    if let (true, true, Some(most)) = (whole && adds_up, total > 0.0, value(top)) {
        let part = most / total * 100.0;
        text.push_str(&format!(" That is {part:.1} % of what these rows add up to."));
    }
    text
}

fn over_time(task: &ExplainTask, measure: usize) -> String {
    let table = &task.preview;
    let name = spoken(&table.columns[measure].name);
    let (Some(first), Some(last)) = (table.rows.first(), table.rows.last()) else {
        return String::new();
    };
    let mut text = format!(
        "{name} went from {} in {} to {} in {}.",
        shown(&first[measure]),
        first[0],
        shown(&last[measure]),
        last[0]
    );
    if let (Some(from), Some(to)) = (first[measure].number(), last[measure].number())
        && from > 0.0
    {
        let change = (to - from) / from * 100.0;
        let sign = if change >= 0.0 { "+" } else { "−" };
        text.push_str(&format!(" That is {sign}{:.1} %.", change.abs()));
    }
    if task.is_truncated || table.rows.len() as u64 != task.row_count {
        text.push_str(" Not all rows are shown here.");
    }
    text
}

/// The first column of numbers that is no key and no label.
fn measure_of(table: &ResultTable) -> Option<usize> {
    (1..table.columns.len()).rev().find(|at| {
        let name = table.columns[*at].name.to_lowercase();
        let is_key =
            name == "id" || name.ends_with("_id") || table.columns[*at].name.ends_with("Id");
        !is_key && table.rows.iter().any(|row| row.get(*at).and_then(Cell::number).is_some())
    })
}

fn is_time(name: &str) -> bool {
    matches!(name, "day" | "week" | "month" | "quarter" | "year")
}

/// What a row is called: its words.
fn name_of(table: &ResultTable, row: &[Cell]) -> String {
    let measure = measure_of(table);
    let words = row.iter().enumerate().filter(|(at, _)| Some(*at) != measure);
    let texts: Vec<String> = words
        .filter(|(_, cell)| matches!(cell, Cell::Text(_)))
        .map(|(_, cell)| cell.to_string())
        .take(2)
        .collect();
    if texts.is_empty() {
        row.first().map(ToString::to_string).unwrap_or_default()
    } else {
        texts.join(" ")
    }
}

/// "revenue 12,300 and units 30".
fn figures(table: &ResultTable, row: &[Cell]) -> String {
    let numbers = row.iter().zip(&table.columns).filter(|(cell, _)| cell.number().is_some());
    let told: Vec<String> = numbers
        .map(|(cell, column)| format!("{} {}", spoken(&column.name).to_lowercase(), shown(cell)))
        .collect();
    super::trouble::listed(&told, "and")
}

/// A column's name as people say it.
fn spoken(name: &str) -> String {
    let plain = name.contains(['(', '*']);
    let words =
        if plain { String::from("the result") } else { super::words::name_parts(name).join(" ") };
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A value as people write it: thousands apart, at most two decimals.
fn shown(cell: &Cell) -> String {
    match cell.number() {
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
            grouped(&format!("{value:.0}"))
        }
        Some(value) => {
            let text = format!("{value:.2}");
            let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
            format!("{}.{part}", grouped(whole))
        }
        None => cell.to_string(),
    }
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}")
}
