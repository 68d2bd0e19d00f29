//! Jobs that no worker has: of before a restart, lost with their worker, or left by their asker.
//!
//! **Invariant:** a job is never forgotten: it is started again, or ends where its asker sees it.

use std::sync::Arc;

use ractor::ActorRef;

use super::course::Course;
use super::hub::HubMessage;
use super::pipeline::apology;
use super::posting::deliver;
use super::settings::QueryPorts;
use super::worker::Ticket;
use crate::domain::{Job, JobError, JobState};
use crate::ports::QuestionsError;

/// Starts what was under way when the server stopped.
pub(super) fn resume(ports: &Arc<QueryPorts>, hub: &ActorRef<HubMessage>) {
    let (ports, hub) = (Arc::clone(ports), hub.clone());
    tokio::spawn(async move {
        match ports.asking.jobs.unfinished().await {
            Ok(jobs) => {
                for (job, version) in jobs {
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

/// Ends what waits for an asker who does not come back.
pub(super) fn sweep(ports: &Arc<QueryPorts>) {
    let ports = Arc::clone(ports);
    tokio::spawn(async move {
        let jobs = ports.asking.jobs.unfinished().await.unwrap_or_default();
        let patience_ms = i64::try_from(ports.settings.approval_max.as_millis());
        let oldest = ports.clock.now().0 - patience_ms.unwrap_or(i64::MAX);
        let is_left =
            |job: &Job| job.state == JobState::AwaitingApproval && job.updated_at.0 < oldest;
        for (job, version) in jobs.into_iter().filter(|(job, _)| is_left(job)) {
            let mut course = Course::new(&ports, job, version);
            let message = "Nobody agreed to the cost in time. Ask again to run it.".to_owned();
            let error = JobError { code: "approval_expired", message };
            course.end(JobState::Cancelled, Some(error)).await;
        }
    });
}

async fn start_again(ports: &Arc<QueryPorts>, hub: &ActorRef<HubMessage>, job: Job, version: u64) {
    if job.state.is_final() || job.state == JobState::AwaitingApproval {
        return;
    }
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
