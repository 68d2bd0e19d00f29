//! A sound history has no finding; every planted bug has its own.

use super::*;

fn acknowledged(id: &str, seq: u64) -> Record {
    Record::Acknowledged {
        author: "ann".to_owned(),
        channel: "c".to_owned(),
        client_message_id: id.to_owned(),
        message_id: format!("m-{id}"),
        seq,
    }
}

fn logged(id: &str, seq: u64) -> Record {
    Record::Logged {
        channel: "c".to_owned(),
        seq,
        kind: "new_message".to_owned(),
        message_id: Some(format!("m-{id}")),
        author: Some("ann".to_owned()),
        client_message_id: Some(id.to_owned()),
    }
}

fn seen(id: &str, seq: u64) -> Record {
    Record::Seen {
        follower: "bob".to_owned(),
        channel: "c".to_owned(),
        seq,
        kind: "new_message".to_owned(),
        message_id: Some(format!("m-{id}")),
    }
}

fn started(after: u64) -> Record {
    Record::Started { follower: "bob".to_owned(), channel: "c".to_owned(), after }
}

fn finished() -> Record {
    Record::Finished { follower: "bob".to_owned(), channel: "c".to_owned() }
}

/// Three messages, each acknowledged, seen and logged once; places in it are named by the tests.
fn sound() -> Vec<Record> {
    vec![
        started(0),
        acknowledged("x", 1),
        seen("x", 1),
        acknowledged("y", 2),
        seen("y", 2),
        acknowledged("z", 3),
        seen("z", 3),
        finished(),
        logged("x", 1),
        logged("y", 2),
        logged("z", 3),
    ]
}

fn without(removed: &Record) -> Vec<Record> {
    sound().into_iter().filter(|record| record != removed).collect()
}

fn with(added: Record) -> Vec<Record> {
    let mut records = sound();
    records.push(added);
    records
}

fn has(records: &[Record], wanted: fn(&Finding) -> bool) -> bool {
    check(records).iter().any(wanted)
}

#[test]
fn a_sound_history_has_no_finding() {
    assert_eq!(check(&sound()), []);
}

#[test]
fn an_honest_repeat_with_the_same_receipt_is_no_finding() {
    assert_eq!(check(&with(acknowledged("y", 2))), []);
}

#[test]
fn a_view_that_begins_in_the_middle_is_no_finding() {
    let mut records = without(&seen("x", 1));
    records[0] = started(1);
    assert_eq!(check(&records), []);
}

fn refused(id: &str) -> Record {
    Record::Refused {
        author: "ann".to_owned(),
        channel: "c".to_owned(),
        client_message_id: id.to_owned(),
        code: "forbidden".to_owned(),
    }
}

#[test]
fn a_refusal_of_what_is_not_in_the_log_is_no_finding() {
    assert_eq!(check(&with(refused("w"))), []);
}

#[test]
fn a_refusal_that_says_not_stored_of_what_is_stored_is_found() {
    let mut records = without(&acknowledged("y", 2));
    records.push(refused("y"));
    assert!(has(&records, |finding| matches!(finding, Finding::RefusedButLogged { seq: 2, .. })));
}

#[test]
fn a_lost_acknowledgement_is_found() {
    let records = with(acknowledged("w", 4));
    assert!(has(&records, |finding| matches!(finding, Finding::Lost { seq: 4, .. })));
}

#[test]
fn a_message_stored_twice_is_found() {
    let records = with(logged("x", 4));
    assert!(has(
        &records,
        |finding| matches!(finding, Finding::Doubled { seqs, .. } if *seqs == [1, 4])
    ));
}

#[test]
fn an_acknowledgement_with_another_place_than_the_logs_is_found() {
    let mut records = without(&acknowledged("z", 3));
    records.push(acknowledged("z", 2));
    assert!(has(&records, |finding| matches!(finding, Finding::Misplaced { logged: 3, .. })));
}

#[test]
fn a_hole_in_the_log_is_found() {
    let records = without(&logged("y", 2));
    assert!(has(&records, |finding| matches!(finding, Finding::LogHole { after: 1, next: 3, .. })));
}

#[test]
fn a_position_given_twice_is_found() {
    let records = with(logged("w", 3));
    assert!(has(&records, |finding| matches!(finding, Finding::LogRepeat { seq: 3, .. })));
}

#[test]
fn a_gap_in_a_view_is_found() {
    let records = without(&seen("y", 2));
    assert!(has(&records, |finding| matches!(finding, Finding::ViewGap { after: 1, next: 3, .. })));
}

#[test]
fn a_double_in_a_view_is_found() {
    let mut records = sound();
    records.insert(3, seen("x", 1));
    assert!(has(&records, |finding| matches!(finding, Finding::ViewBackwards { next: 1, .. })));
}

#[test]
fn a_reordered_view_is_found() {
    let mut records = sound();
    records.swap(4, 6);
    assert!(has(&records, |finding| matches!(finding, Finding::ViewBackwards { next: 2, .. })));
}

#[test]
fn a_frame_that_was_never_appended_is_found() {
    let mut records = sound();
    records.insert(7, seen("phantom", 4));
    assert!(has(&records, |finding| matches!(finding, Finding::ViewForeign { seq: 4, .. })));
}

#[test]
fn a_view_with_another_message_at_a_position_is_found() {
    let mut records = sound();
    records[4] = seen("other", 2);
    assert!(has(&records, |finding| matches!(finding, Finding::ViewForeign { seq: 2, .. })));
}

#[test]
fn a_view_that_lacks_the_last_message_is_found() {
    let records = without(&seen("z", 3));
    assert!(has(&records, |finding| matches!(
        finding,
        Finding::ViewShort { seen: 2, head: 3, .. }
    )));
}

#[test]
fn a_second_start_does_not_excuse_a_gap() {
    let mut records = without(&seen("y", 2));
    records.insert(4, started(2));
    assert!(has(&records, |finding| matches!(finding, Finding::ViewGap { after: 1, next: 3, .. })));
}

#[test]
fn a_changed_receipt_is_found() {
    let records = with(acknowledged("y", 3));
    assert!(has(&records, |finding| matches!(finding, Finding::ChangedReceipt { .. })));
}
