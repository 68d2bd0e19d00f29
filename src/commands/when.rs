//! Times as people write them: "in 20 minutes", "tomorrow at 9", "on friday at 17:30", "2026-12-24 at noon".
//!
//! What is read is the clock on its author's wall: the distance to UTC comes from their client.

use starling_actors::domain::{Timestamp, date_of, days_of};

const MS_PER_SECOND: i64 = 1_000;
const MS_PER_MINUTE: i64 = 60 * MS_PER_SECOND;
const MS_PER_HOUR: i64 = 60 * MS_PER_MINUTE;
const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;
/// When a day is meant and no hour is said.
const MORNING_MS: i64 = 9 * MS_PER_HOUR;
const EVENING_MS: i64 = 20 * MS_PER_HOUR;
/// Longest number of units: a plan goes a year ahead at most, and this counts it in seconds.
const COUNT_MAX: i64 = 40_000_000;
/// Most words that a time takes: "on monday at half past nine" is longer than any that is understood.
pub(super) const WORDS_MAX: usize = 6;
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Reads a time at the front of the words; gives it and how many words it took. A time of day that is over
/// today is meant tomorrow.
pub(super) fn read(words: &[&str], now: Timestamp, offset_ms: i64) -> Option<(Timestamp, usize)> {
    let words: Vec<String> = words.iter().take(WORDS_MAX).map(|word| word.to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let local = now.0 + offset_ms;
    let (at, taken) = duration(&words)
        .map(|(ms, taken)| (local + ms, taken))
        .or_else(|| day(&words, local))
        .or_else(|| hour_alone(&words, local))?;
    Some((Timestamp(at - offset_ms), taken))
}

/// "in 20 minutes", "in an hour".
fn duration(words: &[&str]) -> Option<(i64, usize)> {
    let ["in", rest @ ..] = words else { return None };
    if let ["half", "an", "hour", ..] = rest {
        return Some((30 * MS_PER_MINUTE, 4));
    }
    let (count, unit, taken) = match rest {
        ["a" | "an" | "one", unit, ..] => (1, *unit, 3),
        [count, unit, ..] if count.bytes().all(|byte| byte.is_ascii_digit()) => {
            (count.parse().ok()?, *unit, 3)
        }
        // "in 20min" and "in 2h".
        [joined, ..] => {
            let end = joined.find(|sign: char| !sign.is_ascii_digit())?;
            (joined[..end].parse().ok()?, &joined[end..], 2)
        }
        [] => return None,
    };
    let unit_ms = match unit.trim_end_matches([',', '.', ':']) {
        "s" | "sec" | "secs" | "second" | "seconds" => MS_PER_SECOND,
        "m" | "min" | "mins" | "minute" | "minutes" => MS_PER_MINUTE,
        "h" | "hr" | "hrs" | "hour" | "hours" => MS_PER_HOUR,
        "d" | "day" | "days" => MS_PER_DAY,
        "w" | "week" | "weeks" => 7 * MS_PER_DAY,
        _ => return None,
    };
    (1..=COUNT_MAX).contains(&count).then_some((count * unit_ms, taken))
}

/// "tomorrow", "on friday at 9", "2026-12-24 17:00".
fn day(words: &[&str], local: i64) -> Option<(i64, usize)> {
    let today = local.div_euclid(MS_PER_DAY);
    let (skipped, rest) = match words {
        ["on" | "next", rest @ ..] => (1, rest),
        rest => (0, rest),
    };
    let name = rest.first()?.trim_end_matches([',', '.', ':']);
    if name == "tonight" {
        let at = today * MS_PER_DAY + EVENING_MS;
        return (at > local).then_some((at, skipped + 1));
    }
    let day = match name {
        "today" => today,
        "tomorrow" => today + 1,
        name => weekday(name, today).or_else(|| date(name))?,
    };
    let behind = &rest[1..];
    let (of_day, taken) = match hour(behind) {
        Some((of_day, taken)) => (of_day, taken),
        // Today alone says nothing about when.
        None if name == "today" => return None,
        None => (MORNING_MS, 0),
    };
    Some((day * MS_PER_DAY + of_day, skipped + 1 + taken))
}

/// The next day of this name; the same day of the week is in a week.
fn weekday(name: &str, today: i64) -> Option<i64> {
    let is_it = |day: &&str| name == *day || (name.len() == 3 && day.starts_with(name));
    let wanted = WEEKDAYS.iter().position(is_it)?;
    let wanted = i64::try_from(wanted).ok()?;
    // 1970-01-01 was a Thursday, three days after a Monday.
    let ahead = (wanted - (today + 3)).rem_euclid(7);
    Some(today + if ahead == 0 { 7 } else { ahead })
}

/// "2026-12-24".
fn date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next()?;
        (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i64>().ok())
            .flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let days = days_of(year, month, day);
    (parts.next().is_none() && date_of(days) == (year, month, day)).then_some(days)
}

/// "at 9": the next time that the clock shows it.
fn hour_alone(words: &[&str], local: i64) -> Option<(i64, usize)> {
    // Without "at", a number at the front is a number.
    if words.first() != Some(&"at") {
        return None;
    }
    let (of_day, taken) = hour(words)?;
    let at = local.div_euclid(MS_PER_DAY) * MS_PER_DAY + of_day;
    Some((if at > local { at } else { at + MS_PER_DAY }, taken))
}

/// "at 9", "9:30", "at 5 pm", "at noon", as milliseconds of a day.
fn hour(words: &[&str]) -> Option<(i64, usize)> {
    let (skipped, rest) = match words {
        ["at", rest @ ..] => (1, rest),
        rest => (0, rest),
    };
    let first = rest.first()?.trim_end_matches([',', '.']);
    match first {
        "noon" => return Some((12 * MS_PER_HOUR, skipped + 1)),
        "midnight" => return Some((0, skipped + 1)),
        _ => {}
    }
    let (digits, half) = match first.strip_suffix("am").or(first.strip_suffix("pm")) {
        Some(digits) => (digits, Some(first.ends_with("pm"))),
        None => (first, None),
    };
    let (half, more) = match (half, rest.get(1).map(|word| word.trim_end_matches(['.', ',']))) {
        (None, Some("am")) => (Some(false), 1),
        (None, Some("pm")) => (Some(true), 1),
        (half, _) => (half, 0),
    };
    // A bare number is an hour only where somebody says "at" or "pm".
    if skipped == 0 && half.is_none() && !digits.contains(':') {
        return None;
    }
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let is_number = |text: &str| {
        !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let hours = match half {
        Some(is_afternoon) if (1..=12).contains(&hours) => {
            hours % 12 + if is_afternoon { 12 } else { 0 }
        }
        Some(_) => return None,
        None => hours,
    };
    let is_time = hours < 24 && minutes < 60;
    is_time.then_some((hours * MS_PER_HOUR + minutes * MS_PER_MINUTE, skipped + 1 + more))
}

/// A moment as its author's clock shows it.
pub(super) fn shown(at: Timestamp, offset_ms: i64) -> String {
    let local = at.0 + offset_ms;
    let (year, month, day) = date_of(local.div_euclid(MS_PER_DAY));
    let of_day = local.rem_euclid(MS_PER_DAY);
    let (hours, minutes) = (of_day / MS_PER_HOUR, of_day / MS_PER_MINUTE % 60);
    format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A Sunday, 2026-11-22, 10:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_341_600_000);

    fn said(text: &str, offset_hours: i64) -> Option<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let offset_ms = offset_hours * MS_PER_HOUR;
        let (at, taken) = read(&words, NOW, offset_ms)?;
        Some(format!("{} +{}", shown(at, offset_ms), words.len() - taken))
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("in 20 minutes to go", Some("2026-11-22 10:20 +2")),
            ("in an hour", Some("2026-11-22 11:00 +0")),
            ("in half an hour", Some("2026-11-22 10:30 +0")),
            ("in 2h call", Some("2026-11-22 12:00 +1")),
            ("in 3 days", Some("2026-11-25 10:00 +0")),
            ("tomorrow", Some("2026-11-23 09:00 +0")),
            ("tomorrow at 5pm", Some("2026-11-23 17:00 +0")),
            ("tomorrow at 5:30 pm rest", Some("2026-11-23 17:30 +1")),
            ("at 9", Some("2026-11-23 09:00 +0")),
            ("at 17:45", Some("2026-11-22 17:45 +0")),
            ("at noon", Some("2026-11-22 12:00 +0")),
            ("tonight", Some("2026-11-22 20:00 +0")),
            ("today at 16:00", Some("2026-11-22 16:00 +0")),
            ("on friday at 12", Some("2026-11-27 12:00 +0")),
            ("sunday", Some("2026-11-29 09:00 +0")),
            ("next mon", Some("2026-11-23 09:00 +0")),
            ("on 2026-12-24 at 18:00", Some("2026-12-24 18:00 +0")),
            ("tomorrow 3 birds", Some("2026-11-23 09:00 +2")),
            ("2026-02-30", None),
            ("in 0 minutes", None),
            ("at 25", None),
            ("at 13 pm", None),
            ("someday", None),
            ("", None),
        ] {
            assert_eq!(said(text, 0).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_clock_is_the_one_on_the_authors_wall() {
        assert_eq!(said("at 9", -5).as_deref(), Some("2026-11-22 09:00 +0"));
        assert_eq!(said("tomorrow at 9", 14).as_deref(), Some("2026-11-24 09:00 +0"));
    }

    proptest! {
        #[test]
        fn no_words_make_it_panic(words in prop::collection::vec("[a-z0-9:.ä-]{0,8}", 0..7)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            read(&words, NOW, 0);
        }

        #[test]
        fn a_time_of_day_is_always_ahead(hours in 0..24_i64, offset in -12..14_i64) {
            let words = ["at", &format!("{hours}:30")];
            let (at, _) = read(&words, NOW, offset * MS_PER_HOUR).expect("is a time");
            prop_assert!(at > NOW && at.0 - NOW.0 <= MS_PER_DAY);
        }
    }
}
