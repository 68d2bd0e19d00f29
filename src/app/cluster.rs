//! This node among others: the bus, who is alive, and the way to them.
//!
//! A command that only works on what is stored ([`super::with_node`]) speaks on the bus and is no
//! member: it is there for a moment, and nobody shall give it a channel. What it writes itself it may:
//! the log decides who writes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use parking_lot::Mutex;
use starling_actors::domain::NodeId;
use starling_actors::ports::{Clock, Member, Membership, Orders, SharedLimits};
use starling_actors::system::ClusterPorts;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::StartError;
use crate::adapters::redis::{Redis, RedisLimits, RedisMembership, SpreadBus};
use crate::auth::Accounts;
use crate::config::Settings;
use crate::gateway::vigil::Hearing;
use crate::http::health::Watched;
use crate::peers::{ClusterSecret, HttpPeers, PeerListener};

/// How long a start waits to hear who is there. A node that works before takes channels that others
/// own, which costs them a moment and loses nothing; without Redis there is nothing to wait for.
const VIEW_MAX: Duration = Duration::from_secs(2);

/// What a node has because of the others.
pub(super) struct Cluster {
    /// Events, here and from node to node.
    pub(super) bus: SpreadBus,
    /// Counts over all nodes.
    pub(super) limits: Arc<dyn SharedLimits>,
    place: Option<Place>,
    tasks: Vec<AbortOnDropHandle<()>>,
}

/// This node's own place among the members.
struct Place {
    me: NodeId,
    secret: ClusterSecret,
    membership: Arc<RedisMembership>,
    peers: Arc<HttpPeers>,
    listener: Mutex<Option<PeerListener>>,
    serving: Mutex<Option<AbortOnDropHandle<()>>>,
}

/// Binds the socket for other nodes, in a cluster.
pub(super) async fn bind(settings: &Settings) -> Result<Option<PeerListener>, StartError> {
    if !settings.is_cluster() {
        return Ok(None);
    }
    let address = &settings.cluster.listen;
    let bound = PeerListener::bind(address).await;
    let failed = |cause| StartError::ListenForNodes { address: address.clone(), cause };
    bound.map(Some).map_err(failed)
}

/// One server of Redis. A node works without it, but nobody wants one that always will.
async fn open(settings: &Settings, url: &str) -> Result<Redis, StartError> {
    let (authority, keyspace) = (&settings.redis.tls_authority, &settings.scylla.keyspace);
    let redis = Redis::open(url, authority, keyspace)
        .map_err(|error| StartError::Redis(error.to_string()))?;
    match redis.refusal().await {
        Some(refusal) => Err(StartError::Redis(refusal.to_string())),
        None => Ok(redis),
    }
}

/// The bus over the servers that the settings give it; over the one for everything when they give none.
async fn bus(settings: &Settings, redis: &Redis, me: NodeId) -> Result<SpreadBus, StartError> {
    let opening = settings.redis.bus_urls.iter().map(|url| open(settings, url));
    let mut servers = try_join_all(opening).await?;
    let first = if servers.is_empty() { redis.clone() } else { servers.remove(0) };
    Ok(SpreadBus::new(first, servers, me))
}

impl Cluster {
    /// Begins to listen on the bus; with a `listener`, to be a member too. `None` on one machine.
    pub(super) async fn enter(
        settings: &Settings,
        clock: &dyn Clock,
        listener: Option<PeerListener>,
    ) -> Result<Option<Self>, StartError> {
        if !settings.is_cluster() {
            return Ok(None);
        }
        let redis = open(settings, &settings.redis.url).await?;
        let me = NodeId::from_u128(clock.fresh_id());
        let bus = bus(settings, &redis, me).await?;
        let runs = bus.clone();
        let mut tasks =
            vec![AbortOnDropHandle::new(tokio::spawn(async move { match runs.run().await {} }))];
        let place = match listener {
            None => None,
            Some(listener) => {
                let place = Place::take(settings, me, &redis, listener);
                let runs = Arc::clone(&place.membership);
                let running = tokio::spawn(async move { match runs.run().await {} });
                tasks.push(AbortOnDropHandle::new(running));
                if !place.membership.is_known_within(VIEW_MAX).await {
                    tracing::warn!("redis does not say who else is there; starting without it");
                }
                Some(place)
            }
        };
        let limits = Arc::new(RedisLimits::new(redis));
        Ok(Some(Self { bus, limits, place, tasks }))
    }

    /// What the core needs to be one node of several.
    pub(super) fn ports(&self) -> Option<ClusterPorts> {
        let place = self.place.as_ref()?;
        let membership = Arc::clone(&place.membership) as _;
        let limits = Arc::clone(&self.limits);
        Some(ClusterPorts { membership, peers: Arc::clone(&place.peers) as _, limits })
    }

    /// Has other nodes' orders carried out from now on.
    pub(super) fn serve(&self, orders: Arc<dyn Orders>) {
        let Some(place) = &self.place else { return };
        let Some(listener) = place.listener.lock().take() else { return };
        tracing::info!(node = %place.me, address = %listener.address, "listening for other nodes");
        let stop = CancellationToken::new();
        let serving = listener.serve(place.me, place.secret.clone(), orders, stop);
        *place.serving.lock() = Some(AbortOnDropHandle::new(tokio::spawn(serving)));
    }

    /// Says good-bye, so that the others take this node's channels while it still serves.
    pub(super) async fn leave(&self) {
        if let Some(place) = &self.place {
            place.membership.leave().await;
        }
    }

    /// Waits until the other nodes were told of what was stored here: after this nobody tells them.
    pub(super) async fn flush(&self, deadline: Duration) {
        if tokio::time::timeout(deadline, self.bus.flush()).await.is_err() {
            tracing::warn!("redis did not take all events in time: they are found in the log");
        }
    }

    /// Cuts the streams of other nodes: all that they have ordered is answered.
    pub(super) fn stop(&self) {
        if let Some(place) = &self.place {
            drop(place.serving.lock().take());
        }
    }

    /// Whether other nodes are heard, as open sockets have to know it.
    pub(super) fn hearing(&self) -> Hearing {
        Hearing::over(self.bus.connected())
    }

    /// Has accounts count over all nodes, and say changes of people's rights again whenever Redis is
    /// back: what was on its way when it went is lost, and a node whose own line held has missed it
    /// without knowing.
    pub(super) fn share(&mut self, accounts: &Accounts) {
        accounts.share_limits(&self.limits);
        let (accounts, mut connected) = (accounts.clone(), self.bus.connected());
        self.tasks.push(AbortOnDropHandle::new(tokio::spawn(async move {
            while connected.changed().await.is_ok() {
                let is_back = *connected.borrow_and_update();
                if is_back {
                    accounts.announce_again().await;
                }
            }
        })));
    }

    /// Redis, as `/ready` tells of it.
    pub(super) fn dependency(&self) -> Watched {
        Watched {
            name: "redis",
            works: self.bus.connected(),
            without: "other nodes are heard from when it is back",
        }
    }

    /// What waits for Redis and for other nodes.
    pub(super) fn queues(&self) -> [(&'static str, u64); 2] {
        let orders = self.place.as_ref().map_or(0, |place| place.peers.waiting());
        [("bus_bytes", self.bus.waiting_bytes()), ("peer_orders", orders)]
    }
}

impl Place {
    fn take(settings: &Settings, me: NodeId, redis: &Redis, listener: PeerListener) -> Self {
        let secret = ClusterSecret::new(&settings.cluster.secret);
        let address = match settings.cluster.advertise.as_str() {
            "" => listener.address.to_string(),
            address => address.to_owned(),
        };
        let name = match settings.cluster.node.as_str() {
            "" => &address,
            name => name,
        };
        let member = Member { id: me, address: address.clone() };
        Self {
            me,
            membership: Arc::new(RedisMembership::new(redis.clone(), member, name)),
            peers: Arc::new(HttpPeers::new(me, secret.clone())),
            listener: Mutex::new(Some(listener)),
            serving: Mutex::default(),
            secret,
        }
    }
}
