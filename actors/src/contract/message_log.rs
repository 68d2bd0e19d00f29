//! The contract of [`MessageLog`], line by line.

use std::sync::Arc;

use crate::domain::{
    Bucket, Byline, ChannelId, ClientMessageId, Entry, Epoch, Event, MessageId, MessageKind,
    Posted, Seq, Timestamp, UserId,
};
use crate::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, IdempotencyKey, MessageLog,
};

const CHANNEL: ChannelId = ChannelId::from_u128(1);
const FIRST: Bucket = Bucket(0);

fn author() -> Byline {
    Byline {
        user: UserId::from_u128(1),
        username: "ada".into(),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

fn key(seq: u64) -> Option<ClientMessageId> {
    ClientMessageId::new(format!("key-{seq}")).ok()
}

fn entry(seq: u64, event: Event) -> Entry {
    Entry { channel: CHANNEL, seq: Seq(seq), ordinal: seq, by: author(), at: Timestamp(5), event }
}

fn message(seq: u64) -> Entry {
    let posted = Posted {
        id: MessageId::from_u128(u128::from(seq)),
        kind: MessageKind::Text,
        content: format!("words {seq}"),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: key(seq),
    };
    entry(seq, Event::Posted(posted))
}

fn append(epoch: u64, last_seq: u64, entries: Vec<Entry>) -> Append {
    let (epoch, last_seq) = (Epoch(epoch), Seq(last_seq));
    Append { channel: CHANNEL, bucket: FIRST, epoch, last_seq, entries }
}

fn claim(expected: Option<u64>, epoch: u64) -> Claim {
    let (expected, epoch) = (expected.map(Epoch), Epoch(epoch));
    Claim { channel: CHANNEL, bucket: FIRST, expected, epoch, opening_seq: Seq(0) }
}

fn fence(epoch: u64, last_seq: u64) -> BucketState {
    BucketState { epoch: Epoch(epoch), last_seq: Seq(last_seq) }
}

async fn opened(log: &Arc<dyn MessageLog>) {
    assert_eq!(log.claim(claim(None, 1)).await, Ok(ClaimOutcome::Applied));
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
    opened(&log).await;
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Applied));
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Refused));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(2, 0))));
}

/// An applied append is there when it returns, and the fence has moved.
pub async fn an_append_under_the_right_fence_is_stored_and_moves_it(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let entries = vec![message(1), message(2)];
    assert_eq!(log.append(append(1, 0, entries.clone())).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.bucket(CHANNEL, FIRST).await, Ok(Some(fence(1, 2))));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(entries.clone()));
    assert_eq!(log.entries(CHANNEL, Seq(1), 10).await, Ok(entries[1..].to_vec()));
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
    opened(&log).await;
    assert_eq!(log.append(append(1, 0, vec![message(1)])).await, Ok(AppendOutcome::Applied));
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

/// The same append again changes nothing.
pub async fn appending_twice_stores_once(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let twice = append(1, 0, vec![message(1)]);
    assert_eq!(log.append(twice.clone()).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.append(twice).await, Ok(AppendOutcome::Refused(Some(fence(1, 1)))));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await.map(|entries| entries.len()), Ok(1));
}

/// An idempotency key is stored with its entry, and found above the position asked for.
pub async fn a_key_is_found_with_its_entry_and_only_above_the_position_asked_for(
    log: Arc<dyn MessageLog>,
) {
    opened(&log).await;
    let entries = vec![message(1), message(2)];
    assert_eq!(log.append(append(1, 0, entries)).await, Ok(AppendOutcome::Applied));
    let keys = [1, 2, 3].into_iter().filter_map(key);
    let keys: Vec<_> = keys
        .map(|client_message_id| IdempotencyKey { author: author().user, client_message_id })
        .collect();
    let found = log.stored_keys(CHANNEL, Seq(0), &keys).await.unwrap_or_default();
    let mut seqs: Vec<_> = found.iter().map(|stored| stored.seq).collect();
    seqs.sort();
    assert_eq!(seqs, [Seq(1), Seq(2)]);
    let found = log.stored_keys(CHANNEL, Seq(1), &keys).await.unwrap_or_default();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, MessageId::from_u128(2));
}

/// The head is the newest entry's.
pub async fn the_head_is_the_newest_entry(log: Arc<dyn MessageLog>) {
    assert_eq!(log.head(CHANNEL).await.map(|head| (head.seq, head.ordinal)), Ok((Seq(0), 0)));
    opened(&log).await;
    let entries = vec![message(1), message(2)];
    assert_eq!(log.append(append(1, 0, entries)).await, Ok(AppendOutcome::Applied));
    assert_eq!(log.head(CHANNEL).await.map(|head| (head.seq, head.ordinal)), Ok((Seq(2), 2)));
}

/// A message reads back with its current words: none once it is deleted.
pub async fn a_deleted_message_reads_back_without_words(log: Arc<dyn MessageLog>) {
    opened(&log).await;
    let deleted = Event::Deleted { message: MessageId::from_u128(1), target: Seq(1) };
    let entries = vec![message(1), Entry { ordinal: 1, ..entry(2, deleted) }];
    assert_eq!(log.append(append(1, 0, entries)).await, Ok(AppendOutcome::Applied));
    let entries = log.entries(CHANNEL, Seq(0), 10).await.unwrap_or_default();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].posted().map(|posted| posted.content.as_str()), Some(""));
}
