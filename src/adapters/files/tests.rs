use std::sync::Arc;

use starling_actors::domain::{FileId, OrgId};

use super::*;

fn fresh() -> (Arc<dyn Files>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Arc::new(FolderFiles::open(&folder.path().join("files")).unwrap()), folder)
}

mod contract {
    use super::*;
    starling_actors::files_suite!(fresh);
}

#[tokio::test]
async fn files_survive_a_new_opening_and_lie_where_their_ids_say() {
    let (files, folder) = fresh();
    let key = FileKey { org: OrgId::from_u128(1), file: FileId::from_u128(2) };
    files.put(key, b"words".to_vec()).await.unwrap();
    drop(files);

    let folder = folder.path().join("files");
    let again = FolderFiles::open(&folder).unwrap();
    assert_eq!(again.get(key).await, Ok(Some(b"words".to_vec())));
    let path = folder.join(key.org.to_string()).join(key.file.to_string());
    assert_eq!(std::fs::read(path).unwrap(), b"words");
    let beside = std::fs::read_dir(folder.join(key.org.to_string())).unwrap().count();
    assert_eq!(beside, 1, "nothing is left of the writing");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_says_try_again() {
    let (files, folder) = fresh();
    let key = FileKey { org: OrgId::from_u128(1), file: FileId::from_u128(2) };
    // A file where the organization's folder should be.
    std::fs::write(folder.path().join("files").join(key.org.to_string()), b"").unwrap();
    assert_eq!(files.put(key, vec![1]).await, Err(FilesError::Unavailable));
}
