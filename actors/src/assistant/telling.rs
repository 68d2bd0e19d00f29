//! Says what was understood, so that a person can see at once whether it was what they meant.

use super::engine::Answered;
use super::form::{Aggregate, By, Filter, Group, Measure, Of, Per};
use super::lexicon::Comparison;
use super::schema_map::{ColumnRef, SchemaMap};
use super::trouble::listed;
use super::words::name_parts;
use super::write::number;
use crate::ports::DraftTask;

/// Why this SQL: what was understood of the question.
pub(super) fn reasoning(task: &DraftTask, answered: &Answered) -> String {
    let map = SchemaMap::new(&task.schema);
    let form = &answered.form;
    let teller = Teller { map: &map, task };
    let what: Vec<String> = form.measures.iter().map(|measure| teller.measure(measure)).collect();
    let mut text = match (what.is_empty(), form.subject) {
        (false, _) => format!("I read this as {}", listed(&what, "and")),
        (true, Some(subject)) => format!("I read this as a list of {}", teller.table(subject)),
        (true, None) => String::from("I read this as a list"),
    };
    let groups: Vec<String> = form.groups.iter().map(|group| teller.group(group)).collect();
    if !groups.is_empty() {
        text.push_str(&format!(" for each {}", listed(&groups, "and")));
    }
    let filters: Vec<String> = form.filters.iter().map(|filter| teller.filter(filter)).collect();
    if !filters.is_empty() {
        text.push_str(&format!(", where {}", listed(&filters, "and")));
    }
    for (measure, comparison, least, upper) in &form.having {
        text.push_str(&format!(
            ", with {} {}",
            teller.measure(measure),
            compared(*comparison, *least, *upper)
        ));
    }
    if let Some(span) = form.span {
        text.push_str(&format!(", {}", span.words()));
    }
    if form.is_share {
        text.push_str(", as a share of all");
    }
    if let Some((by, is_greatest)) = &form.order {
        text.push_str(&format!(", {}", teller.order(by, *is_greatest)));
    }
    if let Some(limit) = form.limit {
        text.push_str(&format!(", at most {limit}"));
    }
    text.push('.');
    if !answered.mended.is_empty() {
        text.push_str(&format!(" {}.", answered.mended.join("; ")));
    }
    text
}

struct Teller<'a> {
    map: &'a SchemaMap<'a>,
    task: &'a DraftTask,
}

impl Teller<'_> {
    fn table(&self, at: usize) -> String {
        name_parts(&self.map.table(at).name).join(" ")
    }

    fn column(&self, at: ColumnRef) -> String {
        let name = name_parts(&self.map.column(at).name).join(" ");
        format!("{name} of {}", self.table(at.table))
    }

    fn measure(&self, measure: &Measure) -> String {
        let what = match &measure.of {
            Of::Rows(table) => format!("the number of {}", self.table(*table)),
            Of::Money => String::from("money that came in"),
            Of::Units => String::from("pieces sold"),
            Of::Metric(at) => format!("“{}” as defined", self.task.metrics[*at].name),
            Of::Column(at) => {
                let word = match measure.aggregate {
                    Aggregate::Count | Aggregate::Distinct => "the number of different",
                    Aggregate::Sum => "the total",
                    Aggregate::Average => "the average",
                    Aggregate::Minimum => "the least",
                    Aggregate::Maximum => "the greatest",
                };
                format!("{word} {}", self.column(*at))
            }
        };
        match measure.per {
            None => what,
            Some(Per::Rows(table)) => format!("{what}, shared out among {}", self.table(table)),
            Some(Per::Time(grain)) => format!("{what}, shared out among {}s", grain.word()),
            Some(Per::Column(at)) => format!("{what}, shared out among {}", self.column(at)),
        }
    }

    fn group(&self, group: &Group) -> String {
        match group {
            Group::Rows(table) => format!("row of {}", self.table(*table)),
            Group::Column(at) => self.column(*at),
            Group::Time(grain, _) => grain.word().to_owned(),
        }
    }

    fn filter(&self, filter: &Filter) -> String {
        match filter {
            Filter::Values { column, values, is_not } => {
                let link = if *is_not { "is not" } else { "is" };
                format!("{} {link} {}", self.column(*column), listed(values, "or"))
            }
            Filter::Number { column, comparison, number: least, upper } => {
                format!("{} is {}", self.column(*column), compared(*comparison, *least, *upper))
            }
            Filter::Flag { column, is_set } => {
                format!("{} is {}", self.column(*column), if *is_set { "set" } else { "not set" })
            }
            Filter::Weekdays(days) => {
                let names =
                    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
                let named = days.iter().filter_map(|day| names.get(usize::from(*day)));
                let named: Vec<String> = named.map(|&name| name.to_owned()).collect();
                format!("the day is {}", listed(&named, "or"))
            }
            Filter::Missing(column) => format!("{} is missing", self.column(*column)),
            Filter::Without(table) => format!("there are no {}", self.table(*table)),
            Filter::Above { child, values, .. } => {
                let names: Vec<String> = values.iter().map(|(_, value)| value.clone()).collect();
                format!("{} leads to {}", self.column(*child), names.join(" "))
            }
        }
    }

    fn order(&self, by: &By, is_greatest: bool) -> String {
        let end = if is_greatest { "greatest" } else { "least" };
        match by {
            By::Measure => format!("the {end} first"),
            By::Column(at) => format!("the {end} {} first", self.column(*at)),
            By::Name => String::from("by name"),
        }
    }
}

fn compared(comparison: Comparison, least: f64, upper: f64) -> String {
    let value = number(least);
    match comparison {
        Comparison::Above => format!("more than {value}"),
        Comparison::AtLeast => format!("at least {value}"),
        Comparison::Below => format!("less than {value}"),
        Comparison::AtMost => format!("at most {value}"),
        Comparison::Exactly => value,
        Comparison::Between => format!("from {value} to {}", number(upper)),
    }
}
