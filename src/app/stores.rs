//! Where this node keeps everything: a file on one machine, ScyllaDB in a cluster.

use std::sync::Arc;

use async_trait::async_trait;
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;
use starling_actors::domain::BUCKET_ENTRIES;
use starling_actors::ports::{AuditLog, Clock, Directory, History, MessageLog, Records};

use super::{StartError, SystemClock};
use crate::adapters::{scylla, sqlite};
use crate::config::{Scylla, Settings, StorageKind};
use crate::http::health::Dependency;

/// The core's stores, all on one database.
pub(super) struct Stores {
    /// Every channel's messages, in order.
    pub(super) log: Arc<dyn MessageLog>,
    /// Messages as they stand now.
    pub(super) history: Arc<dyn History>,
    /// Channels and members.
    pub(super) directory: Arc<dyn Directory>,
    /// Accounts, connections, jobs.
    pub(super) records: Arc<dyn Records>,
    /// What was done with customers' data.
    pub(super) audit_log: Arc<dyn AuditLog>,
    /// What they are on.
    pub(super) database: Database,
}

/// The database, as `/ready` and the metrics ask it. Cheap to clone.
#[derive(Clone)]
pub(super) enum Database {
    Sqlite(sqlite::Store),
    Scylla(scylla::Store),
}

impl Stores {
    /// Opens what the settings say, and brings its schema up to date.
    pub(super) async fn open(settings: &Settings, clock: &dyn Clock) -> Result<Self, StartError> {
        match settings.storage.kind {
            StorageKind::Sqlite => {
                let store = sqlite::Store::open(&settings.data.dir, clock)?;
                let log = Arc::new(store.log());
                Ok(Self {
                    history: Arc::clone(&log) as _,
                    log,
                    directory: Arc::new(store.directory()),
                    records: Arc::new(store.records()),
                    audit_log: Arc::new(store.audit_log()),
                    database: Database::Sqlite(store),
                })
            }
            StorageKind::Scylla => {
                let store = scylla::Store::open(&database(&settings.scylla)?, clock).await?;
                let log = Arc::new(store.log());
                Ok(Self {
                    history: Arc::clone(&log) as _,
                    log,
                    directory: Arc::new(store.directory()),
                    records: Arc::new(store.records()),
                    audit_log: Arc::new(store.audit_log()),
                    database: Database::Scylla(store),
                })
            }
        }
    }
}

/// Brings the schema of the database in the settings up to date; gives the steps that it was missing.
pub fn apply_schema(settings: &Settings) -> Result<Vec<&'static str>, StartError> {
    match settings.storage.kind {
        StorageKind::Sqlite => {
            let opened = sqlite::Store::open_migrated(&settings.data.dir, &SystemClock)?;
            Ok(opened.1)
        }
        StorageKind::Scylla => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let database = database(&settings.scylla)?;
            let opening = scylla::Store::open_migrated(&database, &SystemClock);
            Ok(runtime.map_err(StartError::Runtime)?.block_on(opening)?.1)
        }
    }
}

impl Database {
    /// Writes that wait for the database on this node.
    pub(super) fn waiting_writes(&self) -> Option<u64> {
        match self {
            Self::Sqlite(store) => Some(store.waiting_writes()),
            // Each caller has its own request in flight; there is no queue.
            Self::Scylla(_) => None,
        }
    }

    /// Entries in a bucket of its logs.
    pub(super) fn bucket_entries(&self) -> u64 {
        match self {
            Self::Sqlite(_) => BUCKET_ENTRIES,
            Self::Scylla(store) => store.bucket_entries(),
        }
    }
}

#[async_trait]
impl Dependency for Database {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn check(&self) -> Result<(), String> {
        match self {
            Self::Sqlite(store) => store.check().await,
            Self::Scylla(store) => store.check().await,
        }
    }
}

/// The database of a cluster, as the settings name it.
pub(super) fn database(settings: &Scylla) -> Result<scylla::Settings, StartError> {
    let tls = if settings.tls { Some(Arc::new(tls(&settings.tls_authority)?)) } else { None };
    Ok(scylla::Settings {
        nodes: settings.nodes.clone(),
        keyspace: settings.keyspace.clone(),
        replication: settings.replication,
        bucket_entries: settings.bucket_entries,
        datacenter: settings.datacenter.clone(),
        user: settings.user.clone(),
        password: settings.password.clone(),
        tls,
    })
}

/// TLS with this machine's authorities and those of the settings.
fn tls(authority: &str) -> Result<ClientConfig, StartError> {
    let further: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(authority.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| StartError::ScyllaTls(error.to_string()))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let unusable = |error: rustls::Error| StartError::ScyllaTls(error.to_string());
    let verifier =
        Verifier::new_with_extra_roots(further, Arc::clone(&provider)).map_err(unusable)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}
