//! Splits a question into words, with what each of them could be: a stem, a number, a quotation.
//!
//! Names of tables and columns and values of cells go through the same splitting, so that the two
//! sides of a comparison always meet in the same form.

use super::numbers;
use super::stems::stem;

/// One word of a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// As it was written.
    pub(super) text: String,
    /// In small letters.
    pub(super) lower: String,
    /// What it has in common with its other forms.
    pub(super) stem: String,
    /// What it counts, if it is a number.
    pub(super) number: Option<f64>,
    /// Whether it stood in quotation marks, and so is a value and nothing else.
    pub(super) is_quoted: bool,
    /// Whether a comma, a colon or a semicolon stood before it.
    pub(super) follows_pause: bool,
}

impl Word {
    fn new(text: &str, follows_pause: bool) -> Self {
        let lower = text.to_lowercase();
        Self {
            text: text.to_owned(),
            stem: stem(&lower),
            number: numbers::number(&lower),
            lower,
            is_quoted: false,
            follows_pause,
        }
    }

    /// Whether it is written like a name.
    pub(super) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// The words of a question, in order.
pub(super) fn words(question: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut pause = false;
    let mut rest = question.trim();
    while let Some(first) = rest.chars().next() {
        if let Some((quoted, after)) = quotation(rest) {
            let mut word = Word::new(quoted, pause);
            word.is_quoted = true;
            word.number = None;
            out.push(word);
            (rest, pause) = (after, false);
        } else if first.is_alphanumeric() {
            let end = word_end(rest);
            push(&rest[..end], pause, &mut out);
            (rest, pause) = (&rest[end..], false);
        } else {
            pause |= matches!(first, ',' | ':' | ';' | '\n');
            match first {
                '%' => out.push(Word::new("percent", pause)),
                '&' => out.push(Word::new("and", pause)),
                '>' | '<' => {
                    let equal = rest[1..].starts_with('=');
                    out.push(Word::new(comparison(first, equal), pause));
                }
                '=' if !rest_before_is_comparison(question, rest) => {
                    out.push(Word::new("exactly", pause));
                }
                _ => {}
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The word that says what a sign says.
const fn comparison(sign: char, or_equal: bool) -> &'static str {
    match (sign, or_equal) {
        ('>', false) => "above",
        ('>', true) => "minimally",
        (_, false) => "below",
        (_, true) => "maximally",
    }
}

fn rest_before_is_comparison(question: &str, rest: &str) -> bool {
    let before = question.trim().len().saturating_sub(rest.len());
    question.trim()[..before].ends_with(['>', '<'])
}

/// The inside of quotation marks at the start of a text, and what comes after them.
fn quotation(text: &str) -> Option<(&str, &str)> {
    let open = text.chars().next()?;
    let close = match open {
        '"' => '"',
        '\'' => '\'',
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        '`' => '`',
        _ => return None,
    };
    let inside = &text[open.len_utf8()..];
    let end = inside.find(close)?;
    let quoted = inside[..end].trim();
    (!quoted.is_empty()).then(|| (quoted, &inside[end + close.len_utf8()..]))
}

/// Where the word at the start of a text ends: points and commas stay inside numbers, hyphens
/// inside dates.
fn word_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if text.len() >= 10 && numbers::is_date(text.get(..10).unwrap_or_default()) {
        return 10;
    }
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let inside_number = matches!(character, '.' | ',')
            && at > 0
            && is_digit(at - 1)
            && is_digit(at + 1)
            && text[..at].chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let apostrophe = matches!(character, '\'' | '’')
            && text[at + character.len_utf8()..].chars().next().is_some_and(char::is_alphabetic);
        if !(character.is_alphanumeric() || inside_number || apostrophe || character == '_') {
            break;
        }
        end = at + character.len_utf8();
    }
    end
}

/// Adds a word without what an apostrophe added to it.
fn push(text: &str, pause: bool, out: &mut Vec<Word>) {
    let Some(at) = text.find(['\'', '’']) else {
        return out.push(Word::new(text, pause));
    };
    let (head, tail) = text.split_at(at);
    let tail = tail.trim_start_matches(['\'', '’']).to_lowercase();
    match tail.as_str() {
        "t" => {
            out.push(Word::new(head.strip_suffix('n').unwrap_or(head), pause));
            out.push(Word::new("not", false));
        }
        "s" | "re" | "ve" | "ll" | "d" | "m" => out.push(Word::new(head, pause)),
        _ => out.push(Word::new(text, pause)),
    }
}

/// The stems of a name as databases write them: `order_items`, `InvoiceLine`, `amtTotal`.
pub(super) fn name_parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut current = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            parts.extend((!current.is_empty()).then(|| std::mem::take(&mut current)));
            continue;
        }
        let after_small = at > 0 && characters[at - 1].is_lowercase();
        let before_small = characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let ends_capitals = at > 0 && characters[at - 1].is_uppercase() && before_small;
        if character.is_uppercase() && (after_small || ends_capitals) && !current.is_empty() {
            parts.push(std::mem::take(&mut current));
        }
        current.extend(character.to_lowercase());
    }
    parts.extend((!current.is_empty()).then_some(current));
    parts
}
