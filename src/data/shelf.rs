//! Typed records of the data side: where each kind is kept, and how pages of them are read.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use starling_actors::domain::OrgId;
use starling_actors::ports::{
    Precondition, QuestionsError, Record, RecordKey, Records, RecordsError,
};

/// What belongs to the whole server.
pub(super) const SERVER: OrgId = OrgId::from_u128(0);
/// Records that are read at once.
const PAGE: usize = 200;

/// A kind of record.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    kind: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> Shelf<T> {
    pub(super) const fn new(kind: &'static str) -> Self {
        Self { kind, of: PhantomData }
    }

    fn key(&self, org: OrgId, parent: &str, id: &str) -> RecordKey {
        let (parent, id) = (parent.to_owned(), id.to_owned());
        RecordKey { org, kind: self.kind.to_owned(), parent, id }
    }
}

/// A value, its id, and the version under which it was read.
#[derive(Clone, Debug)]
pub(super) struct Versioned<T> {
    pub(super) id: String,
    pub(super) version: u64,
    pub(super) value: T,
}

/// The records. Cheap to clone.
#[derive(Clone)]
pub(super) struct Shelves {
    records: Arc<dyn Records>,
}

fn read<T: DeserializeOwned>(record: &Record) -> Result<Versioned<T>, QuestionsError> {
    match serde_json::from_slice(&record.body) {
        Ok(value) => Ok(Versioned { id: record.key.id.clone(), version: record.version, value }),
        Err(error) => {
            // An unreadable record is never overwritten: it may come from a newer server.
            tracing::error!(kind = record.key.kind, id = record.key.id, %error, "record unreadable");
            Err(QuestionsError::Unavailable)
        }
    }
}

/// A failed read or write in the words of the ports of questions.
pub(super) const fn questions(error: RecordsError) -> QuestionsError {
    match error {
        RecordsError::Conflict => QuestionsError::Conflict,
        RecordsError::Unavailable => QuestionsError::Unavailable,
    }
}

impl Shelves {
    pub(super) fn new(records: Arc<dyn Records>) -> Self {
        Self { records }
    }

    /// One value.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        shelf: &Shelf<T>,
        org: OrgId,
        parent: &str,
        id: &str,
    ) -> Result<Option<Versioned<T>>, QuestionsError> {
        let record = self.records.get(&shelf.key(org, parent, id)).await.map_err(questions)?;
        record.as_ref().map(read).transpose()
    }

    /// At most `limit` values below a parent, in the order of their ids.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        shelf: &Shelf<T>,
        org: OrgId,
        parent: &str,
        limit: usize,
    ) -> Result<Vec<Versioned<T>>, QuestionsError> {
        let mut found: Vec<Versioned<T>> = Vec::new();
        loop {
            let wanted = PAGE.min(limit - found.len());
            let after = found.last().map(|last| last.id.as_str());
            let page = self.records.list(org, shelf.kind, parent, after, wanted).await;
            let page = page.map_err(questions)?;
            let is_last = page.len() < wanted;
            for record in &page {
                found.push(read(record)?);
            }
            if is_last || found.len() >= limit {
                return Ok(found);
            }
        }
    }

    /// Stores a value and gives its version.
    pub(super) async fn put<T: Serialize>(
        &self,
        shelf: &Shelf<T>,
        (org, parent, id): (OrgId, &str, &str),
        value: &T,
        when: Precondition,
    ) -> Result<u64, QuestionsError> {
        let body = serde_json::to_vec(value).map_err(|_| QuestionsError::Unavailable)?;
        self.records.put(&shelf.key(org, parent, id), body, when).await.map_err(questions)
    }

    /// Removes a value; `false` when there was none.
    pub(super) async fn delete<T>(
        &self,
        shelf: &Shelf<T>,
        org: OrgId,
        parent: &str,
        id: &str,
    ) -> Result<bool, QuestionsError> {
        self.records.delete(&shelf.key(org, parent, id)).await.map_err(questions)
    }

    /// Takes a unique key; `Conflict` when another has it.
    pub(super) async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
    ) -> Result<(), QuestionsError> {
        self.records.claim(kind, key, owner).await.map_err(questions)
    }

    /// Frees a unique key of `owner`.
    pub(super) async fn release(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
    ) -> Result<(), QuestionsError> {
        self.records.release(kind, key, owner).await.map_err(questions)
    }
}
