//! Text to tree.

use sqlparser::ast::Statement;
use sqlparser::dialect::{
    Dialect as ParserDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect, SnowflakeDialect,
};
use sqlparser::parser::{Parser, ParserError, ParserOptions};
use sqlparser::tokenizer::{Location, Span, TokenWithSpan};

use super::rejection::Rejection;
use crate::domain::Dialect;

/// Calls of the parser's expression and query functions in each other. A bracket takes at most two
/// or three; the stack of the guard's threads holds several times as many.
const RECURSION_MAX: usize = 160;

/// The parser's idea of a dialect.
pub(super) fn dialect(dialect: Dialect) -> Box<dyn ParserDialect> {
    match dialect {
        Dialect::PostgreSql => Box::new(PostgreSqlDialect {}),
        Dialect::MySql => Box::new(MySqlDialect {}),
        Dialect::Sqlite => Box::new(SQLiteDialect {}),
        Dialect::Snowflake => Box::new(SnowflakeDialect {}),
    }
}

/// Parses exactly one statement from words whose strings keep their escapes as written.
pub(super) fn parse(tokens: Vec<TokenWithSpan>, language: Dialect) -> Result<Statement, Rejection> {
    let dialect = dialect(language);
    let options = ParserOptions::new().with_unescape(false).with_trailing_commas(false);
    let statements = Parser::new(&*dialect)
        .with_options(options)
        .with_recursion_limit(RECURSION_MAX)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(rejection)?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(statement), None) => Ok(statement),
        (None, _) => Err(Rejection::whole("statement", "there is no query in this text")),
        (Some(_), Some(_)) => {
            Err(Rejection::whole("statement", "only one statement at a time is allowed"))
        }
    }
}

fn rejection(error: ParserError) -> Rejection {
    match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => {
            let (message, span) = placed(&text);
            Rejection::at("syntax", span, format!("this is not SQL that can be read: {message}"))
        }
        ParserError::RecursionLimitExceeded => {
            Rejection::whole("depth", "the query is nested too deeply")
        }
    }
}

/// The parser says places in its text only.
fn placed(text: &str) -> (&str, Span) {
    let Some((message, place)) = text.rsplit_once(" at Line: ") else {
        return (text, Span::empty());
    };
    let mut numbers = place.split(", Column: ").map(|number| number.trim().parse().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(line), Some(column)) => {
            let location = Location { line, column };
            (message, Span::new(location, location))
        }
        _ => (text, Span::empty()),
    }
}
