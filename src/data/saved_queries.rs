//! Queries that people keep: their own, and those that others share.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{ConnectionId, Timestamp, UserId};
use starling_actors::ports::Precondition;

use super::stored::text::{At, Id};
use super::{By, Data, DataError};
use crate::records::{Shelf, Versioned};

/// Saved queries, below their organization.
pub(super) const SAVED: Shelf<StoredQuery> = Shelf::new("saved_query");
/// Saved queries of one organization: all are read for a list.
pub(super) const SAVED_MAX: usize = 2_000;
const NAME_CHARS_MAX: usize = 200;
const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// The same as the guard takes (query-safety.md, wall 2).
const SQL_BYTES_MAX: usize = 16 * 1024;
const TAGS_MAX: usize = 20;
const TAG_CHARS_MAX: usize = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredQuery {
    name: String,
    description: String,
    connection: Id<ConnectionId>,
    sql: String,
    tags: Vec<String>,
    pub(super) is_shared: bool,
    pub(super) owner: Id<UserId>,
    created_at: At,
    updated_at: At,
}

/// What is written about a saved query; when one is changed, what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct SavedQueryForm {
    /// 1 to 200 characters.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it asks.
    pub connection_id: Option<String>,
    /// The SQL; it is checked whenever it is run.
    pub sql_text: Option<String>,
    /// At most 20.
    pub tags: Option<Vec<String>>,
    /// Whether everyone who may use the connection sees it.
    pub is_shared: Option<bool>,
}

/// A saved query.
#[derive(Clone, Debug)]
pub struct SavedQuery {
    /// Its id.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it asks.
    pub connection: ConnectionId,
    /// The SQL.
    pub sql: String,
    /// For finding it again.
    pub tags: Vec<String>,
    /// Whether others see it.
    pub is_shared: bool,
    /// Whose it is.
    pub owner: UserId,
    /// When it was kept.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Data {
    /// One's own saved queries, and shared ones of connections that one may use; the oldest first.
    pub async fn list_saved(&self, by: &By) -> Result<Vec<SavedQuery>, DataError> {
        check_reader(by)?;
        let found = self.inner.shelves.list(&SAVED, by.org(), "", SAVED_MAX).await?;
        let usable = self.list_connections(by).await?;
        let is_usable = |query: &StoredQuery| {
            usable.iter().any(|details| {
                details.connection.id == query.connection.0
                    && details.connection.access.admits(by.user(), false)
            })
        };
        let seen = found.into_iter().filter(|found| {
            let query = &found.value;
            query.owner.0 == by.user() || (query.is_shared && is_usable(query))
        });
        Ok(seen.map(saved).collect())
    }

    /// Keeps a query.
    pub async fn create_saved(
        &self,
        by: &By,
        form: &SavedQueryForm,
    ) -> Result<SavedQuery, DataError> {
        check_reader(by)?;
        let connection = connection_of(form)?.ok_or_else(|| required("connection_id"))?;
        self.readable_connection(by, connection).await?;
        let now = At::from(self.now());
        let mut query = StoredQuery {
            name: String::new(),
            description: String::new(),
            connection: Id(connection),
            sql: String::new(),
            tags: Vec::new(),
            is_shared: false,
            owner: Id(by.user()),
            created_at: now,
            updated_at: now,
        };
        form.apply(&mut query)?;
        let shelves = &self.inner.shelves;
        if shelves.list(&SAVED, by.org(), "", SAVED_MAX).await?.len() >= SAVED_MAX {
            return Err(DataError::LimitReached("saved queries"));
        }
        let id = self.fresh_id();
        let place = (by.org(), "", id.as_str());
        let version = shelves.put(&SAVED, place, &query, Precondition::Absent).await?;
        self.note_saved(by, "saved_query.create", &id, &query).await;
        Ok(saved(Versioned { id, version, value: query }))
    }

    /// Changes a saved query: its owner or an admin.
    pub async fn change_saved(
        &self,
        by: &By,
        id: &str,
        form: &SavedQueryForm,
    ) -> Result<SavedQuery, DataError> {
        let Versioned { version, mut value, id } = self.managed_saved(by, id).await?;
        if let Some(connection) = connection_of(form)? {
            self.readable_connection(by, connection).await?;
            value.connection = Id(connection);
        }
        form.apply(&mut value)?;
        value.updated_at = self.now().into();
        let when = Precondition::Version(version);
        let place = (by.org(), "", id.as_str());
        let version = self.inner.shelves.put(&SAVED, place, &value, when).await?;
        self.note_saved(by, "saved_query.update", &id, &value).await;
        Ok(saved(Versioned { id, version, value }))
    }

    /// Takes a saved query away: its owner or an admin.
    pub async fn delete_saved(&self, by: &By, id: &str) -> Result<(), DataError> {
        let found = self.managed_saved(by, id).await?;
        self.inner.shelves.delete(&SAVED, by.org(), "", id).await?;
        self.note_saved(by, "saved_query.delete", id, &found.value).await;
        Ok(())
    }

    async fn managed_saved(&self, by: &By, id: &str) -> Result<Versioned<StoredQuery>, DataError> {
        check_reader(by)?;
        let found = self.inner.shelves.get(&SAVED, by.org(), "", id).await?;
        let found = found.ok_or(DataError::NotFound("saved query"))?;
        if found.value.owner.0 == by.user() || by.caller.role.may_administer() {
            return Ok(found);
        }
        if found.value.is_shared {
            return Err(DataError::Forbidden("only its owner and admins change a saved query"));
        }
        Err(DataError::NotFound("saved query"))
    }

    async fn note_saved(&self, by: &By, action: &'static str, id: &str, query: &StoredQuery) {
        let details = vec![("name", query.name.clone()), ("sql", query.sql.clone())];
        self.note(by.did(action, ("saved_query", id.to_owned()), details)).await;
    }
}

impl SavedQueryForm {
    fn apply(&self, query: &mut StoredQuery) -> Result<(), DataError> {
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut query.name);
        }
        if query.name.is_empty() {
            return Err(required("name"));
        }
        check_chars("name", &query.name, NAME_CHARS_MAX)?;
        if let Some(description) = &self.description {
            check_chars("description", description, DESCRIPTION_CHARS_MAX)?;
            description.clone_into(&mut query.description);
        }
        if let Some(sql) = &self.sql_text {
            sql.trim().clone_into(&mut query.sql);
        }
        if query.sql.is_empty() {
            return Err(required("sql_text"));
        }
        if query.sql.len() > SQL_BYTES_MAX {
            return Err(DataError::field("sql_text", "may have at most 16 KiB"));
        }
        if let Some(tags) = &self.tags {
            if tags.len() > TAGS_MAX {
                return Err(DataError::field("tags", "may have at most 20 tags"));
            }
            for tag in tags {
                check_chars("tags", tag, TAG_CHARS_MAX)?;
            }
            tags.clone_into(&mut query.tags);
        }
        query.is_shared = self.is_shared.unwrap_or(query.is_shared);
        Ok(())
    }
}

fn required(field: &'static str) -> DataError {
    DataError::field(field, "is required")
}

fn check_chars(field: &'static str, text: &str, chars_max: usize) -> Result<(), DataError> {
    let is_bad = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.chars().nth(chars_max).is_some() || text.contains(is_bad) {
        let fault = format!("must have at most {chars_max} printable characters");
        return Err(DataError::Field { field, fault });
    }
    Ok(())
}

fn connection_of(form: &SavedQueryForm) -> Result<Option<ConnectionId>, DataError> {
    let id = form.connection_id.as_deref().map(str::parse).transpose();
    id.map_err(|_| DataError::NotFound("connection"))
}

fn check_reader(by: &By) -> Result<(), DataError> {
    if by.caller.role.may_read_data() {
        return Ok(());
    }
    Err(DataError::Forbidden("guests ask no data"))
}

fn saved(found: Versioned<StoredQuery>) -> SavedQuery {
    let query = found.value;
    SavedQuery {
        id: found.id,
        name: query.name,
        description: query.description,
        connection: query.connection.0,
        sql: query.sql,
        tags: query.tags,
        is_shared: query.is_shared,
        owner: query.owner.0,
        created_at: query.created_at.into(),
        updated_at: query.updated_at.into(),
    }
}
