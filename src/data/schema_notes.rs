//! What people write about tables and columns, and which samples they switch off.

use serde::Deserialize;
use starling_actors::domain::{ConnectionId, Schema, Table};
use starling_actors::ports::Precondition;

use super::schemas::{NOTES, table_key};
use super::stored::schema::StoredNotes;
use super::{By, Data, DataError};
use std::sync::Arc;

/// Tables that may be written about at once.
const TABLES_AT_ONCE: usize = 200;
/// Longest description: it goes into what a model reads, with all others.
const DESCRIPTION_CHARS_MAX: usize = 1_000;
/// Longest business term.
const TERM_CHARS_MAX: usize = 200;

/// What is written about some tables; what is missing stays, an empty text takes one's words away.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct SchemaNotesForm {
    /// At most 200.
    pub tables: Vec<TableNotesForm>,
}

/// What is written about one table.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct TableNotesForm {
    /// Its name as the schema shows it.
    pub table_name: String,
    /// Its namespace, where two tables share a name.
    #[serde(default)]
    pub table_schema: Option<String>,
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
    /// Some of its columns.
    #[serde(default)]
    pub columns: Vec<ColumnNotesForm>,
}

/// What is written about one column.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ColumnNotesForm {
    /// Its name as the schema shows it.
    pub column_name: String,
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
    /// What the business calls it.
    #[serde(default)]
    pub business_term: Option<String>,
    /// `true`: no sample of its values is kept or shown any more.
    #[serde(default)]
    pub hide_samples: Option<bool>,
}

impl Data {
    /// What a connection holds, for someone who may see its data.
    pub async fn show_schema(&self, by: &By, id: ConnectionId) -> Result<Arc<Schema>, DataError> {
        self.readable_connection(by, id).await?;
        Ok(self.stored_schema(by.org(), id).await?)
    }

    /// Writes about tables: admins and analysts who may see the data.
    pub async fn describe_schema(
        &self,
        by: &By,
        id: ConnectionId,
        form: &SchemaNotesForm,
    ) -> Result<Arc<Schema>, DataError> {
        self.readable_connection(by, id).await?;
        if !by.caller.role.may_curate_data() {
            return Err(DataError::Forbidden("only admins and analysts describe data"));
        }
        if form.tables.is_empty() || form.tables.len() > TABLES_AT_ONCE {
            return Err(DataError::field("tables", "must have 1 to 200 tables"));
        }
        let schema = self.stored_schema(by.org(), id).await?;
        // All of it is checked before any of it is stored.
        let mut changes = Vec::with_capacity(form.tables.len());
        for table_form in &form.tables {
            let table = table_of(&schema, table_form)?;
            check_texts(table, table_form)?;
            changes.push((table, table_form));
        }
        for (table, table_form) in changes {
            self.put_notes(by, id, table, table_form).await?;
        }
        self.touch_schema(by.org(), id).await?;
        let names = form.tables.iter().map(|table| table.table_name.as_str());
        let details = vec![("tables", names.collect::<Vec<_>>().join(", "))];
        self.note(by.did("schema.update", ("connection", id.to_string()), details)).await;
        Ok(self.stored_schema(by.org(), id).await?)
    }

    async fn put_notes(
        &self,
        by: &By,
        id: ConnectionId,
        table: &Table,
        form: &TableNotesForm,
    ) -> Result<(), DataError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        let key = table_key(table.namespace.as_deref(), &table.name);
        let found = shelves.get(&NOTES, by.org(), &parent, &key).await?;
        let when = found
            .as_ref()
            .map_or(Precondition::Absent, |found| Precondition::Version(found.version));
        let mut notes = found.map(|found| found.value).unwrap_or_default();
        form.apply(&mut notes);
        shelves.put(&NOTES, (by.org(), &parent, &key), &notes, when).await?;
        self.forget_samples(by.org(), id, &key, &notes).await?;
        Ok(())
    }
}

impl TableNotesForm {
    fn apply(&self, notes: &mut StoredNotes) {
        write(&mut notes.description, self.description.as_deref());
        for form in &self.columns {
            let column = notes.columns.entry(form.column_name.to_lowercase()).or_default();
            write(&mut column.description, form.description.as_deref());
            write(&mut column.business_term, form.business_term.as_deref());
            column.hides_samples = form.hide_samples.unwrap_or(column.hides_samples);
        }
    }
}

fn write(kept: &mut Option<String>, given: Option<&str>) {
    if let Some(given) = given {
        *kept = Some(given.trim().to_owned()).filter(|text| !text.is_empty());
    }
}

fn table_of<'a>(schema: &'a Schema, form: &TableNotesForm) -> Result<&'a Table, DataError> {
    let is_meant = |table: &&Table| {
        let namespace = form.table_schema.as_ref();
        table.name == form.table_name
            && namespace.is_none_or(|wanted| table.namespace.as_ref() == Some(wanted))
    };
    let mut meant = schema.tables.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(table), None) => Ok(table),
        (Some(_), Some(_)) => {
            let fault = format!("several tables are called {}: name one", form.table_name);
            Err(DataError::field("tables.table_schema", fault))
        }
        (None, _) => {
            let fault = format!("the schema has no table {}", form.table_name);
            Err(DataError::field("tables.table_name", fault))
        }
    }
}

fn check_texts(table: &Table, form: &TableNotesForm) -> Result<(), DataError> {
    let field = "tables.description";
    check_text(field, form.description.as_deref(), DESCRIPTION_CHARS_MAX)?;
    for column in &form.columns {
        if table.column(&column.column_name).is_none() {
            let fault = format!("{} has no column {}", table.name, column.column_name);
            return Err(DataError::field("tables.columns.column_name", fault));
        }
        let (description, term) = ("tables.columns.description", "tables.columns.business_term");
        check_text(description, column.description.as_deref(), DESCRIPTION_CHARS_MAX)?;
        check_text(term, column.business_term.as_deref(), TERM_CHARS_MAX)?;
    }
    Ok(())
}

fn check_text(field: &'static str, text: Option<&str>, chars_max: usize) -> Result<(), DataError> {
    let Some(text) = text else { return Ok(()) };
    let is_bad = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.chars().nth(chars_max).is_some() || text.contains(is_bad) {
        let fault = format!("must have at most {chars_max} printable characters");
        return Err(DataError::Field { field, fault });
    }
    Ok(())
}
