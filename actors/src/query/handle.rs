//! How the rest of the program asks: the handle of the pool.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::RwLock;
use ractor::ActorRef;

use super::course::Course;
use super::guard::Guard;
use super::hub::{HubMessage, QueryHubArgs, Which};
use super::settings::{AskingPorts, QueryPorts, QuerySettings};
use super::worker::{Task, Work};
use crate::ask::ask;
use crate::channel::Channels;
use crate::chat::Chat;
use crate::domain::{JobId, JobState, OrgId};
use crate::ports::{Bus, Clock, Directory, History};
use crate::supervision::Tally;

/// How long the hub may take. It does nothing but count.
const HUB_MAX: Duration = Duration::from_secs(2);

/// What is under way, and the way to the hub.
#[derive(Default)]
pub(crate) struct Counter {
    pub(super) hub: RwLock<Option<ActorRef<HubMessage>>>,
    live: AtomicUsize,
    waiting: AtomicUsize,
}

impl Counter {
    pub(super) fn reset(&self) {
        self.note(0, 0);
    }

    pub(super) fn note(&self, live: usize, waiting: usize) {
        self.live.store(live, Ordering::Relaxed);
        self.waiting.store(waiting, Ordering::Relaxed);
    }

    /// Jobs that wait for their turn.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed) as u64
    }
}

/// The pool without a chat in front of it: what the core gives to whoever builds [`Questions`].
#[derive(Clone)]
pub struct Pool {
    pub(super) ports: Arc<QueryPorts>,
    pub(super) counter: Arc<Counter>,
}

impl Pool {
    /// Jobs that wait for their turn.
    pub(crate) fn waiting(&self) -> u64 {
        self.counter.waiting()
    }

    /// Kills the hub.
    #[cfg(test)]
    pub(crate) fn kill(&self) {
        if let Some(hub) = &*self.counter.hub.read() {
            hub.kill();
        }
    }

    /// Takes nothing more in. What is at work is cut with the tree, and started again from what is
    /// stored.
    pub(crate) async fn drain(&self) {
        let Some(hub) = self.counter.hub.read().clone() else { return };
        if let Err(error) = ask(&hub, HUB_MAX, |reply| HubMessage::Drain { reply }).await {
            tracing::warn!(%error, "the query pool did not hear that it is to stop");
        }
    }
}

/// Puts together what the pool works with; a [`QueryHub`](super::hub::QueryHub) gives it life.
pub(crate) fn prepare(
    (clock, bus): (Arc<dyn Clock>, Arc<dyn Bus>),
    (history, directory): (Arc<dyn History>, Arc<dyn Directory>),
    channels: Channels,
    asking: AskingPorts,
    settings: QuerySettings,
) -> std::io::Result<(Pool, QueryHubArgs)> {
    let first = asking.background.as_ref().map_or((|| {}) as fn(), |threads| threads.stand_back);
    let guard = Guard::start(settings.guard_threads, first)?;
    let placement = channels.placement();
    let ports =
        QueryPorts { clock, bus, history, directory, channels, placement, asking, guard, settings };
    let pool = Pool { ports: Arc::new(ports), counter: Arc::default() };
    let args = QueryHubArgs {
        ports: Arc::clone(&pool.ports),
        counter: Arc::clone(&pool.counter),
        tally: Arc::<Tally>::default(),
    };
    Ok((pool, args))
}

/// The way to every question: who may ask, what came of it, who may see it. Cheap to clone.
#[derive(Clone)]
pub struct Questions {
    pub(super) chat: Chat,
    pub(super) pool: Pool,
}

impl Questions {
    /// Over a pool, for the people of a chat.
    pub fn new(chat: Chat, pool: Pool) -> Self {
        Self { chat, pool }
    }

    pub(super) fn ports(&self) -> &Arc<QueryPorts> {
        &self.pool.ports
    }

    /// Gives work to the hub; `false` when it was not taken in, and will not be.
    pub(super) async fn submit(&self, work: Work) -> bool {
        let Some(hub) = self.pool.counter.hub.read().clone() else { return false };
        let work = Box::new(work);
        ask(&hub, HUB_MAX, |reply| HubMessage::Submit { work, reply }).await.unwrap_or(false)
    }

    /// Calls jobs off: gives how many. Those at work end within a moment, and say so themselves.
    pub(super) async fn call_off(&self, org: OrgId, which: Which) -> usize {
        let Some(hub) = self.pool.counter.hub.read().clone() else { return 0 };
        let question = |reply| HubMessage::Cancel { org, which, reply };
        let Ok((waited, at_work)) = ask(&hub, HUB_MAX, question).await else { return 0 };
        let count = waited.len() + at_work;
        for work in waited {
            if let Task::Answer(job, version) = work.task {
                Course::new(self.ports(), *job, version).end(JobState::Cancelled, None).await;
            }
        }
        count
    }

    /// A fresh id for a job.
    pub(super) fn fresh(&self) -> JobId {
        JobId::from_u128(self.ports().clock.fresh_id())
    }
}

impl fmt::Debug for Questions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let live = self.pool.counter.live.load(Ordering::Relaxed);
        f.debug_struct("Questions").field("live", &live).finish_non_exhaustive()
    }
}
