//! An append: what finds its rows, then one conditional batch, then what is kept beside the log.
//!
//! **Invariant:** the batch is the append. Before it nothing is in the log; after it everything is,
//! and `bucket` does what is left to do (the kept head, erasures) before it tells anyone of it.

use starling_actors::domain::Seq;
use starling_actors::ports::{Append, AppendOutcome};

use super::ScyllaLog;
use super::deletions::Deletions;
use super::rows::{Partition, big, id};
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::{Line, Statement, unreadable};

/// The fence: it moves only from the expected epoch and position.
const FENCE: Statement = Statement::conditional(
    "append",
    "UPDATE messages SET last_seq = ?, last_ordinal = ?
     WHERE channel = ? AND bucket = ? IF epoch = ? AND last_seq = ?",
);

impl ScyllaLog {
    /// Appends entries to one bucket if the fence is the expected one.
    pub(super) async fn append_all(&self, append: &Append) -> Result<AppendOutcome, StoreError> {
        let (Some(newest), true) = (append.entries.last(), self.is_contiguous(append)) else {
            return self.refused(append).await;
        };
        let (is_applied, elsewhere) = self.commit(append).await?;
        if !is_applied {
            return self.refused(append).await;
        }
        // It is in the log, so a failure from here on is not "not stored".
        let unknown = |_| StoreError::Unknown;
        let head = self.store_head(append.channel, newest.seq, newest.ordinal);
        head.await.map_err(unknown)?;
        for (seq, target) in elsewhere {
            self.erase(append.channel, seq, target).await.map_err(unknown)?;
        }
        Ok(AppendOutcome::Applied)
    }

    /// Everything up to the conditional batch: whether it applied, and the deletions (position,
    /// target) whose words in older buckets are still there.
    pub(in crate::adapters::scylla) async fn commit(
        &self,
        append: &Append,
    ) -> Result<(bool, Vec<(Seq, Seq)>), StoreError> {
        let deletions = self.deletions(append).await?;
        // Nothing is appended yet, whatever became of these.
        let announced = self.announce(append, deletions.pending(append.channel)).await;
        announced.map_err(|_| StoreError::Unavailable)?;
        let newest = append.entries.last();
        let mut lines = vec![Line {
            statement: &FENCE,
            values: vec![
                big(newest.map_or(append.last_seq, |entry| entry.seq).0),
                big(newest.map_or(0, |entry| entry.ordinal)),
                id(append.channel.as_u128()),
                big(append.bucket.0),
                big(append.epoch.0),
                big(append.last_seq.0),
            ],
        }];
        let elsewhere = deletions.elsewhere.clone();
        lines.extend(rows(append, deletions)?);
        Ok((self.session.apply_batch("append", lines).await?, elsewhere))
    }

    /// What the fence is instead. The append is not in the log, so a failure here is "not stored".
    async fn refused(&self, append: &Append) -> Result<AppendOutcome, StoreError> {
        let fence = self.settled(append.channel, append.bucket).await;
        let fence = fence.map_err(|_| StoreError::Unavailable)?;
        Ok(AppendOutcome::Refused(fence.map(|fence| fence.state)))
    }

    /// Whether the entries are the channel's next ones and stay within the bucket.
    fn is_contiguous(&self, append: &Append) -> bool {
        let places = append.last_seq.0 + 1..;
        !append.entries.is_empty()
            && append.entries.iter().zip(places).all(|(entry, seq)| {
                entry.channel == append.channel
                    && entry.seq.0 == seq
                    && self.bucket_of(entry.seq) == append.bucket
            })
    }
}

fn rows(append: &Append, deletions: Deletions) -> Result<Vec<Line>, StoreError> {
    let partition = Partition { channel: append.channel, bucket: append.bucket };
    let mut lines = Vec::new();
    for entry in &append.entries {
        let has_words = !deletions.wordless.contains(&entry.seq);
        let rows = partition.lines(entry, has_words);
        lines.extend(rows.map_err(|cause| unreadable("entry", &cause))?);
    }
    lines.extend(deletions.lines);
    Ok(lines)
}
