//! What has to be done at a time: kept in records, found again after a crash, done by one node.
//!
//! ```text
//!   put ─▶ (line, shard, hour) ─▶ one record, its id begins with the moment
//!   tick ─▶ each shard of this node: the hours since its mark, in order ─▶ what is due
//! ```
//!
//! A line is divided into [`SHARDS`], and each shard has one node (see `Placement`). A record only says
//! which thing is due; the thing itself is kept by its owner, who decides whether that still holds. An
//! entry is removed when its owner says that it is done, so what a crash cuts off is due again.
//!
//! **Invariants:** nothing is put into an hour that is over, and a shard's mark moves only over hours that
//! are over and empty: what was put is found. Doing the same thing twice must be harmless: at a hand-over
//! two nodes may both find it.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use starling_actors::cluster::Placement;
use starling_actors::domain::{OrgId, Timestamp};
use starling_actors::ports::{Precondition, Records, RecordsError};

use crate::records::{SERVER, Shelf, Shelves};

/// Parts of a line: enough for a few nodes to share the work, few enough to be looked at every second or
/// two for nothing.
const SHARDS: u64 = 4;
const MS_PER_HOUR: i64 = 3_600_000;
/// Hours that one look goes through: after a long stop it catches up within a few looks, and no look
/// holds up the next.
const HOURS_PER_LOOK: i64 = 200;
/// Hours before the present one that the mark stays behind: clocks of nodes differ by seconds, and a
/// record may be on its way into the hour that has just ended.
const HOURS_BEHIND: i64 = 1;

/// What is due, below line, shard and hour.
const DUE: Shelf<Due> = Shelf::new("agenda");
/// The first hour of a shard that may hold something, below the line.
const MARKS: Shelf<i64> = Shelf::new("agenda_mark");

/// A thing that has a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The tenant whose it is.
    pub org: String,
    /// What it hangs on.
    pub parent: String,
    /// Its id on its owner's shelf.
    pub id: String,
    /// When it was put here, in milliseconds: its owner may still be storing the thing itself.
    pub put_at: i64,
}

impl Due {
    /// The tenant whose it is.
    pub fn org(&self) -> Option<OrgId> {
        self.org.parse().ok()
    }
}

/// Where an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    parent: String,
    id: String,
    /// When it is due.
    pub at: Timestamp,
}

/// One line of things to do. Cheap to clone.
#[derive(Clone)]
pub struct Agenda {
    line: &'static str,
    shelves: Shelves<RecordsError>,
    placement: Placement,
    /// Marks of the shards that this node has looked at.
    marks: Arc<Mutex<HashMap<u64, i64>>>,
}

impl std::fmt::Debug for Agenda {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Agenda({})", self.line)
    }
}

impl Agenda {
    /// A line of its own name.
    pub fn new(line: &'static str, records: Arc<dyn Records>, placement: Placement) -> Self {
        Self { line, shelves: Shelves::new(records), placement, marks: Arc::default() }
    }

    /// Where a thing with this id is entered for a time.
    pub fn slot(&self, at: Timestamp, id: &str) -> Slot {
        let (shard, hour) = (shard_of(id), at.0.div_euclid(MS_PER_HOUR));
        Slot { parent: self.parent(shard, hour), id: format!("{:013}-{id}", at.0.max(0)), at }
    }

    /// Enters a thing; a time that is over becomes now. Entering it again changes nothing.
    pub async fn put(
        &self,
        (at, now): (Timestamp, Timestamp),
        (org, parent, id): (OrgId, &str, &str),
    ) -> Result<Slot, RecordsError> {
        let slot = self.slot(at.max(now), id);
        let due = Due {
            org: org.to_string(),
            parent: parent.to_owned(),
            id: id.to_owned(),
            put_at: now.0,
        };
        let place = (SERVER, slot.parent.as_str(), slot.id.as_str());
        self.shelves.put(&DUE, place, &due, Precondition::Any).await?;
        Ok(slot)
    }

    /// Removes an entry.
    pub async fn done(&self, slot: &Slot) -> Result<(), RecordsError> {
        self.shelves.delete(&DUE, SERVER, &slot.parent, &slot.id).await?;
        Ok(())
    }

    /// At most about `limit` things of this node's shards that are due, the oldest first in each. Each shard has
    /// its part of the limit: what piles up in one holds up none of the others.
    pub async fn due(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Slot, Due)>, RecordsError> {
        let mut mine: Vec<u64> = (0..SHARDS).collect();
        mine.retain(|shard| self.placement.is_mine(key_of(self.line, *shard)));
        let (each, mut found) = (limit.div_ceil(mine.len().max(1)), Vec::new());
        for shard in mine {
            self.look(shard, now, each, &mut found).await?;
        }
        Ok(found)
    }

    async fn look(
        &self,
        shard: u64,
        now: Timestamp,
        limit: usize,
        found: &mut Vec<(Slot, Due)>,
    ) -> Result<(), RecordsError> {
        let this_hour = now.0.div_euclid(MS_PER_HOUR);
        let first = self.mark(shard, this_hour).await?;
        let (mut mark, mut left) = (first, limit);
        for hour in first..=this_hour.min(first + HOURS_PER_LOOK) {
            let parent = self.parent(shard, hour);
            let page = self.shelves.page(&DUE, (SERVER, &parent), None, left).await?;
            let is_empty = page.is_empty();
            if is_empty && mark == hour && hour < this_hour - HOURS_BEHIND {
                mark = hour + 1;
            }
            for entry in page {
                let Some(at) = moment_of(&entry.id) else { continue };
                if at > now {
                    break;
                }
                left = left.saturating_sub(1);
                found.push((Slot { parent: parent.clone(), id: entry.id, at }, entry.value));
            }
            if left == 0 {
                break;
            }
        }
        if mark > first {
            self.set_mark(shard, mark).await?;
        }
        Ok(())
    }

    /// The first hour that may hold something. On the very first look that is about now: what was put
    /// before this by another node lies in an hour that is not over.
    async fn mark(&self, shard: u64, this_hour: i64) -> Result<i64, RecordsError> {
        if let Some(mark) = self.marks.lock().get(&shard) {
            return Ok(*mark);
        }
        let id = shard.to_string();
        let stored = self.shelves.get(&MARKS, SERVER, self.line, &id).await?;
        let mark = match stored {
            Some(stored) => stored.value,
            None => {
                let mark = this_hour - HOURS_BEHIND - 1;
                let place = (SERVER, self.line, id.as_str());
                match self.shelves.put(&MARKS, place, &mark, Precondition::Absent).await {
                    Ok(_) | Err(RecordsError::Conflict) => mark,
                    Err(error) => return Err(error),
                }
            }
        };
        self.marks.lock().insert(shard, mark);
        Ok(mark)
    }

    async fn set_mark(&self, shard: u64, mark: i64) -> Result<(), RecordsError> {
        let id = shard.to_string();
        let place = (SERVER, self.line, id.as_str());
        // Another node may have set it at a hand-over. Both have seen that the hours before are empty.
        self.shelves.put(&MARKS, place, &mark, Precondition::Any).await?;
        self.marks.lock().insert(shard, mark);
        Ok(())
    }

    fn parent(&self, shard: u64, hour: i64) -> String {
        format!("{}/{shard}/{hour}", self.line)
    }
}

/// FNV-1a: any spread that all nodes agree on does.
fn spread(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn shard_of(id: &str) -> u64 {
    spread(id) % SHARDS
}

/// The key under which nodes share the shards.
fn key_of(line: &str, shard: u64) -> u128 {
    u128::from(spread(line)) << 64 | u128::from(spread(&shard.to_string()))
}

fn moment_of(id: &str) -> Option<Timestamp> {
    id.split_once('-')?.0.parse().ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use starling_actors::memory::MemoryRecords;

    use super::*;

    const ORG: OrgId = OrgId::from_u128(1);
    const HOUR: i64 = MS_PER_HOUR;

    fn agenda(records: &Arc<dyn Records>) -> Agenda {
        Agenda::new("test", Arc::clone(records), Placement::alone())
    }

    async fn ids(agenda: &Agenda, now: i64) -> Vec<String> {
        let due = agenda.due(Timestamp(now), 100).await.expect("is read");
        due.into_iter().map(|(_, due)| due.id).collect()
    }

    #[tokio::test]
    async fn a_thing_is_due_at_its_time_until_it_is_done() {
        let records: Arc<dyn Records> = Arc::new(MemoryRecords::default());
        let agenda = agenda(&records);
        let now = Timestamp(10 * HOUR);
        let slot = agenda.put((Timestamp(12 * HOUR), now), (ORG, "a", "x")).await.expect("is put");
        assert!(ids(&agenda, 11 * HOUR).await.is_empty());
        assert_eq!(ids(&agenda, 12 * HOUR).await, ["x"]);
        assert_eq!(ids(&agenda, 12 * HOUR + 1).await, ["x"], "until its owner has done it");
        agenda.done(&slot).await.expect("is removed");
        assert!(ids(&agenda, 13 * HOUR).await.is_empty());
    }

    #[tokio::test]
    async fn what_was_due_while_nothing_ran_is_found_after_months() {
        let records: Arc<dyn Records> = Arc::new(MemoryRecords::default());
        let first = agenda(&records);
        assert!(ids(&first, 10 * HOUR).await.is_empty());
        let now = Timestamp(10 * HOUR);
        first.put((Timestamp(500 * HOUR), now), (ORG, "a", "x")).await.expect("is put");
        let later = agenda(&records);
        let mut found = Vec::new();
        for _ in 0..20 {
            found = ids(&later, 3_000 * HOUR).await;
            if !found.is_empty() {
                break;
            }
        }
        assert_eq!(found, ["x"]);
    }

    #[tokio::test]
    async fn what_piles_up_in_one_shard_holds_up_none_of_the_others() {
        let records: Arc<dyn Records> = Arc::new(MemoryRecords::default());
        let (agenda, now) = (agenda(&records), Timestamp(10 * HOUR));
        let of =
            |shard| (0..).map(|id: u32| id.to_string()).filter(move |id| shard_of(id) == shard);
        let (many, one): (Vec<String>, _) = (of(0).take(20).collect(), of(SHARDS - 1).next());
        for id in many.iter().chain(&one) {
            agenda.put((now, now), (ORG, "a", id)).await.expect("is put");
        }
        let due = agenda.due(now, 8).await.expect("is read");
        assert!(due.iter().any(|(_, due)| Some(&due.id) == one.as_ref()), "{due:?}");
        assert!(due.len() <= 8);
    }

    #[tokio::test]
    async fn a_time_that_is_over_becomes_now() {
        let records: Arc<dyn Records> = Arc::new(MemoryRecords::default());
        let agenda = agenda(&records);
        let now = Timestamp(1_000 * HOUR);
        assert!(ids(&agenda, now.0).await.is_empty());
        agenda.put((Timestamp(1), now), (ORG, "a", "x")).await.expect("is put");
        assert_eq!(ids(&agenda, now.0).await, ["x"]);
    }
}
