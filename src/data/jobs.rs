//! Jobs, and two indexes beside them: those that have not ended, and those that failed.
//!
//! **Invariant:** a job that has not ended is in the index of open ones: the entry is made before the
//! job is and taken away after it has ended.

use async_trait::async_trait;
use starling_actors::domain::{Job, JobId, JobState, OrgId};
use starling_actors::ports::{Jobs, Precondition, QuestionsError};

use super::Data;
use super::stored::job::StoredJob;
use super::stored::text::Id;
use crate::records::{SERVER, Shelf};

/// Jobs, below their organization.
const JOBS: Shelf<StoredJob> = Shelf::new("job");
/// Organizations of the jobs that have not ended.
const OPEN: Shelf<Id<OrgId>> = Shelf::new("job_open");
/// Failed jobs, below their organization, the newest first.
const FAILED: Shelf<Id<JobId>> = Shelf::new("job_failed");
/// Open jobs that are read at a start. The queue holds far fewer; more is a fault of ours.
const OPEN_MAX: usize = 10_000;

/// An id that sorts later ids (UUID version 7 grow with time) before earlier ones.
pub(super) fn newest_first(id: u128) -> String {
    format!("{:032x}", !id)
}

#[async_trait]
impl Jobs for Data {
    async fn put(&self, job: &Job, over: u64) -> Result<u64, QuestionsError> {
        let (shelves, id) = (&self.inner.shelves, job.id.to_string());
        // A job that is started once more is open again.
        if over == 0 || job.state == JobState::Queued {
            shelves.put(&OPEN, (SERVER, "", &id), &Id(job.org), Precondition::Any).await?;
        }
        let when = if over == 0 { Precondition::Absent } else { Precondition::Version(over) };
        let version = shelves.put(&JOBS, (job.org, "", &id), &job.into(), when).await?;
        if job.state.is_final() {
            if job.state == JobState::Failed {
                let place = newest_first(job.id.as_u128());
                let place = (job.org, "", place.as_str());
                shelves.put(&FAILED, place, &Id(job.id), Precondition::Any).await?;
            }
            shelves.delete(&OPEN, SERVER, "", &id).await?;
        }
        Ok(version)
    }

    async fn get(&self, org: OrgId, id: JobId) -> Result<Option<(Job, u64)>, QuestionsError> {
        let found = self.inner.shelves.get(&JOBS, org, "", &id.to_string()).await?;
        Ok(found.map(|found| (found.value.into(), found.version)))
    }

    async fn unfinished(&self) -> Result<Vec<(Job, u64)>, QuestionsError> {
        let shelves = &self.inner.shelves;
        let mut open = Vec::new();
        for entry in shelves.list(&OPEN, SERVER, "", OPEN_MAX).await? {
            let job = shelves.get(&JOBS, entry.value.0, "", &entry.id).await?;
            let job = job.map(|found| (Job::from(found.value), found.version));
            match job.filter(|(job, _)| !job.state.is_final()) {
                Some(job) => open.push(job),
                // A crash came between the job and its entry.
                None => drop(shelves.delete(&OPEN, SERVER, "", &entry.id).await?),
            }
        }
        Ok(open)
    }

    async fn dead(&self, org: OrgId, limit: usize) -> Result<Vec<Job>, QuestionsError> {
        let shelves = &self.inner.shelves;
        let mut dead = Vec::new();
        for entry in shelves.list(&FAILED, org, "", limit).await? {
            let job = shelves.get(&JOBS, org, "", &entry.value.0.to_string()).await?;
            // One that was tried again may have ended otherwise since.
            let job = job.map(|found| Job::from(found.value));
            dead.extend(job.filter(|job| job.state == JobState::Failed));
        }
        Ok(dead)
    }
}
