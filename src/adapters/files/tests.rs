use std::sync::Arc;

use object_store::PutPayload;
use object_store::memory::InMemory;
use starling_actors::domain::{FileId, OrgId};

use super::*;

const KEY: FileKey = FileKey { org: OrgId::from_u128(1), file: FileId::from_u128(2) };

/// What every store of files does, whichever it is.
async fn keeps_files(files: &ObjectFiles) {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    let words: Vec<u8> = (0..=250).cycle().take(6 << 20).collect();
    for bytes in [&words[..], b"short"] {
        std::fs::write(&from, bytes).unwrap();
        files.put(KEY, FilePart::Whole, &from).await.unwrap();
        let all = files.read(KEY, FilePart::Whole, 0..bytes.len() as u64).await.unwrap().unwrap();
        assert!(all == bytes, "{} bytes came back otherwise", bytes.len());
    }
    let middle = files.read(KEY, FilePart::Whole, 1..4).await.unwrap().unwrap();
    assert_eq!(&middle[..], b"hor");
    assert_eq!(files.read(KEY, FilePart::Whole, 2..2).await, Ok(Some(Bytes::new())));
    assert_eq!(files.read(KEY, FilePart::Thumbnail, 0..1).await, Ok(None));
    files.put(KEY, FilePart::Thumbnail, &from).await.unwrap();
    let elsewhere = FileKey { org: OrgId::from_u128(9), ..KEY };
    assert_eq!(files.read(elsewhere, FilePart::Whole, 0..1).await, Ok(None));
    files.remove(elsewhere).await.unwrap();

    files.remove(KEY).await.unwrap();
    files.remove(KEY).await.unwrap();
    for part in [FilePart::Whole, FilePart::Thumbnail] {
        assert_eq!(files.read(KEY, part, 0..1).await, Ok(None));
    }
}

fn in_folder() -> (ObjectFiles, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (ObjectFiles::in_folder(&folder.path().join("uploads")).unwrap(), folder)
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let (files, _folder) = in_folder();
    keeps_files(&files).await;
}

/// The same over S3 itself is in tests/it/files.rs.
#[tokio::test]
async fn a_store_of_objects_keeps_files() {
    keeps_files(&Storage::of(Arc::new(InMemory::new())).files()).await;
}

#[tokio::test]
async fn files_survive_a_new_opening_and_lie_where_their_ids_say() {
    let (files, folder) = in_folder();
    let from = folder.path().join("from");
    std::fs::write(&from, b"words").unwrap();
    files.put(KEY, FilePart::Whole, &from).await.unwrap();
    drop(files);

    let folder = folder.path().join("uploads");
    let again = ObjectFiles::in_folder(&folder).unwrap();
    let words = again.read(KEY, FilePart::Whole, 0..5).await.unwrap().unwrap();
    assert_eq!(&words[..], b"words");
    let path = folder.join("files").join(KEY.org.to_string()).join(KEY.file.to_string());
    assert_eq!(std::fs::read(&path).unwrap(), b"words");
    let beside = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "nothing is left of the writing");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_says_try_again() {
    let (files, folder) = in_folder();
    let from = folder.path().join("from");
    std::fs::write(&from, b"words").unwrap();
    // A file where the folder of files should be.
    std::fs::write(folder.path().join("uploads/files"), b"").unwrap();
    assert_eq!(files.put(KEY, FilePart::Whole, &from).await, Err(FilesUnavailable));
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
