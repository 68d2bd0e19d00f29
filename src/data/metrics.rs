//! What the business means by its words: "revenue = sum(quantity * unit_price)", which questions reuse.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{ConnectionId, OrgId, Timestamp, UserId};
use starling_actors::ports::{Metric, Precondition, QuestionsError};

use super::stored::text::{At, Id};
use super::{By, Data, DataError};
use crate::records::{Shelf, Versioned};

/// Metrics, below their connection.
const METRICS: Shelf<StoredMetric> = Shelf::new("metric");
/// Metrics of one connection: all of them go into what a model reads.
const METRICS_MAX: usize = 200;
/// Longest name, table or expression, and description.
const NAME_CHARS_MAX: usize = 100;
const EXPRESSION_CHARS_MAX: usize = 1_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredMetric {
    name: String,
    table: String,
    expression: String,
    #[serde(default)]
    description: String,
    created_by: Id<UserId>,
    created_at: At,
    updated_at: At,
}

/// What is written about a metric; when one is changed, what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct MetricForm {
    /// Where it holds.
    pub connection_id: Option<String>,
    /// The word.
    pub name: Option<String>,
    /// The table that the expression is over.
    pub table: Option<String>,
    /// An SQL expression over one table.
    pub expression: Option<String>,
    /// More about it.
    pub description: Option<String>,
}

/// A metric.
#[derive(Clone, Debug)]
pub struct MetricDetails {
    /// Its id.
    pub id: String,
    /// Where it holds.
    pub connection: ConnectionId,
    /// What it means.
    pub metric: Metric,
    /// Who wrote it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Data {
    /// Metrics of a connection whose data one may see.
    pub async fn list_metrics(
        &self,
        by: &By,
        connection: ConnectionId,
    ) -> Result<Vec<MetricDetails>, DataError> {
        self.readable_connection(by, connection).await?;
        let found = self
            .inner
            .shelves
            .list(&METRICS, by.org(), &connection.to_string(), METRICS_MAX)
            .await?;
        Ok(found.into_iter().map(|found| details(connection, found)).collect())
    }

    /// Writes a metric down.
    pub async fn create_metric(
        &self,
        by: &By,
        connection: ConnectionId,
        form: &MetricForm,
    ) -> Result<MetricDetails, DataError> {
        self.check_curator(by, connection).await?;
        let now = At::from(self.now());
        let mut metric = StoredMetric {
            name: String::new(),
            table: String::new(),
            expression: String::new(),
            description: String::new(),
            created_by: Id(by.user()),
            created_at: now,
            updated_at: now,
        };
        form.apply(&mut metric)?;
        let parent = connection.to_string();
        let there = self.inner.shelves.list(&METRICS, by.org(), &parent, METRICS_MAX).await?;
        if there.len() >= METRICS_MAX {
            return Err(DataError::LimitReached("metrics"));
        }
        check_name(&there, None, &metric.name)?;
        let id = self.fresh_id();
        let place = (by.org(), parent.as_str(), id.as_str());
        let version =
            self.inner.shelves.put(&METRICS, place, &metric, Precondition::Absent).await?;
        self.note_metric(by, "metric.create", &id, &metric).await;
        Ok(details(connection, Versioned { id, version, value: metric }))
    }

    /// Changes a metric.
    pub async fn change_metric(
        &self,
        by: &By,
        connection: ConnectionId,
        id: &str,
        form: &MetricForm,
    ) -> Result<MetricDetails, DataError> {
        self.check_curator(by, connection).await?;
        let parent = connection.to_string();
        let there = self.inner.shelves.list(&METRICS, by.org(), &parent, METRICS_MAX).await?;
        let found = there.iter().find(|found| found.id == id).cloned();
        let Versioned { version, mut value, .. } = found.ok_or(DataError::NotFound("metric"))?;
        form.apply(&mut value)?;
        check_name(&there, Some(id), &value.name)?;
        value.updated_at = self.now().into();
        let place = (by.org(), parent.as_str(), id);
        let when = Precondition::Version(version);
        let version = self.inner.shelves.put(&METRICS, place, &value, when).await?;
        self.note_metric(by, "metric.update", id, &value).await;
        Ok(details(connection, Versioned { id: id.to_owned(), version, value }))
    }

    /// Takes a metric away: an admin, or who wrote it.
    pub async fn delete_metric(
        &self,
        by: &By,
        connection: ConnectionId,
        id: &str,
    ) -> Result<(), DataError> {
        self.check_curator(by, connection).await?;
        let (shelves, parent) = (&self.inner.shelves, connection.to_string());
        let found = shelves.get(&METRICS, by.org(), &parent, id).await?;
        let found = found.ok_or(DataError::NotFound("metric"))?;
        if !by.caller.role.may_administer() && found.value.created_by.0 != by.user() {
            return Err(DataError::Forbidden("only admins and who wrote a metric delete it"));
        }
        shelves.delete(&METRICS, by.org(), &parent, id).await?;
        self.note_metric(by, "metric.delete", id, &found.value).await;
        Ok(())
    }

    pub(super) async fn stored_metrics(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Vec<Metric>, QuestionsError> {
        let found = self.inner.shelves.list(&METRICS, org, &id.to_string(), METRICS_MAX).await?;
        Ok(found.into_iter().map(|found| found.value.metric()).collect())
    }

    pub(super) async fn forget_metrics(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<(), QuestionsError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        for found in shelves.list(&METRICS, org, &parent, METRICS_MAX).await? {
            shelves.delete(&METRICS, org, &parent, &found.id).await?;
        }
        Ok(())
    }

    async fn check_curator(&self, by: &By, connection: ConnectionId) -> Result<(), DataError> {
        self.readable_connection(by, connection).await?;
        if by.caller.role.may_curate_data() {
            return Ok(());
        }
        Err(DataError::Forbidden("only admins and analysts define metrics"))
    }

    async fn note_metric(&self, by: &By, action: &'static str, id: &str, metric: &StoredMetric) {
        let details =
            vec![("name", metric.name.clone()), ("expression", metric.expression.clone())];
        self.note(by.did(action, ("metric", id.to_owned()), details)).await;
    }
}

impl MetricForm {
    fn apply(&self, metric: &mut StoredMetric) -> Result<(), DataError> {
        let fields = [
            ("name", &self.name, &mut metric.name, NAME_CHARS_MAX, true),
            ("table", &self.table, &mut metric.table, NAME_CHARS_MAX * 3, true),
            ("expression", &self.expression, &mut metric.expression, EXPRESSION_CHARS_MAX, true),
            (
                "description",
                &self.description,
                &mut metric.description,
                EXPRESSION_CHARS_MAX,
                false,
            ),
        ];
        for (field, given, kept, chars_max, is_needed) in fields {
            if let Some(given) = given {
                given.trim().clone_into(kept);
            }
            let is_bad =
                kept.chars().nth(chars_max).is_some() || kept.chars().any(char::is_control);
            if is_bad {
                let fault = format!("must have at most {chars_max} printable characters");
                return Err(DataError::Field { field, fault });
            }
            if is_needed && kept.is_empty() {
                return Err(DataError::field(field, "is required"));
            }
        }
        Ok(())
    }
}

impl StoredMetric {
    fn metric(&self) -> Metric {
        Metric {
            name: self.name.clone(),
            expression: self.expression.clone(),
            table: self.table.clone(),
            description: self.description.clone(),
        }
    }
}

fn check_name(
    there: &[Versioned<StoredMetric>],
    except: Option<&str>,
    name: &str,
) -> Result<(), DataError> {
    let is_taken = there.iter().any(|found| {
        Some(found.id.as_str()) != except && found.value.name.to_lowercase() == name.to_lowercase()
    });
    if is_taken { Err(DataError::NameTaken("metric")) } else { Ok(()) }
}

fn details(connection: ConnectionId, found: Versioned<StoredMetric>) -> MetricDetails {
    MetricDetails {
        id: found.id,
        connection,
        metric: found.value.metric(),
        created_by: found.value.created_by.0,
        created_at: found.value.created_at.into(),
        updated_at: found.value.updated_at.into(),
    }
}
