//! The built-in assistant: greets, knows the documented topics, and turns questions about connected
//! tables into SQL by grammar and schema, without a model, a key or a network.
//!
//! The way of a question: [`refusals`] → verified examples → [`words`] → [`link`] (phrases with all
//! their meanings) → [`reader`] (a sketch: what the words say) → [`settle`] (a form: what they mean in
//! this schema) → [`query`] (SQL). **Invariant:** it never guesses. Every word must have its place, and
//! of two equally near meanings none is taken; otherwise it says what it did not understand.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a phrase can mean many things; each rule looks for its own and leaves the rest to others"
)]

mod dates;
mod engine;
mod explain;
mod follow_ups;
mod form;
mod joins;
mod lexicon;
mod link;
mod numbers;
mod query;
mod reader;
mod refusals;
mod roles;
mod schema_map;
mod settle;
mod sketch;
mod stems;
mod synonyms;
mod telling;
#[cfg(test)]
mod tests;
mod times;
mod topics;
mod trouble;
mod vocabulary;
mod words;
mod write;

use async_trait::async_trait;

use crate::domain::{OrgId, TokenUsage};
use crate::ports::{
    Analyst, AnalystError, DescribeTask, Described, Draft, DraftTask, Drafted, ExplainTask,
    Explained,
};
use topics::Topic;
use trouble::Trouble;

/// What it is called where answers name who wrote them.
pub const NAME: &str = "built-in assistant";

/// The built-in assistant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Assistant;

#[async_trait]
impl Analyst for Assistant {
    async fn draft(&self, task: &DraftTask) -> Result<Drafted, AnalystError> {
        Ok(Drafted { draft: draft(task), usage: TokenUsage::default(), model: NAME.to_owned() })
    }

    async fn explain(&self, task: &ExplainTask) -> Result<Explained, AnalystError> {
        Ok(explain::explain(task))
    }

    async fn describe(&self, _task: &DescribeTask) -> Result<Described, AnalystError> {
        // A rule could only repeat the name in other words, which helps nobody.
        Ok(Described::default())
    }

    async fn name(&self, _org: OrgId) -> String {
        NAME.to_owned()
    }
}

/// What is answered to a question.
fn draft(task: &DraftTask) -> Draft {
    if let Some(topic) = topics::small_talk(&task.question) {
        return said(topic);
    }
    if let Some(refusal) = refusals::refusal(&task.question) {
        let topic = topics::documented(&task.question);
        let is_data = || engine::mentions_data(task) || engine::names_table(task);
        let topic = topic.filter(|_| refusal.may_be_topic && !is_data());
        return topic.map_or_else(|| cannot(task, refusal.reason), said);
    }
    let Some(dialect) = task.dialect else {
        return said(topics::documented(&task.question).unwrap_or(topics::default_topic()));
    };
    if let Some(failed) = &task.failed {
        return cannot(
            task,
            &format!("My SQL did not run ({}), and I have no other.", failed.reason),
        );
    }
    if let Some(example) = engine::verified(&task.question, &task.examples) {
        let reasoning = format!("A person verified this SQL for “{}”.", example.question);
        return Draft::Sql { sql: example.sql.clone(), reasoning };
    }
    match engine::answer(task, dialect) {
        Ok(answered) => {
            Draft::Sql { reasoning: telling::reasoning(task, &answered), sql: answered.sql }
        }
        Err(trouble) => unanswered(task, &trouble),
    }
}

/// A topic instead, where the question was about one; else why there is no answer.
fn unanswered(task: &DraftTask, trouble: &Trouble) -> Draft {
    let topic = topics::documented(&task.question);
    match topic.filter(|_| !engine::mentions_data(task)) {
        Some(topic) => said(topic),
        None => cannot(task, &trouble.words()),
    }
}

fn said(topic: Topic) -> Draft {
    Draft::NotData { reply: topic.reply.to_owned(), intent: Some(topic.intent.to_owned()) }
}

fn cannot(task: &DraftTask, reason: &str) -> Draft {
    let offers = engine::offers(task);
    let offer = if offers.is_empty() {
        String::new()
    } else {
        format!(" You can ask about {}.", trouble::listed(&offers, "and"))
    };
    Draft::CannotAnswer {
        reason: format!(
            "{reason}{offer} (I am the built-in assistant and work by rules, without a model.)"
        ),
    }
}
