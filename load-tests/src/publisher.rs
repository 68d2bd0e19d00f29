//! Sends messages on a fixed schedule, whatever the server does, and counts what it acknowledged.
//!
//! A latency starts when the message is written, or when it should have been if the writer is late:
//! a server that stalls its sender does not look faster for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::board::Latency;
use crate::clock;
use crate::link::Link;
use crate::options::Flow;
use crate::seat::Target;
use crate::wire::json;
use crate::wire::nats::{self, Operation};
use crate::wire::stamp::Stamp;
use crate::wire::websocket::{BINARY, CLOSE, Frame, PING, PONG, TEXT, append_masked};
use crate::world::World;

/// Sends without an answer before a publisher waits.
const IN_FLIGHT_MAX: usize = 8_192;
/// A timer fires up to this late by itself; only beyond it is the plan's time used.
const TIMER_SLACK: Duration = Duration::from_millis(2);
/// Half a minute of refusals: longer than a stall of the storage.
const REPEATS_MAX: u32 = 32;
/// Waiting after a refusal that names no time doubles from this …
const BACKOFF_MIN: Duration = Duration::from_millis(50);
/// … to this.
const BACKOFF_MAX: Duration = Duration::from_secs(1);
/// All publishers are up before the first message.
const START_DELAY: Duration = Duration::from_millis(20);
const GREETING_TIMEOUT: Duration = Duration::from_secs(15);

/// What all publishers together achieved.
pub(crate) struct Sent {
    /// Messages per channel that are acknowledged, or written where nothing is acknowledged.
    pub(crate) accepted: Vec<u64>,
    /// Sends that were answered with an error and repeated.
    pub(crate) repeated: u64,
    pub(crate) answered: Arc<Latency>,
}

impl Sent {
    pub(crate) fn total(&self) -> u64 {
        self.accepted.iter().sum()
    }
}

/// Sends a flow into every channel and waits for the answers.
pub(crate) async fn publish(world: &World, flow: &Flow, settle: Duration) -> Result<Sent> {
    let publishers = usize::from(flow.publishers).min(world.channels.len());
    let shares = (0..publishers)
        .map(|index| (index..world.channels.len()).step_by(publishers).collect())
        .collect();
    publish_shares(world, flow, shares, settle).await
}

/// Sends one flow into the first channel from several authors' sockets, in turn.
pub(crate) async fn publish_together(world: &World, flow: &Flow, settle: Duration) -> Result<Sent> {
    let authors = usize::from(flow.publishers);
    let each = Flow { rate: flow.rate / authors as f64, ..*flow };
    publish_shares(world, &each, vec![vec![0]; authors], settle).await
}

/// One publisher for each share of the channels. Their schedules are shifted against each other.
async fn publish_shares(
    world: &World,
    flow: &Flow,
    shares: Vec<Vec<usize>>,
    settle: Duration,
) -> Result<Sent> {
    ensure!(flow.rate > 0.0 && flow.rate <= 1_000_000.0, "a rate of {}", flow.rate);
    let answered = Arc::new(Latency::new()?);
    let count = shares.len() as f64;
    let mut publishers = Vec::new();
    for channels in shares {
        publishers.push(Publisher::open(world, *flow, &channels, Arc::clone(&answered)).await?);
    }
    let begin = Instant::now() + START_DELAY;
    let mut tasks = JoinSet::new();
    for (index, mut publisher) in publishers.into_iter().enumerate() {
        let shift = publisher.period().mul_f64(index as f64 / count);
        tasks.spawn(async move {
            publisher.run(begin + shift, settle).await?;
            anyhow::Ok(publisher.outcome())
        });
    }
    let mut sent = Sent { accepted: vec![0; world.channels.len()], repeated: 0, answered };
    while let Some(done) = tasks.join_next().await {
        let (accepted, repeated) = done??;
        sent.repeated += repeated;
        for (channel, count) in accepted {
            sent.accepted[channel] += count;
        }
    }
    Ok(sent)
}

/// A send that waits for its answer.
struct Pending {
    /// Place in the publisher's list of channels.
    place: usize,
    stamp: Stamp,
    client_message_id: String,
    repeats: u32,
}

struct Lane {
    channel: usize,
    name: String,
    /// Number of the newest message composed for the channel.
    number: u64,
    accepted: u64,
}

struct Publisher {
    target: Target,
    link: Link,
    flow: Flow,
    lanes: Vec<Lane>,
    pending: HashMap<u64, Pending>,
    /// Refused sends and when to repeat them.
    again: Vec<(Instant, Pending)>,
    next_id: u64,
    repeated: u64,
    nats: nats::Decoder,
    greeted: bool,
    replies: Vec<u8>,
    ended: Option<String>,
    answered: Arc<Latency>,
}

impl Publisher {
    async fn open(
        world: &World,
        flow: Flow,
        channels: &[usize],
        answered: Arc<Latency>,
    ) -> Result<Self> {
        let lane = |&channel: &usize| {
            let name = world.channels[channel].clone();
            Lane { channel, name, number: 0, accepted: 0 }
        };
        let mut publisher = Self {
            target: world.target,
            link: Link::open(&world.sender()).await.context("opening a publisher")?,
            flow,
            lanes: channels.iter().map(lane).collect(),
            pending: HashMap::new(),
            again: Vec::new(),
            next_id: 0,
            repeated: 0,
            nats: nats::Decoder::default(),
            greeted: world.target.is_bare(),
            replies: Vec::new(),
            ended: None,
            answered,
        };
        if publisher.target == Target::Nats {
            let hello =
                b"CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1}\r\nPING\r\n";
            publisher.link.send(BINARY, hello).await?;
        }
        while !publisher.greeted {
            timeout(GREETING_TIMEOUT, publisher.listen()).await.context("no greeting")??;
        }
        Ok(publisher)
    }

    fn outcome(self) -> (Vec<(usize, u64)>, u64) {
        (self.lanes.iter().map(|lane| (lane.channel, lane.accepted)).collect(), self.repeated)
    }

    /// Time from one burst to the next, whatever channel it is for.
    fn period(&self) -> Duration {
        let bursts_per_second =
            self.flow.rate / f64::from(self.flow.window) * self.lanes.len() as f64;
        Duration::from_secs_f64(1.0 / bursts_per_second)
    }

    async fn run(&mut self, begin: Instant, settle: Duration) -> Result<()> {
        let seconds = f64::from(self.flow.seconds);
        let per_channel = (self.flow.rate * seconds / f64::from(self.flow.window)).round().max(1.0);
        let bursts = per_channel * self.lanes.len() as f64;
        let period = self.period();
        let mut burst = 0_usize;
        while (burst as f64) < bursts {
            let due = begin + period.mul_f64(burst as f64);
            let repeat = self.again.iter().map(|(when, _)| *when).min();
            let is_full = self.pending.len() >= IN_FLIGHT_MAX;
            tokio::select! {
                heard = self.listen() => heard?,
                () = sleep_until(repeat.unwrap_or(due)), if repeat.is_some() => self.repeat().await?,
                () = sleep_until(due), if !is_full => {
                    self.send_burst(burst % self.lanes.len(), due).await?;
                    burst += 1;
                }
            }
        }
        let deadline = Instant::now() + settle;
        while !(self.pending.is_empty() && self.again.is_empty()) {
            let repeat = self.again.iter().map(|(when, _)| *when).min();
            tokio::select! {
                heard = self.listen() => heard?,
                () = sleep_until(repeat.unwrap_or(deadline)), if repeat.is_some() => self.repeat().await?,
                () = sleep_until(deadline) => {
                    bail!("{} sends were never answered", self.pending.len() + self.again.len())
                }
            }
        }
        Ok(())
    }

    /// Composes a window of messages and writes them in one call.
    async fn send_burst(&mut self, place: usize, due: Instant) -> Result<()> {
        let now = Instant::now();
        let sent = if now.saturating_duration_since(due) > TIMER_SLACK { due } else { now };
        let sent_nanos = clock::nanos_of(sent);
        let mut bytes = Vec::new();
        let mut operations = Vec::new();
        for _ in 0..self.flow.window {
            let lane = &mut self.lanes[place];
            lane.number += 1;
            let stamp = Stamp { number: lane.number, sent_nanos };
            match self.target {
                Target::Starling => {
                    let client_message_id = uuid::Uuid::now_v7().to_string();
                    let send = Pending { place, stamp, client_message_id, repeats: 0 };
                    self.compose(send, &mut bytes);
                }
                Target::Floor | Target::Axum | Target::AxumJoined => {
                    lane.accepted += 1;
                    let content = stamp.content(self.flow.bytes as usize);
                    let text = format!("{}|{content}", lane.name);
                    append_masked(&mut bytes, TEXT, text.as_bytes());
                }
                Target::Nats => {
                    lane.accepted += 1;
                    let content = stamp.content(self.flow.bytes as usize);
                    let text = format!("PUB {} {}\r\n{content}\r\n", lane.name, content.len());
                    operations.extend_from_slice(text.as_bytes());
                }
            }
        }
        if !operations.is_empty() {
            append_masked(&mut bytes, BINARY, &operations);
        }
        Ok(self.link.write(&bytes).await?)
    }

    fn compose(&mut self, send: Pending, bytes: &mut Vec<u8>) {
        self.next_id += 1;
        let frame = json!({
            "type": "send_message",
            "id": self.next_id,
            "channel_id": self.lanes[send.place].name,
            "content": send.stamp.content(self.flow.bytes as usize),
            "client_message_id": send.client_message_id,
        });
        append_masked(bytes, TEXT, frame.to_string().as_bytes());
        self.pending.insert(self.next_id, send);
    }

    async fn repeat(&mut self) -> Result<()> {
        let now = Instant::now();
        let mut bytes = Vec::new();
        while let Some(index) = self.again.iter().position(|(when, _)| *when <= now) {
            let (_, send) = self.again.swap_remove(index);
            self.compose(send, &mut bytes);
        }
        Ok(self.link.write(&bytes).await?)
    }

    /// Reads what has come and answers pings.
    async fn listen(&mut self) -> Result<()> {
        // Answers are few, so they are copied out of the read before they change the rest.
        let mut frames: Vec<(u8, Vec<u8>)> = Vec::new();
        let open = self
            .link
            .read(&mut |frame: Frame<'_>| frames.push((frame.opcode, frame.payload.to_vec())))
            .await?;
        for (opcode, payload) in frames {
            self.hear(opcode, &payload)?;
        }
        if let Some(reason) = self.ended.take() {
            bail!("a publisher was stopped: {reason}");
        }
        ensure!(open, "a publisher's connection ended");
        if !self.replies.is_empty() {
            let replies = std::mem::take(&mut self.replies);
            self.link.write(&replies).await?;
        }
        Ok(())
    }

    fn hear(&mut self, opcode: u8, payload: &[u8]) -> Result<()> {
        match (opcode, self.target) {
            (PING, _) => append_masked(&mut self.replies, PONG, payload),
            (CLOSE, _) => self.ended = Some(format!("close frame {payload:?}")),
            (_, Target::Nats) => {
                let (replies, ended, greeted) =
                    (&mut self.replies, &mut self.ended, &mut self.greeted);
                self.nats.feed(payload, &mut |operation| match operation {
                    Operation::Ping => append_masked(replies, BINARY, b"PONG\r\n"),
                    Operation::Pong => *greeted = true,
                    Operation::Refused(line) => *ended = Some(line.to_owned()),
                    Operation::Message { .. } | Operation::Other => {}
                })?;
            }
            (TEXT, Target::Starling) => self.hear_json(payload)?,
            _ => {}
        }
        Ok(())
    }

    fn hear_json(&mut self, payload: &[u8]) -> Result<()> {
        let parsed = json::parse(payload)?;
        let frame = &parsed.frame;
        match frame.kind.as_str() {
            "hello" => self.greeted = true,
            "ack" => {
                if let Some(send) = frame.id.as_u64().and_then(|id| self.pending.remove(&id)) {
                    self.answered.record_nanos(send.stamp.age_nanos());
                    self.lanes[send.place].accepted += 1;
                }
            }
            "error" => {
                let Some(mut send) = frame.id.as_u64().and_then(|id| self.pending.remove(&id))
                else {
                    bail!("the server complains: {}", frame.complaint())
                };
                send.repeats += 1;
                if frame.retry != Some(true) || send.repeats > REPEATS_MAX {
                    bail!("a send was refused: {}", frame.complaint());
                }
                self.repeated += 1;
                let told = frame.retry_after_ms.map(|ms| Duration::from_millis(ms.max(1)));
                let pause = told.unwrap_or_else(|| backoff(send.repeats));
                self.again.push((Instant::now() + pause, send));
            }
            _ => {}
        }
        Ok(())
    }
}

/// How long to wait before a send is repeated that was refused so often.
fn backoff(repeats: u32) -> Duration {
    BACKOFF_MIN.saturating_mul(1 << repeats.saturating_sub(1).min(16)).min(BACKOFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_a_second() {
        let waits = [1, 2, 3, 6, 30].map(|repeats| backoff(repeats).as_millis());
        assert_eq!(waits, [50, 100, 200, 1_000, 1_000]);
    }
}
