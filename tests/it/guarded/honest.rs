//! Every honest query of PostgreSQL's and MySQL's corpus, as it was written and as the guard rendered
//! it: the same columns, the same rows, in the same order where the query asks for one. The guard's
//! grounds are what a discovery of the engine itself finds.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::{Dialect, GuardedSql, Schema, Timestamp};
use starling_actors::ports::{Discovery, RunLimits, Warehouse as _};
use starling_actors::query::guard::{Grounds, Guard};
use tokio_postgres::{Client, SimpleQueryMessage};
use tokio_util::sync::CancellationToken;

use super::reader::corpus;
use crate::engines::Postgres;
use crate::warehouse::site::Site;
use crate::warehouse::{mysql, postgres};

/// What gives something else each time, on the same data.
const NEVER_THE_SAME: &[&str] = &["random", "rand(", "uuid", "clock_timestamp", "sysdate"];
/// Rows of an answer, of which the longest of the corpora has fewer.
const ROWS_MAX: usize = 10_000;

/// What an engine gave; values as it writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Given {
    /// In an order of our own, for queries that ask for none.
    fn in_some_order(mut self) -> Self {
        self.rows.sort_unstable();
        self
    }
}

/// An engine that can be asked past the guard.
#[async_trait]
trait Engine: Send + Sync {
    fn site(&self) -> &Site;

    /// The text as somebody wrote it, read-only.
    async fn written(&self, sql: &str) -> Result<Given, String>;

    /// What the guard made of it.
    async fn guarded(&self, sql: &GuardedSql) -> Result<Given, String>;

    /// As the product asks.
    async fn by_the_adapter(&self, sql: &str) -> Result<Given, String> {
        let limits = RunLimits { rows_max: ROWS_MAX, ..RunLimits::default() };
        let table = self.site().run_within(sql, limits).await.map_err(|e| format!("{e:?}"))?;
        assert!(!table.is_truncated, "too many rows to compare: {sql}");
        let row = |row: &Vec<_>| row.iter().map(|cell| format!("{cell:?}")).collect();
        let columns = table.columns.into_iter().map(|column| column.name).collect();
        Ok(Given { columns, rows: table.rows.iter().map(row).collect() })
    }
}

struct OnMySql(Site);

#[async_trait]
impl Engine for OnMySql {
    fn site(&self) -> &Site {
        &self.0
    }

    async fn written(&self, sql: &str) -> Result<Given, String> {
        self.by_the_adapter(sql).await
    }

    async fn guarded(&self, sql: &GuardedSql) -> Result<Given, String> {
        self.by_the_adapter(sql.as_str()).await
    }
}

/// The adapter hides the schema `public`, in which the written queries find their tables; so both
/// texts are asked over a session of the test's own, the guarded one with nothing in sight, and by
/// the adapter too.
struct OnPostgres {
    site: Site,
    client: Client,
}

impl OnPostgres {
    async fn seeing(&self, schemas: &str, sql: &str) -> Result<Given, String> {
        let begin = format!(
            "BEGIN READ ONLY; SET LOCAL search_path = {schemas}; SET LOCAL statement_timeout = 30000"
        );
        self.client.batch_execute(&begin).await.unwrap();
        let outcome = self.client.simple_query(sql).await;
        self.client.batch_execute("ROLLBACK").await.unwrap();
        let mut given = Given { columns: Vec::new(), rows: Vec::new() };
        for message in outcome.map_err(|error| format!("{error:?}"))? {
            match message {
                SimpleQueryMessage::RowDescription(columns) => {
                    given.columns = columns.iter().map(|one| one.name().to_owned()).collect();
                }
                SimpleQueryMessage::Row(row) => {
                    let cell =
                        |index| row.get(index).map_or("NULL".into(), |text| format!("{text:?}"));
                    given.rows.push((0..row.len()).map(cell).collect());
                }
                SimpleQueryMessage::CommandComplete(_) | _ => {}
            }
        }
        Ok(given)
    }
}

#[async_trait]
impl Engine for OnPostgres {
    fn site(&self) -> &Site {
        &self.site
    }

    async fn written(&self, sql: &str) -> Result<Given, String> {
        self.seeing("public", sql).await
    }

    async fn guarded(&self, sql: &GuardedSql) -> Result<Given, String> {
        let given = self.seeing("pg_catalog", sql.as_str()).await?;
        let adapter = self.by_the_adapter(sql.as_str()).await?;
        let shape = |given: &Given| (given.columns.clone(), given.rows.len());
        if shape(&given) == shape(&adapter) {
            return Ok(given);
        }
        Err(format!("the adapter gives {:?} and not {:?}", shape(&adapter), shape(&given)))
    }
}

/// All tables that a discovery finds, except the one that the corpora must not reach.
async fn grounds(site: &Site, dialect: Dialect) -> Grounds {
    let wish =
        Discovery { samples_max: 0, hidden: Vec::new(), timeout: RunLimits::default().timeout };
    let cancel = CancellationToken::new();
    let mut tables = site.warehouses.discover(&site.connection, &wish, &cancel).await.unwrap();
    tables.retain(|table| !table.name.eq_ignore_ascii_case("employee"));
    let schema = Arc::new(Schema { tables, refreshed_at: Timestamp::default() });
    Grounds { dialect, schema, rows_max: ROWS_MAX }
}

/// Whether the query itself asks for an order, not only a part of it in brackets.
fn is_ordered(sql: &str) -> bool {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut outside = String::new();
    for c in sql.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, c) if depth == 0 => outside.push(if c.is_whitespace() { ' ' } else { c }),
            (None, _) => {}
        }
    }
    outside.to_lowercase().contains("order by")
}

/// What became of the queries.
#[derive(Default)]
struct Tally {
    compared: usize,
    left_out: Vec<String>,
    refused_by_the_guard: Vec<String>,
    refused_by_the_engine: Vec<String>,
    different: Vec<String>,
}

impl Tally {
    #[expect(clippy::print_stderr, reason = "the runner shows it on failure, or when asked")]
    fn tell(&self, name: &str) {
        eprintln!(
            "{name}: {} queries compared, {} refused by the guard, {} refused by the engine as written, \
             {} left out",
            self.compared,
            self.refused_by_the_guard.len(),
            self.refused_by_the_engine.len(),
            self.left_out.len()
        );
        for line in [&self.refused_by_the_guard, &self.refused_by_the_engine, &self.left_out]
            .into_iter()
            .flatten()
        {
            eprintln!("  {line}");
        }
    }
}

async fn compare(engine: &dyn Engine, dialect: Dialect, name: &str) -> Tally {
    let guard = Guard::start(1, || {}).unwrap();
    let grounds = Arc::new(grounds(engine.site(), dialect).await);
    let mut tally = Tally::default();
    for case in corpus("honest", name) {
        let title = format!("{name} {}", case.name);
        let verdict = match guard.check(case.sql.as_str(), Arc::clone(&grounds)).await {
            Ok(verdict) => verdict,
            Err(error) => {
                tally.refused_by_the_guard.push(format!("{title}: {}: {error}", error.rule));
                continue;
            }
        };
        let sql = case.sql.trim().trim_end_matches(';');
        let lower = sql.to_lowercase();
        if NEVER_THE_SAME.iter().any(|word| lower.contains(word)) {
            tally.left_out.push(title);
            continue;
        }
        let written = match engine.written(sql).await {
            Ok(given) => given,
            Err(error) => {
                tally.refused_by_the_engine.push(format!("{title}: {error}"));
                continue;
            }
        };
        let outcome = engine.guarded(&verdict.sql).await;
        tally.compared += 1;
        let is_same = match &outcome {
            Ok(guarded) if is_ordered(sql) => *guarded == written,
            Ok(guarded) => guarded.clone().in_some_order() == written.clone().in_some_order(),
            Err(_) => false,
        };
        if !is_same {
            let became = verdict.sql.as_str();
            tally.different.push(format!(
                "{title}\n  {sql}\n  became {became}\n  and gave {}\n  and not  {}",
                outcome.map_or_else(|error| error, |given| shown(&given)),
                shown(&written)
            ));
        }
    }
    tally.tell(name);
    tally
}

/// The beginning of a result.
fn shown(given: &Given) -> String {
    let rows = given.rows.iter().take(3).collect::<Vec<_>>();
    format!("{:?}, {} rows: {rows:?}", given.columns, given.rows.len())
}

fn assert_same(tally: &Tally, compared_min: usize) {
    assert!(
        tally.different.is_empty(),
        "{} differ:\n{}",
        tally.different.len(),
        tally.different.join("\n")
    );
    assert!(tally.compared >= compared_min, "only {} queries were compared", tally.compared);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guarded_queries_give_the_rows_of_the_written_ones_on_postgresql() {
    let client = Postgres::entered_by("reader").await;
    let engine = OnPostgres { site: postgres::site().await, client };
    assert_same(&compare(&engine, Dialect::PostgreSql, "postgresql").await, 340);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guarded_queries_give_the_rows_of_the_written_ones_on_mariadb() {
    let engine = OnMySql(mysql::site().await);
    assert_same(&compare(&engine, Dialect::MySql, "mysql").await, 320);
}
