//! From the checked tree to the text that runs.
//!
//! **Invariant:** the text is parsed again, must give the same tree, and is walked once more by the
//! guard, which must find nothing to rewrite. What runs was therefore read by the guard itself, not
//! only made from something that it read.

use sqlparser::ast::{
    Expr, Fetch, LimitClause, Query, SetExpr, Statement, Top, TopQuantity, Value,
};

use super::checker::Checker;
use super::query::number;
use super::rejection::Rejection;
use super::{Grounds, limits, syntax};
use crate::domain::Dialect;

/// Sets the row limit of the outermost query to one more than an answer may have. It is set on the
/// query itself: a query around it would lose the order, and MySQL would refuse two columns of one
/// name.
pub(super) fn cap_rows(statement: &mut Statement, grounds: &Grounds) -> Result<(), Rejection> {
    let Statement::Query(query) = statement else {
        return Err(Rejection::whole("statement", "only SELECT queries are allowed"));
    };
    unwrap(query);
    let cap = u64::try_from(grounds.rows_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut wanted = cap;
    if let Some(Fetch { with_ties, percent, quantity }) = query.fetch.take() {
        if with_ties || percent {
            return Err(Rejection::whole("limit", "use LIMIT instead of WITH TIES or PERCENT"));
        }
        // FETCH FIRST ROW means one.
        wanted = wanted.min(quantity.as_ref().map_or(Ok(1), number)?);
    }
    if let SetExpr::Select(select) = &mut *query.body
        && let Some(Top { with_ties: _, percent: _, quantity }) = select.top.take()
    {
        wanted = wanted.min(match quantity {
            Some(TopQuantity::Constant(count)) => count,
            Some(TopQuantity::Expr(expr)) => number(&expr)?,
            None => cap,
        });
    }
    // SQLite's VALUES takes no LIMIT; it has as many rows as the text has.
    if grounds.dialect == Dialect::Sqlite
        && let SetExpr::Values(values) = &*query.body
    {
        if values.rows.len() > grounds.rows_max || query.limit_clause.is_some() {
            return Err(Rejection::whole("limit", "these are too many VALUES"));
        }
        return Ok(());
    }
    match &mut query.limit_clause {
        Some(
            LimitClause::LimitOffset { limit: Some(limit), offset: _, limit_by: _ }
            | LimitClause::OffsetCommaLimit { offset: _, limit },
        ) => *limit = plain(wanted.min(number(limit)?)),
        Some(LimitClause::LimitOffset { limit, offset: _, limit_by: _ }) => {
            *limit = Some(plain(wanted));
        }
        None => {
            let limit = Some(plain(wanted));
            query.limit_clause =
                Some(LimitClause::LimitOffset { limit, offset: None, limit_by: Vec::new() });
        }
    }
    Ok(())
}

/// Takes the parentheses off a query that is nothing else: SQLite does not know them there.
fn unwrap(query: &mut Query) {
    while query.with.is_none()
        && query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none()
        && let SetExpr::Query(inner) = &mut *query.body
    {
        let inner = std::mem::replace(
            &mut **inner,
            Query {
                with: None,
                body: Box::new(SetExpr::Table(Box::new(sqlparser::ast::Table {
                    table_name: None,
                    schema_name: None,
                }))),
                order_by: None,
                limit_clause: None,
                fetch: None,
                locks: Vec::new(),
                for_clause: None,
                settings: None,
                format_clause: None,
                pipe_operators: Vec::new(),
            },
        );
        *query = inner;
    }
}

fn plain(number: u64) -> Expr {
    Expr::value(Value::Number(number.to_string(), false))
}

/// Writes the tree and proves that the text means it.
pub(super) fn proven(tree: &Statement, grounds: &Grounds) -> Result<String, Rejection> {
    let text = tree.to_string();
    let refuse = |why: &str| {
        let message = format!("the query cannot be written out safely ({why}); put it differently");
        Err(Rejection::whole("rendering", message))
    };
    let Ok(tokens) = limits::check(&text, grounds.dialect) else {
        return refuse("it grew too long");
    };
    let Ok(read) = syntax::parse(tokens, grounds.dialect) else {
        return refuse("it does not read as SQL again");
    };
    if read != *tree {
        return refuse("it reads as another query");
    }
    let mut again = read;
    if Checker::new(grounds).statement(&mut again).is_err()
        || cap_rows(&mut again, grounds).is_err()
        || again != *tree
    {
        return refuse("it is not accepted again");
    }
    Ok(text)
}
