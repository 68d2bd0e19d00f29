//! The data side of an organization: connections and their secrets, schemas, jobs, answers, verified
//! examples, metrics, saved queries, settings of models and limits, and the audit trail.
//!
//! Reading order: [`Data`] here; `vault` (secrets) and `trail` (audit); `connections`, `logins`;
//! `catalog` and `schemas` (what the query pool reads); `jobs`, `answers`, `examples`; `metrics`,
//! `saved_queries`, `forget`, `model_settings`, `query_limits` (what people manage); `explorer` (testing and
//! reading databases); then what they stand on: `stored`, `crate::records`.
//!
//! **Invariants:** every look-up names the organization; a secret is opened only for whoever enters
//! the database, and never shown; what people change is in the audit trail.

mod answers;
mod by;
mod catalog;
mod chat_sessions;
mod connection_files;
mod connection_form;
mod connections;
mod demo_shop;
mod error;
mod examples;
mod explorer;
mod forget;
mod jobs;
mod logins;
mod metrics;
mod model_settings;
mod query_limits;
mod quota;
mod rotation;
mod saved_queries;
mod schema_notes;
mod schemas;
mod shared_files;
mod stored;
#[cfg(test)]
mod tests;
mod trail;
mod upload_room;
mod uploads;
mod vault;

use std::path::PathBuf;
use std::sync::Arc;

use starling_actors::domain::{ConnectionId, FileId, OrgId, Schema, Timestamp};
use starling_actors::ports::{AuditLog, Clock, QuestionsError, Records};

use self::trail::Trail;
use self::upload_room::UploadRoom;
use crate::config::VaultSettings;
use crate::records::Shelves;

pub use self::by::{By, by_server};
pub use self::chat_sessions::{ChatSession, ChatSessionForm};
pub use self::connection_form::{AccessForm, ConnectionForm, SecretText};
pub use self::connections::ConnectionDetails;
pub use self::error::DataError;
pub use self::explorer::{Explorer, Trial};
pub use self::forget::Forgotten;
pub use self::logins::{DatabaseLogin, LoginError};
pub use self::metrics::{MetricDetails, MetricForm};
pub use self::model_settings::{ModelDetails, ModelForm, ModelLogin};
pub use self::query_limits::QueryLimitsForm;
pub use self::quota::{Quota, QuotaError};
pub use self::rotation::{KeyError, Rotated};
pub use self::saved_queries::{SavedQuery, SavedQueryForm};
pub use self::schema_notes::{ColumnNotesForm, SchemaNotesForm, TableNotesForm};
pub use self::shared_files::{FileContent, Hold, LocalFile, SharedDatabases};
pub use self::trail::{AuditItem, AuditPage, Verified};
pub use self::uploads::{
    ImportRefusal, Imported, Importer, UPLOAD_BYTES_MAX, Upload, UploadDetails, UploadKind,
};
pub use self::vault::{Place, Sealed, Vault, VaultError};

/// Schemas that are kept in memory: a question reads its connection's schema every time.
const SCHEMAS_KEPT: u64 = 64;

/// Everything about data. Cheap to clone.
#[derive(Clone)]
pub struct Data {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<QuestionsError>,
    clock: Arc<dyn Clock>,
    vault: Vault,
    quota: Arc<dyn Quota>,
    trail: Trail,
    /// By connection, with the version of the head that they belong to.
    schemas: moka::sync::Cache<(OrgId, ConnectionId), (u64, Arc<Schema>)>,
    /// Held while an organization's connections are counted, so that two people on one node who make
    /// one at the same moment wait for each other.
    counting: tokio::sync::Mutex<()>,
    import_dir: PathBuf,
    uploads_dir: PathBuf,
    shared: Option<Arc<dyn SharedDatabases>>,
    upload_room: Arc<UploadRoom>,
    strays: parking_lot::Mutex<jobs::Strays>,
}

/// What the data side stands on.
#[derive(Clone)]
pub struct DataPorts {
    /// Where most of it is kept.
    pub records: Arc<dyn Records>,
    /// Where the trail is kept.
    pub audit_log: Arc<dyn AuditLog>,
    /// The time and randomness.
    pub clock: Arc<dyn Clock>,
    /// How many connections an organization may have.
    pub quota: Arc<dyn Quota>,
    /// Where databases of uploads are kept; `None`: in the folder of uploads.
    pub shared: Option<Arc<dyn SharedDatabases>>,
}

/// What the operator has set.
#[derive(Clone, Debug, Default)]
pub struct DataSettings {
    /// Keys of the vault.
    pub vault: VaultSettings,
    /// The only folder from which files may be connected; empty: none.
    pub import_dir: PathBuf,
    /// Where uploads are kept as SQLite files, or are until they are stored elsewhere.
    pub uploads_dir: PathBuf,
    /// Bytes that an organization's uploads may take on the disk; 0: without a limit.
    pub upload_bytes_per_org: u64,
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Data")
    }
}

impl Data {
    /// Over these stores. Refused when what they keep was encrypted with a key that is not here.
    pub async fn open(ports: DataPorts, settings: DataSettings) -> Result<Self, KeyError> {
        let DataPorts { records, audit_log, clock, quota, shared } = ports;
        let inner = Inner {
            shelves: Shelves::new(records),
            vault: Vault::new(&settings.vault, Arc::clone(&clock)),
            trail: Trail::new(audit_log, Arc::clone(&clock)),
            clock,
            quota,
            schemas: moka::sync::Cache::new(SCHEMAS_KEPT),
            counting: tokio::sync::Mutex::new(()),
            import_dir: settings.import_dir,
            uploads_dir: settings.uploads_dir,
            shared,
            upload_room: UploadRoom::new(settings.upload_bytes_per_org),
            strays: parking_lot::Mutex::default(),
        };
        let data = Self { inner: Arc::new(inner) };
        data.check_key().await?;
        Ok(data)
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// A fresh id of what has no type of its own for it.
    fn fresh_id(&self) -> String {
        FileId::from_u128(self.inner.clock.fresh_id()).to_string()
    }
}
