//! Which model an organization chose comes from the data side.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::OrgId;
use starling_actors::ports::Analyst;

use super::StartError;
use crate::config::{ModelProvider, Settings};
use crate::data::{Data, ModelLogin};
use crate::egress::Egress;
use crate::models::{Analysts, ApiKey, ModelClient, ModelConfig, ModelSettings};

/// Who answers for each organization: the model that it chose, the operator's, or `built_in`.
pub(super) fn analysts(
    settings: &Settings,
    data: &Data,
    built_in: Arc<dyn Analyst>,
    egress: Egress,
) -> Result<Analysts, StartError> {
    let client = ModelClient::new(egress).map_err(|error| StartError::Models(error.to_string()))?;
    let operators = ModelConfig::operators(&settings.model);
    Ok(Analysts::new(Arc::new(ModelChoice(data.clone())), operators, built_in, client))
}

/// The data side as the models' settings.
#[derive(Debug)]
struct ModelChoice(Data);

#[async_trait]
impl ModelSettings for ModelChoice {
    async fn of(&self, org: OrgId) -> Option<ModelConfig> {
        match self.0.model_login(org).await {
            Ok(chosen) => chosen.map(config),
            Err(error) => {
                // The operator's model must not be told what was meant for the organization's own.
                tracing::warn!(%org, %error, "the organization's model cannot be read");
                Some(ModelConfig { provider: ModelProvider::BuiltIn, ..ModelConfig::default() })
            }
        }
    }
}

fn config(login: ModelLogin) -> ModelConfig {
    let ModelLogin { details, api_key } = login;
    let provider = match details.provider.as_str() {
        "openai" => ModelProvider::OpenAi,
        "anthropic" => ModelProvider::Anthropic,
        _ => ModelProvider::BuiltIn,
    };
    ModelConfig {
        provider,
        base_url: details.base_url,
        model: details.model,
        api_key: ApiKey::new(api_key),
        temperature: details.temperature,
        sql_tokens_max: details.sql_tokens,
        insight_tokens_max: details.insight_tokens,
        timeout: Duration::from_secs(u64::from(details.timeout_seconds)),
        api_version: Some(details.api_version).filter(|version| !version.is_empty()),
    }
}
