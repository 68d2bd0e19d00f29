//! SQLite files, in child processes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use starling::adapters::warehouse::Login;
use starling_actors::domain::{Cell, ColumnType, ConnectionKind};
use starling_actors::ports::{RunLimits, Warehouse, WarehouseError};
use tempfile::TempDir;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::keeps_the_contract;
use super::site::{Site, Speech};
use crate::engines::Watch;

const SPEECH: Speech = Speech {
    numbers: "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < {n})
              SELECT n FROM r",
    forever: "SELECT '{mark}' AS mark, count(*) FROM Track AS a, Track AS b, Track AS c
              WHERE a.Milliseconds + b.Milliseconds + c.Milliseconds = 1",
    long_text: "SELECT printf('%.*c', {n}, 'x') AS words",
    artists: "Artist",
    writes: &[
        "INSERT INTO Artist VALUES (9999, 'x')",
        "UPDATE Artist SET Name = 'x'",
        "DELETE FROM PlaylistTrack",
        "CREATE TABLE written (n)",
        "CREATE TEMP TABLE written (n)",
        "DROP TABLE PlaylistTrack",
        "VACUUM INTO 'written'",
        "ATTACH 'written' AS written",
        "PRAGMA query_only = 0",
        "PRAGMA journal_mode = DELETE",
        "BEGIN IMMEDIATE",
    ],
    leaks: "SELECT json_extract('{}', (SELECT Name FROM Artist WHERE ArtistId = 1))",
};

/// Looks which processes have the site's own file open.
struct Files {
    folder: TempDir,
}

impl Files {
    fn file(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("shop.sqlite")
    }
}

/// Children of this process that have a file open.
fn children_with(file: &Path) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let has_it = |process: &std::fs::DirEntry| {
        let command = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let is_worker = String::from_utf8_lossy(&command).contains("sqlite-worker");
        let open = std::fs::read_dir(process.path().join("fd"));
        is_worker
            && open.into_iter().flatten().filter_map(Result::ok).any(|descriptor| {
                std::fs::read_link(descriptor.path()).is_ok_and(|path| path == file)
            })
    };
    processes.filter(has_it).count()
}

#[async_trait]
impl Watch for Files {
    async fn working(&self, _: &str) -> usize {
        children_with(&self.file())
    }
}

pub(super) fn chinook() -> PathBuf {
    let beside = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        root.join("../shared/data/chinook").into_os_string()
    };
    let folder = PathBuf::from(std::env::var_os("STARLING_CHINOOK").unwrap_or_else(beside));
    let file = folder.join("chinook.sqlite");
    assert!(
        file.is_file(),
        "{} is missing: say where Chinook is with STARLING_CHINOOK",
        file.display()
    );
    file
}

pub(crate) async fn site() -> Site {
    let files = Files { folder: tempfile::tempdir().unwrap() };
    let file = files.file();
    tokio::fs::copy(chinook(), &file).await.unwrap();
    let login = Login { file: Some(file), ..Login::default() };
    Site::new(ConnectionKind::Sqlite, login, SPEECH, files)
}

keeps_the_contract!(site:
    rows_come_up_to_the_limit_and_more_is_said,
    bytes_come_up_to_the_limit_and_more_is_said,
    of_ten_million_rows_the_first_come_soon,
    a_huge_cell_is_not_given,
    after_its_time_a_query_is_gone_within_a_second,
    a_cancelled_query_is_gone_within_a_second,
    a_query_that_nobody_waits_for_is_gone_within_a_second,
    nothing_is_written_whatever_the_role_may,
    only_one_statement_is_run,
    an_error_carries_no_value_of_a_cell,
    an_unknown_column_is_told_by_its_code,
    many_queries_at_once_share_few_sessions,
    a_connection_that_is_switched_off_is_not_used,
    discovery_finds_tables_keys_counts_and_samples,
    discovery_without_samples_takes_none,
    a_test_of_a_reader_finds_tables_and_nothing_to_write,
);

#[tokio::test]
async fn values_have_the_kinds_that_their_columns_declare() {
    let site = site().await;
    let table = site
        .run(
            "SELECT InvoiceId, InvoiceDate, Total, BillingCity, Total * 2 AS twice, NULL AS none
              FROM Invoice WHERE InvoiceId = 1",
        )
        .await
        .unwrap();
    let text = |words: &str| Cell::Text(words.to_owned());
    let moment = text("2009-01-01T00:00:00");
    let row = table.rows[0].clone();
    assert_eq!(row[0], Cell::Int(1));
    assert!(
        matches!(&row[1], Cell::Text(words) if words.len() == moment.bytes() && &words[10..11] == "T")
    );
    assert!(matches!(row[2], Cell::Float(total) if total > 0.0));
    assert_eq!(row[5], Cell::Null);
    let kinds: Vec<ColumnType> = table.columns.iter().map(|column| column.kind).collect();
    let (decimal, float) = (ColumnType::Decimal, ColumnType::Float);
    let (text, moment) = (ColumnType::Text, ColumnType::Timestamp);
    assert_eq!(kinds, [ColumnType::Integer, moment, decimal, text, float, ColumnType::Other]);
}

#[tokio::test]
async fn an_error_tells_place_and_names_of_the_schema() {
    let site = site().await;
    let sql = "SELECT ArtistId FROM Artist JOIN Album ON Artist.ArtistId = Album.ArtistId";
    let Err(WarehouseError::Query { code, position, names, .. }) = site.run(sql).await else {
        panic!("the name is ambiguous")
    };
    assert_eq!((code.as_str(), position), ("42702", Some(8)));
    assert_eq!(names, ["ArtistId"]);
    let outcome = site.run("SELECT * FROM sqlite_schema").await;
    assert!(matches!(outcome, Err(WarehouseError::Query { code, .. }) if code == "42501"));
}

#[tokio::test]
async fn one_step_that_never_ends_is_killed_too() {
    let site = site().await;
    // A single opcode: SQLite does not look at its progress handler inside of it.
    let sql =
        "SELECT instr(printf('%.*c', 20000000, 'a'), printf('%.*c', 10000000, 'a') || 'b') AS n";
    let timeout = Duration::from_millis(700);
    let limits = RunLimits { timeout, ..RunLimits::default() };
    let start = Instant::now();
    assert_eq!(site.run_within(sql, limits).await, Err(WarehouseError::Timeout(timeout)));
    site.until_working("", 0, Duration::from_secs(1)).await;
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_query_that_eats_memory_ends_by_its_limit_and_the_next_one_works() {
    let site = site().await;
    let sql = "SELECT count(*) FROM (SELECT group_concat(printf('%.*c', 1000, 'x')) OVER (ORDER BY a.TrackId,
               b.TrackId) AS words FROM Track AS a, Track AS b ORDER BY words)";
    let error = site.run(sql).await.unwrap_err();
    assert!(matches!(error, WarehouseError::Query { .. }), "{error}");
    assert_eq!(site.rows("SELECT 1 AS n").await, [[Cell::Int(1)]]);
}

#[tokio::test]
async fn a_missing_file_and_one_of_another_kind_are_told() {
    let site = site().await;
    let file = site.logins.0.lock().file.clone().unwrap();
    std::fs::write(&file, "this is not a database, but it is long enough to look like one")
        .unwrap();
    let told = async || site.run("SELECT 1").await.unwrap_err().to_string();
    assert!(told().await.contains("not a SQLite database"), "{}", told().await);
    std::fs::remove_file(&file).unwrap();
    assert!(told().await.contains("is not there"), "{}", told().await);
}

#[tokio::test]
async fn a_live_database_with_a_write_ahead_log_is_read() {
    let site = site().await;
    let file = site.logins.0.lock().file.clone().unwrap();
    let live = rusqlite::Connection::open(&file).unwrap();
    live.execute_batch("PRAGMA journal_mode = WAL; INSERT INTO Genre VALUES (99, 'live')").unwrap();
    let genres = site.rows("SELECT count(*) AS n FROM Genre WHERE Name = 'live'").await;
    assert_eq!(genres, [[Cell::Int(1)]]);
}

#[tokio::test]
async fn a_file_has_no_estimates() {
    let site = site().await;
    let cancel = CancellationToken::new();
    let sql = site.sql("SELECT * FROM Genre");
    let limits = RunLimits::default();
    let estimate = site.warehouses.estimate(&site.connection, &sql, limits, &cancel).await;
    assert_eq!(estimate, Ok(None));
}
