//! People who change how they are shown. The server tells changes once a second, so a change takes up
//! to that long even when all is well.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::RngExt;
use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::spans::{Kind, Sent, Spans};
use crate::board::locked;
use crate::caller::Caller;
use crate::world::{User, World};

pub(super) const CHANGERS: usize = 12;
/// Between a change that was seen and the next, so that changes meet the server's ticks anywhere.
const PAUSE_MS: std::ops::Range<u64> = 0..1_000;

struct Awaited {
    status: &'static str,
    sent: Sent,
    seen: oneshot::Sender<()>,
}

type Changes = Arc<Mutex<HashMap<String, Awaited>>>;

/// The first person listens, the others change.
pub(super) async fn start(
    world: &World,
    people: &[&User],
    spans: &Arc<Spans>,
    probes: &mut JoinSet<Result<()>>,
) -> Result<()> {
    let (listener, changers) = people.split_first().context("nobody to listen")?;
    let changes = Changes::default();
    let ear = super::caller(world, listener).await?;
    probes.spawn(listen(ear, Arc::clone(&changes), Arc::clone(spans)));
    for changer in changers {
        let caller = super::caller(world, changer).await?;
        let (changes, spans) = (Arc::clone(&changes), Arc::clone(spans));
        probes.spawn(change(caller, changer.id.clone(), changes, spans));
    }
    Ok(())
}

async fn listen(mut ear: Caller, changes: Changes, spans: Arc<Spans>) -> Result<()> {
    loop {
        let frame = ear.next().await.context("the reader of presence")?;
        if frame.kind != "user_status" {
            continue;
        }
        let (Some(user), Some(status)) = (&frame.user_id, &frame.status) else { continue };
        let mut changes = locked(&changes);
        if changes.get(user).is_some_and(|awaited| awaited.status == status)
            && let Some(awaited) = changes.remove(user)
        {
            spans.answered(Kind::Presence, awaited.sent);
            ensure!(awaited.seen.send(()).is_ok(), "a person left");
        }
    }
}

async fn change(
    mut caller: Caller,
    user: String,
    changes: Changes,
    spans: Arc<Spans>,
) -> Result<()> {
    let mut status = "away";
    loop {
        let pause = Duration::from_millis(rand::rng().random_range(PAUSE_MS));
        read_until(&mut caller, sleep(pause)).await?;
        if spans.is_over() {
            continue;
        }
        let (seen, told) = oneshot::channel();
        let sent = spans.sent();
        locked(&changes).insert(user.clone(), Awaited { status, sent, seen });
        caller.send(&json!({"type": "presence", "status": status})).await?;
        read_until(&mut caller, told).await?.context("the reader of presence left")?;
        status = if status == "away" { "online" } else { "away" };
    }
}

/// Reads and forgets frames until something else is done.
async fn read_until<T>(caller: &mut Caller, done: impl Future<Output = T>) -> Result<T> {
    tokio::pin!(done);
    loop {
        tokio::select! {
            frame = caller.next() => drop(frame.context("a person changing presence")?),
            value = &mut done => return Ok(value),
        }
    }
}
