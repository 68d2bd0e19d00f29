//! What a person has not read.
//!
//! Messages of others are a difference of ordinals less the person's own. Mentions are the rows that
//! name the person above the position, of which those count whose message still names them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join_all, try_join3};
use starling_actors::domain::{Bucket, ChannelId, Seq, UserId};
use starling_actors::ports::{Head, Unread};

use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::log::{AUTHOR, IN_MAX, NAMED, ScyllaLog, name_of};
use crate::adapters::scylla::session::Statement;
use crate::adapters::scylla::uuid;

/// Channels counted at the same time: a person's list is hundreds.
const CHANNELS_AT_ONCE: usize = 16;

const BASE: Statement = Statement::read(
    "unread",
    "SELECT seq, ordinal, event FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq >= ? LIMIT 1",
);
const OWN: Statement = Statement::read(
    "unread",
    "SELECT COUNT(*) FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 5 AND cmid = ? AND seq > ?",
);
const OWN_AT: Statement = Statement::read(
    "unread",
    "SELECT seq FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 5 AND cmid = ? AND seq IN ?",
);
const NAMING: Statement = Statement::read(
    "unread",
    "SELECT seq, target FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 4 AND cmid = ? AND seq > ?",
);

// The kinds stand as numbers in the statements above.
const _: () = assert!(AUTHOR == 5 && NAMED == 4);

impl ScyllaLog {
    /// What is unread above each place.
    pub(super) async fn unread_in(
        &self,
        reader: UserId,
        places: &[(ChannelId, Seq)],
    ) -> Result<Vec<Unread>, StoreError> {
        let channels: Vec<ChannelId> = places.iter().map(|(channel, _)| *channel).collect();
        let heads = self.stored_heads(&channels).await?;
        let places: Vec<_> = places.iter().zip(heads).collect();
        let mut counts = Vec::with_capacity(places.len());
        for places in places.chunks(CHANNELS_AT_ONCE) {
            let parts = places
                .iter()
                .map(|((channel, after), head)| self.unread_above(reader, *channel, *after, head));
            counts.extend(try_join_all(parts).await?);
        }
        Ok(counts)
    }

    async fn unread_above(
        &self,
        reader: UserId,
        channel: ChannelId,
        after: Seq,
        head: &Head,
    ) -> Result<Unread, StoreError> {
        if after >= head.seq {
            return Ok(Unread::default());
        }
        let (base, own, mentions) = try_join3(
            self.ordinal_at(channel, after, head),
            self.own_above(reader, channel, after),
            Box::pin(self.mentions_above(reader, channel, after)),
        )
        .await?;
        let messages = head.ordinal.saturating_sub(base).saturating_sub(own);
        Ok(Unread { messages, mentions })
    }

    /// How many messages there are up to a position below the head.
    async fn ordinal_at(
        &self,
        channel: ChannelId,
        after: Seq,
        head: &Head,
    ) -> Result<u64, StoreError> {
        if after == Seq(0) {
            return Ok(0);
        }
        for bucket in self.bucket_of(after).0..=self.bucket_of(head.seq).0 {
            let place = (uuid(channel.as_u128()), bucket.cast_signed(), after.0.cast_signed());
            let first: Option<(i64, i64, i8)> = self.session.row(&BASE, place).await?;
            if let Some((seq, ordinal, event)) = first {
                // Where the row itself is past keeping, the next one tells.
                let is_later_message = seq.cast_unsigned() > after.0 && event == 1;
                return Ok(ordinal.cast_unsigned() - u64::from(is_later_message));
            }
        }
        Ok(head.ordinal)
    }

    async fn own_above(
        &self,
        reader: UserId,
        channel: ChannelId,
        after: Seq,
    ) -> Result<u64, StoreError> {
        let name = name_of(reader.as_u128());
        let buckets = self.spans(channel, AUTHOR, &name, self.bucket_of(after.next())).await?;
        let counts = buckets.iter().map(|bucket| {
            let (channel, place) = (uuid(channel.as_u128()), bucket.0.cast_signed());
            let slice = (channel, place, name.as_str(), after.0.cast_signed());
            self.session.row::<(i64,)>(&OWN, slice)
        });
        let counts = try_join_all(counts).await?;
        Ok(counts.into_iter().flatten().map(|(count,)| count.cast_unsigned()).sum())
    }

    async fn mentions_above(
        &self,
        reader: UserId,
        channel: ChannelId,
        after: Seq,
    ) -> Result<u64, StoreError> {
        let name = name_of(reader.as_u128());
        let buckets = self.spans(channel, NAMED, &name, self.bucket_of(after.next())).await?;
        let rows = buckets.iter().map(|bucket| {
            let (channel, place) = (uuid(channel.as_u128()), bucket.0.cast_signed());
            let slice = (channel, place, name.as_str(), after.0.cast_signed());
            self.session.rows::<(i64, i64)>(&NAMING, slice)
        });
        let mut naming: BTreeMap<Seq, BTreeSet<Seq>> = BTreeMap::new();
        for (seq, target) in try_join_all(rows).await?.into_iter().flatten() {
            let (seq, target) = (Seq(seq.cast_unsigned()), Seq(target.cast_unsigned()));
            if target > after {
                naming.entry(target).or_default().insert(seq);
            }
        }
        let mut by_bucket: BTreeMap<Bucket, Vec<Seq>> = BTreeMap::new();
        for target in naming.keys() {
            by_bucket.entry(self.bucket_of(*target)).or_default().push(*target);
        }
        let mut mentions = 0;
        for (bucket, targets) in by_bucket {
            let own = self.own_at(channel, bucket, &name, &targets).await?;
            let worded = self.newest_words(channel, bucket, &targets).await?;
            // The newest words of a message are its last edit's, or its own; a deleted one has none.
            let counts = |target: &&Seq| match worded.get(*target) {
                Some(None) => false,
                Some(Some(edit)) => naming[*target].contains(edit),
                None => naming[*target].contains(*target),
            };
            let others = targets.iter().filter(|target| !own.contains(*target));
            mentions += others.filter(counts).count() as u64;
        }
        Ok(mentions)
    }

    /// Those of the messages that the reader wrote: naming oneself calls nobody.
    async fn own_at(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        name: &str,
        targets: &[Seq],
    ) -> Result<BTreeSet<Seq>, StoreError> {
        let chunks = targets.chunks(IN_MAX).map(|targets| async move {
            let seqs: Vec<i64> = targets.iter().map(|seq| seq.0.cast_signed()).collect();
            let place = (uuid(channel.as_u128()), bucket.0.cast_signed(), name, seqs);
            self.session.rows::<(i64,)>(&OWN_AT, place).await
        });
        let rows = try_join_all(chunks).await?;
        Ok(rows.into_iter().flatten().map(|(seq,)| Seq(seq.cast_unsigned())).collect())
    }
}
