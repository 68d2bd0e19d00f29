//! The relay of one channel on one node: what the bus brings goes into the lanes of those who read
//! along here.
//!
//! ```text
//!   bus ──▶ sink ──▶ Heard ──▶ state.heard ──▶ lanes
//!   log ◀── next_job ── gaps, replays, heads ──▶ Found ──▶ state.found ──▶ lanes
//! ```
//!
//! It waits for nothing: questions to the log run beside it, one at a time, and come back as
//! messages, so that live frames, typing and presence go on while the log is slow.
//!
//! **Invariant:** every lane gets the entries of the log in order, none left out, none twice, from
//! where it joined until its person leaves.

mod handle;
mod hub;
mod message;
mod meter;
mod receivers;
mod ring;
mod sink;
mod state;
mod typing;
mod waiting;

#[cfg(test)]
mod silence_tests;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

pub(crate) use self::handle::{Relay, Relays};
pub(crate) use self::hub::{HubArgs, RelayHub};
pub(crate) use self::message::{Acknowledge, NoRelay, Start};
use self::message::{Found, Job, RelayMessage};
pub use self::meter::{Meter, NoMeter};
use self::receivers::Receivers;
use self::sink::RelaySink;
use self::state::RelayState;
use self::typing::Typing;
use crate::domain::{ChannelId, UserId};
use crate::frame::{Frame, FrameBody};
use crate::ports::{Aside, Bus, BusEvent, Clock, LogError, MessageLog, Subscription, Topic};

/// How often a relay that has something to end, or nothing to do, looks up.
const TICK: Duration = Duration::from_secs(1);
/// A relay that nobody reads from stops after so many ticks; reconnects are mostly faster.
const IDLE_TICKS_MAX: u32 = 30;
/// How long the log may take to answer.
const LOG_DEADLINE: Duration = Duration::from_secs(5);
/// Who comes back to a channel that was heard within this time is served without a look at the log:
/// an owner that was active in the last minute says its head each second.
const HEARD_MAX: Duration = Duration::from_secs(2);
/// Entries read at once.
const PAGE: usize = 500;

/// What relays work with.
#[derive(Clone)]
pub(crate) struct RelayPorts {
    pub(crate) log: Arc<dyn MessageLog>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meter: Arc<dyn Meter>,
}

/// What the supervisor keeps of a relay, to tell its lanes when it fails.
#[derive(Default)]
pub(super) struct Shared {
    receivers: Mutex<Receivers>,
    /// What the bus said and the actor has not taken yet.
    heard: Mutex<std::collections::VecDeque<BusEvent>>,
    /// How many receivers there are, to be read without waiting for a fan-out.
    count: std::sync::atomic::AtomicUsize,
}

/// The actor.
pub(super) struct RelayActor {
    channel: ChannelId,
    ports: Arc<RelayPorts>,
    shared: Arc<Shared>,
}

/// What a relay holds: its rules' state, and what ties it to the world.
pub(super) struct Live {
    state: RelayState,
    typing: Typing,
    sink: Arc<RelaySink>,
    _subscription: Subscription,
    idle_ticks: u32,
    is_ticking: bool,
    /// When the owner last said something.
    heard_at: Option<Instant>,
    /// Turns to read the log's head, kept until it was read.
    turns: Vec<OwnedSemaphorePermit>,
}

impl Live {
    fn is_fresh(&self) -> bool {
        self.heard_at.is_some_and(|heard_at| heard_at.elapsed() < HEARD_MAX)
    }
}

impl Actor for RelayActor {
    type Msg = RelayMessage;
    type State = Live;
    type Arguments = ();

    /// Subscribes before anything is read, so that nothing falls between the two.
    async fn pre_start(
        &self,
        myself: ActorRef<RelayMessage>,
        (): (),
    ) -> Result<Live, ActorProcessingErr> {
        let sink = Arc::new(RelaySink::new(myself, Arc::clone(&self.shared)));
        let topic = Topic::Channel(self.channel);
        Ok(Live {
            state: RelayState::new(self.channel),
            typing: Typing::default(),
            _subscription: self.ports.bus.subscribe(topic, Arc::clone(&sink) as _),
            sink,
            idle_ticks: 0,
            is_ticking: false,
            heard_at: None,
            turns: Vec::new(),
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<RelayMessage>,
        message: RelayMessage,
        live: &mut Live,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            RelayMessage::Heard => {
                for event in live.sink.take() {
                    self.hear(live, event);
                }
            }
            RelayMessage::Behind => {
                live.sink.caught_up();
                live.state.lag();
            }
            RelayMessage::Compare { turn } => {
                live.state.lag();
                live.turns.push(turn);
            }
            RelayMessage::Follow(follower) => live.state.follow(follower, live.is_fresh()),
            RelayMessage::Unfollow { socket, reply } => {
                live.state.forget(socket);
                self.shared.receivers.lock().remove(socket);
                crate::ask::answer(reply, ());
            }
            RelayMessage::Dismiss { user } => live.state.dismiss(user),
            RelayMessage::Found { job, found } => {
                let receivers = &mut self.shared.receivers.lock();
                let count = live.state.found(job, found, receivers);
                if count > 0 {
                    self.ports.meter.delivered(count, 0);
                }
            }
            RelayMessage::Tick => self.tick(&myself, live),
        }
        self.proceed(&myself, live);
        Ok(())
    }
}

impl RelayActor {
    fn hear(&self, live: &mut Live, event: BusEvent) {
        let receivers = &mut *self.shared.receivers.lock();
        if matches!(event, BusEvent::Stored { .. } | BusEvent::Head { .. }) {
            live.heard_at = Some(Instant::now());
        }
        match event {
            BusEvent::Stored { entries, generation } => {
                let count = live.state.heard(&entries, generation, receivers);
                if let Some(last) = entries.last().filter(|_| count > 0) {
                    let late_ms = self.ports.clock.now().0.saturating_sub(last.at.0);
                    self.ports.meter.delivered(count, late_ms.try_into().unwrap_or_default());
                }
            }
            BusEvent::Head { seq, .. } => live.state.heard_head(seq),
            BusEvent::Typing { user, username, is_typing, .. } => {
                if live.typing.note(user, &username, is_typing, Instant::now()) {
                    receivers.push(&[self.typing_frame(user, username, is_typing)], Some(user));
                }
            }
            // The reader's own devices hear of it as theirs.
            BusEvent::Read { channel, user, seq } => {
                let frame = Frame::new(FrameBody::Read { channel, user, seq });
                receivers.push(&[frame], Some(user));
            }
            BusEvent::ChannelUpdated(channel) => {
                receivers.push(&[Frame::new(FrameBody::ChannelUpdated(channel))], None);
            }
            BusEvent::Progress(progress) => {
                receivers.push(&[Frame::new(FrameBody::Progress(progress))], None);
            }
            BusEvent::Aside(aside) => {
                if let Aside::Renamed { by, .. } = &*aside {
                    live.state.rename(by);
                }
                receivers.push(&[Frame::new(FrameBody::Aside(aside))], None);
            }
            BusEvent::Added(_)
            | BusEvent::Removed(_)
            | BusEvent::Presence(_)
            | BusEvent::Board { .. }
            | BusEvent::Revoked(_)
            | BusEvent::RightsChanged
            | BusEvent::CalledOff(_)
            | BusEvent::Own(_)
            | BusEvent::Interrupted => {
                tracing::debug!(channel = %self.channel, "an event that is not for a relay");
            }
        }
    }

    fn tick(&self, myself: &ActorRef<RelayMessage>, live: &mut Live) {
        live.is_ticking = false;
        live.state.tick();
        let receivers = &mut *self.shared.receivers.lock();
        for (user, username) in live.typing.expire(Instant::now()) {
            receivers.push(&[self.typing_frame(user, username, false)], Some(user));
        }
        if receivers.len() > 0 || live.state.has_waiting() {
            live.idle_ticks = 0;
            return;
        }
        live.idle_ticks += 1;
        if live.idle_ticks >= IDLE_TICKS_MAX {
            myself.stop(Some("nobody reads along".to_owned()));
        }
    }

    /// Serves who can be served, asks the log what is missing, and sees to the next tick.
    fn proceed(&self, myself: &ActorRef<RelayMessage>, live: &mut Live) {
        let count = {
            let receivers = &mut *self.shared.receivers.lock();
            live.state.settle(receivers);
            receivers.len()
        };
        self.shared.count.store(count, std::sync::atomic::Ordering::Relaxed);
        if let Some(job) = live.state.next_job() {
            let (log, channel, myself) =
                (Arc::clone(&self.ports.log), self.channel, myself.clone());
            tokio::spawn(async move {
                let asked = tokio::spawn(async move { run(&*log, channel, job).await });
                // A log that panics has failed like one that does not answer: were nothing said,
                // the relay would wait for ever.
                let found = asked.await.unwrap_or_else(|error| {
                    tracing::error!(%channel, %error, "reading the log panicked");
                    Err(LogError::Unavailable)
                });
                if myself.cast(RelayMessage::Found { job, found }).is_err() {
                    tracing::trace!(%channel, "the relay has stopped while the log was read");
                }
            });
        }
        if !live.state.is_lagging() {
            live.turns.clear();
        }
        let needs_tick = count == 0 || !live.typing.is_empty() || live.state.needs_tick();
        if needs_tick && !live.is_ticking {
            live.is_ticking = true;
            myself.send_after(TICK, || RelayMessage::Tick);
        }
    }

    fn typing_frame(&self, user: UserId, username: String, is_typing: bool) -> Arc<Frame> {
        let channel = self.channel;
        Frame::new(FrameBody::Typing { channel, user, username, is_typing })
    }
}

/// Asks the log.
async fn run(log: &dyn MessageLog, channel: ChannelId, job: Job) -> Result<Found, LogError> {
    let asked = async {
        match job {
            Job::Head => log.head(channel).await.map(Found::Head),
            Job::CatchUp { after, until } | Job::Replay { after, until } => {
                let limit = usize::try_from(until.0 - after.0).unwrap_or(PAGE).min(PAGE);
                log.entries(channel, after, limit).await.map(Found::Entries)
            }
        }
    };
    tokio::time::timeout(LOG_DEADLINE, asked).await.unwrap_or(Err(LogError::Unavailable))
}
