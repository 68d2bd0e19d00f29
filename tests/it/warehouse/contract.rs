//! What every warehouse promises, whatever its engine.

use std::sync::Arc;
use std::time::Duration;

use starling::adapters::warehouse::Secret;
use starling_actors::domain::{Cell, Column, ColumnType, Table};
use starling_actors::ports::{Discovery, RunLimits, Warehouse, WarehouseError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::site::Site;

/// What "within a second" is, with a busy machine's leave.
const SECOND: Duration = Duration::from_millis(1_500);
/// For a statement to be seen working.
const PATIENCE: Duration = Duration::from_secs(10);

fn rows_max(rows_max: usize) -> RunLimits {
    RunLimits { rows_max, ..RunLimits::default() }
}

pub(crate) async fn rows_come_up_to_the_limit_and_more_is_said(site: &Site) {
    let sql = site.speech.numbers.replace("{n}", "100");
    let whole = site.run_within(&sql, rows_max(100)).await.unwrap();
    assert_eq!((whole.rows.len(), whole.is_truncated), (100, false));
    assert_eq!(whole.rows[99], [Cell::Int(100)]);
    assert_eq!((whole.columns[0].name.as_str(), whole.columns[0].kind), ("n", ColumnType::Integer));
    let part = site.run_within(&sql, rows_max(10)).await.unwrap();
    assert_eq!((part.rows.len(), part.is_truncated), (10, true));
}

pub(crate) async fn bytes_come_up_to_the_limit_and_more_is_said(site: &Site) {
    let sql = site.speech.numbers.replace("{n}", "100");
    let limits = RunLimits { bytes_max: 80, ..RunLimits::default() };
    let part = site.run_within(&sql, limits).await.unwrap();
    assert_eq!((part.rows.len(), part.is_truncated), (10, true));
}

pub(crate) async fn of_ten_million_rows_the_first_come_soon(site: &Site) {
    let sql = site.speech.numbers.replace("{n}", "10000000");
    let start = Instant::now();
    let part = site.run_within(&sql, rows_max(1_000)).await.unwrap();
    assert_eq!((part.rows.len(), part.is_truncated), (1_000, true));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    assert_eq!(site.rows(&site.speech.numbers.replace("{n}", "1")).await, [[Cell::Int(1)]]);
}

pub(crate) async fn a_huge_cell_is_not_given(site: &Site) {
    let limits = RunLimits { bytes_max: 1 << 20, ..RunLimits::default() };
    let small = site.run_within(&site.speech.long_text.replace("{n}", "1000"), limits).await;
    assert_eq!(small.unwrap().rows[0][0].bytes(), 1_000);
    let huge = site.run_within(&site.speech.long_text.replace("{n}", "100000000"), limits).await;
    match huge {
        // MySQL makes nothing of it.
        Ok(table) if table.rows == [[Cell::Null]] => {}
        Ok(table) => assert_eq!((table.rows.len(), table.is_truncated), (0, true)),
        // Engines with limits of their own refuse to make it.
        Err(WarehouseError::Query { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    assert_eq!(site.rows(&site.speech.numbers.replace("{n}", "1")).await, [[Cell::Int(1)]]);
}

pub(crate) async fn after_its_time_a_query_is_gone_within_a_second(site: &Site) {
    let timeout = Duration::from_millis(700);
    let limits = RunLimits { timeout, ..RunLimits::default() };
    let sql = site.speech.forever.replace("{mark}", "times_out");
    let outcome = site.run_within(&sql, limits).await;
    assert_eq!(outcome, Err(WarehouseError::Timeout(timeout)));
    site.until_working("times_out", 0, SECOND).await;
}

pub(crate) async fn a_cancelled_query_is_gone_within_a_second(site: &Site) {
    let cancel = CancellationToken::new();
    let sql = site.sql(&site.speech.forever.replace("{mark}", "is_cancelled"));
    let run = site.warehouses.run(&site.connection, &sql, RunLimits::default(), &cancel);
    let cancelled = async {
        site.until_working("is_cancelled", 1, PATIENCE).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(run, cancelled);
    assert_eq!(outcome, Err(WarehouseError::Cancelled));
    site.until_working("is_cancelled", 0, SECOND).await;
}

pub(crate) async fn a_query_that_nobody_waits_for_is_gone_within_a_second(site: &Site) {
    let sql = site.sql(&site.speech.forever.replace("{mark}", "is_dropped"));
    let (warehouses, connection) = (Arc::clone(&site.warehouses), site.connection.clone());
    let run = tokio::spawn(async move {
        let cancel = CancellationToken::new();
        warehouses.run(&connection, &sql, RunLimits::default(), &cancel).await
    });
    site.until_working("is_dropped", 1, PATIENCE).await;
    run.abort();
    site.until_working("is_dropped", 0, SECOND).await;
}

pub(crate) async fn nothing_is_written_whatever_the_role_may(site: &Site) {
    let count = format!("SELECT count(*) AS n FROM {}", site.speech.artists);
    let before = site.rows(&count).await;
    for statement in site.speech.writes {
        let outcome = site.run(statement).await;
        assert!(outcome.is_err(), "{statement}: {outcome:?}");
    }
    assert_eq!(site.rows(&count).await, before);
}

pub(crate) async fn only_one_statement_is_run(site: &Site) {
    let one = site.speech.numbers.replace("{n}", "1");
    for statement in [format!("{one}; {one}"), format!("{one}; COMMIT; {one}")] {
        let outcome = site.run(&statement).await;
        assert!(matches!(outcome, Err(WarehouseError::Query { .. })), "{statement}: {outcome:?}");
    }
}

pub(crate) async fn an_error_carries_no_value_of_a_cell(site: &Site) {
    let error = site.run(site.speech.leaks).await.unwrap_err();
    assert!(matches!(error, WarehouseError::Query { .. }), "{error:?}");
    let told = format!("{error:?} {error}");
    assert!(!told.contains("AC/DC") && !told.contains("SELECT"), "{told}");
}

pub(crate) async fn an_unknown_column_is_told_by_its_code(site: &Site) {
    let sql = format!("SELECT quite_unknown FROM {}", site.speech.artists);
    let Err(WarehouseError::Query { code, meaning, names, .. }) = site.run(&sql).await else {
        panic!("an unknown column was found")
    };
    assert!(!code.is_empty() && meaning.contains("column"), "{code} {meaning}");
    assert!(!names.iter().any(|name| name == "quite_unknown"), "{names:?}");
}

pub(crate) async fn a_wrong_password_is_told_without_it(site: &Site) {
    site.logins.0.lock().password = Some(Secret::new("wrong-hunter2"));
    let error = site.run("SELECT 1").await.unwrap_err();
    let told = error.to_string();
    assert!(told.contains("password is wrong") && !told.contains("hunter2"), "{told}");
}

pub(crate) async fn a_dead_host_is_told_soon(site: &Site) {
    let start = Instant::now();
    // Nothing listens on port 1.
    site.logins.0.lock().port = Some(1);
    let error = site.run("SELECT 1").await.unwrap_err();
    assert!(matches!(error, WarehouseError::Unreachable(_)), "{error}");
    // This one listens and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    site.logins.0.lock().port = Some(silent.local_addr().unwrap().port());
    let limits = RunLimits { timeout: Duration::from_secs(1), ..RunLimits::default() };
    let error = site.run_within("SELECT 1", limits).await.unwrap_err();
    assert!(matches!(error, WarehouseError::Timeout(_) | WarehouseError::Unreachable(_)));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

pub(crate) async fn many_queries_at_once_share_few_sessions(site: &Site) {
    let sql = site.speech.numbers.replace("{n}", "5");
    let runs = (0..40).map(|_| site.run(&sql));
    for outcome in futures_util::future::join_all(runs).await {
        assert_eq!(outcome.unwrap().rows.len(), 5);
    }
}

pub(crate) async fn a_connection_that_is_switched_off_is_not_used(site: &Site) {
    let mut connection = site.connection.clone();
    connection.is_active = false;
    let sql = site.sql("SELECT 1");
    let cancel = CancellationToken::new();
    let run = site.warehouses.run(&connection, &sql, RunLimits::default(), &cancel);
    assert!(matches!(run.await, Err(WarehouseError::Unreachable(_))));
}

pub(crate) async fn discover(site: &Site, wish: &Discovery) -> Vec<Table> {
    let cancel = CancellationToken::new();
    site.warehouses.discover(&site.connection, wish, &cancel).await.unwrap()
}

pub(crate) fn wish() -> Discovery {
    let hidden = vec![("customer".to_owned(), "email".to_owned())];
    Discovery { samples_max: 5, hidden, timeout: Duration::from_secs(20) }
}

fn table<'a>(tables: &'a [Table], name: &str) -> &'a Table {
    tables.iter().find(|table| table.name.replace('_', "").eq_ignore_ascii_case(name)).unwrap()
}

fn column<'a>(table: &'a Table, name: &str) -> &'a Column {
    let mut columns = table.columns.iter();
    columns.find(|column| column.name.replace('_', "").eq_ignore_ascii_case(name)).unwrap()
}

pub(crate) async fn discovery_finds_tables_keys_counts_and_samples(site: &Site) {
    let tables = discover(site, &wish()).await;
    assert!(tables.len() >= 11, "{:?}", tables.iter().map(|t| &t.name).collect::<Vec<_>>());
    let customer = table(&tables, "customer");
    assert_eq!(customer.row_count, Some(59));
    assert!(column(customer, "customerid").is_primary_key);
    assert!(!column(customer, "customerid").is_nullable);
    let country = column(customer, "country");
    assert_eq!(country.samples.len(), 5);
    assert_eq!(country.samples[0], "USA");
    assert_eq!(country.distinct_count, Some(24));
    assert_eq!(country.kind, ColumnType::Text);
    assert!(column(customer, "email").samples.is_empty(), "a hidden column has samples");
    let company = column(customer, "company");
    assert!(company.null_share.is_some_and(|share| (0.8..0.9).contains(&share)));
    let invoice = table(&tables, "invoice");
    assert_eq!(invoice.row_count, Some(412));
    assert_eq!(column(invoice, "total").kind, ColumnType::Decimal);
    assert_eq!(column(invoice, "invoicedate").kind, ColumnType::Timestamp);
    let key = column(invoice, "customerid").references.as_ref().unwrap();
    assert!(key.table.eq_ignore_ascii_case("customer"), "{key:?}");
    assert!(key.column.replace('_', "").eq_ignore_ascii_case("customerid"), "{key:?}");
    assert_eq!(table(&tables, "track").row_count, Some(3503));
}

pub(crate) async fn discovery_without_samples_takes_none(site: &Site) {
    let tables = discover(site, &Discovery { samples_max: 0, ..wish() }).await;
    let mut columns = tables.iter().flat_map(|table| &table.columns);
    assert!(columns.all(|column| column.samples.is_empty()));
}

pub(crate) async fn a_test_of_a_reader_finds_tables_and_nothing_to_write(site: &Site) {
    let tested = site.warehouses.test(&site.connection).await.unwrap();
    assert!(tested.tables_found >= 11, "{tested:?}");
    assert_eq!(tested.writable, Some(Vec::new()));
    assert!(!tested.is_privileged && !tested.server.is_empty());
}
