//! What an owner stored and did not say any more is found all the same.

use super::message::Start;
use super::tests::{Recorder, Writer, posted};
use super::*;
use crate::cluster::Placement;
use crate::domain::{NodeId, Position, Seq, Timestamp};
use crate::memory::{FaultPlan, FaultyLog, LocalCluster, ManualClock};
use crate::ports::Head;

const CHANNEL: ChannelId = ChannelId::from_u128(1);

struct World {
    writer: Writer,
    log: Arc<FaultyLog>,
    relays: Relays,
    cluster: LocalCluster,
}

/// The node on which the relay is.
const HERE: NodeId = NodeId::from_u128(1);
/// The channel's owner.
const THERE: NodeId = NodeId::from_u128(2);

impl World {
    async fn new() -> Self {
        let writer = Writer::new(CHANNEL).await;
        let log = FaultyLog::new(Arc::clone(&writer.log) as _, FaultPlan::default(), 1);
        let (relays, log) = (Relays::new(), Arc::new(log));
        let cluster = LocalCluster::new(1);
        let (membership, _peers) = cluster.join(HERE);
        cluster.join(THERE);
        let ports = RelayPorts {
            log: Arc::clone(&log) as _,
            bus: Arc::new(writer.bus.clone()),
            clock: Arc::new(ManualClock::new(Timestamp(0), 1)),
            meter: Arc::new(NoMeter),
        };
        let args = HubArgs {
            relays: relays.clone(),
            ports: Arc::new(ports),
            tally: Arc::default(),
            placement: Placement::follow(Arc::new(membership)),
        };
        Actor::spawn(None, RelayHub, args).await.unwrap();
        Self { writer, log, relays, cluster }
    }

    async fn follow(&self, lane: &Arc<Recorder>, start: Start) -> Result<Head, NoRelay> {
        let relay = self.relays.relay(CHANNEL).await?;
        relay.follow(Arc::clone(lane) as _, start, Box::new(|_| {})).await
    }

    /// Something is stored, and nobody says so.
    async fn store_silently(&mut self, words: &str) {
        self.writer.store(vec![posted(0, words)]).await;
    }
}

async fn pass_ms(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

fn from(after: u64) -> Start {
    Start::After(Position { after: Seq(after), generation: None })
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_silent_channel_gets_what_was_stored_and_not_said() {
    let mut world = World::new().await;
    world.writer.post("said").await;
    let (stays, returns) = (Recorder::new(1, 1), Recorder::new(2, 2));
    world.follow(&stays, Start::Next).await.unwrap();
    pass_ms(2_100).await;

    world.store_silently("not said").await;
    world.follow(&returns, from(1)).await.unwrap();

    assert_eq!(returns.story(), ["2 not said", "resumed 2"]);
    assert_eq!(stays.story(), ["2 not said"], "one look serves all");
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_channel_that_was_just_heard_costs_no_look_at_the_log() {
    let mut world = World::new().await;
    world.follow(&Recorder::new(1, 1), Start::Next).await.unwrap();
    world.writer.post("said").await;
    pass_ms(1_900).await;
    world.log.set_plan(FaultPlan { refuse: 100, ..FaultPlan::default() });

    let returns = Recorder::new(2, 2);
    world.follow(&returns, from(1)).await.unwrap();
    assert_eq!(returns.story(), ["resumed 1"]);
    pass_ms(2_100).await;

    assert_eq!(world.follow(&Recorder::new(3, 3), from(1)).await, Err(NoRelay), "nobody knows");
}

#[tokio::test(start_paused = true)]
async fn what_a_node_stored_before_it_went_and_did_not_say_is_found() {
    let mut world = World::new().await;
    let lane = Recorder::new(1, 1);
    world.follow(&lane, Start::Next).await.unwrap();
    world.store_silently("not said").await;
    pass_ms(3_000).await;
    assert_eq!(lane.story(), [""; 0], "nobody says so");

    world.cluster.hide(THERE);
    pass_ms(100).await;
    assert_eq!(lane.story(), ["1 not said"]);

    world.store_silently("came late").await;
    pass_ms(5_000).await;
    assert_eq!(lane.story(), ["1 not said", "2 came late"]);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_comes_makes_nobody_look() {
    let mut world = World::new().await;
    let lane = Recorder::new(1, 1);
    world.follow(&lane, Start::Next).await.unwrap();
    world.store_silently("not said").await;

    world.cluster.join(NodeId::from_u128(3));
    pass_ms(10_000).await;

    assert_eq!(lane.story(), [""; 0]);
}
