//! Which model, where, and with which key.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::OrgId;

use crate::config::{ModelDefaults, ModelProvider as Provider};

/// A key that shows itself to nobody but the provider.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// A key; empty where none is needed.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key itself, for the request's header.
    pub(super) fn exposed(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "ApiKey(none)" } else { "ApiKey(hidden)" })
    }
}

/// One model as it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    /// Whose way of talking.
    pub provider: Provider,
    /// Where; empty: the provider's own address. A server without a path is called below `/v1`.
    pub base_url: String,
    /// The model's name; Azure's name of a deployment.
    pub model: String,
    /// Shown to the provider.
    pub api_key: ApiKey,
    /// How freely it writes: SQL should be the same each time.
    pub temperature: f64,
    /// Most tokens of an answer with SQL.
    pub sql_tokens_max: u32,
    /// Most tokens of words about a result.
    pub insight_tokens_max: u32,
    /// How long one question to it may take, all tries together.
    pub timeout: Duration,
    /// Azure's `api-version`; with it the key goes into the header `api-key`.
    pub api_version: Option<String>,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self::of_settings(&ModelDefaults::default())
    }
}

impl ModelConfig {
    /// The operator's model for organizations that have none of their own; `None` without one.
    pub fn operators(settings: &ModelDefaults) -> Option<Self> {
        (settings.provider != Provider::BuiltIn).then(|| Self::of_settings(settings))
    }

    fn of_settings(settings: &ModelDefaults) -> Self {
        Self {
            provider: settings.provider,
            base_url: settings.base_url.clone(),
            model: settings.name.clone(),
            api_key: ApiKey::new(settings.api_key.clone()),
            temperature: settings.temperature,
            sql_tokens_max: settings.sql_tokens,
            insight_tokens_max: settings.insight_tokens,
            timeout: Duration::from_millis(settings.timeout_ms),
            api_version: Some(settings.api_version.clone()).filter(|version| !version.is_empty()),
        }
    }

    /// The address without a slash at its end; the provider's own when none is set.
    pub fn address(&self) -> &str {
        match self.base_url.trim().trim_end_matches('/') {
            "" => match self.provider {
                Provider::OpenAi => "https://api.openai.com/v1",
                Provider::Anthropic => "https://api.anthropic.com",
                Provider::BuiltIn => "",
            },
            address => address,
        }
    }
}

/// Which model an organization chose.
#[async_trait]
pub trait ModelSettings: Send + Sync + 'static {
    /// The organization's own model; `None` when it has chosen none, which takes the operator's.
    async fn of(&self, org: OrgId) -> Option<ModelConfig>;
}
