//! Answers, each below its organization, by its job.

use async_trait::async_trait;
use starling_actors::domain::{Answer, JobId, OrgId};
use starling_actors::ports::{Answers, Precondition, QuestionsError};

use super::Data;
use super::stored::answer::StoredAnswer;
use crate::records::Shelf;

/// Answers, below their organization.
pub(super) const ANSWERS: Shelf<StoredAnswer> = Shelf::new("answer");

#[async_trait]
impl Answers for Data {
    async fn put(&self, answer: &Answer) -> Result<(), QuestionsError> {
        let id = answer.job.to_string();
        let place = (answer.org, "", id.as_str());
        self.inner.shelves.put(&ANSWERS, place, &answer.into(), Precondition::Any).await.map(drop)
    }

    async fn get(&self, org: OrgId, job: JobId) -> Result<Option<Answer>, QuestionsError> {
        let found = self.inner.shelves.get(&ANSWERS, org, "", &job.to_string()).await?;
        Ok(found.map(|found| found.value.into()))
    }
}
