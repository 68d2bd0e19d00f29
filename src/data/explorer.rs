//! Tests connections, and reads what they hold: when somebody asks for it, and every six hours. In a
//! cluster each connection has one node that looks at its age.
//!
//! All reading of schemas is here. A connection is read once at a time, and at most
//! [`READS_AT_ONCE`] are; what is asked for while one is read changes nothing, since it sees the same.
//!
//! **Invariant:** a task is started only here, and ends with [`Explorer::stop`].

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use starling_actors::cluster::Placement;
use starling_actors::domain::{Connection, ConnectionId, OrgId, Schema, Timestamp};
use starling_actors::ports::{
    Analyst, DescribeTask, Discovery, DraftTask, QuestionsError, SchemaChange, Tested, Warehouse,
    WarehouseError,
};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connections::CONNECTION_INDEX;
use super::error::advice;
use super::{By, ConnectionDetails, Data, DataError, Importer, Upload, UploadDetails, by_server};
use crate::records::SERVER;

/// Schemas that are read at the same time: each is a handful of queries on somebody's database.
const READS_AT_ONCE: usize = 2;
/// Age at which a schema is read again (product.md).
const AGE_MAX_MS: i64 = 6 * 3600 * 1000;
/// How often ages are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);
/// After a read that failed, the next one by age waits this long: a database that is down for the
/// night is not asked every ten minutes.
const RETRY_MS: i64 = 3600 * 1000;
/// Samples of one column (product.md).
const SAMPLES_MAX: usize = 10;
/// For all queries of one read.
const READ_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// Tables that are given to a model at once for descriptions: what fits into one answer.
const DESCRIBED_AT_ONCE: usize = 20;
/// Batches of tables that one read has described: the rest waits for the next one.
const DESCRIBED_BATCHES_MAX: usize = 10;
/// Connections that are looked at.
const CONNECTIONS_MAX: usize = 100_000;

/// Looks into connections. Cheap to clone.
#[derive(Clone)]
pub struct Explorer {
    inner: Arc<Inner>,
}

struct Inner {
    data: Data,
    warehouse: Arc<dyn Warehouse>,
    analyst: Arc<dyn Analyst>,
    importer: Arc<dyn Importer>,
    /// Connections that are being read, or wait for their turn.
    reading: Mutex<HashSet<ConnectionId>>,
    /// When reads last failed.
    failed: Mutex<HashMap<ConnectionId, Timestamp>>,
    turns: Semaphore,
    /// Which node looks at which connection's age; until that is known this one looks at all.
    placement: OnceLock<Placement>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl std::fmt::Debug for Explorer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Explorer")
    }
}

/// What came of trying something, for the person who tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Whether it worked.
    pub is_success: bool,
    /// What happened, and what can be done.
    pub message: String,
    /// Tables and views that can be read.
    pub tables_found: usize,
    /// Whether the role could write; `None` where the database does not say.
    pub can_write: Option<bool>,
}

impl Explorer {
    /// Starts with the six-hourly look.
    pub fn start(
        data: Data,
        warehouse: Arc<dyn Warehouse>,
        analyst: Arc<dyn Analyst>,
        importer: Arc<dyn Importer>,
    ) -> Self {
        let inner = Inner {
            data,
            warehouse,
            analyst,
            importer,
            reading: Mutex::default(),
            failed: Mutex::default(),
            turns: Semaphore::new(READS_AT_ONCE),
            placement: OnceLock::new(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let explorer = Self { inner: Arc::new(inner) };
        let looking = explorer.clone();
        explorer.inner.tasks.spawn(async move { looking.look_for_ever().await });
        explorer
    }

    /// Looks only at the ages of what is this node's from now on.
    pub fn share(&self, placement: Placement) {
        if self.inner.placement.set(placement).is_err() {
            tracing::warn!("the ages of schemas were shared before");
        }
    }

    fn is_mine(&self, id: ConnectionId) -> bool {
        self.inner.placement.get().is_none_or(|placement| placement.is_mine(id.as_u128()))
    }

    /// Makes a connection of a file that was uploaded, and begins to read it.
    pub async fn finish_upload(
        &self,
        by: &By,
        upload: Upload,
    ) -> Result<(UploadDetails, ConnectionDetails), DataError> {
        let made = self.inner.data.finish_upload(by, upload, &*self.inner.importer).await?;
        self.begin(by.org(), made.1.connection.id);
        Ok(made)
    }

    /// Makes the demo shop and its connection, and reads it at once: a question may follow.
    pub async fn connect_demo_shop(&self, by: &By) -> Result<ConnectionDetails, DataError> {
        let made = self.inner.data.create_demo_shop(by, &*self.inner.importer).await?;
        let (org, id) = (by.org(), made.connection.id);
        if let Some(reading) = self.begin(org, id) {
            // The reading goes on when nobody waits for it any more.
            drop(reading.await);
        }
        self.inner.data.show_connection(by, id).await
    }

    /// Stops reading; what is in the air is called off.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Enters the database and says what is there. For whoever may change the connection.
    pub async fn test(&self, by: &By, id: ConnectionId) -> Result<Trial, DataError> {
        let found = self.inner.data.managed_connection(by, id).await?;
        let connection = found.value.connection(found.version);
        let outcome = self.inner.warehouse.test(&connection).await;
        let trial = Trial::of(&outcome);
        let details = vec![("success", trial.is_success.to_string())];
        let event = by.did("connection.test", ("connection", id.to_string()), details);
        self.inner.data.note(event).await;
        Ok(trial)
    }

    /// Asks the organization's model something short.
    pub async fn test_model(&self, by: &By) -> Result<Trial, DataError> {
        self.inner.data.check_model_tester(by)?;
        let task = DraftTask {
            org: by.org(),
            question: "Hello! Are you there?".to_owned(),
            context: None,
            dialect: None,
            schema: Arc::default(),
            history: Vec::new(),
            examples: Vec::new(),
            metrics: Vec::new(),
            today: String::new(),
            failed: None,
        };
        let (is_success, message) = match self.inner.analyst.draft(&task).await {
            Ok(drafted) => (true, format!("{} answers", drafted.model)),
            Err(error) => (false, error.to_string()),
        };
        Ok(Trial { is_success, message, tables_found: 0, can_write: None })
    }

    /// Reads a connection again, in the background. For admins and analysts who may see its data.
    pub async fn refresh(&self, by: &By, id: ConnectionId) -> Result<(), DataError> {
        let found = self.inner.data.readable_connection(by, id).await?;
        if !by.caller.role.may_curate_data() {
            return Err(DataError::Forbidden("only admins and analysts refresh a schema"));
        }
        if !found.value.is_active {
            return Err(DataError::field("connection", "is switched off"));
        }
        self.begin(by.org(), id);
        let event = by.did("schema.refresh", ("connection", id.to_string()), Vec::new());
        self.inner.data.note(event).await;
        Ok(())
    }

    /// Reads a new connection for the first time, in the background.
    pub fn begin(&self, org: OrgId, id: ConnectionId) -> Option<JoinHandle<()>> {
        if self.inner.stop.is_cancelled() || !self.inner.reading.lock().insert(id) {
            return None;
        }
        let explorer = self.clone();
        Some(self.inner.tasks.spawn(async move {
            let outcome = explorer.read_in_turn(org, id).await;
            explorer.inner.reading.lock().remove(&id);
            explorer.remember(id, &outcome);
            explorer.report(org, id, outcome).await;
        }))
    }

    /// Whether a connection is being read.
    pub fn is_reading(&self, id: ConnectionId) -> bool {
        self.inner.reading.lock().contains(&id)
    }

    async fn read_in_turn(&self, org: OrgId, id: ConnectionId) -> Result<SchemaChange, ReadError> {
        let Ok(_turn) = self.inner.turns.acquire().await else { return Err(ReadError::Stopped) };
        if self.inner.stop.is_cancelled() {
            return Err(ReadError::Stopped);
        }
        self.read(org, id).await
    }

    async fn read(&self, org: OrgId, id: ConnectionId) -> Result<SchemaChange, ReadError> {
        let data = &self.inner.data;
        let found = data.stored_connection(org, id).await?.ok_or(ReadError::Gone)?;
        let samples_max = if found.value.keeps_samples { SAMPLES_MAX } else { 0 };
        let connection = found.value.connection(found.version);
        let hidden = hidden(&*data.stored_schema(org, id).await?);
        let wish = Discovery { samples_max, hidden, timeout: READ_TIMEOUT };
        let tables = self.inner.warehouse.discover(&connection, &wish, &self.inner.stop).await?;
        // It may have been deleted meanwhile: nothing of it is stored then.
        if data.stored_connection(org, id).await?.is_none() {
            return Err(ReadError::Gone);
        }
        let schema = Schema { tables, refreshed_at: data.now() };
        let change = data.store_schema(org, id, schema).await?;
        self.describe(&connection).await?;
        Ok(change)
    }

    /// Lets the organization's model describe what nobody has; nothing is lost when it cannot.
    async fn describe(&self, connection: &Connection) -> Result<(), ReadError> {
        let (org, id) = (connection.org, connection.id);
        let schema = self.inner.data.stored_schema(org, id).await?;
        let bare: Vec<_> =
            schema.tables.iter().filter(|table| table.description.is_empty()).cloned().collect();
        for tables in bare.chunks(DESCRIBED_AT_ONCE).take(DESCRIBED_BATCHES_MAX) {
            let part = Schema { tables: tables.to_vec(), refreshed_at: schema.refreshed_at };
            let task = DescribeTask { org, schema: Arc::new(part) };
            let answer = tokio::select! {
                answer = self.inner.analyst.describe(&task) => answer,
                () = self.inner.stop.cancelled() => return Err(ReadError::Stopped),
            };
            match answer {
                Ok(words) if !words.entries.is_empty() => {
                    self.inner.data.fill_descriptions(org, id, &words).await?;
                }
                Ok(_) => break,
                Err(error) => {
                    tracing::info!(connection = %id, %error, "tables stay without descriptions");
                    break;
                }
            }
        }
        Ok(())
    }

    fn remember(&self, id: ConnectionId, outcome: &Result<SchemaChange, ReadError>) {
        let mut failed = self.inner.failed.lock();
        if outcome.is_ok() {
            failed.remove(&id);
        } else {
            failed.insert(id, self.inner.data.now());
        }
    }

    async fn report(&self, org: OrgId, id: ConnectionId, outcome: Result<SchemaChange, ReadError>) {
        let (action, details) = match outcome {
            Ok(change) if change == SchemaChange::default() => return,
            Ok(SchemaChange { added, removed }) => {
                tracing::info!(connection = %id, ?added, ?removed, "tables have come or gone");
                let details = vec![("added", added.join(", ")), ("removed", removed.join(", "))];
                ("schema.changed", details)
            }
            Err(ReadError::Stopped | ReadError::Gone) => return,
            Err(error) => {
                tracing::warn!(connection = %id, %error, "the schema could not be read");
                ("schema.failed", vec![("error", error.to_string())])
            }
        };
        let connection = ("connection", id.to_string());
        self.inner.data.note(by_server(org, action, connection, details)).await;
    }

    async fn look_for_ever(&self) {
        loop {
            tokio::select! {
                () = self.inner.stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the ages of schemas could not be looked at");
            }
            if let Err(error) = self.inner.data.sweep_files().await {
                tracing::warn!(%error, "files without a connection could not be looked at");
            }
        }
    }

    /// Begins to read every schema of this node's that is too old.
    pub(super) async fn look(&self) -> Result<(), QuestionsError> {
        let data = &self.inner.data;
        let index = data.inner.shelves.list(&CONNECTION_INDEX, SERVER, "", CONNECTIONS_MAX).await?;
        for entry in index {
            let Ok(id) = entry.id.parse() else { continue };
            if !self.is_mine(id) {
                continue;
            }
            let org = entry.value.0;
            let found = data.stored_connection(org, id).await?;
            if !found.is_some_and(|found| found.value.is_active) {
                continue;
            }
            let now = data.now();
            let age_ms = now.0.saturating_sub(data.schema_time(org, id).await?.0);
            let failed_at = self.inner.failed.lock().get(&id).copied();
            let may_try = failed_at.is_none_or(|at| now.0.saturating_sub(at.0) >= RETRY_MS);
            if age_ms >= AGE_MAX_MS && may_try {
                self.begin(org, id);
            }
        }
        Ok(())
    }
}

/// Why a schema was not read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error("the connection is gone")]
    Gone,
    #[error("the server stops")]
    Stopped,
    #[error(transparent)]
    Store(#[from] QuestionsError),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
}

impl Trial {
    fn of(outcome: &Result<Tested, WarehouseError>) -> Self {
        let tested = match outcome {
            Ok(tested) => tested,
            Err(error) => {
                let message = advice(error);
                return Self { is_success: false, message, tables_found: 0, can_write: None };
            }
        };
        let can_write = tested.writable.as_ref().map(|writable| !writable.is_empty());
        let mut message = format!("{} answers", tested.server);
        if tested.is_privileged {
            message.push_str("; its role is privileged: use one that can only read");
        } else if let Some(writable) = tested.writable.as_ref().filter(|list| !list.is_empty()) {
            let first: Vec<&str> = writable.iter().take(3).map(String::as_str).collect();
            let list = first.join(", ");
            message.push_str(&format!("; its role can change {list}: use one that can only read"));
        }
        Self { is_success: true, message, tables_found: tested.tables_found, can_write }
    }
}

/// Columns of which no samples are taken, as a discovery wants them.
fn hidden(schema: &Schema) -> Vec<(String, String)> {
    let columns = schema.tables.iter().flat_map(|table| {
        let hidden = table.columns.iter().filter(|column| column.hides_samples);
        hidden.map(|column| (table.name.to_lowercase(), column.name.to_lowercase()))
    });
    columns.collect()
}
