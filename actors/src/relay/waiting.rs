//! Who waits for the log, and whether its head has to be read for them.

use super::message::{Follower, Start};
use super::state::after;
use crate::domain::UserId;
use crate::ports::Head;

/// Something that waits for the log.
pub(super) struct Waiting {
    pub(super) order: Order,
    pub(super) head_read: HeadRead,
}

/// Whether the log's head was read since someone came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadRead {
    /// Not before the next tick: the entry that says why someone goes may still be on its way.
    Later,
    /// Not needed unless they know more than the relay: the channel was heard a moment ago, so its
    /// owner lives and says what was lost.
    Spared,
    No,
    InFlight,
    Done,
}

/// What someone waits for.
pub(super) enum Order {
    Follow(Box<Follower>),
    Dismiss(UserId),
}

impl Waiting {
    pub(super) fn follow(follower: Box<Follower>, is_fresh: bool) -> Self {
        let head_read = if is_fresh { HeadRead::Spared } else { HeadRead::No };
        Self { order: Order::Follow(follower), head_read }
    }

    /// The entry that says why they go may come before the tick after this.
    pub(super) fn dismiss(user: UserId) -> Self {
        Self { order: Order::Dismiss(user), head_read: HeadRead::Later }
    }

    /// A question for the log's head goes out, and is theirs too.
    pub(super) fn ask(&mut self) {
        if self.is_unread() {
            self.head_read = HeadRead::InFlight;
        }
    }

    /// Whether the head was not read for them and may be now.
    pub(super) fn is_unread(&self) -> bool {
        matches!(self.head_read, HeadRead::Spared | HeadRead::No)
    }

    /// Whether the head has to be read for them, given what the relay has handed out.
    pub(super) fn needs_read(&self, head: Head) -> bool {
        self.is_unread()
            && match &self.order {
                Order::Dismiss(_) => true,
                Order::Follow(follower) => self.head_read.must_come_first(follower.start, head),
            }
    }
}

impl HeadRead {
    /// Whether a follower has to wait until the log's head is read. Who comes back to a channel that
    /// is silent does: its owner may have died between storing a message and saying so, and nothing
    /// else would tell. So does who knows more than the relay: the receipt of a message may be there
    /// before its entry is.
    pub(super) fn must_come_first(self, start: Start, head: Head) -> bool {
        let knows_more = after(start, head).is_some_and(|after| after > head.seq);
        match self {
            Self::Done => false,
            Self::Spared => knows_more,
            Self::Later | Self::No | Self::InFlight => {
                knows_more || matches!(start, Start::After(_))
            }
        }
    }
}
