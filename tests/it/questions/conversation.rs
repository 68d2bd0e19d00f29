//! Asks the questions of a set in their conversations, runs what comes back, and judges it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::Value;
use starling_actors::assistant::Assistant;
use starling_actors::domain::{Dialect, OrgId, Schema};
use starling_actors::ports::{Analyst, Draft, DraftTask, Turn};
use starling_actors::query::guard::{Grounds, check};

use super::{database, matching};

/// Rows of an answer: as many as the server allows by default.
const ROWS_MAX: usize = 10_000;

/// How a question came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// As the set says.
    Right,
    /// People would act on something false.
    Wrong,
    /// It said that it could not.
    Unanswered,
}

/// A question with how it came out.
#[derive(Clone, Debug)]
pub(super) struct Scored {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) outcome: Outcome,
    /// What the assistant said to it.
    pub(super) said: String,
}

/// Runs a set.
pub(super) fn run(root: &Path, file: &Path, set: &str) -> Vec<Scored> {
    let text = std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
    let set_of_questions: Value = serde_json::from_str(&text).unwrap();
    let connection = database::open(root, set);
    let schema = Arc::new(database::discover(&connection));
    let today = set_of_questions["today"].as_str().unwrap().to_owned();
    let mut turns: HashMap<String, Vec<Turn>> = HashMap::new();
    let questions = set_of_questions["questions"].as_array().unwrap();
    questions.iter().map(|one| ask(&connection, &schema, &today, one, &mut turns)).collect()
}

/// Asks one question after those that it follows.
fn ask(
    connection: &Connection,
    schema: &Arc<Schema>,
    today: &str,
    one: &Value,
    turns: &mut HashMap<String, Vec<Turn>>,
) -> Scored {
    let id = one["id"].as_str().unwrap().to_owned();
    let question = one["question"].as_str().unwrap().to_owned();
    let before = one["follows"].as_str().and_then(|before| turns.get(before)).cloned();
    let history = before.unwrap_or_default();
    let draft = draft(&question, schema, today, history.clone());
    let (outcome, said, sql) = match &draft {
        Draft::Sql { sql, .. } => {
            let (outcome, said) = judge(connection, schema, one, sql);
            (outcome, said, Some(sql.clone()))
        }
        Draft::NotData { reply, .. } => (declined(one, "not_data"), reply.clone(), None),
        Draft::CannotAnswer { reason } => (declined(one, "cannot_answer"), reason.clone(), None),
    };
    let mut conversation = history;
    conversation.push(Turn { question: question.clone(), sql, summary: String::new() });
    turns.insert(id.clone(), conversation);
    Scored { id, question, outcome, said }
}

fn declined(one: &Value, as_if: &str) -> Outcome {
    if one["expect"] == as_if { Outcome::Right } else { Outcome::Unanswered }
}

fn draft(question: &str, schema: &Arc<Schema>, today: &str, history: Vec<Turn>) -> Draft {
    let task = DraftTask {
        org: OrgId::from_u128(1),
        question: question.to_owned(),
        context: None,
        dialect: Some(Dialect::Sqlite),
        schema: Arc::clone(schema),
        history,
        examples: Vec::new(),
        metrics: Vec::new(),
        today: today.to_owned(),
        failed: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(Assistant.draft(&task)).unwrap().draft
}

/// Runs the SQL, as the guard renders it, and compares its rows with those of the references.
fn judge(
    connection: &Connection,
    schema: &Arc<Schema>,
    one: &Value,
    sql: &str,
) -> (Outcome, String) {
    let grounds =
        Grounds { dialect: Dialect::Sqlite, schema: Arc::clone(schema), rows_max: ROWS_MAX };
    let guarded = match check(sql, &grounds) {
        Ok(verdict) => verdict.sql,
        Err(rejection) => {
            return (
                Outcome::Unanswered,
                format!("{}: {} in {sql}", rejection.rule, rejection.message),
            );
        }
    };
    if one["expect"] != "rows" {
        return (Outcome::Wrong, format!("ran {sql}"));
    }
    let answer = match database::rows(connection, guarded.as_str()) {
        Ok(answer) => answer,
        Err(error) => return (Outcome::Unanswered, format!("{error} in {sql}")),
    };
    let also = one["also"].as_array().into_iter().flatten();
    let references = std::iter::once(&one["sql"]).chain(also);
    let is_ordered = one["ordered"].as_bool().unwrap_or_default();
    let is_right = references.filter_map(Value::as_str).any(|reference| {
        let wanted = database::rows(connection, reference)
            .unwrap_or_else(|error| panic!("{}: the reference fails: {error}", one["id"]));
        matching::matches(&wanted, &answer, is_ordered)
    });
    let outcome = if is_right { Outcome::Right } else { Outcome::Wrong };
    (outcome, format!("ran {sql}"))
}
