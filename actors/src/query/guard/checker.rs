//! What the walk over a tree carries with it.

use std::collections::BTreeSet;

use sqlparser::ast::{Expr, Spanned as _};

use super::Grounds;
use super::limits::JOINS_MAX;
use super::naming::Naming;
use super::rejection::Rejection;
use super::weight::Weights;
use crate::domain::Dialect;

/// Expressions in each other. sqlparser builds `a + b + …` without recursion, but writing and
/// comparing such a tree recurses.
const EXPRESSION_DEPTH_MAX: usize = 200;
/// Columns of one SELECT. PostgreSQL gives 1,664 at most, SQLite 2,000.
const OUTPUTS_MAX: usize = 2_000;
/// Columns of all relations together. `SELECT *, *` doubles them with every named query, and each
/// name of the query is looked up among those in scope.
const COLUMNS_MAX: usize = 10_000;

/// The walk. Everything it does not know it refuses; what it accepts, it has rewritten so that
/// names can mean one thing only.
pub(super) struct Checker<'g> {
    pub(super) grounds: &'g Grounds,
    pub(super) naming: Naming,
    tables: BTreeSet<String>,
    depth: usize,
    relations: usize,
    columns: usize,
    /// How many times longer the functions around the place of the walk can make a value.
    pub(super) growing: usize,
    /// What the output columns so far weigh.
    pub(super) weights: Weights,
    /// Queries around the place of the walk.
    pub(super) queries: usize,
    /// The CTE whose recursive part is being read, and how often it was met.
    pub(super) recursive: Vec<(String, usize)>,
}

impl<'g> Checker<'g> {
    pub(super) fn new(grounds: &'g Grounds) -> Self {
        Self {
            grounds,
            naming: Naming::new(grounds.dialect),
            tables: BTreeSet::new(),
            depth: 0,
            relations: 0,
            columns: 0,
            growing: 1,
            weights: Weights::default(),
            queries: 0,
            recursive: Vec::new(),
        }
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.grounds.dialect
    }

    pub(super) fn is(&self, dialect: Dialect) -> bool {
        self.grounds.dialect == dialect
    }

    /// Notes that the query reads a table.
    pub(super) fn touch(&mut self, table: String) {
        self.tables.insert(table);
    }

    pub(super) fn into_tables(self) -> Vec<String> {
        self.tables.into_iter().collect()
    }

    /// Counts a relation of any FROM.
    pub(super) fn count_relation(&mut self) -> Result<(), Rejection> {
        self.relations += 1;
        if self.relations > JOINS_MAX {
            return Err(Rejection::whole("length", "the query reads from too many relations"));
        }
        Ok(())
    }

    /// Counts the columns of a relation.
    pub(super) fn count_columns(&mut self, more: usize) -> Result<(), Rejection> {
        self.columns = self.columns.saturating_add(more);
        if self.columns > COLUMNS_MAX {
            let message = format!("the query reads from more than {COLUMNS_MAX} columns");
            return Err(Rejection::whole("length", message));
        }
        Ok(())
    }

    /// Bounds the columns that one SELECT gives.
    pub(super) fn bound_outputs(&self, outputs: usize) -> Result<(), Rejection> {
        if outputs > OUTPUTS_MAX {
            let message = format!("a SELECT gives more than {OUTPUTS_MAX} columns");
            return Err(Rejection::whole("length", message));
        }
        Ok(())
    }

    /// Goes one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        walk: impl FnOnce(&mut Self) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        if self.depth == EXPRESSION_DEPTH_MAX {
            let message = format!("expressions are nested deeper than {EXPRESSION_DEPTH_MAX}");
            return Err(Rejection::whole("depth", message));
        }
        self.depth += 1;
        let result = walk(self);
        self.depth -= 1;
        result
    }

    /// A refusal of a part of the syntax.
    pub(super) fn clause<T>(&self, what: &str) -> Result<T, Rejection> {
        Err(Rejection::whole("clause", format!("{what} cannot be used here")))
    }

    /// A refusal of an expression.
    pub(super) fn unfit<T>(expr: &Expr, rule: &'static str, message: &str) -> Result<T, Rejection> {
        Err(Rejection::at(rule, expr.span(), message))
    }
}
