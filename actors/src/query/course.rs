//! A job on its way: which state it is in, since when, stored and told at every step.
//!
//! **Invariant:** what is told was stored before, and a job in a final state never leaves it: a worker
//! that finds its job ended by somebody else stops.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::settings::QueryPorts;
use crate::domain::{Job, JobError, JobState, MessageId, OrgRole};
use crate::ports::{BusEvent, Progress, QuestionsError, Topic};

/// Tries to store a job's end before it is left to the next start of the server.
const STORE_TRIES: u32 = 6;
/// The pause after the first failed try; it doubles.
const STORE_PAUSE: Duration = Duration::from_millis(100);

/// Somebody ended the job meanwhile: it was called off. Or another node has it now. Nothing is left to
/// do here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EndedBefore;

/// A job that a worker has.
pub(super) struct Course {
    ports: Arc<QueryPorts>,
    job: Job,
    version: u64,
    entered: Instant,
}

impl Course {
    /// A job as it was read or stored.
    pub(super) fn new(ports: &Arc<QueryPorts>, job: Job, version: u64) -> Self {
        Self { ports: Arc::clone(ports), job, version, entered: Instant::now() }
    }

    /// The job as it stands.
    pub(super) const fn job(&self) -> &Job {
        &self.job
    }

    /// The job and the version that is stored.
    pub(super) fn into_parts(self) -> (Job, u64) {
        (self.job, self.version)
    }

    /// The job is given to a worker once more.
    pub(super) fn try_again(&mut self) {
        self.job.attempts += 1;
    }

    /// Takes the job over from a node that is gone; `false` when somebody was faster.
    pub(super) async fn claim(&mut self) -> Result<bool, QuestionsError> {
        self.job.node = self.ports.placement.me();
        match self.ports.asking.jobs.put(&self.job, self.version).await {
            Ok(version) => self.version = version,
            Err(QuestionsError::Conflict) => return Ok(false),
            Err(QuestionsError::Unavailable) => return Err(QuestionsError::Unavailable),
        }
        Ok(true)
    }

    /// Whether the job is still to be answered by this node. A store that does not answer counts as
    /// yes: the answer is posted once, whoever does it.
    pub(super) async fn is_ours(&self) -> bool {
        match self.ports.asking.jobs.get(self.job.org, self.job.id).await {
            Ok(Some((stored, _))) => stored.node == self.job.node && !stored.state.is_final(),
            Ok(None) | Err(_) => true,
        }
    }

    /// What the asker may do now.
    pub(super) fn set_role(&mut self, role: OrgRole) {
        self.job.role = role;
    }

    /// What the guard let through.
    pub(super) fn set_sql(&mut self, sql: &str) {
        self.job.sql = Some(sql.to_owned());
    }

    /// Other SQL is written: what was agreed to was the cost of the one before.
    pub(super) fn revoke_approval(&mut self) {
        self.job.is_approved = false;
    }

    /// Where the answer is looked for.
    pub(super) fn set_connection(&mut self, connection: crate::domain::ConnectionId) {
        self.job.connection = Some(connection);
    }

    /// The answer is posted.
    pub(super) fn set_answer(&mut self, message: MessageId) {
        self.job.answer = Some(message);
    }

    /// Enters a state, unless the job was ended meanwhile. A store that does not answer does not hold
    /// up the job: the next state, or the next start, makes it good.
    pub(super) async fn enter(
        &mut self,
        state: JobState,
        detail: Option<String>,
    ) -> Result<(), EndedBefore> {
        self.turn(state);
        match self.store().await {
            Ok(Stored::Now) => {}
            Ok(Stored::EndedAs(_) | Stored::TakenOver) => return Err(EndedBefore),
            Err(error) => {
                tracing::warn!(job = %self.job.id, %error, "a job's state was not stored");
            }
        }
        self.tell(detail).await;
        Ok(())
    }

    /// Ends the job. It is stored again and again for a while: a job without an end would be
    /// started again.
    pub(super) async fn end(&mut self, state: JobState, error: Option<JobError>) {
        self.turn(state);
        self.job.finished_at = Some(self.ports.clock.now());
        let detail = told(error.as_ref());
        self.job.error = error;
        let mut pause = STORE_PAUSE;
        for left in (0..STORE_TRIES).rev() {
            match self.store().await {
                // Our own end, whose storing was unknown before, is told like any other.
                Ok(Stored::EndedAs(other)) if other != state => return,
                Ok(Stored::TakenOver) => return,
                Ok(Stored::Now | Stored::EndedAs(_)) => break,
                Err(error) if left == 0 => {
                    tracing::error!(job = %self.job.id, %error, "a job's end was not stored");
                }
                Err(_) => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        }
        self.ports.asking.meter.ended(state);
        self.tell(detail).await;
    }

    /// Ends a job that no worker has; `false` when somebody was faster and has it now.
    pub(super) async fn end_unless_moved(
        &mut self,
        state: JobState,
        error: Option<JobError>,
    ) -> Result<bool, QuestionsError> {
        self.turn(state);
        self.job.finished_at = Some(self.ports.clock.now());
        let detail = told(error.as_ref());
        self.job.error = error;
        match self.ports.asking.jobs.put(&self.job, self.version).await {
            Ok(version) => self.version = version,
            Err(QuestionsError::Conflict) => return Ok(false),
            Err(QuestionsError::Unavailable) => return Err(QuestionsError::Unavailable),
        }
        self.ports.asking.meter.ended(state);
        self.tell(detail).await;
        Ok(true)
    }

    fn turn(&mut self, state: JobState) {
        let spent = self.entered.elapsed();
        self.ports.asking.meter.stage(self.job.state, spent);
        let spent_ms = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX);
        self.job.timings.push((self.job.state, spent_ms));
        self.job.state = state;
        self.job.updated_at = self.ports.clock.now();
        self.entered = Instant::now();
    }

    /// Stores the job over what was read or stored last. A conflict means that it was ended by
    /// somebody or taken over by another node, which stays, or that an earlier write whose outcome was
    /// unknown was stored: then its version is taken over.
    async fn store(&mut self) -> Result<Stored, QuestionsError> {
        let jobs = &self.ports.asking.jobs;
        for _ in 0..STORE_TRIES {
            match jobs.put(&self.job, self.version).await {
                Ok(version) => {
                    self.version = version;
                    return Ok(Stored::Now);
                }
                Err(QuestionsError::Conflict) => {
                    let found = jobs.get(self.job.org, self.job.id).await?;
                    self.version = found.as_ref().map_or(0, |(_, version)| *version);
                    match found {
                        Some((job, _)) if job.state.is_final() => {
                            return Ok(Stored::EndedAs(job.state));
                        }
                        Some((job, _)) if job.node != self.job.node => {
                            return Ok(Stored::TakenOver);
                        }
                        Some(_) | None => {}
                    }
                }
                Err(QuestionsError::Unavailable) => return Err(QuestionsError::Unavailable),
            }
        }
        Err(QuestionsError::Conflict)
    }

    /// Tells whoever follows the channel. What is lost is not missed: the job can be asked for.
    async fn tell(&self, detail: Option<String>) {
        let progress = Progress {
            job: self.job.id,
            channel: self.job.channel,
            thread: self.job.thread,
            state: self.job.state,
            detail,
        };
        let topic = Topic::Channel(self.job.channel);
        let told = self.ports.bus.publish(topic, BusEvent::Progress(Arc::new(progress))).await;
        if told.is_err() {
            tracing::debug!(job = %self.job.id, "progress was not told");
        }
    }
}

/// What is stored of a job.
enum Stored {
    /// What was to be.
    Now,
    /// That another node has it.
    TakenOver,
    /// An end, which stays.
    EndedAs(JobState),
}

/// What all who follow the channel are told of a failure: nothing that only those may know who may
/// use its connection. They find it in the job.
fn told(error: Option<&JobError>) -> Option<String> {
    error.filter(|error| !error.tells_of_data()).map(|error| error.message.clone())
}
