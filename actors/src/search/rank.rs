//! Which matches are the best: those that use the sought words the most (BM25), newer ones first among
//! their like.

use crate::domain::{Timestamp, Token, phrase_places, tokens};
use crate::ports::{Frequencies, Match, Words};

/// How fast further uses of a word count for less: BM25's usual k1.
const SATURATION: f64 = 1.2;
/// How much longer messages count for less: BM25's usual b.
const LENGTH_WEIGHT: f64 = 0.75;
/// The age at which a message has lost half of what being new is worth.
const HALF_LIFE_MS: f64 = 90.0 * 86_400_000.0;
/// What is left of a message's score however old it is.
const FLOOR: f64 = 0.5;

/// Matches in the order of their worth.
pub(super) fn rank(
    matches: Vec<Match>,
    words: &[Words],
    frequencies: &Frequencies,
    now: Timestamp,
) -> Vec<Match> {
    let sought: Vec<Vec<Token>> = words.iter().map(|words| tokens(&words.text)).collect();
    let texts: Vec<Vec<Token>> = matches.iter().map(|found| tokens(&found.words)).collect();
    let total: usize = texts.iter().map(Vec::len).sum();
    let average = number(total) / number(texts.len().max(1));
    let mut scored: Vec<(f64, Match)> = matches
        .into_iter()
        .zip(&texts)
        .map(|(found, text)| {
            let length = number(text.len()) / average.max(1.0);
            let worth: f64 = sought
                .iter()
                .zip(words)
                .enumerate()
                .map(|(place, (phrase, words))| {
                    let uses = number(phrase_places(text, phrase, words.is_prefix).len());
                    rarity(frequencies, place) * weight(uses, length)
                })
                .sum();
            // A search without words is ranked by age alone.
            (worth.max(f64::MIN_POSITIVE) * freshness(now, found.at), found)
        })
        .collect();
    scored.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(second.place.cmp(&first.place)));
    scored.into_iter().map(|(_, found)| found).collect()
}

fn weight(uses: f64, length: f64) -> f64 {
    let norm = SATURATION * (1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * length);
    uses * (SATURATION + 1.0) / (uses + norm)
}

/// How telling a phrase is: a rare one more than one that is everywhere.
fn rarity(frequencies: &Frequencies, place: usize) -> f64 {
    let with = count(frequencies.of.get(place).copied().unwrap_or_default());
    let all = count(frequencies.messages).max(with);
    ((all - with + 0.5) / (with + 0.5)).ln_1p()
}

fn freshness(now: Timestamp, at: Timestamp) -> f64 {
    let age = count(u64::try_from(now.0.saturating_sub(at.0)).unwrap_or_default());
    FLOOR + (1.0 - FLOOR) * (-age / HALF_LIFE_MS).exp2()
}

#[allow(clippy::cast_precision_loss, reason = "counts and ages are far below 2^52")]
const fn count(value: u64) -> f64 {
    value as f64
}

const fn number(value: usize) -> f64 {
    count(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChannelId, MessageId};
    use crate::ports::MatchPlace;

    const DAY_MS: u64 = 86_400_000;
    const NOW: Timestamp = Timestamp(1_795_311_000_000);

    fn found(words: &str, days_old: u64) -> Match {
        let at = Timestamp(NOW.0 - (days_old * DAY_MS).cast_signed());
        Match {
            place: MatchPlace(at.0.cast_unsigned()),
            channel: ChannelId::from_u128(1),
            message: MessageId::from_u128(1),
            at,
            words: words.to_owned(),
        }
    }

    fn ranked(matches: Vec<Match>, sought: &[&str], of: &[u64]) -> Vec<String> {
        let words: Vec<Words> = sought
            .iter()
            .map(|text| Words { text: (*text).to_owned(), is_prefix: false })
            .collect();
        let frequencies = Frequencies { of: of.to_vec(), messages: 10_000 };
        rank(matches, &words, &frequencies, NOW).into_iter().map(|found| found.words).collect()
    }

    #[test]
    fn a_message_that_is_about_the_word_comes_before_one_that_names_it() {
        let long = format!("the heron {}", "and so on ".repeat(20));
        let matches = vec![found(&long, 1), found("heron heron", 1)];
        assert_eq!(ranked(matches, &["heron"], &[40])[0], "heron heron");
    }

    #[test]
    fn of_two_alike_the_newer_comes_first() {
        let matches = vec![found("old heron", 400), found("new heron", 2)];
        assert_eq!(ranked(matches, &["heron"], &[40]), ["new heron", "old heron"]);
    }

    #[test]
    fn without_words_the_newest_come_first() {
        let matches = vec![found("a", 3), found("b", 1), found("c", 2)];
        assert_eq!(ranked(matches, &[], &[]), ["b", "c", "a"]);
    }
}
