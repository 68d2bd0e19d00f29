//! All followers of a run: assembling them, waiting for them, judging them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::board::{Board, Phase, locked};
use crate::follower::{Habits, Slot, follow};
use crate::seat::Seat;
use crate::world::World;

/// How often counters are looked at while waiting.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Faults told one by one; the rest is a number.
const FAULTS_SHOWN: usize = 3;

/// Running followers. Dropping the crew ends them.
pub(crate) struct Crew {
    pub(crate) slots: Vec<Arc<Slot>>,
    /// Which channel each slot follows.
    channels: Vec<usize>,
    pub(crate) board: Arc<Board>,
    pub(crate) phase: watch::Sender<Phase>,
    tasks: JoinSet<()>,
}

impl Crew {
    /// Takes `subscribers` seats at every channel and starts the followers.
    pub(crate) fn gather(
        world: &World,
        subscribers: usize,
        board: Board,
        habits: Habits,
        change: impl Fn(usize, Seat) -> Seat,
    ) -> Self {
        let board = Arc::new(board);
        let (phase, watched) = watch::channel(Phase::Run);
        let mut crew = Self {
            slots: Vec::with_capacity(world.channels.len() * subscribers),
            channels: Vec::new(),
            board,
            phase,
            tasks: JoinSet::new(),
        };
        for channel in 0..world.channels.len() {
            for index in 0..subscribers {
                let serial = crew.slots.len();
                let slot = Arc::new(Slot {
                    name: format!("follower-{serial}"),
                    seat: change(serial, world.seat(channel, index, serial)),
                    ledger: Default::default(),
                    drop_now: Default::default(),
                });
                let (shared, phase) = (Arc::clone(&crew.board), watched.clone());
                crew.tasks.spawn(follow(Arc::clone(&slot), shared, habits, phase));
                crew.slots.push(slot);
                crew.channels.push(channel);
            }
        }
        crew
    }

    /// Waits until everybody has joined; the time it took.
    pub(crate) async fn assembled(&self, limit: Duration) -> Result<Duration> {
        let begin = Instant::now();
        while self.board.connected() < self.slots.len() {
            if begin.elapsed() > limit {
                bail!(
                    "{} of {} connected in {limit:?}; {}",
                    self.board.connected(),
                    self.slots.len(),
                    self.board.reasons().join("; ")
                );
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(begin.elapsed())
    }

    /// Waits until everybody has dropped the connection.
    pub(crate) async fn dispersed(&self, limit: Duration) -> Result<()> {
        let begin = Instant::now();
        while self.board.connected() > 0 {
            if begin.elapsed() > limit {
                bail!("{} are still connected", self.board.connected());
            }
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Waits for `expected` deliveries, at most `limit`; the ledgers tell what is missing.
    pub(crate) async fn delivered(&self, expected: u64, limit: Duration) {
        let begin = Instant::now();
        while self.board.delivered() < expected && begin.elapsed() < limit {
            sleep(LOOK_EVERY).await;
        }
    }

    /// What the reading followers should have seen together.
    pub(crate) fn expected(&self, accepted: &[u64]) -> u64 {
        self.readers().map(|(_, channel)| accepted[channel]).sum()
    }

    /// Why the run is void, if it is.
    pub(crate) fn faults(&self, accepted: &[u64]) -> Vec<String> {
        let mut faults: Vec<String> = self
            .readers()
            .filter_map(|(slot, channel)| {
                let fault = locked(&slot.ledger).fault(accepted[channel])?;
                Some(format!("{}: {fault}", slot.name))
            })
            .collect();
        if faults.len() > FAULTS_SHOWN {
            let more = faults.len() - FAULTS_SHOWN;
            faults.truncate(FAULTS_SHOWN);
            faults.push(format!("and {more} followers more"));
        }
        if !faults.is_empty() {
            faults.extend(self.board.reasons());
        }
        faults
    }

    /// How often followers had to reload a page instead of being replayed.
    pub(crate) fn resyncs(&self) -> u64 {
        self.slots.iter().map(|slot| locked(&slot.ledger).resyncs).sum()
    }

    fn readers(&self) -> impl Iterator<Item = (&Arc<Slot>, usize)> {
        let seats = self.slots.iter().zip(self.channels.iter().copied());
        seats.filter(|(slot, _)| !slot.seat.dial.stalls)
    }
}
