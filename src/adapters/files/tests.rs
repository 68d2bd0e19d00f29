use std::sync::Arc;

use object_store::memory::InMemory;
use starling_actors::domain::{FileId, OrgId};

use super::*;

const KEY: FileKey = FileKey { org: OrgId::from_u128(1), file: FileId::from_u128(2) };

fn in_folder() -> (Arc<dyn Files>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Arc::new(ObjectFiles::in_folder(&folder.path().join("files")).unwrap()), folder)
}

mod contract {
    use super::*;
    starling_actors::files_suite!(in_folder);
}

/// The same over S3 itself is in tests/it/files.rs.
mod contract_over_a_store_of_objects {
    use super::*;

    fn in_memory() -> (Arc<dyn Files>, ()) {
        (Arc::new(Storage::of(Arc::new(InMemory::new())).files()), ())
    }

    starling_actors::files_suite!(in_memory);
}

#[tokio::test]
async fn files_survive_a_new_opening_and_lie_where_their_ids_say() {
    let (files, folder) = in_folder();
    files.put(KEY, b"words".to_vec()).await.unwrap();
    drop(files);

    let folder = folder.path().join("files");
    let again = ObjectFiles::in_folder(&folder).unwrap();
    assert_eq!(again.get(KEY).await, Ok(Some(b"words".to_vec())));
    let path = folder.join(KEY.org.to_string()).join(KEY.file.to_string());
    assert_eq!(std::fs::read(path).unwrap(), b"words");
    let beside = std::fs::read_dir(folder.join(KEY.org.to_string())).unwrap().count();
    assert_eq!(beside, 1, "nothing is left of the writing");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_says_try_again() {
    let (files, folder) = in_folder();
    // A file where the organization's folder should be.
    std::fs::write(folder.path().join("files").join(KEY.org.to_string()), b"").unwrap();
    assert_eq!(files.put(KEY, vec![1]).await, Err(FilesError::Unavailable));
}

/// Two nodes on one storage, each with a disk of its own.
#[tokio::test]
async fn a_database_that_one_node_kept_is_copied_by_another_and_goes_for_both() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::of(Arc::new(InMemory::new()));
    let node =
        |name: &str| Databases::open(storage.clone(), &folder.path().join(name), 1 << 20).unwrap();
    let (here, there) = (node("here"), node("there"));
    let made = folder.path().join("made.sqlite");
    std::fs::write(&made, b"tables").unwrap();

    let kept = here.keep(KEY, &made).await.unwrap();
    assert!(!made.exists(), "it is a copy now");
    for node in [&here, &there] {
        let copy = node.copy(KEY, kept).await.unwrap();
        assert_eq!(std::fs::read(copy.path()).unwrap(), b"tables");
    }
    here.remove(KEY, Some(kept.hash)).await.unwrap();
    here.remove(KEY, None).await.unwrap();
    assert_eq!(here.copy(KEY, kept).await.unwrap_err(), CopyError::Missing);
    assert!(!storage.works().await, "no mark was ever written");
    storage.prove().await.unwrap();
    assert!(storage.works().await);
}

#[tokio::test]
async fn a_database_that_was_changed_in_the_storage_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let storage = Storage::of(Arc::clone(&store));
    let node =
        |name: &str| Databases::open(storage.clone(), &folder.path().join(name), 1 << 20).unwrap();
    let made = folder.path().join("made.sqlite");
    std::fs::write(&made, b"tables").unwrap();
    let kept = node("here").keep(KEY, &made).await.unwrap();

    let changed = place(&storage.below("databases"), KEY);
    store.put(&changed, PutPayload::from_static(b"tablez")).await.unwrap();
    assert_eq!(node("there").copy(KEY, kept).await.unwrap_err(), CopyError::Damaged);
}
