//! Expressions: every kind by name, every column resolved.

use sqlparser::ast::{
    AccessExpr, Array, CaseWhen, CeilFloorKind, Expr, Ident, JsonPath, JsonPathElem, ObjectName,
    ObjectNamePart, Spanned as _, Subscript,
};

use super::checker::Checker;
use super::literal;
use super::naming::hint;
use super::rejection::Rejection;
use super::scope::{Found, Scope};
use crate::domain::Dialect;

impl Checker<'_> {
    pub(super) fn expressions(
        &mut self,
        exprs: &mut [Expr],
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        exprs.iter_mut().try_for_each(|expr| self.expression(expr, scope))
    }

    pub(super) fn expression(
        &mut self,
        expr: &mut Expr,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        // A long chain of `a AND b AND …` leans to the left and is as deep as it is long.
        let span = if let Expr::Identifier(ident) = &*expr { Some(ident.span) } else { None };
        let result = self.deeper(|checker| checker.kind(expr, scope));
        match span {
            Some(span) => result.map_err(|rejection| rejection.near(span)),
            None => result,
        }
    }

    /// Every kind of expression; those with a syntax of their own are read in [`Self::special`].
    #[expect(clippy::too_many_lines, reason = "one table of all kinds, to be seen whole")]
    fn kind(&mut self, expr: &mut Expr, scope: &Scope<'_>) -> Result<(), Rejection> {
        match expr {
            Expr::Identifier(ident) => self.column(ident, scope),
            Expr::CompoundIdentifier(path) => self.qualified(path, scope),
            Expr::Value(value) => literal::value(&mut value.value, value.span, self.dialect()),
            Expr::Nested(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner) => self.expression(inner, scope),
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.expression(left, scope)?;
                self.expression(right, scope)
            }
            Expr::InList { expr, list, negated: _ } => {
                self.expression(expr, scope)?;
                self.expressions(list, scope)
            }
            Expr::InSubquery { expr, subquery, negated: _ } => {
                self.expression(expr, scope)?;
                self.query(subquery, Some(scope)).map(drop)
            }
            Expr::Exists { subquery, negated: _ } | Expr::Subquery(subquery) => {
                self.query(subquery, Some(scope)).map(drop)
            }
            Expr::Between { expr, negated: _, low, high } => {
                self.expression(expr, scope)?;
                self.expression(low, scope)?;
                self.expression(high, scope)
            }
            Expr::UnaryOp { op, expr } => {
                self.unary(*op, expr)?;
                self.expression(expr, scope)
            }
            Expr::BinaryOp { left, op, right } => {
                self.binary(op, left.span())?;
                self.expression(left, scope)?;
                self.expression(right, scope)
            }
            Expr::AnyOp { left, compare_op, right, is_some: _ }
            | Expr::AllOp { left, compare_op, right } => {
                self.comparison(compare_op, left.span())?;
                self.expression(left, scope)?;
                self.expression(right, scope)
            }
            Expr::Like { negated: _, any, expr, pattern, escape_char }
            | Expr::ILike { negated: _, any, expr, pattern, escape_char } => {
                if *any && !self.is(Dialect::Snowflake) {
                    return self.clause("LIKE ANY");
                }
                self.pattern(expr, pattern, escape_char, scope)
            }
            Expr::SimilarTo { negated: _, expr, pattern, escape_char } => {
                self.pattern(expr, pattern, escape_char, scope)
            }
            Expr::RLike { negated: _, expr, pattern, regexp: _ } => {
                self.expression(expr, scope)?;
                self.expression(pattern, scope)
            }
            Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                if let Some(operand) = operand {
                    self.expression(operand, scope)?;
                }
                for CaseWhen { condition, result } in conditions {
                    self.expression(condition, scope)?;
                    self.expression(result, scope)?;
                }
                else_result.as_mut().map_or(Ok(()), |result| self.expression(result, scope))
            }
            Expr::Tuple(values) => self.expressions(values, scope),
            special @ (Expr::Function(_)
            | Expr::Cast { .. }
            | Expr::Convert { .. }
            | Expr::TypedString(_)
            | Expr::Interval(_)
            | Expr::AtTimeZone { .. }
            | Expr::Extract { .. }
            | Expr::Ceil { .. }
            | Expr::Floor { .. }
            | Expr::Position { .. }
            | Expr::Substring { .. }
            | Expr::Trim { .. }
            | Expr::Overlay { .. }
            | Expr::Collate { .. }
            | Expr::Array(_)
            | Expr::CompoundFieldAccess { .. }
            | Expr::JsonAccess { .. }) => self.special(special, scope),
            unknown @ (Expr::IsJson { .. }
            | Expr::IsNormalized { .. }
            | Expr::InUnnest { .. }
            | Expr::Prefixed { .. }
            | Expr::GroupingSets(_)
            | Expr::Cube(_)
            | Expr::Rollup(_)
            | Expr::Struct { .. }
            | Expr::Named { .. }
            | Expr::Dictionary(_)
            | Expr::Map(_)
            | Expr::MatchAgainst { .. }
            | Expr::Wildcard(_)
            | Expr::QualifiedWildcard(..)
            | Expr::OuterJoin(_)
            | Expr::Prior(_)
            | Expr::Lambda(_)
            | Expr::MemberOf(_)) => {
                Self::unfit(unknown, "expression", "this kind of expression cannot be used here")
            }
        }
    }

    /// Calls, and what has a syntax of its own instead of a call's.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`kind` has named them all; refused here")]
    fn special(&mut self, expr: &mut Expr, scope: &Scope<'_>) -> Result<(), Rejection> {
        match expr {
            Expr::Function(function) => self.call(function, scope),
            Expr::Cast { .. } | Expr::Convert { .. } | Expr::TypedString(_) => {
                self.conversion(expr, scope)
            }
            Expr::Interval(interval) => self.interval(interval, scope),
            Expr::AtTimeZone { timestamp, time_zone } => {
                self.expression(timestamp, scope)?;
                self.expression(time_zone, scope)
            }
            Expr::Extract { field, syntax: _, expr } => {
                literal::field(field, expr.span())?;
                self.expression(expr, scope)
            }
            Expr::Ceil { expr, field } | Expr::Floor { expr, field } => {
                match field {
                    CeilFloorKind::DateTimeField(field) => literal::no_field(field, expr.span())?,
                    CeilFloorKind::Scale(value) => {
                        literal::value(&mut value.value, value.span, self.dialect())?;
                    }
                }
                self.expression(expr, scope)
            }
            Expr::Position { expr, r#in } => {
                self.expression(expr, scope)?;
                self.expression(r#in, scope)
            }
            Expr::Substring { expr, substring_from, substring_for, special: _, shorthand: _ } => {
                self.expression(expr, scope)?;
                for part in [substring_from, substring_for].into_iter().flatten() {
                    self.expression(part, scope)?;
                }
                Ok(())
            }
            Expr::Trim { trim_where: _, trim_what, expr, trim_characters } => {
                self.expression(expr, scope)?;
                if let Some(what) = trim_what {
                    self.expression(what, scope)?;
                }
                trim_characters.as_mut().map_or(Ok(()), |all| self.expressions(all, scope))
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                for part in [expr, overlay_what, overlay_from] {
                    self.expression(part, scope)?;
                }
                overlay_for.as_mut().map_or(Ok(()), |part| self.expression(part, scope))
            }
            Expr::Collate { expr, collation } => {
                self.collation(collation)?;
                self.expression(expr, scope)
            }
            Expr::Array(Array { elem, named: _ }) => {
                if !matches!(self.dialect(), Dialect::PostgreSql | Dialect::Snowflake) {
                    return self.clause("an array");
                }
                self.expressions(elem, scope)
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.expression(root, scope)?;
                access_chain.iter_mut().try_for_each(|access| self.access(access, scope))
            }
            Expr::JsonAccess { value, path } => {
                self.expression(value, scope)?;
                self.path(path)
            }
            other => {
                Self::unfit(other, "expression", "this kind of expression cannot be used here")
            }
        }
    }

    /// LIKE and its kin. The backslash is the escape of PostgreSQL and MySQL anyway; said, it would
    /// be a string that ends elsewhere under another setting.
    fn pattern(
        &mut self,
        expr: &mut Expr,
        pattern: &mut Expr,
        escape: &mut Option<Box<Expr>>,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        self.expression(expr, scope)?;
        self.expression(pattern, scope)?;
        let usual = match self.dialect() {
            Dialect::PostgreSql => Some("\\"),
            Dialect::MySql => Some("\\\\"),
            Dialect::Sqlite | Dialect::Snowflake => None,
        };
        if escape.as_ref().is_some_and(|escape| literal::text(escape) == usual && usual.is_some()) {
            *escape = None;
        }
        escape.as_mut().map_or(Ok(()), |escape| self.expression(escape, scope))
    }

    /// `array[1]`. A dot after an expression would read a field of a composite value.
    fn access(&mut self, access: &mut AccessExpr, scope: &Scope<'_>) -> Result<(), Rejection> {
        if !matches!(self.dialect(), Dialect::PostgreSql | Dialect::Snowflake) {
            return self.clause("[…]");
        }
        match access {
            AccessExpr::Dot(field) => {
                Self::unfit(field, "column", "a field of a value cannot be read with a dot")
            }
            AccessExpr::Subscript(Subscript::Index { index }) => self.expression(index, scope),
            AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride }) => {
                for bound in [lower_bound, upper_bound, stride].into_iter().flatten() {
                    self.expression(bound, scope)?;
                }
                Ok(())
            }
        }
    }

    /// `column:path.to[0]`, of Snowflake: words and plain numbers only.
    fn path(&self, path: &mut JsonPath) -> Result<(), Rejection> {
        if !self.is(Dialect::Snowflake) {
            return self.clause("a path after a colon");
        }
        let JsonPath { path } = path;
        for element in path {
            match element {
                JsonPathElem::Dot { key, quoted: _ } => {
                    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-');
                    if key.is_empty() || !key.chars().all(is_plain) {
                        return self.clause("this path into a value");
                    }
                }
                JsonPathElem::Bracket { key } => literal::key(key)?,
                JsonPathElem::ColonBracket { key: _ } => return self.clause(":[…]"),
            }
        }
        Ok(())
    }

    /// A column by its name alone. A relation's name is none: PostgreSQL would read it as a row.
    fn column(&self, ident: &mut Ident, scope: &Scope<'_>) -> Result<(), Rejection> {
        if let Some(name) = scope.column(self.naming, ident).map(str::to_owned) {
            return self.naming.write(ident, &name);
        }
        if scope.relation(self.naming, std::slice::from_ref(ident)).is_some() {
            let message = format!("{ident} is a table; name one of its columns");
            return Err(Rejection::of("column", ident, message));
        }
        let hint = match ident.quote_style {
            Some('"') if self.is(Dialect::Sqlite) => "; text is written in 'single quotes'".into(),
            _ => hint(&ident.value, scope.all_names()),
        };
        let message = format!("there is no column {:?} here{hint}", ident.value);
        Err(Rejection::of("column", ident, message))
    }

    /// `alias.column`, `table.column` or `namespace.table.column`.
    fn qualified(&self, path: &mut Vec<Ident>, scope: &Scope<'_>) -> Result<(), Rejection> {
        if let Some(odd) = path.iter().find(|ident| ident.quote_style == Some('\'')) {
            return Err(Rejection::of("column", odd, "a string is not a name"));
        }
        let Some((mut column, before)) = path.split_last().map(|(last, rest)| (last.clone(), rest))
        else {
            return self.clause("a name without parts");
        };
        let Some(first) = before.first() else { return self.clause("a name without parts") };
        match scope.qualified(self.naming, before, &column) {
            Found::Column(relation, name) => {
                let mut qualifier = before.last().unwrap_or(first).clone();
                self.naming.write(&mut qualifier, &relation.name)?;
                let name = name.to_owned();
                self.naming.write(&mut column, &name)?;
                *path = vec![qualifier, column];
                Ok(())
            }
            Found::NoColumn(relation) => {
                let hint = hint(&column.value, relation.columns.iter().map(String::as_str));
                let message = format!("{:?} has no column {:?}{hint}", relation.name, column.value);
                Err(Rejection::of("column", &column, message))
            }
            Found::NoRelation => {
                let said = before.iter().map(|ident| ident.value.as_str()).collect::<Vec<_>>();
                let message = format!("there is no table or alias {:?} here", said.join("."));
                Err(Rejection::of("table", first, message))
            }
        }
    }

    fn collation(&self, collation: &mut ObjectName) -> Result<(), Rejection> {
        let path = super::select::parts(collation)?;
        let name = match path.as_slice() {
            [name] => name,
            [schema, name] if self.is(Dialect::PostgreSql) && schema.value == "pg_catalog" => name,
            _ => return self.clause("a qualified collation"),
        };
        let lower = name.value.to_ascii_lowercase();
        let is_plain = lower.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_known = match self.dialect() {
            Dialect::PostgreSql => matches!(
                name.value.as_str(),
                "C" | "POSIX"
                    | "default"
                    | "ucs_basic"
                    | "en_US"
                    | "en_US.utf8"
                    | "C.utf8"
                    | "unicode"
            ),
            Dialect::Sqlite => matches!(lower.as_str(), "nocase" | "binary" | "rtrim"),
            Dialect::MySql => {
                let starts = ["utf8mb4_", "utf8mb3_", "utf8_", "latin1_", "ascii_"];
                is_plain && (lower == "binary" || starts.iter().any(|word| lower.starts_with(word)))
            }
            Dialect::Snowflake => false,
        };
        if is_known {
            let mut written = vec![name.clone()];
            if self.is(Dialect::PostgreSql) {
                let schema = Ident { span: name.span, ..Ident::new("pg_catalog") };
                self.naming.write(&mut written[0], &name.value)?;
                written.insert(0, schema);
            }
            collation.0 = written.into_iter().map(ObjectNamePart::Identifier).collect();
            return Ok(());
        }
        Err(Rejection::of("collation", name, format!("the collation {name} is not known")))
    }
}
