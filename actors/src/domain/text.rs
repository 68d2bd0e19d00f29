//! Text from outside, checked once and then trusted.

use std::fmt;

/// Longest client message id, in characters (wire.md).
const CLIENT_MESSAGE_ID_CHARS_MAX: usize = 128;
/// Longest emoji, in bytes: the longest joined sequence in Unicode 16 has 35; short names fit too.
const EMOJI_BYTES_MAX: usize = 64;

/// Why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing visible in it.
    Empty,
    /// More than `max` characters.
    TooLong {
        /// The most that is allowed.
        max: usize,
    },
    /// A character that cannot be shown or stored.
    ForbiddenCharacter,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::ForbiddenCharacter => f.write_str("has a character that is not allowed"),
        }
    }
}

impl std::error::Error for TextError {}

/// A message's words: something visible, within the limit, kept as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// Accepts `text` of at most `chars_max` characters. NUL is refused because no store and no
    /// client can be trusted with it; all else is kept as written.
    pub fn new(text: String, chars_max: usize) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        Self::beside_files(text, chars_max)
    }

    /// Words of a message that carries files, which may be none.
    pub fn beside_files(text: String, chars_max: usize) -> Result<Self, TextError> {
        if text.chars().nth(chars_max).is_some() {
            return Err(TextError::TooLong { max: chars_max });
        }
        if text.contains('\0') {
            return Err(TextError::ForbiddenCharacter);
        }
        Ok(Self(text))
    }

    /// The words.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What a client calls its own message: the idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientMessageId(String);

impl ClientMessageId {
    /// Accepts 1 to 128 printable characters.
    pub fn new(text: String) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.chars().nth(CLIENT_MESSAGE_ID_CHARS_MAX).is_some() {
            return Err(TextError::TooLong { max: CLIENT_MESSAGE_ID_CHARS_MAX });
        }
        if text.chars().any(char::is_control) {
            return Err(TextError::ForbiddenCharacter);
        }
        Ok(Self(text))
    }

    /// The id as the client wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An emoji or its short name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emoji(String);

impl Emoji {
    /// Accepts 1 to 64 bytes without white space or control characters.
    pub fn new(text: String) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > EMOJI_BYTES_MAX {
            return Err(TextError::TooLong { max: EMOJI_BYTES_MAX });
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(TextError::ForbiddenCharacter);
        }
        Ok(Self(text))
    }

    /// The emoji as sent.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_counted_in_characters_not_bytes() {
        assert!(Content::new("ä".repeat(5), 5).is_ok());
        assert_eq!(Content::new("ä".repeat(6), 5), Err(TextError::TooLong { max: 5 }));
    }

    #[test]
    fn a_client_message_id_is_printable() {
        assert!(ClientMessageId::new("a b ü".into()).is_ok());
        assert_eq!(ClientMessageId::new("a\n".into()), Err(TextError::ForbiddenCharacter));
        assert_eq!(ClientMessageId::new(String::new()), Err(TextError::Empty));
    }
}
