//! The row limit, and that what runs is what was read.

use super::world::{ALL, grounds, rule, run, text};
use crate::domain::Dialect::{PostgreSql, Snowflake, Sqlite};

#[test]
fn the_outermost_query_gets_the_row_limit() {
    for dialect in ALL {
        for (sql, end) in [
            ("SELECT 1 AS n", " LIMIT 101"),
            ("SELECT 1 AS n LIMIT 5", " LIMIT 5"),
            ("SELECT 1 AS n LIMIT 5000", " LIMIT 101"),
            ("SELECT 1 AS n LIMIT 5000 OFFSET 3", " LIMIT 101 OFFSET 3"),
            ("SELECT 1 AS n UNION SELECT 2", " LIMIT 101"),
            ("SELECT 1 AS n FROM (SELECT id FROM orders LIMIT 7) x", " LIMIT 101"),
        ] {
            let text = text(dialect, sql);
            assert!(text.ends_with(end), "{dialect:?}: {text}");
        }
        let negative = rule(dialect, "SELECT id FROM orders LIMIT -1");
        assert!(matches!(negative, "limit" | "syntax"), "{negative}");
        let computed = rule(dialect, "SELECT id FROM orders LIMIT (SELECT 5)");
        assert!(matches!(computed, "limit" | "syntax"), "{computed}");
    }
    assert!(text(PostgreSql, "SELECT 1 LIMIT ALL").ends_with(" LIMIT 101"));
    assert!(text(PostgreSql, "SELECT 1 FETCH FIRST 3 ROWS ONLY").ends_with(" LIMIT 3"));
    assert!(text(PostgreSql, "SELECT 1 OFFSET 2 ROWS FETCH NEXT ROW ONLY").contains("LIMIT 1"));
    assert_eq!(rule(PostgreSql, "SELECT 1 FETCH FIRST 3 PERCENT ROWS ONLY"), "clause");
    assert_eq!(
        text(Snowflake, "SELECT TOP 3 ID FROM ORDERS"),
        r#"SELECT "ID" FROM "PUBLIC"."ORDERS" LIMIT 3"#
    );
    assert_eq!(text(Sqlite, "(SELECT 1 AS n)"), r#"SELECT 1 AS "n" LIMIT 101"#);
    assert_eq!(text(Sqlite, "VALUES (1), (2)"), "VALUES (1), (2)");
    assert!(text(PostgreSql, "VALUES (1), (2)").ends_with(" LIMIT 101"));
}

#[test]
fn what_was_rendered_is_accepted_and_stays_as_it_is() {
    for sql in [
        "SELECT count(*) AS n, sum(total) FROM orders GROUP BY customer_id HAVING count(*) > 1 ORDER BY n DESC LIMIT 3",
        "WITH t AS (SELECT * FROM orders) SELECT x.id FROM t AS x LEFT JOIN customers USING (id)",
        "SELECT CASE WHEN total > 10 THEN 'big' ELSE 'small' END AS size, row_number() OVER (PARTITION BY customer_id ORDER BY total DESC) AS place FROM orders",
        "SELECT id FROM orders WHERE note LIKE '%it''s%' AND total BETWEEN 1 AND -2 AND id NOT IN (1, 2)",
        "SELECT id FROM orders o WHERE total > (SELECT avg(total) FROM orders WHERE customer_id = o.customer_id)",
        "SELECT CAST(total AS integer), coalesce(note, 'none'), lower(note) FROM orders",
    ] {
        for dialect in ALL {
            let grounds = grounds(dialect);
            let verdict = run(sql, &grounds).unwrap();
            assert_eq!(run(verdict.sql.as_str(), &grounds).unwrap(), verdict);
        }
    }
}

#[test]
fn functions_of_postgresql_are_written_with_their_schema() {
    assert_eq!(
        text(
            PostgreSql,
            "SELECT COUNT(*), Date_Trunc('month', placed_at), COALESCE(note, ''), EXTRACT(year FROM placed_at) FROM orders"
        ),
        "SELECT pg_catalog.count(*), pg_catalog.date_trunc('month', \"placed_at\"), COALESCE(\"note\", ''), \
         EXTRACT(YEAR FROM \"placed_at\") FROM \"public\".\"orders\" LIMIT 101"
    );
}

#[test]
fn a_column_without_alias_keeps_the_name_that_it_would_have_had() {
    assert_eq!(
        text(Sqlite, "SELECT sum(total), id, 1 FROM orders"),
        r#"SELECT sum("total") AS "sum(total)", "id", 1 FROM "main"."orders" LIMIT 101"#
    );
    assert!(text(Snowflake, "SELECT sum(total) FROM orders").contains(r#"AS "SUM(TOTAL)""#));
    assert!(!text(PostgreSql, "SELECT sum(total) FROM orders").contains(" AS "));
    assert!(!text(Sqlite, "SELECT 1 WHERE 2 IN (SELECT sum(total) FROM orders)").contains(" AS "));
}

#[test]
fn the_verdict_names_the_tables_that_are_read() {
    let sql = "SELECT 1 FROM orders o, customers c, (SELECT id FROM orders) x";
    assert_eq!(
        run(sql, &grounds(PostgreSql)).unwrap().tables,
        ["public.customers", "public.orders"]
    );
}
