//! Looking up idempotency keys: in every bucket above the position that the sender knew, or in the
//! newest one and the one before when it knew none.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use starling_actors::domain::{Bucket, ChannelId, MessageId, Seq, Timestamp};
use starling_actors::ports::{IdempotencyKey, StoredKey};

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

type KeyRow = (String, i64, ::uuid::Uuid, i64);

impl ScyllaLog {
    /// The keys that are stored above a position.
    pub(super) async fn keys_above(
        &self,
        channel: ChannelId,
        after: Seq,
        keys: &[IdempotencyKey],
    ) -> Result<Vec<StoredKey>, StoreError> {
        if keys.is_empty() || i64::try_from(after.0).is_err() {
            return Ok(Vec::new());
        }
        let Some((newest, _)) = self.newest(&DECIDED, channel).await? else {
            return Ok(Vec::new());
        };
        let oldest = if after == Seq(0) {
            newest.previous().unwrap_or(newest)
        } else {
            self.bucket_of(after.next())
        };
        let names: HashMap<String, &IdempotencyKey> =
            keys.iter().map(|key| (name_of_key(key), key)).collect();
        let wanted: Vec<&String> = names.keys().collect();
        let requests = (oldest.0..=newest.0).flat_map(|bucket| {
            wanted.chunks(IN_MAX).map(move |names| self.key_rows(channel, Bucket(bucket), names))
        });
        let rows = try_join_all(requests).await?.into_iter().flatten();
        let stored = rows.filter_map(|(name, seq, message, at)| {
            let key = (*names.get(&name)?).clone();
            let seq = Seq(seq.cast_unsigned());
            let message = MessageId::from_u128(message.as_u128());
            (seq > after).then_some(StoredKey { key, seq, message, at: Timestamp(at) })
        });
        Ok(stored.collect())
    }

    async fn key_rows(
        &self,
        channel: ChannelId,
        bucket: Bucket,
        names: &[&String],
    ) -> Result<Vec<KeyRow>, StoreError> {
        let place = (uuid(channel.as_u128()), bucket.0.cast_signed(), names);
        self.session.rows(&KEYS, place).await
    }
}
