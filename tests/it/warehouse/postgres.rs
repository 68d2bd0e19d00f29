//! PostgreSQL.

use std::time::Duration;

use starling::adapters::warehouse::SslMode;
use starling_actors::domain::{Cell, ColumnType, ConnectionKind};
use starling_actors::ports::{RunLimits, Warehouse, WarehouseError};
use tokio_util::sync::CancellationToken;

use super::keeps_the_contract;
use super::site::{Site, Speech, login_of};
use crate::engines::{POSTGRES, Postgres, variable};

const SPEECH: Speech = Speech {
    numbers: "SELECT n::int AS n FROM generate_series(1, {n}) AS n",
    forever: "SELECT '{mark}' AS mark, count(*) FROM generate_series(1, 100000) AS a,
              generate_series(1, 100000) AS b, generate_series(1, 1000) AS c",
    long_text: "SELECT repeat('x', {n}) AS words",
    artists: "public.artist",
    writes: &[
        "INSERT INTO public.artist VALUES (9999, 'x')",
        "WITH gone AS (DELETE FROM public.artist RETURNING *) SELECT * FROM gone",
        "UPDATE public.artist SET name = 'x'",
        "CREATE TABLE public.written (n int)",
        "SELECT * INTO public.written FROM public.artist",
        "DROP TABLE public.playlist_track",
        "TRUNCATE public.playlist_track",
        "SELECT nextval('public.written')",
        "COPY public.artist TO PROGRAM 'true'",
        "SELECT * FROM public.artist FOR UPDATE",
        "DO 'BEGIN NULL; END'; DROP TABLE public.playlist_track",
    ],
    leaks: "SELECT CAST((SELECT name FROM public.artist WHERE artist_id = 1) AS int)",
};

pub(crate) async fn site() -> Site {
    Site::new(ConnectionKind::PostgreSql, login_of(POSTGRES), SPEECH, Postgres)
}

async fn owned() -> Site {
    site().await.entered_by("owner")
}

keeps_the_contract!(site:
    rows_come_up_to_the_limit_and_more_is_said,
    bytes_come_up_to_the_limit_and_more_is_said,
    of_ten_million_rows_the_first_come_soon,
    a_huge_cell_is_not_given,
    after_its_time_a_query_is_gone_within_a_second,
    a_cancelled_query_is_gone_within_a_second,
    a_query_that_nobody_waits_for_is_gone_within_a_second,
    only_one_statement_is_run,
    an_error_carries_no_value_of_a_cell,
    an_unknown_column_is_told_by_its_code,
    a_wrong_password_is_told_without_it,
    a_dead_host_is_told_soon,
    many_queries_at_once_share_few_sessions,
    a_connection_that_is_switched_off_is_not_used,
    discovery_finds_tables_keys_counts_and_samples,
    discovery_without_samples_takes_none,
    a_test_of_a_reader_finds_tables_and_nothing_to_write,
);
keeps_the_contract!(owned: nothing_is_written_whatever_the_role_may);

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

#[tokio::test]
async fn every_type_comes_exactly() {
    let site = site().await;
    let plain = "SELECT true AS a, 5::smallint AS b, 9223372036854775807 AS c, 0.1::real AS d,
        1e300::float8 AS e, 12345678901234567890.0900 AS f, 'ö'::text AS g, DATE '2024-02-29' AS h,
        TIMESTAMP '2024-02-29 12:30:00.25' AS i, TIMESTAMPTZ '2024-02-29 12:30:00+02' AS j,
        TIME '23:59:59' AS k, '{\"a\": 1}'::jsonb AS l, '\\x0102'::bytea AS m,
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS n, NULL::int AS o, -0.0001 AS p";
    let expected = vec![
        Cell::Bool(true),
        Cell::Int(5),
        Cell::Int(i64::MAX),
        Cell::Float(0.1),
        Cell::Float(1e300),
        Cell::Decimal("12345678901234567890.0900".to_owned()),
        text("ö"),
        text("2024-02-29"),
        text("2024-02-29T12:30:00.250"),
        text("2024-02-29T10:30:00Z"),
        text("23:59:59"),
        text("{\"a\": 1}"),
        text("2 bytes"),
        text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        Cell::Null,
        Cell::Decimal("-0.0001".to_owned()),
    ];
    let table = site.run(plain).await.unwrap();
    assert_eq!(table.rows, std::slice::from_ref(&expected));
    assert_eq!(table.columns[5].kind, ColumnType::Decimal);
    // The same through the cursor, which a type that is only known as text asks for.
    let table =
        site.run(&format!("{plain}, ARRAY[1, 2] AS q, INTERVAL '1 day' AS r")).await.unwrap();
    let mut as_text = table.rows[0].clone();
    assert_eq!(as_text.split_off(16), [text("{1,2}"), text("1 day")]);
    as_text[8] = expected[8].clone();
    as_text[9] = expected[9].clone();
    assert_eq!(as_text, expected);
    assert_eq!(table.rows.len(), 1);
}

#[tokio::test]
async fn a_cursor_gives_all_rows_and_stops_at_the_limit() {
    let site = site().await;
    let sql = "SELECT n, ARRAY[n] AS list FROM generate_series(1, 1700) AS n";
    assert_eq!(site.run(sql).await.unwrap().rows.len(), 1700);
    let limits = RunLimits { rows_max: 600, ..RunLimits::default() };
    let part = site.run_within(sql, limits).await.unwrap();
    assert_eq!((part.rows.len(), part.is_truncated), (600, true));
}

#[tokio::test]
async fn an_error_tells_place_and_names_of_the_schema() {
    let site = site().await;
    let sql = "SELECT nme FROM public.artist";
    for (sql, at) in [(sql.to_owned(), 8), (format!("SELECT ARRAY[1], {}", &sql[7..]), 18)] {
        let Err(WarehouseError::Query { code, position, names, .. }) = site.run(&sql).await else {
            panic!("there is no such column")
        };
        assert_eq!((code.as_str(), position), ("42703", Some(at)), "{sql}");
        assert_eq!(names, ["artist", "name"]);
    }
}

#[tokio::test]
async fn nothing_that_one_call_leaves_is_met_by_another() {
    let site = site().await;
    for leaving in [
        "SELECT pg_advisory_lock(4711)::text",
        "SELECT set_config('statement_timeout', '77', false)",
        "SELECT set_config('search_path', 'public', false)",
        "SELECT pg_try_advisory_lock(4712)",
    ] {
        site.run(leaving).await.unwrap();
    }
    let locks =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid IN (4711, 4712)";
    assert_eq!(site.rows(locks).await, [[Cell::Int(0)]]);
    let settings = "SELECT current_setting('statement_timeout'), current_setting('search_path')";
    assert_eq!(site.rows(settings).await, [[text("30s"), text("pg_catalog")]]);
}

#[tokio::test]
async fn a_privileged_role_is_refused_until_an_admin_allows_it() {
    let site = site().await.entered_by("boss");
    let tested = site.warehouses.test(&site.connection).await.unwrap();
    assert!(tested.is_privileged && !tested.writable.unwrap().is_empty());
    let error = site.run("SELECT 1").await.unwrap_err();
    assert_eq!(
        error,
        WarehouseError::Privileged("superuser, may create roles, may replicate".into())
    );
    site.logins.0.lock().allows_privileged = true;
    assert_eq!(site.rows("SELECT 1").await, [[Cell::Int(1)]]);
}

#[tokio::test]
async fn a_test_tells_what_the_role_could_write() {
    let site = site().await.entered_by("owner");
    let tested = site.warehouses.test(&site.connection).await.unwrap();
    let writable = tested.writable.unwrap();
    assert!(writable.contains(&"CREATE in schema public".to_owned()), "{writable:?}");
    assert!(writable.iter().any(|words| words.starts_with("INSERT, UPDATE, DELETE")));
    assert!(!tested.is_privileged);
}

#[tokio::test]
async fn an_estimate_runs_nothing_and_tells_costs() {
    let site = site().await;
    let cancel = CancellationToken::new();
    let estimate = async |text: &str| {
        let sql = site.sql(text);
        let limits = RunLimits::default();
        site.warehouses.estimate(&site.connection, &sql, limits, &cancel).await
    };
    let small = estimate("SELECT * FROM public.genre").await.unwrap().unwrap();
    let large = estimate("SELECT * FROM public.track AS a, public.track AS b").await.unwrap();
    assert!(large.unwrap().cost > 100.0 * small.cost);
    assert_eq!(large.unwrap().rows, Some(7006));
    assert!(estimate("SELECT * FROM public.absent").await.is_err());
    let writing = estimate("INSERT INTO public.genre VALUES (99, 'x')").await;
    assert!(writing.is_err(), "{writing:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_the_server_ends_is_an_error_and_the_next_call_works() {
    let site = site().await;
    let sql = SPEECH.forever.replace("{mark}", "is_ended");
    let ended = async {
        site.until_working("is_ended", 1, Duration::from_secs(10)).await;
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE query LIKE '%is_ended%' AND pid <> pg_backend_pid()";
        Postgres::boss().await.simple_query(sql).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(site.run(&sql), ended);
    assert!(matches!(outcome, Err(WarehouseError::Unreachable(_))), "{outcome:?}");
    // Also one that dies while it is idle in the pool.
    site.rows("SELECT 1").await;
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'
               AND state = 'idle' AND query = 'DISCARD ALL'";
    Postgres::boss().await.simple_query(sql).await.unwrap();
    site.until_working("is_ended", 0, Duration::from_secs(1)).await;
    assert_eq!(site.rows("SELECT 2").await, [[Cell::Int(2)]]);
}

#[tokio::test]
async fn sessions_are_encrypted_as_the_login_says() {
    let authority = std::fs::read_to_string(variable("STARLING_TEST_AUTHORITY"));
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for (mode, host, knows, expected) in [
        (SslMode::Disable, "127.0.0.1", false, Some(false)),
        (SslMode::Prefer, "127.0.0.1", false, Some(true)),
        (SslMode::Require, "127.0.0.1", false, Some(true)),
        (SslMode::VerifyCa, "127.0.0.1", false, None),
        (SslMode::VerifyCa, "127.0.0.1", true, Some(true)),
        (SslMode::VerifyFull, "127.0.0.1", true, None),
        (SslMode::VerifyFull, "localhost", true, Some(true)),
    ] {
        let site = site().await;
        {
            let mut login = site.logins.0.lock();
            (login.ssl_mode, login.host) = (mode, host.to_owned());
            login.authorities = knows.then(|| authority.as_ref().unwrap().clone());
        }
        let outcome = site.run(sql).await;
        let is_encrypted = outcome.as_ref().ok().map(|table| table.rows[0][0] == Cell::Bool(true));
        assert_eq!(is_encrypted, expected, "{mode:?} {host} {outcome:?}");
    }
}
