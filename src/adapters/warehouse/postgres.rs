//! PostgreSQL.
//!
//! ```text
//!   lend a session ─▶ BEGIN READ ONLY, SET LOCAL … ─▶ parse ─▶ rows, counted ─▶ ROLLBACK ─▶ DISCARD ALL ─▶ give back
//!                                  any error, time-out, cancel, drop ─▶ cancel request, session ended
//! ```
//!
//! The guarded statement goes through the extended protocol only, which takes one statement; the
//! simple protocol carries words of ours alone. Rows come in binary where we know the type; where a
//! column's type is another (arrays, ranges, extensions), a cursor is read as text, so that every
//! value looks as PostgreSQL itself writes it.

mod decode;
mod discover;
mod error;
mod privileges;

mod session;
mod stream;
mod text;

use std::time::Duration;

use async_trait::async_trait;
use futures_util::{TryStreamExt, pin_mut};
use starling_actors::domain::{ColumnType, ResultColumn, ResultTable, Table};
use starling_actors::ports::{Discovery, Estimate, RunLimits, Tested, WarehouseError};
use tokio_postgres::{SimpleQueryMessage, Statement};

use super::collect::Collector;
use super::dial::Reach;
use super::sessions::{Lease, Sessions};
use super::{Engine, Target};
use error::Trouble;
use session::{Door, Session};

/// What is put before a statement that is read as text.
const CURSOR: &str = "DECLARE starling NO SCROLL CURSOR FOR ";
/// What is put before a statement whose cost is asked.
const EXPLAIN: &str = "EXPLAIN (FORMAT JSON) ";
/// Rows of one step of a cursor: few enough that a limit in bytes stops soon.
const CURSOR_STEP: usize = 500;

/// The engine for PostgreSQL.
pub(super) struct Postgres {
    sessions: Sessions<Door>,
}

impl Postgres {
    pub(super) fn new(reach: Reach) -> Self {
        Self { sessions: Sessions::new(Door::new(reach)) }
    }

    /// A session in a transaction that cannot write.
    async fn session(
        &self,
        target: &Target,
        limits: RunLimits,
    ) -> Result<Lease<Session>, WarehouseError> {
        loop {
            let mut session = self.sessions.lend(target).await?;
            if let (Some(reason), false) = (session.privilege(), target.login.allows_privileged) {
                let reason = reason.to_owned();
                session.give_back();
                return Err(WarehouseError::Privileged(reason));
            }
            match session.begin(limits).await {
                Ok(()) => return Ok(session),
                // One that died while it was idle says nothing about the server.
                Err(_) if !session.is_new() => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[async_trait]
impl Engine for Postgres {
    async fn run(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError> {
        let mut session = self.session(target, limits).await?;
        let outcome = read(&session, sql, limits).await;
        match outcome {
            Ok((table, is_over)) => {
                if !is_over && session.end().await {
                    session.give_back();
                }
                Ok(table)
            }
            Err(trouble) => Err(trouble.explained(&mut session, limits.timeout).await),
        }
    }

    async fn estimate(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<Option<Estimate>, WarehouseError> {
        let mut session = self.session(target, limits).await?;
        match plan(&session, sql).await {
            Ok(estimate) => {
                if session.end().await {
                    session.give_back();
                }
                Ok(estimate)
            }
            Err(trouble) => Err(trouble.explained(&mut session, limits.timeout).await),
        }
    }

    async fn test(&self, target: &Target) -> Result<Tested, WarehouseError> {
        let mut session = self.sessions.opener().enter(target).await?;
        let limits = RunLimits { timeout: Duration::from_secs(10), ..RunLimits::default() };
        session.begin(limits).await?;
        match privileges::tested(&session, target).await {
            Ok(tested) => {
                session.end().await;
                Ok(tested)
            }
            Err(error) => Err(Trouble::new(error, 0).explained(&mut session, limits.timeout).await),
        }
    }

    async fn discover(
        &self,
        target: &Target,
        wish: &Discovery,
    ) -> Result<Vec<Table>, WarehouseError> {
        let limits = RunLimits { timeout: wish.timeout, ..RunLimits::default() };
        let mut session = self.session(target, limits).await?;
        let tables = discover::discover(&mut session, target, wish).await?;
        if session.is_clean() {
            session.give_back();
        }
        Ok(tables)
    }
}

/// The rows, and whether the session is over because there were too many bytes, or because it
/// learned of types that it cannot unlearn.
async fn read(
    session: &Session,
    sql: &str,
    limits: RunLimits,
) -> Result<(ResultTable, bool), Trouble> {
    let statement = session.client().prepare(sql).await.map_err(|error| Trouble::new(error, 0))?;
    let columns = statement
        .columns()
        .iter()
        .map(|column| ResultColumn {
            name: column.name().to_owned(),
            kind: decode::kind_of(column.type_()),
        })
        .collect();
    let rows = Collector::new(columns, limits);
    let is_plain = statement.columns().iter().all(|column| decode::is_known(column.type_()));
    if is_plain {
        return read_binary(session, &statement, rows).await;
    }
    // The client keeps prepared look-ups of foreign types, which `DISCARD ALL` would break.
    read_text(session, sql, rows).await.map(|table| (table, true))
}

async fn read_binary(
    session: &Session,
    statement: &Statement,
    mut rows: Collector,
) -> Result<(ResultTable, bool), Trouble> {
    let at = |error| Trouble::new(error, 0);
    let none: [i32; 0] = [];
    let stream = session.client().query_raw(statement, none).await.map_err(at)?;
    pin_mut!(stream);
    loop {
        match stream.try_next().await {
            Ok(Some(row)) => {
                if !rows.push(decode::cells(&row).map_err(at)?) {
                    return Ok((rows.finish(), true));
                }
            }
            Ok(None) => return Ok((rows.finish(), false)),
            Err(_) if session.is_over_budget() => return Ok((rows.finish_truncated(), true)),
            Err(error) => return Err(at(error)),
        }
    }
}

async fn read_text(
    session: &Session,
    sql: &str,
    mut rows: Collector,
) -> Result<ResultTable, Trouble> {
    let at = |error| Trouble::new(error, CURSOR.len());
    let kinds: Vec<ColumnType> = rows.columns().iter().map(|column| column.kind).collect();
    session.client().execute(&format!("{CURSOR}{sql}"), &[]).await.map_err(at)?;
    loop {
        let step = format!("FETCH FORWARD {CURSOR_STEP} FROM starling");
        let stream = session.client().simple_query_raw(&step).await.map_err(at)?;
        pin_mut!(stream);
        let mut came = 0;
        loop {
            match stream.try_next().await {
                Ok(Some(SimpleQueryMessage::Row(row))) => {
                    came += 1;
                    if !rows.push(text::cells(&row, &kinds)) {
                        return Ok(rows.finish());
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) if session.is_over_budget() => return Ok(rows.finish_truncated()),
                Err(error) => return Err(at(error)),
            }
        }
        if came < CURSOR_STEP {
            return Ok(rows.finish());
        }
    }
}

/// What the planner thinks of the statement, which is not run.
async fn plan(session: &Session, sql: &str) -> Result<Option<Estimate>, Trouble> {
    let at = |error| Trouble::new(error, EXPLAIN.len());
    let row = session.client().query_one(&format!("{EXPLAIN}{sql}"), &[]).await.map_err(at)?;
    let plans: serde_json::Value = row.try_get(0).map_err(at)?;
    let root = &plans[0]["Plan"];
    Ok(root["Total Cost"].as_f64().map(|cost| Estimate { cost, rows: Some(rows_read(root)) }))
}

/// Rows that the leaves of a plan, which read tables, are expected to give.
fn rows_read(node: &serde_json::Value) -> u64 {
    let below = node["Plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    if below.is_empty() {
        return node["Plan Rows"].as_u64().unwrap_or_default();
    }
    below.iter().map(rows_read).fold(0, u64::saturating_add)
}
