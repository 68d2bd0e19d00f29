//! What one follower has seen of one channel: pure bookkeeping that decides whether it missed,
//! doubled or reordered anything.
//!
//! **Invariant:** positions count from the start up without a hole; every departure is counted and
//! makes the run void.

/// Entries kept while the starting position is unknown or a page is being reloaded.
const EARLY_MAX: usize = 100_000;

/// What an entry meant for this follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fresh,
    /// Kept until the position is known.
    Early,
    Repeated,
    AfterGap,
}

/// An entry that came before its place was known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) seq: u64,
    pub(crate) is_message: bool,
    /// Its line for the history, where one is written.
    pub(crate) line: Option<String>,
}

/// The counts of one follower over all its connections.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The position that must come next; none before the first join and during a reload.
    next: Option<u64>,
    early: Vec<Kept>,
    /// Load messages seen for the first time.
    pub(crate) messages: u64,
    /// Positions that were skipped. One that comes later counts as repeated as well.
    pub(crate) missing: u64,
    pub(crate) repeated: u64,
    /// Entries of another channel.
    pub(crate) foreign: u64,
    pub(crate) resyncs: u64,
}

impl Ledger {
    /// The highest position without a hole below it.
    pub(crate) fn position(&self) -> Option<u64> {
        self.next.map(|next| next - 1)
    }

    /// The follower starts behind `head`. Returns what was kept aside and lies above it, for the
    /// caller to observe now.
    pub(crate) fn start_after(&mut self, head: u64) -> Vec<Kept> {
        self.next = Some(head + 1);
        let mut kept = std::mem::take(&mut self.early);
        kept.retain(|entry| entry.seq > head);
        kept
    }

    /// Until `start_after`, entries are kept aside: a reload is under way.
    pub(crate) fn pause(&mut self) -> u64 {
        self.next.take().map_or(0, |next| next - 1)
    }

    /// Keeps an entry until the position is known.
    pub(crate) fn keep(&mut self, entry: Kept) {
        if self.early.len() < EARLY_MAX {
            self.early.push(entry);
        } else {
            self.missing += 1;
        }
    }

    pub(crate) fn observe(&mut self, seq: u64, is_message: bool) -> Verdict {
        let Some(next) = self.next else { return Verdict::Early };
        if seq < next {
            self.repeated += 1;
            return Verdict::Repeated;
        }
        self.next = Some(seq + 1);
        self.messages += u64::from(is_message);
        self.missing += seq - next;
        if seq == next { Verdict::Fresh } else { Verdict::AfterGap }
    }

    /// What makes the run void, for a follower that should have seen `expected` messages.
    pub(crate) fn fault(&self, expected: u64) -> Option<String> {
        let sound = self.missing == 0 && self.repeated == 0 && self.foreign == 0;
        (!sound || self.messages != expected).then(|| {
            format!(
                "saw {} of {expected} messages, {} positions missing, {} repeated, {} foreign",
                self.messages, self.missing, self.repeated, self.foreign
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contiguous_view_has_no_fault() {
        let mut ledger = Ledger::default();
        ledger.start_after(4);
        for seq in 5..=9 {
            assert_eq!(ledger.observe(seq, true), Verdict::Fresh);
        }
        assert_eq!(ledger.fault(5), None);
        assert_eq!(ledger.position(), Some(9));
    }

    #[test]
    fn a_hole_a_repeat_and_a_swap_are_each_found() {
        for seqs in [[1, 3, 4], [1, 1, 2], [2, 1, 3]] {
            let mut ledger = Ledger::default();
            ledger.start_after(0);
            for seq in seqs {
                ledger.observe(seq, true);
            }
            assert!(ledger.fault(ledger.messages).is_some(), "{seqs:?}");
        }
    }

    #[test]
    fn entries_before_the_answer_to_a_join_count_from_its_head_on() {
        let mut ledger = Ledger::default();
        for seq in [7, 8] {
            assert_eq!(ledger.observe(seq, true), Verdict::Early);
            ledger.keep(Kept { seq, is_message: true, line: None });
        }

        let above = ledger.start_after(7);

        assert_eq!(above, [Kept { seq: 8, is_message: true, line: None }]);
        assert_eq!(ledger.observe(8, true), Verdict::Fresh);
        assert_eq!(ledger.fault(1), None);
    }
}
