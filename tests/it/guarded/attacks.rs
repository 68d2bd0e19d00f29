//! Attacks that would write or step out, without the guard: sent as they are through the adapters'
//! read-only sessions, by a role that may write. Nothing is changed: what an engine lets pass only
//! reads, or is taken back with its session (locks, settings, PostgreSQL's large objects).
//!
//! Left out are attacks that only read what is not allowed, which is the guard's and the role's to
//! refuse, and those that only take time or memory, which the limits' own tests try.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use starling::adapters::warehouse::SslMode;
use starling_actors::ports::RunLimits;

use super::reader::corpus;
use super::state::{State, of_folder, of_mysql, of_named_files, of_postgres};
use crate::warehouse::site::Site;
use crate::warehouse::{mysql, postgres, sqlite};

/// The rules whose attacks may change something.
const RULES: &[&str] = &[
    "one-statement",
    "only-queries",
    "no-writes",
    "no-into",
    "no-locks",
    "no-comments",
    "function",
    "table-function",
    "variable",
    "operator",
    "type",
];
/// Long enough for what is quick; a sleeping statement waits for it.
const TIMEOUT: Duration = Duration::from_millis(300);
/// Statements at a time, fewer than an adapter's sessions.
const AT_ONCE: usize = 4;

fn attacks(dialect: &str) -> Vec<String> {
    let may_change = |name: &str| {
        let rule = name.split(": ").nth(1).unwrap_or_default();
        RULES.contains(&rule)
    };
    let cases = corpus("attacks", dialect).into_iter();
    cases.filter(|case| may_change(&case.name)).map(|case| case.sql).collect()
}

/// Sends them all; tells which the engine ran to its end.
async fn ran(site: &Site, statements: &[String]) -> Vec<String> {
    let limits = RunLimits { timeout: TIMEOUT, rows_max: 100, bytes_max: 1 << 20 };
    let sent = statements
        .iter()
        .map(async |sql| site.run_within(sql, limits).await.is_ok().then(|| sql.trim().to_owned()));
    stream::iter(sent).buffer_unordered(AT_ONCE).filter_map(async |sql| sql).collect().await
}

#[expect(clippy::print_stderr, reason = "the runner shows it on failure, or when asked")]
fn assert_unchanged(name: &str, ran: &[String], sent: usize, before: &State, after: &State) {
    eprintln!("{name}: {sent} attacks sent past the guard, {} of them ran", ran.len());
    for key in before.keys().chain(after.keys()) {
        assert_eq!(
            before.get(key),
            after.get(key),
            "{key} of {name}; what ran:\n{}",
            ran.join("\n")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attacks_past_the_guard_change_nothing_on_postgresql() {
    let statements = attacks("postgresql");
    let site = postgres::site().await.entered_by("intruder");
    site.logins.0.lock().ssl_mode = SslMode::Disable;
    let (before, files) = (of_postgres().await, of_named_files(&statements));
    let ran = ran(&site, &statements).await;
    assert_unchanged("postgresql", &ran, statements.len(), &before, &of_postgres().await);
    assert_eq!(of_named_files(&statements), files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attacks_past_the_guard_change_nothing_on_mariadb() {
    let statements = attacks("mysql");
    let site = mysql::site().await.entered_by("intruder");
    let (before, files) = (of_mysql().await, of_named_files(&statements));
    let ran = ran(&site, &statements).await;
    assert_unchanged("mysql", &ran, statements.len(), &before, &of_mysql().await);
    assert_eq!(of_named_files(&statements), files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attacks_past_the_guard_change_nothing_of_a_sqlite_file() {
    let statements = attacks("sqlite");
    let site = sqlite::site().await;
    let file = site.logins.0.lock().file.clone().unwrap();
    let folder = file.parent().unwrap();
    let (before, files) = (of_folder(folder), of_named_files(&statements));
    let ran = ran(&site, &statements).await;
    assert_unchanged("sqlite", &ran, statements.len(), &before, &of_folder(folder));
    assert_eq!(of_named_files(&statements), files);
}
