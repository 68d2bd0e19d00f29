//! Gives orders to other nodes: a bounded queue and a task a node.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use parking_lot::Mutex;
use starling_actors::domain::{ChannelId, NodeId};
use starling_actors::ports::{Member, Peers, PostError, RemoteOrder, RemoteReply};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::line::Line;
use super::proof::ClusterSecret;

/// Orders that may wait for one node's stream; the next one is `Overloaded`. The stream takes them as
/// fast as the network does, so this many wait only while it is opened or stalls.
const WAITING_MAX: usize = 1_024;
/// The pause after a first attempt that failed, doubled up to the greatest one. Meanwhile the node is
/// said to be unreachable at once.
const PAUSE_MIN: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// How long a task waits for an order before it ends; the next order begins another one.
const IDLE_MAX: Duration = Duration::from_secs(60);

/// The way to all other nodes.
pub struct HttpPeers {
    me: NodeId,
    secret: ClusterSecret,
    ways: Mutex<HashMap<NodeId, mpsc::Sender<Parcel>>>,
}

/// An order on its way.
pub(super) struct Parcel {
    pub(super) channel: ChannelId,
    pub(super) order: RemoteOrder,
    pub(super) reply: oneshot::Sender<RemoteReply>,
}

impl Parcel {
    /// Says that it was never put on a stream.
    fn return_to_sender(self) {
        self.reply.send(RemoteReply::Unreachable).ok();
    }
}

impl HttpPeers {
    /// The ways from this node.
    pub fn new(me: NodeId, secret: ClusterSecret) -> Self {
        Self { me, secret, ways: Mutex::default() }
    }

    /// Orders that wait for a stream to take them.
    pub fn waiting(&self) -> u64 {
        let ways = self.ways.lock();
        ways.values().map(|way| (way.max_capacity() - way.capacity()) as u64).sum()
    }

    /// Begins a way in place of one that has ended, and forgets the others that have.
    fn begin(&self, ways: &mut HashMap<NodeId, mpsc::Sender<Parcel>>, node: &Member) {
        ways.retain(|_, way| !way.is_closed());
        let (way, parcels) = mpsc::channel(WAITING_MAX);
        tokio::spawn(serve(self.me, node.clone(), self.secret.clone(), parcels));
        ways.insert(node.id, way);
    }
}

impl fmt::Debug for HttpPeers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpPeers").field("me", &self.me).finish_non_exhaustive()
    }
}

impl Peers for HttpPeers {
    fn order(
        &self,
        node: &Member,
        channel: ChannelId,
        order: RemoteOrder,
    ) -> oneshot::Receiver<RemoteReply> {
        let (reply, answer) = oneshot::channel();
        let parcel = Parcel { channel, order, reply };
        // The lock is held until the order is in its queue: two callers could swap theirs else.
        let mut ways = self.ways.lock();
        if ways.get(&node.id).is_none_or(mpsc::Sender::is_closed) {
            self.begin(&mut ways, node);
        }
        let Some(way) = ways.get(&node.id) else { return answer };
        match way.try_send(parcel) {
            Ok(()) => {}
            Err(TrySendError::Full(parcel)) => {
                let overloaded = parcel.order.refused(PostError::Overloaded);
                parcel.reply.send(overloaded).ok();
            }
            Err(TrySendError::Closed(parcel)) => parcel.return_to_sender(),
        }
        answer
    }
}

/// Serves the way to one node until it is idle, or nobody can give orders any more.
async fn serve(
    me: NodeId,
    node: Member,
    secret: ClusterSecret,
    mut parcels: mpsc::Receiver<Parcel>,
) {
    let mut pause = PAUSE_MIN;
    let mut next = None;
    loop {
        if next.is_none() {
            next = timeout(IDLE_MAX, parcels.recv()).await.ok().flatten();
        }
        let Some(first) = next.take() else { break };
        match Line::open(me, &node, &secret).await {
            Ok(line) => {
                pause = PAUSE_MIN;
                next = Some(first);
                line.carry(&mut next, &mut parcels).await;
            }
            Err(error) => {
                // Once an outage: the pauses grow, and attempts that fail alike are no news.
                if pause == PAUSE_MIN {
                    let (id, address) = (node.id, &node.address);
                    tracing::warn!(%error, node = %id, address, "no way to another node");
                }
                first.return_to_sender();
                let until = Instant::now() + pause;
                while let Ok(Some(parcel)) = timeout_at(until, parcels.recv()).await {
                    parcel.return_to_sender();
                }
                pause = (pause * 2).min(PAUSE_MAX);
            }
        }
    }
    parcels.close();
    while let Ok(parcel) = parcels.try_recv() {
        parcel.return_to_sender();
    }
}
