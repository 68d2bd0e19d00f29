//! The nodes of a world, and what befalls them: crashes, stand-stills longer than others wait, views
//! that differ, ways that fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::checker::{Checker, CheckingBus, Witness};
use super::gate::GatedLog;
use super::observer::Wire;
use super::{BUCKET_ENTRIES, FAULTS, Planted, REMEMBERED};
use crate::channel::Channels;
use crate::channel::routes::Routes;
use crate::channel::settings::{ChannelPorts, ChannelSettings};
use crate::channel::world::{CHANNEL, settings};
use crate::cluster::Placement;
use crate::domain::NodeId;
use crate::memory::{FaultPlan, FaultyLog, LocalCluster, ManualClock, MemoryLog, WayFaults};
use crate::ports::{Clock, MessageLog, TappedLog};

/// How many nodes there are, unless one has just crashed.
const NODES: usize = 3;
/// How long a silent node stays in the others' views, in milliseconds.
const HEARD_MS: u64 = 3_000;
/// The longest that a node stands still: longer than it is missed, and than any owner waits.
const STILL_MS_MAX: u64 = 9_000;

/// How long a node may take to finish when it is stopped in order.
const DRAIN_MAX: Duration = Duration::from_secs(5);

const WAY_FAULTS: WayFaults = WayFaults { delay_ms_max: 30, unreachable: 4, lost_answers: 6 };

/// What all nodes of a world share.
pub(super) struct Ground {
    pub(super) log: Arc<MemoryLog>,
    pub(super) dice: Arc<ManualClock>,
    pub(super) checker: Arc<Checker>,
    pub(super) wire: Arc<Wire>,
    pub(super) seed: u64,
    pub(super) planted: Planted,
}

/// The nodes.
pub(super) struct Fleet {
    ground: Ground,
    cluster: LocalCluster,
    nodes: Mutex<Vec<Node>>,
    /// Nodes so far; the next one's number.
    born: Mutex<u64>,
}

#[derive(Clone)]
struct Node {
    id: NodeId,
    channels: Channels,
    /// Whether the process has ended: it says nothing any more.
    is_dead: Arc<AtomicBool>,
    faulty: Arc<FaultyLog>,
    gate: Arc<GatedLog>,
}

impl Fleet {
    pub(super) async fn launch(ground: Ground) -> Arc<Self> {
        let cluster = LocalCluster::new(ground.seed);
        cluster.disturb(WAY_FAULTS);
        let (nodes, born) = Default::default();
        let fleet = Arc::new(Self { ground, cluster, nodes, born });
        for _ in 0..NODES {
            fleet.join().await;
        }
        fleet
    }

    fn draw(&self, below: u64) -> u64 {
        u64::try_from(self.ground.dice.random() % u128::from(below)).unwrap()
    }

    /// Some node, as a balancer would give one.
    pub(super) fn any(&self) -> Channels {
        self.pick().channels
    }

    fn pick(&self) -> Node {
        let nodes = self.nodes.lock();
        let place = usize::try_from(self.draw(nodes.len() as u64)).unwrap();
        nodes[place].clone()
    }

    /// A process starts: it is another node than any before.
    async fn join(&self) {
        let number = {
            let mut born = self.born.lock();
            *born += 1;
            *born
        };
        // Ids are random, so that each world places the channel otherwise.
        let id = NodeId::from_u128(self.ground.dice.random());
        let (membership, peers) = self.cluster.join(id);
        let Ground { log, dice, checker, wire, seed, planted } = &self.ground;
        let witness = Witness { node: number, checker: Arc::clone(checker) };
        let watched = TappedLog::new(Arc::clone(log) as _, witness);
        let gate = Arc::new(GatedLog::new(Arc::new(watched)));
        let log_seed = seed.wrapping_mul(31).wrapping_add(number);
        let faulty = Arc::new(FaultyLog::new(Arc::clone(&gate) as _, FAULTS, log_seed));
        let is_dead = Arc::<AtomicBool>::default();
        let bus = CheckingBus {
            checker: Arc::clone(checker),
            wire: Arc::clone(wire),
            is_dead: Arc::clone(&is_dead),
        };
        let ports = ChannelPorts {
            log: Arc::clone(&faulty) as Arc<dyn MessageLog>,
            history: Arc::clone(log) as _,
            bus: Arc::new(bus),
            clock: Arc::clone(dice) as Arc<dyn Clock>,
            settings: ChannelSettings { remembered_max: REMEMBERED, ..settings(BUCKET_ENTRIES) },
            planted: *planted,
        };
        let placement = Placement::follow(Arc::new(membership));
        let routes = Routes::new(placement, Arc::new(peers)).with(*planted);
        let channels = Channels::start_in(ports, Some(routes)).await;
        self.cluster.serve(id, Arc::new(channels.clone()));
        self.nodes.lock().push(Node { id, channels, is_dead, faulty, gate });
    }

    /// Something happens to one of the nodes, or to what is between them.
    pub(super) async fn suffer(self: &Arc<Self>) {
        let node = self.pick();
        match self.draw(11) {
            0..3 => node.channels.kill(CHANNEL),
            3 | 4 => self.crash(node).await,
            5 | 6 => self.stand_still(node),
            7 => self.restart(node).await,
            8 => self.cluster.blind(node.id, true),
            9 => self.flicker(node.id),
            _ => self.ground.wire.cut(self.draw(2) == 0).await,
        }
        if self.draw(3) == 0 {
            self.cluster.blind(self.pick().id, false);
        }
    }

    /// A process ends, is missed for a while, and another one starts in its place.
    async fn crash(self: &Arc<Self>, node: Node) {
        self.nodes.lock().retain(|other| other.id != node.id);
        node.is_dead.store(true, Ordering::Relaxed);
        self.cluster.kill(node.id);
        node.channels.crash();
        self.after(self.draw(HEARD_MS), move |fleet| fleet.cluster.bury(node.id));
        self.join().await;
    }

    /// All processes end, and others start.
    pub(super) async fn crash_all(self: &Arc<Self>) {
        let nodes = self.nodes.lock().clone();
        for node in nodes {
            self.crash(node).await;
        }
    }

    /// The channel's actor fails wherever there is one.
    pub(super) fn kill_actors(&self) {
        for node in &*self.nodes.lock() {
            node.channels.kill(CHANNEL);
        }
    }

    /// The view of somebody who is given no channel.
    pub(super) fn onlooker(&self, planted: Planted) -> Placement {
        if planted == Planted::HeadsNotCompared {
            return Placement::alone();
        }
        let id = NodeId::from_u128(self.ground.dice.random());
        let (membership, _peers) = self.cluster.join(id);
        self.cluster.bury(id);
        Placement::follow(Arc::new(membership))
    }

    /// A process is stopped in order, and another one starts in its place.
    async fn restart(self: &Arc<Self>, node: Node) {
        self.nodes.lock().retain(|other| other.id != node.id);
        node.channels.leave().await;
        node.channels.drain(DRAIN_MAX).await;
        self.cluster.kill(node.id);
        node.channels.crash();
        self.join().await;
    }

    /// A process stands still until others have its channels, and then goes on as if nothing had
    /// been: what it was about to write, it writes.
    fn stand_still(self: &Arc<Self>, node: Node) {
        node.gate.set_open(false);
        self.cluster.halt(node.id, true);
        let still_ms = self.draw(STILL_MS_MAX);
        let id = node.id;
        if still_ms > HEARD_MS {
            self.after(HEARD_MS, move |fleet| fleet.cluster.hide(id));
        }
        self.after(still_ms, move |fleet| {
            node.gate.set_open(true);
            fleet.cluster.halt(id, false);
        });
        self.after(still_ms + 500, move |fleet| fleet.cluster.find(id));
    }

    /// A heartbeat comes late.
    fn flicker(self: &Arc<Self>, node: NodeId) {
        self.cluster.hide(node);
        self.after(self.draw(1_500), move |fleet| fleet.cluster.find(node));
    }

    fn after(self: &Arc<Self>, milliseconds: u64, what: impl FnOnce(&Self) + Send + 'static) {
        let fleet = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            what(&fleet);
        });
    }

    /// From now on nothing fails. What was halted goes on when its time has come.
    pub(super) async fn mend(&self) {
        self.cluster.disturb(WayFaults::default());
        self.ground.wire.cut(false).await;
        for node in &*self.nodes.lock() {
            node.faulty.set_plan(FaultPlan::default());
            self.cluster.blind(node.id, false);
        }
    }
}
