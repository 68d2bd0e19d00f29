//! Reads time out of words: "last month", "between March and June 2025", "since 2024", "Q3".
//!
//! **Invariant:** what is read depends on the words and on `today` alone.

use super::dates::{Day, Grain, Span};
use super::numbers;
use super::stems::is_near;
use super::words::Word;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The longest "last … days": thirty years of days.
const COUNT_MAX: f64 = 11_000.0;

/// The years that a bare number is taken for.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Reads a span at the start of `words`; says how many words it took.
pub(super) fn span(words: &[Word], today: Day) -> Option<(usize, Span)> {
    let first = words.first()?.lower.as_str();
    let after_first = &words[1..];
    match first {
        "between" | "from" => {
            let (left, from) = point(after_first, today)?;
            let link = after_first.get(left)?.lower.as_str();
            if !matches!(link, "and" | "to" | "until" | "till" | "through") {
                let is_open = first == "from" && matches!(link, "on" | "onward" | "onwards");
                return is_open.then_some((left + 2, Span { until: None, ..from.span }));
            }
            let (right, to) = point(&after_first[left + 1..], today)?;
            Some((left + right + 2, ends_joined(from, to)))
        }
        "since" | "starting" => {
            let skip = usize::from(after_first.first().is_some_and(|word| word.lower == "in"));
            let (edge, is_start) = edge_of(&after_first[skip..]).unwrap_or((0, true));
            let (used, at) = point(&after_first[skip + edge..], today)?;
            let from = if is_start { at.span.from } else { at.span.until };
            Some((used + skip + edge + 1, Span { from, until: None }))
        }
        "before" | "until" | "till" | "by" if first != "by" || is_end_of(after_first) => {
            let (used, at) = point(after_first, today)?;
            let until = if first == "before" { at.span.from } else { at.span.until };
            Some((used + 1, Span { from: None, until }))
        }
        "after" => {
            let (used, at) = point(after_first, today)?;
            Some((used + 1, Span { from: at.span.until, until: None }))
        }
        "over" if after_first.first().is_none_or(|word| word.lower != "the") => None,
        "in" | "on" | "during" | "for" | "of" | "within" | "at" | "over" => {
            let (used, found) = span(after_first, today)?;
            Some((used + 1, found))
        }
        _ => {
            let (used, at) = point(words, today)?;
            let link = words.get(used).map(|word| word.lower.as_str());
            if matches!(link, Some("to" | "until" | "through" | "till"))
                && let Some((right, to)) = point(&words[used + 1..], today)
            {
                return Some((used + right + 1, ends_joined(at, to)));
            }
            Some((used, at.span))
        }
    }
}

/// `by` begins a time only in "by the end of".
fn is_end_of(words: &[Word]) -> bool {
    words.iter().take(2).any(|word| word.lower == "end")
}

/// A span with whether its year was said.
#[derive(Clone, Copy)]
struct Point {
    span: Span,
    has_year: bool,
}

/// From one to the other; "March to June 2025" says the year once.
fn ends_joined(from: Point, to: Point) -> Span {
    let mut start = from.span;
    if let (false, true, Some(first), Some(last)) =
        (from.has_year, to.has_year, start.from, to.span.from)
    {
        let year = if first.month <= last.month { last.year } else { last.year - 1 };
        start.from = Some(Day { year, ..first });
    }
    start.join(to.span)
}

fn point(words: &[Word], today: Day) -> Option<(usize, Point)> {
    let skipped = words.iter().take_while(|word| matches!(word.lower.as_str(), "the" | "year"));
    let skipped = skipped.count();
    let rest = words.get(skipped..)?;
    let (used, point) = dated(rest, today)
        .or_else(|| part_of_year(rest, today).filter(|(used, _)| *used > 2))
        .or_else(|| {
            relative(rest, today).map(|(used, span)| (used, Point { span, has_year: true }))
        })
        .or_else(|| part_of_year(rest, today))?;
    Some((used + skipped, point))
}

/// Words before a time that say which end of it is meant.
fn edge_of(words: &[Word]) -> Option<(usize, bool)> {
    let mut at = usize::from(words.first()?.lower == "the");
    let is_start = match words.get(at)?.lower.as_str() {
        "start" | "beginning" => true,
        "end" => false,
        _ => return None,
    };
    at += 1;
    (words.get(at)?.lower == "of").then_some((at + 1, is_start))
}

/// Days, months and years by their names and numbers.
fn dated(words: &[Word], today: Day) -> Option<(usize, Point)> {
    let first = words.first()?;
    if let Some(day) = numbers::is_date(&first.lower).then(|| Day::parse(&first.lower)).flatten() {
        return Some((1, Point { span: Span::of(Grain::Day, day), has_year: true }));
    }
    if let Some((used, day)) = day_of_month(words) {
        return Some((used, Point { span: Span::of(Grain::Day, day), has_year: true }));
    }
    if let Some(month) = month(first) {
        let of = usize::from(words.get(1).is_some_and(|word| word.lower == "of"));
        if let Some(year) = words.get(1 + of).and_then(year) {
            let span = Span::of(Grain::Month, Day::first(year, month));
            return Some((2 + of, Point { span, has_year: true }));
        }
        let of_last = words.get(1).is_some_and(|word| word.lower == "last")
            && words.get(2).is_some_and(|word| word.lower == "year");
        if of_last {
            let span = Span::of(Grain::Month, Day::first(today.year - 1, month));
            return Some((3, Point { span, has_year: true }));
        }
        // A month without a year is the latest one that has begun.
        let this = Day::first(today.year, month);
        let day = if this > today { Day::first(today.year - 1, month) } else { this };
        return Some((1, Point { span: Span::of(Grain::Month, day), has_year: false }));
    }
    let year = year(first)?;
    Some((1, Point { span: Span::of(Grain::Year, Day::first(year, 1)), has_year: true }))
}

/// "14 March 2025", "March 14th, 2025".
fn day_of_month(words: &[Word]) -> Option<(usize, Day)> {
    let number = |word: &Word| {
        let plain = word.lower.parse::<u32>().ok();
        plain.or_else(|| numbers::ordinal(&word.lower)).filter(|day| (1..=31).contains(day))
    };
    let (first, second) = (words.first()?, words.get(1)?);
    let of = usize::from(second.lower == "of");
    if let (Some(day), Some(month)) = (number(first), words.get(1 + of).and_then(month)) {
        let year = words.get(2 + of).and_then(year)?;
        return Some((3 + of, Day::new(year, u32::try_from(month).ok()?, day)?));
    }
    let (month, day) = (month(first)?, number(second)?);
    let year = words.get(2).and_then(year)?;
    Some((3, Day::new(year, u32::try_from(month).ok()?, day)?))
}

/// Quarters and halves: "Q3 2025", "the second quarter of 2025", "first half of 2025".
fn part_of_year(words: &[Word], today: Day) -> Option<(usize, Point)> {
    let first = words.first()?.lower.as_str();
    let (taken, months, place) = if let Some(digit) = first.strip_prefix('q') {
        (1, 3, digit.parse::<i32>().ok().filter(|at| (1..=4).contains(at))?)
    } else if let Some(digit) = first.strip_prefix('h') {
        (1, 6, digit.parse::<i32>().ok().filter(|at| (1..=2).contains(at))?)
    } else {
        let place = match first {
            // "The last quarter of 2024"; "last quarter" alone is counted from today.
            "last" => {
                let of_year = words.get(2).is_some_and(|word| word.lower == "of");
                let months = match words.get(1)?.lower.as_str() {
                    "quarter" => 4,
                    "half" => 2,
                    _ => 0,
                };
                if of_year { months } else { 0 }
            }
            other => i32::try_from(numbers::ordinal(other)?).ok()?,
        };
        match words.get(1)?.lower.as_str() {
            "quarter" if (1..=4).contains(&place) => (2, 3, place),
            "half" if (1..=2).contains(&place) => (2, 6, place),
            _ => return None,
        }
    };
    let mut used = taken;
    used +=
        usize::from(words.get(used).is_some_and(|word| matches!(word.lower.as_str(), "of" | "in")));
    let said = words.get(used).and_then(year).map(|year| (year, used + 1)).or_else(|| {
        let next = words.get(used + 1).is_some_and(|word| word.lower == "year");
        let year = match words.get(used)?.lower.as_str() {
            "this" | "the" => today.year,
            "last" => today.year - 1,
            _ => return None,
        };
        next.then_some((year, used + 2))
    });
    let (year, used) = match said {
        Some(said) => said,
        None => {
            let begins = Day::first(today.year, (place - 1) * months + 1);
            (if begins > today { today.year - 1 } else { today.year }, taken)
        }
    };
    let from = Day::first(year, (place - 1) * months + 1);
    let span = Span { from: Some(from), until: Some(from.plus_months(months)) };
    Some((used, Point { span, has_year: true }))
}

/// Times that are counted from today.
fn relative(words: &[Word], today: Day) -> Option<(usize, Span)> {
    let lower = |at: usize| words.get(at).map(|word| word.lower.as_str());
    let first = lower(0)?;
    match first {
        "today" => return Some((1, Span::of(Grain::Day, today))),
        "yesterday" => return Some((1, Span::of(Grain::Day, today.plus_days(-1)))),
        "ytd" => return Some((1, Span::of(Grain::Year, today))),
        "year" if lower(1) == Some("to") && lower(2) == Some("date") => {
            return Some((3, Span::of(Grain::Year, today)));
        }
        "so" if lower(1) == Some("far") && lower(2) == Some("this") => {
            let grain = Grain::from_word(lower(3)?)?;
            return Some((4, Span::of(grain, today)));
        }
        "last" | "past" | "previous" | "this" | "current" | "recent" => {}
        _ => return None,
    }
    if let Some(grain) = lower(1).and_then(Grain::from_word) {
        let is_running = matches!(first, "this" | "current");
        let day = if is_running { today } else { grain.step(grain.start(today), -1) };
        let far = is_running && lower(2) == Some("so") && lower(3) == Some("far");
        return Some((if far { 4 } else { 2 }, Span::of(grain, day)));
    }
    let count = words
        .get(1)?
        .number
        .filter(|count| (1.0..=COUNT_MAX).contains(count) && count.fract() == 0.0)?;
    let grain = lower(2).and_then(Grain::from_word)?;
    let count = format!("{count}").parse::<i32>().ok()?;
    let from = grain.step(today.plus_days(1), -count);
    Some((3, Span { from: Some(from), until: Some(today.plus_days(1)) }))
}

/// The month that a word names, from 1; light slips in long names are forgiven.
fn month(word: &Word) -> Option<i32> {
    let text = word.lower.as_str();
    let short = text.len() == 3 || text == "sept";
    let place = MONTHS.iter().position(|name| {
        *name == text
            || (short && name.starts_with(text))
            || (text.len() >= 6 && is_near(text, name))
    })?;
    // "may" and "mar" are words of their own unless they are written as names.
    if matches!(text, "may" | "mar" | "dec" | "march") && !word.is_capital() {
        return (text != "may").then(|| i32::try_from(place).unwrap_or(0) + 1);
    }
    i32::try_from(place + 1).ok()
}

fn year(word: &Word) -> Option<i32> {
    let is_plain = word.lower.len() == 4 && word.lower.bytes().all(|byte| byte.is_ascii_digit());
    word.lower.parse().ok().filter(|year| is_plain && YEARS.contains(year))
}
