//! Days of the proleptic Gregorian calendar, counted from 1970-01-01 (Howard Hinnant's
//! `days_from_civil` and `civil_from_days`). Years are taken to begin in March, so that the leap day is
//! the last of a year.

use super::Timestamp;

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;
/// Days in 400 years: the calendar repeats after that.
const DAYS_PER_ERA: i64 = 146_097;
/// Milliseconds of a day.
const MS_PER_DAY: i64 = 86_400_000;

/// Year, month and day of a day counted from 1970-01-01.
pub const fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + DAYS_TO_EPOCH;
    let (era, of_era) = (shifted.div_euclid(DAYS_PER_ERA), shifted.rem_euclid(DAYS_PER_ERA));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let is_next_year = month <= 2;
    (era * 400 + year_of_era + is_next_year as i64, month, day)
}

/// A day counted from 1970-01-01; a day that a month does not have counts on into the next one.
pub const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let is_next_year = month <= 2;
    let year = year - is_next_year as i64;
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * DAYS_PER_ERA + of_era - DAYS_TO_EPOCH
}

impl Timestamp {
    /// The day in UTC, as `2026-11-21`.
    pub fn day(self) -> String {
        let (year, month, day) = date_of(self.0.div_euclid(MS_PER_DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (ms, expected) in [
            (-1, "1969-12-31"),
            (0, "1970-01-01"),
            (951_782_400_000, "2000-02-29"),
            (1_795_219_199_999, "2026-11-20"),
            (1_795_219_200_000, "2026-11-21"),
            (4_107_542_399_000, "2100-02-28"),
            (4_107_542_400_000, "2100-03-01"),
        ] {
            assert_eq!(Timestamp(ms).day(), expected);
        }
    }

    #[test]
    fn counting_there_and_back_gives_the_same_day() {
        for days in (-800_000..800_000).step_by(97) {
            let (year, month, day) = date_of(days);
            assert_eq!(days_of(year, month, day), days);
        }
    }
}
