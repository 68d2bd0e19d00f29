//! How a world ends: once nothing fails any more, one last message is stored that nobody is told of,
//! and none comes after it. Each world loses it in one of several ways; who reads along must have it soon.

use std::sync::Arc;
use std::time::Duration;

use super::checker::Checker;
use super::client::Client;
use super::fleet::Fleet;
use super::observer::{Observer, Wire};

/// How long a world rests before its end: what stood still goes on, what is late lands.
const REST: Duration = Duration::from_secs(12);
/// Longer than an owner says the head of a quiet channel.
const QUIET: Duration = Duration::from_secs(70);

/// What becomes of the last message's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    /// It alone is lost, after a quiet minute: the owner says its head.
    Word,
    /// The reader's line is cut for longer than the owner says its head.
    Line,
    /// The owner's process dies before it is said.
    Owner,
    /// The channel's actor fails before it is said.
    Actor,
}

/// How long the message may take.
fn found_within(loss: Loss) -> Duration {
    Duration::from_millis(match loss {
        // The beacon each second, and a look at the log.
        Loss::Word => 1_500,
        Loss::Line => 500,
        // The time for which the dead are seen.
        Loss::Owner => 3_500,
        // The afterword.
        Loss::Actor => 1_500,
    })
}

/// Ends a world; tells what the one who stays did not get.
pub(super) async fn play(
    seed: u64,
    (fleet, wire): (&Arc<Fleet>, &Wire),
    (last, checker): (Client, &Checker),
    stays: &Observer,
) -> Result<(), String> {
    let losses = [Loss::Word, Loss::Line, Loss::Owner, Loss::Actor];
    let loss = losses[usize::try_from(seed % losses.len() as u64).unwrap_or_default()];
    tokio::time::sleep(REST).await;
    wire.mend().await;
    if loss == Loss::Word {
        tokio::time::sleep(QUIET).await;
    }
    wire.mute(true);
    last.send("last").await;
    match loss {
        Loss::Word => {}
        Loss::Line => {
            wire.cut(true).await;
            tokio::time::sleep(QUIET).await;
        }
        Loss::Owner => fleet.crash_all().await,
        Loss::Actor => fleet.kill_actors(),
    }
    wire.mute(false);
    wire.cut(false).await;
    tokio::time::sleep(found_within(loss)).await;
    let (head, newest) = (checker.head().await, stays.newest());
    if newest == head {
        return Ok(());
    }
    Err(format!("{loss:?}: who stays has {newest:?} and not {head:?}"))
}
