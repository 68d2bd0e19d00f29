//! Quiet hours: when a person is not to be told anything, by the clock on their wall.
//!
//! **Invariant:** the end that is given lies in the future, so what is put off comes up again later.

use chrono::{Datelike, Days, Duration, LocalResult, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use starling_actors::domain::Timestamp;

/// Quiet spans that may follow each other without a break: those of a week, and the one it begins in.
const SPANS_MAX: usize = 8;
const MINUTES_PER_DAY: u16 = 24 * 60;

/// A span of the day, on some days of the week. One that ends before it begins ends on the next day; one
/// that ends where it begins is the whole day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Minutes since midnight.
    pub from: u16,
    /// Minutes since midnight.
    pub to: u16,
    /// The days on which it begins, Monday being 0.
    pub days: Vec<u8>,
}

impl QuietHours {
    /// When it begins, such as `22:00`.
    pub fn begin(&self) -> String {
        time_of(self.from)
    }

    /// When it ends, such as `07:00`.
    pub fn end(&self) -> String {
        time_of(self.to)
    }

    /// Until when it is quiet; `None` when it is not.
    pub(super) fn until(&self, zone: Tz, now: Timestamp) -> Option<Timestamp> {
        let mut end = None;
        let mut at = now;
        for _ in 0..SPANS_MAX {
            let Some(next) = self.span_end(zone, at) else { break };
            end = Some(next);
            at = next;
        }
        end
    }

    /// The end of the span that a moment is in.
    fn span_end(&self, zone: Tz, at: Timestamp) -> Option<Timestamp> {
        let local = zone.timestamp_millis_opt(at.0).single()?.naive_local();
        let today = local.date();
        let days = [Some(today), today.checked_sub_days(Days::new(1))];
        let ends = days.into_iter().flatten().filter_map(|day| self.span_of(day));
        let ends = ends.filter(|(begin, end)| *begin <= local && local < *end);
        let end = instant(zone, ends.map(|(_, end)| end).max()?)?;
        (end > at).then_some(end)
    }

    /// The span that begins on a day.
    fn span_of(&self, day: NaiveDate) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let weekday = u8::try_from(day.weekday().num_days_from_monday()).ok()?;
        if !self.days.contains(&weekday) {
            return None;
        }
        let at = |day: NaiveDate, minutes: u16| {
            let minutes = u32::from(minutes % MINUTES_PER_DAY);
            day.and_hms_opt(minutes / 60, minutes % 60, 0)
        };
        let last = if self.to > self.from { day } else { day.checked_add_days(Days::new(1))? };
        Some((at(day, self.from)?, at(last, self.to)?))
    }
}

/// The moment at which a wall shows a time. Of two in autumn the later one, so that the hour between is
/// quiet too; for one that is left out in spring, an hour later.
fn instant(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    let moment = match zone.from_local_datetime(&local) {
        LocalResult::Single(one) | LocalResult::Ambiguous(_, one) => one,
        LocalResult::None => zone.from_local_datetime(&(local + Duration::hours(1))).latest()?,
    };
    Some(Timestamp(moment.timestamp_millis()))
}

/// Minutes since midnight of a time such as `22:00`.
pub(super) fn minutes_of(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let is_plain = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(hours) || !is_plain(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// The time of minutes since midnight.
fn time_of(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [u8; 7] = [0, 1, 2, 3, 4, 5, 6];

    fn hours(from: &str, to: &str, days: &[u8]) -> QuietHours {
        let of = |text| minutes_of(text).expect("is a time");
        QuietHours { from: of(from), to: of(to), days: days.to_vec() }
    }

    fn utc(text: &str) -> Timestamp {
        Timestamp(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn berlin() -> Tz {
        "Europe/Berlin".parse().unwrap()
    }

    #[test]
    fn a_night_ends_in_the_morning_on_the_persons_own_wall() {
        let night = hours("22:00", "07:00", &ALL);
        let until = |at| night.until(berlin(), utc(at));
        // Berlin is two hours ahead in summer.
        assert_eq!(until("2026-07-01T19:59:59Z"), None);
        assert_eq!(until("2026-07-01T20:00:00Z"), Some(utc("2026-07-02T05:00:00Z")));
        assert_eq!(until("2026-07-02T04:59:59Z"), Some(utc("2026-07-02T05:00:00Z")));
        assert_eq!(until("2026-07-02T05:00:00Z"), None);
    }

    #[test]
    fn whole_days_of_a_weekend_are_one_quiet_time() {
        let weekend = hours("00:00", "00:00", &[5, 6]);
        // A Saturday.
        let until = weekend.until(Tz::UTC, utc("2026-08-01T10:00:00Z"));
        assert_eq!(until, Some(utc("2026-08-03T00:00:00Z")));
        assert_eq!(weekend.until(Tz::UTC, utc("2026-08-03T00:00:00Z")), None);
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let friday = hours("22:00", "07:00", &[4]);
        // 2026-07-31 is a Friday.
        assert!(friday.until(Tz::UTC, utc("2026-07-31T23:00:00Z")).is_some());
        assert!(friday.until(Tz::UTC, utc("2026-08-01T06:00:00Z")).is_some());
        assert!(friday.until(Tz::UTC, utc("2026-08-01T23:00:00Z")).is_none());
    }

    #[test]
    fn the_changes_of_the_clock_cut_nothing_off() {
        let morning = hours("01:00", "02:30", &ALL);
        // In spring there is no 02:30, in autumn there are two.
        let spring = morning.until(berlin(), utc("2026-03-29T00:30:00Z"));
        assert_eq!(spring, Some(utc("2026-03-29T01:30:00Z")));
        let autumn = morning.until(berlin(), utc("2026-10-25T00:00:00Z"));
        assert_eq!(autumn, Some(utc("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        assert_eq!(minutes_of("07:05").map(time_of).as_deref(), Some("07:05"));
        for odd in ["", "7:00", "24:00", "12:60", "+1:00", "12:00:00", "noon"] {
            assert_eq!(minutes_of(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn an_end_is_never_behind(
            (from, to) in (0_u16..1440, 0_u16..1440),
            days in proptest::collection::vec(0_u8..7, 0..8),
            zone in proptest::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            now in 1_500_000_000_000_i64..2_500_000_000_000,
        ) {
            let hours = QuietHours { from, to, days };
            if let Some(end) = hours.until(zone, Timestamp(now)) {
                prop_assert!(end.0 > now);
                prop_assert!(end.0 - now <= 9 * 24 * 3_600_000);
            }
        }
    }
}
