//! The log in memory: fences, rows and idempotency keys of every channel behind one lock.
//!
//! Rows are kept by (bucket, position), as a store with one partition a bucket keeps them, so that
//! a writer who puts a row into the wrong bucket loses it here as well.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::{
    BUCKET_ENTRIES, Bucket, Byline, ChannelId, Entry, Event, Generation, Message, MessageId, Seq,
    Version,
};
use crate::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, IdempotencyKey, LogError,
    MessageLog, SoughtKey, StoredKey,
};

/// The log and the current state of every message.
#[derive(Debug)]
pub struct MemoryLog {
    pub(super) shelves: Mutex<Shelves>,
    bucket_entries: u64,
    generation: Generation,
    #[cfg(test)]
    weakness: Weakness,
}

/// A fence with a hole, to see that the checker of the simulation notices.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Weakness {
    /// None: the contract holds.
    #[default]
    None,
    /// Appends apply whatever the epoch.
    EpochIgnored,
    /// Appends apply whatever the last position.
    LastSeqIgnored,
    /// Appends apply whatever the fence.
    FenceIgnored,
    /// Appends may reach over the bucket's end.
    BucketEndIgnored,
}

#[derive(Debug, Default)]
pub(super) struct Shelves {
    pub(super) channels: HashMap<ChannelId, Shelf>,
    pub(super) messages: HashMap<MessageId, Message>,
    /// Earlier texts, oldest first.
    pub(super) versions: HashMap<MessageId, Vec<Version>>,
}

#[derive(Debug, Default)]
pub(super) struct Shelf {
    fences: BTreeMap<Bucket, BucketState>,
    rows: BTreeMap<(Bucket, Seq), Entry>,
    keys: HashMap<IdempotencyKey, StoredKey>,
    /// Messages by place: what history pages through.
    pub(super) places: BTreeMap<Seq, MessageId>,
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self::with_buckets(BUCKET_ENTRIES)
    }
}

impl MemoryLog {
    /// A log whose buckets hold `bucket_entries`; tests take few, so that buckets fill up.
    pub fn with_buckets(bucket_entries: u64) -> Self {
        Self {
            shelves: Mutex::default(),
            bucket_entries,
            generation: Generation(1),
            #[cfg(test)]
            weakness: Weakness::None,
        }
    }

    /// The same with a hole in its fence.
    #[cfg(test)]
    pub(crate) fn weakened(mut self, weakness: Weakness) -> Self {
        self.weakness = weakness;
        self
    }

    fn bucket_of(&self, seq: Seq) -> Bucket {
        Bucket((seq.0 - 1) / self.bucket_entries)
    }

    fn newest(&self, shelves: &Shelves, channel: ChannelId) -> Head {
        let shelf = shelves.channels.get(&channel);
        let newest = shelf.and_then(|shelf| shelf.rows.values().next_back());
        let (seq, ordinal) = newest.map(|entry| (entry.seq, entry.ordinal)).unwrap_or_default();
        Head { seq, ordinal, generation: self.generation }
    }

    fn is_met(&self, append: &Append, fence: BucketState) -> bool {
        let epoch = append.epoch == fence.epoch;
        let last_seq = append.last_seq == fence.last_seq;
        let bucket = append.entries.iter().all(|entry| self.bucket_of(entry.seq) == append.bucket);
        let places = is_contiguous(append);
        #[cfg(test)]
        match self.weakness {
            Weakness::None => {}
            Weakness::EpochIgnored => return last_seq && bucket && places,
            Weakness::LastSeqIgnored => return epoch,
            Weakness::FenceIgnored => return true,
            Weakness::BucketEndIgnored => return epoch && last_seq,
        }
        epoch && last_seq && bucket && places
    }
}

/// Whether the entries are the channel's next ones, at least one.
fn is_contiguous(append: &Append) -> bool {
    let places = (append.last_seq.0 + 1..).map(Seq);
    !append.entries.is_empty()
        && append
            .entries
            .iter()
            .zip(places)
            .all(|(entry, seq)| entry.channel == append.channel && entry.seq == seq)
}

impl Shelves {
    fn store(&mut self, bucket: Bucket, entry: Entry) {
        let shelf = self.channels.entry(entry.channel).or_default();
        match &entry.event {
            Event::Posted(posted) => {
                if let Some(client_message_id) = posted.client_message_id.clone() {
                    let key = IdempotencyKey { author: entry.by.user, client_message_id };
                    let (seq, message, at) = (entry.seq, posted.id, entry.at);
                    shelf.keys.insert(key.clone(), StoredKey { key, seq, message, at });
                }
                shelf.places.insert(entry.seq, posted.id);
                self.messages.insert(posted.id, Message::posted(&entry, posted));
            }
            Event::Edited { message, .. }
            | Event::Deleted { message, .. }
            | Event::Reacted { message, .. } => {
                let stored = self.messages.get_mut(message);
                if let Some(stored) = stored.filter(|stored| stored.channel == entry.channel) {
                    let version = stored.amend(&entry);
                    let versions = self.versions.entry(*message).or_default();
                    if stored.is_deleted {
                        versions.clear();
                    } else {
                        versions.extend(version);
                    }
                }
            }
            Event::Joined { .. } | Event::Left { .. } => {}
        }
        shelf.rows.insert((bucket, entry.seq), entry);
    }

    /// An entry as it reads now: current words and files for messages, none in
    /// what was deleted.
    fn current(&self, mut entry: Entry) -> Entry {
        match &mut entry.event {
            Event::Posted(posted) => {
                if let Some(message) = self.messages.get(&posted.id) {
                    posted.content.clone_from(&message.content);
                    posted.mentions.clone_from(&message.mentions);
                    posted.attachments.clone_from(&message.attachments);
                }
            }
            Event::Edited { message, content, mentions, .. } => {
                if self.messages.get(message).is_some_and(|message| message.is_deleted) {
                    content.clear();
                    mentions.clear();
                }
            }
            Event::Deleted { .. }
            | Event::Reacted { .. }
            | Event::Joined { .. }
            | Event::Left { .. } => {}
        }
        entry
    }
}

#[async_trait]
impl MessageLog for MemoryLog {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        let shelves = self.shelves.lock();
        Ok(shelves.channels.get(&channel).and_then(|shelf| shelf.fences.get(&bucket)).copied())
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        let shelves = self.shelves.lock();
        let newest =
            shelves.channels.get(&channel).and_then(|shelf| shelf.fences.keys().next_back());
        Ok(newest.copied().unwrap_or_default())
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        let mut shelves = self.shelves.lock();
        let fences = &mut shelves.channels.entry(claim.channel).or_default().fences;
        let stored = fences.get(&claim.bucket).copied();
        if stored.map(|fence| fence.epoch) != claim.expected {
            return Ok(ClaimOutcome::Refused);
        }
        let last_seq = stored.map_or(claim.opening_seq, |fence| fence.last_seq);
        fences.insert(claim.bucket, BucketState { epoch: claim.epoch, last_seq });
        Ok(ClaimOutcome::Applied)
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        let mut shelves = self.shelves.lock();
        let fences = &mut shelves.channels.entry(append.channel).or_default().fences;
        let Some(fence) = fences.get_mut(&append.bucket) else {
            return Ok(AppendOutcome::Refused(None));
        };
        if !self.is_met(&append, *fence) {
            return Ok(AppendOutcome::Refused(Some(*fence)));
        }
        let newest = append.entries.last().map(|entry| entry.seq);
        fence.last_seq = newest.unwrap_or(fence.last_seq);
        for entry in append.entries {
            shelves.store(append.bucket, entry);
        }
        Ok(AppendOutcome::Applied)
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        let shelves = self.shelves.lock();
        let Some(shelf) = shelves.channels.get(&channel) else { return Ok(Vec::new()) };
        let newest = shelf.fences.keys().next_back().copied().unwrap_or_default();
        // No more than the contract asks for, so that who relies on more is found out.
        let oldest = newest.previous().unwrap_or(newest);
        let stored = keys.iter().filter_map(|sought| {
            let stored = shelf.keys.get(&sought.key)?;
            let is_above = sought
                .after
                .map_or(self.bucket_of(stored.seq) >= oldest, |after| stored.seq > after);
            is_above.then(|| stored.clone())
        });
        Ok(stored.collect())
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        let mut shelves = self.shelves.lock();
        let Shelves { channels, messages, .. } = &mut *shelves;
        let Some(shelf) = channels.get_mut(&channel) else { return Ok(None) };
        let rows = shelf.rows.values_mut().filter(|entry| entry.seq > after).take(limit);
        let (mut looked_at, mut last) = (0, after);
        for entry in rows {
            (looked_at, last) = (looked_at + 1, entry.seq);
            if entry.rename(by)
                && let Some(posted) = entry.posted()
                && let Some(message) = messages.get_mut(&posted.id)
            {
                message.author.clone_from(by);
            }
        }
        Ok((looked_at == limit).then_some(last))
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        let shelves = self.shelves.lock();
        let Some(shelf) = shelves.channels.get(&channel) else { return Ok(Vec::new()) };
        let places = (after.0 + 1..).map(Seq).map(|seq| (self.bucket_of(seq), seq));
        let rows = places.map_while(|place| shelf.rows.get(&place)).take(limit);
        Ok(rows.map(|entry| shelves.current(entry.clone())).collect())
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        Ok(self.newest(&self.shelves.lock(), channel))
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        let shelves = self.shelves.lock();
        Ok(channels.iter().map(|channel| self.newest(&shelves, *channel)).collect())
    }
}
