//! The fence of a bucket, where the newest bucket is, and the head that is kept beside the log.

use futures_util::future::try_join_all;
use starling_actors::domain::{Bucket, ChannelId, Epoch, Seq};
use starling_actors::ports::{BucketState, Claim, ClaimOutcome, Head};

use super::ScyllaLog;
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::Statement;
use crate::adapters::scylla::uuid;

/// Channels whose heads are read at once.
const HEADS_AT_ONCE: usize = 200;
/// Values of one `IN` over partitions: the database refuses more than a hundred.
const HEADS_IN_ONE: usize = 50;

/// The fence after every conditional write before, which takes a round of the decision.
pub(super) const DECIDED: Statement = Statement::serial_read(
    "bucket",
    "SELECT DISTINCT channel, bucket, epoch, last_seq, last_ordinal FROM messages
     WHERE channel = ? AND bucket = ?",
);
/// The fence after every write that was answered, for those who only read.
pub(super) const ANSWERED: Statement = Statement::read(
    "head",
    "SELECT DISTINCT channel, bucket, epoch, last_seq, last_ordinal FROM messages
     WHERE channel = ? AND bucket = ?",
);
const OPEN: Statement = Statement::conditional(
    "claim",
    "UPDATE messages SET epoch = ?, last_seq = ? WHERE channel = ? AND bucket = ? IF epoch = null",
);
const TAKE: Statement = Statement::conditional(
    "claim",
    "UPDATE messages SET epoch = ? WHERE channel = ? AND bucket = ? IF epoch = ?",
);
/// Its timestamp is the position, so a head that is late changes nothing.
const STORE_HEAD: Statement = Statement::write(
    "store_head",
    "INSERT INTO heads (channel, seq, ordinal) VALUES (?, ?, ?) USING TIMESTAMP ?",
);
const HEADS: Statement =
    Statement::read("heads", "SELECT channel, seq, ordinal FROM heads WHERE channel IN ?");

/// What is stored of a bucket's fence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fence {
    pub(super) state: BucketState,
    /// Missing while nothing was appended to the bucket.
    pub(super) ordinal: Option<u64>,
}

type FenceRow = (::uuid::Uuid, i64, Option<i64>, Option<i64>, Option<i64>);

impl ScyllaLog {
    /// The fence, by [`DECIDED`] or [`ANSWERED`].
    pub(super) async fn fence(
        &self,
        how: &Statement,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<Fence>, StoreError> {
        let partition = (uuid(channel.as_u128()), bucket.0.cast_signed());
        let row: Option<FenceRow> = self.session.row(how, partition).await?;
        Ok(row.and_then(|(_, _, epoch, last_seq, ordinal)| {
            let epoch = Epoch(epoch?.cast_unsigned());
            let last_seq = Seq(last_seq?.cast_unsigned());
            let ordinal = ordinal.map(i64::cast_unsigned);
            Some(Fence { state: BucketState { epoch, last_seq }, ordinal })
        }))
    }

    /// The newest bucket and its fence, found from a hint that may be wrong.
    pub(super) async fn newest(
        &self,
        how: &Statement,
        channel: ChannelId,
    ) -> Result<Option<(Bucket, Fence)>, StoreError> {
        let hint = self.stored_heads(&[channel]).await?[0].seq;
        let mut bucket = self.bucket_of(Seq(hint.0.max(1)));
        let mut newest = None;
        loop {
            match self.fence(how, channel, bucket).await? {
                Some(fence) => {
                    let is_sealed = fence.state.last_seq >= self.end_of(bucket);
                    newest = Some((bucket, fence));
                    if !is_sealed {
                        return Ok(newest);
                    }
                    bucket = bucket.next();
                }
                // Above a sealed one: that is the newest.
                None if newest.is_some() => return Ok(newest),
                None => match bucket.previous() {
                    Some(previous) => bucket = previous,
                    None => return Ok(None),
                },
            }
        }
    }

    /// Takes an epoch of a bucket, or opens the bucket.
    pub(super) async fn take(&self, claim: &Claim) -> Result<ClaimOutcome, StoreError> {
        let (channel, bucket) = (uuid(claim.channel.as_u128()), claim.bucket.0.cast_signed());
        let epoch = claim.epoch.0.cast_signed();
        let is_applied = match claim.expected {
            None => {
                let opening = (epoch, claim.opening_seq.0.cast_signed(), channel, bucket);
                self.session.apply(&OPEN, opening).await?
            }
            Some(expected) => {
                let taking = (epoch, channel, bucket, expected.0.cast_signed());
                self.session.apply(&TAKE, taking).await?
            }
        };
        Ok(if is_applied { ClaimOutcome::Applied } else { ClaimOutcome::Refused })
    }

    /// Keeps the head of a channel for those who ask about many.
    pub(super) async fn store_head(
        &self,
        channel: ChannelId,
        seq: Seq,
        ordinal: u64,
    ) -> Result<(), StoreError> {
        let place = seq.0.cast_signed();
        let head = (uuid(channel.as_u128()), place, ordinal.cast_signed(), place);
        self.session.write(&STORE_HEAD, head).await
    }

    /// The heads that are kept, in the order asked for.
    pub(in crate::adapters::scylla) async fn stored_heads(
        &self,
        channels: &[ChannelId],
    ) -> Result<Vec<Head>, StoreError> {
        let mut heads = Vec::with_capacity(channels.len());
        for channels in channels.chunks(HEADS_AT_ONCE) {
            let requests = channels.chunks(HEADS_IN_ONE).map(|channels| async move {
                let ids: Vec<_> = channels.iter().map(|channel| uuid(channel.as_u128())).collect();
                self.session.rows::<(::uuid::Uuid, i64, i64)>(&HEADS, (ids,)).await
            });
            let found: std::collections::HashMap<u128, (i64, i64)> = try_join_all(requests)
                .await?
                .into_iter()
                .flatten()
                .map(|(channel, seq, ordinal)| (channel.as_u128(), (seq, ordinal)))
                .collect();
            heads.extend(channels.iter().map(|channel| {
                let (seq, ordinal) = found.get(&channel.as_u128()).copied().unwrap_or_default();
                Head {
                    seq: Seq(seq.cast_unsigned()),
                    ordinal: ordinal.cast_unsigned(),
                    generation: self.generation,
                }
            }));
        }
        Ok(heads)
    }

    /// The head as the log has it, even if the one that is kept lags after a crash.
    pub(super) async fn true_head(&self, channel: ChannelId) -> Result<Head, StoreError> {
        let generation = self.generation;
        let Some((bucket, fence)) = self.newest(&ANSWERED, channel).await? else {
            return Ok(Head { generation, ..Head::default() });
        };
        let ordinal = match (fence.ordinal, bucket.previous()) {
            (Some(ordinal), _) => ordinal,
            // Opened and still empty: as many as up to the end of the one before.
            (None, Some(previous)) => {
                let before = self.fence(&ANSWERED, channel, previous).await?;
                before.and_then(|fence| fence.ordinal).unwrap_or_default()
            }
            (None, None) => 0,
        };
        Ok(Head { seq: fence.state.last_seq, ordinal, generation })
    }
}
