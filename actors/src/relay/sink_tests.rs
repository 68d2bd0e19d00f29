use super::*;
use crate::domain::{Byline, ChannelId, Event, Seq, Timestamp, UserId};

const CHANNEL: ChannelId = ChannelId::from_u128(1);

fn batch(seqs: std::ops::Range<u64>, generation: u32) -> BusEvent {
    let user = UserId::from_u128(7);
    let empty = String::new;
    let by = Byline { user, username: empty(), full_name: empty(), avatar_url: empty() };
    let entry = |seq| {
        let event = Event::Joined { member: by.clone() };
        let (by, at) = (by.clone(), Timestamp(0));
        Arc::new(Entry { channel: CHANNEL, seq: Seq(seq), ordinal: 0, at, by, event })
    };
    BusEvent::Stored { entries: seqs.map(entry).collect(), generation: Generation(generation) }
}

/// Batches as their first and last position, everything else as zeros.
fn told(events: Vec<BusEvent>) -> Vec<(u64, u64)> {
    let ends = |event: &BusEvent| {
        let BusEvent::Stored { entries, .. } = event else { return (0, 0) };
        (entries.first().unwrap().seq.0, entries.last().unwrap().seq.0)
    };
    joined(events.into()).iter().map(ends).collect()
}

#[test]
fn batches_that_follow_each_other_are_handed_out_together() {
    assert_eq!(told(vec![batch(1..2, 1), batch(2..9, 1), batch(9..17, 1)]), [(1, 16)]);
}

#[test]
fn a_gap_a_repeat_another_life_and_any_other_event_part_them() {
    let head = || BusEvent::Head { channel: CHANNEL, seq: Seq(9) };
    assert_eq!(told(vec![batch(1..3, 1), batch(4..5, 1)]), [(1, 2), (4, 4)]);
    assert_eq!(told(vec![batch(1..3, 1), batch(1..3, 1)]), [(1, 2), (1, 2)]);
    assert_eq!(told(vec![batch(1..3, 1), batch(3..5, 2)]), [(1, 2), (3, 4)]);
    assert_eq!(told(vec![batch(1..3, 1), head(), batch(3..5, 1)]), [(1, 2), (0, 0), (3, 4)]);
}

#[test]
fn one_pass_is_bounded() {
    let batches = (0..5).map(|n| batch(n * 64 + 1..n * 64 + 65, 1)).collect();
    assert_eq!(told(batches), [(1, 256), (257, 320)]);
}
