//! Jobs that no worker has: of before a restart, lost with their worker or their node, or left by
//! their asker.
//!
//! In a cluster a job names its node. When that has been gone for three seconds, the rendezvous owner of
//! the job's id takes it over: its claim is a write over the version that it has read, so one node has it
//! then. Two may work at it for a while all the same, for one that was thought to be gone may only have
//! been slow; the answer's idempotency key is the job's id, so it is posted once.
//!
//! **Invariant:** a job is never forgotten: it is started again, or ends where its asker sees it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use ractor::ActorRef;

use super::course::Course;
use super::hub::HubMessage;
use super::pipeline::apology;
use super::posting::deliver;
use super::settings::QueryPorts;
use super::worker::Ticket;
use crate::domain::{Job, JobError, JobId, JobState};
use crate::ports::QuestionsError;

/// A job that nobody has and that has not moved for so long is started again: longer than it takes
/// to be stored and given to the hub.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30);

/// Whether a job is this node's to start: its own, or that of a node that is gone and whose place this
/// one takes.
fn is_ours(ports: &QueryPorts, job: &Job) -> bool {
    let placement = &ports.placement;
    match job.node {
        _ if placement.me().is_none() => true,
        node if node == placement.me() => true,
        Some(node) if !placement.is_missed(node) => false,
        Some(_) | None => placement.is_mine(job.id.as_u128()),
    }
}

/// Starts what was under way when the server stopped.
pub(super) fn resume(ports: &Arc<QueryPorts>, hub: &ActorRef<HubMessage>) {
    let (ports, hub) = (Arc::clone(ports), hub.clone());
    tokio::spawn(async move {
        match ports.asking.jobs.unfinished().await {
            Ok(jobs) => {
                for (job, version) in jobs.into_iter().filter(|(job, _)| is_ours(&ports, job)) {
                    start_again(&ports, &hub, job, version).await;
                }
            }
            Err(error) => tracing::error!(%error, "jobs of before are not started again"),
        }
    });
}

/// Starts a job again whose worker failed.
pub(super) fn revive(ports: &Arc<QueryPorts>, hub: &ActorRef<HubMessage>, ticket: Ticket) {
    let (ports, hub) = (Arc::clone(ports), hub.clone());
    tokio::spawn(async move {
        match ports.asking.jobs.get(ticket.org, ticket.id).await {
            Ok(Some((job, version))) => start_again(&ports, &hub, job, version).await,
            // A statement of a person has no job: whoever waits hears that it is gone.
            Ok(None) => {}
            Err(error) => tracing::error!(job = %ticket.id, %error, "a lost job is not found"),
        }
    });
}

/// Ends what waits for an asker who does not come back, and starts what nobody has: the store may
/// not have answered when it was to be started, or there was no room. `live` are those that the hub
/// has.
pub(super) fn sweep(ports: &Arc<QueryPorts>, hub: &ActorRef<HubMessage>, live: HashSet<JobId>) {
    let (ports, hub) = (Arc::clone(ports), hub.clone());
    tokio::spawn(async move {
        let jobs = ports.asking.jobs.unfinished().await.unwrap_or_default();
        let now = ports.clock.now().0;
        let older_than = |job: &Job, age: Duration| {
            now.saturating_sub(job.updated_at.0)
                > i64::try_from(age.as_millis()).unwrap_or(i64::MAX)
        };
        for (job, version) in jobs.into_iter().filter(|(job, _)| is_ours(&ports, job)) {
            let is_left = job.node != ports.placement.me();
            if job.state == JobState::AwaitingApproval {
                if older_than(&job, ports.settings.approval_max) {
                    expire(&ports, job, version).await;
                }
            } else if !live.contains(&job.id) && (is_left || older_than(&job, FORGOTTEN_AFTER)) {
                start_again(&ports, &hub, job, version).await;
            }
        }
    });
}

async fn expire(ports: &Arc<QueryPorts>, job: Job, version: u64) {
    let mut course = Course::new(ports, job, version);
    let message = "Nobody agreed to the cost in time. Ask again to run it.".to_owned();
    let error = JobError { code: "approval_expired", message };
    // Who agrees at this moment is faster, or has to ask again.
    if course.end_unless_moved(JobState::Cancelled, Some(error)).await.is_err() {
        tracing::warn!(job = %course.job().id, "an expired approval is looked at again later");
    }
}

async fn start_again(ports: &Arc<QueryPorts>, hub: &ActorRef<HubMessage>, job: Job, version: u64) {
    if job.state.is_final() || job.state == JobState::AwaitingApproval {
        return;
    }
    let (job, version) = if job.node == ports.placement.me() {
        (job, version)
    } else {
        let mut course = Course::new(ports, job, version);
        match course.claim().await {
            Ok(true) => course.into_parts(),
            // Whoever was faster has it.
            Ok(false) => return,
            Err(error) => {
                return tracing::warn!(job = %course.job().id, %error, "a left job waits");
            }
        }
    };
    if job.attempts >= ports.settings.attempts_max {
        let mut course = Course::new(ports, job, version);
        let message = "Something went wrong again and again with this question. It was given up; \
                       an admin finds it in the list of failed jobs."
            .to_owned();
        let error = JobError { code: "given_up", message };
        let answer = apology(&course, error, ports.clock.now());
        return deliver(ports, &mut course, answer, JobState::Failed).await;
    }
    let limits = ports.asking.catalog.limits(job.org).await;
    let concurrent_max = limits.map_or_else(
        |_: QuestionsError| crate::ports::OrgQueryLimits::default().concurrent_max,
        |limits| limits.concurrent_max,
    );
    let job = Box::new(job);
    hub.cast(HubMessage::Resume { job, version, concurrent_max }).ok();
}
