//! A socket's way out: finished frames, joined into as few writes as possible.
//!
//! ```text
//!   idle, one frame: send ─▶ kernel, nothing is queued
//!   idle, several:   send ─▶ one vectored write of all frames ─▶ kernel
//!   kernel full:     send ─▶ queue ─▶ drain task (exists only now) ─▶ whole queue per write
//! ```
//!
//! **Invariant:** bytes leave in the order of the sends, and a frame that has begun is finished;
//! what waits is bounded in bytes, and a full queue ends the socket.

use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice};
use std::sync::Arc;

use parking_lot::Mutex;
use rustix::net::SendFlags;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::close::{self, Close};
use super::decoder::{self, sealed};

/// Slices of one vectored write; Linux takes at most 1,024, and more than this many small frames
/// gain nothing.
const SLICES_MAX: usize = 64;

/// Bytes of asked-for replays that may wait beside the bound: 1,000 messages of a few busy channels.
/// A client that asks for more without reading is too slow all the same.
const REPLAY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The writing side of one socket, shared by all who send to it.
#[derive(Debug)]
pub struct Pipe {
    /// Read by the socket's own task only.
    pub stream: TcpStream,
    outbox: Mutex<Outbox>,
    bytes_max: usize,
    /// Tells the socket's task that the end was decided, or that all was written.
    changed: Notify,
}

#[derive(Debug, Default)]
struct Outbox {
    queue: VecDeque<Arc<[u8]>>,
    /// Bytes of the first frame that are written.
    offset: usize,
    /// Bytes that wait, with those of the first frame that are written.
    bytes: usize,
    /// Bytes of replays, which do not count against the bound until all of them are written.
    replay_bytes: usize,
    is_draining: bool,
    end: Option<Close>,
    is_broken: bool,
}

impl Pipe {
    /// A pipe into a connection, on which at most so many bytes may wait.
    pub fn new(stream: TcpStream, bytes_max: usize) -> Arc<Self> {
        let (outbox, changed) = (Mutex::default(), Notify::new());
        Arc::new(Self { stream, outbox, bytes_max, changed })
    }

    /// Bytes that wait for the connection.
    pub fn waiting_bytes(&self) -> usize {
        self.outbox.lock().bytes
    }

    /// Sends finished frames. `false`: the socket has ended, nothing was taken.
    pub fn send<'a>(self: &Arc<Self>, frames: impl IntoIterator<Item = &'a Arc<[u8]>>) -> bool {
        self.take(frames, false)
    }

    /// Sends finished frames that the client asked for: the bound is raised by their bytes, since
    /// who returns after a while would otherwise be too slow for ever.
    pub fn replay<'a>(self: &Arc<Self>, frames: impl IntoIterator<Item = &'a Arc<[u8]>>) -> bool {
        self.take(frames, true)
    }

    fn take<'a>(
        self: &Arc<Self>,
        frames: impl IntoIterator<Item = &'a Arc<[u8]>>,
        is_replay: bool,
    ) -> bool {
        let mut frames = frames.into_iter();
        let (first, second) = (frames.next(), frames.next());
        let mut outbox = self.outbox.lock();
        if outbox.end.is_some() {
            return false;
        }
        if outbox.queue.is_empty() {
            outbox.replay_bytes = 0;
            // Nearly every delivery is this one: it costs the system call and no queue. What the
            // runtime knows of the connection lies elsewhere in memory, so the kernel is asked.
            if let (Some(frame), None) = (first, second) {
                let sent = rustix::net::send(&self.stream, frame, SendFlags::NOSIGNAL);
                outbox.offset = self.written(&mut outbox, sent.map_err(Into::into));
                if outbox.offset == frame.len() {
                    outbox.offset = 0;
                    return true;
                }
            }
        }
        outbox.queue.reserve(2 + frames.size_hint().0);
        for frame in first.into_iter().chain(second).chain(frames) {
            outbox.bytes += frame.len();
            if is_replay {
                outbox.replay_bytes += frame.len();
            }
            outbox.queue.push_back(Arc::clone(frame));
        }
        if !outbox.is_draining {
            self.write(&mut outbox);
        }
        if outbox.bytes > self.bytes_max + outbox.replay_bytes.min(REPLAY_BYTES_MAX) {
            self.finish(&mut outbox, close::TOO_SLOW);
        }
        let is_open = outbox.end.is_none();
        self.drain_later(outbox);
        is_open
    }

    /// Ends the socket: what has not begun to be sent is dropped, and a close frame follows. Only
    /// the first end counts.
    pub fn end(self: &Arc<Self>, end: Close) {
        let mut outbox = self.outbox.lock();
        if outbox.end.is_none() {
            if !outbox.is_draining {
                self.write(&mut outbox);
            }
            self.finish(&mut outbox, end);
        }
        self.drain_later(outbox);
    }

    /// How the socket was ended, if it was.
    pub fn ending(&self) -> Option<Close> {
        self.outbox.lock().end
    }

    /// Waits for the end.
    pub async fn ended(&self) -> Close {
        loop {
            let changed = self.changed.notified();
            if let Some(end) = self.ending() {
                return end;
            }
            changed.await;
        }
    }

    /// Waits until nothing is left to write, or nothing can be written any more.
    pub async fn flushed(&self) {
        loop {
            let changed = self.changed.notified();
            {
                let outbox = self.outbox.lock();
                if outbox.queue.is_empty() || outbox.is_broken {
                    return;
                }
            }
            changed.await;
        }
    }

    fn finish(&self, outbox: &mut Outbox, end: Close) {
        outbox.end = Some(end);
        // A frame of which a part is written must be finished before the close frame.
        outbox.queue.truncate(usize::from(outbox.offset > 0));
        let payload = [&end.code.to_be_bytes(), end.reason.as_bytes()].concat();
        outbox.queue.push_back(sealed(decoder::CLOSE, &payload).into());
        outbox.bytes = outbox.queue.iter().map(|frame| frame.len()).sum();
        if !outbox.is_draining {
            self.write(outbox);
        }
        self.changed.notify_waiters();
    }

    /// Writes what the kernel takes now.
    fn write(&self, outbox: &mut Outbox) {
        while !outbox.queue.is_empty() && !outbox.is_broken {
            let mut slices = [IoSlice::new(&[]); SLICES_MAX];
            for (place, (slice, frame)) in slices.iter_mut().zip(&outbox.queue).enumerate() {
                let from = if place == 0 { outbox.offset } else { 0 };
                *slice = IoSlice::new(&frame[from..]);
            }
            let count = outbox.queue.len().min(SLICES_MAX);
            let written = self.stream.try_write_vectored(&slices[..count]);
            match self.written(outbox, written) {
                0 => break,
                written => outbox.advance(written),
            }
        }
        if outbox.is_broken {
            outbox.queue = VecDeque::new();
            outbox.bytes = 0;
        } else if outbox.queue.is_empty() {
            // A burst is over; its room is given back.
            outbox.queue = VecDeque::new();
        }
    }

    /// What a write achieved: 0 when the kernel takes nothing now, or never again.
    fn written(&self, outbox: &mut Outbox, result: std::io::Result<usize>) -> usize {
        match result {
            Ok(written) => written,
            // A write that was interrupted is tried again by the drain task.
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                0
            }
            Err(_) => {
                outbox.is_broken = true;
                outbox.end.get_or_insert(close::GONE);
                self.changed.notify_waiters();
                0
            }
        }
    }

    /// Starts the drain task if something waits and none runs.
    fn drain_later(self: &Arc<Self>, mut outbox: parking_lot::MutexGuard<'_, Outbox>) {
        if outbox.queue.is_empty() || outbox.is_draining {
            return;
        }
        outbox.is_draining = true;
        drop(outbox);
        let pipe = Arc::clone(self);
        tokio::spawn(async move {
            while pipe.stream.writable().await.is_ok() {
                let mut outbox = pipe.outbox.lock();
                pipe.write(&mut outbox);
                if outbox.queue.is_empty() {
                    outbox.is_draining = false;
                    outbox.queue = VecDeque::new();
                    break;
                }
            }
            pipe.changed.notify_waiters();
        });
    }
}

impl Outbox {
    fn advance(&mut self, written: usize) {
        self.offset += written;
        while let Some(first) = self.queue.front() {
            if self.offset < first.len() {
                return;
            }
            self.offset -= first.len();
            self.bytes -= first.len();
            self.queue.pop_front();
        }
    }
}

#[cfg(test)]
#[path = "pipe_tests.rs"]
mod tests;
