//! A socket's way in: waits without a buffer, reads, and hands out what is complete.
//!
//! **Invariant:** a socket at rest holds no read buffer and no timer; a frame or message that has
//! begun has to be complete within [`COMPLETE_WITHIN`], whatever control frames come in between.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::close::{self, Close};
use super::decoder::{Decoder, Received};
use super::pipe::Pipe;

/// Time from the first byte of a message to its last: 64 KiB need far less on any line that can
/// carry chat, and half-sent messages must not hold memory.
const COMPLETE_WITHIN: Duration = Duration::from_secs(10);
/// Bytes of one read; they are on the stack, so they cost nothing at rest.
const READ_BYTES: usize = 4 * 1024;
/// Time for the last frames to leave and for the peer to say goodbye.
const GOODBYE_WITHIN: Duration = Duration::from_secs(5);

/// Reads one socket.
#[derive(Debug)]
pub struct Reader {
    pipe: Arc<Pipe>,
    decoder: Decoder,
    /// When what has begun must be complete.
    deadline: Option<Instant>,
}

impl Reader {
    /// Reads a pipe's connection, after `leftover`: what was read from it already.
    pub fn new(pipe: Arc<Pipe>, mut decoder: Decoder, leftover: &[u8]) -> Self {
        decoder.feed(leftover);
        Self { pipe, decoder, deadline: None }
    }

    /// The next thing that the peer sent. May be dropped and called again without loss.
    pub async fn next(&mut self) -> Result<Received, Close> {
        loop {
            if let Some(received) = self.decoder.take()? {
                // A ping between two fragments gives them no more time.
                if !self.decoder.is_mid_message() {
                    self.deadline = None;
                }
                return Ok(received);
            }
            self.wait().await?;
            self.fill()?;
        }
    }

    async fn wait(&mut self) -> Result<(), Close> {
        let readable = if self.decoder.is_waiting() {
            let now = Instant::now();
            let deadline = *self.deadline.get_or_insert(now + COMPLETE_WITHIN);
            // A timeout alone never fires while there is always something to read.
            if deadline <= now {
                return Err(close::PROTOCOL);
            }
            let readable = Box::pin(tokio::time::timeout_at(deadline, self.pipe.stream.readable()));
            readable.await.map_err(|_| close::PROTOCOL)?
        } else {
            self.deadline = None;
            self.pipe.stream.readable().await
        };
        readable.map_err(|_| close::GONE)
    }

    fn fill(&mut self) -> Result<(), Close> {
        let mut bytes = [0; READ_BYTES];
        match self.pipe.stream.try_read(&mut bytes) {
            Ok(0) => Err(close::GONE),
            Ok(count) => {
                self.decoder.feed(&bytes[..count]);
                Ok(())
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                Ok(())
            }
            Err(_) => Err(close::GONE),
        }
    }

    /// Lets the last frames leave, then waits for the peer to end its side too. Without that wait
    /// the kernel would answer late bytes with a reset, and the peer might never see the code.
    pub async fn goodbye(self) {
        let pipe = Arc::clone(&self.pipe);
        drop(self);
        let parting = async {
            pipe.flushed().await;
            hang_up(&pipe, rustix::net::Shutdown::Write);
            let mut bytes = [0; 512];
            while pipe.stream.readable().await.is_ok() {
                match pipe.stream.try_read(&mut bytes) {
                    Ok(0) => return,
                    Err(error) if error.kind() != ErrorKind::WouldBlock => return,
                    Ok(_) | Err(_) => {}
                }
            }
        };
        drop(Box::pin(tokio::time::timeout(GOODBYE_WITHIN, parting)).await);
        // Wakes a drain task that still waits for a peer that reads nothing.
        hang_up(&pipe, rustix::net::Shutdown::Both);
    }
}

fn hang_up(pipe: &Pipe, how: rustix::net::Shutdown) {
    // The peer may have been first; then there is nothing left to end.
    if let Err(error) = rustix::net::shutdown(&pipe.stream, how) {
        tracing::trace!(%error, "the connection had ended already");
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
