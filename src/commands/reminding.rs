//! `/remind me in 20 minutes to feed the swifts`, `/remind #birds tomorrow at 9 to count`: who, when, what.
//!
//! The time may stand before or behind what is to be remembered.

use starling_actors::domain::Timestamp;

use super::when;

/// Whom to remind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whom {
    /// The author.
    Me,
    /// A channel, by its name.
    Channel(String),
    /// The channel in which it is said.
    Here,
}

/// A reminder as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) whom: Whom,
    pub(super) at: Timestamp,
    pub(super) what: String,
}

/// Reads what stands behind the command; `None` when no time or nothing to remember is in it.
pub(super) fn read(text: &str, now: Timestamp, offset_ms: i64) -> Option<Wanted> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (whom, rest) = match words.as_slice() {
        [first, rest @ ..] if first.eq_ignore_ascii_case("me") => (Whom::Me, rest),
        [first, rest @ ..] if first.eq_ignore_ascii_case("here") => (Whom::Here, rest),
        [first, rest @ ..] if first.starts_with('#') && first.len() > 1 => {
            (Whom::Channel(first[1..].to_owned()), rest)
        }
        rest => (Whom::Me, rest),
    };
    let (at, what) = at_the_front(rest, now, offset_ms)
        .or_else(|| at_the_end(rest, now, offset_ms))
        .filter(|(_, what)| !what.is_empty())?;
    Some(Wanted { whom, at, what: what.join(" ") })
}

fn at_the_front<'a, 'b>(
    words: &'b [&'a str],
    now: Timestamp,
    offset_ms: i64,
) -> Option<(Timestamp, &'b [&'a str])> {
    let (at, taken) = when::read(words, now, offset_ms)?;
    Some((at, without_link(&words[taken..])))
}

fn at_the_end<'a, 'b>(
    words: &'b [&'a str],
    now: Timestamp,
    offset_ms: i64,
) -> Option<(Timestamp, &'b [&'a str])> {
    let first = words.len().saturating_sub(when::WORDS_MAX).max(1);
    (first..words.len()).find_map(|place| {
        let (at, taken) = when::read(&words[place..], now, offset_ms)?;
        let is_all = place + taken == words.len();
        is_all.then(|| (at, without_link(&words[..place])))
    })
}

/// Without the word that only leads on: "to", "that", "about".
fn without_link<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    match words {
        [first, rest @ ..] if ["to", "that", "about", "of"].contains(&&*first.to_lowercase()) => {
            rest
        }
        rest => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Sunday, 2026-11-22, 10:00 UTC.
    const NOW: Timestamp = Timestamp(1_795_341_600_000);

    #[test]
    fn who_when_and_what_are_told_apart() {
        let channel = |name: &str| Whom::Channel(name.to_owned());
        for (text, whom, at, what) in [
            (
                "me in 20 minutes to feed the swifts",
                Whom::Me,
                "2026-11-22 10:20",
                "feed the swifts",
            ),
            ("#birds tomorrow at 9 count", channel("birds"), "2026-11-23 09:00", "count"),
            ("me to feed the swifts at 17:00", Whom::Me, "2026-11-22 17:00", "feed the swifts"),
            ("here tomorrow about lunch", Whom::Here, "2026-11-23 09:00", "lunch"),
            ("feed 3 swifts in 1 hour", Whom::Me, "2026-11-22 11:00", "feed 3 swifts"),
        ] {
            let wanted = read(text, NOW, 0).expect(text);
            assert_eq!((wanted.whom, wanted.what.as_str()), (whom, what), "{text}");
            assert_eq!(when::shown(wanted.at, 0), at, "{text}");
        }
        for text in ["", "me", "me to eat", "me in 5 minutes", "me in 5 minutes to"] {
            assert_eq!(read(text, NOW, 0), None, "{text}");
        }
    }
}
