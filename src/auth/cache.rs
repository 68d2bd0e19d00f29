//! What each request needs of people and sign-ins, kept for a short while.
//!
//! **Invariant:** an older version never takes the place of a newer one, so a reader that was
//! slow cannot bring a revoked sign-in back.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use crate::records::Versioned;

/// Entries of each kind: who asks within four seconds, at about a kilobyte each. With more people
/// than that, some of their requests read the store.
const ENTRIES_MAX: u64 = 8_192;
/// How long another node's change may stay unseen. Changes of this node are seen at once.
const LIFE: Duration = Duration::from_secs(4);

/// Versioned values by id.
pub(super) struct Cache<K, T> {
    entries: moka::sync::Cache<K, Arc<Versioned<T>>>,
}

impl<K, T> std::fmt::Debug for Cache<K, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cache")
    }
}

impl<K, T> Cache<K, T>
where
    K: Hash + Eq + Send + Sync + Copy + ToString + 'static,
    T: Send + Sync + 'static,
{
    /// An empty cache.
    pub(super) fn new() -> Self {
        let entries =
            moka::sync::Cache::builder().max_capacity(ENTRIES_MAX).time_to_live(LIFE).build();
        Self { entries }
    }

    /// The value, if it is fresh enough.
    pub(super) fn get(&self, key: K) -> Option<Arc<Versioned<T>>> {
        self.entries.get(&key)
    }

    /// Keeps a value that was read or written; gives the newest one known.
    pub(super) fn keep(&self, key: K, version: u64, value: T) -> Arc<Versioned<T>> {
        let read = Arc::new(Versioned { id: key.to_string(), version, value });
        self.entries
            .entry(key)
            .and_upsert_with(|known| match known.map(moka::Entry::into_value) {
                Some(known) if known.version > version => known,
                Some(_) | None => read,
            })
            .into_value()
    }
}
