//! The content of a load message: its number in the channel and when it was sent, then padding.

use crate::clock;

/// What a receiver learns from a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Counts from 1 per channel; it is the position for targets without one of their own.
    pub(crate) number: u64,
    pub(crate) sent_nanos: u64,
}

impl Stamp {
    /// Text of at least `bytes` bytes.
    pub(crate) fn content(self, bytes: usize) -> String {
        let mut text = format!("{}:{}:", self.number, self.sent_nanos);
        while text.len() < bytes {
            text.push('x');
        }
        text
    }

    /// Nothing when the text was not written by this harness.
    pub(crate) fn parse(content: &str) -> Option<Self> {
        let mut parts = content.splitn(3, ':');
        let number = parts.next()?.parse().ok()?;
        let sent_nanos = parts.next()?.parse().ok()?;
        Some(Self { number, sent_nanos })
    }

    pub(crate) fn age_nanos(self) -> u64 {
        clock::nanos().saturating_sub(self.sent_nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_survives_its_content_and_foreign_text_is_none() {
        let stamp = Stamp { number: 7, sent_nanos: 123_456 };
        assert_eq!(Stamp::parse(&stamp.content(128)), Some(stamp));
        assert_eq!(stamp.content(128).len(), 128);
        assert_eq!(Stamp::parse("hello: you"), None);
    }
}
