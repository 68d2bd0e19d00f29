//! One session, from the socket to its end.
//!
//! **Invariant:** a session that is dropped while it may be working is cancelled on the server, again
//! and again until its socket closes: a cancel request that comes before the statement hits nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::ports::{RunLimits, WarehouseError};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode as Encryption;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::dial::{Reach, connect};
use super::super::login::SslMode;
use super::super::sessions::Opener;
use super::super::tls::client_config;
use super::super::{Login, Target};
use super::error::entry_error;
use super::privileges;
use super::stream::{Budget, Metered};

/// The usual port.
const PORT: u16 = 5432;
/// For handshake and sign-in, once the socket is open.
const ENTRY_TIMEOUT: Duration = Duration::from_secs(8);
/// How long a statement waits for a lock that somebody else holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);
/// Between two cancel requests, and how many there are at most.
const CANCEL_PAUSE: Duration = Duration::from_millis(150);
const CANCEL_TRIES: usize = 20;
/// What comes in outside of queries: catalogs, errors, handshakes.
const OVERHEAD_BYTES: u64 = 16 << 20;
/// Bytes on the wire for one byte of a cell, where cells are small and have their lengths before them.
const WIRE_FACTOR: u64 = 4;

/// Opens sessions.
pub(super) struct Door {
    reach: Reach,
}

impl Door {
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach }
    }

    /// A session, whatever its role may do.
    pub(super) async fn enter(&self, target: &Target) -> Result<Session, WarehouseError> {
        let login = &target.login;
        let port = login.port.unwrap_or(PORT);
        let addresses = self.reach.resolve(&login.host, port).await?;
        let tls = Encrypted::of(login)?;
        let socket = connect(&addresses).await?;
        let address = socket.peer_addr().map_err(|_| lost())?;
        let budget = Budget::new(OVERHEAD_BYTES);
        let socket = Metered::new(socket, budget.clone());
        let config = config(login);
        let entry = tokio::time::timeout(ENTRY_TIMEOUT, tls.connect(&config, socket));
        let slow = || WarehouseError::Unreachable("its server does not answer".to_owned());
        let (client, driver) = entry.await.map_err(|_| slow())??;
        let canceller = Canceller { token: client.cancel_token(), address, tls };
        let mut session = Session {
            client: Some(client),
            driver: Some(driver),
            canceller,
            budget,
            is_busy: true,
            privilege: None,
        };
        let asked = tokio::time::timeout(ENTRY_TIMEOUT, privileges::privilege(session.client()));
        let asked = asked.await.map_err(|_| slow())?;
        session.privilege = asked.map_err(|error| entry_error(&error))?;
        session.is_busy = false;
        Ok(session)
    }
}

fn lost() -> WarehouseError {
    WarehouseError::Unreachable("the connection was lost".to_owned())
}

#[async_trait]
impl Opener for Door {
    type Session = Session;

    async fn open(&self, target: &Target) -> Result<Session, WarehouseError> {
        self.enter(target).await
    }

    fn is_open(&self, session: &Session) -> bool {
        !session.client().is_closed()
    }
}

fn config(login: &Login) -> Config {
    let mut config = Config::new();
    let (user, password) = login.reader();
    config.user(user).dbname(&login.database).application_name("starling");
    if let Some(password) = password {
        config.password(password);
    }
    config.ssl_mode(match login.ssl_mode {
        SslMode::Disable => Encryption::Disable,
        SslMode::Prefer => Encryption::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Encryption::Require,
    });
    config
}

/// How sockets to one server are encrypted.
#[derive(Clone)]
struct Encrypted {
    host: Arc<str>,
    maker: Option<MakeRustlsConnect>,
}

impl Encrypted {
    fn of(login: &Login) -> Result<Self, WarehouseError> {
        let maker = match login.ssl_mode {
            SslMode::Disable => None,
            SslMode::Prefer | SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
                Some(MakeRustlsConnect::new(client_config(login)?))
            }
        };
        Ok(Self { host: login.host.as_str().into(), maker })
    }

    async fn connect(
        &self,
        config: &Config,
        socket: Metered,
    ) -> Result<(Client, JoinHandle<()>), WarehouseError> {
        let failed = |error| entry_error(&error);
        match self.maker.clone() {
            None => {
                let (client, driver) = config.connect_raw(socket, NoTls).await.map_err(failed)?;
                Ok((client, tokio::spawn(drive(driver))))
            }
            Some(mut maker) => {
                let Ok(tls) = MakeTlsConnect::<Metered>::make_tls_connect(&mut maker, &self.host);
                let (client, driver) = config.connect_raw(socket, tls).await.map_err(failed)?;
                Ok((client, tokio::spawn(drive(driver))))
            }
        }
    }
}

async fn drive<S, T>(driver: tokio_postgres::Connection<S, T>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    if driver.await.is_err() {
        // Why is told to whoever waits for an answer; its text may hold what was asked.
        tracing::debug!("a PostgreSQL session ended early");
    }
}

/// Asks the server to stop what a session does.
#[derive(Clone)]
struct Canceller {
    token: CancelToken,
    address: SocketAddr,
    tls: Encrypted,
}

impl Canceller {
    async fn cancel(&self) {
        let Ok(socket) = connect(&[self.address]).await else { return };
        let socket = Metered::new(socket, Budget::new(OVERHEAD_BYTES));
        let sent = match self.tls.maker.clone() {
            None => self.token.cancel_query_raw(socket, NoTls).await,
            Some(mut maker) => {
                let Ok(tls) =
                    MakeTlsConnect::<Metered>::make_tls_connect(&mut maker, &self.tls.host);
                self.token.cancel_query_raw(socket, tls).await
            }
        };
        if sent.is_err() {
            tracing::debug!("a cancel request was not taken");
        }
    }

    /// Cancels until the session's socket is closed, which its client's end asked for.
    async fn free(self, mut driver: JoinHandle<()>) {
        for _ in 0..CANCEL_TRIES {
            self.cancel().await;
            if tokio::time::timeout(CANCEL_PAUSE, &mut driver).await.is_ok() {
                return;
            }
        }
        driver.abort();
    }
}

/// A session with a server.
pub(super) struct Session {
    /// Present until the session is dropped.
    client: Option<Client>,
    driver: Option<JoinHandle<()>>,
    canceller: Canceller,
    budget: Budget,
    is_busy: bool,
    privilege: Option<String>,
}

impl Session {
    #[expect(clippy::expect_used, reason = "taken in `drop` alone")]
    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().expect("the client is there until the session is dropped")
    }

    /// What the role may do beyond reading, which no query should run under.
    pub(super) fn privilege(&self) -> Option<&str> {
        self.privilege.as_deref()
    }

    /// Whether nothing is going on and nothing is left behind.
    pub(super) const fn is_clean(&self) -> bool {
        !self.is_busy
    }

    /// Whether the socket failed because more came in than the limits allow.
    pub(super) fn is_over_budget(&self) -> bool {
        self.budget.is_spent()
    }

    /// Begins a transaction that cannot write, bound in time, where quotation marks mean what the
    /// guard took them for. The settings are gone with it.
    pub(super) async fn begin(&mut self, limits: RunLimits) -> Result<(), WarehouseError> {
        self.is_busy = true;
        let bytes_max = u64::try_from(limits.bytes_max).unwrap_or(u64::MAX);
        self.budget.set(bytes_max.saturating_mul(WIRE_FACTOR).saturating_add(OVERHEAD_BYTES));
        let timeout = limits.timeout.as_millis().max(1);
        let lock = LOCK_TIMEOUT.as_millis().min(timeout);
        let words = format!(
            "BEGIN READ ONLY;
             SET LOCAL statement_timeout = {timeout};
             SET LOCAL lock_timeout = {lock};
             SET LOCAL idle_in_transaction_session_timeout = {timeout};
             SET LOCAL search_path = pg_catalog;
             SET LOCAL standard_conforming_strings = on;
             SET LOCAL bytea_output = hex;
             SET LOCAL datestyle = ISO"
        );
        self.client().batch_execute(&words).await.map_err(|error| entry_error(&error))
    }

    /// Takes back everything and forgets what the statement may have left: advisory locks, temporary
    /// tables, settings. Whether that worked, and the session may be used again.
    pub(super) async fn end(&mut self) -> bool {
        let is_clean = self.client().batch_execute("ROLLBACK").await.is_ok()
            && self.client().batch_execute("DISCARD ALL").await.is_ok();
        self.is_busy = !is_clean;
        is_clean
    }

    /// Takes back the transaction, to ask something else in the same session.
    pub(super) async fn roll_back(&mut self) -> bool {
        self.client().batch_execute("ROLLBACK").await.is_ok()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without its client the driver says good-bye, once the server has answered.
        self.client = None;
        if let (true, Some(driver)) = (self.is_busy, self.driver.take())
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(self.canceller.clone().free(driver));
        }
    }
}
