//! Days of the calendar, and the spans of it that questions speak of.

use std::fmt;

use crate::domain::{date_of, days_of};

/// A day. Ordered as the calendar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    /// The year.
    pub(super) year: i32,
    /// From 1.
    pub(super) month: u32,
    /// From 1.
    pub(super) day: u32,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Day {
    /// A day that the calendar has.
    pub(super) fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let is_valid = (1..=12).contains(&month) && day >= 1 && day <= month_days(year, month);
        is_valid.then_some(Self { year, month, day })
    }

    /// The first of a month; months past 12 and before 1 belong to other years.
    pub(super) fn first(year: i32, month: i32) -> Self {
        let months = year * 12 + month - 1;
        let month = u32::try_from(months.rem_euclid(12)).unwrap_or(0) + 1;
        Self { year: months.div_euclid(12), month, day: 1 }
    }

    /// Reads the first ten letters of `2026-11-21…`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.get(..10)?.split('-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        Self::new(year, month, parts.next()?.parse().ok()?)
    }

    /// Days since 1970-01-01.
    pub(super) fn number(self) -> i64 {
        days_of(self.year.into(), self.month.into(), self.day.into())
    }

    /// The day with a number.
    pub(super) fn from_number(number: i64) -> Self {
        let (year, month, day) = date_of(number);
        let small = |value: i64| u32::try_from(value).unwrap_or(1);
        Self { year: i32::try_from(year).unwrap_or(1970), month: small(month), day: small(day) }
    }

    /// The day some days later.
    pub(super) fn plus_days(self, days: i64) -> Self {
        Self::from_number(self.number() + days)
    }

    /// The same day some months later, or the last one of a shorter month.
    pub(super) fn plus_months(self, months: i32) -> Self {
        let month = i32::try_from(self.month).unwrap_or(1);
        let first = Self::first(self.year, month + months);
        Self { day: self.day.min(month_days(first.year, first.month)), ..first }
    }

    /// The Monday of its week.
    pub(super) fn monday(self) -> Self {
        self.plus_days(-(self.number() + 3).rem_euclid(7))
    }

    /// The first day of its quarter.
    pub(super) fn quarter(self) -> Self {
        Self { month: (self.month - 1) / 3 * 3 + 1, day: 1, ..self }
    }

    /// Seconds since 1970-01-01, at its midnight in UTC.
    pub(super) fn seconds(self) -> i64 {
        self.number() * 86_400
    }
}

fn month_days(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How finely time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    /// The hour of the day, whatever the day.
    Hour,
    /// Days.
    Day,
    /// Weeks, from Monday.
    Week,
    /// The day of the week, whatever the week.
    Weekday,
    /// Months.
    Month,
    /// Quarters.
    Quarter,
    /// Years.
    Year,
}

impl Grain {
    /// What it is called.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Weekday => "weekday",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The grain that a word names.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let grain = match word {
            "hour" | "hours" | "hourly" => Self::Hour,
            "day" | "days" | "daily" | "date" => Self::Day,
            "week" | "weeks" | "weekly" => Self::Week,
            "weekday" | "weekdays" => Self::Weekday,
            "month" | "months" | "monthly" => Self::Month,
            "quarter" | "quarters" | "quarterly" => Self::Quarter,
            "year" | "years" | "yearly" | "annually" | "annual" => Self::Year,
            _ => return None,
        };
        Some(grain)
    }

    /// The first day of the span of this grain that a day lies in.
    pub(super) fn start(self, day: Day) -> Day {
        match self {
            Self::Hour | Self::Day | Self::Weekday => day,
            Self::Week => day.monday(),
            Self::Month => Day { day: 1, ..day },
            Self::Quarter => day.quarter(),
            Self::Year => Day { month: 1, day: 1, ..day },
        }
    }

    /// A day some spans of this grain later.
    pub(super) fn step(self, day: Day, count: i32) -> Day {
        match self {
            Self::Hour | Self::Day | Self::Weekday => day.plus_days(i64::from(count)),
            Self::Week => day.plus_days(7 * i64::from(count)),
            Self::Month => day.plus_months(count),
            Self::Quarter => day.plus_months(3 * count),
            Self::Year => day.plus_months(12 * count),
        }
    }
}

/// A stretch of time: from its first day, until the day before `until`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// The first day in it; none when it has no beginning.
    pub(super) from: Option<Day>,
    /// The first day after it; none when it has no end.
    pub(super) until: Option<Day>,
}

impl Span {
    /// The span of a grain that a day lies in.
    pub(super) fn of(grain: Grain, day: Day) -> Self {
        let from = grain.start(day);
        Self { from: Some(from), until: Some(grain.step(from, 1)) }
    }

    /// From the beginning of one to the end of another.
    pub(super) fn join(self, other: Self) -> Self {
        Self { from: self.from, until: other.until }
    }

    /// In words, for people.
    pub(super) fn words(self) -> String {
        match (self.from, self.until) {
            (Some(from), Some(until)) if from.plus_days(1) == until => format!("on {from}"),
            (Some(from), Some(until)) => format!("from {from} to {}", until.plus_days(-1)),
            (Some(from), None) => format!("since {from}"),
            (None, Some(until)) => format!("before {until}"),
            (None, None) => String::from("at any time"),
        }
    }
}
