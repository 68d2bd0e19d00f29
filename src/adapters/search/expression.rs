//! A question in FTS5's words.
//!
//! **Invariant:** a person's text comes in as letters, digits and spaces between quotation marks, in the
//! column of words; the facts are marks that this program makes out of numbers. So no text is syntax,
//! and none is a fact.

use starling_actors::ports::{Trait, Words};

/// What every document has, to be found by what it has not.
const ANY: &str = "xxm";

/// A mark for a channel.
pub(super) fn channel(number: i64) -> String {
    format!("xxc{number}")
}

/// A mark for an author.
pub(super) fn author(number: i64) -> String {
    format!("xxu{number}")
}

/// A mark for the data that an answer tells of.
pub(super) fn connection(number: i64) -> String {
    format!("xxk{number}")
}

/// A mark for what a message is or has.
pub(super) fn named(named: Trait) -> String {
    let word = match named {
        Trait::Link => "xxl",
        Trait::Code => "xxo",
        Trait::File => "xxf",
        Trait::Reaction => "xxr",
        Trait::Answer => "xxa",
        Trait::Thread => "xxt",
    };
    word.to_owned()
}

/// All marks of a document, as its text of facts. They begin alike, so that the lists of beginnings hold
/// few entries for them.
pub(super) fn facts(marks: impl IntoIterator<Item = String>) -> String {
    let mut text = ANY.to_owned();
    for mark in marks {
        text.push(' ');
        text.push_str(&mark);
    }
    text
}

/// The words of a phrase.
pub(super) fn phrase(words: &Words) -> String {
    let star = if words.is_prefix { " *" } else { "" };
    format!("words : \"{}\"{star}", plain(&words.text))
}

/// One of these facts. Asked for with at least one.
pub(super) fn one_of(marks: &[String]) -> String {
    let quoted: Vec<String> = marks.iter().map(|mark| format!("\"{mark}\"")).collect();
    format!("facts : ({})", quoted.join(" OR "))
}

/// All of some parts, and none of others.
pub(super) fn all(mut parts: Vec<String>, without: &[String]) -> String {
    if parts.is_empty() {
        parts.push(one_of(&[ANY.to_owned()]));
    }
    let wanted = parts.join(" AND ");
    if without.is_empty() { wanted } else { format!("({wanted}) NOT ({})", without.join(" OR ")) }
}

/// A text without anything that is neither letter nor digit.
fn plain(text: &str) -> String {
    let keep = |letter: char| letter.is_alphanumeric() || matches!(letter, '\u{300}'..='\u{36f}');
    text.chars().map(|letter| if keep(letter) { letter } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_letters_between_quotation_marks() {
        let words = Words { text: "a\" OR facts:\"xxm\u{0}*".to_owned(), is_prefix: true };
        assert_eq!(phrase(&words), "words : \"a  OR facts  xxm  \" *");
    }

    #[test]
    fn parts_are_all_needed_and_the_others_are_not_wanted() {
        let parts = vec![one_of(&[channel(1), channel(2)]), one_of(&[author(3)])];
        let without = [one_of(&[connection(4)])];
        assert_eq!(
            all(parts, &without),
            "(facts : (\"xxc1\" OR \"xxc2\") AND facts : (\"xxu3\")) NOT (facts : (\"xxk4\"))"
        );
        assert_eq!(all(Vec::new(), &[]), "facts : (\"xxm\")");
    }
}
