//! Writes names, values, times and numbers in a connection's language.

use super::dates::{Day, Grain, Span};
use super::roles::{Clock, yes_no};
use crate::domain::{Column, ColumnType, Dialect, Table};

/// Words that cannot be names without quotation marks in one of the languages.
const RESERVED: &[&str] = &[
    "all",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "check",
    "column",
    "condition",
    "cross",
    "current",
    "database",
    "default",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "for",
    "foreign",
    "from",
    "full",
    "grant",
    "group",
    "groups",
    "having",
    "if",
    "in",
    "index",
    "inner",
    "into",
    "is",
    "join",
    "key",
    "keys",
    "left",
    "like",
    "limit",
    "natural",
    "not",
    "null",
    "of",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "primary",
    "range",
    "rank",
    "read",
    "references",
    "right",
    "row",
    "rows",
    "schema",
    "select",
    "set",
    "show",
    "some",
    "start",
    "system",
    "table",
    "then",
    "to",
    "top",
    "true",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "values",
    "view",
    "when",
    "where",
    "window",
    "with",
];

/// A language to write in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen(pub(super) Dialect);

impl Pen {
    /// A name, in quotation marks where the language would read it otherwise.
    pub(super) fn name(self, name: &str) -> String {
        let plain = |c: char| c.is_ascii_digit() || c == '_';
        let fits = match self.0 {
            Dialect::PostgreSql => name.chars().all(|c| c.is_ascii_lowercase() || plain(c)),
            Dialect::Snowflake => name.chars().all(|c| c.is_ascii_uppercase() || plain(c)),
            Dialect::MySql | Dialect::Sqlite => {
                name.chars().all(|c| c.is_ascii_alphabetic() || plain(c))
            }
        };
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if fits && begins && !RESERVED.contains(&name.to_lowercase().as_str()) {
            return name.to_owned();
        }
        match self.0 {
            Dialect::MySql => format!("`{}`", name.replace('`', "``")),
            Dialect::PostgreSql | Dialect::Sqlite | Dialect::Snowflake => {
                format!("\"{}\"", name.replace('"', "\"\""))
            }
        }
    }

    /// A table with its namespace.
    pub(super) fn table(self, table: &Table) -> String {
        match &table.namespace {
            Some(namespace) => format!("{}.{}", self.name(namespace), self.name(&table.name)),
            None => self.name(&table.name),
        }
    }

    /// A text as a value.
    pub(super) fn text(self, value: &str) -> String {
        let doubled = value.replace('\'', "''");
        match self.0 {
            Dialect::MySql | Dialect::Snowflake => format!("'{}'", doubled.replace('\\', "\\\\")),
            Dialect::PostgreSql | Dialect::Sqlite => format!("'{doubled}'"),
        }
    }

    /// Whether a flag is set.
    pub(super) fn flag(self, name: &str, column: &Column, is_set: bool) -> String {
        if let Some((yes, no)) = yes_no(column) {
            return format!("{name} = {}", self.text(if is_set { yes } else { no }));
        }
        let has_booleans = matches!(self.0, Dialect::PostgreSql | Dialect::Snowflake);
        match (has_booleans && column.kind == ColumnType::Boolean, is_set) {
            (true, true) => format!("{name} = TRUE"),
            (true, false) => format!("{name} = FALSE"),
            (false, set) => format!("{name} = {}", u8::from(set)),
        }
    }

    /// Whether a moment lies in a span. The column is left bare, so that an index on it is used.
    pub(super) fn within(self, column: &str, clock: Clock, span: Span) -> Vec<String> {
        let day = |day: Day| match clock {
            Clock::Seconds => day.seconds().to_string(),
            Clock::Calendar => format!("'{day}'"),
        };
        let from = span.from.map(|from| format!("{column} >= {}", day(from)));
        let until = span.until.map(|until| format!("{column} < {}", day(until)));
        from.into_iter().chain(until).collect()
    }

    /// The day of the week as a number, Sunday being 0.
    pub(super) fn weekday_number(self, column: &str, clock: Clock) -> String {
        match self.0 {
            Dialect::Sqlite => {
                let modifier = if clock == Clock::Seconds { ", 'unixepoch'" } else { "" };
                format!("CAST(strftime('%w', {column}{modifier}) AS INTEGER)")
            }
            Dialect::PostgreSql => {
                let moment = moment(column, clock, "to_timestamp");
                format!("CAST(EXTRACT(DOW FROM {moment}) AS INTEGER)")
            }
            Dialect::MySql => {
                format!("(DAYOFWEEK({}) - 1)", moment(column, clock, "FROM_UNIXTIME"))
            }
            Dialect::Snowflake => {
                format!("(DAYOFWEEKISO({}) % 7)", moment(column, clock, "TO_TIMESTAMP"))
            }
        }
    }

    /// The span of a grain that a moment lies in, in words that sort as time does.
    pub(super) fn bucket(self, column: &str, clock: Clock, grain: Grain) -> String {
        match self.0 {
            Dialect::Sqlite => sqlite_bucket(column, clock, grain),
            Dialect::PostgreSql => {
                let moment = moment(column, clock, "to_timestamp");
                postgres_bucket(&moment, grain)
            }
            Dialect::MySql => {
                let moment = moment(column, clock, "FROM_UNIXTIME");
                mysql_bucket(&moment, grain)
            }
            Dialect::Snowflake => {
                let moment = moment(column, clock, "TO_TIMESTAMP");
                snowflake_bucket(&moment, grain)
            }
        }
    }
}

fn moment(column: &str, clock: Clock, convert: &str) -> String {
    match clock {
        Clock::Calendar => column.to_owned(),
        Clock::Seconds => format!("{convert}({column})"),
    }
}

/// The name of a weekday from its number, Sunday being `first`.
fn weekday(number: &str, first: u8) -> String {
    let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    let cases: Vec<String> =
        (first..).zip(days).map(|(place, day)| format!("WHEN {place} THEN '{day}'")).collect();
    format!("CASE {number} {} END", cases.join(" "))
}

fn sqlite_bucket(column: &str, clock: Clock, grain: Grain) -> String {
    let modifier = if clock == Clock::Seconds { ", 'unixepoch'" } else { "" };
    let format = |format: &str| format!("strftime('{format}', {column}{modifier})");
    match grain {
        Grain::Hour => format("%H"),
        Grain::Day => format("%Y-%m-%d"),
        Grain::Week => format("%Y-W%W"),
        Grain::Weekday => weekday(&format!("CAST({} AS INTEGER)", format("%w")), 0),
        Grain::Month => format("%Y-%m"),
        Grain::Quarter => {
            format!("{} || '-Q' || ((CAST({} AS INTEGER) + 2) / 3)", format("%Y"), format("%m"))
        }
        Grain::Year => format("%Y"),
    }
}

fn postgres_bucket(moment: &str, grain: Grain) -> String {
    let format = match grain {
        Grain::Hour => "HH24",
        Grain::Day => "YYYY-MM-DD",
        Grain::Week => "IYYY-\"W\"IW",
        Grain::Weekday => {
            return weekday(&format!("CAST(EXTRACT(DOW FROM {moment}) AS INTEGER)"), 0);
        }
        Grain::Month => "YYYY-MM",
        Grain::Quarter => "YYYY-\"Q\"Q",
        Grain::Year => "YYYY",
    };
    format!("to_char({moment}, '{format}')")
}

fn mysql_bucket(moment: &str, grain: Grain) -> String {
    let format = match grain {
        Grain::Hour => "%H",
        Grain::Day => "%Y-%m-%d",
        Grain::Week => "%x-W%v",
        Grain::Weekday => return weekday(&format!("DAYOFWEEK({moment})"), 1),
        Grain::Month => "%Y-%m",
        Grain::Quarter => return format!("CONCAT(YEAR({moment}), '-Q', QUARTER({moment}))"),
        Grain::Year => "%Y",
    };
    format!("DATE_FORMAT({moment}, '{format}')")
}

fn snowflake_bucket(moment: &str, grain: Grain) -> String {
    let format = match grain {
        Grain::Hour => "HH24",
        Grain::Day => "YYYY-MM-DD",
        Grain::Week => {
            return format!("YEAROFWEEKISO({moment}) || '-W' || LPAD(WEEKISO({moment}), 2, '0')");
        }
        Grain::Weekday => return weekday(&format!("DAYOFWEEKISO({moment}) % 7"), 0),
        Grain::Month => "YYYY-MM",
        Grain::Quarter => return format!("YEAR({moment}) || '-Q' || QUARTER({moment})"),
        Grain::Year => "YYYY",
    };
    format!("TO_CHAR({moment}, '{format}')")
}

/// A number without needless digits.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        value.to_string()
    }
}
