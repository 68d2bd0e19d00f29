//! All that somebody could have changed, as text by name, to compare before with after.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mysql_async::prelude::Queryable as _;
use sha2::{Digest as _, Sha256};

use crate::engines::{MySql, Postgres};

/// What is there, by name.
pub(super) type State = BTreeMap<String, String>;

/// Catalogs of PostgreSQL whose rows change by statements alone, in every column.
const POSTGRES_CATALOGS: &[&str] = &[
    "pg_auth_members",
    "pg_authid",
    "pg_cast",
    "pg_collation",
    "pg_constraint",
    "pg_db_role_setting",
    "pg_default_acl",
    "pg_description",
    "pg_event_trigger",
    "pg_extension",
    "pg_file_settings",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_language",
    "pg_largeobject",
    "pg_largeobject_metadata",
    "pg_namespace",
    "pg_operator",
    "pg_policy",
    "pg_prepared_xacts",
    "pg_proc",
    "pg_publication",
    "pg_replication_slots",
    "pg_rewrite",
    "pg_sequence",
    "pg_statistic_ext",
    "pg_subscription",
    "pg_tablespace",
    "pg_trigger",
    "pg_type",
];
/// Catalogs of which some columns change by themselves: name and query.
const POSTGRES_QUERIES: &[(&str, &str)] = &[
    (
        "relations",
        "SELECT oid, relname, relnamespace, relkind, relowner, relacl, relrowsecurity FROM pg_class",
    ),
    ("columns", "SELECT attrelid, attname, atttypid, attnotnull, attisdropped FROM pg_attribute"),
    ("indexes", "SELECT indexrelid, indrelid, indisvalid FROM pg_index"),
    ("databases", "SELECT datname, datdba, datacl, datallowconn FROM pg_database"),
    ("settings", "SELECT name, setting FROM pg_settings WHERE context <> 'user'"),
    ("files", "SELECT pg_ls_dir('.') AS name"),
];

/// PostgreSQL's database and what all databases share.
pub(super) async fn of_postgres() -> State {
    let boss = Postgres::boss().await;
    let mut queries: Vec<(String, String)> = Vec::new();
    for catalog in POSTGRES_CATALOGS {
        queries.push(((*catalog).to_owned(), format!("SELECT * FROM {catalog}")));
    }
    queries.extend(POSTGRES_QUERIES.iter().map(|(name, sql)| ((*name).into(), (*sql).into())));
    let tables = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                  WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    for row in boss.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        queries.push((table.clone(), format!("SELECT * FROM {table}")));
    }
    let mut state = State::new();
    for (name, sql) in queries {
        let whole = format!(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(c::text, '|' ORDER BY c::text)), '')
             FROM ({sql}) AS c"
        );
        state.insert(name, boss.query_one(&whole, &[]).await.unwrap().get(0));
    }
    state
}

/// MariaDB's lists of what there is: name and query of one text column.
const MYSQL_QUERIES: &[(&str, &str)] = &[
    (
        "tables",
        "SELECT CONCAT_WS('|', table_schema, table_name, table_type, engine, create_time)
         FROM information_schema.tables
         WHERE table_schema NOT IN ('information_schema', 'performance_schema')",
    ),
    (
        "columns",
        "SELECT CONCAT_WS('|', table_name, column_name, column_type, column_default, column_key)
         FROM information_schema.columns WHERE table_schema = 'Chinook'",
    ),
    (
        "routines",
        "SELECT CONCAT_WS('|', routine_schema, routine_name) FROM information_schema.routines",
    ),
    (
        "triggers",
        "SELECT CONCAT_WS('|', trigger_schema, trigger_name) FROM information_schema.triggers",
    ),
    ("events", "SELECT CONCAT_WS('|', event_schema, event_name) FROM information_schema.events"),
    ("schemas", "SELECT schema_name FROM information_schema.schemata"),
    ("users", "SELECT CONCAT_WS('|', Host, User, Priv) FROM mysql.global_priv"),
    ("rights", "SELECT CONCAT_WS('|', Host, Db, User, Create_priv, Drop_priv) FROM mysql.db"),
    ("table rights", "SELECT CONCAT_WS('|', Host, Db, User, Table_name) FROM mysql.tables_priv"),
    ("functions", "SELECT name FROM mysql.func"),
    ("plugins", "SELECT name FROM mysql.plugin"),
    ("servers", "SELECT Server_name FROM mysql.servers"),
    (
        "variables",
        "SELECT CONCAT_WS('|', variable_name, variable_value)
         FROM information_schema.global_variables WHERE variable_name NOT LIKE 'GTID%'",
    ),
];

/// MariaDB's database and what all databases share.
pub(super) async fn of_mysql() -> State {
    let mut boss = MySql::boss().await;
    let mut state = State::new();
    for (name, sql) in MYSQL_QUERIES {
        let mut lines: Vec<String> = boss.query(*sql).await.unwrap();
        lines.sort_unstable();
        state.insert((*name).to_owned(), lines.join("\n"));
    }
    let tables = "SELECT table_name FROM information_schema.tables
                  WHERE table_schema = 'Chinook' AND table_type = 'BASE TABLE'";
    let tables: Vec<String> = boss.query(tables).await.unwrap();
    for table in tables {
        let sum = format!("CHECKSUM TABLE Chinook.`{table}` EXTENDED");
        let sum: Option<(String, Option<u64>)> = boss.query_first(sum).await.unwrap();
        state.insert(format!("rows of {table}"), format!("{:?}", sum.unwrap().1));
    }
    state
}

/// A folder: its files with what is in them.
pub(super) fn of_folder(folder: &Path) -> State {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let sum =
        |path: &PathBuf| format!("{:x?}", Sha256::digest(std::fs::read(path).unwrap_or_default()));
    files.map(|path| (path.display().to_string(), sum(&path))).collect()
}

/// Those of the paths that the statements name where something is.
pub(super) fn of_named_files(statements: &[String]) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = statements
        .iter()
        .flat_map(|sql| sql.split('\'').skip(1).step_by(2))
        .filter(|text| text.contains("loot") || text.contains("evil"))
        .map(PathBuf::from)
        .filter(|path| path.exists())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}
