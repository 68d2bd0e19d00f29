//! Someone who reads along over a bus that loses and delays, through a real relay whose log fails,
//! and who leaves and comes back where they were.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use ractor::Actor;

use super::Planted;
use crate::channel::world::CHANNEL;
use crate::domain::{ChannelId, Entry, Position, Seq};
use crate::frame::FrameBody;
use crate::memory::{LocalBus, ManualClock};
use crate::ports::{Bus, BusEvent, Clock, LogError, LogTap, MessageLog, TappedLog, Topic};
use crate::relay::tests::Recorder;
use crate::relay::{HubArgs, NoMeter, RelayHub, RelayPorts, Relays, Start};

/// The longest stay before the observer leaves and comes back.
const STAY_MS_MAX: u128 = 3_000;
/// How long everything may take to arrive once nothing fails any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// The way from the owners to the observer.
pub(super) struct Wire {
    bus: LocalBus,
    dice: Arc<ManualClock>,
    is_whole: Mutex<bool>,
    /// Nothing arrives while it is cut.
    is_cut: Mutex<bool>,
}

impl Wire {
    pub(super) fn new(dice: Arc<ManualClock>) -> Self {
        Self { bus: LocalBus::new(), dice, is_whole: Mutex::new(false), is_cut: Mutex::new(false) }
    }

    /// From now on everything arrives.
    pub(super) fn mend(&self) {
        *self.is_whole.lock() = true;
    }

    /// Loses everything, until it is told otherwise.
    pub(super) fn cut(&self, is_cut: bool) {
        *self.is_cut.lock() = is_cut;
    }

    /// Carries an event, late or not at all while the wire is not whole.
    pub(super) async fn carry(&self, topic: Topic, event: BusEvent) {
        match self.dice.random() % 4 {
            _ if *self.is_cut.lock() => {}
            0 if !*self.is_whole.lock() => {}
            1 if !*self.is_whole.lock() => {
                let late_ms = u64::try_from(self.dice.random() % 700).unwrap();
                let bus = self.bus.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(late_ms)).await;
                    bus.publish(topic, event).await.ok();
                });
            }
            _ => self.bus.publish(topic, event).await.unwrap(),
        }
    }
}

pub(super) struct Observer {
    relays: Relays,
    dice: Arc<ManualClock>,
    seen: Mutex<Vec<Arc<Entry>>>,
    broken: Mutex<Option<String>>,
}

impl Observer {
    pub(super) async fn start(
        wire: &Wire,
        log: Arc<dyn MessageLog>,
        dice: Arc<ManualClock>,
        planted: Planted,
    ) -> Arc<Self> {
        let relays = Relays::new();
        let ports = RelayPorts {
            log: Arc::new(TappedLog::new(log, Gapped(planted))),
            bus: Arc::new(wire.bus.clone()),
            clock: Arc::clone(&dice) as _,
            meter: Arc::new(NoMeter),
        };
        let args =
            HubArgs { relays: relays.clone(), ports: Arc::new(ports), tally: Arc::default() };
        Actor::spawn(None, RelayHub, args).await.unwrap();
        Arc::new(Self { relays, dice, seen: Mutex::default(), broken: Mutex::default() })
    }

    fn newest(&self) -> Seq {
        self.seen.lock().last().map(|entry| entry.seq).unwrap_or_default()
    }

    /// Reads along and comes back, until everything up to `head` was seen or something is broken.
    pub(super) async fn run(self: Arc<Self>, head: tokio::sync::watch::Receiver<Option<Seq>>) {
        let mut socket = 1;
        while self.broken.lock().is_none() && *head.borrow() != Some(self.newest()) {
            socket += 1;
            let lane = Recorder::new(socket, 1);
            let Ok(relay) = self.relays.relay(CHANNEL).await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let start = Start::After(Position { after: self.newest(), generation: None });
            if relay.follow(Arc::clone(&lane) as _, start, Box::new(|_| {})).await.is_ok() {
                let stay_ms = u64::try_from(1 + self.dice.random() % STAY_MS_MAX).unwrap();
                tokio::time::sleep(Duration::from_millis(stay_ms)).await;
                relay.unfollow(lane.socket).await;
            }
            self.take(&lane);
        }
    }

    /// Looks at what a lane got: each entry right after the one before.
    fn take(&self, lane: &Recorder) {
        for frame in std::mem::take(&mut *lane.frames.lock()) {
            match &frame.body {
                FrameBody::Logged { entry, .. } if entry.seq == self.newest().next() => {
                    self.seen.lock().push(Arc::clone(entry));
                }
                FrameBody::Logged { entry, .. } => {
                    let what = format!("{:?} was seen after {:?}", entry.seq, self.newest());
                    self.broken.lock().get_or_insert(what);
                }
                FrameBody::Resync { head, .. } => {
                    let what = format!("told to start anew at {head:?}");
                    self.broken.lock().get_or_insert(what);
                }
                FrameBody::Typing { .. }
                | FrameBody::Status { .. }
                | FrameBody::Read { .. }
                | FrameBody::Progress(_)
                | FrameBody::ChannelCreated(_)
                | FrameBody::ChannelUpdated(_)
                | FrameBody::Resumed { .. } => {}
            }
        }
    }

    /// What was seen, or why it cannot be right.
    pub(super) async fn verdict(
        &self,
        running: tokio::task::JoinHandle<()>,
    ) -> Result<Vec<Arc<Entry>>, String> {
        if tokio::time::timeout(PATIENCE, running).await.is_err() {
            return Err(format!("nothing was seen after {:?}", self.newest()));
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
