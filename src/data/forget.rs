//! What is taken away of a person who is erased: queries that they kept for themselves, their private
//! conversations, and their name in what they asked. What they shared is the organization's.
//!
//! **Invariants:** a job that a worker may be at is left as it is, since whoever changes it takes it from
//! the worker; who erases comes again. An answer is seen to before its job, which leads to it. So doing all
//! of this twice is harmless.

use std::collections::BTreeSet;

use starling_actors::domain::{Answer, Byline, ChannelId, Job, JobState, OrgId, Timestamp, UserId};
use starling_actors::ports::{Precondition, QuestionsError};

use super::answers::ANSWERS;
use super::chat_sessions::{SESSIONS, SESSIONS_MAX};
use super::jobs::JOBS;
use super::saved_queries::{SAVED, SAVED_MAX};
use super::{Data, DataError};

/// Jobs that are read at once.
const JOBS_PAGE: usize = 200;
/// Answers that are read at once: each may have a large table.
const ANSWERS_PAGE: usize = 16;
/// A job that nothing happened to for so long has no worker.
const AT_WORK_MS: i64 = 10 * 60 * 1000;

/// How a person's questions are treated.
#[derive(Clone, Copy, Debug)]
pub struct Forgotten<'a> {
    /// How they are shown from now on.
    pub by: &'a Byline,
    /// Whether their words go too.
    pub deletes: bool,
    /// Channels of which nothing is left, whoever asked there.
    pub gone: &'a BTreeSet<ChannelId>,
}

impl Forgotten<'_> {
    /// Whether something is still to be done about a job.
    fn concerns(&self, job: &Job) -> bool {
        let has_words = !job.question.is_empty() || job.context.is_some();
        let is_own = job.asked_by.user == self.by.user;
        let has_more = job.asked_by != *self.by || (self.deletes && has_words);
        self.gone.contains(&job.channel) || (is_own && has_more)
    }
}

impl Data {
    /// Takes away what a person kept for themself alone.
    pub async fn forget_own(&self, org: OrgId, user: UserId) -> Result<(), DataError> {
        let shelves = &self.inner.shelves;
        for query in shelves.list(&SAVED, org, "", SAVED_MAX).await? {
            if query.value.owner.0 == user && !query.value.is_shared {
                shelves.delete(&SAVED, org, "", &query.id).await?;
            }
        }
        let person = user.to_string();
        for session in shelves.list(&SESSIONS, org, &person, SESSIONS_MAX).await? {
            shelves.delete(&SESSIONS, org, &person, &session.id).await?;
        }
        Ok(())
    }

    /// Takes a person's name out of what was asked and verified; `false` when a worker may be at
    /// something of theirs, so that it has to be done again.
    pub async fn forget_questions(
        &self,
        org: OrgId,
        forgotten: Forgotten<'_>,
    ) -> Result<bool, DataError> {
        let (mut after, mut is_over) = (None::<String>, true);
        loop {
            let place = (org, "");
            let page = self.inner.shelves.page(&JOBS, place, after.as_deref(), JOBS_PAGE).await?;
            let next = page.last().map(|last| last.id.clone()).filter(|_| page.len() == JOBS_PAGE);
            for found in page {
                let job = Job::from(found.value);
                if forgotten.concerns(&job) {
                    is_over &= self.forget_job((&found.id, found.version), job, forgotten).await?;
                }
            }
            if next.is_none() {
                break;
            }
            after = next;
        }
        self.forget_verdicts(org, forgotten.by).await?;
        Ok(is_over)
    }

    /// Treats a job and its answer; `false` when a worker may be at it.
    async fn forget_job(
        &self,
        (id, version): (&str, u64),
        mut job: Job,
        Forgotten { by, deletes, gone }: Forgotten<'_>,
    ) -> Result<bool, DataError> {
        if is_at_work(&job, self.now()) {
            return Ok(false);
        }
        let (shelves, org) = (&self.inner.shelves, job.org);
        if gone.contains(&job.channel) {
            shelves.delete(&ANSWERS, org, "", id).await?;
            shelves.delete(&JOBS, org, "", id).await?;
            return Ok(true);
        }
        if deletes && let Some(found) = shelves.get(&ANSWERS, org, "", id).await? {
            let answer = Answer { question: String::new(), ..found.value.into() };
            let when = Precondition::Version(found.version);
            shelves.put(&ANSWERS, (org, "", id), &(&answer).into(), when).await?;
        }
        job.asked_by.clone_from(by);
        if deletes {
            job.question.clear();
            job.context = None;
        }
        let when = Precondition::Version(version);
        match shelves.put(&JOBS, (org, "", id), &(&job).into(), when).await {
            Ok(_) => Ok(true),
            Err(QuestionsError::Conflict) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a person's name out of answers that they verified.
    async fn forget_verdicts(&self, org: OrgId, by: &Byline) -> Result<(), DataError> {
        let (shelves, mut after) = (&self.inner.shelves, None::<String>);
        loop {
            let page = shelves.page(&ANSWERS, (org, ""), after.as_deref(), ANSWERS_PAGE).await?;
            let is_last = page.len() < ANSWERS_PAGE;
            after = page.last().map(|last| last.id.clone());
            for found in page {
                let answer = Answer::from(found.value);
                let verifier = answer.verified_by.as_ref();
                if verifier.is_none_or(|verifier| verifier.user != by.user || verifier == by) {
                    continue;
                }
                let answer = Answer { verified_by: Some(by.clone()), ..answer };
                let when = Precondition::Version(found.version);
                shelves.put(&ANSWERS, (org, "", &found.id), &(&answer).into(), when).await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

/// Whether a worker may be at a job: one that waits for a word of its asker has none.
fn is_at_work(job: &Job, now: Timestamp) -> bool {
    let waits = job.state.is_final() || job.state == JobState::AwaitingApproval;
    !waits && now.0 - job.updated_at.0 < AT_WORK_MS
}
