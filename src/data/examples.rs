//! Verified answers: what an analyst says is right becomes an example for later questions.

use starling_actors::domain::{ConnectionId, JobId, OrgId};
use starling_actors::ports::{Example, Precondition, QuestionsError};

use super::Data;
use super::jobs::newest_first;
use super::stored::answer::StoredExample;
use crate::records::Shelf;

/// Examples, below their connection, the newest first.
const EXAMPLES: Shelf<StoredExample> = Shelf::new("example");
/// Examples of a connection that questions choose from.
const EXAMPLES_MAX: usize = 200;

impl Data {
    pub(super) async fn stored_examples(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Vec<Example>, QuestionsError> {
        let found = self.inner.shelves.list(&EXAMPLES, org, &id.to_string(), EXAMPLES_MAX).await?;
        let example =
            |stored: StoredExample| Example { question: stored.question, sql: stored.sql };
        Ok(found.into_iter().map(|found| example(found.value)).collect())
    }

    pub(super) async fn store_example(
        &self,
        org: OrgId,
        id: ConnectionId,
        job: JobId,
        example: Option<Example>,
    ) -> Result<(), QuestionsError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        let key = newest_first(job.as_u128());
        let Some(Example { question, sql }) = example else {
            return shelves.delete(&EXAMPLES, org, &parent, &key).await.map(drop);
        };
        let place = (org, parent.as_str(), key.as_str());
        let example = StoredExample { question, sql };
        shelves.put(&EXAMPLES, place, &example, Precondition::Any).await.map(drop)
    }

    pub(super) async fn forget_examples(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<(), QuestionsError> {
        let (shelves, parent) = (&self.inner.shelves, id.to_string());
        loop {
            let found = shelves.list(&EXAMPLES, org, &parent, EXAMPLES_MAX).await?;
            if found.is_empty() {
                return Ok(());
            }
            for found in found {
                shelves.delete(&EXAMPLES, org, &parent, &found.id).await?;
            }
        }
    }
}
