use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use super::*;
use crate::channel::PostError;
use crate::domain::{ChannelId, MessageKind, OrgId, OrgRole, Presence, Seq};
use crate::frame::Farewell;
use crate::memory::{FaultPlan, FaultyLog, LocalBus, ManualClock, MemoryDirectory, MemoryLog};
use crate::ports::{Bus, BusError, BusEvent, BusSink, Directory, NewChannel, Subscription, Topic};
use crate::relay::tests::{Recorder, byline};
use crate::session::{Follow, Session, Viewer};

const ONE: ChannelId = ChannelId::from_u128(1);
const TWO: ChannelId = ChannelId::from_u128(2);
const ORG: OrgId = OrgId::from_u128(1);

/// A bus that panics on what is said to a person while it is told to.
struct ShakyBus {
    bus: LocalBus,
    panics: AtomicBool,
}

#[async_trait]
impl Bus for ShakyBus {
    async fn publish(&self, topic: Topic, event: BusEvent) -> Result<(), BusError> {
        if self.panics.load(Ordering::SeqCst) && !matches!(event, BusEvent::Stored { .. }) {
            std::panic::resume_unwind(Box::new("planted"));
        }
        self.bus.publish(topic, event).await
    }

    fn subscribe(&self, topic: Topic, sink: Arc<dyn BusSink>) -> Subscription {
        self.bus.subscribe(topic, sink)
    }
}

struct World {
    log: Arc<FaultyLog>,
    bus: Arc<ShakyBus>,
    core: Core,
}

impl World {
    /// Two channels with users 1 and 2 in both.
    async fn new() -> Self {
        let memory = Arc::new(MemoryLog::default());
        let log = Arc::new(FaultyLog::new(Arc::clone(&memory) as _, FaultPlan::default(), 1));
        let bus = Arc::new(ShakyBus { bus: LocalBus::new(), panics: AtomicBool::new(false) });
        let directory = Arc::new(MemoryDirectory::default());
        for id in [ONE, TWO] {
            directory.create(shared(id)).await.unwrap();
        }
        let ports = Ports {
            clock: Arc::new(ManualClock::default()),
            log: Arc::clone(&log) as _,
            history: memory,
            directory,
            bus: Arc::clone(&bus) as _,
            asking: crate::memory::Nobody::asking(),
        };
        let core = Core::start(ports, CoreLimits::default()).await.unwrap();
        Self { log, bus, core }
    }

    async fn attach(&self, lane: &Arc<Recorder>) -> Session {
        let byline = byline(lane.user.as_u128());
        let viewer = Viewer { org: ORG, byline, role: OrgRole::Viewer };
        self.core.sessions.attach(viewer, Arc::clone(lane) as _, Follow::All).await.unwrap()
    }

    async fn send(&self, channel: ChannelId, words: &str) -> Result<Seq, PostError> {
        let post = crate::channel::Post {
            by: byline(1),
            kind: MessageKind::Text,
            content: words.to_owned(),
            thread: None,
            parent: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            client_message_id: crate::domain::ClientMessageId::new(words.to_owned()).ok(),
            after_seq: None,
            written: None,
        };
        let pending = self.core.channels.post(channel, post).await?;
        pending.receipt().await.map(|receipt| receipt.seq)
    }

    fn count(&self, actor: &str) -> Count {
        self.core.counts().into_iter().find(|count| count.actor == actor).unwrap()
    }
}

fn shared(id: ChannelId) -> NewChannel {
    let channel = crate::domain::Channel {
        id,
        org: ORG,
        kind: crate::domain::ChannelKind::Private,
        name: id.to_string(),
        description: String::new(),
        topic: String::new(),
        owner: byline(1).user,
        created_at: crate::domain::Timestamp(0),
        updated_at: crate::domain::Timestamp(0),
        member_count: 2,
    };
    let members = [1, 2].map(|user| (byline(user).user, crate::domain::ChannelRole::Member));
    NewChannel { channel, members: members.to_vec() }
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn a_session_whose_bus_panics_comes_back_and_others_do_not_notice() {
    let world = World::new().await;
    let (alice, bob) = (Recorder::new(1, 1), Recorder::new(2, 2));
    let session = world.attach(&alice).await;
    world.attach(&bob).await;
    pass(3).await;
    world.bus.panics.store(true, Ordering::SeqCst);

    session.typing(ONE, true);
    pass(1).await;
    world.bus.panics.store(false, Ordering::SeqCst);

    assert_eq!(*alice.closed.lock(), Some(Farewell::Lost), "told to come back");
    assert_eq!(*bob.closed.lock(), None);
    assert_eq!((world.count("session").restarts, world.count("session").live), (1, 1));
    let again = Recorder::new(3, 1);
    world.attach(&again).await;
    world.send(ONE, "hello").await.unwrap();
    pass(1).await;
    assert_eq!((again.seqs(), bob.seqs()), (vec![1], vec![1]));
}

#[tokio::test(start_paused = true)]
async fn presence_outlives_a_bus_that_panics() {
    let world = World::new().await;
    let (alice, bob) = (Recorder::new(1, 1), Recorder::new(2, 2));
    world.attach(&alice).await;
    pass(3).await;
    world.bus.panics.store(true, Ordering::SeqCst);
    let session = world.attach(&bob).await;
    pass(3).await;
    world.bus.panics.store(false, Ordering::SeqCst);

    session.show(Presence::Away);
    pass(3).await;
    session.detach(bob.socket);
    pass(40).await;

    assert_eq!(alice.story(), ["away", "offline"], "only the change in between was not told");
    assert_eq!(world.count("hub").restarts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_relay_whose_log_panics_asks_again() {
    let world = World::new().await;
    let alice = Recorder::new(1, 1);
    world.attach(&alice).await;
    world.send(ONE, "first").await.unwrap();
    pass(1).await;
    let head = BusEvent::Head { channel: ONE, seq: Seq(2) };
    world.bus.panics.store(true, Ordering::SeqCst);
    world.log.set_plan(FaultPlan { read_panics: 100, ..FaultPlan::default() });
    world.bus.bus.publish(Topic::Channel(ONE), head).await.unwrap();
    pass(3).await;

    world.log.set_plan(FaultPlan::default());
    world.bus.panics.store(false, Ordering::SeqCst);
    world.send(ONE, "second").await.unwrap();
    pass(3).await;

    assert_eq!(alice.seqs(), [1, 2]);
    assert_eq!(*alice.closed.lock(), None);
}

#[tokio::test(start_paused = true)]
async fn a_relay_fails_with_a_lane_that_panics_and_other_channels_do_not_notice() {
    let world = World::new().await;
    let (alice, bob) = (Recorder::new(1, 1), Recorder::new(2, 2));
    let session = world.attach(&alice).await;
    let viewer = Viewer { org: ORG, byline: byline(2), role: OrgRole::Viewer };
    let sessions = &world.core.sessions;
    let there = sessions.attach(viewer, bob.clone(), Follow::Nothing).await.unwrap();
    there.follow(bob.socket, TWO, None, Box::new(|_| {})).await.unwrap();
    pass(3).await;

    alice.panic_on_push();
    world.send(ONE, "poison").await.unwrap();
    pass(1).await;

    assert_eq!(*alice.closed.lock(), Some(Farewell::Lost));
    assert_eq!(world.count("relay").restarts, 1);
    assert_eq!((*bob.closed.lock(), world.count("session").restarts), (None, 0));
    session.detach(alice.socket);
    let again = Recorder::new(3, 1);
    world.attach(&again).await;
    world.send(ONE, "again").await.unwrap();
    assert_eq!(world.count("channel").restarts, 0, "the sender does not notice");
    pass(1).await;
    assert_eq!(again.seqs(), [2]);
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_ends_by_itself_is_started_again_with_nothing_of_before() {
    let world = World::new().await;
    let alice = Recorder::new(1, 1);
    world.attach(&alice).await;
    world.send(ONE, "first").await.unwrap();

    world.core.kill_hubs();
    pass(1).await;

    assert_eq!(*alice.closed.lock(), Some(Farewell::Lost));
    assert_eq!(world.count("hub").restarts, 4);
    for actor in ["channel", "relay", "session"] {
        assert_eq!(world.count(actor).live, 0, "{actor}");
    }
    let again = Recorder::new(2, 1);
    world.attach(&again).await;
    assert_eq!(world.send(ONE, "second").await, Ok(Seq(2)));
    pass(1).await;
    assert_eq!(again.seqs(), [2]);
}

#[tokio::test(start_paused = true)]
async fn hubs_that_fail_again_and_again_end_the_tree_and_say_so() {
    let world = World::new().await;
    for _ in 0..2 {
        assert!(timeout(Duration::from_secs(1), world.core.spent()).await.is_err());
        world.core.kill_hubs();
        pass(1).await;
    }

    assert_eq!(world.core.spent().await, SpentError);
    assert_eq!(world.core.spent().await, SpentError, "whoever asks later hears it too");
    assert_eq!(world.send(ONE, "late").await, Err(PostError::Unavailable));
    world.core.stop(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_tree_that_was_told_to_stop_is_not_spent() {
    let world = World::new().await;
    world.core.stop(Duration::from_secs(1)).await;

    assert!(timeout(Duration::from_secs(60), world.core.spent()).await.is_err());
    assert_eq!(world.count("hub").restarts, 0);
}
