//! The bus between nodes.
//!
//! ```text
//!   publish ─┬▶ sinks of this node, at once
//!            └▶ outbox ─▶ one PUBLISH an event, all that queued in one flush ─▶ Redis
//!   Redis ─▶ line ─▶ inbox ─▶ not our own echo? ─▶ decoded once ─▶ sinks of this node
//! ```
//!
//! A topic is subscribed to at Redis while it has a sink here, once, however many sinks. Nothing is
//! encoded or sent while this node is known to be alone.
//!
//! **Invariants:** publishing never waits for Redis and never fails because of it. What does not get
//! through is counted, and whoever may have missed something hears `Interrupted`: after a subscription
//! took effect, after each reconnect, and in place of what cannot be read. A node that is further behind
//! than its inbox holds lets go of the line and begins another.

mod company;
mod inbox;
mod interest;
mod line;
mod outbox;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use metrics::{Counter, Gauge};
use starling_actors::domain::NodeId;
use starling_actors::memory::LocalBus;
use starling_actors::ports::{Bus, BusError, BusEvent, BusSink, Subscription, Topic};
use tokio::sync::watch;
use tokio::time::Instant;

use self::company::Company;
use self::interest::Interest;
use self::line::Line;
use self::outbox::{Outbox, Parcel};
use super::Redis;
use super::backoff::Backoff;
use crate::internode;

/// A line that held so long was a good one: when it breaks, the pauses begin anew.
const GOOD_LINE: Duration = Duration::from_secs(1);

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct RedisBus {
    shared: Arc<Shared>,
}

struct Shared {
    me: NodeId,
    redis: Redis,
    local: LocalBus,
    interest: Interest,
    outbox: Outbox,
    company: Company,
    is_connected: watch::Sender<bool>,
    meters: Meters,
}

/// Handles of what is counted.
struct Meters {
    connected: Gauge,
    published: Counter,
    received: Counter,
    /// Did not fit into the outbox.
    dropped_full: Counter,
    /// Were on their way when the line broke.
    dropped_unsent: Counter,
    /// Came, and were not handed on when the line ended.
    dropped_unheard: Counter,
    /// Came in words that this version does not understand.
    refused: Counter,
}

impl Meters {
    /// Those of the line to one of several servers.
    fn of(place: usize) -> Self {
        let meters = Self {
            connected: metrics::gauge!("starling_bus_connected", "redis" => place.to_string()),
            published: metrics::counter!("starling_bus_published_total"),
            received: metrics::counter!("starling_bus_received_total"),
            dropped_full: metrics::counter!("starling_bus_dropped_total", "reason" => "full"),
            dropped_unsent: metrics::counter!("starling_bus_dropped_total", "reason" => "unsent"),
            dropped_unheard: metrics::counter!("starling_bus_dropped_total", "reason" => "unheard"),
            refused: metrics::counter!("starling_bus_refused_total"),
        };
        meters.connected.set(0.0);
        meters
    }
}

impl std::fmt::Debug for RedisBus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisBus").field("me", &self.shared.me).finish_non_exhaustive()
    }
}

impl RedisBus {
    /// A bus that delivers on this node at once, and to others once [`Self::run`] is driven.
    pub fn new(redis: Redis, me: NodeId) -> Self {
        Self::at(redis, me, 0)
    }

    /// The bus over one of several servers, the one at `place`.
    pub(super) fn at(redis: Redis, me: NodeId, place: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                me,
                redis,
                local: LocalBus::new(),
                interest: Interest::default(),
                outbox: Outbox::default(),
                company: Company::default(),
                is_connected: watch::Sender::new(false),
                meters: Meters::of(place),
            }),
        }
    }

    /// Keeps the line to Redis for ever.
    pub async fn run(&self) -> Infallible {
        let mut backoff = Backoff::new();
        let mut is_told = false;
        loop {
            let since = Instant::now();
            let broken = match Line::open(&self.shared).await {
                Ok(line) => {
                    tracing::info!("connected to redis");
                    is_told = false;
                    line.serve().await
                }
                Err(error) => error,
            };
            self.shared.show_connected(false);
            // Once an outage: attempts that fail in the same way are no news.
            if !std::mem::replace(&mut is_told, true) {
                tracing::warn!(error = %broken, "no redis: other nodes are heard from when it is back");
            }
            if since.elapsed() > GOOD_LINE {
                backoff.reset();
            }
            tokio::time::sleep(backoff.pause(rand::random())).await;
        }
    }

    /// Bytes that wait for Redis, 8 MiB at most.
    pub fn waiting_bytes(&self) -> u64 {
        self.shared.outbox.waiting_bytes()
    }

    /// Waits until everything that was published here has gone to Redis. Does not wait without Redis:
    /// then others find it in the log.
    pub async fn flush(&self) {
        let mut connected = self.connected();
        tokio::select! {
            () = self.shared.outbox.emptied() => {}
            _ = connected.wait_for(|is_connected| !is_connected) => {}
        }
    }

    /// Whether another node may be listening.
    #[cfg(test)]
    pub(super) fn is_in_company(&self) -> bool {
        self.shared.company.may_listen()
    }

    /// Whether events come from and go to other nodes now.
    pub fn connected(&self) -> watch::Receiver<bool> {
        self.shared.is_connected.subscribe()
    }
}

#[async_trait]
impl Bus for RedisBus {
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError> {
        let shared = &self.shared;
        let for_others = shared.company.may_listen().then(|| event.clone());
        shared.local.publish(topic, event).await?;
        if let Some(event) = for_others {
            shared.send(topic, &event);
        }
        Ok(())
    }

    fn subscribe(&self, topic: Topic, sink: Arc<dyn BusSink>) -> Subscription {
        let local = self.shared.local.subscribe(topic, sink);
        self.shared.interest.add(topic);
        let shared = Arc::clone(&self.shared);
        Subscription::new(move || {
            drop(local);
            shared.interest.remove(topic);
        })
    }
}

impl Shared {
    /// Puts an event into the outbox.
    fn send(&self, topic: Topic, event: &BusEvent) {
        match internode::encode_event(self.me, event) {
            Ok(Some(bytes)) => {
                if !self.outbox.put(Parcel { topic, bytes }) {
                    self.meters.dropped_full.increment(1);
                }
            }
            Ok(None) => tracing::debug!("an event that is not for other nodes was published"),
            Err(error) => tracing::error!(%error, "an event for other nodes was lost"),
        }
    }

    fn show_connected(&self, is_connected: bool) {
        self.meters.connected.set(f64::from(u8::from(is_connected)));
        self.is_connected
            .send_if_modified(|was| std::mem::replace(was, is_connected) != is_connected);
    }

    /// Events of the topic may be missing.
    async fn interrupt(&self, topic: Topic) {
        if self.local.publish(topic, BusEvent::Interrupted).await.is_err() {
            tracing::debug!("the local bus did not take an event");
        }
    }
}
