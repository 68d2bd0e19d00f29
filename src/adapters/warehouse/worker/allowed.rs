//! What a statement may touch: deny by default, with lists of tables and functions.

use std::collections::HashSet;

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Functions of SQLite that compute and nothing else. Missing on purpose: what loads code
/// (`load_extension`), touches tokenizers (`fts3_tokenizer`), tells of the engine (`sqlite_*`,
/// `changes`, `last_insert_rowid`), or makes large values of nothing (`randomblob`, `zeroblob`).
const FUNCTIONS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_error_position",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_type",
    "json_valid",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "random",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "soundex",
    "sqrt",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "subtype",
    "sum",
    "tan",
    "tanh",
    "time",
    "timediff",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
];

/// Lets statements of `database` touch nothing but its own tables and views, and these functions.
pub(super) fn restrict(database: &mut Connection) -> rusqlite::Result<()> {
    // Virtual tables run code of their own, and some of them read files; what they keep is theirs.
    let mut tables: HashSet<String> = HashSet::new();
    let mut found = database.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view')
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let mut rows = found.query([])?;
    while let Some(row) = rows.next()? {
        tables.insert(row.get::<_, String>(0)?.to_ascii_lowercase());
    }
    drop(rows);
    drop(found);
    database.authorizer(Some(move |asked: AuthContext<'_>| judge(&tables, &asked)))
}

fn judge(tables: &HashSet<String>, asked: &AuthContext<'_>) -> Authorization {
    let is_fine = if let AuthAction::Read { table_name, .. } = asked.action {
        let is_main = asked.database_name.is_none_or(|name| name == "main");
        is_main && tables.contains(&table_name.to_ascii_lowercase())
    } else if let AuthAction::Function { function_name } = asked.action {
        FUNCTIONS.binary_search(&function_name.to_ascii_lowercase().as_str()).is_ok()
    } else {
        matches!(asked.action, AuthAction::Select | AuthAction::Recursive)
    };
    if is_fine { Authorization::Allow } else { Authorization::Deny }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_functions_is_in_order() {
        assert!(FUNCTIONS.is_sorted());
    }

    #[test]
    fn what_is_not_listed_is_denied() {
        let mut database = Connection::open_in_memory().unwrap();
        database
            .execute_batch(
                "CREATE TABLE people (name TEXT); CREATE VIEW names AS SELECT name FROM people;
                 CREATE VIRTUAL TABLE words USING fts5(word);",
            )
            .unwrap();
        restrict(&mut database).unwrap();
        for fine in [
            "SELECT upper(name), count(*) FROM people GROUP BY 1",
            "SELECT * FROM names AS n JOIN people USING (name)",
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r LIMIT 5) SELECT * FROM r",
            "SELECT sum(1) OVER (), strftime('%Y', 'now')",
        ] {
            assert!(database.prepare(fine).is_ok(), "{fine}: {:?}", database.prepare(fine).err());
        }
        for bad in [
            "SELECT * FROM sqlite_schema",
            "SELECT * FROM words",
            "SELECT * FROM words_data",
            "SELECT * FROM pragma_table_info('people')",
            "SELECT * FROM dbstat",
            "SELECT load_extension('x')",
            "SELECT zeroblob(1000000000)",
            "SELECT sqlite_version()",
            "SELECT * FROM json_each('[1]')",
            "PRAGMA query_only = 0",
            "ATTACH 'x' AS other",
            "INSERT INTO people VALUES ('x')",
            "CREATE TEMP TABLE x (n)",
            "BEGIN",
            "ANALYZE",
        ] {
            assert!(database.prepare(bad).is_err(), "{bad}");
        }
    }
}
