//! Puts the statement together: what is selected, grouped, ordered and cut.

use super::super::form::{By, Form, Group, Measure};
use super::super::roles::{Clock, Role};
use super::super::schema_map::ColumnRef;
use super::super::trouble::Trouble;
use super::Query;
use super::conditions::compared;
use super::measures::title;

/// Parts of a statement as they are found.
#[derive(Default)]
struct Parts {
    selected: Vec<String>,
    grouped: Vec<String>,
    ordered: Vec<String>,
    is_distinct: bool,
}

/// The whole statement.
pub(super) fn statement(mut query: Query<'_>, form: &Form) -> Result<String, Trouble> {
    let mut parts = Parts::default();
    let measures = all_measures(form);
    let is_list = measures.is_empty();
    let by_time = groups(&mut query, form, is_list, &mut parts)?;
    if let (true, Some(subject)) = (is_list && form.groups.is_empty(), form.subject) {
        rows(&mut query, subject, false, &mut parts)?;
    }
    for column in &form.shown {
        let name = query.column(*column)?;
        if !parts.selected.contains(&name) {
            parts.selected.push(name.clone());
            parts.grouped.extend((!is_list).then_some(name));
        }
    }
    let mut expressions = Vec::new();
    for measure in &measures {
        let expression = query.measure(measure)?;
        let name = title(&query, measure);
        if form.is_share && !form.groups.is_empty() {
            let total = Form { measures: vec![measure.clone()], ..ungrouped(form) };
            let total = query.writer.write(&total)?;
            parts.selected.push(format!("{expression} AS {}", query.writer.pen.name(&name)));
            parts.selected.push(format!("{expression} * 100.0 / ({total}) AS share_percent"));
        } else {
            parts.selected.push(format!("{expression} AS {}", query.writer.pen.name(&name)));
        }
        expressions.push(expression);
    }
    order(&mut query, form, &expressions, by_time, &mut parts)?;
    let having = having(&mut query, form)?;
    parts.grouped.dedup();
    if form.counts_groups {
        let grouped = parts.grouped.join(", ");
        let first = parts.grouped.first().cloned().unwrap_or_default();
        return Ok(format!(
            "SELECT COUNT(*) AS {} FROM (SELECT {first} AS one {}{} GROUP BY {grouped}{having}) AS chosen",
            query.writer.pen.name("count"),
            query.from(),
            query.wheres()
        ));
    }
    let distinct = if parts.is_distinct { "DISTINCT " } else { "" };
    let mut text = format!(
        "SELECT {distinct}{} {}{}",
        parts.selected.join(", "),
        query.from(),
        query.wheres()
    );
    if !parts.grouped.is_empty() {
        text.push_str(&format!(" GROUP BY {}", parts.grouped.join(", ")));
    }
    text.push_str(&having);
    if !parts.ordered.is_empty() {
        text.push_str(&format!(" ORDER BY {}", parts.ordered.join(", ")));
    }
    if let Some(limit) = form.limit {
        text.push_str(&format!(" LIMIT {limit}"));
    }
    Ok(text)
}

/// The measures to show: those asked for, and those that groups are chosen by.
fn all_measures(form: &Form) -> Vec<Measure> {
    let mut measures = form.measures.clone();
    for (measure, ..) in &form.having {
        if !measures.contains(measure) {
            measures.push(measure.clone());
        }
    }
    measures
}

/// The same question about everything at once.
fn ungrouped(form: &Form) -> Form {
    Form {
        groups: Vec::new(),
        shown: Vec::new(),
        having: Vec::new(),
        order: None,
        limit: None,
        is_share: false,
        ..form.clone()
    }
}

/// Selects what is grouped by; says whether time is among it.
fn groups(
    query: &mut Query<'_>,
    form: &Form,
    is_list: bool,
    parts: &mut Parts,
) -> Result<Vec<String>, Trouble> {
    let mut by_time = Vec::new();
    for group in &form.groups {
        match group {
            Group::Rows(table) => {
                let key = query.writer.map.single_key(*table);
                if let Some(key) = key {
                    let name = query.column(key)?;
                    parts.grouped.push(name);
                }
                rows(query, *table, true, parts)?;
            }
            Group::Column(at) => {
                let name = query.column(*at)?;
                query.conditions.push(format!("{name} IS NOT NULL"));
                parts.selected.push(name.clone());
                if is_list {
                    parts.is_distinct = true;
                    parts.ordered.push(name);
                } else {
                    parts.grouped.push(name);
                }
            }
            Group::Time(grain, column) => {
                let column = match column.or(form.span_column) {
                    Some(column) => Some(column),
                    None => query.writer.moment_above(query.base)?,
                };
                let column = column.ok_or_else(|| {
                    let name = &query.writer.map.table(query.base).name;
                    Trouble::plain(format!("The rows of {name} do not say when they came to be."))
                })?;
                let clock = query.writer.map.clock(column).unwrap_or(Clock::Calendar);
                let name = query.column(column)?;
                if query.writer.map.column(column).is_nullable {
                    // What has not happened yet belongs to no month.
                    query.conditions.push(format!("{name} IS NOT NULL"));
                }
                let bucket = query.writer.pen.bucket(&name, clock, *grain);
                let quoted = query.writer.pen.name(grain.word());
                parts.selected.push(format!("{bucket} AS {quoted}"));
                parts.grouped.push(bucket.clone());
                by_time.push(bucket);
            }
        }
    }
    Ok(by_time)
}

/// Selects what rows of a table are called; where they have no name, what tells them apart and what
/// they hold.
fn rows(
    query: &mut Query<'_>,
    table: usize,
    is_grouped: bool,
    parts: &mut Parts,
) -> Result<(), Trouble> {
    let map = query.writer.map;
    let mut columns = map.label(table);
    if columns.is_empty() {
        columns = map.key(table);
        columns.extend(map.of_role(table, |role| matches!(role, Role::Moment(_) | Role::Number)));
    }
    if columns.is_empty() {
        columns = map.columns(table).collect();
    }
    for column in columns {
        let name = query.column(column)?;
        parts.selected.push(name.clone());
        if is_grouped && !parts.grouped.contains(&name) {
            parts.grouped.push(name);
        }
    }
    Ok(())
}

fn having(query: &mut Query<'_>, form: &Form) -> Result<String, Trouble> {
    let mut conditions = Vec::new();
    for (measure, comparison, number, upper) in &form.having {
        let expression = query.measure(measure)?;
        conditions.push(compared(&expression, *comparison, *number, *upper));
    }
    if conditions.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(" HAVING {}", conditions.join(" AND ")))
}

fn order(
    query: &mut Query<'_>,
    form: &Form,
    measures: &[String],
    by_time: Vec<String>,
    parts: &mut Parts,
) -> Result<(), Trouble> {
    let direction = |is_greatest: bool| if is_greatest { " DESC" } else { "" };
    let mut ordered = Vec::new();
    match &form.order {
        Some((By::Measure, is_greatest)) => {
            let measure = measures.first().ok_or(Trouble::Fragment)?;
            ordered.push(format!("{measure}{}", direction(*is_greatest)));
        }
        Some((By::Column(at), is_greatest)) => {
            let name = query.column(*at)?;
            if form.limit.is_some() {
                query.conditions.push(format!("{name} IS NOT NULL"));
            }
            show(parts, &name, measures.is_empty());
            ordered.push(format!("{name}{}", direction(*is_greatest)));
        }
        Some((By::Name, is_greatest)) => {
            let first = parts.selected.first().cloned().unwrap_or_default();
            ordered.push(format!("{first}{}", direction(*is_greatest)));
        }
        None if !by_time.is_empty() => ordered.extend(by_time),
        None if !form.groups.is_empty() => {
            ordered.extend(measures.first().map(|measure| format!("{measure} DESC")));
        }
        None => {}
    }
    if form.limit.is_some() {
        ordered.extend(tie_breaker(query, form, parts)?);
    }
    parts.ordered.extend(ordered);
    parts.ordered.dedup();
    Ok(())
}

fn show(parts: &mut Parts, name: &str, is_list: bool) {
    if is_list && !parts.is_distinct && !parts.selected.iter().any(|selected| selected == name) {
        parts.selected.push(name.to_owned());
    }
}

/// What makes the order of equal rows the same every time.
fn tie_breaker(
    query: &mut Query<'_>,
    form: &Form,
    parts: &Parts,
) -> Result<Option<String>, Trouble> {
    if parts.is_distinct {
        return Ok(None);
    }
    if let Some(first) = parts.grouped.first() {
        return Ok(Some(first.clone()));
    }
    let key: Option<ColumnRef> = form.subject.and_then(|table| query.writer.map.single_key(table));
    key.filter(|_| form.measures.is_empty()).map(|key| query.column(key)).transpose()
}
