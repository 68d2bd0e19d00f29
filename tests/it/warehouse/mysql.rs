//! MySQL and MariaDB.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use starling::adapters::warehouse::SslMode;
use starling_actors::domain::{Cell, ColumnType, ConnectionKind};
use starling_actors::ports::{RunLimits, Warehouse, WarehouseError};
use tokio_util::sync::CancellationToken;

use super::keeps_the_contract;
use super::site::{Site, Speech, login_of};
use crate::engines::{MYSQL, MySql, variable};

const SPEECH: Speech = Speech {
    numbers: "SELECT CAST(seq AS SIGNED) AS n FROM seq_1_to_{n}",
    forever: "SELECT '{mark}' AS mark, COUNT(*) FROM Track AS a, Track AS b, Track AS c
              WHERE a.Milliseconds + b.Milliseconds + c.Milliseconds = 1",
    long_text: "SELECT REPEAT('x', {n}) AS words",
    artists: "`Artist`",
    writes: &[
        "INSERT INTO Artist VALUES (9999, 'x')",
        "UPDATE Artist SET Name = 'x'",
        "DELETE FROM PlaylistTrack",
        "CREATE TABLE written (n int)",
        "DROP TABLE PlaylistTrack",
        "TRUNCATE PlaylistTrack",
        "REPLACE INTO Artist VALUES (1, 'x')",
        "SELECT * FROM Artist INTO OUTFILE 'written'",
        "LOAD DATA LOCAL INFILE 'written' INTO TABLE Artist",
        "BEGIN NOT ATOMIC DELETE FROM PlaylistTrack; END",
        "EXECUTE IMMEDIATE 'COMMIT'",
    ],
    leaks: "SELECT UPDATEXML(1, CONCAT(0x7e, (SELECT Name FROM Artist WHERE ArtistId = 1)), 1)",
};

pub(crate) async fn site() -> Site {
    Site::new(ConnectionKind::MySql, login_of(MYSQL), SPEECH, MySql)
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
    let table = site
        .run(
            "SELECT 5 AS a, -9223372036854775807 AS b, 18446744073709551615 AS c, 1e300 AS d,
             CAST('12345678901234567890.0900' AS DECIMAL(40, 4)) AS e, 'ö' AS f,
             DATE '2024-02-29' AS g, TIMESTAMP '2024-02-29 12:30:00.25' AS h, TIME '23:59:59' AS i,
             X'0102' AS j, NULL AS k, 0.30 AS l",
        )
        .await
        .unwrap();
    let expected = vec![
        Cell::Int(5),
        Cell::Int(-i64::MAX),
        Cell::Decimal("18446744073709551615".to_owned()),
        Cell::Float(1e300),
        Cell::Decimal("12345678901234567890.0900".to_owned()),
        text("ö"),
        text("2024-02-29"),
        text("2024-02-29T12:30:00.25"),
        text("23:59:59"),
        text("2 bytes"),
        Cell::Null,
        Cell::Decimal("0.30".to_owned()),
    ];
    assert_eq!(table.rows, [expected]);
    assert_eq!(table.columns[4].kind, ColumnType::Decimal);
    assert_eq!(table.columns[7].kind, ColumnType::Timestamp);
}

#[tokio::test]
async fn nothing_that_one_call_leaves_is_met_by_another() {
    let site = site().await;
    for leaving in ["SELECT GET_LOCK('left', 0)", "SELECT @left := 5"] {
        site.run(leaving).await.unwrap();
    }
    let left = "SELECT IS_FREE_LOCK('left'), @left IS NULL, @@sql_mode LIKE '%ANSI%'";
    assert_eq!(site.rows(left).await, [[Cell::Int(1), Cell::Int(1), Cell::Int(0)]]);
}

#[tokio::test]
async fn an_error_tells_names_of_the_schema() {
    let site = site().await;
    let sql = "SELECT ArtistId FROM Artist JOIN Album ON Artist.ArtistId = Album.ArtistId";
    let Err(WarehouseError::Query { code, names, .. }) = site.run(sql).await else {
        panic!("the name is ambiguous")
    };
    assert_eq!((code.as_str(), names), ("1052", vec!["ArtistId".to_owned()]));
}

#[tokio::test]
async fn a_privileged_role_is_refused_until_an_admin_allows_it() {
    let site = site().await.entered_by("boss");
    let tested = site.warehouses.test(&site.connection).await.unwrap();
    assert!(tested.is_privileged && tested.server.starts_with("MariaDB 1"), "{tested:?}");
    let error = site.run("SELECT 1").await.unwrap_err();
    let WarehouseError::Privileged(words) = error else { panic!("{error}") };
    assert!(words.contains("FILE") && words.contains("SUPER"), "{words}");
    site.logins.0.lock().allows_privileged = true;
    assert_eq!(site.rows("SELECT 1").await, [[Cell::Int(1)]]);
}

#[tokio::test]
async fn a_test_tells_what_the_role_could_write() {
    let site = site().await.entered_by("owner");
    let tested = site.warehouses.test(&site.connection).await.unwrap();
    let writable = tested.writable.unwrap();
    assert!(
        writable[0].contains("INSERT") && writable[0].ends_with("on Chinook.*"),
        "{writable:?}"
    );
    assert!(!tested.is_privileged);
}

#[tokio::test]
async fn an_estimate_runs_nothing_and_tells_rows() {
    let site = site().await;
    let cancel = CancellationToken::new();
    let estimate = async |text: &str| {
        let sql = site.sql(text);
        let limits = RunLimits::default();
        site.warehouses.estimate(&site.connection, &sql, limits, &cancel).await
    };
    let small = estimate("SELECT * FROM Genre").await.unwrap().unwrap();
    let large = estimate("SELECT * FROM Track AS a, Track AS b").await.unwrap().unwrap();
    assert!(large.cost > 100.0 * small.cost, "{large:?} {small:?}");
    assert!(large.rows.unwrap() > 5_000, "{large:?}");
    assert!(estimate("SELECT * FROM Absent").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_the_server_ends_is_an_error_and_the_next_call_works() {
    let site = site().await;
    let sql = SPEECH.forever.replace("{mark}", "is_ended");
    let ended = async {
        site.until_working("is_ended", 1, Duration::from_secs(10)).await;
        let mut conn = MySql::boss().await;
        let sql = "SELECT id FROM information_schema.processlist
                   WHERE info LIKE '%is_ended%' AND id <> CONNECTION_ID()";
        let id: Option<u64> = conn.query_first(sql).await.unwrap();
        conn.query_drop(format!("KILL {}", id.unwrap())).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(site.run(&sql), ended);
    assert!(outcome.is_err(), "{outcome:?}");
    assert_eq!(site.rows("SELECT 2").await, [[Cell::Int(2)]]);
}

#[tokio::test]
async fn sessions_are_encrypted_as_the_login_says() {
    let authority = std::fs::read_to_string(variable("STARLING_TEST_AUTHORITY")).unwrap();
    let sql = "SELECT VARIABLE_VALUE <> '' AS is_encrypted FROM information_schema.session_status
               WHERE VARIABLE_NAME = 'Ssl_cipher'";
    for (mode, host, knows, expected) in [
        (SslMode::Disable, "127.0.0.1", false, Some(false)),
        (SslMode::Prefer, "127.0.0.1", false, Some(true)),
        (SslMode::Require, "127.0.0.1", false, Some(true)),
        (SslMode::VerifyCa, "127.0.0.1", false, None),
        (SslMode::VerifyFull, "127.0.0.1", true, None),
        (SslMode::VerifyFull, "localhost", true, Some(true)),
    ] {
        let site = site().await;
        {
            let mut login = site.logins.0.lock();
            (login.ssl_mode, login.host) = (mode, host.to_owned());
            login.authorities = knows.then(|| authority.clone());
        }
        let outcome = site.run(sql).await;
        let is_encrypted = outcome.as_ref().ok().map(|table| table.rows[0][0] == Cell::Int(1));
        assert_eq!(is_encrypted, expected, "{mode:?} {host} {outcome:?}");
    }
}
