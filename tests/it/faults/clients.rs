//! Clients that do not give up, and write down what they were told and saw.
//!
//! A writer repeats a message under one client id until it is acknowledged. A follower resumes from
//! its position whenever its socket ends. Both keep `docs/protocol.md`, "Never lose, never double".

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use serde_json::{Value, json};
use starling_load::Record;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::world::{PATIENCE, Person, text};

/// Silence longer than this is taken for a lost connection.
const ANSWER_MAX: Duration = Duration::from_secs(5);
/// Pause before dialling again a server that is away: two cores are shared with it.
const DIAL_PAUSE: Duration = Duration::from_millis(3);

/// What all clients saw, in the order in which they saw it.
#[derive(Clone, Default)]
pub(crate) struct History(Arc<Mutex<Vec<Record>>>);

impl History {
    fn note(&self, record: Record) {
        self.0.lock().push(record);
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.0.lock().clone()
    }

    pub(crate) fn acknowledged(&self) -> usize {
        let is_receipt = |record: &&Record| matches!(record, Record::Acknowledged { .. });
        self.0.lock().iter().filter(is_receipt).count()
    }

    /// Reads the whole log back, as its last part.
    pub(crate) async fn read_log(&self, reader: &Person, channel: &str) -> u64 {
        let mut after = 0;
        loop {
            let path = format!("/api/v1/channels/{channel}/events?after={after}&limit=200");
            let page = reader.get(&path).await;
            let events = page["events"].as_array().unwrap();
            let Some(last) = events.last() else { return after };
            after = last["seq"].as_u64().unwrap();
            for event in events {
                let message = &event["message"];
                self.note(Record::Logged {
                    channel: channel.to_owned(),
                    seq: event["seq"].as_u64().unwrap(),
                    kind: text(&event["type"]),
                    message_id: subject(event),
                    author: message["author_id"].as_str().map(str::to_owned),
                    client_message_id: message["client_message_id"].as_str().map(str::to_owned),
                });
            }
        }
    }
}

/// The message that an entry is, or is about.
fn subject(entry: &Value) -> Option<String> {
    entry["message"]["id"].as_str().or(entry["message_id"].as_str()).map(str::to_owned)
}

/// A socket whose end is an answer, not a failed test.
pub(crate) struct Line(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Line {
    /// Connects, with as many attempts as patience allows.
    pub(crate) async fn open(address: &str, person: &Person) -> Self {
        let url = format!("ws://{address}/ws?token={}&subscribe=none", person.token);
        let dial = async {
            loop {
                if let Ok((socket, _)) = tokio_tungstenite::connect_async(&url).await {
                    return Self(socket);
                }
                tokio::time::sleep(DIAL_PAUSE).await;
            }
        };
        tokio::time::timeout(PATIENCE, dial).await.expect("a server to connect to")
    }

    /// `None` when the socket has ended.
    pub(crate) async fn send(&mut self, frame: &Value) -> Option<()> {
        self.0.send(Message::text(frame.to_string())).await.ok()
    }

    /// The next frame; `None` when the socket has ended or is silent for too long.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(ANSWER_MAX, self.0.next()).await.ok()?? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Ping(_) | Message::Pong(_)) => (),
                Ok(Message::Binary(_) | Message::Close(_) | Message::Frame(_)) | Err(_) => {
                    return None;
                }
            }
        }
    }

    /// Sends a frame and waits for its answer.
    pub(crate) async fn ask(&mut self, frame: &Value) -> Option<Value> {
        self.send(frame).await?;
        loop {
            let answer = self.next().await?;
            if answer["id"] == frame["id"] {
                return Some(answer);
            }
        }
    }
}

/// Writes until `stopped`; the message in hand is brought to its end. Every seventh is sent once
/// more after its receipt, which must not change.
pub(crate) async fn write(
    (address, author, channel): (String, Person, String),
    history: History,
    stopped: watch::Receiver<bool>,
) {
    let mut line = None;
    let mut number = 0_u64;
    let mut position = 0;
    while !*stopped.borrow() {
        number += 1;
        let client_id = format!("{}-{number}", &author.id[24..]);
        let frame = json!({
            "type": "send_message", "id": number, "channel_id": channel, "content": client_id,
            "client_message_id": client_id, "after_seq": position,
        });
        for _ in 0..=u8::from(number.is_multiple_of(7)) {
            let ack = place(&address, &author, &mut line, &frame).await;
            let seq = ack["seq"].as_u64().unwrap();
            position = position.max(seq);
            history.note(Record::Acknowledged {
                author: author.id.clone(),
                channel: channel.clone(),
                client_message_id: client_id.clone(),
                message_id: text(&ack["message_id"]),
                seq,
            });
        }
    }
}

/// Sends the same frame until it is acknowledged.
pub(crate) async fn place(
    address: &str,
    author: &Person,
    line: &mut Option<Line>,
    frame: &Value,
) -> Value {
    let placing = async {
        loop {
            let open = match line.take() {
                Some(open) => line.insert(open),
                None => line.insert(Line::open(address, author).await),
            };
            match open.ask(frame).await {
                Some(answer) if answer["type"] == "ack" => return answer,
                Some(answer) => {
                    assert_eq!(answer["retry"], true, "refused for good: {answer}");
                    let pause_ms = answer["retry_after_ms"].as_u64().unwrap_or(5);
                    tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                }
                None => *line = None,
            }
        }
    };
    tokio::time::timeout(PATIENCE * 3, placing).await.expect("the message to find its place")
}

/// Follows the channel from its beginning, resuming on every new socket, until it has seen
/// everything up to `until` (0: not known yet).
pub(crate) async fn follow(
    (address, reader, channel): (String, Person, String),
    history: History,
    name: String,
    mut until: watch::Receiver<u64>,
) -> u32 {
    let follower = name;
    history.note(Record::Started {
        follower: follower.clone(),
        channel: channel.clone(),
        after: 0,
    });
    let (mut position, mut generation) = (0, Value::from(0));
    let mut resumes = 0;
    let is_level = |position: u64, until: u64| until > 0 && position >= until;
    while !is_level(position, *until.borrow()) {
        let mut line = Line::open(&address, &reader).await;
        let known = json!({ "channel_id": channel, "after_seq": position, "gen": generation });
        let hello = if position == 0 {
            json!({ "type": "join_channel", "id": 1, "channel_id": channel, "after_seq": 0 })
        } else {
            resumes += 1;
            json!({ "type": "resume", "channels": [known] })
        };
        if line.send(&hello).await.is_none() {
            continue;
        }
        // What came live before the replay waits here for what is missing below it.
        let mut early: BTreeMap<u64, Value> = BTreeMap::new();
        while !is_level(position, *until.borrow()) {
            let frame = tokio::select! {
                frame = line.next() => frame,
                _ = until.changed() => continue,
            };
            let Some(frame) = frame else { break };
            assert_ne!(frame["type"], "resync", "{follower} lost its place at {position}: {frame}");
            let is_entry = frame["gen"] != Value::Null && frame["seq"].is_u64();
            if is_entry && frame["channel_id"] == channel.as_str() {
                generation = frame["gen"].clone();
                early.insert(frame["seq"].as_u64().unwrap(), frame);
            }
            while let Some(frame) = early.remove(&(position + 1)) {
                position += 1;
                history.note(Record::Seen {
                    follower: follower.clone(),
                    channel: channel.clone(),
                    seq: position,
                    kind: text(&frame["type"]),
                    message_id: subject(&frame),
                });
            }
        }
        // What lies above a hole was not shown to anyone; the next resume brings it again.
    }
    history.note(Record::Finished { follower, channel });
    resumes
}
