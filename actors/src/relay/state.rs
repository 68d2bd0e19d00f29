//! What a relay knows, and every rule about it. Nothing here waits or reads a clock.
//!
//! Entries are handed out in the order of the log. An entry that comes too early waits in `ahead`
//! while the log is asked for those before it; a lane that wants what was before waits in
//! `waiting` until ring and log together hold all of it.
//!
//! **Invariant:** a lane gets contiguous entries from where it joined: it joins the receivers in
//! the same step in which it gets everything up to `head`.

use std::collections::VecDeque;
use std::sync::Arc;

use super::message::{Follower, Found, Job, NoRelay, Start};
use super::receivers::Receivers;
use super::ring::{Ring, logged};
use super::waiting::{HeadRead, Order, Waiting};
use crate::ask::answer;
use crate::domain::{Byline, ChannelId, Entry, Event, Generation, Seq, SocketId, UserId};
use crate::frame::{Frame, FrameBody};
use crate::ports::{Head, LogError};

/// Entries that may wait for the ones before them; what does not fit is read from the log.
const AHEAD_MAX: usize = 256;
/// Messages that are replayed at most; who missed more loads a page instead.
pub(super) const REPLAY_MESSAGES_MAX: u64 = 1_000;
/// Entries that are replayed at most: a thousand messages with three reactions or edits each.
const REPLAY_ENTRIES_MAX: u64 = 4 * REPLAY_MESSAGES_MAX;
/// A log of at most so many entries was begun a moment ago.
const YOUNG_MAX: u64 = 16;

/// The state of one relay.
pub(crate) struct RelayState {
    channel: ChannelId,
    /// The newest entry that was handed out; absent until someone needs it.
    head: Option<Head>,
    /// The newest position known to be stored; above `head` there is a gap.
    stored: Seq,
    /// Contiguous entries above a gap.
    ahead: Vec<Arc<Entry>>,
    ring: Ring,
    /// Entries below the ring, read for those who wait.
    stash: Option<Stash>,
    waiting: VecDeque<Waiting>,
    /// Whether something was dropped, so that only the log knows where it ends.
    lag: Lag,
    /// A question to the log is in flight.
    busy: bool,
    /// The log failed; nothing is asked before the next tick.
    pausing: bool,
}

/// Contiguous frames read from the log.
struct Stash {
    after: Seq,
    frames: Vec<Arc<Frame>>,
}

impl Stash {
    fn end(&self) -> Seq {
        self.after.plus(self.frames.len() as u64)
    }
}

/// Whether the relay knows what it has not got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lag {
    No,
    /// Something was dropped since the log was last asked for its head.
    Unasked,
    /// The log is being asked.
    InFlight,
}

/// What can be done for a follower now.
enum Verdict {
    Wait,
    Serve(Vec<Arc<Frame>>),
}

impl RelayState {
    pub(super) fn new(channel: ChannelId) -> Self {
        Self {
            channel,
            head: None,
            stored: Seq(0),
            ahead: Vec::new(),
            ring: Ring::default(),
            stash: None,
            waiting: VecDeque::new(),
            lag: Lag::No,
            busy: false,
            pausing: false,
        }
    }

    /// Whether anyone waits for the log.
    pub(super) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether something waits for the next tick.
    pub(super) fn needs_tick(&self) -> bool {
        self.pausing || self.waiting.iter().any(|waiting| waiting.head_read == HeadRead::Later)
    }

    /// A tick: the log may be asked again, and what was put off is due.
    pub(super) fn tick(&mut self) {
        self.pausing = false;
        for waiting in &mut self.waiting {
            if waiting.head_read == HeadRead::Later {
                waiting.head_read = HeadRead::No;
            }
        }
    }

    /// Something was dropped on the way here.
    pub(super) fn lag(&mut self) {
        // A head that is being read may be older than what was dropped.
        if self.head.is_some() || self.busy {
            self.lag = Lag::Unasked;
        }
    }

    /// The newest position was said again.
    pub(super) fn heard_head(&mut self, seq: Seq) {
        self.stored = self.stored.max(seq);
    }

    /// Shows what somebody did under another name to whoever comes back. What waits to be handed out is on
    /// its way already.
    pub(super) fn rename(&mut self, by: &Byline) {
        self.ring.rename(by);
    }

    /// Whether the log's head was not compared yet after something was dropped.
    pub(super) fn is_lagging(&self) -> bool {
        self.lag != Lag::No
    }

    /// Takes a follower. `is_fresh`: the channel was heard a moment ago.
    pub(super) fn follow(&mut self, follower: Box<Follower>, is_fresh: bool) {
        self.waiting.push_back(Waiting::follow(follower, is_fresh));
    }

    /// Sends a person's lanes away, by their `Left` if it comes before the tick after this.
    pub(super) fn dismiss(&mut self, user: UserId) {
        self.waiting.push_back(Waiting::dismiss(user));
    }

    /// Forgets that a socket waits; whoever asked for it gets no answer and needs none.
    pub(super) fn forget(&mut self, socket: SocketId) {
        self.waiting.retain(|waiting| match &waiting.order {
            Order::Follow(follower) => follower.lane.socket() != socket,
            Order::Dismiss(_) => true,
        });
    }

    /// Takes entries from the bus; gives how many frames were handed out.
    pub(super) fn heard(
        &mut self,
        entries: &[Arc<Entry>],
        generation: Generation,
        receivers: &mut Receivers,
    ) -> u64 {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return 0 };
        let Some(head) = self.head else {
            self.stored = self.stored.max(last.seq);
            return 0;
        };
        if head.generation != generation {
            self.begin(before(first, generation), receivers);
        }
        self.stored = self.stored.max(last.seq);
        let head = self.head.map_or(Seq(0), |head| head.seq);
        let known = entries.partition_point(|entry| entry.seq <= head);
        let fresh = &entries[known..];
        match fresh.first() {
            None => 0,
            Some(next) if next.seq == head.next() => {
                self.deliver(fresh, receivers) + self.deliver_ahead(receivers)
            }
            Some(next) => {
                let joins = self.ahead.last().is_none_or(|end| end.seq.next() == next.seq);
                if joins && self.ahead.len() + fresh.len() <= AHEAD_MAX {
                    self.ahead.extend_from_slice(fresh);
                }
                0
            }
        }
    }

    /// Takes the log's answer; gives how many frames were handed out.
    pub(super) fn found(
        &mut self,
        job: Job,
        found: Result<Found, LogError>,
        receivers: &mut Receivers,
    ) -> u64 {
        self.busy = false;
        match (job, found) {
            (Job::Head, Ok(Found::Head(head))) => self.found_head(head, receivers),
            (Job::CatchUp { after, .. }, Ok(Found::Entries(entries)))
                if entries.first().is_some_and(|first| first.seq <= after.next()) =>
            {
                let generation = self.head.map_or(Generation(0), |head| head.generation);
                let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
                return self.heard(&entries, generation, receivers);
            }
            (Job::Replay { after, .. }, Ok(Found::Entries(entries))) if !entries.is_empty() => {
                self.found_past(after, entries);
            }
            (Job::Head | Job::CatchUp { .. } | Job::Replay { .. }, _) => self.fail(receivers),
        }
        0
    }

    /// Does what can be done for those who wait.
    pub(super) fn settle(&mut self, receivers: &mut Receivers) {
        let Some(head) = self.head else { return };
        if self.lag != Lag::No || head.seq < self.stored {
            return;
        }
        let mut dismissed = Vec::new();
        for Waiting { order, head_read } in std::mem::take(&mut self.waiting) {
            let unsettled = match order {
                Order::Dismiss(user) if head_read == HeadRead::Done => {
                    receivers.dismiss(user, &[]);
                    None
                }
                Order::Dismiss(user) => {
                    dismissed.push(user);
                    Some(Order::Dismiss(user))
                }
                // Who is about to be sent away and comes again must come after that.
                Order::Follow(follower) if dismissed.contains(&follower.lane.user()) => {
                    Some(Order::Follow(follower))
                }
                Order::Follow(follower) => match self.judge(follower.start, head, head_read) {
                    Verdict::Wait => Some(Order::Follow(follower)),
                    Verdict::Serve(frames) => {
                        serve(*follower, head, &frames, receivers);
                        None
                    }
                },
            };
            if let Some(order) = unsettled {
                self.waiting.push_back(Waiting { order, head_read });
            }
        }
        if self.lowest_missing(head).is_none() {
            self.stash = None;
        }
    }

    /// The next question to the log, if one is needed and none is in flight.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        if self.busy || self.pausing {
            return None;
        }
        let job = self.wanted()?;
        if job == Job::Head {
            if self.lag == Lag::Unasked {
                self.lag = Lag::InFlight;
            }
            self.waiting.iter_mut().for_each(Waiting::ask);
        }
        self.busy = true;
        Some(job)
    }

    fn wanted(&self) -> Option<Job> {
        let unread = self.waiting.iter().any(Waiting::is_unread);
        let Some(head) = self.head else { return unread.then_some(Job::Head) };
        if self.lag == Lag::Unasked {
            return Some(Job::Head);
        }
        if head.seq < self.stored {
            let until = self.ahead.first().map_or(self.stored, |first| Seq(first.seq.0 - 1));
            return Some(Job::CatchUp { after: head.seq, until });
        }
        if self.waiting.iter().any(|waiting| waiting.needs_read(head)) {
            return Some(Job::Head);
        }
        let lowest = self.lowest_missing(head)?;
        let after = match &self.stash {
            Some(stash) if stash.after <= lowest && lowest <= stash.end() => stash.end(),
            Some(_) | None => lowest,
        };
        Some(Job::Replay { after, until: head.seq })
    }

    /// The lowest position from which someone waits for entries below the ring.
    fn lowest_missing(&self, head: Head) -> Option<Seq> {
        self.waiting
            .iter()
            .filter_map(|waiting| match &waiting.order {
                Order::Follow(follower) => after(follower.start, head),
                Order::Dismiss(_) => None,
            })
            .filter(|after| *after < head.seq && head.seq.0 - after.0 <= REPLAY_ENTRIES_MAX)
            .min()
    }

    /// Hands out the next entries, and ends delivery to those who leave with them.
    fn deliver(&mut self, entries: &[Arc<Entry>], receivers: &mut Receivers) -> u64 {
        let (Some(head), Some(last)) = (&mut self.head, entries.last()) else { return 0 };
        assert!(entries[0].seq == head.seq.next(), "entries are handed out in order");
        head.seq = last.seq;
        head.ordinal = last.ordinal;
        let generation = head.generation;
        let frames: Vec<_> = entries.iter().map(|entry| frame(entry, generation)).collect();
        for (place, entry) in entries.iter().enumerate() {
            if let Event::Left { member } = &entry.event {
                receivers.dismiss(member.user, &frames[..=place]);
                self.waiting.retain(
                    |waiting| !matches!(waiting.order, Order::Dismiss(user) if user == member.user),
                );
            }
            self.ring.push(Arc::clone(&frames[place]));
        }
        receivers.push(&frames, None) * frames.len() as u64
    }

    fn deliver_ahead(&mut self, receivers: &mut Receivers) -> u64 {
        let head = self.head.map_or(Seq(0), |head| head.seq);
        let ahead = std::mem::take(&mut self.ahead);
        let fresh = &ahead[ahead.partition_point(|entry| entry.seq <= head)..];
        match fresh.first() {
            None => 0,
            Some(next) if next.seq == head.next() => self.deliver(fresh, receivers),
            Some(_) => {
                self.ahead = fresh.to_vec();
                0
            }
        }
    }

    fn found_head(&mut self, found: Head, receivers: &mut Receivers) {
        if self.lag == Lag::InFlight {
            self.lag = Lag::No;
        }
        match self.head {
            None => self.head = Some(found),
            Some(head) if head.generation != found.generation => self.begin(found, receivers),
            Some(_) => {}
        }
        self.stored = self.stored.max(found.seq);
        for waiting in &mut self.waiting {
            if waiting.head_read == HeadRead::InFlight {
                waiting.head_read = HeadRead::Done;
            }
        }
    }

    fn found_past(&mut self, after: Seq, entries: Vec<Entry>) {
        let generation = self.head.map_or(Generation(0), |head| head.generation);
        let contiguous = entries
            .into_iter()
            .zip(1..)
            .take_while(|(entry, place)| entry.seq == after.plus(*place));
        let frames = contiguous.map(|(entry, _)| frame(&Arc::new(entry), generation));
        match &mut self.stash {
            Some(stash) if stash.end() == after => stash.frames.extend(frames),
            Some(_) | None => self.stash = Some(Stash { after, frames: frames.collect() }),
        }
    }

    /// The log failed: who waits for it is told, and it is left alone until the next tick.
    fn fail(&mut self, receivers: &mut Receivers) {
        self.pausing = true;
        if self.lag == Lag::InFlight {
            self.lag = Lag::Unasked;
        }
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting.order {
                Order::Follow(follower) => answer(follower.reply, Err(NoRelay)),
                // Rather a reader too few than one too many.
                Order::Dismiss(user) => receivers.dismiss(user, &[]),
            }
        }
    }

    /// The log began another life: nothing known of the old one counts.
    fn begin(&mut self, head: Head, receivers: &mut Receivers) {
        self.head = Some(head);
        self.stored = head.seq;
        self.ahead.clear();
        self.ring.clear();
        self.stash = None;
        receivers.push(&[resync(self.channel, head)], None);
    }

    /// What can be done for a follower, now that everything up to `head` was handed out.
    fn judge(&self, start: Start, head: Head, head_read: HeadRead) -> Verdict {
        if head_read.must_come_first(start, head) {
            return Verdict::Wait;
        }
        let Some(after) = after(start, head) else { return Verdict::Serve(Vec::new()) };
        let resync = || Verdict::Serve(vec![resync(self.channel, head)]);
        let reborn = matches!(start, Start::After(position)
            if position.generation.is_some_and(|known| known != head.generation));
        if reborn || head.seq.0.saturating_sub(after.0) > REPLAY_ENTRIES_MAX {
            return resync();
        }
        if after > head.seq {
            return resync();
        }
        let Some(mut frames) = self.missing(after, head.seq) else { return Verdict::Wait };
        if frames.first().is_some_and(|first| missed(first, head) > REPLAY_MESSAGES_MAX) {
            return resync();
        }
        if matches!(start, Start::After(_)) {
            let Head { seq, generation, .. } = head;
            let channel = self.channel;
            frames.push(Frame::new(FrameBody::Resumed { channel, head: seq, generation }));
        }
        Verdict::Serve(frames)
    }

    /// All frames between two positions, if ring and stash hold them.
    fn missing(&self, after: Seq, head: Seq) -> Option<Vec<Arc<Frame>>> {
        if after == head {
            return Some(Vec::new());
        }
        if let Some(frames) = self.ring.after(after) {
            return Some(frames.cloned().collect());
        }
        let stash = self.stash.as_ref().filter(|stash| stash.after <= after)?;
        let skipped = usize::try_from(after.0 - stash.after.0).ok()?;
        let mut frames = stash.frames.get(skipped..)?.to_vec();
        if stash.end() < head {
            frames.extend(self.ring.after(stash.end())?.cloned());
        }
        Some(frames)
    }
}

/// Gives a follower what it missed, and makes it a receiver.
fn serve(follower: Follower, head: Head, frames: &[Arc<Frame>], receivers: &mut Receivers) {
    let Follower { lane, acknowledge, reply, .. } = follower;
    if reply.is_closed() {
        return;
    }
    acknowledge(head);
    if frames.is_empty() || lane.replay(frames) {
        receivers.add(lane);
    }
    answer(reply, Ok(head));
}

/// The position after which a follower wants everything, if it wants anything old.
pub(super) fn after(start: Start, head: Head) -> Option<Seq> {
    match start {
        Start::Next => None,
        Start::After(position) => Some(position.after),
        Start::Young => (head.seq.0 <= YOUNG_MAX).then_some(Seq(0)),
    }
}

/// Messages from a frame on up to the head.
fn missed(first: &Arc<Frame>, head: Head) -> u64 {
    logged(first).map_or(0, |(entry, _)| {
        (head.ordinal + u64::from(entry.posted().is_some())).saturating_sub(entry.ordinal)
    })
}

fn before(first: &Entry, generation: Generation) -> Head {
    let ordinal = first.ordinal - u64::from(first.posted().is_some());
    Head { seq: Seq(first.seq.0 - 1), ordinal, generation }
}

fn frame(entry: &Arc<Entry>, generation: Generation) -> Arc<Frame> {
    Frame::new(FrameBody::Logged { entry: Arc::clone(entry), generation })
}

fn resync(channel: ChannelId, head: Head) -> Arc<Frame> {
    Frame::new(FrameBody::Resync { channel, head: head.seq, generation: head.generation })
}
