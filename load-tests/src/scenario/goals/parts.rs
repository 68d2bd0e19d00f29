//! How each part of the goals is run: sizes, rates and targets.

use std::path::PathBuf;

use anyhow::Result;

use super::super::{asking, connect, fanout, growth, idle, jitter, pace, send, stalled, storage};
use crate::options::{
    Asking, Common, Connect, Fanout, Flow, Goals, Growth, Idle, Jitter, Pace, Part, Send, Stalled,
    Storage,
};
use crate::report::Row;
use crate::seat::Target;
use crate::stall::Extent;

/// Deliveries per second of the runs that compare CPU: a fraction of what two cores can do.
const DELIVERIES: f64 = 20_000.0;
/// Deliveries per second where messages queue: more of them fit, as they share writes.
const DELIVERIES_QUEUED: f64 = 80_000.0;
/// Subscribers of one channel where targets are compared.
const SUBSCRIBERS: usize = 1_000;
/// The largest channel that is promised.
const SUBSCRIBERS_MANY: usize = 10_000;
/// Long messages to as many as loopback takes without queueing by itself.
const SUBSCRIBERS_OF_LONG_MESSAGES: usize = 500;
const AVALANCHE: usize = 5_000;
/// Members of each channel of the idle run.
const IDLE_MEMBERS: usize = 10;
/// Questions of A1, one after the other, and of A2, at once.
const QUESTIONS: u32 = 200;
/// Readers of the channel beside the questions of A2, and how often they are told something.
const READERS_BESIDE: usize = 200;
const MESSAGES_BESIDE: f64 = 20.0;
/// Two rounds of pings and some.
const IDLE_SECONDS: u16 = 60;

/// What the parts of a run share.
pub(super) struct Setting {
    common: Common,
    seconds: u16,
    connections: usize,
    accounts: PathBuf,
    /// Half the machine's capacity, once it is known.
    half: Option<f64>,
    /// Made by this run, so it goes with it.
    temporary: bool,
}

impl Setting {
    pub(super) fn new(options: &Goals) -> Self {
        let name = format!("starling-load-accounts-{}", uuid::Uuid::now_v7().simple());
        Self {
            common: Common { repeat: 1, target: Target::Starling, ..options.common.clone() },
            seconds: options.seconds,
            connections: options.connections,
            accounts: options.accounts.clone().unwrap_or_else(|| std::env::temp_dir().join(name)),
            half: options.rate,
            temporary: options.accounts.is_none(),
        }
    }

    /// One repeat.
    pub(super) async fn run(&mut self, part: Part) -> Result<Vec<Row>> {
        let all = [Target::Floor, Target::Starling, Target::Nats];
        let joined = [Target::Starling, Target::Nats, Target::Axum, Target::AxumJoined];
        match part {
            Part::P1 => Ok(vec![Box::pin(idle::run(&self.idle())).await?]),
            Part::P2 => {
                let mut rows = self.compared(&all, SUBSCRIBERS, 1).await?;
                rows.extend(self.compared(&all, SUBSCRIBERS_MANY, 1).await?);
                Ok(rows)
            }
            Part::P3 => self.compared(&joined, SUBSCRIBERS, 16).await,
            Part::P4 => self.paced().await,
            Part::P5 => {
                let fanout = self.fanout(20.0, 128, SUBSCRIBERS);
                let options = Jitter { fanout, drop_share: 0.1 };
                Ok(vec![Box::pin(jitter::run(&options)).await?])
            }
            Part::P6 => {
                let common = self.common.clone();
                let options = Connect { common, connections: AVALANCHE };
                Ok(vec![Box::pin(connect::avalanche(&options)).await?])
            }
            Part::P7 => {
                // Enough bytes to fill a stalled reader's lane behind the kernel's buffers.
                let fanout = self.fanout(20.0, 4_000, SUBSCRIBERS_OF_LONG_MESSAGES);
                Box::pin(stalled::run(&Stalled { fanout, stalled_share: 0.01 })).await
            }
            Part::P8 => Ok(vec![Box::pin(send::run(&self.send())).await?]),
            Part::P9 => Box::pin(growth::run(&self.growth())).await,
            Part::P12 => Box::pin(storage::run(&self.storage())).await,
            Part::A1 => Box::pin(asking::run(&self.asking(QUESTIONS, 0))).await,
            Part::A2 => Box::pin(asking::run(&self.asking(0, QUESTIONS))).await,
        }
    }

    /// The same flow to one channel of each target, labelled by its number of subscribers.
    async fn compared(
        &self,
        targets: &[Target],
        subscribers: usize,
        window: u16,
    ) -> Result<Vec<Row>> {
        let deliveries = if window > 1 { DELIVERIES_QUEUED } else { DELIVERIES };
        let rate = deliveries / subscribers as f64;
        let flow = Flow { rate, seconds: self.seconds, window, bytes: 128, publishers: 1 };
        let mut rows = Vec::new();
        for target in super::super::targets(&self.common, targets) {
            let common = Common { target, ..self.common.clone() };
            let options = Fanout { common, flow, channels: 1, subscribers };
            let label = format!("{} {subscribers}", target.name());
            rows.push(Box::pin(fanout::run(&options)).await?.labelled(&label));
        }
        Ok(rows)
    }

    async fn paced(&mut self) -> Result<Vec<Row>> {
        let common = self.common.clone();
        let mut options =
            Pace { common, rate: self.half, seconds: self.seconds, subscribers: SUBSCRIBERS };
        if options.rate.is_none() {
            let half = Box::pin(pace::capacity(&options)).await? / 2.0;
            (self.half, options.rate) = (Some(half), Some(half));
        }
        Box::pin(pace::run(&options)).await
    }

    fn fanout(&self, rate: f64, bytes: u32, subscribers: usize) -> Fanout {
        let flow = Flow { rate, seconds: self.seconds, window: 1, bytes, publishers: 1 };
        Fanout { common: self.common.clone(), flow, channels: 1, subscribers }
    }

    fn idle(&self) -> Idle {
        Idle {
            common: self.common.clone(),
            connections: self.connections,
            channels: (self.connections / IDLE_MEMBERS).max(1),
            own_accounts: true,
            accounts: Some(self.accounts.clone()),
            rest_seconds: None,
            seconds: IDLE_SECONDS,
            ping_seconds: 25,
        }
    }

    fn send(&self) -> Send {
        let common = self.common.clone();
        Send { common, rate: 1_000.0, seconds: self.seconds, authors: 16, bytes: 128 }
    }

    fn growth(&self) -> Growth {
        Growth {
            common: self.common.clone(),
            subscribers: vec![100, 1_000, 10_000],
            channels: vec![1, 10, 100, 1_000],
            deliveries: DELIVERIES,
            seconds: self.seconds,
        }
    }

    fn asking(&self, questions: u32, jobs: u32) -> Asking {
        Asking {
            common: self.common.clone(),
            questions,
            jobs,
            rate: MESSAGES_BESIDE,
            seconds: self.seconds,
            subscribers: READERS_BESIDE,
        }
    }

    fn storage(&self) -> Storage {
        Storage {
            common: self.common.clone(),
            stall_seconds: 10,
            seconds: 10,
            stall: Extent::Writes,
            rate: 100.0,
            authors: 100,
        }
    }
}

impl Drop for Setting {
    fn drop(&mut self) {
        if self.temporary && std::fs::remove_dir_all(&self.accounts).is_err() {
            // P1 did not run, or the folder stays in the temporary one.
        }
    }
}
