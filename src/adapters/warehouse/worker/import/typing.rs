//! What the values of a column are, by looking at all of them.
//!
//! A column has a type when each of its values is of it; a column that could be read in two ways (days
//! that may be months) stays text, because a wrong guess gives wrong answers.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value};

/// A column's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Float,
    Boolean,
    Date,
    Timestamp,
    Text,
}

impl Kind {
    /// As the table's definition says it.
    pub(super) const fn declared(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Float => "REAL",
            Self::Boolean => "BOOLEAN",
            Self::Date => "DATE",
            Self::Timestamp => "TIMESTAMP",
            Self::Text => "TEXT",
        }
    }
}

/// How days are written. The third and fourth cannot be told apart where all days are below 13.
const DAYS: [&str; 5] = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d"];

/// What the values seen so far could be.
#[derive(Clone, Debug)]
pub(super) struct Column {
    is_seen: bool,
    integer: bool,
    float: bool,
    comma: bool,
    boolean: bool,
    days: [bool; 5],
    moments: [bool; 5],
    /// Set by [`Self::decide`].
    kind: Kind,
    format: usize,
}

impl Column {
    pub(super) const fn new(has_commas: bool) -> Self {
        Self {
            is_seen: false,
            integer: true,
            float: true,
            comma: has_commas,
            boolean: true,
            days: [true; 5],
            moments: [true; 5],
            kind: Kind::Text,
            format: 0,
        }
    }

    /// Looks at one value. Empty ones are of every type.
    pub(super) fn see(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.is_seen = true;
        self.integer = self.integer && integer(text).is_some();
        self.float = self.float && float(text).is_some();
        self.comma = self.comma && comma(text).is_some();
        self.boolean = self.boolean && boolean(text).is_some();
        let could_be = text.len() <= 40 && text.starts_with(|c: char| c.is_ascii_digit());
        for (place, format) in DAYS.iter().enumerate() {
            self.days[place] = self.days[place] && could_be && day(text, format).is_some();
            self.moments[place] = self.moments[place] && could_be && moment(text, format).is_some();
        }
    }

    /// Chooses the narrowest type that all values have.
    pub(super) fn decide(&mut self) {
        let only = |could: &[bool; 5]| match could {
            [_, _, true, true, _] => None,
            _ => could.iter().position(|could| *could),
        };
        self.kind = match (only(&self.days), only(&self.moments)) {
            _ if !self.is_seen => Kind::Text,
            _ if self.boolean => Kind::Boolean,
            _ if self.integer => Kind::Integer,
            _ if self.float || self.comma => Kind::Float,
            (Some(format), _) => {
                self.format = format;
                Kind::Date
            }
            (None, Some(format)) => {
                self.format = format;
                Kind::Timestamp
            }
            (None, None) => Kind::Text,
        };
    }

    pub(super) const fn kind(&self) -> Kind {
        self.kind
    }

    /// A value as it is stored.
    pub(super) fn value(&self, text: &str) -> Typed {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Typed(Value::Null);
        }
        let format = DAYS[self.format];
        let typed = match self.kind {
            Kind::Integer => integer(trimmed).map(Value::Integer),
            Kind::Float if self.float => float(trimmed).map(Value::Real),
            Kind::Float => comma(trimmed).map(Value::Real),
            Kind::Boolean => boolean(trimmed).map(|value| Value::Integer(value.into())),
            Kind::Date => day(trimmed, format).map(|day| Value::Text(day.to_string())),
            Kind::Timestamp => moment(trimmed, format)
                .map(|moment| Value::Text(moment.format("%Y-%m-%d %H:%M:%S%.f").to_string())),
            Kind::Text => None,
        };
        Typed(typed.unwrap_or_else(|| Value::Text(text.to_owned())))
    }
}

/// A value on its way into the database.
#[derive(Debug, PartialEq)]
pub(super) struct Typed(Value);

impl ToSql for Typed {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

/// Digits; with a leading zero they are a code (a postal one, a telephone's) and stay text.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_code = digits.len() > 1 && digits.starts_with('0');
    let is_plain = !is_code && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

fn float(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_code =
        digits.starts_with('0') && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let is_plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    // More digits than a binary fraction holds are a number of something, such as an account.
    let is_short = digits.bytes().filter(u8::is_ascii_digit).count() <= 18;
    text.parse().ok().filter(|number: &f64| is_plain && !is_code && is_short && number.is_finite())
}

fn comma(text: &str) -> Option<f64> {
    if text.contains('.') {
        return None;
    }
    float(&text.replacen(',', ".", 1))
}

fn boolean(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes"]) {
        return Some(true);
    }
    is(&["false", "no"]).then_some(false)
}

fn day(text: &str, format: &str) -> Option<NaiveDate> {
    // Years of two digits could be of two centuries.
    let has_year = text.split(['-', '.', '/']).any(|part| part.len() == 4);
    NaiveDate::parse_from_str(text, format).ok().filter(|_| has_year)
}

/// A day with a time of day, or without one among others that have one. With a zone: in UTC.
fn moment(text: &str, format: &str) -> Option<NaiveDateTime> {
    let Some((date, time)) = text.split_once(['T', ' ']) else {
        return day(text, format).map(|day| day.and_time(chrono::NaiveTime::MIN));
    };
    let date = day(date, format)?;
    if let Ok(zoned) = DateTime::parse_from_rfc3339(&format!("{date}T{}", time.trim())) {
        return Some(zoned.naive_utc());
    }
    let time = ["%H:%M:%S%.f", "%H:%M", "%I:%M %p", "%I:%M:%S %p"]
        .iter()
        .find_map(|format| chrono::NaiveTime::parse_from_str(time.trim(), format).ok())?;
    Some(date.and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> Column {
        let mut column = Column::new(true);
        values.iter().for_each(|value| column.see(value));
        column.decide();
        column
    }

    #[test]
    fn a_column_has_the_type_of_all_its_values() {
        for (values, kind) in [
            (&["1", "-20", ""][..], Kind::Integer),
            (&["1", "2.5", "1e3"], Kind::Float),
            (&["1,5", "2"], Kind::Float),
            (&["yes", "No", "TRUE"], Kind::Boolean),
            (&["2024-01-31", "1999-12-01"], Kind::Date),
            (&["31.01.2024"], Kind::Date),
            (&["2024-01-31 10:00", "2024-02-01T11:30:05.5Z", "2024-02-02"], Kind::Timestamp),
            (&["12/31/2024", "01/02/2024"], Kind::Date),
            (&["01/02/2024", "03/04/2024"], Kind::Text),
            (&["01067", "80331"], Kind::Text),
            (&["12345678901234567890"], Kind::Text),
            (&["1", "x"], Kind::Text),
            (&["nan", "inf"], Kind::Text),
            (&["", ""], Kind::Text),
        ] {
            assert_eq!(column(values).kind(), kind, "{values:?}");
        }
    }

    #[test]
    fn values_are_stored_as_their_type() {
        let text = |words: &str| Typed(Value::Text(words.to_owned()));
        assert_eq!(column(&["31.01.2024"]).value("31.01.2024"), text("2024-01-31"));
        let moments = column(&["2024-01-31T10:00:00+02:00"]);
        assert_eq!(moments.value("2024-01-31T10:00:00+02:00"), text("2024-01-31 08:00:00"));
        assert_eq!(column(&["1,5"]).value("1,5"), Typed(Value::Real(1.5)));
        assert_eq!(column(&["yes"]).value("yes"), Typed(Value::Integer(1)));
        assert_eq!(column(&["x"]).value(" "), Typed(Value::Null));
    }
}
