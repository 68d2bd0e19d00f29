//! Who may start now, and who waits: fair between organizations, people before schedules.
//!
//! **Invariant:** an organization never has more jobs at work than it may, nor more than its share of
//! the pool; and what waits is bounded: the newest is refused, never the oldest dropped.

use std::collections::{HashMap, VecDeque};

use super::settings::QuerySettings;
use crate::domain::{JobId, OrgId, Priority};

/// Whether a job may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Now.
    Now,
    /// When another one of its organization has ended.
    Later,
    /// Not at all: too many wait already.
    Refused,
}

/// The order in which jobs start.
pub(super) struct Desk {
    orgs: HashMap<OrgId, Queue>,
    waiting: usize,
    waiting_max: usize,
    org_waiting_max: usize,
    org_busy_max: usize,
}

#[derive(Default)]
struct Queue {
    /// At work, or given to the factory.
    busy: usize,
    people: VecDeque<JobId>,
    schedules: VecDeque<JobId>,
}

impl Queue {
    fn waiting(&self) -> usize {
        self.people.len() + self.schedules.len()
    }
}

impl Desk {
    pub(super) fn new(settings: &QuerySettings) -> Self {
        let QuerySettings { waiting_max, org_waiting_max, .. } = *settings;
        let org_busy_max = settings.org_busy_max();
        Self { orgs: HashMap::new(), waiting: 0, waiting_max, org_waiting_max, org_busy_max }
    }

    /// Jobs that an organization with this limit may have at work.
    fn share(&self, concurrent_max: usize) -> usize {
        concurrent_max.clamp(1, self.org_busy_max)
    }

    /// Takes a job in.
    pub(super) fn admit(
        &mut self,
        org: OrgId,
        job: JobId,
        priority: Priority,
        concurrent_max: usize,
    ) -> Turn {
        let (share, is_full) = (self.share(concurrent_max), self.waiting >= self.waiting_max);
        let queue = self.orgs.entry(org).or_default();
        if queue.busy < share && queue.waiting() == 0 {
            queue.busy += 1;
            return Turn::Now;
        }
        if is_full || queue.waiting() >= self.org_waiting_max {
            return Turn::Refused;
        }
        match priority {
            Priority::Person => queue.people.push_back(job),
            Priority::Schedule => queue.schedules.push_back(job),
        }
        self.waiting += 1;
        Turn::Later
    }

    /// A job of the organization has ended: gives those that start in its place.
    pub(super) fn end(&mut self, org: OrgId, concurrent_max: usize) -> Vec<JobId> {
        let share = self.share(concurrent_max);
        let Some(queue) = self.orgs.get_mut(&org) else { return Vec::new() };
        queue.busy = queue.busy.saturating_sub(1);
        let mut next = Vec::new();
        while queue.busy < share {
            let job = queue.people.pop_front().or_else(|| queue.schedules.pop_front());
            let Some(job) = job else { break };
            queue.busy += 1;
            self.waiting -= 1;
            next.push(job);
        }
        if queue.busy == 0 && queue.waiting() == 0 {
            self.orgs.remove(&org);
        }
        next
    }

    /// A job that waits goes away; `false` when it does not wait.
    pub(super) fn leave(&mut self, org: OrgId, job: JobId) -> bool {
        let Some(queue) = self.orgs.get_mut(&org) else { return false };
        let before = queue.waiting();
        queue.people.retain(|other| *other != job);
        queue.schedules.retain(|other| *other != job);
        let has_left = queue.waiting() < before;
        self.waiting -= usize::from(has_left);
        has_left
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: OrgId = OrgId::from_u128(1);

    fn job(number: u128) -> JobId {
        JobId::from_u128(number)
    }

    fn desk(waiting_max: usize, org_waiting_max: usize) -> Desk {
        Desk::new(&QuerySettings { waiting_max, org_waiting_max, ..QuerySettings::default() })
    }

    #[test]
    fn people_go_before_schedules_and_both_in_their_order() {
        let mut desk = desk(10, 10);
        assert_eq!(desk.admit(ORG, job(1), Priority::Person, 1), Turn::Now);
        assert_eq!(desk.admit(ORG, job(2), Priority::Schedule, 1), Turn::Later);
        assert_eq!(desk.admit(ORG, job(3), Priority::Person, 1), Turn::Later);
        assert_eq!(desk.admit(ORG, job(4), Priority::Person, 1), Turn::Later);

        let order: Vec<_> = (0..4).flat_map(|_| desk.end(ORG, 1)).collect();

        assert_eq!(order, [job(3), job(4), job(2)]);
        assert_eq!(desk.waiting(), 0);
    }

    #[test]
    fn the_newest_is_refused_when_too_many_wait() {
        let mut desk = desk(2, 10);
        for number in 1..=3 {
            desk.admit(ORG, job(number), Priority::Person, 1);
        }

        assert_eq!(desk.admit(ORG, job(4), Priority::Person, 1), Turn::Refused);

        assert_eq!(desk.end(ORG, 1), [job(2)]);
        assert_eq!(desk.admit(ORG, job(5), Priority::Person, 1), Turn::Later);
    }

    #[test]
    fn an_organization_that_fills_its_own_queue_leaves_room_for_others() {
        let (mut desk, other) = (desk(10, 1), OrgId::from_u128(2));
        for number in 1..=3 {
            desk.admit(ORG, job(number), Priority::Person, 1);
        }

        assert_eq!(desk.admit(ORG, job(4), Priority::Person, 1), Turn::Refused);

        assert_eq!(desk.admit(other, job(5), Priority::Person, 1), Turn::Now);
    }

    #[test]
    fn who_leaves_is_not_started() {
        let mut desk = desk(10, 10);
        desk.admit(ORG, job(1), Priority::Person, 1);
        desk.admit(ORG, job(2), Priority::Person, 1);

        assert!(desk.leave(ORG, job(2)));
        assert!(!desk.leave(ORG, job(1)));

        assert!(desk.end(ORG, 1).is_empty());
    }

    #[test]
    fn a_raised_limit_starts_several_at_once() {
        let mut desk = desk(10, 10);
        for number in 1..=4 {
            desk.admit(ORG, job(number), Priority::Person, 1);
        }

        assert_eq!(desk.end(ORG, 3), [job(2), job(3), job(4)]);
    }

    #[test]
    fn no_limit_gives_an_organization_the_workers_of_all_others() {
        for (workers, share) in [(8, 6), (4, 3), (2, 1), (1, 1), (64, 48)] {
            let mut desk = Desk::new(&QuerySettings { workers, ..QuerySettings::default() });
            let started = (0..100)
                .filter(|number| desk.admit(ORG, job(*number), Priority::Person, 64) == Turn::Now)
                .count();
            assert_eq!(started, share, "of {workers}");
            assert_eq!(desk.end(ORG, 64).len(), 1, "one for one");
            let other = OrgId::from_u128(2);
            assert_eq!(desk.admit(other, job(200), Priority::Person, 64), Turn::Now);
        }
    }
}
