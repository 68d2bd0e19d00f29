//! WITH: what a named query is called, what its columns are, and from where it can be seen.
//!
//! A CTE is in scope after its own definition, in later CTEs of the same WITH and in the query that
//! they belong to; itself only inside a recursive one, whose growth `recursion` bounds. Where the
//! engine has no namespaces for tables, a CTE with the name of a table could be taken for it, or
//! recurse without saying so: there such a name is refused.

use sqlparser::ast::{Cte as CteTree, CteAsMaterialized, Query, SetExpr, TableAlias, With};

use super::checker::Checker;
use super::query::Outputs;
use super::rejection::Rejection;
use super::scope::{Cte, Scope};
use crate::domain::Dialect;

impl Checker<'_> {
    pub(super) fn with(&mut self, with: &mut With, scope: &mut Scope<'_>) -> Result<(), Rejection> {
        let With { with_token: _, recursive, cte_tables } = with;
        // Also keeps the work small: a recursive CTE is read twice.
        if *recursive && !self.recursive.is_empty() {
            return self.clause("WITH RECURSIVE inside a recursive query");
        }
        for tree in cte_tables {
            let cte = self.cte(tree, *recursive, scope)?;
            if scope.ctes.iter().any(|known| known.name.eq_ignore_ascii_case(&cte.name)) {
                let message = format!("two queries of one WITH are called {:?}", cte.name);
                return Err(Rejection::of("name", &tree.alias.name, message));
            }
            scope.ctes.push(cte);
        }
        Ok(())
    }

    fn cte(
        &mut self,
        tree: &mut CteTree,
        recursive: bool,
        scope: &Scope<'_>,
    ) -> Result<Cte, Rejection> {
        let CteTree { alias, query, from, materialized, closing_paren_token: _ } = tree;
        if from.is_some() {
            return self.clause("FROM after a CTE");
        }
        match materialized {
            Some(CteAsMaterialized::Materialized | CteAsMaterialized::NotMaterialized)
                if !matches!(self.dialect(), Dialect::PostgreSql | Dialect::Sqlite) =>
            {
                return self.clause("MATERIALIZED");
            }
            None | Some(CteAsMaterialized::Materialized | CteAsMaterialized::NotMaterialized) => {}
        }
        let written = alias.name.clone();
        let (name, columns) = self.alias(alias)?;
        let is_ambiguous =
            self.grounds.schema.tables.iter().any(|table| {
                self.namespace(table).is_none() && table.name.eq_ignore_ascii_case(&name)
            });
        if is_ambiguous {
            let message =
                format!("{name:?} is the name of a table; call the query of WITH differently");
            return Err(Rejection::of("name", &written, message));
        }
        let outputs = if recursive && !columns.is_empty() {
            self.recursive_cte(&name, Some(columns.clone()), query, scope)?
        } else if recursive {
            self.recursive_cte(&name, None, query, scope)?
        } else {
            self.query(query, Some(scope))?
        };
        let columns = renamed(outputs, columns, alias)?;
        Ok(Cte { name, columns: columns.into_iter().flatten().collect() })
    }

    /// A CTE of WITH RECURSIVE. It may well not recurse.
    fn recursive_cte(
        &mut self,
        name: &str,
        columns: Option<Vec<String>>,
        query: &mut Query,
        scope: &Scope<'_>,
    ) -> Result<Outputs, Rejection> {
        let mut inner = Scope::within(Some(scope));
        self.recursive.push((name.to_owned(), 0));
        let columns = match columns {
            Some(columns) => columns,
            None => self.first_outputs(query, scope)?,
        };
        inner.ctes.push(Cte { name: name.to_owned(), columns });
        let outputs = self.query(query, Some(&inner));
        let met = self.recursive.pop().map_or(0, |(_, met)| met);
        let outputs = outputs?;
        if met > 0 {
            self.bounded(name, &inner, query)?;
        }
        Ok(outputs)
    }

    /// The columns of the part of a recursive CTE that does not recurse. Read on a copy, since the
    /// whole is read again with the CTE in scope.
    fn first_outputs(
        &mut self,
        query: &Query,
        scope: &Scope<'_>,
    ) -> Result<Vec<String>, Rejection> {
        let mut copy = query.clone();
        let mut inner = Scope::within(Some(scope));
        if let Some(with) = &mut copy.with {
            self.with(with, &mut inner)?;
        }
        let outputs = match &mut *copy.body {
            SetExpr::SetOperation { left, op: _, set_quantifier: _, right: _ } => {
                self.body(left, &inner, None)?
            }
            body @ (SetExpr::Select(_)
            | SetExpr::Query(_)
            | SetExpr::Values(_)
            | SetExpr::Insert(_)
            | SetExpr::Update(_)
            | SetExpr::Delete(_)
            | SetExpr::Merge(_)
            | SetExpr::Table(_)) => self.body(body, &inner, copy.order_by.as_mut())?,
        };
        Ok(outputs.into_iter().map(Option::unwrap_or_default).collect())
    }
}

/// Output columns under the names that an alias gives to the first of them.
pub(super) fn renamed(
    outputs: Outputs,
    names: Vec<String>,
    alias: &TableAlias,
) -> Result<Outputs, Rejection> {
    if names.len() > outputs.len() {
        let message = format!("{} names for {} columns", names.len(), outputs.len());
        return Err(Rejection::of("column", &alias.name, message));
    }
    let mut outputs = outputs;
    for (output, name) in outputs.iter_mut().zip(names) {
        *output = Some(name);
    }
    Ok(outputs)
}
