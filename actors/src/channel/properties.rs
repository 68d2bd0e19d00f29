//! The rules of a channel as invariants, over orders and entries drawn at random.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;

use super::amend::{REACTIONS_MAX, decide};
use super::flight::{Landing, Outcome};
use super::message::{Order, Reply, Waiting};
use super::state::{BATCH_MAX, ChannelState, places_max};
use super::tail::{Known, Tail};
use super::world::{CHANNEL, NOW, message, person, settings};
use crate::domain::{Entry, Event, Message, MessageId, MessageKind, Posted, Seq, Timestamp};
use crate::ports::{Amend, Change, PostError, Receipt};

const REMEMBERED: usize = 200;
/// More entries than are remembered.
const ENTRIES_MAX: usize = REMEMBERED + 300;

/// The message that is sent as number `place`.
fn event(place: usize) -> Event {
    let post = message(1, &place.to_string(), "x");
    Event::Posted(Posted {
        id: MessageId::from_u128(place as u128),
        kind: MessageKind::Text,
        content: post.content,
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: post.client_message_id,
    })
}

/// A log's entries: a message at each `true`, someone who joins at each `false`; batches end where
/// the clock, which may go back, is read again.
fn composed(tail: &mut Tail, kinds: &[(bool, i64)]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (place, (is_message, late_ms)) in kinds.iter().enumerate() {
        let mut batch = tail.compose(NOW.plus_ms(*late_ms));
        let joined = Event::Joined { member: person(2) };
        let event = if *is_message { event(place) } else { joined };
        let entry = batch.next(person(1), event, None);
        tail.accept(&entry).unwrap();
        entries.push(entry);
    }
    entries
}

fn kinds(entries_max: usize) -> impl Strategy<Value = Vec<(bool, i64)>> {
    proptest::collection::vec((any::<bool>(), -500_i64..500), 0..entries_max)
}

fn place_of(entries: &[Entry], place: usize) -> Option<Seq> {
    entries.get(place).filter(|entry| entry.posted().is_some()).map(|entry| entry.seq)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn places_are_contiguous_ordinals_count_messages_and_times_do_not_go_back(
        kinds in kinds(200)
    ) {
        let mut tail = Tail::read(CHANNEL, Seq(0), &[], REMEMBERED).unwrap();
        let entries = composed(&mut tail, &kinds);

        let mut messages = 0;
        let mut at = Timestamp::default();
        for (entry, seq) in entries.iter().zip(1..) {
            messages += u64::from(entry.posted().is_some());
            prop_assert_eq!((entry.seq, entry.ordinal), (Seq(seq), messages));
            prop_assert!(entry.at >= at);
            at = entry.at;
        }
        prop_assert_eq!(tail.newest(), Seq(entries.len() as u64));
    }

    #[test]
    fn what_is_in_the_log_above_the_senders_position_is_never_called_fresh(
        kinds in kinds(ENTRIES_MAX),
        asked in proptest::collection::vec((0..ENTRIES_MAX, 0..ENTRIES_MAX as u64), 1..50),
    ) {
        let mut tail = Tail::read(CHANNEL, Seq(0), &[], REMEMBERED).unwrap();
        let entries = composed(&mut tail, &kinds);
        for (place, after) in asked {
            let post = super::Post {
                after_seq: Some(Seq(after)),
                ..message(1, &place.to_string(), "x")
            };
            let stored = place_of(&entries, place);
            match tail.recall(&post) {
                Known::Stored(known) => prop_assert_eq!(Some(known.seq), stored),
                Known::Fresh => prop_assert!(stored.is_none_or(|seq| seq.0 <= after)),
                Known::LookUp(sought) => prop_assert_eq!(sought.after, Some(Seq(after))),
            }
        }
    }

    #[test]
    fn a_tail_that_is_read_back_knows_what_the_one_before_knew(kinds in kinds(ENTRIES_MAX)) {
        let mut tail = Tail::read(CHANNEL, Seq(0), &[], REMEMBERED).unwrap();
        let entries = composed(&mut tail, &kinds);
        let rows = &entries[entries.len().saturating_sub(REMEMBERED)..];

        let again = Tail::read(CHANNEL, tail.newest(), rows, REMEMBERED).unwrap();

        for place in 0..kinds.len() {
            let post = message(1, &place.to_string(), "x");
            prop_assert_eq!(tail.recall(&post), again.recall(&post));
        }
        let torn = rows.split_last().map(|(_, rest)| Tail::read(CHANNEL, tail.newest(), rest, REMEMBERED));
        prop_assert!(torn.is_none_or(|torn| torn.is_err()), "a missing row is noticed");
    }

    #[test]
    fn only_the_next_entry_is_accepted(kinds in kinds(50), seq in 0_u64..60) {
        let mut tail = Tail::read(CHANNEL, Seq(0), &[], REMEMBERED).unwrap();
        let entries = composed(&mut tail, &kinds);
        let newest = tail.newest();
        let stray = Entry { seq: Seq(seq), ..tail.compose(NOW).next(person(1), event(99), None) };

        let accepted = tail.accept(&stray).is_ok();

        prop_assert_eq!(accepted, seq == entries.len() as u64 + 1);
        prop_assert_eq!(tail.newest(), if accepted { Seq(seq) } else { newest });
    }

    #[test]
    fn a_change_once_made_is_without_effect_when_it_comes_again(
        changes in proptest::collection::vec(change(), 1..150)
    ) {
        let mut seq = 1;
        let entry = |seq, by, event| Entry {
            channel: CHANNEL, seq: Seq(seq), ordinal: 1, by: person(by), at: NOW, event,
        };
        let first = entry(seq, 1, event(1));
        let mut message = Message::posted(&first, first.posted().unwrap());
        for (by, change) in changes {
            let amend = Amend { by: person(by), message: message.id, may_moderate: by == 3, change, written: None };
            if let Ok(Some(event)) = decide(CHANNEL, &amend, Some(&message)) {
                seq += 1;
                let before = message.clone();
                message.amend(&entry(seq, by, event));
                prop_assert!(message != before, "{amend:?} is stored for nothing");
                prop_assert!(matches!(decide(CHANNEL, &amend, Some(&message)), Ok(None)));
            }
            prop_assert!(message.reactions.len() <= REACTIONS_MAX);
            prop_assert!(message.author.user == person(1).user);
        }
    }
}

/// A change and who wants it: 1 is the author, 3 moderates.
fn change() -> impl Strategy<Value = (u128, Change)> {
    let change = prop_oneof![
        2 => (0..3_u8).prop_map(|words| Change::Edit {
            content: words.to_string(),
            mentions: Vec::new(),
        }),
        20 => (0..80_u8, proptest::bool::weighted(0.9))
            .prop_map(|(emoji, added)| Change::React { emoji: emoji.to_string(), added }),
        1 => Just(Change::Delete),
    ];
    (1..4_u128, change)
}

/// What happens to a channel's state.
#[derive(Clone, Debug)]
enum Step {
    Order,
    TakeOff,
    Land(Outcome),
    Pass(u64),
    Drain,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        60 => Just(Step::Order),
        20 => Just(Step::TakeOff),
        15 => Just(Step::Land(Outcome::Kept)),
        2 => Just(Step::Land(Outcome::NotTaken)),
        1 => Just(Step::Land(Outcome::SteppedDown)),
        5 => (0..1_000_u64).prop_map(Step::Pass),
        1 => Just(Step::Drain),
    ];
    proptest::collection::vec(step, 0..300)
}

type Answer = oneshot::Receiver<Result<Receipt, PostError>>;

fn order(number: usize, places: &Arc<Semaphore>) -> Option<(Waiting, Answer)> {
    let place = Arc::clone(places).try_acquire_owned().ok()?;
    let (reply, answer) = Reply::new();
    let post = message(1, &number.to_string(), "x");
    Some((Waiting { order: Order::Post { post, reply }, place }, answer))
}

fn number(waiting: &Waiting) -> usize {
    let Order::Post { post, .. } = &waiting.order else { panic!("only messages are sent here") };
    post.client_message_id.as_ref().unwrap().as_str().parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn one_flight_at_a_time_takes_what_waits_in_order_and_nobody_is_left_unanswered(
        steps in steps()
    ) {
        let settings = super::ChannelSettings { waiting_max: 100, ..settings(50) };
        let places = Arc::new(Semaphore::new(places_max(&settings) as usize));
        let mut now = Instant::now();
        let mut state = ChannelState::new(CHANNEL, Arc::clone(&places), &settings, now);
        let mut answers = Vec::new();
        let mut flying: Option<Vec<Waiting>> = None;
        let mut flown = None;
        let mut is_called = false;
        for step in steps {
            match step {
                Step::Order => {
                    if let Some((waiting, answer)) = order(answers.len(), &places) {
                        answers.push(answer);
                        state.wait(waiting, now);
                    }
                }
                Step::TakeOff if !std::mem::take(&mut is_called) => {}
                Step::TakeOff => if let Some((_, orders)) = state.take_off() {
                    prop_assert!(flying.is_none(), "two flights at once");
                    prop_assert!((1..=BATCH_MAX).contains(&orders.len()));
                    for order in &orders {
                        prop_assert!(flown < Some(number(order)), "out of order");
                        flown = Some(number(order));
                    }
                    flying = Some(orders);
                },
                Step::Land(outcome) => if flying.take().is_some() {
                    state.land(Landing { owner: None, outcome }, now);
                    prop_assert!(outcome != Outcome::SteppedDown || state.is_over());
                },
                Step::Pass(milliseconds) => now += Duration::from_millis(milliseconds),
                Step::Drain => state.drain(),
            }
            if state.is_over() {
                prop_assert!(!state.begins_boarding() && state.take_off().is_none(), "over is over");
            } else if state.begins_boarding() {
                prop_assert!(!is_called && flying.is_none(), "a departure too many");
                is_called = true;
            }
        }
        drop((state, flying));
        for answer in &mut answers {
            let answer = answer.try_recv();
            prop_assert!(matches!(answer, Ok(Err(_))), "left without an answer: {answer:?}");
        }
        prop_assert!(places.available_permits() == 100, "places come back");
    }
}
