//! Customers' databases behind the port `Warehouse`.
//!
//! ```text
//!   query pool ─▶ Warehouses (login, clock, cancel) ─▶ engine ─▶ a session of its own ─▶ database
//!                                                            └▶ a child process (SQLite, uploads)
//! ```
//!
//! Every engine does its work in one future and cleans up when that future is dropped: time-out and
//! cancel are the same thing here, a dropped future, and the engine's session guard makes the database
//! stop. So none of the engines has a second way out that could be forgotten.
//!
//! **Invariant:** what an engine says in an error is looked at and never passed on ([`meaning`]).

mod child;
mod collect;
mod demo_shop;
mod dial;
mod frame;
mod import;
mod login;
mod meaning;
mod mysql;
mod postgres;
mod profile;
mod secrecy;
mod sessions;
mod snowflake;
mod sqlite;
mod tls;
pub mod worker;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::{
    Connection, ConnectionId, ConnectionKind, GuardedSql, ResultTable, Table,
};
use starling_actors::ports::{Discovery, Estimate, RunLimits, Tested, Warehouse, WarehouseError};
use tokio_util::sync::CancellationToken;

pub use demo_shop::build as build_demo_shop;
pub use dial::Reach;
pub use import::{ImportError, ImportKind, ImportLimits, ImportProgress, ImportReport, Importer};
pub use login::{Credentials, CredentialsError, Login, Secret, SslMode};
pub use secrecy::looks_secret;

use child::Nursery;
use mysql::MySql;
use postgres::Postgres;
use snowflake::Snowflake;
use sqlite::Sqlite;

/// How long a test of a connection may take: a person looks at a spinning wheel.
const TEST_TIMEOUT: Duration = Duration::from_secs(15);
/// What our own clock gives an engine beyond its own time limit, whose error is the better one.
const GRACE: Duration = Duration::from_millis(500);

/// One connection, as an engine is given it.
#[derive(Debug)]
struct Target {
    id: ConnectionId,
    version: u64,
    login: Login,
}

/// What every kind of database does, each in its own way.
///
/// Contract: dropping a future of it frees the database within a second.
#[async_trait]
trait Engine: Send + Sync {
    async fn run(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError>;

    async fn estimate(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<Option<Estimate>, WarehouseError>;

    async fn test(&self, target: &Target) -> Result<Tested, WarehouseError>;

    async fn discover(
        &self,
        target: &Target,
        wish: &Discovery,
    ) -> Result<Vec<Table>, WarehouseError>;
}

/// All kinds of databases: finds the login and the engine, and keeps the time.
pub struct Warehouses {
    credentials: Arc<dyn Credentials>,
    postgres: Postgres,
    mysql: MySql,
    sqlite: Sqlite,
    snowflake: Snowflake,
}

impl fmt::Debug for Warehouses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Warehouses")
    }
}

impl Warehouses {
    /// Warehouses whose logins come from `credentials`, and which go only where `reach` lets them.
    pub fn new(credentials: Arc<dyn Credentials>, reach: Reach) -> Self {
        Self {
            credentials,
            postgres: Postgres::new(reach.clone()),
            mysql: MySql::new(reach.clone()),
            sqlite: Sqlite::new(Nursery::new(None)),
            snowflake: Snowflake::new(reach, None),
        }
    }

    /// The same with child processes of another program: this one's server, when this one is a test.
    #[must_use]
    pub fn with_worker(mut self, program: PathBuf) -> Self {
        self.sqlite = Sqlite::new(Nursery::new(Some(program)));
        self
    }

    /// The same with another address for every Snowflake account: a server that speaks like it.
    #[must_use]
    pub fn with_snowflake_at(mut self, base_url: String) -> Self {
        self.snowflake = Snowflake::new(Reach::open(), Some(base_url));
        self
    }

    fn engine(&self, kind: ConnectionKind) -> &dyn Engine {
        match kind {
            ConnectionKind::PostgreSql => &self.postgres,
            ConnectionKind::MySql => &self.mysql,
            ConnectionKind::Sqlite | ConnectionKind::Csv | ConnectionKind::Excel => &self.sqlite,
            ConnectionKind::Snowflake => &self.snowflake,
        }
    }

    async fn target(&self, connection: &Connection) -> Result<Target, WarehouseError> {
        if !connection.is_active {
            return Err(WarehouseError::Unreachable("the connection is switched off".to_owned()));
        }
        let login = self.credentials.of(connection.org, connection.id).await.map_err(|error| {
            tracing::warn!(connection = %connection.id, %error, "no login for a connection");
            WarehouseError::Unreachable(match error {
                CredentialsError::File(words) => words.to_owned(),
                CredentialsError::Missing
                | CredentialsError::Sealed
                | CredentialsError::Unavailable => "its login cannot be read".to_owned(),
            })
        })?;
        Ok(Target { id: connection.id, version: connection.version, login })
    }
}

/// The outcome, unless the time is up or it is called off first: then `work` is dropped.
async fn within<T>(
    timeout: Duration,
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, WarehouseError>>,
) -> Result<T, WarehouseError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(WarehouseError::Cancelled),
        outcome = work => outcome,
        () = tokio::time::sleep(timeout.saturating_add(GRACE)) => {
            Err(WarehouseError::Timeout(timeout))
        }
    }
}

fn in_its_language(connection: &Connection, sql: &GuardedSql) -> Result<(), WarehouseError> {
    if connection.kind.dialect() == sql.dialect() {
        return Ok(());
    }
    Err(WarehouseError::Query {
        code: "0A000".to_owned(),
        meaning: "the statement is written for another kind of database".to_owned(),
        position: None,
        names: Vec::new(),
    })
}

#[async_trait]
impl Warehouse for Warehouses {
    async fn run(
        &self,
        connection: &Connection,
        sql: &GuardedSql,
        limits: RunLimits,
        cancel: &CancellationToken,
    ) -> Result<ResultTable, WarehouseError> {
        in_its_language(connection, sql)?;
        within(limits.timeout, cancel, async {
            let target = self.target(connection).await?;
            self.engine(connection.kind).run(&target, sql.as_str(), limits).await
        })
        .await
    }

    async fn estimate(
        &self,
        connection: &Connection,
        sql: &GuardedSql,
        limits: RunLimits,
        cancel: &CancellationToken,
    ) -> Result<Option<Estimate>, WarehouseError> {
        in_its_language(connection, sql)?;
        within(limits.timeout, cancel, async {
            let target = self.target(connection).await?;
            self.engine(connection.kind).estimate(&target, sql.as_str(), limits).await
        })
        .await
    }

    async fn test(&self, connection: &Connection) -> Result<Tested, WarehouseError> {
        within(TEST_TIMEOUT, &CancellationToken::new(), async {
            let target = self.target(connection).await?;
            self.engine(connection.kind).test(&target).await
        })
        .await
    }

    async fn discover(
        &self,
        connection: &Connection,
        wish: &Discovery,
        cancel: &CancellationToken,
    ) -> Result<Vec<Table>, WarehouseError> {
        within(wish.timeout, cancel, async {
            let target = self.target(connection).await?;
            self.engine(connection.kind).discover(&target, wish).await
        })
        .await
    }
}
