//! Calls of functions: only listed ones, and no part of a call unread.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, Ident, NullTreatment, ObjectName, ObjectNamePart,
    Spanned as _, WindowFrame, WindowFrameBound, WindowSpec, WindowType,
};

use super::checker::Checker;
use super::functions::{self, Form};
use super::literal;
use super::naming::hint;
use super::rejection::Rejection;
use super::scope::Scope;
use super::select::parts;
use crate::domain::Dialect;

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        function: &mut Function,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let span = function.name.span();
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = function;
        if *uses_odbc_syntax || *parameters != FunctionArguments::None {
            return self.clause("this form of a call");
        }
        let (called, form) = self.function_name(name)?;
        match args {
            FunctionArguments::None if form == Form::Bare => {}
            FunctionArguments::None => return self.clause("a function without parentheses"),
            FunctionArguments::Subquery(query) if form == Form::Array => {
                self.query(query, Some(scope))?;
            }
            FunctionArguments::Subquery(_) => return self.clause("a query as the only argument"),
            FunctionArguments::List(list) => {
                self.grown(&called, list, span, |checker, list| {
                    checker.list(&called, form, list, scope)
                })?;
            }
        }
        for item in within_group {
            self.order_item(item, scope)?;
        }
        if let Some(condition) = filter {
            self.expression(condition, scope)?;
        }
        if let Some(NullTreatment::IgnoreNulls | NullTreatment::RespectNulls) = null_treatment
            && !matches!(self.dialect(), Dialect::Snowflake)
        {
            return self.clause("IGNORE NULLS");
        }
        match over {
            None => Ok(()),
            Some(WindowType::NamedWindow(name)) => self.window_name(name, scope),
            Some(WindowType::WindowSpec(spec)) => self.window(spec, scope),
        }
    }

    /// Finds a function in the dialect's list and writes its name so that it is the engine's own.
    pub(super) fn function_name(&self, name: &mut ObjectName) -> Result<(String, Form), Rejection> {
        let path = parts(name)?;
        let ident = match path.as_slice() {
            [ident] => ident,
            [schema, ident] if self.is(Dialect::PostgreSql) && schema.value == "pg_catalog" => {
                ident
            }
            _ => {
                let message =
                    format!("{name} is not allowed: only functions of the engine itself are");
                return Err(Rejection::at("function", name.span(), message));
            }
        };
        let called = ident.value.to_ascii_lowercase();
        let found = functions::find(self.dialect(), &called);
        let (Some(form), None) = (found, ident.quote_style) else {
            let hint = hint(&called, functions::names(self.dialect()));
            let message = format!("the function {called:?} is not allowed{hint}");
            return Err(Rejection::of("function", ident, message));
        };
        if self.is(Dialect::PostgreSql) && form.is_qualified() {
            let schema = Ident { span: ident.span, ..Ident::new("pg_catalog") };
            let ident = Ident { span: ident.span, ..Ident::new(called.clone()) };
            name.0 = vec![ObjectNamePart::Identifier(schema), ObjectNamePart::Identifier(ident)];
        } else {
            name.0 = vec![ObjectNamePart::Identifier(ident.clone())];
        }
        Ok((called, form))
    }

    fn list(
        &mut self,
        called: &str,
        form: Form,
        list: &mut FunctionArgumentList,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let FunctionArgumentList { duplicate_treatment: _, args, clauses } = list;
        if called == "generate_series" {
            self.series(args)?;
        }
        self.arguments(called, form, args, scope)?;
        for clause in clauses {
            match clause {
                FunctionArgumentClause::OrderBy(items) => {
                    items.iter_mut().try_for_each(|item| self.order_item(item, scope))?;
                }
                FunctionArgumentClause::Separator(value) if self.is(Dialect::MySql) => {
                    literal::value(&mut value.value, value.span, self.dialect())?;
                }
                FunctionArgumentClause::IgnoreOrRespectNulls(
                    NullTreatment::IgnoreNulls | NullTreatment::RespectNulls,
                ) if self.is(Dialect::Snowflake) => {}
                FunctionArgumentClause::Separator(_)
                | FunctionArgumentClause::IgnoreOrRespectNulls(_)
                | FunctionArgumentClause::Where(_)
                | FunctionArgumentClause::Limit(_)
                | FunctionArgumentClause::OnOverflow(_)
                | FunctionArgumentClause::Having(_)
                | FunctionArgumentClause::JsonNullClause(_)
                | FunctionArgumentClause::JsonReturningClause(_) => {
                    return self.clause("this clause of an argument list");
                }
            }
        }
        Ok(())
    }

    pub(super) fn arguments(
        &mut self,
        called: &str,
        form: Form,
        args: &mut [FunctionArg],
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        for (index, arg) in args.iter_mut().enumerate() {
            let value = match arg {
                FunctionArg::Unnamed(value) => value,
                FunctionArg::Named { name, arg, operator: FunctionArgOperator::RightArrow }
                    if form == Form::Named && name.quote_style.is_none() =>
                {
                    arg
                }
                FunctionArg::Named { name: _, arg: _, operator: _ }
                | FunctionArg::ExprNamed { name: _, arg: _, operator: _ } => {
                    return self.clause("a named argument");
                }
            };
            match value {
                FunctionArgExpr::Expr(Expr::Identifier(unit))
                    if index == 0 && form == Form::Unit && is_bare_unit(unit) => {}
                FunctionArgExpr::Expr(expr) => self.expression(expr, scope)?,
                FunctionArgExpr::Wildcard if called == "count" && index == 0 => {}
                FunctionArgExpr::Wildcard
                | FunctionArgExpr::QualifiedWildcard(_)
                | FunctionArgExpr::WildcardWithOptions(_) => {
                    return self.clause("* as an argument of this function");
                }
            }
        }
        Ok(())
    }

    fn window_name(&self, name: &mut Ident, scope: &Scope<'_>) -> Result<(), Rejection> {
        let Some(found) = scope.window(self.naming, name).map(str::to_owned) else {
            return Err(Rejection::of("clause", name, format!("there is no window {name}")));
        };
        self.naming.write(name, &found)
    }

    pub(super) fn window(
        &mut self,
        spec: &mut WindowSpec,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        if let Some(name) = window_name {
            self.window_name(name, scope)?;
        }
        self.expressions(partition_by, scope)?;
        order_by.iter_mut().try_for_each(|item| self.order_item(item, scope))?;
        let Some(WindowFrame { units: _, start_bound, end_bound }) = window_frame else {
            return Ok(());
        };
        for bound in std::iter::once(start_bound).chain(end_bound) {
            match bound {
                WindowFrameBound::CurrentRow
                | WindowFrameBound::Preceding(None)
                | WindowFrameBound::Following(None) => {}
                WindowFrameBound::Preceding(Some(distance))
                | WindowFrameBound::Following(Some(distance)) => {
                    self.expression(distance, scope)?
                }
            }
        }
        Ok(())
    }
}

fn is_bare_unit(ident: &Ident) -> bool {
    ident.quote_style.is_none() && literal::is_unit(&ident.value)
}
