//! Connections, uploads, saved queries, metrics, settings and the audit trail. Never a secret.

use serde::Serialize;
use serde_json::{Map, Value};
use starling_actors::domain::{Access, UserId};
use starling_actors::ports::OrgQueryLimits;

use super::time::rfc3339;
use crate::data::{
    AuditItem, AuditPage, ConnectionDetails, MetricDetails, ModelDetails, SavedQuery, Trial,
    UploadDetails,
};

/// A list of the data API.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    /// The items.
    pub data: Vec<T>,
    /// How many there are.
    pub count: usize,
}

impl<T> Listed<T> {
    /// All of a list.
    pub fn new<S>(items: Vec<S>, view: impl FnMut(S) -> T) -> Self {
        let data: Vec<T> = items.into_iter().map(view).collect();
        Self { count: data.len(), data }
    }
}

/// A connection.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionView {
    /// Its id.
    pub id: String,
    /// Unique within the organization.
    pub name: String,
    /// `postgresql`, `mysql`, `sqlite`, `csv`, `excel` or `snowflake`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The server.
    pub host: Option<String>,
    /// Its port; the usual one when absent.
    pub port: Option<u16>,
    /// The database on it.
    pub database_name: Option<String>,
    /// Who enters.
    pub username: Option<String>,
    /// Who enters for queries, if that is another one.
    pub readonly_username: Option<String>,
    /// How the session is encrypted; the usual way when absent.
    pub ssl_mode: Option<String>,
    /// Snowflake's account.
    pub account: Option<String>,
    /// Snowflake's warehouse.
    pub warehouse: Option<String>,
    /// The namespace that discovery keeps to.
    pub schema: Option<String>,
    /// Snowflake's role.
    pub role: Option<String>,
    /// Who may use it.
    pub access: AccessView,
    /// Whether a password or key is kept.
    pub has_password: bool,
    /// Whether it may be used.
    pub is_active: bool,
    /// Whether it may run under a role that could write.
    pub allow_privileged: bool,
    /// Whether samples of its values are kept.
    pub keep_samples: bool,
    /// When its schema was last read.
    pub last_synced_at: Option<String>,
    /// Who made it.
    pub created_by_id: String,
    /// When.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

/// Who may use a connection.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AccessView {
    /// `org` or `users`.
    pub mode: &'static str,
    /// With `users`: who.
    pub user_ids: Vec<String>,
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl From<ConnectionDetails> for ConnectionView {
    fn from(details: ConnectionDetails) -> Self {
        let connection = details.connection;
        Self {
            id: connection.id.to_string(),
            name: connection.name,
            kind: connection.kind.as_str(),
            host: some(details.host),
            port: details.port,
            database_name: some(details.database),
            username: some(details.username),
            readonly_username: some(details.readonly_username),
            ssl_mode: some(details.ssl_mode),
            account: some(details.account),
            warehouse: some(details.warehouse),
            schema: some(details.schema),
            role: some(details.role),
            access: (&connection.access).into(),
            has_password: details.has_password,
            is_active: connection.is_active,
            allow_privileged: details.allows_privileged,
            keep_samples: details.keeps_samples,
            last_synced_at: details.synced_at.map(rfc3339),
            created_by_id: details.created_by.to_string(),
            created_at: rfc3339(details.created_at),
            updated_at: rfc3339(details.updated_at),
        }
    }
}

impl From<&Access> for AccessView {
    fn from(access: &Access) -> Self {
        match access {
            Access::Organization => Self { mode: "org", user_ids: Vec::new() },
            Access::Users(users) => {
                Self { mode: "users", user_ids: users.iter().map(UserId::to_string).collect() }
            }
        }
    }
}

/// What trying a connection or a model came to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TrialView {
    /// Whether it worked.
    pub success: bool,
    /// What happened, and what can be done.
    pub message: String,
    /// Tables and views that can be read.
    pub tables_found: usize,
    /// Whether the role could write; absent where the database does not say.
    pub can_write: Option<bool>,
}

impl From<Trial> for TrialView {
    fn from(trial: Trial) -> Self {
        let Trial { is_success, message, tables_found, can_write } = trial;
        Self { success: is_success, message, tables_found, can_write }
    }
}

/// A saved query.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SavedQueryView {
    /// Its id.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it asks.
    pub connection_id: String,
    /// The SQL.
    pub sql_text: String,
    /// For finding it again.
    pub tags: Vec<String>,
    /// Whether others see it.
    pub is_shared: bool,
    /// Whose it is.
    pub created_by_id: String,
    /// When it was kept.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

impl From<SavedQuery> for SavedQueryView {
    fn from(query: SavedQuery) -> Self {
        Self {
            id: query.id,
            name: query.name,
            description: query.description,
            connection_id: query.connection.to_string(),
            sql_text: query.sql,
            tags: query.tags,
            is_shared: query.is_shared,
            created_by_id: query.owner.to_string(),
            created_at: rfc3339(query.created_at),
            updated_at: rfc3339(query.updated_at),
        }
    }
}

/// What the business means by a word.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MetricView {
    /// Its id.
    pub id: String,
    /// Where it holds.
    pub connection_id: String,
    /// The word.
    pub name: String,
    /// The table that the expression is over.
    pub table: String,
    /// An SQL expression.
    pub expression: String,
    /// More about it.
    pub description: String,
    /// Who wrote it.
    pub created_by_id: String,
    /// When.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}

impl From<MetricDetails> for MetricView {
    fn from(details: MetricDetails) -> Self {
        let metric = details.metric;
        Self {
            id: details.id,
            connection_id: details.connection.to_string(),
            name: metric.name,
            table: metric.table,
            expression: metric.expression,
            description: metric.description,
            created_by_id: details.created_by.to_string(),
            created_at: rfc3339(details.created_at),
            updated_at: rfc3339(details.updated_at),
        }
    }
}

/// The organization's model, without its key.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ModelView {
    /// `built_in`, `openai` or `anthropic`; absent when nobody chose: then the operator's counts.
    pub provider: Option<String>,
    /// Where; the provider's own address when absent.
    pub base_url: Option<String>,
    /// Its name.
    pub model: Option<String>,
    /// Whether a key is kept.
    pub has_api_key: bool,
    /// How freely it writes.
    pub temperature: f64,
    /// Most tokens of SQL.
    pub max_tokens_sql: u32,
    /// Most tokens of an insight.
    pub max_tokens_insight: u32,
    /// For one question to it.
    pub timeout_seconds: u32,
    /// Azure's `api-version`.
    pub api_version: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
}

impl From<ModelDetails> for ModelView {
    fn from(details: ModelDetails) -> Self {
        Self {
            provider: some(details.provider),
            base_url: some(details.base_url),
            model: some(details.model),
            has_api_key: details.has_api_key,
            temperature: details.temperature,
            max_tokens_sql: details.sql_tokens,
            max_tokens_insight: details.insight_tokens,
            timeout_seconds: details.timeout_seconds,
            api_version: some(details.api_version),
            updated_at: details.updated_at.map(rfc3339),
        }
    }
}

/// What an organization allows its questions.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct QueryLimitsView {
    /// Questions at work at the same time.
    pub concurrent_max: usize,
    /// Over this estimate the asker has to agree first; absent: never asked.
    pub approval_cost: Option<f64>,
    /// How long a result may be used again, in seconds.
    pub cache_seconds: u64,
}

impl From<OrgQueryLimits> for QueryLimitsView {
    fn from(limits: OrgQueryLimits) -> Self {
        let OrgQueryLimits { concurrent_max, approval_cost, cache_seconds } = limits;
        Self { concurrent_max, approval_cost, cache_seconds }
    }
}

/// A part of the audit trail, the newest first.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditPageView {
    /// The entries.
    pub items: Vec<AuditItemView>,
    /// How many match.
    pub total: u64,
    /// How many newer ones were passed over.
    pub offset: u64,
    /// How many were asked for.
    pub limit: usize,
}

/// One entry of the trail.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditItemView {
    /// Its id.
    pub id: String,
    /// Who; absent for the server itself.
    pub user_id: Option<String>,
    /// What: `connection.create`, `query.run` …
    pub action: String,
    /// Of what kind the thing is.
    pub resource_type: String,
    /// Which one.
    pub resource_id: String,
    /// More about it, by name.
    #[schema(value_type = Object)]
    pub details: Map<String, Value>,
    /// Where from.
    pub ip_address: Option<String>,
    /// When.
    pub created_at: String,
    /// Its number in the organization's trail.
    pub sequence: u64,
    /// SHA-256 over the hash of the entry before and this one, in hexadecimal.
    pub hash: String,
}

impl AuditPageView {
    /// A page as it was asked for.
    pub fn new(page: AuditPage, offset: u64, limit: usize) -> Self {
        let items = page.items.into_iter().map(AuditItemView::from).collect();
        Self { items, total: page.total, offset, limit }
    }
}

impl From<AuditItem> for AuditItemView {
    fn from(item: AuditItem) -> Self {
        let details = item.details.into_iter();
        Self {
            id: item.id,
            user_id: item.user.map(|id| id.to_string()),
            action: item.action,
            resource_type: item.resource_type,
            resource_id: item.resource_id,
            details: details.map(|(name, text)| (name, Value::String(text))).collect(),
            ip_address: item.ip_address,
            created_at: rfc3339(item.at),
            sequence: item.place,
            hash: item.hash,
        }
    }
}

/// An uploaded file.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UploadView {
    /// Its id.
    pub id: String,
    /// As the file was called.
    pub original_filename: String,
    /// Of the file.
    pub file_size_bytes: u64,
    /// What kind of file it was.
    pub mime_type: &'static str,
    /// Of all tables.
    pub row_count: u64,
    /// Of all tables.
    pub column_count: u64,
    /// When it was taken.
    pub created_at: String,
}

impl From<UploadDetails> for UploadView {
    fn from(details: UploadDetails) -> Self {
        Self {
            id: details.id,
            original_filename: details.filename,
            file_size_bytes: details.bytes,
            mime_type: details.mime_type,
            row_count: details.rows,
            column_count: details.columns,
            created_at: rfc3339(details.created_at),
        }
    }
}
