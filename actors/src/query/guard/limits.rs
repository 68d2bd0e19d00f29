//! Before the parser: how long, how deep, and made of which characters a query may be.
//!
//! **Invariant:** what passes here has no comments, no invisible characters, and cannot drive the
//! parser or the walk over its tree past the stack of the guard's threads.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::rejection::Rejection;
use super::syntax;
use crate::domain::Dialect;

/// Analytic queries written by people and models stay below 4 KiB.
pub(super) const BYTES_MAX: usize = 16 << 10;
/// 16 KiB of ordinary SQL has about this many.
pub(super) const TOKENS_MAX: usize = 4_000;
/// Each level costs the parser some 100 KiB of stack when not optimized.
pub(super) const DEPTH_MAX: usize = 64;
/// Planners search the orders of joins; no honest question needs more.
pub(super) const JOINS_MAX: usize = 64;
/// As with joins.
pub(super) const SET_OPERATORS_MAX: usize = 64;

/// Refuses what the parser should not see; gives what it may.
pub(super) fn check(sql: &str, dialect: Dialect) -> Result<Vec<TokenWithSpan>, Rejection> {
    if sql.len() > BYTES_MAX {
        let message = format!("the query is longer than {BYTES_MAX} bytes");
        return Err(Rejection::whole("length", message));
    }
    characters(sql)?;
    tokens(sql, dialect)
}

/// Characters that a reader cannot see, or that make text read in another order than it runs.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

fn characters(sql: &str) -> Result<(), Rejection> {
    let mut place = Location { line: 1, column: 1 };
    for c in sql.chars() {
        let is_layout = matches!(c, '\n' | '\r' | '\t');
        if (c.is_control() && !is_layout) || is_hidden(c) {
            let message = format!("the query has an invisible character (U+{:04X})", u32::from(c));
            return Err(Rejection::at("characters", Span::new(place, place), message));
        }
        if c == '\n' {
            place = Location { line: place.line + 1, column: 1 };
        } else {
            place.column += 1;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Counts {
    depth: usize,
    joins: usize,
    set_operators: usize,
}

fn tokens(sql: &str, dialect: Dialect) -> Result<Vec<TokenWithSpan>, Rejection> {
    let parser_dialect = syntax::dialect(dialect);
    let mut tokenizer = Tokenizer::new(&*parser_dialect, sql).with_unescape(false);
    let tokens = tokenizer.tokenize_with_location().map_err(|error| {
        let span = Span::new(error.location, error.location);
        Rejection::at("syntax", span, format!("this is not SQL: {}", error.message))
    })?;
    let visible = tokens.iter().filter(|token| !is_space(&token.token)).count();
    if visible > TOKENS_MAX {
        let message = format!("the query has more than {TOKENS_MAX} words and signs");
        return Err(Rejection::whole("length", message));
    }
    let mut counts = Counts::default();
    for token in &tokens {
        count(token, &mut counts)?;
    }
    // The parser reads MySQL's `/*! … */` as code and drops its marks, as MySQL does by its version.
    let quoted: usize = tokens.iter().map(|token| marks(quoted(&token.token))).sum();
    if marks(sql) > quoted {
        return Err(Rejection::whole("comment", "comments are not allowed"));
    }
    Ok(tokens)
}

fn marks(text: &str) -> usize {
    text.matches("/*").count()
}

/// What stands between quotes.
#[expect(clippy::wildcard_enum_match_arm, reason = "other kinds of text are refused later")]
fn quoted(token: &Token) -> &str {
    match token {
        Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => text,
        Token::Word(word) if word.quote_style.is_some() => &word.value,
        _ => "",
    }
}

const fn is_space(token: &Token) -> bool {
    matches!(token, Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all other tokens are the parser's to judge")]
fn count(token: &TokenWithSpan, counts: &mut Counts) -> Result<(), Rejection> {
    let refuse = |rule, message: String| Err(Rejection::at(rule, token.span, message));
    match &token.token {
        Token::Whitespace(
            Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_),
        ) => return refuse("comment", "comments are not allowed".into()),
        Token::LParen | Token::LBracket | Token::LBrace => {
            counts.depth += 1;
            if counts.depth > DEPTH_MAX {
                return refuse("depth", format!("brackets are nested deeper than {DEPTH_MAX}"));
            }
        }
        Token::RParen | Token::RBracket | Token::RBrace => {
            counts.depth = counts.depth.saturating_sub(1);
        }
        Token::Word(word) if word.quote_style.is_none() => match word.keyword {
            Keyword::JOIN | Keyword::STRAIGHT_JOIN => {
                counts.joins += 1;
                if counts.joins > JOINS_MAX {
                    return refuse("length", format!("the query has more than {JOINS_MAX} joins"));
                }
            }
            Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT | Keyword::MINUS => {
                counts.set_operators += 1;
                if counts.set_operators > SET_OPERATORS_MAX {
                    let message =
                        format!("the query has more than {SET_OPERATORS_MAX} set operators");
                    return refuse("length", message);
                }
            }
            _ => {}
        },
        _ => {}
    }
    Ok(())
}
