//! The newest frames of a channel, so that most replays need no log.
//!
//! **Invariant:** the frames are contiguous, and a posted one shows the words as they are now.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::{Byline, Entry, Event, Generation, Seq};
use crate::frame::{Frame, FrameBody};

/// Frames kept: at 3 messages a second this is more than a minute, longer than most reconnects.
const ENTRIES_MAX: usize = 256;
/// Bytes of text kept, so that long messages do not make a channel heavy.
const BYTES_MAX: usize = 128 * 1024;

/// The newest frames of a channel.
#[derive(Default)]
pub(super) struct Ring {
    frames: VecDeque<Arc<Frame>>,
    bytes: usize,
}

impl Ring {
    /// Adds the next frame. A change of words is also made in the message's own frame.
    pub(super) fn push(&mut self, frame: Arc<Frame>) {
        let Some((entry, generation)) = logged(&frame) else { return };
        match &entry.event {
            Event::Edited { target, content, mentions, .. } => {
                self.reword(*target, generation, content, mentions);
            }
            Event::Deleted { target, .. } => self.reword(*target, generation, "", &[]),
            Event::Posted(_)
            | Event::Reacted { .. }
            | Event::Joined { .. }
            | Event::Left { .. } => {}
        }
        self.bytes += entry.text_bytes();
        self.frames.push_back(frame);
        while self.frames.len() > ENTRIES_MAX || self.bytes > BYTES_MAX {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(text_bytes(&oldest));
        }
    }

    /// All frames after a position, if it holds every one of them.
    pub(super) fn after(&self, after: Seq) -> Option<impl Iterator<Item = &Arc<Frame>>> {
        let first = seq_of(self.frames.front()?);
        let skipped = after.next().0.checked_sub(first.0)?;
        Some(self.frames.iter().skip(usize::try_from(skipped).ok()?))
    }

    /// Shows what somebody did under another name.
    pub(super) fn rename(&mut self, by: &Byline) {
        for slot in &mut self.frames {
            let Some((entry, generation)) = logged(slot) else { continue };
            let mut entry = Entry::clone(entry);
            if entry.rename(by) {
                *slot = Frame::new(FrameBody::Logged { entry: Arc::new(entry), generation });
            }
        }
    }

    /// Forgets everything: the log has begun another life.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn reword(
        &mut self,
        target: Seq,
        generation: Generation,
        content: &str,
        mentions: &[crate::domain::UserId],
    ) {
        let Some(first) = self.frames.front().map(seq_of) else { return };
        let Some(place) = target.0.checked_sub(first.0) else { return };
        let Some(slot) = usize::try_from(place).ok().and_then(|at| self.frames.get_mut(at)) else {
            return;
        };
        let Some((entry, _)) = logged(slot) else { return };
        let mut entry = Entry::clone(entry);
        if let Event::Posted(posted) = &mut entry.event {
            self.bytes = self.bytes.saturating_sub(posted.content.len()) + content.len();
            content.clone_into(&mut posted.content);
            mentions.clone_into(&mut posted.mentions);
            *slot = Frame::new(FrameBody::Logged { entry: Arc::new(entry), generation });
        }
    }
}

/// The entry and generation of a frame that shows one.
pub(super) fn logged(frame: &Frame) -> Option<(&Arc<Entry>, Generation)> {
    if let FrameBody::Logged { entry, generation } = &frame.body {
        Some((entry, *generation))
    } else {
        None
    }
}

fn seq_of(frame: &Arc<Frame>) -> Seq {
    logged(frame).map_or(Seq(0), |(entry, _)| entry.seq)
}

fn text_bytes(frame: &Frame) -> usize {
    logged(frame).map_or(0, |(entry, _)| entry.text_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChannelId, Timestamp};
    use crate::relay::tests::{byline, posted};

    #[test]
    fn who_was_erased_is_shown_under_no_name_to_whoever_comes_back() {
        let mut ring = Ring::default();
        for seq in 1..=3 {
            let entry = Arc::new(Entry {
                channel: ChannelId::from_u128(1),
                seq: Seq(seq),
                ordinal: seq,
                by: byline(u128::from(seq % 2)),
                at: Timestamp(0),
                event: posted(seq, "words"),
            });
            ring.push(Frame::new(FrameBody::Logged { entry, generation: Generation(1) }));
        }
        ring.rename(&Byline { username: "deleted-1".to_owned(), ..byline(1) });
        let names = ring.after(Seq(0)).into_iter().flatten().filter_map(|frame| logged(frame));
        let names: Vec<&str> = names.map(|(entry, _)| entry.by.username.as_str()).collect();
        assert_eq!(names, ["deleted-1", "user0", "deleted-1"]);
    }
}
