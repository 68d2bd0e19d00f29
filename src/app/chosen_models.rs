//! Which model an organization has chosen comes from the vault of the data side.

use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::OrgId;

use crate::config::ModelProvider;
use crate::data::{Data, ModelLogin};
use crate::models::{ApiKey, ModelConfig, ModelSettings};

/// The data side as the models' settings.
#[derive(Debug)]
pub(super) struct ChosenModels(pub(super) Data);

#[async_trait]
impl ModelSettings for ChosenModels {
    async fn of(&self, org: OrgId) -> Option<ModelConfig> {
        match self.0.model_login(org).await {
            Ok(login) => config(login?),
            Err(error) => {
                // The operator's model, or the built-in assistant, answers meanwhile.
                tracing::error!(%org, %error, "an organization's model cannot be read");
                None
            }
        }
    }
}

/// `None` when nothing is chosen yet.
fn config(login: ModelLogin) -> Option<ModelConfig> {
    let ModelLogin { details, api_key } = login;
    let provider = match details.provider.as_str() {
        "openai" => ModelProvider::OpenAi,
        "anthropic" => ModelProvider::Anthropic,
        "built_in" => ModelProvider::BuiltIn,
        _ => return None,
    };
    Some(ModelConfig {
        provider,
        base_url: details.base_url,
        model: details.model,
        api_key: ApiKey::new(api_key),
        temperature: details.temperature,
        sql_tokens_max: details.sql_tokens,
        insight_tokens_max: details.insight_tokens,
        timeout: Duration::from_secs(details.timeout_seconds.into()),
        api_version: Some(details.api_version).filter(|version| !version.is_empty()),
    })
}
