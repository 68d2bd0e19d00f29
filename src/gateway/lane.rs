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
use crate::wire::guest;
use crate::wire::ready_answers::replayed;

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

/// Whose socket it is.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Who.
    pub user: UserId,
    /// The sign-in that opened it.
    pub login: Option<LoginId>,
    /// Whether they came in by a name alone.
    pub is_guest: bool,
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
    is_guest: bool,
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
        Holder { user, login, is_guest }: Holder,
        common: Arc<Common>,
    ) -> Arc<Self> {
        let silent_beats = AtomicU8::new(0);
        Arc::new(Self { pipe, encoding, socket, user, login, is_guest, silent_beats, common })
    }

    /// Sends a frame that only this socket gets.
    pub fn answer(&self, frame: &ServerFrame) {
        self.pipe.send(&[self.encoding.finished(frame).into()]);
    }

    /// A frame as all get it.
    fn shared<'a>(&self, frame: &'a Arc<Frame>) -> &'a Arc<[u8]> {
        let ready = &self.common.ready;
        let encode =
            |body: &FrameBody| self.encoding.finished(&ServerFrame::from_body(body, ready));
        frame.encoded(self.encoding.slot(), encode)
    }

    /// These frames where some are not as all get them: those are encoded for this socket alone.
    fn bytes_with(
        &self,
        frames: &[Arc<Frame>],
        own: impl Fn(&FrameBody) -> Option<ServerFrame>,
    ) -> Vec<Arc<[u8]>> {
        let bytes = |frame: &Arc<Frame>| match own(&frame.body) {
            Some(own) => self.encoding.finished(&own).into(),
            None => Arc::clone(self.shared(frame)),
        };
        frames.iter().map(bytes).collect()
    }

    fn for_guest(&self, body: &FrameBody) -> Option<ServerFrame> {
        guest::frame(body, self.user)
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
        let is_open = match self.is_guest {
            true => self.pipe.send(&self.bytes_with(frames, |body| self.for_guest(body))),
            false => self.pipe.send(frames.iter().map(|frame| self.shared(frame))),
        };
        self.counted(frames.len(), is_open)
    }

    fn replay(&self, frames: &[Arc<Frame>]) -> bool {
        let is_open = match self.is_guest {
            true => self.pipe.replay(&self.bytes_with(frames, |body| self.for_guest(body))),
            false => self.pipe.replay(&self.bytes_with(frames, replayed)),
        };
        self.counted(frames.len(), is_open)
    }

    fn doubt(&self) {
        self.common.doubts.add(self.socket);
    }

    fn close(&self, why: Farewell) {
        self.pipe.end(close::of(why));
    }
}
