//! How a database is entered. Nothing here is ever printed: secrets have no `Debug` that shows them.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::{ConnectionId, OrgId};

/// Gives the login of a connection; the vault stands behind it.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// The login as it is now, decrypted.
    async fn of(&self, org: OrgId, connection: ConnectionId) -> Result<Login, CredentialsError>;
}

/// Why there is no login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// No such connection in this organization.
    #[error("there is no such connection")]
    Missing,
    /// The secret does not open with the server's key.
    #[error("the secret does not open with this server's key")]
    Sealed,
    /// Its file cannot be had, for this reason.
    #[error("{0}")]
    File(&'static str),
    /// The store did not answer.
    #[error("the store of logins cannot be reached")]
    Unavailable,
}

/// Words that nobody may see.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The words, for the one who must send them.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How a session is encrypted, in the words of PostgreSQL's own clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never.
    Disable,
    /// When the server can; whoever it is.
    #[default]
    Prefer,
    /// Always; whoever it is.
    Require,
    /// Always, and the certificate comes from an authority that we know.
    VerifyCa,
    /// Always, and the certificate is this host's.
    VerifyFull,
}

/// Everything that is needed to enter a database; each kind uses its part.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// Name or address of the server.
    pub host: String,
    /// Its port; the kind's usual one when absent.
    pub port: Option<u16>,
    /// The database on it.
    pub database: String,
    /// Who we are.
    pub user: String,
    /// Their password; for Snowflake a programmatic access token.
    pub password: Option<Secret>,
    /// A second user that can only read, preferred over the first.
    pub readonly: Option<(String, Secret)>,
    /// How the session is encrypted.
    pub ssl_mode: SslMode,
    /// Further certificate authorities, in PEM.
    pub authorities: Option<String>,
    /// The file of a SQLite database or of an upload's tables.
    pub file: Option<PathBuf>,
    /// Keeps that file in its place while the login is held.
    pub hold: Option<Arc<dyn Any + Send + Sync>>,
    /// Snowflake's account.
    pub account: Option<String>,
    /// Snowflake's warehouse.
    pub warehouse: Option<String>,
    /// The namespace that discovery keeps to.
    pub schema: Option<String>,
    /// Snowflake's role.
    pub role: Option<String>,
    /// Snowflake's private key, in PEM (PKCS#8).
    pub private_key: Option<Secret>,
    /// Whether an admin allows a role that may do more than read.
    pub allows_privileged: bool,
    /// What else the connection's form said, such as another `base_url`.
    pub extra: BTreeMap<String, String>,
}

impl Login {
    /// The user of queries with their password: the one that can only read, where there is one.
    pub fn reader(&self) -> (&str, Option<&str>) {
        match &self.readonly {
            Some((user, password)) if !user.is_empty() => (user, Some(password.reveal())),
            _ => (&self.user, self.password.as_ref().map(Secret::reveal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_shows_none_of_its_secrets() {
        let login = Login {
            password: Some(Secret::new("hunter2")),
            readonly: Some(("reader".to_owned(), Secret::new("hunter3"))),
            private_key: Some(Secret::new("hunter4")),
            ..Login::default()
        };
        assert!(!format!("{login:?}").contains("hunter"));
    }

    #[test]
    fn the_user_that_can_only_read_is_preferred() {
        let mut login = Login { user: "owner".to_owned(), ..Login::default() };
        assert_eq!(login.reader(), ("owner", None));
        login.readonly = Some(("reader".to_owned(), Secret::new("x")));
        assert_eq!(login.reader(), ("reader", Some("x")));
    }
}
