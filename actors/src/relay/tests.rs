use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::Mutex;
use proptest::prelude::*;

use super::message::Start;
use super::*;
use crate::cluster::Placement;
use crate::domain::{
    Bucket, Byline, Entry, Epoch, Event, Generation, LoginId, MessageId, MessageKind, Position,
    Posted, Seq, SocketId, Timestamp,
};
use crate::frame::{Farewell, Lane};
use crate::memory::{LocalBus, ManualClock, MemoryLog};
use crate::ports::{Append, Claim, Head};
use crate::supervision::Tally;

const CHANNEL: ChannelId = ChannelId::from_u128(1);

/// A lane that keeps what it gets.
pub(crate) struct Recorder {
    pub(crate) socket: SocketId,
    pub(crate) user: UserId,
    pub(crate) frames: Mutex<Vec<Arc<Frame>>>,
    pub(crate) closed: Mutex<Option<Farewell>>,
    doubts: AtomicUsize,
    is_dead: AtomicBool,
    panics: AtomicBool,
}

impl Recorder {
    pub(crate) fn new(socket: u128, user: u128) -> Arc<Self> {
        Arc::new(Self {
            socket: SocketId::from_u128(socket),
            user: UserId::from_u128(user),
            frames: Mutex::default(),
            closed: Mutex::default(),
            doubts: AtomicUsize::new(0),
            is_dead: AtomicBool::new(false),
            panics: AtomicBool::new(false),
        })
    }

    /// From now on this lane is broken.
    pub(crate) fn panic_on_push(&self) {
        self.panics.store(true, Ordering::SeqCst);
    }

    /// How often what opened it was to be looked at.
    pub(crate) fn doubts(&self) -> usize {
        self.doubts.load(Ordering::SeqCst)
    }

    /// Positions got, in order.
    pub(crate) fn seqs(&self) -> Vec<u64> {
        let frames = self.frames.lock();
        frames
            .iter()
            .filter_map(|frame| ring::logged(frame))
            .map(|(entry, _)| entry.seq.0)
            .collect()
    }

    /// Everything got, as words.
    pub(crate) fn story(&self) -> Vec<String> {
        let tell = |frame: &Arc<Frame>| match &frame.body {
            FrameBody::Logged { entry, .. } => match &entry.event {
                Event::Posted(posted) => format!("{} {}", entry.seq.0, posted.content),
                Event::Edited { .. } => format!("{} edit", entry.seq.0),
                Event::Left { .. } => format!("{} left", entry.seq.0),
                Event::Deleted { .. } | Event::Reacted { .. } | Event::Joined { .. } => {
                    format!("{} other", entry.seq.0)
                }
            },
            FrameBody::Typing { is_typing, .. } => format!("typing {is_typing}"),
            FrameBody::Resumed { head, .. } => format!("resumed {}", head.0),
            FrameBody::Resync { head, .. } => format!("resync {}", head.0),
            FrameBody::Status { presence, .. } => presence.as_str().to_owned(),
            FrameBody::ChannelCreated(_) => "created".to_owned(),
            FrameBody::Read { seq, .. } => format!("read {}", seq.0),
            FrameBody::Progress(progress) => format!("progress {}", progress.state.as_str()),
            FrameBody::ChannelUpdated(_) => "updated".to_owned(),
            FrameBody::Own(_) => "own".to_owned(),
            FrameBody::Aside(_) => "aside".to_owned(),
        };
        self.frames.lock().iter().map(tell).collect()
    }
}

impl Lane for Recorder {
    fn socket(&self) -> SocketId {
        self.socket
    }

    fn user(&self) -> UserId {
        self.user
    }

    fn login(&self) -> Option<LoginId> {
        Some(LoginId::from_u128(self.user.as_u128()))
    }

    fn push(&self, frames: &[Arc<Frame>]) -> bool {
        if self.panics.load(Ordering::SeqCst) {
            std::panic::resume_unwind(Box::new("planted"));
        }
        self.frames.lock().extend_from_slice(frames);
        !self.is_dead.load(Ordering::SeqCst)
    }

    fn doubt(&self) {
        self.doubts.fetch_add(1, Ordering::SeqCst);
    }

    fn close(&self, why: Farewell) {
        *self.closed.lock() = Some(why);
    }
}

/// A channel's owner, as far as a relay sees it.
pub(crate) struct Writer {
    pub(crate) log: Arc<MemoryLog>,
    pub(crate) bus: LocalBus,
    channel: ChannelId,
    head: Head,
}

impl Writer {
    pub(crate) async fn new(channel: ChannelId) -> Self {
        let log = Arc::new(MemoryLog::default());
        let claim = Claim {
            channel,
            bucket: Bucket(0),
            expected: None,
            epoch: Epoch(1),
            opening_seq: Seq(0),
        };
        log.claim(claim).await.unwrap();
        let head =
            Head { generation: log.head(channel).await.unwrap().generation, ..Head::default() };
        Self { log, bus: LocalBus::new(), channel, head }
    }

    pub(crate) async fn store(&mut self, events: Vec<Event>) -> Vec<Arc<Entry>> {
        let last_seq = self.head.seq;
        let mut entries = Vec::new();
        for event in events {
            self.head.seq = self.head.seq.next();
            self.head.ordinal += u64::from(matches!(event, Event::Posted(_)));
            entries.push(Entry {
                channel: self.channel,
                seq: self.head.seq,
                ordinal: self.head.ordinal,
                by: byline(1),
                at: Timestamp(0),
                event,
            });
        }
        let (channel, bucket, epoch) = (self.channel, Bucket(0), Epoch(1));
        let append = Append { channel, bucket, epoch, last_seq, entries: entries.clone() };
        self.log.append(append).await.unwrap();
        entries.into_iter().map(Arc::new).collect()
    }

    pub(crate) async fn say(&self, event: BusEvent) {
        self.bus.publish(Topic::Channel(self.channel), event).await.unwrap();
    }

    pub(crate) async fn tell(&self, entries: Vec<Arc<Entry>>) {
        let generation = self.head.generation;
        self.say(BusEvent::Stored { entries: entries.into(), generation }).await;
    }

    pub(crate) async fn post(&mut self, words: &str) {
        let entries = self.store(vec![posted(self.head.seq.0 + 1, words)]).await;
        self.tell(entries).await;
    }
}

pub(crate) fn byline(user: u128) -> Byline {
    Byline {
        user: UserId::from_u128(user),
        username: format!("user{user}"),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

pub(crate) fn posted(id: u64, words: &str) -> Event {
    Event::Posted(Posted {
        id: MessageId::from_u128(id.into()),
        kind: MessageKind::Text,
        content: words.to_owned(),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: None,
    })
}

struct World {
    writer: Writer,
    relay: Relay,
}

impl World {
    async fn new() -> Self {
        let writer = Writer::new(CHANNEL).await;
        let relays = Relays::new();
        let ports = RelayPorts {
            log: Arc::clone(&writer.log) as _,
            bus: Arc::new(writer.bus.clone()),
            clock: Arc::new(ManualClock::new(Timestamp(0), 1)),
            meter: Arc::new(NoMeter),
        };
        let tally = Arc::<Tally>::default();
        let args = HubArgs {
            relays: relays.clone(),
            ports: Arc::new(ports),
            tally,
            placement: Placement::alone(),
        };
        Actor::spawn(None, RelayHub, args).await.unwrap();
        Self { relay: relays.relay(CHANNEL).await.unwrap(), writer }
    }

    async fn follow(&self, lane: &Arc<Recorder>, start: Start) -> Result<Head, NoRelay> {
        self.relay.follow(Arc::clone(lane) as _, start, Box::new(|_| {})).await
    }

    /// Waits until the relay has nothing left to do: paused time runs on only then.
    async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn from(after: u64) -> Start {
    Start::After(Position { after: Seq(after), generation: None })
}

#[tokio::test(start_paused = true)]
async fn a_follower_gets_what_comes_after_it_joined() {
    let mut world = World::new().await;
    world.writer.post("before").await;
    let lane = Recorder::new(1, 1);
    assert_eq!(world.follow(&lane, Start::Next).await.unwrap().seq, Seq(1));

    world.writer.post("after").await;
    world.settle().await;

    assert_eq!(lane.story(), ["2 after"]);
}

#[tokio::test(start_paused = true)]
async fn a_replay_comes_from_the_log_and_from_the_ring_with_the_words_of_now() {
    let mut world = World::new().await;
    world.writer.post("one").await;
    let first = Recorder::new(1, 1);
    world.follow(&first, from(0)).await.unwrap();
    world.writer.post("two").await;
    let edit = Event::Edited {
        message: MessageId::from_u128(2),
        target: Seq(2),
        content: "two!".to_owned(),
        mentions: Vec::new(),
    };
    let entries = world.writer.store(vec![edit]).await;
    world.writer.tell(entries).await;
    world.settle().await;
    assert_eq!(first.story(), ["1 one", "resumed 1", "2 two", "3 edit"]);

    let second = Recorder::new(2, 2);
    world.follow(&second, from(1)).await.unwrap();
    assert_eq!(second.story(), ["2 two!", "3 edit", "resumed 3"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_event_is_read_from_the_log_and_a_lost_last_one_found_by_the_head() {
    let mut world = World::new().await;
    let lane = Recorder::new(1, 1);
    world.follow(&lane, Start::Next).await.unwrap();

    world.writer.store(vec![posted(1, "lost")]).await;
    world.writer.post("two").await;
    world.settle().await;
    assert_eq!(lane.seqs(), [1, 2]);

    world.writer.store(vec![posted(3, "lost last")]).await;
    world.writer.say(BusEvent::Head { channel: CHANNEL, seq: Seq(3) }).await;
    world.settle().await;
    assert_eq!(lane.seqs(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn what_an_interrupted_bus_lost_is_read_from_the_log() {
    let mut world = World::new().await;
    let lane = Recorder::new(1, 1);
    world.follow(&lane, Start::Next).await.unwrap();

    world.writer.store(vec![posted(1, "lost"), posted(2, "lost last")]).await;
    world.writer.say(BusEvent::Interrupted).await;
    world.settle().await;
    assert_eq!(lane.seqs(), [1, 2]);

    world.writer.say(BusEvent::Interrupted).await;
    world.writer.post("three").await;
    world.settle().await;
    assert_eq!(lane.seqs(), [1, 2, 3], "nothing was lost, so nothing comes twice");
}

#[test]
fn an_interruption_while_the_head_is_read_makes_it_read_again() {
    let mut state = RelayState::new(CHANNEL);
    let receivers = &mut Receivers::default();
    let (reply, _nobody) = ractor::concurrency::oneshot();
    let lane = Recorder::new(1, 1);
    let (start, acknowledge) = (Start::Next, Box::new(|_| {}) as Acknowledge);
    let follower = message::Follower { lane, start, acknowledge, reply: reply.into() };
    state.follow(Box::new(follower), false);
    assert_eq!(state.next_job(), Some(Job::Head));

    state.lag();
    state.found(Job::Head, Ok(Found::Head(Head::default())), receivers);
    assert_eq!(state.next_job(), Some(Job::Head), "the head that was found may be older");

    state.found(Job::Head, Err(LogError::Unavailable), receivers);
    assert_eq!(state.next_job(), None, "the log is left alone for a moment");
    state.tick();
    assert_eq!(state.next_job(), Some(Job::Head));
    let newer = Head { seq: Seq(1), ..Head::default() };
    state.found(Job::Head, Ok(Found::Head(newer)), receivers);
    assert_eq!(state.next_job(), Some(Job::CatchUp { after: Seq(0), until: Seq(1) }));
}

#[tokio::test(start_paused = true)]
async fn who_missed_too_much_or_knows_another_life_is_told_to_reload() {
    let mut world = World::new().await;
    for _ in 0..26 {
        world.writer.store((0..40).map(|id| posted(id, "x")).collect()).await;
    }
    let head = world.writer.head;
    let strange = Position { after: Seq(1), generation: Some(Generation(head.generation.0 + 1)) };
    for start in [from(0), from(2_000), Start::After(strange)] {
        let lane = Recorder::new(1, 1);
        world.follow(&lane, start).await.unwrap();
        assert_eq!(lane.story(), ["resync 1040"], "{start:?}");
        world.relay.unfollow(lane.socket).await;
    }

    let lane = Recorder::new(2, 2);
    world.follow(&lane, from(40)).await.unwrap();
    assert_eq!(lane.seqs(), (41..=1_040).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_receipt_that_was_faster_than_its_entry_is_no_reason_to_reload() {
    let mut world = World::new().await;
    world.follow(&Recorder::new(1, 1), Start::Next).await.unwrap();
    world.writer.store(vec![posted(1, "stored, not told yet")]).await;

    let lane = Recorder::new(2, 2);
    world.follow(&lane, from(1)).await.unwrap();

    assert_eq!(lane.story(), ["resumed 1"]);
}

#[tokio::test(start_paused = true)]
async fn delivery_to_who_leaves_ends_with_the_entry_that_says_so() {
    let mut world = World::new().await;
    let (leaver, stayer) = (Recorder::new(1, 1), Recorder::new(2, 2));
    world.follow(&leaver, Start::Next).await.unwrap();
    world.follow(&stayer, Start::Next).await.unwrap();

    let left = Event::Left { member: byline(1) };
    let entries = world.writer.store(vec![posted(1, "a"), left, posted(3, "b")]).await;
    world.writer.tell(entries).await;
    world.settle().await;

    assert_eq!(leaver.seqs(), [1, 2]);
    assert_eq!(stayer.seqs(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn typing_is_shown_to_others_and_ends_by_itself() {
    let world = World::new().await;
    let (typer, other) = (Recorder::new(1, 1), Recorder::new(2, 2));
    world.follow(&typer, Start::Next).await.unwrap();
    world.follow(&other, Start::Next).await.unwrap();

    let (user, username) = (typer.user, "user1".to_owned());
    world.writer.say(BusEvent::Typing { channel: CHANNEL, user, username, is_typing: true }).await;
    tokio::time::sleep(Duration::from_secs(7)).await;

    assert_eq!(other.story(), ["typing true", "typing false"]);
    assert!(typer.story().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_nobody_reads_stops_and_a_closed_lane_is_let_go() {
    let mut world = World::new().await;
    let lane = Recorder::new(1, 1);
    world.follow(&lane, Start::Next).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(world.relay.is_alive());

    lane.is_dead.store(true, Ordering::SeqCst);
    world.writer.post("to nobody").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(!world.relay.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_bounded_and_nothing_of_it_is_missing() {
    let mut world = World::new().await;
    let lane = Recorder::new(1, 1);
    world.follow(&lane, Start::Next).await.unwrap();

    // Nothing here waits, so the relay does not run between the events.
    let mut batches = Vec::new();
    for id in 1..=1_000 {
        batches.push(world.writer.store(vec![posted(id, "x")]).await);
    }
    for entries in batches {
        world.writer.tell(entries).await;
    }
    world.settle().await;

    assert_eq!(lane.seqs(), (1..=1_000).collect::<Vec<_>>());
}

/// One step of a random run.
#[derive(Clone, Debug)]
enum Step {
    /// So many entries, and whether the bus loses them.
    Store(u64, bool),
    /// Socket number, and how far back it resumes, if it does.
    Follow(usize, Option<u64>),
    Unfollow(usize),
    Settle,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1_u64..40, prop::bool::weighted(0.3)).prop_map(|(count, lost)| Step::Store(count, lost)),
        2 => (0_usize..4, prop::option::of(0_u64..400)).prop_map(|(who, back)| Step::Follow(who, back)),
        1 => (0_usize..4).prop_map(Step::Unfollow),
        2 => Just(Step::Settle),
    ];
    prop::collection::vec(step, 1..60)
}

async fn run_steps(steps: Vec<Step>) {
    let mut world = World::new().await;
    let mut lanes: [Option<(Arc<Recorder>, u64)>; 4] = Default::default();
    let mut sockets = 0;
    for step in steps {
        match step {
            Step::Store(count, lost) => {
                let events = (0..count).map(|id| posted(id, "x")).collect();
                let entries = world.writer.store(events).await;
                if !lost {
                    world.writer.tell(entries).await;
                }
            }
            Step::Follow(who, back) if lanes[who].is_none() => {
                sockets += 1;
                let lane = Recorder::new(sockets, sockets);
                let head = world.writer.head.seq.0;
                let after = back.map(|back| head.saturating_sub(back));
                let joined = world.follow(&lane, after.map_or(Start::Next, from)).await.unwrap();
                lanes[who] = Some((lane, after.unwrap_or(joined.seq.0)));
            }
            Step::Follow(..) => {}
            Step::Unfollow(who) => {
                if let Some((lane, after)) = lanes[who].take() {
                    world.relay.unfollow(lane.socket).await;
                    check(&lane, after);
                }
            }
            Step::Settle => world.settle().await,
        }
    }
    let head = world.writer.head.seq;
    world.writer.say(BusEvent::Head { channel: CHANNEL, seq: head }).await;
    world.settle().await;
    for (lane, after) in lanes.iter().flatten() {
        check(lane, *after);
        assert_eq!(lane.seqs().last().copied().unwrap_or(*after), head.0, "up to the head");
    }
}

fn check(lane: &Recorder, after: u64) {
    let seqs = lane.seqs();
    let expected: Vec<_> = (after + 1..).take(seqs.len()).collect();
    assert_eq!(seqs, expected, "in order, without a gap, from where it joined");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_lane_sees_a_gap_free_sequence_from_where_it_joined(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(run_steps(steps));
    }
}
