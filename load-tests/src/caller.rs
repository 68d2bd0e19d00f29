//! One socket of a person, for the parts of a run that ask something and wait for the answer.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::link::{Dial, Link};
use crate::wire::json::Incoming;
use crate::wire::websocket::{CLOSE, PING, PONG, TEXT, append_masked};

/// An open socket behind its `hello`.
pub(crate) struct Caller {
    link: Link,
    heard: VecDeque<Incoming>,
    replies: Vec<u8>,
}

impl Caller {
    pub(crate) async fn open(dial: &Dial) -> Result<Self> {
        let link = Link::open(dial).await?;
        let mut caller = Self { link, heard: VecDeque::new(), replies: Vec::new() };
        let first = caller.next().await?;
        ensure!(first.kind == "hello", "the first frame is {}", first.kind);
        Ok(caller)
    }

    pub(crate) async fn send(&mut self, frame: &Value) -> Result<()> {
        Ok(self.link.send(TEXT, frame.to_string().as_bytes()).await?)
    }

    /// The next frame. Dropping the future loses none.
    pub(crate) async fn next(&mut self) -> Result<Incoming> {
        loop {
            if let Some(frame) = self.heard.pop_front() {
                return Ok(frame);
            }
            self.read().await?;
        }
    }

    /// The answer to the frame with this id; what comes before it is dropped.
    pub(crate) async fn answer(&mut self, id: u64) -> Result<Incoming> {
        loop {
            let frame = self.next().await?;
            if frame.id == id {
                ensure!(frame.kind == "ack", "{}", frame.complaint());
                return Ok(frame);
            }
        }
    }

    async fn read(&mut self) -> Result<()> {
        if !self.replies.is_empty() {
            let replies = std::mem::take(&mut self.replies);
            self.link.write(&replies).await?;
        }
        let (heard, replies) = (&mut self.heard, &mut self.replies);
        let mut trouble = None;
        let open = self
            .link
            .read(&mut |frame| match frame.opcode {
                PING => append_masked(replies, PONG, frame.payload),
                CLOSE => trouble = Some(format!("closed with {}", frame.close_code())),
                TEXT => match serde_json::from_slice(frame.payload) {
                    Ok(incoming) => heard.push_back(incoming),
                    Err(error) => trouble = Some(format!("not a frame: {error}")),
                },
                _ => {}
            })
            .await
            .context("reading")?;
        if let Some(trouble) = trouble {
            bail!(trouble);
        }
        ensure!(open, "end of stream");
        Ok(())
    }
}
