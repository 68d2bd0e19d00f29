//! Days as people write them in a search: `2026-11-22`, `2026-11`, `2026`, `today`, `yesterday`.

use crate::domain::{Timestamp, days_of};

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 86_400_000;
/// Years that a date may have: four digits, whose moments every store can hold.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=9999;

/// Where and when the reader is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The moment of the question.
    pub now: Timestamp,
    /// How far their clock is ahead of UTC. Their days begin by it.
    pub utc_offset_minutes: i32,
}

/// A stretch of time: from its first moment to the first one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) begin: Timestamp,
    pub(super) end: Timestamp,
}

impl Reader {
    /// The time that a word means, if it means one.
    pub(super) fn period(self, word: &str) -> Option<Period> {
        let (first, after) = match word {
            "today" => (self.today(), self.today() + 1),
            "yesterday" => (self.today() - 1, self.today()),
            _ => written(word)?,
        };
        Some(Period { begin: self.moment(first), end: self.moment(after) })
    }

    /// The reader's day, counted from 1970-01-01.
    fn today(self) -> i64 {
        (self.now.0 + self.offset_ms()).div_euclid(MS_PER_DAY)
    }

    /// When a day begins where the reader is.
    fn moment(self, day: i64) -> Timestamp {
        Timestamp(day * MS_PER_DAY - self.offset_ms())
    }

    fn offset_ms(self) -> i64 {
        i64::from(self.utc_offset_minutes) * MS_PER_MINUTE
    }
}

/// The first day of a written date, and the first day after it.
fn written(word: &str) -> Option<(i64, i64)> {
    let mut numbers = word.split('-').map(number);
    let year = numbers.next()??;
    let (month, day) = (numbers.next(), numbers.next());
    if numbers.next().is_some() || !YEARS.contains(&year) {
        return None;
    }
    match (month, day) {
        (None, _) => Some((days_of(year, 1, 1), days_of(year + 1, 1, 1))),
        (Some(month), None) => {
            let month = month.filter(|month| (1..=12).contains(month))?;
            Some((days_of(year, month, 1), month_after(year, month)))
        }
        (Some(month), Some(day)) => {
            let month = month.filter(|month| (1..=12).contains(month))?;
            let first = days_of(year, month, 1);
            // The 31st of a month that has 30 is no day.
            let asked = first + day.filter(|day| *day >= 1)? - 1;
            (asked < month_after(year, month)).then_some((asked, asked + 1))
        }
    }
}

fn month_after(year: i64, month: i64) -> i64 {
    if month == 12 { days_of(year + 1, 1, 1) } else { days_of(year, month + 1, 1) }
}

/// A number of digits alone, few enough to count with.
fn number(text: &str) -> Option<i64> {
    let is_short = (1..=4).contains(&text.len());
    (is_short && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22, 01:30 in UTC.
    const NOW: Timestamp = Timestamp(1_795_311_000_000);

    fn days(word: &str, utc_offset_minutes: i32) -> Option<(String, String)> {
        let period = Reader { now: NOW, utc_offset_minutes }.period(word)?;
        Some((period.begin.day(), Timestamp(period.end.0 - 1).day()))
    }

    fn same(day: &str) -> Option<(String, String)> {
        Some((day.to_owned(), day.to_owned()))
    }

    #[test]
    fn dates_are_days_months_and_years() {
        assert_eq!(days("2026-11-21", 0), same("2026-11-21"));
        assert_eq!(days("2024-2", 0), Some(("2024-02-01".to_owned(), "2024-02-29".to_owned())));
        assert_eq!(days("2025-12", 0), Some(("2025-12-01".to_owned(), "2025-12-31".to_owned())));
        assert_eq!(days("2025", 0), Some(("2025-01-01".to_owned(), "2025-12-31".to_owned())));
        assert_eq!(days("yesterday", 0), same("2026-11-21"));
    }

    #[test]
    fn a_day_begins_where_the_reader_is() {
        let west = Reader { now: NOW, utc_offset_minutes: -120 };
        let period = west.period("today").expect("is a day");
        assert_eq!(Timestamp(period.begin.0 - 120 * MS_PER_MINUTE).day(), "2026-11-21");
        assert_eq!(period.end.0 - period.begin.0, MS_PER_DAY);
        assert_eq!(period.begin.0.rem_euclid(MS_PER_DAY), 120 * MS_PER_MINUTE);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for word in [
            "",
            "-",
            "soon",
            "2026-13",
            "2026-02-30",
            "2026-00-01",
            "0001",
            "99999",
            "2026-1-1-1",
            "2026-11-٣",
        ] {
            assert_eq!(days(word, 0), None, "{word}");
        }
    }
}
