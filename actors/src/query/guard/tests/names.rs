//! Which names are found, and how they are written.

use super::world::{ALL, grounds, grounds_of, rule, run, table, text};
use crate::domain::Dialect::{MySql, PostgreSql, Snowflake, Sqlite};

#[test]
fn names_are_written_qualified_and_quoted_in_the_spelling_of_the_database() {
    let sql = "select ID, Orders.Total from ORDERS";

    assert_eq!(
        text(PostgreSql, sql),
        r#"SELECT "id", "orders"."total" FROM "public"."orders" LIMIT 101"#
    );
    assert_eq!(text(MySql, sql), "SELECT `id`, `orders`.`total` FROM `shop`.`orders` LIMIT 101");
    assert_eq!(
        text(Sqlite, sql),
        r#"SELECT "id", "orders"."total" FROM "main"."orders" LIMIT 101"#
    );
    assert_eq!(
        text(Snowflake, sql),
        r#"SELECT "ID", "ORDERS"."TOTAL" FROM "PUBLIC"."ORDERS" LIMIT 101"#
    );
}

#[test]
fn a_quoted_name_is_taken_as_it_is_where_the_engine_does_so() {
    assert_eq!(rule(PostgreSql, r#"SELECT 1 FROM "Orders""#), "table");
    assert_eq!(rule(Snowflake, r#"SELECT 1 FROM "orders""#), "table");
    assert!(text(Sqlite, r#"SELECT 1 FROM "Orders""#).contains(r#""main"."orders""#));
    assert!(
        text(PostgreSql, r#"SELECT "Sum" FROM "Mixed Case""#).contains(r#""public"."Mixed Case""#)
    );
}

#[test]
fn of_tables_that_differ_by_their_case_the_one_that_the_engine_means_is_read() {
    let tables = vec![table(Some("public"), "Orders", "Id"), table(Some("public"), "orders", "id")];
    let grounds = grounds_of(PostgreSql, tables);

    let verdict = run("SELECT id FROM ORDERS", &grounds).unwrap();

    assert_eq!(verdict.tables, ["public.orders"]);
}

#[test]
fn a_table_in_two_namespaces_needs_its_namespace() {
    let tables = vec![table(Some("a"), "orders", "id"), table(Some("b"), "orders", "id")];
    let grounds = grounds_of(PostgreSql, tables);

    assert_eq!(run("SELECT id FROM orders", &grounds).unwrap_err().rule, "table");
    assert_eq!(run("SELECT b.orders.id FROM b.orders", &grounds).unwrap().tables, ["b.orders"]);
}

#[test]
fn a_table_that_is_not_allowed_is_refused_wherever_it_is_named() {
    for sql in [
        "SELECT * FROM salaries",
        "SELECT (SELECT max(pay) FROM salaries)",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM salaries)",
        "SELECT id FROM orders WHERE id IN (SELECT id FROM salaries)",
        "SELECT id FROM orders o JOIN salaries s ON s.id = o.id",
        "SELECT id FROM orders, salaries",
        "SELECT id FROM (SELECT id FROM salaries) x",
        "SELECT id FROM orders UNION SELECT id FROM salaries",
        "SELECT id FROM orders ORDER BY (SELECT max(id) FROM salaries)",
        "SELECT count(*) FROM orders GROUP BY (SELECT max(id) FROM salaries)",
        "SELECT count(*) FROM orders HAVING (SELECT max(id) FROM salaries) > 1",
        "SELECT sum(id) OVER (ORDER BY (SELECT max(id) FROM salaries)) FROM orders",
        "SELECT CASE WHEN (SELECT 1 FROM salaries) = 1 THEN 1 END",
        "SELECT coalesce((SELECT 1 FROM salaries), 1)",
        "SELECT id FROM orders o JOIN customers c ON c.id = (SELECT max(id) FROM salaries)",
        "VALUES ((SELECT pay FROM salaries))",
    ] {
        for dialect in ALL {
            assert_eq!(rule(dialect, sql), "table", "{dialect:?}: {sql}");
        }
    }
}

#[test]
fn a_refused_name_says_where_it_is_and_what_was_meant() {
    let error = run("SELECT id\nFROM orders WHERE )", &grounds(Sqlite)).unwrap_err();
    assert_eq!((error.rule, error.line), ("syntax", 2));

    let error = run("SELECT id\n  FROM ordrs", &grounds(Sqlite)).unwrap_err();
    assert_eq!((error.rule, error.line, error.column), ("table", 2, 8));
    assert!(error.message.contains(r#"did you mean "orders"?"#), "{}", error.message);

    let error = run("SELECT o.totl FROM orders o", &grounds(MySql)).unwrap_err();
    assert_eq!((error.rule, error.line, error.column), ("column", 1, 10));
    assert!(error.message.contains(r#"did you mean "total"?"#), "{}", error.message);
}

#[test]
fn a_cte_is_seen_after_its_definition_and_only_there() {
    assert!(
        text(PostgreSql, "WITH a AS (SELECT 1 AS n), b AS (SELECT n FROM a) SELECT n FROM b")
            .contains(r#"FROM "a""#)
    );
    for dialect in ALL {
        for sql in [
            "WITH salaries AS (SELECT * FROM salaries) SELECT * FROM salaries",
            "WITH a AS (SELECT * FROM b), b AS (SELECT 1 AS n) SELECT * FROM a",
            "SELECT * FROM (WITH a AS (SELECT 1 AS n) SELECT n FROM a) x JOIN a ON 1 = 1",
            "(WITH a AS (SELECT 1 AS n) SELECT n FROM a) UNION SELECT n FROM a",
        ] {
            assert_eq!(rule(dialect, sql), "table", "{dialect:?}: {sql}");
        }
    }
}

#[test]
fn a_cte_with_the_name_of_a_table_reads_the_table_inside_and_itself_outside() {
    let sql = "WITH orders AS (SELECT id FROM orders) SELECT id FROM orders";
    assert_eq!(
        text(PostgreSql, sql),
        r#"WITH "orders" AS (SELECT "id" FROM "public"."orders") SELECT "id" FROM "orders" LIMIT 101"#
    );
    assert!(text(Sqlite, sql).contains(r#"FROM "main"."orders""#));
    let bare = grounds_of(MySql, vec![table(None, "orders", "id")]);
    assert_eq!(run(sql, &bare).unwrap_err().rule, "name");
}

#[test]
fn only_columns_can_be_named() {
    for sql in
        ["SELECT o FROM orders o", "SELECT orders FROM orders", "SELECT o.upper FROM orders o"]
    {
        for dialect in ALL {
            assert_eq!(rule(dialect, sql), "column", "{dialect:?}: {sql}");
        }
    }
    assert_eq!(rule(PostgreSql, "SELECT ctid FROM orders"), "column");
    assert_eq!(rule(Sqlite, "SELECT rowid FROM orders"), "column");
    assert_eq!(rule(MySql, "SELECT @@version"), "column");
    assert_eq!(rule(PostgreSql, "SELECT count(o.*) FROM orders o"), "clause");
    assert_eq!(rule(PostgreSql, "SELECT (o).id FROM orders o"), "column");
}

#[test]
fn a_subquery_sees_outward_and_nobody_sees_inward() {
    for dialect in ALL {
        text(
            dialect,
            "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.id)",
        );
        let inward = "SELECT c.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c)";
        assert_eq!(rule(dialect, inward), "table", "{dialect:?}");
        let sideward = "SELECT 1 FROM orders o JOIN (SELECT o.id) x ON 1 = 1";
        assert_eq!(rule(dialect, sideward), "table", "{dialect:?}");
    }
    text(PostgreSql, "SELECT x.n FROM orders o CROSS JOIN LATERAL (SELECT o.id AS n) x");
}

#[test]
fn an_alias_is_usable_where_the_engine_lets_it_be() {
    let having = "SELECT country, count(*) AS n FROM customers GROUP BY country HAVING n > 1";
    text(MySql, having);
    text(Sqlite, having);
    text(Snowflake, having);
    assert_eq!(rule(PostgreSql, having), "column");
    for dialect in ALL {
        text(
            dialect,
            "SELECT country AS land, count(*) AS n FROM customers GROUP BY land ORDER BY n",
        );
        text(dialect, "SELECT country, count(*) FROM customers GROUP BY 1 ORDER BY 2 DESC");
        text(dialect, "SELECT id AS n FROM orders UNION ALL SELECT id FROM customers ORDER BY n");
    }
}

#[test]
fn functions_that_make_rows_have_the_columns_of_the_engine() {
    text(PostgreSql, "SELECT e->>'a', e.value FROM orders, jsonb_array_elements(note::jsonb) AS e");
    text(PostgreSql, "SELECT key, value FROM orders o, jsonb_each(o.note::jsonb)");
    text(PostgreSql, "SELECT u FROM unnest(ARRAY[1, 2]) AS u");
    text(Sqlite, "SELECT j.value FROM orders o, json_each(o.note) AS j");
    text(Snowflake, "SELECT f.value FROM orders o, LATERAL FLATTEN(input => o.note) f");
    assert_eq!(rule(PostgreSql, "SELECT e.pay FROM orders, json_each(note::json) AS e"), "column");
    assert_eq!(rule(PostgreSql, "SELECT 1 FROM lower('x') AS x"), "table");
}

#[test]
fn stars_and_using_are_resolved() {
    for dialect in ALL {
        text(dialect, "SELECT o.*, c.name FROM orders o JOIN customers c USING (id)");
        text(dialect, "SELECT total FROM (SELECT * FROM orders NATURAL JOIN customers) x");
        assert_eq!(rule(dialect, "SELECT x.* FROM orders o"), "table");
        assert_eq!(rule(dialect, "SELECT 1 FROM orders JOIN customers USING (total)"), "column");
        assert_eq!(rule(dialect, "SELECT pay FROM (SELECT * FROM orders) x"), "column");
    }
}

#[test]
fn names_of_the_engines_own_are_not_given_to_relations() {
    for name in ["pg_class", "sqlite_master", "information_schema", "mysql", "sys"] {
        let sql = format!("WITH {name} AS (SELECT 1 AS n) SELECT n FROM {name}");
        for dialect in ALL {
            assert_eq!(rule(dialect, &sql), "name", "{dialect:?}: {sql}");
        }
    }
}
