//! How a channel is taken, written and given up.
//!
//! Ownership is a hint; the log decides. A channel's log lies in buckets of a fixed size; each has
//! a fence of an epoch and the last position, and is *sealed* when that is its last. No wall clock
//! of two machines is ever compared, and the sequence is never taken from memory or a peer.
//!
//! **Activate**, from a bucket hint that may be wrong in either direction: read the bucket. Missing,
//! and its predecessor not seen sealed: go down. Sealed: go up. Missing after a sealed one of epoch
//! `e` (the first bucket: `e = 0`): store `epoch = e + 1, last_seq = end of the previous` if there
//! is still none. Unsealed: store `epoch = e + 1` if the epoch is still `e`. Only *applied* makes an
//! epoch mine; otherwise read again. Then read once more: another epoch: stop; sealed meanwhile: go
//! up; else take `last_seq`, and read the last rows for what is remembered.
//!
//! **Append** with `last_seq = L` known: the entries, if the epoch is `E` and the last position `L`.
//! - Not applied, other epoch: deposed. Stop, drop the state, answer *send the same id again*,
//!   never "not stored".
//! - Not applied, other last position: an earlier attempt of ours landed. Read the rows above `L`.
//! - No answer: the outcome is unknown. Read the fence, then as above; `last_seq = L` proves
//!   nothing: repeat under the same `L`. Undecided for 5 s: step down and say *unknown*.
//! - Bucket known full: store `epoch = E, last_seq = end` on the next one if there is none; not
//!   applied but epoch `E`: ours; else deposed.
//!
//! **Invariant:** whatever another owner does, and however late an attempt of ours lands, no
//! position is written twice.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::settings::ChannelPorts;
#[cfg(test)]
use super::simulation::Planted;
use super::tail::Tail;
use crate::domain::{Bucket, ChannelId, Entry, Epoch, Generation, Seq};
use crate::ports::{Append, AppendOutcome, BucketState, Claim, ClaimOutcome, LogError};

/// How long the log may take for one answer; later ones count as unknown.
pub(super) const ANSWER_MAX: Duration = Duration::from_secs(2);
/// How long an unknown outcome is looked after before stepping down.
const SETTLE_MAX: Duration = Duration::from_secs(5);
/// Between two looks at an unknown outcome: a log in trouble is not helped by more questions.
const SETTLE_PAUSE: Duration = Duration::from_millis(50);
/// How long taking a channel may take altogether.
const ACTIVATION_MAX: Duration = Duration::from_secs(5);
/// Buckets looked at when taking a channel. A hint is off by a few; beyond this it is no hint.
const ACTIVATION_STEPS_MAX: usize = 256;

/// The right to write a channel's log, as far as its holder knows.
#[derive(Debug)]
pub(super) struct Owner {
    channel: ChannelId,
    bucket: Bucket,
    epoch: Epoch,
    /// The log's life, told to whoever follows the channel.
    generation: Generation,
    tail: Tail,
}

/// Why a channel could not be taken. Nothing was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// The log does not answer, or not for long enough.
    Unavailable,
    /// Someone else took it at the same time.
    Deposed,
}

/// What became of an append, settled as far as it can be.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Stored.
    Stored,
    /// The log has gone on from `L` with these rows, an earlier attempt of ours.
    Outrun(Vec<Entry>),
    /// The log refuses; nothing was stored.
    Refused,
    /// Someone else writes now. Whether an attempt of ours landed before is not known if one was
    /// left without an answer.
    Deposed {
        /// Whether one was.
        is_open: bool,
    },
    /// Nothing could be learnt in time.
    Undecided,
}

/// What a fence says about an append of ours.
enum Fence {
    Ours,
    Outrun(Seq),
    Deposed,
}

impl From<LogError> for NotTaken {
    fn from(_: LogError) -> Self {
        Self::Unavailable
    }
}

/// Asks the log, at most for [`ANSWER_MAX`].
pub(super) async fn ask<T>(
    question: impl Future<Output = Result<T, LogError>>,
) -> Result<T, LogError> {
    timeout(ANSWER_MAX, question).await.unwrap_or(Err(LogError::Unknown))
}

impl Owner {
    /// Takes the channel.
    pub(super) async fn activate(
        ports: &ChannelPorts,
        channel: ChannelId,
    ) -> Result<Self, NotTaken> {
        let activation = Self::take(ports, channel);
        timeout(ACTIVATION_MAX, activation).await.unwrap_or(Err(NotTaken::Unavailable))
    }

    async fn take(ports: &ChannelPorts, channel: ChannelId) -> Result<Self, NotTaken> {
        #[cfg(test)]
        let remembered = ports.log.head(channel).await?;
        let entries = ports.settings.bucket_entries;
        let mut bucket = ask(ports.log.bucket_hint(channel)).await?;
        // The epoch of the bucket below, once that was seen sealed.
        let mut sealed_below: Option<Epoch> = None;
        for _ in 0..ACTIVATION_STEPS_MAX {
            let fence = ask(ports.log.bucket(channel, bucket)).await?;
            let (expected, epoch) = match (fence, bucket.previous(), sealed_below) {
                (Some(fence), ..) if fence.last_seq >= end_of(bucket, entries) => {
                    sealed_below = Some(fence.epoch);
                    bucket = bucket.next();
                    continue;
                }
                (Some(fence), ..) => (Some(fence.epoch), fence.epoch.next()),
                (None, None, _) => (None, Epoch(0).next()),
                (None, Some(_), Some(below)) => (None, below.next()),
                #[cfg(test)]
                (None, Some(_), None) if ports.planted == Planted::PredecessorUnseen => {
                    (None, Epoch(0).next())
                }
                (None, Some(previous), None) => {
                    bucket = previous;
                    continue;
                }
            };
            let opening_seq = start_of(bucket, entries);
            let claim = Claim { channel, bucket, expected, epoch, opening_seq };
            match ask(ports.log.claim(claim)).await {
                Ok(ClaimOutcome::Applied) => {}
                Ok(ClaimOutcome::Refused) | Err(LogError::Unknown) => {
                    #[cfg(test)]
                    if ports.planted == Planted::EpochKnownByValue
                        && ask(ports.log.bucket(channel, bucket)).await?.map(|f| f.epoch)
                            == Some(epoch)
                    {
                        return Self::read(ports, channel, bucket, epoch)
                            .await?
                            .map_err(|_| NotTaken::Deposed);
                    }
                    continue;
                }
                Err(LogError::Unavailable) => return Err(NotTaken::Unavailable),
            }
            #[cfg(test)]
            if ports.planted == Planted::SecondReadSkipped {
                let newest = fence.map_or(opening_seq, |fence| fence.last_seq);
                return Self::end(ports, channel, (bucket, epoch), newest).await;
            }
            match Self::read(ports, channel, bucket, epoch).await? {
                Ok(owner) => {
                    #[cfg(test)]
                    let owner = owner.mistaken(ports, remembered.seq).await?;
                    return Ok(owner);
                }
                Err(Sealed) => {
                    sealed_below = Some(epoch);
                    bucket = bucket.next();
                }
            }
        }
        Err(NotTaken::Unavailable)
    }

    /// Reads the fence once more after a claim was applied, and the end of the log.
    async fn read(
        ports: &ChannelPorts,
        channel: ChannelId,
        bucket: Bucket,
        epoch: Epoch,
    ) -> Result<Result<Self, Sealed>, NotTaken> {
        let fence = ask(ports.log.bucket(channel, bucket)).await?.ok_or(NotTaken::Deposed)?;
        if fence.epoch != epoch {
            return Err(NotTaken::Deposed);
        }
        let newest = fence.last_seq;
        if newest >= end_of(bucket, ports.settings.bucket_entries) {
            return Ok(Err(Sealed));
        }
        Self::end(ports, channel, (bucket, epoch), newest).await.map(Ok)
    }

    /// Reads the end of the log, up to the fence's last position.
    async fn end(
        ports: &ChannelPorts,
        channel: ChannelId,
        (bucket, epoch): (Bucket, Epoch),
        newest: Seq,
    ) -> Result<Self, NotTaken> {
        let remembered_max = ports.settings.remembered_max;
        let floor = Seq(newest.0.saturating_sub(remembered_max as u64));
        let rows = ask(ports.log.entries(channel, floor, remembered_max)).await?;
        // Rows above the fence just read would be another owner's; the next append will tell.
        let rows: Vec<Entry> = rows.into_iter().filter(|row| row.seq <= newest).collect();
        let tail = Tail::read(channel, newest, &rows, remembered_max)
            .map_err(|_| NotTaken::Unavailable)?;
        let generation = ask(ports.log.head(channel)).await?.generation;
        Ok(Self { channel, bucket, epoch, generation, tail })
    }

    pub(super) fn tail(&self) -> &Tail {
        &self.tail
    }

    pub(super) fn tail_mut(&mut self) -> &mut Tail {
        &mut self.tail
    }

    pub(super) fn generation(&self) -> Generation {
        self.generation
    }

    /// How many entries the bucket still takes.
    pub(super) fn room(&self, ports: &ChannelPorts) -> u64 {
        end_of(self.bucket, ports.settings.bucket_entries).0.saturating_sub(self.tail.newest().0)
    }

    /// Goes on to the next bucket, this one being full.
    pub(super) async fn roll_over(&mut self, ports: &ChannelPorts) -> Verdict {
        let (channel, bucket, epoch) = (self.channel, self.bucket.next(), self.epoch);
        let opening_seq = self.tail.newest();
        let claim = Claim { channel, bucket, expected: None, epoch, opening_seq };
        let give_up = Instant::now() + SETTLE_MAX;
        while Instant::now() < give_up {
            match ask(ports.log.claim(claim)).await {
                Ok(ClaimOutcome::Applied) => {
                    self.bucket = bucket;
                    return Verdict::Stored;
                }
                Err(LogError::Unavailable) => return Verdict::Refused,
                Ok(ClaimOutcome::Refused) | Err(LogError::Unknown) => {}
            }
            match ask(ports.log.bucket(channel, bucket)).await {
                Ok(Some(fence)) if fence.epoch == epoch && fence.last_seq == opening_seq => {
                    self.bucket = bucket;
                    return Verdict::Stored;
                }
                #[cfg(test)]
                Ok(Some(fence)) if ports.planted == Planted::NextBucketTaken => {
                    (self.bucket, self.epoch) = (bucket, fence.epoch);
                    return Verdict::Stored;
                }
                Ok(Some(_)) => return Verdict::Deposed { is_open: false },
                Ok(None) | Err(_) => sleep(SETTLE_PAUSE).await,
            }
        }
        // Nothing of the batch was sent, so nothing of it can be stored.
        Verdict::Deposed { is_open: false }
    }

    /// Appends entries right after the tail, and finds out what became of them. The tail itself
    /// does not change.
    pub(super) async fn append(&self, ports: &ChannelPorts, entries: &[Entry]) -> Verdict {
        let give_up = Instant::now() + SETTLE_MAX;
        let mut is_open = false;
        while Instant::now() < give_up {
            let append = Append {
                channel: self.channel,
                bucket: self.bucket,
                epoch: self.epoch,
                last_seq: self.tail.newest(),
                entries: entries.to_vec(),
            };
            let fence = match ask(ports.log.append(append)).await {
                Ok(AppendOutcome::Applied) => return Verdict::Stored,
                Ok(AppendOutcome::Refused(fence)) => Ok(fence),
                Err(LogError::Unavailable) if !is_open => return Verdict::Refused,
                Err(LogError::Unavailable | LogError::Unknown) => {
                    #[cfg(test)]
                    if ports.planted == Planted::UnknownTakenForRefused {
                        return Verdict::Refused;
                    }
                    is_open = true;
                    ask(ports.log.bucket(self.channel, self.bucket)).await
                }
            };
            match fence.map(|fence| self.judge(fence)) {
                Ok(Fence::Deposed) => return Verdict::Deposed { is_open },
                Ok(Fence::Outrun(newest)) => return self.rows_until(ports, newest, give_up).await,
                Ok(Fence::Ours) | Err(_) => sleep(SETTLE_PAUSE).await,
            }
        }
        Verdict::Undecided
    }

    fn judge(&self, fence: Option<BucketState>) -> Fence {
        match fence {
            Some(fence) if fence.epoch == self.epoch && fence.last_seq == self.tail.newest() => {
                Fence::Ours
            }
            Some(fence) if fence.epoch == self.epoch && fence.last_seq > self.tail.newest() => {
                Fence::Outrun(fence.last_seq)
            }
            // A position that went back, or no bucket at all, is nothing an owner can work with.
            Some(_) | None => Fence::Deposed,
        }
    }

    /// The rows between the tail and `newest`.
    async fn rows_until(&self, ports: &ChannelPorts, newest: Seq, give_up: Instant) -> Verdict {
        let above = self.tail.newest();
        let Ok(count) = usize::try_from(newest.0 - above.0) else { return Verdict::Undecided };
        while Instant::now() < give_up {
            match ask(ports.log.entries(self.channel, above, count)).await {
                Ok(rows) if rows.len() == count => return Verdict::Outrun(rows),
                Ok(_) | Err(_) => sleep(SETTLE_PAUSE).await,
            }
        }
        Verdict::Undecided
    }

    /// The owner with the mistake that is planted.
    #[cfg(test)]
    #[allow(clippy::wildcard_enum_match_arm, reason = "most mistakes are others'")]
    async fn mistaken(mut self, ports: &ChannelPorts, remembered: Seq) -> Result<Self, NotTaken> {
        match ports.planted {
            Planted::FilterNotRebuilt => self.tail.forget(),
            Planted::SequenceFromMemory => {
                let rows = ports.log.entries(self.channel, Seq(0), usize::MAX).await?;
                let rows: Vec<Entry> =
                    rows.into_iter().filter(|row| row.seq <= remembered).collect();
                self.tail = Tail::read(self.channel, remembered, &rows, usize::MAX)
                    .map_err(|_| NotTaken::Unavailable)?;
            }
            // Those of others, and of other moments.
            _ => {}
        }
        Ok(self)
    }
}

/// The bucket was filled before it was ours.
struct Sealed;

/// The position before a bucket's first.
fn start_of(bucket: Bucket, entries: u64) -> Seq {
    Seq(bucket.0 * entries)
}

/// A bucket's last position.
fn end_of(bucket: Bucket, entries: u64) -> Seq {
    start_of(bucket.next(), entries)
}
