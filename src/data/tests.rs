//! The data side over stores in memory.

mod connections;
mod explorer;
mod forget;
mod jobs;
mod keys;
mod schemas;
mod shared_files;
mod trail;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use starling_actors::chat::Caller;
use starling_actors::domain::{Byline, ConnectionId, OrgId, OrgRole, UserId};
use starling_actors::memory::{ManualClock, MemoryAuditLog, MemoryRecords};
use starling_actors::ports::Records;

use super::{
    By, ConnectionForm, Data, DataPorts, DataSettings, KeyError, Quota, QuotaError, SecretText,
    SharedDatabases,
};
use crate::config::VaultSettings;

const ORG: OrgId = OrgId::from_u128(1);
const OTHER: OrgId = OrgId::from_u128(2);
const PASSWORD: &str = "hunter2-hunter2";

/// At most this many connections, in whatever organization.
struct Seats {
    max: u32,
    used: Mutex<u32>,
}

#[async_trait]
impl Quota for Seats {
    async fn take(&self, _: OrgId) -> Result<(), QuotaError> {
        let mut used = self.used.lock();
        if *used >= self.max {
            return Err(QuotaError::Full);
        }
        *used += 1;
        Ok(())
    }

    async fn settle(&self, _: OrgId, used: u32) -> Result<(), QuotaError> {
        *self.used.lock() = used;
        Ok(())
    }
}

/// Stores that outlive a server.
struct World {
    records: Arc<MemoryRecords>,
    audit_log: Arc<MemoryAuditLog>,
    clock: Arc<ManualClock>,
    seats: Arc<Seats>,
    import_dir: PathBuf,
    uploads_dir: PathBuf,
    shared: Option<Arc<dyn SharedDatabases>>,
}

impl World {
    fn new() -> Self {
        Self {
            records: Arc::default(),
            audit_log: Arc::default(),
            clock: Arc::default(),
            seats: Arc::new(Seats { max: 3, used: Mutex::new(0) }),
            import_dir: PathBuf::new(),
            uploads_dir: PathBuf::new(),
            shared: None,
        }
    }

    /// A server with these keys, the newest first.
    async fn open(&self, keys: &[&str]) -> Result<Data, KeyError> {
        self.open_over(Arc::clone(&self.records) as _, keys).await
    }

    /// A server over other records.
    async fn over(&self, records: Arc<dyn Records>) -> Data {
        self.open_over(records, &["first"]).await.unwrap()
    }

    async fn open_over(&self, records: Arc<dyn Records>, keys: &[&str]) -> Result<Data, KeyError> {
        let mut keys = keys.iter().map(|key| (*key).to_owned());
        let vault = VaultSettings {
            master_key: keys.next().unwrap_or_default(),
            previous_master_keys: keys.collect(),
        };
        let ports = DataPorts {
            records,
            audit_log: Arc::clone(&self.audit_log) as _,
            clock: Arc::clone(&self.clock) as _,
            quota: Arc::clone(&self.seats) as _,
            shared: self.shared.clone(),
        };
        let (import_dir, uploads_dir) = (self.import_dir.clone(), self.uploads_dir.clone());
        let settings = DataSettings { vault, import_dir, uploads_dir, upload_bytes_per_org: 0 };
        Data::open(ports, settings).await
    }

    async fn data(&self) -> Data {
        self.open(&["first"]).await.unwrap()
    }
}

fn person(org: OrgId, number: u128, role: OrgRole) -> By {
    let byline = Byline {
        user: UserId::from_u128(number),
        username: format!("user{number}"),
        full_name: String::new(),
        avatar_url: String::new(),
    };
    let caller = Caller { org, byline, role, is_superuser: false, login: None, token: None };
    By { caller, address: "192.0.2.1".to_owned() }
}

fn admin() -> By {
    person(ORG, 10, OrgRole::Admin)
}

fn analyst() -> By {
    person(ORG, 11, OrgRole::Analyst)
}

fn viewer() -> By {
    person(ORG, 12, OrgRole::Viewer)
}

fn postgres(name: &str) -> ConnectionForm {
    let some = |text: &str| Some(text.to_owned());
    ConnectionForm {
        name: some(name),
        kind: some("postgresql"),
        host: some("db.example"),
        database_name: some("shop"),
        username: some("reader"),
        password: Some(SecretText::new(PASSWORD)),
        ..ConnectionForm::default()
    }
}

async fn connected(data: &Data, name: &str) -> ConnectionId {
    data.create_connection(&analyst(), &postgres(name)).await.unwrap().connection.id
}
