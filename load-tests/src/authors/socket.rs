//! An author's WebSocket: one frame, then its answer.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Attempt;
use crate::link::{Dial, Link};
use crate::wire::json;
use crate::wire::websocket::{CLOSE, PING, PONG, TEXT, append_masked};

pub(super) struct Socket(Link);

impl Socket {
    pub(super) async fn open(address: SocketAddr, token: &str) -> Result<Self> {
        let path = format!("/ws?token={token}&subscribe=none");
        let dial = Dial { address, source: None, path, stalls: false };
        Ok(Self(Link::open(&dial).await?))
    }

    /// Sends a frame and waits for the answer to it.
    pub(super) async fn ask(&mut self, frame: &Value) -> Result<Attempt> {
        self.0.send(TEXT, frame.to_string().as_bytes()).await?;
        loop {
            let mut frames = Vec::new();
            let sink = &mut |frame: crate::wire::websocket::Frame<'_>| {
                frames.push((frame.opcode, frame.payload.to_vec()));
            };
            let is_open = self.0.read(sink).await?;
            for (opcode, payload) in frames {
                match opcode {
                    PING => {
                        let mut pong = Vec::new();
                        append_masked(&mut pong, PONG, &payload);
                        self.0.write(&pong).await?;
                    }
                    CLOSE => bail!("closed by the server"),
                    TEXT => {
                        if let Some(attempt) = judge(&payload, &frame["id"])? {
                            return Ok(attempt);
                        }
                    }
                    _ => {}
                }
            }
            ensure!(is_open, "end of stream");
        }
    }
}

/// What a frame says of the one with this id.
fn judge(payload: &[u8], id: &Value) -> Result<Option<Attempt>> {
    let parsed = json::parse(payload)?;
    let frame = &parsed.frame;
    if frame.id != *id {
        return Ok(None);
    }
    Ok(match frame.kind.as_str() {
        "ack" => Some(Attempt::Acknowledged {
            message_id: frame.message_id.clone().context("an ack without message_id")?,
            seq: frame.seq.context("an ack without seq")?,
        }),
        "error" if frame.retry == Some(true) => {
            Some(Attempt::Again(frame.retry_after_ms.map(Duration::from_millis)))
        }
        "error" => Some(Attempt::Refused(frame.complaint())),
        _ => None,
    })
}
