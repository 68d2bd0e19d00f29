//! An author who does not give up: the same client message id until it is acknowledged.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::board::Board;
use crate::clock;
use crate::history::{self, Record};
use crate::link::{Dial, Link};
use crate::wire::json;
use crate::wire::stamp::Stamp;
use crate::wire::websocket::{CLOSE, PING, PONG, TEXT, append_masked};
use crate::world::World;

/// Silence longer than this is treated like a lost connection.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// A message that could not be placed for so long fails the run.
const GIVE_UP: Duration = Duration::from_secs(60);
const CONTENT_BYTES: usize = 128;
/// Between two messages of one writer.
const PAUSE_MS: std::ops::Range<u64> = 1..20;
/// Share of acknowledged messages that are sent once more.
const REPEAT_SHARE: f64 = 0.1;

/// What a writer did.
#[derive(Default)]
pub(super) struct Written {
    pub(super) acknowledged: u64,
    pub(super) resent: u64,
}

impl Written {
    pub(super) fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        self.resent += other.resent;
    }
}

pub(super) struct Writer {
    author: String,
    channel: String,
    dial: Dial,
    link: Option<Link>,
    board: Arc<Board>,
    random: StdRng,
    /// Half of the writers tell where they were when they composed, half leave it out.
    tells_position: bool,
    position: u64,
    written: Written,
}

/// How one attempt ended.
enum Attempt {
    Acknowledged { message_id: String, seq: u64 },
    Again(Duration),
}

impl Writer {
    pub(super) fn new(world: &World, index: usize, board: &Arc<Board>, seed: u64) -> Self {
        let user = &world.users[index % world.users.len()];
        let path = format!("/ws?token={}&subscribe=none", user.token);
        Self {
            author: user.id.clone(),
            channel: world.channels[index % world.channels.len()].clone(),
            dial: Dial { address: world.address, source: None, path, stalls: false },
            link: None,
            board: Arc::clone(board),
            random: StdRng::seed_from_u64(seed.wrapping_add(1 + index as u64)),
            tells_position: index.is_multiple_of(2),
            position: 0,
            written: Written::default(),
        }
    }

    /// Writes until told to stop; the message in hand is brought to its end.
    pub(super) async fn run(mut self, stopped: watch::Receiver<bool>) -> Result<Written> {
        let mut number = 0;
        while !*stopped.borrow() {
            number += 1;
            let stamp = Stamp { number, sent_nanos: clock::nanos() };
            let mut frame = json!({
                "type": "send_message",
                "id": number,
                "channel_id": self.channel,
                "content": stamp.content(CONTENT_BYTES),
                "client_message_id": uuid::Uuid::now_v7().to_string(),
            });
            if self.tells_position {
                frame["after_seq"] = json!(self.position);
            }
            self.place(&frame).await?;
            self.written.acknowledged += 1;
            if self.random.random_bool(REPEAT_SHARE) {
                self.place(&frame).await?;
                self.written.resent += 1;
            }
            sleep(Duration::from_millis(self.random.random_range(PAUSE_MS))).await;
        }
        Ok(self.written)
    }

    /// Repeats one frame until it is acknowledged, and writes the receipt down.
    async fn place(&mut self, frame: &Value) -> Result<()> {
        let begin = Instant::now();
        loop {
            match self.attempt(frame).await {
                Ok(Attempt::Acknowledged { message_id, seq }) => {
                    self.position = self.position.max(seq);
                    let client_message_id =
                        frame["client_message_id"].as_str().unwrap_or_default().to_owned();
                    let (author, channel) = (self.author.clone(), self.channel.clone());
                    let record = Record::Acknowledged {
                        author,
                        channel,
                        client_message_id,
                        message_id,
                        seq,
                    };
                    if let Some(history) = &self.board.history {
                        history.write(&history::line(&record));
                    }
                    return Ok(());
                }
                Ok(Attempt::Again(pause)) => {
                    self.written.resent += 1;
                    sleep(pause).await;
                }
                Err(error) => {
                    self.link = None;
                    self.written.resent += 1;
                    ensure!(begin.elapsed() < GIVE_UP, "a message found no place: {error:#}");
                    sleep(Duration::from_millis(self.random.random_range(5..60))).await;
                }
            }
        }
    }

    async fn attempt(&mut self, frame: &Value) -> Result<Attempt> {
        if self.link.is_none() {
            self.link = Some(Link::open(&self.dial).await?);
        }
        let link = self.link.as_mut().context("just opened")?;
        link.send(TEXT, frame.to_string().as_bytes()).await?;
        timeout(ANSWER_TIMEOUT, answer(link, &frame["id"])).await.context("no answer")?
    }
}

/// Reads up to the answer with this id.
async fn answer(link: &mut Link, id: &Value) -> Result<Attempt> {
    loop {
        let mut frames = Vec::new();
        let open =
            link.read(&mut |frame| frames.push((frame.opcode, frame.payload.to_vec()))).await?;
        for (opcode, payload) in frames {
            match opcode {
                PING => {
                    let mut pong = Vec::new();
                    append_masked(&mut pong, PONG, &payload);
                    link.write(&pong).await?;
                }
                CLOSE => bail!("closed by the server"),
                TEXT => {
                    if let Some(attempt) = judge(&payload, id)? {
                        return Ok(attempt);
                    }
                }
                _ => {}
            }
        }
        ensure!(open, "end of stream");
    }
}

fn judge(payload: &[u8], id: &Value) -> Result<Option<Attempt>> {
    let parsed = json::parse(payload)?;
    let frame = &parsed.frame;
    if frame.id != *id {
        return Ok(None);
    }
    match frame.kind.as_str() {
        "ack" => {
            let message_id = frame.message_id.clone().context("an ack without message_id")?;
            let seq = frame.seq.context("an ack without seq")?;
            Ok(Some(Attempt::Acknowledged { message_id, seq }))
        }
        "error" if frame.retry == Some(true) => {
            let pause = Duration::from_millis(frame.retry_after_ms.unwrap_or(20));
            Ok(Some(Attempt::Again(pause)))
        }
        "error" => bail!("refused for good: {}", frame.complaint()),
        _ => Ok(None),
    }
}
