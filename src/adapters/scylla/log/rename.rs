//! Another name for what somebody did: bylines are stored with it.
//!
//! **Invariant:** a row is replaced only if it is what was read, so a deletion that empties it at the same
//! time is never undone; and nothing but names changes in it.

use starling_actors::domain::{Byline, ChannelId, Entry, Seq};

use super::ScyllaLog;
use super::rows::POSTED;
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::{Statement, unreadable};
use crate::adapters::scylla::uuid;
use crate::adapters::stored::{self, BodyError, StoredEntry, StoredMessage};

/// Times that a row is read again because something else changed it: only deletions do, once each.
const ATTEMPTS: usize = 4;

const BODY: Statement = Statement::read(
    "rename",
    "SELECT event, body FROM messages
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq = ?",
);
const RENAME: Statement = Statement::conditional(
    "rename",
    "UPDATE messages SET body = ?
     WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = '' AND seq = ? IF body = ?",
);

impl ScyllaLog {
    /// Renames among at most `limit` entries above `after`; gives where to go on.
    pub(super) async fn rename_all(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, StoreError> {
        let entries = self.entries_above(channel, after, limit).await?;
        let is_theirs = |entry: &&Entry| (*entry).clone().rename(by);
        // One after the other: each is a decision of the replicas about the partition into which people
        // write, and those go first.
        for entry in entries.iter().filter(is_theirs) {
            self.rename_one(channel, by, entry.seq).await?;
        }
        Ok(entries.last().filter(|_| entries.len() >= limit).map(|last| last.seq))
    }

    async fn rename_one(
        &self,
        channel: ChannelId,
        by: &Byline,
        seq: Seq,
    ) -> Result<(), StoreError> {
        let bucket = self.bucket_of(seq).0.cast_signed();
        let place = (uuid(channel.as_u128()), bucket, seq.0.cast_signed());
        for _ in 0..ATTEMPTS {
            let row: Option<(i8, Vec<u8>)> = self.session.row(&BODY, place).await?;
            let Some((event, before)) = row else { return Ok(()) };
            let after = renamed(event == POSTED, &before, by);
            let after = after.map_err(|cause| unreadable("entry", &cause))?;
            let Some(after) = after else { return Ok(()) };
            if self.session.apply(&RENAME, (after, place.0, place.1, place.2, before)).await? {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable)
    }
}

/// A body under another name; `None` when nothing in it is theirs.
fn renamed(is_message: bool, body: &[u8], by: &Byline) -> Result<Option<Vec<u8>>, BodyError> {
    if is_message {
        let mut message: StoredMessage = stored::decode(body)?;
        return if message.rename(by) { stored::encode(&message).map(Some) } else { Ok(None) };
    }
    let mut entry: StoredEntry = stored::decode(body)?;
    if entry.rename(by) { stored::encode(&entry).map(Some) } else { Ok(None) }
}
