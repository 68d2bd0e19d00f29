//! Opens the login of a connection, for whoever enters the database.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use starling_actors::domain::{ConnectionId, OrgId};

use super::Data;
use super::connection_form::record_of;
use super::shared_files::Hold;
use super::stored::connection::{Secrets, StoredConnection};
use super::vault::{Place, Sealed, VaultError};

/// Everything that is needed to enter a database, in the clear. Never printed.
#[derive(Clone, Default)]
pub struct DatabaseLogin {
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: Option<u16>,
    /// The database on it.
    pub database: String,
    /// Who enters.
    pub username: String,
    /// Their password.
    pub password: Option<String>,
    /// A user that can only read, with their password.
    pub readonly: Option<(String, Option<String>)>,
    /// A word for how the session is encrypted; empty: the usual way.
    pub ssl_mode: String,
    /// Where the file of a SQLite database is.
    pub file: Option<PathBuf>,
    /// Keeps it there.
    pub hold: Option<Hold>,
    /// Snowflake's account.
    pub account: String,
    /// Snowflake's warehouse.
    pub warehouse: String,
    /// The namespace that discovery keeps to.
    pub schema: String,
    /// Snowflake's role.
    pub role: String,
    /// Snowflake's private key in PEM.
    pub private_key: Option<String>,
    /// Whether an admin allows a role that could write.
    pub allows_privileged: bool,
    /// Further settings by name.
    pub extra: BTreeMap<String, String>,
}

impl fmt::Debug for DatabaseLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseLogin")
    }
}

/// Why there is no login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// No such connection in this organization.
    #[error("there is no such connection")]
    Missing,
    /// Its secrets do not open here.
    #[error(transparent)]
    Sealed(#[from] VaultError),
    /// Its file cannot be had, for this reason.
    #[error("{0}")]
    File(&'static str),
    /// The store did not answer.
    #[error("the store of connections does not answer")]
    Unavailable,
}

impl Data {
    /// How the database of a connection is entered.
    pub async fn login(&self, org: OrgId, id: ConnectionId) -> Result<DatabaseLogin, LoginError> {
        let found = self.stored_connection(org, id).await.map_err(|_| LoginError::Unavailable)?;
        let connection = found.ok_or(LoginError::Missing)?.value;
        let Secrets { password, readonly_password, private_key, extra_config } =
            &connection.secrets;
        let open = |field, sealed: &Option<Sealed>| self.opened(&connection, field, sealed);
        let password = open("password", password)?;
        let readonly_password = open("readonly_password", readonly_password)?;
        let private_key = open("private_key", private_key)?;
        let extra = open("extra_config", extra_config)?;
        let file = match &connection.address.file {
            Some(file) => self.locate(org, file).await.map_err(LoginError::File)?,
            None => None,
        };
        let (file, hold) = file.map_or((None, None), |file| (Some(file.path), file.hold));
        let address = connection.address;
        let readonly = Some(address.readonly_username).filter(|name| !name.is_empty());
        Ok(DatabaseLogin {
            host: address.host,
            port: address.port,
            database: address.database,
            username: address.username,
            password,
            readonly: readonly.map(|name| (name, readonly_password)),
            ssl_mode: address.ssl_mode,
            file,
            hold,
            account: address.account,
            warehouse: address.warehouse,
            schema: address.schema,
            role: address.role,
            private_key,
            allows_privileged: connection.allows_privileged,
            extra: extra.map(|json| texts(&json)).unwrap_or_default(),
        })
    }

    fn opened(
        &self,
        connection: &StoredConnection,
        field: &str,
        sealed: &Option<Sealed>,
    ) -> Result<Option<String>, VaultError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let place = Place { org: connection.org.0, record: &record_of(connection), field };
        self.inner.vault.open(place, sealed).map(Some)
    }
}

/// An object's values as texts: `true` and `5432` as they are written.
fn texts(json: &str) -> BTreeMap<String, String> {
    let values: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(json).unwrap_or_default();
    let text = |value: serde_json::Value| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    values.into_iter().map(|(name, value)| (name, text(value))).collect()
}
