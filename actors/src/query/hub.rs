//! The hub of the pool: takes jobs in, gives them to the factory in their turn, and picks up what
//! was lost.
//!
//! ```text
//!   handle ─▶ hub ─▶ desk (who may start?) ─▶ factory ─▶ worker ─▶ hub: the next one
//! ```
//!
//! **Invariant:** a job is at work at most once on this node; one that was taken in ends, waits for
//! its asker, or is started again.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ractor::factory::queues::{PriorityManager, PriorityQueue, StandardPriority};
use ractor::factory::routing::QueuerRouting;
use ractor::factory::{
    DiscardHandler, DiscardMode, DiscardReason, DiscardSettings, Factory, FactoryArguments,
    FactoryMessage, Job as FactoryJob, JobOptions, WorkerBuilder, WorkerId,
};
use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};
use tokio_util::sync::CancellationToken;

use super::desk::{Desk, Turn};
use super::recovery;
use super::settings::QueryPorts;
use super::worker::{QueryWorker, Task, Ticket, Work, WorkerArgs};
use crate::ask::answer;
use crate::domain::{Job, JobId, OrgId, Priority, UserId};
use crate::ports::{BusEvent, BusSink, Subscription, Topic};
use crate::supervision::Tally;

/// How often what is stored is looked through for costly queries whose asker has not answered, and
/// for jobs that nobody has.
const SWEEP: Duration = Duration::from_secs(30);

type Pool = Factory<
    Ticket,
    Work,
    WorkerArgs,
    QueryWorker,
    QueuerRouting<Ticket, Work>,
    PriorityQueue<Ticket, Work, StandardPriority, PeopleFirst, { StandardPriority::size() }>,
>;

/// The hub.
pub(crate) struct QueryHub;

/// What the hub is started with, again after it failed.
#[derive(Clone)]
pub(crate) struct QueryHubArgs {
    pub(super) ports: Arc<QueryPorts>,
    pub(super) counter: Arc<super::Counter>,
    pub(super) tally: Arc<Tally>,
}

impl QueryHubArgs {
    /// Starts the hub as a child, on the pool's own threads if it has some: whatever it starts stays there.
    pub(crate) async fn spawn(self, parent: ActorCell) -> Result<ActorCell, ActorProcessingErr> {
        let runtime = self.ports.asking.background.as_ref().map(|threads| threads.runtime.clone());
        let spawning = Actor::spawn_linked(None, QueryHub, self, parent);
        let (hub, _) = match runtime {
            Some(runtime) => runtime.spawn(spawning).await??,
            None => spawning.await?,
        };
        Ok(hub.get_cell())
    }

    /// Counts jobs at work and those whose worker failed.
    pub(crate) fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }
}

/// What the hub can be told.
pub(crate) enum HubMessage {
    /// A job to be done.
    Submit {
        /// The job.
        work: Box<Work>,
        /// Answers whether it was taken in; a refused one was not started and will not be.
        reply: RpcReplyPort<bool>,
    },
    /// Jobs of before, to be done again.
    Resume {
        /// With the version that is stored, and how many of its organization may be at work.
        job: Box<Job>,
        version: u64,
        concurrent_max: usize,
    },
    /// A job has left its worker.
    Ended {
        /// Which.
        ticket: Ticket,
        /// Whether its worker failed.
        is_lost: bool,
    },
    /// Somebody does not want an answer any more.
    Cancel {
        /// Whose.
        org: OrgId,
        /// Which.
        which: Which,
        /// Answers with those that waited (they are the asker's to end) and how many were at work.
        reply: RpcReplyPort<(Vec<Work>, usize)>,
    },
    /// A job was called off on another node, which has ended it already.
    CalledOff(JobId),
    /// Look at costly queries whose asker has not answered, and for jobs that nobody has.
    Sweep,
    /// Take nothing more in and start nothing more. What is at work goes on until the tree is cut, and
    /// is started again at the next start.
    Drain {
        /// Answers when nothing more is taken in.
        reply: RpcReplyPort<()>,
    },
}

/// Which jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// This one.
    One(JobId),
    /// All of a person.
    AllOf(UserId),
}

/// What the hub remembers.
pub(crate) struct HubState {
    args: QueryHubArgs,
    factory: ActorRef<FactoryMessage<Ticket, Work>>,
    desk: Desk,
    /// Everything taken in and not ended; the work itself while it waits.
    live: HashMap<JobId, Live>,
    is_draining: bool,
    _hearing: Subscription,
}

/// The hub's ear on what other nodes say to all. People call questions off seldom enough for it to
/// have no queue of its own.
struct HubEar(ActorRef<HubMessage>);

impl BusSink for HubEar {
    fn deliver(&self, event: BusEvent) {
        if let BusEvent::CalledOff(job) = event
            && self.0.cast(HubMessage::CalledOff(job)).is_err()
        {
            tracing::debug!(%job, "a question is called off by the hub's end");
        }
    }
}

struct Live {
    ticket: Ticket,
    cancel: CancellationToken,
    waiting: Option<Work>,
}

/// Over organizations too, a person who waits goes before a schedule.
pub(super) struct PeopleFirst;

impl PriorityManager<Ticket, StandardPriority> for PeopleFirst {
    fn is_discardable(&self, _: &Ticket) -> bool {
        true
    }

    fn get_priority(&self, ticket: &Ticket) -> Option<StandardPriority> {
        Some(match ticket.priority {
            Priority::Person => StandardPriority::Normal,
            Priority::Schedule => StandardPriority::BestEffort,
        })
    }
}

/// Builds workers.
struct Builder(WorkerArgs);

impl WorkerBuilder<QueryWorker, WorkerArgs> for Builder {
    fn build(&mut self, _: WorkerId) -> (QueryWorker, WorkerArgs) {
        (QueryWorker, self.0.clone())
    }
}

/// Says when the factory drops what the desk let through: that must not happen, and is not silent.
struct Dropped(ActorRef<HubMessage>);

impl DiscardHandler<Ticket, Work> for Dropped {
    fn discard(&self, reason: DiscardReason, job: &mut FactoryJob<Ticket, Work>) {
        let ticket = job.key;
        tracing::error!(job = %ticket.id, ?reason, "the factory dropped a job");
        self.0.cast(HubMessage::Ended { ticket, is_lost: true }).ok();
    }
}

impl Actor for QueryHub {
    type Msg = HubMessage;
    type State = HubState;
    type Arguments = QueryHubArgs;

    async fn pre_start(
        &self,
        myself: ActorRef<HubMessage>,
        args: QueryHubArgs,
    ) -> Result<HubState, ActorProcessingErr> {
        let settings = args.ports.settings;
        let worker = WorkerArgs { ports: Arc::clone(&args.ports), hub: myself.clone() };
        let arguments = FactoryArguments::builder()
            .worker_builder(Box::new(Builder(worker)))
            .queue(PriorityQueue::new(PeopleFirst))
            .router(QueuerRouting::default())
            .num_initial_workers(settings.workers.max(1))
            .discard_handler(Arc::new(Dropped(myself.clone())))
            // The desk refuses long before; were the factory full all the same, the newest goes.
            .discard_settings(DiscardSettings::Static {
                limit: settings.waiting_max,
                mode: DiscardMode::Newest,
            })
            .build();
        let spawned = Actor::spawn_linked(None, Pool::default(), arguments, myself.get_cell());
        let (factory, _) = spawned.await?;
        let desk = Desk::new(&settings);
        myself.send_interval(SWEEP, || HubMessage::Sweep);
        sweep_when_nodes_go(&args.ports, myself.clone());
        args.counter.reset();
        *args.counter.hub.write() = Some(myself.clone());
        let ear = Arc::new(HubEar(myself.clone()));
        let hearing = args.ports.bus.subscribe(Topic::Nodes, ear);
        recovery::resume(&args.ports, &myself);
        let live = HashMap::new();
        Ok(HubState { args, factory, desk, live, is_draining: false, _hearing: hearing })
    }

    async fn handle(
        &self,
        myself: ActorRef<HubMessage>,
        message: HubMessage,
        state: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            HubMessage::Submit { work, reply } => answer(reply, state.take_in(*work)),
            HubMessage::Resume { job, version, concurrent_max } => {
                state.take_back(*job, version, concurrent_max);
            }
            HubMessage::Ended { ticket, is_lost } => state.end(&myself, ticket, is_lost),
            HubMessage::Cancel { org, which, reply } => answer(reply, state.cancel(org, which)),
            HubMessage::CalledOff(job) => {
                if let Some(live) = state.live.get(&job) {
                    live.cancel.cancel();
                }
            }
            HubMessage::Sweep if state.is_draining => {}
            HubMessage::Sweep => {
                let live = state.live.keys().copied().collect();
                recovery::sweep(&state.args.ports, &myself, live);
            }
            HubMessage::Drain { reply } => {
                // The factory is not told: one that has drained ends, and the hub with it.
                state.is_draining = true;
                answer(reply, ());
            }
        }
        state.args.counter.note(state.live.len(), state.desk.waiting());
        Ok(())
    }

    /// The factory goes only when it fails as a whole; the hub goes with it, and is started again
    /// with the jobs that are stored.
    async fn handle_supervisor_evt(
        &self,
        _: ActorRef<HubMessage>,
        event: SupervisionEvent,
        _: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(_, error) => Err(error),
            SupervisionEvent::ActorTerminated(..) => Err("the factory has ended".into()),
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => Ok(()),
        }
    }
}

/// Looks for jobs of nodes that are gone whenever one may be, until the hub is gone itself: a view
/// changes when somebody goes out of sight, and again when they do not come back.
fn sweep_when_nodes_go(ports: &QueryPorts, hub: ActorRef<HubMessage>) {
    let Some(mut views) = ports.placement.views() else { return };
    tokio::spawn(async move {
        while views.changed().await.is_ok() && hub.cast(HubMessage::Sweep).is_ok() {}
    });
}

impl HubState {
    fn take_in(&mut self, work: Work) -> bool {
        let Ticket { id, org, priority, concurrent_max, .. } = work.ticket;
        if self.is_draining || self.live.contains_key(&id) {
            return false;
        }
        let mut live = Live { ticket: work.ticket, cancel: work.cancel.clone(), waiting: None };
        match self.desk.admit(org, id, priority, concurrent_max) {
            Turn::Now => self.start(work),
            Turn::Later => live.waiting = Some(work),
            Turn::Refused => return false,
        }
        self.live.insert(id, live);
        true
    }

    fn take_back(&mut self, job: Job, version: u64, concurrent_max: usize) {
        let ticket = Ticket {
            id: job.id,
            org: job.org,
            user: job.asked_by.user,
            priority: job.priority,
            concurrent_max,
        };
        let task = Task::Answer(Box::new(job), version);
        let work = Work { ticket, cancel: CancellationToken::new(), task };
        if !self.take_in(work) {
            // It stays stored as unfinished; the next look finds it.
            tracing::warn!(job = %ticket.id, "no room for a job of before");
        }
    }

    fn start(&self, work: Work) {
        let key = work.ticket;
        self.args.tally.started();
        let job = FactoryJob { key, msg: work, options: JobOptions::default(), accepted: None };
        // Without a factory the hub ends too, and starts again with what is stored.
        self.factory.cast(FactoryMessage::Dispatch(job)).ok();
    }

    fn end(&mut self, myself: &ActorRef<HubMessage>, ticket: Ticket, is_lost: bool) {
        if self.live.remove(&ticket.id).is_none() {
            return;
        }
        self.args.tally.ended();
        if is_lost {
            self.args.tally.failed();
            recovery::revive(&self.args.ports, myself, ticket);
        }
        if self.is_draining {
            // What waits is stored, and begins at the next start.
            return;
        }
        for next in self.desk.end(ticket.org, ticket.concurrent_max) {
            let waiting = self.live.get_mut(&next).and_then(|live| live.waiting.take());
            if let Some(work) = waiting {
                self.start(work);
            }
        }
    }

    fn cancel(&mut self, org: OrgId, which: Which) -> (Vec<Work>, usize) {
        let is_meant = |live: &&Live| {
            live.ticket.org == org
                && match which {
                    Which::One(id) => live.ticket.id == id,
                    Which::AllOf(user) => live.ticket.user == user,
                }
        };
        let meant: Vec<Ticket> =
            self.live.values().filter(is_meant).map(|live| live.ticket).collect();
        let (mut waited, mut at_work) = (Vec::new(), 0);
        for ticket in meant {
            let Some(live) = self.live.get_mut(&ticket.id) else { continue };
            live.cancel.cancel();
            match live.waiting.take() {
                Some(work) => {
                    self.desk.leave(org, ticket.id);
                    self.live.remove(&ticket.id);
                    waited.push(work);
                }
                None => at_work += 1,
            }
        }
        (waited, at_work)
    }
}
