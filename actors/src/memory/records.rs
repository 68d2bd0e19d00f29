//! Records and unique keys in memory.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::OrgId;
use crate::ports::{Precondition, Record, RecordKey, Records, RecordsError};

/// Records and unique keys behind one lock.
#[derive(Debug, Default)]
pub struct MemoryRecords {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    /// Ordered as listed: by organization, kind, parent and id.
    records: BTreeMap<RecordKey, Record>,
    /// Owners by (kind, key).
    claims: HashMap<(String, String), String>,
}

fn claim_key(kind: &str, key: &str) -> (String, String) {
    (kind.to_owned(), key.to_owned())
}

#[async_trait]
impl Records for MemoryRecords {
    async fn get(&self, key: &RecordKey) -> Result<Option<Record>, RecordsError> {
        Ok(self.shelf.lock().records.get(key).cloned())
    }

    async fn get_all(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, RecordsError> {
        let shelf = self.shelf.lock();
        Ok(keys.iter().map(|key| shelf.records.get(key).cloned()).collect())
    }

    async fn list(
        &self,
        org: OrgId,
        kind: &str,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Record>, RecordsError> {
        let (kind, parent) = (kind.to_owned(), parent.to_owned());
        let id = after.unwrap_or_default().to_owned();
        let start = RecordKey { org, kind: kind.clone(), parent: parent.clone(), id };
        let shelf = self.shelf.lock();
        let records = shelf.records.range(start..).map(|(_, record)| record);
        let mine = records.take_while(|record| {
            record.key.org == org && record.key.kind == kind && record.key.parent == parent
        });
        let above = mine.filter(|record| after.is_none_or(|after| record.key.id.as_str() > after));
        Ok(above.take(limit).cloned().collect())
    }

    async fn put(
        &self,
        key: &RecordKey,
        body: Vec<u8>,
        precondition: Precondition,
    ) -> Result<u64, RecordsError> {
        let mut shelf = self.shelf.lock();
        let stored = shelf.records.get(key).map(|record| record.version);
        let holds = match precondition {
            Precondition::Absent => stored.is_none(),
            Precondition::Version(version) => stored == Some(version),
            Precondition::Any => true,
        };
        if !holds {
            return Err(RecordsError::Conflict);
        }
        let version = stored.unwrap_or(0) + 1;
        shelf.records.insert(key.clone(), Record { key: key.clone(), version, body });
        Ok(version)
    }

    async fn delete(&self, key: &RecordKey) -> Result<bool, RecordsError> {
        Ok(self.shelf.lock().records.remove(key).is_some())
    }

    async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        _record: &RecordKey,
    ) -> Result<(), RecordsError> {
        // What is in memory ends with its process: nothing is left half done.
        let mut shelf = self.shelf.lock();
        let holder = shelf.claims.entry(claim_key(kind, key)).or_insert_with(|| owner.to_owned());
        if holder == owner { Ok(()) } else { Err(RecordsError::Conflict) }
    }

    async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, RecordsError> {
        Ok(self.shelf.lock().claims.get(&claim_key(kind, key)).cloned())
    }

    async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), RecordsError> {
        let mut shelf = self.shelf.lock();
        let key = claim_key(kind, key);
        if shelf.claims.get(&key).is_some_and(|holder| holder == owner) {
            shelf.claims.remove(&key);
        }
        Ok(())
    }
}
