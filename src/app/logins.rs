//! Logins of databases come from the vault of the data side.

use async_trait::async_trait;
use starling_actors::domain::{ConnectionId, OrgId};

use crate::adapters::warehouse::{Credentials, CredentialsError, Login, Secret, SslMode};
use crate::data::{Data, DatabaseLogin, LoginError};

/// Further settings that are certificate authorities in PEM.
const AUTHORITIES: &str = "ssl_root_cert";

/// The data side as the warehouses' credentials.
#[derive(Debug)]
pub(super) struct Logins(pub(super) Data);

#[async_trait]
impl Credentials for Logins {
    async fn of(&self, org: OrgId, connection: ConnectionId) -> Result<Login, CredentialsError> {
        self.0.login(org, connection).await.map(login).map_err(|error| match error {
            LoginError::Missing => CredentialsError::Missing,
            LoginError::Sealed(_) => CredentialsError::Sealed,
            LoginError::File(words) => CredentialsError::File(words),
            LoginError::Unavailable => CredentialsError::Unavailable,
        })
    }
}

fn login(opened: DatabaseLogin) -> Login {
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut extra = opened.extra;
    let readonly = opened.readonly;
    Login {
        host: opened.host,
        port: opened.port,
        database: opened.database,
        user: opened.username,
        password: opened.password.map(Secret::new),
        readonly: readonly
            .map(|(name, password)| (name, Secret::new(password.unwrap_or_default()))),
        ssl_mode: ssl_mode(&opened.ssl_mode),
        authorities: extra.remove(AUTHORITIES),
        file: opened.file,
        hold: opened.hold,
        account: some(opened.account),
        warehouse: some(opened.warehouse),
        schema: some(opened.schema),
        role: some(opened.role),
        private_key: opened.private_key.map(Secret::new),
        allows_privileged: opened.allows_privileged,
        extra,
    }
}

/// The mode for a word that was checked when it was written; the usual one for none.
fn ssl_mode(word: &str) -> SslMode {
    match word {
        "disable" => SslMode::Disable,
        "require" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        _ => SslMode::Prefer,
    }
}
