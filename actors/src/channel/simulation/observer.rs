//! People who read along over a bus that loses and delays, each through a real relay whose log fails:
//! one leaves and comes back where they were, one stays.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use ractor::Actor;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Planted;
use super::checker::Checker;
use crate::channel::world::CHANNEL;
use crate::cluster::Placement;
use crate::domain::{ChannelId, Entry, Position, Seq};
use crate::frame::FrameBody;
use crate::memory::{LocalBus, ManualClock};
use crate::ports::{Bus, BusEvent, Clock, LogError, LogTap, MessageLog, TappedLog, Topic};
use crate::relay::tests::Recorder;
use crate::relay::{HubArgs, NoMeter, RelayHub, RelayPorts, Relays, Start};

/// The longest stay before the observer leaves and comes back.
const STAY_MS_MAX: u128 = 3_000;
/// How often who stays looks at what came.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// A relay takes an owner that it heard within two seconds for one that lives.
const TRUST: Duration = Duration::from_millis(2_001);
/// How long everything may take to arrive once nothing fails any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an observer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Leaves, and comes back where it was.
    Returns,
    /// Reads along all the time.
    Stays,
}

/// The way from the owners to the observers.
pub(super) struct Wire {
    bus: LocalBus,
    dice: Arc<ManualClock>,
    planted: Planted,
    state: Mutex<WireState>,
}

#[derive(Default)]
struct WireState {
    is_whole: bool,
    /// Nothing arrives while it is cut, and whoever listens is told when it is not any more.
    is_cut: bool,
    /// Nothing that is said goes out, and nobody is told.
    is_mute: bool,
    /// When something arrived last.
    heard_at: Option<Instant>,
}

impl Wire {
    pub(super) fn new(dice: Arc<ManualClock>, planted: Planted) -> Self {
        Self { bus: LocalBus::new(), dice, planted, state: Mutex::default() }
    }

    /// From now on everything arrives, and whoever listens is told that something may be missing.
    pub(super) async fn mend(&self) {
        self.state.lock().is_whole = true;
        self.interrupt().await;
    }

    /// Loses everything, until it is told otherwise.
    pub(super) async fn cut(&self, is_cut: bool) {
        let was_cut = std::mem::replace(&mut self.state.lock().is_cut, is_cut);
        if was_cut && !is_cut && self.planted != Planted::InterruptionIgnored {
            self.interrupt().await;
        }
    }

    /// Has nothing to say, until it is told otherwise.
    pub(super) fn mute(&self, is_mute: bool) {
        self.state.lock().is_mute = is_mute;
    }

    async fn interrupt(&self) {
        self.bus.publish(Topic::Channel(CHANNEL), BusEvent::Interrupted).await.unwrap();
    }

    /// Whether nothing has arrived for longer than a relay trusts.
    fn is_silent(&self) -> bool {
        let heard_at = self.state.lock().heard_at;
        heard_at.is_none_or(|heard_at| heard_at.elapsed() > TRUST)
    }

    /// Carries an event, late or not at all while the wire is not whole.
    pub(super) async fn carry(self: &Arc<Self>, topic: Topic, event: BusEvent) {
        let (is_whole, is_closed) = {
            let state = self.state.lock();
            (state.is_whole, state.is_cut || state.is_mute)
        };
        match self.dice.random() % 4 {
            _ if is_closed => {}
            0 if !is_whole => {}
            1 if !is_whole => {
                let late_ms = u64::try_from(self.dice.random() % 700).unwrap();
                let wire = Arc::clone(self);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(late_ms)).await;
                    wire.arrive(topic, event).await;
                });
            }
            _ => self.arrive(topic, event).await,
        }
    }

    async fn arrive(&self, topic: Topic, event: BusEvent) {
        self.state.lock().heard_at = Some(Instant::now());
        self.bus.publish(topic, event).await.unwrap();
    }
}

pub(super) struct Observer {
    relays: Relays,
    checker: Arc<Checker>,
    dice: Arc<ManualClock>,
    wire: Arc<Wire>,
    habit: Habit,
    seen: Mutex<Vec<Arc<Entry>>>,
    broken: Mutex<Option<String>>,
}

impl Observer {
    pub(super) async fn start(
        wire: &Arc<Wire>,
        (log, checker, dice): (Arc<dyn MessageLog>, Arc<Checker>, Arc<ManualClock>),
        placement: Placement,
        (habit, planted): (Habit, Planted),
    ) -> Arc<Self> {
        let relays = Relays::new();
        let ports = RelayPorts {
            log: Arc::new(TappedLog::new(log, Gapped(planted))),
            bus: Arc::new(wire.bus.clone()),
            clock: Arc::clone(&dice) as _,
            meter: Arc::new(NoMeter),
        };
        let args = HubArgs {
            relays: relays.clone(),
            ports: Arc::new(ports),
            tally: Arc::default(),
            placement,
        };
        Actor::spawn(None, RelayHub, args).await.unwrap();
        let (seen, broken, wire) = (Mutex::default(), Mutex::default(), Arc::clone(wire));
        Arc::new(Self { relays, checker, dice, wire, habit, seen, broken })
    }

    pub(super) fn newest(&self) -> Seq {
        self.seen.lock().last().map(|entry| entry.seq).unwrap_or_default()
    }

    /// Reads along until everything up to `head` was seen or something is broken.
    pub(super) async fn run(self: Arc<Self>, head: watch::Receiver<Option<Seq>>) {
        let mut socket = 1;
        while !self.is_done(&head) {
            socket += 1;
            let lane = Recorder::new(socket, 1);
            let Ok(relay) = self.relays.relay(CHANNEL).await else {
                tokio::time::sleep(BETWEEN_LOOKS).await;
                continue;
            };
            if self.wire.planted == Planted::ResumedUnread {
                let event = BusEvent::Head { channel: CHANNEL, seq: Seq(0) };
                self.wire.bus.publish(Topic::Channel(CHANNEL), event).await.unwrap();
            }
            // What was stored by now is part of being up to date; unless the owner is heard.
            let stored = if self.wire.is_silent() { self.checker.head().await } else { Seq(0) };
            let start = Start::After(Position { after: self.newest(), generation: None });
            if relay.follow(Arc::clone(&lane) as _, start, Box::new(|_| {})).await.is_ok() {
                self.stay(&lane, stored, &head).await;
                relay.unfollow(lane.socket).await;
            }
            self.take(&lane, stored);
        }
    }

    fn is_done(&self, head: &watch::Receiver<Option<Seq>>) -> bool {
        self.broken.lock().is_some() || *head.borrow() == Some(self.newest())
    }

    async fn stay(&self, lane: &Recorder, stored: Seq, head: &watch::Receiver<Option<Seq>>) {
        match self.habit {
            Habit::Returns => {
                let stay_ms = u64::try_from(1 + self.dice.random() % STAY_MS_MAX).unwrap();
                tokio::time::sleep(Duration::from_millis(stay_ms)).await;
            }
            Habit::Stays => {
                while !self.is_done(head) && lane.closed.lock().is_none() {
                    tokio::time::sleep(BETWEEN_LOOKS).await;
                    self.take(lane, stored);
                }
            }
        }
    }

    /// Looks at what a lane got: each entry right after the one before. `stored` is what it has to have
    /// when it is told to be up to date.
    fn take(&self, lane: &Recorder, stored: Seq) {
        for frame in std::mem::take(&mut *lane.frames.lock()) {
            match &frame.body {
                FrameBody::Logged { entry, .. } if entry.seq == self.newest().next() => {
                    self.seen.lock().push(Arc::clone(entry));
                }
                FrameBody::Logged { entry, .. } => {
                    self.is_broken(format!("{:?} was seen after {:?}", entry.seq, self.newest()));
                }
                FrameBody::Resync { head, .. } => {
                    self.is_broken(format!("told to start anew at {head:?}"));
                }
                FrameBody::Resumed { head, .. } if *head < stored => {
                    self.is_broken(format!("told to be up to date at {head:?}, not {stored:?}"));
                }
                FrameBody::Typing { .. }
                | FrameBody::Status { .. }
                | FrameBody::Read { .. }
                | FrameBody::Progress(_)
                | FrameBody::ChannelCreated(_)
                | FrameBody::ChannelUpdated(_)
                | FrameBody::Own(_)
                | FrameBody::Aside(_)
                | FrameBody::Resumed { .. } => {}
            }
        }
    }

    fn is_broken(&self, what: String) {
        self.broken.lock().get_or_insert(what);
    }

    /// What was seen, or why it cannot be right.
    pub(super) async fn verdict(
        &self,
        running: tokio::task::JoinHandle<()>,
    ) -> Result<Vec<Arc<Entry>>, String> {
        if tokio::time::timeout(PATIENCE, running).await.is_err() {
            return Err(format!("{:?}: nothing was seen after {:?}", self.habit, self.newest()));
        }
        match self.broken.lock().take() {
            Some(broken) => Err(broken),
            None => Ok(self.seen.lock().clone()),
        }
    }
}

/// The way on which the relay reads the log; with the bug, a gap is not read.
struct Gapped(Planted);

#[async_trait]
impl LogTap for Gapped {
    async fn entries(
        &self,
        log: &dyn MessageLog,
        (channel, after): (ChannelId, Seq),
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        if self.0 == Planted::GapSkipped {
            return Ok(Vec::new());
        }
        log.entries(channel, after, limit).await
    }
}
