//! The lanes that read along.
//!
//! **Invariant:** a socket is in the list at most once, and a lane that has closed is not kept.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::{SocketId, UserId};
use crate::frame::{Farewell, Frame, Lane};

/// The lanes that read along: a plain list, because every message walks it, and where each socket
/// is in it.
#[derive(Default)]
pub(super) struct Receivers {
    lanes: Vec<Arc<dyn Lane>>,
    places: HashMap<SocketId, u32>,
}

impl Receivers {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lanes.len()
    }

    /// Adds a lane, unless its socket is there.
    pub(super) fn add(&mut self, lane: Arc<dyn Lane>) {
        let Ok(place) = u32::try_from(self.lanes.len()) else { return };
        if let std::collections::hash_map::Entry::Vacant(slot) = self.places.entry(lane.socket()) {
            slot.insert(place);
            self.lanes.push(lane);
        }
    }

    /// Takes a socket's lane out.
    pub(super) fn remove(&mut self, socket: SocketId) {
        let Some(place) = self.places.remove(&socket) else { return };
        self.lanes.swap_remove(place as usize);
        if let Some(moved) = self.lanes.get(place as usize) {
            self.places.insert(moved.socket(), place);
        }
        if self.lanes.capacity() > 4 * self.lanes.len().max(8) {
            self.lanes.shrink_to(2 * self.lanes.len());
            self.places.shrink_to(2 * self.lanes.len());
        }
    }

    /// Takes all lanes of a person out, after they got these last frames.
    pub(super) fn dismiss(&mut self, user: UserId, last: &[Arc<Frame>]) {
        let leaving: Vec<_> = self.lanes.iter().filter(|lane| lane.user() == user).collect();
        let leaving: Vec<_> = leaving
            .into_iter()
            .map(|lane| {
                if !last.is_empty() {
                    lane.push(last);
                }
                lane.socket()
            })
            .collect();
        for socket in leaving {
            self.remove(socket);
        }
    }

    /// Hands frames to every lane but those of `except`; gives how many took them.
    pub(super) fn push(&mut self, frames: &[Arc<Frame>], except: Option<UserId>) -> u64 {
        let mut taken = 0;
        let mut place = 0;
        while let Some(lane) = self.lanes.get(place) {
            if except.is_some_and(|user| lane.user() == user) {
                place += 1;
            } else if lane.push(frames) {
                taken += 1;
                place += 1;
            } else {
                let closed = lane.socket();
                self.remove(closed);
            }
        }
        taken
    }

    /// Tells every lane to close, and forgets them.
    pub(super) fn close(&mut self, why: Farewell) {
        for lane in std::mem::take(self).lanes {
            lane.close(why);
        }
    }
}
