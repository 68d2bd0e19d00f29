//! Which analyst an organization asks: its own model, the operator's, or the built-in assistant.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::OrgId;
use starling_actors::ports::{
    Analyst, AnalystError, DescribeTask, Described, DraftTask, Drafted, ExplainTask, Explained,
};

use super::analyst::ModelAnalyst;
use super::client::ModelClient;
use super::config::{ModelConfig, ModelSettings};
use crate::config::ModelProvider;

/// All analysts behind one port. The choice is made anew for each question, so that a changed
/// setting counts at once.
pub struct Analysts {
    settings: Arc<dyn ModelSettings>,
    operators: Option<ModelConfig>,
    built_in: Arc<dyn Analyst>,
    client: ModelClient,
}

impl fmt::Debug for Analysts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analysts").field("operators", &self.operators).finish_non_exhaustive()
    }
}

impl Analysts {
    /// `operators` is for organizations that have chosen nothing, `built_in` when there is none.
    pub fn new(
        settings: Arc<dyn ModelSettings>,
        operators: Option<ModelConfig>,
        built_in: Arc<dyn Analyst>,
        client: ModelClient,
    ) -> Self {
        Self { settings, operators, built_in, client }
    }

    async fn of(&self, org: OrgId) -> Arc<dyn Analyst> {
        let own = self.settings.of(org).await;
        match own.or_else(|| self.operators.clone()) {
            Some(config) if config.provider != ModelProvider::BuiltIn => {
                Arc::new(ModelAnalyst::new(self.client.clone(), config))
            }
            Some(_) | None => self.built_in.clone(),
        }
    }
}

#[async_trait]
impl Analyst for Analysts {
    async fn draft(&self, task: &DraftTask) -> Result<Drafted, AnalystError> {
        self.of(task.org).await.draft(task).await
    }

    async fn explain(&self, task: &ExplainTask) -> Result<Explained, AnalystError> {
        self.of(task.org).await.explain(task).await
    }

    async fn describe(&self, task: &DescribeTask) -> Result<Described, AnalystError> {
        self.of(task.org).await.describe(task).await
    }

    async fn name(&self, org: OrgId) -> String {
        self.of(org).await.name(org).await
    }
}
