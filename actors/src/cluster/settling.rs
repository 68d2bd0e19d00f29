//! Who may be given channels, from views that come and go: hysteresis, as a pure value. The time is
//! given.
//!
//! **Invariant:** a member is a candidate only while it is in the newest view, and only after it was
//! in every view for [`STANDS_MIN`].

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::NodeId;
use crate::ports::{Member, Members};

/// How long a newcomer must have been seen before channels move to it: a node that flickers does not
/// take them along each time.
pub(super) const STANDS_MIN: Duration = Duration::from_secs(2);

/// How long a node must have been out of sight before its jobs are taken from it: a view may be wrong for
/// as long as a line in Redis lasts. Two who work at one job cost a database a query.
pub(super) const MISSED_MIN: Duration = Duration::from_secs(3);

/// Views, and since when each member has been in them.
pub(super) struct Settling {
    me: NodeId,
    is_leaving: bool,
    live: Members,
    /// When a member may be given channels; `None`: now.
    due: BTreeMap<NodeId, Option<Instant>>,
    /// Nodes that have gone, until they count as missed.
    absent: BTreeMap<NodeId, Instant>,
    /// From when on a node that was never seen counts as missed; `None` while nobody could be seen.
    misses_from: Option<Instant>,
    /// Whether that moment has come.
    knows: bool,
}

impl Settling {
    /// The first view. Whoever was there before has its channels already; this node waits like every
    /// newcomer, unless nobody else is there.
    pub(super) fn new(me: NodeId, live: Members, now: Instant) -> Self {
        let is_first = live.iter().all(|member| member.id == me);
        let stands_at = |id: NodeId| (id == me && !is_first).then(|| now + STANDS_MIN);
        let due = live.iter().map(|member| (member.id, stands_at(member.id))).collect();
        let absent = BTreeMap::new();
        Self { me, is_leaving: false, live, due, absent, misses_from: None, knows: false }
    }

    /// Takes a view in.
    pub(super) fn see(&mut self, live: Members, now: Instant) {
        let is_seen = |id: NodeId| live.iter().any(|member| member.id == id);
        self.due.retain(|id, _| is_seen(*id));
        for member in live.iter() {
            self.due.entry(member.id).or_insert(Some(now + STANDS_MIN));
        }
        let gone = self.live.iter().filter(|member| !is_seen(member.id));
        self.absent.extend(gone.map(|member| (member.id, now + MISSED_MIN)));
        self.absent.retain(|id, _| !is_seen(*id));
        self.live = live;
    }

    /// Time has passed: whoever has stood long enough may be given channels.
    pub(super) fn pass(&mut self, now: Instant) {
        for due in self.due.values_mut() {
            *due = due.filter(|due| now < *due);
        }
        self.absent.retain(|_, until| now < *until);
        self.knows = self.misses_from.is_some_and(|from| from <= now);
    }

    /// Views are ones that were read, since then; a first one may be wrong too.
    pub(super) fn know(&mut self, since: Option<Instant>) {
        self.misses_from = since.map(|since| since + MISSED_MIN);
    }

    /// This node wants no channel any more.
    pub(super) fn leave(&mut self) {
        self.is_leaving = true;
    }

    /// When the next member will have stood, or been absent, for long enough.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let stands = self.due.values().flatten();
        let knows = self.misses_from.iter().filter(|_| !self.knows);
        stands.chain(self.absent.values()).chain(knows).min().copied()
    }

    /// Nodes that have gone a moment ago.
    pub(super) fn absent(&self) -> impl Iterator<Item = NodeId> {
        self.absent.keys().copied()
    }

    /// Whether a node that was never seen is one that is not there.
    pub(super) fn knows(&self) -> bool {
        self.knows
    }

    /// All who are seen, those who have just come included.
    pub(super) fn live(&self) -> Members {
        Members::clone(&self.live)
    }

    /// Who may be given channels. When all who had stood are gone, those who are there take over at
    /// once: nobody is there from whom channels could move too soon.
    pub(super) fn candidates(&self) -> Vec<Member> {
        let may = |member: &&Member| !(self.is_leaving && member.id == self.me);
        let has_stood = |member: &&Member| self.due.get(&member.id).is_some_and(Option::is_none);
        let stood: Vec<Member> = self.live.iter().filter(may).filter(has_stood).cloned().collect();
        if stood.is_empty() { self.live.iter().filter(may).cloned().collect() } else { stood }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: u128 = 1;

    fn view(ids: &[u128]) -> Members {
        let member = |id: &u128| Member { id: NodeId::from_u128(*id), address: String::new() };
        ids.iter().map(member).collect()
    }

    fn ids(settling: &Settling) -> Vec<u128> {
        settling.candidates().iter().map(|member| member.id.as_u128()).collect()
    }

    /// What happens, in order, and who may be given channels after it.
    enum Step {
        See(&'static [u128]),
        Pass(u64),
        Leave,
    }
    use Step::{Leave, Pass, See};

    #[tokio::test(start_paused = true)]
    async fn newcomers_wait_and_whoever_has_gone_is_out_at_once() {
        // (the first view, who may then, [(what happens, who may after it)])
        type Story = (&'static [u128], &'static [u128], &'static [(Step, &'static [u128])]);
        let stories: &[Story] = &[
            (&[1], &[1], &[(See(&[1, 2]), &[1]), (Pass(1_999), &[1]), (Pass(1), &[1, 2])]),
            (&[1, 2], &[2], &[(Pass(2_000), &[1, 2]), (See(&[1]), &[1])]),
            (&[1, 2], &[2], &[(See(&[1]), &[1]), (Pass(2_000), &[1])]),
            // One that flickers waits each time, and holds up no other.
            (
                &[1],
                &[1],
                &[
                    (See(&[1, 2, 3]), &[1]),
                    (Pass(1_500), &[1]),
                    (See(&[1, 3]), &[1]),
                    (See(&[1, 2, 3]), &[1]),
                    (Pass(500), &[1, 3]),
                    (Pass(1_500), &[1, 2, 3]),
                ],
            ),
            // This node is out of sight: the others have its channels by now.
            (&[1, 2], &[2], &[(Pass(2_000), &[1, 2]), (See(&[2]), &[2]), (See(&[]), &[])]),
            (&[1, 2], &[2], &[(Pass(2_000), &[1, 2]), (Leave, &[2]), (See(&[1]), &[])]),
        ];
        for (number, (first, may, story)) in stories.iter().enumerate() {
            let mut now = Instant::now();
            let mut settling = Settling::new(NodeId::from_u128(ME), view(first), now);
            assert_eq!(ids(&settling), *may, "story {number}, the first view");
            for (step, (what, may)) in story.iter().enumerate() {
                match what {
                    See(ids) => settling.see(view(ids), now),
                    Pass(ms) => {
                        now += Duration::from_millis(*ms);
                        settling.pass(now);
                    }
                    Leave => settling.leave(),
                }
                assert_eq!(ids(&settling), *may, "story {number}, step {step}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_gone_is_absent_for_a_while_and_then_missed() {
        let now = Instant::now();
        let after = |ms| now + Duration::from_millis(ms);
        let absent = |settling: &Settling| -> Vec<u128> {
            settling.absent().map(|id| id.as_u128()).collect()
        };
        let mut settling = Settling::new(NodeId::from_u128(ME), view(&[1, 2, 3]), now);
        settling.pass(after(900));
        assert!(!settling.knows(), "nobody was looked for");
        settling.know(Some(now));
        settling.pass(after(900));
        assert!(!settling.knows(), "a first view may be wrong too");
        assert_eq!(settling.next_due(), Some(after(2_000)), "this node stands first");

        settling.see(view(&[1]), after(1_000));
        assert_eq!(absent(&settling), [2, 3]);
        settling.see(view(&[1, 3]), after(2_000));
        assert_eq!(absent(&settling), [2], "one is back");
        settling.pass(after(3_999));
        assert_eq!((absent(&settling), settling.knows()), (vec![2], true));
        assert_eq!(settling.next_due(), Some(after(4_000)));
        settling.pass(after(4_000));
        assert_eq!(absent(&settling), [0; 0]);
        settling.pass(after(5_000));
        assert_eq!(settling.next_due(), None);
    }
}
