//! Looking up idempotency keys: each in every bucket above the position that its sender knew, or in
//! the newest one and the one before when it told none. Keys are asked for together where they are
//! wanted in the same bucket, so what one asks for limits no other.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use starling_actors::domain::{Bucket, ChannelId, MessageId, Seq, Timestamp};
use starling_actors::ports::{SoughtKey, StoredKey};

use super::ScyllaLog;
use super::changes::IN_MAX;
use super::fence::DECIDED;
use super::rows::name_of_key;
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::Statement;
use crate::adapters::scylla::uuid;

/// Sees every append that was applied before.
const KEYS: Statement = Statement::serial_read(
    "stored_keys",
    "SELECT cmid, target, message, at FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 1 AND cmid IN ?",
);

/// Buckets read at once. A sender may name any position, and serial reads of a partition stand in
/// the way of its appends.
const READS_MAX: usize = 4;

type KeyRow = (String, i64, ::uuid::Uuid, i64);

impl ScyllaLog {
    /// The keys that are stored where they are sought.
    pub(super) async fn sought(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let Some((newest, _)) = self.newest(&DECIDED, channel).await? else {
            return Ok(Vec::new());
        };
        let mut wanted: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for sought in keys {
            let oldest = match sought.after {
                Some(after) => self.bucket_of(Seq(after.0.saturating_add(1))),
                None => newest.previous().unwrap_or(newest),
            };
            for bucket in oldest.0..=newest.0 {
                wanted.entry(bucket).or_default().insert(name_of_key(&sought.key));
            }
        }
        let mut reads = Vec::new();
        for (bucket, names) in wanted {
            let names: Vec<String> = names.into_iter().collect();
            for names in names.chunks(IN_MAX) {
                reads.push(self.key_rows(channel, Bucket(bucket), names.to_vec()));
            }
        }
        let rows: Vec<Vec<KeyRow>> =
            stream::iter(reads).buffer_unordered(READS_MAX).try_collect().await?;
        let mut places: BTreeMap<String, Vec<(Seq, MessageId, Timestamp)>> = BTreeMap::new();
        for (name, seq, message, at) in rows.into_iter().flatten() {
            let message = MessageId::from_u128(message.as_u128());
            let place = (Seq(seq.cast_unsigned()), message, Timestamp(at));
            places.entry(name).or_default().push(place);
        }
        let stored = keys.iter().filter_map(|SoughtKey { key, after }| {
            let above = after.unwrap_or_default();
            let places = places.get(&name_of_key(key))?.iter();
            let (seq, message, at) =
                *places.filter(|(seq, ..)| *seq > above).min_by_key(|(seq, ..)| *seq)?;
            Some(StoredKey { key: key.clone(), seq, message, at })
        });
        Ok(stored.collect())
    }

    async fn key_rows(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        names: Vec<String>,
    ) -> Result<Vec<KeyRow>, StoreError> {
        let place = (uuid(channel.as_u128()), bucket.0.cast_signed(), names);
        self.session.rows(&KEYS, place).await
    }
}
