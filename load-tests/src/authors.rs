//! People who write to a cluster and do not give up: the same message under the same id, on any node,
//! until it is acknowledged or refused for good.
//!
//! **Invariant:** a message that an author began is brought to its end before the author ends, and what
//! the server said of it is in the history.

mod socket;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use self::socket::Socket;
use crate::clock;
use crate::history::{self, History, Record};
use crate::timeline::Timeline;
use crate::wire::http;
use crate::wire::stamp::Stamp;
use crate::world::User;

/// Silence longer than this is treated like a lost connection. The server says `outcome_unknown` after
/// five seconds, which should be heard.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(6);
/// A message that found no place for so long is a failure. Longer than the database may take to be back.
const GIVE_UP: Duration = Duration::from_secs(330);
/// What a client waits at least that has to come again: twice as long each time, up to the second
/// number, so that a server in trouble is not kept there.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
const AGAIN_AFTER_MAX: Duration = Duration::from_millis(320);
/// Refusals after which an author tries another node.
const REFUSALS_BEFORE_LEAVING: u32 = 3;
const CONTENT_BYTES: usize = 128;
/// Share of acknowledged messages that are sent once more.
const REPEAT_SHARE: f64 = 0.1;
/// Share of messages without words, which no server takes.
const EMPTY_SHARE: f64 = 0.02;

/// What all authors of a run share.
pub(crate) struct Desk {
    pub(crate) nodes: Arc<[SocketAddr]>,
    pub(crate) history: History,
    pub(crate) timeline: Timeline,
}

/// How an author reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Socket,
    Rest,
}

/// When an author begins the next message.
#[derive(Clone, Debug)]
pub(crate) enum Pace {
    /// So long after the end of the one before, in milliseconds.
    Pause(std::ops::Range<u64>),
    /// On a schedule; late ones follow at once.
    Every(Duration),
}

/// Who writes where, and how.
pub(crate) struct Author {
    pub(crate) user: User,
    pub(crate) channel: String,
    /// The channel's number in the timeline.
    pub(crate) place: usize,
    pub(crate) way: Way,
    pub(crate) pace: Pace,
    /// Whether sends carry the position up to which the author has seen everything.
    pub(crate) tells_position: bool,
    /// Whether now and then a message is sent that is refused, or again after its receipt.
    pub(crate) strays: bool,
    pub(crate) seed: u64,
}

/// What authors did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) acknowledged: u64,
    /// Attempts that did not end in a receipt, and repeats after one.
    pub(crate) resent: u64,
    pub(crate) refused: u64,
    /// Messages that took longer than a person waits, or were refused although nothing is wrong.
    pub(crate) shown: u64,
    /// From the first attempt to the receipt.
    pub(crate) slowest: Duration,
}

impl Written {
    pub(crate) fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        self.resent += other.resent;
        self.refused += other.refused;
        self.shown += other.shown;
        self.slowest = self.slowest.max(other.slowest);
    }
}

/// What became of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Acknowledged {
        seq: u64,
    },
    /// For good. Nothing is known of the log when an attempt before this one got no answer.
    Refused,
}

/// How one attempt ended.
#[derive(Debug, PartialEq, Eq)]
enum Attempt {
    Acknowledged { message_id: String, seq: u64 },
    Refused(String),
    Again(Option<Duration>),
}

/// Longer than a person waits for a message to be there.
const SHOWN_AFTER: Duration = Duration::from_secs(10);

/// A pen in an author's hand: the connection and the state of the writing.
pub(crate) struct Pen {
    author: Author,
    desk: Arc<Desk>,
    /// Which node is asked now.
    node: usize,
    socket: Option<Socket>,
    random: StdRng,
    position: u64,
    number: u64,
    written: Written,
}

impl Pen {
    pub(crate) fn new(author: Author, desk: &Arc<Desk>) -> Self {
        let mut random = StdRng::seed_from_u64(author.seed);
        let node = random.random_range(0..desk.nodes.len());
        Self {
            author,
            desk: Arc::clone(desk),
            node,
            socket: None,
            random,
            position: 0,
            number: 0,
            written: Written::default(),
        }
    }

    /// Writes until told to stop; the message in hand is brought to its end.
    pub(crate) async fn run(mut self, stopped: watch::Receiver<bool>) -> Result<Written> {
        let begin = Instant::now();
        let mut turn = 0_u32;
        while !*stopped.borrow() {
            turn += 1;
            match self.author.pace.clone() {
                Pace::Pause(range) => {
                    sleep(Duration::from_millis(self.random.random_range(range))).await;
                }
                Pace::Every(span) => sleep_until(begin + span * turn).await,
            }
            let is_empty = self.author.strays && self.random.random_bool(EMPTY_SHARE);
            let message = self.compose(is_empty);
            let placed = self.place(&message).await?;
            match placed {
                Outcome::Refused => ensure!(is_empty, "a good message was refused for good"),
                Outcome::Acknowledged { .. } => {
                    ensure!(!is_empty, "a message without words was taken");
                    if self.author.strays && self.random.random_bool(REPEAT_SHARE) {
                        self.place(&message).await?;
                        self.written.resent += 1;
                    }
                }
            }
        }
        Ok(self.written)
    }

    /// A message with an id of its own.
    pub(crate) fn compose(&mut self, is_empty: bool) -> Value {
        self.number += 1;
        let stamp = Stamp { number: self.number, sent_nanos: clock::nanos() };
        let mut message = json!({
            "type": "send_message",
            "id": self.number,
            "channel_id": self.author.channel,
            "content": if is_empty { String::new() } else { stamp.content(CONTENT_BYTES) },
            "client_message_id": uuid::Uuid::now_v7().to_string(),
        });
        if self.author.tells_position {
            message["after_seq"] = json!(self.position);
        }
        message
    }

    pub(crate) fn channel(&self) -> &str {
        &self.author.channel
    }

    pub(crate) fn written(&self) -> &Written {
        &self.written
    }

    /// Sends one message until it is acknowledged or refused for good, and writes down which.
    pub(crate) async fn place(&mut self, message: &Value) -> Result<Outcome> {
        let begin = Instant::now();
        let (mut attempts, mut again_after) = (0_u32, AGAIN_AFTER);
        loop {
            attempts += 1;
            let last = match self.attempt(message).await {
                Ok(Attempt::Acknowledged { message_id, seq }) => {
                    let took = begin.elapsed();
                    self.written.slowest = self.written.slowest.max(took);
                    self.written.shown += u64::from(took > SHOWN_AFTER);
                    self.acknowledged(message, message_id, seq);
                    return Ok(Outcome::Acknowledged { seq });
                }
                Ok(Attempt::Refused(code)) => {
                    self.refused(message, code, attempts == 1);
                    return Ok(Outcome::Refused);
                }
                Ok(Attempt::Again(pause)) => {
                    if attempts.is_multiple_of(REFUSALS_BEFORE_LEAVING) {
                        self.leave();
                    }
                    sleep(pause.unwrap_or_default().max(again_after)).await;
                    again_after = (again_after * 2).min(AGAIN_AFTER_MAX);
                    "the server says: again".to_owned()
                }
                Err(error) => {
                    self.leave();
                    sleep(again_after.mul_f64(self.random.random_range(0.1..1.0))).await;
                    again_after = (again_after * 2).min(AGAIN_AFTER_MAX);
                    format!("{error:#}")
                }
            };
            self.written.resent += 1;
            let id = &message["client_message_id"];
            let (channel, tried) = (&self.author.channel, begin.elapsed());
            ensure!(tried < GIVE_UP, "{id} found no place in {channel} for {tried:?}: {last}");
        }
    }

    fn acknowledged(&mut self, message: &Value, message_id: String, seq: u64) {
        self.position = self.position.max(seq);
        self.written.acknowledged += 1;
        self.desk.timeline.acknowledged(self.author.place);
        self.desk.history.write(&history::line(&Record::Acknowledged {
            author: self.author.user.id.clone(),
            channel: self.author.channel.clone(),
            client_message_id: id_of(message),
            message_id,
            seq,
        }));
    }

    /// An attempt before, whose outcome is not known, may have been stored: then nothing is proven.
    fn refused(&mut self, message: &Value, code: String, is_first: bool) {
        self.written.refused += 1;
        if is_first {
            self.desk.history.write(&history::line(&Record::Refused {
                author: self.author.user.id.clone(),
                channel: self.author.channel.clone(),
                client_message_id: id_of(message),
                code,
            }));
        }
    }

    /// Goes to another node.
    fn leave(&mut self) {
        self.socket = None;
        let count = self.desk.nodes.len();
        if count > 1 {
            self.node = (self.node + self.random.random_range(1..count)) % count;
        }
    }

    /// Where REST requests of this author go now.
    pub(crate) async fn request(&self, method: &str, path: &str) -> Result<http::Answer> {
        let asking = http::request(self.node(), method, path, Some(&self.author.user.token), None);
        timeout(ANSWER_TIMEOUT, asking).await.context("no answer")?
    }

    /// The author goes somewhere else, as after a bad answer.
    pub(crate) fn move_on(&mut self) {
        self.leave();
    }

    fn node(&self) -> SocketAddr {
        self.desk.nodes[self.node]
    }

    async fn attempt(&mut self, message: &Value) -> Result<Attempt> {
        let trying = async {
            match self.author.way {
                Way::Rest => self.post(message).await,
                Way::Socket => {
                    let node = self.node();
                    let socket = match self.socket.take() {
                        Some(socket) => self.socket.insert(socket),
                        None => {
                            let open = Socket::open(node, &self.author.user.token).await?;
                            self.socket.insert(open)
                        }
                    };
                    socket.ask(message).await
                }
            }
        };
        timeout(ANSWER_TIMEOUT, trying).await.context("no answer")?
    }

    async fn post(&self, message: &Value) -> Result<Attempt> {
        let token = Some(self.author.user.token.as_str());
        let path = "/api/v1/messages/";
        let answer = http::request(self.node(), "POST", path, token, Some(message)).await?;
        let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
        match answer.status {
            200 | 201 => Ok(Attempt::Acknowledged {
                message_id: answer.body["id"].as_str().context("a message without id")?.to_owned(),
                seq: answer.body["seq"].as_u64().context("a message without seq")?,
            }),
            429 | 500..=599 => Ok(Attempt::Again(None)),
            status => Ok(Attempt::Refused(format!("{status} {code}"))),
        }
    }
}

fn id_of(message: &Value) -> String {
    message["client_message_id"].as_str().unwrap_or_default().to_owned()
}
