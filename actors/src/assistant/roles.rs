//! What the columns of a table are for, read from their names, types, keys and samples.

use super::dates::Day;
use super::words::name_parts;
use crate::domain::{Column, ColumnType, Table};

/// How a column keeps moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// As the engine's own dates, or as text in ISO 8601.
    Calendar,
    /// As seconds since 1970.
    Seconds,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It tells rows apart, or points at another table's.
    Key,
    /// It says when.
    Moment(Clock),
    /// It holds a year as a number.
    Year,
    /// It is true or false.
    Flag,
    /// It can be counted with.
    Number,
    /// It holds words.
    Text,
}

/// Smallest number that is taken for seconds since 1970: 1973. Smaller ones count something.
const SECONDS_MIN: i64 = 100_000_000;
/// Largest one: 2096.
const SECONDS_MAX: i64 = 4_000_000_000;

/// What a column is for.
pub(super) fn role(column: &Column) -> Role {
    let parts = name_parts(&column.name);
    let last = parts.last().map(String::as_str).unwrap_or_default();
    if column.is_primary_key
        || column.references.is_some()
        || matches!(last, "id" | "uuid" | "guid")
    {
        return Role::Key;
    }
    let samples = || column.samples.iter().map(|sample| sample.trim());
    let has_samples = !column.samples.is_empty();
    if column.kind.is_moment() {
        return Role::Moment(Clock::Calendar);
    }
    if yes_no(column).is_some() {
        return Role::Flag;
    }
    let is_whole = column.kind == ColumnType::Integer;
    let says_when = matches!(last, "at" | "on" | "date" | "time" | "timestamp" | "since" | "until")
        || parts
            .first()
            .is_some_and(|first| matches!(first.as_str(), "date" | "created" | "updated"));
    if is_whole && says_when && has_samples {
        let seconds = |text: &str| {
            text.parse::<i64>().is_ok_and(|value| (SECONDS_MIN..SECONDS_MAX).contains(&value))
        };
        if samples().all(seconds) {
            return Role::Moment(Clock::Seconds);
        }
    }
    if column.kind == ColumnType::Text
        && has_samples
        && samples().all(|text| Day::parse(text).is_some())
    {
        return Role::Moment(Clock::Calendar);
    }
    // A quantity that is always 1 is no flag: both values must occur.
    let is_binary = is_whole
        && column.distinct_count.is_none_or(|count| count <= 2)
        && ["0", "1"].iter().all(|wanted| samples().any(|text| text == *wanted))
        && samples().all(|text| matches!(text, "0" | "1"));
    let asks = parts.first().is_some_and(|first| matches!(first.as_str(), "is" | "has" | "can"));
    if column.kind == ColumnType::Boolean || is_binary || (is_whole && asks && parts.len() > 1) {
        return Role::Flag;
    }
    match (is_whole, column.kind.is_number()) {
        (true, _) if parts.iter().any(|part| part == "year") => Role::Year,
        (_, true) => Role::Number,
        _ => Role::Text,
    }
}

/// Two words that a column of texts keeps for yes and no.
const YES_NO: &[(&str, &str)] = &[("y", "n"), ("yes", "no"), ("t", "f"), ("true", "false")];

/// What a column of texts keeps for yes and for no, where it keeps nothing else.
pub(super) fn yes_no(column: &Column) -> Option<(&str, &str)> {
    if column.kind != ColumnType::Text || column.distinct_count.is_some_and(|count| count > 2) {
        return None;
    }
    let [one, other] = column.samples.as_slice() else {
        return None;
    };
    let is = |text: &str, word: &str| text.trim().eq_ignore_ascii_case(word);
    YES_NO.iter().find_map(|(yes, no)| {
        if is(one, yes) && is(other, no) {
            Some((one.as_str(), other.as_str()))
        } else {
            (is(one, no) && is(other, yes)).then_some((other.as_str(), one.as_str()))
        }
    })
}

/// The columns by which people name the rows of a table: a name, a first and a last name, a title.
/// None where the rows have no name.
pub(super) fn label(table: &Table) -> Vec<usize> {
    let is_text = |at: usize| {
        let column = &table.columns[at];
        role(column) == Role::Text || (column.is_primary_key && column.kind == ColumnType::Text)
    };
    let own = name_parts(&table.name);
    let place = |wanted: &[&str]| {
        (0..table.columns.len()).filter(|at| is_text(*at)).find(|at| {
            let parts = name_parts(&table.columns[*at].name);
            parts.iter().map(String::as_str).eq(wanted.iter().copied())
        })
    };
    for (first, last) in [
        (["first", "name"].as_slice(), ["last", "name"].as_slice()),
        (&["firstname"], &["lastname"]),
        (&["given", "name"], &["family", "name"]),
        (&["forename"], &["surname"]),
    ] {
        if let (Some(first), Some(last)) = (place(first), place(last)) {
            return vec![first, last];
        }
    }
    for exact in ["name", "title", "label", "fullname"] {
        if let Some(at) = place(&[exact]) {
            return vec![at];
        }
    }
    for ending in ["name", "title", "label"] {
        let ends = |at: &usize| {
            let parts = name_parts(&table.columns[*at].name);
            parts.len() == 2
                && parts[1] == ending
                && (matches!(parts[0].as_str(), "full" | "display")
                    || own.iter().any(|word| word.starts_with(parts[0].as_str()))
                    || own.iter().any(|word| parts[0].starts_with(word.trim_end_matches('s')))
                    || parts[0].len() <= 4)
        };
        if let Some(at) = (0..table.columns.len()).filter(|at| is_text(*at)).find(ends) {
            return vec![at];
        }
    }
    only_name(table).or_else(|| place(&["description"])).into_iter().collect()
}

/// The one column of texts whose name ends in "name": `CompanyName` of clients.
fn only_name(table: &Table) -> Option<usize> {
    let mut named = (0..table.columns.len()).filter(|at| {
        let column = &table.columns[*at];
        let parts = name_parts(&column.name);
        role(column) == Role::Text && parts.last().is_some_and(|last| last == "name")
    });
    named.next().filter(|_| named.next().is_none())
}
