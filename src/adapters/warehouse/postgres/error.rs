//! What went wrong, in our words. The server's text can carry a cell's value, so of it only the code,
//! the position, and words that the schema knows go on.

use std::time::Duration;

use starling_actors::ports::WarehouseError;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, ErrorPosition};

use super::super::meaning::{quoted, sqlstate};
use super::session::Session;

/// Words of one error that are looked up in the catalog.
const NAMES_MAX: usize = 12;
/// For looking them up: the person waits for an error.
const NAMES_TIMEOUT: Duration = Duration::from_millis(1_500);

/// An error of a statement that had words of ours before it.
#[derive(Debug)]
pub(super) struct Trouble {
    error: Error,
    prefix: usize,
}

impl Trouble {
    pub(super) const fn new(error: Error, prefix: usize) -> Self {
        Self { error, prefix }
    }

    /// The error as it may be shown. Ends the transaction, to ask the catalog for names.
    pub(super) async fn explained(
        self,
        session: &mut Session,
        timeout: Duration,
    ) -> WarehouseError {
        let Some(said) = self.error.as_db_error() else {
            return WarehouseError::Unreachable("the connection was lost".to_owned());
        };
        let code = said.code().code();
        match code {
            "57014" => return WarehouseError::Timeout(timeout),
            "57P01" | "57P02" | "57P03" | "57P05" => {
                let words = "the server ended the session";
                return WarehouseError::Unreachable(words.to_owned());
            }
            _ => {}
        }
        // Only errors about the statement itself name parts of the schema; those about values name
        // values.
        let words = if code.starts_with("42") { words_of(said) } else { Vec::new() };
        let known = tokio::time::timeout(NAMES_TIMEOUT, known_names(session, words));
        WarehouseError::Query {
            code: code.to_owned(),
            meaning: sqlstate(code).to_owned(),
            position: position(said, self.prefix),
            names: known.await.unwrap_or_default(),
        }
    }
}

fn position(said: &DbError, prefix: usize) -> Option<u32> {
    match said.position()? {
        ErrorPosition::Original(at) => {
            at.checked_sub(u32::try_from(prefix).ok()?).filter(|at| *at > 0)
        }
        ErrorPosition::Internal { .. } => None,
    }
}

fn words_of(said: &DbError) -> Vec<String> {
    let mut words = quoted(said.message());
    words.extend(said.hint().map(quoted).unwrap_or_default());
    words.truncate(NAMES_MAX);
    words
}

/// Those of the words that are names of tables or columns the role may read.
async fn known_names(session: &mut Session, words: Vec<String>) -> Vec<String> {
    const KNOWN: &str = "
        SELECT word FROM unnest($1::text[]) AS word
        WHERE EXISTS (SELECT FROM pg_catalog.pg_class AS c
                      WHERE c.relname = word AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                        AND pg_catalog.has_table_privilege(c.oid, 'SELECT'))
           OR EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
                      JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
                      WHERE a.attname = word AND a.attnum > 0 AND NOT a.attisdropped
                        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                        AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))";
    if words.is_empty() || !session.roll_back().await {
        return Vec::new();
    }
    let found = session.client().query(KNOWN, &[&words]).await.unwrap_or_default();
    found.iter().filter_map(|row| row.try_get(0).ok()).collect()
}

/// Why there is no session.
pub(super) fn entry_error(error: &Error) -> WarehouseError {
    let unreachable = |words: &str| WarehouseError::Unreachable(words.to_owned());
    let Some(said) = error.as_db_error() else {
        let text = error.to_string();
        return unreachable(if text.contains("TLS") {
            "TLS with its server failed: look at the SSL mode and the server's certificate"
        } else if text.contains("password") {
            "its server wants a password"
        } else {
            "the connection was lost"
        });
    };
    match said.code().code() {
        "28P01" | "28000" => unreachable("user name or password is wrong, or not let in from here"),
        "3D000" => unreachable("there is no such database on its server"),
        "53300" => WarehouseError::Busy,
        "57P03" => unreachable("its server is starting or stopping"),
        code => unreachable(&format!("its server said {code}: {}", sqlstate(code))),
    }
}
