//! Which copies are there, who holds them, and which of them go to make room.

use std::collections::HashMap;

use tokio::time::Instant;

use crate::adapters::files::ContentHash;

/// The copies of one folder.
#[derive(Debug)]
pub(super) struct Shelf {
    bytes_max: u64,
    /// Room that was made for copies on their way.
    coming: u64,
    copies: HashMap<ContentHash, Copy>,
}

#[derive(Debug)]
struct Copy {
    bytes: u64,
    holders: u32,
    used_at: Instant,
}

impl Shelf {
    pub(super) fn new(bytes_max: u64) -> Self {
        Self { bytes_max, coming: 0, copies: HashMap::new() }
    }

    /// One holder more, if it is there.
    pub(super) fn hold(&mut self, hash: ContentHash, now: Instant) -> bool {
        let Some(copy) = self.copies.get_mut(&hash) else { return false };
        copy.holders = copy.holders.saturating_add(1);
        copy.used_at = now;
        true
    }

    /// One holder less.
    pub(super) fn release(&mut self, hash: ContentHash, now: Instant) {
        if let Some(copy) = self.copies.get_mut(&hash) {
            copy.holders = copy.holders.saturating_sub(1);
            copy.used_at = now;
        }
    }

    /// Makes room for so many bytes, which count from now on; gives the copies that go for it, those
    /// first that were used longest ago. `None`: what is held or coming leaves too little, and all stay.
    pub(super) fn make_room(&mut self, bytes: u64) -> Option<Vec<ContentHash>> {
        let there: u64 = self.copies.values().map(|copy| copy.bytes).sum();
        let wanted = there.saturating_add(self.coming).saturating_add(bytes);
        let mut surplus = wanted.saturating_sub(self.bytes_max);
        let mut free: Vec<_> = self.copies.iter().filter(|(_, copy)| copy.holders == 0).collect();
        free.sort_unstable_by_key(|(hash, copy)| (copy.used_at, **hash));
        let mut gone = Vec::new();
        for (hash, copy) in free {
            if surplus == 0 {
                break;
            }
            surplus = surplus.saturating_sub(copy.bytes);
            gone.push(*hash);
        }
        if surplus > 0 {
            return None;
        }
        self.copies.retain(|hash, _| !gone.contains(hash));
        self.coming = self.coming.saturating_add(bytes);
        Some(gone)
    }

    /// Room that was made is not needed any more: its copy is there, or will not come.
    pub(super) fn give_back(&mut self, bytes: u64) {
        self.coming = self.coming.saturating_sub(bytes);
    }

    /// A copy is there now; if it was before, its holders stay.
    pub(super) fn put(&mut self, hash: ContentHash, bytes: u64, now: Instant) {
        let new = Copy { bytes, holders: 0, used_at: now };
        self.copies.entry(hash).or_insert(new).used_at = now;
    }

    /// Takes a copy off unless it is held or not there; `true` when it went.
    pub(super) fn forget(&mut self, hash: ContentHash) -> bool {
        let is_free = self.copies.get(&hash).is_some_and(|copy| copy.holders == 0);
        is_free && self.copies.remove(&hash).is_some()
    }

    /// Takes off what was not used since; gives it.
    pub(super) fn forget_unused(&mut self, since: Instant) -> Vec<ContentHash> {
        let is_old = |copy: &Copy| copy.holders == 0 && copy.used_at < since;
        self.copies.extract_if(|_, copy| is_old(copy)).map(|(hash, _)| hash).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn hash(number: u8) -> ContentHash {
        ContentHash::from([number; 32])
    }

    /// A shelf of 100 bytes with three copies of 30, used in their order.
    fn full() -> (Shelf, Instant) {
        let (mut shelf, start) = (Shelf::new(100), Instant::now());
        for number in 1..=3 {
            shelf.put(hash(number), 30, start + Duration::from_secs(u64::from(number)));
        }
        (shelf, start + Duration::from_secs(10))
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_no_more_than_needed() {
        let (mut shelf, now) = full();
        assert!(shelf.hold(hash(1), now));
        shelf.release(hash(1), now);
        assert_eq!(shelf.make_room(10), Some(Vec::new()));
        assert_eq!(shelf.make_room(20), Some(vec![hash(2)]));
        assert_eq!(shelf.make_room(60), Some(vec![hash(3), hash(1)]));
        assert!(!shelf.hold(hash(1), now));
    }

    #[test]
    fn what_is_held_stays_and_without_room_nothing_goes() {
        let (mut shelf, now) = full();
        for number in 1..=2 {
            assert!(shelf.hold(hash(number), now));
        }
        assert_eq!(shelf.make_room(50), None);
        assert!(!shelf.forget(hash(1)));
        assert_eq!(shelf.make_room(40), Some(vec![hash(3)]));
        shelf.release(hash(1), now);
        assert_eq!(shelf.make_room(1), Some(vec![hash(1)]));
    }

    #[test]
    fn what_is_coming_counts_until_it_is_there_or_given_up() {
        let (mut shelf, now) = (Shelf::new(100), Instant::now());
        assert!(shelf.make_room(60).is_some());
        assert_eq!(shelf.make_room(60), None);
        shelf.put(hash(1), 60, now);
        shelf.give_back(60);
        assert!(shelf.make_room(40).is_some());
        shelf.give_back(40);
        assert!(shelf.hold(hash(1), now));
        assert_eq!(shelf.make_room(41), None);
    }

    #[test]
    fn what_came_twice_keeps_its_holders() {
        let (mut shelf, now) = (Shelf::new(100), Instant::now());
        shelf.put(hash(1), 60, now);
        assert!(shelf.hold(hash(1), now));
        shelf.put(hash(1), 60, now);
        assert_eq!(shelf.make_room(50), None);
    }

    #[test]
    fn what_nobody_used_for_long_goes_unless_it_is_held() {
        let (mut shelf, now) = full();
        assert!(shelf.hold(hash(1), now - Duration::from_secs(9)));
        assert_eq!(shelf.forget_unused(now - Duration::from_secs(7)), [hash(2)]);
    }
}
