//! The guard: what stands between SQL that a model wrote and a company's database.
//!
//! The text passes [`limits`] (size, characters, tokens, depth), is parsed, and is then walked by
//! [`checker::Checker`], which knows every variant of sqlparser's tree by name and refuses those
//! that are not listed. On its way it resolves every relation against the allowed tables and every
//! column against what is in scope, and rewrites both, quoted, in the database's own spelling.
//! [`render`] sets the row limit, writes the tree out, parses it again, and walks it once more.
//!
//! **Invariant:** what leaves as [`GuardedSql`] was itself read and accepted by the guard, and
//! accepting it changed nothing. The original text never leaves.
//!
//! Reading order: [`limits`], [`statement`], [`query`], [`select`], [`factor`], [`scope`],
//! [`expression`], [`call`] with the lists in [`functions`], [`types`], [`render`], [`pool`].

mod call;
mod checker;
mod counter;
mod expression;
mod factor;
mod functions;
mod growth;
mod limits;
mod literal;
mod naming;
mod operator;
mod pool;
mod query;
mod recursion;
mod rejection;
mod render;
mod scope;
mod select;
mod series;
mod statement;
mod syntax;
mod types;
mod weight;
mod with;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::domain::{Dialect, GuardedSql, Schema};

pub use pool::{Guard, QUEUE_MAX, STACK_BYTES};
pub use rejection::Rejection;

/// What a query is held against.
#[derive(Clone, Debug)]
pub struct Grounds {
    /// The language of the connection.
    pub dialect: Dialect,
    /// The tables that may be read, and no others.
    pub schema: Arc<Schema>,
    /// Rows that an answer may have; one more is asked for, so that it is known whether there were
    /// more.
    pub rows_max: usize,
}

/// A query that may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What runs.
    pub sql: GuardedSql,
    /// The tables that it reads, in the order of their names, with their namespace where they have
    /// one.
    pub tables: Vec<String>,
}

/// Decides on a query. Deeply nested text needs a deep stack: outside of tests this is called on
/// the threads of [`Guard`] only.
///
/// # Errors
/// Names the rule that the query breaks, and where.
pub fn check(sql: &str, grounds: &Grounds) -> Result<Verdict, Rejection> {
    let tokens = limits::check(sql, grounds.dialect)?;
    let mut tree = syntax::parse(tokens, grounds.dialect)?;
    let mut checker = checker::Checker::new(grounds);
    checker.statement(&mut tree)?;
    render::cap_rows(&mut tree, grounds)?;
    let text = render::proven(&tree, grounds)?;
    Ok(Verdict { sql: GuardedSql::rendered(grounds.dialect, text), tables: checker.into_tables() })
}
