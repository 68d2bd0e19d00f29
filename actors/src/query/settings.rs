//! What the query pool works with, and how much it may take.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use super::guard::Guard;
use crate::channel::Channels;
use crate::cluster::Placement;
use crate::domain::JobState;
use crate::ports::{
    Analyst, Answers, AuditTrail, Bus, Catalog, Clock, Directory, History, Jobs, ResultCache,
    Roles, RunLimits, Warehouse,
};

/// What asking needs from the outside.
#[derive(Clone)]
pub struct AskingPorts {
    /// Jobs on their way.
    pub jobs: Arc<dyn Jobs>,
    /// What came of them.
    pub answers: Arc<dyn Answers>,
    /// Connections and what they hold.
    pub catalog: Arc<dyn Catalog>,
    /// The databases themselves.
    pub warehouse: Arc<dyn Warehouse>,
    /// Who writes SQL and words.
    pub analyst: Arc<dyn Analyst>,
    /// Results of the last minutes.
    pub cache: Arc<dyn ResultCache>,
    /// Who asked what.
    pub audit: Arc<dyn AuditTrail>,
    /// What people may do now.
    pub roles: Arc<dyn Roles>,
    /// Counts jobs and stages.
    pub meter: Arc<dyn QueryMeter>,
    /// Where the work is done; `None`: where the core itself runs.
    pub background: Option<Background>,
}

/// Threads of the pool's own. Writing SQL without a model and checking it is computing: beside chat it
/// has to wait, and it must never hold the threads that chat needs.
#[derive(Clone, Debug)]
pub struct Background {
    /// Runs the workers and all that they start.
    pub runtime: Handle,
    /// What each further thread of the pool does first, to stand back as the runtime's do.
    pub stand_back: fn(),
}

/// Everything that a worker uses.
pub(super) struct QueryPorts {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) history: Arc<dyn History>,
    pub(super) directory: Arc<dyn Directory>,
    pub(super) channels: Channels,
    /// Which node has which job.
    pub(super) placement: Placement,
    pub(super) asking: AskingPorts,
    pub(super) guard: Guard,
    pub(super) settings: QuerySettings,
}

/// How much asking may take on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuerySettings {
    /// Jobs at work at the same time. Most of a job is waiting for others.
    pub workers: usize,
    /// Threads that check SQL; each has a stack for the deepest query.
    pub guard_threads: usize,
    /// Jobs that may wait, over all organizations. The next one is refused with "later".
    pub waiting_max: usize,
    /// Jobs of one organization that may wait, so that none fills the queue of all.
    pub org_waiting_max: usize,
    /// For one statement.
    pub run: RunLimits,
    /// For reading what connections hold.
    pub schema_max: Duration,
    /// For the SQL: a model's own time-out and its repeats are within it.
    pub draft_max: Duration,
    /// For the words. What takes longer is said without a model.
    pub explain_max: Duration,
    /// How long a costly query waits for its asker.
    pub approval_max: Duration,
    /// Times that a job is given to a worker: a job that ends its worker each time must end itself.
    pub attempts_max: u32,
}

impl QuerySettings {
    /// One worker of so many is out of reach of each organization, whatever its own limit says: while
    /// one has as much under way as it can get, the question of another still finds a worker.
    const KEPT_FOR_OTHERS: usize = 4;

    /// Jobs of one organization that may be at work at the same time, at most.
    pub fn org_busy_max(&self) -> usize {
        let kept = self.workers.div_ceil(Self::KEPT_FOR_OTHERS);
        self.workers.saturating_sub(kept).max(1)
    }
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self {
            workers: 8,
            guard_threads: 2,
            waiting_max: 1_000,
            org_waiting_max: 400,
            run: RunLimits::default(),
            schema_max: Duration::from_secs(10),
            draft_max: Duration::from_secs(75),
            explain_max: Duration::from_secs(45),
            approval_max: Duration::from_secs(3_600),
            attempts_max: 3,
        }
    }
}

/// Counts what the pool does.
pub trait QueryMeter: Send + Sync + 'static {
    /// A job came to its end.
    fn ended(&self, state: JobState);

    /// A job left a state.
    fn stage(&self, state: JobState, time: Duration);

    /// A question could not be answered from the data.
    fn cannot_answer(&self);
}

/// Counts nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoQueryMeter;

impl QueryMeter for NoQueryMeter {
    fn ended(&self, _: JobState) {}
    fn stage(&self, _: JobState, _: Duration) {}
    fn cannot_answer(&self) {}
}
