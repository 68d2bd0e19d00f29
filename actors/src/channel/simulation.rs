//! Many small worlds, each from a seed: two owners over one log that fails by plan, buckets that
//! fill up all the time, clients who send again under the same id, change messages, come and go, and
//! actors that are killed or panic. An observer reads along over a bus that loses and delays.
//!
//! A checker looks at what was promised: an acknowledged message is in the log, once, at its place;
//! places have no gap; a repeat gets the first receipt; an acknowledged change is in effect, and no
//! change without effect is stored; nothing is handed out before it is stored; an epoch has one
//! writer; the observer saw every entry once and in order. It must find each planted bug, or it
//! proves nothing.

mod checker;
mod client;
mod observer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use self::checker::{Checker, CheckingBus, Witness};
use self::client::Client;
use self::observer::{Observer, Wire};
use super::handle::Channels;
use super::settings::ChannelPorts;
use super::world::{CHANNEL, NOW, settings};
use crate::memory::{FaultPlan, FaultyLog, ManualClock, MemoryLog, Weakness};
use crate::ports::{Clock, MessageLog, TappedLog};

/// Bugs in an owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Planted {
    /// None.
    #[default]
    Nothing,
    /// Receipts go out before the append.
    AcknowledgedBeforeAppend,
    /// An epoch counts as mine when it has the value that I wanted.
    EpochKnownByValue,
    /// The remembered keys are not read back on activation.
    FilterNotRebuilt,
    /// The sequence is what a head said before the channel was taken.
    SequenceFromMemory,
    /// A batch reaches over the bucket's end.
    OverBucketEnd,
    /// An append without an answer counts as not stored.
    UnknownTakenForRefused,
    /// A change is acknowledged as if it had no effect.
    ChangeNotStored,
    /// A reader's gap is not read.
    GapSkipped,
}

const BUCKET_ENTRIES: u64 = 4;
const CLIENTS: u128 = 4;
/// Worlds without a planted bug.
const SEEDS: u64 = 200;
/// Worlds in which a planted bug must show.
const SEEDS_MAX: u64 = 300;

const FAULTS: FaultPlan = FaultPlan {
    refuse: 3,
    unknown_applied: 6,
    unknown_lost: 6,
    unknown_late: 8,
    slow: 25,
    slow_ms_max: 3_000,
    panics: 2,
    panics_applied: 2,
    read_panics: 1,
    wrong_hint: 20,
};

/// Runs one world; gives what the checker found.
fn run(seed: u64, planted: Planted, weakness: Weakness) -> Result<(), String> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(world(seed, planted, weakness))
}

async fn world(seed: u64, planted: Planted, weakness: Weakness) -> Result<(), String> {
    let log = Arc::new(MemoryLog::with_buckets(BUCKET_ENTRIES).weakened(weakness));
    let dice = Arc::new(ManualClock::new(NOW, seed));
    let checker = Arc::new(Checker::new(Arc::clone(&log)));
    let wire = Arc::new(Wire::new(Arc::clone(&dice)));
    let mut nodes = Vec::new();
    let mut faults = Vec::new();
    for node in 0..2 {
        let witness = Witness { node, checker: Arc::clone(&checker) };
        let watched = TappedLog::new(Arc::clone(&log) as _, witness);
        let faulty = Arc::new(FaultyLog::new(Arc::new(watched), FAULTS, seed * 3 + node));
        let ports = ChannelPorts {
            log: Arc::clone(&faulty) as Arc<dyn MessageLog>,
            history: Arc::clone(&log) as _,
            bus: Arc::new(CheckingBus { checker: Arc::clone(&checker), wire: Arc::clone(&wire) }),
            clock: Arc::clone(&dice) as Arc<dyn Clock>,
            settings: settings(BUCKET_ENTRIES),
            planted,
        };
        nodes.push(Channels::start(ports).await);
        faults.push(faulty);
    }
    let read = Arc::new(FaultyLog::new(Arc::clone(&log) as _, FAULTS, seed * 3 + 2));
    faults.push(Arc::clone(&read));
    let observer = Observer::start(&wire, read, Arc::clone(&dice), planted).await;
    let (end, head) = watch::channel(None);
    let observing = tokio::spawn(Arc::clone(&observer).run(head));
    let clients = (1..=CLIENTS).map(|number| {
        let (nodes, dice) = (nodes.clone(), Arc::clone(&dice));
        tokio::spawn(Client { number, nodes, dice, checker: Arc::clone(&checker) }.run())
    });
    let clients: Vec<_> = clients.collect();
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis((dice.random() % 2_000) as u64)).await;
        nodes[(dice.random() % 2) as usize].kill(CHANNEL);
    }
    for faulty in faults {
        faulty.set_plan(FaultPlan::default());
    }
    for client in clients {
        client.await.map_err(|error| error.to_string())?;
    }
    // What got lost at the very end is found by the next entry.
    wire.mend();
    Client { number: 99, nodes, dice, checker: Arc::clone(&checker) }.send("last").await;
    end.send_replace(Some(checker.head().await));
    checker.verdict(&observer.verdict(observing).await?).await
}

#[test]
fn two_owners_with_every_fault_keep_every_promise() {
    for seed in 0..SEEDS {
        let found = run(seed, Planted::Nothing, Weakness::None);
        assert_eq!(found, Ok(()), "seed {seed}");
    }
}

fn is_found(planted: Planted, weakness: Weakness) {
    let found = (0..SEEDS_MAX).any(|seed| run(seed, planted, weakness).is_err());
    assert!(found, "{planted:?} with {weakness:?} went unnoticed");
}

#[test]
fn an_acknowledgement_before_the_append_is_found() {
    is_found(Planted::AcknowledgedBeforeAppend, Weakness::None);
}

#[test]
fn a_fence_without_its_epoch_is_found() {
    is_found(Planted::Nothing, Weakness::EpochIgnored);
}

#[test]
fn a_fence_without_its_last_position_is_found() {
    is_found(Planted::Nothing, Weakness::LastSeqIgnored);
}

#[test]
fn an_epoch_known_by_its_value_is_found() {
    is_found(Planted::EpochKnownByValue, Weakness::None);
}

#[test]
fn a_filter_that_is_not_rebuilt_is_found() {
    is_found(Planted::FilterNotRebuilt, Weakness::None);
}

#[test]
fn a_sequence_from_memory_is_found() {
    is_found(Planted::SequenceFromMemory, Weakness::None);
}

#[test]
fn a_batch_over_the_end_of_its_bucket_is_found() {
    is_found(Planted::OverBucketEnd, Weakness::BucketEndIgnored);
}

#[test]
fn an_unknown_outcome_taken_for_a_refusal_is_found() {
    is_found(Planted::UnknownTakenForRefused, Weakness::None);
}

#[test]
fn a_change_that_is_acknowledged_and_not_stored_is_found() {
    is_found(Planted::ChangeNotStored, Weakness::None);
}

#[test]
fn a_gap_that_is_not_read_is_found() {
    is_found(Planted::GapSkipped, Weakness::None);
}
