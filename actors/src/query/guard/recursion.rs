//! When a recursive CTE surely ends, and stays small until then.
//!
//! It is a UNION of a start and one step. The step reads the CTE once, in its own FROM, alone or
//! with tables that are joined to it by an equality; a column of it moves by a plain amount towards
//! a plain bound that the step's WHERE demands ([`super::counter`]); and no column can double.
//! The tree is resolved already, so that names compare by their spelling.
//!
//! What is not seen to be so is refused, hence the wildcard arms: they all say "not seen".
#![expect(clippy::wildcard_enum_match_arm, reason = "what is not listed is not proven to end")]

use sqlparser::ast::{
    BinaryOperator, Expr, Join, JoinConstraint, JoinOperator, LimitClause, ObjectNamePart, Query,
    Select, SelectItem, SetExpr, SetOperator, TableFactor,
};

use super::checker::Checker;
use super::counter::{Counter, conjuncts};
use super::query::number;
use super::rejection::Rejection;
use super::scope::Scope;
use crate::domain::Dialect;

/// Steps of a counter that reads nothing else: days of a century.
const STEPS_MAX: i64 = 40_000;
/// Steps that join a table each time: levels of a hierarchy. Each may multiply the rows.
const JOINED_STEPS_MAX: i64 = 20;

/// What the step reads.
struct Sources<'q> {
    /// What the CTE is called there.
    own: &'q str,
    others: usize,
}

impl Checker<'_> {
    /// Refuses a recursive CTE that is not seen to end.
    pub(super) fn bounded(
        &self,
        name: &str,
        inner: &Scope<'_>,
        query: &Query,
    ) -> Result<(), Rejection> {
        let columns = inner.ctes.last().map_or(&[][..], |cte| cte.columns.as_slice());
        if self.ends(name, columns, query).unwrap_or(false) {
            return Ok(());
        }
        let message = format!(
            "the recursive query {name:?} needs a bound: a column that grows by a plain number, and \
             a condition like WHERE n < 12 on it"
        );
        Err(Rejection::whole("recursion", message))
    }

    fn ends(&self, name: &str, columns: &[String], query: &Query) -> Option<bool> {
        let SetExpr::SetOperation { left, op: SetOperator::Union, set_quantifier: _, right } =
            &*query.body
        else {
            return None;
        };
        let step = as_select(right)?;
        let sources = sources(name, step)?;
        let (first, next) = (start(left)?, expressions(&step.projection)?);
        // The start would be read again with every step.
        if self.recursive_uses(name, left) || !next.iter().all(|expr| is_slim(expr, columns)) {
            return None;
        }
        // SQLite stops when LIMIT is reached; PostgreSQL and MariaDB do not take it here.
        if self.is(Dialect::Sqlite)
            && sources.others == 0
            && let Some(LimitClause::LimitOffset { limit: Some(limit), offset: None, .. }) =
                &query.limit_clause
            && number(limit).is_ok_and(|limit| i64::try_from(limit).is_ok_and(|n| n <= STEPS_MAX))
        {
            return Some(true);
        }
        let steps_max = if sources.others == 0 { STEPS_MAX } else { JOINED_STEPS_MAX };
        let mut conditions = Vec::new();
        conjuncts(step.selection.as_ref(), &mut conditions);
        let ends = columns.iter().enumerate().any(|(index, column)| {
            let is_alone = columns.iter().filter(|other| *other == column).count() == 1;
            let (Some(first), Some(next)) = (first.get(index), next.get(index)) else {
                return false;
            };
            let counter = Counter {
                dialect: self.dialect(),
                column,
                relation: (sources.others > 0).then_some(sources.own),
                first,
                steps_max,
            };
            is_alone && conditions.iter().any(|condition| counter.is_bound(next, condition))
        });
        Some(ends)
    }

    /// Whether a part reads the CTE: by its name as written, anywhere; a column of that name counts
    /// too, which only refuses more.
    fn recursive_uses(&self, name: &str, part: &SetExpr) -> bool {
        let quote = self.naming.quote();
        part.to_string().contains(&format!("{quote}{name}{quote}"))
    }
}

fn as_select(body: &SetExpr) -> Option<&Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        _ => None,
    }
}

/// The expressions of the start; one row of VALUES, or a SELECT.
fn start(body: &SetExpr) -> Option<Vec<&Expr>> {
    match body {
        SetExpr::Select(select) => expressions(&select.projection),
        SetExpr::Values(values) => match values.rows.as_slice() {
            [row] => Some(row.content.iter().collect()),
            _ => None,
        },
        _ => None,
    }
}

/// The expressions of a SELECT list without `*`, so that they stand at their column's place.
fn expressions(items: &[SelectItem]) -> Option<Vec<&Expr>> {
    let expr = |item| match item {
        &SelectItem::UnnamedExpr(ref expr) | &SelectItem::ExprWithAlias { ref expr, alias: _ } => {
            Some(expr)
        }
        _ => None,
    };
    items.iter().map(expr).collect()
}

/// The CTE, once, and tables that are joined by an equality.
fn sources<'q>(name: &str, step: &'q Select) -> Option<Sources<'q>> {
    let [tables] = step.from.as_slice() else { return None };
    let mut own = own_name(name, &tables.relation)?;
    let mut others = usize::from(own.is_none());
    for Join { relation, global: _, join_operator } in &tables.joins {
        let (JoinOperator::Join(JoinConstraint::On(condition))
        | JoinOperator::Inner(JoinConstraint::On(condition))) = join_operator
        else {
            return None;
        };
        let mut conditions = Vec::new();
        conjuncts(Some(condition), &mut conditions);
        if !conditions.into_iter().any(is_equality) {
            return None;
        }
        match (own_name(name, relation)?, own) {
            (Some(_), Some(_)) => return None,
            (Some(found), None) => own = Some(found),
            (None, _) => others += 1,
        }
    }
    own.map(|own| Sources { own, others })
}

/// What the CTE is called where a relation is it; nothing where the relation is another table, and
/// no answer where it is something else.
fn own_name<'q>(name: &str, factor: &'q TableFactor) -> Option<Option<&'q str>> {
    let TableFactor::Table { name: table, alias, args: None, .. } = factor else { return None };
    match table.0.as_slice() {
        [ObjectNamePart::Identifier(ident)] if ident.value == name => {
            Some(Some(alias.as_ref().map_or(&ident.value, |alias| &alias.name.value)))
        }
        _ => Some(None),
    }
}

/// `a.x = b.y`.
fn is_equality(condition: &Expr) -> bool {
    match condition {
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => match (&**left, &**right) {
            (Expr::CompoundIdentifier(left), Expr::CompoundIdentifier(right)) => {
                left.first() != right.first()
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a step's expression cannot make a text longer by more than a little: it names the CTE's
/// columns once, without a function that multiplies, or adds numbers only.
fn is_slim(expr: &Expr, columns: &[String]) -> bool {
    const GROWING: &[&str] = &[
        "replace(",
        "pad(",
        "repeat(",
        "format(",
        "printf(",
        "hex(",
        "quote",
        "encode",
        "base64",
        "json",
        "array",
        "object_",
        "translate(",
        "space(",
        "select ",
    ];
    let written = expr.to_string().to_lowercase();
    let named: usize = columns
        .iter()
        .map(|column| column.to_lowercase())
        .map(|column| {
            written.matches(&format!("\"{column}\"")).count()
                + written.matches(&format!("`{column}`")).count()
        })
        .sum();
    match named {
        0 => true,
        1 => !GROWING.iter().any(|word| written.contains(word)),
        _ => !written.contains(['*', '|', '(', '^', '\'']),
    }
}
