//! The contract of [`Files`], line by line.

use std::sync::Arc;

use crate::domain::{FileId, OrgId};
use crate::ports::{FILE_BYTES_MAX, FileKey, Files, FilesError};

const KEY: FileKey = FileKey { org: OrgId::from_u128(1), file: FileId::from_u128(7) };

/// A file that was put reads back as it was.
pub async fn a_file_reads_back_as_it_was_put(files: Arc<dyn Files>) {
    assert_eq!(files.get(KEY).await, Ok(None));
    assert_eq!(files.exists(KEY).await, Ok(false));
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    assert_eq!(files.put(KEY, bytes.clone()).await, Ok(()));
    assert_eq!(files.get(KEY).await, Ok(Some(bytes)));
    assert_eq!(files.exists(KEY).await, Ok(true));
    assert_eq!(files.put(KEY, Vec::new()).await, Ok(()));
    assert_eq!(files.get(KEY).await, Ok(Some(Vec::new())), "an empty file is a file");
}

/// A put over a file replaces it whole: nobody reads a part of one.
pub async fn a_file_is_replaced_whole(files: Arc<dyn Files>) {
    let (old, new) = (vec![1; 300_000], vec![2; 200_000]);
    assert_eq!(files.put(KEY, old.clone()).await, Ok(()));
    let putting = {
        let (files, new) = (Arc::clone(&files), new.clone());
        tokio::spawn(async move { files.put(KEY, new).await })
    };
    while !putting.is_finished() {
        let seen = files.get(KEY).await.unwrap().unwrap();
        assert!(seen == old || seen == new, "a mix of {} bytes", seen.len());
        tokio::task::yield_now().await;
    }
    assert_eq!(putting.await.unwrap(), Ok(()));
    assert_eq!(files.get(KEY).await, Ok(Some(new)));
}

/// A file above the limit is refused, and what was there stays.
pub async fn a_file_that_is_too_large_changes_nothing(files: Arc<dyn Files>) {
    assert_eq!(files.put(KEY, vec![1]).await, Ok(()));
    let refused = files.put(KEY, vec![0; FILE_BYTES_MAX + 1]).await;
    assert_eq!(refused, Err(FilesError::TooLarge));
    assert_eq!(files.get(KEY).await, Ok(Some(vec![1])));
}

/// A file of another organization is not found.
pub async fn a_file_of_another_organization_is_not_found(files: Arc<dyn Files>) {
    assert_eq!(files.put(KEY, vec![1]).await, Ok(()));
    let elsewhere = FileKey { org: OrgId::from_u128(2), ..KEY };
    assert_eq!(files.get(elsewhere).await, Ok(None));
    assert_eq!(files.exists(elsewhere).await, Ok(false));
    assert_eq!(files.delete(elsewhere).await, Ok(false));
    assert_eq!(files.exists(KEY).await, Ok(true));
}

/// Deleting gives whether there was one; afterwards it is gone.
pub async fn a_deleted_file_is_gone(files: Arc<dyn Files>) {
    assert_eq!(files.delete(KEY).await, Ok(false));
    assert_eq!(files.put(KEY, vec![1]).await, Ok(()));
    assert_eq!(files.delete(KEY).await, Ok(true));
    assert_eq!(files.get(KEY).await, Ok(None));
    assert_eq!(files.delete(KEY).await, Ok(false));
}
