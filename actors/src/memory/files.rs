//! Files in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::ports::{FILE_BYTES_MAX, FileKey, Files, FilesError};

/// Files behind one lock.
#[derive(Debug, Default)]
pub struct MemoryFiles {
    files: Mutex<BTreeMap<FileKey, Vec<u8>>>,
}

#[async_trait]
impl Files for MemoryFiles {
    async fn put(&self, key: FileKey, bytes: Vec<u8>) -> Result<(), FilesError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FilesError::TooLarge);
        }
        self.files.lock().insert(key, bytes);
        Ok(())
    }

    async fn get(&self, key: FileKey) -> Result<Option<Vec<u8>>, FilesError> {
        Ok(self.files.lock().get(&key).cloned())
    }

    async fn exists(&self, key: FileKey) -> Result<bool, FilesError> {
        Ok(self.files.lock().contains_key(&key))
    }

    async fn delete(&self, key: FileKey) -> Result<bool, FilesError> {
        Ok(self.files.lock().remove(&key).is_some())
    }
}
