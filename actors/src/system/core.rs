//! The core as the program sees it: start, stop, count.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorRef};
use tokio::time::{Instant, timeout_at};

use super::root::{Root, RootArgs, RootMessage};
use super::{Count, Tally};
use crate::ask::ask;
use crate::channel::{ChannelSettings, Channels};
use crate::frame::Farewell;
use crate::ports::{Bus, Clock, Directory, History, MessageLog};
use crate::presence::Board;
use crate::relay::{self, Meter, NoMeter, RelayPorts, Relays};
use crate::session::{self, Sessions};

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
}

impl Default for CoreLimits {
    fn default() -> Self {
        Self {
            messages_per_second: 3,
            cooldown_ms: 2_000,
            channels: ChannelSettings::default(),
            meter: Arc::new(NoMeter),
        }
    }
}

/// The core did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the core could not be started: {0}")]
pub struct StartError(String);

/// The tree of actors, and the ways to it. Cheap to clone.
#[derive(Clone)]
pub struct Core {
    /// The way to every channel.
    pub channels: Channels,
    /// The way to every session.
    pub sessions: Sessions,
    root: ActorRef<RootMessage>,
    relay_tally: Arc<Tally>,
    session_tally: Arc<Tally>,
    hub_tally: Arc<Tally>,
}

impl Core {
    /// Starts the tree.
    pub async fn start(ports: Ports, limits: CoreLimits) -> Result<Self, StartError> {
        let (relays, board) = (Relays::new(), Board::default());
        let cooldown = Duration::from_millis(limits.cooldown_ms);
        let (sessions, parts) = session::prepare(
            Arc::clone(&ports.directory),
            Arc::clone(&ports.bus),
            relays.clone(),
            board.clone(),
            (limits.messages_per_second, cooldown),
        );
        let (relay_tally, session_tally, hub_tally) = <(Arc<Tally>, _, Arc<Tally>)>::default();
        let relay_ports = RelayPorts {
            log: Arc::clone(&ports.log),
            bus: Arc::clone(&ports.bus),
            clock: Arc::clone(&ports.clock),
            meter: limits.meter,
        };
        let args = RootArgs {
            relays: relay::HubArgs {
                relays,
                ports: Arc::new(relay_ports),
                tally: Arc::clone(&relay_tally),
            },
            sessions: session::HubArgs { parts, tally: Arc::clone(&session_tally) },
            board,
            directory: Arc::clone(&ports.directory),
            bus: Arc::clone(&ports.bus),
            tally: Arc::clone(&hub_tally),
        };
        let spawned = Actor::spawn(None, Root, args).await;
        let (root, _) = spawned.map_err(|error| StartError(error.to_string()))?;
        let Ports { clock, log, history, bus, .. } = ports;
        let channels = Channels::start(log, history, bus, clock, limits.channels).await;
        let channels = channels.map_err(|error| StartError(error.to_string()))?;
        Ok(Self { channels, sessions, root, relay_tally, session_tally, hub_tally })
    }

    /// Stops from the leaves: sockets are told to come back, channels store what waits, then the
    /// tree goes. What is not done by the deadline is cut.
    pub async fn stop(&self, deadline: Duration) {
        let end = Instant::now() + deadline;
        self.sessions.close(Farewell::Restarting);
        self.channels.stop(deadline).await;
        let rest = end.saturating_duration_since(Instant::now());
        if let Err(error) = ask(&self.root, rest, |reply| RootMessage::Stop { reply }).await {
            tracing::warn!(%error, "the actors did not stop in time and are cut");
        }
        self.root.stop(None);
        if timeout_at(end, self.root.wait(None)).await.is_err() {
            self.root.kill();
        }
    }

    /// Actors that live and have failed, by kind.
    pub fn counts(&self) -> Vec<Count> {
        let live = u64::try_from(self.channels.live()).unwrap_or(u64::MAX);
        vec![
            Count { actor: "channel", live, restarts: self.channels.restarts() },
            self.relay_tally.count("relay"),
            self.session_tally.count("session"),
            self.hub_tally.count("hub"),
        ]
    }
}
