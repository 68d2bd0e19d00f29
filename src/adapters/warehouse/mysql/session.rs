//! One session, from the socket to its end.
//!
//! **Invariant:** a session that is dropped while it may be working is killed over a second session.
//! The whole session is killed, not the statement only: a kill that comes before the statement would
//! hit nothing.

use std::time::Duration;

use async_trait::async_trait;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, DriverError, Error, Opts, OptsBuilder, SslOpts};
use starling_actors::ports::{RunLimits, WarehouseError};

use super::super::dial::Reach;
use super::super::login::{Login, SslMode};
use super::super::sessions::Opener;
use super::super::{Target, tls};
use super::error::entry_error;
use super::privileges;

/// The usual port.
const PORT: u16 = 3306;
/// For socket, handshake and sign-in.
const ENTRY_TIMEOUT: Duration = Duration::from_secs(10);
/// Seconds that a statement waits for a lock that somebody else holds.
const LOCK_SECONDS: u64 = 3;
/// Bytes of one row at most: the client library reads a row whole before anybody can look at it.
const ROW_BYTES_MAX: usize = 32 << 20;
/// For killing a session.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

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
        let addresses = self.reach.resolve(&login.host, login.port.unwrap_or(PORT)).await?;
        let addresses = addresses.iter().map(std::net::SocketAddr::ip).collect::<Vec<_>>();
        let builder = builder(login).resolved_ips(Some(addresses));
        let slow = |_| WarehouseError::Unreachable("its server does not answer".to_owned());
        let entry = tokio::time::timeout(ENTRY_TIMEOUT, connect(login, builder));
        let (conn, opts) = entry.await.map_err(slow)?.map_err(|error| entry_error(&error))?;
        let id = conn.id();
        let mut session = Session {
            conn: Some(conn),
            opts,
            id,
            is_busy: true,
            is_maria: false,
            server: String::new(),
            privilege: None,
        };
        let asked = tokio::time::timeout(ENTRY_TIMEOUT, session.learn());
        asked.await.map_err(slow)?.map_err(|error| entry_error(&error))?;
        session.is_busy = false;
        Ok(session)
    }
}

#[async_trait]
impl Opener for Door {
    type Session = Session;

    async fn open(&self, target: &Target) -> Result<Session, WarehouseError> {
        self.enter(target).await
    }

    fn is_open(&self, session: &Session) -> bool {
        !session.is_busy
    }
}

fn builder(login: &Login) -> OptsBuilder {
    let (user, password) = login.reader();
    OptsBuilder::default()
        .ip_or_hostname(login.host.clone())
        .tcp_port(login.port.unwrap_or(PORT))
        .user(Some(user))
        .pass(password)
        .db_name(Some(login.database.clone()).filter(|name| !name.is_empty()))
        // The library would go on over a socket file that the server names.
        .prefer_socket(false)
        .tcp_nodelay(true)
        .stmt_cache_size(0)
        .max_allowed_packet(Some(ROW_BYTES_MAX))
}

async fn connect(login: &Login, builder: OptsBuilder) -> mysql_async::Result<(Conn, Opts)> {
    let plain = Opts::from(builder.clone());
    let Some(ssl) = encryption(login) else {
        return Ok((Conn::new(plain.clone()).await?, plain));
    };
    let encrypted = Opts::from(builder.ssl_opts(ssl));
    match Conn::new(encrypted.clone()).await {
        Err(Error::Driver(DriverError::NoClientSslFlagFromServer))
            if login.ssl_mode == SslMode::Prefer =>
        {
            Ok((Conn::new(plain.clone()).await?, plain))
        }
        outcome => Ok((outcome?, encrypted)),
    }
}

fn encryption(login: &Login) -> Option<SslOpts> {
    tls::install_provider();
    let options = SslOpts::default();
    let further = login.authorities.clone().map(String::into_bytes);
    let known = options.clone().with_root_certs(further.into_iter().map(Into::into).collect());
    match login.ssl_mode {
        SslMode::Disable => None,
        SslMode::Prefer | SslMode::Require => Some(
            options.with_danger_accept_invalid_certs(true).with_danger_skip_domain_validation(true),
        ),
        SslMode::VerifyCa => Some(known.with_danger_skip_domain_validation(true)),
        SslMode::VerifyFull => Some(known),
    }
}

/// A session with a server.
pub(super) struct Session {
    /// Present until the session is dropped.
    conn: Option<Conn>,
    opts: Opts,
    id: u32,
    is_busy: bool,
    is_maria: bool,
    server: String,
    privilege: Option<String>,
}

impl Session {
    #[expect(clippy::expect_used, reason = "taken in `drop` alone")]
    pub(super) fn conn(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("the connection is there until the session is dropped")
    }

    /// What the role may do beyond reading, which no query should run under.
    pub(super) fn privilege(&self) -> Option<&str> {
        self.privilege.as_deref()
    }

    /// What answered: `MariaDB 10.11.6`.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Whether nothing is going on and nothing is left behind.
    pub(super) const fn is_clean(&self) -> bool {
        !self.is_busy
    }

    async fn learn(&mut self) -> mysql_async::Result<()> {
        let version: Option<String> = self.conn().query_first("SELECT VERSION()").await?;
        let version = version.unwrap_or_default();
        self.is_maria = version.contains("MariaDB");
        let product = if self.is_maria { "MariaDB" } else { "MySQL" };
        self.server = format!("{product} {}", version.split('-').next().unwrap_or_default());
        self.privilege = privileges::privilege(self.conn()).await?;
        Ok(())
    }

    /// Begins a transaction that cannot write, in a session that is bound in time.
    pub(super) async fn begin(&mut self, limits: RunLimits) -> Result<(), WarehouseError> {
        self.is_busy = true;
        let millis = limits.timeout.as_millis().max(1);
        // MariaDB has its limit in seconds, with a fraction, and other rules for GROUP BY.
        let (limit, mode) = if self.is_maria {
            let seconds = format!("{}.{:03}", millis / 1000, millis % 1000);
            (format!("max_statement_time = {seconds}"), "")
        } else {
            (format!("max_execution_time = {millis}"), "ONLY_FULL_GROUP_BY,")
        };
        let settings = format!(
            "SET SESSION {limit}, SESSION lock_wait_timeout = {LOCK_SECONDS},
             SESSION innodb_lock_wait_timeout = {LOCK_SECONDS},
             SESSION sql_mode = '{mode}STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'"
        );
        for words in
            [settings.as_str(), "SET SESSION TRANSACTION READ ONLY", "START TRANSACTION READ ONLY"]
        {
            self.conn().query_drop(words).await.map_err(|error| entry_error(&error))?;
        }
        Ok(())
    }

    /// Takes back everything and forgets what the statement may have left: named locks, variables,
    /// settings. Whether that worked, and the session may be used again.
    pub(super) async fn end(&mut self) -> bool {
        let is_clean = self.conn().query_drop("ROLLBACK").await.is_ok()
            && self.conn().reset().await.unwrap_or_default();
        self.is_busy = !is_clean;
        is_clean
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (opts, id, is_busy) = (self.opts.clone(), self.id, self.is_busy);
        runtime.spawn(async move {
            let freed = tokio::time::timeout(KILL_TIMEOUT, async {
                if is_busy {
                    kill(opts, id).await?;
                    drop(conn);
                    return Ok(());
                }
                conn.disconnect().await
            });
            if !matches!(freed.await, Ok(Ok(()))) {
                tracing::debug!("a MySQL session was not ended in order");
            }
        });
    }
}

async fn kill(opts: Opts, id: u32) -> mysql_async::Result<()> {
    let mut conn = Conn::new(opts).await?;
    match conn.query_drop(format!("KILL {id}")).await {
        // It is gone already.
        Err(Error::Server(error)) if error.code == 1094 => {}
        outcome => outcome?,
    }
    conn.disconnect().await
}
