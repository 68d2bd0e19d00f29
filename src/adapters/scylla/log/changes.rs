//! Messages as they stand now: their entries, with all changes of them laid over in the order of
//! the log.
//!
//! Changes of a message stand in the bucket of the change. The buckets to look into are the
//! message's own and those that [`super::spans`] names, which may be too many, never too few.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::{try_join, try_join_all};
use starling_actors::domain::{Bucket, ChannelId, Entry, Event, Message, Seq, Version};

use super::ScyllaLog;
use super::read_back::{Change, ChangeRow, EntryRow};
use super::rows::{CHANGE, REACTION, name_of_target};
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::{Statement, unreadable};
use crate::adapters::scylla::uuid;

/// The most values of an `IN` that every version of the database takes.
pub(in crate::adapters::scylla) const IN_MAX: usize = 100;

const ENTRIES_AT: Statement = Statement::read(
    "entries_at",
    "SELECT seq, ordinal, at, event, message, thread, client_id, body FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq IN ?",
);
const CHANGES_OF: Statement = Statement::read(
    "changes",
    "SELECT cmid, seq, event, at, message, author, word FROM messages
     WHERE channel = ? AND bucket = ? AND kind = ? AND cmid IN ?",
);
const CHANGES_BETWEEN: Statement = Statement::read(
    "changes",
    "SELECT cmid, seq, event, at, message, author, word FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 6 AND cmid >= ? AND cmid <= ?",
);

/// Which messages' changes are wanted.
#[derive(Clone, Copy)]
pub(super) enum Targets<'a> {
    /// Edits and deletions of all from one position to another.
    Between(Seq, Seq),
    /// Edits and deletions of these.
    Of(&'a [Seq]),
    /// Reactions too.
    WithReactions(&'a [Seq]),
}

/// The changes of messages, each one's in the order of the log.
pub(super) type Changes = HashMap<Seq, Vec<Entry>>;

/// A message, and the texts that its edits replaced, oldest first.
pub(in crate::adapters::scylla) struct Current {
    pub(in crate::adapters::scylla) message: Message,
    pub(in crate::adapters::scylla) versions: Vec<Version>,
}

impl ScyllaLog {
    /// The messages at positions, in their order; other entries are left out.
    pub(in crate::adapters::scylla) async fn messages_at(
        &self,
        channel: ChannelId,
        seqs: &[Seq],
    ) -> Result<Vec<Current>, StoreError> {
        let mut by_bucket: BTreeMap<Bucket, Vec<Seq>> = BTreeMap::new();
        for seq in seqs {
            by_bucket.entry(self.bucket_of(*seq)).or_default().push(*seq);
        }
        let parts = by_bucket.iter().map(|(bucket, seqs)| self.messages_in(channel, *bucket, seqs));
        Ok(try_join_all(parts).await?.into_iter().flatten().collect())
    }

    async fn messages_in(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        seqs: &[Seq],
    ) -> Result<Vec<Current>, StoreError> {
        let entries = self.entries_at(channel, bucket, seqs);
        let changes = self.changes(channel, bucket, Targets::WithReactions(seqs));
        let (entries, mut changes) = try_join(entries, changes).await?;
        let messages = entries.iter().filter_map(|entry| {
            let mut message = Message::posted(entry, entry.posted()?);
            let changes = changes.remove(&entry.seq).unwrap_or_default();
            let mut versions: Vec<_> =
                changes.iter().filter_map(|change| message.amend(change)).collect();
            if message.is_deleted {
                versions.clear();
            }
            Some(Current { message, versions })
        });
        Ok(messages.collect())
    }

    /// The entries at positions of one bucket, in the order of the log, with the words in their
    /// rows.
    pub(super) async fn entries_at(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        seqs: &[Seq],
    ) -> Result<Vec<Entry>, StoreError> {
        let chunks = seqs.chunks(IN_MAX).map(|seqs| async move {
            let places: Vec<i64> = seqs.iter().map(|seq| seq.0.cast_signed()).collect();
            let range = (uuid(channel.as_u128()), bucket.0.cast_signed(), places);
            self.entry_rows(channel, &ENTRIES_AT, range).await
        });
        let mut entries: Vec<Entry> = try_join_all(chunks).await?.into_iter().flatten().collect();
        entries.sort_by_key(|entry| entry.seq);
        Ok(entries)
    }

    /// The entries that a statement reads.
    pub(super) async fn entry_rows(
        &self,
        channel: ChannelId,
        statement: &Statement,
        range: impl scylla::serialize::row::SerializeRow,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<EntryRow> = self.session.rows(statement, range).await?;
        let entries = rows.into_iter().map(|row| row.into_entry(channel));
        entries.collect::<Result<_, _>>().map_err(|cause| unreadable("entry", &cause))
    }

    /// The changes of messages of one bucket, wherever they are.
    pub(super) async fn changes(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        targets: Targets<'_>,
    ) -> Result<Changes, StoreError> {
        // The message's own bucket is no question: most changes are there.
        let here = self.changes_within(channel, bucket, targets);
        let later = async {
            let later = self.buckets_with_changes(channel, bucket).await?;
            let parts = later.iter().map(|later| self.changes_within(channel, *later, targets));
            try_join_all(parts).await
        };
        let (here, later) = try_join(here, later).await?;
        let mut changes = Changes::new();
        for (target, change) in here.into_iter().chain(later.into_iter().flatten()) {
            changes.entry(target).or_default().push(change);
        }
        for changes in changes.values_mut() {
            changes.sort_by_key(|change| change.seq);
        }
        Ok(changes)
    }

    /// For messages of one bucket that were edited or deleted: the position of the edit whose words
    /// they have, or none when they are deleted.
    pub(in crate::adapters::scylla) async fn newest_words(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        targets: &[Seq],
    ) -> Result<HashMap<Seq, Option<Seq>>, StoreError> {
        let changes = self.changes(channel, bucket, Targets::Of(targets)).await?;
        let newest = changes.into_iter().filter_map(|(target, changes)| {
            let is_deleted =
                changes.iter().any(|change| matches!(change.event, Event::Deleted { .. }));
            let newest = changes.last()?.seq;
            Some((target, (!is_deleted).then_some(newest)))
        });
        Ok(newest.collect())
    }

    /// The changes that stand in one bucket.
    async fn changes_within(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        targets: Targets<'_>,
    ) -> Result<Vec<(Seq, Entry)>, StoreError> {
        let partition = (uuid(channel.as_u128()), bucket.0.cast_signed());
        let rows: Vec<ChangeRow> = match targets {
            Targets::Between(first, last) => {
                let range = (name_of_target(first), name_of_target(last));
                let range = (partition.0, partition.1, range.0, range.1);
                self.session.rows(&CHANGES_BETWEEN, range).await?
            }
            Targets::Of(targets) => self.change_rows(partition, CHANGE, targets).await?,
            Targets::WithReactions(targets) => {
                let changes = self.change_rows(partition, CHANGE, targets);
                let reactions = self.change_rows(partition, REACTION, targets);
                let (mut changes, reactions) = try_join(changes, reactions).await?;
                changes.extend(reactions);
                changes
            }
        };
        let mut changes = Vec::new();
        let mut edits: HashMap<Seq, Seq> = HashMap::new();
        for row in rows {
            let change = row.into_change(channel).map_err(|cause| unreadable("change", &cause))?;
            match change {
                (target, Change::Edit(seq)) => {
                    edits.insert(seq, target);
                }
                (target, Change::Whole(entry)) => changes.push((target, *entry)),
            }
        }
        if !edits.is_empty() {
            let seqs: Vec<Seq> = edits.keys().copied().collect();
            let entries = self.entries_at(channel, bucket, &seqs).await?;
            changes.extend(entries.into_iter().filter_map(|edit| {
                let target = edits.get(&edit.seq)?;
                Some((*target, edit))
            }));
        }
        Ok(changes)
    }

    async fn change_rows(
        &self,
        partition: (::uuid::Uuid, i64),
        kind: i8,
        targets: &[Seq],
    ) -> Result<Vec<ChangeRow>, StoreError> {
        let chunks = targets.chunks(IN_MAX).map(|targets| async move {
            let names: Vec<String> = targets.iter().copied().map(name_of_target).collect();
            self.session.rows(&CHANGES_OF, (partition.0, partition.1, kind, names)).await
        });
        Ok(try_join_all(chunks).await?.into_iter().flatten().collect())
    }
}
