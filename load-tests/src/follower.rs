//! A simulated reader: connects, joins one channel, checks every entry, and comes back where it
//! stopped when the connection ends.
//!
//! **Invariant:** everything a follower saw is in its ledger, over all its connections; a loss on
//! the way can therefore not hide behind a reconnect.

mod hearing;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rand::RngExt;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, interval_at, sleep, timeout};

use self::hearing::Hearing;
use crate::board::{Board, Phase, locked};
use crate::ledger::Ledger;
use crate::link::{Dial, Link};
use crate::seat::{Seat, Target};
use crate::wire::http;
use crate::wire::json::Incoming;
use crate::wire::websocket::{BINARY, TEXT};

/// Waiting after a failed attempt grows from this …
const BACKOFF_MIN: Duration = Duration::from_millis(50);
/// … to this: a restarting server is back within about a second.
const BACKOFF_MAX: Duration = Duration::from_secs(1);
const EVENTS_PER_PAGE: u64 = 500;

/// How a follower behaves.
#[derive(Clone, Copy)]
pub(crate) struct Habits {
    /// After a connection that ended unasked: come back, or stay away and be counted.
    pub(crate) comes_back: bool,
    /// An attempt to open that takes longer is given up.
    pub(crate) join_timeout: Duration,
    pub(crate) ping_every: Duration,
}

/// One follower as the rest of the run sees it.
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) seat: Seat,
    pub(crate) ledger: Mutex<Ledger>,
    /// Asks for a dropped connection and a return after a moment.
    pub(crate) drop_now: Notify,
}

/// How a connection ended.
enum End {
    Lost(String),
    /// The phase said so.
    Held,
    /// `drop_now` said so.
    Dropped,
}

/// Lives until its task is aborted or, without the habit of coming back, its connection is lost.
pub(crate) async fn follow(
    slot: Arc<Slot>,
    board: Arc<Board>,
    habits: Habits,
    mut phase: watch::Receiver<Phase>,
) {
    let mut backoff = BACKOFF_MIN;
    loop {
        if phase.wait_for(|phase| *phase == Phase::Run).await.is_err() {
            return;
        }
        let began = Instant::now();
        match timeout(habits.join_timeout, join(&slot, &board)).await {
            Ok(Ok((link, hearing, is_return))) => {
                backoff = BACKOFF_MIN;
                if is_return {
                    board
                        .replay
                        .record_nanos(u64::try_from(began.elapsed().as_nanos()).unwrap_or(0));
                }
                board.connected.fetch_add(1, Ordering::Relaxed);
                let end = serve(&slot, &board, habits, &mut phase, link, hearing).await;
                board.connected.fetch_sub(1, Ordering::Relaxed);
                if !after(end, &board, habits).await {
                    return;
                }
            }
            failed => {
                board.refused.fetch_add(1, Ordering::Relaxed);
                let reason = failed.map_or_else(
                    |_| "no join in time".to_owned(),
                    |result| result.err().map_or_else(String::new, |error| format!("{error:#}")),
                );
                board.note(format!("opening: {reason}"));
                sleep(backoff.mul_f64(random_share(0.5..1.5))).await;
                backoff = (backoff * 2).min(BACKOFF_MAX);
            }
        }
    }
}

/// Whether to go on after a connection's end.
async fn after(end: End, board: &Board, habits: Habits) -> bool {
    match end {
        End::Held => true,
        End::Dropped => {
            sleep(Duration::from_secs_f64(random_share(0.05..1.0))).await;
            true
        }
        End::Lost(reason) => {
            board.lost.fetch_add(1, Ordering::Relaxed);
            board.note(format!("lost: {reason}"));
            sleep(Duration::from_secs_f64(random_share(0.005..0.1))).await;
            habits.comes_back
        }
    }
}

/// Opens a connection and takes part in the channel, with everything missed so far replayed.
async fn join(slot: &Slot, board: &Board) -> Result<(Link, Hearing, bool)> {
    let _turn = board.openers.acquire().await?;
    let mut link = Link::open(&slot.seat.dial_anywhere()).await?;
    let position = locked(&slot.ledger).position();
    let mut hearing = Hearing::new(&slot.seat, position);
    greet(&slot.seat, &mut link, &hearing).await?;
    while !hearing.is_joined() {
        listen(slot, board, &mut link, &mut hearing).await?;
        settle(slot, board, &mut link, &mut hearing).await?;
        if let Some(reason) = hearing.ended.take() {
            bail!(reason);
        }
    }
    Ok((link, hearing, position.is_some()))
}

async fn greet(seat: &Seat, link: &mut Link, hearing: &Hearing) -> Result<()> {
    match seat.target {
        Target::Floor | Target::Axum | Target::AxumJoined => {}
        Target::Nats => {
            let hello = format!(
                "CONNECT {{\"verbose\":false,\"pedantic\":false,\"protocol\":1}}\r\n\
                 SUB {} 1\r\nPING\r\n",
                seat.channel
            );
            link.send(BINARY, hello.as_bytes()).await?;
        }
        Target::Starling => {
            let mut join = json!({"type": "join_channel", "id": 1, "channel_id": seat.channel});
            if let Some(position) = hearing.replay_after {
                join["after_seq"] = json!(position);
                if !hearing.generation.is_null() {
                    join["gen"] = hearing.generation.clone();
                }
            }
            link.send(TEXT, join.to_string().as_bytes()).await?;
        }
    }
    Ok(())
}

/// Reads until the connection ends or somebody wants it to.
async fn serve(
    slot: &Slot,
    board: &Board,
    habits: Habits,
    phase: &mut watch::Receiver<Phase>,
    mut link: Link,
    mut hearing: Hearing,
) -> End {
    let reads = !slot.seat.dial.stalls;
    let pinging = reads && slot.seat.target == Target::Starling;
    // Clients that came at once must not ping at once.
    let first = habits.ping_every.mul_f64(random_share(0.1..1.0));
    let mut pings = interval_at(Instant::now() + first, habits.ping_every);
    loop {
        let outcome = tokio::select! {
            read = listen(slot, board, &mut link, &mut hearing), if reads => match read {
                Ok(()) => settle(slot, board, &mut link, &mut hearing).await,
                Err(error) => Err(error),
            },
            _ = pings.tick(), if pinging => {
                link.send(TEXT, br#"{"type":"ping"}"#).await.map_err(Into::into)
            }
            () = slot.drop_now.notified() => return End::Dropped,
            () = held(phase) => return End::Held,
        };
        if let Some(reason) = hearing.ended.take() {
            return End::Lost(reason);
        }
        if let Err(error) = outcome {
            return End::Lost(format!("{error:#}"));
        }
    }
}

/// One read, with everything in it heard. Dropping it half-way loses nothing.
async fn listen(slot: &Slot, board: &Board, link: &mut Link, hearing: &mut Hearing) -> Result<()> {
    if !link.read(&mut |frame| hearing.hear(slot, board, &frame)).await? {
        bail!("end of stream");
    }
    Ok(())
}

/// Ends when the word is to hold, or when nobody is left to give it.
async fn held(phase: &mut watch::Receiver<Phase>) {
    while *phase.borrow_and_update() != Phase::Hold {
        if phase.changed().await.is_err() {
            return;
        }
    }
}

fn random_share(range: std::ops::Range<f64>) -> f64 {
    rand::rng().random_range(range)
}

/// What reading left to do: answers to pings, and a reload after `resync`.
async fn settle(slot: &Slot, board: &Board, link: &mut Link, hearing: &mut Hearing) -> Result<()> {
    if !hearing.replies.is_empty() {
        link.write(&std::mem::take(&mut hearing.replies)).await?;
    }
    if let Some(reload) = hearing.reload.take() {
        let entries = missed(&slot.seat, reload.after, reload.head).await?;
        hearing.reloaded(slot, board, reload, &entries);
    }
    Ok(())
}

/// The log between two positions over REST, as a client does that was told to reload.
async fn missed(seat: &Seat, mut after: u64, head: u64) -> Result<Vec<Incoming>> {
    let mut entries = Vec::new();
    while after < head {
        let path = format!(
            "/api/v1/channels/{}/events?after={after}&limit={EVENTS_PER_PAGE}",
            seat.channel
        );
        let page =
            http::request(seat.dial_anywhere().address, "GET", &path, Some(&seat.token), None)
                .await?
                .success("reading the log")?;
        let events = page["events"].as_array().context("no events in the log's page")?;
        for event in events {
            let entry = Incoming::deserialize(event)?;
            after = entry.seq.context("an entry without seq")?;
            if after <= head {
                entries.push(entry);
            }
        }
        if events.is_empty() {
            bail!("the log ends at {after}, before its head {head}");
        }
    }
    Ok(entries)
}

/// The seat's dial with another behaviour, for a follower that stops reading once it has joined.
pub(crate) fn stalling(seat: Seat) -> Seat {
    Seat { dial: Dial { stalls: true, ..seat.dial }, ..seat }
}
