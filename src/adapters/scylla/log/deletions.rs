//! What a deletion takes with it: the words of the message and of its edits, for ever.
//!
//! Words in the bucket of the append go in its own conditional batch. Words in older buckets go right
//! after it, each by a conditional write of its row; a row of `erasures` that was stored before the
//! append remembers them until they are gone. Readers lay the deletion over the message either way,
//! so what waits is only the emptying of the rows.
//!
//! **Invariant:** an erasure is done only for a deletion that is in the log, and dropped only when
//! its words are gone or another entry has its position, which it then can never have.

use std::collections::HashSet;

use futures_util::future::try_join_all;
use starling_actors::domain::{Bucket, ChannelId, Entry, Event, MessageId, Seq};
use starling_actors::ports::Append;

use super::ScyllaLog;
use super::changes::Targets;
use super::rows::{Partition, big, body, id};
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::{Line, Statement, unreadable};
use crate::adapters::scylla::uuid;

const STORE: Statement = Statement::write(
    "store_erasure",
    "INSERT INTO erasures (channel, seq, target) VALUES (?, ?, ?)",
);
const PENDING: Statement =
    Statement::read("erasures", "SELECT seq, target FROM erasures WHERE channel = ? LIMIT 1000");
const FORGET: Statement = Statement::write(
    "forget_erasure",
    "DELETE FROM erasures WHERE channel = ? AND seq = ? AND target = ?",
);
const ERASE: Statement = Statement::conditional(
    "erase",
    "UPDATE messages SET body = ?
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq = ? IF EXISTS",
);

/// What the deletions of an append bring about.
#[derive(Default)]
pub(super) struct Deletions {
    /// Entries of the append itself that are stored without words.
    pub(super) wordless: HashSet<Seq>,
    /// More lines for the append's batch.
    pub(super) lines: Vec<Line>,
    /// Deletions (position, target) with words in older buckets.
    pub(super) elsewhere: Vec<(Seq, Seq)>,
}

impl Deletions {
    /// What is to be stored before the append.
    pub(super) fn pending(&self, channel: ChannelId) -> Vec<Line> {
        let line = |(seq, target): &(Seq, Seq)| Line {
            statement: &STORE,
            values: vec![id(channel.as_u128()), big(seq.0), big(target.0)],
        };
        self.elsewhere.iter().map(line).collect()
    }
}

impl ScyllaLog {
    /// Finds what the deletions of an append take with them. What is read is all there is: the
    /// append applies only if nothing came after the position that it expects.
    pub(super) async fn deletions(&self, append: &Append) -> Result<Deletions, StoreError> {
        let mut found = Deletions::default();
        for entry in &append.entries {
            if let Event::Deleted { message, target } = &entry.event {
                self.deletion(append, entry.seq, *message, *target, &mut found).await?;
            }
        }
        Ok(found)
    }

    async fn deletion(
        &self,
        append: &Append,
        seq: Seq,
        message: MessageId,
        target: Seq,
        found: &mut Deletions,
    ) -> Result<(), StoreError> {
        let is_here = target > append.last_seq;
        let stored = if is_here { None } else { self.entry(append.channel, target).await? };
        let within = append.entries.iter().find(|entry| entry.seq == target);
        let Some(post) = stored.as_ref().or(within).filter(|post| is_message(post, message)) else {
            return Ok(());
        };
        let partition = Partition { channel: append.channel, bucket: append.bucket };
        if let Some(thread) = post.posted().and_then(|posted| posted.thread) {
            found.lines.push(partition.thread_deletion(thread, target));
        }
        let edits = append.entries.iter().filter(|entry| is_edit(entry, message));
        found.wordless.extend(edits.map(|edit| edit.seq));
        if is_here {
            found.wordless.insert(target);
            return Ok(());
        }
        for row in self.rows_with_words(append.channel, post, message).await? {
            if self.bucket_of(row.seq) == append.bucket {
                let line = partition.without_words(&row);
                found.lines.push(line.map_err(|cause| unreadable("entry", &cause))?);
            } else if !found.elsewhere.contains(&(seq, target)) {
                found.elsewhere.push((seq, target));
            }
        }
        Ok(())
    }

    /// The rows that hold words of a message: its own and those of its edits.
    async fn rows_with_words(
        &self,
        channel: ChannelId,
        post: &Entry,
        message: MessageId,
    ) -> Result<Vec<Entry>, StoreError> {
        let bucket = self.bucket_of(post.seq);
        let mut changes = self.changes(channel, bucket, Targets::Of(&[post.seq])).await?;
        let mut rows = changes.remove(&post.seq).unwrap_or_default();
        rows.retain(|entry| is_edit(entry, message));
        rows.push(post.clone());
        Ok(rows)
    }

    /// Empties the rows of a deleted message that still have words.
    pub(super) async fn erase(
        &self,
        channel: ChannelId,
        seq: Seq,
        target: Seq,
    ) -> Result<(), StoreError> {
        if let Some(post) = self.entry(channel, target).await?
            && let Some(posted) = post.posted()
        {
            let rows = self.rows_with_words(channel, &post, posted.id).await?;
            try_join_all(rows.iter().map(|row| self.empty(row))).await?;
        }
        let erasure = (uuid(channel.as_u128()), seq.0.cast_signed(), target.0.cast_signed());
        self.session.write(&FORGET, erasure).await
    }

    async fn empty(&self, row: &Entry) -> Result<(), StoreError> {
        let wordless = body(row, false).map_err(|cause| unreadable("entry", &cause))?;
        if body(row, true).is_ok_and(|stored| stored == wordless) {
            return Ok(());
        }
        let bucket = self.bucket_of(row.seq).0.cast_signed();
        let place = (wordless, uuid(row.channel.as_u128()), bucket, row.seq.0.cast_signed());
        // Not applied: the row itself is gone, and its words with it.
        self.session.apply(&ERASE, place).await.map(|_| ())
    }

    /// Does what a crash left undone.
    pub(super) async fn finish_erasures(
        &self,
        channel: ChannelId,
        last_seq: Seq,
    ) -> Result<(), StoreError> {
        let pending: Vec<(i64, i64)> =
            self.session.rows(&PENDING, (uuid(channel.as_u128()),)).await?;
        for (seq, target) in pending {
            let (seq, target) = (Seq(seq.cast_unsigned()), Seq(target.cast_unsigned()));
            if seq > last_seq {
                // Its append may still be under way.
                continue;
            }
            let entry = self.entry(channel, seq).await?;
            let is_in_the_log = entry.is_some_and(
                |entry| matches!(entry.event, Event::Deleted { target: other, .. } if other == target),
            );
            if is_in_the_log {
                self.erase(channel, seq, target).await?;
            } else {
                let erasure =
                    (uuid(channel.as_u128()), seq.0.cast_signed(), target.0.cast_signed());
                self.session.write(&FORGET, erasure).await?;
            }
        }
        Ok(())
    }

    /// The entry at a position, with the words in its row.
    async fn entry(&self, channel: ChannelId, seq: Seq) -> Result<Option<Entry>, StoreError> {
        if seq == Seq(0) {
            return Ok(None);
        }
        let bucket: Bucket = self.bucket_of(seq);
        Ok(self.entries_at(channel, bucket, &[seq]).await?.pop())
    }
}

fn is_message(entry: &Entry, message: MessageId) -> bool {
    entry.posted().is_some_and(|posted| posted.id == message)
}

fn is_edit(entry: &Entry, of: MessageId) -> bool {
    matches!(entry.event, Event::Edited { message, .. } if message == of)
}
