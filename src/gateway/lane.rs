//! A socket as the core sees it: frames in, in the socket's own encoding.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use starling_actors::domain::{LoginId, SocketId, UserId};
use starling_actors::frame::{Farewell, Frame, FrameBody, Lane};

use super::close;
use super::decoder::{self, sealed};
use super::meters::Common;
use super::pipe::Pipe;
use crate::wire::frame::ServerFrame;

/// How a socket speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Text frames with JSON.
    Json,
    /// Binary frames with MessagePack.
    MessagePack,
}

impl Encoding {
    /// Where a shared frame keeps its bytes in this encoding.
    const fn slot(self) -> usize {
        match self {
            Self::Json => 0,
            Self::MessagePack => 1,
        }
    }

    /// A finished WebSocket frame.
    pub fn finished(self, frame: &ServerFrame) -> Vec<u8> {
        match self {
            Self::Json => sealed(decoder::TEXT, &frame.to_json()),
            Self::MessagePack => sealed(decoder::BINARY, &frame.to_msgpack()),
        }
    }
}

/// One socket's lane.
#[derive(Debug)]
pub struct SocketLane {
    /// The way out.
    pub pipe: Arc<Pipe>,
    /// How this socket speaks.
    pub encoding: Encoding,
    socket: SocketId,
    user: UserId,
    login: Option<LoginId>,
    /// Heartbeats since the peer was last heard.
    silent_beats: AtomicU8,
    common: Arc<Common>,
}

impl SocketLane {
    /// A lane into a pipe.
    pub fn new(
        pipe: Arc<Pipe>,
        encoding: Encoding,
        socket: SocketId,
        (user, login): (UserId, Option<LoginId>),
        common: Arc<Common>,
    ) -> Arc<Self> {
        let silent_beats = AtomicU8::new(0);
        Arc::new(Self { pipe, encoding, socket, user, login, silent_beats, common })
    }

    /// Sends a frame that only this socket gets.
    pub fn answer(&self, frame: &ServerFrame) {
        self.pipe.send(&[self.encoding.finished(frame).into()]);
    }

    fn bytes_of<'a>(
        &'a self,
        frames: &'a [Arc<Frame>],
    ) -> impl Iterator<Item = &'a Arc<[u8]>> + use<'a> {
        let shelf = &self.common.shelf;
        let encode =
            |body: &FrameBody| self.encoding.finished(&ServerFrame::from_body(body, shelf));
        frames.iter().map(move |frame| frame.encoded(self.encoding.slot(), encode))
    }

    fn counted(&self, frames: usize, is_open: bool) -> bool {
        if is_open {
            self.common.meters.deliveries.increment(frames as u64);
        }
        is_open
    }

    /// The peer was heard.
    pub fn heard(&self) {
        self.silent_beats.store(0, Ordering::Relaxed);
    }

    /// Sends a ping, or ends the socket when the peer has been silent for too long.
    pub fn beat(&self, silent_beats_max: u8) {
        if self.silent_beats.fetch_add(1, Ordering::Relaxed) >= silent_beats_max {
            self.pipe.end(close::GONE);
        } else {
            self.pipe.send(&[sealed(decoder::PING, b"").into()]);
        }
    }
}

impl Lane for SocketLane {
    fn socket(&self) -> SocketId {
        self.socket
    }

    fn user(&self) -> UserId {
        self.user
    }

    fn login(&self) -> Option<LoginId> {
        self.login
    }

    fn push(&self, frames: &[Arc<Frame>]) -> bool {
        self.counted(frames.len(), self.pipe.send(self.bytes_of(frames)))
    }

    fn replay(&self, frames: &[Arc<Frame>]) -> bool {
        self.counted(frames.len(), self.pipe.replay(self.bytes_of(frames)))
    }

    fn close(&self, why: Farewell) {
        self.pipe.end(close::of(why));
    }
}
