//! What a person typed, read as a search. Reading never fails: what is not understood is a word, or is
//! left out, and the notes say so.
//!
//! ```text
//!   "late order" depl* -draft from:mara in:support has:link before:2026-05 is:thread
//! ```

use super::dates::Reader;
use crate::domain::{Timestamp, tokens};
use crate::ports::{Trait, Words};

/// Parts of a search that are looked at: more than anyone types, and few enough for an index to answer.
pub const PARTS_MAX: usize = 24;
/// Notes of a search: one for each part at most.
const NOTES_MAX: usize = PARTS_MAX;
/// Letters that the beginning of a word must have: with one, half of all words begin.
const PREFIX_LETTERS_MIN: usize = 2;

/// A search as it was meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these.
    pub words: Vec<Words>,
    /// None of these.
    pub without_words: Vec<Words>,
    /// Names of who wrote it; one of them.
    pub from: Vec<String>,
    /// Names of who did not.
    pub without_from: Vec<String>,
    /// Names or ids of channels; one of them.
    pub inside: Vec<String>,
    /// Names or ids of channels that it is not in.
    pub without_inside: Vec<String>,
    /// All of these.
    pub traits: Vec<Trait>,
    /// None of these.
    pub without_traits: Vec<Trait>,
    /// Written then or later.
    pub since: Option<Timestamp>,
    /// Written before.
    pub until: Option<Timestamp>,
    /// What was not understood.
    pub notes: Vec<Note>,
}

/// A part of a search that does not do what its writer may think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Why.
    pub code: NoteCode,
    /// The part as it was written.
    pub text: String,
}

/// Why a part of a search does not do what its writer may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteCode {
    /// There is no such operator: it was searched for as words.
    UnknownOperator,
    /// The operator has no such value: the part was left out.
    UnknownValue,
    /// Nobody has this name.
    UnknownPerson,
    /// No channel that the reader may read has this name.
    UnknownChannel,
    /// It has no letters or digits: it was left out.
    NoWords,
    /// The beginning of a word is too short: it was searched for as a whole word.
    ShortPrefix,
    /// Only what is excluded was said: nothing was searched for.
    OnlyExclusions,
    /// There are too many parts: this and all after it were left out.
    TooMany,
}

impl NoteCode {
    /// The stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownOperator => "unknown_operator",
            Self::UnknownValue => "unknown_value",
            Self::UnknownPerson => "unknown_person",
            Self::UnknownChannel => "unknown_channel",
            Self::NoWords => "no_words",
            Self::ShortPrefix => "short_prefix",
            Self::OnlyExclusions => "only_exclusions",
            Self::TooMany => "too_many",
        }
    }
}

/// Reads what a person typed.
pub fn parse(text: &str, reader: Reader) -> Query {
    let mut query = Query::default();
    for (place, part) in (Parts { rest: text }).enumerate() {
        if place == PARTS_MAX {
            query.note(NoteCode::TooMany, part.whole);
            break;
        }
        query.take(&part, reader);
    }
    query
}

impl Query {
    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        !self.has_positive() && !self.has_negative()
    }

    /// Whether it says what a message must have, and not only what it must not.
    pub fn has_positive(&self) -> bool {
        !(self.words.is_empty()
            && self.from.is_empty()
            && self.inside.is_empty()
            && self.traits.is_empty()
            && self.since.is_none()
            && self.until.is_none())
    }

    fn has_negative(&self) -> bool {
        !(self.without_words.is_empty()
            && self.without_from.is_empty()
            && self.without_inside.is_empty()
            && self.without_traits.is_empty())
    }

    pub(super) fn note(&mut self, code: NoteCode, text: &str) {
        if self.notes.len() < NOTES_MAX {
            self.notes.push(Note { code, text: text.to_owned() });
        }
    }

    fn take(&mut self, part: &Part<'_>, reader: Reader) {
        let Some((key, value)) = part.operator() else { return self.take_words(part, part.body) };
        let negated = part.is_negated;
        match key.to_ascii_lowercase().as_str() {
            "from" => self.take_name(part, value, '@', |query| {
                if negated { &mut query.without_from } else { &mut query.from }
            }),
            "in" => self.take_name(part, value, '#', |query| {
                if negated { &mut query.without_inside } else { &mut query.inside }
            }),
            "has" | "is" => match trait_of(key, value) {
                Some(named) if negated => self.without_traits.push(named),
                Some(named) => self.traits.push(named),
                None => self.note(NoteCode::UnknownValue, part.whole),
            },
            key @ ("before" | "after" | "on") => self.take_time(part, key, value, reader),
            _ => {
                if looks_like_operator(value) {
                    self.note(NoteCode::UnknownOperator, part.whole);
                }
                self.take_words(part, part.body);
            }
        }
    }

    fn take_name(
        &mut self,
        part: &Part<'_>,
        value: &str,
        sign: char,
        list: impl FnOnce(&mut Self) -> &mut Vec<String>,
    ) {
        let name = unquoted(value);
        let name = name.strip_prefix(sign).unwrap_or(name);
        if name.is_empty() {
            self.note(NoteCode::UnknownValue, part.whole);
        } else {
            list(self).push(name.to_owned());
        }
    }

    fn take_time(&mut self, part: &Part<'_>, key: &str, value: &str, reader: Reader) {
        let period = reader.period(&unquoted(value).to_ascii_lowercase());
        let Some(period) = period.filter(|_| !part.is_negated) else {
            return self.note(NoteCode::UnknownValue, part.whole);
        };
        if key == "on" || key == "after" {
            let begin = if key == "on" { period.begin } else { period.end };
            self.since = Some(self.since.map_or(begin, |since| since.max(begin)));
        }
        if key == "on" || key == "before" {
            let end = if key == "on" { period.end } else { period.begin };
            self.until = Some(self.until.map_or(end, |until| until.min(end)));
        }
    }

    fn take_words(&mut self, part: &Part<'_>, text: &str) {
        let (text, is_prefix) = match text.strip_suffix('*') {
            Some(beginning) => (beginning, true),
            None => (text, false),
        };
        let text = unquoted(text);
        let Some(last) = tokens(text).pop() else {
            return self.note(NoteCode::NoWords, part.whole);
        };
        // The star stands after a letter, or it says nothing.
        let is_open = is_prefix && text.chars().count() == last.end;
        let is_long = last.folded.chars().count() >= PREFIX_LETTERS_MIN;
        if is_open && !is_long {
            self.note(NoteCode::ShortPrefix, part.whole);
        }
        let words = Words { text: text.to_owned(), is_prefix: is_open && is_long };
        if part.is_negated {
            self.without_words.push(words);
        } else {
            self.words.push(words);
        }
    }
}

fn trait_of(key: &str, value: &str) -> Option<Trait> {
    let value = unquoted(value).to_ascii_lowercase();
    let is_state = key.eq_ignore_ascii_case("is");
    match (is_state, value.as_str()) {
        (true, "thread") => Some(Trait::Thread),
        (false, "link") => Some(Trait::Link),
        (false, "code") => Some(Trait::Code),
        (false, "file") => Some(Trait::File),
        (false, "reaction") => Some(Trait::Reaction),
        (false, "answer") => Some(Trait::Answer),
        (true | false, _) => None,
    }
}

/// `https://…`, `std::fmt` and `12:30` have colons, too.
fn looks_like_operator(value: &str) -> bool {
    value.starts_with(|first: char| first.is_alphanumeric() || first == '"' || first == '@')
}

fn unquoted(text: &str) -> &str {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}

/// One part of a search: a word, a phrase or an operator with its value.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    /// As it was written.
    whole: &'a str,
    /// Without the sign of a negation.
    body: &'a str,
    is_negated: bool,
}

impl<'a> Part<'a> {
    /// Name and value of an operator.
    fn operator(&self) -> Option<(&'a str, &'a str)> {
        let (key, value) = self.body.split_once(':')?;
        let is_name = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_name.then_some((key, value))
    }
}

/// Parts are divided by white space outside quotation marks. A mark that is never closed ends with the
/// text.
struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let text = self.rest.trim_start();
        if text.is_empty() {
            self.rest = text;
            return None;
        }
        let mut is_quoted = false;
        let end = text.find(|letter: char| {
            is_quoted ^= letter == '"';
            !is_quoted && letter.is_whitespace()
        });
        let (whole, rest) = text.split_at(end.unwrap_or(text.len()));
        self.rest = rest;
        let body = whole.strip_prefix('-').filter(|body| !body.is_empty());
        Some(Part { whole, body: body.unwrap_or(whole), is_negated: body.is_some() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Query {
        let now = Timestamp(1_795_311_000_000);
        parse(text, Reader { now, utc_offset_minutes: 0 })
    }

    fn words(text: &str) -> Words {
        Words { text: text.to_owned(), is_prefix: false }
    }

    fn noted(query: &Query) -> Vec<(&'static str, &str)> {
        query.notes.iter().map(|note| (note.code.as_str(), note.text.as_str())).collect()
    }

    #[test]
    fn words_phrases_beginnings_and_exclusions_are_told_apart() {
        let query = read(r#"  plan "late order" depl* -draft -"old plan" "#);
        let beginning = Words { text: "depl".to_owned(), is_prefix: true };
        assert_eq!(query.words, [words("plan"), words("late order"), beginning]);
        assert_eq!(query.without_words, [words("draft"), words("old plan")]);
        assert_eq!(query.notes, []);
    }

    #[test]
    fn operators_say_who_where_when_and_with_what() {
        let query = read(
            "from:me from:@mara -from:ben in:#support in:\"big birds\" -in:noise has:link HAS:file -has:reaction is:thread \
             after:2026-10-31 before:2026-11-20",
        );
        assert_eq!(query.from, ["me", "mara"]);
        assert_eq!(query.without_from, ["ben"]);
        assert_eq!(query.inside, ["support", "big birds"]);
        assert_eq!(query.without_inside, ["noise"]);
        assert_eq!(query.traits, [Trait::Link, Trait::File, Trait::Thread]);
        assert_eq!(query.without_traits, [Trait::Reaction]);
        assert_eq!(query.since.map(Timestamp::day).as_deref(), Some("2026-11-01"));
        assert_eq!(query.until.map(Timestamp::day).as_deref(), Some("2026-11-20"));
        assert_eq!(query.notes, []);
        assert_eq!(query.words, []);
    }

    #[test]
    fn a_day_is_the_time_from_its_beginning_to_the_next() {
        let query = read("on:2026-11-21");
        assert_eq!(
            query.until.zip(query.since).map(|(end, begin)| end.0 - begin.0),
            Some(86_400_000)
        );
    }

    #[test]
    fn unknown_operators_become_words_and_are_named() {
        let query = read("to:mara https://example.org/a std::fmt 12:30");
        assert_eq!(noted(&query), [("unknown_operator", "to:mara")]);
        assert_eq!(query.words.len(), 4);
    }

    #[test]
    fn what_means_nothing_is_left_out_and_named() {
        let query = read("has:wings before:soon from: ??? a* ok");
        assert_eq!(
            noted(&query),
            [
                ("unknown_value", "has:wings"),
                ("unknown_value", "before:soon"),
                ("unknown_value", "from:"),
                ("no_words", "???"),
                ("short_prefix", "a*"),
            ]
        );
        assert_eq!(query.words, [words("a"), words("ok")]);
    }

    #[test]
    fn parts_past_the_limit_are_left_out_and_named() {
        let query = read(&"word ".repeat(PARTS_MAX + 5));
        assert_eq!(query.words.len(), PARTS_MAX);
        assert_eq!(noted(&query), [("too_many", "word")]);
    }

    #[test]
    fn a_search_of_exclusions_alone_has_nothing_to_look_for() {
        assert!(!read("-draft -from:ben").has_positive());
        assert!(read("  ").is_empty());
        assert!(read("in:birds -draft").has_positive());
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_fails(text in r#"([a-z*:"\-#@ ]|from:|in:|has:|on:|NEAR|AND|\PC){0,80}"#) {
            let query = read(&text);
            let parts = query.words.len() + query.without_words.len();
            prop_assert!(parts <= PARTS_MAX);
            prop_assert!(query.notes.len() <= NOTES_MAX);
            for words in query.words.iter().chain(&query.without_words) {
                prop_assert!(!tokens(&words.text).is_empty(), "{words:?}");
            }
        }

        #[test]
        fn plain_words_are_found_again_in_their_order(list in prop::collection::vec("[a-zäöß0-9]{1,12}", 1..PARTS_MAX)) {
            let query = read(&list.join("  "));
            let texts: Vec<_> = query.words.into_iter().map(|words| words.text).collect();
            prop_assert_eq!(texts, list);
        }
    }
}
