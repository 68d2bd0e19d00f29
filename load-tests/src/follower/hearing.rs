//! What a follower makes of each frame, per target. Synchronous: it runs inside the read, and
//! leaves behind what has to be awaited (replies, a reload).

use std::sync::atomic::Ordering;

use serde_json::Value;

use super::Slot;
use crate::board::{Board, locked};
use crate::history;
use crate::ledger::{Kept, Ledger, Verdict};
use crate::seat::{Seat, Target};
use crate::wire::json::{self, Incoming};
use crate::wire::nats::{self, Operation};
use crate::wire::stamp::Stamp;
use crate::wire::websocket::{self, BINARY, CLOSE, CONTINUATION, Frame, PING, PONG, TEXT};

/// A part of the log to read over REST before going on.
#[derive(Clone, Copy)]
pub(crate) struct Reload {
    pub(crate) after: u64,
    pub(crate) head: u64,
}

/// The state of one connection.
pub(crate) struct Hearing {
    target: Target,
    nats: nats::Decoder,
    acknowledged: bool,
    /// Where the replay starts, on a return; taken away when it is over.
    pub(crate) replay_after: Option<u64>,
    pub(crate) generation: Value,
    pub(crate) reload: Option<Reload>,
    /// Frames to send back, already masked.
    pub(crate) replies: Vec<u8>,
    /// Why this connection cannot go on.
    pub(crate) ended: Option<String>,
}

impl Hearing {
    pub(crate) fn new(seat: &Seat, position: Option<u64>) -> Self {
        Self {
            target: seat.target,
            nats: nats::Decoder::default(),
            // A bare server counts a socket in before the upgrade is through.
            acknowledged: seat.target.is_bare(),
            replay_after: position.filter(|_| seat.target == Target::Starling),
            generation: locked(&seat.generation).clone(),
            reload: None,
            replies: Vec::new(),
            ended: None,
        }
    }

    /// Whether the channel is followed live, with nothing left to replay.
    pub(crate) fn is_joined(&self) -> bool {
        self.acknowledged && self.replay_after.is_none() && self.reload.is_none()
    }

    pub(crate) fn hear(&mut self, slot: &Slot, board: &Board, frame: &Frame<'_>) {
        match frame.opcode {
            CLOSE => self.ended = Some(format!("closed with {}", frame.close_code())),
            PING => websocket::append_masked(&mut self.replies, PONG, frame.payload),
            TEXT | BINARY | CONTINUATION => match self.target {
                Target::Floor | Target::Axum | Target::AxumJoined => {
                    self.hear_bare(slot, board, frame.payload);
                }
                Target::Nats => self.hear_nats(slot, board, frame.payload),
                Target::Starling if frame.is_final => self.hear_json(slot, board, frame.payload),
                Target::Starling => self.ended = Some("a fragmented server frame".to_owned()),
            },
            _ => {}
        }
    }

    fn hear_bare(&mut self, slot: &Slot, board: &Board, payload: &[u8]) {
        match std::str::from_utf8(payload).ok().and_then(Stamp::parse) {
            Some(stamp) => self.entry(slot, board, stamp.number, Some(stamp), None),
            None => self.ended = Some("a content without a stamp".to_owned()),
        }
    }

    fn hear_nats(&mut self, slot: &Slot, board: &Board, payload: &[u8]) {
        let mut decoder = std::mem::take(&mut self.nats);
        let fed = decoder.feed(payload, &mut |operation| match operation {
            Operation::Message { subject, payload } if subject == slot.seat.channel => {
                self.hear_bare(slot, board, payload);
            }
            Operation::Message { .. } => locked(&slot.ledger).foreign += 1,
            Operation::Ping => websocket::append_masked(&mut self.replies, BINARY, b"PONG\r\n"),
            Operation::Pong => self.acknowledged = true,
            Operation::Refused(line) => self.ended = Some(line.to_owned()),
            Operation::Other => {}
        });
        self.nats = decoder;
        if let Err(error) = fed {
            self.ended = Some(format!("{error:#}"));
        }
    }

    fn hear_json(&mut self, slot: &Slot, board: &Board, payload: &[u8]) {
        let parsed = match json::parse(payload) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.ended = Some(format!("not a frame of the protocol: {error}"));
                return;
            }
        };
        let frame = &parsed.frame;
        match (frame.kind.as_str(), frame.seq) {
            (_, Some(seq)) if frame.is_entry() => {
                if frame.channel_id.as_deref() != Some(slot.seat.channel.as_str()) {
                    locked(&slot.ledger).foreign += 1;
                    return;
                }
                let line = line_of(slot, board, frame);
                self.entry(slot, board, seq, parsed.stamp, line);
            }
            ("ack", _) if frame.id == 1 => self.acknowledge(slot, board, frame),
            ("resumed", _) => self.replay_after = None,
            ("resync", _) => {
                let after = locked(&slot.ledger).pause();
                locked(&slot.ledger).resyncs += 1;
                self.reload = Some(Reload { after, head: frame.head_seq.unwrap_or(after) });
                self.keep_generation(slot, frame);
            }
            ("error", _) => self.ended = Some(frame.complaint()),
            _ => {}
        }
    }

    /// The answer to the join: a newcomer starts at the head, a returning one has to be replayed.
    fn acknowledge(&mut self, slot: &Slot, board: &Board, frame: &Incoming) {
        self.acknowledged = true;
        self.keep_generation(slot, frame);
        if self.replay_after.is_none() {
            let head = frame.head_seq.unwrap_or(0);
            if let Some(history) = &board.history {
                history.write(&history::start(&slot.name, &slot.seat.channel, head));
            }
            let mut ledger = locked(&slot.ledger);
            for kept in ledger.start_after(head) {
                count(&mut ledger, board, kept);
            }
        }
    }

    fn keep_generation(&mut self, slot: &Slot, frame: &Incoming) {
        self.generation = frame.generation.clone();
        *locked(&slot.seat.generation) = frame.generation.clone();
    }

    /// The page asked for has come: it counts first, then what arrived meanwhile.
    pub(crate) fn reloaded(
        &mut self,
        slot: &Slot,
        board: &Board,
        reload: Reload,
        entries: &[Incoming],
    ) {
        let mut ledger = locked(&slot.ledger);
        let kept = ledger.start_after(reload.after);
        for entry in entries {
            let line = line_of(slot, board, entry);
            let is_message =
                entry.message().is_some_and(|message| Stamp::parse(&message.content).is_some());
            let seq = entry.seq.unwrap_or_default();
            count(&mut ledger, board, Kept { seq, is_message, line });
        }
        for kept in kept.into_iter().filter(|kept| kept.seq > reload.head) {
            count(&mut ledger, board, kept);
        }
        self.replay_after = None;
    }

    fn entry(
        &self,
        slot: &Slot,
        board: &Board,
        seq: u64,
        stamp: Option<Stamp>,
        line: Option<String>,
    ) {
        let mut ledger = locked(&slot.ledger);
        if self.target != Target::Starling && ledger.position().is_none() {
            // Without a log, the first connection is there before the first message.
            ledger.start_after(0);
        }
        let entry = Kept { seq, is_message: stamp.is_some(), line };
        let is_fresh = count(&mut ledger, board, entry);
        drop(ledger);
        if let Some(stamp) = stamp
            && is_fresh
            && self.replay_after.is_none()
        {
            board.live.record_nanos(stamp.age_nanos());
        }
    }
}

/// Counts an entry, or keeps it until its place is known. True when it was seen for the first time.
fn count(ledger: &mut Ledger, board: &Board, entry: Kept) -> bool {
    let verdict = ledger.observe(entry.seq, entry.is_message);
    if verdict == Verdict::Early {
        ledger.keep(entry);
        return false;
    }
    if let (Some(history), Some(line)) = (&board.history, &entry.line) {
        history.write(line);
    }
    let is_fresh = verdict != Verdict::Repeated;
    board.delivered.fetch_add(u64::from(is_fresh && entry.is_message), Ordering::Relaxed);
    is_fresh
}

fn line_of(slot: &Slot, board: &Board, frame: &Incoming) -> Option<String> {
    board.history.as_ref().map(|_| history::seen(&slot.name, &slot.seat.channel, frame))
}
