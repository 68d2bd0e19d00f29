//! People who type: each says by turns that she types and that she stopped, which the server tells
//! on at once; one reader hears all of them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::spans::{Kind, Sent, Spans};
use crate::board::locked;
use crate::caller::Caller;
use crate::world::{User, World};

/// A server shows five people typing at once.
pub(super) const TYPISTS: usize = 4;
/// One hundred frames a second over all, so that ten seconds give a p99.
const EVERY: Duration = Duration::from_millis(40);

/// What each person said and nobody has heard yet.
type Said = Arc<Mutex<HashMap<String, VecDeque<(bool, Sent)>>>>;

/// The first person listens, the others type.
pub(super) async fn start(
    world: &World,
    people: &[&User],
    spans: &Arc<Spans>,
    probes: &mut JoinSet<Result<()>>,
) -> Result<()> {
    let (listener, typists) = people.split_first().context("nobody to listen")?;
    let said = Said::default();
    let mut ear = super::caller(world, listener).await?;
    let channel = world.channels[0].clone();
    ear.send(&json!({"type": "join_channel", "id": 1, "channel_id": channel})).await?;
    ear.answer(1).await?;
    probes.spawn(listen(ear, Arc::clone(&said), Arc::clone(spans)));
    for (index, typist) in typists.iter().enumerate() {
        let shift = EVERY.mul_f64(index as f64 / typists.len() as f64);
        let caller = super::caller(world, typist).await?;
        let (said, spans) = (Arc::clone(&said), Arc::clone(spans));
        probes.spawn(write(caller, typist.id.clone(), channel.clone(), shift, said, spans));
    }
    Ok(())
}

async fn listen(mut ear: Caller, said: Said, spans: Arc<Spans>) -> Result<()> {
    loop {
        let frame = ear.next().await.context("the reader of typing")?;
        if frame.kind != "typing_indicator" {
            continue;
        }
        let (Some(user), Some(is_typing)) = (&frame.user_id, frame.is_typing) else { continue };
        let mut said = locked(&said);
        let Some(waiting) = said.get_mut(user) else { continue };
        // What ended by itself was not said by anyone.
        if waiting.front().is_some_and(|(says, _)| *says == is_typing)
            && let Some((_, sent)) = waiting.pop_front()
        {
            spans.answered(Kind::Typing, sent);
        }
    }
}

async fn write(
    mut caller: Caller,
    user: String,
    channel: String,
    shift: Duration,
    said: Said,
    spans: Arc<Spans>,
) -> Result<()> {
    let mut turns = interval_at(Instant::now() + shift, EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut is_typing = true;
    loop {
        tokio::select! {
            frame = caller.next() => drop(frame.context("a typist")?),
            _ = turns.tick(), if !spans.is_over() => {
                let sent = spans.sent();
                locked(&said).entry(user.clone()).or_default().push_back((is_typing, sent));
                let frame = json!({"type": "typing", "channel_id": channel, "is_typing": is_typing});
                caller.send(&frame).await?;
                is_typing = !is_typing;
            }
        }
    }
}
