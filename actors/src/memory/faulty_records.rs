//! Records to which something happens at the next change of a kind.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::OrgId;
use crate::ports::{Precondition, Record, RecordKey, Records, RecordsError};

/// What happens, once.
pub enum Mishap {
    /// Somebody else's order runs right before.
    Interrupted(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// It is refused.
    Refused,
    /// It is stored, and nobody learns of it.
    Unheard,
}

/// Records with mishaps in `put` and `delete`.
pub struct FaultyRecords {
    records: Arc<dyn Records>,
    mishaps: Mutex<HashMap<&'static str, Mishap>>,
}

impl fmt::Debug for FaultyRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaultyRecords")
    }
}

impl FaultyRecords {
    /// Over records that do as they should.
    pub fn new(records: Arc<dyn Records>) -> Self {
        Self { records, mishaps: Mutex::default() }
    }

    /// What happens at the next change of a kind.
    pub fn at_next(&self, kind: &'static str, mishap: Mishap) {
        self.mishaps.lock().insert(kind, mishap);
    }

    async fn change<T>(
        &self,
        key: &RecordKey,
        change: impl Future<Output = Result<T, RecordsError>> + Send,
    ) -> Result<T, RecordsError> {
        let mishap = self.mishaps.lock().remove(key.kind.as_str());
        match mishap {
            None => change.await,
            Some(Mishap::Interrupted(order)) => {
                order.await;
                change.await
            }
            Some(Mishap::Refused) => Err(RecordsError::Unavailable),
            Some(Mishap::Unheard) => {
                change.await?;
                Err(RecordsError::Unknown)
            }
        }
    }
}

#[async_trait]
impl Records for FaultyRecords {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, RecordsError> {
        self.records.get(key).await
    }

    async fn get_all(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, RecordsError> {
        self.records.get_all(keys).await
    }

    async fn list(
        &self,
        org: OrgId,
        kind: &str,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, RecordsError> {
        self.records.list(org, kind, parent, after, limit).await
    }

    async fn put(
        &self,
        key: &RecordKey,
        body: Vec<u8>,
        precondition: Precondition,
    ) -> Result<u64, RecordsError> {
        self.change(key, self.records.put(key, body, precondition)).await
    }

    async fn delete(&self, key: &RecordKey) -> Result<bool, RecordsError> {
        self.change(key, self.records.delete(key)).await
    }

    async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        record: &RecordKey,
    ) -> Result<(), RecordsError> {
        self.records.claim(kind, key, owner, record).await
    }

    async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, RecordsError> {
        self.records.claimed_by(kind, key).await
    }

    async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), RecordsError> {
        self.records.release(kind, key, owner).await
    }
}
