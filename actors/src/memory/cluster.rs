//! Several nodes in one process: their membership, and the ways between them, which can be disturbed.
//!
//! **Invariant:** orders of one node to another arrive in the order in which they were given, however
//! slow the way; an order whose node was killed is never answered.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::clock::split_mix;
use crate::domain::{ChannelId, NodeId};
use crate::ports::{
    Member, Members, Membership, Orders, Peers, PostError, RemoteOrder, RemoteReply,
};

/// Orders that may wait on one way; the next one is refused as overloaded.
const WAITING_MAX: usize = 1_024;

/// The nodes of one process. Cheap to clone.
#[derive(Clone, Default)]
pub struct LocalCluster {
    shared: Arc<Mutex<Shared>>,
}

/// How the ways between nodes misbehave; the default is not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WayFaults {
    /// Takes up to so long, there and back, in milliseconds.
    pub delay_ms_max: u64,
    /// Of a hundred orders, those that are not delivered, which is told.
    pub unreachable: u64,
    /// Of a hundred answers, those that get lost.
    pub lost_answers: u64,
}

#[derive(Default)]
struct Shared {
    nodes: BTreeMap<NodeId, LocalNode>,
    /// Those that nobody sees for now.
    hidden: HashSet<NodeId>,
    /// Those that see what they have seen last.
    blind: HashSet<NodeId>,
    faults: WayFaults,
    random: u64,
}

struct LocalNode {
    member: Member,
    view: watch::Sender<Members>,
    /// Who carries out what is sent to it.
    orders: Option<Arc<dyn Orders>>,
    killed: CancellationToken,
    /// It is never seen again.
    has_left: bool,
    /// Nothing goes in or out while it stands still.
    is_halted: watch::Sender<bool>,
}

impl LocalCluster {
    /// Without nodes. Faults are drawn from `seed`.
    pub fn new(seed: u64) -> Self {
        let cluster = Self::default();
        cluster.shared.lock().random = seed;
        cluster
    }

    /// A node comes.
    pub fn join(&self, id: NodeId) -> (LocalMembership, LocalPeers) {
        let member = Member { id, address: id.to_string() };
        let node = LocalNode {
            member: member.clone(),
            view: watch::Sender::new(Members::from([])),
            orders: None,
            killed: CancellationToken::new(),
            has_left: false,
            is_halted: watch::Sender::new(false),
        };
        let mut shared = self.shared.lock();
        let view = node.view.clone();
        shared.nodes.insert(id, node);
        shared.show();
        drop(shared);
        let known_since = Some(Instant::now());
        let membership = LocalMembership { me: member, cluster: self.clone(), view, known_since };
        (membership, LocalPeers { me: id, cluster: self.clone(), ways: Mutex::default() })
    }

    /// From now on a node carries out what is sent to it.
    pub fn serve(&self, id: NodeId, orders: Arc<dyn Orders>) {
        if let Some(node) = self.shared.lock().nodes.get_mut(&id) {
            node.orders = Some(orders);
        }
    }

    /// A node dies: what it has is not answered, and nothing reaches it. The others see it until it is
    /// [hidden](Self::hide).
    pub fn kill(&self, id: NodeId) {
        if let Some(node) = self.shared.lock().nodes.get_mut(&id) {
            node.orders = None;
            node.killed.cancel();
        }
    }

    /// A node is out of the views, as one that has not been heard of for too long.
    pub fn hide(&self, id: NodeId) {
        let mut shared = self.shared.lock();
        shared.hidden.insert(id);
        shared.show();
    }

    /// A node is heard of again, unless it has left.
    pub fn find(&self, id: NodeId) {
        let mut shared = self.shared.lock();
        shared.hidden.remove(&id);
        shared.show();
    }

    /// A node stands still, or goes on with what it was given meanwhile.
    pub fn halt(&self, id: NodeId, is_halted: bool) {
        if let Some(node) = self.shared.lock().nodes.get(&id) {
            node.is_halted.send_replace(is_halted);
        }
    }

    /// A node is out of the views for ever.
    pub fn bury(&self, id: NodeId) {
        let mut shared = self.shared.lock();
        if let Some(node) = shared.nodes.get_mut(&id) {
            node.has_left = true;
        }
        shared.show();
    }

    /// A node keeps its last view, or gets the newest one again.
    pub fn blind(&self, id: NodeId, is_blind: bool) {
        let mut shared = self.shared.lock();
        if is_blind {
            shared.blind.insert(id);
        } else {
            shared.blind.remove(&id);
            shared.show();
        }
    }

    /// Disturbs all ways.
    pub fn disturb(&self, faults: WayFaults) {
        self.shared.lock().faults = faults;
    }

    fn draw(&self, below: u64) -> u64 {
        split_mix(&mut self.shared.lock().random) % below.max(1)
    }

    fn faults(&self) -> WayFaults {
        self.shared.lock().faults
    }

    /// Waits while one of two nodes stands still.
    async fn stirs(&self, nodes: [NodeId; 2]) {
        for id in nodes {
            let halted = {
                let shared = self.shared.lock();
                shared.nodes.get(&id).map(|node| node.is_halted.subscribe())
            };
            if let Some(mut halted) = halted {
                halted.wait_for(|is_halted| !is_halted).await.ok();
            }
        }
    }

    async fn dawdle(&self) {
        let delay_ms_max = self.faults().delay_ms_max;
        if delay_ms_max > 0 {
            let delay_ms = self.draw(delay_ms_max + 1);
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        }
    }

    /// Who carries out what is sent to a node, until that is killed.
    fn target(&self, id: NodeId) -> Option<(Arc<dyn Orders>, CancellationToken)> {
        let shared = self.shared.lock();
        let node = shared.nodes.get(&id)?;
        Some((Arc::clone(node.orders.as_ref()?), node.killed.clone()))
    }
}

impl std::fmt::Debug for LocalCluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalCluster")
    }
}

impl Shared {
    /// Shows everyone who is there.
    fn show(&self) {
        let is_seen = |node: &&LocalNode| !node.has_left && !self.hidden.contains(&node.member.id);
        let seen = self.nodes.values().filter(is_seen);
        let members: Members = seen.map(|node| node.member.clone()).collect();
        for node in self.nodes.values().filter(|node| !self.blind.contains(&node.member.id)) {
            node.view.send_if_modified(|view| {
                let is_new = *view != members;
                view.clone_from(&members);
                is_new
            });
        }
    }
}

/// The membership of one node.
#[derive(Debug)]
pub struct LocalMembership {
    me: Member,
    cluster: LocalCluster,
    view: watch::Sender<Members>,
    known_since: Option<Instant>,
}

impl LocalMembership {
    /// A membership that has never been able to read who is there.
    #[must_use]
    pub fn unknown(self) -> Self {
        Self { known_since: None, ..self }
    }
}

#[async_trait]
impl Membership for LocalMembership {
    fn me(&self) -> Member {
        self.me.clone()
    }

    fn members(&self) -> watch::Receiver<Members> {
        self.view.subscribe()
    }

    fn known_since(&self) -> Option<Instant> {
        self.known_since
    }

    async fn leave(&self) {
        self.cluster.bury(self.me.id);
    }
}

/// The ways from one node to the others.
pub struct LocalPeers {
    me: NodeId,
    cluster: LocalCluster,
    ways: Mutex<HashMap<NodeId, mpsc::Sender<Parcel>>>,
}

/// An order on its way.
struct Parcel {
    channel: ChannelId,
    order: RemoteOrder,
    reply: oneshot::Sender<RemoteReply>,
}

impl LocalPeers {
    fn way(&self, to: NodeId) -> mpsc::Sender<Parcel> {
        let mut ways = self.ways.lock();
        let open = || {
            let (way, parcels) = mpsc::channel(WAITING_MAX);
            tokio::spawn(carry(self.cluster.clone(), self.me, to, parcels));
            way
        };
        ways.entry(to).or_insert_with(open).clone()
    }
}

impl Peers for LocalPeers {
    fn order(
        &self,
        node: &Member,
        channel: ChannelId,
        order: RemoteOrder,
    ) -> oneshot::Receiver<RemoteReply> {
        let (reply, answer) = oneshot::channel();
        let parcel = Parcel { channel, order, reply };
        if let Err(left) = self.way(node.id).try_send(parcel) {
            let parcel = left.into_inner();
            parcel.reply.send(parcel.order.refused(PostError::Overloaded)).ok();
        }
        answer
    }
}

/// Carries orders one after the other, and their answers as they come.
async fn carry(
    cluster: LocalCluster,
    from: NodeId,
    to: NodeId,
    mut parcels: mpsc::Receiver<Parcel>,
) {
    while let Some(Parcel { channel, order, reply }) = parcels.recv().await {
        cluster.dawdle().await;
        cluster.stirs([from, to]).await;
        let is_cut = cluster.draw(100) < cluster.faults().unreachable;
        let Some((orders, killed)) = cluster.target(to).filter(|_| !is_cut) else {
            reply.send(RemoteReply::Unreachable).ok();
            continue;
        };
        let answering = orders.take(from, channel, order).await;
        let cluster = cluster.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = killed.cancelled() => {}
                answer = answering => {
                    cluster.dawdle().await;
                    cluster.stirs([to, from]).await;
                    if cluster.draw(100) >= cluster.faults().lost_answers {
                        reply.send(answer).ok();
                    }
                }
            }
        });
    }
}
