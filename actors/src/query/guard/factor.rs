//! What a FROM reads: allowed tables, CTEs, subqueries, and a few functions that make rows.
//!
//! Every kind of relation that sqlparser knows is named here, since its own visitors do not see all
//! of them (`LATERAL pg_ls_dir('/')`).

use sqlparser::ast::{
    Expr, FunctionArg, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart,
    Query, Spanned as _, TableAlias, TableAliasColumnDef, TableFactor, TableFunctionArgs,
    TableWithJoins,
};

use super::checker::Checker;
use super::naming::hint;
use super::rejection::Rejection;
use super::scope::{Relation, Scope};
use super::select::parts;
use super::with::renamed;
use crate::domain::{Dialect, Table};

impl Checker<'_> {
    /// Checks a relation and what is joined to it, and adds their names to the scope.
    pub(super) fn tables(
        &mut self,
        tables: &mut TableWithJoins,
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let TableWithJoins { relation, joins } = tables;
        self.factor(relation, scope)?;
        for join in joins {
            let Join { relation, global, join_operator } = join;
            if *global {
                return self.clause("GLOBAL JOIN");
            }
            let before = scope.relations.len();
            self.factor(relation, scope)?;
            self.join(join_operator, scope, before)?;
        }
        Ok(())
    }

    fn join(
        &mut self,
        operator: &mut JoinOperator,
        scope: &Scope<'_>,
        before: usize,
    ) -> Result<(), Rejection> {
        let constraint = match operator {
            JoinOperator::Join(constraint)
            | JoinOperator::Inner(constraint)
            | JoinOperator::Left(constraint)
            | JoinOperator::LeftOuter(constraint)
            | JoinOperator::Right(constraint)
            | JoinOperator::RightOuter(constraint)
            | JoinOperator::FullOuter(constraint)
            | JoinOperator::CrossJoin(constraint) => constraint,
            JoinOperator::StraightJoin(constraint) if self.is(Dialect::MySql) => constraint,
            JoinOperator::StraightJoin(_)
            | JoinOperator::Semi(_)
            | JoinOperator::LeftSemi(_)
            | JoinOperator::RightSemi(_)
            | JoinOperator::Anti(_)
            | JoinOperator::LeftAnti(_)
            | JoinOperator::RightAnti(_)
            | JoinOperator::CrossApply
            | JoinOperator::OuterApply
            | JoinOperator::AsOf { match_condition: _, constraint: _ }
            | JoinOperator::ArrayJoin
            | JoinOperator::LeftArrayJoin
            | JoinOperator::InnerArrayJoin => return self.clause("this kind of join"),
        };
        match constraint {
            JoinConstraint::On(condition) => self.expression(condition, scope),
            JoinConstraint::Using(columns) => {
                columns.iter_mut().try_for_each(|column| self.using(column, scope, before))
            }
            JoinConstraint::Natural | JoinConstraint::None => Ok(()),
        }
    }

    /// A column of USING is one of both sides.
    fn using(
        &self,
        column: &mut ObjectName,
        scope: &Scope<'_>,
        before: usize,
    ) -> Result<(), Rejection> {
        let path = parts(column)?;
        let [ident] = path.as_slice() else { return self.clause("a qualified name in USING") };
        let (left, right) = scope.relations.split_at(before);
        let find = |side: &[Relation]| {
            let names = || side.iter().flat_map(|relation| &relation.columns).map(String::as_str);
            let found = self.naming.find(ident, &names());
            found.map(str::to_owned)
        };
        let (Some(_), Some(name)) = (find(left), find(right)) else {
            let message = format!("{ident} is not a column of both sides of the join");
            return Err(Rejection::of("column", ident, message));
        };
        let mut ident = ident.clone();
        self.naming.write(&mut ident, &name)?;
        column.0 = vec![ObjectNamePart::Identifier(ident)];
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one table of all kinds, to be seen whole")]
    fn factor(&mut self, factor: &mut TableFactor, scope: &mut Scope<'_>) -> Result<(), Rejection> {
        self.count_relation()?;
        match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                if version.is_some() {
                    return self.clause("time travel (AT, BEFORE, VERSION)");
                }
                if json_path.is_some() || sample.is_some() || !partitions.is_empty() {
                    return self.clause("a sample, a partition or a path of a table");
                }
                if !with_hints.is_empty() || !index_hints.is_empty() {
                    return self.clause("an index hint");
                }
                match args {
                    Some(TableFunctionArgs { args, settings: None }) => {
                        self.rows_of(name, args, alias.as_mut(), *with_ordinality, scope)
                    }
                    Some(TableFunctionArgs { args: _, settings: Some(_) }) => {
                        self.clause("SETTINGS")
                    }
                    None if *with_ordinality => self.clause("WITH ORDINALITY of a table"),
                    None => self.table(name, alias.as_mut(), scope),
                }
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                if sample.is_some() {
                    return self.clause("a sample of a query");
                }
                self.derived(*lateral, subquery, alias.as_mut(), scope)
            }
            TableFactor::Function { lateral: _, name, args, with_ordinality, alias } => {
                self.rows_of(name, args, alias.as_mut(), *with_ordinality, scope)
            }
            TableFactor::TableFunction { expr, alias } => {
                self.table_keyword(expr, alias.as_mut(), scope)
            }
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality,
            } => {
                if *with_offset || with_offset_alias.is_some() || !self.is(Dialect::PostgreSql) {
                    return self.clause("this form of UNNEST");
                }
                self.expressions(array_exprs, scope)?;
                let mut columns = vec![Some("unnest".to_owned()); array_exprs.len()];
                columns.extend(with_ordinality.then(|| Some("ordinality".to_owned())));
                self.add(alias.as_mut(), "unnest", columns, true, scope)
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.deeper(|checker| checker.tables(table_with_joins, scope))
            }
            TableFactor::NestedJoin { table_with_joins: _, alias: Some(_) } => {
                self.clause("an alias of a join in parentheses")
            }
            TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::Pivot { .. }
            | TableFactor::Unpivot { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::MatchRecognize { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => self.clause("this kind of relation"),
        }
    }

    fn table(
        &mut self,
        name: &mut ObjectName,
        alias: Option<&mut TableAlias>,
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let path = parts(name)?;
        if let [ident] = path.as_slice()
            && let Some(cte) = scope.cte(self.naming, ident)
        {
            let (cte, columns) = (cte.name.clone(), cte.columns.clone());
            for (open, met) in &mut self.recursive {
                *met += usize::from(*open == cte);
            }
            let mut ident = ident.clone();
            self.naming.write(&mut ident, &cte)?;
            name.0 = vec![ObjectNamePart::Identifier(ident)];
            let columns = columns.into_iter().map(Some).collect();
            return self.add(alias, &cte, columns, false, scope);
        }
        let found = self.allowed(&path, name)?;
        let namespace = self.namespace(found);
        let columns = found.columns.iter().map(|column| Some(column.name.clone())).collect();
        let (table, has_alias) = (found.name.clone(), alias.is_some());
        let Some(last) = path.last() else { return self.clause("a table without a name") };
        let mut written = Vec::new();
        for part in namespace.iter().chain([&table]) {
            let mut ident = Ident { span: last.span, ..Ident::new(String::new()) };
            self.naming.write(&mut ident, part)?;
            written.push(ObjectNamePart::Identifier(ident));
        }
        name.0 = written;
        self.touch(
            namespace.as_ref().map_or_else(|| table.clone(), |space| format!("{space}.{table}")),
        );
        self.add(alias, &table, columns, false, scope)?;
        if let Some(relation) = scope.relations.last_mut()
            && !has_alias
        {
            relation.namespace = namespace;
        }
        Ok(())
    }

    /// The namespace that a table is written with. SQLite's `main` keeps a CTE from being taken for
    /// a table, and a temporary table from hiding one.
    pub(super) fn namespace(&self, table: &Table) -> Option<String> {
        let namespace = table.namespace.clone().filter(|namespace| !namespace.is_empty());
        match self.dialect() {
            Dialect::Sqlite => namespace.or_else(|| Some("main".to_owned())),
            Dialect::PostgreSql | Dialect::MySql | Dialect::Snowflake => namespace,
        }
    }

    /// The allowed table of a name.
    fn allowed(&self, path: &[Ident], name: &ObjectName) -> Result<&Table, Rejection> {
        let naming = self.naming;
        let matches = |table: &Table, loose: bool| {
            let same = |ident: &Ident, name: &str| {
                if loose { naming.is_loosely(ident, name) } else { naming.is(ident, name) }
            };
            match path {
                [ident] => same(ident, &table.name),
                [namespace, ident] => {
                    let space = self.namespace(table);
                    same(ident, &table.name) && space.is_some_and(|space| same(namespace, &space))
                }
                _ => false,
            }
        };
        let tables = &self.grounds.schema.tables;
        let mut found: Vec<&Table> = tables.iter().filter(|table| matches(table, false)).collect();
        if found.is_empty() {
            found = tables.iter().filter(|table| matches(table, true)).collect();
        }
        if found.len() > 1 {
            // MySQL's tables can differ by their case only; PostgreSQL's are looked for in `public`.
            let exact = |table: &&Table| path.last().is_some_and(|ident| ident.value == table.name);
            let public = |table: &&Table| {
                table.namespace.as_deref().is_some_and(|space| space.eq_ignore_ascii_case("public"))
            };
            let best: Vec<&Table> = found.iter().copied().filter(exact).collect();
            found = if best.is_empty() { found } else { best };
            let best: Vec<&Table> = found.iter().copied().filter(public).collect();
            found = if best.is_empty() { found } else { best };
        }
        match found.as_slice() {
            [table] => Ok(table),
            [] => {
                let said =
                    path.iter().map(|ident| ident.value.as_str()).collect::<Vec<_>>().join(".");
                let last = path.last().map_or("", |ident| &ident.value);
                let hint = hint(last, tables.iter().map(|table| table.name.as_str()));
                let message = format!("table {said:?} is not allowed in this thread{hint}");
                Err(Rejection::at("table", name.span(), message))
            }
            [_, ..] => {
                let message = format!("{name} is ambiguous; write the schema before it");
                Err(Rejection::at("table", name.span(), message))
            }
        }
    }

    fn derived(
        &mut self,
        lateral: bool,
        subquery: &mut Query,
        alias: Option<&mut TableAlias>,
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        if lateral && self.is(Dialect::Sqlite) {
            return self.clause("LATERAL");
        }
        let outputs = self.query(subquery, if lateral { Some(scope) } else { scope.parent })?;
        self.add(alias, "", outputs, false, scope)
    }

    /// A function in a FROM.
    fn rows_of(
        &mut self,
        name: &mut ObjectName,
        args: &mut [FunctionArg],
        alias: Option<&mut TableAlias>,
        with_ordinality: bool,
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let (function, mut columns) = self.row_function(name, args, scope)?;
        if with_ordinality {
            columns.push(Some("ordinality".to_owned()));
        }
        let is_scalar = columns.first().and_then(Option::as_ref) == Some(&function);
        // PostgreSQL calls the one column `value`, and lets the alias stand for it too.
        let is_value = self.is(Dialect::PostgreSql)
            && matches!(columns.as_slice(), [Some(only)] if only == "value");
        if let Some(alias) = alias.as_ref().filter(|alias| is_value && alias.columns.is_empty()) {
            columns.push(Some(self.naming.folded(&alias.name)));
        }
        self.add(alias, &function, columns, is_scalar, scope)
    }

    /// `TABLE(FLATTEN(…))`, of Snowflake.
    fn table_keyword(
        &mut self,
        expr: &mut Expr,
        alias: Option<&mut TableAlias>,
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let Some((name, args)) = self.inner_row_function(expr) else {
            return Self::unfit(expr, "table", "TABLE(…) takes one of a few functions only");
        };
        self.rows_of(name, args, alias, false, scope)
    }

    /// Adds a relation under its alias. A function that gives one column calls it like its alias.
    fn add(
        &mut self,
        alias: Option<&mut TableAlias>,
        own_name: &str,
        columns: Vec<Option<String>>,
        is_scalar: bool,
        scope: &mut Scope<'_>,
    ) -> Result<(), Rejection> {
        let mut columns = columns;
        let mut name = own_name.to_owned();
        if let Some(alias) = alias {
            let (alias_name, names) = self.alias(alias)?;
            if is_scalar && let Some(first) = columns.first_mut() {
                self.weights.rename(&alias_name);
                *first = Some(alias_name.clone());
            }
            columns = renamed(columns, names, alias)?;
            name = alias_name;
        }
        self.count_columns(columns.len())?;
        let columns = columns.into_iter().flatten().collect();
        scope.relations.push(Relation { name, namespace: None, columns });
        Ok(())
    }

    /// Checks an alias and writes it quoted; gives its name and the columns that it renames.
    pub(super) fn alias(
        &mut self,
        alias: &mut TableAlias,
    ) -> Result<(String, Vec<String>), Rejection> {
        let TableAlias { explicit: _, name, columns, at } = alias;
        if at.is_some() {
            return self.clause("AT after an alias");
        }
        let name = self.naming.define(name)?;
        let mut names = Vec::new();
        for column in columns {
            let TableAliasColumnDef { name, data_type } = column;
            if data_type.is_some() {
                return self.clause("a type in an alias");
            }
            let name = self.naming.label(name)?;
            self.weights.rename(&name);
            names.push(name);
        }
        Ok((name, names))
    }
}
