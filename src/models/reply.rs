//! Reads what a model answered to a question: SQL, that it cannot, or that there is nothing to query.
//!
//! ```text
//!   thoughts off ─▶ JSON ─▶ NOT_DATA_QUERY, CANNOT_ANSWER ─▶ <sql> ─▶ ``` ─▶ bare SQL ─▶ prose
//! ```
//!
//! **Invariant:** at most one statement is proposed. Of several none is: which one was meant would be
//! a guess.

use serde_json::Value;
use starling_actors::ports::Draft;

use super::fence::clipped;
use super::statement::statements;

/// Longest SQL that the guard looks at.
const SQL_BYTES_MAX: usize = 16 * 1024;
/// Longest text for people: a model that was asked for two sentences has said enough by then.
const WORDS_CHARS_MAX: usize = 600;

const NOT_DATA: &str = "NOT_DATA_QUERY";
const CANNOT: &str = "CANNOT_ANSWER";

/// Why an answer holds no draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Nothing was said.
    Empty,
    /// More than one statement.
    Several,
    /// SQL that is longer than any query.
    TooLong,
    /// Words without SQL, the first of them.
    Prose(String),
    /// Data that says nothing to us.
    Nonsense,
}

/// The draft of an answer. `escapes`: a backslash escapes within quotes.
pub(super) fn read(text: &str, escapes: bool) -> Result<Draft, Unread> {
    let text = without_thoughts(text);
    let text = text.trim();
    if text.is_empty() {
        return Err(Unread::Empty);
    }
    let blocks = Blocks::of(text);
    if let Some(value) = blocks.json(text) {
        return of_json(&value, escapes);
    }
    if let Some(draft) = of_word(text) {
        return Ok(draft);
    }
    if !blocks.sql.is_empty() {
        return of_candidates(&blocks.sql, &blocks.reasoning, escapes);
    }
    // After some words of introduction the marker begins a line.
    if let Some(draft) = text.lines().find_map(|line| of_word(line.trim())) {
        return Ok(draft);
    }
    if let Some((sql, rest)) = bare(text) {
        return of_candidates(&[sql], &rest, escapes);
    }
    Err(Unread::Prose(said(text)))
}

/// Words for people, cut.
fn said(text: &str) -> String {
    clipped(text.trim(), WORDS_CHARS_MAX)
}

/// Models that reason aloud do so in front of the answer.
pub(super) fn without_thoughts(text: &str) -> String {
    let mut text = text.to_owned();
    for (opening, closing) in [("<think>", "</think>"), ("<thinking>", "</thinking>")] {
        while let Some(start) = find(&text, opening, 0) {
            let end = find(&text, closing, start).map_or(text.len(), |end| end + closing.len());
            text.replace_range(start..end, "");
        }
        // Some servers cut the opening off.
        if let Some(end) = find(&text, closing, 0) {
            text.replace_range(..end + closing.len(), "");
        }
    }
    text
}

/// The place of an ASCII word, whatever its case.
fn find(text: &str, word: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(from..)?;
    let found =
        bytes.windows(word.len()).position(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    found.map(|place| place + from)
}

/// What is marked in an answer.
#[derive(Default)]
struct Blocks {
    sql: Vec<String>,
    json: Vec<String>,
    reasoning: String,
}

impl Blocks {
    fn of(text: &str) -> Self {
        let mut blocks = Self::default();
        let (tagged, _) = tags(text, "sql");
        let (reasons, _) = tags(text, "reasoning");
        let (fences, outside) = fences(text);
        for (language, inner) in fences {
            match language.as_str() {
                "json" => blocks.json.push(inner),
                "sql" | "postgresql" | "postgres" | "pgsql" | "mysql" | "mariadb" | "sqlite"
                | "snowflake" => blocks.sql.push(inner),
                "" if inner.trim_start().starts_with('{') => blocks.json.push(inner),
                "" if begins_query(inner.trim_start()) => blocks.sql.push(inner),
                _ => {}
            }
        }
        if !tagged.is_empty() {
            blocks.sql = tagged.iter().map(|inner| unfenced(inner)).collect();
        }
        let around = if tagged.is_empty() { outside } else { tags(text, "sql").1 };
        blocks.reasoning = said(reasons.first().unwrap_or(&around));
        blocks
    }

    /// The JSON object that an answer is or marks, where there is one and no SQL is marked.
    fn json(&self, text: &str) -> Option<Value> {
        let marked = self.json.first().filter(|_| self.sql.is_empty());
        let candidate =
            if text.starts_with(['{', '[']) { Some(text) } else { marked.map(String::as_str) };
        serde_json::from_str(candidate?.trim()).ok()
    }
}

/// What stands between `<tag>` and `</tag>`, or the end of the text, and what stands outside.
fn tags(text: &str, tag: &str) -> (Vec<String>, String) {
    let (opening, closing) = (format!("<{tag}>"), format!("</{tag}>"));
    let (mut inner, mut outside) = (Vec::new(), String::new());
    let mut from = 0;
    while let Some(start) = find(text, &opening, from) {
        outside.push_str(&text[from..start]);
        let begin = start + opening.len();
        let end = find(text, &closing, begin).unwrap_or(text.len());
        inner.push(text[begin..end].to_owned());
        from = (end + closing.len()).min(text.len());
    }
    outside.push_str(&text[from..]);
    (inner, outside)
}

/// Fenced blocks with their language in lower case, and what stands outside.
fn fences(text: &str) -> (Vec<(String, String)>, String) {
    let (mut inner, mut outside) = (Vec::new(), String::new());
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let mark = line.trim_start().strip_prefix("```");
        match (mark, open.as_mut()) {
            (Some(language), None) => {
                open = Some((language.trim().to_ascii_lowercase(), String::new()));
            }
            (Some(_), Some(_)) => inner.extend(open.take()),
            (None, Some((_, block))) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {
                outside.push_str(line);
                outside.push('\n');
            }
        }
    }
    inner.extend(open);
    (inner, outside)
}

/// What a fence inside a tag holds, or the text as it is.
fn unfenced(text: &str) -> String {
    let (inner, _) = fences(text);
    match inner.into_iter().next() {
        Some((_, block)) if text.trim_start().starts_with("```") => block,
        Some(_) | None => text.to_owned(),
    }
}

/// One draft of all that was marked as SQL; the same statement twice is one.
fn of_candidates(marked: &[String], reasoning: &str, escapes: bool) -> Result<Draft, Unread> {
    let mut found: Vec<String> = Vec::new();
    for text in marked {
        if let Some(draft) = of_word(text.trim()) {
            return Ok(draft);
        }
        for statement in statements(text, escapes) {
            if !found.contains(&statement) {
                found.push(statement);
            }
        }
    }
    match found.len() {
        0 => Err(Unread::Empty),
        1 => {
            let sql = found.swap_remove(0);
            if sql.len() > SQL_BYTES_MAX {
                return Err(Unread::TooLong);
            }
            Ok(Draft::Sql { sql, reasoning: said(reasoning) })
        }
        _ => Err(Unread::Several),
    }
}

/// An answer that begins with one of the two markers.
fn of_word(text: &str) -> Option<Draft> {
    let text = text.trim_start_matches(['*', '#', '`', '"', '\'', '_', '-', ' ']);
    let rest = |word: &str| {
        let head = text.get(..word.len())?;
        let rest = &text[word.len()..];
        let is_word = !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        (head.eq_ignore_ascii_case(word) && is_word).then(|| {
            let marks = [':', '-', '–', '—', '*', '`', '"', '.', ' ', '\n', '\r', '\t'];
            said(rest.trim_start_matches(marks).trim_end_matches(['`', '*', '"']))
        })
    };
    rest(CANNOT).map(cannot).or_else(|| rest(NOT_DATA).map(not_data))
}

fn cannot(reason: String) -> Draft {
    let reason = if reason.is_empty() {
        "The connected tables do not hold what is asked. Ask for something that they hold."
            .to_owned()
    } else {
        reason
    };
    Draft::CannotAnswer { reason }
}

fn not_data(reply: String) -> Draft {
    let reply = if reply.is_empty() {
        "That is no question about data. Ask me about the connected tables.".to_owned()
    } else {
        reply
    };
    Draft::NotData { reply, intent: None }
}

/// An answer as data: of a model that was made to answer so, or of a tool that it called.
fn of_json(value: &Value, escapes: bool) -> Result<Draft, Unread> {
    let object = match value {
        Value::Object(object) => object,
        Value::Array(items) if items.len() == 1 => return of_json(&items[0], escapes),
        Value::Array(items) if items.len() > 1 => return Err(Unread::Several),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Unread::Nonsense);
        }
    };
    let word = |keys: &[&str]| {
        let mut values = keys.iter().filter_map(|key| object.get(*key)?.as_str());
        values.find(|text| !text.trim().is_empty()).unwrap_or_default()
    };
    let reasoning = word(&["reasoning", "explanation", "reason", "reply", "message"]);
    for value in object.values().filter_map(Value::as_str) {
        match of_word(value.trim()) {
            Some(Draft::CannotAnswer { .. }) if value.trim() == CANNOT => {
                return Ok(cannot(said(reasoning)));
            }
            Some(Draft::NotData { .. }) if value.trim() == NOT_DATA => {
                return Ok(not_data(said(reasoning)));
            }
            Some(draft) => return Ok(draft),
            None => {}
        }
    }
    for (key, make) in [(CANNOT, cannot as fn(String) -> Draft), (NOT_DATA, not_data)] {
        let is_key = |name: &&str| name.eq_ignore_ascii_case(key);
        if let Some(name) = object.keys().map(String::as_str).find(is_key) {
            return Ok(make(said(word(&[name]))));
        }
    }
    let keys = ["sql", "SQL", "query", "sql_query", "generated_sql"];
    let listed = keys.iter().filter_map(|key| object.get(*key)?.as_array()).flatten();
    let mut marked: Vec<String> =
        listed.filter_map(|item| item.as_str().map(str::to_owned)).collect();
    if marked.is_empty() {
        marked = vec![word(&keys).to_owned()];
    }
    match of_candidates(&marked, reasoning, escapes) {
        Err(Unread::Empty) => Err(Unread::Nonsense),
        read => read,
    }
}

/// A text that is SQL from its first word, and what is said after it.
fn bare(text: &str) -> Option<(String, String)> {
    if !begins_query(text) {
        return None;
    }
    // A paragraph of words after the query is no part of it.
    let mut from = 0;
    while let Some(place) = text[from..].find("\n\n") {
        let begin = from + place + 2;
        if is_prose(text[begin..].trim_start()) {
            return Some((text[..begin].to_owned(), text[begin..].to_owned()));
        }
        from = begin;
    }
    Some((text.to_owned(), String::new()))
}

/// Whether a text begins as a query does. "Select the …" and "With pleasure" are words: SQL is
/// written all small or all large.
fn begins_query(text: &str) -> bool {
    let text = text.trim_start_matches(['(', ' ', '\n']);
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let has_more = words.next().is_some();
    has_more && ["SELECT", "select", "WITH", "with"].contains(&first) && {
        let small = text.to_ascii_lowercase();
        first.eq_ignore_ascii_case("select") || (small.contains(" as ") && small.contains("select"))
    }
}

/// Whether a paragraph begins as a sentence does: a large letter and then small ones.
fn is_prose(paragraph: &str) -> bool {
    let mut letters = paragraph.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    first && letters.next().is_some_and(|letter| letter.is_lowercase() || letter == ' ')
}

#[cfg(test)]
mod tests;
