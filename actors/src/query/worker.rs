//! A worker of the pool: the actor of the job that it has.
//!
//! **Invariant:** however a job leaves its worker, by an end or by a panic, the hub hears of it.

use std::sync::Arc;

use ractor::factory::{FactoryMessage, Job as FactoryJob, Worker, WorkerId};
use ractor::{ActorProcessingErr, ActorRef};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::course::Course;
use super::execution::{Executed, Execution, execute};
use super::hub::HubMessage;
use super::pipeline::{Pipeline, Stop, apology};
use super::posting::deliver;
use super::settings::QueryPorts;
use crate::domain::{Answer, Job, JobId, JobState, OrgId, Priority, UserId};

/// What a worker is given.
pub(crate) struct Work {
    pub(super) ticket: Ticket,
    /// Fires when the job is called off.
    pub(super) cancel: CancellationToken,
    pub(super) task: Task,
}

/// Whose job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ticket {
    pub(super) id: JobId,
    pub(super) org: OrgId,
    pub(super) user: UserId,
    pub(super) priority: Priority,
    /// Jobs of the organization that may be at work.
    pub(super) concurrent_max: usize,
}

/// What is to be done.
pub(crate) enum Task {
    /// A question, with the version of it that is stored.
    Answer(Box<Job>, u64),
    /// SQL that a person wrote.
    Execute(Box<Execution>, oneshot::Sender<Executed>),
}

/// The worker.
pub(super) struct QueryWorker;

/// What a worker is started with.
#[derive(Clone)]
pub(crate) struct WorkerArgs {
    pub(super) ports: Arc<QueryPorts>,
    pub(super) hub: ActorRef<HubMessage>,
}

/// Tells the hub when a job has left its worker, also by a panic.
struct Beacon {
    hub: ActorRef<HubMessage>,
    ticket: Ticket,
    has_ended: bool,
}

impl Drop for Beacon {
    fn drop(&mut self) {
        let (ticket, is_lost) = (self.ticket, !self.has_ended);
        self.hub.cast(HubMessage::Ended { ticket, is_lost }).ok();
    }
}

impl Worker for QueryWorker {
    type Key = Ticket;
    type Message = Work;
    type Arguments = WorkerArgs;
    type State = WorkerArgs;

    async fn pre_start(
        &self,
        _: WorkerId,
        _: &ActorRef<FactoryMessage<Ticket, Work>>,
        args: WorkerArgs,
    ) -> Result<WorkerArgs, ActorProcessingErr> {
        Ok(args)
    }

    async fn handle(
        &self,
        _: WorkerId,
        _: &ActorRef<FactoryMessage<Ticket, Work>>,
        job: FactoryJob<Ticket, Work>,
        state: &mut WorkerArgs,
    ) -> Result<Ticket, ActorProcessingErr> {
        let Work { ticket, cancel, task } = job.msg;
        let mut beacon = Beacon { hub: state.hub.clone(), ticket, has_ended: false };
        match task {
            Task::Answer(job, version) => {
                Box::pin(answer(&state.ports, *job, version, &cancel)).await;
            }
            Task::Execute(execution, reply) => {
                let executed = Box::pin(execute(&state.ports, &execution, &cancel)).await;
                // Who does not wait any more has called it off.
                drop(reply.send(executed));
            }
        }
        beacon.has_ended = true;
        Ok(ticket)
    }
}

/// How the job of an answer ends: saying that the data cannot tell is an answer.
fn state_of(answer: &Answer) -> JobState {
    match answer.error.as_ref().map(|error| error.code) {
        None | Some("cannot_answer") => JobState::Done,
        Some("query_rejected") => JobState::Rejected,
        Some(_) => JobState::Failed,
    }
}

/// Looks up what the asker may do now: they may have waited in the queue, or for an approval, for
/// long. Who is not let in any more is not answered.
async fn admitted(ports: &QueryPorts, course: &mut Course) -> Result<(), Stop> {
    let (org, asker) = (course.job().org, course.job().asked_by.user);
    match ports.asking.roles.role(org, asker).await {
        Ok(Some(role)) => {
            course.set_role(role);
            Ok(())
        }
        Ok(None) => Err(Stop::Cancelled),
        Err(_) => Err(Stop::unavailable()),
    }
}

/// Leaves the job to its asker, unless it was called off at the same moment.
async fn pause(course: &mut Course, estimate: String, cancel: &CancellationToken) {
    let has_paused = course.enter(JobState::AwaitingApproval, Some(estimate)).await.is_ok();
    if has_paused
        && cancel.is_cancelled()
        && course.end_unless_moved(JobState::Cancelled, None).await.is_err()
    {
        tracing::warn!(job = %course.job().id, "a query that was called off waits for its asker");
    }
}

/// Takes one question to its end.
async fn answer(ports: &Arc<QueryPorts>, job: Job, version: u64, cancel: &CancellationToken) {
    // While it waited it may have ended, or have been started twice around a restart.
    let (job, version) = match ports.asking.jobs.get(job.org, job.id).await {
        Ok(Some((stored, _)))
            if stored.state.is_final() || stored.state == JobState::AwaitingApproval =>
        {
            return;
        }
        Ok(Some(stored)) => stored,
        Ok(None) | Err(_) => (job, version),
    };
    let mut course = Course::new(ports, job, version);
    // Before a crash the answer may have been found already: then only its message is missing.
    let (org, id) = (course.job().org, course.job().id);
    if let Ok(Some(answer)) = ports.asking.answers.get(org, id).await {
        let state = state_of(&answer);
        return deliver(ports, &mut course, answer, state).await;
    }
    course.try_again();
    let result = match admitted(ports, &mut course).await {
        Ok(()) => Pipeline::new(ports, &mut course, cancel).run().await,
        Err(stop) => Err(stop),
    };
    match result {
        Ok(answer) => deliver(ports, &mut course, answer, JobState::Done).await,
        Err(Stop::Cancelled) => course.end(JobState::Cancelled, None).await,
        Err(Stop::EndedBefore) => {}
        Err(Stop::Paused(estimate)) => pause(&mut course, estimate, cancel).await,
        Err(Stop::Failed(error)) => {
            let answer = apology(&course, error, ports.clock.now());
            deliver(ports, &mut course, answer, JobState::Failed).await;
        }
        Err(Stop::Rejected(error)) => {
            let answer = apology(&course, error, ports.clock.now());
            deliver(ports, &mut course, answer, JobState::Rejected).await;
        }
    }
}
