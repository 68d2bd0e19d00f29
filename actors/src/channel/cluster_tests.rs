//! Several nodes over one log: who writes, what is given to whom, and how a channel moves.

use std::sync::Arc;
use std::time::Duration;

use super::world::{CHANNEL, NOW, RecordingBus, message, person, settings};
use super::*;
use crate::cluster::{Home, Placement, weight};
use crate::domain::{MessageKind, NodeId, Seq};
use crate::memory::{FaultPlan, FaultyLog, LocalCluster, ManualClock, MemoryLog, WayFaults};
use crate::ports::{MessageLog, Orders, RemoteOrder, RemoteReply};

struct Node {
    id: NodeId,
    channels: Channels,
    /// The node's way to the log.
    log: Arc<FaultyLog>,
}

struct World {
    cluster: LocalCluster,
    memory: Arc<MemoryLog>,
    nodes: Vec<Node>,
}

impl World {
    /// Nodes 1 … `count`, which have seen each other for long enough.
    async fn new(count: u128) -> Self {
        let memory = Arc::new(MemoryLog::with_buckets(50));
        let cluster = LocalCluster::new(1);
        let mut world = Self { cluster, memory, nodes: Vec::new() };
        for id in 1..=count {
            world.join(id).await;
        }
        pass_ms(3_000).await;
        world
    }

    async fn join(&mut self, id: u128) {
        let id = NodeId::from_u128(id);
        let (membership, peers) = self.cluster.join(id);
        let plain = FaultPlan::default();
        let log = Arc::new(FaultyLog::new(Arc::clone(&self.memory) as _, plain, 1));
        let ports = ChannelPorts {
            log: Arc::clone(&log) as Arc<dyn MessageLog>,
            history: Arc::clone(&self.memory) as _,
            bus: Arc::<RecordingBus>::default(),
            clock: Arc::new(ManualClock::new(NOW, 1)),
            settings: settings(50),
            planted: Planted::Nothing,
        };
        let placement = Placement::follow(Arc::new(membership));
        let routes = Routes::new(placement, Arc::new(peers));
        let channels = Channels::start_in(ports, Some(routes)).await;
        self.cluster.serve(id, Arc::new(channels.clone()));
        self.nodes.push(Node { id, channels, log });
    }

    /// The node that owns the channel, and one that does not.
    fn owner_and_other(&self) -> (&Node, &Node) {
        let owns = |node: &&Node| node.channels.home(CHANNEL) == Home::Here;
        let owner = self.nodes.iter().find(owns).unwrap();
        (owner, self.nodes.iter().find(|node| node.id != owner.id).unwrap())
    }
}

impl Node {
    async fn send(&self, key: &str) -> Result<Receipt, PostError> {
        self.channels.post(CHANNEL, message(1, key, "x")).await?.receipt().await
    }

    fn forwarded(&self, outcome: &str) -> u64 {
        let counts = self.channels.cluster_counts().forwarded_orders;
        counts.iter().find(|(name, _)| *name == outcome).unwrap().1
    }
}

async fn pass_ms(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

#[tokio::test(start_paused = true)]
async fn an_order_is_carried_out_by_the_channels_owner_wherever_it_is_given() {
    let world = World::new(3).await;
    let (owner, other) = world.owner_and_other();

    let sent = other.send("a").await.unwrap();
    let react = Change::React { emoji: "👍".into(), added: true };
    let amend = Amend {
        by: person(2),
        message: sent.message,
        may_moderate: false,
        change: react,
        written: None,
    };
    let amended = other.channels.amend(CHANNEL, amend).await.unwrap();
    let joined = MemberChange::Joined(person(3));
    let seq = other.channels.member(CHANNEL, person(1), joined).await.unwrap();

    assert_eq!((sent.seq, amended.seq, seq), (Seq(1), Seq(2), Seq(3)));
    assert_eq!((owner.channels.live(), other.channels.live()), (1, 0));
    assert_eq!((other.forwarded("carried_out"), owner.forwarded("carried_out")), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn forwarded_sends_keep_their_order() {
    let world = World::new(2).await;
    world.cluster.disturb(WayFaults { delay_ms_max: 50, ..WayFaults::default() });
    let (_, other) = world.owner_and_other();
    let mut pending = Vec::new();
    for number in 0..50 {
        pending.push(other.channels.post(CHANNEL, message(1, &number.to_string(), "x")).await);
    }

    for (number, pending) in (1..).zip(pending) {
        assert_eq!(pending.unwrap().receipt().await.unwrap().seq, Seq(number));
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_of_another_node_goes_no_further() {
    let world = World::new(3).await;
    let (owner, other) = world.owner_and_other();
    let third = world.nodes.iter().find(|node| ![owner.id, other.id].contains(&node.id)).unwrap();
    let order = RemoteOrder::Post(message(1, "a", "x"));

    let reply = other.channels.take(third.id, CHANNEL, order).await.await;

    assert_eq!(reply, RemoteReply::Elsewhere(Some(owner.id)));
    assert_eq!(world.memory.head(CHANNEL).await.unwrap().seq, Seq(0));
}

#[tokio::test(start_paused = true)]
async fn what_the_owner_itself_gives_away_is_carried_out() {
    let world = World::new(2).await;
    let (owner, other) = world.owner_and_other();
    let order = RemoteOrder::Post(message(1, "a", "x"));

    let reply = other.channels.take(owner.id, CHANNEL, order).await.await;

    assert!(matches!(reply, RemoteReply::Posted(Ok(_))), "{reply:?}");
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_takes_its_channels_after_two_seconds_and_nobody_sees_an_error() {
    let mut world = World::new(1).await;
    // The first newcomer that will own the channel.
    let id = (2..).find(|id| owns(*id)).unwrap();
    world.nodes[0].send("a").await.unwrap();
    world.join(id).await;
    let [first, second] = &world.nodes[..] else { panic!("two nodes") };

    pass_ms(1_900).await;
    assert_eq!((first.channels.live(), second.channels.live()), (1, 0));
    for number in 0..20 {
        first.send(&number.to_string()).await.unwrap();
        second.send(&format!("{number} there")).await.unwrap();
        pass_ms(20).await;
    }

    assert_eq!((first.channels.live(), second.channels.live()), (0, 1));
    assert_eq!(first.channels.cluster_counts().handovers, 1);
    assert_eq!(world.memory.head(CHANNEL).await.unwrap().seq, Seq(41));
}

/// Whether node `id` beside node 1 owns the channel.
fn owns(id: u128) -> bool {
    let [first, other] = [1, id].map(|id| weight(CHANNEL.as_u128(), NodeId::from_u128(id)));
    other > first
}

#[tokio::test(start_paused = true)]
async fn a_killed_owner_is_a_delay_and_no_error() {
    let world = World::new(3).await;
    let (owner, other) = world.owner_and_other();
    other.send("a").await.unwrap();
    for node in &world.nodes {
        node.log.set_plan(FaultPlan { slow: 100, slow_ms_max: 50, ..FaultPlan::default() });
    }
    let under_way = other.channels.post(CHANNEL, message(1, "b", "x")).await.unwrap();
    pass_ms(1).await;

    world.cluster.kill(owner.id);
    let (cluster, dead) = (world.cluster.clone(), owner.id);
    tokio::spawn(async move {
        pass_ms(3_000).await;
        cluster.hide(dead);
    });
    let begun = tokio::time::Instant::now();
    let receipt = under_way.receipt().await.unwrap();
    assert!(receipt.seq == Seq(2), "once, by whomever");
    assert!(other.send("c").await.unwrap().seq == Seq(3));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_got_no_answer_is_sent_again_only_under_its_key() {
    let world = World::new(2).await;
    let (_, other) = world.owner_and_other();
    other.send("a").await.unwrap();
    world.cluster.disturb(WayFaults { lost_answers: 100, ..WayFaults::default() });
    let cluster = world.cluster.clone();
    tokio::spawn(async move {
        pass_ms(500).await;
        cluster.disturb(WayFaults::default());
    });

    let (keyed, bare) = tokio::join!(other.send("b"), other.send(""));

    assert!(keyed.is_ok_and(|receipt| receipt.duplicate), "it was stored by the first try");
    assert_eq!(bare, Err(PostError::Unknown));
    let member = other.channels.member(CHANNEL, person(1), MemberChange::Left(person(2)));
    assert_eq!(member.await, Ok(Seq(4)));
}

#[tokio::test(start_paused = true)]
async fn a_channel_whose_owner_nobody_reaches_is_written_here() {
    let world = World::new(2).await;
    let (_, other) = world.owner_and_other();
    world.cluster.disturb(WayFaults { unreachable: 100, ..WayFaults::default() });

    assert_eq!(other.send("a").await.unwrap().seq, Seq(1));
    assert_eq!(other.send("b").await.unwrap().seq, Seq(2), "without another search");
    world.cluster.disturb(WayFaults::default());
    pass_ms(3_000).await;

    assert_eq!(other.send("c").await.unwrap().seq, Seq(3));
    assert_eq!(other.channels.live(), 0, "its owner has it again");
}

#[tokio::test(start_paused = true)]
async fn a_node_that_leaves_hands_its_channels_over_and_its_people_notice_nothing() {
    let world = World::new(3).await;
    let (owner, other) = world.owner_and_other();
    let mut pending = Vec::new();
    for number in 0..100 {
        let post = message(1, &number.to_string(), "x");
        pending.push(owner.channels.post(CHANNEL, post).await.unwrap());
    }

    owner.channels.leave().await;
    owner.channels.drain(Duration::from_secs(5)).await;
    let late = owner.send("late").await;

    for pending in pending {
        pending.receipt().await.unwrap();
    }
    assert_eq!(late.unwrap().seq, Seq(101));
    assert_eq!(other.send("later").await.unwrap().seq, Seq(102));
    assert_eq!(owner.channels.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_last_node_that_leaves_says_that_it_is_not_the_owner() {
    let world = World::new(1).await;
    world.nodes[0].channels.leave().await;
    world.nodes[0].channels.drain(Duration::from_secs(5)).await;

    assert_eq!(world.nodes[0].send("a").await, Err(PostError::NotOwner));
}

#[tokio::test(start_paused = true)]
async fn two_views_cost_time_and_no_message() {
    let world = World::new(3).await;
    let (owner, other) = world.owner_and_other();
    world.cluster.blind(other.id, true);
    world.cluster.hide(owner.id);
    for number in 0..5 {
        owner.send(&format!("{number} owner")).await.unwrap();
        other.send(&format!("{number} other")).await.unwrap();
    }

    let stored = world.memory.entries(CHANNEL, Seq(0), 100).await.unwrap();
    assert_eq!(stored.len(), 10);
    assert!(stored.iter().all(|entry| entry.posted().unwrap().kind == MessageKind::Text));
}

#[tokio::test(start_paused = true)]
async fn a_node_that_has_lost_the_log_and_not_the_others_fails_no_order_of_theirs() {
    let world = World::new(2).await;
    let (owner, other) = world.owner_and_other();
    other.send("a").await.unwrap();
    owner.log.set_plan(FaultPlan { refuse: 100, ..FaultPlan::default() });

    let begun = tokio::time::Instant::now();
    assert_eq!(other.send("b").await.unwrap().seq, Seq(2));
    assert_eq!(other.send("").await.unwrap().seq, Seq(3), "it was tried for nothing before");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());

    owner.log.set_plan(FaultPlan::default());
    pass_ms(3_000).await;
    assert_eq!(other.send("c").await.unwrap().seq, Seq(4));
    assert_eq!(other.channels.live(), 0, "its owner has it again");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_nobody_reaches_is_said_to_be_unavailable() {
    let world = World::new(2).await;
    let (owner, other) = world.owner_and_other();
    for node in &world.nodes {
        node.log.set_plan(FaultPlan { refuse: 100, ..FaultPlan::default() });
    }

    assert_eq!(other.send("a").await, Err(PostError::Unavailable));
    assert_eq!(owner.send("a").await, Err(PostError::Unavailable));
}

#[tokio::test(start_paused = true)]
async fn orders_that_wait_for_a_missing_owner_are_bounded_for_each_channel() {
    let world = World::new(2).await;
    let (owner, other) = world.owner_and_other();
    world.cluster.kill(owner.id);
    let mut pending = Vec::new();
    let refused = loop {
        let post = message(1, &pending.len().to_string(), "x");
        match other.channels.post(CHANNEL, post).await {
            Ok(order) => pending.push(order),
            Err(why) => break why,
        }
    };

    assert_eq!((pending.len(), refused), (512, PostError::Overloaded));
    for pending in pending {
        pending.receipt().await.unwrap();
    }
    other.send("later").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_way_on_which_nothing_moves_is_gone_around() {
    let mut world = World::new(2).await;
    let (owner, other) = world.owner_and_other();
    let (still, number) = (owner.id, usize::from(other.id == NodeId::from_u128(2)));
    world.cluster.halt(still, true);
    let _stuck = other.channels.post(CHANNEL, message(1, "a", "x")).await.unwrap();
    // The channel becomes another one's, which is well.
    world.join((3..).find(|id| is_heaviest(*id)).unwrap()).await;
    pass_ms(2_100).await;

    let begun = tokio::time::Instant::now();
    world.nodes[number].send("b").await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

/// Whether node `id` beside nodes 1 and 2 owns the channel.
fn is_heaviest(id: u128) -> bool {
    let [first, second, other] =
        [1, 2, id].map(|id| weight(CHANNEL.as_u128(), NodeId::from_u128(id)));
    other > first.max(second)
}
