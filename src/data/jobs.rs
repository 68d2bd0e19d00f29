//! Jobs, and two indexes beside them: those that have not ended, and those that failed.
//!
//! **Invariant:** a job that has not ended is in the index of open ones: the entry is made before the
//! job is and taken away after it has ended. An entry without an open job may be of a crash, or of a
//! job that is just being made or started once more, perhaps by another node. So it is taken away only
//! when it was seen unchanged for long, by this node's own clock; whoever takes an entry away looks at
//! the job again and puts it back if that is open; and whoever opens an ended job once more puts the
//! entry before and after.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::domain::{Job, JobId, JobState, OrgId};
use starling_actors::ports::{Jobs, Precondition, QuestionsError};
use tokio::time::Instant;

use super::Data;
use super::stored::job::StoredJob;
use super::stored::text::Id;
use crate::records::{SERVER, Shelf};

/// Jobs, below their organization.
pub(super) const JOBS: Shelf<StoredJob> = Shelf::new("job");
/// Organizations of the jobs that have not ended.
const OPEN: Shelf<Id<OrgId>> = Shelf::new("job_open");
/// Failed jobs, below their organization, the newest first.
const FAILED: Shelf<Id<JobId>> = Shelf::new("job_failed");
/// Open jobs that are read at a start. The queue holds far fewer; more is a fault of ours.
const OPEN_MAX: usize = 10_000;

/// How long an entry has no open job before it is taken away: far longer than a job's first write may
/// be under way, so also longer than a node stands still without being missed.
pub(super) const STRAY_MAX: Duration = Duration::from_secs(10 * 60);

/// Entries that had no open job when they were looked at.
#[derive(Debug, Default)]
pub(super) struct Strays {
    /// The version seen, and since when, by the job's id.
    seen: HashMap<String, (u64, Instant)>,
}

impl Strays {
    /// Takes in what a look found; gives those that were so for long. What the look did not find is
    /// forgotten.
    fn look(&mut self, found: Vec<(String, u64)>, now: Instant) -> Vec<String> {
        let before = std::mem::take(&mut self.seen);
        let mut due = Vec::new();
        for (id, version) in found {
            let known = before.get(&id).filter(|(seen, _)| *seen == version);
            let since = known.map_or(now, |(_, since)| *since);
            if now.saturating_duration_since(since) >= STRAY_MAX {
                due.push(id);
            } else {
                self.seen.insert(id, (version, since));
            }
        }
        due
    }
}

/// An id that sorts later ids (UUID version 7 grow with time) before earlier ones.
pub(super) fn newest_first(id: u128) -> String {
    format!("{:032x}", !id)
}

impl Data {
    pub(super) async fn open_entry(&self, org: OrgId, id: &str) -> Result<(), QuestionsError> {
        self.inner.shelves.put(&OPEN, (SERVER, "", id), &Id(org), Precondition::Any).await?;
        Ok(())
    }

    /// Takes an entry away, unless its job has been opened meanwhile.
    async fn close_entry(&self, org: OrgId, id: &str) -> Result<(), QuestionsError> {
        self.inner.shelves.delete(&OPEN, SERVER, "", id).await?;
        let job = self.inner.shelves.get(&JOBS, org, "", id).await?;
        match job.map(|job| Job::from(job.value)) {
            Some(job) if !job.state.is_final() => self.open_entry(org, id).await,
            Some(_) | None => Ok(()),
        }
    }
}

#[async_trait]
impl Jobs for Data {
    async fn put(&self, job: &Job, over: u64) -> Result<u64, QuestionsError> {
        let (shelves, id) = (&self.inner.shelves, job.id.to_string());
        // A job that is started once more is open again.
        let is_opened = over == 0 || job.state == JobState::Queued;
        if is_opened {
            self.open_entry(job.org, &id).await?;
        }
        let when = if over == 0 { Precondition::Absent } else { Precondition::Version(over) };
        let version = shelves.put(&JOBS, (job.org, "", &id), &job.into(), when).await?;
        if job.state.is_final() {
            if job.state == JobState::Failed {
                let place = newest_first(job.id.as_u128());
                let place = (job.org, "", place.as_str());
                shelves.put(&FAILED, place, &Id(job.id), Precondition::Any).await?;
            }
            self.close_entry(job.org, &id).await?;
        } else if is_opened && over > 0 {
            // Whoever ended the job, or found it ended, may take its entry away just now. The job is
            // stored, so that this fails is no failure of it.
            if let Err(error) = self.open_entry(job.org, &id).await {
                tracing::warn!(job = id, %error, "an open job's entry was not put once more");
            }
        }
        Ok(version)
    }

    async fn get(&self, org: OrgId, id: JobId) -> Result<Option<(Job, u64)>, QuestionsError> {
        let found = self.inner.shelves.get(&JOBS, org, "", &id.to_string()).await?;
        Ok(found.map(|found| (found.value.into(), found.version)))
    }

    async fn unfinished(&self) -> Result<Vec<(Job, u64)>, QuestionsError> {
        let shelves = &self.inner.shelves;
        let (mut open, mut found, mut orgs) = (Vec::new(), Vec::new(), HashMap::new());
        for entry in shelves.list(&OPEN, SERVER, "", OPEN_MAX).await? {
            let job = shelves.get(&JOBS, entry.value.0, "", &entry.id).await?;
            let job = job.map(|found| (Job::from(found.value), found.version));
            match job.filter(|(job, _)| !job.state.is_final()) {
                Some(job) => open.push(job),
                None => {
                    orgs.insert(entry.id.clone(), entry.value.0);
                    found.push((entry.id, entry.version));
                }
            }
        }
        let due = self.inner.strays.lock().look(found, Instant::now());
        for id in due {
            if let Some(org) = orgs.get(&id) {
                self.close_entry(*org, &id).await?;
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
