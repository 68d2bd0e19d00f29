//! Why a query does not run, said so that whoever wrote it can do better.

use sqlparser::ast::Ident;
use sqlparser::tokenizer::Span;

/// A refusal: the rule, a sentence, and the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (line {line}, column {column})")]
pub struct Rejection {
    /// The rule's name: `table`, `column`, `function`, … Stable, for clients and counters.
    pub rule: &'static str,
    /// What is wrong and, where known, what would be right. Made of the query's own words only.
    pub message: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

impl Rejection {
    /// A refusal of something at a place of the text. A place that the parser did not keep becomes
    /// the start of the text.
    pub(super) fn at(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        let small = |number: u64| u32::try_from(number.max(1)).unwrap_or(1);
        let start = span.start;
        Self { rule, message: message.into(), line: small(start.line), column: small(start.column) }
    }

    /// A refusal of the whole text.
    pub(super) fn whole(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), line: 1, column: 1 }
    }

    /// A refusal of a name.
    pub(super) fn of(rule: &'static str, ident: &Ident, message: impl Into<String>) -> Self {
        Self::at(rule, ident.span, message)
    }

    /// The same refusal at a better known place, if its own was not known.
    pub(super) fn near(mut self, span: Span) -> Self {
        if self.line == 1 && self.column == 1 && span.start.line > 0 {
            self.line = u32::try_from(span.start.line).unwrap_or(1);
            self.column = u32::try_from(span.start.column.max(1)).unwrap_or(1);
        }
        self
    }
}
