//! One model as an analyst: what is asked becomes a prompt, what is answered becomes a draft.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::{OrgId, Schema, TokenUsage};
use starling_actors::ports::{
    Analyst, AnalystError, DescribeTask, Described, Draft, DraftTask, Drafted, ExplainTask,
    Explained,
};
use tokio::time::Instant;

use super::call::CallError;
use super::client::ModelClient;
use super::config::ModelConfig;
use super::reply::Unread;
use super::{insight, meanings, prompt, reply, statement};

/// Calls of one order for descriptions: 400 tables. What is left is described by the next.
const DESCRIBE_CALLS_MAX: usize = 100;

/// A model, asked with one organization's key.
#[derive(Clone, Debug)]
pub(super) struct ModelAnalyst {
    client: ModelClient,
    config: ModelConfig,
}

impl ModelAnalyst {
    pub(super) const fn new(client: ModelClient, config: ModelConfig) -> Self {
        Self { client, config }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.config.timeout
    }

    /// One answer, read; and what it took.
    async fn drafted(
        &self,
        task: &DraftTask,
        is_again: bool,
        deadline: Instant,
        usage: &mut TokenUsage,
    ) -> Result<Result<Draft, Unread>, CallError> {
        let prompt = prompt::draft(task, self.config.sql_tokens_max, is_again);
        let outcome = self.client.ask(&self.config, &prompt, deadline).await;
        *usage += outcome.usage;
        let said = outcome.reply?;
        if said.is_cut {
            // Half a query can be a whole one that means something else.
            return Ok(Err(Unread::TooLong));
        }
        Ok(reply::read(&said.text, statement::escapes(task.dialect)))
    }
}

#[async_trait]
impl Analyst for ModelAnalyst {
    async fn draft(&self, task: &DraftTask) -> Result<Drafted, AnalystError> {
        let deadline = self.deadline();
        let mut usage = TokenUsage::default();
        let mut read = self.drafted(task, false, deadline, &mut usage).await?;
        if let Err(Unread::Empty | Unread::Several | Unread::Nonsense) = read {
            // The first answer's tokens are counted even if there is no second.
            if let Ok(second) = self.drafted(task, true, deadline, &mut usage).await {
                read = second;
            }
        }
        let draft = match read {
            Ok(Draft::Sql { .. }) if task.dialect.is_none() => {
                cannot("There is no connection to ask. Choose one, or ask an admin to add one.")
            }
            Ok(draft) => draft,
            Err(unread) => cannot(&words(&unread)),
        };
        Ok(Drafted { draft, usage, model: self.config.model.clone() })
    }

    async fn explain(&self, task: &ExplainTask) -> Result<Explained, AnalystError> {
        let prompt = prompt::explain(task, self.config.insight_tokens_max);
        let outcome = self.client.ask(&self.config, &prompt, self.deadline()).await;
        let text = reply::without_thoughts(&outcome.reply?.text);
        if text.trim().is_empty() {
            return Err(AnalystError::Unreadable("it is empty".to_owned()));
        }
        Ok(Explained { usage: outcome.usage, ..insight::read(&text, &task.preview) })
    }

    async fn describe(&self, task: &DescribeTask) -> Result<Described, AnalystError> {
        let mut described = Described::default();
        let bare: Vec<_> =
            task.schema.tables.iter().filter(|table| meanings::is_bare(table)).cloned().collect();
        let batches = bare.chunks(prompt::DESCRIBE_TABLES_MAX).take(DESCRIBE_CALLS_MAX);
        for batch in batches {
            let part = Schema { tables: batch.to_vec(), refreshed_at: task.schema.refreshed_at };
            let part = Arc::new(part);
            let asked = prompt::describe(&part);
            let outcome = self.client.ask(&self.config, &asked, self.deadline()).await;
            described.usage += outcome.usage;
            match outcome.reply {
                Ok(reply) => {
                    let text = reply::without_thoughts(&reply.text);
                    described.entries.extend(meanings::read(&text, &part));
                }
                // What is there is kept; the rest is described another time.
                Err(error) if described.entries.is_empty() => return Err(error.into()),
                Err(_) => break,
            }
        }
        Ok(described)
    }

    async fn name(&self, _org: OrgId) -> String {
        self.config.model.clone()
    }
}

fn cannot(reason: &str) -> Draft {
    Draft::CannotAnswer { reason: reason.to_owned() }
}

/// What an asker is told of an answer without a draft.
fn words(unread: &Unread) -> String {
    match unread {
        Unread::Empty | Unread::Nonsense => {
            "The model gave no query. Ask again, in other words.".to_owned()
        }
        Unread::Several => {
            "The model gave several statements in place of one query. Ask for one thing at a time."
                .to_owned()
        }
        Unread::TooLong => {
            "The model's query was too long to be finished. Ask for less at a time.".to_owned()
        }
        Unread::Prose(said) => format!("The model gave no query. It said: {said}"),
    }
}
