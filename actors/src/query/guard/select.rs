//! One SELECT: what it reads from, and which names each of its clauses may use.
//!
//! Engines differ in where an output column's alias can be used. PostgreSQL knows it in GROUP BY and
//! ORDER BY when it stands alone; MySQL in GROUP BY, HAVING and ORDER BY; SQLite and Snowflake
//! everywhere.

use sqlparser::ast::{
    Distinct, ExcludeSelectItem, Expr, GroupByExpr, GroupByWithModifier, Ident,
    NamedWindowDefinition, NamedWindowExpr, ObjectName, ObjectNamePart, OrderBy, OrderByKind,
    Select, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind, SelectModifiers,
    Spanned as _, Top, TopQuantity, WildcardAdditionalOptions,
};

use super::checker::Checker;
use super::query::{Outputs, number};
use super::rejection::Rejection;
use super::scope::Scope;
use crate::domain::Dialect;

impl Checker<'_> {
    /// Checks a SELECT and the ORDER BY of a query that it is the whole body of.
    pub(super) fn select(
        &mut self,
        select: &mut Select,
        outer: &Scope<'_>,
        order_by: Option<&mut OrderBy>,
    ) -> Result<Outputs, Rejection> {
        self.plain(select)?;
        let mut scope = Scope::within(Some(outer));
        for tables in &mut select.from {
            self.tables(tables, &mut scope)?;
        }
        for NamedWindowDefinition(name, _) in &mut select.named_window {
            let name = self.naming.label(name)?;
            scope.windows.push(name);
        }
        let outputs = self.projection(&mut select.projection, &mut scope)?;
        let labels: Vec<String> = outputs.iter().flatten().cloned().collect();
        let everywhere = matches!(self.dialect(), Dialect::Sqlite | Dialect::Snowflake);
        scope.labels = if everywhere { labels.clone() } else { Vec::new() };
        for NamedWindowDefinition(_, window) in &mut select.named_window {
            match window {
                NamedWindowExpr::WindowSpec(spec) => self.window(spec, &scope)?,
                NamedWindowExpr::NamedWindow(_) => {
                    return self.clause("a window of a window's name");
                }
            }
        }
        if let Some(condition) = &mut select.selection {
            self.expression(condition, &scope)?;
        }
        if let Some(Distinct::On(exprs)) = &mut select.distinct {
            self.with_labels(exprs.iter_mut(), &labels, &mut scope)?;
        }
        self.group_by(&mut select.group_by, &labels, &mut scope)?;
        scope.labels = if self.is(Dialect::PostgreSql) { Vec::new() } else { labels.clone() };
        if let Some(condition) = &mut select.having {
            self.expression(condition, &scope)?;
        }
        if let Some(condition) = &mut select.qualify {
            self.expression(condition, &scope)?;
        }
        if let Some(order_by) = order_by {
            self.order_select(order_by, &labels, &mut scope)?;
        }
        Ok(outputs)
    }

    fn order_select(
        &mut self,
        order_by: &mut OrderBy,
        labels: &[String],
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let OrderBy { kind: OrderByKind::Expressions(items), interpolate: None } = order_by else {
            return self.clause("ORDER BY ALL or INTERPOLATE");
        };
        for item in items {
            scope.labels = self.labels_for(&item.expr, labels);
            self.order_item(item, scope)?;
        }
        Ok(())
    }

    /// The parts of a SELECT that are refused outright, or that hold no expressions.
    fn plain(&self, select: &Select) -> Result<(), Rejection> {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from: _,
            lateral_views,
            prewhere,
            selection: _,
            connect_by,
            group_by: _,
            cluster_by,
            distribute_by,
            sort_by,
            having: _,
            named_window: _,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        if into.is_some() {
            return Err(Rejection::whole("statement", "SELECT … INTO is not allowed"));
        }
        if !optimizer_hints.is_empty() {
            return self.clause("an optimizer hint");
        }
        if !lateral_views.is_empty() || prewhere.is_some() || value_table_mode.is_some() {
            return self.clause("LATERAL VIEW, PREWHERE or AS STRUCT");
        }
        if !cluster_by.is_empty() || !distribute_by.is_empty() || !sort_by.is_empty() {
            return self.clause("CLUSTER BY, DISTRIBUTE BY or SORT BY");
        }
        if !connect_by.is_empty() {
            return self.clause("CONNECT BY");
        }
        if exclude.is_some() || *flavor != SelectFlavor::Standard || projection.is_empty() {
            return self.clause("a SELECT of this form");
        }
        if qualify.is_some() && !self.is(Dialect::Snowflake) {
            return self.clause("QUALIFY");
        }
        match distinct {
            None | Some(Distinct::All | Distinct::Distinct) => {}
            Some(Distinct::On(_)) if self.is(Dialect::PostgreSql) => {}
            Some(Distinct::On(_)) => return self.clause("DISTINCT ON"),
        }
        if let Some(modifiers) = select_modifiers {
            self.modifiers(modifiers)?;
        }
        top.as_ref().map_or(Ok(()), |top| self.top(top))
    }

    fn modifiers(&self, modifiers: &SelectModifiers) -> Result<(), Rejection> {
        let SelectModifiers {
            high_priority,
            straight_join,
            sql_small_result,
            sql_big_result,
            sql_buffer_result,
            sql_no_cache,
            sql_calc_found_rows,
        } = *modifiers;
        let any = high_priority
            || straight_join
            || sql_small_result
            || sql_big_result
            || sql_buffer_result
            || sql_no_cache
            || sql_calc_found_rows;
        if any { self.clause("a modifier like SQL_NO_CACHE after SELECT") } else { Ok(()) }
    }

    fn top(&self, top: &Top) -> Result<(), Rejection> {
        let Top { with_ties, percent, quantity } = top;
        if !self.is(Dialect::Snowflake) || *with_ties || *percent {
            return self.clause("TOP (use LIMIT)");
        }
        match quantity {
            Some(TopQuantity::Constant(_)) => Ok(()),
            Some(TopQuantity::Expr(expr)) => number(expr).map(drop),
            None => self.clause("TOP without a number"),
        }
    }

    fn projection(
        &mut self,
        items: &mut [SelectItem],
        scope: &mut Scope<'_>,
    ) -> Result<Outputs, Rejection> {
        let mut outputs = Outputs::new();
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let written = expr.to_string();
                    self.expression(expr, scope)?;
                    let name = self.natural_name(expr);
                    self.weigh(item, name.as_deref())?;
                    outputs.push(name.or_else(|| self.keep_name(item, &written)));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expression(expr, scope)?;
                    let label = self.naming.label(alias)?;
                    if self.is(Dialect::Snowflake) {
                        scope.labels.push(label.clone());
                    }
                    self.weigh(item, Some(&label))?;
                    outputs.push(Some(label));
                }
                SelectItem::ExprWithAliases { expr: _, aliases: _ } => {
                    return self.clause("several aliases of one expression");
                }
                SelectItem::Wildcard(options) => {
                    if scope.relations.is_empty() {
                        return self.clause("* without FROM");
                    }
                    let all = scope.every_column();
                    outputs.extend(self.wildcard(options, all)?);
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
                        return self.clause("(expression).*");
                    };
                    let all = self.qualified_wildcard(name, scope)?;
                    outputs.extend(self.wildcard(options, all)?);
                }
            }
            self.bound_outputs(outputs.len())?;
        }
        Ok(outputs)
    }

    /// Engines that call a column by its text would call it by the text that was rewritten. Where
    /// people see it, it gets the name that it would have had.
    fn keep_name(&self, item: &mut SelectItem, written: &str) -> Option<String> {
        let SelectItem::UnnamedExpr(expr) = item else { return None };
        let name = match self.dialect() {
            Dialect::PostgreSql => return None,
            Dialect::Snowflake => written.to_uppercase(),
            Dialect::MySql | Dialect::Sqlite => written.to_owned(),
        };
        if self.queries > 1 || expr.to_string() == written {
            return None;
        }
        let mut alias = Ident { span: expr.span(), ..Ident::new(name) };
        alias.quote_style = Some(self.naming.quote());
        let name = self.naming.label(&mut alias).ok()?;
        *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
        Some(name)
    }

    /// `alias.*`, of a relation of this very SELECT.
    fn qualified_wildcard(
        &self,
        name: &mut ObjectName,
        scope: &Scope<'_>,
    ) -> Result<Outputs, Rejection> {
        let path = parts(name)?;
        let own = scope.relations.iter();
        let Some(relation) = scope
            .relation(self.naming, &path)
            .filter(|found| own.clone().any(|relation| std::ptr::eq(relation, *found)))
        else {
            let message = format!("there is no {name} in this FROM");
            return Err(Rejection::at("table", name.span(), message));
        };
        let Some(last) = path.last() else { return self.clause("* of nothing") };
        let mut ident = last.clone();
        self.naming.write(&mut ident, &relation.name)?;
        let columns = relation.columns.iter().cloned().map(Some).collect();
        name.0 = vec![ObjectNamePart::Identifier(ident)];
        Ok(columns)
    }

    /// What may follow a `*`: on Snowflake, which columns to leave out.
    fn wildcard(
        &self,
        options: &mut WildcardAdditionalOptions,
        columns: Outputs,
    ) -> Result<Outputs, Rejection> {
        let WildcardAdditionalOptions {
            wildcard_token: _,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        let any = opt_ilike.is_some()
            || opt_except.is_some()
            || opt_replace.is_some()
            || opt_rename.is_some()
            || opt_alias.is_some();
        if any {
            return self.clause("an option after *");
        }
        let excluded: Vec<&mut ObjectName> = match opt_exclude {
            None => return Ok(columns),
            Some(_) if !self.is(Dialect::Snowflake) => return self.clause("EXCLUDE after *"),
            Some(ExcludeSelectItem::Single(name)) => vec![name],
            Some(ExcludeSelectItem::Multiple(names)) => names.iter_mut().collect(),
        };
        let mut columns = columns;
        for name in excluded {
            let path = parts(name)?;
            let [ident] = path.as_slice() else {
                return self.clause("a qualified name in EXCLUDE");
            };
            let known = columns.iter().flatten().map(String::as_str);
            let Some(found) = self.naming.find(ident, &known).map(str::to_owned) else {
                return Err(Rejection::of("column", ident, format!("there is no column {ident}")));
            };
            let mut ident = ident.clone();
            self.naming.write(&mut ident, &found)?;
            name.0 = vec![ObjectNamePart::Identifier(ident)];
            columns.retain(|column| column.as_ref() != Some(&found));
        }
        Ok(columns)
    }

    fn group_by(
        &mut self,
        group_by: &mut GroupByExpr,
        labels: &[String],
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let (exprs, modifiers) = match group_by {
            GroupByExpr::All(modifiers) if self.is(Dialect::Snowflake) && modifiers.is_empty() => {
                return Ok(());
            }
            GroupByExpr::All(_) => return self.clause("GROUP BY ALL"),
            GroupByExpr::Expressions(exprs, modifiers) => (exprs, modifiers),
        };
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::Rollup if self.is(Dialect::MySql) => {}
                GroupByWithModifier::Rollup
                | GroupByWithModifier::Cube
                | GroupByWithModifier::Totals
                | GroupByWithModifier::GroupingSets(_) => {
                    return self.clause("this form of GROUP BY");
                }
            }
        }
        let has_sets = matches!(self.dialect(), Dialect::PostgreSql | Dialect::Snowflake);
        for expr in exprs {
            if let Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) = expr {
                if !has_sets {
                    return self.clause("GROUPING SETS, CUBE or ROLLUP (…)");
                }
                self.with_labels(sets.iter_mut().flatten(), labels, scope)?;
            } else {
                self.with_labels(std::iter::once(expr), labels, scope)?;
            }
        }
        Ok(())
    }

    fn with_labels<'e>(
        &mut self,
        exprs: impl Iterator<Item = &'e mut Expr>,
        labels: &[String],
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        for expr in exprs {
            scope.labels = self.labels_for(expr, labels);
            self.expression(expr, scope)?;
        }
        Ok(())
    }

    /// The aliases that an expression of GROUP BY or ORDER BY may use.
    fn labels_for(&self, expr: &Expr, labels: &[String]) -> Vec<String> {
        let alone = matches!(expr, Expr::Identifier(_));
        if alone || !self.is(Dialect::PostgreSql) { labels.to_vec() } else { Vec::new() }
    }

    /// What the engine calls a column without alias, where that is simple to say.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others have no simple name")]
    fn natural_name(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Identifier(ident) => Some(ident.value.clone()),
            Expr::CompoundIdentifier(path) => path.last().map(|ident| ident.value.clone()),
            Expr::Nested(inner) => self.natural_name(inner),
            Expr::Function(function) if self.is(Dialect::PostgreSql) => {
                let name = function.name.0.last()?.as_ident()?;
                Some(name.value.to_ascii_lowercase())
            }
            _ => None,
        }
    }
}

/// The identifiers of a name.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<Ident>, Rejection> {
    let message = "a name is made of identifiers only";
    name.0
        .iter()
        .map(|part| match part {
            // SQLite takes a string for a name where it expects one.
            ObjectNamePart::Identifier(ident) if ident.quote_style != Some('\'') => {
                Ok(ident.clone())
            }
            ObjectNamePart::Identifier(ident) => Err(Rejection::of("table", ident, message)),
            ObjectNamePart::Function(part) => Err(Rejection::of("table", &part.name, message)),
        })
        .collect()
}
