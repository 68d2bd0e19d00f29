//! The NATS client protocol inside WebSocket frames: a stream of lines, where `MSG` carries a
//! payload. Frame borders mean nothing to it.

use anyhow::{Context, Result, ensure};

/// A line longer than this is not from nats-server (its INFO is about 600 bytes).
const LINE_BYTES_MAX: usize = 64 * 1024;

/// What the harness reacts to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Operation<'a> {
    Message { subject: &'a str, payload: &'a [u8] },
    Ping,
    Pong,
    Refused(&'a str),
    Other,
}

/// Finds operations in pieces of the stream.
#[derive(Default)]
pub(crate) struct Decoder {
    rest: Vec<u8>,
}

impl Decoder {
    pub(crate) fn feed(
        &mut self,
        bytes: &[u8],
        sink: &mut impl FnMut(Operation<'_>),
    ) -> Result<()> {
        if self.rest.is_empty() {
            let used = drain(bytes, sink)?;
            self.rest.extend_from_slice(&bytes[used..]);
        } else {
            self.rest.extend_from_slice(bytes);
            let used = drain(&self.rest, sink)?;
            self.rest.drain(..used);
        }
        Ok(())
    }
}

fn drain(bytes: &[u8], sink: &mut impl FnMut(Operation<'_>)) -> Result<usize> {
    let mut used = 0;
    while let Some((operation, length)) = parse(&bytes[used..])? {
        sink(operation);
        used += length;
    }
    Ok(used)
}

fn parse(bytes: &[u8]) -> Result<Option<(Operation<'_>, usize)>> {
    let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") else {
        ensure!(bytes.len() < LINE_BYTES_MAX, "an endless line");
        return Ok(None);
    };
    let line = std::str::from_utf8(&bytes[..end])?;
    let start = end + 2;
    let mut words = line.split_ascii_whitespace();
    let operation = match words.next().unwrap_or_default() {
        "MSG" => {
            let subject = words.next().context("MSG without a subject")?;
            let size: usize = words.next_back().context("MSG without a size")?.parse()?;
            let Some(payload) = bytes.get(start..start + size) else { return Ok(None) };
            if bytes.len() < start + size + 2 {
                return Ok(None);
            }
            return Ok(Some((Operation::Message { subject, payload }, start + size + 2)));
        }
        "PING" => Operation::Ping,
        "PONG" => Operation::Pong,
        "-ERR" => Operation::Refused(line),
        _ => Operation::Other,
    };
    Ok(Some((operation, start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_wherever_the_stream_is_cut() {
        let stream = b"INFO {}\r\nPING\r\nMSG load.3 1 5\r\nhel\r\n\r\nPONG\r\n-ERR 'no'\r\n";
        for piece in 1..stream.len() {
            let mut decoder = Decoder::default();
            let mut seen = Vec::new();
            for bytes in stream.chunks(piece) {
                decoder.feed(bytes, &mut |operation| seen.push(format!("{operation:?}"))).unwrap();
            }
            let payload = b"hel\r\n";
            let message = Operation::Message { subject: "load.3", payload };
            let refused = Operation::Refused("-ERR 'no'");
            let expected = [Operation::Other, Operation::Ping, message, Operation::Pong, refused];
            assert_eq!(seen, expected.map(|operation| format!("{operation:?}")));
        }
    }
}
