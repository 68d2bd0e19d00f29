//! A body that goes on for as long as somebody puts frames into it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::mpsc;

use super::FRAMES_WAITING_MAX;

/// A body of frames; without a queue it is empty.
#[derive(Debug, Default)]
pub(super) struct Flow(Option<mpsc::Receiver<Bytes>>);

impl Flow {
    /// A body, and the queue into it. It ends when that is dropped.
    pub(super) fn new() -> (mpsc::Sender<Bytes>, Self) {
        let (frames, queue) = mpsc::channel(FRAMES_WAITING_MAX);
        (frames, Self(Some(queue)))
    }
}

impl Body for Flow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(queue) = &mut self.0 else { return Poll::Ready(None) };
        queue.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }
}
