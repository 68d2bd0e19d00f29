//! Connecting: where, as whom, and the keyspace, which is made so that conditional writes work.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session as Driver;
use scylla::client::session_builder::SessionBuilder;
use scylla::errors::{ExecutionError, NewSessionError, SchemaAgreementError, UseKeyspaceError};
use scylla::policies::load_balancing::DefaultPolicy;
use scylla::statement::unprepared::Statement as Text;
use scylla::statement::{Consistency, SerialConsistency};

use super::REQUEST_TIMEOUT;

/// How long one connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Changes of the schema wait for every node.
pub(in crate::adapters::scylla) const SCHEMA_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a connection must show that somebody answers at its other end, and how long that may take.
/// A node that hangs is left after both; those that answer are asked instead. A request that it has is
/// given up at [`REQUEST_TIMEOUT`] anyway.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(2);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(3);
/// What the database allows for a name.
const KEYSPACE_LENGTH_MAX: usize = 48;

/// Where the database is and how the keyspace is made.
#[derive(Clone, Default)]
pub struct Settings {
    /// `host:port` of some nodes; the others are found through them.
    pub nodes: Vec<String>,
    /// The keyspace: letters, digits and `_`, beginning with a letter.
    pub keyspace: String,
    /// Copies of every row, when the keyspace is made. 0: 3 where a data centre is set, else 1.
    pub replication: u32,
    /// Entries in a bucket of a log, when the keyspace is made. 0: as the keyspace has, or 50,000.
    pub bucket_entries: u64,
    /// The data centre of this node: it is asked, and holds the quorum. Empty: there is one.
    pub datacenter: String,
    /// Empty: the database asks for no password.
    pub user: String,
    /// Belongs to `user`.
    pub password: String,
    /// How to speak TLS; without, the connection is plain.
    pub tls: Option<Arc<rustls::ClientConfig>>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Settings");
        shown.field("nodes", &self.nodes).field("keyspace", &self.keyspace);
        shown.field("datacenter", &self.datacenter).finish_non_exhaustive()
    }
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The setting cannot be one.
    #[error(
        "the keyspace \"{0}\" must be 1 to {KEYSPACE_LENGTH_MAX} letters, digits and _, beginning with a letter"
    )]
    Keyspace(String),
    /// The data centre's name cannot be one.
    #[error("the data centre \"{0}\" must be letters, digits, _ and -")]
    Datacenter(String),
    /// Nobody answered as a database.
    #[error("no session with the database: {0}")]
    Session(#[from] Box<NewSessionError>),
    /// The keyspace could not be made.
    #[error("the keyspace could not be made: {0}")]
    Create(#[from] Box<ExecutionError>),
    /// Its nodes know different schemas.
    #[error("the nodes of the database do not agree about the schema: {0}")]
    Agreement(#[from] Box<SchemaAgreementError>),
    /// The keyspace could not be used.
    #[error("the keyspace cannot be used: {0}")]
    Use(#[from] UseKeyspaceError),
}

/// A session that uses the keyspace.
pub(super) async fn connect(settings: &Settings) -> Result<Driver, ConnectError> {
    let driver = dial(settings).await?;
    let keyspace = &settings.keyspace;
    if has_keyspace(&driver, keyspace).await? && driver.use_keyspace(keyspace, false).await.is_ok()
    {
        return Ok(driver);
    }
    // Another node may be making it at this moment: it can be seen before it can be used. To make it
    // again waits until it can be, at the node of the database that is asked.
    make_keyspace(&driver, settings).await?;
    agree(&driver).await?;
    driver.use_keyspace(keyspace, false).await?;
    Ok(driver)
}

/// Connects and looks whether the keyspace is there, which is not made.
pub async fn look(settings: &Settings) -> Result<bool, ConnectError> {
    has_keyspace(&dial(settings).await?, &settings.keyspace).await
}

async fn dial(settings: &Settings) -> Result<Driver, ConnectError> {
    check(settings)?;
    let mut balancing = DefaultPolicy::builder().token_aware(true);
    if !settings.datacenter.is_empty() {
        balancing = balancing.prefer_datacenter(settings.datacenter.clone());
    }
    // Without a policy of speculative execution there is none.
    let profile = ExecutionProfile::builder()
        .consistency(Consistency::LocalQuorum)
        .serial_consistency(Some(SerialConsistency::LocalSerial))
        .request_timeout(Some(REQUEST_TIMEOUT))
        .load_balancing_policy(balancing.build())
        .build();
    let mut builder = SessionBuilder::new()
        .known_nodes(&settings.nodes)
        .connection_timeout(CONNECT_TIMEOUT)
        .keepalive_interval(KEEPALIVE_EVERY)
        .keepalive_timeout(KEEPALIVE_TIMEOUT)
        .tcp_nodelay(true)
        .schema_agreement_timeout(SCHEMA_TIMEOUT)
        .default_execution_profile_handle(profile.into_handle());
    if !settings.user.is_empty() {
        builder = builder.user(&settings.user, &settings.password);
    }
    if let Some(tls) = &settings.tls {
        builder = builder.tls_context(Some(Arc::clone(tls)));
    }
    Ok(builder.build().await.map_err(Box::new)?)
}

/// Refuses names that would be something else in a statement.
fn check(settings: &Settings) -> Result<(), ConnectError> {
    let keyspace = &settings.keyspace;
    let is_word = keyspace.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && keyspace.starts_with(|first: char| first.is_ascii_alphabetic());
    if !is_word || keyspace.len() > KEYSPACE_LENGTH_MAX {
        return Err(ConnectError::Keyspace(keyspace.clone()));
    }
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    if !settings.datacenter.chars().all(is_part) {
        return Err(ConnectError::Datacenter(settings.datacenter.clone()));
    }
    Ok(())
}

async fn has_keyspace(driver: &Driver, keyspace: &str) -> Result<bool, ConnectError> {
    let cql = "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?";
    let name = keyspace.to_ascii_lowercase();
    let found = driver.query_unpaged(cql, (name,)).await.map_err(Box::new)?;
    Ok(found.into_rows_result().is_ok_and(|rows| rows.rows_num() > 0))
}

/// Makes the keyspace if it is not there. Tablets are off where the database has them: not every
/// version of it can do conditional writes on them.
async fn make_keyspace(driver: &Driver, settings: &Settings) -> Result<(), ConnectError> {
    let plain = create(settings);
    let without_tablets = format!("{plain} AND TABLETS = {{'enabled': false}}");
    // Cassandra, and ScyllaDB before it had tablets, do not know the word.
    if run_schema(driver, &without_tablets).await.is_err() {
        run_schema(driver, &plain).await?;
    }
    Ok(())
}

fn create(settings: &Settings) -> String {
    let (keyspace, datacenter) = (&settings.keyspace, &settings.datacenter);
    let copies = match settings.replication {
        0 if datacenter.is_empty() => 1,
        0 => 3,
        copies => copies,
    };
    let strategy = if datacenter.is_empty() {
        format!("'class': 'SimpleStrategy', 'replication_factor': {copies}")
    } else {
        format!("'class': 'NetworkTopologyStrategy', '{datacenter}': {copies}")
    };
    format!("CREATE KEYSPACE IF NOT EXISTS {keyspace} WITH REPLICATION = {{{strategy}}}")
}

/// Changes the schema and waits until every node has it.
pub(in crate::adapters::scylla) async fn run_schema(
    driver: &Driver,
    cql: &str,
) -> Result<(), Box<ExecutionError>> {
    let mut text = Text::new(cql);
    text.set_request_timeout(Some(SCHEMA_TIMEOUT));
    // The driver waits for the agreement of all nodes before it answers.
    driver.query_unpaged(text, ()).await.map(|_| ()).map_err(Box::new)
}

/// Waits until all nodes of the database that can be asked know the same schema.
pub(in crate::adapters::scylla) async fn agree(
    driver: &Driver,
) -> Result<(), Box<SchemaAgreementError>> {
    driver.await_schema_agreement().await.map(|_| ()).map_err(Box::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(keyspace: &str, datacenter: &str) -> Settings {
        let (keyspace, datacenter) = (keyspace.to_owned(), datacenter.to_owned());
        Settings { keyspace, datacenter, ..Settings::default() }
    }

    #[test]
    fn a_keyspace_that_is_more_than_a_word_is_refused() {
        for keyspace in ["", "1a", "a b", "a;", "a'", &"a".repeat(49)] {
            assert!(matches!(check(&of(keyspace, "")), Err(ConnectError::Keyspace(_))));
        }
        assert!(matches!(check(&of("a", "x'")), Err(ConnectError::Datacenter(_))));
        assert!(check(&of("starling_2", "dc-1")).is_ok());
    }

    #[test]
    fn a_data_centre_gets_three_copies_unless_told_otherwise() {
        assert!(
            create(&of("a", "")).ends_with("{'class': 'SimpleStrategy', 'replication_factor': 1}")
        );
        assert!(create(&of("a", "x")).ends_with("{'class': 'NetworkTopologyStrategy', 'x': 3}"));
        let two = Settings { replication: 2, ..of("a", "x") };
        assert!(create(&two).ends_with("'x': 2}"));
    }
}
