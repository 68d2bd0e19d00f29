//! The contract of [`MessageLog`], line by line.

use std::sync::Arc;

use super::fixtures::{
    ADA, BEN, CHANNEL, ELSEWHERE, FIRST, append, by, claim, deleted, edited, fence, id, joined,
    key, message, opened, posted, with_file, written,
};
use crate::domain::{BUCKET_ENTRIES, Bucket, Byline, Entry, Event, Posted, Seq, UserId};
use crate::ports::{
    Append, AppendOutcome, Claim, ClaimOutcome, IdempotencyKey, MessageLog, SoughtKey,
};

const SECOND: Bucket = Bucket(1);

/// Opens the first bucket as if all but its last two positions were taken.
async fn nearly_full(log: &Arc<dyn MessageLog>) -> u64 {
    let last_seq = BUCKET_ENTRIES - 2;
    let opening = Claim { opening_seq: Seq(last_seq), ..claim(None, 1) };
    assert_eq!(log.claim(opening).await, Ok(ClaimOutcome::Applied));
    last_seq
}

/// The claim by which the owner of epoch 1 goes on to the second bucket.
fn roll_over() -> Claim {
    Claim { bucket: SECOND, opening_seq: Seq(BUCKET_ENTRIES), ..claim(None, 1) }
}

/// Fills the first bucket and opens the second one.
async fn rolled_over(log: &Arc<dyn MessageLog>) -> u64 {
    let last_seq = nearly_full(log).await;
    let entries = vec![message(last_seq + 1), message(last_seq + 2)];
    assert_eq!(log.append(append(1, last_seq, entries)).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.claim(roll_over()).await, Ok(ClaimOutcome::Applied));
    BUCKET_ENTRIES
}

fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq.0).collect()
}

/// A bucket is opened once, whoever tries.
pub async fn a_bucket_is_opened_once(log: Arc<dyn MessageLog>) {
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(None));
    opened(&log).await;
    assert_eq!(log.claim(claim(None, 1)).await, Ok(ClaimOutcome::Refused));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(1, 0))));
}

/// An epoch is taken only when the expected one is stored.
pub async fn an_epoch_is_taken_only_from_the_expected_one(log: Arc<dyn MessageLog>) {
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Refused), "no bucket");
    opened(&log).await;
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Applied));
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Refused));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(2, 0))));
}

/// Of two who want the same epoch one gets it: the other is refused, though the epoch that it finds
/// stored has the value that it wanted.
pub async fn of_two_claims_of_one_epoch_at_once_one_applies(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let (one, other) = tokio::join!(log.claim(claim(Some(1), 2)), log.claim(claim(Some(1), 2)));
    let applied = [one, other].into_iter().filter(|claim| *claim == Ok(ClaimOutcome::Applied));
    assert_eq!(applied.count(), 1);
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(2, 0))));
}

/// Taking an epoch leaves the last position as it is.
pub async fn an_epoch_is_taken_without_moving_the_last_position(log: Arc<dyn MessageLog>) {
    written(&log, vec![message(1), message(2)]).await;
    let claim = Claim { opening_seq: Seq(9), ..claim(Some(1), 2) };
    assert_eq!(log.claim(claim).await, Ok(ClaimOutcome::Applied));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(2, 2))));
}

/// An applied append is there when it returns, and the fence has moved.
pub async fn an_append_under_the_right_fence_is_stored_and_moves_it(log: Arc<dyn MessageLog>) {
    let entries = vec![message(1), joined(2, BEN), message(3)];
    written(&log, entries.clone()).await;
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(1, 3))));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(entries.clone()));
    assert_eq!(log.entries(CHANNEL, Seq(1), 10).await, Ok(entries[1..].to_vec()));
    assert_eq!(log.entries(CHANNEL, Seq(0), 2).await, Ok(entries[..2].to_vec()));
    assert_eq!(log.entries(CHANNEL, Seq(3), 10).await, Ok(Vec::new()));
}

/// A deposed owner stores nothing.
pub async fn an_append_under_another_epoch_changes_nothing(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Applied));
    let outcome = log.append(append(1, 0, vec![message(1)])).await;
    assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence(2, 0)))));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(Vec::new()));
}

/// An owner with an old position stores nothing.
pub async fn an_append_under_another_position_changes_nothing(log: Arc<dyn MessageLog>) {
    written(&log, vec![message(1)]).await;
    let outcome = log.append(append(1, 0, vec![message(1), message(2)])).await;
    assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence(1, 1)))));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(1, 1))));
}

/// Nothing is stored where no bucket is.
pub async fn an_append_to_a_missing_bucket_changes_nothing(log: Arc<dyn MessageLog>) {
    let outcome = log.append(append(1, 0, vec![message(1)])).await;
    assert_eq!(outcome, Ok(AppendOutcome::Refused(None)));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(Vec::new()));
}

/// Positions have no holes: an append that would leave one, or has no entries, is refused whole.
pub async fn an_append_that_leaves_a_place_out_changes_nothing(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    for entries in [vec![message(2)], vec![message(1), message(3)], Vec::new()] {
        let outcome = log.append(append(1, 0, entries)).await;
        assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence(1, 0)))));
    }
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(Vec::new()));
}

/// A bucket never holds another bucket's positions: a batch that would reach over its end is
/// refused whole.
pub async fn an_append_over_a_buckets_end_changes_nothing(log: Arc<dyn MessageLog>) {
    let last_seq = nearly_full(&log).await;
    let entries = (1..=3).map(|more| message(last_seq + more)).collect();
    let outcome = log.append(append(1, last_seq, entries)).await;
    assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence(1, last_seq)))));
    assert_eq!(log.entries(CHANNEL, Seq(last_seq), 10).await, Ok(Vec::new()));
    assert_eq!(log.bucket(CHANNEL, SECOND).await, Ok(None));
}

/// A full bucket takes nothing more; its owner goes on in the next one under the same epoch.
pub async fn a_full_bucket_is_followed_by_the_next_one(log: Arc<dyn MessageLog>) {
    let end = rolled_over(&log).await;
    let next = vec![message(end + 1)];
    let full = log.append(append(1, end, next.clone())).await;
    assert_eq!(full, Ok(AppendOutcome::Refused(Some(fence(1, end)))));
    let append = Append { bucket: SECOND, ..append(1, end, next) };
    assert_eq!(log.append(append).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(1, end))));
    assert_eq!(log.bucket(CHANNEL, SECOND).await, Ok(Some(fence(1, end + 1))));
    assert_eq!(log.head(CHANNEL).await.map(|head| head.seq), Ok(Seq(end + 1)));
}

/// The next bucket is opened once: who comes second is refused, whatever epoch it holds.
pub async fn the_next_bucket_is_opened_by_one_of_two(log: Arc<dyn MessageLog>) {
    rolled_over(&log).await;
    assert_eq!(log.claim(roll_over()).await, Ok(ClaimOutcome::Refused));
    let rival = Claim { epoch: crate::domain::Epoch(2), ..roll_over() };
    assert_eq!(log.claim(rival).await, Ok(ClaimOutcome::Refused));
    assert_eq!(log.bucket(CHANNEL, SECOND).await, Ok(Some(fence(1, BUCKET_ENTRIES))));
}

/// A bucket that was opened and is empty has the end of the one before it, and hides nothing of it.
pub async fn an_empty_bucket_has_the_end_of_the_one_before(log: Arc<dyn MessageLog>) {
    let end = rolled_over(&log).await;
    assert_eq!(log.bucket(CHANNEL, SECOND).await, Ok(Some(fence(1, end))));
    assert_eq!(log.head(CHANNEL).await.map(|head| head.seq), Ok(Seq(end)));
    let entries = log.entries(CHANNEL, Seq(end - 2), 10).await.unwrap();
    assert_eq!(seqs(&entries), [end - 1, end]);
    assert_eq!(log.entries(CHANNEL, Seq(end), 10).await, Ok(Vec::new()));
}

/// Reading goes on over a bucket's end, whether the limit is before, at or after it.
pub async fn entries_are_read_over_a_buckets_end(log: Arc<dyn MessageLog>) {
    let end = rolled_over(&log).await;
    let more = vec![message(end + 1), message(end + 2)];
    let append = Append { bucket: SECOND, ..append(1, end, more) };
    assert_eq!(log.append(append).await, Ok(AppendOutcome::Applied));
    let all = [end - 1, end, end + 1, end + 2];
    for limit in 1..=4 {
        let entries = log.entries(CHANNEL, Seq(end - 2), limit).await.unwrap();
        assert_eq!(seqs(&entries), all[..limit]);
    }
    assert_eq!(seqs(&log.entries(CHANNEL, Seq(end), 10).await.unwrap()), all[2..]);
}

/// The same append again changes nothing.
pub async fn appending_twice_stores_once(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let twice = append(1, 0, vec![message(1)]);
    assert_eq!(log.append(twice.clone()).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.append(twice).await, Ok(AppendOutcome::Refused(Some(fence(1, 1)))));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await.map(|entries| entries.len()), Ok(1));
}

/// Of two batches for the same place one is stored: who sent it is told by its entries, for epoch
/// and position are the same.
pub async fn of_two_appends_at_once_one_is_stored_whole(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let of = |seqs: [u64; 2]| {
        let messages =
            seqs.into_iter().zip(1..).map(|(of, seq)| Entry { seq: Seq(seq), ..message(of) });
        messages.collect::<Vec<_>>()
    };
    let (one, other) = (of([11, 12]), of([21, 22]));
    let (first, second) = tokio::join!(
        log.append(append(1, 0, one.clone())),
        log.append(append(1, 0, other.clone()))
    );
    let refused = Ok(AppendOutcome::Refused(Some(fence(1, 2))));
    let stored = log.entries(CHANNEL, Seq(0), 10).await;
    match (first, second) {
        (Ok(AppendOutcome::Applied), second) => assert_eq!((second, stored), (refused, Ok(one))),
        (first, _) => assert_eq!((first, stored), (refused, Ok(other))),
    }
}

/// An idempotency key is stored with its entry, and found above the position asked for.
pub async fn a_key_is_found_with_its_entry_and_only_above_the_position_asked_for(
    log: Arc<dyn MessageLog>,
) {
    written(&log, vec![message(1), message(2)]).await;
    let of = |author, after| [1, 2, 3].map(|seq| sought(author, seq, after));
    let found = log.stored_keys(CHANNEL, &of(ADA, None)).await.unwrap();
    let mut found: Vec<_> = found.iter().map(|stored| (stored.seq, stored.message)).collect();
    found.sort();
    assert_eq!(found, [(Seq(1), id(1)), (Seq(2), id(2))]);
    let found = log.stored_keys(CHANNEL, &of(ADA, Some(1))).await.unwrap();
    assert_eq!(found.iter().map(|stored| stored.message).collect::<Vec<_>>(), [id(2)]);
    assert_eq!(log.stored_keys(CHANNEL, &of(BEN, None)).await, Ok(Vec::new()));
    assert_eq!(log.stored_keys(ELSEWHERE, &of(ADA, None)).await, Ok(Vec::new()));
}

/// Over three buckets, each key is found above its own position, whatever the keys beside it ask
/// for; without a position it is found in the newest bucket and the one before.
pub async fn each_key_is_found_above_its_own_position_in_however_many_buckets(
    log: Arc<dyn MessageLog>,
) {
    let old = nearly_full(&log).await + 1;
    let entries = vec![message(old), message(old + 1)];
    assert_eq!(log.append(append(1, old - 1, entries)).await, Ok(AppendOutcome::Applied));
    let ends = [1, 2].map(|buckets| buckets * BUCKET_ENTRIES);
    let openings = [ends[1] - 1, ends[1]];
    for ((bucket, opening), seq) in (1..).map(Bucket).zip(openings).zip([ends[1], ends[1] + 1]) {
        let opening = Claim { bucket, opening_seq: Seq(opening), ..claim(None, 1) };
        assert_eq!(log.claim(opening).await, Ok(ClaimOutcome::Applied));
        let next = Append { bucket, ..append(1, seq - 1, vec![message(seq)]) };
        assert_eq!(log.append(next).await, Ok(AppendOutcome::Applied));
    }
    let keys = [
        sought(ADA, ends[1] + 1, None),
        sought(ADA, ends[1], None),
        sought(ADA, old, Some(0)),
        sought(ADA, old + 1, Some(old)),
        sought(BEN, old, Some(0)),
        sought(ADA, 7, None),
    ];
    let mut expected = vec![old, old + 1, ends[1], ends[1] + 1];
    let found = async |keys: &[SoughtKey]| {
        let found = log.stored_keys(CHANNEL, keys).await.unwrap();
        let mut found: Vec<_> = found.iter().map(|stored| stored.seq.0).collect();
        found.sort_unstable();
        found
    };
    assert_eq!(found(&keys).await, expected);
    // One that was told nothing, and one at the end of the log, beside one from the beginning.
    let keys = [sought(ADA, old, Some(0)), sought(ADA, 7, Some(ends[1])), sought(ADA, 8, None)];
    expected.truncate(1);
    assert_eq!(found(&keys).await, expected);
}

fn sought(author: UserId, seq: u64, after: Option<u64>) -> SoughtKey {
    let key = IdempotencyKey { author, client_message_id: key(seq) };
    SoughtKey { key, after: after.map(Seq) }
}

/// The key of an append that was refused is not stored.
pub async fn a_refused_append_leaves_no_key(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let outcome = log.append(append(7, 0, vec![message(1)])).await;
    assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence(1, 0)))));
    let keys = [sought(ADA, 1, None)];
    assert_eq!(log.stored_keys(CHANNEL, &keys).await, Ok(Vec::new()));
}

/// The head is the newest entry's; its ordinal counts messages only.
pub async fn the_head_is_the_newest_entry(log: Arc<dyn MessageLog>) {
    assert_eq!(log.head(CHANNEL).await.map(|head| (head.seq, head.ordinal)), Ok((Seq(0), 0)));
    let left = Entry { ordinal: 1, ..joined(2, BEN) };
    written(&log, vec![message(1), left]).await;
    assert_eq!(log.head(CHANNEL).await.map(|head| (head.seq, head.ordinal)), Ok((Seq(2), 1)));
}

/// The heads of several channels come in the order asked for.
pub async fn heads_come_in_the_order_asked_for(log: Arc<dyn MessageLog>) {
    written(&log, vec![message(1)]).await;
    let heads = log.heads(&[ELSEWHERE, CHANNEL, ELSEWHERE]).await.unwrap();
    assert_eq!(heads.iter().map(|head| head.seq.0).collect::<Vec<_>>(), [0, 1, 0]);
    assert_eq!(log.head(CHANNEL).await, Ok(heads[1]));
    assert_eq!(log.heads(&[]).await, Ok(Vec::new()));
}

/// Channels have logs of their own, under the same positions and keys.
pub async fn channels_do_not_see_each_other(log: Arc<dyn MessageLog>) {
    written(&log, vec![message(1)]).await;
    let there = Posted { id: id(901), ..super::fixtures::posted(1) };
    let there = Entry { channel: ELSEWHERE, event: Event::Posted(there), ..message(1) };
    let opening = Claim { channel: ELSEWHERE, ..claim(None, 1) };
    assert_eq!(log.claim(opening).await, Ok(ClaimOutcome::Applied));
    assert_eq!(log.append(append(1, 0, vec![there.clone()])).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.entries(ELSEWHERE, Seq(0), 10).await, Ok(vec![there]));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(vec![message(1)]));
}

/// An append for one channel holds no entry of another.
pub async fn an_append_with_another_channels_entry_changes_nothing(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let stray = Entry { channel: ELSEWHERE, ..message(2) };
    let outcome = log.append(append(1, 0, vec![message(1), stray])).await;
    assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence(1, 0)))));
}

/// A message reads back with its current words and whom they name.
pub async fn an_edited_message_reads_back_with_its_current_words(log: Arc<dyn MessageLog>) {
    let edit = edited(2, 1, "new", &[BEN]);
    written(&log, vec![message(1), edit.clone()]).await;
    let entries = log.entries(CHANNEL, Seq(0), 10).await.unwrap();
    let words = entries[0].posted().map(|posted| (posted.content.as_str(), &posted.mentions[..]));
    assert_eq!(words, Some(("new", &[BEN][..])));
    assert_eq!(entries[1], edit);
}

/// A deleted message, its edits and its files read back empty; every entry keeps its place.
pub async fn a_deleted_message_reads_back_without_words(log: Arc<dyn MessageLog>) {
    written(&log, vec![with_file(1), edited(2, 1, "new", &[BEN]), deleted(3, 1)]).await;
    let entries = log.entries(CHANNEL, Seq(0), 10).await.unwrap();
    assert_eq!(seqs(&entries), [1, 2, 3]);
    let posted = entries[0].posted().unwrap();
    assert_eq!(
        (posted.content.as_str(), posted.mentions.len(), posted.attachments.len()),
        ("", 0, 0)
    );
    assert_eq!(entries[1], edited(2, 1, "", &[]));
}

/// A new name is shown wherever the old one was, in as many steps as it takes, and twice is as once.
pub async fn what_somebody_did_is_shown_under_another_name_and_nothing_else_changes(
    log: Arc<dyn MessageLog>,
) {
    let bens = by(BEN, 2, Event::Posted(posted(2)));
    let entries = vec![
        message(1),
        bens,
        edited(3, 1, "new", &[]),
        joined(4, ADA),
        with_file(5),
        deleted(6, 5),
    ];
    written(&log, entries).await;
    let mut expected = log.entries(CHANNEL, Seq(0), 100).await.unwrap();
    let nobody = Byline {
        user: ADA,
        username: "deleted".to_owned(),
        full_name: "Deleted person".to_owned(),
        avatar_url: String::new(),
    };
    let renamed: Vec<bool> = expected.iter_mut().map(|entry| entry.rename(&nobody)).collect();
    assert!(renamed.contains(&true) && renamed.contains(&false), "{renamed:?}");
    for _ in 0..2 {
        assert_eq!(log.rename(CHANNEL, &nobody, Seq(0), 4).await, Ok(Some(Seq(4))));
        assert_eq!(log.rename(CHANNEL, &nobody, Seq(4), 4).await, Ok(None));
        assert_eq!(log.entries(CHANNEL, Seq(0), 100).await, Ok(expected.clone()));
    }
    assert_eq!(log.rename(ELSEWHERE, &nobody, Seq(0), 4).await, Ok(None));
}
