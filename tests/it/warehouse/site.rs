//! One engine with Chinook, as the contract sees it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use starling::adapters::warehouse::{
    Credentials, CredentialsError, Login, Reach, Secret, Warehouses,
};
use starling_actors::domain::{
    Access, Cell, Connection, ConnectionId, ConnectionKind, GuardedSql, OrgId, ResultTable,
};
use starling_actors::ports::{RunLimits, Warehouse, WarehouseError};
use tokio_util::sync::CancellationToken;

use crate::engines::{self, Watch};

/// How an engine says what the contract asks.
pub(crate) struct Speech {
    /// The numbers from 1 to `{n}` as `n`.
    pub(crate) numbers: &'static str,
    /// Never ends; `{mark}` is somewhere in a string of it.
    pub(crate) forever: &'static str,
    /// One text of `{n}` letters.
    pub(crate) long_text: &'static str,
    /// How the artists' table is written in a query.
    pub(crate) artists: &'static str,
    /// Statements that would write, given a role that may.
    pub(crate) writes: &'static [&'static str],
    /// Fails with a text that has the name of artist 1 in it.
    pub(crate) leaks: &'static str,
}

/// One login for all that ask; tests change it.
pub(crate) struct Logins(pub(crate) Mutex<Login>);

#[async_trait]
impl Credentials for Logins {
    async fn of(&self, _: OrgId, _: ConnectionId) -> Result<Login, CredentialsError> {
        Ok(self.0.lock().clone())
    }
}

pub(crate) struct Site {
    pub(crate) warehouses: Arc<Warehouses>,
    pub(crate) connection: Connection,
    pub(crate) logins: Arc<Logins>,
    pub(crate) speech: Speech,
    pub(crate) watch: Box<dyn Watch>,
}

impl Site {
    pub(crate) fn new(
        kind: ConnectionKind,
        login: Login,
        speech: Speech,
        watch: impl Watch + 'static,
    ) -> Self {
        let logins = Arc::new(Logins(Mutex::new(login)));
        let warehouses = Warehouses::new(Arc::clone(&logins) as _, Reach::open())
            .with_worker(env!("CARGO_BIN_EXE_starling").into());
        let connection = Connection {
            id: ConnectionId::from_u128(1),
            org: OrgId::from_u128(1),
            name: "shop".to_owned(),
            kind,
            access: Access::Organization,
            is_active: true,
            version: 1,
        };
        let warehouses = Arc::new(warehouses);
        Self { warehouses, connection, logins, speech, watch: Box::new(watch) }
    }

    /// The same engine entered as somebody whose password is their name.
    pub(crate) fn entered_by(mut self, user: &str) -> Self {
        {
            let mut login = self.logins.0.lock();
            login.user = user.to_owned();
            login.password = Some(Secret::new(user));
        }
        self.connection.version += 1;
        self
    }

    pub(crate) fn sql(&self, text: &str) -> GuardedSql {
        GuardedSql::trusted(self.connection.kind.dialect(), text)
    }

    pub(crate) async fn run_within(
        &self,
        text: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError> {
        let cancel = CancellationToken::new();
        self.warehouses.run(&self.connection, &self.sql(text), limits, &cancel).await
    }

    pub(crate) async fn run(&self, text: &str) -> Result<ResultTable, WarehouseError> {
        self.run_within(text, RunLimits::default()).await
    }

    pub(crate) async fn rows(&self, text: &str) -> Vec<Vec<Cell>> {
        self.run(text).await.unwrap_or_else(|error| panic!("{text}: {error}")).rows
    }

    /// Waits until the engine works on so many statements with the mark, at most `patience`.
    pub(crate) async fn until_working(&self, mark: &str, count: usize, patience: Duration) {
        engines::until_working(&*self.watch, mark, count, patience).await;
    }
}

/// The parts of `scheme://user:password@host:port/database`.
pub(crate) fn login_of(variable: &str) -> Login {
    let url = engines::variable(variable);
    let rest = url.split_once("://").unwrap().1;
    let (who, place) = rest.split_once('@').unwrap();
    let (user, password) = who.split_once(':').unwrap();
    let (host, database) = place.split_once('/').unwrap();
    let (host, port) = host.split_once(':').unwrap();
    Login {
        host: host.to_owned(),
        port: Some(port.parse().unwrap()),
        database: database.to_owned(),
        user: user.to_owned(),
        password: Some(Secret::new(password)),
        ..Login::default()
    }
}
