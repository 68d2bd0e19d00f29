use std::sync::Arc;
use std::time::Duration;

use super::world::{CHANNEL, NOW, RecordingBus, message, person, settings};
use super::*;
use crate::domain::{Event, MessageId};
use crate::memory::{FaultPlan, FaultyLog, ManualClock, MemoryLog};
use crate::ports::{Claim, History, MessageLog};

struct World {
    log: Arc<MemoryLog>,
    bus: Arc<RecordingBus>,
    clock: Arc<ManualClock>,
    channels: Channels,
}

async fn world(bucket_entries: u64) -> World {
    let log = Arc::new(MemoryLog::with_buckets(bucket_entries));
    world_over(Arc::clone(&log), log, settings(bucket_entries)).await
}

async fn world_over(
    log: Arc<MemoryLog>,
    seen_as: Arc<dyn MessageLog>,
    settings: ChannelSettings,
) -> World {
    let bus = Arc::<RecordingBus>::default();
    let clock = Arc::new(ManualClock::new(NOW, 1));
    let ports = ChannelPorts {
        log: seen_as,
        history: Arc::clone(&log) as _,
        bus: Arc::clone(&bus) as _,
        clock: Arc::clone(&clock) as _,
        settings,
        planted: Planted::Nothing,
    };
    let channels = Channels::start(ports).await;
    World { log, bus, clock, channels }
}

impl World {
    async fn send(&self, by: u128, key: &str, content: &str) -> Result<Receipt, PostError> {
        self.channels.post(CHANNEL, message(by, key, content)).await?.receipt().await
    }

    fn restarts(&self) -> u64 {
        self.channels.tally().count("channel").restarts
    }

    async fn change(
        &self,
        by: u128,
        message: MessageId,
        change: Change,
    ) -> Result<Amended, AmendError> {
        let amend = Amend { by: person(by), message, may_moderate: false, change, written: None };
        self.channels.amend(CHANNEL, amend).await
    }
}

fn edit(content: &str) -> Change {
    Change::Edit { content: content.to_owned(), mentions: Vec::new() }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_stored_acknowledged_and_handed_out() {
    let world = world(50).await;

    let receipt = world.send(1, "a", "hello").await.unwrap();

    assert_eq!((receipt.seq, receipt.duplicate, receipt.at), (Seq(1), false, NOW));
    let stored = world.log.entries(CHANNEL, Seq(0), 10).await.unwrap();
    assert_eq!(stored[0].posted().unwrap().id, receipt.message);
    tokio::task::yield_now().await;
    assert_eq!(*world.bus.entries()[0], stored[0]);
}

#[tokio::test(start_paused = true)]
async fn the_same_message_again_gets_the_first_receipt() {
    let world = world(50).await;
    let first = world.send(1, "a", "hello").await.unwrap();

    let again = world.send(1, "a", "hello").await.unwrap();
    let of_another = world.send(2, "a", "hello").await.unwrap();

    assert_eq!(again, Receipt { duplicate: true, ..first });
    assert_eq!((of_another.seq, of_another.duplicate), (Seq(2), false));
}

#[tokio::test(start_paused = true)]
async fn the_same_message_twice_in_one_batch_is_stored_once() {
    let world = world(50).await;
    let mut pending = Vec::new();
    for _ in 0..3 {
        pending.push(world.channels.post(CHANNEL, message(1, "a", "hello")).await.unwrap());
    }

    let mut receipts = Vec::new();
    for pending in pending {
        receipts.push(pending.receipt().await.unwrap());
    }

    assert_eq!(receipts.iter().filter(|receipt| receipt.duplicate).count(), 2);
    assert_eq!(world.log.head(CHANNEL).await.unwrap().seq, Seq(1));
}

/// More than an owner remembers, in buckets so small that the first is far from the newest two.
const FORGOTTEN: u64 = 1100;

#[tokio::test(start_paused = true)]
async fn a_repeat_with_a_position_is_known_beside_a_message_without_one() {
    let world = world(100).await;
    let first = world.send(1, "first", "hello").await.unwrap();
    for number in 0..FORGOTTEN {
        world.send(1, &format!("more-{number}"), "more").await.unwrap();
    }

    let awake = world.channels.post(CHANNEL, message(1, "awake", "one in flight")).await.unwrap();
    let unplaced = world.channels.post(CHANNEL, message(2, "fresh", "hello")).await.unwrap();
    // Composed when the author had seen the first position, and sent again.
    let repeat = Post { after_seq: Some(Seq(1)), ..message(1, "more-0", "more") };
    let repeat = world.channels.post(CHANNEL, repeat).await.unwrap();

    assert!(!awake.receipt().await.unwrap().duplicate);
    assert!(!unplaced.receipt().await.unwrap().duplicate);
    let repeat = repeat.receipt().await.unwrap();
    assert_eq!((repeat.seq, repeat.duplicate), (first.seq.next(), true));
}

#[tokio::test(start_paused = true)]
async fn messages_that_come_together_to_a_channel_at_rest_are_one_batch() {
    let world = world(50).await;
    world.send(1, "", "awake").await.unwrap();
    tokio::task::yield_now().await;
    let mut pending = Vec::new();
    for _ in 0..16 {
        pending.push(world.channels.post(CHANNEL, message(1, "", "x")).await.unwrap());
    }

    for pending in pending {
        pending.receipt().await.unwrap();
    }
    tokio::task::yield_now().await;

    assert_eq!((world.bus.entries().len(), world.bus.batches()), (17, 2));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_found_long_after_it_is_no_longer_remembered() {
    let world = world(50_000).await;
    let first = world.send(1, "a", "hello").await.unwrap();
    for _ in 0..40 {
        let mut pending = Vec::new();
        for _ in 0..30 {
            pending.push(world.channels.post(CHANNEL, message(2, "", "x")).await.unwrap());
        }
        for pending in pending {
            pending.receipt().await.unwrap();
        }
    }

    assert_eq!(world.send(1, "a", "hello").await, Ok(Receipt { duplicate: true, ..first }));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_with_its_position_is_found_beside_sends_without_one() {
    let log = Arc::new(MemoryLog::with_buckets(3));
    let few = ChannelSettings { remembered_max: 2, ..settings(3) };
    let world = world_over(Arc::clone(&log), log, few).await;
    let old = Post { after_seq: Some(Seq(0)), ..message(1, "a", "hello") };
    let first = world.channels.post(CHANNEL, old.clone()).await.unwrap().receipt().await.unwrap();
    for number in 0..10 {
        world.send(2, &number.to_string(), "x").await.unwrap();
    }

    let beside = world.channels.post(CHANNEL, message(2, "b", "y")).await.unwrap();
    let again = world.channels.post(CHANNEL, old).await.unwrap();

    assert!(!beside.receipt().await.unwrap().duplicate);
    assert_eq!(again.receipt().await, Ok(Receipt { duplicate: true, ..first }));
}

#[tokio::test(start_paused = true)]
async fn sends_keep_their_order_and_go_out_in_few_batches() {
    let world = world(50_000).await;
    let mut pending = Vec::new();
    for number in 0..100 {
        let post = message(1, &number.to_string(), &number.to_string());
        pending.push(world.channels.post(CHANNEL, post).await.unwrap());
    }
    for (number, pending) in (1..).zip(pending) {
        assert_eq!(pending.receipt().await.unwrap().seq, Seq(number));
    }
    tokio::task::yield_now().await;
    assert!(world.bus.batches() < 10, "{}", world.bus.batches());
    assert_eq!(world.bus.entries().len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_full_bucket_is_followed_by_the_next_one() {
    let world = world(3).await;
    for number in 1..=10 {
        let receipt = world.send(1, &number.to_string(), "x").await.unwrap();
        assert_eq!(receipt.seq, Seq(number));
    }
    assert_eq!(world.log.entries(CHANNEL, Seq(0), 100).await.unwrap().len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_full_refuses() {
    let log = Arc::new(MemoryLog::with_buckets(50));
    let slow = FaultPlan { slow: 100, slow_ms_max: 500, ..FaultPlan::default() };
    let slow = Arc::new(FaultyLog::new(Arc::clone(&log) as _, slow, 1));
    let world = world_over(log, slow, ChannelSettings { waiting_max: 2, ..settings(50) }).await;
    let first = world.channels.post(CHANNEL, message(1, "a", "x")).await.unwrap();
    let second = world.channels.post(CHANNEL, message(1, "b", "x")).await.unwrap();

    let third = world.channels.post(CHANNEL, message(1, "c", "x")).await;

    assert_eq!(third.err(), Some(PostError::Overloaded));
    assert!(first.receipt().await.is_ok() && second.receipt().await.is_ok());
    assert!(world.send(1, "c", "x").await.is_ok(), "there is room again");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_refuses_is_unavailable_until_it_comes_back() {
    let log = Arc::new(MemoryLog::with_buckets(50));
    let plan = FaultPlan { refuse: 100, ..FaultPlan::default() };
    let faulty = Arc::new(FaultyLog::new(Arc::clone(&log) as _, plan, 1));
    let world = world_over(log, Arc::clone(&faulty) as _, settings(50)).await;

    assert_eq!(world.send(1, "a", "x").await, Err(PostError::Unavailable));
    faulty.set_plan(FaultPlan::default());
    assert_eq!(world.send(1, "a", "x").await, Err(PostError::Unavailable), "still backing off");
    tokio::time::advance(Duration::from_millis(150)).await;

    assert_eq!(world.send(1, "a", "x").await.unwrap().seq, Seq(1));
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_stays_unknown_is_said_to_be_unknown() {
    let log = Arc::new(MemoryLog::with_buckets(50));
    let faulty = Arc::new(FaultyLog::new(Arc::clone(&log) as _, FaultPlan::default(), 1));
    let world = world_over(log, Arc::clone(&faulty) as _, settings(50)).await;
    world.send(1, "a", "x").await.unwrap();
    faulty.set_plan(FaultPlan { unknown_lost: 100, ..FaultPlan::default() });

    assert_eq!(world.send(1, "b", "x").await, Err(PostError::Unknown));
    faulty.set_plan(FaultPlan::default());

    assert_eq!(world.send(1, "b", "x").await.unwrap().seq, Seq(2));
}

#[tokio::test(start_paused = true)]
async fn an_append_that_landed_without_an_answer_is_acknowledged() {
    let log = Arc::new(MemoryLog::with_buckets(50));
    let faulty = Arc::new(FaultyLog::new(Arc::clone(&log) as _, FaultPlan::default(), 1));
    let world = world_over(log, Arc::clone(&faulty) as _, settings(50)).await;
    world.send(1, "a", "x").await.unwrap();
    faulty.set_plan(FaultPlan { unknown_applied: 100, ..FaultPlan::default() });

    let receipt = world.send(1, "b", "x").await.unwrap();

    assert_eq!((receipt.seq, receipt.duplicate), (Seq(2), false));
}

#[tokio::test(start_paused = true)]
async fn a_deposed_owner_stops_and_the_next_send_takes_the_channel_again() {
    let world = world(50).await;
    world.send(1, "a", "x").await.unwrap();
    let bucket = crate::domain::Bucket(0);
    let fence = world.log.bucket(CHANNEL, bucket).await.unwrap().unwrap();
    let (expected, epoch) = (Some(fence.epoch), fence.epoch.next());
    let claim = Claim { channel: CHANNEL, bucket, expected, epoch, opening_seq: Seq(0) };
    world.log.claim(claim).await.unwrap();

    assert_eq!(world.send(1, "b", "x").await, Err(PostError::NotOwner));
    assert_eq!(world.send(1, "b", "x").await.unwrap().seq, Seq(2));
    assert_eq!(world.restarts(), 0, "a take-over is no failure");
}

#[tokio::test(start_paused = true)]
async fn only_the_author_edits_and_a_repeat_without_effect_appends_nothing() {
    let world = world(50).await;
    let sent = world.send(1, "a", "x").await.unwrap();

    assert_eq!(world.change(2, sent.message, edit("y")).await, Err(AmendError::Forbidden));
    let edited = world.change(1, sent.message, edit("y")).await.unwrap();
    let again = world.change(1, sent.message, edit("y")).await.unwrap();

    assert_eq!((edited.seq, again.seq), (Seq(2), sent.seq));
    assert_eq!(world.log.head(CHANNEL).await.unwrap().seq, Seq(2));
    assert_eq!(world.log.message(sent.message).await.unwrap().unwrap().content, "y");
}

#[tokio::test(start_paused = true)]
async fn changes_to_one_message_sent_at_once_are_judged_one_after_the_other() {
    let world = world(50).await;
    let sent = world.send(1, "a", "x").await.unwrap();

    let (deleted, edited, again) = tokio::join!(
        world.change(1, sent.message, Change::Delete),
        world.change(1, sent.message, edit("y")),
        world.change(1, sent.message, Change::Delete),
    );

    assert_eq!(deleted.unwrap().seq, Seq(2));
    assert_eq!(edited, Err(AmendError::Deleted));
    assert_eq!(again.unwrap().seq, sent.seq);
}

#[tokio::test(start_paused = true)]
async fn a_message_of_another_channel_is_not_found() {
    let world = world(50).await;
    let sent = world.send(1, "a", "x").await.unwrap();
    let change = Change::React { emoji: "👍".into(), added: true };
    let amend =
        Amend { by: person(1), message: sent.message, may_moderate: true, change, written: None };

    let elsewhere = world.channels.amend(ChannelId::from_u128(8), amend).await;

    assert_eq!(elsewhere, Err(AmendError::NotFound));
}

#[tokio::test(start_paused = true)]
async fn coming_and_going_is_written_into_the_log() {
    let world = world(50).await;
    let joined = MemberChange::Joined(person(2));

    assert_eq!(world.channels.member(CHANNEL, person(1), joined).await, Ok(Seq(1)));

    let stored = world.log.entries(CHANNEL, Seq(0), 10).await.unwrap();
    assert_eq!(stored[0].event, Event::Joined { member: person(2) });
    assert_eq!(stored[0].ordinal, 0, "no message yet");
}

#[tokio::test(start_paused = true)]
async fn times_do_not_go_back_when_the_clock_does() {
    let world = world(50).await;
    let first = world.send(1, "a", "x").await.unwrap();
    world.clock.set(crate::domain::Timestamp(5));

    assert_eq!(world.send(1, "b", "x").await.unwrap().at, first.at);
}

#[tokio::test(start_paused = true)]
async fn an_active_owner_says_its_head_each_second_and_an_idle_channel_is_closed() {
    let world = world(50).await;
    world.send(1, "a", "x").await.unwrap();

    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(world.bus.heads().len() >= 2);
    assert!(world.bus.heads().iter().all(|head| *head == Seq(1)));
    assert_eq!(world.channels.live(), 1);
    tokio::time::sleep(Duration::from_secs(600)).await;

    assert_eq!(world.channels.live(), 0);
    assert_eq!(world.send(1, "b", "x").await.unwrap().seq, Seq(2));
}

#[tokio::test(start_paused = true)]
async fn a_head_is_said_within_a_second_also_after_a_quiet_minute() {
    let world = world(50).await;
    world.send(1, "a", "x").await.unwrap();
    tokio::time::sleep(Duration::from_millis(61_300)).await;
    assert!(world.bus.heads().len() <= 60, "nothing is said of a quiet channel");

    world.send(1, "b", "x").await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_001)).await;
    assert_eq!(world.bus.heads().last(), Some(&Seq(2)));

    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(world.channels.live(), 0, "the later ticks are not the earlier ones' too");
    let said = world.bus.heads().iter().filter(|head| **head == Seq(2)).count();
    assert!((59..=61).contains(&said), "{said}");
}

#[tokio::test(start_paused = true)]
async fn the_head_of_a_channel_whose_actor_is_gone_is_said_for_it() {
    let world = world(50).await;
    world.send(1, "a", "x").await.unwrap();
    world.channels.kill(CHANNEL);

    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(world.bus.heads(), [Seq(1)]);
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(world.bus.heads(), [Seq(1), Seq(1)], "once more, should an append have come late");
}

#[tokio::test(start_paused = true)]
async fn stopping_stores_what_waits_and_refuses_what_comes_later() {
    let world = world(50).await;
    let mut pending = Vec::new();
    for number in 0..100 {
        let post = message(1, &number.to_string(), "x");
        pending.push(world.channels.post(CHANNEL, post).await.unwrap());
    }

    world.channels.drain(Duration::from_secs(5)).await;

    for pending in pending {
        pending.receipt().await.unwrap();
    }
    assert!(world.send(1, "late", "x").await.is_err());
}

/// A world over a log that fails by plan, once the channel has been taken and has one message.
async fn shaky() -> (World, Arc<FaultyLog>) {
    let log = Arc::new(MemoryLog::with_buckets(50));
    let faulty = Arc::new(FaultyLog::new(Arc::clone(&log) as _, FaultPlan::default(), 1));
    let world = world_over(log, Arc::clone(&faulty) as _, settings(50)).await;
    world.send(1, "a", "x").await.unwrap();
    (world, faulty)
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_flight_costs_its_channel_one_restart_and_says_unknown() {
    for plan in [
        FaultPlan { panics: 100, ..FaultPlan::default() },
        FaultPlan { panics_applied: 100, ..FaultPlan::default() },
    ] {
        let (world, faulty) = shaky().await;
        let other = ChannelId::from_u128(8);
        world.channels.post(other, message(2, "a", "x")).await.unwrap().receipt().await.unwrap();
        faulty.set_plan(plan);

        let flying = world.channels.post(CHANNEL, message(1, "b", "x")).await.unwrap();
        assert_eq!(flying.receipt().await, Err(PostError::Unknown));
        faulty.set_plan(FaultPlan::default());

        let there = world.channels.post(other, message(2, "b", "x")).await.unwrap();
        assert_eq!(there.receipt().await.unwrap().seq, Seq(2), "the other does not notice");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let receipt = world.send(1, "b", "x").await.unwrap();
        assert_eq!((receipt.seq, receipt.duplicate), (Seq(2), plan.panics_applied > 0));
        assert_eq!((world.restarts(), world.channels.live()), (1, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_while_a_flight_panics_is_told_to_send_again() {
    let (world, faulty) = shaky().await;
    faulty.set_plan(FaultPlan { panics: 100, ..FaultPlan::default() });
    let mut pending = Vec::new();
    for number in 0..100 {
        let post = message(1, &number.to_string(), "x");
        pending.push(world.channels.post(CHANNEL, post).await.unwrap());
    }

    let mut answers = Vec::new();
    for pending in pending {
        answers.push(pending.receipt().await.unwrap_err());
    }

    let unknown = answers.iter().filter(|answer| **answer == PostError::Unknown).count();
    assert!(unknown > 0 && unknown <= 64, "only what flew is unknown: {unknown}");
    assert!(answers[unknown..].iter().all(|answer| *answer == PostError::NotOwner));
    assert_eq!(world.restarts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_panic_while_a_channel_is_taken_stores_nothing_and_is_tried_again() {
    let log = Arc::new(MemoryLog::with_buckets(50));
    let plan = FaultPlan { read_panics: 100, ..FaultPlan::default() };
    let faulty = Arc::new(FaultyLog::new(Arc::clone(&log) as _, plan, 1));
    let world = world_over(log, Arc::clone(&faulty) as _, settings(50)).await;

    assert_eq!(world.send(1, "a", "x").await, Err(PostError::NotOwner));
    tokio::task::yield_now().await;
    assert_eq!(world.send(1, "a", "x").await, Err(PostError::Unavailable), "backing off");
    faulty.set_plan(FaultPlan::default());
    tokio::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(world.send(1, "a", "x").await.unwrap().seq, Seq(1));
    assert_eq!(world.restarts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_the_actor_itself_is_survived_by_what_is_stored() {
    let (world, _) = shaky().await;

    world.channels.poison(CHANNEL);
    tokio::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(world.restarts(), 1);
    assert_eq!(world.send(1, "b", "x").await.unwrap().seq, Seq(2));
    assert!(world.send(1, "a", "x").await.unwrap().duplicate);
}
