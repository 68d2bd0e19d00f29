//! The message log in SQLite: fences, entries and idempotency keys.
//!
//! An append is one `UPDATE` of the bucket's fence, which applies only in the expected state, and
//! the entries' rows; `append.rs` keeps the current state of messages in the same transaction.
//! Fences are read by the writer thread, so that such a read is ordered after every append that was
//! asked for before it, even one whose caller has stopped waiting.

mod append;
mod rename;
mod rows;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use starling_actors::domain::{
    Bucket, Byline, ChannelId, Entry, Epoch, Generation, MessageId, Seq,
};
use starling_actors::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, LogError, MessageLog, SoughtKey,
    StoredKey,
};

use super::columns::{count, id, limit as rows_max, time};
use super::{ReadError, Store, WriteError};

pub(super) use rows::{MESSAGE_COLUMNS, message_at, reactions};

/// Log and history in one database.
#[derive(Clone, Debug)]
pub struct SqliteLog {
    pub(super) store: Store,
}

impl SqliteLog {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }
}

impl From<WriteError> for LogError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Unavailable => Self::Unavailable,
            WriteError::Unknown => Self::Unknown,
        }
    }
}

impl From<ReadError> for LogError {
    fn from(_: ReadError) -> Self {
        Self::Unavailable
    }
}

#[async_trait]
impl MessageLog for SqliteLog {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        // A read changes nothing, whatever became of the transaction it was in.
        let fence = self.store.write(move |connection| fence(connection, channel, bucket)).await;
        fence.map_err(|_| LogError::Unavailable)
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        let newest = self.store.read(move |connection| {
            let sql = "SELECT bucket FROM buckets WHERE channel = ?1 ORDER BY bucket DESC LIMIT 1";
            let mut query = connection.prepare_cached(sql)?;
            query.query_row([channel.as_u128().to_be_bytes()], |row| count(row, 0)).optional()
        });
        Ok(Bucket(newest.await?.unwrap_or_default()))
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        Ok(self.store.write(move |connection| take(connection, &claim)).await?)
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        Ok(self.store.write(move |connection| append::append(connection, &append)).await?)
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let keys = keys.to_vec();
        Ok(self.store.read(move |connection| stored_keys(connection, channel, keys)).await?)
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        let by = by.clone();
        let renamed = self
            .store
            .write(move |connection| rename::rename(connection, channel, &by, (after, limit)));
        Ok(renamed.await?)
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        let entries = self.store.read(move |connection| {
            let sql = "SELECT e.seq, e.ordinal, e.at, e.message, e.body, m.body, m.thread,
                              m.client_message_id
                       FROM entries e LEFT JOIN messages m ON e.kind = 1 AND m.id = e.message
                       WHERE e.channel = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT ?3";
            let mut query = connection.prepare_cached(sql)?;
            let range =
                params![channel.as_u128().to_be_bytes(), after.0.cast_signed(), rows_max(limit)];
            let rows = query.query_map(range, |row| rows::entry_at(row, channel))?;
            rows.collect()
        });
        Ok(entries.await?)
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        let generation = self.store.generation();
        Ok(self.store.read(move |connection| newest(connection, channel, generation)).await?)
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        let generation = self.store.generation();
        let channels = channels.to_vec();
        let heads = self.store.read(move |connection| {
            channels.into_iter().map(|channel| newest(connection, channel, generation)).collect()
        });
        Ok(heads.await?)
    }
}

/// The end of a channel's log.
fn newest(
    connection: &Connection,
    channel: ChannelId,
    generation: Generation,
) -> rusqlite::Result<Head> {
    let newest = connection
        .prepare_cached(
            "SELECT seq, ordinal FROM entries WHERE channel = ?1 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([channel.as_u128().to_be_bytes()], |row| Ok((count(row, 0)?, count(row, 1)?)))
        .optional()?;
    let (seq, ordinal) = newest.unwrap_or_default();
    Ok(Head { seq: Seq(seq), ordinal, generation })
}

/// What is stored of a bucket's fence.
fn fence(
    connection: &Connection,
    channel: ChannelId,
    bucket: Bucket,
) -> rusqlite::Result<Option<BucketState>> {
    connection
        .prepare_cached("SELECT epoch, last_seq FROM buckets WHERE channel = ?1 AND bucket = ?2")?
        .query_row(params![channel.as_u128().to_be_bytes(), bucket.0.cast_signed()], |row| {
            Ok(BucketState { epoch: Epoch(count(row, 0)?), last_seq: Seq(count(row, 1)?) })
        })
        .optional()
}

fn take(connection: &Connection, claim: &Claim) -> rusqlite::Result<ClaimOutcome> {
    let channel = claim.channel.as_u128().to_be_bytes();
    let (bucket, epoch) = (claim.bucket.0.cast_signed(), claim.epoch.0.cast_signed());
    let changed = match claim.expected {
        None => connection
            .prepare_cached(
                "INSERT INTO buckets (channel, bucket, epoch, last_seq) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![channel, bucket, epoch, claim.opening_seq.0.cast_signed()])?,
        Some(expected) => connection
            .prepare_cached(
                "UPDATE buckets SET epoch = ?3 WHERE channel = ?1 AND bucket = ?2 AND epoch = ?4",
            )?
            .execute(params![channel, bucket, epoch, expected.0.cast_signed()])?,
    };
    Ok(if changed == 1 { ClaimOutcome::Applied } else { ClaimOutcome::Refused })
}

fn stored_keys(
    connection: &Connection,
    channel: ChannelId,
    keys: Vec<SoughtKey>,
) -> rusqlite::Result<Vec<StoredKey>> {
    let mut query = connection.prepare_cached(
        "SELECT id, seq, created_at FROM messages
         WHERE channel = ?1 AND author = ?2 AND client_message_id = ?3 AND seq > ?4",
    )?;
    let mut stored = Vec::new();
    for SoughtKey { key, after } in keys {
        let place = params![
            channel.as_u128().to_be_bytes(),
            key.author.as_u128().to_be_bytes(),
            key.client_message_id.as_str(),
            after.unwrap_or_default().0.cast_signed(),
        ];
        let found = query
            .query_row(place, |row| Ok((id(row, 0)?, count(row, 1)?, time(row, 2)?)))
            .optional()?;
        if let Some((message, seq, at)) = found {
            stored.push(StoredKey {
                key,
                seq: Seq(seq),
                message: MessageId::from_u128(message),
                at,
            });
        }
    }
    Ok(stored)
}
