//! Text that came from a database: made harmless, measured, and cut where it has no room.

/// Longest text that is written anywhere, in characters: a cell can hold a whole document.
const CHARS_MAX: usize = 200;

/// What is left of `text` on a picture: no control, no mark that turns the direction of what follows,
/// nothing that XML forbids; space of any kind is one blank.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(CHARS_MAX));
    // Twice the limit of characters is read at most, so that a document of blanks costs nothing.
    for letter in text.chars().take(2 * CHARS_MAX) {
        if letter.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_unwanted(letter) {
            clean.push(letter);
        }
    }
    clean.truncate(clean.trim_end().len());
    cut_chars(clean, CHARS_MAX)
}

fn is_unwanted(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Marks of direction, and isolates.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Nothing to see: zero-width spaces, the byte order mark, invisible operators, tags.
            | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
            // No characters at all.
            | '\u{fffe}' | '\u{ffff}')
}

fn cut_chars(text: String, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text,
        Some(_) => {
            let mut cut: String = text.chars().take(chars_max - 1).collect();
            cut.truncate(cut.trim_end().len());
            cut.push('…');
            cut
        }
    }
}

/// `text` as a part of XML, between tags or in an attribute.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

/// About how wide `text` is at a size, in pixels. A server has no fonts: the widths are those of
/// usual faces, on the wide side.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(letter_width).sum::<f64>() * size
}

fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' => 0.29,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 0.37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '&' => 0.92,
        '0'..='9' | '+' | '−' | '$' | '€' => 0.62,
        'A'..='Z' => 0.69,
        'a'..='z' | '_' => 0.57,
        // Scripts whose letters fill a square, and pictures.
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f000}'..='\u{3ffff}' => 1.05,
        _ => 0.66,
    }
}

/// `text`, cut so that it is no wider than `room`; `None` when not even one letter fits.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> Option<String> {
    if width(text, size) <= room {
        return Some(text.to_owned());
    }
    let mut left = room - width("…", size);
    let mut cut = String::new();
    for letter in text.chars() {
        left -= letter_width(letter) * size;
        if left < 0.0 {
            break;
        }
        cut.push(letter);
    }
    cut.truncate(cut.trim_end().len());
    (!cut.is_empty()).then(|| cut + "…")
}

/// A column's name as a person would write it.
pub(super) fn column(name: &str) -> String {
    clean(&name.replace('_', " "))
}
