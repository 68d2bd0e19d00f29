//! People who come back to the channel a few messages behind its head: the time from asking to join
//! until everything missing was replayed.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::spans::{Kind, Spans};
use crate::caller::Caller;
use crate::world::{User, World};

pub(super) const READERS: usize = 4;
/// Entries behind the head, as after a moment without a network.
const BEHIND: u64 = 5;
/// About a hundred reads a second over all readers.
const PAUSE: Duration = Duration::from_millis(40);
/// Ids of frames; answers are awaited one at a time, so they may repeat.
const JOIN: u64 = 1;
const LEAVE: u64 = 2;

pub(super) async fn start(
    world: &World,
    people: &[&User],
    spans: &Arc<Spans>,
    probes: &mut JoinSet<Result<()>>,
) -> Result<()> {
    for person in people {
        let caller = super::caller(world, person).await?;
        let reader =
            Reader { caller, channel: world.channels[0].clone(), spans: Arc::clone(spans) };
        probes.spawn(reader.run());
    }
    Ok(())
}

struct Reader {
    caller: Caller,
    channel: String,
    spans: Arc<Spans>,
}

impl Reader {
    async fn run(mut self) -> Result<()> {
        let join = json!({"type": "join_channel", "id": JOIN, "channel_id": self.channel});
        self.caller.send(&join).await?;
        let ack = self.caller.answer(JOIN).await.context("joining")?;
        let mut head = ack.head_seq.context("an ack without head_seq")?;
        let generation = ack.generation;
        loop {
            self.leave().await.context("leaving")?;
            sleep(PAUSE).await;
            if self.spans.is_over() {
                std::future::pending::<()>().await;
            }
            head = self.read_tail(head, &generation).await.context("reading the tail")?;
        }
    }

    async fn leave(&mut self) -> Result<()> {
        let leave = json!({"type": "leave_channel", "id": LEAVE, "channel_id": self.channel});
        self.caller.send(&leave).await?;
        self.caller.answer(LEAVE).await.map(drop)
    }

    /// Joins behind the head and checks that exactly what is missing comes; the new head.
    async fn read_tail(&mut self, head: u64, generation: &Value) -> Result<u64> {
        let after = head.saturating_sub(BEHIND);
        let join = json!({
            "type": "join_channel", "id": JOIN, "channel_id": self.channel,
            "after_seq": after, "gen": generation,
        });
        let sent = self.spans.sent();
        self.caller.send(&join).await?;
        let mut position = after;
        loop {
            let frame = self.caller.next().await?;
            match (frame.kind.as_str(), frame.seq) {
                (_, Some(seq)) if frame.is_entry() && seq == position + 1 => position = seq,
                (_, Some(seq)) if frame.is_entry() => bail!("{seq} came after {position}"),
                ("resumed", _) => {
                    self.spans.answered(Kind::Tail, sent);
                    let told = frame.head_seq.unwrap_or(position);
                    if position < told {
                        bail!("resumed at {told}, but only {position} had come");
                    }
                    return Ok(position);
                }
                ("resync", _) => bail!("told to reload {BEHIND} entries behind the head"),
                ("error", _) if frame.id == JOIN => {
                    self.spans.refused(sent, &frame.complaint());
                    return Ok(head);
                }
                _ => {}
            }
        }
    }
}
