//! What came of questions, for those who may see it.
//!
//! **Invariant:** an answer's data is given only to who may use its connection at the moment of
//! reading, whatever was true when it was posted.

use super::asking::AskError;
use super::handle::Questions;
use crate::chat::Caller;
use crate::domain::{Answer, ConnectionId, Job, JobId, OrgRole};
use crate::ports::{AuditEvent, Example};

/// An answer as one reader may see it.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// All of it.
    Full(Box<Answer>),
    /// That there is one.
    Restricted(JobId),
}

impl Questions {
    /// A job, for its asker and all who read its channel. What it tells of a connection is shown to
    /// those only who may use it now.
    pub async fn job(&self, caller: &Caller, id: JobId) -> Result<Job, AskError> {
        let found = self.ports().asking.jobs.get(caller.org, id).await?;
        let (mut job, _) = found.ok_or(AskError::NoJob)?;
        let is_asker = job.asked_by.user == caller.user();
        if !is_asker {
            self.chat.head(caller, job.channel).await.map_err(|_| AskError::NoJob)?;
        }
        if let Some(connection) = job.connection
            && !self.may_use(caller, connection).await?
        {
            job.sql = None;
            if let Some(error) = job.error.as_mut().filter(|error| error.tells_of_data()) {
                "There is no answer, and why is open to others only."
                    .clone_into(&mut error.message);
            }
        }
        Ok(job)
    }

    /// Whether someone may use a connection now, or might when it was deleted.
    async fn may_use(&self, caller: &Caller, id: ConnectionId) -> Result<bool, AskError> {
        let access = self.ports().asking.catalog.access(caller.org, id).await?;
        let is_guest = caller.role == OrgRole::Guest;
        Ok(access.is_some_and(|access| access.admits(caller.user(), is_guest)))
    }

    /// An answer, for who reads its channel and may use its connection, until its message is deleted.
    pub async fn answer(&self, caller: &Caller, id: JobId) -> Result<Sight, AskError> {
        let job = self.job(caller, id).await?;
        if let Some(message) = job.answer {
            let found = self.ports().history.message(message).await;
            let found = found.map_err(|_| AskError::Unavailable)?;
            if found.is_none_or(|message| message.is_deleted) {
                return Err(AskError::NoJob);
            }
        }
        self.sight(caller, id).await?.ok_or(AskError::NoJob)
    }

    /// Answers of messages that the caller may read already, in the order asked for.
    pub async fn sights(
        &self,
        caller: &Caller,
        ids: &[JobId],
    ) -> Result<Vec<Option<Sight>>, AskError> {
        let mut sights = Vec::with_capacity(ids.len());
        for id in ids {
            sights.push(self.sight(caller, *id).await?);
        }
        Ok(sights)
    }

    async fn sight(&self, caller: &Caller, id: JobId) -> Result<Option<Sight>, AskError> {
        let asking = &self.ports().asking;
        let Some(answer) = asking.answers.get(caller.org, id).await? else { return Ok(None) };
        let may_see = match answer.connection {
            Some(connection) if answer.tells_of_data() => self.may_use(caller, connection).await?,
            _ => true,
        };
        Ok(Some(if may_see { Sight::Full(Box::new(answer)) } else { Sight::Restricted(id) }))
    }

    /// Failed questions of the organization, for its admins.
    pub async fn dead(&self, caller: &Caller, limit: usize) -> Result<Vec<Job>, AskError> {
        if !caller.role.may_administer() {
            return Err(AskError::Forbidden("only admins see failed questions of others"));
        }
        Ok(self.ports().asking.jobs.dead(caller.org, limit).await?)
    }

    /// Says that an answer is right, or takes that back. It becomes an example for later questions.
    pub async fn verify(
        &self,
        caller: &Caller,
        id: JobId,
        is_right: bool,
    ) -> Result<Answer, AskError> {
        if !matches!(caller.role, OrgRole::Admin | OrgRole::Analyst) {
            return Err(AskError::Forbidden("only analysts and admins verify answers"));
        }
        let Sight::Full(answer) = self.answer(caller, id).await? else {
            return Err(AskError::Forbidden("this answer's data is not open to you"));
        };
        let mut answer = *answer;
        let connection =
            answer.connection.filter(|_| !answer.sql.is_empty() && answer.error.is_none());
        let connection =
            connection.ok_or(AskError::WrongState("only an answer with data can be verified"))?;
        answer.verified_by = is_right.then(|| caller.byline.clone());
        let example = is_right
            .then(|| Example { question: answer.question.clone(), sql: answer.sql.clone() });
        let asking = &self.ports().asking;
        asking.answers.put(&answer).await?;
        asking.catalog.put_example(caller.org, connection, id, example).await?;
        let event = AuditEvent {
            org: caller.org,
            user: Some(caller.user()),
            action: if is_right { "answer.verify" } else { "answer.unverify" },
            resource_type: "query_job",
            resource_id: id.to_string(),
            ip_address: None,
            details: vec![("connection_id", connection.to_string())],
        };
        asking.audit.append(event).await?;
        Ok(answer)
    }
}
