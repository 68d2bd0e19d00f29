//! What stands beside a name or a message: what a person says of themselves, and what a link leads to.
//!
//! **Invariant:** none of these texts can change how what stands around them is read: they are one line, and
//! have no characters that cannot be seen or that turn the direction of writing.

use super::text::Emoji;
use super::{GroupId, TextError, Timestamp, UserId};

/// Longest text of a status: it stands beside a name.
pub const STATUS_CHARS_MAX: usize = 100;

/// What a person says of themselves, until a time or until they say otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomStatus {
    /// An emoji or its short name; may be empty where there is text.
    pub emoji: String,
    /// May be empty where there is an emoji.
    pub text: String,
    /// Shown no longer from then on.
    pub until: Option<Timestamp>,
}

/// What is shown of a page that a message links to. All of it was written by strangers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkPreview {
    /// The address as it stands in the message.
    pub url: String,
    /// What the page calls itself.
    pub title: String,
    /// What it says about itself; may be empty.
    pub description: String,
    /// Whose page it is; at least its host.
    pub site: String,
}

/// People of an organization who are called by one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFace {
    /// Never reused.
    pub id: GroupId,
    /// What stands behind the `@`.
    pub handle: String,
    /// As it is shown.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who is in it.
    pub members: Vec<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl CustomStatus {
    /// Accepts an emoji, a line of text, or both.
    pub fn new(emoji: &str, text: &str, until: Option<Timestamp>) -> Result<Self, TextError> {
        let (emoji, text) = (emoji.trim(), text.trim());
        if emoji.is_empty() && text.is_empty() {
            return Err(TextError::Empty);
        }
        if !emoji.is_empty() {
            Emoji::new(emoji.to_owned())?;
        }
        if text.chars().nth(STATUS_CHARS_MAX).is_some() {
            return Err(TextError::TooLong { max: STATUS_CHARS_MAX });
        }
        if text.chars().chain(emoji.chars()).any(|sign| sign.is_control() || turns(sign)) {
            return Err(TextError::ForbiddenCharacter);
        }
        Ok(Self { emoji: emoji.to_owned(), text: text.to_owned(), until })
    }

    /// Whether it is still shown at a time.
    pub fn stands_at(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// One line of at most so many characters that does nothing to what stands around it: white space is one
/// space, and what cannot be seen or turns the direction of writing is left out.
pub fn harmless_line(text: &str, chars_max: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split(|sign: char| sign.is_whitespace() || sign.is_control()) {
        let word: String = word.chars().filter(|sign| !turns(*sign)).collect();
        if word.is_empty() {
            continue;
        }
        if count > 0 {
            line.push(' ');
            count += 1;
        }
        for sign in word.chars() {
            if count + 1 >= chars_max {
                line.truncate(line.trim_end().len());
                line.push('…');
                return line;
            }
            line.push(sign);
            count += 1;
        }
    }
    line
}

/// Marks and overrides of direction (UAX #9), and signs of no width that hide what is written; the joiner of
/// emoji (U+200D) is none of them.
const fn turns(sign: char) -> bool {
    matches!(
        sign,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e001f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_something_in_one_harmless_line() {
        assert!(CustomStatus::new("🌴", "", None).is_ok());
        assert!(
            CustomStatus::new("", " on the train ", None).is_ok_and(|it| it.text == "on the train")
        );
        assert_eq!(CustomStatus::new(" ", "\t", None), Err(TextError::Empty));
        assert!(CustomStatus::new("two words", "", None).is_err());
        assert!(
            CustomStatus::new("", "\u{202e}live", None).is_err(),
            "turns what stands behind it"
        );
        assert!(CustomStatus::new("", "two\nlines", None).is_err());
        assert!(CustomStatus::new("", &"x".repeat(STATUS_CHARS_MAX + 1), None).is_err());
        assert!(CustomStatus::new("👩\u{200d}🚀", "", None).is_ok(), "joined emoji are one sign");
    }

    #[test]
    fn a_status_ends_by_itself() {
        let status = CustomStatus::new("🌴", "", Some(Timestamp(5))).unwrap();
        assert!(status.stands_at(Timestamp(4)));
        assert!(!status.stands_at(Timestamp(5)));
        assert!(CustomStatus { until: None, ..status }.stands_at(Timestamp(i64::MAX)));
    }

    #[test]
    fn a_strangers_text_becomes_one_line_that_turns_nothing() {
        assert_eq!(harmless_line("  a\r\n\tb\0c  ", 50), "a b c");
        assert_eq!(harmless_line("pay \u{202e}lap\u{202c}\u{200b}", 50), "pay lap");
        assert_eq!(harmless_line("\u{202e} \u{feff}", 50), "");
        assert_eq!(harmless_line(&"x".repeat(99), 10), format!("{}…", "x".repeat(9)));
        assert_eq!(harmless_line("12345678 abc", 10), "12345678…");
    }
}
