//! The core as the program sees it: start, stop, count, and the news that it has given up.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorRef};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::root::{Root, RootArgs, RootMessage};
use crate::ask::ask;
use crate::channel::{ChannelPorts, ChannelSettings, Channels, Routes};
use crate::cluster::Placement;
use crate::frame::Farewell;
use crate::ports::{Bus, Clock, Directory, History, Membership, MessageLog, Peers, SharedLimits};
use crate::presence::Board;
use crate::query::{self, AskingPorts, Pool, QuerySettings};
use crate::relay::{self, Meter, NoMeter, RelayPorts, Relays};
use crate::session::{self, Sessions};
use crate::supervision::{Count, Tally};

/// What the core needs from the outside.
#[derive(Clone)]
pub struct Ports {
    /// The time and randomness.
    pub clock: Arc<dyn Clock>,
    /// The ordered log of every channel.
    pub log: Arc<dyn MessageLog>,
    /// Messages as they stand now.
    pub history: Arc<dyn History>,
    /// Channels and members.
    pub directory: Arc<dyn Directory>,
    /// What must be heard elsewhere.
    pub bus: Arc<dyn Bus>,
    /// What questions are answered with.
    pub asking: AskingPorts,
}

/// What a node of a cluster needs beside that.
#[derive(Clone)]
pub struct ClusterPorts {
    /// Who is alive.
    pub membership: Arc<dyn Membership>,
    /// The way to other nodes.
    pub peers: Arc<dyn Peers>,
    /// Counts over all nodes.
    pub limits: Arc<dyn SharedLimits>,
}

/// What one person may use, and what is measured.
#[derive(Clone)]
pub struct CoreLimits {
    /// Messages a second and person; 0 is no limit.
    pub messages_per_second: u32,
    /// How long a person waits after that, in milliseconds.
    pub cooldown_ms: u64,
    /// Limits of the channels of this node.
    pub channels: ChannelSettings,
    /// Counts deliveries.
    pub meter: Arc<dyn Meter>,
    /// Limits of the query pool of this node.
    pub queries: QuerySettings,
}

impl Default for CoreLimits {
    fn default() -> Self {
        Self {
            messages_per_second: 3,
            cooldown_ms: 2_000,
            channels: ChannelSettings::default(),
            meter: Arc::new(NoMeter),
            queries: QuerySettings::default(),
        }
    }
}

/// The core did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the core could not be started: {0}")]
pub struct StartError(String);

/// The tree has ended by itself: its hubs failed again and again. Only a new process helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the actors failed again and again and were given up")]
pub struct SpentError;

/// Why the tree is not there any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    /// It is there.
    #[default]
    None,
    /// It was told to stop.
    Told,
    /// It gave up.
    Spent,
}

impl End {
    /// Takes the first reason there is; `false` when one was there.
    fn become_first(&mut self, why: Self) -> bool {
        let is_first = *self == Self::None;
        if is_first {
            *self = why;
        }
        is_first
    }
}

/// The tree of actors, and the ways to it. Cheap to clone.
#[derive(Clone)]
pub struct Core {
    /// The way to every channel.
    pub channels: Channels,
    /// The way to every session.
    pub sessions: Sessions,
    /// The query workers.
    pub pool: Pool,
    relays: Relays,
    root: ActorRef<RootMessage>,
    relay_tally: Arc<Tally>,
    session_tally: Arc<Tally>,
    hub_tally: Arc<Tally>,
    query_tally: Arc<Tally>,
    end: watch::Sender<End>,
}

/// Tells when the root has ended. However it ends: what is not told is not meant.
fn told_of(ended: JoinHandle<()>) -> watch::Sender<End> {
    let end = watch::Sender::<End>::default();
    let told = end.clone();
    tokio::spawn(async move {
        if let Err(error) = ended.await {
            tracing::error!(%error, "the root of the actors was cut");
        }
        told.send_if_modified(|end| end.become_first(End::Spent));
    });
    end
}

impl Core {
    /// Starts the tree of a node without others.
    pub async fn start(ports: Ports, limits: CoreLimits) -> Result<Self, StartError> {
        Self::grow(ports, limits, None, None).await
    }

    /// Starts the tree of one node of a cluster. `channels` of it carries out other nodes' orders (see
    /// [`Orders`](crate::ports::Orders)).
    pub async fn join(
        cluster: ClusterPorts,
        ports: Ports,
        limits: CoreLimits,
    ) -> Result<Self, StartError> {
        let placement = Placement::follow(cluster.membership);
        let routes = Routes::new(placement, cluster.peers);
        Self::grow(ports, limits, Some(routes), Some(cluster.limits)).await
    }

    async fn grow(
        ports: Ports,
        limits: CoreLimits,
        routes: Option<Routes>,
        shared: Option<Arc<dyn SharedLimits>>,
    ) -> Result<Self, StartError> {
        let (relays, board) = (Relays::new(), Board::default());
        let cooldown = Duration::from_millis(limits.cooldown_ms);
        let (sessions, parts) = session::prepare(
            Arc::clone(&ports.directory),
            Arc::clone(&ports.bus),
            relays.clone(),
            board.clone(),
            (limits.messages_per_second, cooldown),
            shared,
        );
        let (relay_tally, session_tally, hub_tally) = <(Arc<Tally>, _, Arc<Tally>)>::default();
        let relay_ports = RelayPorts {
            log: Arc::clone(&ports.log),
            bus: Arc::clone(&ports.bus),
            clock: Arc::clone(&ports.clock),
            meter: limits.meter,
        };
        let (channels, channel_args) = Channels::prepare(
            ChannelPorts {
                log: ports.log,
                history: Arc::clone(&ports.history),
                bus: Arc::clone(&ports.bus),
                clock: Arc::clone(&ports.clock),
                settings: limits.channels,
                #[cfg(test)]
                planted: crate::channel::Planted::Nothing,
            },
            routes,
        );
        let (pool, queries) = query::prepare(
            (ports.clock, Arc::clone(&ports.bus)),
            (ports.history, Arc::clone(&ports.directory)),
            channels.clone(),
            ports.asking,
            limits.queries,
        )
        .map_err(|error| StartError(error.to_string()))?;
        let query_tally = queries.tally();
        let args = RootArgs {
            queries,
            channels: channel_args,
            relays: relay::HubArgs {
                relays: relays.clone(),
                ports: Arc::new(relay_ports),
                tally: Arc::clone(&relay_tally),
                placement: channels.placement(),
            },
            sessions: session::HubArgs { parts, tally: Arc::clone(&session_tally) },
            board,
            directory: ports.directory,
            bus: ports.bus,
            tally: Arc::clone(&hub_tally),
        };
        let spawned = Actor::spawn(None, Root, args).await;
        let (root, ended) = spawned.map_err(|error| StartError(error.to_string()))?;
        let end = told_of(ended);
        Ok(Self {
            channels,
            sessions,
            pool,
            relays,
            root,
            relay_tally,
            session_tally,
            hub_tally,
            query_tally,
            end,
        })
    }

    /// Waits until the tree has given up; for ever when it is told to stop before. Nothing is
    /// answered after that, so whoever runs the process should end it and have it started again.
    pub async fn spent(&self) -> SpentError {
        let mut end = self.end.subscribe();
        // The sender lives as long as `self`, so this ends with the news only.
        if end.wait_for(|end| *end != End::None).await.is_ok_and(|end| *end == End::Spent) {
            return SpentError;
        }
        std::future::pending().await
    }

    /// Kills every hub, as something that they cannot foresee would.
    #[cfg(test)]
    pub(super) fn kill_hubs(&self) {
        self.root.cast(RootMessage::KillHubs).ok();
    }

    /// Kills the pool's hub, as something that it cannot foresee would.
    #[cfg(test)]
    pub(crate) fn kill_queries(&self) {
        self.pool.kill();
    }

    /// Makes the tree give up, for tests of those who wait for that.
    #[cfg(any(test, feature = "testing"))]
    pub fn give_up(&self) {
        self.root.cast(RootMessage::GiveUp).ok();
    }

    /// Stops from the leaves: other nodes are told good-bye, so that they take this one's channels,
    /// sockets are told to come back, channels store what waits, then the tree goes. What is not done
    /// by the deadline is cut.
    pub async fn stop(&self, deadline: Duration) {
        let end = Instant::now() + deadline;
        self.end.send_if_modified(|end| end.become_first(End::Told));
        self.channels.leave().await;
        self.sessions.close(Farewell::Restarting);
        self.pool.drain().await;
        self.channels.drain(deadline).await;
        let rest = end.saturating_duration_since(Instant::now());
        if let Err(error) = ask(&self.root, rest, |reply| RootMessage::Stop { reply }).await {
            tracing::warn!(%error, "the actors did not stop in time and are cut");
        }
        self.root.stop(None);
        if timeout_at(end, self.root.wait(None)).await.is_err() {
            self.root.kill();
        }
    }

    /// How much waits in the queues of the core, by the queue's name. Reading it walks over what is
    /// open: for a metric, not for a hot path.
    pub fn queues(&self) -> [(&'static str, u64); 4] {
        [
            ("channel_orders", self.channels.waiting()),
            ("relay_events", self.relays.waiting()),
            ("session_events", self.sessions.waiting()),
            ("query_jobs", self.pool.waiting()),
        ]
    }

    /// Actors that live and have failed, by kind.
    pub fn counts(&self) -> Vec<Count> {
        vec![
            self.channels.tally().count("channel"),
            self.relay_tally.count("relay"),
            self.session_tally.count("session"),
            self.hub_tally.count("hub"),
            self.query_tally.count("query"),
        ]
    }
}
