//! Queries: WITH, the body, ORDER BY and LIMIT, at any depth.
//!
//! **Invariant:** no statement that changes anything passes at any depth: `WITH … DELETE` and
//! `WITH x AS (DELETE …)` parse as queries.

use sqlparser::ast::{
    Expr, Fetch, LimitClause, Offset, OrderBy, OrderByExpr, OrderByKind, OrderByOptions,
    OrderBySort, Parens, Query, SetExpr, SetOperator, SetQuantifier, Value, Values,
};

use super::checker::Checker;
use super::rejection::Rejection;
use super::scope::{Relation, Scope};
use crate::domain::Dialect;

/// The names of a query's columns; an expression without alias has one that only the engine knows.
pub(super) type Outputs = Vec<Option<String>>;

impl Checker<'_> {
    /// Checks a query in its surroundings and tells what its columns are called.
    pub(super) fn query(
        &mut self,
        query: &mut Query,
        parent: Option<&Scope<'_>>,
    ) -> Result<Outputs, Rejection> {
        self.queries += 1;
        let outputs = self.deeper(|checker| checker.query_inside(query, parent));
        self.queries -= 1;
        outputs
    }

    fn query_inside(
        &mut self,
        query: &mut Query,
        parent: Option<&Scope<'_>>,
    ) -> Result<Outputs, Rejection> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if !locks.is_empty() {
            return self.clause("a row lock (FOR UPDATE, FOR SHARE)");
        }
        if for_clause.is_some() || settings.is_some() || format_clause.is_some() {
            return self.clause("FOR XML, FOR JSON, SETTINGS or FORMAT");
        }
        if !pipe_operators.is_empty() {
            return self.clause("the pipe operator |>");
        }
        let mut scope = Scope::within(parent);
        if let Some(with) = with {
            self.with(with, &mut scope)?;
        }
        let outputs = self.body(body, &scope, order_by.as_mut())?;
        if let Some(clause) = limit_clause {
            self.limit(clause)?;
        }
        if let Some(fetch) = fetch {
            self.fetch(fetch)?;
        }
        Ok(outputs)
    }

    /// Checks a body. The ORDER BY of the query is read with a SELECT that is the whole body, since
    /// it may name what that SELECT reads from; otherwise it may name output columns only.
    pub(super) fn body(
        &mut self,
        body: &mut SetExpr,
        scope: &Scope<'_>,
        order_by: Option<&mut OrderBy>,
    ) -> Result<Outputs, Rejection> {
        match body {
            SetExpr::Select(select) => self.select(select, scope, order_by),
            SetExpr::Query(query) => {
                let outputs = self.query(query, Some(scope))?;
                self.order_outputs(order_by, &outputs, scope)?;
                Ok(outputs)
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                match op {
                    SetOperator::Union | SetOperator::Except | SetOperator::Intersect => {}
                    SetOperator::Minus if self.is(Dialect::Snowflake) => {}
                    SetOperator::Minus => return self.clause("MINUS (use EXCEPT)"),
                }
                match set_quantifier {
                    SetQuantifier::All | SetQuantifier::Distinct | SetQuantifier::None => {}
                    SetQuantifier::ByName
                    | SetQuantifier::AllByName
                    | SetQuantifier::DistinctByName => return self.clause("UNION BY NAME"),
                }
                let outputs = self.deeper(|checker| checker.body(left, scope, None))?;
                self.deeper(|checker| checker.body(right, scope, None))?;
                for name in outputs.iter().flatten() {
                    self.weights.rename(name);
                }
                self.order_outputs(order_by, &outputs, scope)?;
                Ok(outputs)
            }
            SetExpr::Values(values) => {
                let outputs = self.values(values, scope)?;
                self.order_outputs(order_by, &outputs, scope)?;
                Ok(outputs)
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                Err(Rejection::whole("statement", "a query cannot change data at any depth"))
            }
            SetExpr::Table(_) => self.clause("TABLE name (write SELECT * FROM name)"),
        }
    }

    fn values(&mut self, values: &mut Values, scope: &Scope<'_>) -> Result<Outputs, Rejection> {
        let Values { explicit_row, value_keyword, rows } = values;
        if *explicit_row && !self.is(Dialect::MySql) {
            return self.clause("VALUES ROW(…)");
        }
        if *value_keyword {
            return self.clause("VALUE (write VALUES)");
        }
        let mut width = 0;
        for row in rows {
            let Parens { opening_token: _, content, closing_token: _ } = row;
            width = content.len();
            self.expressions(content, scope)?;
            for expr in content {
                self.weigh_expr(expr, None)?;
            }
        }
        let name = |index: usize| match self.dialect() {
            Dialect::PostgreSql | Dialect::Sqlite | Dialect::Snowflake => {
                format!("column{}", index + 1)
            }
            Dialect::MySql => format!("column_{index}"),
        };
        let fold = |name: String| match self.dialect() {
            Dialect::Snowflake => name.to_uppercase(),
            Dialect::PostgreSql | Dialect::Sqlite | Dialect::MySql => name,
        };
        let names: Vec<String> = (0..width).map(|index| fold(name(index))).collect();
        for name in &names {
            self.weights.rename(name);
        }
        Ok(names.into_iter().map(Some).collect())
    }

    fn order_outputs(
        &mut self,
        order_by: Option<&mut OrderBy>,
        outputs: &Outputs,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let Some(order_by) = order_by else { return Ok(()) };
        let mut inner = Scope::within(Some(scope));
        inner.relations.push(Relation {
            name: String::new(),
            namespace: None,
            columns: outputs.iter().flatten().cloned().collect(),
        });
        self.order_by(order_by, &inner)
    }

    pub(super) fn order_by(
        &mut self,
        order_by: &mut OrderBy,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let OrderBy { kind, interpolate } = order_by;
        if interpolate.is_some() {
            return self.clause("INTERPOLATE");
        }
        match kind {
            OrderByKind::All(_) => self.clause("ORDER BY ALL"),
            OrderByKind::Expressions(items) => {
                items.iter_mut().try_for_each(|item| self.order_item(item, scope))
            }
        }
    }

    pub(super) fn order_item(
        &mut self,
        item: &mut OrderByExpr,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let OrderByExpr { expr, options, with_fill } = item;
        let OrderByOptions { sort, nulls_first: _ } = options;
        if with_fill.is_some() {
            return self.clause("WITH FILL");
        }
        match sort {
            None | Some(OrderBySort::Asc | OrderBySort::Desc) => {}
            Some(OrderBySort::Using(_)) => return self.clause("ORDER BY … USING"),
        }
        self.expression(expr, scope)
    }

    /// Limits are plain numbers everywhere: `LIMIT (SELECT …)` and `LIMIT -1` are not.
    fn limit(&self, clause: &LimitClause) -> Result<(), Rejection> {
        match clause {
            LimitClause::LimitOffset { limit, offset, limit_by } => {
                if !limit_by.is_empty() {
                    return self.clause("LIMIT … BY");
                }
                let Offset { value, rows: _ } = match offset {
                    Some(offset) => offset,
                    None => return limit.as_ref().map_or(Ok(()), |limit| number(limit).map(drop)),
                };
                number(value)?;
                limit.as_ref().map_or(Ok(()), |limit| number(limit).map(drop))
            }
            LimitClause::OffsetCommaLimit { offset, limit } => {
                number(offset)?;
                number(limit).map(drop)
            }
        }
    }

    fn fetch(&self, fetch: &Fetch) -> Result<(), Rejection> {
        let Fetch { with_ties: _, percent, quantity } = fetch;
        if *percent {
            return self.clause("FETCH … PERCENT");
        }
        quantity.as_ref().map_or(Ok(()), |quantity| number(quantity).map(drop))
    }
}

/// A whole number that the query says as such.
pub(super) fn number(expr: &Expr) -> Result<u64, Rejection> {
    if let Expr::Value(value) = expr
        && let Value::Number(digits, false) = &value.value
        && let Ok(number) = digits.parse()
    {
        return Ok(number);
    }
    Checker::unfit(expr, "limit", "LIMIT, OFFSET and FETCH take a plain whole number")
}
