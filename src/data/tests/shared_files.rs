//! Uploads whose databases are kept where every node finds them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use starling_actors::ports::FileKey;

use super::explorer::Copier;
use super::*;
use crate::data::shared_files::LOOSE_FILES;
use crate::data::{DataError, FileContent, LocalFile, LoginError, UploadKind};
use crate::records::SERVER;

/// Storage in memory, which can be gone.
#[derive(Default)]
struct Storage {
    kept: Mutex<BTreeMap<FileKey, Vec<u8>>>,
    is_gone: AtomicBool,
}

impl Storage {
    fn works(&self) -> bool {
        !self.is_gone.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl SharedDatabases for Storage {
    async fn keep(&self, key: FileKey, made: &Path) -> Option<FileContent> {
        let words = self.works().then(|| std::fs::read(made).unwrap())?;
        std::fs::remove_file(made).unwrap();
        let content = FileContent { sha256: "sum".to_owned(), bytes: words.len() as u64 };
        self.kept.lock().insert(key, words);
        Some(content)
    }

    async fn open(&self, key: FileKey, _: &FileContent) -> Result<LocalFile, &'static str> {
        let is_there = self.works() && self.kept.lock().contains_key(&key);
        let path = Path::new("copy").join(key.file.to_string());
        is_there.then_some(LocalFile { path, hold: None }).ok_or("its file is gone")
    }

    async fn remove(&self, key: FileKey, _: Option<&FileContent>) -> bool {
        if self.works() {
            self.kept.lock().remove(&key);
        }
        self.works()
    }
}

struct Cluster {
    world: World,
    storage: Arc<Storage>,
    _folder: tempfile::TempDir,
}

impl Cluster {
    fn new() -> Self {
        let (folder, storage) = (tempfile::tempdir().unwrap(), Arc::<Storage>::default());
        let world = World {
            uploads_dir: folder.path().join("uploads"),
            shared: Some(Arc::clone(&storage) as _),
            ..World::new()
        };
        Self { world, storage, _folder: folder }
    }

    async fn upload(&self, data: &Data) -> Result<ConnectionId, DataError> {
        let mut upload = data.begin_upload(&analyst(), UploadKind::Csv, "sales.csv").await?;
        upload.write(b"a,b\n1,2\n").await?;
        let (_, made) = data.finish_upload(&analyst(), upload, &Copier).await?;
        Ok(made.connection.id)
    }

    fn kept(&self) -> usize {
        self.storage.kept.lock().len()
    }

    async fn notes(&self, data: &Data) -> usize {
        data.inner.shelves.list(&LOOSE_FILES, SERVER, "", 10).await.unwrap().len()
    }

    fn beside(&self) -> usize {
        std::fs::read_dir(&self.world.uploads_dir).map_or(0, Iterator::count)
    }

    fn lose_storage(&self, is_gone: bool) {
        self.storage.is_gone.store(is_gone, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn an_upload_is_kept_in_the_storage_alone_and_found_by_another_node() {
    let cluster = Cluster::new();
    let (here, there) = (cluster.world.data().await, cluster.world.data().await);
    let id = cluster.upload(&here).await.unwrap();
    let shop = here.create_demo_shop(&analyst(), &Copier).await.unwrap().connection.id;
    assert_eq!((cluster.kept(), cluster.beside()), (2, 0));
    for id in [id, shop] {
        assert!(there.login(ORG, id).await.unwrap().file.is_some());
    }

    there.delete_connection(&admin(), id).await.unwrap();
    there.delete_connection(&admin(), shop).await.unwrap();
    assert_eq!(cluster.kept(), 0);
    assert_eq!(cluster.notes(&here).await, 0);
}

#[tokio::test]
async fn without_the_storage_nothing_is_connected_and_the_reason_is_told() {
    let cluster = Cluster::new();
    let data = cluster.world.data().await;
    let id = cluster.upload(&data).await.unwrap();
    cluster.lose_storage(true);
    assert_eq!(cluster.upload(&data).await, Err(DataError::Unavailable));
    let shop = data.create_demo_shop(&analyst(), &Copier).await;
    assert_eq!(shop.map(drop), Err(DataError::Unavailable));
    assert_eq!((data.list_connections(&admin()).await.unwrap().len(), cluster.beside()), (1, 0));
    assert_eq!(data.login(ORG, id).await.unwrap_err(), LoginError::File("its file is gone"));
}

#[tokio::test]
async fn a_file_whose_connection_went_while_the_storage_was_gone_is_removed_later() {
    let cluster = Cluster::new();
    let data = cluster.world.data().await;
    let id = cluster.upload(&data).await.unwrap();
    let kept = cluster.upload(&data).await.unwrap();
    cluster.lose_storage(true);
    data.delete_connection(&admin(), id).await.unwrap();
    cluster.lose_storage(false);
    data.sweep_files().await.unwrap();
    assert_eq!(cluster.kept(), 2, "an hour is not over");

    cluster.world.clock.advance_ms(3_700_000);
    data.sweep_files().await.unwrap();
    assert_eq!((cluster.kept(), cluster.notes(&data).await), (1, 0));
    assert!(data.login(ORG, kept).await.is_ok());
}

#[tokio::test]
async fn a_file_to_which_no_connection_came_is_removed_and_one_with_a_connection_is_not() {
    let cluster = Cluster::new();
    let data = cluster.world.data().await;
    let connected = cluster.upload(&data).await.unwrap();
    // Its organization has no seat left: the file goes at once.
    cluster.upload(&data).await.unwrap();
    cluster.upload(&data).await.unwrap();
    assert!(matches!(cluster.upload(&data).await, Err(DataError::LimitReached(_))));
    assert_eq!((cluster.kept(), cluster.notes(&data).await), (3, 0));

    // A node that died between storing and connecting, and one between connecting and its note.
    let out = cluster.world.uploads_dir.join("made.sqlite");
    std::fs::write(&out, b"tables").unwrap();
    let upload = data.fresh_id();
    data.keep_database(ORG, &upload, &out).await.unwrap();
    let file = data.stored_connection(ORG, connected).await.unwrap().unwrap().value.address.file;
    data.loosen_file(ORG, &file.unwrap()).await.unwrap();
    cluster.world.clock.advance_ms(3_700_000);
    data.sweep_files().await.unwrap();
    assert_eq!((cluster.kept(), cluster.notes(&data).await), (3, 0));
    assert!(data.login(ORG, connected).await.is_ok());
}
