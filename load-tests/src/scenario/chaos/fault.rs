//! What can go wrong with a cluster, and how it is done to a fleet and undone.

use std::time::Duration;

use anyhow::Result;

use crate::fleet::{Fleet, Side};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A node dies, and is started again later.
    NodeKilled,
    /// A node stands still for longer than others wait, then goes on: an owner that does not know that
    /// it is none any more.
    NodeStopped,
    NodeDrained,
    /// All nodes one after the other, as in an update.
    AllDrained,
    /// It dies, and comes back empty.
    RedisKilled,
    /// It forgets everything and goes on.
    RedisFlushed,
    RedisStopped,
    ScyllaKilled,
    /// The log takes nothing and refuses nothing.
    ScyllaStopped,
    /// Two nodes do not reach each other.
    NodesParted,
    RedisParted,
    ScyllaParted,
    /// A node reaches clients only.
    NodeAlone,
}

impl Kind {
    pub(crate) const ALL: [Self; 13] = [
        Self::NodeKilled,
        Self::NodeStopped,
        Self::NodeDrained,
        Self::AllDrained,
        Self::RedisKilled,
        Self::RedisFlushed,
        Self::RedisStopped,
        Self::ScyllaKilled,
        Self::ScyllaStopped,
        Self::NodesParted,
        Self::RedisParted,
        Self::ScyllaParted,
        Self::NodeAlone,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::NodeKilled => "node-killed",
            Self::NodeStopped => "node-stopped",
            Self::NodeDrained => "node-drained",
            Self::AllDrained => "all-drained",
            Self::RedisKilled => "redis-killed",
            Self::RedisFlushed => "redis-flushed",
            Self::RedisStopped => "redis-stopped",
            Self::ScyllaKilled => "scylla-killed",
            Self::ScyllaStopped => "scylla-stopped",
            Self::NodesParted => "nodes-parted",
            Self::RedisParted => "redis-parted",
            Self::ScyllaParted => "scylla-parted",
            Self::NodeAlone => "node-alone",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it takes nodes in network namespaces.
    pub(crate) fn needs_namespaces(self) -> bool {
        self.part() == Part::Wires
    }

    /// What it is done to. Two faults at a time are of two parts.
    pub(super) fn part(self) -> Part {
        match self {
            Self::NodeKilled | Self::NodeStopped => Part::Node,
            Self::NodeDrained | Self::AllDrained => Part::Alone,
            Self::RedisKilled | Self::RedisFlushed | Self::RedisStopped => Part::Redis,
            Self::ScyllaKilled | Self::ScyllaStopped => Part::Scylla,
            Self::NodesParted | Self::RedisParted | Self::ScyllaParted | Self::NodeAlone => {
                Part::Wires
            }
        }
    }

    /// How long it lasts, in milliseconds. A node is missed after its heartbeats' three seconds and two
    /// of hysteresis: what stands still or is cut off should do so for less, and for more.
    pub(super) fn span_ms(self) -> std::ops::Range<u64> {
        match self {
            Self::NodeKilled => 200..7_000,
            Self::NodeStopped => 5_500..9_000,
            Self::NodeDrained => 0..1_000,
            Self::AllDrained | Self::RedisFlushed => 0..1,
            Self::RedisKilled => 0..5_000,
            Self::RedisStopped => 500..7_000,
            Self::ScyllaKilled => 0..2_000,
            Self::ScyllaStopped => 500..7_000,
            Self::NodesParted | Self::RedisParted | Self::ScyllaParted | Self::NodeAlone => {
                1_000..9_000
            }
        }
    }

    /// What is promised of the silence that it causes, in seconds.
    pub(super) fn goal_s(self) -> Option<f64> {
        match self {
            Self::NodeKilled => Some(5.0),
            Self::NodeDrained | Self::AllDrained => Some(0.5),
            Self::NodeStopped
            | Self::RedisKilled
            | Self::RedisFlushed
            | Self::RedisStopped
            | Self::ScyllaKilled
            | Self::ScyllaStopped
            | Self::NodesParted
            | Self::RedisParted
            | Self::ScyllaParted
            | Self::NodeAlone => None,
        }
    }
}

/// What a fault is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Node,
    Redis,
    Scylla,
    Wires,
    /// Nothing else goes wrong meanwhile: what it costs is promised.
    Alone,
}

/// One fault at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// A node of Starling.
    pub(super) node: usize,
    /// Another one.
    pub(super) other: usize,
    /// A node of the database.
    pub(super) scylla: usize,
    /// How long it lasts.
    pub(super) span: Duration,
}

/// Waiting for all nodes to know each other, between two drains of an update.
const NEXT_DRAIN_TIMEOUT: Duration = Duration::from_secs(60);

impl Fault {
    pub(super) async fn begin(&self, fleet: &mut Fleet) -> Result<()> {
        let node = Side::Node(self.node);
        match self.kind {
            Kind::NodeKilled => fleet.node(self.node).kill().await,
            Kind::NodeStopped => fleet.node(self.node).pause(),
            Kind::NodeDrained => fleet.node(self.node).drain().await.map(|_| ()),
            Kind::AllDrained => {
                for index in 0..fleet.nodes().len() {
                    fleet.node(index).drain().await?;
                    fleet.node(index).restart().await?;
                    fleet.until_whole(NEXT_DRAIN_TIMEOUT).await?;
                }
                Ok(())
            }
            Kind::RedisKilled => fleet.redis().kill().await,
            Kind::RedisFlushed => fleet.redis().command("FLUSHALL").await.map(|_| ()),
            Kind::RedisStopped => fleet.redis().pause(),
            Kind::ScyllaKilled => fleet.scylla().kill(self.scylla).await,
            Kind::ScyllaStopped => fleet.scylla().pause(self.scylla),
            Kind::NodesParted => fleet.cut(&node, &Side::Node(self.other)),
            Kind::RedisParted => fleet.cut(&node, &Side::Redis),
            Kind::ScyllaParted => fleet.cut(&node, &Side::Scylla),
            Kind::NodeAlone => {
                let others = (0..fleet.nodes().len()).filter(|index| *index != self.node);
                for side in others.map(Side::Node).chain([Side::Redis, Side::Scylla]) {
                    fleet.cut(&node, &side)?;
                }
                Ok(())
            }
        }
    }

    pub(super) async fn end(&self, fleet: &mut Fleet) -> Result<()> {
        match self.kind {
            Kind::NodeKilled | Kind::NodeDrained => fleet.node(self.node).restart().await,
            Kind::NodeStopped => fleet.node(self.node).resume(),
            Kind::AllDrained | Kind::RedisFlushed => Ok(()),
            Kind::RedisKilled => fleet.redis().restart().await,
            Kind::RedisStopped => fleet.redis().resume(),
            Kind::ScyllaKilled => fleet.scylla().restart(self.scylla).await,
            Kind::ScyllaStopped => fleet.scylla().resume(self.scylla),
            Kind::NodesParted | Kind::RedisParted | Kind::ScyllaParted | Kind::NodeAlone => {
                fleet.heal()
            }
        }
    }
}
