//! Values as written, and the words of dates.
//!
//! **Invariant:** a string that passes ends at the same place under every setting of every engine:
//! its quotes are doubled, and no backslash stands where it could be read as an escape of a quote.

use sqlparser::ast::{DateTimeField, Expr, Interval, UnaryOperator, Value};
use sqlparser::tokenizer::Span;

use super::checker::Checker;
use super::rejection::Rejection;
use super::scope::Scope;
use crate::domain::Dialect;

/// More digits than any engine keeps.
const DIGITS_MAX: usize = 80;

/// Checks a value; text in double quotes, which MySQL takes for a string or a name by its settings,
/// becomes a string.
pub(super) fn value(value: &mut Value, span: Span, dialect: Dialect) -> Result<(), Rejection> {
    let refuse = |message: &str| Err(Rejection::at("value", span, message));
    match value {
        Value::Null | Value::Boolean(_) => Ok(()),
        Value::Number(digits, false) => {
            let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
            let starts = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            if digits.len() <= DIGITS_MAX && starts && digits.chars().all(is_digit) {
                return Ok(());
            }
            refuse("this number cannot be read")
        }
        Value::Number(_, true) => refuse("a number ends with its digits"),
        Value::SingleQuotedString(text) => {
            // SQLite knows no backslash escapes under any setting.
            let is_plain =
                if dialect == Dialect::Sqlite { is_paired(text) } else { is_plain(text) };
            if is_plain { Ok(()) } else { refuse(BACKSLASH) }
        }
        Value::DoubleQuotedString(text) if dialect == Dialect::MySql => {
            if text.contains(['"', '\'', '\\']) {
                return refuse("text is written in 'single quotes'");
            }
            *value = Value::SingleQuotedString(std::mem::take(text));
            Ok(())
        }
        Value::EscapedStringLiteral(text) if dialect == Dialect::PostgreSql => {
            if text.contains(['\'', '\\']) {
                return refuse("text is written in plain 'single quotes'");
            }
            *value = Value::SingleQuotedString(std::mem::take(text));
            Ok(())
        }
        Value::Placeholder(_) => refuse("a placeholder cannot be used; write the value"),
        Value::DoubleQuotedString(_)
        | Value::DollarQuotedString(_)
        | Value::TripleSingleQuotedString(_)
        | Value::TripleDoubleQuotedString(_)
        | Value::EscapedStringLiteral(_)
        | Value::UnicodeStringLiteral(_)
        | Value::SingleQuotedByteStringLiteral(_)
        | Value::DoubleQuotedByteStringLiteral(_)
        | Value::TripleSingleQuotedByteStringLiteral(_)
        | Value::TripleDoubleQuotedByteStringLiteral(_)
        | Value::SingleQuotedRawStringLiteral(_)
        | Value::DoubleQuotedRawStringLiteral(_)
        | Value::TripleSingleQuotedRawStringLiteral(_)
        | Value::TripleDoubleQuotedRawStringLiteral(_)
        | Value::NationalStringLiteral(_)
        | Value::QuoteDelimitedStringLiteral(_)
        | Value::NationalQuoteDelimitedStringLiteral(_)
        | Value::HexStringLiteral(_) => refuse("text is written in plain 'single quotes'"),
    }
}

const BACKSLASH: &str = "a backslash next to a quote cannot be used in text";

/// Whether text, with its escapes as written, has quotes in pairs only and no backslash before a
/// quote or the end.
fn is_plain(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if chars.next() != Some('\'') => return false,
            '\\' if matches!(chars.peek(), None | Some('\'' | '"')) => return false,
            _ => {}
        }
    }
    true
}

fn is_paired(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\'' && chars.next() != Some('\'') {
            return false;
        }
    }
    true
}

/// A key of a path: a number or a plain string.
pub(super) fn key(expr: &mut Expr) -> Result<(), Rejection> {
    if let Expr::Value(literal) = expr {
        return value(&mut literal.value, literal.span, Dialect::Snowflake);
    }
    Checker::unfit(expr, "value", "a path has plain numbers and strings only")
}

/// The text of a plain string.
pub(super) fn text(expr: &Expr) -> Option<&str> {
    let Expr::Value(literal) = expr else { return None };
    let (Value::SingleQuotedString(text) | Value::DoubleQuotedString(text)) = &literal.value else {
        return None;
    };
    Some(text)
}

/// A plain whole number, with its sign.
#[expect(clippy::wildcard_enum_match_arm, reason = "anything else is no plain number")]
pub(super) fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Value(literal) => match &literal.value {
            Value::Number(digits, false) => digits.parse().ok(),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => integer(expr).map(|number| -number),
        Expr::Nested(inner) => integer(inner),
        _ => None,
    }
}

/// A part of a date, as EXTRACT and INTERVAL name it.
pub(super) fn field(field: &DateTimeField, span: Span) -> Result<(), Rejection> {
    match field {
        DateTimeField::Year
        | DateTimeField::Years
        | DateTimeField::Month
        | DateTimeField::Months
        | DateTimeField::Week(None)
        | DateTimeField::Weeks
        | DateTimeField::Day
        | DateTimeField::DayOfWeek
        | DateTimeField::DayOfYear
        | DateTimeField::Days
        | DateTimeField::Date
        | DateTimeField::Hour
        | DateTimeField::Hours
        | DateTimeField::Minute
        | DateTimeField::Minutes
        | DateTimeField::Second
        | DateTimeField::Seconds
        | DateTimeField::Century
        | DateTimeField::Decade
        | DateTimeField::Dow
        | DateTimeField::Doy
        | DateTimeField::Epoch
        | DateTimeField::Isodow
        | DateTimeField::Isoyear
        | DateTimeField::IsoWeek
        | DateTimeField::Julian
        | DateTimeField::Microsecond
        | DateTimeField::Microseconds
        | DateTimeField::Millennium
        | DateTimeField::Millisecond
        | DateTimeField::Milliseconds
        | DateTimeField::Nanosecond
        | DateTimeField::Nanoseconds
        | DateTimeField::Quarter
        | DateTimeField::Time
        | DateTimeField::Timezone
        | DateTimeField::TimezoneHour
        | DateTimeField::TimezoneMinute => Ok(()),
        DateTimeField::Custom(word) if is_unit(&word.value) && word.quote_style.is_none() => Ok(()),
        DateTimeField::Week(Some(_))
        | DateTimeField::Datetime
        | DateTimeField::Millenium
        | DateTimeField::TimezoneAbbr
        | DateTimeField::TimezoneRegion
        | DateTimeField::NoDateTime
        | DateTimeField::Custom(_) => {
            Err(Rejection::at("value", span, format!("{field} is no part of a date")))
        }
    }
}

/// CEIL and FLOOR to a part of a date are of other engines.
pub(super) fn no_field(field: &DateTimeField, span: Span) -> Result<(), Rejection> {
    if *field == DateTimeField::NoDateTime {
        return Ok(());
    }
    Err(Rejection::at("value", span, "CEIL and FLOOR take a number"))
}

/// Words for parts of dates that stand as bare words in calls: `TIMESTAMPDIFF(MONTH, …)`.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "microsecond", "microseconds", "millisecond", "milliseconds", "nanosecond", "second", "seconds",
    "minute", "minutes", "hour", "hours", "day", "days", "dayofweek", "dayofweekiso", "dayofyear",
    "dow", "doy", "week", "weeks", "weekiso", "weekofyear", "month", "months", "quarter", "quarters",
    "year", "years", "yearofweek", "yearofweekiso", "epoch", "epoch_second", "year_month", "day_hour",
    "day_minute", "day_second", "hour_minute", "hour_second", "minute_second", "isodow", "isoyear",
    "yyyy", "yy", "mm", "dd", "hh", "mi", "ss", "sql_tsi_day", "sql_tsi_month", "sql_tsi_year",
];

pub(super) fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

impl Checker<'_> {
    pub(super) fn interval(
        &mut self,
        interval: &mut Interval,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let Interval {
            value,
            leading_field,
            leading_precision: _,
            last_field,
            fractional_seconds_precision: _,
        } = interval;
        for unit in [leading_field, last_field].into_iter().flatten() {
            field(unit, Span::empty())?;
        }
        self.expression(value, scope)
    }
}
