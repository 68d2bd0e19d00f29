//! Times as RFC 3339 in UTC with milliseconds, and back.
//!
//! **Invariant:** what [`rfc3339`] writes, [`parse_rfc3339`] reads to the same moment.

use starling_actors::domain::{Timestamp, date_of, days_of};

const MS_PER_SECOND: i64 = 1000;
const MS_PER_MINUTE: i64 = 60 * MS_PER_SECOND;
const MS_PER_HOUR: i64 = 60 * MS_PER_MINUTE;
const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;
/// First and last millisecond that four digits of a year can show.
const SHOWN_MS: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);

/// Writes a moment as `2026-01-31T09:30:00.250Z`. What lies outside of the years 0 to 9999 is
/// shown as the nearest moment inside.
pub fn rfc3339(at: Timestamp) -> String {
    let ms = at.0.clamp(SHOWN_MS.0, SHOWN_MS.1);
    let (days, of_day) = (ms.div_euclid(MS_PER_DAY), ms.rem_euclid(MS_PER_DAY));
    let (year, month, day) = date_of(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        of_day / MS_PER_HOUR,
        of_day / MS_PER_MINUTE % 60,
        of_day / MS_PER_SECOND % 60,
        of_day % MS_PER_SECOND
    )
}

/// Reads a moment: date, time, an optional fraction (cut after milliseconds), and `Z` or an offset.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (hour, rest) = digits(rest.strip_prefix(['T', 't', ' '])?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (fraction_ms, rest) = fraction(rest)?;
    let offset_ms = offset(rest)?;
    let days = days_of(year, month, day);
    let is_possible =
        hour < 24 && minute < 60 && second < 60 && date_of(days) == (year, month, day);
    is_possible.then(|| {
        let of_day = hour * MS_PER_HOUR + minute * MS_PER_MINUTE + second * MS_PER_SECOND;
        Timestamp(days * MS_PER_DAY + of_day + fraction_ms - offset_ms)
    })
}

fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    let are_digits = head.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| head.parse().ok()).flatten().map(|number| (number, rest))
}

fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let ms = rest[..end].bytes().chain(*b"000").take(3);
    (end > 0).then(|| (ms.fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0')), &rest[end..]))
}

fn offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
    (rest.is_empty() && hours < 24 && minutes < 60)
        .then_some(sign * (hours * MS_PER_HOUR + minutes * MS_PER_MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_are_written_as_everyone_writes_them() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_700_000_000_123, "2023-11-14T22:13:20.123Z"),
            (i64::MAX, "9999-12-31T23:59:59.999Z"),
            (i64::MIN, "0000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(rfc3339(Timestamp(ms)), text);
        }
    }

    #[test]
    fn offsets_and_fractions_are_understood() {
        let expected = Some(Timestamp(1_700_000_000_100));
        assert_eq!(parse_rfc3339("2023-11-14T23:13:20.1+01:00"), expected);
        assert_eq!(parse_rfc3339("2023-11-14T22:13:20.100999Z"), expected);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2023-02-29T00:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01",
            "2023-1-1T0:0:0Z",
            "2023-01-01T00:00:00",
            "2023-01-01T00:00:00.Z",
            "ä023-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_reads_back(ms in SHOWN_MS.0..=SHOWN_MS.1) {
            prop_assert_eq!(parse_rfc3339(&rfc3339(Timestamp(ms))), Some(Timestamp(ms)));
        }
    }
}
