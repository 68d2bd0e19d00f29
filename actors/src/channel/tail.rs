//! What an owner knows of the end of its channel's log, and every rule about the next entry.
//! Nothing here waits, sends, or reads a clock.
//!
//! **Invariant:** the keys of all messages in `(floor, newest]` are known, so a message whose author
//! was at `floor` or later when composing it needs no look-up.

use std::collections::{HashMap, VecDeque};

use crate::domain::{Byline, ChannelId, Entry, Event, Seq, Timestamp};
use crate::ports::Post;
use crate::ports::{IdempotencyKey, SoughtKey, StoredKey};

/// The end of a channel's log.
#[derive(Debug)]
pub(super) struct Tail {
    channel: ChannelId,
    /// Position of the newest stored entry; the next one gets the position after it.
    newest: Seq,
    /// Messages in the log up to `newest`.
    ordinal: u64,
    /// When the newest entry was put in order; the next is not earlier.
    at: Timestamp,
    /// Entries whose keys are remembered.
    remembered_max: usize,
    /// Nothing at or below this position is remembered.
    floor: Seq,
    /// The key of each entry above `floor`, in order; `None` where an entry has none.
    order: VecDeque<Option<IdempotencyKey>>,
    keys: HashMap<IdempotencyKey, StoredKey>,
}

/// The rows read do not end where the log ends: read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Torn;

/// Whether a send is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It is there.
    Stored(StoredKey),
    /// It is not, and cannot be.
    Fresh,
    /// Only a look-up can tell.
    LookUp(SoughtKey),
}

impl Tail {
    /// Builds the tail from the log's newest rows; `newest` is the fence's last position.
    pub(super) fn read(
        channel: ChannelId,
        newest: Seq,
        rows: &[Entry],
        remembered_max: usize,
    ) -> Result<Self, Torn> {
        let floor = rows.first().map_or(newest, |row| Seq(row.seq.0 - 1));
        let mut tail = Self {
            channel,
            newest: floor,
            ordinal: 0,
            at: Timestamp::default(),
            remembered_max,
            floor,
            order: VecDeque::new(),
            keys: HashMap::new(),
        };
        for row in rows {
            tail.accept(row)?;
        }
        if tail.newest == newest && (newest == Seq(0) || !rows.is_empty()) {
            Ok(tail)
        } else {
            Err(Torn)
        }
    }

    pub(super) fn newest(&self) -> Seq {
        self.newest
    }

    /// Moves past a stored entry and remembers its key.
    pub(super) fn accept(&mut self, entry: &Entry) -> Result<(), Torn> {
        if entry.seq != self.newest.next() {
            return Err(Torn);
        }
        self.newest = entry.seq;
        self.ordinal = entry.ordinal;
        self.at = self.at.max(entry.at);
        let stored = stored_key(entry);
        self.order.push_back(stored.as_ref().map(|stored| stored.key.clone()));
        if let Some(stored) = stored {
            self.keys.entry(stored.key.clone()).or_insert(stored);
        }
        if self.order.len() > self.remembered_max {
            self.floor = self.floor.next();
            if let Some(key) = self.order.pop_front().flatten() {
                self.keys.remove(&key);
            }
        }
        Ok(())
    }

    /// Whether a message is in the log, as far as is known here. `after_seq` is what the author had
    /// of the log when composing it: if the message is in the log, it is above that.
    pub(super) fn recall(&self, post: &Post) -> Known {
        let Some(client_message_id) = post.client_message_id.clone() else { return Known::Fresh };
        let key = IdempotencyKey { author: post.by.user, client_message_id };
        if let Some(stored) = self.keys.get(&key) {
            return Known::Stored(stored.clone());
        }
        let after = post.after_seq;
        if after.unwrap_or_default() >= self.floor {
            Known::Fresh
        } else {
            Known::LookUp(SoughtKey { key, after })
        }
    }

    /// Begins a batch right after the newest entry. The tail itself does not change until
    /// [`Self::accept`].
    pub(super) fn compose(&self, now: Timestamp) -> Batch {
        let at = self.at.max(now);
        let (channel, newest, ordinal) = (self.channel, self.newest, self.ordinal);
        Batch { channel, newest, ordinal, at }
    }

    /// Forgets every key, as an owner would that does not read them back.
    #[cfg(test)]
    pub(super) fn forget(&mut self) {
        self.keys.clear();
        self.floor = Seq(0);
    }
}

/// The next places of the log, given to entries that are not stored yet.
#[derive(Debug)]
pub(super) struct Batch {
    channel: ChannelId,
    newest: Seq,
    ordinal: u64,
    at: Timestamp,
}

impl Batch {
    /// Gives an event the next place. What was written elsewhere before keeps its time.
    pub(super) fn next(&mut self, by: Byline, event: Event, written: Option<Timestamp>) -> Entry {
        self.newest = self.newest.next();
        self.ordinal += u64::from(matches!(event, Event::Posted(_)));
        let at = written.map_or(self.at, |written| written.min(self.at));
        let (channel, seq, ordinal) = (self.channel, self.newest, self.ordinal);
        Entry { channel, seq, ordinal, by, at, event }
    }
}

/// The idempotency key of an entry, if it has one.
fn stored_key(entry: &Entry) -> Option<StoredKey> {
    let posted = entry.posted()?;
    let client_message_id = posted.client_message_id.clone()?;
    let key = IdempotencyKey { author: entry.by.user, client_message_id };
    Some(StoredKey { key, seq: entry.seq, message: posted.id, at: entry.at })
}
