//! What was promised, looked at while it happens and at the end.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::channel::world::CHANNEL;
use crate::channel::{Post, Receipt};
use crate::domain::{Bucket, ChannelId, Entry, Epoch, MessageId, Seq, UserId};
use crate::memory::MemoryLog;
use crate::ports::{
    Append, AppendOutcome, BucketState, Bus, BusError, BusEvent, BusSink, Claim, ClaimOutcome,
    Head, IdempotencyKey, LogError, MessageLog, StoredKey, Subscription, Topic,
};

pub(super) struct Checker {
    log: Arc<MemoryLog>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    broken: Vec<String>,
    /// First receipts by sender and key.
    receipts: HashMap<(UserId, String), (MessageId, Seq)>,
    /// Who has appended under an epoch.
    writers: HashMap<(Bucket, Epoch), u64>,
    handed_out: Vec<(Seq, Option<MessageId>)>,
}

fn key_of(post: &Post) -> (UserId, String) {
    let key = post.client_message_id.as_ref().map(|id| id.as_str().to_owned());
    (post.by.user, key.unwrap_or_default())
}

impl Checker {
    pub(super) fn new(log: Arc<MemoryLog>) -> Self {
        Self { log, seen: Mutex::default() }
    }

    fn broken(&self, what: String) {
        self.seen.lock().broken.push(what);
    }

    pub(super) async fn head(&self) -> Seq {
        self.log.head(CHANNEL).await.unwrap().seq
    }

    async fn entry(&self, seq: Seq) -> Option<Entry> {
        self.log.entries(CHANNEL, Seq(seq.0 - 1), 1).await.unwrap().pop()
    }

    /// A receipt was given: the message is there, and every receipt is the first one.
    pub(super) async fn acknowledged(&self, post: &Post, receipt: &Receipt) {
        let stored = self.entry(receipt.seq).await;
        let stored = stored.and_then(|entry| entry.posted().map(|posted| posted.id));
        if stored != Some(receipt.message) {
            self.broken(format!("acknowledged but not stored: {receipt:?}"));
        }
        let place = (receipt.message, receipt.seq);
        let first = *self.seen.lock().receipts.entry(key_of(post)).or_insert(place);
        if first != place {
            self.broken(format!("another receipt for a repeat: {first:?}, {receipt:?}"));
        }
    }

    /// "Nothing was stored" was said, and nothing else before.
    pub(super) async fn refused(&self, post: &Post) {
        let all = self.log.entries(CHANNEL, Seq(0), usize::MAX).await.unwrap();
        if all.iter().any(|entry| key_of_entry(entry) == Some(key_of(post))) {
            self.broken(format!("refused but stored: {post:?}"));
        }
    }

    /// Looks at the log as it is in the end.
    pub(super) async fn verdict(&self) -> Result<(), String> {
        let entries = self.log.entries(CHANNEL, Seq(0), usize::MAX).await.unwrap();
        let head = self.head().await;
        if entries.len() as u64 != head.0 {
            self.broken(format!("a gap after {} of {head:?}", entries.len()));
        }
        let mut keys = HashSet::new();
        let doubled = entries.iter().filter_map(key_of_entry).find(|key| !keys.insert(key.clone()));
        if let Some(key) = doubled {
            self.broken(format!("stored twice: {key:?}"));
        }
        let places: HashMap<_, _> =
            entries.iter().map(|e| (e.seq, e.posted().map(|posted| posted.id))).collect();
        let mut seen = self.seen.lock();
        let Seen { broken, receipts, handed_out, .. } = &mut *seen;
        for (message, seq) in receipts.values() {
            if places.get(seq) != Some(&Some(*message)) {
                broken.push(format!("acknowledged and lost: {message} at {seq:?}"));
            }
        }
        for (seq, message) in handed_out {
            if places.get(seq) != Some(message) {
                broken.push(format!("handed out and not stored: {message:?} at {seq:?}"));
            }
        }
        broken.first().map_or(Ok(()), |first| Err(first.clone()))
    }
}

fn key_of_entry(entry: &Entry) -> Option<(UserId, String)> {
    let key = entry.posted()?.client_message_id.as_ref()?;
    Some((entry.by.user, key.as_str().to_owned()))
}

/// A bus that looks whether what it is given is stored.
pub(super) struct CheckingBus {
    pub(super) checker: Arc<Checker>,
}

#[async_trait]
impl Bus for CheckingBus {
    async fn publish(&self, _topic: Topic, event: BusEvent) -> Result<(), BusError> {
        if let BusEvent::Stored { entries, .. } = event {
            for entry in entries.iter() {
                if self.checker.entry(entry.seq).await.as_ref() != Some(&**entry) {
                    self.checker.broken(format!("handed out before its append: {:?}", entry.seq));
                }
                let place = (entry.seq, entry.posted().map(|posted| posted.id));
                self.checker.seen.lock().handed_out.push(place);
            }
        }
        Ok(())
    }

    fn subscribe(&self, _topic: Topic, _sink: Arc<dyn BusSink>) -> Subscription {
        Subscription::new(|| {})
    }
}

/// The log as one node reaches it, with an eye on what arrives there.
pub(super) struct Witness {
    pub(super) node: u64,
    pub(super) log: Arc<MemoryLog>,
    pub(super) checker: Arc<Checker>,
}

#[async_trait]
impl MessageLog for Witness {
    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        let (bucket, epoch, last_seq) = (append.bucket, append.epoch, append.last_seq);
        let outcome = self.log.append(append).await?;
        let fence = self.log.bucket(CHANNEL, bucket).await?;
        let is_fenced = fence.is_some_and(|fence| fence.epoch == epoch);
        let mut seen = self.checker.seen.lock();
        let is_first = !seen.writers.contains_key(&(bucket, epoch));
        if *seen.writers.entry((bucket, epoch)).or_insert(self.node) != self.node {
            seen.broken.push(format!("two writers under {epoch:?} of {bucket:?}"));
        }
        match outcome {
            AppendOutcome::Applied if !is_fenced => {
                seen.broken.push(format!("stored under the old {epoch:?} of {bucket:?}"));
            }
            AppendOutcome::Refused(Some(fence)) if is_first && is_fenced => {
                seen.broken.push(format!("took {last_seq:?} for the end, not {fence:?}"));
            }
            AppendOutcome::Applied | AppendOutcome::Refused(_) => {}
        }
        Ok(outcome)
    }

    async fn bucket(&self, c: ChannelId, b: Bucket) -> Result<Option<BucketState>, LogError> {
        self.log.bucket(c, b).await
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        self.log.bucket_hint(channel).await
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        self.log.claim(claim).await
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        after: Seq,
        keys: &[IdempotencyKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        self.log.stored_keys(channel, after, keys).await
    }

    async fn entries(&self, c: ChannelId, after: Seq, n: usize) -> Result<Vec<Entry>, LogError> {
        self.log.entries(c, after, n).await
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        self.log.head(channel).await
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        self.log.heads(channels).await
    }
}
