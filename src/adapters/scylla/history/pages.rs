//! Which positions a page shows: slices of the indexes of messages, bucket by bucket.

use futures_util::future::try_join_all;
use starling_actors::domain::{Bucket, ChannelId, Seq, ThreadId};
use starling_actors::ports::Around;

use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::log::{INSIDE, MESSAGE, OUTSIDE, ScyllaLog, THREAD, name_of};
use crate::adapters::scylla::session::Statement;
use crate::adapters::scylla::uuid;

const BELOW: Statement = Statement::read(
    "page",
    "SELECT seq FROM messages
     WHERE channel = ? AND bucket = ? AND kind = ? AND cmid = ? AND seq < ?
     ORDER BY kind DESC, cmid DESC, seq DESC LIMIT ?",
);
const FROM: Statement = Statement::read(
    "page",
    "SELECT seq FROM messages
     WHERE channel = ? AND bucket = ? AND kind = ? AND cmid = ? AND seq >= ? LIMIT ?",
);

/// On which side of a position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Below it, the newest first.
    Below,
    /// From it on, the oldest first.
    From,
}

/// Which messages of a channel a page shows.
pub(super) struct Conversation<'a> {
    log: &'a ScyllaLog,
    channel: ChannelId,
    kind: i8,
    names: Vec<String>,
    /// In which there may be some, in their order.
    buckets: Vec<Bucket>,
}

impl<'a> Conversation<'a> {
    pub(super) async fn of(
        log: &'a ScyllaLog,
        channel: ChannelId,
        thread: Option<ThreadId>,
        include_threads: bool,
    ) -> Result<Self, StoreError> {
        if let Some(thread) = thread {
            let name = name_of(thread.as_u128());
            let buckets = log.spans(channel, THREAD, &name, Bucket(0)).await?;
            return Ok(Self { log, channel, kind: THREAD, names: vec![name], buckets });
        }
        let newest = log.bucket_of(log.stored_heads(&[channel]).await?[0].seq);
        let names: &[&str] = if include_threads { &[OUTSIDE, INSIDE] } else { &[OUTSIDE] };
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let buckets = (0..=newest.0).map(Bucket).collect();
        Ok(Self { log, channel, kind: MESSAGE, names, buckets })
    }

    /// The positions of a page, and whether there are more in its direction.
    pub(super) async fn page(
        &self,
        around: Around,
        limit: usize,
    ) -> Result<(Vec<Seq>, bool), StoreError> {
        match around {
            Around::Newest => self.below(Seq(u64::MAX), limit).await,
            Around::Before(seq) => self.below(seq, limit).await,
            Around::After(seq) => {
                // One more than asked for shows whether there are more.
                let from = Seq(seq.0.saturating_add(1));
                let mut seqs = self.side(Side::From, from, limit + 1).await?;
                let has_more = seqs.len() > limit;
                seqs.truncate(limit);
                Ok((seqs, has_more))
            }
            Around::Around(seq) => {
                let half = limit / 2;
                let (mut seqs, has_more) = self.below(seq, half).await?;
                seqs.extend(self.side(Side::From, seq, limit - half).await?);
                Ok((seqs, has_more))
            }
        }
    }

    async fn below(&self, position: Seq, rows: usize) -> Result<(Vec<Seq>, bool), StoreError> {
        let mut seqs = self.side(Side::Below, position, rows + 1).await?;
        let has_more = seqs.len() > rows;
        seqs.truncate(rows);
        seqs.reverse();
        Ok((seqs, has_more))
    }

    /// At most `rows` positions on one side, the nearest first.
    async fn side(&self, side: Side, position: Seq, rows: usize) -> Result<Vec<Seq>, StoreError> {
        let is_below = side == Side::Below;
        let at = self.log.bucket_of(position);
        let mut buckets: Vec<Bucket> = self.buckets.clone();
        if is_below {
            buckets.retain(|bucket| *bucket <= at);
            buckets.reverse();
        } else {
            buckets.retain(|bucket| *bucket >= at);
        }
        let mut seqs = Vec::new();
        for bucket in buckets {
            let more = rows - seqs.len();
            if more == 0 {
                break;
            }
            let slices =
                self.names.iter().map(|name| self.slice(side, bucket, name, position, more));
            let mut found: Vec<Seq> = try_join_all(slices).await?.into_iter().flatten().collect();
            found.sort();
            if is_below {
                found.reverse();
            }
            found.truncate(more);
            seqs.extend(found);
        }
        Ok(seqs)
    }

    async fn slice(
        &self,
        side: Side,
        bucket: Bucket,
        name: &str,
        position: Seq,
        rows: usize,
    ) -> Result<Vec<Seq>, StoreError> {
        // "Newest" is below the greatest position; the database's numbers end half-way there.
        let position = i64::try_from(position.0).unwrap_or(i64::MAX);
        let rows = i32::try_from(rows).unwrap_or(i32::MAX);
        let channel = uuid(self.channel.as_u128());
        let slice = (channel, bucket.0.cast_signed(), self.kind, name, position, rows);
        let statement = if side == Side::Below { &BELOW } else { &FROM };
        let seqs: Vec<(i64,)> = self.log.session.rows(statement, slice).await?;
        Ok(seqs.into_iter().map(|(seq,)| Seq(seq.cast_unsigned())).collect())
    }
}
