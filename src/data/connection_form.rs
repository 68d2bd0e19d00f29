//! What people write about a connection, checked and put into what is stored.
//!
//! **Invariant:** a stored password never goes to another server than the one it was given for: who
//! changes the address gives the secrets again.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};
use starling_actors::domain::ConnectionKind;

use super::error::DataError;
use super::stored::connection::{Address, StoredAccess, StoredConnection};
use super::stored::text::Id;
use super::vault::{Place, Sealed, Vault, VaultError};

/// Longest name of a connection.
const NAME_CHARS_MAX: usize = 100;
/// Longest host name (RFC 1035, section 2.3.4), and more than any user or database name.
const WORD_BYTES_MAX: usize = 255;
/// Longest password; cloud providers' tokens have up to 2 KiB.
const PASSWORD_BYTES_MAX: usize = 4 * 1024;
/// Longest private key or further settings: a 4096-bit RSA key in PEM has 3.2 KiB.
const BLOCK_BYTES_MAX: usize = 16 * 1024;
/// People that may be listed by hand.
const USERS_MAX: usize = 1_000;
/// Ways of encrypting the session, in the words of PostgreSQL.
const SSL_MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

/// Words that are never printed.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct SecretText(String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText")
    }
}

impl SecretText {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The words.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// What is written about a connection. When one is changed, what is missing stays and what is empty
/// is taken away.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ConnectionForm {
    /// 1 to 100 characters, unique within the organization.
    pub name: Option<String>,
    /// `postgresql`, `mysql`, `sqlite`, `csv`, `excel` or `snowflake`; it cannot be changed.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The server.
    pub host: Option<String>,
    /// Its port; the usual one when missing.
    pub port: Option<u16>,
    /// The database on it.
    pub database_name: Option<String>,
    /// Who enters.
    pub username: Option<String>,
    /// Their password; write-only.
    pub password: Option<SecretText>,
    /// A user that can only read, preferred for queries.
    pub readonly_username: Option<String>,
    /// Their password; write-only.
    pub readonly_password: Option<SecretText>,
    /// `disable`, `prefer`, `require`, `verify-ca` or `verify-full`.
    pub ssl_mode: Option<String>,
    /// A file below the operator's import folder; only a superuser may name one.
    pub file_path: Option<String>,
    /// Snowflake's account.
    pub account: Option<String>,
    /// Snowflake's warehouse.
    pub warehouse: Option<String>,
    /// The namespace that discovery keeps to.
    pub schema: Option<String>,
    /// Snowflake's role.
    pub role: Option<String>,
    /// Snowflake's private key in PEM; write-only.
    pub private_key: Option<SecretText>,
    /// Who may use it; everyone of the organization when missing.
    pub access: Option<AccessForm>,
    /// Further settings by name; write-only.
    #[schema(value_type = Option<Object>)]
    pub extra_config: Option<Map<String, Value>>,
    /// Whether it may be used.
    pub is_active: Option<bool>,
    /// Whether it may run under a role that could write; only an admin may say so.
    pub allow_privileged: Option<bool>,
    /// Whether samples of its values may be kept with the schema.
    pub keep_samples: Option<bool>,
}

/// Who may use a connection.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct AccessForm {
    /// `org` or `users`.
    pub mode: String,
    /// With `users`: who.
    #[serde(default)]
    pub user_ids: Vec<String>,
}

impl ConnectionForm {
    /// Puts everything but the file into a connection.
    pub(super) fn apply(
        &self,
        connection: &mut StoredConnection,
        vault: &Vault,
    ) -> Result<(), DataError> {
        if let Some(name) = &self.name {
            connection.name = named(name)?;
        }
        if let Some(access) = &self.access {
            connection.access = access.read()?;
        }
        connection.is_active = self.is_active.unwrap_or(connection.is_active);
        connection.keeps_samples = self.keep_samples.unwrap_or(connection.keeps_samples);
        connection.allows_privileged =
            self.allow_privileged.unwrap_or(connection.allows_privileged);
        let before = connection.address.clone();
        self.apply_address(&mut connection.address)?;
        self.check_move(&before, connection)?;
        self.apply_secrets(connection, vault)
    }

    fn apply_address(&self, address: &mut Address) -> Result<(), DataError> {
        let words = [
            ("host", &self.host, &mut address.host),
            ("database_name", &self.database_name, &mut address.database),
            ("username", &self.username, &mut address.username),
            ("readonly_username", &self.readonly_username, &mut address.readonly_username),
            ("account", &self.account, &mut address.account),
            ("warehouse", &self.warehouse, &mut address.warehouse),
            ("schema", &self.schema, &mut address.schema),
            ("role", &self.role, &mut address.role),
        ];
        for (field, given, kept) in words {
            let Some(given) = given else { continue };
            let given = given.trim();
            if given.len() > WORD_BYTES_MAX || given.chars().any(char::is_control) {
                return Err(DataError::field(field, "must have at most 255 printable characters"));
            }
            given.clone_into(kept);
        }
        if address.host.contains(|c: char| c.is_whitespace() || "/@?#".contains(c)) {
            return Err(DataError::field("host", "must be a name or an address, without a path"));
        }
        if let Some(port) = self.port {
            if port == 0 {
                return Err(DataError::field("port", "must be from 1 to 65535"));
            }
            address.port = Some(port);
        }
        if let Some(mode) = &self.ssl_mode {
            if !mode.is_empty() && !SSL_MODES.contains(&mode.as_str()) {
                let fault = format!("must be one of {}", SSL_MODES.join(", "));
                return Err(DataError::field("ssl_mode", fault));
            }
            mode.clone_into(&mut address.ssl_mode);
        }
        Ok(())
    }

    /// Who moves a connection to another server shows that they know its secrets.
    fn check_move(&self, before: &Address, now: &StoredConnection) -> Result<(), DataError> {
        let is_moved = before.host != now.address.host
            || before.port != now.address.port
            || before.account != now.address.account
            // Another base URL in there is another server, too; nobody knows what else is.
            || (self.extra_config.is_some() && now.kind.0 == ConnectionKind::Snowflake);
        if !is_moved {
            return Ok(());
        }
        let kept = [
            ("password", now.secrets.password.is_some() && self.password.is_none()),
            (
                "readonly_password",
                now.secrets.readonly_password.is_some() && self.readonly_password.is_none(),
            ),
            ("private_key", now.secrets.private_key.is_some() && self.private_key.is_none()),
        ];
        match kept.into_iter().find(|(_, is_kept)| *is_kept) {
            Some((field, _)) => Err(DataError::field(
                field,
                "must be given again when the server changes: a secret goes only to the server \
                 that it was given for",
            )),
            None => Ok(()),
        }
    }

    fn apply_secrets(
        &self,
        connection: &mut StoredConnection,
        vault: &Vault,
    ) -> Result<(), DataError> {
        let record = record_of(connection);
        let org = connection.org.0;
        let seal = |field, given: &str, bytes_max| -> Result<Option<Sealed>, DataError> {
            if given.len() > bytes_max {
                let fault = format!("may have at most {bytes_max} bytes");
                return Err(DataError::Field { field, fault });
            }
            if given.is_empty() {
                return Ok(None);
            }
            let sealed: Result<Sealed, VaultError> =
                vault.seal(Place { org, record: &record, field }, given);
            Ok(Some(sealed?))
        };
        let secrets = &mut connection.secrets;
        if let Some(given) = &self.password {
            secrets.password = seal("password", given.reveal(), PASSWORD_BYTES_MAX)?;
        }
        if let Some(given) = &self.readonly_password {
            secrets.readonly_password =
                seal("readonly_password", given.reveal(), PASSWORD_BYTES_MAX)?;
        }
        if let Some(given) = &self.private_key {
            secrets.private_key = seal("private_key", given.reveal(), BLOCK_BYTES_MAX)?;
        }
        if let Some(given) = &self.extra_config {
            let json = match given.is_empty() {
                true => String::new(),
                false => serde_json::to_string(given).unwrap_or_default(),
            };
            secrets.extra_config = seal("extra_config", &json, BLOCK_BYTES_MAX)?;
        }
        Ok(())
    }
}

/// What secrets of a connection are bound to.
pub(super) fn record_of(connection: &StoredConnection) -> String {
    format!("connection/{}", connection.id.0)
}

/// Says what a kind of connection cannot do without.
pub(super) fn check_whole(connection: &StoredConnection) -> Result<(), DataError> {
    let address = &connection.address;
    let needed: &[(&'static str, bool)] = match connection.kind.0 {
        ConnectionKind::PostgreSql | ConnectionKind::MySql => &[
            ("host", !address.host.is_empty()),
            ("database_name", !address.database.is_empty()),
            ("username", !address.username.is_empty()),
        ],
        ConnectionKind::Snowflake => &[
            ("account", !address.account.is_empty()),
            ("username", !address.username.is_empty()),
            (
                "private_key",
                connection.secrets.private_key.is_some() || connection.secrets.password.is_some(),
            ),
        ],
        ConnectionKind::Sqlite | ConnectionKind::Csv | ConnectionKind::Excel => {
            &[("file_path", address.file.is_some())]
        }
    };
    match needed.iter().find(|(_, is_there)| !is_there) {
        Some((field, _)) => Err(DataError::field(field, "is required")),
        None => Ok(()),
    }
}

fn named(name: &str) -> Result<String, DataError> {
    let name = name.trim();
    let is_long = name.chars().nth(NAME_CHARS_MAX).is_some();
    if name.is_empty() || is_long || name.chars().any(char::is_control) {
        return Err(DataError::field("name", "must have 1 to 100 printable characters"));
    }
    Ok(name.to_owned())
}

impl AccessForm {
    fn read(&self) -> Result<StoredAccess, DataError> {
        match self.mode.as_str() {
            "org" => Ok(StoredAccess::Organization),
            "users" if self.user_ids.len() <= USERS_MAX => {
                let users = self.user_ids.iter().map(|id| id.parse().map(Id));
                let users: Result<Vec<_>, _> = users.collect();
                let mut users = users
                    .map_err(|_| DataError::field("access.user_ids", "must be ids of people"))?;
                users.sort_unstable();
                users.dedup();
                Ok(StoredAccess::Users(users))
            }
            "users" => Err(DataError::field("access.user_ids", "may have at most 1000 ids")),
            _ => Err(DataError::field("access.mode", "must be org or users")),
        }
    }
}
