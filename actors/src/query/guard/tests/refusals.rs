//! What is refused, by rule.

use super::world::{ALL, rule, text};
use crate::domain::Dialect::{MySql, PostgreSql, Snowflake, Sqlite};

#[test]
fn one_query_and_nothing_else_is_a_statement() {
    for sql in [
        "",
        ";",
        "SELECT 1; SELECT 2",
        "SELECT 1; COMMIT; DROP TABLE orders",
        "DELETE FROM orders",
        "INSERT INTO orders SELECT * FROM orders",
        "UPDATE orders SET id = 1",
        "EXPLAIN SELECT 1",
        "WITH x AS (SELECT 1) DELETE FROM orders",
        "SELECT * INTO copy FROM orders",
    ] {
        for dialect in ALL {
            let rule = rule(dialect, sql);
            assert!(matches!(rule, "statement" | "syntax"), "{dialect:?}: {sql}: {rule}");
        }
    }
    assert_eq!(
        rule(PostgreSql, "WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x"),
        "statement"
    );
    assert_eq!(rule(PostgreSql, "SELECT id FROM orders FOR UPDATE"), "clause");
    assert_eq!(rule(PostgreSql, "SELECT 1 UNION TABLE orders"), "clause");
}

#[test]
fn comments_and_hidden_characters_are_refused() {
    for sql in ["SELECT 1 -- x", "SELECT /* x */ 1", "SELECT 1 /*! UNION SELECT 2 */"] {
        for dialect in ALL {
            assert_eq!(rule(dialect, sql), "comment", "{dialect:?}: {sql}");
        }
    }
    assert_eq!(rule(MySql, "SELECT 1 # x"), "comment");
    for c in ['\0', '\u{1b}', '\u{202e}', '\u{200b}', '\u{feff}', '\u{7f}', '\u{2028}'] {
        assert_eq!(rule(Sqlite, &format!("SELECT 'a{c}b'")), "characters", "{c:?}");
    }
    text(Sqlite, "SELECT 'a -- b /* c */', 'größer', '売上'");
}

#[test]
fn size_and_depth_have_limits() {
    let nested = |depth: usize| format!("SELECT {}1{}", "(".repeat(depth), ")".repeat(depth));
    for dialect in ALL {
        text(dialect, &nested(40));
        assert_eq!(rule(dialect, &nested(65)), "depth");
        assert_eq!(rule(dialect, &format!("SELECT '{}'", "x".repeat(17_000))), "length");
        assert_eq!(rule(dialect, &format!("SELECT {}1", "1,".repeat(4_000))), "length");
        assert_eq!(rule(dialect, &format!("SELECT {}1", "1+".repeat(1_500))), "depth");
        assert_eq!(rule(dialect, &format!("SELECT 1 {}", "UNION SELECT 1 ".repeat(65))), "length");
        let joins = "SELECT * FROM orders".to_owned() + &" JOIN orders".repeat(400);
        assert_eq!(rule(dialect, &joins), "length");
        let negated = rule(dialect, &format!("SELECT {}1", "NOT ".repeat(1_000)));
        assert!(matches!(negated, "depth" | "syntax"), "{negated}");
    }
}

#[test]
fn columns_that_double_with_every_named_query_are_refused_before_they_take_memory() {
    let mut doubled = "WITH q0 AS (SELECT * FROM orders)".to_owned();
    for number in 1..40 {
        let before = number - 1;
        doubled += &format!(", q{number} AS (SELECT *, * FROM q{before})");
    }
    doubled += " SELECT count(*) FROM q39";
    let nested = (0..40).fold("orders".to_owned(), |inner, level| {
        format!("(SELECT x{level}.*, x{level}.* FROM {inner} x{level})")
    });
    let joined = format!("SELECT {}1 FROM orders o", "o.*, ".repeat(500));
    for dialect in ALL {
        assert_eq!(rule(dialect, &doubled), "length", "{dialect:?}");
        assert_eq!(rule(dialect, &format!("SELECT 1 FROM {nested} x")), "length", "{dialect:?}");
        assert_eq!(rule(dialect, &joined), "length", "{dialect:?}");
        text(dialect, "SELECT o.*, o.* FROM orders o");
    }
}

#[test]
fn a_name_that_is_longer_than_any_gets_no_hint() {
    for dialect in ALL {
        let rule = rule(dialect, &format!("SELECT {} FROM orders", "a".repeat(16_000)));
        assert_eq!(rule, "column", "{dialect:?}");
    }
}

#[test]
fn functions_that_are_not_listed_are_refused_in_every_position() {
    for (dialect, call) in [
        (PostgreSql, "pg_read_file('/etc/passwd')"),
        (PostgreSql, "pg_sleep(1)"),
        (PostgreSql, "set_config('a', 'b', true)"),
        (PostgreSql, "query_to_xml('select 1', true, true, '')"),
        (PostgreSql, "public.count(id)"),
        (PostgreSql, r#""count"(id)"#),
        (PostgreSql, "current_user"),
        (PostgreSql, "nextval('s')"),
        (MySql, "load_file('/etc/passwd')"),
        (MySql, "sleep(5)"),
        (MySql, "benchmark(1000000, md5('x'))"),
        (MySql, "get_lock('a', 1)"),
        (Sqlite, "load_extension('x')"),
        (Sqlite, "readfile('x')"),
        (Sqlite, "fts3_tokenizer('x')"),
        (Sqlite, "randomblob(1000000000)"),
        (Snowflake, "system$wait(10)"),
        (Snowflake, "get_ddl('table', 'orders')"),
        (Snowflake, "current_role()"),
    ] {
        for sql in [
            format!("SELECT {call} FROM orders"),
            format!("SELECT id FROM orders WHERE {call} = '1'"),
            format!("SELECT id FROM orders ORDER BY {call}"),
            format!("SELECT count(*) FILTER (WHERE {call} = 'x') FROM orders"),
            format!("SELECT sum(id) OVER (PARTITION BY {call}) FROM orders"),
        ] {
            let rule = rule(dialect, &sql);
            assert!(matches!(rule, "function" | "syntax" | "column"), "{dialect:?}: {sql}: {rule}");
        }
        let rule = rule(dialect, &format!("SELECT * FROM {call}"));
        assert!(matches!(rule, "function" | "table" | "syntax"), "{dialect:?}: {call}: {rule}");
    }
    assert_eq!(rule(PostgreSql, "SELECT * FROM orders, LATERAL pg_ls_dir('/') x"), "function");
    assert_eq!(rule(PostgreSql, "SELECT * FROM ROWS FROM (pg_ls_dir('/')) x"), "syntax");
    assert_eq!(rule(Snowflake, "SELECT * FROM TABLE(GENERATOR(ROWCOUNT => 10))"), "function");
    assert_eq!(rule(Snowflake, "SELECT * FROM TABLE('orders')"), "table");
}

#[test]
fn types_and_operators_are_listed_too() {
    for sql in [
        "SELECT 'pg_class'::regclass",
        "SELECT CAST('x' AS secret_type)",
        "SELECT CAST('x' AS \"text\")",
        "SELECT CAST('x' AS public.text)",
        "SELECT CAST(1 AS numeric(900, 800))",
        "SELECT 'x'::char(1000000)",
    ] {
        assert_eq!(rule(PostgreSql, sql), "type", "{sql}");
    }
    assert_eq!(rule(PostgreSql, "SELECT 1 OPERATOR(pg_catalog.+) 1"), "operator");
    assert_eq!(rule(PostgreSql, "SELECT 'x' COLLATE \"secret\""), "collation");
    assert_eq!(rule(Sqlite, "SELECT id MATCH 'x' FROM orders"), "operator");
    assert!(text(PostgreSql, "SELECT '1'::text").contains("::pg_catalog.text"));
    assert!(text(PostgreSql, "SELECT '{a}'::text[], '1'::int4").contains("::pg_catalog.text[]"));
    assert!(text(PostgreSql, "SELECT note COLLATE \"C\" FROM orders").contains("pg_catalog.\"C\""));
    assert_eq!(rule(PostgreSql, "SELECT CAST(1 AS double)"), "type");
    assert!(text(PostgreSql, "SELECT DATE '2024-01-01'").contains("AS pg_catalog.date"));
}

#[test]
fn strings_end_where_every_setting_ends_them() {
    for dialect in [PostgreSql, MySql, Snowflake] {
        for sql in
            [r"SELECT 'a\'", r"SELECT 'a\' UNION SELECT 1 '", r"SELECT 'a\\'", r"SELECT '\''"]
        {
            let rule = rule(dialect, sql);
            assert!(matches!(rule, "value" | "syntax"), "{dialect:?}: {sql}: {rule}");
        }
    }
    assert_eq!(text(MySql, r#"SELECT "it""#), "SELECT 'it' LIMIT 101");
    assert_eq!(rule(MySql, r#"SELECT "it's""#), "value");
    for sql in ["SELECT $$x$$", "SELECT U&'x'", "SELECT E'a\\'b'", "SELECT x'00'", "SELECT $1"] {
        let rule = rule(PostgreSql, sql);
        assert!(matches!(rule, "value" | "syntax" | "column"), "{sql}: {rule}");
    }
    assert_eq!(text(Sqlite, "SELECT 'it''s'"), "SELECT 'it''s' LIMIT 101");
}

#[test]
fn what_makes_values_longer_needs_plain_numbers() {
    for sql in [
        "SELECT repeat('x', 1000000000)",
        "SELECT repeat(repeat('x', 1000), 1000)",
        "SELECT repeat('x', id) FROM orders",
        "SELECT lpad('x', 100000)",
        "SELECT replace(replace(replace('a', 'a', repeat('b', 900)), 'b', repeat('c', 900)), 'c', 'd')",
    ] {
        assert_eq!(rule(PostgreSql, sql), "size", "{sql}");
    }
    let mut doubling = "WITH t0 AS (SELECT note AS s FROM orders)".to_owned();
    for number in 1..30 {
        doubling += &format!(", t{number} AS (SELECT concat(s, s) AS s FROM t{})", number - 1);
    }
    for dialect in ALL {
        assert_eq!(rule(dialect, &format!("{doubling} SELECT s FROM t29")), "size");
        let renamed = doubling.replace(" AS s FROM t", " FROM t").replace(" AS (", "(s) AS (");
        assert_eq!(rule(dialect, &format!("{renamed} SELECT s FROM t29")), "size");
        text(dialect, "SELECT concat(name, ' (', country, ')') AS name FROM customers");
    }
    assert_eq!(rule(Sqlite, "SELECT printf('%1000000000d', 1)"), "size");
    assert_eq!(rule(Sqlite, "SELECT printf('%.*c', 1000000000, 'x')"), "size");
    text(PostgreSql, "SELECT repeat('=', 20), lpad(note, 12, ' ') FROM orders");
    text(Sqlite, "SELECT printf('%.2f', total) FROM orders");
}

#[test]
fn a_series_ends_soon() {
    for sql in [
        "SELECT * FROM generate_series(1, 1000000000)",
        "SELECT generate_series(1, 1000000000)",
        "SELECT * FROM generate_series(1, 10, 0)",
        "SELECT * FROM generate_series(1, (SELECT max(id) FROM orders))",
        "SELECT * FROM generate_series(now(), 'infinity', interval '1 day')",
        "SELECT * FROM generate_series(now(), now() + interval '99999 days', interval '1 second')",
    ] {
        assert_eq!(rule(PostgreSql, sql), "size", "{sql}");
    }
    text(PostgreSql, "SELECT n FROM generate_series(1, 12) AS n");
    text(
        PostgreSql,
        "SELECT d::date FROM generate_series(DATE '2024-01-01', DATE '2024-12-01', interval '1 month') AS g(d)",
    );
}

#[test]
fn a_recursive_query_needs_a_bound_on_a_counter() {
    let with = |body: &str| format!("WITH RECURSIVE r(n) AS ({body}) SELECT n FROM r");
    for dialect in ALL {
        text(dialect, &with("SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 12"));
        text(dialect, &with("SELECT 9 UNION ALL SELECT n - 1 FROM r WHERE n > 1"));
        for body in [
            "SELECT 1 UNION ALL SELECT n + 1 FROM r",
            "SELECT 1 UNION ALL SELECT n FROM r WHERE n < 12",
            "SELECT 1 UNION ALL SELECT n - 1 FROM r WHERE n < 12",
            "SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 12 OR 1 = 1",
            "SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000000",
            "SELECT 1 UNION ALL SELECT r.n + 1 FROM r, r x WHERE r.n < 12",
            "SELECT 1 UNION ALL SELECT r.n + 1 FROM r, customers WHERE r.n < 12",
            "SELECT 1 UNION ALL SELECT n + 0 FROM r WHERE n < 12",
            "SELECT 1 UNION ALL SELECT n * 1 FROM r WHERE n < 12",
            "SELECT 1 UNION ALL (SELECT n + 1 FROM r WHERE n < 12 UNION ALL SELECT n FROM r)",
        ] {
            assert_eq!(rule(dialect, &with(body)), "recursion", "{dialect:?}: {body}");
        }
    }
    let texts = with("SELECT '2024-01-01' UNION ALL SELECT n - 1 FROM r WHERE n > '1000-01-01'");
    assert_eq!(rule(Sqlite, &texts), "recursion");
    text(Sqlite, &with("SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 10"));
    assert_eq!(
        rule(PostgreSql, &with("SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 10")),
        "recursion"
    );
    let doubling = "WITH RECURSIVE r(n, s) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, s || s FROM r \
                    WHERE n < 40) SELECT n FROM r";
    assert_eq!(rule(Sqlite, doubling), "recursion");
    let tree = "WITH RECURSIVE r(id, level) AS (SELECT id, 1 FROM orders UNION ALL SELECT o.id, \
                r.level + 1 FROM orders o JOIN r ON o.customer_id = r.id WHERE r.level < 10) \
                SELECT id FROM r";
    text(PostgreSql, tree);
    assert_eq!(rule(PostgreSql, &tree.replace("r.level < 10", "o.id < 10")), "recursion");
}
