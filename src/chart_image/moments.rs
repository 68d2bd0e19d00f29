//! Days and times in the forms that engines write them, and short names for them.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

/// How exactly a moment was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    Year,
    Quarter,
    Month,
    Day,
    Minute,
}

/// A moment as it was written; the offset from UTC is not looked at, since a result has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    day: NaiveDate,
    second: u32,
    grain: Grain,
}

impl Moment {
    /// Reads `2026`, `2026-Q4`, `2026-11`, `2026-11-21`, and a day with a time.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (year, rest) = text.split_at_checked(4)?;
        let year: i32 = digits(year)?.try_into().ok()?;
        if !(1000..3000).contains(&year) {
            return None;
        }
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        if rest.is_empty() {
            return Some(Self { day: day(1, 1)?, second: 0, grain: Grain::Year });
        }
        let rest = rest.strip_prefix(['-', ' '])?;
        if let Some(quarter) = rest.strip_prefix('Q') {
            let quarter = digits(quarter).filter(|quarter| (1..=4).contains(quarter))?;
            return Some(Self { day: day(quarter * 3 - 2, 1)?, second: 0, grain: Grain::Quarter });
        }
        let Some((month, rest)) = rest.split_once('-') else {
            return Some(Self { day: day(digits(rest)?, 1)?, second: 0, grain: Grain::Month });
        };
        let (date, time) = rest.split_once(['T', ' ']).unwrap_or((rest, ""));
        let day = day(digits(month)?, digits(date)?)?;
        if time.is_empty() {
            return Some(Self { day, second: 0, grain: Grain::Day });
        }
        let clock = time.get(..8).or_else(|| time.get(..5))?;
        let clock = NaiveTime::parse_from_str(clock, "%H:%M:%S")
            .or_else(|_| NaiveTime::parse_from_str(time.get(..5).unwrap_or(clock), "%H:%M"))
            .ok()?;
        Some(Self { day, second: clock.num_seconds_from_midnight(), grain: Grain::Minute })
    }

    /// Its place on a line of time, in seconds.
    pub(super) fn seconds(self) -> f64 {
        f64::from(self.day.num_days_from_ce()) * 86_400.0 + f64::from(self.second)
    }
}

fn digits(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Names for moments, no more exact than it takes to tell them apart.
pub(super) fn names(moments: &[Moment]) -> Vec<String> {
    let grain = common(moments);
    let first = moments.first().map(|moment| moment.day);
    // One alone is told from no other: all of it is its name.
    let is_one_year = moments.len() > 1
        && moments.iter().all(|moment| Some(moment.day.year()) == first.map(|day| day.year()));
    let is_one_day = moments.len() > 1 && moments.iter().all(|moment| Some(moment.day) == first);
    let name = |moment: &Moment| {
        let day = moment.day;
        let clock = format!("{:02}:{:02}", moment.second / 3600, moment.second / 60 % 60);
        match grain {
            Grain::Year => day.year().to_string(),
            Grain::Quarter => format!("Q{} {}", day.month0() / 3 + 1, day.year()),
            Grain::Month => day.format("%b %Y").to_string(),
            Grain::Day if is_one_year => day.format("%-d %b").to_string(),
            Grain::Day => day.format("%-d %b %Y").to_string(),
            Grain::Minute if is_one_day => clock,
            Grain::Minute if is_one_year => format!("{} {clock}", day.format("%-d %b")),
            Grain::Minute => format!("{} {clock}", day.format("%-d %b %Y")),
        }
    };
    moments.iter().map(name).collect()
}

/// What all of them need. Days that are all the first of a month are months that an engine cut off.
fn common(moments: &[Moment]) -> Grain {
    let all = |grain| moments.iter().all(|moment| moment.grain == grain);
    if let Some(grain) =
        [Grain::Year, Grain::Quarter, Grain::Month].into_iter().find(|grain| all(*grain))
    {
        return grain;
    }
    if moments.iter().any(|moment| moment.second != 0) {
        return Grain::Minute;
    }
    if moments.len() < 2 || moments.iter().any(|moment| moment.day.day() != 1) {
        return Grain::Day;
    }
    let is_yearly = moments.iter().all(|moment| moment.day.month() == 1);
    if is_yearly { Grain::Year } else { Grain::Month }
}
