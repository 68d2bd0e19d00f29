//! Testing and reading databases: once at a time, reported, and stopped in order.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use starling_actors::cluster::Placement;
use starling_actors::domain::{Connection, GuardedSql, NodeId, ResultTable, Table};
use starling_actors::memory::LocalCluster;
use starling_actors::ports::{
    Analyst, AnalystError, AuditFilter, Catalog, DescribeTask, Described, Discovery, DraftTask,
    Drafted, Estimate, ExplainTask, Explained, RunLimits, Tested, Warehouse, WarehouseError,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::data::{DataError, Explorer, ImportRefusal, Imported, Importer, UploadKind};

/// A database with one table, which is read when the test lets it.
struct OneTable {
    reads: AtomicUsize,
    let_go: Semaphore,
    table: Mutex<&'static str>,
}

#[async_trait]
impl Warehouse for OneTable {
    async fn run(
        &self,
        _: &Connection,
        _: &GuardedSql,
        _: RunLimits,
        _: &CancellationToken,
    ) -> Result<ResultTable, WarehouseError> {
        Err(WarehouseError::Busy)
    }

    async fn estimate(
        &self,
        _: &Connection,
        _: &GuardedSql,
        _: RunLimits,
        _: &CancellationToken,
    ) -> Result<Option<Estimate>, WarehouseError> {
        Ok(None)
    }

    async fn test(&self, _: &Connection) -> Result<Tested, WarehouseError> {
        Ok(Tested {
            tables_found: 1,
            writable: Some(vec!["customers".to_owned()]),
            is_privileged: false,
            server: "PostgreSQL 15.3".to_owned(),
        })
    }

    async fn discover(
        &self,
        _: &Connection,
        _: &Discovery,
        cancel: &CancellationToken,
    ) -> Result<Vec<Table>, WarehouseError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        tokio::select! {
            () = cancel.cancelled() => Err(WarehouseError::Cancelled),
            permit = self.let_go.acquire() => {
                permit.unwrap().forget();
                let name = (*self.table.lock()).to_owned();
                Ok(vec![Table { name, ..Table::default() }])
            }
        }
    }
}

/// Describes every table with the same words.
struct Describer;

#[async_trait]
impl Analyst for Describer {
    async fn draft(&self, _: &DraftTask) -> Result<Drafted, AnalystError> {
        Err(AnalystError::Refused("the key is wrong".to_owned()))
    }

    async fn explain(&self, _: &ExplainTask) -> Result<Explained, AnalystError> {
        Ok(Explained::default())
    }

    async fn describe(&self, task: &DescribeTask) -> Result<Described, AnalystError> {
        let said = |table: &Table| {
            (table.name.clone(), String::new(), "Described".to_owned(), String::new())
        };
        let entries = task.schema.tables.iter().map(said).collect();
        Ok(Described { entries, ..Described::default() })
    }

    async fn name(&self, _: OrgId) -> String {
        "describer".to_owned()
    }
}

/// Takes the file for the database.
pub(super) struct Copier;

#[async_trait]
impl Importer for Copier {
    async fn import(
        &self,
        source: &Path,
        _: bool,
        _: &str,
        out: &Path,
    ) -> Result<Imported, ImportRefusal> {
        let text = std::fs::read_to_string(source).unwrap();
        std::fs::write(out, &text).unwrap();
        if text.contains("bad") {
            return Err(ImportRefusal::File("row 1 is bad".to_owned()));
        }
        Ok(Imported { rows: 1, columns: 2 })
    }

    async fn demo_shop(&self, out: &Path) -> Result<(), ImportRefusal> {
        tokio::fs::write(out, b"shop").await.map_err(|_| ImportRefusal::Busy)
    }
}

fn exploring(data: &Data) -> (Explorer, Arc<OneTable>) {
    let table = Mutex::new("customers");
    let warehouse =
        Arc::new(OneTable { reads: AtomicUsize::new(0), let_go: Semaphore::new(0), table });
    let (analyst, importer) = (Arc::new(Describer), Arc::new(Copier));
    let explorer = Explorer::start(data.clone(), Arc::clone(&warehouse) as _, analyst, importer);
    (explorer, warehouse)
}

async fn until_read(explorer: &Explorer, id: ConnectionId) {
    while explorer.is_reading(id) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_connection_is_read_once_however_often_it_is_asked_for() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let (explorer, warehouse) = exploring(&data);
    for _ in 0..5 {
        explorer.refresh(&analyst(), id).await.unwrap();
    }
    warehouse.let_go.add_permits(1);
    until_read(&explorer, id).await;

    assert_eq!(warehouse.reads.load(Ordering::SeqCst), 1);
    let schema = data.schema(ORG, id).await.unwrap();
    assert_eq!(schema.tables[0].description, "Described");
    let refused = explorer.refresh(&viewer(), id).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
}

#[tokio::test]
async fn an_old_schema_is_read_again_and_what_changed_is_in_the_trail() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let old = starling_actors::domain::Schema {
        tables: vec![Table { name: "orders".to_owned(), ..Table::default() }],
        ..starling_actors::domain::Schema::default()
    };
    data.put_schema(ORG, id, old).await.unwrap();
    let (explorer, warehouse) = exploring(&data);
    warehouse.let_go.add_permits(1);
    explorer.look().await.unwrap();
    until_read(&explorer, id).await;
    explorer.look().await.unwrap();
    assert!(!explorer.is_reading(id), "it is fresh now");
    explorer.stop().await;

    let changed = AuditFilter { action: Some("schema.changed".to_owned()), resource_type: None };
    let page = data.audit(&admin(), &changed, 0, 10).await.unwrap();
    let details = vec![
        ("added".to_owned(), "customers".to_owned()),
        ("removed".to_owned(), "orders".to_owned()),
    ];
    assert_eq!(page.items[0].details, details);
}

#[tokio::test]
async fn a_stop_calls_reading_off() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let (explorer, warehouse) = exploring(&data);
    explorer.begin(ORG, id);
    while warehouse.reads.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    explorer.stop().await;
    assert!(!explorer.is_reading(id));
    explorer.begin(ORG, id);
    assert!(!explorer.is_reading(id), "nothing begins after the stop");
}

#[tokio::test]
async fn a_test_says_what_answered_and_what_the_role_could_change() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let (explorer, _) = exploring(&data);
    let trial = explorer.test(&analyst(), id).await.unwrap();
    assert_eq!((trial.is_success, trial.tables_found, trial.can_write), (true, 1, Some(true)));
    assert!(trial.message.starts_with("PostgreSQL 15.3 answers; its role can change customers"));
    let model = explorer.test_model(&admin()).await.unwrap();
    assert!(!model.is_success && model.message.contains("the key is wrong"), "{model:?}");
}

#[tokio::test]
async fn an_upload_becomes_a_connection_and_leaves_nothing_else_behind() {
    let folder = tempfile::tempdir().unwrap();
    let world = World { uploads_dir: folder.path().join("uploads"), ..World::new() };
    let data = world.data().await;
    let (explorer, _) = exploring(&data);
    let files = || std::fs::read_dir(&world.uploads_dir).unwrap().count();

    for (text, expected) in [("a,b\n1,2\n", true), ("bad", false), ("", false)] {
        let mut upload = data.begin_upload(&analyst(), UploadKind::Csv, "sales.csv").await.unwrap();
        upload.write(text.as_bytes()).await.unwrap();
        let made = explorer.finish_upload(&analyst(), upload).await;
        assert_eq!(made.is_ok(), expected, "{made:?}");
        assert_eq!(files(), 1, "the database of the first one");
    }
    let made = data.list_connections(&viewer()).await.unwrap();
    assert_eq!(made[0].connection.name, "sales");
    let id = made[0].connection.id;
    assert!(data.login(ORG, id).await.unwrap().file.is_some_and(|path| path.is_file()));
    data.delete_connection(&admin(), id).await.unwrap();
    assert_eq!(files(), 0);
    let refused = data.begin_upload(&viewer(), UploadKind::Csv, "sales.csv").await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
}

#[tokio::test(start_paused = true)]
async fn the_age_of_a_schema_is_looked_at_by_one_node() {
    let data = World::new().data().await;
    let cluster = LocalCluster::new(1);
    let nodes = [1, 2].map(|node| cluster.join(NodeId::from_u128(node)).0);
    let nodes = nodes.map(|membership| {
        let explorer = exploring(&data);
        explorer.0.share(Placement::follow(Arc::new(membership)));
        explorer
    });
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(connected(&data, &format!("Shop {number}")).await);
    }
    // Newcomers are given nothing for two seconds.
    tokio::time::sleep(Duration::from_secs(3)).await;

    let mut begun = Vec::new();
    for (explorer, warehouse) in &nodes {
        explorer.look().await.unwrap();
        begun.push(ids.iter().filter(|id| explorer.is_reading(**id)).count());
        warehouse.let_go.add_permits(ids.len());
    }

    assert_eq!(begun.iter().sum::<usize>(), ids.len(), "{begun:?}");
    for (explorer, _) in &nodes {
        explorer.stop().await;
    }
}
