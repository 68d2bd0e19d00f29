//! What has come of an answer so far: words, tokens, and whether it is done.

use starling_actors::domain::TokenUsage;

use super::call::CallError;

/// Longest text of an answer. 2,000 tokens are about 8 KiB; a server that does not keep to the
/// limit of tokens is not waited for.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// An answer in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gathering {
    /// The words.
    pub text: String,
    /// Arguments of tools that it called in place of words.
    pub arguments: String,
    /// As the provider counted; the last count stands.
    pub usage: TokenUsage,
    /// Whether it ran into the limit of tokens.
    pub is_cut: bool,
    /// Whether all words are there; a count of tokens may follow.
    pub is_done: bool,
    /// Whether nothing follows.
    pub is_over: bool,
}

impl Gathering {
    /// Adds words.
    pub(super) fn add_text(&mut self, text: &str) -> Result<(), CallError> {
        add(&mut self.text, text)
    }

    /// Adds a piece of a tool's arguments.
    pub(super) fn add_arguments(&mut self, text: &str) -> Result<(), CallError> {
        add(&mut self.arguments, text)
    }

    /// The words, or the arguments when there are no words.
    pub(super) fn into_words(self) -> String {
        if self.text.trim().is_empty() { self.arguments } else { self.text }
    }
}

fn add(to: &mut String, text: &str) -> Result<(), CallError> {
    to.push_str(text);
    if to.len() > TEXT_BYTES_MAX { Err(CallError::TooLong) } else { Ok(()) }
}
