//! Where in a message the sought words stand.

use crate::domain::{Token, phrase_places, tokens};
use crate::ports::Words;

/// Places marked in one message: what a screen shows of it.
const MARKS_MAX: usize = 50;

/// Marks the words of one search in texts.
#[derive(Clone, Debug, Default)]
pub struct Marker {
    phrases: Vec<(Vec<Token>, bool)>,
}

/// A marked stretch of a text, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The first character.
    pub start: usize,
    /// The place after the last one.
    pub end: usize,
}

impl Marker {
    pub(super) fn new(words: &[Words]) -> Self {
        let phrases = words.iter().map(|words| (tokens(&words.text), words.is_prefix));
        Self { phrases: phrases.collect() }
    }

    /// Where the words stand, from left to right; stretches that touch are one.
    pub fn marks(&self, text: &str) -> Vec<Mark> {
        let text = tokens(text);
        let mut found: Vec<Mark> = Vec::new();
        for (phrase, is_prefix) in &self.phrases {
            for place in phrase_places(&text, phrase, *is_prefix) {
                let last = &text[place + phrase.len() - 1];
                found.push(Mark { start: text[place].start, end: last.end });
            }
        }
        found.sort_by_key(|mark| (mark.start, mark.end));
        let mut marks: Vec<Mark> = Vec::new();
        for mark in found {
            match marks.last_mut().filter(|last| last.end >= mark.start) {
                Some(last) => last.end = last.end.max(mark.end),
                None => marks.push(mark),
            }
        }
        marks.truncate(MARKS_MAX);
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, sought: &[(&str, bool)]) -> Vec<String> {
        let words: Vec<Words> = sought
            .iter()
            .map(|(text, is_prefix)| Words { text: (*text).to_owned(), is_prefix: *is_prefix })
            .collect();
        let letters: Vec<char> = text.chars().collect();
        let marks = Marker::new(&words).marks(text);
        marks.iter().map(|mark| letters[mark.start..mark.end].iter().collect()).collect()
    }

    #[test]
    fn words_are_marked_as_they_stand_in_the_text() {
        assert_eq!(marked("Das Café am See: CAFE!", &[("cafe", false)]), ["Café", "CAFE"]);
        assert_eq!(marked("deploying the deploy", &[("deplo", true)]), ["deploying", "deploy"]);
    }

    #[test]
    fn a_phrase_is_one_mark_and_overlapping_ones_are_joined() {
        let sought = [("late order", false), ("order", false)];
        assert_eq!(marked("a late, order; an order", &sought), ["late, order", "order"]);
    }

    #[test]
    fn no_words_mark_nothing() {
        assert_eq!(marked("anything", &[]), Vec::<String>::new());
    }
}
