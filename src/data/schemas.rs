//! What connections hold, a record for each table: a schema of 500 tables with 50 columns each is some
//! 10 MB, which is no record.
//!
//! **Invariant:** the head's version goes up after any of a connection's tables or notes has changed, so
//! a schema in memory that has the head's version is the stored one.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use starling_actors::domain::{ConnectionId, OrgId, Schema, Table, Timestamp};
use starling_actors::ports::{Described, Precondition, QuestionsError, SchemaChange};

use super::Data;
use super::stored::schema::{StoredHead, StoredNotes, StoredTableShape, table};
use super::stored::text::At;
use crate::records::Shelf;

/// When schemas were read, below their organization, by connection.
pub(super) const HEADS: Shelf<StoredHead> = Shelf::new("schema");
/// Tables, below their connection.
const TABLES: Shelf<StoredTableShape> = Shelf::new("schema_table");
/// What people wrote about tables, below their connection.
pub(super) const NOTES: Shelf<StoredNotes> = Shelf::new("schema_notes");

/// Tables of one connection that are kept. Beyond it nobody finds anything without naming a namespace.
pub(super) const TABLES_MAX: usize = 5_000;
/// Columns of one table that are kept: PostgreSQL has at most 1,600.
const COLUMNS_MAX: usize = 2_000;
/// Writes in flight at once: they share the store's commits.
const WRITES_AT_ONCE: usize = 32;

/// The id of a table's records: its namespace and its name, apart.
pub(super) fn table_key(namespace: Option<&str>, name: &str) -> String {
    format!("{}\u{1f}{name}", namespace.unwrap_or_default())
}

/// A table's name for people.
fn shown(key: &str) -> String {
    match key.split_once('\u{1f}') {
        Some(("", name)) => name.to_owned(),
        Some((namespace, name)) => format!("{namespace}.{name}"),
        None => key.to_owned(),
    }
}

impl Data {
    /// The stored schema of a connection, with what people wrote.
    pub(super) async fn stored_schema(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Arc<Schema>, QuestionsError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        let Some(head) = shelves.get(&HEADS, org, "", &parent).await? else {
            return Ok(Arc::default());
        };
        if let Some((version, schema)) = self.inner.schemas.get(&(org, id))
            && version == head.version
        {
            return Ok(schema);
        }
        let notes = self.all_notes(org, &parent).await?;
        let shapes = shelves.list(&TABLES, org, &parent, TABLES_MAX).await?;
        let tables = shapes.into_iter().map(|shape| table(shape.value, notes.get(&shape.id)));
        let mut tables: Vec<Table> = tables.collect();
        tables.sort_by(|a, b| (&a.name, &a.namespace).cmp(&(&b.name, &b.namespace)));
        let refreshed_at = head.value.refreshed_at.into();
        let schema = Arc::new(Schema { tables, refreshed_at });
        self.inner.schemas.insert((org, id), (head.version, Arc::clone(&schema)));
        Ok(schema)
    }

    /// When the database was last asked; zero when never.
    pub(super) async fn schema_time(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Timestamp, QuestionsError> {
        let head = self.inner.shelves.get(&HEADS, org, "", &id.to_string()).await?;
        Ok(head.map_or_else(Timestamp::default, |head| head.value.refreshed_at.into()))
    }

    /// Stores what a discovery found; tables that are the same are not written again.
    pub(super) async fn store_schema(
        &self,
        org: OrgId,
        id: ConnectionId,
        schema: Schema,
    ) -> Result<SchemaChange, QuestionsError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        let earlier = shelves.list(&TABLES, org, &parent, TABLES_MAX).await?;
        let mut earlier: BTreeMap<String, StoredTableShape> =
            earlier.into_iter().map(|found| (found.id, found.value)).collect();
        let notes = self.all_notes(org, &parent).await?;
        let is_first = earlier.is_empty();
        let mut change = SchemaChange::default();
        let mut writes = Vec::new();
        for mut table in schema.tables.into_iter().take(TABLES_MAX) {
            table.columns.truncate(COLUMNS_MAX);
            let key = table_key(table.namespace.as_deref(), &table.name);
            let mut shape = StoredTableShape::from(table);
            if let Some(notes) = notes.get(&key) {
                shape.forget_samples(notes);
            }
            match earlier.remove(&key) {
                Some(before) => {
                    shape.inherit(&before);
                    if shape == before {
                        continue;
                    }
                }
                None if is_first => {}
                None => change.added.push(shown(&key)),
            }
            writes.push((key, shape));
        }
        stream::iter(writes)
            .map(|(key, shape)| async move { self.put_table(org, id, &key, &shape).await })
            .buffer_unordered(WRITES_AT_ONCE)
            .try_collect::<()>()
            .await?;
        for key in earlier.into_keys() {
            shelves.delete(&TABLES, org, &parent, &key).await?;
            change.removed.push(shown(&key));
        }
        self.put_head(org, id, StoredHead { refreshed_at: schema.refreshed_at.into() }).await?;
        Ok(change)
    }

    /// Puts a model's words where there are none yet; what people write is kept apart and wins.
    pub(super) async fn fill_descriptions(
        &self,
        org: OrgId,
        id: ConnectionId,
        words: &Described,
    ) -> Result<(), QuestionsError> {
        let shapes = self.inner.shelves.list(&TABLES, org, &id.to_string(), TABLES_MAX).await?;
        for mut found in shapes {
            if found.value.fill(&words.entries) {
                self.put_table(org, id, &found.id, &found.value).await?;
            }
        }
        self.touch_schema(org, id).await
    }

    /// Forgets all that is known of a connection's tables.
    pub(super) async fn forget_schema(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<(), QuestionsError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        shelves.delete(&HEADS, org, "", &parent).await?;
        for found in shelves.list(&TABLES, org, &parent, TABLES_MAX).await? {
            shelves.delete(&TABLES, org, &parent, &found.id).await?;
        }
        for found in shelves.list(&NOTES, org, &parent, TABLES_MAX).await? {
            shelves.delete(&NOTES, org, &parent, &found.id).await?;
        }
        self.inner.schemas.invalidate(&(org, id));
        Ok(())
    }

    /// Forgets samples that were switched off just now.
    pub(super) async fn forget_samples(
        &self,
        org: OrgId,
        id: ConnectionId,
        key: &str,
        notes: &StoredNotes,
    ) -> Result<(), QuestionsError> {
        let found = self.inner.shelves.get(&TABLES, org, &id.to_string(), key).await?;
        let Some(mut found) = found else { return Ok(()) };
        if found.value.forget_samples(notes) {
            self.put_table(org, id, key, &found.value).await?;
        }
        Ok(())
    }

    /// Says that tables or notes have changed, without a new discovery.
    pub(super) async fn touch_schema(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<(), QuestionsError> {
        let head = self.inner.shelves.get(&HEADS, org, "", &id.to_string()).await?;
        let refreshed_at = head.map_or_else(At::default, |head| head.value.refreshed_at);
        self.put_head(org, id, StoredHead { refreshed_at }).await
    }

    pub(super) async fn all_notes(
        &self,
        org: OrgId,
        parent: &str,
    ) -> Result<BTreeMap<String, StoredNotes>, QuestionsError> {
        let notes = self.inner.shelves.list(&NOTES, org, parent, TABLES_MAX).await?;
        Ok(notes.into_iter().map(|found| (found.id, found.value)).collect())
    }

    async fn put_table(
        &self,
        org: OrgId,
        id: ConnectionId,
        key: &str,
        shape: &StoredTableShape,
    ) -> Result<(), QuestionsError> {
        let place = (org, &*id.to_string(), key);
        self.inner.shelves.put(&TABLES, place, shape, Precondition::Any).await.map(drop)
    }

    async fn put_head(
        &self,
        org: OrgId,
        id: ConnectionId,
        head: StoredHead,
    ) -> Result<(), QuestionsError> {
        let place = (org, "", &*id.to_string());
        self.inner.shelves.put(&HEADS, place, &head, Precondition::Any).await.map(drop)
    }
}
