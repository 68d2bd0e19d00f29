//! MySQL and MariaDB.
//!
//! ```text
//!   lend a session ─▶ SET SESSION limits ─▶ START TRANSACTION READ ONLY ─▶ prepare ─▶ rows, counted
//!                  ─▶ ROLLBACK ─▶ reset ─▶ give back
//!     any error, time-out, cancel, drop ─▶ KILL over a second session, session dropped
//! ```
//!
//! The guarded statement is always prepared, which takes one statement, even though the client library
//! announces that it could send many; one that gives no rows is not run, because statements that
//! define tables step out of a read-only transaction. The SQL mode is set: what the guard rendered means the same on
//! every server, whatever its own mode says of quotation marks and backslashes.

mod discover;
mod error;
mod plan;
mod privileges;
mod session;
mod value;

use std::time::Duration;

use async_trait::async_trait;
use mysql_async::ServerError;
use mysql_async::prelude::Queryable;
use starling_actors::domain::{ResultTable, Table};
use starling_actors::ports::{Discovery, Estimate, RunLimits, Tested, WarehouseError};

use super::collect::Collector;
use super::dial::Reach;
use super::sessions::{Lease, Sessions};
use super::{Engine, Target};
use session::{Door, Session};

/// What is put before a statement whose cost is asked.
const EXPLAIN: &str = "EXPLAIN FORMAT=JSON ";

/// The engine for MySQL and MariaDB.
pub(super) struct MySql {
    sessions: Sessions<Door>,
}

impl MySql {
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
impl Engine for MySql {
    async fn run(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError> {
        let mut session = self.session(target, limits).await?;
        match read(&mut session, sql, limits).await {
            Ok((table, is_over)) => {
                if !is_over && session.end().await {
                    session.give_back();
                }
                Ok(table)
            }
            Err(error) => Err(error::explained(&error, &mut session, limits.timeout).await),
        }
    }

    async fn estimate(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<Option<Estimate>, WarehouseError> {
        let mut session = self.session(target, limits).await?;
        let plan: Result<Option<String>, _> =
            session.conn().exec_first(format!("{EXPLAIN}{sql}"), ()).await;
        match plan {
            Ok(plan) => {
                if session.end().await {
                    session.give_back();
                }
                Ok(plan.as_deref().and_then(plan::estimate))
            }
            Err(error) => Err(error::explained(&error, &mut session, limits.timeout).await),
        }
    }

    async fn test(&self, target: &Target) -> Result<Tested, WarehouseError> {
        let mut session = self.sessions.opener().enter(target).await?;
        let limits = RunLimits { timeout: Duration::from_secs(10), ..RunLimits::default() };
        session.begin(limits).await?;
        match privileges::tested(&mut session).await {
            Ok(tested) => {
                session.end().await;
                Ok(tested)
            }
            Err(error) => Err(error::explained(&error, &mut session, limits.timeout).await),
        }
    }

    async fn discover(
        &self,
        target: &Target,
        wish: &Discovery,
    ) -> Result<Vec<Table>, WarehouseError> {
        let limits = RunLimits { timeout: wish.timeout, ..RunLimits::default() };
        let mut session = self.session(target, limits).await?;
        let tables = discover::discover(&mut session, wish).await?;
        if session.is_clean() {
            session.give_back();
        }
        Ok(tables)
    }
}

/// What a statement that gives no rows is refused with. A statement that defines tables ends the
/// read-only transaction by itself and would then be run.
fn writing() -> ServerError {
    let message = "no rows would come of it".to_owned();
    ServerError { code: 1792, message, state: "25006".to_owned() }
}

/// The rows, and whether the session is over because not all of them were read.
async fn read(
    session: &mut Session,
    sql: &str,
    limits: RunLimits,
) -> mysql_async::Result<(ResultTable, bool)> {
    let statement = session.conn().prep(sql).await?;
    if statement.columns().is_empty() {
        return Err(mysql_async::Error::Server(writing()));
    }
    let mut found = session.conn().exec_iter(statement, ()).await?;
    let columns = found.columns_ref().iter().map(value::column).collect();
    let mut rows = Collector::new(columns, limits);
    loop {
        match found.next().await {
            Ok(Some(row)) => {
                if !rows.push(value::cells(row)) {
                    return Ok((rows.finish(), true));
                }
            }
            Ok(None) => return Ok((rows.finish(), false)),
            // A row larger than what we take.
            Err(error) if error::is_too_large(&error) => {
                return Ok((rows.finish_truncated(), true));
            }
            Err(error) => return Err(error),
        }
    }
}
