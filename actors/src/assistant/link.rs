//! Finds in a question everything that means something: the longest phrase at each place, with all
//! that it can mean. Which of the meanings holds is decided later, from its neighbours.

use super::dates::{Day, Grain, Span};
use super::lexicon::{self, Key};
use super::stems::{is_near, slips, stem};
use super::times;
use super::vocabulary::{ENTRY_WORDS_MAX, Meaning, Sense, Vocabulary};
use super::words::Word;

/// A phrase of a question with what it can mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// As it was written.
    pub(super) text: String,
    /// What it does in a question.
    pub(super) keys: Vec<Key>,
    /// What it names in the schema.
    pub(super) meanings: Vec<Meaning>,
    /// When.
    pub(super) span: Option<Span>,
    /// How finely time is cut.
    pub(super) grain: Option<Grain>,
    /// How many.
    pub(super) number: Option<f64>,
    /// Whether a comma or colon stood before it.
    pub(super) follows_pause: bool,
    /// Whether it is a past participle: "billed" beside "bill".
    pub(super) is_participle: bool,
}

impl Item {
    /// Whether it does this.
    pub(super) fn is(&self, key: Key) -> bool {
        self.keys.contains(&key)
    }

    /// Whether it may be left out.
    pub(super) fn is_filler(&self) -> bool {
        self.is(Key::Filler) && self.meanings.is_empty() && self.span.is_none()
    }
}

/// The phrases of a question, or the words that mean nothing here.
pub(super) fn link(
    words: &[Word],
    vocabulary: &Vocabulary,
    today: Day,
) -> Result<(Vec<Item>, Vec<String>), Vec<String>> {
    let mut words = words.to_vec();
    let mut mended = Vec::new();
    loop {
        let (items, unknown) = pass(&words, vocabulary, today);
        if unknown.is_empty() {
            return Ok((items, mended));
        }
        // Mended words may join their neighbours into phrases: all is read again.
        let mut is_better = false;
        for at in &unknown {
            if let Some(better) = mend(&words[*at], vocabulary) {
                mended.push(format!("“{}” was read as “{better}”", words[*at].text));
                words[*at].stem = stem(&better);
                is_better |= words[*at].lower != better;
                words[*at].lower = better;
            }
        }
        if !is_better {
            return Err(unknown.iter().map(|at| words[*at].text.clone()).collect());
        }
    }
}

/// The phrases of a question, and the places of the words that mean nothing here.
fn pass(words: &[Word], vocabulary: &Vocabulary, today: Day) -> (Vec<Item>, Vec<usize>) {
    let mut items = Vec::new();
    let mut unknown = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match longest(&words[at..], at == 0, vocabulary, today) {
            Some((count, item)) => {
                items.push(item);
                at += count;
            }
            None => {
                unknown.push(at);
                at += 1;
            }
        }
    }
    (items, unknown)
}

/// The longest phrase at the start of `words` that means something.
fn longest(
    words: &[Word],
    starts: bool,
    vocabulary: &Vocabulary,
    today: Day,
) -> Option<(usize, Item)> {
    let first = words.first()?;
    let (key_words, keys) = lexicon::keys(words);
    let (entry_words, meanings) = entry(words, vocabulary);
    let timed = if first.is_quoted { None } else { times::span(words, today) };
    let (grain_words, grain) = grain(words);
    let span_words = timed.map_or(0, |(used, _)| used);
    // A band may be called "The Who"; "who" in small letters asks.
    let is_name = first.is_capital() && !starts;
    let meanings: Vec<Meaning> = if key_words == entry_words && !is_name && !first.is_quoted {
        let is_value = |meaning: &Meaning| matches!(meaning.sense, Sense::Value(..));
        meanings.into_iter().filter(|meaning| !is_value(meaning)).collect()
    } else {
        meanings
    };
    let entry_words = if meanings.is_empty() { 0 } else { entry_words };
    let count = key_words
        .max(entry_words)
        .max(span_words)
        .max(grain_words)
        .max(usize::from(first.number.is_some()));
    if count == 0 {
        return None;
    }
    let text = words[..count].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let item = Item {
        text,
        keys: if key_words == count { keys } else { Vec::new() },
        meanings: if entry_words == count { meanings } else { Vec::new() },
        span: timed.filter(|(used, _)| *used == count).map(|(_, span)| span),
        grain: grain.filter(|_| grain_words == count),
        number: first.number.filter(|_| count == 1),
        follows_pause: first.follows_pause,
        is_participle: words[count - 1].lower.ends_with("ed"),
    };
    Some((count, item))
}

/// The longest entry of the vocabulary at the start of `words`.
fn entry(words: &[Word], vocabulary: &Vocabulary) -> (usize, Vec<Meaning>) {
    for count in (1..=words.len().min(ENTRY_WORDS_MAX)).rev() {
        if words[1..count].iter().any(|word| word.follows_pause) {
            continue;
        }
        let joined: Vec<&str> = words[..count].iter().map(|word| word.stem.as_str()).collect();
        let mut meanings = vocabulary.meanings(&joined.join(" ")).to_vec();
        // "us" is people unless it is written as a country.
        meanings.retain(|_| !(joined == ["us"] && words[0].text != "US"));
        if words[0].is_quoted {
            let stems = super::vocabulary::stems_of(&words[0].text);
            meanings = vocabulary.meanings(&stems).to_vec();
            meanings.retain(|meaning| matches!(meaning.sense, Sense::Value(..)));
        }
        if !meanings.is_empty() {
            return (count, meanings);
        }
        if words[0].is_quoted {
            break;
        }
    }
    (0, Vec::new())
}

fn grain(words: &[Word]) -> (usize, Option<Grain>) {
    let text = |count: usize| {
        words
            .get(..count)
            .map(|some| some.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" "))
    };
    for (count, grain) in [(4, Grain::Weekday), (3, Grain::Hour)] {
        let phrases: &[&str] = if grain == Grain::Weekday {
            &["day of the week", "days of the week", "hour of the day", "time of the day"]
        } else {
            &["hour of day", "time of day", "hours of day", "day of week"]
        };
        if text(count).is_some_and(|text| phrases.contains(&text.as_str())) {
            let is_week = text(count).is_some_and(|text| text.ends_with("week"));
            return (count, Some(if is_week { Grain::Weekday } else { Grain::Hour }));
        }
    }
    let first = words.first().and_then(|word| Grain::from_word(&word.lower));
    (usize::from(first.is_some()), first)
}

/// The one known word that a misspelt one is near to.
fn mend(word: &Word, vocabulary: &Vocabulary) -> Option<String> {
    if word.is_quoted || word.number.is_some() {
        return None;
    }
    let by_lexicon = lexicon::MENDABLE.iter().copied();
    let mut near: Vec<(usize, &str)> = by_lexicon
        .chain(vocabulary.surfaces())
        .filter(|known| is_near(&word.lower, known))
        .map(|known| (slips(&word.lower, known), known))
        .collect();
    let by_stem = vocabulary.known().filter(|known| is_near(&word.stem, known));
    near.extend(by_stem.map(|known| (slips(&word.stem, known), known)));
    near.sort_unstable();
    let (least, nearest) = *near.first()?;
    let only = near.iter().all(|(slips, known)| *slips > least || stem(known) == stem(nearest));
    only.then(|| nearest.to_owned())
}
