//! HTTP/1.1, one request per connection: enough for the few REST calls of a run, and for the
//! upgrade to a WebSocket. Loopback only, so there is no TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// A refused or lost SYN is repeated by the kernel after 1, 3 and 7 s; later than this is a failure.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Registering hashes a password, and many of them queue.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// An answer. A body that is no JSON is its text.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a 2xx answer; any other is an error that shows it.
    pub(crate) fn success(self, what: &str) -> Result<Value> {
        ensure!((200..300).contains(&self.status), "{what}: {} {}", self.status, self.body);
        Ok(self.body)
    }
}

/// Sends one request and reads the whole answer.
pub(crate) async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Result<Answer> {
    let exchange = exchange(address, method, path, token, body);
    timeout(REQUEST_TIMEOUT, exchange)
        .await
        .with_context(|| format!("{method} {path}: no answer in time"))?
        .with_context(|| format!("{method} {path}"))
}

async fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Result<Answer> {
    let mut stream = connect(address, None, None).await?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(token) = token {
        head.push_str(&format!("Authorization: Bearer {token}\r\n"));
    }
    let payload = body.map(Value::to_string).unwrap_or_default();
    if body.is_some() {
        head.push_str("Content-Type: application/json\r\n");
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n{payload}", payload.len()));
    stream.write_all(head.as_bytes()).await?;

    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).await?;
    let end = head_end(&raw).context("the answer has no end of headers")?;
    let head = std::str::from_utf8(&raw[..end])?.to_ascii_lowercase();
    let mut bytes = raw.split_off(end);
    if head.contains("transfer-encoding: chunked") {
        bytes = join_chunks(&bytes)?;
    }
    Ok(Answer {
        status: status_of(&head)?,
        body: serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into()),
    })
}

/// Opens a connection without delay for small writes. `source` spreads clients over loopback
/// addresses when one has too few ports; `receive_bytes` shrinks the buffer of a stalled reader.
pub(crate) async fn connect(
    address: SocketAddr,
    source: Option<Ipv4Addr>,
    receive_bytes: Option<u32>,
) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(bytes) = receive_bytes {
        socket.set_recv_buffer_size(bytes)?;
    }
    if let Some(source) = source {
        socket.bind(SocketAddr::from((source, 0)))?;
    }
    let stream =
        timeout(CONNECT_TIMEOUT, socket.connect(address)).await.context("connect timed out")??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Asks for a WebSocket and returns what the server already sent behind its answer.
pub(crate) async fn upgrade(
    stream: &mut TcpStream,
    address: SocketAddr,
    path: &str,
) -> Result<Vec<u8>> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut raw = Vec::with_capacity(512);
    loop {
        ensure!(stream.read_buf(&mut raw).await? > 0, "closed during the upgrade");
        if let Some(end) = head_end(&raw) {
            let status = status_of(std::str::from_utf8(&raw[..end])?)?;
            ensure!(status == 101, "the upgrade was answered with {status}");
            return Ok(raw.split_off(end));
        }
        ensure!(raw.len() < HEADER_BYTES_MAX, "endless headers");
    }
}

/// Where the body starts.
pub(crate) fn head_end(raw: &[u8]) -> Option<usize> {
    raw.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

fn status_of(head: &str) -> Result<u16> {
    let status = head.split(' ').nth(1).context("no status line")?;
    Ok(status.trim().parse()?)
}

fn join_chunks(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let Some(line) = bytes.windows(2).position(|two| two == b"\r\n") else {
            bail!("a chunk without a size")
        };
        let size = std::str::from_utf8(&bytes[..line])?.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size.trim(), 16)?;
        if size == 0 {
            return Ok(body);
        }
        let start = line + 2;
        body.extend_from_slice(bytes.get(start..start + size).context("a cut chunk")?);
        bytes = bytes.get(start + size + 2..).context("a cut chunk")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_a_cut_one_is_an_error() {
        assert_eq!(join_chunks(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").unwrap(), b"abcde");
        assert!(join_chunks(b"5\r\nabc").is_err());
    }
}
