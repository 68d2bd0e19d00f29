//! Waiting for a question's end, for those who want to be told in one call.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::asking::AskError;
use super::handle::Questions;
use crate::chat::Caller;
use crate::domain::{Job, JobId, JobState};
use crate::ports::{BusEvent, BusSink, Topic};

/// How often a job is looked at that another node may have, and whose steps may not be heard.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Hears of one job's steps.
struct Ear {
    job: JobId,
    news: Notify,
}

impl BusSink for Ear {
    fn deliver(&self, event: BusEvent) {
        // After a gap a step may have been told before this was heard elsewhere.
        let is_news = matches!(&event, BusEvent::Progress(progress) if progress.job == self.job)
            || matches!(event, BusEvent::Interrupted);
        if is_news {
            self.news.notify_one();
        }
    }
}

impl Questions {
    /// The job once it has ended or waits for its asker, or as it stands after `patience`.
    pub async fn settled(
        &self,
        caller: &Caller,
        id: JobId,
        patience: Duration,
    ) -> Result<Job, AskError> {
        let deadline = Instant::now() + patience;
        let mut job = self.job(caller, id).await?;
        let ear = Arc::new(Ear { job: id, news: Notify::new() });
        let topic = Topic::Channel(job.channel);
        let _hearing = self.ports().bus.subscribe(topic, Arc::clone(&ear) as Arc<dyn BusSink>);
        loop {
            // Read after the subscription, so that no step falls between.
            job = self.job(caller, id).await?;
            if job.state.is_final() || job.state == JobState::AwaitingApproval {
                return Ok(job);
            }
            if Instant::now() >= deadline {
                return Ok(job);
            }
            let is_elsewhere = job.node != self.ports().placement.me();
            let look = if is_elsewhere { Instant::now() + LOOK_EVERY } else { deadline };
            timeout_at(look.min(deadline), ear.news.notified()).await.ok();
        }
    }
}
