//! What has to hold for whatever the guard accepts.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, ObjectName, Query, Statement, TableFactor, Visit as _, Visitor};
use sqlparser::dialect::{
    Dialect as ParserDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect, SnowflakeDialect,
};
use sqlparser::parser::{Parser, ParserOptions};
use starling_actors::domain::{Dialect, Table};
use starling_actors::query::guard::{Grounds, check};

use crate::engine::Sqlite;

/// Functions, or how their names begin, that are never called whatever else is allowed.
const NEVER_CALLED: &[&str] = &[
    "pg_",
    "lo_",
    "dblink",
    "query_to_xml",
    "table_to_xml",
    "schema_to_xml",
    "database_to_xml",
    "cursor_to_xml",
    "set_config",
    "current_setting",
    "nextval",
    "setval",
    "currval",
    "lastval",
    "txid_",
    "inet_",
    "load_file",
    "load_extension",
    "sleep",
    "benchmark",
    "get_lock",
    "release_lock",
    "master_pos_wait",
    "readfile",
    "writefile",
    "edit",
    "fts3_tokenizer",
    "pragma_",
    "sqlite_",
    "system$",
    "result_scan",
    "generator",
    "identifier",
    "get_ddl",
    "getvariable",
];

pub(crate) fn judge(text: &str, grounds: &Grounds, sqlite: &Sqlite) {
    let Ok(verdict) = check(text, grounds) else { return };
    let sql = verdict.sql.as_str();
    match check(sql, grounds) {
        Ok(again) => assert_eq!(again, verdict, "it changed when it was checked again"),
        Err(error) => panic!("{sql:?} is not accepted again: {}: {error}", error.rule),
    }
    let statements = parsed(sql, grounds.dialect);
    let [Statement::Query(query)] = statements.as_slice() else {
        panic!("{sql:?} is {} statements, or no query", statements.len())
    };
    assert_eq!(query.to_string(), sql, "it parses back to something else");

    // SQLite's tables have no namespace of their own; the file's is called `main`.
    let space = |table: &Table| table.namespace.clone().unwrap_or_else(|| "main".to_owned());
    let tables = grounds.schema.tables.iter();
    let allowed: BTreeSet<String> =
        tables.map(|table| format!("{}.{}", space(table), table.name)).collect();
    for table in &verdict.tables {
        assert!(allowed.contains(table), "{sql:?} reads {table}");
    }
    let mut seen = Seen::default();
    let _: ControlFlow<()> = statements.visit(&mut seen);
    for name in &seen.relations {
        assert!(is_known(name, &seen, &verdict.tables), "{sql:?} reads {name:?}");
    }
    for name in &seen.functions {
        let own = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let is_denied = NEVER_CALLED.iter().any(|denied| own.starts_with(denied));
        assert!(!is_denied, "{sql:?} calls {name}");
    }
    if grounds.dialect == Dialect::Sqlite {
        sqlite.judge(sql, &allowed, &seen.queries);
    }
}

/// Whether a name in a FROM is a table that the verdict tells of, or a query's own.
fn is_known(name: &[String], seen: &Seen, tables: &[String]) -> bool {
    match name {
        [own] => seen.queries.contains(own),
        [space, table] => tables.contains(&format!("{space}.{table}")),
        _ => false,
    }
}

fn parsed(sql: &str, dialect: Dialect) -> Vec<Statement> {
    let dialect: Box<dyn ParserDialect> = match dialect {
        Dialect::PostgreSql => Box::new(PostgreSqlDialect {}),
        Dialect::MySql => Box::new(MySqlDialect {}),
        Dialect::Sqlite => Box::new(SQLiteDialect {}),
        Dialect::Snowflake => Box::new(SnowflakeDialect {}),
    };
    let parser = Parser::new(&*dialect)
        .with_options(ParserOptions::new().with_unescape(false))
        // The guard's own limit is lower, and has been passed.
        .with_recursion_limit(1_000);
    let read = parser.try_with_sql(sql).and_then(|mut parser| parser.parse_statements());
    read.unwrap_or_else(|error| panic!("{sql:?} does not parse: {error}"))
}

/// What a statement names.
#[derive(Default)]
struct Seen {
    relations: BTreeSet<Vec<String>>,
    queries: BTreeSet<String>,
    functions: BTreeSet<String>,
}

fn parts(name: &ObjectName) -> Vec<String> {
    let part = |part: &sqlparser::ast::ObjectNamePart| {
        part.as_ident().map_or_else(|| part.to_string(), |ident| ident.value.clone())
    };
    name.0.iter().map(part).collect()
}

impl Visitor for Seen {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let named = query.with.iter().flat_map(|with| &with.cte_tables);
        self.queries.extend(named.map(|one| one.alias.name.value.clone()));
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { name, args: None, .. } => {
                self.relations.insert(parts(name));
            }
            TableFactor::Table { name, args: Some(_), .. } | TableFactor::Function { name, .. } => {
                self.functions.insert(name.to_string());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr {
            self.functions.insert(function.name.to_string());
        }
        ControlFlow::Continue(())
    }
}
