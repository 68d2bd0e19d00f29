//! One open WebSocket: reads many frames per system call through a buffer that all sockets of a
//! thread share, so an idle socket holds none.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::Poll;

use anyhow::Result;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

use crate::wire::http;
use crate::wire::websocket::{self, Decoder, Frame};

/// A burst of a few hundred short frames fits into one read.
const SCRATCH_BYTES: usize = 128 * 1024;
/// A reader that is to stall must fill up soon; the kernel doubles this.
const STALLED_RECEIVE_BYTES: u32 = 4 * 1024;

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH_BYTES]);
}

/// Where a connection goes and from where.
#[derive(Clone)]
pub(crate) struct Dial {
    pub(crate) address: SocketAddr,
    pub(crate) source: Option<Ipv4Addr>,
    pub(crate) path: String,
    pub(crate) stalls: bool,
}

/// An upgraded connection.
pub(crate) struct Link {
    stream: TcpStream,
    decoder: Decoder,
    /// Bytes that came together with the answer to the upgrade.
    early: Vec<u8>,
}

impl Link {
    pub(crate) async fn open(dial: &Dial) -> Result<Self> {
        let receive_bytes = dial.stalls.then_some(STALLED_RECEIVE_BYTES);
        let mut stream = http::connect(dial.address, dial.source, receive_bytes).await?;
        let early = http::upgrade(&mut stream, dial.address, &dial.path).await?;
        Ok(Self { stream, decoder: Decoder::default(), early })
    }

    /// Waits for bytes and hands out the frames that are complete with them. False at the end.
    /// Dropping the future loses nothing: bytes leave the socket only in the poll that parses them.
    pub(crate) async fn read(&mut self, sink: &mut impl FnMut(Frame<'_>)) -> io::Result<bool> {
        if !self.early.is_empty() {
            let early = std::mem::take(&mut self.early);
            self.decoder.feed(&early, sink)?;
            return Ok(true);
        }
        poll_fn(|context| {
            SCRATCH.with_borrow_mut(|scratch| {
                let mut buffer = ReadBuf::new(scratch);
                match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                    Poll::Ready(Ok(())) if buffer.filled().is_empty() => Poll::Ready(Ok(false)),
                    Poll::Ready(Ok(())) => {
                        Poll::Ready(self.decoder.feed(buffer.filled(), sink).map(|()| true))
                    }
                }
            })
        })
        .await
    }

    /// Writes bytes that are frames already.
    pub(crate) async fn write(&mut self, frames: &[u8]) -> io::Result<()> {
        self.stream.write_all(frames).await
    }

    pub(crate) async fn send(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = Vec::with_capacity(payload.len() + 14);
        websocket::append_masked(&mut frame, opcode, payload);
        self.write(&frame).await
    }
}
