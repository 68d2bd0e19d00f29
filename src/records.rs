//! Typed records: what accounts and the data side keep, as JSON over the port of records. Each kind has
//! its [`Shelf`]; what is read has the version under which it may be replaced.
//!
//! **Invariant:** an unreadable record is an error and never overwritten: it may come from a newer
//! server.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use starling_actors::domain::OrgId;
use starling_actors::ports::{Precondition, Record, RecordKey, Records, RecordsError};

/// What belongs to the whole server.
pub const SERVER: OrgId = OrgId::from_u128(0);
/// Records that are read at once.
const PAGE: usize = 200;

/// A kind of record.
#[derive(Debug)]
pub struct Shelf<T> {
    kind: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> Shelf<T> {
    /// The records of this kind.
    pub const fn new(kind: &'static str) -> Self {
        Self { kind, of: PhantomData }
    }

    /// Where one of them is.
    pub fn key(&self, org: OrgId, parent: &str, id: &str) -> RecordKey {
        let (parent, id) = (parent.to_owned(), id.to_owned());
        RecordKey { org, kind: self.kind.to_owned(), parent, id }
    }
}

/// A value, its id, and the version under which it was read.
#[derive(Clone, Debug)]
pub struct Versioned<T> {
    /// Its id on its shelf.
    pub id: String,
    /// Counts up with every change.
    pub version: u64,
    /// What is stored.
    pub value: T,
}

/// Stores an id or a word by its text.
pub mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes it.
    pub fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads it.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Stores an id or a word by its text, where there may be none.
pub mod optional_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes it.
    #[allow(clippy::ref_option, reason = "serde gives a reference")]
    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    /// Reads it.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

/// All shelves. What fails is told as an `E`. Cheap to clone.
pub struct Shelves<E> {
    records: Arc<dyn Records>,
    fails_as: PhantomData<fn() -> E>,
}

impl<E> Clone for Shelves<E> {
    fn clone(&self) -> Self {
        Self { records: Arc::clone(&self.records), fails_as: PhantomData }
    }
}

fn read<T: DeserializeOwned>(record: &Record) -> Result<Versioned<T>, RecordsError> {
    match serde_json::from_slice(&record.body) {
        Ok(value) => Ok(Versioned { id: record.key.id.clone(), version: record.version, value }),
        Err(error) => {
            tracing::error!(kind = record.key.kind, id = record.key.id, %error, "record unreadable");
            Err(RecordsError::Unavailable)
        }
    }
}

impl<E: From<RecordsError>> Shelves<E> {
    /// Over these records.
    pub fn new(records: Arc<dyn Records>) -> Self {
        Self { records, fails_as: PhantomData }
    }

    /// One value.
    pub async fn get<T: DeserializeOwned>(
        &self,
        shelf: &Shelf<T>,
        org: OrgId,
        parent: &str,
        id: &str,
    ) -> Result<Option<Versioned<T>>, E> {
        let record = self.records.get(&shelf.key(org, parent, id)).await?;
        Ok(record.as_ref().map(read).transpose()?)
    }

    /// Values of two shelves in one question to the store; those that there are not are left out.
    pub async fn get_all<T: DeserializeOwned, U: DeserializeOwned>(
        &self,
        (shelf, ids): (&Shelf<T>, &[(OrgId, String, String)]),
        (other, other_ids): (&Shelf<U>, &[(OrgId, String, String)]),
    ) -> Result<(Vec<Versioned<T>>, Vec<Versioned<U>>), E> {
        let keys = ids.iter().map(|(org, parent, id)| shelf.key(*org, parent, id));
        let others = other_ids.iter().map(|(org, parent, id)| other.key(*org, parent, id));
        let keys: Vec<_> = keys.chain(others).collect();
        let mut found = self.records.get_all(&keys).await?;
        let others = found.split_off(ids.len().min(found.len()));
        let found = found.iter().flatten().map(read).collect::<Result<_, _>>()?;
        let others = others.iter().flatten().map(read).collect::<Result<_, _>>()?;
        Ok((found, others))
    }

    /// At most `limit` values below a parent, above `after`, in the order of their ids.
    pub async fn page<T: DeserializeOwned>(
        &self,
        shelf: &Shelf<T>,
        (org, parent): (OrgId, &str),
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Versioned<T>>, E> {
        let records = self.records.list(org, shelf.kind, parent, after, limit).await?;
        Ok(records.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// At most `limit` values below a parent, in the order of their ids, read a page at a time.
    pub async fn list<T: DeserializeOwned>(
        &self,
        shelf: &Shelf<T>,
        org: OrgId,
        parent: &str,
        limit: usize,
    ) -> Result<Vec<Versioned<T>>, E> {
        let mut found: Vec<Versioned<T>> = Vec::new();
        loop {
            let wanted = PAGE.min(limit - found.len());
            let after = found.last().map(|last| last.id.as_str());
            let page = self.page(shelf, (org, parent), after, wanted).await?;
            let is_last = page.len() < wanted;
            found.extend(page);
            if is_last || found.len() >= limit {
                return Ok(found);
            }
        }
    }

    /// Stores a value and gives its version.
    pub async fn put<T: Serialize>(
        &self,
        shelf: &Shelf<T>,
        (org, parent, id): (OrgId, &str, &str),
        value: &T,
        when: Precondition,
    ) -> Result<u64, E> {
        let body = serde_json::to_vec(value).map_err(|_| RecordsError::Unavailable)?;
        Ok(self.records.put(&shelf.key(org, parent, id), body, when).await?)
    }

    /// Removes a value; `false` when there was none.
    pub async fn delete<T>(
        &self,
        shelf: &Shelf<T>,
        org: OrgId,
        parent: &str,
        id: &str,
    ) -> Result<bool, E> {
        Ok(self.records.delete(&shelf.key(org, parent, id)).await?)
    }

    /// Takes a unique key for `owner`, who has or is about to have `record`; `Conflict` when another
    /// has it.
    pub async fn claim(
        &self,
        kind: &str,
        key: &str,
        owner: &str,
        record: &RecordKey,
    ) -> Result<(), E> {
        Ok(self.records.claim(kind, key, owner, record).await?)
    }

    /// Who has a unique key.
    pub async fn claimed_by(&self, kind: &str, key: &str) -> Result<Option<String>, E> {
        Ok(self.records.claimed_by(kind, key).await?)
    }

    /// Frees a unique key of `owner`.
    pub async fn release(&self, kind: &str, key: &str, owner: &str) -> Result<(), E> {
        Ok(self.records.release(kind, key, owner).await?)
    }
}
